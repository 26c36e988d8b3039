"""Numbering a tree by nested intervals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.areas.rules.tree import TreeBroken, free_numbers, number_tree, seal
from diaban.core.access import Span


def no_room(unit):
    return 0


@st.composite
def trees(draw):
    """A tree of 1 to 40 units as the list of children of each; unit 0 is the root."""
    parents = [draw(st.integers(0, number)) for number in range(draw(st.integers(0, 39)))]
    children = {}
    for unit, parent in enumerate(parents, start=1):
        children.setdefault(str(parent), []).append(str(unit))
    return children


def above(children, unit):
    """The units above, by walking up: what the intervals must agree with."""
    parent_of = {child: parent for parent, below in children.items() for child in below}
    found = set()
    while unit in parent_of:
        unit = parent_of[unit]
        found.add(unit)
    return found


def test_a_small_tree_is_numbered_from_one_in_its_order():
    places = number_tree("VN", {"VN": ["01", "02"], "01": ["00001"]}, no_room)

    assert [(p.unit, p.parent, p.span.left, p.span.right, p.depth) for p in places] == [
        ("VN", None, 1, 4, 0),
        ("01", "VN", 2, 3, 1),
        ("00001", "01", 3, 3, 2),
        ("02", "VN", 4, 4, 1),
    ]


def test_room_is_kept_below_and_passed_on_to_those_above():
    places = number_tree("VN", {"VN": ["01", "02"]}, lambda unit: 10 if unit == "01" else 0)

    assert [p.span for p in places] == [Span(1, 13), Span(2, 12), Span(13, 13)]


def test_a_unit_that_is_nearly_full_gets_a_third_more():
    crowd = [f"h{number}" for number in range(9)]

    places = number_tree("c", {"c": crowd}, lambda unit: 10 if unit == "c" else 0)

    assert places[0].span == Span(1, 13)


@given(trees(), st.integers(0, 5))
def test_an_interval_holds_another_exactly_when_its_unit_is_above(children, room):
    places = number_tree("0", children, lambda unit: room)

    for one in places:
        inside = {p.unit for p in places if p is not one and p.span.holds(one.span)}
        assert inside == above(children, one.unit)


@given(trees(), st.integers(0, 5))
def test_units_come_in_the_order_of_their_left_ends_and_share_none(children, room):
    lefts = [place.span.left for place in number_tree("0", children, lambda unit: room)]

    assert lefts == sorted(set(lefts))


@given(trees())
def test_depth_counts_the_units_above(children):
    for place in number_tree("0", children, no_room):
        assert place.depth == len(above(children, place.unit))


def test_a_tree_deeper_than_the_stack_is_numbered():
    chain = {str(unit): [str(unit + 1)] for unit in range(5000)}

    assert number_tree("0", chain, no_room)[-1].span == Span(5001, 5001)


@pytest.mark.parametrize(
    ("children", "named"),
    [
        ({"VN": ["01", "02"], "01": ["x"], "02": ["x"]}, ["x"]),
        ({"VN": ["01"], "01": ["VN"]}, ["VN"]),
        ({"VN": ["01"], "a": ["b"], "b": ["a"]}, ["a", "b"]),
        ({"VN": ["01"], "lost": ["x"]}, ["lost"]),
    ],
    ids=["two parents", "cycle through the root", "cycle aside", "hangs on nothing"],
)
def test_what_is_not_one_tree_is_refused_with_the_units_named(children, named):
    with pytest.raises(TreeBroken) as refusal:
        number_tree("VN", children, no_room)

    assert refusal.value.facts["units"] == named


@pytest.mark.parametrize(
    ("last_taken", "wanted", "numbers"),
    [
        (10, 1, range(11, 12)),
        (12, 2, range(13, 15)),
        (18, 2, range(19, 21)),
        (18, 3, None),
        (20, 1, None),
    ],
)
def test_free_numbers_follow_the_last_one_and_stay_inside(last_taken, wanted, numbers):
    assert free_numbers(Span(10, 20), last_taken, wanted) == numbers


@pytest.mark.parametrize(
    "changed",
    [
        [("VN", None, 1, 9), ("01", "VN", 2, 4)],
        [("VN", None, 1, 9), ("02", "VN", 2, 5)],
        [("VN", None, 1, 9), ("01", "02", 2, 5)],
        [("VN", None, 1, 9)],
    ],
    ids=["interval", "code", "parent", "a unit less"],
)
def test_a_seal_breaks_when_anything_is_changed(changed):
    published = [("VN", None, 1, 9), ("01", "VN", 2, 5)]

    assert seal(published) != seal(changed)
    assert seal(published) == seal(reversed(published))
