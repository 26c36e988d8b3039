"""
Raw text to lines without markup: what a person would see printed.

Markdown, the tags that character recognition leaves behind, and rules are dropped; page numbers
are recognised; table rows become cells.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from diaban.plans.reader.folding import flat

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\ufffe\u0002]")
_NEWLINES = re.compile("\r\n?|[\u0085\u2028\u2029\x0b]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f]")

_TAG = re.compile(
    r"<!--.*?-->|</?(?:sup|sub|b|i|u|em|strong|p|span|div|font|center|br|hr|img|a)\b[^<>]{0,200}/?>",
    re.I,
)
_NOTE = re.compile(r"\s*(?:<sup>\s*\[?\d{1,2}\]?\s*</sup>|\[\^\d{1,2}\]:)\s*(?=\S)", re.I)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~&])")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|~~|`")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
_QUOTED = re.compile(r"^\s{0,3}>\s+")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]*)\)")
_RULE = re.compile(r"\s*(?:[-–—_*=.·]\s*){3,}$")
_STAR = re.compile(r"^\s*\*\s+(?=\S)")
_ROW_RULE = re.compile(r"\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$")
_PAGE = re.compile(
    r"\s*(?:[-–—]\s*)?(?:trang\s+|page\s+)?(\d{1,3})(?:\s*/\s*\d{1,3})?(?:\s*[-–—])?\s*$", re.I
)
# One tab is one gap: an empty cell between two tabs stays.
_GAP = re.compile(r" *\t *| {3,}")
_HTML_ROW = re.compile(r"<tr\b[^<>]*>(.*?)</tr\s*>", re.I | re.S)
_HTML_CELL = re.compile(r"<t[dh]\b[^<>]*>(.*?)</t[dh]\s*>", re.I | re.S)
_HTML_TABLE = re.compile(r"<table\b[^<>]*>(.*?)</table\s*>", re.I | re.S)

# A letterhead that runs on into the title on one line.
_HEAD_RUN_ON = re.compile(
    r"(?<=năm \d{4})[ \t]+(?=\**KẾ HOẠCH\b)|(?<=[Hh]ạnh phúc)[ \t]+(?=\**KẾ HOẠCH\b)"
)

CELL = " | "


@dataclass(frozen=True, slots=True)
class Line:
    """
    One line as printed.

    `text` has no markup; wide gaps between columns are kept as tabs. `blank` says that a blank
    line (or a page end) stands before it, `note` that it is a footnote, `cells` that it is a row,
    `indent` how many spaces stand before the words.
    """

    text: str
    blank: bool = False
    note: bool = False
    cells: tuple[str, ...] = ()
    number: int | None = None
    indent: int = 0


def normal(text: str) -> str:
    """Return `text` in NFC with plain line ends and without invisible signs."""
    text = unicodedata.normalize("NFC", text)
    text = _NEWLINES.sub("\n", text).replace("\u00a0", " ").replace("\u202f", " ")
    return _CONTROLS.sub("", _INVISIBLE.sub("", text))


def printed_lines(text: str) -> list[Line]:
    """Return the lines of a raw text that carry words, without page numbers."""
    lines: list[Line] = []
    blank = True
    for raw in _HEAD_RUN_ON.sub("\n", _with_rows(normal(text)).replace("\f", "\n\n")).split("\n"):
        line = _line(raw)
        if line is None:
            blank = True
            continue
        lines.append(replace(line, blank=blank))
        blank = False
    return _without_page_numbers(lines)


def _with_rows(text: str) -> str:
    """Write HTML tables as rows between bars."""
    if "<t" not in text.lower():
        return text

    def row(found: re.Match[str]) -> str:
        cells = [" ".join(_TAG.sub(" ", c).split()) for c in _HTML_CELL.findall(found[1])]
        return "\n| " + " | ".join(c.replace("|", "/") for c in cells) + " |\n"

    def table(found: re.Match[str]) -> str:
        rows = "".join(row(r) for r in _HTML_ROW.finditer(found[1]))
        return "\n\n" + rows.replace("\n\n", "\n") + "\n"

    return _HTML_TABLE.sub(table, text)


def _line(raw: str) -> Line | None:
    """Return the line, or None for a blank one, a rule, or a row of dashes."""
    if not raw.strip() or _ROW_RULE.match(raw) or _RULE.match(raw):
        return None
    if raw.lstrip().startswith("|") and raw.count("|") >= 2:
        cells = tuple(demarked(cell) for cell in raw.strip().strip("|").split("|"))
        return Line(CELL.join(cells), cells=cells) if any(cells) else None
    note = bool(_NOTE.match(raw))
    text = demarked(raw)
    if not text:
        return None
    page = _PAGE.match(text)
    indent = len(raw) - len(raw.lstrip(" "))
    return Line(text, note=note, number=int(page[1]) if page else None, indent=indent)


def demarked(raw: str) -> str:
    """Return one line without markup; wide gaps become tabs, other white space one space."""
    text = _HEADING.sub("", raw, count=1) if raw.lstrip().startswith("#") else raw
    text = _QUOTED.sub("", text, count=1)
    if _STAR.match(text) and text.count("*") % 2:
        text = _STAR.sub("• ", text, count=1)
    if "<" in text:
        text = _TAG.sub(_tag_gap, text)
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "\\" in text:
        text = _ESCAPE.sub("\uf8ff\\1", text)
    if "\uf8ff" in text or any(sign in text for sign in "*_~`"):
        text = re.sub("\uf8ff(.)", lambda m: chr(0xE000 + ord(m[1])), text)
        text = _EMPHASIS.sub("", text)
        text = re.sub("[\ue000-\ue07f]", lambda m: chr(ord(m[0]) - 0xE000), text)
    text = text.strip()
    if "\t" in text or "   " in text:
        text = _GAP.sub("\t", text)
    return re.sub(r" {2,}", " ", text)


def _tag_gap(found: re.Match[str]) -> str:
    """A tag between two letters or digits parts them; elsewhere it leaves nothing."""
    before = found.string[: found.start()]
    after = _TAG.sub("", found.string[found.end() : found.end() + 40])
    apart = before[-1:].isalnum() and after[:1].isalnum()
    return " " if apart or found[0].lower().startswith("<br") else ""


def _without_page_numbers(lines: list[Line]) -> list[Line]:
    """
    Drop lines that hold only a page number.

    A number alone on a line can also be the first cell of a flattened table row: such numbers
    follow a line that names the column ("TT", "STT"), and stay.
    """
    table = next(
        (i for i, line in enumerate(lines) if flat(line.text) in ("tt", "stt", "so tt")), None
    )
    kept: list[Line] = []
    cut = False
    for i, line in enumerate(lines):
        if line.number is not None and (table is None or i < table) and not line.cells:
            cut = True
            continue
        kept.append(replace(line, blank=line.blank or cut) if cut else line)
        cut = False
    return kept
