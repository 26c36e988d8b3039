"""Duties of named bodies outside the assignment section: "Sở Tài chính phân bổ kinh phí …"."""

from __future__ import annotations

import re

from diaban.plans.reader.agencies import clean_unit, unit_at, unit_at_start, without_ask
from diaban.plans.reader.deadlines import Calendar
from diaban.plans.reader.duties import role, task_deadlines
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.subjects import begins_with_verb
from diaban.plans.reader.values import OtherDuty, Span

_GROUND = re.compile(
    r"(?:can cu|tren co so|theo|tu tinh hinh|de)\b[^.;:]*?,\s*|"
    r"can cu (?:noi dung )?(?:cua )?ke hoach nay\s+"
)


def other_duties(outline: Outline, done: set[int], calendar: Calendar) -> list[OtherDuty]:
    """Return the duties of named bodies in paragraphs that gave no task yet."""
    found: list[OtherDuty] = []
    for node in outline.nodes():
        if node.paragraph.start in done:
            continue
        duty = _subject(node, calendar) or _under_unit(node, calendar)
        if duty is not None:
            found.append(duty)
    return found


def _subject(node: Node, calendar: Calendar) -> OtherDuty | None:
    """A paragraph whose subject is a body: "Giao Công an xã chủ trì …"."""
    text, start = node.paragraph.text, node.paragraph.body
    if node.is_section and node.rest is None:
        return None
    span = _unit(text, start)
    if span is None or not begins_with_verb(text[span[1] :]):
        return None
    unit = clean_unit(without_ask(text[span[0] : span[1]]))
    return _made(node, unit, start, span[1], calendar)


def _unit(text: str, start: int) -> Span | None:
    words = flat(text)
    end = unit_at_start(text[start:])
    if end is not None:
        return start, start + end
    for ground in _GROUND.finditer(words, start):
        if ground.start() != start and ground.start() > start + 2:
            break
        for place in re.finditer(r",\s+|nay\s+", words[start : start + 260]):
            at = start + place.end()
            stop = unit_at(text, at, words)
            if stop is not None and begins_with_verb(text[_list_end(text, words, stop) :]):
                return at, _list_end(text, words, stop)
    return None


def _list_end(text: str, words: str, end: int) -> int:
    while True:
        cut = re.compile(r"\s*(?:,|;|\bva\b)\s*").match(words, end)
        more = unit_at(text, cut.end(), words) if cut else None
        if more is None:
            return end
        end = more


def _under_unit(node: Node, calendar: Calendar) -> OtherDuty | None:
    """A bullet below a heading that names a body."""
    above = node.parent
    if node.is_section or above is None or above.title is None:
        return None
    if unit_at_start(above.title) != len(above.title):
        return None
    return _made(
        node,
        clean_unit(without_ask(above.title)),
        node.paragraph.body,
        node.paragraph.body,
        calendar,
    )


def _made(node: Node, unit: str, start: int, verb: int, calendar: Calendar) -> OtherDuty:
    text = node.paragraph.text
    start, end = trimmed(text, start, len(text))
    words = text[start:end]
    return OtherDuty(
        unit,
        space(words),
        node.section_label(),
        role(text[verb:].lstrip(" :,")),
        task_deadlines(words, calendar),
        node.paragraph.span(start, end),
    )
