"""The workbook that goes out: to be filled, or filled wrongly and sent back with remarks."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from diaban.core.numbers import Kind
from diaban.indicators.rules.entry import Cell, cell_name
from diaban.indicators.workbooks.forms import (
    COMMUNE_SHEET,
    ERROR_HEAD,
    GUIDE_SHEET,
    HAMLETS_SHEET,
    HEADS,
    STAMP_SHEET,
    Line,
    Sheet,
)

# A text that people see in place of the word that programs read; see `_head`.
_SHOWN: Final = {
    "code": "Mã",
    "name": "Chỉ số",
    "unit": "Đơn vị",
    "value": "Số liệu kỳ này",
    "previous": "Kỳ trước",
    ERROR_HEAD: "Cần sửa",
}
_TEAL, _SUNK, _LINE, _ERROR = "#0B5A60", "#EEECE5", "#CFCBC0", "#FBE9E6"

_GUIDE: Final = (
    "Cách điền",
    "1. Chỉ điền các ô trắng ở trang “commune” (số của xã) và trang “hamlets” (số của từng thôn).",
    "2. Có số thì ghi số, không có thì ghi 0. Viết 1234, 1.234 hay 1 234 đều được; số lẻ dùng "
    "dấu phẩy: 12,5.",
    "3. Để trống: giữ nguyên số đã có trong hệ thống. Ghi “-”: chưa có số. Ghi “KAD”: không áp "
    "dụng.",
    "4. Có thể chép cả vùng từ tệp khác; khi dán hãy chọn dạng giá trị (Paste Values). Tệp có "
    "công thức hoặc macro không được nhận.",
    "5. Không đổi tên, không xóa trang tính; thêm dòng tiêu đề hay ẩn dòng thì không sao.",
    "6. Chỉ ghi số lượng. Không ghi họ tên hay thông tin của bất kỳ ai.",
    "7. Điền xong, lưu tệp rồi tải lên ở trang Nhập số liệu. Tải một tệp nhiều lần không làm số "
    "liệu nhân đôi.",
)


class _Formats:
    """The looks of a workbook; made once for each."""

    def __init__(self, book: Workbook) -> None:
        plain: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "valign": "vcenter"}
        head = {
            **plain,
            "bold": True,
            "bg_color": _SUNK,
            "bottom": 1,
            "bottom_color": _LINE,
            "text_wrap": True,
        }
        self.plain = book.add_format(plain)
        self.code = book.add_format({**plain, "font_size": 8, "font_color": "#5A6668"})
        self.wrapped = book.add_format({**plain, "text_wrap": True})
        self.section = book.add_format({**plain, "bold": True, "font_color": _TEAL})
        self.title = book.add_format({**plain, "bold": True, "font_size": 14})
        self.label = book.add_format({**head, "align": "right"})
        cell = {**plain, "align": "right", "border": 1, "border_color": _LINE, "locked": False}
        self.whole = book.add_format({**cell, "num_format": "#,##0"})
        self.decimal = book.add_format({**cell, "num_format": "#,##0.##"})
        self.before = book.add_format(
            {**plain, "align": "right", "num_format": "#,##0.##", "font_color": "#5A6668"}
        )
        self.wrong = book.add_format(
            {**cell, "bg_color": _ERROR, "font_color": "#A3271F", "bold": True}
        )
        self.remark = book.add_format({**plain, "font_color": "#A3271F", "text_wrap": True})
        # The fourth part of a number format stands for texts: the cell holds the word that
        # programs read, the screen shows the Vietnamese one.
        self.heads = {
            word: book.add_format({**head, "num_format": f'0;0;0;"{shown}"'})
            for word, shown in _SHOWN.items()
        }


def write_workbook(sheet: Sheet) -> bytes:
    """
    Return the workbook of a return: white cells to fill, all else locked, and its stamp.

    Cost: some 20 ms for 30 hamlets.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    looks = _Formats(book)
    _commune(book.add_worksheet(COMMUNE_SHEET), sheet, looks)
    _hamlets(book.add_worksheet(HAMLETS_SHEET), sheet, looks)
    _guide(book.add_worksheet(GUIDE_SHEET), sheet, looks)
    _stamp(book.add_worksheet(STAMP_SHEET), sheet)
    book.close()
    return buffer.getvalue()


def _commune(page: Worksheet, sheet: Sheet, looks: _Formats) -> None:
    heads = (*HEADS, ERROR_HEAD) if sheet.marks else HEADS
    for column, word in enumerate(heads):
        page.write_string(0, column, word, looks.heads[word])
    page.set_column(0, 0, 22)
    page.set_column(1, 1, 52)
    page.set_column(2, 4, 14)
    page.set_column(5, 5, 70)
    row = 1
    for _title, lines in sheet.sections:
        for line in lines:
            page.write_string(row, 0, line.code, looks.code)
            page.write_string(row, 1, line.name, looks.wrapped)
            page.write_string(row, 2, line.unit, looks.plain)
            _value(page, row, 3, line, line.code, sheet, looks)
            _write(page, row, 4, sheet.previous.get(line.code), looks.before)
            if line.code in sheet.marks:
                page.write_string(row, 5, sheet.marks[line.code], looks.remark)
            row += 1
    page.freeze_panes(1, 2)
    _lock(page)


