"""A paragraph cut into clauses: what one quote may hold."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from diaban.plans.reader.folding import UPPER, trimmed
from diaban.plans.reader.values import Span

# No paragraph of a plan holds more of a kind; what does is noise, and is read no further.
MAX_ITEMS = 200

_STOP = re.compile(rf";|[.!?](?=\s+[{UPPER}“\"(+-])|\./\.|[.!?](?=\s*$)|…(?=\s+[{UPPER}])")


@lru_cache(maxsize=128)
def clauses(text: str, start: int = 0) -> tuple[Span, ...]:
    """Return the clauses of a text from offset `start`: cut at ";" and at full stops."""
    found: list[Span] = []
    at = start
    depth = 0
    stops = {m.start(): m.end() for m in _STOP.finditer(text, start)}
    for place in range(start, len(text)):
        sign = text[place]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        if place in stops and place >= at and (depth == 0 or sign != ";"):
            _keep(found, text, at, place)
            at, depth = stops[place], 0
    _keep(found, text, at, len(text))
    return tuple(found)


def _keep(found: list[Span], text: str, start: int, end: int) -> None:
    start, end = trimmed(text, start, end)
    if start < end:
        found.append((start, end))


@lru_cache(maxsize=128)
def parentheses(text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the contents of the outer parentheses between two offsets."""
    found: list[Span] = []
    depth, opened = 0, start
    for place in range(start, end):
        if text[place] == "(":
            if depth == 0:
                opened = place + 1
            depth += 1
        elif text[place] == ")" and depth:
            depth -= 1
            if depth == 0:
                found.append((opened, place))
    if depth:
        found.append((opened, end))
    return tuple(found)


def clause_around(text: str, at: int, start: int = 0) -> Span:
    """Return the clause that offset `at` stands in; within parentheses, the part there."""
    clause = around(clauses(text, start), at)
    if clause is None:
        return trimmed(text, start, len(text))
    bracket = around(parentheses(text, *clause), at)
    return clause if bracket is None else _part(text, *bracket, at)


def around(spans: Sequence[Span], at: int) -> Span | None:
    """Return the span that holds offset `at`, or None; the spans are in order and apart."""
    place = bisect_right(spans, at, key=lambda span: span[0]) - 1
    return spans[place] if place >= 0 and at < spans[place][1] else None


def _part(text: str, start: int, end: int, at: int) -> Span:
    """The piece between ";" within parentheses that holds offset `at`."""
    left = max(start, text.rfind(";", start, at) + 1)
    right = text.find(";", at, end)
    return trimmed(text, left, end if right < 0 else right)
