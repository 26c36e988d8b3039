"""What a reorganisation does to units, as plain values."""

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaban.areas.rules.changes import plan
from diaban.areas.rules.levels import RANK, Level
from diaban.areas.rules.operations import Kind, Operation, Part, Unit, Weighing
from diaban.areas.rules.shares import Crossing, destinations, shares_of, split_count
from diaban.areas.rules.widening import widened

BORN = date(2025, 7, 1)
DAY = date(2026, 12, 1)


def unit(key, code, level, parent, type_word="xã", **more):
    return Unit(key, code, level, type_word, f"Đơn vị {key}", parent, BORN, BORN, **more)


def country(provinces=2, communes=3, hamlets=2):
    units = {1: unit(1, "VN", Level.NATION, None, "")}
    for p in range(1, provinces + 1):
        province = len(units) + 1
        units[province] = unit(province, f"{p:02}", Level.PROVINCE, 1, "tỉnh")
        for c in range(1, communes + 1):
            commune = len(units) + 1
            units[commune] = unit(commune, f"{p:02}{c:03}", Level.COMMUNE, province)
            for h in range(1, hamlets + 1):
                hamlet = len(units) + 1
                code = f"{p:02}{c:03}.{h:03}"
                units[hamlet] = unit(hamlet, code, Level.HAMLET, commune, "thôn")
    return units


COUNTRY = country()
KEY = {one.code: key for key, one in COUNTRY.items()}


def op(kind, *codes, into=(), row=1, parent="", by=Weighing.UNDIVIDED):
    return Operation(row, kind, codes, tuple(into), parent, by)


def part(code, name="", type_word="", **more):
    return Part(code, type_word or ("xã" if name else ""), name, **more)


HALVES = (
    part("01001", "Đông", members=("01001.001",), weight=Decimal("0.6")),
    part("01009", "Tây", members=("01001.002",), weight=Decimal("0.4")),
)


def split(*parts, by=Weighing.POPULATION):
    return op(Kind.SPLIT, "01001", into=parts or HALVES, by=by)


def by_code(planned):
    return {one.code: one for one in planned.after.values()}


def test_a_merge_ends_its_units_and_carries_their_hamlets_over():
    planned = plan(COUNTRY, [op(Kind.MERGE, "01001", "01002", into=[part("01002", "Hợp")])], DAY)

    new = by_code(planned)["01002"]
    assert planned.problems == ()
    assert (new.name, new.parent, set(planned.ended)) == (
        "Hợp", KEY["01"], {KEY["01001"], KEY["01002"]},
    )  # fmt: skip
    assert {planned.after[KEY[f"0100{c}.00{h}"]].parent for c in (1, 2) for h in (1, 2)} == {
        new.key
    }
    assert [(line.old, line.new, line.weight) for line in planned.lines] == [
        (KEY["01001"], new.key, 1), (KEY["01002"], new.key, 1),
    ]  # fmt: skip


def test_a_unit_can_be_taken_in_by_one_that_goes_on():
    planned = plan(COUNTRY, [op(Kind.MERGE, "01001", into=[part("01002")])], DAY)

    assert (planned.problems, planned.begun, planned.lines[0].new) == ((), (), KEY["01002"])


def test_a_split_gives_each_hamlet_to_one_part_and_weighs_them():
    planned = plan(COUNTRY, [split()], DAY)

    after = by_code(planned)
    assert planned.problems == ()
    assert planned.after[KEY["01001.002"]].parent == after["01009"].key
    assert [(line.partial, line.weight) for line in planned.lines] == [
        (True, Decimal("0.6")), (True, Decimal("0.4")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "parts", "weights"),
    [
        (Weighing.UNDIVIDED, HALVES, [None, None]),
        (Weighing.HAMLETS, HALVES, [Decimal("0.5"), Decimal("0.5")]),
        (
            Weighing.POPULATION,
            [replace(one, weight=None, population=n) for one, n in zip(HALVES, (1, 2))],  # noqa: B905
            [Decimal("0.33333333"), Decimal("0.66666667")],
        ),
    ],
    ids=["undivided", "by hamlets", "by population"],
)
def test_a_split_is_weighed_as_it_says(by, parts, weights):
    assert [line.weight for line in plan(COUNTRY, [split(*parts, by=by)], DAY).lines] == weights


