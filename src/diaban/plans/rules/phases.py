"""To which phase of a plan its words bind a duty or a target, and to none where they do not."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diaban.core.text import fold

_NUMBER = re.compile(r"\bgiai doan\s+0*(\d+|[ivx]+)\b")
# Where the words of a phase end: at the next bullet, number, heading or phase.
_NEXT = re.compile(r"\n(?=\s*(?:[-+•*–]|\d+[.)]|[IVX]+\.|[a-zđ]\)|Giai đoạn|$))")
_REST = re.compile(
    r"\b(?:xa|phuong|thi tran|dac khu|thon|dia ban|dia phuong)\b[^.;]{0,30}\bcon lai\b"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase as far as things are bound to it: its name, where it is spoken of, its `key`."""

    key: int
    name: str
    start: int


def phase_of(
    what: str, at: int, phases: Sequence[Stretch], sections: Sequence[tuple[int, int]]
) -> int | None:
    """
    Return the key of the phase that a sentence belongs to.

    It does when it names one phase ("trong giai đoạn 2"), or stands between that phase's own
    words and the next phase, in the same section. `at` is where the sentence begins; `sections`
    are the spans of the plan's headings with what follows them.
    """
    named = {_number(match[1]) for match in _NUMBER.finditer(fold(what))}
    fitting = [one for one in phases if _numbers(one.name) & named]
    if len(named) == 1 and len(fitting) == 1:
        return fitting[0].key
    before = [one for one in phases if one.start <= at]
    if not before:
        return None
    last = max(before, key=lambda one: one.start)
    if _section(last.start, sections) != _section(at, sections):
        return None
    return last.key


def takes_the_rest(text: str, start: int, end: int) -> bool:
    """
    Return whether the words of a phase speak of "các xã, phường còn lại".

    They begin at `start`, its dates end at `end`; what it says of areas follows these.
    """
    after = _NEXT.split(text[end:], maxsplit=1)[0]
    return bool(_REST.search(" ".join(fold(text[start:end] + after).split())))


def _numbers(name: str) -> set[int]:
    return {_number(match[1]) for match in _NUMBER.finditer(fold(name))}


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _ROMAN.get(text, 0)


def _section(at: int, sections: Sequence[tuple[int, int]]) -> int:
    return max((start for start, _end in sections if start <= at), default=-1)
