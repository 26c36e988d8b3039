"""The answers for a list of units, what they became or were, as CSV or XLSX."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from typing import Final

import xlsxwriter

from diaban.areas.bearers import Way
from diaban.areas.crosswalk import Line, Reached

CSV_TYPE: Final = "text/csv; charset=utf-8"
COLUMNS: Final = (
    ("Dòng", 7),
    ("Đã nhập", 28),
    ("Mã", 10),
    ("Đơn vị", 28),
    ("Thuộc", 34),
    ("Lỗi", 50),
    ("Mã kết quả", 10),
    ("Đơn vị kết quả", 28),
    ("Thuộc", 34),
    ("Phần", 12),
    ("Tỷ lệ", 10),
    ("Ước tính", 10),
    ("Từ ngày", 12),
    ("Căn cứ", 44),
)
# What a spreadsheet takes for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NAMES: Final = {Way.BECAME: "Nay là", Way.WAS: "Trước đây là"}


def crosswalk_csv(lines: Iterable[Line], way: Way) -> bytes:
    """Return one row for each unit at the other end, and one for each line without; UTF-8."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow([name for name, _ in COLUMNS])
    rows.writerows([_safe(cell) for cell in row] for row in _rows(lines, way))
    # With a mark at the beginning: else Excel reads Vietnamese as Windows-1252.
    return written.getvalue().encode("utf-8-sig")


def crosswalk_xlsx(lines: Iterable[Line], way: Way) -> bytes:
    """Return the same rows as a workbook; codes stay text, so that zeros in front stay."""
    written = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(written, options) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        text = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet(_NAMES[way])
        for column, (name, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, name, head)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(_rows(lines, way), 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, text)
    return written.getvalue()


def _rows(lines: Iterable[Line], way: Way) -> Iterator[list[str]]:
    for line in lines:
        if line.answer is None:
            yield [str(line.number), line.typed, "", "", "", line.error, *[""] * 8]
            continue
        unit = line.answer.unit
        own = [str(line.number), line.typed, unit.code, unit.full_name, _above(unit.path), ""]
        ends = line.answer.became if way is Way.BECAME else line.answer.was
        if not ends:
            yield [*own, unit.code, unit.full_name, _above(unit.path), "không đổi", "", "", "", ""]
        for end in ends:
            yield [*own, *_end(end)]


def _end(end: Reached) -> list[str]:
    # Six places: what is shown is what was counted with, as far as anybody counts.
    share = "" if end.share is None else f"{float(end.share):.6g}".replace(".", ",")
    return [
        end.unit.code,
        end.unit.full_name,
        _above(end.unit.path),
        "một phần" if end.partial else "toàn bộ",
        share,
        "có" if end.estimated else "",
        f"{end.since:%d/%m/%Y}",
        "; ".join(end.basis),
    ]


def _above(path: Sequence[str]) -> str:
    return ", ".join(reversed(path))


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
