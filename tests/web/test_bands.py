"""Bands of a map: about equal in size, equal values together, zero by itself."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from diaban.web.bands import MOST, band_among, bands_of


def labels(values, *, percent=False):
    return [band.label for band in bands_of(values, percent=percent)]


def test_nothing_is_a_band_of_its_own():
    assert labels([0, 0, 7, 9]) == ["0", "7", "9"]


def test_few_values_are_a_band_each_and_many_are_cut_into_five():
    assert labels([3, 1, 2]) == ["1", "2", "3"]
    assert labels(range(1, 11)) == ["1–2", "3–4", "5–6", "7–8", "9–10"]


def test_shares_are_written_as_percentages_cut_and_not_rounded_up():
    assert labels([Fraction(9999, 10000)], percent=True) == ["99,9%"]


def test_no_value_is_no_band():
    assert band_among(bands_of([1], percent=False), None) == "missing"


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_every_value_has_exactly_one_band_and_there_are_at_most_five(values):
    bands = bands_of(values, percent=False)

    assert len(bands) <= MOST
    for value in values:
        assert sum(band.low <= value <= band.high for band in bands) == 1
        assert band_among(bands, value) != "missing"
