"""
How a typed name is matched with the names of units.

A person types "TP.Sóc Trăng", "xa tan an", "Hoà Bình", "P1" or "Vĩnh Linh, Quảng Trị". Text is
cut into words; leading words may be a type word or its short form; what stands after a comma
names units above. Matching is by a key without marks, and marks that were typed decide
between names that differ by them (Tân An, Tân Ân).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from diaban.areas.rules.levels import RANK, SHORT_FORMS, TYPE_WORDS, Level
from diaban.core.text import has_marks, search_key, space, tone_key

_SHORT_WITH_NUMBER = re.compile(r"^(p|q|f)\.?\s?(\d{1,2})$", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+", re.UNICODE)
# "Mỹ" and "Mĩ", "Quy Nhơn" and "Qui Nhơn" are one name; "Thủy" and "Thủi" are not.
_I_WRITTEN_Y = re.compile(r"(?<=[bcdghklmnpqrstvx])y\b|(?<=\bqu)y\b")
# "Đắk Lắk" was written "Đắc Lắc".
_C_WRITTEN_K = re.compile(r"k\b")
_LEADING_ZEROS = re.compile(r"\b0+(?=\d)")


def name_key(name: str) -> str:
    """
    Return the key by which a name is found: without marks, type word not included.

    Spellings that stand for the same sounds are one: i and y after a consonant, c and k at the
    end, numbers with and without leading zeros.
    """
    key = _I_WRITTEN_Y.sub("i", search_key(name))
    return _LEADING_ZEROS.sub("", _C_WRITTEN_K.sub("c", key))


def _type_forms() -> dict[tuple[str, ...], str]:
    forms: dict[tuple[str, ...], str] = {}
    for words in TYPE_WORDS.values():
        for word in words:
            for form in (word, *SHORT_FORMS.get(word, ())):
                forms[tuple(search_key(form).split())] = word
    return forms


# From the folded words of a type word or short form to the type word.
_TYPE_FORMS = _type_forms()
_LONGEST_FORM = max(map(len, _TYPE_FORMS))


# Smaller is better; what each place of it means is said in `rank`.
Rank = tuple[int, ...]


class Closeness(IntEnum):
    """How well a name matches; smaller is better."""

    SAME = 0
    SAME_WITHOUT_MARKS = 1
    ALIAS = 2
    BEGINS = 3
    BEGINS_WITHOUT_MARKS = 4
    # From the beginning of one of its words.
    CONTAINS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read what was typed: a name, and the type word that may stand before it."""

    key: str
    tones: str
    type_word: str | None


@dataclass(frozen=True, slots=True)
class Query:
    """
    What was typed, read.

    `readings`: the whole as a name first, then with its type word taken off.
    `marked`: marks were typed, so they count. `above`: keys of units above, innermost first.
    `code`: the text if it can be a unit's code.
    """

    readings: tuple[Reading, ...]
    marked: bool
    above: tuple[str, ...]
    code: str | None

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys to look up."""
        return tuple(dict.fromkeys(reading.key for reading in self.readings))


class Named(NamedTuple):
    """
    What ranking must know of a name that was found.

    `code` is its unit's; `in_force`: it is the name of a living unit on the day asked for.
    """

    code: str
    name: str
    type_word: str
    key: str
    level: Level
    in_force: bool
    alias: bool = False


def read_query(text: str) -> Query | None:
    """Return what was typed as a query, or None when it holds neither a letter nor a digit."""
    first, *above = [part for part in space(text).split(",") if search_key(part)] or [""]
    words = _WORDS.findall(_SHORT_WITH_NUMBER.sub(r"\1 \2", first.strip()).replace("'", ""))
    if not words:
        return None
    readings = [_reading(words, None)]
    for length in range(min(_LONGEST_FORM, len(words) - 1), 0, -1):
        type_word = _TYPE_FORMS.get(tuple(search_key(word) for word in words[:length]))
        if type_word is not None:
            readings.append(_reading(words[length:], type_word))
            break
    code = first.strip()
    return Query(
        readings=tuple(readings),
        marked=any(map(has_marks, words)),
        above=tuple(_name_without_type(part) for part in above),
        code=code if re.fullmatch(r"\d{2,5}(\.\d{3})?|VN", code) else None,
    )


def rank(query: Query, named: Named) -> Rank | None:
    """
    Return what to sort matches by, best first, or None for no match.

    First how close the name is, then whether the type word is the one typed, names in force
    before names of the past, higher levels before lower ones.
    """
    fits = [
        (close, reading.type_word not in (None, named.type_word))
        for reading in query.readings
        if (close := _close(reading, named)) is not None
    ]
    if query.code is not None and named.code == query.code:
        fits.append((Closeness.SAME, False))
    if not fits:
        return None
    close, other_type = min(fits)
    return (close, other_type, not named.in_force, RANK[named.level])


def pick(query: Query, found: Sequence[Named]) -> list[tuple[Rank, int]]:
    """
    Return which of `found` answer the query, as (rank, position), best first.

    What was typed exactly shuts out what only resembles it: with marks typed, Tân An shuts out
    Tân Ân; with a type word typed, xã Tân An shuts out phường Tân An. Nothing is shut out when
    nothing fits exactly.
    """
    ranked = [
        (fit, position) for position, named in enumerate(found) if (fit := rank(query, named))
    ]
    if query.marked and any(fit[0] == Closeness.SAME for fit, _ in ranked):
        ranked = [(fit, at) for fit, at in ranked if fit[0] != Closeness.SAME_WITHOUT_MARKS]
    if any(not fit[1] for fit, _ in ranked):
        ranked = [(fit, at) for fit, at in ranked if not fit[1]]
    return sorted(ranked)


def _reading(words: list[str], type_word: str | None) -> Reading:
    text = " ".join(words)
    return Reading(name_key(text), _tones(text), type_word)


@lru_cache(maxsize=4096)
def _tones(name: str) -> str:
    return tone_key(" ".join(_WORDS.findall(space(name).replace("'", ""))))


def _close(reading: Reading, named: Named) -> Closeness | None:
    if named.key == reading.key:
        if named.alias:
            return Closeness.ALIAS
        if _tones(named.name) == reading.tones:
            return Closeness.SAME
        return Closeness.SAME_WITHOUT_MARKS
    if named.key.startswith(reading.key):
        so_far = len(reading.tones.split()) - 1
        same = reading.tones.split()[:so_far] == _tones(named.name).split()[:so_far]
        return Closeness.BEGINS if same else Closeness.BEGINS_WITHOUT_MARKS
    if f" {reading.key}" in named.key:
        return Closeness.CONTAINS
    return None


def _name_without_type(text: str) -> str:
    query = read_query(text)
    return query.readings[-1].key if query else ""
