"""
Who does what by when: the assignment section, unit by unit.

The headings of the assignment section are units even when their names are not known. Where a plan
has no such section, the headings of "Tổ chức thực hiện" that name a body are taken.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diaban.plans.reader.agencies import (
    clean_unit,
    is_request,
    looks_like_body,
    split_units,
    unit_at_start,
    without_ask,
)
from diaban.plans.reader.columns import cell_deadlines
from diaban.plans.reader.dates import date_phrases
from diaban.plans.reader.deadlines import Calendar, deadlines
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.joining import terminal
from diaban.plans.reader.labels import attach, fields_of, is_label_line
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.outline import ASSIGNS
from diaban.plans.reader.subjects import acts, begins_with_verb, is_body_name, subject_end
from diaban.plans.reader.values import Assignment, Deadline, Span, Task

_ORGANISES = re.compile(r"to chuc (?:trien khai )?thuc hien|trach nhiem|nhiem vu")
_ORGANISED = re.compile(r"to chuc (?:trien khai )?thuc hien$")
_NO_UNIT = re.compile(
    r"(?:cac|nhung|mot so) (?:nhiem vu|noi dung|giai phap|cong viec|hoat dong|chi tieu)\b|"
    r"(?:trong|truoc|den het|quy|thang) .*\d|"
    r"(?:kinh phi|nguon kinh phi|thoi gian|che do|thong tin|bao cao|khen thuong|lo trinh|"
    r"pham vi|so ket|tong ket|giam sat|to chuc thuc hien|"
    r"thi dua|kiem tra|cong tac|nhiem vu|noi dung|giai phap|muc tieu|chi tieu|quan diem|"
    r"yeu cau chung|"
    r"muc dich|yeu cau|dieu khoan|hinh thuc|tien do|phan ky|giai doan)\b"
)
# "Nhiệm vụ trước mắt, hoàn thành trước ngày …:", "… các nội dung sau:": it holds for all below.
_FOR_ALL = re.compile(
    r"\b(?:noi dung|nhiem vu|cong viec|viec|hoat dong|phan viec|yeu cau|cong tac)\b"
)
_ADVERB = (
    r"(?:(?:thuong xuyen|tiep tuc|tang cuong|chu dong|tich cuc|kip thoi|day manh|truc tiep|"
    r"dong thoi|co trach nhiem|"
    r"chiu trach nhiem|co nhiem vu|giu vai tro|la co quan|la don vi|hang nam|dinh ky)[\s,]+)*"
)
_LEAD = re.compile(rf"{_ADVERB}chu tri\b")
_COORDINATE = re.compile(rf"{_ADVERB}(?:tham gia )?phoi hop\b")
_STANDING_MARK = re.compile(r"\([^()]*\bthuong xuyen\b[^()]*\)")
_STANDING_START = re.compile(r"(?:can )?thuong xuyen\b")
_STANDING_END = re.compile(
    r"[.;,]\s*(?:thoi gian(?: thuc hien)?\s*:\s*|"
    r"to chuc )?(?:thuc hien |lam |tien hanh |duy tri )?thuong xuyen(?:,? lien tuc| trong nam|"
    r", hang nam)?\s*[.;]?$"
)


def assignments(outline: Outline, calendar: Calendar) -> tuple[list[Assignment], set[int]]:
    """
    Return what each unit of the assignment section is given, in order.

    With it comes where the paragraphs start that were used up, for those who look further.
    """
    blocks = [block for node in assignment_nodes(outline) for block in _blocks(node, False, True)]
    if not blocks:
        blocks = [
            block
            for node in outline.nodes()
            if node.title and _ORGANISES.search(flat(node.title)) and not _below_organiser(node)
            for block in _blocks(node, False, False)
        ]
    done = {inner.paragraph.start for node, _, _ in blocks for inner in node.walk()}
    return [
        _assignment(ordinal, node, unit, requested, calendar)
        for ordinal, (node, unit, requested) in enumerate(blocks, 1)
    ], done


def assignment_nodes(outline: Outline) -> list[Node]:
    """Return the sections that say who does what; the inner one where two are nested."""
    named = [
        n
        for n in outline.nodes()
        if n.title
        and ASSIGNS.search(flat(n.title))
        and n.children
        and unit_at_start(n.title) is None
    ]
    return [n for n in named if not any(m is not n and m in n.walk() for m in named)]


def _below_organiser(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.title and _ORGANISES.search(flat(above.title)):
            return True
        above = above.parent
    return False


Block = tuple[Node, Span, bool]


def _blocks(section: Node, requested: bool, explicit: bool) -> list[Block]:
    """
    Return the units of a section: node, where its name stands in the paragraph, asked or not.

    A heading that is in no list is a unit too in an assignment section, and elsewhere in the
    company of two that are.
    """
    known = sum(_unit_span(node, False) is not None for node in section.children)
    bullets = sum(_bullet_unit(node) is not None for node in section.children)
    named = sum(bool(node.title) and is_body_name(node.title or "") for node in section.children)
    known = max(known, named)
    found: list[Block] = []
    for node in section.children:
        span = _unit_span(node, explicit) or (_titled_span(node) if known >= 2 else None)
        if span is None and bullets >= 2:
            span = _bullet_unit(node)
        if span is None:
            if node.is_section and node.rest is None and _is_group(node):
                found.extend(_blocks(node, requested, False))
            continue
        name = node.paragraph.text[span[0] : span[1]]
        asked = requested or is_request(name)
        inner = _blocks(node, asked, False) if node.is_section and _is_group(node) else []
        inner = inner or (_named_in(node) if node.is_section and node.rest is None else [])
        found.extend(inner or [(node, span, asked)])
    return found


def _named_in(node: Node) -> list[Block]:
    """
    The items below a heading of several bodies, each of which begins with the one it is for.

    "4. Phòng Tham mưu; Phòng Hậu cần", then "4.1. Phòng Tham mưu theo dõi …": not all for both.
    """
    units = split_units(clean_unit(without_ask(node.title or "")))
    if len(units) < 2 or len(node.children) < 2:
        return []
    found: list[Block] = []
    for child in node.children:
        words = flat(child.paragraph.words)
        unit = next((u for u in units if words.startswith(f"{flat(u)} ")), None)
        if unit is None:
            return []
        start = child.paragraph.body
        found.append((child, (start, start + len(unit)), is_request(node.title or "")))
    return found


def _titled_span(node: Node) -> Span | None:
    """The name of a heading or bullet that is set as the units beside it are."""
    text = node.paragraph.text
    if node.title is not None:
        start, end = node.title_span
    elif node.children and node.marker is not None and text.rstrip().endswith(":"):
        start, end = node.paragraph.body, len(text.rstrip(" :"))
    else:
        return None
    words = text[start:end]
    if len(words.split()) > 16 or _NO_UNIT.match(flat(words)) or begins_with_verb(words):
        return None
    return start, end


def _is_group(node: Node) -> bool:
    """Whether a heading only gathers units: two or more items below it name bodies."""
    known = [c for c in node.children if c.title and unit_at_start(c.title) is not None]
    if bool(known) and node.rest is None and len(known) == len(node.children):
        return True
    named = [c for c in node.children if c.title and _names_body(c.title)]
    acting = [c for c in node.children if c.title is None and _is_acting(c)]
    if acting and len(acting) == len(node.children) and _NO_UNIT.match(flat(node.title or "")):
        return True
    return len(named) >= 2 or sum(_bullet_unit(c) is not None for c in node.children) >= 2


def _is_acting(node: Node) -> bool:
    """Whether an item begins with who does it: "1.1. Công an xã rà soát …"."""
    words = node.paragraph.words
    unit = unit_at_start(words)
    return unit is not None and acts(words[unit:])


def _names_body(title: str) -> bool:
    return unit_at_start(title) is not None or looks_like_body(without_ask(title))


def _bullet_unit(node: Node) -> Span | None:
    """The body of a bullet "- Ban Tuyên giáo - Chính sách pháp luật: tham mưu …"."""
    if node.marker is None or not node.marker.is_bullet:
        return None
    text, start = node.paragraph.text, node.paragraph.body
    colon = text.find(":", start)
    name = text[start:colon] if start < colon <= start + 160 else ""
    if not name or not is_body_name(name) or is_label_line(node):
        return None
    return start, colon


def _unit_span(node: Node, explicit: bool) -> Span | None:
    text = node.paragraph.text
    if node.title is not None:
        if _NO_UNIT.match(flat(node.title)):
            return None
        known = unit_at_start(node.title) is not None or (
            node.rest is None and looks_like_body(without_ask(node.title))
        )
        return node.title_span if explicit or known or _is_group(node) else None
    start = node.paragraph.body
    words = text[start:]
    colon = words.find(":")
    if (
        node.marker is not None
        and 0 < colon <= 160
        and unit_at_start(words[:colon]) == len(words[:colon].rstrip())
    ):
        return start, start + colon
    if node.marker is None:
        return None
    unit = unit_at_start(words)
    if unit and (acts(words[unit:]) or (node.children and not words[unit:].strip(" .:"))):
        return start, start + unit
    if node.marker.style == "number" and (explicit or _in_organising(node)):
        # "Đề nghị các cơ quan được giám sát xây dựng …": the subject stands behind the asking.
        asked = len(words) - len(without_ask(words)) if is_request(words) else 0
        rest = words[asked:]
        subject = subject_end(rest[:1].upper() + rest[1:])
        return (start, start + asked + subject) if subject else None
    return None


def _in_organising(node: Node) -> bool:
    return node.parent is not None and _ORGANISED.match(flat(node.parent.title or "")) is not None


def _assignment(
    ordinal: int, node: Node, span: Span, requested: bool, calendar: Calendar
) -> Assignment:
    paragraph = node.paragraph
    name, times = _timed(paragraph.text[span[0] : span[1]], calendar)
    unit = clean_unit(without_ask(name))
    times = times or _times_above(node, calendar)
    tasks: list[Task] = []
    rest = node.rest if node.is_section else _after(paragraph.text, span[1])
    above = node.parent.title if node.parent else None
    if not node.is_section and above and unit in split_units(clean_unit(without_ask(above))):
        # A bullet that repeats a body of its heading is quoted whole.
        rest = paragraph.body
    opener = None
    if rest is not None:
        opener = _add(tasks, node, rest, None, calendar, bool(node.children))
        if not tasks[opener].parent:
            opener = None
        _inherit(tasks, opener if opener is not None else 0, times)
        times = _for_all(tasks[0].quote, tasks[0].deadlines) or times
    for child in node.children:
        _add_with_children(tasks, child, opener, calendar, times)
    return Assignment(
        ordinal,
        unit,
        split_units(unit),
        requested,
        node.section_label(),
        paragraph.span(*trimmed(paragraph.text, span[0], span[0] + len(name))),
        tuple(tasks),
    )


_WITH_TIME = re.compile(r"\s*\((?=[^()]*\d)[^()]*\)\s*$")


def _timed(name: str, calendar: Calendar) -> tuple[str, tuple[Deadline, ...]]:
    """Part the time from "Công an xã (hoàn thành trước ngày …)"."""
    found = _WITH_TIME.search(name)
    times = _ends(task_deadlines(found[0], calendar)) if found else ()
    return (name[: found.start()], times) if found and times else (name, ())


def _times_above(node: Node, calendar: Calendar) -> tuple[Deadline, ...]:
    """By when the headings above say that all below them is to be done, the nearest first."""
    above = node.parent
    while above is not None:
        if above.title and (times := _ends(task_deadlines(above.title, calendar))):
            return times
        above = above.parent
    return ()


def _ends(times: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """The dates by which something ends; a stretch of a heading is that of a phase."""
    return times if all(d.bound in ("before", "by") for d in times) else ()


def _for_all(words: str, times: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    """The dates of a line that opens others, where it speaks of them ("các nội dung sau:")."""
    plain = flat(words)
    if not plain.rstrip().endswith(":") or _FOR_ALL.search(plain[-70:]) is None:
        return ()
    return _ends(times)


def _inherit(tasks: list[Task], index: int, times: tuple[Deadline, ...]) -> None:
    """Let a task without a time of its own stand under that of its heading."""
    if not tasks[index].deadlines and not tasks[index].continuous:
        tasks[index] = replace(tasks[index], deadlines=times)


def _after(text: str, at: int) -> int | None:
    while at < len(text) and text[at] in " :,":
        at += 1
    return at if at < len(text) else None


def _add_with_children(
    tasks: list[Task],
    node: Node,
    parent: int | None,
    calendar: Calendar,
    above: tuple[Deadline, ...] = (),
) -> None:
    """Add a task and those below it; `above` are the dates under which they all stand."""
    if tasks and is_label_line(node):
        fields = fields_of(node.paragraph.text, node.paragraph.body)
        tasks[-1] = attach(tasks[-1], fields, calendar)
        return
    children = [child for child in node.children if not is_label_line(child)]
    index = _add(tasks, node, node.paragraph.body, parent, calendar, bool(children))
    if children and (times := only_time(node.paragraph.words, calendar)):
        tasks[index] = replace(tasks[index], deadlines=times)
        above = times
    elif children and (
        times := _for_all(node.paragraph.words, task_deadlines(node.paragraph.words, calendar))
    ):
        above = times
    elif not (children and is_standing_heading(node.paragraph.words)):
        _inherit(tasks, index, above)
    else:
        above = ()
    for child in node.children:
        _add_with_children(tasks, child, index, calendar, above)


def _add(
    tasks: list[Task], node: Node, start: int, parent: int | None, calendar: Calendar, above: bool
) -> int:
    paragraph = node.paragraph
    begin, end = trimmed(paragraph.text, start, len(paragraph.text))
    words = paragraph.text[begin:end]
    opens = above and (words.endswith(":") or node.is_section or start == paragraph.body)
    tasks.append(
        Task(
            quote=space(words),
            span=paragraph.span(begin, end),
            role=role(words),
            continuous=is_standing(words),
            parent=opens,
            parent_index=parent,
            deadlines=task_deadlines(words, calendar),
        )
    )
    return len(tasks) - 1


def task_deadlines(words: str, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return the deadlines of a task, each once."""
    return tuple(dict.fromkeys(bound.deadline for bound in deadlines(words, calendar)))


