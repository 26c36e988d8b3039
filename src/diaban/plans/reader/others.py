"""Duties of named bodies outside the assignment section: "Sở Tài chính phân bổ kinh phí …"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diaban.plans.reader.agencies import (
    clean_unit,
    looks_like_body,
    unit_at,
    unit_at_start,
    without_ask,
)
from diaban.plans.reader.deadlines import Calendar
from diaban.plans.reader.duties import role, task_deadlines
from diaban.plans.reader.folding import UPPER, flat, space, trimmed
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.subjects import acts, subject_end
from diaban.plans.reader.targets import describes
from diaban.plans.reader.values import OtherDuty, Span

# What may stand before the subject: on what ground, when, to what end.
_GROUND = re.compile(
    r"(?:can cu|tren co so|theo|tu tinh hinh|de|dinh ky|hang (?:tuan|thang|quy|nam)|truoc ngay|"
    r"cham nhat|trong qua trinh|khi co|ngay sau khi|sau khi|ket thuc|tu ngay|vao)\b[^.;:]*?,\s*|"
    r"can cu (?:noi dung )?(?:cua )?ke hoach nay\s+"
)
# Not the subject, but to whom or through whom: "Định kỳ báo cáo UBND tỉnh (qua Công an tỉnh)".
_READER = re.compile(r"\b(?:bao cao|gui|nop|trinh)\b|\(")
_SENTENCE = re.compile(rf"(?<=[.;])\s+(?=[{UPPER}])")


def other_duties(outline: Outline, done: set[int], calendar: Calendar) -> list[OtherDuty]:
    """Return the duties of named bodies in paragraphs that gave no task yet."""
    found: list[OtherDuty] = []
    for node in outline.nodes():
        if node.paragraph.start in done or _describes(node):
            continue
        duties = list(_subjects(node, calendar))
        # What stands before the first subject is for the body of the heading.
        end = duties[0].span[0] - node.paragraph.start if duties else len(node.paragraph.text)
        own = _under_unit(node, end, calendar)
        found.extend(([own] if own is not None else []) + duties)
    return found


def _describes(node: Node | None) -> bool:
    """Whether a paragraph tells how things are: what a body did there is no duty."""
    while node is not None:
        if node.title and describes(node.title):
            return True
        node = node.parent
    return False


def _subjects(node: Node, calendar: Calendar) -> Iterator[OtherDuty]:
    """The sentences of a paragraph whose subject is a body: "Giao Công an xã chủ trì …"."""
    text = node.paragraph.text
    start = node.paragraph.body
    if node.is_section:
        if node.rest is None:
            return
        # "Tuyên truyền: Sở Y tế tổ chức …": the subject stands behind the title.
        title_acts = _acting(text, start) is not None
        start = start if title_acts else node.rest
    begins = [start, *(m.end() for m in _SENTENCE.finditer(text, start))]
    acting = [(at, span) for at in begins if (span := _acting(text, at)) is not None]
    ends = [at for at, _ in acting[1:]] + [len(text)] if acting else []
    for (at, span), end in zip(acting, ends, strict=True):
        unit = clean_unit(without_ask(text[span[0] : span[1]]))
        yield _made(node, unit, (at, end), span[1], calendar)


def _acting(text: str, start: int) -> Span | None:
    """Where the body stands that a sentence from `start` gives something to do, or None."""
    span = _unit(text, start)
    if span is None or not acts(text[span[1] :]):
        span = _unlisted(text, start)
    return span


def _unlisted(text: str, start: int) -> Span | None:
    """A body that is in no list, before a verb of duty: "Đội Kiểm soát ma túy chủ trì …"."""
    asked = len(text[start:]) - len(without_ask(text[start:]))
    end = subject_end(text[start + asked :])
    if end is None or not looks_like_body(text[start + asked : start + asked + end]):
        return None
    return start, start + asked + end


def _unit(text: str, start: int) -> Span | None:
    words = flat(text)
    end = unit_at_start(text[start:])
    if end is not None:
        return start, start + _unlisted_end(text, start, end)
    for ground in _GROUND.finditer(words, start):
        if ground.start() != start and ground.start() > start + 2:
            break
        for place in re.finditer(r",\s+|nay\s+", words[start : start + 260]):
            at = start + place.end()
            if _READER.search(words, start, at):
                break
            stop = unit_at(text, at, words)
            if stop is not None and acts(text[_list_end(text, words, stop) :]):
                return at, _list_end(text, words, stop)
    return None


_FURTHER = re.compile(r"\s*(?:,|;|\bva\b)\s*")


def _unlisted_end(text: str, start: int, end: int) -> int:
    """Take in a last body of a list that is in no list of names: "…, Ban điều hành khu phố"."""
    cut = _FURTHER.match(flat(text), start + end)
    if cut is None or acts(text[start + end :]):
        return end
    more = subject_end(text[cut.end() :])
    return end if more is None else cut.end() + more - start


def _list_end(text: str, words: str, end: int) -> int:
    while True:
        cut = re.compile(r"\s*(?:,|;|\bva\b)\s*").match(words, end)
        more = unit_at(text, cut.end(), words) if cut else None
        if more is None:
            return end
        end = more


def _under_unit(node: Node, end: int, calendar: Calendar) -> OtherDuty | None:
    """A bullet, up to offset `end`, below a heading that names a body."""
    above = node.parent
    body = node.paragraph.body
    if node.is_section or above is None or above.title is None or end - body < 12:
        return None
    if unit_at_start(above.title) != len(above.title):
        return None
    return _made(node, clean_unit(without_ask(above.title)), (body, end), body, calendar)


def _made(node: Node, unit: str, span: Span, verb: int, calendar: Calendar) -> OtherDuty:
    text = node.paragraph.text
    start, end = trimmed(text, *span)
    words = text[start:end]
    return OtherDuty(
        unit,
        space(words),
        node.section_label(),
        role(text[verb:].lstrip(" :,")),
        task_deadlines(words, calendar),
        node.paragraph.span(start, end),
    )
