"""
Work items with labelled lines below them: "Thời gian: …", "Chủ trì: …", "Phối hợp: …".

The body that leads is the unit; the labelled lines are no tasks of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from diaban.plans.reader.agencies import (
    clean_unit,
    is_request,
    split_units,
    unit_at,
    without_ask,
    without_help,
)
from diaban.plans.reader.columns import (
    LABEL,
    Column,
    cell_deadlines,
    column_of,
    is_standing_time,
    rhythm,
)
from diaban.plans.reader.deadlines import Calendar, deadlines
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.values import Assignment, Deadline, Span, Task

_BOUNDARY = re.compile(r"(?:^|[.;(,–-])\s*$")
_ATTACHED = (Column.LEAD, Column.SUPPORT, Column.TIME, Column.PRODUCT)


@dataclass(frozen=True, slots=True)
class Field:
    """A labelled value: what it is, its label as printed, and its place in the paragraph."""

    column: Column
    head: str
    text: str
    span: Span


def fields_of(text: str, start: int = 0) -> list[Field]:
    """Return the labelled values of a paragraph from offset `start`, in order."""
    if ":" not in text:
        return []
    words = flat(text)
    marks = [
        m
        for m in LABEL.finditer(words, start)
        if (m.start() == start or _BOUNDARY.search(words, max(start, m.start() - 8), m.start()))
        and (text[m.start()].isupper() or m.start() > start)
    ]
    found: list[Field] = []
    for index, mark in enumerate(marks):
        head = text[mark.start("label") : mark.end("label")]
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        a, b = trimmed(text, mark.end(), end)
        while b > a and (text[b - 1] in " .;,(–-" or (text[b - 1] == ")" and "(" not in text[a:b])):
            b -= 1
        found.append(Field(column_of(head) or Column.OTHER, head, text[a:b], (a, b)))
    return [field for field in found if _holds(field)]


def _holds(field: Field) -> bool:
    """A lead must be a body; "Phối hợp: tuyên truyền …" is a sentence, not a label."""
    if field.column in (Column.LEAD, Column.SUPPORT):
        value = field.text.lstrip()
        short = len(value.split()) <= 14 and value[:1].isupper()
        return unit_at(value) is not None or short or flat(value).startswith("cac ")
    return True


def is_label_line(node: Node, contents: bool = False) -> bool:
    """
    Return whether a paragraph is nothing but labelled values.

    "Nội dung: …" counts only with `contents`: below a unit it may be a task.
    """
    found = fields_of(node.paragraph.text, node.paragraph.body)
    if not found or not LABEL.match(flat(node.paragraph.words)):
        return False
    return any(
        field.column in _ATTACHED
        or field.column is Column.OTHER
        or (contents and field.column is Column.TASK)
        for field in found
    )


def names_lead(node: Node) -> bool:
    """Return whether a labelled line or one beside it says who leads: they tell of one item."""
    beside = node.parent.children if node.parent else [node]
    return any(
        field.column is Column.LEAD
        for line in islice(beside, 12)
        if is_label_line(line, True)
        for field in fields_of(line.paragraph.text, line.paragraph.body)
    )


def attach(task: Task, fields: list[Field], calendar: Calendar) -> Task:
    """Return a task with what the labelled lines below it say."""
    for field in fields:
        if field.column is Column.TIME:
            dates = cell_deadlines(field.text, field.head, calendar)
            task = replace(
                task,
                deadlines=_merged(task.deadlines, dates),
                continuous=task.continuous or is_standing_time(field.text),
                recurrence=task.recurrence or rhythm(field.text),
            )
        elif field.column is Column.SUPPORT:
            task = replace(task, support=(*task.support, *split_units(field.text)))
        elif field.column is Column.PRODUCT:
            task = replace(task, product=space(field.text))
        elif field.column is Column.LEAD:
            task = replace(task, role="lead")
    return task


def _merged(a: tuple[Deadline, ...], b: tuple[Deadline, ...]) -> tuple[Deadline, ...]:
    known = {(d.date, d.bound) for d in a}
    return (*a, *(d for d in b if (d.date, d.bound) not in known))


def labelled_assignments(
    outline: Outline, done: set[int], calendar: Calendar, first: int
) -> list[Assignment]:
    """Return the work items that name their lead; `done` are starts of paragraphs already used."""
    leads: dict[str, tuple[Field, Node, list[Task]]] = {}
    for node, fields in _items(outline.roots, done):
        lead = next(field for field in fields if field.column is Column.LEAD)
        name, helping = without_help(lead.text)
        task = _task(node, fields, calendar)
        task = replace(task, support=(*task.support, *helping))
        key = flat(clean_unit(name))
        leads.setdefault(key, (lead, node, []))[2].append(task)
    return [
        _assignment(ordinal, lead, node, tasks)
        for ordinal, (lead, node, tasks) in enumerate(leads.values(), first)
    ]


def _assignment(ordinal: int, lead: Field, node: Node, tasks: list[Task]) -> Assignment:
    unit = clean_unit(without_ask(without_help(lead.text)[0]))
    place = next((n for n in [node, *node.walk()] if lead.text in n.paragraph.text), node)
    at = place.paragraph.text.find(lead.text)
    span = place.paragraph.span(at, at + len(lead.text)) if at >= 0 else place.paragraph.span(0, 1)
    return Assignment(
        ordinal,
        unit,
        split_units(unit),
        is_request(lead.text),
        node.section_label(),
        span,
        tuple(tasks),
    )


def _items(nodes: list[Node], done: set[int]) -> Iterator[tuple[Node, list[Field]]]:
    """Yield each work item with its fields, from its own text, its children and what follows it."""
    for index, node in enumerate(nodes):
        if node.paragraph.start in done or is_label_line(node, True):
            continue
        fields = fields_of(node.paragraph.text, node.paragraph.body)
        below = [child for child in node.children if is_label_line(child, True)]
        after = [] if node.is_section or below else _following(nodes, index)
        for line in [*below, *after]:
            fields += fields_of(line.paragraph.text, line.paragraph.body)
        if any(field.column is Column.LEAD for field in fields):
            yield node, fields
        yield from _items(node.children, done)


def _following(nodes: list[Node], index: int) -> list[Node]:
    found: list[Node] = []
    for node in nodes[index + 1 :]:
        if not is_label_line(node, True):
            break
        found.append(node)
    return found


def _task(node: Node, fields: list[Field], calendar: Calendar) -> Task:
    paragraph = node.paragraph
    start, end = _words(node)
    own = paragraph.text[start:end]
    dates = tuple(dict.fromkeys(bound.deadline for bound in deadlines(own, calendar)))
    return attach(
        Task(space(own), paragraph.span(start, end), "lead", deadlines=dates), fields, calendar
    )


def _words(node: Node) -> Span:
    """The words of a work item: its title, or its text before the first label."""
    text, start = node.paragraph.text, node.paragraph.body
    own = fields_of(text, start)
    end = len(text)
    if own:
        end = LABEL.search(flat(text), start).start()  # type: ignore[union-attr]
    if node.is_section and node.rest is None:
        return node.title_span
    start, end = trimmed(text, start, end)
    while end > start and text[end - 1] in " (;:":
        end -= 1
    if end > start:
        return start, end
    # Only labels stand there: the line itself is what can be shown.
    return node.title_span if node.is_section else trimmed(text, 0, len(text))
