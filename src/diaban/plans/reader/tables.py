"""
Tasks in tables: TT / nhiệm vụ / chủ trì / phối hợp / thời hạn.

A table comes as rows with cells, or flattened to one cell (or one line of a cell) a line. Rows of
one lead become one assignment, in the order in which leads first appear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from diaban.plans.reader.agencies import (
    clean_unit,
    is_request,
    split_units,
    unit_at_start,
    without_ask,
)
from diaban.plans.reader.columns import Column, cell_deadlines, column_of, is_standing_time, rhythm
from diaban.plans.reader.dates import date_phrases
from diaban.plans.reader.deadlines import Calendar
from diaban.plans.reader.duties import task_deadlines
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.values import Assignment, Span, Task


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell and where they stand in the printed text."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """One task of a table, by column; `heads` are the words over the columns."""

    cells: dict[Column, Cell]
    heads: dict[Column, str]
    label: str | None


Heads = list[tuple[Column | None, str]]


def table_assignments(
    paragraphs: list[Paragraph], labels: dict[int, str | None], calendar: Calendar, first: int
) -> list[Assignment]:
    """Return the tasks of all tables by lead; `labels` give the section of a paragraph's start."""
    leads: dict[str, tuple[str, str | None, Span, list[Task]]] = {}
    for row in _rows(paragraphs, labels):
        lead = row.cells.get(Column.LEAD)
        if lead is None or not clean_unit(lead.text):
            continue
        key = flat(clean_unit(lead.text))
        if key not in leads:
            leads[key] = (lead.text, row.label, lead.span, [])
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
    when = time.text if time else ""
    head = row.heads.get(Column.TIME, "")
    own = task_deadlines(task.text, calendar)
    return Task(
        quote=space(task.text),
        span=task.span,
        role="lead",
        continuous=is_standing_time(when),
        deadlines=tuple(dict.fromkeys((*cell_deadlines(when, head, calendar), *own))),
        support=split_units(support.text) if support else (),
        recurrence=rhythm(when),
        product=space(product.text) or None if product else None,
    )


def _rows(paragraphs: list[Paragraph], labels: dict[int, str | None]) -> Iterator[Row]:
    for is_row, group in groupby(paragraphs, key=lambda p: bool(p.cells)):
        if is_row:
            yield from _printed_rows(list(group), labels)
    yield from _flat_rows([p for p in paragraphs if p.flat_table], labels)


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
        yield Row(cells, _names(heads), labels.get(paragraph.start))


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


def _names(heads: Heads) -> dict[Column, str]:
    return {column: name for column, name in heads if column is not None}


def _is_group(cells: dict[Column, Cell]) -> bool:
    """A row that only names a group of tasks ("I. Công tác tuyên truyền")."""
    filled = set(cells) - {Column.NUMBER}
    number = cells[Column.NUMBER].text.strip(" .") if Column.NUMBER in cells else ""
    return filled == {Column.TASK} and (
        not number or re.fullmatch(r"[IVXLA-H]+", number) is not None
    )


# --- flattened tables -------------------------------------------------------------------------


def _flat_rows(lines: list[Paragraph], labels: dict[int, str | None]) -> Iterator[Row]:
    """The rows of a table whose cells were printed one below the other."""
    at = 0
    while at < len(lines):
        heads, start = _flat_heads(lines, at)
        if heads is None:
            at += 1
            continue
        end = next(
            (i for i in range(start, len(lines)) if is_table_start(lines[i].text)), len(lines)
        )
        for cells in _records(lines[start:end]):
            row = _aligned(cells, heads, labels)
            if row is not None:
                yield row
        at = end


def is_table_start(text: str) -> bool:
    """Return whether a line is the head of the number column of a flattened table."""
    return flat(text).strip(" .") in ("tt", "stt", "so tt")


