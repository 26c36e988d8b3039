"""
Lines to paragraphs: hard wraps are undone and sentences cut by a page break are joined.

The result is the printed text, one paragraph a line; all spans refer to it. Joining looks at the
line before, the line itself and how long the lines of this document are when they are full.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from diaban.plans.reader.agencies import looks_like_body
from diaban.plans.reader.folding import UPPER, flat, is_upper
from diaban.plans.reader.lines import CELL, Line
from diaban.plans.reader.markers import Marker, marker_of
from diaban.plans.reader.zones import Zone, flat_tables, is_annex, is_foot, is_title, title_end


@dataclass(frozen=True, slots=True)
class Paragraph:
    """
    One paragraph of the printed text.

    `start` is its offset there, `body` the offset within `text` after the marker, `joined` the
    offsets within `text` at which a page break was closed. `cells` are the offsets of the cells
    of a table row within `text`; `flat_table` says that the line is a cell, or a line of a cell,
    of a table that was printed one cell below the other.
    """

    text: str
    start: int
    zone: Zone
    marker: Marker | None = None
    joined: tuple[int, ...] = ()
    note: bool = False
    cells: tuple[tuple[int, int], ...] = ()
    flat_table: bool = False

    @property
    def body(self) -> int:
        """The offset within `text` at which the words begin."""
        return self.marker.length if self.marker else 0

    @property
    def words(self) -> str:
        """The text after the marker."""
        return self.text[self.body :]

    @property
    def end(self) -> int:
        """The offset in the printed text after the last letter."""
        return self.start + len(self.text)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return offsets within `text` as offsets in the printed text."""
        return self.start + start, self.start + end


@dataclass(slots=True)
class _Draft:
    """A paragraph while lines are still being added to it."""

    text: str
    zone: Zone
    last: str
    indent: int = 0
    marker: Marker | None = None
    joined: tuple[int, ...] = ()
    note: bool = False
    cells: tuple[str, ...] = ()
    flat_table: bool = False


_TERMINAL = re.compile(r"[.;:!?…]['\"”’»)\]]*$|\./\.\s*\w{0,3}$")
# A paragraph that ends with one of these goes on.
_OPEN_WORD = re.compile(
    r"(?:^|\s)(?:ngày|tháng|năm|số|điều|khoản|quý|của|và|hoặc|các|cho|tại|trên|với|về|giữa|từ|đến|"
    r"theo|được|trong|do|là|cấp|những|không|để|giúp|bởi)$",
    re.I,
)
# Compounds that are written with a dash and may be cut before it: "Lao động / - Thương binh".
_DASHED = re.compile(
    r"(?:lao dong > thuong binh|phat thanh > truyen|truyen thanh > truyen hinh|kinh te > xa hoi|"
    r"chinh tri > xa hoi|van hoa ?> (?:xa hoi|the thao|thong tin)|the thao > du lich|"
    r"tai chinh > ke hoach|(?:hdnd|hoi dong nhan dan) > (?:ubnd|uy ban)|thi dua > khen thuong|"
    r"dan so > ke hoach|thuong mai > dich vu|kinh te > ha tang|binh > xa hoi|ke hoach > dau tu|"
    r"khoa hoc > cong nghe|nghe nghiep > giao duc)"
)


# A line that can only go on with the one before: "(hoàn thành trước …", "30/4/2026.", "năm 2026;".
_GOES_ON = re.compile(
    r"\((?:[a-zà-ỹđ]|\d)|\d{1,2}\s*[/.]\s*\d{1,2}(?:\s*[/.]\s*\d{2,4})?\s*(?:[.;,)]|$)|"
    r"\d{1,2}/\d{4}\s*(?:[.;,)]|$)|(?:19|20)\d\d\s*(?:[.;,)]|$)"
)
# "(Hoàn thành trước ngày 30/6)." below a finished sentence still belongs to it.
_ONLY_TIME = re.compile(
    r"\((?:hoan thanh|xong|thuc hien|thoi gian|truoc|cham nhat|thuong xuyen)[^()]*\)\s*[.;]?$"
)


# "PHẦN II" or "3." alone on a line: the title follows on the next.
_MARKER_ONLY = re.compile(
    r"(?:(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:[IVX]{1,5}|(?:THỨ|[Tt]hứ)\s+\w{2,4})|[IVX]{1,5}|"
    r"\d{1,2}(?:\.\d{1,2})*)\s*[.:)/]?$"
)


def _dashed(before: str, after: str) -> bool:
    """Whether a dash at the start of `after` joins two halves of one name."""
    return _DASHED.search(f"{flat(before[-24:])} > {flat(after.lstrip('-–—− '))[:24]}") is not None


def _in_brackets(text: str) -> bool:
    """Whether a bracket of the last sentence is still open at the end."""
    opened = text.rfind("(")
    return opened > text.rfind(")") and len(text) - opened < 160 and not terminal(text)


