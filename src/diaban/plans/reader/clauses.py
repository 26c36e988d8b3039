"""A paragraph cut into clauses: what one quote may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diaban.plans.reader.folding import UPPER, trimmed
from diaban.plans.reader.values import Span

_STOP = re.compile(rf";|[.!?](?=\s+[{UPPER}“\"(+-])|\./\.|[.!?](?=\s*$)|…(?=\s+[{UPPER}])")


def clauses(text: str, start: int = 0) -> list[Span]:
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
    return found


def _keep(found: list[Span], text: str, start: int, end: int) -> None:
    start, end = trimmed(text, start, end)
    if start < end:
        found.append((start, end))


def parentheses(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the contents of the outer parentheses between two offsets."""
    depth, opened = 0, start
    for place in range(start, end):
        if text[place] == "(":
            if depth == 0:
                opened = place + 1
            depth += 1
        elif text[place] == ")" and depth:
            depth -= 1
            if depth == 0:
                yield opened, place
    if depth:
        yield opened, end


def clause_around(text: str, at: int, start: int = 0) -> Span:
    """Return the clause that offset `at` stands in; within parentheses, the part there."""
    for begin, end in clauses(text, start):
        if not begin <= at < end:
            continue
        for a, b in parentheses(text, begin, end):
            if a <= at < b:
                return _part(text, a, b, at)
        return begin, end
    return trimmed(text, start, len(text))


def _part(text: str, start: int, end: int, at: int) -> Span:
    """The piece between ";" within parentheses that holds offset `at`."""
    left = max(start, text.rfind(";", start, at) + 1)
    right = text.find(";", at, end)
    return trimmed(text, left, end if right < 0 else right)
