"""What stands before a paragraph: `II.`, `1.1.`, `a)`, `-`, `+`, `(1)`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diaban.plans.reader.folding import UPPER, is_upper

_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}

# "V/v" opens a subject, it is no number five.
_ROMAN = re.compile(r"(?!V/v\b)([IVXLC]{1,6})(\s*[.,/):–-]+\s*|\s+)(?=\S)")
# "PHẦN THỨ NHẤT", "Phần II", "Chương I": they stand over "I.".
_PART = re.compile(
    r"(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:(?:THỨ|[Tt]hứ)\s+)?"
    r"(?P<n>[IVX]{1,5}|NHẤT|[Nn]hất|MỘT|HAI|[Hh]ai|BA|[Bb]a|TƯ|[Tt]ư|NĂM|[Nn]ăm)"
    r"(?:\s*[.,/):–-]+\s*|\s+)(?=\S)"
)
_PARTS = {"NHẤT": "I", "MỘT": "I", "HAI": "II", "BA": "III", "TƯ": "IV", "NĂM": "V"}
_UPPER = re.compile(r"([A-HĐ])\s*[.)/]\s+(?=\S)")
_NUMBER = re.compile(
    r"(\d{1,2}(?:\.\d{1,2})+)(?:[.)/:]\s*|\s+)(?=[^\s\d%.,/])"
    r"|(\d{1,2})\s*(?:[.)]|/(?!\d))\s*(?=[^\s\d%.,/)])"
    r"|(\d{1,2}(?:\.\d{1,2})*)[.)]\s+(?=\S)"
    # "1- Mục đích": the dash must touch the number, or "5 - Các" could be a sum.
    rf"|(\d{{1,2}}(?:\.\d{{1,2}})*)[-–]\s*(?=[{UPPER}“\"])"
)
_LETTER = re.compile(rf"([a-zđ])(?:\s*[.)/]\s+|[-–]\s*(?=[{UPPER}]))(?=\S)")
_PAREN = re.compile(r"\((\d{1,2}|[a-zđ]|[ivx]{1,4})\)\s*(?=\S)")
_DASH = re.compile(r"[-–—−]\s*(?=[^\s\d-])|[-–—−]\s+(?=\S)")
_PLUS = re.compile(r"\+\s*(?=\S)")
_DOT = re.compile(rf"[•●○▪◦·‣➢➤✓■□\uf0b7\uf0a7\uf02d*]\s*(?=\S)|o\s+(?=[{UPPER}])")


@dataclass(frozen=True, slots=True)
class Marker:
    """
    A printed marker.

    `style` is one of part, roman, upper, number, letter, paren, dash, plus, dot. `value` is the
    marker as printed, without its sign (`1.1`; "PHẦN THỨ HAI" is `II`). `length` counts the
    characters up to the text itself.
    """

    style: str
    value: str
    length: int

    @property
    def is_bullet(self) -> bool:
        """Whether the marker carries no number."""
        return self.style in ("dash", "plus", "dot")

    @property
    def depth(self) -> int:
        """How many numbers the marker joins: 2 for `1.1`."""
        return self.value.count(".") + 1 if self.style == "number" else 1

    @property
    def ranks(self) -> tuple[int, ...]:
        """
        The places in the sequence (`IV` is 4, `1.12` is 12); none for a bullet.

        Letters have two: with "đ" after "d" and without.
        """
        if self.style in ("roman", "part"):
            return (roman(self.value),)
        if self.style == "number":
            return (int(self.value.rsplit(".", 1)[-1]),)
        if self.style == "paren" and self.value.isdigit():
            return (int(self.value),)
        if self.style in ("letter", "paren", "upper"):
            letter = self.value[0].lower()
            places = {
                "abcdđeghiklmnopqrstuvxy".find(letter),
                "abcdefghijklmnopqrstuvwxyz".find(letter),
            }
            return tuple(sorted(place + 1 for place in places if place >= 0))
        return ()


def roman(numeral: str) -> int:
    """Return the value of a Roman numeral; 0 if it is not written as one writes them."""
    total, last = 0, 0
    for letter in reversed(numeral):
        value = _ROMAN_VALUES[letter]
        total += -value if value < last else value
        last = max(last, value)
    return total if _written(total) == numeral else 0


def _written(number: int) -> str:
    parts = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"))
    out = ""
    for value, numeral in (*parts, (4, "IV"), (1, "I")):
        while number >= value:
            out, number = out + numeral, number - value
    return out


def marker_of(line: str) -> Marker | None:
    """Return the marker at the start of `line`, or None."""
    return _numeral(line) or _bullet(line)


def _numeral(line: str) -> Marker | None:
    found = _PART.match(line)
    if found:
        printed = found["n"].upper()
        return Marker("part", _PARTS.get(printed, printed), found.end())
    found = _ROMAN.match(line)
    if found and roman(found[1]) and (found[2].strip() or is_upper(line[found.end() :])):
        return Marker("roman", found[1], found.end())
    found = _NUMBER.match(line)
    if found:
        return Marker("number", next(filter(None, found.groups())), found.end())
    found = _PAREN.match(line)
    if found:
        return Marker("paren", found[1], found.end())
    found = _LETTER.match(line)
    if found:
        return Marker("letter", found[1], found.end())
    found = _UPPER.match(line)
    if found and re.match(rf"[{UPPER}“\"]", line[found.end() :]):
        return Marker("upper", found[1], found.end())
    return None


def _bullet(line: str) -> Marker | None:
    for style, pattern in (("dash", _DASH), ("plus", _PLUS), ("dot", _DOT)):
        found = pattern.match(line)
        if found:
            return Marker(style, line[0], found.end())
    return None
