"""The programme of a plan as its table annex, DOCX and XLSX, in the plan's own numbering."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from django.db import transaction
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from diaban.audit.services import record
from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH
from diaban.plans.models import Plan
from diaban.plans.programme import Line, lines_of, programme_visible_to
from diaban.plans.rules.calendar import due_text
from diaban.plans.rules.items import NATURE_NAMES, Nature
from diaban.plans.rules.typed import REPORTS, date_line, day_text
from diaban.reports.assessment_minutes import CONTENT_TYPE, Paper

XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS: Final = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn")
# A4 on its side less the margins of Nghị định 30/2020/NĐ-CP, annex I, I.2 (30 left, 20 right).
WIDTHS: Final = (20, 104, 46, 42, 35)
OFTEN: Final = {"week": "tuần", "month": "tháng", "quarter": "quý", "year": "năm"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the annex; a heading of the plan has only `number` and `what`."""

    number: str
    what: str
    leads: str = ""
    support: str = ""
    when: str = ""
    heading: bool = False


def programme_paper(*, actor: Actor, plan_id: int, kind: str, at: datetime) -> Paper:
    """
    Return the programme of a published plan as a file to attach to it.

    `kind` is `docx` or `xlsx`.

    Raises:
        Missing: the plan is not there, not for this actor, or not published.
    """
    plan = programme_visible_to(actor, plan_id)
    today = at.astimezone(HO_CHI_MINH).date()
    rows = rows_of(plan, lines_of(plan, today))
    data = _docx(plan, rows) if kind == "docx" else _xlsx(plan, rows)
    with transaction.atomic():
        record(
            actor=actor,
            action="reports.programme.made",
            subject=plan,
            at=at,
            area_code=plan.area.code,
            detail={"kind": kind},
        )
    return Paper(f"chuong-trinh-{plan.area.code}-{plan.pk}.{kind}", data)


def content_type(kind: str) -> str:
    """Return the media type of `docx` or `xlsx`."""
    return CONTENT_TYPE if kind == "docx" else XLSX_TYPE


def rows_of(plan: Plan, lines: list[Line]) -> list[Row]:
    """
    Return the lines of the annex: the plan's headings, and its duties under them.

    A duty is numbered by its heading and its place there ("IV.1.2"); one that a later plan
    took over is left out, and the others keep their numbers.
    """
    titles = {one["label"]: one["title"] for one in plan.reading["sections"]}
    rows: list[Row] = []
    section, place, headed = "", 0, False
    for line in lines:
        duty = line.duty
        if duty.section != section:
            section, place, headed = duty.section, 0, False
        place += 1
        if duty.frozen_at is not None:
            continue
        if not headed:
            headed = True
            rows.append(Row(section, titles.get(section) or "Nhiệm vụ khác", heading=True))
        leads = "; ".join(body.name for body in line.leads)
        rows.append(
            Row(
                f"{section}.{place}" if section else str(place),
                duty.what,
                f"{leads} (đề nghị)" if duty.requested else leads,
                "; ".join(body.name for body in line.support),
                _when(duty.dates, duty.nature, duty.recurrence),
            )
        )
    return rows


def _when(dates: list[dict[str, Any]], nature: str, recurrence: str) -> str:
    parts = []
    for one in dates:
        yearly = " hằng năm" if len(one["date"]) == 5 else ""
        line = date_line({**one, "scope": None}) + yearly
        parts.append(f"{line} ({one['scope']})" if one.get("scope") else line)
    if parts:
        return "; ".join(parts)
    number, _slash, unit = recurrence.partition("/")
    if unit in OFTEN:
        return f"{number} lần/{OFTEN[unit]}"
    return NATURE_NAMES[Nature(nature)].capitalize()


def _subtitle(plan: Plan) -> str:
    given = plan.reading["metadata"].get("date") or {}
    parts = [given.get("day"), given.get("month"), given.get("year")]
    day = "/".join(f"{part:02}" if part else "…" for part in parts)
    number = plan.number or "…/KH-UBND"
    return f"(Kèm theo Kế hoạch số {number} ngày {day} của {plan.issuer or plan.area.full_name})"


