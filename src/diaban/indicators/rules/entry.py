"""
From what was typed to what is kept: the document of a return, and what could not be read.

A document is `{"values": {code: cell}, "hamlets": {hamlet_code: {code: cell}}}`. A cell is a
whole number, a decimal as text with a point, null (missing), "-" (not yet) or "KAD" (not
applicable); zero is a number like any other. Booleans are true and false.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from diaban.core.numbers import (
    NOT_APPLICABLE_SIGN,
    NOT_YET_SIGN,
    Absence,
    Kind,
    UnreadableNumber,
    Value,
    read_value,
    write_number,
    write_value,
)

Cell = int | bool | str | None
Document = dict[str, Any]

COMMUNE_ROW: Final = ""


@dataclass(frozen=True, slots=True)
class Column:
    """An indicator as a column of a form."""

    code: str
    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Part:
    """A column that counts part of what another counts: never more than its whole."""

    part: Column
    whole: Column


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One cell that cannot stay as it is.

    `row` is a hamlet's code, or empty for the commune's own part. `given` is what was typed.
    """

    row: str
    code: str
    given: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document read from what was typed; `unread` holds by cell name what was not a number."""

    document: Document
    unread: dict[str, str]
    faults: tuple[Fault, ...]


def cell_name(row: str, code: str) -> str:
    """Return the name of a cell's input: `households.99001.003`, or `schools` for the commune."""
    return f"{code}.{row}" if row else code


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
    parts: Iterable[Part],
) -> Entry:
    """
    Read every cell of a form; a cell that was not sent is missing.

    Faults come in the order of the page: hamlets first, row by row, then the commune's part.
    A part above its whole is a fault at the part, in the row in which it stands.
    """
    rows = [(row, hamlet) for row in hamlets] + [(COMMUNE_ROW, commune)]
    wholes = tuple(parts)
    unread: dict[str, str] = {}
    faults: list[Fault] = []
    document: Document = {"values": {}, "hamlets": {}}
    for row, columns in rows:
        values: dict[str, Value] = {}
        for column in columns:
            given = typed.get(cell_name(row, column.code), "")
            try:
                values[column.code] = read_value(given, column.kind, refuse_ambiguous=True)
            except UnreadableNumber as problem:
                unread[cell_name(row, column.code)] = given
                faults.append(Fault(row, column.code, given, problem.sentence))
        faults.extend(_too_large(row, values, wholes))
        cells = {
            column.code: encode(values.get(column.code, Absence.MISSING)) for column in columns
        }
        if row == COMMUNE_ROW:
            document["values"] = cells
        else:
            document["hamlets"][row] = cells
    return Entry(document, unread, tuple(faults))


def _too_large(row: str, values: Mapping[str, Value], parts: Sequence[Part]) -> list[Fault]:
    faults = []
    for pair in parts:
        part, whole = values.get(pair.part.code), values.get(pair.whole.code)
        if part is None or whole is None or isinstance(part, Absence) or isinstance(whole, Absence):
            continue
        if part > whole:
            given = write_number(part)
            sentence = (
                f"{pair.part.name} ({given}) lớn hơn {_lower(pair.whole.name)} "
                f"({write_number(whole)}). Sửa một trong hai số."
            )
            faults.append(Fault(row, pair.part.code, given, sentence))
    return faults


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def typed_from(document: Document) -> dict[str, str]:
    """Return a document as it would have been typed, by cell name; what a page shows again."""
    rows = [(COMMUNE_ROW, document["values"]), *document["hamlets"].items()]
    return {
        cell_name(row, code): write_cell(cell)
        for row, cells in rows
        for code, cell in cells.items()
    }


def write_cell(cell: Cell) -> str:
    """Return a cell as a person types it: `1.234`, `12,5`, `-`, `KAD`, or nothing."""
    return write_value(decode(cell))


def columns_filled(document: Document) -> tuple[int, int]:
    """Return how many cells of a document hold an answer, and how many there are."""
    cells = [*document["values"].values()]
    for row in document["hamlets"].values():
        cells.extend(row.values())
    return sum(1 for cell in cells if cell is not None), len(cells)
