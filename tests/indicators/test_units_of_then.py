"""A code means one unit on one day: for a return, on the last day of its period."""

from datetime import date

import pytest

from diaban.accounts.selectors import actor_of, local_administrator
from diaban.areas.rules.operations import Kind
from diaban.core.access import Missing
from diaban.indicators.exports import return_shown, template
from diaban.indicators.models import Return
from diaban.indicators.services import save_return
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import publish
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db

# September ends on the 14th, so both old communes have returns of it and the new one has none.
MERGED_ON = date(2026, 9, 15)
BEFORE, AFTER = "2026-09", "2026-10"


@pytest.fixture
def merged(village):
    """Save a return of September of both communes, then merge them under the code of one."""
    for number, code in enumerate(("98001", "98002")):
        save(village.actor(village.lan if code == "98001" else village.thu), code, BEFORE, number)
    into = part("98001", "Hợp Nhất", "phường")
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", "98002", into=[into]), on=MERGED_ON)
    return village


def save(actor, code, period, number=5, revision=0):
    return save_return(
        actor=actor, area_code=code, period_label=period, form="thang",
        typed={"hotspots_open": str(number)}, revision=revision, client_key="", at=NOW,
    )  # fmt: skip


def shown(actor, code, period):
    return return_shown(actor=actor, area_code=code, period_label=period, form="thang", at=NOW)


def test_a_return_is_shown_of_the_unit_that_had_the_code_then(merged):
    admin = local_administrator(TODAY)

    then = [shown(admin, code, BEFORE) for code in ("98001", "98002")]
    now = shown(admin, "98001", AFTER)

    assert [one.area.full_name for one in then] == ["Xã Hạ", "Xã Thượng"]
    assert [one.document["values"]["hotspots_open"] for one in then] == [0, 1]
    assert (now.area.full_name, now.revision) == ("Phường Hợp Nhất", 0)
    with pytest.raises(Missing):
        shown(admin, "98002", AFTER)


def test_the_body_above_all_that_became_of_a_unit_sees_its_returns_and_no_other_does(merged):
    assert shown(actor_of(merged.minh, TODAY), "98002", BEFORE).area.code == "98002"
    # Roles in the merged communes ended with them.
    for clerk in (merged.lan, merged.thu):
        with pytest.raises(Missing):
            shown(actor_of(clerk, TODAY), "98002", BEFORE)


def test_a_unit_makes_no_return_for_a_period_before_it_was(village):
    into = part("98003", "Hợp Nhất", "phường")
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", "98002", into=[into]), on=MERGED_ON)
    admin = local_administrator(TODAY)

    with pytest.raises(Missing, match=r"Phường Hợp Nhất mới có từ ngày 15/09/2026"):
        save(admin, "98003", BEFORE)
    with pytest.raises(Missing, match=r"không lập biểu tháng 9/2026"):
        template(actor=admin, area_code="98003", period_label=BEFORE, form="thang", at=NOW)

    assert Return.objects.count() == 0
    assert save(admin, "98003", AFTER).stored.revision == 1


def test_under_a_code_that_was_given_again_each_period_is_its_own_units(merged):
    admin = local_administrator(TODAY)

    then, now = save(admin, "98001", BEFORE, revision=1), save(admin, "98001", AFTER)

    assert (then.stored.area.full_name, now.stored.area.full_name) == ("Xã Hạ", "Phường Hợp Nhất")
    assert Return.objects.filter(period=BEFORE, area__valid_to=None).count() == 0
