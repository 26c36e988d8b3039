"""
Numbers as a Vietnamese office types and reads them, exact: int and Decimal, never binary.

A reported value is a number or one of three absences; together these are the four states
*value*, *missing*, *not yet* and *not applicable*. Zero is a value, and no absence is ever
read as zero.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Final

from diaban.core.errors import DomainError

# Up to fifteen digits: what a spreadsheet cell keeps exactly, and few enough that products
# of two thresholds and a value stay inside 64 bits. The nation's budget in đồng has sixteen
# digits only from ten million billion on.
LARGEST: Final = 10**15 - 1


class Kind(StrEnum):
    """What sort of number an indicator takes."""

    COUNT = "count"
    DECIMAL = "decimal"
    MONEY = "money"
    BOOLEAN = "boolean"


class Absence(StrEnum):
    """Why there is no number. A number, zero included, is the fourth state."""

    MISSING = "missing"
    NOT_YET = "not_yet"
    NOT_APPLICABLE = "not_applicable"


Number = int | Decimal  # a boolean indicator gives True or False, which are ints
Value = int | Decimal | Absence


class UnreadableNumber(DomainError):
    """
    A cell whose text is not a number of the kind that its column takes.

    Facts: `given` (the text) and `problem`, one of text, fraction, negative, share, ambiguous,
    too_large, date. The sentence names no row: whoever reads a table adds where it stood.
    """

    code: ClassVar[str] = "unreadable_number"


NOT_YET_SIGN: Final = "-"
NOT_APPLICABLE_SIGN: Final = "KAD"

_YES: Final = frozenset({"yes", "có", "co", "true", "1"})
_NO: Final = frozenset({"no", "không", "khong", "false", "0"})

_GROUPED: Final = r"[1-9]\d{0,2}"
_SHAPES: Final = re.compile(
    rf"""(?P<sign>[+-]?)\ ?(?:
        (?P<plain>\d+)
      | (?P<point_once>{_GROUPED}\.\d{{3}})
      | (?P<comma_once>{_GROUPED},\d{{3}})
      | (?P<points>{_GROUPED}(?:\.\d{{3}})+)(?:,(?P<points_rest>\d+))?
      | (?P<spaces>{_GROUPED}(?:\ \d{{3}})+)(?:[.,](?P<spaces_rest>\d+))?
      | (?P<commas>{_GROUPED}(?:,\d{{3}})+)(?:\.(?P<commas_rest>\d+))?
      | (?P<whole>\d+)[.,](?P<rest>\d+)
    )\ ?(?P<mark>%|đ|₫|đồng|vnđ|vnd)?""",
    re.VERBOSE | re.IGNORECASE,
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
_INVISIBLE: Final = "\u200b\u200c\u200d\u2060\ufeff"
_LOOKALIKES: Final = (
    {ord(dash): "-" for dash in _DASHES}
    | {ord(sign): None for sign in _INVISIBLE}
    | {0xFF0C: ",", 0xFF0E: ".", 0xFF05: "%", 0xFF0B: "+"}
)


def read_value(given: object, kind: Kind, *, refuse_ambiguous: bool = False) -> Value:
    """
    Return the value that a cell means: a number of `kind`, or why there is none.

    Nothing, blanks and empty text are MISSING; `-` (any dash) is NOT_YET; `KAD` is
    NOT_APPLICABLE. Thousands may be grouped by points or spaces and the fraction follows a
    comma (`1.234`, `1 234`, `1.234,5`); no-break spaces, full-width digits and decomposed
    letters are read like their plain forms. Booleans: có/không, yes/no, true/false, 1/0.

    Edges: a count and an amount of money are whole, and `5,0` is whole; `1.234` is 1234 there.
    `1,234` there is refused, because a Vietnamese comma makes it a fraction and an English one
    a thousand. In a decimal column one point is a decimal point even before three digits
    (`1.234` is 1,234); with `refuse_ambiguous`, meant for what a person has just typed, that
    one writing is refused instead. No reported quantity is negative.

    Raises:
        UnreadableNumber: the sentence says what is wrong and what to write instead.
    """
    if isinstance(given, str):
        text = plain_text(given)
        absence = _absence(text)
        if absence is not None:
            return absence
        if kind is Kind.BOOLEAN:
            return _read_boolean(text, given)
        return _read_text(text, kind, given, refuse_ambiguous)
    if given is None:
        return Absence.MISSING
    return _read_cell(given, kind)


def plain_text(text: str) -> str:
    """Return `text` composed (NFC), with plain spaces, digits and dashes, and trimmed."""
    if text.isascii():
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text).translate(_LOOKALIKES)
    # str.split() knows every kind of space, the no-break ones included.
    text = " ".join(text.split())
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def write_number(value: Number, places: int | None = None) -> str:
    """
    Return `1.234,5` for a number: points between thousands, a comma before the fraction.

    `places` fixes the number of decimals, halves rounded up; None keeps those that are there.
    """
    if isinstance(value, Decimal):
        if places is not None:
            value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        return f"{value:,f}".translate(_SWAP)
    if places:
        return write_number(Decimal(value), places)
    return f"{value:,d}".replace(",", ".")


def percent_cut(share: Fraction) -> Decimal:
    """
    Return a share of 1 as percent with one place, cut: 0,9996 is 99,9 and never reads 100.

    The share is nought or more.
    """
    return Decimal(int(share * 1000)) / 10


def write_value(value: Value) -> str:
    """Return what a cell shows: the number, có/không, `-`, `KAD`, or nothing when missing."""
    if value is True:
        return "có"
    if value is False:
        return "không"
    if isinstance(value, Absence):
        return _SIGNS[value]
    return write_number(value)


_SWAP: Final = str.maketrans(",.", ".,")
_SIGNS: Final = {
    Absence.MISSING: "",
    Absence.NOT_YET: NOT_YET_SIGN,
    Absence.NOT_APPLICABLE: NOT_APPLICABLE_SIGN,
}


def _absence(text: str) -> Absence | None:
    if not text:
        return Absence.MISSING
    if not text.strip("-"):
        return Absence.NOT_YET
    if text.casefold() == "kad":
        return Absence.NOT_APPLICABLE
    return None


def _read_boolean(text: str, given: object) -> bool:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise UnreadableNumber(
        f"“{given}” không phải có hoặc không; ghi có (yes, 1) hoặc không (no, 0).",
        given=str(given),
        problem="text",
    )


def _read_text(text: str, kind: Kind, given: str, refuse_ambiguous: bool) -> Number:
    if text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    shape = _SHAPES.fullmatch(text)
    if shape is None:
        raise UnreadableNumber(
            f"“{_short(given)}” không phải số; ghi bằng chữ số, ví dụ 1.234"
            f"{'' if _whole(kind) else ' hoặc 12,5'}.",
            given=given,
            problem="text",
        )
    _check_mark(shape["mark"], kind, given)
    whole, rest = _digits(shape, kind, given, refuse_ambiguous)
    return _checked(Decimal(f"{whole}.{rest or '0'}"), shape["sign"] == "-", kind, given)


def _digits(
    shape: re.Match[str], kind: Kind, given: str, refuse_ambiguous: bool
) -> tuple[str, str | None]:
    if shape["plain"]:
        return shape["plain"], None
    if shape["point_once"]:
        whole, rest = shape["point_once"].split(".")
        if _whole(kind):
            return whole + rest, None
        if refuse_ambiguous:
            raise _ambiguous(given, whole, rest)
        return whole, rest
    if shape["comma_once"]:
        whole, rest = shape["comma_once"].split(",")
        if _whole(kind):
            raise _ambiguous(given, whole, rest)
        return whole, rest
    for style, separator in (("points", "."), ("spaces", " "), ("commas", ",")):
        if shape[style]:
            return shape[style].replace(separator, ""), shape[f"{style}_rest"]
    return shape["whole"], shape["rest"]


def _check_mark(mark: str | None, kind: Kind, given: str) -> None:
    if mark is None or (mark == "%" and kind is Kind.DECIMAL):
        return
    if mark == "%":
        raise UnreadableNumber(
            f"“{given}” là tỷ lệ; cột này cần số lượng, hãy ghi số đếm được.",
            given=given,
            problem="share",
        )
    if kind is not Kind.MONEY:
        raise UnreadableNumber(
            f"“{given}” là số tiền; cột này cần số lượng, hãy bỏ chữ chỉ tiền.",
            given=given,
            problem="text",
        )


def _read_cell(given: object, kind: Kind) -> Value:
    """Read what a spreadsheet stored as a number, a truth value or a date."""
    if kind is Kind.BOOLEAN:
        if isinstance(given, int | Decimal | float) and given in (0, 1):
            return bool(given)
        return _read_boolean(str(given), given)
    if isinstance(given, date | time | timedelta):
        raise UnreadableNumber(
            f"“{given}” là ngày giờ; đặt lại định dạng ô là số rồi ghi lại giá trị.",
            given=str(given),
            problem="date",
        )
    if isinstance(given, bool) or not isinstance(given, int | Decimal | float):
        raise UnreadableNumber(
            f"“{given}” không phải số; ghi bằng chữ số.", given=str(given), problem="text"
        )
    # A spreadsheet keeps fifteen digits and shows those; the binary rest is not what was typed.
    number = Decimal(format(given, ".15g")) if isinstance(given, float) else Decimal(given)
    if not number.is_finite():
        raise UnreadableNumber(
            f"“{given}” không phải số; ghi bằng chữ số.", given=str(given), problem="text"
        )
    return _checked(abs(number), number < 0, kind, given)


def _checked(size: Decimal, negative: bool, kind: Kind, given: object) -> Number:
    """Return a size that the column can hold: not negative, whole where it counts."""
    if negative and size:
        raise UnreadableNumber(
            f"“{given}” là số âm; số liệu báo cáo không nhỏ hơn 0.",
            given=str(given),
            problem="negative",
        )
    if size > LARGEST:
        raise UnreadableNumber(
            f"“{_short(str(given))}” quá lớn; kiểm tra lại số chữ số (tối đa 15).",
            given=str(given),
            problem="too_large",
        )
    if not _whole(kind):
        return size.normalize() if size % 1 else int(size)
    if size % 1:
        what = "số tiền tính bằng đồng" if kind is Kind.MONEY else "số đếm"
        raise UnreadableNumber(
            f"“{given}” có phần lẻ; {what} phải là số nguyên.", given=str(given), problem="fraction"
        )
    return int(size)


def _ambiguous(given: str, whole: str, rest: str) -> UnreadableNumber:
    return UnreadableNumber(
        f"“{given}” có thể là {whole}{rest} hoặc {whole} phẩy {rest}; "
        f"ghi {whole}{rest} hoặc ghi rõ phần lẻ sau dấu phẩy.",
        given=given,
        problem="ambiguous",
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"


def _whole(kind: Kind) -> bool:
    return kind is not Kind.DECIMAL
