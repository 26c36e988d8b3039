"""
G10, G11. Taking in a filled commune workbook: reading it, finding every cell, and asking the rules.

The workbook is the product's own template for 30 hamlets with every cell filled, two of them
against a rule. Ours is what an import does with each file before it writes: hand the file to the
reading process beside it, look for bombs, macros and formulas there, take the cells back, find
the cell of the return that each one fills, read it, and ask the rules; the processor time of both
processes counts. It ends with the document of the return and what is wrong in it. The peers only
read the cells, in this process.
"""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from bench.measure import Line, compare, with_process
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Column, Entry, cell_name, read_entry
from diaban.indicators.rules.parts import part_checks
from diaban.indicators.rules.validation import Returns, Row, builtin_checks, evaluate
from diaban.indicators.workbooks.bounded import Reader
from diaban.indicators.workbooks.forms import READ_SHEETS, Sheet, Stamp
from diaban.indicators.workbooks.forms import Line as Asked
from diaban.indicators.workbooks.reading import read_filled, stamp_of
from diaban.indicators.workbooks.writing import write_workbook

FILES = 10
HAMLETS = [(f"99001.{number:03}", f"Thôn {number}") for number in range(1, 31)]
_COUNTS = [i for i in builtin_catalogue().values() if i.kind.value == "count"]
COMMUNE = [Asked(i.code, i.name_vi, i.unit_vi, i.kind) for i in _COUNTS if i.part_of][:50]
COLUMNS = [
    Asked(i.code, i.name_vi, i.unit_vi, i.kind)
    for i in _COUNTS
    if i.lowest_level == "hamlet" and i.code not in {one.code for one in COMMUNE}
][:10]
COMMUNE_COLUMNS = [Column(line.code, line.name, line.kind) for line in COMMUNE]
HAMLET_COLUMNS = [Column(line.code, line.name, line.kind) for line in COLUMNS]
CHECKS = (
    *part_checks(
        "thang", [c.code for c in COMMUNE], [c.code for c in COLUMNS], builtin_catalogue()
    ),
    *(check for check in builtin_checks() if check.at in {c.code for c in COLUMNS}),
)


def run() -> list[Line]:
    """Return the comparisons with both readers."""
    data = workbook()
    filled = len(COMMUNE) + len(HAMLETS) * len(COLUMNS)
    with Reader(READ_SHEETS) as reader:
        reader.read(data)
        return _compared(data, filled, reader, with_process(reader.pid or 0))


def _compared(data: bytes, filled: int, reader: Reader, clock: Callable[[], float]) -> list[Line]:
    return [
        compare(
            "G10",
            f"nhận {FILES} tệp Excel {filled} số, có kiểm tra",
            "openpyxl read_only, chỉ đọc",
            1 / 6,
            lambda: [ours(data, reader) for _ in range(FILES)],
            lambda: [with_openpyxl(data) for _ in range(FILES)],
            lambda our, their: our == their == [filled] * FILES,
            rounds=7,
            clock=clock,
        ),
        compare(
            "G11",
            f"nhận {FILES} tệp Excel {filled} số, có kiểm tra",
            "calamine, chỉ đọc",
            1.5,
            lambda: [ours(data, reader) for _ in range(FILES)],
            lambda: [with_calamine(data) for _ in range(FILES)],
            lambda our, their: our == their == [filled] * FILES,
            rounds=15,
            clock=clock,
        ),
    ]


def workbook() -> bytes:
    """Return the filled workbook."""
    values = {cell_name("", line.code): number for number, line in enumerate(COMMUNE)}
    for row, (hamlet, _name) in enumerate(HAMLETS):
        values |= {cell_name(hamlet, c.code): _plausible(c.code, row) for c in COLUMNS}
    wrong = next(check.at for check in CHECKS if check.row is Row.HAMLET and not check.percent)
    values |= {cell_name(hamlet, wrong): 9_999 for hamlet, _name in HAMLETS[:2]}
    return write_workbook(
        Sheet(Stamp("99001", "2026-11", "thang", 1, 0), "x", "", "", [("", COMMUNE)], COLUMNS,
              HAMLETS, values, {}, {})
    )  # fmt: skip


def _plausible(code: str, row: int) -> int:
    """Return a number that keeps the rules: the deeper a part, the smaller."""
    depth = 0
    while above := [one for one in builtin_catalogue()[code].part_of if one != code]:
        code, depth = above[0], depth + 1
    return (900 >> depth) - row


def ours(data: bytes, reader: Reader) -> int:
    """Read a workbook into a return, ask the rules; return how many cells hold a number."""
    sheets = reader.read(data)
    stamp_of(sheets)
    filled = read_filled(sheets, COMMUNE, COLUMNS, HAMLETS)
    entry: Entry = read_entry(
        filled.typed,
        commune=COMMUNE_COLUMNS,
        hamlet=HAMLET_COLUMNS,
        hamlets=[code for code, _name in HAMLETS],
    )
    if not evaluate(CHECKS, Returns(entry.document)):
        raise AssertionError("the two wrong cells were not found")
    rows = (entry.document["values"], *entry.document["hamlets"].values())
    return sum(cell is not None for row in rows for cell in row.values())


def with_openpyxl(data: bytes) -> int:
    """Read every sheet; return how many of the white cells hold a number."""
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return _numbers({sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book})


def with_calamine(data: bytes) -> int:
    """Read every sheet; return how many of the white cells hold a number."""
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return _numbers(
            {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
        )


def _numbers(sheets: dict[str, list[Any]]) -> int:
    own = sum(isinstance(row[3], int | float) for row in sheets["commune"][1:])
    rows = sheets["hamlets"][2:]
    return own + sum(isinstance(cell, int | float) for row in rows for cell in row[2:])
