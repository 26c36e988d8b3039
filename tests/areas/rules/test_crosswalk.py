"""Following a unit along the crosswalk: shares multiply along a chain and add where it meets."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from diaban.areas.rules.crosswalk import Link, followed, traced

DAY = date(2025, 7, 1)
LATER = date(2030, 1, 1)


def link(old, new, weight="1", *, on=DAY, partial=None):
    share = None if weight is None else Fraction(weight)
    return Link(old, new, on, share != 1 if partial is None else partial, share, f"{old}>{new}")


def by_old(*links):
    found = {}
    for one in links:
        found.setdefault(one.old, []).append(one)
    return found


def by_new(*links):
    found = {}
    for one in links:
        found.setdefault(one.new, []).append(one)
    return found


def told(ends):
    return [(end.area, end.share, end.partial, end.estimated) for end in ends]


def test_a_unit_without_links_is_still_itself():
    assert followed(1, {}) == ()


def test_a_merged_unit_went_whole():
    assert told(followed(1, by_old(link(1, 9), link(2, 9)))) == [(9, 1, False, False)]


def test_shares_of_a_divided_unit_are_estimates():
    ends = followed(1, by_old(link(1, 8, "1/4"), link(1, 9, "3/4")))

    assert told(ends) == [
        (8, Fraction(1, 4), True, True),
        (9, Fraction(3, 4), True, True),
    ]


def test_a_part_without_a_weight_has_no_share_and_is_no_estimate():
    ends = followed(1, by_old(link(1, 8, None, partial=True), link(1, 9, None, partial=True)))

    assert told(ends) == [(8, None, True, False), (9, None, True, False)]


def test_shares_multiply_along_a_chain():
    ends = followed(1, by_old(link(1, 2), link(2, 8, "1/4", on=LATER), link(2, 9, "3/4", on=LATER)))

    assert told(ends) == [
        (8, Fraction(1, 4), True, True),
        (9, Fraction(3, 4), True, True),
    ]
    assert [one.basis for one in ends[0].links] == ["1>2", "2>8"]


def test_parts_that_meet_again_are_the_whole_even_without_weights():
    links = by_old(
        link(1, 2, None, partial=True),
        link(1, 3, None, partial=True),
        link(2, 9, on=LATER),
        link(3, 9, on=LATER),
    )

    assert told(followed(1, links)) == [(9, 1, False, False)]


def test_what_a_unit_was_made_of_says_how_much_of_each_came():
    ends = traced(9, by_new(link(1, 9), link(2, 9, "1/3")), lambda unit: False)

    assert told(ends) == [(1, 1, False, False), (2, Fraction(1, 3), True, True)]


def test_tracing_stops_at_the_map_asked_for():
    links = by_new(link(1, 5), link(5, 9, on=LATER))

    assert [end.area for end in traced(9, links, lambda unit: unit == 5)] == [5]
    assert [end.area for end in traced(9, links, lambda unit: False)] == [1]


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6))
def test_the_shares_of_a_divided_unit_add_up_to_one(counts):
    links = by_old(
        *(link(1, 10 + at, Fraction(count, sum(counts))) for at, count in enumerate(counts))
    )

    assert sum(end.share for end in followed(1, links)) == 1