def _docx(plan: Plan, rows: list[Row]) -> bytes:
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(0)
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.top_margin = page.bottom_margin = Mm(20)
    page.left_margin, page.right_margin = Mm(30), Mm(20)
    for text, bold, italic in (
        ("PHỤ LỤC", True, False),
        ("Danh mục nhiệm vụ thực hiện Kế hoạch", True, False),
        (plan.title, True, False),
        (_subtitle(plan), False, True),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic
    document.add_paragraph()
    table = document.add_table(rows=1, cols=len(HEADS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    # Word goes by the cells, LibreOffice by the columns.
    for column, cell, head, width in zip(
        table.columns, table.rows[0].cells, HEADS, WIDTHS, strict=True
    ):
        column.width = cell.width = Mm(width)
        _write(cell, head, bold=True, centre=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for row in rows:
        cells = table.add_row().cells
        if row.heading:
            _write(cells[0], row.number, bold=True)
            whole = cells[1].merge(cells[4])
            _write(whole, row.what, bold=True)
            cells[0].width, whole.width = Mm(WIDTHS[0]), Mm(sum(WIDTHS[1:]))
            continue
        texts = (row.number, row.what, row.leads, row.support, row.when)
        for cell, text, width in zip(cells, texts, WIDTHS, strict=True):
            _write(cell, text)
            cell.width = Mm(width)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _write(cell: Any, text: str, *, bold: bool = False, centre: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold = bold
    run.font.size = Pt(12)
    if centre:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _xlsx(plan: Plan, rows: list[Row]) -> bytes:
    written = BytesIO()
    # Text that begins with "=" is text: nothing of a document may become a formula.
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        font = {"font_name": "Times New Roman", "font_size": 12, "text_wrap": True, "valign": "top"}
        plain = book.add_format({**font, "border": 1})
        strong = book.add_format({**font, "border": 1, "bold": True})
        title = book.add_format({**font, "bold": True, "align": "center", "font_size": 13})
        sheet = book.add_worksheet("Nhiệm vụ")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        for column, width in enumerate((8, 70, 28, 28, 24)):
            sheet.set_column(column, column, width)
        sheet.merge_range(0, 0, 0, 4, f"Phụ lục. {plan.title}", title)
        sheet.merge_range(1, 0, 1, 4, _subtitle(plan), title)
        sheet.set_row(0, 34)
        sheet.write_row(3, 0, HEADS, strong)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 0)
        for number, row in enumerate(rows, 4):
            cells = (row.number, row.what, row.leads, row.support, row.when)
            sheet.write_row(number, 0, cells, strong if row.heading else plain)
        _others(book, plan, plain, strong)
    return written.getvalue()


def _others(book: Any, plan: Plan, plain: Any, strong: Any) -> None:
    def add(name: str, heads: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> None:
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, heads, strong)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 0, 10)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, len(heads) - 1, 20)
        for number, line in enumerate(lines, 1):
            sheet.write_row(number, 0, line, plain)

    targets = [
        (
            one.section, one.what, one.comparator,
            f"{one.value.normalize():f}".replace(".", ",") if one.value is not None else "",
            one.unit, day_text(one.due), one.indicator,
        )
        for one in plan.targets.order_by("pk")
    ]  # fmt: skip
    add(
        "Chỉ tiêu",
        ("Mục", "Chỉ tiêu", "So sánh", "Mức", "Đơn vị", "Đến", "Chỉ số"),
        targets,
    )
    calendar = [
        (
            str(n),
            one.what,
            REPORTS.get(one.recurrence, ""),
            due_text(one.what, one.due),
            one.to,
            one.via,
        )
        for n, one in enumerate(plan.calendar.order_by("pk"), 1)
    ]
    add("Lịch báo cáo", ("TT", "Báo cáo", "Chu kỳ", "Hạn", "Gửi", "Qua"), calendar)
