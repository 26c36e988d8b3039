from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaban.core.numbers import Absence, Kind
from diaban.indicators.rules.aggregation import across_areas
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.rollup import (
    Layout,
    Packed,
    TooLarge,
    Totals,
    WrongLength,
    add_groups,
    commune_totals,
    commune_values,
    nothing,
    pack,
    roll_up,
    unpack,
    unpacked_value,
    values_by_code,
)

CATALOGUE = builtin_catalogue()


def layout(commune, hamlet):
    return Layout(
        tuple(CATALOGUE[code] for code in commune), tuple(CATALOGUE[code] for code in hamlet)
    )


COUNTS = layout(["schools", "hotspots_open"], ["households", "addicts", "tips_received"])
MIXED = layout(["budget_spent", "plant_area_destroyed_m2", "on_key_route"], ["households"])
NO_HAMLETS = layout(["schools"], [])
LAYOUTS = [COUNTS, MIXED, NO_HAMLETS]
CELLS = {None: None, "-": None, "KAD": "outside"}

cells = st.one_of(st.integers(0, 5000), st.sampled_from([None, "-", "KAD"]))


def document(layout, rows):
    return {
        "values": {i.code: cell for i, cell in zip(layout.commune, rows[0], strict=True)},
        "hamlets": {
            f"h{number}": {i.code: cell for i, cell in zip(layout.hamlet, row, strict=True)}
            for number, row in enumerate(rows[1:])
        },
    }


def documents(layout):
    """Return a strategy for the rows of one return: the commune's own, then its hamlets'."""
    own = st.tuples(*[cells] * len(layout.commune))
    hamlet = st.tuples(*[cells] * len(layout.hamlet))
    return st.builds(lambda first, rest: [first, *rest], own, st.lists(hamlet, max_size=4))


def packed(layout, rows):
    roster = [f"h{number}" for number in range(len(rows) - 1)]
    return pack(layout, document(layout, rows), roster)


def counted(layout, rows):
    """
    Second opinion: (sum, complete, rows that gave a value) for each column, in plain Python.
    """
    found = []
    for place, indicator in enumerate(layout.commune):
        cell = rows[0][place]
        given = cell not in CELLS
        found.append((cell * indicator.scale if given else 0, int(given), int(given)))
    for place, indicator in enumerate(layout.hamlet):
        column = [row[place] for row in rows[1:]]
        numbers = [cell for cell in column if cell not in CELLS]
        owed = [cell for cell in column if cell in CELLS and CELLS[cell] != "outside"]
        complete = int(bool(numbers) and not owed)
        found.append((sum(numbers) * indicator.scale, complete, len(numbers)))
    return found


def added(columns):
    return [tuple(map(sum, zip(*cell, strict=True))) for cell in zip(*columns, strict=True)]


def shown(totals):
    return list(
        zip(totals.sums.tolist(), totals.reporting.tolist(), totals.units.tolist(), strict=True)
    )


def one_row(totals, place):
    return Totals(totals.sums[place], totals.reporting[place], totals.units[place], 1)


nation = st.sampled_from(LAYOUTS).flatmap(
    lambda one: st.tuples(
        st.just(one),
        st.lists(st.lists(documents(one), min_size=1, max_size=3), min_size=1, max_size=4),
    )
)


@settings(max_examples=120)
@given(nation)
def test_every_level_agrees_with_plain_counting(case):
    one, provinces = case
    returns = [packed(one, rows) for province in provinces for rows in province]
    groups = [number for number, province in enumerate(provinces) for _ in province]

    levels = roll_up(one, returns, groups)

    communes = [counted(one, rows) for province in provinces for rows in province]
    assert [shown(one_row(levels.communes, p)) for p in range(len(returns))] == communes
    by_province = [added([counted(one, rows) for rows in province]) for province in provinces]
    assert [shown(one_row(levels.groups, p)) for p in range(len(provinces))] == by_province
    assert shown(levels.all) == added(communes)
    assert levels.all.returns == len(returns)


@settings(max_examples=60)
@given(nation)
def test_grouping_does_not_matter(case):
    one, provinces = case
    returns = [packed(one, rows) for province in provinces for rows in province]
    groups = [number for number, province in enumerate(provinces) for _ in province]

    in_provinces = roll_up(one, returns, groups)
    in_one = roll_up(one, returns, [0] * len(returns))
    one_by_one = sum((commune_totals(one, each) for each in returns), nothing(one))

    assert in_provinces.all.same_as(in_one.all)
    assert in_provinces.all.same_as(one_by_one)


@settings(max_examples=60)
@given(nation, st.randoms(use_true_random=False))
def test_the_order_of_communes_and_hamlets_does_not_matter(case, shuffler):
    one, provinces = case
    every = [rows for province in provinces for rows in province]
    shuffled = []
    for first, *rest in every:
        shuffler.shuffle(rest)
        shuffled.append([first, *rest])
    shuffler.shuffle(shuffled)

    as_given = roll_up(one, [packed(one, rows) for rows in every], [0] * len(every))
    otherwise = roll_up(one, [packed(one, rows) for rows in shuffled], [0] * len(every))

    assert as_given.all.same_as(otherwise.all)


