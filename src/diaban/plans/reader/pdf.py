"""
PDF to raw text, from the text layer.

Lines come with their place on the page: an indented line begins a paragraph, and a number alone
at the top or bottom of a page is its number.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from diaban.plans.reader.folding import UPPER, is_upper
from diaban.plans.reader.joining import is_name_line, terminal
from diaban.plans.reader.legacy import unicode_text
from diaban.plans.reader.lines import normal
from diaban.plans.reader.markers import marker_of
from diaban.plans.reader.refusals import (
    Broken,
    Encrypted,
    NoTextLayer,
    TooLarge,
    TooManyPages,
)
from diaban.plans.reader.ruled import Rows, gone_on, printed, ruled_tables
from diaban.plans.reader.sources import MAX_LETTERS, Source
from diaban.plans.reader.zones import is_foot

MAX_PAGES = 300
# Behind these pages no drawn lines are looked at: a book full of tables is no plan.
MAX_TABLE_PAGES = 60
MAX_STREAMS = 20_000
MAX_STREAM = 40_000_000
MAX_UNPACKED = 150_000_000
_LIMIT = "150 MB nội dung"
# The first byte of packed data tells it from pictures and plain streams.
_STREAM = re.compile(rb"stream\r?\n(?=\x78)")
# A page of a scan may carry a stray stamp or a page number as text.
MIN_LETTERS_A_PAGE = 40

_PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—]\s*)?(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?\s*$", re.I
)
_INDENT = 9.0
# From one line to the next; the tails of letters and raised notes reach less far.
_STEP = 8.0
# How a line begins that is no beginning: a small letter, a number, a bracket.
_INSIDE = re.compile(rf"[^{UPPER}\W_]|\(")


@dataclass(frozen=True, slots=True)
class _Printed:
    """One line with its edges and the height of its foot, in points; or a table with its rows."""

    text: str
    left: float
    right: float
    bottom: float
    rows: Rows = ()


def pdf_source(data: bytes, name: str) -> Source:
    """Return the text of a PDF that has a text layer."""
    _check_streams(data, name)
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as e:
        raise (Encrypted(name) if "assword" in str(e) else Broken(name)) from e
    try:
        return _read(document, name)
    except pdfium.PdfiumError as e:
        raise Broken(name) from e
    finally:
        document.close()


def _check_streams(data: bytes, name: str) -> None:
    """Refuse a PDF whose streams unpack to more than any plan holds, before it is opened."""
    unpacked = 0
    for number, start in enumerate(_STREAM.finditer(data)):
        if number >= MAX_STREAMS:
            raise TooLarge(name, limit=_LIMIT)
        try:
            piece = zlib.decompressobj().decompress(
                data[start.end() : start.end() + MAX_STREAM], MAX_STREAM
            )
        except zlib.error:
            continue
        unpacked += len(piece)
        if len(piece) >= MAX_STREAM or unpacked > MAX_UNPACKED:
            raise TooLarge(name, limit=_LIMIT)


def _read(document: Any, name: str) -> Source:
    count = len(document)
    if count > MAX_PAGES:
        raise TooManyPages(name, pages=count, limit=MAX_PAGES)
    sheets: list[list[_Printed]] = []
    letters = 0
    for number, page in enumerate(document):
        sheets.append(_lines(page, number < MAX_TABLE_PAGES))
        letters += sum(len(line.text) + 1 for line in sheets[-1])
        if letters > MAX_LETTERS:
            raise TooLarge(name, limit="1 triệu chữ")
    if not count or letters < MIN_LETTERS_A_PAGE * count:
        raise NoTextLayer(name)
    sheets = _tables_joined(_without_numbers(sheets))
    whole = _Layout.of([line for lines in sheets for line in lines])
    pages = ["\n".join(_page(lines, whole)) for lines in sheets]
    text = unicode_text("\f".join(pages))
    return Source(text, unicode_text(pages[0]))


def _lines(page: Any, with_tables: bool) -> list[_Printed]:
    text_page = page.get_textpage()
    raw = text_page.get_text_range()
    known = text_page.count_chars()
    tables = ruled_tables(page, text_page, raw) if with_tables else []
    placed: list[tuple[int, str, _Printed]] = []
    at = 0
    for piece in _parted(text_page, raw, known):
        if piece.strip():
            first = min(at + len(piece) - len(piece.lstrip()), known - 1)
            last = min(at + len(piece.rstrip()) - 1, known - 1)
            left, bottom, _, _ = text_page.get_charbox(first)
            right = text_page.get_charbox(last)[2]
            table = next((t for t in tables if t.holds(left, bottom)), None)
            if table is None:
                placed.append((at, piece, _Printed(piece.strip(), left, right, bottom)))
            elif not placed or placed[-1][2].rows is not table.rows:
                edges = (table.left, table.right, table.bottom)
                placed.append((at, "", _Printed(printed(table.rows), *edges, table.rows)))
        at += len(piece)
    usual = _usual_width([line for _, _, line in placed if not line.rows])
    found: list[_Printed] = []
    for start, piece, line in placed:
        if line.rows:
            if not any(line.rows is other.rows for other in found):
                found.append(line)
            continue
        if usual and line.right - line.left > 1.12 * usual * len(line.text):
            piece = _with_gaps(text_page, start, piece, usual, known)
        words = normal(piece).strip()
        if words:
            found.append(replace(line, text=words))
    text_page.close()
    return found


def _parted(text_page: Any, raw: str, known: int) -> Iterator[str]:
    """
    Cut the text of a page into lines.

    Where one line ends behind the beginning of the next, the library may leave out the break: the
    feet of the first and the last letter then stand at different heights.
    """
    at = 0
    for piece in re.split(r"(\r\n|\n|\r)", raw):
        inner = [i for i, sign in enumerate(piece) if not sign.isspace() and at + i < known]
        begin = 0
        if len(inner) > 1 and abs(_foot(text_page, at, inner[0], inner[-1])) > _STEP:
            for a, b in pairwise(inner):
                if _foot(text_page, at, a, b) > _STEP:
                    yield piece[begin:b]
                    begin = b
        yield piece[begin:]
        at += len(piece)


def _foot(text_page: Any, at: int, a: int, b: int) -> float:
    """How far the foot of letter `b` stands below that of letter `a`, in points."""
    upper: float = text_page.get_charbox(at + a)[1]
    lower: float = text_page.get_charbox(at + b)[1]
    return upper - lower


def _usual_width(lines: list[_Printed]) -> float:
    """The width of a letter in most lines of a page, in points."""
    widths = sorted(
        (line.right - line.left) / len(line.text) for line in lines if len(line.text) > 20
    )
    return widths[len(widths) // 2] if widths else 0.0


def _with_gaps(text_page: Any, start: int, piece: str, usual: float, known: int) -> str:
    """
    Put a tab where a line jumps from one column to the next.

    Justified lines have wide spaces too, but all of them alike.
    """
    gaps: list[tuple[int, float]] = []
    for found in re.finditer(r"(?<=\S)\s+(?=\S)", piece):
        before, after = start + found.start() - 1, start + found.end()
        if after >= known:
            break
        gap = text_page.get_charbox(after)[0] - text_page.get_charbox(before)[2]
        gaps.append((found.start(), gap))
    common = sorted(gap for _, gap in gaps)[len(gaps) // 2] if len(gaps) > 2 else 0.0
    wide = [place for place, gap in gaps if gap > 3 * usual and gap > 2.5 * common]
    for place in reversed(wide[:6]):
        piece = f"{piece[:place]}\t{piece[place:].lstrip()}"
    return piece


def _page(lines: list[_Printed], whole: _Layout) -> Iterator[str]:
    """Yield the lines of a page: hard wraps undone, a blank line before each new paragraph."""
    layout = _Layout.of(lines).within(whole)
    words = ""
    before: _Printed | None = None
    opened: _Printed | None = None
    for line in lines:
        if line.rows:
            yield from (words, "", normal(printed(line.rows)), "")
            words, before = "", None
            continue
        if before is not None and opened is not None and layout.goes_on(opened, before, line):
            words = f"{words} {line.text}"
        else:
            if before is not None:
                yield words
                if layout.begins(before, line):
                    yield ""
            words, opened = line.text, line
        before = line
    if before is not None:
        yield words


def _tables_joined(pages: list[list[_Printed]]) -> list[list[_Printed]]:
    """Let a table that ends a page go on with the one that begins the next."""
    head: tuple[str, ...] = ()
    done = [list(lines) for lines in pages]
    last: tuple[int, int] | None = None
    for number, lines in enumerate(done):
        if not lines or not lines[0].rows or last is None:
            head = ()
        else:
            page, place = last
            above = done[page][place]
            head = head or above.rows[0]
            rows, rest = gone_on(above.rows, lines[0].rows, head)
            done[page][place] = replace(above, rows=rows)
            lines[0] = replace(lines[0], rows=rest)
            if not rest:
                lines.pop(0)
        if lines:
            last = (number, len(lines) - 1) if lines[-1].rows else None
    return done


def _without_numbers(pages: list[list[_Printed]]) -> list[list[_Printed]]:
    """
    Drop the page numbers: those that count with the pages.

    Another number at the edge of a page may be the first cell of a table row.
    """
    # By rule the number stands at the top and the first page has none.
    steps = Counter(
        (edge, int(number[0]) - index)
        for edge in (0, -1)
        for index, lines in enumerate(pages)
        if lines and (number := _page_number(lines[edge]))
    )
    if not steps:
        return pages
    (edge, step), _ = steps.most_common(1)[0]
    kept: list[list[_Printed]] = []
    for index, lines in enumerate(pages):
        number = _page_number(lines[edge]) if lines else None
        drop = number is not None and int(number[0]) - index == step
        kept.append([line for line in lines if not drop or line is not lines[edge]])
    return kept


def _page_number(line: _Printed) -> re.Match[str] | None:
    return re.search(r"\d+", line.text) if _PAGE_NUMBER.match(line.text) else None


@dataclass(frozen=True, slots=True)
class _Layout:
    """
    How a page is set: its text margins and the usual distance from line to line.

    `set_in` says that the first line of a paragraph is set in and the others are not.
    """

    margin: float
    edge: float
    leading: float
    set_in: bool = False

    @classmethod
    def of(cls, lines: list[_Printed]) -> _Layout:
        lines = [line for line in lines if not line.rows]
        lefts = sorted(line.left for line in lines)
        rights = sorted(line.right for line in lines)
        gaps = sorted(
            a.bottom - b.bottom for a, b in pairwise(lines) if 4 < a.bottom - b.bottom < 60
        )
        margin = lefts[len(lefts) // 25] if lefts else 0.0
        set_in = sum(
            a.left - margin > _INDENT and abs(b.left - margin) <= 3 and b.text[:1].islower()
            for a, b in pairwise(lines)
        )
        return cls(
            margin,
            rights[(9 * len(rights)) // 10] if rights else 0.0,
            gaps[len(gaps) // 2] if gaps else 0.0,
            set_in > 0,
        )

    def within(self, whole: _Layout) -> _Layout:
        """This page set as the whole document is: a page of short lines shows no margins."""
        near = 0 < self.margin - whole.margin < 60
        return replace(
            self,
            margin=whole.margin if near else self.margin,
            edge=max(self.edge, whole.edge),
            set_in=self.set_in or whole.set_in,
        )

    def goes_on(self, opened: _Printed, before: _Printed, line: _Printed) -> bool:
        """Whether a line is the next line of the paragraph that `opened` began."""
        if self.begins(before, line) or self._gap(before, line) <= 0:
            return False
        if "\t" in before.text or "\t" in line.text or self._beside(line):
            return False
        if is_foot(line.text) or before.text.endswith("./."):
            return False
        if terminal(before.text) and is_name_line(line.text):
            return False
        flush = abs(line.left - self.margin) <= 3 and opened.left - self.margin > _INDENT
        begins_nothing = marker_of(line.text) is None and not is_upper(line.text)
        inside = _INSIDE.match(line.text) is not None or not terminal(before.text)
        if flush and self.set_in and begins_nothing and inside:
            # Not set in, and the sentence is not at its end: however short the line before is.
            return True
        # The last line of a paragraph may be long; a line that ends a sentence must be fuller.
        loose = 0.05 if terminal(before.text) else 0.14
        if before.right <= self.edge - loose * (self.edge - self.margin):
            return False
        hanging = marker_of(opened.text) is not None and line.left > opened.left + 3
        aligned = before is not opened and abs(line.left - before.left) <= 3
        if flush or hanging:
            return True
        again = before is opened and line.left - self.margin > _INDENT
        if self.set_in and again and not line.text[:1].islower():
            # Set in like the line above it: the next paragraph begins.
            return False
        return marker_of(line.text) is None and (aligned or abs(line.left - opened.left) <= 3)

    def begins(self, before: _Printed, line: _Printed) -> bool:
        """Whether a line begins a paragraph: indented, or set off by space."""
        gap = self._gap(before, line)
        if self.leading and (gap > 1.45 * self.leading or gap < -2 * self.leading):
            return True
        hanging = marker_of(before.text) is not None and marker_of(line.text) is None
        if hanging and line.left > before.left:
            return False
        return line.left - self.margin > _INDENT and abs(line.left - before.left) > 2

    def _beside(self, line: _Printed) -> bool:
        """Whether a line stands in a column of its own, right of the text."""
        return line.left - self.margin > 0.3 * (self.edge - self.margin)

    def _gap(self, before: _Printed, line: _Printed) -> float:
        return before.bottom - line.bottom
