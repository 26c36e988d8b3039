"""
Tasks in tables: TT / nhiệm vụ / chủ trì / phối hợp / thời hạn.

A table comes as rows with cells, or flattened (see `flattened`). Rows of one lead become one
assignment, in the order in which leads first appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from diaban.plans.reader.agencies import (
    clean_unit,
    is_request,
    split_units,
    without_ask,
    without_help,
)
from diaban.plans.reader.columns import Column, cell_deadlines, column_of, is_standing_time, rhythm
from diaban.plans.reader.deadlines import Calendar
from diaban.plans.reader.duties import task_deadlines
from diaban.plans.reader.flattened import flat_rows
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.rows import Cell, Heads, Row, names
from diaban.plans.reader.targets import figures
from diaban.plans.reader.values import Assignment, Span, Target, Task


def table_assignments(
    paragraphs: list[Paragraph], labels: dict[int, str | None], calendar: Calendar, first: int
) -> list[Assignment]:
    """Return the tasks of all tables by lead; `labels` give the section of a paragraph's start."""
    leads: dict[str, tuple[str, str | None, Span, list[Task]]] = {}
    for row in _rows(paragraphs, labels):
        lead = row.cells.get(Column.LEAD)
        if lead is None or not clean_unit(lead.text):
            continue
        name, _ = without_help(lead.text)
        key = flat(clean_unit(name))
        if key not in leads:
            leads[key] = (name, row.label, lead.span, [])
        leads[key][3].append(_task(row, calendar))
    return [
        Assignment(
            ordinal,
            clean_unit(without_ask(name)),
            split_units(without_ask(name)),
            is_request(name),
            label,
            span,
            tuple(tasks),
        )
        for ordinal, (name, label, span, tasks) in enumerate(leads.values(), first)
    ]


def _task(row: Row, calendar: Calendar) -> Task:
    task, time = row.cells[Column.TASK], row.cells.get(Column.TIME)
    support, product = row.cells.get(Column.SUPPORT), row.cells.get(Column.PRODUCT)
    _, helping = without_help(row.cells[Column.LEAD].text)
    when = time.text if time else ""
    head = row.heads.get(Column.TIME, "")
    own = task_deadlines(task.text, calendar)
    return Task(
        quote=space(task.text),
        span=task.span,
        role="lead",
        continuous=is_standing_time(when),
        deadlines=tuple(dict.fromkeys((*cell_deadlines(when, head, calendar), *own))),
        support=(*(split_units(support.text) if support else ()), *helping),
        recurrence=rhythm(when),
        product=space(product.text) or None if product else None,
    )


def table_targets(given: list[Assignment], year: int | None) -> list[Target]:
    """Return the figures that the rows want to reach ("Lắp đặt 12 camera") in the plan's `year`."""
    return [
        Target(
            task.quote,
            assignment.section,
            figure.comparator,
            figure.value,
            figure.unit,
            figure.baseline,
            task.deadlines[-1].date if task.deadlines else None,
            None,
            task.span,
        )
        for assignment in given
        for task in assignment.tasks
        for figure in figures(task.quote, 0, year)
    ]


def _rows(paragraphs: list[Paragraph], labels: dict[int, str | None]) -> Iterator[Row]:
    for is_row, group in groupby(paragraphs, key=lambda p: bool(p.cells)):
        if is_row:
            yield from _printed_rows(list(group), labels)
    yield from flat_rows([p for p in paragraphs if p.flat_table], labels)


def _printed_rows(rows: list[Paragraph], labels: dict[int, str | None]) -> Iterator[Row]:
    """The rows of a table that came with cells."""
    heads, start = _heads(rows)
    if heads is None:
        return
    above: dict[Column, Cell] = {}
    for paragraph in rows[start:]:
        cells = {
            column: Cell(paragraph.text[a:b], paragraph.span(*trimmed(paragraph.text, a, b)))
            for (column, _), (a, b) in zip(heads, paragraph.cells, strict=False)
            if column is not None and paragraph.text[a:b].strip()
        }
        if Column.TASK not in cells or _is_group(cells):
            above = {}
            continue
        # A cell that spans several rows is printed in the first of them only.
        if Column.LEAD not in cells and Column.LEAD in above:
            cells[Column.LEAD] = above[Column.LEAD]
        if Column.LEAD in cells:
            above = cells
        yield Row(cells, names(heads), labels.get(paragraph.start))


def _heads(rows: list[Paragraph]) -> tuple[Heads | None, int]:
    """Return the columns of a table and where its rows begin; the head may take two rows."""
    for at, paragraph in enumerate(rows[:4]):
        names = [paragraph.text[a:b] for a, b in paragraph.cells]
        columns: list[Column | None] = [column_of(name) for name in names]
        if at + 1 < len(rows):
            below = [rows[at + 1].text[a:b] for a, b in rows[at + 1].cells]
            second = [column_of(name) for name in below]
            if (
                Column.TASK in columns
                and not {Column.TASK, None} >= set(second)
                and Column.TASK not in second
            ):
                names = [b or a for a, b in zip(names, below, strict=False)]
                columns = [b or a for a, b in zip(columns, second, strict=False)]
                at += 1
        if Column.TASK in columns and Column.LEAD in columns:
            return _once(columns, names), at + 1
    return None, 0


def _once(columns: list[Column | None], names: list[str]) -> Heads:
    """Each column counts once: the first that says so."""
    seen: set[Column] = set()
    out: Heads = []
    for column, name in zip(columns, names, strict=True):
        new = column is not None and column not in seen
        if column is not None:
            seen.add(column)
        out.append((column if new else None, name))
    return out


def _is_group(cells: dict[Column, Cell]) -> bool:
    """A row that only names a group of tasks ("I. Công tác tuyên truyền")."""
    filled = set(cells) - {Column.NUMBER}
    number = cells[Column.NUMBER].text.strip(" .") if Column.NUMBER in cells else ""
    return filled == {Column.TASK} and (
        not number or re.fullmatch(r"[IVXLA-H]+", number) is not None
    )
