"""
From what was typed to what is kept: the document of a return, and what could not be read.

A document is `{"values": {code: cell}, "hamlets": {hamlet_code: {code: cell}}}`. A cell is a
whole number, a decimal as text with a point, null (missing), "-" (not yet) or "KAD" (not
applicable); zero is a number like any other. Booleans are true and false. `why`, where there is
one, holds by cell name the sentences that explain what the rules asked about.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from typing import Any, Final

from diaban.core.numbers import (
    NOT_APPLICABLE_SIGN,
    NOT_YET_SIGN,
    Absence,
    Kind,
    UnreadableNumber,
    Value,
    read_value,
    write_value,
)

Cell = int | bool | str | None
Document = dict[str, Any]

COMMUNE_ROW: Final = ""
# Before the name of a cell: the sentence that explains it.
WHY: Final = "why."
LONGEST_WHY: Final = 500
# So many digits are a number, whatever they are (core.numbers); yes and no are written otherwise.
_DIGITS: Final = 15


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator as a column of a form."""

    code: str
    name: str
    kind: Kind

    @property
    def counts(self) -> bool:
        """Whether it takes numbers, and not yes or no."""
        return self.kind is not Kind.BOOLEAN


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One cell that cannot stay as it is.

    `row` is a hamlet's code, or empty for the commune's own part. `given` is what was typed;
    `problem`, why it is no number (core.numbers), is empty where a rule speaks.
    """

    row: str
    code: str
    given: str
    sentence: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """One cell that a person should look at; `why` is the sentence that explains it."""

    row: str
    code: str
    sentence: str
    explain: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A document read from what was typed; `unread` holds by cell name what was not a number.

    `faults` hold the sending up; `warnings` do not, those that are to be explained excepted.
    """

    document: Document
    unread: dict[str, str]
    faults: tuple[Fault, ...]
    warnings: tuple[Warned, ...] = ()

    @property
    def unexplained(self) -> tuple[Warned, ...]:
        """The warnings that ask for a sentence and have none."""
        return tuple(one for one in self.warnings if one.explain and not one.why)


def cell_name(row: str, code: str) -> str:
    """Return the name of a cell's input: `households.99001.003`, or `schools` for the commune."""
    return f"{code}.{row}" if row else code


@lru_cache(maxsize=64)
def cell_names(rows: tuple[str, ...], codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all cells of those rows, row by row."""
    behind = [row and f".{row}" for row in rows]
    return tuple([code + row for row in behind for code in codes])


def encode(value: Value) -> Cell:
    """Return a value as it stands in a document."""
    if value is Absence.MISSING:
        return None
    if value is Absence.NOT_YET:
        return NOT_YET_SIGN
    if value is Absence.NOT_APPLICABLE:
        return NOT_APPLICABLE_SIGN
    return str(value) if isinstance(value, Decimal) else value


def decode(cell: Cell) -> Value:
    """Return the value that stands in a document."""
    if cell is None:
        return Absence.MISSING
    if cell == NOT_YET_SIGN:
        return Absence.NOT_YET
    if cell == NOT_APPLICABLE_SIGN:
        return Absence.NOT_APPLICABLE
    return Decimal(cell) if isinstance(cell, str) else cell


def read_entry(
    typed: Mapping[str, str],
    *,
    commune: Sequence[Column],
    hamlet: Sequence[Column],
    hamlets: Sequence[str],
) -> Entry:
    """
    Read every cell of a form; a cell that was not sent is missing.

    Faults come in the order of the page: hamlets first, row by row, then the commune's part.
    Explanations (`why.` and the name of a cell) are kept with the document.
    """
    unread: dict[str, str] = {}
    faults: list[Fault] = []
    below, own = _Columns(hamlet), _Columns(commune)
    rows = below.read(typed, hamlets, unread, faults)
    values = own.read(typed, (COMMUNE_ROW,), unread, faults)[COMMUNE_ROW]
    document: Document = {"values": values, "hamlets": rows}
    # Most returns explain nothing, and looking into every name costs as much as its number.
    if f"\n{WHY}" in "\n".join(("", *typed)):
        why = {
            name.removeprefix(WHY): " ".join(text.split())[:LONGEST_WHY]
            for name, text in typed.items()
            if name.startswith(WHY) and text.strip()
        }
        if why:
            document["why"] = why
    return Entry(document, unread, tuple(faults))


class _Columns:
    """The columns of one part of a form, made ready to read its rows."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._codes = tuple(column.code for column in columns)
        self._counts = all(column.counts for column in columns)

    def read(
        self,
        typed: Mapping[str, str],
        rows: Sequence[str],
        unread: dict[str, str],
        faults: list[Fault],
    ) -> dict[str, dict[str, Cell]]:
        """Return the cells of each row; what cannot be read goes to `unread` and `faults`."""
        codes, width = self._codes, len(self._codes)
        given = list(map(typed.get, cell_names(tuple(rows), codes), repeat("")))
        cells: Sequence[Cell]
        # Nearly every cell holds plain digits; the rest goes the long way, row by row.
        if self._plain(given):
            cells = list(map(int, given))
            return {
                row: dict(zip(codes, cells[at : at + width], strict=True))
                for row, at in zip(rows, range(0, len(cells), width), strict=True)
            }
        found = {}
        for row, at in zip(rows, range(0, len(given) or len(rows), width or 1), strict=True):
            own = given[at : at + width]
            cells = (
                list(map(int, own))
                if self._plain(own)
                else [
                    self._cell(text, column, row, unread, faults)
                    for text, column in zip(own, self._columns, strict=True)
                ]
            )
            found[row] = dict(zip(codes, cells, strict=True))
        return found

    def _plain(self, given: Sequence[str]) -> bool:
        if not self._counts or not given or not all(given) or max(map(len, given)) > _DIGITS:
            return False
        digits = "".join(given)
        return digits.isdigit() and digits.isascii()

    def _cell(
        self, text: str, column: Column, row: str, unread: dict[str, str], faults: list[Fault]
    ) -> Cell:
        if not text:
            return None
        if column.counts and len(text) <= _DIGITS and text.isdigit() and text.isascii():
            return int(text)
        try:
            return encode(read_value(text, column.kind, refuse_ambiguous=True))
        except UnreadableNumber as problem:
            unread[cell_name(row, column.code)] = text
            told = (text, problem.sentence, problem.facts["problem"])
            faults.append(Fault(row, column.code, *told))
            return None


def typed_from(document: Document) -> dict[str, str]:
    """Return a document as it would have been typed, by cell name; what a page shows again."""
    rows = [(COMMUNE_ROW, document["values"]), *document["hamlets"].items()]
    typed = {
        cell_name(row, code): write_cell(cell)
        for row, cells in rows
        for code, cell in cells.items()
    }
    return typed | {f"{WHY}{name}": text for name, text in document.get("why", {}).items()}


def write_cell(cell: Cell) -> str:
    """Return a cell as a person types it: `1.234`, `12,5`, `-`, `KAD`, or nothing."""
    return write_value(decode(cell))


def answers(document: Document) -> bool:
    """Return whether a document says anything; blanks and "not yet" alone say nothing."""
    rows = (document["values"], *document["hamlets"].values())
    return any(cell is not None and cell != NOT_YET_SIGN for row in rows for cell in row.values())


def columns_filled(document: Document) -> tuple[int, int]:
    """Return how many cells of a document hold an answer, and how many there are."""
    cells = [*document["values"].values()]
    for row in document["hamlets"].values():
        cells.extend(row.values())
    return sum(1 for cell in cells if cell is not None), len(cells)
