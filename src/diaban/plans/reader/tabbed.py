"""Rows whose cells are parted by tabs or wide gaps, below a line that names the columns."""

from __future__ import annotations

from dataclasses import replace

from diaban.plans.reader.columns import Column, column_of
from diaban.plans.reader.lines import CELL, Line


def with_tabbed_rows(lines: list[Line]) -> list[Line]:
    """Return the lines with such rows as table rows; other lines stay as they are."""
    done: list[Line] = []
    width = 0
    for line in lines:
        cells = tuple(cell.strip() for cell in line.text.split("\t"))
        if not line.cells and _is_head(cells):
            width = len(cells)
        elif len(cells) < max(3, width - 2) or len(cells) > width:
            width = 0
        if width and not line.cells:
            padded = cells + ("",) * (width - len(cells))
            done.append(replace(line, text=CELL.join(padded), cells=padded))
        else:
            done.append(line)
    return done


def _is_head(cells: tuple[str, ...]) -> bool:
    columns = {column_of(cell) for cell in cells}
    return len(cells) >= 3 and {Column.TASK, Column.LEAD} <= columns
