"""Counts of one to four people stay in their unit, and cannot be told from what is shown."""

from decimal import Decimal
from itertools import product

import pytest

from diaban.core.numbers import Absence
from diaban.indicators.rules.small_counts import hidden, share_hidden, withheld_among


@pytest.mark.parametrize(
    ("value", "unit", "kept"),
    [
        (0, "person", False),
        (1, "person", True),
        (4, "person", True),
        (5, "person", False),
        (Decimal("0.5"), "person", True),
        (2, "household", False),
        (None, "person", False),
        (Absence.MISSING, "person", False),
    ],
)
def test_one_to_four_people_are_hidden(value, unit, kept):
    assert hidden(value, unit) is kept


@pytest.mark.parametrize(
    ("part", "whole", "kept"),
    [(28, 29, True), (3, 40, True), (2, 4, True), (20, 29, False), (29, 29, False), (0, 9, False)],
)
def test_a_share_is_hidden_with_its_part_its_whole_and_what_it_lacks(part, whole, kept):
    assert share_hidden(part, whole, "person") is kept
    assert share_hidden(part, whole, "household") is False


def test_one_small_count_takes_the_smallest_other_with_it():
    values = {"a": 2, "b": 30, "c": 9, "d": 0, "e": None}

    assert withheld_among(values, "person") == {"a": "1–4", "c": "giữ kín"}


def test_several_small_counts_hide_each_other_unless_their_sum_tells_them():
    assert withheld_among({"a": 1, "b": 3, "c": 9}, "person") == {"a": "1–4", "b": "1–4"}
    assert withheld_among({"a": 1, "b": 1, "c": 9}, "person") == {
        "a": "1–4",
        "b": "1–4",
        "c": "giữ kín",
    }
    assert withheld_among({"a": 4, "b": 4, "c": 9}, "person")["c"] == "giữ kín"


def test_nothing_is_withheld_of_things_or_where_all_are_many():
    assert withheld_among({"a": 1, "b": 9}, "household") == {}
    assert withheld_among({"a": 5, "b": 0}, "person") == {}
    assert withheld_among({}, "person") == {}


def test_no_small_count_can_be_told_from_the_sum_and_the_others():
    for counts in product(range(8), repeat=3):
        values = dict(zip("abc", counts, strict=True))
        withheld = withheld_among(values, "person")
        if sum(one > 0 for one in counts) < 2 or not withheld:
            continue
        # All that a reader may think of: the same sum, the shown values as they are.
        thought = [
            other
            for other in product(range(30), repeat=3)
            if sum(other) == sum(counts)
            and all(
                other[at] == counts[at]
                if place not in withheld
                else 1 <= other[at] <= (4 if withheld[place] == "1–4" else 29)
                for at, place in enumerate("abc")
            )
        ]
        for at, place in enumerate("abc"):
            others = [one for one in counts if one > 4]
            if withheld.get(place) == "1–4" and others:
                assert len({one[at] for one in thought}) > 1, counts
