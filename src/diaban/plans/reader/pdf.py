"""
PDF to raw text, from the text layer.

Lines come with their place on the page: an indented line begins a paragraph, and a number alone
at the top or bottom of a page is its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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
from diaban.plans.reader.sources import MAX_LETTERS, Source

MAX_PAGES = 300
# A page of a scan may carry a stray stamp or a page number as text.
MIN_LETTERS_A_PAGE = 40

_PAGE_NUMBER = re.compile(r"\s*(?:[-–—]\s*)?(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?\s*$", re.I)
_INDENT = 9.0


@dataclass(frozen=True, slots=True)
class _Printed:
    """One line with its left edge, baseline height and right edge in points."""

    text: str
    left: float
    bottom: float
    top: float


def pdf_source(data: bytes, name: str) -> Source:
    """Return the text of a PDF that has a text layer."""
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


def _read(document: Any, name: str) -> Source:
    count = len(document)
    if count > MAX_PAGES:
        raise TooManyPages(name, pages=count, limit=MAX_PAGES)
    pages: list[str] = []
    letters = 0
    for page in document:
        lines = _lines(page)
        pages.append("\n".join(_page(lines)))
        letters += len(pages[-1])
        if letters > MAX_LETTERS:
            raise TooLarge(name, limit="1 triệu chữ")
    if not count or letters < MIN_LETTERS_A_PAGE * count:
        raise NoTextLayer(name)
    text = unicode_text("\f".join(pages))
    return Source(text, unicode_text(pages[0]))


def _lines(page: Any) -> list[_Printed]:
    text_page = page.get_textpage()
    raw = text_page.get_text_range()
    found: list[_Printed] = []
    at = 0
    for piece in re.split(r"(\r\n|\n|\r)", raw):
        if piece.strip():
            first = at + len(piece) - len(piece.lstrip())
            left, bottom, _, top = text_page.get_charbox(first) if first < text_page.count_chars() else (0, 0, 0, 0)
            found.append(_Printed(normal(piece).strip(), left, bottom, top))
        at += len(piece)
    text_page.close()
    return found


def _page(lines: list[_Printed]) -> Iterator[str]:
    """Yield the lines of a page, with a blank one before each that begins a paragraph."""
    lines = _without_number(lines)
    margin = _margin(lines)
    height = _leading(lines)
    before: _Printed | None = None
    for line in lines:
        if before is not None and _begins(before, line, margin, height):
            yield ""
        yield line.text
        before = line


def _without_number(lines: list[_Printed]) -> list[_Printed]:
    kept = list(lines)
    for edge in (0, -1):
        if kept and _PAGE_NUMBER.match(kept[edge].text):
            kept.pop(edge)
    return kept


def _margin(lines: list[_Printed]) -> float:
    """The left edge at which most continued lines begin."""
    edges = sorted(round(line.left) for line in lines)
    return float(edges[len(edges) // 10]) if edges else 0.0


def _leading(lines: list[_Printed]) -> float:
    """The usual distance from line to line."""
    gaps = sorted(a.bottom - b.bottom for a, b in pairwise(lines) if 4 < a.bottom - b.bottom < 60)
    return gaps[len(gaps) // 2] if gaps else 0.0


def _begins(before: _Printed, line: _Printed, margin: float, leading: float) -> bool:
    """Whether a line begins a paragraph: indented, or set off by space."""
    gap = before.bottom - line.bottom
    if leading and (gap > 1.45 * leading or gap < -2 * leading):
        return True
    hanging = marker_of(before.text) is not None and marker_of(line.text) is None
    if hanging and line.left > before.left:
        return False
    return line.left - margin > _INDENT and abs(line.left - before.left) > 2