@settings(max_examples=60)
@given(st.sampled_from(LAYOUTS).flatmap(lambda one: st.tuples(st.just(one), documents(one))))
def test_a_communes_figure_is_complete_or_missing(case):
    one, rows = case
    figures = values_by_code(one, commune_values(one, packed(one, rows)))

    absence = {None: Absence.MISSING, "-": Absence.NOT_YET, "KAD": Absence.NOT_APPLICABLE}
    for place, indicator in enumerate(one.commune):
        cell = rows[0][place]
        value = bool(cell) if indicator.kind is Kind.BOOLEAN else cell
        assert figures[indicator.code] == (absence[cell] if cell in CELLS else value)
    for place, indicator in enumerate(one.hamlet):
        column = [absence.get(row[place], row[place]) for row in rows[1:]]
        assert figures[indicator.code] == across_areas(indicator, column)


def test_a_return_is_packed_indicator_by_indicator():
    row = packed(COUNTS, [(3, None), (10, 1, "-"), (20, "KAD", 5)])

    assert row.hamlets == 2
    assert np.frombuffer(row.commune_values, "<i4").tolist() == [3, -1]
    assert np.frombuffer(row.hamlet_values, "<i4").tolist() == [10, 20, 1, -3, -2, 5]


def test_hamlets_stand_in_the_order_of_the_roster():
    given = document(COUNTS, [(3, 0), (10, 1, 0), (20, 2, 0)])
    _, hamlets = unpack(COUNTS, pack(COUNTS, given, ["h1", "new", "h0"]))

    assert hamlets[0].tolist() == [20, -1, 10]


def test_money_widens_the_form_and_decimals_are_hundredths():
    row = packed(MIXED, [(3_000_000_000_000, "12.5", 1), (7,)])
    commune, _ = unpack(MIXED, row)

    assert MIXED.dtype.itemsize == 8
    assert commune.tolist() == [3_000_000_000_000, 1250, 1]
    assert values_by_code(MIXED, commune_values(MIXED, row)) == {
        "budget_spent": 3_000_000_000_000,
        "plant_area_destroyed_m2": Decimal("12.5"),
        "on_key_route": True,
        "households": 7,
    }


def test_a_yes_is_a_yes_again_when_it_is_unpacked():
    assert unpacked_value(CATALOGUE["on_key_route"], 1) is True
    assert unpacked_value(CATALOGUE["on_key_route"], 0) is False
    assert unpacked_value(CATALOGUE["on_key_route"], -2) is Absence.NOT_YET


def test_sums_do_not_overflow_four_bytes():
    rows = [packed(COUNTS, [(2**31 - 1, 0), (2**31 - 1, 0, 0), (2**31 - 1, 0, 0)])] * 3

    assert roll_up(COUNTS, rows, [0, 0, 1]).all.sums.tolist()[2] == 6 * (2**31 - 1)


def test_a_count_that_four_bytes_cannot_hold_is_refused():
    with pytest.raises(TooLarge):
        packed(COUNTS, [(2**31, 0)])


@pytest.mark.parametrize(
    "wrong",
    [
        Packed(2, b"\0" * 8, b"\0" * 20),
        Packed(2, b"\0" * 8, b"\0" * 28),
        Packed(2, b"\0" * 4, b"\0" * 24),
        Packed(3, b"\0" * 8, b"\0" * 24),
    ],
)
def test_a_row_that_does_not_fit_its_roster_is_refused(wrong):
    right = Packed(2, b"\0" * 8, b"\0" * 24)

    for read in (unpack, commune_totals, commune_values):
        with pytest.raises(WrongLength):
            read(COUNTS, wrong)
    with pytest.raises(WrongLength):
        roll_up(COUNTS, [right, wrong], [0, 0])


def test_two_wrong_rows_do_not_make_up_for_each_other():
    short, long = Packed(2, b"\0" * 8, b"\0" * 12), Packed(1, b"\0" * 8, b"\0" * 24)

    with pytest.raises(WrongLength):
        roll_up(COUNTS, [short, long], [0, 0])


def test_a_month_without_returns_has_no_rows():
    levels = roll_up(COUNTS, [], [])

    assert levels.communes.sums.shape == levels.groups.sums.shape == (0, 5)
    assert levels.all.same_as(nothing(COUNTS))


def test_groups_may_be_numbered_as_one_likes():
    rows = roll_up(COUNTS, [packed(COUNTS, [(n, 0)]) for n in (1, 2, 4)], [0, 0, 0]).communes

    assert add_groups(rows, [7, 7, 3]).sums[:, 0].tolist() == [3, 4]
