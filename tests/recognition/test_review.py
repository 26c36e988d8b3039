"""A review of many communes is that of each of them, whoever has sent figures."""

import pytest

from diaban.core.periods import parse_label
from diaban.recognition.rules.conclusions import conclude, conclusion_codes, requirements
from diaban.recognition.selectors import communes_below, criteria_set, known_of, review_of
from tests.indicators.test_services import save, typed_for
from tests.village import TODAY

pytestmark = pytest.mark.django_db
PERIOD = parse_label("2026-11")


@pytest.mark.parametrize("sent", [(), ("98001",), ("98001", "98002")])
def test_together_communes_are_assessed_as_each_alone(village, sent):
    users = {"98001": village.lan, "98002": village.thu}
    for code in sent:
        save(village, users[code], code, typed_for(village, code), submit=True)
    criteria = criteria_set("lao-cai-2023")
    span = village.province.placements.get().span
    communes = communes_below(village.actor(village.minh), span, PERIOD.end)

    together = review_of(communes, criteria, PERIOD, TODAY).communes
    alone = [review_of([one], criteria, PERIOD, TODAY).communes[0] for one in communes]

    assert [one.assessment for one in together] == [one.assessment for one in alone]
    assert [one.assessment.area for one in together] == [one.code for one in communes]
    assert [one.figures for one in together] == [one.figures for one in alone]


@pytest.mark.parametrize("set_id", ["lao-cai-2023", "qd-28-2025-commune"])
@pytest.mark.parametrize("sent", [(), ("98001",), ("98001", "98002")])
def test_communes_are_listed_as_their_assessments_come_out(village, sent, set_id):
    users = {"98001": village.lan, "98002": village.thu}
    for code in sent:
        save(village, users[code], code, typed_for(village, code), submit=True)
    span = village.province.placements.get().span
    communes = communes_below(village.actor(village.minh), span, PERIOD.end)
    known = known_of(communes, criteria_set(set_id), PERIOD, TODAY)

    gravest = list(conclusion_codes(known.criteria))

    def key(one):
        unmet = [r for r in requirements(one.assessment) if r.status != "met"]
        short = sum(int(r.shortfall) for r in unmet if r.shortfall is not None)
        return gravest.index(conclude(one.assessment).code), len(unmet), short, one.area.sort_key

    alone = sorted(known.review(communes).communes, key=key)

    listed = known.nearest_first()

    assert [(area.code, one.code) for area, one in listed] == [
        (one.area.code, conclude(one.assessment).code) for one in alone
    ]
