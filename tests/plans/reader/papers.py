# ruff: noqa: E501 - the sentences of plans are long
"""Documents for tests, written from nothing: DOCX packages and PDF pages with a text layer."""

import io
import re
import zipfile
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    "</Types>"
)


def paragraph(text, numbering=None, style=None, runs=None):
    """One `w:p`; `numbering` is (list, level), `runs` is raw XML in place of the text."""
    properties = ""
    if style:
        properties += f'<w:pStyle w:val="{style}"/>'
    if numbering:
        number, level = numbering
        properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    inner = runs if runs is not None else run(text)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def run(text):
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def table(rows):
    """A `w:tbl`; a cell is a text or a list of paragraphs."""

    def cell(words):
        lines = words if isinstance(words, list) else [words]
        return "<w:tc>" + "".join(paragraph(line) for line in lines) + "</w:tc>"

    return (
        "<w:tbl>"
        + "".join("<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in rows)
        + "</w:tbl>"
    )


def numbering(*lists):
    """`numbering.xml` with one abstract list each; a list is [(format, text), …] by level."""
    parts = []
    for key, levels in enumerate(lists, 1):
        inner = "".join(
            f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for i, (form, text) in enumerate(levels)
        )
        parts.append(f'<w:abstractNum w:abstractNumId="{key}">{inner}</w:abstractNum>')
    parts += [
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'
        for key in range(1, len(lists) + 1)
    ]
    return f"<w:numbering {W}>{''.join(parts)}</w:numbering>"


def footnotes(*texts):
    inner = "".join(
        f'<w:footnote w:id="{i}"><w:p>{run(text)}</w:p></w:footnote>'
        for i, text in enumerate(texts, 1)
    )
    return f"<w:footnotes {W}>{inner}</w:footnotes>"


def docx(
    body, *, numbering=None, footnotes=None, header=None, relations="", extra=None, types=TYPES
):
    """The bytes of a DOCX with the given XML inside `w:body`."""
    named = {"numbering": numbering, "footnotes": footnotes, "header": header}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", types)
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        links = relations
        for kind, part in named.items():
            if part is not None:
                package.writestr(f"word/{kind}.xml", part)
                links += f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
        package.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}">{links}</Relationships>',
        )
        package.writestr(
            "word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>"
        )
        for name, data in (extra or {}).items():
            package.writestr(name, data)
    return out.getvalue()


def docx_of(text):
    """A DOCX with one paragraph for each line of a text."""
    return docx("".join(paragraph(line) for line in text.split("\n")))


# --- PDF --------------------------------------------------------------------------------------


def pdf(pages, *, width=595, height=842, size=12, encrypt=None, drawn=()):
    """
    The bytes of a PDF; a page is a list of (x, y, text), y from the top.

    `drawn` holds the straight lines of each page, as (x, y, x, y) from the top.

    The font is not embedded: a table from codes to letters is all that a text layer needs. Each
    letter is half as wide as the font is high.
    """
    letters = sorted({letter for page in pages for _, _, text in page for letter in text})
    codes = {letter: i + 1 for i, letter in enumerate(letters)}
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>"
    )
    objects.append(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /DW 500"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor 6 0 R >>"
    )
    objects.append(_stream(_to_unicode(codes)))
    objects.append(
        b"<< /Type /FontDescriptor /FontName /Plain /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0"
        b" /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>"
    )
    kids = []
    for number, page in enumerate(pages):
        lines = "".join(
            f"{a} {height - b} m {c} {height - d} l S\n"
            for a, b, c, d in (drawn[number] if number < len(drawn) else ())
        )
        shown = lines + "".join(
            f"BT /F1 {size} Tf 1 0 0 1 {x} {height - y} Tm <{''.join(f'{codes[c]:04X}' for c in text)}> Tj ET\n"
            for x, y, text in page
        )
        objects.append(_stream(shown.encode()))
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>".encode()
    return _file(objects, encrypt)


def ruled(rows, xs, top, leading=16):
    """
    A table on a page of a PDF: the texts, the lines drawn around the cells, and where it ends.

    A row is a list of cells, a cell a list of lines; a None in place of a cell goes on from above.
    """
    shown, drawn, y = [], [(xs[0], top, xs[-1], top)], top
    for index, row in enumerate(rows):
        high = leading * max(len(cell or ()) for cell in row) + 4
        for left, cell in zip(xs, row, strict=False):
            shown += [(left + 3, y + leading * (i + 1), line) for i, line in enumerate(cell or ())]
        below = rows[index + 1] if index + 1 < len(rows) else [[]] * len(row)
        for left, right, under in zip(xs, xs[1:], below, strict=False):
            if under is not None:
                drawn.append((left, y + high, right, y + high))
        drawn += [(x, y, x, y + high) for x in xs]
        y += high
    return shown, drawn, y


def _to_unicode(codes):
    rows = [
        f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>"
        for letter, code in codes.items()
    ]
    blocks = "".join(
        f"{len(rows[i : i + 100])} beginbfchar\n" + "\n".join(rows[i : i + 100]) + "\nendbfchar\n"
        for i in range(0, len(rows), 100)
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Plain def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <FFFF> endcodespacerange\n{blocks}endcmap end end"
    ).encode()


def _stream(data):
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects, encrypt):
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    locked = encrypt or b""
    out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        locked,
        start,
    )
    return bytes(out)


LOCK = (
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /Length 40 /P -4"
    b" /O <"
    + b"11" * 32
    + b"> /U <"
    + b"22" * 32
    + b"> >> /ID [<"
    + b"33" * 16
    + b"> <"
    + b"33" * 16
    + b">]"
)


def pages_of(text, *, width=80, lines=46, left=60, indent=24, top=60, leading=16):
    """Pages as Word sets them: first lines indented, full lines broken, a page number on top."""
    import textwrap

    pages, page, y = [], [], top + leading
    for number, words in enumerate(text.split("\n")):
        if not words.strip():
            continue
        centred = number < 12 and len(words) < 60
        wrapped = textwrap.wrap(words, width, break_on_hyphens=False)
        for i, line in enumerate(wrapped):
            if len(page) >= lines:
                pages.append(page)
                page, y = [(290, top - 20, str(len(pages) + 1))], top + leading
            x = 300 - 3 * len(line) if centred else left + (indent if i == 0 else 0)
            page.append((x, y, line))
            y += leading
    pages.append(page)
    return pages


_NUMBERED = (r"[IVX]+\.\s+", r"\d{1,2}\.\s+", r"\d{1,2}\.\d{1,2}\.\s+", r"[a-zđ]\)\s+")


def numbered_docx_of(text):
    """A DOCX whose numbers and dashes are printed by Word: the paragraphs do not hold them."""
    lists = numbering(
        [("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)")],
        [("bullet", "-")],
    )
    parts = []
    for line in text.split("\n"):
        level = next((i for i, mark in enumerate(_NUMBERED) if re.match(mark, line)), None)
        if level is not None:
            words = re.sub(rf"^{_NUMBERED[level]}", "", line)
            parts.append(paragraph(words, numbering=(1, level)))
        elif re.match(r"-\s+", line) and "Nơi nhận" not in text.partition(line)[0]:
            parts.append(paragraph(line[1:].lstrip(), numbering=(2, 0)))
        else:
            parts.append(paragraph(line))
    return docx("".join(parts), numbering=lists)
