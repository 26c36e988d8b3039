"""Spans of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.areas.rules.days import Days, overlapping

FIRST = date(2025, 3, 1)
LAST = date(2025, 6, 30)
AFTER = date(2025, 7, 1)
OLD = Days(FIRST, AFTER)
NEW = Days(AFTER)

days = st.dates(date(2025, 1, 1), date(2025, 12, 31))


@st.composite
def spans(draw):
    start = draw(days)
    length = draw(st.none() | st.integers(1, 400))
    return Days(start, None if length is None else start + timedelta(days=length))


@pytest.mark.parametrize(
    ("day", "holds"),
    [(FIRST, True), (LAST, True), (AFTER, False), (FIRST - timedelta(days=1), False)],
)
def test_a_span_holds_its_first_day_and_not_its_end(day, holds):
    assert OLD.hold(day) is holds


def test_a_span_without_an_end_goes_on():
    assert NEW.hold(date(2100, 1, 1))


@pytest.mark.parametrize("end", [FIRST, FIRST - timedelta(days=1)])
def test_a_span_must_run_forward(end):
    with pytest.raises(ValueError, match="forward"):
        Days(FIRST, end)


def test_spans_that_touch_do_not_meet():
    assert not OLD.meet(NEW)
    assert overlapping([NEW, OLD]) is None


def test_spans_that_share_one_day_are_named():
    late = Days(LAST)

    assert overlapping([NEW, OLD, late]) == (OLD, late)


@pytest.mark.parametrize(
    ("day", "nearest"),
    [(date(2020, 1, 1), FIRST), (date(2025, 5, 5), date(2025, 5, 5)), (date(2026, 1, 1), LAST)],
)
def test_the_nearest_day_is_inside(day, nearest):
    assert OLD.nearest(day) == nearest


@given(spans(), days)
def test_the_nearest_day_always_belongs_to_the_span(span, day):
    assert span.hold(span.nearest(day))


@given(spans(), spans())
def test_meeting_does_not_depend_on_the_order(one, other):
    assert one.meet(other) == other.meet(one)


@given(spans(), spans(), days)
def test_spans_with_a_common_day_meet(one, other, day):
    if one.hold(day) and other.hold(day):
        assert one.meet(other)


@given(spans(), spans(), days)
def test_what_lies_within_holds_no_other_day(inner, outer, day):
    if inner.within(outer) and inner.hold(day):
        assert outer.hold(day)
