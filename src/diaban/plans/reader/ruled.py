"""
Tables of a PDF page, from the lines that are drawn around their cells.

The text layer knows no cells: a wrapped cell is printed line by line between the lines of its
neighbours. The drawn lines tell which letters stand together.
"""

from __future__ import annotations

from bisect import bisect_right
from ctypes import c_float
from dataclasses import dataclass
from typing import Any

from diaban.plans.reader.columns import Column, column_of
from diaban.plans.reader.joining import terminal
from diaban.plans.reader.lines import CELL

# A page that draws more than this is a picture.
MAX_DRAWN = 6_000
MAX_RULES = 1_500
MIN_COLUMNS, MAX_COLUMNS = 3, 16
MIN_ROWS, MAX_ROWS = 2, 120
# How far apart two strokes of one line may stand, and how thick a bar may be, in points.
_NEAR = 3.0
_SHORTEST = 6.0
_OVER = 18.0

_Rule = tuple[float, float, float]
Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Ruled:
    """
    A table on a page: its edges in points, and its rows.

    A cell that spans several rows or columns is printed in the first of them.
    """

    left: float
    bottom: float
    right: float
    top: float
    rows: Rows

    def holds(self, x: float, y: float) -> bool:
        """Whether a place lies within the table."""
        return self.left - _NEAR < x < self.right + _NEAR and self.bottom - _NEAR < y < self.top + 1


def ruled_tables(page: Any, text_page: Any, raw: str) -> list[Ruled]:
    """Return the tables of a page from top to bottom; `raw` is its text, a letter a place."""
    across, upright = _rules(page)
    if len(upright) < MIN_COLUMNS + 1 or len(across) < MIN_ROWS + 1:
        return []
    grids = [grid for grid in _grids(across, upright) if grid.is_table]
    if not grids:
        return []
    letters = _letters(grids, text_page, raw)
    found = [grid.filled(words) for grid, words in zip(grids, letters, strict=True)]
    return [table for table in found if any(any(row) for row in table.rows)]


def _rules(page: Any) -> tuple[list[_Rule], list[_Rule]]:
    """The lines drawn across (y, left, right) and upright (x, bottom, top)."""
    import pypdfium2.raw as pdfium

    across: list[_Rule] = []
    upright: list[_Rule] = []
    count = pdfium.FPDFPage_CountObjects(page)
    for number in range(count if count <= MAX_DRAWN else 0):
        drawn = pdfium.FPDFPage_GetObject(page, number)
        if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        for (x, y), (u, v) in _strokes(drawn, pdfium):
            if abs(y - v) <= 1 and abs(x - u) >= _SHORTEST:
                across.append(((y + v) / 2, min(x, u), max(x, u)))
            elif abs(x - u) <= 1 and abs(y - v) >= _SHORTEST:
                upright.append(((x + u) / 2, min(y, v), max(y, v)))
        if len(across) + len(upright) > MAX_RULES:
            return [], []
    return across, upright


_Place = tuple[float, float]