def _flat_heads(lines: list[Paragraph], at: int) -> tuple[Heads | None, int]:
    """Read the head from "TT" to the first number; its names may be broken over lines."""
    if not is_table_start(lines[at].text):
        return None, at
    stop = next(
        (
            i
            for i in range(at + 1, min(at + 20, len(lines)))
            if re.fullmatch(r"(?:1|01|I|A)\.?", lines[i].text.strip())
        ),
        None,
    )
    if stop is None:
        return None, at
    heads: Heads = []
    words = ""
    for line in lines[at + 1 : stop]:
        column = column_of(line.text)
        if (
            column is not None
            and (not heads or column is not heads[-1][0])
            and column not in [c for c, _ in heads]
        ):
            heads.append((column, f"{words} {line.text}".strip()))
            words = ""
        else:
            words = line.text if column is None else ""
    columns = [column for column, _ in heads]
    if Column.TASK not in columns or Column.LEAD not in columns:
        return None, at
    return heads, stop


def _records(lines: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Cut the lines into rows at the numbers 1, 2, 3 …; a Roman number only names a group."""
    expected = 1
    current: list[Paragraph] | None = None
    for line in lines:
        words = line.text.strip(" .")
        number = int(words) if re.fullmatch(r"\d{1,3}", words) else 0
        # After a group the count may begin again.
        if number == expected or (number == 1 and len(current or []) >= 2):
            if current:
                yield current
            current, expected = [], number + 1
            continue
        if re.fullmatch(r"[IVX]+|[A-H]", words):
            if current:
                yield current
            current = None
            continue
        if current is not None:
            current.append(line)
    if current:
        yield current


def _aligned(lines: list[Paragraph], heads: Heads, labels: dict[int, str | None]) -> Row | None:
    """Give the lines of a record to the columns, in order, where they fit best."""
    columns = [column for column, _ in heads]
    if len(lines) == len(columns):
        split = list(range(len(lines) + 1))
    else:
        split = _best_split(lines, [column or Column.OTHER for column in columns])
    cells: dict[Column, Cell] = {}
    for index, column in enumerate(columns):
        part = lines[split[index] : split[index + 1]]
        if part and column is not None:
            text = " ".join(p.text for p in part)
            cells[column] = Cell(text, (part[0].start, part[-1].end))
    if Column.TASK not in cells or Column.LEAD not in cells:
        return None
    return Row(cells, _names(heads), labels.get(lines[0].start))


def _best_split(lines: list[Paragraph], columns: list[Column]) -> list[int]:
    """Return the best cut of lines into columns (dynamic programming over places)."""
    count = len(lines)
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for column in columns:
        row: dict[int, tuple[float, int]] = {}
        for start, (score, _) in best[-1].items():
            for end in range(start, count + 1):
                value = score + _fit(lines[start:end], column)
                if end not in row or value > row[end][0]:
                    row[end] = (value, start)
        best.append(row)
    split = [count]
    for step in range(len(columns), 0, -1):
        split.append(best[step][split[-1]][1])
    return split[::-1]


def _fit(lines: list[Paragraph], column: Column) -> float:
    """How well some lines fill a column."""
    if not lines:
        return -4.0 if column in (Column.TASK, Column.LEAD) else -1.0
    text = " ".join(line.text for line in lines)
    unit = (
        unit_at_start(text) is not None or re.match(r"(?:cac|nhu tren)\b", flat(text)) is not None
    )
    dated = bool(date_phrases(text, 2000)) or is_standing_time(text) or rhythm(text) is not None
    score = -0.2 * (len(lines) - 1)
    if column in (Column.LEAD, Column.SUPPORT):
        broken = any(line.text[:1].islower() for line in lines[:1])
        starts = sum(unit_at_start(line.text) is not None for line in lines)
        return (
            score
            + (3.0 if unit else -1.5)
            + 0.4 * starts
            - (2.0 if dated else 0)
            - (1.0 if broken else 0)
        )
    if column is Column.TIME:
        return score + (4.0 if dated else -2.0) - (1.5 if len(text) > 60 else 0)
    if column is Column.TASK:
        whole = unit_at_start(text) == len(text.rstrip())
        return (
            score
            + (1.0 if not whole else -2.0)
            + min(len(text), 60) / 60
            - (1.0 if len(lines) == 0 else 0)
        )
    return score + (0.5 if not unit and not dated else -1.0)