def _hamlets(page: Worksheet, sheet: Sheet, looks: _Formats) -> None:
    page.write_string(0, 0, "code", looks.heads["code"])
    page.write_string(0, 1, "name", looks.heads["name"])
    page.write_string(1, 0, "Mã thôn", looks.label)
    page.write_string(1, 1, "Thôn, tổ dân phố", looks.label)
    page.set_column(0, 0, 11)
    page.set_column(1, 1, 26)
    page.set_column(2, 1 + len(sheet.columns), 12)
    page.set_row(1, 42)
    for column, line in enumerate(sheet.columns, 2):
        page.write_string(0, column, line.code, looks.code)
        page.write_string(1, column, line.name, looks.label)
    remarks = 2 + len(sheet.columns)
    if sheet.marks:
        page.write_string(0, remarks, ERROR_HEAD, looks.heads[ERROR_HEAD])
        page.set_column(remarks, remarks, 90)
    for row, (code, name) in enumerate(sheet.hamlets, 2):
        page.write_string(row, 0, code, looks.code)
        page.write_string(row, 1, name, looks.plain)
        said = []
        for column, line in enumerate(sheet.columns, 2):
            cell = cell_name(code, line.code)
            _value(page, row, column, line, cell, sheet, looks)
            if cell in sheet.marks:
                said.append(sheet.marks[cell])
        if said:
            page.write_string(row, remarks, " ".join(said), looks.remark)
    page.freeze_panes(2, 2)
    _lock(page)


def _value(
    page: Worksheet, row: int, column: int, line: Line, name: str, sheet: Sheet, looks: _Formats
) -> None:
    look = looks.decimal if line.kind is Kind.DECIMAL else looks.whole
    if name in sheet.marks:
        look = looks.wrong
        page.write_comment(row, column, sheet.marks[name], {"x_scale": 2.5, "author": "Địa Bàn"})
    _write(page, row, column, sheet.values.get(name), look)
    if line.kind is Kind.BOOLEAN:
        page.data_validation(
            row,
            column,
            row,
            column,
            {
                "validate": "list",
                "source": ["có", "không", "-", "KAD"],
                "error_title": "Chọn trong danh sách",
                "error_message": "Chọn có, không, - (chưa có số) hoặc KAD (không áp dụng).",
            },
        )


def _write(page: Worksheet, row: int, column: int, cell: Cell, look: Format) -> None:
    if cell is None or cell == "":
        page.write_blank(row, column, None, look)
    elif isinstance(cell, bool):
        page.write_string(row, column, "có" if cell else "không", look)
    elif isinstance(cell, int):
        page.write_number(row, column, cell, look)
    elif cell.replace(".", "", 1).isdigit() and cell.isascii() and "." in cell:
        # A decimal as it stands in a document: text with a point.
        page.write_number(row, column, float(cell), look)
    else:
        page.write_string(row, column, cell, look)


def _lock(page: Worksheet) -> None:
    page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _guide(page: Worksheet, sheet: Sheet, looks: _Formats) -> None:
    page.set_column(0, 0, 110)
    page.hide_gridlines(2)
    page.write_string(0, 0, sheet.title, looks.title)
    page.write_string(1, 0, sheet.note, looks.plain)
    row = 3
    for remark in sheet.remarks:
        page.write_string(row, 0, remark, looks.remark)
        row += 1
    row += bool(sheet.remarks)
    for line in _GUIDE:
        look = looks.section if line == _GUIDE[0] else looks.wrapped
        page.write_string(row, 0, line, look)
        row += 1
    if sheet.remarks:
        page.activate()
    page.protect()


def _stamp(page: Worksheet, sheet: Sheet) -> None:
    stamp = sheet.stamp
    told: Mapping[str, str] = {
        "area": stamp.area,
        "period": stamp.period,
        "form": stamp.form,
        "version": str(stamp.version),
        "revision": str(stamp.revision),
        "check": sheet.check,
    }
    for row, (word, value) in enumerate(told.items()):
        page.write_string(row, 0, word)
        page.write_string(row, 1, value)
    page.protect()
    page.hide()


def write_remarks(title: str, remarks: list[str]) -> bytes:
    """Return a workbook that only says why another one was not taken."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    looks = _Formats(book)
    page = book.add_worksheet("loi")
    page.set_column(0, 0, 110)
    page.write_string(0, 0, title, looks.title)
    for row, remark in enumerate(remarks, 2):
        page.write_string(row, 0, remark, looks.remark)
    book.close()
    return buffer.getvalue()
