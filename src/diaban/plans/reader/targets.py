"""
Figures that a plan wants to reach.

Every percentage is a target unless it compares or describes; a count is one when words of aim or
of bound stand before it ("xây dựng 08 thôn", "ít nhất 01 mô hình"). The number of areas for which
something else is to be done ("đối với 26 xã") is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from diaban.plans.reader.citations import citations
from diaban.plans.reader.clauses import MAX_ITEMS, around, clause_around
from diaban.plans.reader.dates import cores
from diaban.plans.reader.deadlines import Bound
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.values import Span

_NUM = r"(?P<n>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)"
_NOUNS = (
    "mo hinh|cong trinh|phan viec|phong su|phien toa|phien toa luu dong|"
    "phien toa xet xu luu dong|phien xet xu luu dong|phien xet xu|lop tap huan|"
    "lop boi duong|lop|buoi tuyen truyen|buoi noi chuyen|buoi|cuoc thi|cuoc kiem tra|"
    "cuoc|hoi nghi|hoi thao|toa dam|dot cao diem|dot ra quan|dot kiem tra|dot|luot nguoi|"
    "luot|lan|tin, bai|tin bai|bai viet|tin|bai|chuyen muc|chuyen de|chuyen an|"
    "video clip|video|clip|pa no|ap phich|khau hieu|bang ron|to roi|vu an|vu|doi tuong|"
    "diem, tu diem|tu diem|diem phuc tap|diem den|diem|duong day|to cong tac|to tu quan|"
    "to|doi|chot|cau lac bo|chi hoi|chi doan|co so kinh doanh|co so|camera|"
    "hom thu to giac|hom thu|bang tin|hoc vien|nguoi|"
    "ho gia dinh|ho|gia dinh|can bo|dia ban cap xa|dia ban|xa|phuong|thi tran|dac khu|"
    "thon|ban|ap|khom|to dan pho|khu pho|khu dan cu|cum xa|cum|huyen|truong hoc|truong|"
    "co quan|don vi|doanh nghiep|ha|met|lit|kit|giuong|hoc sinh|doan vien|hoi vien|"
    "tram y te|diem cap phat|san pham|suat|dien dan|ban tin"
)
# The longest first: "tổ dân phố" is no "tổ".
_NOUN = "(?:" + "|".join(sorted(_NOUNS.split("|"), key=len, reverse=True)) + ")"
_UNIT = rf"{_NOUN}(?![a-z])(?:(?:,\s*|\s+va\s+|\s+hoac\s+){_NOUN}(?![a-z]))*"
_PER = rf"(?:\s*/\s*(?:0?1\s*)?(?P<per>(?:thang|quy|nam|tuan|ngay|nguoi)(?![a-z])|{_UNIT}))?"
_PERCENT = re.compile(rf"(?<![\d.,/]){_NUM}\s*%")
_RATIO = re.compile(
    rf"(?<![\d.,/])(?P<n>\d{{1,5}})\s*/\s*(?P<of>\d{{1,5}})\s+(?P<unit>{_UNIT}){_PER}"
)
_COUNT = re.compile(rf"(?<![\d.,/\-]){_NUM}\s+(?P<unit>{_UNIT}){_PER}")

_AT_LEAST = re.compile(
    r"(?:it nhat|toi thieu|khong duoi|khong it hon|khong thap hon|tang tu|giam tu)\s*(?:la|"
    r"dat|co|tu)?\s*$"
)
_FROM = re.compile(r"\btu\s*$")
_MORE = re.compile(r"(?:tren|hon|vuot)\s*$")
_LESS = re.compile(r"(?:duoi)\s*$")
_AT_MOST = re.compile(r"(?:khong qua|toi da|khong vuot qua|nhieu nhat)\s*$")
_UPWARD = re.compile(r"[^,;.()]{0,40}?\btro len\b")
_COMPARES = re.compile(r"\b(?:cao|thap|nhieu|it) hon\b[^,;.(]*$")
_DESCRIBES = re.compile(
    r"\b(?:chiem|hien co|hien nay|hien dang|tinh den|da dat|thuc trang)\b[^,;.(]*$"
)
_SCOPE_ONLY = re.compile(
    r"\b(?:doi voi|tai|gom|bao gom|cua|thuoc|o|trong so|tren dia ban|dia ban|giai doan|loai|"
    r"dieu|khoan|muc|so|thu|du an|"
    r"phong|trong do|cho|nhu|theo|voi|giua|muc do|cap|lan thu|diem|nhom|qua)\s*$"
)
_AIM = re.compile(
    r"\b(?:xay dung|to chuc|duy tri|thanh lap|mo|lua chon|quy mo|dat|triet pha|triet xoa|"
    r"phat hien|bat giu|lap dat|ra mat|"
    r"nhan rong|thuc hien (?:thi )?diem|bo tri|cong nhan|chuyen hoa|giam|tang|phan dau|"
    r"hoan thanh|dang tai|phat song|trang bi|"
    r"tap huan|dao tao|kiem tra|cai nghien|dieu tra|tiep nhan|giup do|ho tro|cap phat|in|"
    r"phat hanh|co|van dong|thu hut|phat|cap|nhan|gui|boi duong|xet xu|dua|ky)\b[^,;.():]{0,48}$"
)
# How far back the words of a figure are looked at.
_REACH = 200
_BASELINE = re.compile(r"so voi\s+(?P<what>[^,;.()]{0,40})")
_PREVIOUS = re.compile(r"(?:cung ky|nam truoc|nam lien (?:ke|truoc)|nam ngoai|nam vua qua)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its bound, and the clause it stands in (offsets in the text)."""

    at: int
    comparator: str
    value: str
    unit: str
    baseline: str
    clause: Span


