"""
Development only: make the province's sample plan as a DOCX from its text.

Usage: python tools/make_sample_plans.py

Reads `tools/sample_plans/tinh-song-lam.txt`, writes the document that `diaban demo` hands in.
Commit both. The layout follows Nghị định 30/2020/NĐ-CP: A4, Times New Roman 14, margins
20/20/30/15 mm, issuer and national motto side by side, recipients beside the signature.

Marks of the text: `# ` centred bold, `## ` and `### ` bold headings, `~ ` italic, `* ` centred
italic, `| ` a row of a table; `@letterhead`, `@signature` (two columns parted by `@`) up to
`@end`; `@page` begins a new page.
"""

from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "tools" / "sample_plans" / "tinh-song-lam.txt"
TARGET = ROOT / "src" / "diaban" / "demo" / "data" / "ke-hoach-tinh-song-lam.docx"

ANNEX_WIDTHS = (Mm(10), Mm(55), Mm(36), Mm(37), Mm(27))


def main() -> None:
    """Write the document."""
    lines = iter(SOURCE.read_text(encoding="utf-8").splitlines())
    document = blank()
    rows: list[list[str]] = []
    for line in lines:
        if line.startswith("| "):
            rows.append([cell.strip() for cell in line[2:].split(" | ")])
        elif line == "@letterhead":
            letterhead(document, list(block(lines)))
        elif line == "@signature":
            signature(document, list(block(lines)))
        elif line == "@page":
            document.add_page_break()
        elif line:
            paragraph(document, line)
    annex(document, rows)
    document.save(str(TARGET))
    print(TARGET.relative_to(ROOT), TARGET.stat().st_size, "bytes")


def blank() -> Doc:
    """Return an empty document with the page and the type of a Vietnamese office."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(6)
    style.paragraph_format.space_before = Pt(0)
    style.paragraph_format.line_spacing = 1.15
    properties = document.core_properties
    properties.author = "Địa Bàn"
    properties.title = "Kế hoạch mẫu của tỉnh Sông Lam (không có thật)"
    properties.comments = ""
    return document


def block(lines: Iterator[str]) -> Iterator[str]:
    """Give the lines up to `@end`."""
    for line in lines:
        if line == "@end":
            return
        yield line


def paragraph(document: Doc, line: str) -> None:
    """Add one line of the text as its mark says."""
    mark, _, rest = line.partition(" ")
    added = document.add_paragraph()
    added.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if mark in ("#", "*"):
        added.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = added.add_run(rest)
        run.bold, run.italic = mark == "#", mark == "*"
        return
    added.paragraph_format.first_line_indent = Mm(10)
    if mark in ("##", "###"):
        added.add_run(rest).bold = True
        added.paragraph_format.keep_with_next = True
    elif mark == "~":
        added.add_run(rest).italic = True
    else:
        added.add_run(line)


def letterhead(document: Doc, lines: list[str]) -> None:
    """Add issuer and number on the left, motto, place and date on the right."""
    left, right = columns(document, Mm(62), Mm(103))
    issuer, area, number, state, motto, place = lines
    write(left, issuer, size=12)
    write(left, area, bold=True, size=12)
    write(left, number, size=13)
    write(right, state, bold=True, size=12)
    write(right, motto, bold=True, size=13)
    write(right, place, italic=True, size=13)
    document.add_paragraph()


def signature(document: Doc, lines: list[str]) -> None:
    """Add recipients on the left, who signs on the right."""
    left, right = columns(document, Mm(88), Mm(77))
    cut = lines.index("@")
    heading, *recipients = lines[:cut]
    write(left, heading, bold=True, italic=True, size=12, centred=False)
    for recipient in recipients:
        write(left, recipient, size=11, centred=False)
    *titles, name = lines[cut + 1 :]
    for title in titles:
        write(right, title, bold=True)
    for _ in range(3):
        write(right, "")
    write(right, name, bold=True)


def columns(document: Doc, *widths: Mm) -> list[_Cell]:
    """Add a row of cells without borders and return them."""
    table = document.add_table(rows=1, cols=len(widths))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    cells = list(table.rows[0].cells)
    for column, cell, width in zip(table.columns, cells, widths, strict=True):
        column.width = cell.width = width
        cell._element.remove(cell.paragraphs[0]._element)
    return cells


def write(
    cell: _Cell,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = 14,
    centred: bool = True,
) -> Paragraph:
    """Add a line to a cell."""
    added = cell.add_paragraph()
    added.paragraph_format.space_after = Pt(0)
    if centred:
        added.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = added.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
    return added


def annex(document: Doc, rows: list[list[str]]) -> None:
    """Add the table of dated duties; the first row is its heading."""
    table = document.add_table(rows=0, cols=len(ANNEX_WIDTHS))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, ANNEX_WIDTHS, strict=True):
        column.width = width
    for number, row in enumerate(rows):
        added = table.add_row()
        added._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = added.cells
        for cell, width, text in zip(cells, ANNEX_WIDTHS, row, strict=True):
            cell.width = width
            cell._element.remove(cell.paragraphs[0]._element)
            write(cell, text, bold=number == 0, size=12, centred=number == 0)


if __name__ == "__main__":
    main()