def _strokes(drawn: Any, pdfium: Any) -> list[tuple[_Place, _Place]]:
    """The straight strokes of one drawn path, as they lie on the page."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(drawn, matrix)
    strokes: list[tuple[_Place, _Place]] = []
    begin = at = (0.0, 0.0)
    x, y = c_float(), c_float()
    for number in range(min(pdfium.FPDFPath_CountSegments(drawn), MAX_RULES)):
        segment = pdfium.FPDFPath_GetPathSegment(drawn, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        to = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            begin = to
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            strokes.append((at, to))
        at = to
        if pdfium.FPDFPathSegment_GetClose(segment):
            strokes.append((at, begin))
    return strokes


@dataclass(frozen=True, slots=True)
class _Grid:
    """The lines of one table: where they stand, and which of them are drawn where."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    across: tuple[_Rule, ...]
    upright: tuple[_Rule, ...]

    @property
    def is_table(self) -> bool:
        return (
            MIN_COLUMNS < len(self.xs) <= MAX_COLUMNS + 1
            and MIN_ROWS < len(self.ys) <= MAX_ROWS + 1
        )

    def first_cells(self) -> dict[tuple[int, int], tuple[int, int]]:
        """For each row (from the top) and column, the first of the cells that it is one with."""
        above = _by_edge(self.across, self.ys)
        beside = _by_edge(self.upright, self.xs)
        last = len(self.ys) - 1
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for row in range(last):
            edge = last - row
            height = (self.ys[edge] + self.ys[edge - 1]) / 2
            for column in range(len(self.xs) - 1):
                middle = (self.xs[column] + self.xs[column + 1]) / 2
                if row and not any(a <= middle <= b for _, a, b in above[edge]):
                    found[row, column] = found[row - 1, column]
                elif column and not any(a <= height <= b for _, a, b in beside[column]):
                    found[row, column] = found[row, column - 1]
                else:
                    found[row, column] = row, column
        return found

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The row (from the top) and column of a place, or None."""
        if self.xs[0] - _OVER < x < self.xs[-1] + _OVER:
            # A word too long for its cell runs over the edge.
            x = min(max(x, self.xs[0]), self.xs[-1] - 1)
        column = bisect_right(self.xs, x) - 1
        band = bisect_right(self.ys, y) - 1
        if not (0 <= column < len(self.xs) - 1 and 0 <= band < len(self.ys) - 1):
            return None
        return len(self.ys) - 2 - band, column

    def filled(self, words: dict[tuple[int, int], list[str]]) -> Ruled:
        rows = tuple(
            tuple(
                " ".join("".join(words.get((row, column), ())).replace("|", "/").split())
                for column in range(len(self.xs) - 1)
            )
            for row in range(len(self.ys) - 1)
        )
        return Ruled(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1], rows)


def _grids(across: list[_Rule], upright: list[_Rule]) -> list[_Grid]:
    """One grid for each stretch of the page that upright lines reach over, from the top."""
    stretches: list[list[float]] = []
    for _, bottom, top in sorted(upright, key=lambda rule: rule[1]):
        if stretches and bottom <= stretches[-1][1] + _NEAR:
            stretches[-1][1] = max(stretches[-1][1], top)
        else:
            stretches.append([bottom, top])
    grids: list[_Grid] = []
    for bottom, top in reversed(stretches):
        beside = [r for r in upright if bottom - _NEAR <= r[1] and r[2] <= top + _NEAR]
        xs = _together([r[0] for r in beside])
        within = [
            r
            for r in across
            if bottom - _NEAR <= r[0] <= top + _NEAR
            and r[1] <= xs[-1] + _NEAR
            and r[2] >= xs[0] - _NEAR
        ]
        ys = _together([r[0] for r in within])
        if len(xs) > 1 and len(ys) > 1:
            grids.append(_Grid(tuple(xs), tuple(ys), tuple(within), tuple(beside)))
    return grids


def _by_edge(rules: tuple[_Rule, ...], edges: tuple[float, ...]) -> list[list[_Rule]]:
    """The rules that lie on each edge."""
    found: list[list[_Rule]] = [[] for _ in edges]
    for rule in rules:
        place = bisect_right(edges, rule[0] + _NEAR) - 1
        if place >= 0 and rule[0] - edges[place] <= _NEAR:
            found[place].append(rule)
    return found


def _together(places: list[float]) -> list[float]:
    """The places, those close together taken as one."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _letters(
    grids: list[_Grid], text_page: Any, raw: str
) -> list[dict[tuple[int, int], list[str]]]:
    """The letters of each cell of each grid, in the order of the text."""
    found: list[dict[tuple[int, int], list[str]]] = [{} for _ in grids]
    known = text_page.count_chars()
    firsts = [grid.first_cells() for grid in grids]
    cells: dict[int, list[str]] = {}
    for place, letter in enumerate(raw[:known]):
        if letter.isspace():
            for words in cells.values():
                words.append(" ")
            continue
        left, bottom, right, top = text_page.get_charbox(place)
        x, y = (left + right) / 2, (bottom + top) / 2
        for number, grid in enumerate(grids):
            cell = grid.cell_at(x, y)
            if cell is None:
                continue
            words = found[number].setdefault(firsts[number][cell], [])
            if cells.get(number) is not words:
                # Between two cells, or from one line of a cell to the next, stands a space.
                words.append(" ")
                cells = {number: words}
            words.append(letter)
            break
        else:
            cells = {}
    return found


def gone_on(above: Rows, below: Rows, head: tuple[str, ...]) -> tuple[Rows, Rows]:
    """
    Return the rows of a table and of what stands on the next page, as if no page had ended.

    A head that is printed again is dropped, and a row that goes on is joined to its beginning.
    """
    if not above or len(above[-1]) != len(below[0]):
        return above, below
    if below[0] == head:
        below = below[1:]
    if below and _goes_on(above[-1], below[0], head):
        whole = tuple(f"{a} {b}".strip() for a, b in zip(above[-1], below[0], strict=True))
        return (*above[:-1], whole), below[1:]
    return above, below


def _goes_on(last: tuple[str, ...], row: tuple[str, ...], head: tuple[str, ...]) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before."""
    numbered = column_of(head[0]) is Column.NUMBER
    if row[0]:
        return not numbered and row[0][:1].islower()
    if numbered:
        return bool(last[0])
    pairs = zip(last, row, strict=True)
    return any(a and b[:1].islower() and not terminal(a) for a, b in pairs)


def printed(rows: Rows) -> str:
    """Write rows between bars, as the lines of a text hold them."""
    return "\n".join(f"| {CELL.join(row)} |" for row in rows)
