"""What is said before a plan is published late, or over a later one."""

from datetime import date

import pytest

from diaban.plans.rules.doubts import past_days, signed_before, signed_text
from diaban.plans.rules.items import Kind

DAY = date(2026, 11, 18)
SPAN = {"start": date(2026, 1, 10), "end": date(2026, 12, 31), "day": DAY}


def signed(day=None, month=None, year=None):
    return {"day": day, "month": month, "year": year}


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [
        (signed(31, 5, 2023), signed(20, 1, 2026), True),
        (signed(20, 1, 2026), signed(31, 5, 2023), False),
        (signed(20, 1, 2026), signed(20, 1, 2026), False),
        (signed(19, 1, 2026), signed(20, 1, 2026), True),
        (signed(None, 5, 2023), signed(20, 6, 2023), True),
        (signed(None, 5, 2023), signed(20, 5, 2023), False),
        (signed(), signed(20, 1, 2026), False),
        (None, signed(20, 1, 2026), False),
        (signed(20, 1, 2026), None, False),
    ],
)
def test_a_plan_is_older_only_where_both_days_are_known_far_enough(one, other, before):
    assert signed_before(one, other) is before


def test_a_signing_day_is_written_as_far_as_it_is_known():
    assert signed_text(signed(5, 3, 2026)) == "05/03/2026"
    assert signed_text(signed(None, 3, 2026)) == "03/2026"
    assert signed_text(signed(5, 3, None)) == signed_text(None) == ""


def test_the_last_day_in_time_counts_not_the_day_that_is_printed():
    value = {"dates": [{"date": "2026-11-18", "bound": "before", "scope": None}]}

    assert past_days(Kind.DUTY, value, **SPAN) == [date(2026, 11, 17)]


def test_a_day_that_is_today_or_later_is_not_over():
    value = {"dates": [{"date": "2026-11-18", "bound": "by", "scope": None}]}

    assert past_days(Kind.DUTY, value, **SPAN) == []


def test_a_yearly_day_is_over_only_in_a_plan_without_another_such_day():
    event = {"date": "06-26"}

    assert past_days(Kind.EVENT, event, **SPAN) == [date(2026, 6, 26)]
    longer = SPAN | {"end": date(2030, 12, 31)}
    assert past_days(Kind.EVENT, event, **longer) == []


def test_a_report_is_read_as_it_will_be_owed():
    value = {"what": "Báo cáo về Công an tỉnh trước ngày 18/11/2026", "due": "2026-11-18"}

    assert past_days(Kind.REPORT, value, **SPAN) == [date(2026, 11, 17)]


def test_what_says_no_day_is_never_over():
    assert past_days(Kind.DUTY, {"dates": []}, **SPAN) == []
    assert past_days(Kind.REPORT, {"what": "Báo cáo hằng tháng", "due": ""}, **SPAN) == []
    assert past_days(Kind.TARGET, {"due": "2020"}, **SPAN) == []
    begins = {"dates": [{"date": "2026-02-01", "bound": "from", "scope": None}]}
    assert past_days(Kind.DUTY, begins, **SPAN) == []
