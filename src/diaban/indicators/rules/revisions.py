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


def changes_of(
    cell: str, documents: Iterable[tuple[int, Document]]
) -> tuple[tuple[int, Cell], ...]:
    """
    Return in which revisions a cell took another value, and which, oldest first.

    Shape of `documents`: `(number, document)` in order of number.
    """
    code, _dot, row = cell.partition(".")
    found: list[tuple[int, Cell]] = []
    last: Cell = None
    for number, document in documents:
        value = _cells(document, row).get(code)
        if value != last or _truth(value) != _truth(last):
            found.append((number, value))
            last = value
    return tuple(found)


def _cells(document: Document, row: str) -> dict[str, Cell]:
    cells: dict[str, Cell] = (
        document.get("values", {}) if row == COMMUNE_ROW else document.get("hamlets", {}).get(row)
    ) or {}
    return cells


def _truth(cell: Cell) -> bool:
    # Python takes True for 1; a yes that became a one is a difference.
    return isinstance(cell, bool)