def test_a_province_that_is_merged_takes_its_communes_along():
    planned = plan(COUNTRY, [op(Kind.MERGE, "01", "02", into=[part("02", "Chung", "tỉnh")])], DAY)

    new = by_code(planned)["02"]
    communes = [one for one in planned.after.values() if one.level is Level.COMMUNE]
    assert (planned.problems, len(communes)) == ((), 6)
    assert {one.parent for one in communes} == {new.key}


def test_a_move_takes_the_sub_tree_and_leaves_names_alone():
    planned = plan(COUNTRY, [op(Kind.MOVE, "01001", parent="02")], DAY)

    assert (planned.problems, planned.moved, planned.renamed) == ((), (KEY["01001"],), ())
    assert planned.after[KEY["01001"]].parent == KEY["02"]


def test_names_and_types_change_without_a_new_map():
    planned = plan(
        COUNTRY,
        [
            op(Kind.RENAME, "01001", into=[part("01001", "Mới", "xã")]),
            op(Kind.REGRADE, "01002", into=[Part("01002", "phường")], row=2),
        ],
        DAY,
    )

    assert (planned.problems, planned.new_map) == ((), False)
    assert (by_code(planned)["01001"].name, by_code(planned)["01002"].type) == ("Mới", "phường")


def test_an_abolished_unit_leaves_those_below_it_where_it_says():
    units = COUNTRY | {
        900: unit(900, "101", Level.DISTRICT, KEY["01"], "huyện"),
        901: unit(901, "01100", Level.COMMUNE, 900),
    }

    planned = plan(units, [op(Kind.ABOLISH, "101", parent="01")], DAY)

    assert (planned.problems, planned.after[901].parent) == ((), KEY["01"])


def test_a_created_unit_hangs_where_it_says():
    planned = plan(COUNTRY, [op(Kind.CREATE, into=[part("01050", "Mới", parent="01")])], DAY)

    assert (planned.problems, by_code(planned)["01050"].parent) == ((), KEY["01"])


MISTAKES = {
    "nothing at all": ([], [(0, "empty")]),
    "two operations end one unit": (
        [
            op(Kind.MERGE, "01001", into=[part("01002")]),
            op(Kind.MERGE, "01001", into=[part("01003")], row=2),
        ],
        [(2, "overlap")],
    ),
    "a unit that ends is moved": (
        [
            op(Kind.MERGE, "01001", into=[part("01002")]),
            op(Kind.MOVE, "01001", parent="02", row=2),
        ],
        [(2, "overlap")],
    ),
    "a code used twice": (
        [op(Kind.MERGE, "01001", "01002", into=[part("01003", "Hợp")])],
        [(1, "code_twice")],
    ),
    "no such unit": ([op(Kind.MOVE, "09999", parent="02")], [(1, "unknown")]),
    "no such parent": ([op(Kind.MOVE, "01001", parent="09")], [(1, "unknown")]),
    "a parent that ended long ago": (
        [op(Kind.MOVE, "01001", parent="77")], [(1, "outside_span")],
    ),
    "a parent that ends on that day": (
        [
            op(Kind.ABOLISH, "02", parent="01"),
            op(Kind.CREATE, into=[part("02050", "Mới", parent="02")], row=2),
        ],
        [(2, "outside_span")],
    ),
    "weights that do not make one": (
        [split(replace(HALVES[0], weight=Decimal("0.5")), HALVES[1])], [(1, "weights")],
    ),
    "a part without people": (
        [split(*(replace(one, weight=None, population=0) for one in HALVES))],
        [(1, "weights")],
    ),
    "a hamlet that goes nowhere": (
        [split(replace(HALVES[0], members=()), HALVES[1])], [(1, "members_lost")],
    ),
    "a hamlet that goes to two": (
        [split(HALVES[0], replace(HALVES[1], members=("01001.001", "01001.002")))],
        [(1, "members_twice")],
    ),
    "a hamlet of another commune": (
        [split(HALVES[0], replace(HALVES[1], members=("01001.002", "01002.001")))],
        [(1, "members_strange")],
    ),
    "a commune below a commune": (
        [op(Kind.MOVE, "01001", parent="01002")], [(1, "levels")],
    ),
    "a cycle": (
        [op(Kind.MOVE, "01", parent="01001")], [(1, "cycle")],
    ),
    "units of two levels": (
        [op(Kind.MERGE, "01001", "02", into=[part("01001", "Hợp")])],
        [(1, "levels")],
    ),
    "a type word of another level": (
        [op(Kind.REGRADE, "01001", into=[Part("01001", "tỉnh")])], [(1, "type")],
    ),
    "a code of another level": (
        [op(Kind.MERGE, "01001", into=[part("77", "Hợp")])], [(1, "code")],
    ),
    "the name that it has": (
        [op(Kind.RENAME, "01001", into=[part("01001", COUNTRY[KEY["01001"]].name, "xã")])],
        [(1, "same_name")],
    ),
    "the parent that it has": (
        [op(Kind.MOVE, "01001", parent="01")], [(1, "same_parent")],
    ),
    "the nation": ([op(Kind.ABOLISH, "VN")], [(1, "nation")]),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_a_mistake_is_named_with_its_row(mistake):
    operations, named = MISTAKES[mistake]

    planned = plan(COUNTRY, operations, DAY, past=["77"])

    found = {(problem.row, problem.code) for problem in planned.problems}
    assert found == set(named)


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"until": date(2027, 1, 1)}, "overlap"),
        ({"since": DAY, "named_since": DAY}, "outside_span"),
    ],
)
def test_a_unit_that_is_changing_already_is_left_alone(changed, named):
    units = COUNTRY | {KEY["01001"]: replace(COUNTRY[KEY["01001"]], **changed)}

    planned = plan(units, [op(Kind.MOVE, "01001", parent="02")], DAY)

    assert [problem.code for problem in planned.problems] == [named]


