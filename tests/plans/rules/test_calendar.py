"""When reports and named days fall due."""

from datetime import date

import pytest

from diaban.plans.rules.calendar import HORIZON, law_day, occurrences, report_dates

YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31), "since": date(2026, 1, 10)}


def dues(dates, recurrence, what="", today=date(2026, 1, 10), **span):
    found = occurrences(dates, recurrence, what, **(YEAR | span), today=today)
    return [slot.due for slot in found]


@pytest.mark.parametrize(
    ("what", "due", "bound"),
    [
        ("Báo cáo năm trước ngày 30/11 hằng năm", "11-30", "before"),
        ("Báo cáo năm: chậm nhất vào ngày 30/11 hằng năm", "11-30", "by"),
        ("sơ kết trước 20/6/2026", "2026-06-20", "before"),
        ("tổng kết trong năm 2026", "2026", "by"),
    ],
)
def test_before_a_day_binds_to_the_day_before_as_for_a_duty(what, due, bound):
    assert [(one["date"], one["bound"]) for one in report_dates(what, due)] == [(due, bound)]


def test_a_report_of_every_year_is_due_in_each_year_of_the_plan():
    dates = report_dates("chậm nhất vào ngày 30/11 hằng năm", "11-30")

    assert dues(dates, "1/year", end=date(2027, 12, 31)) == [date(2026, 11, 30), date(2027, 11, 30)]


def test_without_a_day_a_report_closes_with_its_window_and_says_so():
    assert dues([], "1/quarter") == [
        date(2026, 3, 14), date(2026, 6, 14), date(2026, 9, 14), date(2026, 12, 14),
    ]  # fmt: skip
    assert law_day([], "1/quarter", "Báo cáo quý")
    assert not law_day([], "1/month", "trước ngày 20 hằng tháng")


def test_a_day_of_every_month_is_that_day_and_the_last_where_the_month_is_shorter():
    found = dues([], "1/month", "ngày 31 hằng tháng", end=date(2026, 4, 30))

    assert found == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_nothing_is_asked_for_from_before_the_plan_was_published():
    assert dues([], "1/quarter", since=date(2026, 7, 1))[0] == date(2026, 9, 14)


def test_a_plan_without_an_end_reaches_as_far_as_the_horizon_and_moves_with_the_day():
    today = date(2026, 1, 10)
    far = dues([], "1/month", end=None, today=today)
    later = dues([], "1/month", end=None, today=date(2026, 2, 20))

    assert (far[-1] - today).days <= HORIZON
    assert set(far) < set(later)


def test_a_report_on_request_has_no_day():
    assert dues([], "") == []
