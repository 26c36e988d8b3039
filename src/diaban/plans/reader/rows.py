"""What a row of a task table holds, however the table was printed."""

from __future__ import annotations

from dataclasses import dataclass

from diaban.plans.reader.columns import Column
from diaban.plans.reader.values import Span


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


def names(heads: Heads) -> dict[Column, str]:
    return {column: name for column, name in heads if column is not None}