def test_a_name_given_on_that_day_is_not_given_again():
    units = COUNTRY | {KEY["01001"]: replace(COUNTRY[KEY["01001"]], named_since=DAY)}

    planned = plan(units, [op(Kind.RENAME, "01001", into=[part("01001", "Mới", "xã")])], DAY)

    assert [problem.code for problem in planned.problems] == ["overlap"]


@pytest.mark.parametrize(
    ("operation", "grown"),
    [
        (op(Kind.MERGE, "01001", into=[part("01002")]), {"01002"}),
        (op(Kind.MERGE, "01001", "01002", into=[part("01001", "Hợp")]), set()),
        (op(Kind.MOVE, "01001", parent="02"), {"02"}),
        (op(Kind.MERGE, "01", into=[part("02")]), {"02"}),
        (op(Kind.CREATE, into=[part("01050", "Mới", parent="01")]), set()),
        (split(), set()),
    ],
    ids=["taken in", "merged anew", "moved", "province taken in", "created", "split"],
)
def test_who_holds_more_than_before_is_named(operation, grown):
    planned = plan(COUNTRY, [operation], DAY)

    assert {COUNTRY[key].code for key in widened(COUNTRY, planned)} == grown


# --- laws over long random histories ---------------------------------------------------------


def random_operation(units, dice, number):
    communes = [one for one in units.values() if one.level is Level.COMMUNE]
    provinces = [one for one in units.values() if one.level is Level.PROVINCE]
    below = {}
    for one in units.values():
        below.setdefault(one.parent, []).append(one.code)
    one = dice.choice(communes)
    new = f"{number:05}"
    kind = dice.choice(list(Kind))
    match kind:
        case Kind.MERGE if len(communes) > 4:
            other = dice.choice([c for c in communes if c != one])
            if dice.random() < 0.5:
                return op(kind, one.code, into=[part(other.code)])
            return op(kind, one.code, other.code, into=[part(new, "Hợp")])
        case Kind.SPLIT:
            members = below.get(one.key, [])
            cut = dice.randint(0, len(members))
            by = dice.choice([Weighing.POPULATION, Weighing.POPULATION, Weighing.UNDIVIDED])
            return op(
                kind,
                one.code,
                into=[
                    part(new, "A", members=tuple(members[:cut]), population=dice.randint(1, 9999)),
                    part(
                        f"{number + 50000:05}",
                        "B",
                        members=tuple(members[cut:]),
                        population=dice.randint(1, 9999),
                    ),
                ],
                by=by,
            )
        case Kind.MOVE:
            others = [p for p in provinces if p.key != one.parent]
            return op(kind, one.code, parent=dice.choice(others).code)
        case Kind.REGRADE:
            return op(kind, one.code, into=[Part(one.code, "phường" if one.type == "xã" else "xã")])
        case Kind.CREATE:
            return op(kind, into=[part(new, "Mới", parent=dice.choice(provinces).code)])
        case _:
            return op(Kind.RENAME, one.code, into=[part(one.code, f"Tên {number}", one.type)])