_TIME_WORDS = re.compile(
    r"(?:thoi gian|thoi han|tien do|giai doan|dot|lan|buoc|thuc hien|hoan thanh|cac noi dung|"
    r"nhiem vu|sau|cu the|\d{1,2}|i{1,3}|[\s:,.;()–-])*"
)


def only_time(words: str, calendar: Calendar) -> tuple[Deadline, ...]:
    """Return the dates of a line that says nothing but when: "Đến hết năm 2026:"."""
    if len(words) > 80 or (terminal(words) and not words.rstrip().endswith(":")):
        return ()
    rest = flat(words)
    for phrase in date_phrases(words, calendar.default):
        rest = f"{rest[: phrase.start]}{' ' * (phrase.end - phrase.start)}{rest[phrase.end :]}"
    if not _TIME_WORDS.fullmatch(rest):
        return ()
    return cell_deadlines(words, "", calendar)


def is_standing_heading(words: str) -> bool:
    """Return whether a line opens what is done all the time ("Nhiệm vụ thường xuyên:")."""
    plain = flat(words).rstrip(" :.")
    return plain.endswith("thuong xuyen") and len(plain) < 60


def role(words: str) -> str | None:
    """Return `lead`, `coordinate` or None: what the first verb of a task says."""
    text = flat(words).lstrip(" -+*•")
    unit = unit_at_start(words)
    for start in (0, _skip(text, unit) if unit else 0):
        if _LEAD.match(text, start):
            return "lead"
        if _COORDINATE.match(text, start):
            return "coordinate"
    return None


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in " :,":
        at += 1
    return at


def is_standing(words: str) -> bool:
    """Return whether a task is to be done all the time ("thường xuyên")."""
    text = flat(words)
    return bool(
        _STANDING_START.match(text) or _STANDING_MARK.search(text) or _STANDING_END.search(text)
    )
