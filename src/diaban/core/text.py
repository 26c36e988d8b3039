"""
Vietnamese text: one spelling to store, keys to compare by, and the order of the dictionary.

Stored text is NFC with single spaces (`space`). Two texts that a reader takes for the same
compare equal by `tone_key` (marks count, their place does not: Hoà = Hòa) or by `fold` (marks
do not count at all). Lists are sorted by `sort_key`, which SQLite and PostgreSQL can store and
compare under any collation.

Standard library only, and no table is read: a script can import this at no cost.
"""

import re
import unicodedata
from functools import lru_cache

# ngang, huyền, hỏi, ngã, sắc, nặng: the order of the dictionary.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_TONE_RANK = {mark: str(rank) for rank, mark in enumerate(_TONES, start=2)}
_NO_TONE = "1"
_FOREIGN_MARK = "7"

_APOSTROPHES = dict.fromkeys(map(ord, "\u2018\u2019\u201b\u02bc\u02b9\u00b4\u0060\u2032"), "'")
# Characters that take no room on paper but make two equal words differ.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF), None)
# The Icelandic eth looks like Đ and is what some old fonts typed for it.
_ETH = {0x00D0: "Đ", 0x00F0: "đ"}
_TIDY = {**_APOSTROPHES, **_INVISIBLE, **_ETH}

_MARKS = dict.fromkeys(range(0x0300, 0x0370), None)
_UNMARK = {**_TIDY, **_MARKS, ord("đ"): "d", 0x00F0: "d", ord("ƀ"): "b"}

_NOT_ALNUM = re.compile(r"[\W_]+", re.UNICODE)


def nfc(text: str) -> str:
    """Return `text` with every letter and its marks as one character (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def space(text: str) -> str:
    """
    Return `text` as it is stored: NFC, single spaces, straight apostrophes, nothing invisible.

    Line ends count as spaces.
    """
    return " ".join(nfc(text).translate(_TIDY).split())


def fold(text: str) -> str:
    """
    Return `text` in small letters without marks (đ becomes d), single-spaced.

    Punctuation stays, apostrophes are straightened. The key for "typed without marks": where
    the tone mark stood (Hoà, Hòa) makes no difference, because no mark is left.
    """
    plain = unicodedata.normalize("NFD", text.lower()).translate(_UNMARK)
    return " ".join(plain.split())


def search_key(text: str) -> str:
    """
    Return `fold(text)` with letters and digits only, single-spaced; apostrophes join.

    "Ea H'Leo", "Ea HLeo" and "ea h’leo" have the same key, and so have "Bà Rịa - Vũng Tàu"
    and "Bà Rịa–Vũng Tàu".
    """
    return _NOT_ALNUM.sub(" ", fold(text).replace("'", "")).strip()


def tone_key(text: str) -> str:
    """
    Return a key that keeps marks but forgets on which vowel the tone mark stood.

    A Vietnamese syllable has one tone, so the tone is moved to the end of its word: "Hoà" and
    "Hòa" are equal, "Hoa" and "Hòa" are not. Case, spaces and apostrophes do not count. The key
    is for comparing, not for showing.
    """
    decomposed = unicodedata.normalize("NFD", space(text).lower())
    return " ".join(map(_tone_last, decomposed.split()))


def has_marks(text: str) -> bool:
    """Return whether anything in `text` would be lost by `fold` besides case."""
    return fold(text) != " ".join(text.lower().translate(_TIDY).split())


def sort_key(text: str) -> str:
    """
    Return a key whose plain string order is the order of the Vietnamese dictionary.

    Letters first (a ă â b … y, đ after d, spaces before everything), then tones (ngang, huyền,
    hỏi, ngã, sắc, nặng), then small before capital: the order of ICU for `vi`, with two
    differences that people expect: numbers compare by value ("Thôn 2" before "Thôn 10"), and
    the place of the tone mark does not count.

    Shape: digits only, so that every collation of every database agrees; up to four times as
    long as the text.
    """
    letters, tones, cases = "", "", ""
    for part in _PARTS.findall(space(text)):
        of_letters, of_tones, of_cases = _part_key(part)
        letters += of_letters
        tones += of_tones
        cases += of_cases
    return "00".join((letters, tones.rstrip(_NO_TONE), cases.rstrip("1")))


def _tone_last(word: str) -> str:
    tones = "".join(mark for mark in word if mark in _TONE_RANK)
    return "".join(mark for mark in word if mark not in _TONE_RANK) + tones


_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PUNCTUATION = " _-,;:!?.'\"()[]@*/&#%+"
_LETTER = {sign: f"{rank:02}" for rank, sign in enumerate(_PUNCTUATION, start=10)} | {
    letter: f"{rank:02}" for rank, letter in enumerate(_ALPHABET, start=50)
}
_NUMBER = "40"
_OTHER = "99"
_PARTS = re.compile(r"[0-9]+|[^\W\d_]+|.", re.UNICODE | re.DOTALL)


# A nation's place names are made of few syllables: the cache makes the key four times cheaper.
@lru_cache(maxsize=8192)
def _part_key(part: str) -> tuple[str, str, str]:
    if part.isdecimal():
        return _number(part), "", ""
    letters, tones, cases = "", "", ""
    for base, tone in _syllable(part):
        letters += _LETTER.get(base.lower()) or _other(base)
        tones += tone
        cases += "2" if base != base.lower() else "1"
    return letters, tones, cases


def _syllable(part: str) -> list[tuple[str, str]]:
    """Return each letter of a word with a tone rank; the word's tone stands on its first vowel."""
    found: list[tuple[str, str]] = []
    carrier = None
    for sign in unicodedata.normalize("NFD", part):
        if not unicodedata.combining(sign):
            found.append((sign, _NO_TONE))
            if carrier is None and sign.lower() in "aeiouy":
                carrier = len(found) - 1
        elif not found:
            continue
        elif sign in _TONE_RANK:
            place = len(found) - 1 if carrier is None else carrier
            found[place] = (found[place][0], _TONE_RANK[sign])
        else:
            base, tone = found[-1]
            joined = unicodedata.normalize("NFC", base + sign)
            known = joined.lower() in _LETTER
            found[-1] = (joined, tone) if known else (base, _FOREIGN_MARK)
    return found


def _number(digits: str) -> str:
    digits = digits.lstrip("0")[:99]
    return f"{_NUMBER}{len(digits):02}{digits}"


def _other(sign: str) -> str:
    return f"{_OTHER}{ord(sign):07}"


def lower_first(text: str) -> str:
    """Return a name as it stands inside a sentence: its first letter small, the rest as it is."""
    return text[:1].lower() + text[1:]
