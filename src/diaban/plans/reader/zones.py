"""
The parts of a plan, line by line: where the title ends, where the foot or an annex begins, which
lines are a table without cells.
"""

from __future__ import annotations

import re
from enum import StrEnum

from diaban.plans.reader.folding import flat, is_upper
from diaban.plans.reader.lines import Line
from diaban.plans.reader.markers import marker_of


class Zone(StrEnum):
    """The part of a plan in which a paragraph stands."""

    HEAD = "head"
    TITLE = "title"
    BODY = "body"
    FOOT = "foot"
    ANNEX = "annex"


TITLE = re.compile(r"(?:du thao\s+)?ke hoach\b")
_FOOT = re.compile(
    r"noi nhan\s*:?|(?:tm|t/m|kt|k/t|tl|t/l|tuq|q)\s?\.\s*(?=[a-z])|(?:t/m|k/t|t/l)\s+(?=[a-z])|"
    r"(?:tm|kt|tl|tuq)\s+(?=(?:uy ban|ubnd|ban |chu tich|giam doc|truong|bch|btv|hoi dong))"
)
_ANNEX = re.compile(r"(?:phu luc|bieu|bang|danh muc|danh sach)\b")
_PREAMBLE = re.compile(
    r"(?:thuc hien|can cu|de\s|nham\s|trien khai|tiep tuc|tren co so|thi hanh|xet\s|theo\s|"
    r"huong ung|"
    r"chap hanh|quan triet|uy ban nhan dan|ubnd|hang nam|nam \d{4}|cong an|"
    r"ban (?:thuong vu|chap hanh|chi dao|thuong truc)|dang uy|so [a-z]+ )"
)
_LEAD = re.compile(r"chu tri|don vi thuc hien|co quan thuc hien|phu trach|phan cong")
_TASK = re.compile(r"nhiem vu|noi dung|cong viec|hoat dong")


def is_annex(line: Line) -> bool:
    """Return whether an annex begins here, after the signature."""
    words = flat(line.text)
    return bool(
        (_ANNEX.match(words) and (is_upper(line.text) or words.startswith("phu luc")))
        or line.cells
        or re.match(r"\((?:kem theo|ban hanh kem)", words)
        or starts_table(line.text)
    )


def is_title(text: str) -> bool:
    """Return whether the line is (or begins with) the word KẾ HOẠCH that names the genre."""
    words = flat(text).strip(" .:")
    found = TITLE.match(words)
    if not found:
        return False
    rest = text.strip()[found.end() :].strip(" :.")
    if not rest:
        return text.strip()[:1].isupper()
    return text[: found.end()].isupper() and "tabs" not in rest and len(text) < 400


def is_foot(text: str) -> bool:
    """Return whether the list of recipients or the signature begins with this line."""
    words = flat(text)
    found = _FOOT.match(words)
    if not found:
        return False
    return words.startswith("noi nhan") or is_upper(text.split("\t")[0])


def title_end(lines: list[Line], at: int) -> int:
    """
    Return the index of the first line after the title that begins at `lines[at]`.

    The title ends before the preamble ("Thực hiện …", "Căn cứ …") or the first heading; a title
    may itself begin with such a word, so the last block before a sentence decides.
    """
    stop = min(len(lines), at + 14)
    first = next(
        (i for i in range(at + 1, stop) if _heading_like(lines[i].text) or lines[i].cells), stop
    )
    for i in range(at + 1, first):
        if not _PREAMBLE.match(flat(lines[i].text)) or not _is_sentence(lines, i, first):
            continue
        if i == at + 1 and not _only_preamble(lines, i, first):
            continue
        return i
    # A line in small letters goes on with the title, whatever gap stands before it.
    after = [i for i in range(at + 2, first) if lines[i].blank and not lines[i].text[:1].islower()]
    return after[0] if after else first


_PART = re.compile(r"(?:phan|chuong) (?:thu \w+|[ivx]+)\b")


def _heading_like(text: str) -> bool:
    if _PART.match(flat(text)) and text[:1].isupper():
        return True
    marker = marker_of(text)
    return marker is not None and marker.style in ("part", "roman", "number", "upper")


def _is_sentence(lines: list[Line], start: int, stop: int) -> bool:
    text = flat(" ".join(line.text for line in lines[start : min(stop, start + 12)]))
    return (
        bool(
            re.search(
                r"nhu sau|so\s*:?\s*\d+.{0,12}/|\bngay\b.*\bcua\b|ban hanh|;|xay dung ke hoach",
                text,
            )
        )
        and len(text) > 40
    )


def _only_preamble(lines: list[Line], start: int, stop: int) -> bool:
    """Whether the block right below the word KẾ HOẠCH is the preamble: the title is missing."""
    block = [lines[start]]
    for line in lines[start + 1 : stop]:
        if line.blank:
            break
        block.append(line)
    text = " ".join(line.text for line in block)
    if text[:1].islower():
        # "KẾ HOẠCH / thực hiện Chỉ thị số …": a title, as the Party sets it.
        return False
    if flat(text).startswith("can cu"):
        return True
    after = flat(lines[start + 1].text) if start + 1 < stop else ""
    if lines[start].text.rstrip().endswith(";") and re.match(r"(?:thuc hien|can cu)", after):
        return True
    later = [
        line
        for line in lines[start + 1 : stop]
        if re.match(r"(?:thuc hien|can cu)", flat(line.text))
    ]
    return not later and bool(re.search(r"nhu sau\s*:?$|;$", flat(text).rstrip(" .")))


def flat_tables(lines: list[Line]) -> set[int]:
    """
    Return the lines of tables that came without cells.

    Either each cell stands on a line of its own, below "TT", or each row is one line, below a line
    that names all the columns.
    """
    found: set[int] = set()
    inside = False
    for i, line in enumerate(lines):
        if not line.cells and starts_table(line.text):
            head = " ".join(flat(other.text) for other in lines[i : i + 16])
            inside = _LEAD.search(head) is not None and _TASK.search(head) is not None
        elif inside and _after_table(line):
            inside = False
        if inside:
            found.add(i)
    return found


def starts_table(text: str) -> bool:
    """Return whether a line is the head of a table: "TT" alone, or with the other columns."""
    words = flat(text).strip(" .")
    if words in ("tt", "stt", "so tt"):
        return True
    return re.match(r"(?:stt|tt|so tt)\s", words) is not None and _LEAD.search(words) is not None


def _after_table(line: Line) -> bool:
    """Whether a line cannot be part of a flattened table: a main heading, the foot, a title."""
    words = flat(line.text).strip(" .")
    marker = marker_of(line.text)
    heading = (
        marker is not None
        and marker.style in ("part", "roman")
        and is_upper(line.text)
        and len(words) > 12
    )
    return (
        bool(line.cells)
        or heading
        or is_foot(line.text)
        or is_title(line.text)
        or (_ANNEX.match(words) is not None and is_upper(line.text))
    )
