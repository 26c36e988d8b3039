"""Which set a province's pages open with: its own where it has chosen one, else the nation's."""

from datetime import date

import pytest

from diaban.recognition.selectors import NATIONAL_SET, first_set


@pytest.mark.parametrize(
    ("province", "day", "opened"),
    [
        ("15", date(2026, 11, 18), "lao-cai-2023"),
        ("99", date(2026, 11, 18), "lao-cai-2023"),
        ("15", date(2023, 11, 14), NATIONAL_SET),
        ("44", date(2026, 11, 18), NATIONAL_SET),
        ("", date(2026, 11, 18), NATIONAL_SET),
    ],
)
def test_a_province_opens_with_the_set_it_has_chosen(province, day, opened):
    assert first_set(province, day).id == opened
