from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.core.numbers import (
    Absence,
    Kind,
    UnreadableNumber,
    percent_cut,
    read_value,
    write_number,
    write_value,
)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1234", 1234),
        ("1.234", 1234),
        ("1 234", 1234),
        ("1\u00a0234", 1234),
        ("1\u202f234", 1234),
        ("12.345.678", 12345678),
        ("12 345 678", 12345678),
        ("1,234,567", 1234567),
        (" 984 ", 984),
        ("\ufeff984", 984),
        ("１２３", 123),
        ("１．２３４", 1234),
        ("0", 0),
        ("-0", 0),
        ("007", 7),
        ("+5", 5),
        ("984.0", 984),
        ("984,00", 984),
        ("999999999999999", 999999999999999),
    ],
)
def test_a_count_is_read_as_an_office_types_it(typed, value):
    read = read_value(typed, Kind.COUNT)

    assert read == value
    assert type(read) is int


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("1,5", "fraction"),
        ("1.5", "fraction"),
        ("0.125", "fraction"),
        ("1.234,5", "fraction"),
        ("-3", "negative"),
        ("−3", "negative"),
        ("1,234", "ambiguous"),
        ("1,000", "ambiguous"),
        ("12 %", "share"),
        ("5 đồng", "text"),
        ("abc", "text"),
        ("1.2.3", "text"),
        ("1.23.456", "text"),
        ("1 23", "text"),
        ("12²", "text"),
        ("1e3", "text"),
        ("nan", "text"),
        (",5", "text"),
        ("9" * 5000, "too_large"),
        ("1000000000000000", "too_large"),
    ],
)
def test_what_is_no_count_is_refused_with_its_problem(typed, problem):
    with pytest.raises(UnreadableNumber) as refusal:
        read_value(typed, Kind.COUNT)

    assert refusal.value.facts["problem"] == problem
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("12,5 %", "12.5"),
        ("1.234,5", "1234.5"),
        ("1 234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("749.999", "749.999"),
        ("749,999", "749.999"),
        ("0,125", "0.125"),
        ("750", "750"),
        ("750,00", "750"),
    ],
)
def test_a_decimal_takes_comma_or_point(typed, value):
    assert read_value(typed, Kind.DECIMAL) == Decimal(value)


@pytest.mark.parametrize("typed", ["1.234", "749.999"])
def test_one_point_before_three_digits_can_be_refused_in_a_decimal(typed):
    with pytest.raises(UnreadableNumber) as refusal:
        read_value(typed, Kind.DECIMAL, refuse_ambiguous=True)

    assert refusal.value.facts["problem"] == "ambiguous"


@pytest.mark.parametrize(
    ("typed", "value"),
    [("1.500.000", 1500000), ("1.500.000 đ", 1500000), ("200 000 đồng", 200000), ("0 VNĐ", 0)],
)
def test_money_is_whole_dong(typed, value):
    assert read_value(typed, Kind.MONEY) == value


def test_a_fraction_of_money_is_refused():
    with pytest.raises(UnreadableNumber) as refusal:
        read_value("1,5", Kind.MONEY)

    assert refusal.value.facts["problem"] == "fraction"


@pytest.mark.parametrize("typed", ["yes", "Có", "co\u0301", "CÓ", "1", "true", True, 1, 1.0])
def test_yes(typed):
    assert read_value(typed, Kind.BOOLEAN) is True


@pytest.mark.parametrize("typed", ["no", "Không", "kho\u0302ng", "0", "False", False, 0, 0.0])
def test_no(typed):
    assert read_value(typed, Kind.BOOLEAN) is False


@pytest.mark.parametrize("typed", ["2", "maybe", 2, 0.5])
def test_anything_else_is_neither_yes_nor_no(typed):
    with pytest.raises(UnreadableNumber):
        read_value(typed, Kind.BOOLEAN)


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize(
    ("typed", "absence"),
    [
        (None, Absence.MISSING),
        ("", Absence.MISSING),
        ("  \u00a0", Absence.MISSING),
        ("-", Absence.NOT_YET),
        ("–", Absence.NOT_YET),
        ("KAD", Absence.NOT_APPLICABLE),
        ("kad", Absence.NOT_APPLICABLE),
    ],
)
def test_the_three_absences_are_told_apart(typed, absence, kind):
    assert read_value(typed, kind) is absence


@pytest.mark.parametrize(
    ("cell", "kind", "value"),
    [
        (984.0, Kind.COUNT, 984),
        (984, Kind.COUNT, 984),
        (0.1 + 0.2, Kind.DECIMAL, Decimal("0.3")),
        (12.5, Kind.DECIMAL, Decimal("12.5")),
        (1.5e9, Kind.MONEY, 1500000000),
    ],
)
def test_spreadsheet_numbers_are_read_as_they_are_shown(cell, kind, value):
    assert read_value(cell, kind) == value


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        (1.5, "fraction"),
        (-1.0, "negative"),
        (float("nan"), "text"),
        (float("inf"), "text"),
        (True, "text"),
        (date(2026, 5, 1), "date"),
        (datetime(2026, 5, 1), "date"),
        (1e20, "too_large"),
        (b"1", "text"),
    ],
)
def test_spreadsheet_cells_that_are_no_count_are_refused(cell, problem):
    with pytest.raises(UnreadableNumber) as refusal:
        read_value(cell, Kind.COUNT)

    assert refusal.value.facts["problem"] == problem


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (999, "999"),
        (1234, "1.234"),
        (1234567, "1.234.567"),
        (-1234, "-1.234"),
        (Decimal("1234.5"), "1.234,5"),
        (Decimal("0.05"), "0,05"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value, written):
    assert write_number(value) == written


def test_places_are_fixed_with_halves_rounded_up():
    assert write_number(Decimal("2.345"), 2) == "2,35"
    assert write_number(1234, 1) == "1.234,0"


@given(st.integers(0, 10**15 - 1))
def test_what_is_written_is_read_again(number):
    assert read_value(write_number(number), Kind.COUNT) == number
    assert read_value(write_number(number), Kind.MONEY) == number


@given(st.decimals(0, 10**9, places=2))
def test_a_decimal_that_is_written_is_read_again(number):
    assert read_value(write_number(number), Kind.DECIMAL) == number


@given(st.text(max_size=30), st.sampled_from(list(Kind)))
def test_any_text_is_read_or_refused_but_never_breaks(text, kind):
    try:
        value = read_value(text, kind)
    except UnreadableNumber:
        return
    assert isinstance(value, Absence) or 0 <= value < 10**15


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (True, "có"),
        (False, "không"),
        (12, "12"),
        (Absence.MISSING, ""),
        (Absence.NOT_YET, "-"),
        (Absence.NOT_APPLICABLE, "KAD"),
    ],
)
def test_a_cell_shows_each_of_the_states_apart(value, cell):
    assert write_value(value) == cell


@pytest.mark.parametrize(
    ("share", "percent"),
    [
        (Fraction(9999, 10_000), Decimal("99.9")),
        (Fraction(1), Decimal(100)),
        (Fraction(0), Decimal(0)),
        (Fraction(1, 3), Decimal("33.3")),
        (Fraction(9, 8), Decimal("112.5")),
    ],
)
def test_a_share_is_cut_so_that_nearly_all_never_reads_as_all(share, percent):
    assert percent_cut(share) == percent
