"""Which sheet and which cell of the workbook stands for which cell of a return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from diaban.core.numbers import Kind
from diaban.indicators.rules.entry import Cell

COMMUNE_SHEET: Final = "commune"
HAMLETS_SHEET: Final = "hamlets"
GUIDE_SHEET: Final = "huong_dan"
STAMP_SHEET: Final = "_diaban"
# What is read of a filled workbook; the guide is for people.
READ_SHEETS: Final = (COMMUNE_SHEET, HAMLETS_SHEET, STAMP_SHEET)

# Heads of the first sheet, as programs know them.
HEADS: Final = ("code", "name", "unit", "value", "previous")
ERROR_HEAD: Final = "error"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which return a workbook is for, and the revision it was made from."""

    area: str
    period: str
    form: str
    version: int
    revision: int

    @property
    def text(self) -> str:
        """What the check value is made over."""
        return "|".join((self.area, self.period, self.form, str(self.version), str(self.revision)))


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator as a row of the first sheet or a column of the second."""

    code: str
    name: str
    unit: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    A return as it is to stand in a workbook.

    `values` and `previous` are cells by the name of `rules.entry.cell_name`; `marks` are
    sentences about what is wrong in a cell, by the same name; `remarks` about the whole.
    """

    stamp: Stamp
    check: str
    title: str
    note: str
    sections: Sequence[tuple[str, Sequence[Line]]]
    columns: Sequence[Line]
    hamlets: Sequence[tuple[str, str]]
    values: Mapping[str, Cell]
    previous: Mapping[str, Cell]
    marks: Mapping[str, str]
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class CellError:
    """
    One cell of a workbook that cannot be taken; `cell` as a spreadsheet names it.

    `name` is that of the return's cell (`rules.entry.cell_name`), empty where it has none.
    """

    sheet: str
    cell: str
    indicator: str
    given: str
    message: str
    name: str = ""


@lru_cache(maxsize=4096)
def cell_address(row: int, column: int) -> str:
    """Return `D7` for row 6, column 3 (both counted from 0)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
