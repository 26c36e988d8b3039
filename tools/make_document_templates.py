"""
Writes the DOCX templates of `src/diaban/reports/data/` (development only).

`python tools/make_document_templates.py`. The layout is that of Nghị định 30/2020/NĐ-CP,
Annex I: A4, margins 20/20/30/20 mm, Times New Roman 13-14, page number centred at the top from
the second page on. A test reads the written files and checks these figures.
"""

from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

HERE = Path(__file__).resolve().parents[1] / "src" / "diaban" / "reports" / "data"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY


def blank_document() -> Doc:
    """Return an empty page of the decree's size, margins and type."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(20)
    section.header_distance = Mm(10)
    style = document.styles["Normal"]
    style.font.name = "Times New Roman"
    style.font.size = Pt(13)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.element.rPr.rFonts.set(qn("w:cs"), "Times New Roman")
    style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.space_before = Pt(0)
    page_number(document)
    return document


def page_number(document: Doc) -> None:
    """Put the page number in the middle of the top margin, but not on the first page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = text
        run._r.append(mark)


def line(
    place: Doc | _Cell,
    text: str,
    *,
    size: float = 13,
    bold: bool = False,
    italic: bool = False,
    align: int | None = None,
    indent: bool = False,
    before: float = 0,
    after: float = 0,
    first: bool = False,
    keep: bool = False,
) -> None:
    """Write one paragraph. `first` uses the paragraph that a new table cell already has."""
    paragraph = place.paragraphs[0] if first else place.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    shape = paragraph.paragraph_format
    shape.alignment = align
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.keep_with_next = keep
    if indent:
        shape.first_line_indent = Mm(10)


def body(document: Doc, text: str, **look: object) -> None:
    """Write a paragraph of the body: justified, first line 10 mm, 6 pt before."""
    line(document, text, align=JUSTIFY, indent=True, before=6, **look)  # type: ignore[arg-type]


def heading(document: Doc, text: str) -> None:
    """Write a heading of the body."""
    line(document, text, bold=True, align=JUSTIFY, indent=True, before=8, keep=True)


def rule(cell: _Cell, width_mm: float) -> None:
    """Draw the short line under a block of the head."""
    paragraph = cell.add_paragraph()
    paragraph.alignment = CENTRE
    side = (80 - width_mm) / 2
    paragraph.paragraph_format.left_indent = Mm(side)
    paragraph.paragraph_format.right_indent = Mm(side)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)
    paragraph.paragraph_format.line_spacing = Pt(4)


def two_columns(document: Doc, left_mm: float, right_mm: float) -> tuple[_Cell, _Cell]:
    """Return the two cells of a table without borders."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    columns(table, [left_mm, right_mm])
    left, right = table.rows[0].cells
    return left, right


def head(document: Doc, issuer: str, area: str, number: str, place_and_date: str) -> None:
    """
    Write the two blocks at the top of page one.

    A people's committee stands there alone, without a body above it.
    """
    left, right = two_columns(document, 68, 98)
    line(left, issuer, size=12, bold=True, align=CENTRE, first=True)
    line(left, area, size=12, bold=True, align=CENTRE)
    rule(left, 22)
    line(left, number, size=13, align=CENTRE)
    line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE, first=True)
    line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE)
    rule(right, 62)
    line(right, place_and_date, size=13, italic=True, align=CENTRE)


def columns(table: Table, widths: list[float]) -> None:
    """
    Set the widths of a table's columns, in millimetres.

    In the grid and in every cell: Word reads the one, LibreOffice the other.
    """
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def repeat_head(table: Table) -> None:
    """Repeat the first row on every page that the table reaches, and break no row in two."""
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)


def assessment_minutes() -> Doc:
    """Return the template of the minutes of an assessment of one commune."""
    document = blank_document()
    head(
        document,
        "ỦY BAN NHÂN DÂN",
        "{{ issuing_area }}",
        "Số:        /BB-UBND",
        "{{ place }}, ngày      tháng      năm {{ year }}",
    )
    line(document, "BIÊN BẢN", size=14, bold=True, align=CENTRE, before=14)
    line(document, "{{ subject }}", size=14, bold=True, align=CENTRE, after=8)

    body(document, "Căn cứ {{ basis }};", italic=True)
    body(document, "Căn cứ số liệu do {{ area }} gửi trong {{ period }}.", italic=True)
    body(
        document,
        "Hôm nay, hồi ...... giờ ...... phút, ngày ...... tháng ...... năm {{ year }}, tại "
        "..........................................., đã họp xét các tiêu chí đối với "
        "{{ area }}, {{ province }}.",
    )
    heading(document, "I. THÀNH PHẦN")
    body(document, "1. Chủ trì: Ông (bà) ............................. Chức vụ: ................")
    body(document, "2. Thư ký: Ông (bà) .............................. Chức vụ: ................")
    body(document, "3. Thành viên: ............................................................")

    heading(document, "II. KẾT QUẢ TỪNG TIÊU CHÍ")
    body(document, "Số liệu tính đến {{ as_of }}; {{ counts }}.")
    table = document.add_table(rows=4, cols=4)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, text in zip(
        table.rows[0].cells, ("TT", "Tiêu chí", "Số liệu", "Kết quả"), strict=True
    ):
        line(cell, text, size=12, bold=True, align=CENTRE, first=True)
    line(table.rows[1].cells[0], "{%tr for row in rows %}", first=True)
    for cell, text, align in zip(
        table.rows[2].cells,
        ("{{ row.id }}", "{{ row.statement }}", "{{ row.figures }}", "{{ row.result }}"),
        (CENTRE, JUSTIFY, None, None),
        strict=True,
    ):
        line(cell, text, size=12, align=align, first=True)
    line(table.rows[3].cells[0], "{%tr endfor %}", first=True)
    columns(table, [12, 70, 43, 35])
    repeat_head(table)

    heading(document, "III. KẾT LUẬN")
    body(document, "{{ conclusion }}")
    line(document, "{%p for sentence in open_points %}")
    body(document, "- {{ sentence }}")
    line(document, "{%p endfor %}")
    heading(document, "IV. Ý KIẾN KHÁC")
    body(document, "...........................................................................")
    body(
        document,
        "Biên bản lập xong hồi ...... giờ ...... phút cùng ngày, đã đọc lại cho mọi người cùng "
        "nghe và thống nhất ký tên./.",
    )
    left, right = two_columns(document, 80, 80)
    line(left, "THƯ KÝ", bold=True, align=CENTRE, before=12, first=True)
    line(left, "(Ký, ghi rõ họ tên)", italic=True, align=CENTRE, after=60)
    line(right, "CHỦ TRÌ", bold=True, align=CENTRE, before=12, first=True)
    line(right, "(Ký, ghi rõ họ tên)", italic=True, align=CENTRE, after=60)
    line(document, "Nguồn số liệu:", size=11, bold=True, italic=True, before=8)
    line(document, "{%p for origin in origins %}")
    line(document, "- {{ origin }}", size=11)
    line(document, "{%p endfor %}")
    return document


def main() -> None:
    """Write every template."""
    HERE.mkdir(parents=True, exist_ok=True)
    assessment_minutes().save(str(HERE / "assessment-minutes.docx"))


if __name__ == "__main__":
    main()
