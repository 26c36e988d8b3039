"""
DOCX to raw text: automatic numbers, tables, footnotes, tracked changes.

Read straight from the XML with the standard library. The package chosen for it elsewhere prints
every number as "1)", so that "1.1." is lost, and repeats moved text. Nothing is unpacked before
its size is known, and no part is read that the text does not need.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.numbering import Numbering
from diaban.plans.reader.refusals import (
    Broken,
    Encrypted,
    ExternalParts,
    HasMacros,
    TooLarge,
    UnknownFormat,
)
from diaban.plans.reader.sources import Source

MAX_PARTS = 3_000
# Each part may name others; a plan has a handful of parts that do.
MAX_RELATIONS = 300
MAX_UNPACKED = 100_000_000
MAX_PART = 24_000_000
# Fifty pages have some 2,000 paragraphs and, at worst, a few hundred thousand tags.
MAX_TAGS = 600_000
MAX_PARAGRAPHS = 30_000
_LIMIT = "24 MB nội dung"

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {
    W + "del",
    W + "moveFrom",
    W + "instrText",
    W + "delText",
    W + "rPr",
    W + "pPr",
    _FALLBACK,
}
_LAYOUT = re.compile(
    r"noi nhan|cong hoa xa hoi|doc lap\s*-\s*tu do|(?:^|\s)(?:tm|kt|tl)\s?\.\s*[a-z]"
)


def docx_source(data: bytes, name: str) -> Source:
    """Return the text of a DOCX, with the marks of its headers for the first page."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _Document(package, name).source()
    except (
        zipfile.BadZipFile,
        ET.ParseError,
        KeyError,
        EOFError,
        OSError,
        NotImplementedError,
    ) as e:
        raise Broken(name) from e
    except (RuntimeError, zipfile.zlib.error, ValueError) as e:  # type: ignore[attr-defined]
        raise (Encrypted(name) if "password" in str(e) else Broken(name)) from e


