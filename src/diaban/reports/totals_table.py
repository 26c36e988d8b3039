"""The totals of an area as a table that says in which view they are: XLSX and CSV."""

import csv
from io import BytesIO, StringIO

import xlsxwriter

from diaban.areas.rules.shares import Coming
from diaban.core.numbers import Number
from diaban.core.text import lower_first
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.small_counts import KEPT_BACK
from diaban.indicators.rules.views import VIEW_NAMES, View
from diaban.indicators.viewed import Source, Viewed

HEADS = ("Mã chỉ tiêu", "Chỉ tiêu", "Đơn vị tính", "Tổng", "Số xã có số liệu", "Ghi chú")
BRIDGE_HEADS = ("Mã", "Đơn vị khi đó", "Vào địa bàn này", "Tỷ lệ", "Đã báo cáo")
COMING_NAMES = {
    Coming.WHOLE: "toàn bộ",
    Coming.SHARED: "một phần, chia theo tỷ lệ",
    Coming.APART: "một phần, chưa có tỷ lệ: không tính vào tổng",
}
_ESTIMATE = "ước tính"
_WIDTHS = (26, 60, 14, 16, 16, 40)


def view_sentence(found: Viewed) -> str:
    """Return which view figures are in, as the head of a table says it."""
    return f"Góc nhìn: {VIEW_NAMES[found.view]} (bản đồ ngày {found.map_day:%d/%m/%Y})"


def totals_csv(found: Viewed) -> str:
    """Return the totals as CSV: lines of a head, an empty line, the table, the bridge table."""
    written = StringIO()
    table = csv.writer(written, lineterminator="\n")
    for line in _head(found):
        table.writerow((line,))
    table.writerow(())
    table.writerow(HEADS)
    for row in _rows(found):
        table.writerow(["" if cell is None else cell for cell in row])
    if found.bridge:
        table.writerow(())
        table.writerow(BRIDGE_HEADS)
        table.writerows(_bridge_row(one) for one in found.bridge)
    return written.getvalue()


def totals_xlsx(found: Viewed) -> bytes:
    """Return the totals as a workbook: a sheet of totals and, where there is one, of the bridge."""
    written = BytesIO()
    with xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    ) as book:
        strong = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        title = book.add_format({"bold": True})
        sheet = book.add_worksheet("Tổng hợp")
        head = _head(found)
        for number, line in enumerate(head):
            sheet.write_string(number, 0, line, title)
        first = len(head) + 1
        for column, (name, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(first, column, name, strong)
        for number, row in enumerate(_rows(found), first + 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write_number(number, column, cell)
        sheet.freeze_panes(first + 1, 2)
        if found.bridge:
            bridge = book.add_worksheet("Bảng nối")
            for column, name in enumerate(BRIDGE_HEADS):
                bridge.set_column(column, column, 30)
                bridge.write_string(0, column, name, strong)
            for number, one in enumerate(found.bridge, 1):
                for column, word in enumerate(_bridge_row(one)):
                    bridge.write_string(number, column, word)
    return written.getvalue()


def file_name(found: Viewed, ending: str) -> str:
    """Return the name of the file: area, month and view."""
    view = "theo-dia-gioi-hien-nay" if found.view is View.TODAY else "nhu-da-bao-cao"
    return f"tong-hop-{found.area.code}-{found.period.label}-{view}.{ending}"


def share_text(share: float | None) -> str:
    """Return a weight in percent, empty where there is none."""
    return "" if share is None else f"{share * 100:.2f} %".replace(".", ",")


def _head(found: Viewed) -> list[str]:
    lines = [
        f"{found.name} ({found.area.code}), {lower_first(found.period.title)}",
        view_sentence(found),
        f"{found.reporting}/{found.expected} đơn vị cấp xã đã báo cáo",
    ]
    if found.estimated:
        lines.append(
            "“ước tính”: có phần của đơn vị bị chia, tính theo tỷ lệ; xem bảng nối các đơn vị."
        )
    if found.apart:
        names = ", ".join(f"{one.name} ({one.code})" for one in found.apart)
        lines.append(f"Không tính vào tổng vì chưa có tỷ lệ chia: {names}.")
    return lines


def _rows(found: Viewed) -> list[tuple[str | Number | None, ...]]:
    catalogue = builtin_catalogue()
    return [
        (
            code,
            catalogue[code].name_vi,
            catalogue[code].unit_vi,
            one.total,
            one.reporting,
            KEPT_BACK
            if code in found.withheld
            else "thiếu số liệu"
            if one.total is None
            else _ESTIMATE
            if code in found.estimated
            else "",
        )
        for code, one in found.values.items()
    ]


def _bridge_row(one: Source) -> tuple[str, ...]:
    return (
        one.code,
        one.name,
        COMING_NAMES[one.coming],
        share_text(one.share),
        "có" if one.reported else "chưa",
    )
