"""What a long list is put in order by is what the assessment of each area says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from diaban.recognition.rules.assessment import assess
from diaban.recognition.rules.conclusions import conclude, requirements
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.set_files import builtin_set
from diaban.recognition.rules.standings import Standing, standings
from tests.recognition.rules.figures import SETS, all_figures

areas = st.sampled_from(SETS).flatmap(
    lambda s: st.tuples(st.just(s), st.lists(all_figures(s), max_size=5))
)


@settings(max_examples=150, deadline=None)
@given(areas)
def test_areas_stand_as_each_is_assessed_by_itself(case):
    criteria, rows = case

    assert standings(criteria, rows) == [_alone(criteria, figures) for figures in rows]


def _alone(criteria, figures):
    found = assess(criteria, figures, area="x")
    unmet = [one for one in requirements(found) if one.status is not Status.MET]
    short = sum(int(one.shortfall) for one in unmet if one.shortfall is not None)
    return Standing(conclude(found).code, len(unmet), short)


def test_no_areas_have_no_standing():
    assert standings(builtin_set("qd-28-2025-commune"), []) == []