def figures(text: str, start: int = 0) -> list[Figure]:
    """Return the targets that a paragraph states, in order."""
    words = flat(text)
    cited = [c.span for c in citations(text)]
    dates = [(d.start, d.end) for d in cores(text)]
    found: list[Figure] = []
    taken: set[int] = set()
    for pattern in (_PERCENT, _RATIO, _COUNT):
        for match in pattern.finditer(words, start):
            at = match.start("n")
            # "08/08 xã" looks like a day; a ratio names what it counts, so it is none.
            if at in taken or around(cited, at) is not None:
                continue
            if pattern is not _RATIO and around(dates, at) is not None:
                continue
            figure = _figure(text, words, match, pattern, start)
            if figure is not None:
                found.append(figure)
                taken.add(at)
    return sorted(found, key=lambda figure: figure.at)[:MAX_ITEMS]


def _figure(
    text: str, words: str, match: re.Match[str], pattern: re.Pattern[str], start: int
) -> Figure | None:
    at = match.start("n")
    clause = clause_around(text, at, start)
    before = words[max(clause[0], at - _REACH) : at]
    after = words[match.end() : match.end() + 60]
    comparator = _comparator(before, after)
    if (
        _COMPARES.search(before)
        or _DESCRIBES.search(before)
        or re.search(r"\bđã\b[^,;]*$", text[max(clause[0], at - _REACH) : at])
    ):
        return None
    per = match.groupdict().get("per")
    if pattern is _COUNT and not _counts(before, comparator, after, per):
        return None
    if pattern is _RATIO and int(match["n"]) > int(match["of"]):
        return None
    value = match["n"].replace(".", "").replace(",", ".")
    value = value.lstrip("0") or "0"
    unit = "%" if pattern is _PERCENT else _unit(text, match)
    return Figure(
        at,
        comparator,
        "0" + value if value.startswith(".") else value,
        unit,
        _baseline(words, match.end(), clause[1]),
        clause,
    )


def _unit(text: str, match: re.Match[str]) -> str:
    a, b = match.span("unit")
    unit = space(text[a:b])
    if match["per"]:
        a, b = match.span("per")
        unit += "/" + space(text[a:b])
    return unit[:1].lower() + unit[1:] if unit[1:2].islower() else unit


def _comparator(before: str, after: str) -> str:
    if _AT_LEAST.search(before) or (_UPWARD.match(after)):
        return ">="
    if _AT_MOST.search(before):
        return "<="
    if _LESS.search(before):
        return "<"
    if _MORE.search(before):
        return ">"
    return "=="


def _counts(before: str, comparator: str, after: str, per: str | None) -> bool:
    """Whether a number of things is an aim of the plan."""
    if comparator in (">=", "<=") or per:
        return True
    place = before.rstrip()
    if _SCOPE_ONLY.search(place) and not re.search(r"(?:diem tai|quy mo)\s*$", place):
        return False
    if re.search(r"\b(?:doi voi|gom|nhat la)\b[^,;.(]*$", place):
        return False
    return _AIM.search(before) is not None


def _baseline(words: str, at: int, end: int) -> str:
    found = _BASELINE.search(words, at, end)
    if not found or re.search(r"\d\s*%", words[at : found.start()]):
        return "absolute"
    return "vs_previous_year" if _PREVIOUS.search(found["what"]) else "other"


def due_of(figure: Figure, bounds: Sequence[Bound]) -> list[tuple[str | None, str | None]]:
    """
    Return the dates (and groups of areas) by which a figure is due.

    Two dates for two groups of areas make two targets; without a date there is one entry.
    """
    inside = [
        b
        for b in bounds
        if figure.clause[0] <= b.start < figure.clause[1] and b.deadline.bound != "from"
    ]
    scoped = [b for b in inside if b.deadline.scope]
    if len(scoped) >= 2:
        return [(b.deadline.date, b.deadline.scope) for b in scoped]
    near = sorted(inside, key=lambda b: abs(b.start - figure.at))
    return [(near[0].deadline.date, near[0].deadline.scope)] if near else [(None, None)]
