"""
G10, G11. Taking in a filled commune workbook: reading it, finding every cell, and asking the rules.

The workbooks are the product's own template for one commune each, 30 hamlets with every cell
filled, two of them against a rule; no two have the same names or numbers. Ours is what an import
does with its files before it writes: hand them to the reading process beside it, look for bombs,
macros and formulas there, take the cells back, find the cell of the return that each one fills,
read it, and ask the rules; the processor time of both processes counts. It ends with the document
of the return and what is wrong in it. The peers only read the cells, in this process.
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
from diaban.indicators.rules.validation import Checks, Returns, Row, builtin_checks, evaluate
from diaban.indicators.workbooks.bounded import Reader
from diaban.indicators.workbooks.forms import READ_SHEETS, Sheet, Stamp
from diaban.indicators.workbooks.forms import Line as Asked
from diaban.indicators.workbooks.reading import read_filled, stamp_of
from diaban.indicators.workbooks.writing import write_workbook

FILES, HAMLETS = 30, 30
_COUNTS = [i for i in builtin_catalogue().values() if i.kind.value == "count"]
COMMUNE = [Asked(i.code, i.name_vi, i.unit_vi, i.kind) for i in _COUNTS if i.part_of][:50]
COLUMNS = [
    Asked(i.code, i.name_vi, i.unit_vi, i.kind)
    for i in _COUNTS
    if i.lowest_level == "hamlet" and i.code not in {one.code for one in COMMUNE}
][:10]
COMMUNE_COLUMNS = [Column(line.code, line.name, line.kind) for line in COMMUNE]
HAMLET_COLUMNS = [Column(line.code, line.name, line.kind) for line in COLUMNS]
CHECKS = Checks(
    (
        *part_checks(
            "thang", [c.code for c in COMMUNE], [c.code for c in COLUMNS], builtin_catalogue()
        ),
        *(check for check in builtin_checks() if check.at in {c.code for c in COLUMNS}),
    )
)
Hamlets = list[tuple[str, str]]
Files = list[tuple[bytes, Hamlets]]


def run() -> list[Line]:
    """Return the comparisons with both readers."""
    files = [workbook(number) for number in range(FILES)]
    filled = len(COMMUNE) + HAMLETS * len(COLUMNS)
    with Reader(READ_SHEETS) as reader:
        reader.read(files[0][0])
        return _compared(files, filled, reader, with_process(reader.pid or 0))


def _compared(files: Files, filled: int, reader: Reader, clock: Callable[[], float]) -> list[Line]:
    return [
        compare(
            code,
            f"nhận {FILES} tệp Excel {filled} số, có kiểm tra",
            f"{name}, chỉ đọc",
            goal,
            lambda: ours(files, reader),
            lambda peer=peer: [peer(data) for data, _hamlets in files],
            lambda our, their: our == their == [filled] * FILES,
            rounds=rounds,
            clock=clock,
        )
        for code, name, peer, goal, rounds in (
            ("G10", "openpyxl read_only", with_openpyxl, 1 / 6, 7),
            ("G11", "calamine", with_calamine, 1.5, 15),
        )
    ]


def workbook(commune: int) -> tuple[bytes, Hamlets]:
    """Return a filled workbook, and the hamlets that its commune has."""
    area = f"{99001 + commune}"
    hamlets = [(f"{area}.{row:03}", f"Thôn {row + commune}") for row in range(1, HAMLETS + 1)]
    values = {cell_name("", line.code): number + commune for number, line in enumerate(COMMUNE)}
    for row, (hamlet, _name) in enumerate(hamlets):
        values |= {cell_name(hamlet, c.code): _plausible(c.code, row, commune) for c in COLUMNS}
    wrong = next(check.at for check in CHECKS if check.row is Row.HAMLET and not check.percent)
    values |= {cell_name(hamlet, wrong): 9_999 for hamlet, _name in hamlets[:2]}
    made = write_workbook(
        Sheet(Stamp(area, "2026-11", "thang", 1, 0), "x", "", "", [("", COMMUNE)], COLUMNS,
              hamlets, values, {}, {})
    )  # fmt: skip
    return made, hamlets


def _plausible(code: str, row: int, commune: int) -> int:
    """Return a number that keeps the rules: the deeper a part, the smaller."""
    depth = 0
    while above := [one for one in builtin_catalogue()[code].part_of if one != code]:
        code, depth = above[0], depth + 1
    return (900 + commune >> depth) - row


def ours(files: Files, reader: Reader) -> list[int]:
    """Read workbooks into returns, ask the rules; return how many cells of each hold a number."""
    return [
        _taken(data, hamlets, reader) for data, hamlets in reader.ahead(files, lambda one: one[0])
    ]


def _taken(data: bytes, hamlets: Hamlets, reader: Reader) -> int:
    sheets = reader.read(data)
    stamp_of(sheets)
    filled = read_filled(sheets, COMMUNE, COLUMNS, hamlets)
    entry: Entry = read_entry(
        filled.typed,
        commune=COMMUNE_COLUMNS,
        hamlet=HAMLET_COLUMNS,
        hamlets=[code for code, _name in hamlets],
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
