"""
Vietnamese text without its marks, letter by letter.

`flat` keeps the length of the text, so that what is found in the flat text stands at the same
place in the text itself. (`core.text.fold` also joins spaces and may not be used for that.)
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# The capital letters of Vietnamese, for character classes. In Unicode they alternate with the
# small ones, so that a range would take in both.
UPPER = "A-ZĐÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĨŨƠƯ" + "".join(map(chr, range(0x1EA0, 0x1EFA, 2)))


class _Bases(dict[int, str]):
    """Code point to its letter without marks, filled as letters are met."""

    def __missing__(self, point: int) -> str:
        letter = chr(point)
        plain = "d" if letter in "đĐ" else unicodedata.normalize("NFD", letter)[0].lower()
        self[point] = plain if len(plain) == 1 else letter
        return self[point]


_BASES = _Bases()


@lru_cache(maxsize=1024)
def flat(text: str) -> str:
    """
    Return `text` (NFC) in lower case without marks, of the same length.

    Kept for the last thousand texts: each paragraph is asked for by every kind of item.
    """
    return text.translate(_BASES)


def space(text: str) -> str:
    """Return `text` with every run of white space as one space."""
    return " ".join(text.split())


def is_upper(text: str) -> bool:
    """
    Return whether the text is set in capitals.

    A few small letters may slip in, as in OCR. Small letters with marks do not count at all: the
    old one-byte fonts had no capitals with marks, so their "KẾ HOẠCH" comes out as "Kế HOạCH".
    """
    plain = [c for c in text if "a" <= c <= "z" or c.isupper()]
    return len(plain) >= 2 and sum(c.isupper() for c in plain) >= 0.8 * len(plain)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the offsets without the white space at both ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
