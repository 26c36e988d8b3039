from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.core.numbers import Absence
from diaban.indicators.rules.aggregation import across_areas, across_periods, within_whole
from diaban.indicators.rules.catalogue import builtin_catalogue

CATALOGUE = builtin_catalogue()
HOUSEHOLDS = CATALOGUE["households"]
SESSIONS = CATALOGUE["communication_sessions"]
REACHED = CATALOGUE["hamlets_informed"]
ROUTE = CATALOGUE["on_key_route"]
PLANTED = CATALOGUE["plant_area_destroyed_m2"]
MISSING, NOT_YET, NONE_HERE = Absence.MISSING, Absence.NOT_YET, Absence.NOT_APPLICABLE

values = st.one_of(st.integers(0, 10**6), st.sampled_from(list(Absence)))


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ([100, 200, 0], 300),
        ([100, MISSING, 200], MISSING),
        ([100, NOT_YET], MISSING),
        ([100, NONE_HERE, 200], 300),
        ([NONE_HERE, NONE_HERE], NONE_HERE),
        ([NONE_HERE, MISSING], MISSING),
        ([], MISSING),
    ],
)
def test_a_sum_over_areas_is_complete_or_missing(rows, whole):
    assert across_areas(HOUSEHOLDS, rows) == whole


def test_decimals_add_up_exactly():
    assert across_areas(PLANTED, [Decimal("0.1")] * 3) == Decimal("0.3")


@pytest.mark.parametrize(
    ("rows", "whole"),
    [
        ([False, True], True),
        ([MISSING, True], True),
        ([False, False], False),
        ([False, MISSING], MISSING),
    ],
)
def test_one_yes_decides_over_areas(rows, whole):
    assert across_areas(ROUTE, rows) is whole


@pytest.mark.parametrize(
    ("indicator", "months", "year"),
    [
        (HOUSEHOLDS, [100, 110, 120], 120),
        (HOUSEHOLDS, [100, 110, MISSING], MISSING),
        (HOUSEHOLDS, [MISSING, 110], 110),
        (SESSIONS, [1, 2, 0], 3),
        (SESSIONS, [1, MISSING, 0], MISSING),
        (REACHED, [14, 16, 15], 16),
        (REACHED, [14, MISSING], MISSING),
        (SESSIONS, [], MISSING),
        (HOUSEHOLDS, [], MISSING),
    ],
)
def test_stocks_keep_the_last_month_and_flows_add_up(indicator, months, year):
    assert across_periods(indicator, months) == year


@given(st.lists(st.lists(values, min_size=1), min_size=1))
def test_grouping_does_not_matter(groups):
    at_once = across_areas(HOUSEHOLDS, [value for group in groups for value in group])
    in_steps = across_areas(HOUSEHOLDS, [across_areas(HOUSEHOLDS, group) for group in groups])

    assert at_once == in_steps


@given(st.lists(values), st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(rows, random):
    shuffled = rows.copy()
    random.shuffle(shuffled)

    assert across_areas(HOUSEHOLDS, rows) == across_areas(HOUSEHOLDS, shuffled)


@pytest.mark.parametrize(
    ("part", "whole", "figure"),
    [
        # Twelve of twelve were reached in March; two have gone since.
        ((12, 8), (12, 10), 10),
        ((8, 9), (12, 10), 9),
        # Reached more than there were: a mistake that has to show.
        ((12, 11), (10, 10), 12),
        ((12, 8), (Absence.MISSING, 10), 10),
        ((12, 8), (12, Absence.MISSING), 12),
        ((Absence.MISSING, 8), (12, 10), Absence.MISSING),
    ],
)
def test_what_counts_once_is_never_more_than_its_whole_at_the_end(part, whole, figure):
    longest = Absence.MISSING if Absence.MISSING in part else max(part)

    assert within_whole(part, whole, longest, whole[-1]) == figure
