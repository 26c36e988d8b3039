"""Numbers, dates and states as they stand on a page."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from diaban.web.templatetags import diaban as tags


@pytest.fixture(autouse=True)
def in_vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (0, None, "0"),
        (1234, None, "1.234"),
        (-1234567, None, "-1.234.567"),
        (Decimal("1234.5"), None, "1.234,5"),
        (Decimal("98.45"), 1, "98,5"),
        (98.4, 1, "98,4"),
        (5, 1, "5,0"),
        (Fraction(1, 3), None, "0,33"),
        (None, None, "–"),
        ("", None, "–"),
        ("1–4", None, "1–4"),
    ],
)
def test_a_number_is_written_as_offices_write_it(value, places, written):
    assert tags.vi_number(value, places) == written


def test_nothing_is_not_written_as_zero():
    assert tags.vi_number(None) != tags.vi_number(0)
    assert tags.vi_percent(None) == "–"
    assert tags.vi_percent(0) == "0,0%"


def test_a_share_is_written_in_percent():
    assert tags.vi_percent(Decimal("98.4")) == "98,4%"


def test_a_moment_is_shown_on_the_clock_of_the_site():
    late_evening = datetime(2026, 11, 17, 18, 42, tzinfo=UTC)

    assert tags.vi_date(late_evening) == "18/11/2026"
    assert tags.vi_time(late_evening) == "01:42"


def test_a_day_has_two_digits_for_day_and_month():
    assert tags.vi_date(date(2026, 3, 5)) == "05/03/2026"
    assert tags.vi_day(date(2026, 3, 5)) == "05/03"
    assert tags.vi_date(None) == "–"


@pytest.mark.parametrize("code", tags.STATUSES)
def test_a_state_always_has_sign_and_word(code):
    shown = tags.STATUSES[code]

    html = tags.status(code)

    assert f"#{shown.sign}" in html
    assert str(shown.word) in html


def test_a_dense_cell_keeps_the_word_for_screen_readers():
    html = tags.status_sign("not_met", "16")

    assert '<span class="visually-hidden">Chưa đạt </span>16' in html


def test_text_in_a_state_is_escaped():
    assert "<b>" not in tags.status("met", "<b>", "<b>")
    assert "<b>" not in tags.badge("met", "<b>")
    assert "<b>" not in tags.status_sign("met", "<b>")


def test_a_sparkline_needs_two_values():
    assert tags.sparkline([3]) == ""
    assert tags.sparkline([None, 3, None]) == ""
    assert tags.sparkline([1, None, 3]).count("polyline") == 2


def test_a_run_of_equal_values_is_a_flat_line():
    assert 'points="2,17 48,17"' in tags.sparkline([5, 5, 5])


def test_columns_start_at_zero_and_carry_no_decimal_comma():
    drawn = tags.column_chart(
        [
            {"label": "T10", "value": "0", "share": 0, "current": False},
            {"label": "T11", "value": "98,4", "share": 98.4, "current": True},
        ],
        "Tỷ lệ",
    )

    assert [column["height"] for column in drawn["columns"]] == ["0.0", "41.3"]
    assert drawn["spoken"] == "T10 0; T11 98,4"