def carried_on(planned, next_key):
    """Give the units that begin real keys, as the database does."""
    real = {key: next_key + step for step, key in enumerate(planned.begun)}
    after = {
        real.get(key, key): replace(
            one, key=real.get(key, key), parent=real.get(one.parent, one.parent)
        )
        for key, one in planned.after.items()
    }
    return after, real


def leaves(units, key):
    """Return the lowest units inside one."""
    inside, grew = {key}, True
    while grew:
        more = {k for k, one in units.items() if one.parent in inside} - inside
        inside |= more
        grew = bool(more)
    return inside


@settings(max_examples=25)
@given(st.integers(0, 10**9))
def test_sums_are_kept_and_no_right_widens_over_sixty_changes(seed):
    dice = random.Random(seed)
    units = country(3, 4, 2)
    figures = {k: dice.randint(0, 10**6) for k, one in units.items() if one.level is Level.COMMUNE}
    total = sum(figures.values())
    crossings = {}
    # A holder's reach as atoms of the first day; each hamlet and commune is one.
    atoms = {key: {key} for key in units}
    holders = {key: _atoms_in(units, atoms, key) for key in units}
    day, done = DAY, 0
    for number in range(10_000, 10_060):
        day += timedelta(days=1)
        planned = plan(units, [random_operation(units, dice, number)], day)
        if planned.problems:
            continue
        done += 1
        gone = widened(units, planned) | set(planned.ended)
        after, real = carried_on(planned, next_key=number * 10)
        came = {}
        for line in planned.lines:
            new = real.get(line.new, line.new)
            came.setdefault(new, set()).update(atoms[line.old])
            weight = None if line.weight is None else Fraction(line.weight)
            crossings.setdefault(line.old, []).append(Crossing(line.old, new, day, weight))
        atoms = {key: atoms.get(key, set()) | came.get(key, set()) for key in after}
        holders = {key: reach for key, reach in holders.items() if key not in gone}
        for key, reach in holders.items():
            assert _atoms_in(after, atoms, key) <= reach
        for one in after.values():
            assert one.parent is None or RANK[after[one.parent].level] < RANK[one.level]
        assert len({one.code for one in after.values()}) == len(after)
        units = after

    carried = {}
    for key, value in figures.items():
        found = destinations(key, crossings)
        parts = split_count(value, [one.share for one in found])
        for one, amount in zip(found, parts, strict=True):
            carried[one.area] = carried.get(one.area, 0) + amount
    assert done >= 50
    assert sum(carried.values()) == total


def _atoms_in(units, atoms, key):
    return set().union(*(atoms[one] for one in leaves(units, key)))


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=40))
def test_weights_add_up_to_one_exactly(counts):
    assert sum(shares_of(counts)) == 1


@given(st.integers(0, 10**9), st.lists(st.integers(1, 10**6), min_size=1, max_size=20))
def test_a_divided_count_loses_nobody(total, counts):
    shares = [Fraction(count, sum(counts)) for count in counts]

    parts = split_count(total, shares)

    assert sum(parts) == total
    assert all(abs(part - total * share) < 1 for part, share in zip(parts, shares, strict=True))


def test_parts_that_meet_again_are_the_whole_and_no_estimate():
    half = Fraction(1, 2)
    came = {
        1: [Crossing(1, 2, DAY, half), Crossing(1, 3, DAY, half)],
        2: [Crossing(2, 4, DAY, Fraction(1))],
        3: [Crossing(3, 4, DAY, Fraction(1))],
    }

    (found,) = destinations(1, came)

    assert (found.area, found.share, found.estimated) == (4, 1, False)


def test_what_nobody_weighed_stays_where_it_was():
    came = {1: [Crossing(1, 2, DAY, None), Crossing(1, 3, DAY, None)]}

    (found,) = destinations(1, came)

    assert (found.area, found.share, found.undivided) == (1, 1, True)
