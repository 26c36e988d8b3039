"""Who has reported, as XLSX: one row a commune, one column a month."""

from datetime import datetime, time
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format

from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH
from diaban.indicators.completeness import Line, Matrix, matrix_of
from diaban.indicators.explained import explained_in
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.returns import STATE_NAMES
from diaban.reports.assessment_minutes import Paper

MONTHS = 12


def completeness_paper(*, actor: Actor, area_code: str, period_label: str, at: datetime) -> Paper:
    """
    Return the matrix of an area over twelve months, the newest last, and what was explained in it.

    Raises:
        Missing: `actor` may not see returns there.
    """
    found = matrix_of(actor, area_code, period_label, MONTHS)
    written = BytesIO()
    with xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    ) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet = book.add_worksheet("Tiến độ báo cáo")
        for column, name in enumerate(_heads(found)):
            sheet.set_column(column, column, 28 if column == 1 else 15)
            sheet.write_string(0, column, name, head)
        sheet.freeze_panes(1, 2)
        for number, line in enumerate(found.lines, 1):
            sheet.write_string(number, 0, line.area.code)
            sheet.write_string(number, 1, line.area.full_name)
            for column, word in enumerate(_months(line), 2):
                sheet.write_string(number, column, word)
            last = 2 + len(found.periods)
            newest = line.kept[-1]
            if line.sent and newest is not None and newest.sent_at is not None:
                sent = newest.sent_at.astimezone(HO_CHI_MINH).date()
                sheet.write_datetime(number, last, datetime.combine(sent, time.min), day)
                sheet.write_number(number, last + 1, max(0, (sent - found.due).days))
            else:
                today = at.astimezone(HO_CHI_MINH).date()
                sheet.write_number(number, last + 1, max(0, (today - found.due).days))
            if line.reminded is not None:
                moment = datetime.combine(line.reminded, time.min)
                sheet.write_datetime(number, last + 2, moment, day)
        sheet.autofilter(0, 0, max(1, len(found.lines)), 4 + len(found.periods))
        _explanations(book, head, actor, area_code, period_label)
    return Paper(f"tien-do-{found.area.code}-{found.period.label}.xlsx", written.getvalue())


def _explanations(
    book: xlsxwriter.Workbook, head: Format, actor: Actor, area_code: str, period_label: str
) -> None:
    """Write what communes explained of the newest month on a sheet of its own."""
    sheet = book.add_worksheet("Giải thích biến động")
    for column, (name, width) in enumerate(
        (("Mã", 15), ("Địa bàn", 28), ("Thôn", 22), ("Chỉ số", 40), ("Giải thích", 80))
    ):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, head)
    sheet.freeze_panes(1, 2)
    catalogue = builtin_catalogue()
    _area, _span, _period, found = explained_in(actor, area_code, period_label)
    for number, one in enumerate(found, 1):
        name = catalogue[one.code].name_vi if one.code in catalogue else one.code
        told = (one.area.code, one.area.full_name, one.place, name, one.sentence)
        for column, text in enumerate(told):
            sheet.write_string(number, column, text)


def _heads(found: Matrix) -> list[str]:
    months = [one.title for one in found.periods]
    return ["Mã", "Địa bàn", *months, "Ngày gửi", "Số ngày trễ", "Nhắc lần cuối"]


def _months(line: Line) -> list[str]:
    words = []
    for kept, owed in zip(line.kept, line.owed, strict=True):
        if kept is not None:
            words.append(STATE_NAMES[kept.state])
        else:
            words.append("Chưa lập" if owed else "Chưa có xã này")
    return words
