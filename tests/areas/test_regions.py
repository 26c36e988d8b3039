"""Every province of a day lies in one region."""

from datetime import date

import pytest

from diaban.areas.builtin import read_units
from diaban.areas.regions import regions_on


@pytest.mark.parametrize(
    ("day", "file", "provinces"),
    [
        (date(2025, 6, 30), "units-2025-03-01.tsv", 63),
        (date(2025, 7, 1), "units-2025-07-01.tsv", 34),
        (date(1999, 1, 1), "units-2025-03-01.tsv", 63),
    ],
)
def test_every_province_of_a_day_has_a_region(day, file, provinces):
    codes = {unit.code for unit in read_units(file) if len(unit.code) == 2 and unit.code != "VN"}

    found = regions_on(day)

    assert (set(found), len(found), len(set(found.values()))) == (codes, provinces, 6)
