"""How a duty stands, from plain days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.plans.rules.standing import Standing, Status, standing

DUE = date(2026, 11, 14)
BEGINS = date(2026, 1, 1)


def stands(today, *, due=DUE, done=None, heard=None, limit=92, frozen=False):
    return standing(
        today=today, begins=BEGINS, due=due, done=done, heard=heard, silence_limit=limit,
        frozen=frozen,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 6), Standing(Status.IN_TIME, 8)),
        (date(2026, 11, 7), Standing(Status.DUE_SOON, 7)),
        (date(2026, 11, 14), Standing(Status.DUE_SOON, 0)),
        (date(2026, 11, 15), Standing(Status.OVERDUE, 1)),
        (date(2026, 11, 18), Standing(Status.OVERDUE, 4)),
    ],
)
def test_a_dated_duty_by_its_day(today, expected):
    assert stands(today) == expected


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        (date(2026, 11, 14), Standing(Status.DONE_IN_TIME)),
        (date(2026, 11, 15), Standing(Status.DONE_LATE, 1)),
    ],
)
def test_done_on_the_due_day_is_in_time(done, expected):
    assert stands(date(2026, 12, 31), done=done) == expected


@pytest.mark.parametrize(
    ("heard", "today", "expected"),
    [
        (None, BEGINS + timedelta(days=92), Status.IN_TIME),
        (None, BEGINS + timedelta(days=93), Status.SILENT),
        (date(2026, 6, 1), date(2026, 8, 1), Status.IN_TIME),
        (date(2026, 6, 1), date(2026, 10, 1), Status.SILENT),
    ],
)
def test_a_standing_duty_by_what_was_heard_last(heard, today, expected):
    assert stands(today, due=None, heard=heard).status is expected


def test_a_standing_duty_says_since_how_many_days_it_is_silent():
    assert stands(date(2026, 10, 1), due=None, heard=date(2026, 6, 1)) == Standing(
        Status.SILENT, 122
    )


def test_a_frozen_duty_is_neither_late_nor_silent():
    assert stands(date(2027, 1, 1), frozen=True).status is Status.FROZEN
    assert stands(date(2027, 1, 1), frozen=True, done=DUE).status is Status.DONE_IN_TIME


@given(
    today=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    due=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    done=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    heard=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    more=st.integers(1, 400),
)
def test_a_later_date_never_makes_it_worse(today, due, done, heard, more):
    order = list(Status)
    before = stands(today, due=due, done=done, heard=heard)
    if due is None:
        return

    after = stands(today, due=due + timedelta(days=more), done=done, heard=heard)

    assert order.index(after.status) >= order.index(before.status)
