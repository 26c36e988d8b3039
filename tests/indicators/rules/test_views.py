"""A figure as reported then and on today's map."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.areas.rules.shares import Destination
from diaban.core.numbers import Absence, Kind
from diaban.indicators.rules.catalogue import AcrossAreas, AcrossPeriods, builtin_catalogue
from diaban.indicators.rules.views import Figure, on_map, over_time, ratio

ALL = list(builtin_catalogue().values())
COUNT = next(
    one for one in ALL
    if one.across_areas is AcrossAreas.SUM and one.kind is Kind.COUNT
)  # fmt: skip
STOCK = next(one for one in ALL if one.across_periods is AcrossPeriods.LAST)
FLOW = next(one for one in ALL if one.across_periods is AcrossPeriods.SUM)
DECIMAL = next(one for one in ALL if one.kind is Kind.DECIMAL)
ANY = next(one for one in ALL if one.across_areas is AcrossAreas.ANY)

THIRDS = {
    1: (Destination(11, Fraction(1, 3), True), Destination(12, Fraction(2, 3), True)),
    2: (Destination(12, Fraction(1)),),
}


def test_whole_units_add_up_and_divided_ones_are_an_estimate():
    assert on_map(COUNT, {1: 10, 2: 5}, THIRDS) == {11: Figure(3, True), 12: Figure(12, True)}


def test_what_does_not_change_is_as_reported():
    assert on_map(COUNT, {3: 7}, THIRDS) == {3: Figure(7)}


def test_measures_are_divided_to_the_hundredth():
    found = on_map(DECIMAL, {1: Decimal("1.00")}, THIRDS)

    assert {area: figure.value for area, figure in found.items()} == {
        11: Decimal("0.33"), 12: Decimal("0.67"),
    }  # fmt: skip


@pytest.mark.parametrize(("value", "parts"), [(True, Absence.MISSING), (False, False)])
def test_a_yes_is_not_divided_and_a_no_holds_everywhere(value, parts):
    assert [one.value for one in on_map(ANY, {1: value}, THIRDS).values()] == [parts, parts]


def test_one_missing_source_makes_the_unit_missing():
    found = on_map(COUNT, {1: Absence.MISSING, 2: 5}, THIRDS)

    assert {one.value for one in found.values()} == {Absence.MISSING}


def test_a_unit_divided_without_weights_keeps_its_figures_apart():
    going = {1: (Destination(1, Fraction(1), undivided=True),)}

    assert on_map(COUNT, {1: 9}, going) == {1: Figure(9, undivided=True)}


def test_a_stock_is_that_of_the_last_month_and_a_flow_the_sum():
    months = [{1: Figure(4, True)}, {1: Figure(6)}]

    assert over_time(STOCK, months) == {1: Figure(6)}
    assert over_time(FLOW, months) == {1: Figure(10, True)}


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (3, 4, Fraction(3, 4)),
        (3, 0, Absence.NOT_APPLICABLE),
        (Absence.MISSING, 4, Absence.MISSING),
        (3, Absence.NOT_YET, Absence.NOT_YET),
    ],
)
def test_a_ratio_is_made_of_its_two_sides(part, whole, share):
    assert ratio(Figure(part), Figure(whole)) == share


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12),
    st.lists(st.lists(st.integers(1, 1000), min_size=1, max_size=5), min_size=12, max_size=12),
)
def test_the_sum_is_the_same_in_both_views(values, weights):
    reported = dict(enumerate(values))
    going = {
        area: tuple(
            Destination(100 + part, Fraction(weight, sum(weights[area])))
            for part, weight in enumerate(weights[area])
        )
        for area in reported
    }

    carried = on_map(COUNT, reported, going)

    assert sum(one.value for one in carried.values()) == sum(values)
