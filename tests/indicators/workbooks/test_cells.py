"""
Cells as Vietnamese offices fill them: each is written into a real workbook and read back.

The first part is made systematically: numbers in every way of writing them, times the blanks
and marks around them. The second part is by hand.
"""

import io
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import pytest
import xlsxwriter

from diaban.core.numbers import Absence, Kind, UnreadableNumber, read_value
from diaban.indicators.workbooks.contents import contents_of

COUNT, DECIMAL, BOOLEAN = Kind.COUNT, Kind.DECIMAL, Kind.BOOLEAN
MISSING, NOT_YET, NEVER = Absence.MISSING, Absence.NOT_YET, Absence.NOT_APPLICABLE
NBSP, THIN, NARROW, WIDE = "\u00a0", "\u2009", "\u202f", "\u3000"


def grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign)


def counts():
    """Yield whole numbers as text in every grouping, and as numbers."""
    for number in (0, 7, 12, 104, 1_234, 12_345, 987_654, 1_234_567):
        yield number, COUNT, number
        yield float(number), COUNT, number
        for sign in dict.fromkeys(("", ".", " ", NBSP, THIN, NARROW)):
            yield grouped(number, sign), COUNT, number
        yield f"{grouped(number, '.')},0", COUNT, number
        yield f" {number} ", COUNT, number
        yield f"{number}{NBSP}", COUNT, number
        yield f"+{number}", COUNT, number


def decimals():
    """Yield numbers with a fraction, with comma and point, grouped and with a per cent sign."""
    for whole, rest in ((0, "5"), (3, "25"), (12, "5"), (98, "40"), (1_234, "5"), (45_678, "75")):
        value = Decimal(f"{whole}.{rest}")
        yield float(value), DECIMAL, value
        for sign in dict.fromkeys(("", ".", " ", NBSP)):
            text = f"{grouped(whole, sign)},{rest}"
            yield text, DECIMAL, value
            yield f"{text}%", DECIMAL, value
            yield f"{text} %", DECIMAL, value
            yield f"{text}{NBSP}%", DECIMAL, value
        yield f"{whole}.{rest}", DECIMAL, value


def absences():
    """Yield what stands for no number, around which people put blanks."""
    for text in ("-", "–", "—", "−", " - ", f"-{NBSP}", "--", "‐", "‑"):
        yield text, COUNT, NOT_YET
        yield text, BOOLEAN, NOT_YET
    for text in ("KAD", "kad", "Kad", " KAD ", f"KAD{NBSP}", "ＫＡＤ" and "KAD\u200b"):
        yield text, COUNT, NEVER
    for text in ("", " ", "   ", NBSP, THIN, NARROW, WIDE, "\t", "\u200b"):
        yield text, COUNT, MISSING
        yield text, DECIMAL, MISSING


def truths():
    """Yield yes and no, composed and decomposed, in any case, and as the sheet's own values."""
    for word in ("có", "Có", "CÓ", "co", "yes", "Yes", "true", "1"):
        yield word, BOOLEAN, True
        yield unicodedata.normalize("NFD", word), BOOLEAN, True
        yield f" {word} ", BOOLEAN, True
    for word in ("không", "Không", "KHÔNG", "khong", "no", "No", "false", "0"):
        yield word, BOOLEAN, False
        yield unicodedata.normalize("NFD", word), BOOLEAN, False
        yield f"{word}{NBSP}", BOOLEAN, False
    yield True, BOOLEAN, True
    yield False, BOOLEAN, False
    yield 1, BOOLEAN, True
    yield 0, BOOLEAN, False


def refusals():
    """Yield what no column takes, with the word for why."""
    for day in (date(2023, 11, 15), date(2026, 1, 2), datetime(2026, 11, 14, 8, 30)):
        yield day, COUNT, "text"
        yield day, DECIMAL, "text"
    for text in ("15/11/2023", "1.2x", "mười", "12 hộ", "~50", "1..2", "1,2,3", "#N/A", "1/2", "?",
                 "12-13", "O", "l2", "1.23.456", "12.34.567"):  # fmt: skip
        yield text, COUNT, "text"
    for text in ("12%", "12 %", "100%"):
        yield text, COUNT, "share"
    for text in ("1,5", "12,25", "0,5", "1.234,5", "1 234,5"):
        yield text, COUNT, "fraction"
    for number in (1.5, 12.25, 0.1, 1234.5):
        yield number, COUNT, "fraction"
    for given in (-1, -5.0, "-1", "- 5", "−3", "-1.234"):
        yield given, COUNT, "negative"
    yield "1,234", COUNT, "ambiguous"
    yield "12,345", COUNT, "ambiguous"
    yield 10**15, COUNT, "too_large"
    yield "9.999.999.999.999.999", COUNT, "too_large"
    for word in ("được", "x", "2", "có không"):
        yield word, BOOLEAN, "text"


BY_HAND = [
    ("1.234,5", DECIMAL, Decimal("1234.5")),
    ("12,5 %", DECIMAL, Decimal("12.5")),
    ("１２３", COUNT, 123),
    ("１.２３４", COUNT, 1234),
    ("１２，５", DECIMAL, Decimal("12.5")),
    ("0,0", COUNT, 0),
    ("007", COUNT, 7),
    ("00", COUNT, 0),
    ("-0", COUNT, 0),
    ("1,234", DECIMAL, Decimal("1.234")),
    ("1.234", DECIMAL, Decimal("1.234")),
    ("1.234.567,25", DECIMAL, Decimal("1234567.25")),
    ("1,234,567", COUNT, 1_234_567),
    ("1,234,567.5", DECIMAL, Decimal("1234567.5")),
    (0.1 + 0.2, DECIMAL, Decimal("0.3")),
    (1e3, COUNT, 1000),
    (2.50, DECIMAL, Decimal("2.5")),
    (99999999999999, COUNT, 99_999_999_999_999),
    ("12\u200b3", COUNT, 123),
    ("\ufeff45", COUNT, 45),
]

CASES = [*counts(), *decimals(), *absences(), *truths(), *BY_HAND]
REFUSED = list(refusals())


@cache
def texts() -> tuple[str, ...]:
    """Return what stands in the cells of one workbook that holds every case, in order."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for row, (given, _kind, _expected) in enumerate([*CASES, *REFUSED]):
        if isinstance(given, bool):
            sheet.write_boolean(row, 1, given)
        elif isinstance(given, date):
            sheet.write_datetime(row, 1, given, day)
        elif isinstance(given, str):
            sheet.write_string(row, 1, given)
        else:
            sheet.write_number(row, 1, given)
        sheet.write_string(row, 0, "x")
    book.close()
    (rows,) = contents_of(out.getvalue()).values()
    return tuple(row[1] for row in rows)


def test_there_are_three_hundred_cases():
    assert len(CASES) + len(REFUSED) >= 300


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_cell_means_what_the_office_means(number):
    _given, kind, expected = CASES[number]

    read = read_value(texts()[number], kind, refuse_ambiguous=False)

    assert (read, isinstance(read, Absence)) == (expected, isinstance(expected, Absence))


@pytest.mark.parametrize("number", range(len(REFUSED)))
def test_a_cell_that_means_nothing_is_refused_with_the_reason(number):
    _given, kind, problem = REFUSED[number]

    with pytest.raises(UnreadableNumber) as refusal:
        read_value(texts()[len(CASES) + number], kind)

    assert refusal.value.facts["problem"] == problem
