from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.core.periods import (
    ADMINISTRATIVE,
    NoNeighbour,
    Period,
    PeriodKind,
    UnknownPeriod,
    UnreadableDate,
    following,
    is_administrative,
    local_day,
    months_of,
    parse_label,
    period_of,
    previous,
    read_day,
    year_before,
)

MONTH, QUARTER, HALF, YEAR = ADMINISTRATIVE
days = st.dates(date(1950, 1, 1), date(2200, 12, 31))
kinds = st.sampled_from(ADMINISTRATIVE)
CAMPAIGN = Period("thang-hanh-dong-2026", date(2026, 6, 1), date(2026, 6, 30), PeriodKind.OTHER)


@pytest.mark.parametrize(
    ("day", "kind", "label", "start", "end"),
    [
        (date(2026, 12, 15), MONTH, "2027-01", date(2026, 12, 15), date(2027, 1, 14)),
        (date(2026, 12, 14), MONTH, "2026-12", date(2026, 11, 15), date(2026, 12, 14)),
        (date(2026, 12, 15), QUARTER, "2027-Q1", date(2026, 12, 15), date(2027, 3, 14)),
        (date(2026, 9, 14), QUARTER, "2026-Q3", date(2026, 6, 15), date(2026, 9, 14)),
        (date(2026, 9, 15), QUARTER, "2026-Q4", date(2026, 9, 15), date(2026, 12, 14)),
        (date(2026, 6, 14), HALF, "2026-H1", date(2025, 12, 15), date(2026, 6, 14)),
        (date(2026, 6, 15), HALF, "2026-H2", date(2026, 6, 15), date(2026, 12, 14)),
        (date(2026, 12, 14), YEAR, "2026", date(2025, 12, 15), date(2026, 12, 14)),
        (date(2026, 12, 15), YEAR, "2027", date(2026, 12, 15), date(2027, 12, 14)),
        (date(2024, 2, 29), MONTH, "2024-03", date(2024, 2, 15), date(2024, 3, 14)),
    ],
)
def test_windows_turn_on_the_fifteenth(day, kind, label, start, end):
    assert period_of(day, kind) == Period(label, start, end, kind)


@given(days, kinds)
def test_every_day_lies_in_its_window_and_the_label_leads_back(day, kind):
    window = period_of(day, kind)

    assert day in window
    assert parse_label(window.label) == window


@given(days, kinds)
def test_windows_of_one_kind_leave_no_gap_and_do_not_overlap(day, kind):
    window = period_of(day, kind)

    assert following(window).start == window.end + timedelta(days=1)
    assert previous(window).end == window.start - timedelta(days=1)
    assert previous(following(window)) == window


@given(days, kinds)
def test_months_fill_their_window_exactly(day, kind):
    window = period_of(day, kind)
    months = months_of(window)

    assert len(months) == {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}[kind]
    assert (months[0].start, months[-1].end) == (window.start, window.end)
    assert all(following(a) == b for a, b in pairwise(months))


def test_the_same_window_of_last_year():
    assert year_before(parse_label("2026-11")).label == "2025-11"
    assert year_before(parse_label("2026-Q1")).label == "2025-Q1"
    assert year_before(parse_label("2026")).label == "2025"


@pytest.mark.parametrize(
    "label",
    [
        "",
        "26",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-Q5",
        "2026-Q0",
        "2026-H3",
        "2026-q1",
        "2026-11-01",
        "1899",
        "9999",
        "thang-hanh-dong-2026",
        "２０２６",
    ],
)
def test_other_labels_are_refused(label):
    assert not is_administrative(label)
    with pytest.raises(UnknownPeriod):
        parse_label(label)


def test_an_instant_elsewhere_counts_on_the_day_it_is_in_vietnam():
    assert local_day(datetime(2026, 12, 14, 16, 59, 59, tzinfo=UTC)) == date(2026, 12, 14)
    assert local_day(datetime(2026, 12, 14, 17, 0, tzinfo=UTC)) == date(2026, 12, 15)
    assert local_day(datetime(2026, 12, 14, 23, 59)) == date(2026, 12, 14)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-15", date(2026, 12, 15)),
        (" 2026-12-15 ", date(2026, 12, 15)),
        ("2026-12-14T17:00:00Z", date(2026, 12, 15)),
        ("2026-12-14T16:59:59+00:00", date(2026, 12, 14)),
        ("2026-12-15 08:30", date(2026, 12, 15)),
        ("2026-12-15T00:30:00+09:00", date(2026, 12, 14)),
    ],
)
def test_days_and_moments_are_read(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15/12/2026",
        "2026-02-30",
        "2026-W50-2",
        "20261215",
        "2026-12-15T25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_other_texts_are_no_day(text):
    with pytest.raises(UnreadableDate):
        read_day(text)


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 14), date(9998, 12, 15), date.max])
def test_days_outside_the_calendar_are_refused(day):
    with pytest.raises(UnknownPeriod):
        period_of(day, YEAR)


@pytest.mark.parametrize(
    ("label", "title", "span"),
    [
        ("2026-11", "Tháng 11/2026", "15/10–14/11"),
        ("2026-01", "Tháng 1/2026", "15/12/2025–14/01/2026"),
        ("2026-Q4", "Quý IV/2026", "15/09–14/12"),
        ("2026-H1", "6 tháng đầu năm 2026", "15/12/2025–14/06/2026"),
        ("2026-H2", "6 tháng cuối năm 2026", "15/06–14/12"),
        ("2026", "Năm 2026", "15/12/2025–14/12/2026"),
    ],
)
def test_windows_have_names_for_the_screen(label, title, span):
    window = parse_label(label)

    assert (window.title, window.span) == (title, span)


def test_a_campaign_has_a_label_of_its_own_and_no_neighbours():
    assert CAMPAIGN.title == "thang-hanh-dong-2026"
    assert date(2026, 6, 30) in CAMPAIGN
    assert date(2026, 7, 1) not in CAMPAIGN
    with pytest.raises(NoNeighbour):
        following(CAMPAIGN)


@pytest.mark.parametrize(
    ("window", "year"),
    [
        (parse_label("2026-12"), 2026),
        (parse_label("2027-01"), 2027),
        (CAMPAIGN, 2026),
        (Period("cuoi-nam", date(2026, 12, 1), date(2026, 12, 31), PeriodKind.OTHER), 2027),
    ],
)
def test_the_reporting_year_turns_on_15_december(window, year):
    assert window.year == year
