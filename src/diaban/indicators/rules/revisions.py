"""What changed from one revision of a return to the next, cell by cell."""

from collections.abc import Iterable
from dataclasses import dataclass

from diaban.indicators.rules.entry import COMMUNE_ROW, Cell, Document, cell_name


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that two revisions do not agree on; `row` is a hamlet, or empty."""

    row: str
    code: str
    before: Cell
    after: Cell

    @property
    def name(self) -> str:
        """The cell as `rules.entry` names it."""
        return cell_name(self.row, self.code)


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """
    Return the cells that differ, hamlets first, in the order of the page.

    A cell that a document does not have is missing, which is no difference from null.
    """
    found = []
    rows = dict.fromkeys((*before.get("hamlets", {}), *after.get("hamlets", {})))
    for row in (*rows, COMMUNE_ROW):
        was, now = _cells(before, row), _cells(after, row)
        for code in dict.fromkeys((*was, *now)):
            if was.get(code) != now.get(code) or _truth(was.get(code)) != _truth(now.get(code)):
                found.append(Difference(row, code, was.get(code), now.get(code)))
    return tuple(found)


def same_answers(before: Document, after: Document) -> bool:
    """Return whether two revisions agree in every cell and in every explanation."""
    if before.get("why", {}) != after.get("why", {}):
        return False
    for row in dict.fromkeys((*before["hamlets"], *after["hamlets"], COMMUNE_ROW)):
        was, now = _cells(before, row), _cells(after, row)
        if was != now and _filled(was) != _filled(now):
            return False
    # Only where nothing else differs is it worth to look for a yes that was a one.
    return not differences(before, after)


def changes_of(cell: str, documents: Iterable[tuple[int, Document]]) -> tuple[int, ...]:
    """
    Return the revisions in which a cell took another value, oldest first.

    The bare code of a column that hamlets report stands for all of its cells. Shape of
    `documents`: `(number, document)` in order of number.
    """
    code, _dot, row = cell.partition(".")
    found: list[int] = []
    last: Document = {}
    for number, document in documents:
        own = [
            one
            for one in differences(last, document)
            if one.code == code and (one.row == row or (not row and code not in document["values"]))
        ]
        if own:
            found.append(number)
        last = document
    return tuple(found)


def last_change_of(cell: str, documents: Iterable[tuple[int, Document]]) -> int | None:
    """Return the newest revision of `changes_of`, None when the cell was never filled."""
    code, _dot, row = cell.partition(".")
    newest: int | None = None
    last: dict[str, Cell] = {}
    for number, document in documents:
        rows = [row] if row else ["", *document.get("hamlets", {})]
        # Only what holds something, so that a cell that is not there is no change from null.
        now: dict[str, Cell] = {
            one: value for one in rows if (value := _cells(document, one).get(code)) is not None
        }
        if now != last or any(_truth(now[one]) != _truth(last[one]) for one in now):
            newest = number
        last = now
    return newest


def _cells(document: Document, row: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = (
        document.get("values", {}) if row == COMMUNE_ROW else document.get("hamlets", {}).get(row)
    ) or {}
    return cells


def _filled(cells: dict[str, Cell]) -> dict[str, Cell]:
    return {code: cell for code, cell in cells.items() if cell is not None}


def _truth(cell: Cell) -> bool:
    # Python takes True for 1; a yes that became a one is a difference.
    return isinstance(cell, bool)