class _Document:
    """One package: its parts, its numbering, its notes."""

    def __init__(self, package: zipfile.ZipFile, name: str) -> None:
        self.package, self.name = package, name
        self._check_sizes()
        self.main = self._main_part()
        self._check_relations()
        self.relations = self._relations()
        self.numbering = Numbering(self._related("numbering"), self._related("styles"))
        self.notes = self._notes("footnotes") | self._notes("endnotes")
        self.pending: list[str] = []
        self.paragraphs = 0

    def _check_sizes(self) -> None:
        parts = self.package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise TooLarge(self.name, limit=_LIMIT)
        names = {part.filename.lower() for part in parts}
        if any(part.flag_bits & 1 for part in parts):
            raise Encrypted(self.name)
        if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
            raise HasMacros(self.name)
        if "[content_types].xml" not in names:
            raise UnknownFormat(self.name)

    def _bytes(self, part: str) -> bytes:
        """Return a part; the declared size may lie, so the actual one is limited too."""
        with self.package.open(part) as stream:
            data = stream.read(MAX_PART + 1)
        if len(data) > MAX_PART:
            raise TooLarge(self.name, limit=_LIMIT)
        return data

    def _xml(self, part: str) -> ET.Element:
        data = self._bytes(part)
        if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data[:4096]:
            raise Broken(self.name)
        if data.count(b"<") > MAX_TAGS:
            raise TooLarge(self.name, limit=_LIMIT)
        return ET.fromstring(data.replace(_STRICT, W[1:-1].encode()))  # noqa: S314 - no DTD, no entities

    def _main_part(self) -> str:
        types = self._bytes("[Content_Types].xml")
        if b"macroEnabled" in types:
            raise HasMacros(self.name)
        root = self._xml("_rels/.rels")
        for relation in root:
            if relation.get("Type", "").endswith("/officeDocument"):
                part = relation.get("Target", "").lstrip("/")
                if not part.startswith("word/") and b"wordprocessingml" not in types:
                    raise UnknownFormat(self.name)
                return part
        raise UnknownFormat(self.name)

    def _relations(self) -> dict[str, str]:
        """Return the parts of the package that the main part names, by kind."""
        folder, file = posixpath.split(self.main)
        part = f"{folder}/_rels/{file}.rels"
        if part not in self.package.namelist():
            return {}
        found: dict[str, str] = {}
        for relation in self._xml(part):
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            if relation.get("TargetMode") == "External":
                continue
            target = relation.get("Target", "")
            where = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            found[f"{kind} {relation.get('Id')}"] = posixpath.normpath(where)
        return found

    def _check_relations(self) -> None:
        """Refuse what lies outside, whichever part names it: a template, a chart, a picture."""
        parts = [part for part in self.package.namelist() if part.lower().endswith(".rels")]
        if len(parts) > MAX_RELATIONS:
            raise TooLarge(self.name, limit=_LIMIT)
        for part in parts:
            data = self._bytes(part)
            if b"TargetMode" not in data and b"\0" not in data:
                continue
            for relation in self._xml(part):
                outside = relation.get("TargetMode") == "External"
                if outside and not relation.get("Type", "").endswith("/hyperlink"):
                    raise ExternalParts(self.name)

    def _related(self, kind: str) -> ET.Element | None:
        for key, part in self.relations.items():
            if key.startswith(kind + " ") and part in self.package.namelist():
                return self._xml(part)
        return None

    def _notes(self, kind: str) -> dict[str, str]:
        root = self._related(kind)
        if root is None:
            return {}
        found: dict[str, str] = {}
        for note in root:
            if note.get(W + "type") in ("separator", "continuationSeparator", "continuationNotice"):
                continue
            words = " ".join(self._runs(p) for p in note.iter(W + "p"))
            found[f"{kind} {note.get(W + 'id')}"] = space(words)
        return found

    def source(self) -> Source:
        body = self._xml(self.main).find(W + "body")
        if body is None:
            raise Broken(self.name)
        lines = list(self._blocks(body))
        return Source("\n".join(lines), "\n".join([*self._headers(), *lines[:60]]))

    def _headers(self) -> Iterator[str]:
        """Headers are no part of the text, but a mark of secrecy may stand there."""
        for key, part in self.relations.items():
            if key.startswith(("header ", "footer ")) and part in self.package.namelist():
                for paragraph in self._xml(part).iter(W + "p"):
                    yield self._runs(paragraph)

    def _blocks(self, parent: ET.Element) -> Iterator[str]:
        carried = ""
        for child in _content(parent):
            if child.tag == W + "tbl":
                yield from self._table(child)
                continue
            boxes = list(self._boxes(child))
            words = self._paragraph(child)
            if _mark_deleted(child):
                carried += words
                continue
            yield from boxes
            yield from self._flushed(carried + words)
            carried = ""
        if carried:
            yield from self._flushed(carried)

    def _flushed(self, words: str) -> Iterator[str]:
        """A paragraph and the notes it refers to, set apart by blank lines."""
        yield words
        yield ""
        for note in self.pending:
            yield note
            yield ""
        self.pending = []

    def _paragraph(self, paragraph: ET.Element) -> str:
        self.paragraphs += 1
        if self.paragraphs > MAX_PARAGRAPHS:
            raise TooLarge(self.name, limit=_LIMIT)
        words = self._runs(paragraph)
        if not words.strip():
            return ""
        return self.numbering.of(paragraph) + words

    def _boxes(self, paragraph: ET.Element) -> Iterator[str]:
        """Text boxes: the mark DỰ THẢO often stands in one."""
        for box in paragraph.iter(W + "txbxContent"):
            for inner in box.iter(W + "p"):
                words = self._runs(inner)
                if words.strip():
                    yield words

    def _runs(self, paragraph: ET.Element) -> str:
        return "".join(self._pieces(paragraph))

    def _pieces(self, element: ET.Element) -> Iterator[str]:
        for child in element:
            tag = child.tag
            if tag in _SKIPPED or tag == W + "txbxContent" or (tag == W + "r" and _hidden(child)):
                continue
            if tag == W + "t":
                yield child.text or ""
            elif tag == W + "tab":
                yield "\t"
            elif tag in (W + "br", W + "cr"):
                yield "\n" if child.get(W + "type") != "page" else "\n\n"
            elif tag == W + "noBreakHyphen":
                yield "-"
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                self._refer(tag, child.get(W + "id"))
            else:
                yield from self._pieces(child)

    def _refer(self, tag: str, number: str | None) -> None:
        kind = "footnotes" if "footnote" in tag else "endnotes"
        words = self.notes.get(f"{kind} {number}")
        if words:
            self.pending.append(f"<sup>{number}</sup> {words}")

    def _table(self, table: ET.Element) -> Iterator[str]:
        rows = [row for row in _content(table) if row.tag == W + "tr" and not _row_deleted(row)]
        cells = [[cell for cell in _content(row) if cell.tag == W + "tc"] for row in rows]
        printed = [[list(self._blocks(cell)) for cell in row] for row in cells]
        if _is_layout(printed):
            yield from _columns(printed)
            return
        yield ""
        for row, texts in zip(cells, printed, strict=True):
            yield "| " + " | ".join(self._row(row, texts)) + " |"
        yield ""

    def _row(self, cells: list[ET.Element], texts: list[list[str]]) -> Iterator[str]:
        for cell, lines in zip(cells, texts, strict=True):
            yield space(" ".join(lines)).replace("|", "/")
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            for _ in range(min(20, int(span.get(W + "val", "1")) - 1) if span is not None else 0):
                yield ""


def _content(parent: ET.Element) -> Iterator[ET.Element]:
    """Yield paragraphs, tables, rows and cells, through the wrappers that may hold them."""
    for child in parent:
        if child.tag in (W + "p", W + "tbl", W + "tr", W + "tc"):
            yield child
        elif child.tag in (
            W + "sdt",
            W + "sdtContent",
            W + "ins",
            W + "moveTo",
            W + "customXml",
            W + "smartTag",
        ):
            yield from _content(child)


def _mark_deleted(paragraph: ET.Element) -> bool:
    """Whether the end of a paragraph was deleted under tracked changes: it runs on."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _row_deleted(row: ET.Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None


def _hidden(run: ET.Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(W + "val") not in ("0", "false")


def _is_layout(rows: list[list[list[str]]]) -> bool:
    """A table that only sets the letterhead or the signature in two columns."""
    words = flat(" ".join(line for row in rows for cell in row for line in cell))
    return len(rows) == 1 or (len(rows) <= 4 and _LAYOUT.search(words) is not None)


def _columns(rows: list[list[list[str]]]) -> Iterator[str]:
    width = max((len(row) for row in rows), default=0)
    for column in range(width):
        for row in rows:
            if column < len(row):
                yield from (line for line in row[column] if line.strip())
        yield ""
