"""
G10, G11. Taking in a filled commune workbook: reading it, finding every cell, and asking the rules.

The workbook is the product's own template for 30 hamlets with every cell filled. Ours ends with
the document of the return and what is wrong in it; the peers only read the cells.
"""

import io
from typing import Any

import openpyxl
from python_calamine import CalamineWorkbook

from bench.measure import Line, compare
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Column, Entry, cell_name, read_entry
from diaban.indicators.rules.validation import Returns, builtin_checks, evaluate, part_checks
from diaban.indicators.workbooks.contents import contents_of
from diaban.indicators.workbooks.forms import Line as Asked
from diaban.indicators.workbooks.forms import Sheet, Stamp
from diaban.indicators.workbooks.reading import read_filled, stamp_of
from diaban.indicators.workbooks.writing import write_workbook

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
    return [
        compare(
            "G10",
            f"nhận một tệp Excel {filled} số, có kiểm tra",
            "openpyxl read_only, chỉ đọc",
            1 / 6,
            lambda: ours(data),
            lambda: with_openpyxl(data),
            lambda our, their: our == their == filled,
        ),
        compare(
            "G11",
            f"nhận một tệp Excel {filled} số, có kiểm tra",
            "calamine, chỉ đọc",
            1.5,
            lambda: ours(data),
            lambda: with_calamine(data),
            lambda our, their: our == their == filled,
            rounds=15,
        ),
    ]


def workbook() -> bytes:
    """Return the filled workbook."""
    values = {cell_name("", line.code): number for number, line in enumerate(COMMUNE)}
    for row, (hamlet, _name) in enumerate(HAMLETS):
        values |= {cell_name(hamlet, c.code): row * at for at, c in enumerate(COLUMNS)}
    return write_workbook(
        Sheet(Stamp("99001", "2026-11", "thang", 1, 0), "x", "", "", [("", COMMUNE)], COLUMNS,
              HAMLETS, values, {}, {})
    )  # fmt: skip


def ours(data: bytes) -> int:
    """Read a workbook into a return, ask the rules; return how many cells hold a number."""
    sheets = contents_of(data)
    stamp_of(sheets)
    filled = read_filled(sheets, COMMUNE, COLUMNS, HAMLETS)
    entry: Entry = read_entry(
        filled.typed,
        commune=COMMUNE_COLUMNS,
        hamlet=HAMLET_COLUMNS,
        hamlets=[code for code, _name in HAMLETS],
    )
    evaluate(CHECKS, Returns(entry.document))
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