def _in_quotes(text: str) -> bool:
    """Whether a quotation is still open at the end."""
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def paragraphs(lines: list[Line]) -> tuple[str, list[Paragraph]]:
    """Return the printed text and its paragraphs."""
    drafts = _Joiner(lines).run()
    done: list[Paragraph] = []
    at = 0
    for draft in drafts:
        done.append(_finished(draft, at))
        at += len(draft.text) + 1
    return "\n".join(draft.text for draft in drafts), done


def _finished(draft: _Draft, at: int) -> Paragraph:
    cells: list[tuple[int, int]] = []
    place = 0
    for cell in draft.cells:
        cells.append((place, place + len(cell)))
        place += len(cell) + len(CELL)
    return Paragraph(
        draft.text,
        at,
        draft.zone,
        draft.marker,
        draft.joined,
        draft.note,
        tuple(cells),
        draft.flat_table,
    )


def terminal(text: str) -> bool:
    """Return whether the text ends as a sentence or an item ends."""
    return bool(_TERMINAL.search(text.rstrip()))


def is_name_line(text: str) -> bool:
    """Return whether a line is nothing but a heading: capitals, or the name of a body."""
    return not terminal(text) and (is_upper(text) or looks_like_body(text))


def full_width(lines: list[Line]) -> int:
    """
    Return how long a full line is where lines were broken by hand; 0 where they were not.

    A document without hard wraps has a whole paragraph on each line: its lines differ wildly.
    """
    broken = sorted(
        len(a.text)
        for a, b in pairwise(lines)
        if not b.blank and not a.cells and not terminal(a.text) and b.text[:1].islower()
    )
    if len(broken) < 3:
        # A short document has few lines that go on; they tell, if no line is longer than they are.
        longest = max((len(line.text) for line in lines if not line.cells), default=0)
        return broken[-1] if broken and 48 <= longest <= 1.06 * broken[-1] <= 127 else 0
    wide = broken[int(0.9 * (len(broken) - 1))]
    middle = broken[len(broken) // 2]
    return wide if 24 <= wide <= 180 and middle >= 0.6 * wide else 0


class _Joiner:
    """One pass over the lines, with the zone as state."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.width = full_width(lines)
        self.zone = Zone.HEAD
        self.title_end = 0
        self.drafts: list[_Draft] = []
        self.tables = flat_tables(lines)

    def run(self) -> list[_Draft]:
        for i, line in enumerate(self.lines):
            self._move(i, line)
            if i in self.tables and self.zone in (Zone.BODY, Zone.ANNEX):
                text = " ".join(line.text.split())
                self.drafts.append(_Draft(text, self.zone, text, flat_table=True))
            else:
                self._add(line)
        return self.drafts

    def _move(self, i: int, line: Line) -> None:
        """Change the zone where this line says so."""
        if is_title(line.text) and not line.cells and self._title_may_start(i):
            self.zone, self.title_end = Zone.TITLE, title_end(self.lines, i)
        elif self.zone is Zone.TITLE and i >= self.title_end:
            self.zone = Zone.BODY
        elif self.zone is Zone.BODY and is_foot(line.text):
            self.zone = Zone.FOOT
        elif self.zone is Zone.FOOT and is_annex(line):
            self.zone = Zone.ANNEX
        elif self.zone is Zone.ANNEX and flat(line.text).startswith("noi nhan"):
            self.zone = Zone.FOOT

    def _title_may_start(self, i: int) -> bool:
        if self.zone in (Zone.HEAD, Zone.FOOT):
            return True
        if self.zone is Zone.TITLE:
            return False
        return flat(self.lines[i].text).strip() == "ke hoach" and self.lines[i].text.isupper()

    def _add(self, line: Line) -> None:
        if self.zone in (Zone.HEAD, Zone.TITLE):
            self._new(line)
        elif self.zone is Zone.FOOT:
            self._add_foot(line)
        elif line.note or line.cells or not self._continues(line):
            self._new(line)
        else:
            self._extend(line)

    def _new(self, line: Line) -> None:
        text = line.text
        marker = None
        if self.zone in (Zone.BODY, Zone.ANNEX):
            # The places of cells count every space.
            text = text if line.cells else " ".join(text.split())
            marker = None if line.cells else marker_of(text)
        self.drafts.append(
            _Draft(text, self.zone, line.text, line.indent, marker, (), line.note, line.cells)
        )

    def _open(self) -> _Draft | None:
        """Return the paragraph that a line could continue: the last one that is no footnote."""
        for draft in reversed(self.drafts):
            if draft.zone is not self.zone or draft.cells or draft.flat_table:
                return None
            if not draft.note:
                return draft
        return None

    def _extend(self, line: Line) -> None:
        draft = self._open()
        assert draft is not None
        cut = len(draft.text) + 1
        bare = _MARKER_ONLY.match(draft.text) is not None
        hyphen = draft.text.endswith("-") and draft.text[-2:-1].isalpha()
        draft.text += ("" if hyphen else " ") + " ".join(line.text.split())
        draft.last, draft.indent = line.text, line.indent
        if draft.marker is None:
            draft.marker = marker_of(draft.text)
        if line.blank and not bare:
            draft.joined = (*draft.joined, cut)

    def _continues(self, line: Line) -> bool:
        draft = self._open()
        if draft is None:
            return False
        if _MARKER_ONLY.match(draft.text) and marker_of(line.text) is None:
            return True
        if marker_of(line.text) is None and self._must_go_on(draft, line):
            return True
        note_between = draft is not self.drafts[-1]
        if line.blank or note_between:
            return self._continues_after_break(draft, line)
        return self._continues_after_wrap(draft, line)

    def _must_go_on(self, draft: _Draft, line: Line) -> bool:
        """Whether a line is the rest of a sentence, whatever stands between the two."""
        words = draft.text[draft.marker.length :] if draft.marker else draft.text
        if _ONLY_TIME.match(flat(line.text)):
            return draft.marker is not None or terminal(words)
        if is_upper(draft.text) or terminal(draft.text) or not words.strip():
            return False
        # The last word or two of a long sentence, cut off: "… trình Ban / Thường vụ."
        rest = len(words) >= 60 and len(line.text) <= 24 and line.text.rstrip().endswith((".", ";"))
        return rest or _GOES_ON.match(line.text) is not None

    def _continues_after_break(self, draft: _Draft, line: Line) -> bool:
        """Whether a line after a blank one goes on with the paragraph before (a page cut)."""
        text = draft.text
        marker = marker_of(line.text)
        if marker is not None:
            return marker.style == "dash" and _dashed(text, line.text)
        if is_upper(line.text) and len(line.text) > 6:
            return False
        if terminal(text):
            return (
                draft.marker is not None and text.rstrip().endswith(";") and line.text[:1].islower()
            )
        if line.text[:1].islower():
            return not is_upper(text) or text.endswith(",")
        if text.endswith(",") or _OPEN_WORD.search(text):
            return not is_upper(text)
        if text.endswith((")", "”", '"')):
            return False
        is_item = draft.marker is not None and draft.marker.is_bullet
        words = text[draft.marker.length :] if draft.marker else text
        sentences = re.search(rf"[.;]\s+[{UPPER}]", words) is not None
        return (is_item and len(text) >= 60) or (sentences and len(text) >= 100)

    def _continues_after_wrap(self, draft: _Draft, line: Line) -> bool:
        """Whether an adjacent line is the next line of the same paragraph."""
        last, text = draft.last, line.text
        if self.width and line.indent >= draft.indent + 3 and text[:1].isupper():
            # The first line of a paragraph is set in.
            return False
        full = self.width and len(last) + 1 + len(text.split()[0]) > self.width
        ended = terminal(draft.text)
        marker = marker_of(text)
        if marker is not None:
            if marker.style == "dash" and (_dashed(draft.text, text) or _in_brackets(draft.text)):
                return True
            loose = not ended and len(last) >= 0.8 * self.width
            if marker.is_bullet and text[marker.length : marker.length + 1].islower():
                return bool(self.width and loose)
            inside = marker.style == "dash" and (_in_quotes(draft.text) or draft.text != last)
            return bool(full and not ended and (inside or _OPEN_WORD.search(draft.text)))
        if text[:1].islower() and (self.width or not ended):
            return True
        if not self.width:
            return not ended and bool(draft.text.endswith(",") or _OPEN_WORD.search(draft.text))
        if is_upper(draft.text):
            return is_upper(text) and not ended
        if is_upper(text) and len(text) > 12:
            return False
        if ended and draft.text.rstrip().endswith(":"):
            return False
        if ended:
            return len(last) >= 0.85 * self.width and bool(full) and not is_name_line(text)
        name = re.search(rf"(?:^|\s)[{UPPER}]\w*$", draft.text) is not None and text[:1].isupper()
        return bool(full) or len(last) >= (0.7 if name else 0.88) * self.width

    def _add_foot(self, line: Line) -> None:
        """Recipients may be broken over lines too: a small letter goes on with the line before."""
        last = self.drafts[-1] if self.drafts else None
        if (
            last is not None
            and last.zone is Zone.FOOT
            and not line.blank
            and line.text[:1].islower()
            and not last.text.rstrip().endswith((";", "."))
            and "\t" not in line.text
            and last.text.lstrip().startswith(("-", "+", "–"))
        ):
            last.text += " " + line.text
            last.last = line.text
            return
        self._new(line)
