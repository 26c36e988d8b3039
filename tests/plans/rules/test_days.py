"""From what a plan writes to the last day in time."""

from datetime import date

import pytest

from diaban.plans.rules.days import Slot, due_day, silence_limit, slots_of
from diaban.plans.rules.typed import date_line, day_from, read_date_line

START, END = date(2026, 1, 1), date(2028, 12, 31)


def slots(*dates):
    return slots_of(
        [{"date": day, "bound": bound, "scope": scope} for day, bound, scope in dates],
        start=START,
        end=END,
    )


@pytest.mark.parametrize(
    ("written", "bound", "expected"),
    [
        ("2023-11-15", "before", date(2023, 11, 14)),
        ("2023-11-15", "by", date(2023, 11, 15)),
        ("2026-06", "on", date(2026, 6, 30)),
        ("2026-06", "before", date(2026, 5, 31)),
        ("2026", "on", date(2026, 12, 31)),
        ("2024-02", "by", date(2024, 2, 29)),
    ],
)
def test_the_last_day_in_time(written, bound, expected):
    assert due_day(written, bound) == expected


def test_two_dates_for_two_groups_are_two_slots():
    assert slots(("2026-12-15", "before", "17 xã"), ("2027-01-15", "before", "còn lại")) == (
        Slot("0", date(2026, 12, 14), None, "17 xã"),
        Slot("1", date(2027, 1, 14), None, "còn lại"),
    )


def test_a_day_of_every_year_is_one_slot_a_year():
    assert [(one.key, one.due) for one in slots(("12-10", "before", None))] == [
        ("0-2026", date(2026, 12, 9)),
        ("0-2027", date(2027, 12, 9)),
        ("0-2028", date(2028, 12, 9)),
    ]


def test_the_29th_of_february_falls_on_the_28th_in_other_years():
    assert [one.due.day for one in slots(("02-29", "by", None))] == [28, 28, 29]


def test_from_and_until_are_one_slot():
    assert slots(("2026-06-01", "from", None), ("2026-06-30", "until", None)) == (
        Slot("1", date(2026, 6, 30), date(2026, 6, 1), ""),
    )


def test_no_date_is_one_slot_without_a_day():
    assert slots() == (Slot("always", None),)


@pytest.mark.parametrize(
    ("recurrence", "days"),
    [("1/month", 31), ("2/month", 16), ("2/week", 7), ("1/year", 366), ("", 92)],
)
def test_silence_begins_after_the_period(recurrence, days):
    assert silence_limit(recurrence) == days


@pytest.mark.parametrize(
    ("line", "date_", "bound", "scope"),
    [
        ("trước ngày 15/12/2026", "2026-12-15", "before", None),
        ("trước 15/12/2026 (17 xã biên giới)", "2026-12-15", "before", "17 xã biên giới"),
        ("chậm nhất 30/9/2027", "2027-09-30", "by", None),
        ("trong 6/2026", "2026-06", "on", None),
        ("2027", "2027", "by", None),
        ("trước ngày 10/12 hằng năm", "12-10", "before", None),
    ],
)
def test_a_typed_date_is_read_and_written_back(line, date_, bound, scope):
    read = read_date_line(line)

    assert (read["date"], read["bound"], read["scope"]) == (date_, bound, scope)
    assert read_date_line(date_line(read)) == read


@pytest.mark.parametrize("line", ["mai", "trước ngày 31/02/2026", "15/13/2026", "sau 1/1/2026", ""])
def test_what_is_no_date_is_not_guessed(line):
    assert read_date_line(line) is None


def test_a_day_keeps_its_precision():
    assert [day_from(text) for text in ("26/6", "6/2026", "2026", "1/6/2026")] == [
        "06-26", "2026-06", "2026", "2026-06-01",
    ]  # fmt: skip
