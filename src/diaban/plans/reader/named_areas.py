"""Places that a plan singles out, by name ("phường Minh Tân") or by number ("08 thôn")."""

from __future__ import annotations

import re
from itertools import islice

from diaban.plans.reader.agencies import unit_at
from diaban.plans.reader.citations import citations
from diaban.plans.reader.clauses import MAX_ITEMS, clause_around
from diaban.plans.reader.folding import UPPER, flat, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.values import NamedArea, Span

_KIND = re.compile(
    r"(?<!\w)(?P<kind>tổ dân phố|khu phố|thị trấn|đặc khu|thị xã|thành phố|xã|phường|huyện|"
    r"quận|thôn|bản|ấp|khóm|buôn|làng|tp\.?)"
    r"(?P<gap>\s+|\s*:\s*|\s+gồm\s*:?\s*)(?=\S)",
    re.I,
)
_NOT_KIND = re.compile(r"(?:văn|cơ|thuộc về|kịch|tài)\s+$", re.I)
_WORD = rf"[{UPPER}][\w’'-]*"
_NAME = re.compile(
    rf"(?:số\s+)?(?:{_WORD}|\d{{1,2}}(?!\w|[.,/]\d|\s*%))(?:\s+(?:{_WORD}|\d{{1,2}}(?!\w|[.,/]\d|\s*%)))*"
)
_COUNTED = re.compile(
    r"\s*(?:lần|buổi|cuộc|đợt|lớp|người|hộ|vụ|mô hình|tổ|điểm|camera|phóng sự|bài|tin|ngày|tháng|"
    r"năm|triệu|đồng|thôn|xã|phường|khu phố|hội|đối tượng|cán bộ|giờ)(?!\w)"
)
_NEXT = re.compile(rf"\s*(?:,|;|và)\s+(?={_WORD}|số\s+\d)")
_NO_NAME = re.compile(
    r"(?:Hội|Đoàn|Đảng|Loại|Việt Nam|Nhà nước|Nhân dân|Sở|Ban|Công an|UBND|HĐND|Ủy ban|"
    r"Uỷ ban|Phòng|Trung tâm|Kế hoạch|Quá|Trong|"
    r"Thực hiện|Chỉ|Hướng|Tổ|Các|Mặt trận|MTTQ|ANTT|Trưởng|Bí thư|Cơ quan|Văn phòng|Chi)\b"
)
_GROUP_NOUN = (
    r"(?:xa|phuong|thi tran|dac khu|thon|ban|ap|khom|to dan pho|khu pho|"
    r"khu dan cu|dia ban cap xa|dia ban|huyen|thi xa)"
)
_GROUP = re.compile(
    rf"(?<![\d.,/%-])(?P<n>\d{{1,4}})(?:\s*/\s*(?P<of>\d{{1,4}}))?\s+"
    rf"(?P<noun>{_GROUP_NOUN}(?:,\s*{_GROUP_NOUN}(?![a-z]))*)(?![a-z])"
    r"(?P<more>(?:,?\s+(?:bien gioi|noi dia|trong diem|phuc tap|loai [ivx]+|ve ma tuy|"
    r"vung cao|ven bien|giap ranh|vung bien|hai dao|mien nui|khu vuc))*)"
)
_NO_GROUP = re.compile(
    r"(?:it nhat|toi thieu|moi|tung|/|gom|bao gom|giai doan|quy|thang|nam|loai|so|dieu)\s*$"
)


def named_areas(paragraph: Paragraph, own: set[str], start: int) -> list[NamedArea]:
    """Return the places that one paragraph names; `own` are the plan's own areas (flat)."""
    text, words = paragraph.text, flat(paragraph.text)
    cited = [c.span for c in citations(text)]
    found: list[NamedArea] = []
    for kind, span in _names(text, start):
        name = space(text[span[0] : span[1]])
        begin = span[0]
        if (
            flat(name) in own
            or any(a <= begin < b for a, b in cited)
            or _in_body(text, words, begin)
        ):
            continue
        found.append(_made(paragraph, name, kind, *span, start))
    return (found + _groups(paragraph, words, start))[:MAX_ITEMS]


def place_names(text: str) -> list[str]:
    """Return the names that stand after a kind of area in a text, provinces included."""
    names = [space(text[a:b]) for _, (a, b) in _names(text, 0)]
    return names + [
        space(m[1]) for m in re.finditer(rf"\b[Tt]ỉnh\s+({_WORD}(?:\s+{_WORD})*)", text)
    ]


def _names(text: str, start: int) -> list[tuple[str, Span]]:
    """Return kind and place of each name, with the others of a list ("các xã A, B và C")."""
    found: list[tuple[str, Span]] = []
    for match in islice(_KIND.finditer(text, start), MAX_ITEMS):
        if found and match.start() < found[-1][1][1]:
            # "thôn Bản Cáu": the second word for a place is part of the name.
            continue
        if _NOT_KIND.search(text, max(0, match.start() - 12), match.start()):
            continue
        kind = match["kind"].lower().rstrip(".").replace("tp", "thành phố")
        name = _NAME.match(text, match.end())
        if (
            not name
            or not _is_place(name[0], kind)
            or (name[0].isdigit() and _COUNTED.match(text, name.end()))
            or (":" in match["gap"] and not _listed(text, match.start()))
        ):
            continue
        found.append((kind, name.span()))
        at = name.end()
        while _listed(text, match.start()) or name[0].startswith("số "):
            more = _NEXT.match(text, at)
            name = _NAME.match(text, more.end()) if more else None
            if not name or not _is_place(name[0], kind) or _other_kind(text, name.start(), kind):
                break
            found.append((kind, name.span()))
            at = name.end()
    return found


def _other_kind(text: str, at: int, kind: str) -> bool:
    """Whether a listed item names its own kind; "Bản Lầu" in a list of communes is a name."""
    found = _KIND.match(text, at)
    return found is not None and (found["kind"][0].islower() or found["kind"].lower() == kind)


def _listed(text: str, at: int) -> bool:
    """Whether a list of names follows: "các xã", "02 phường"."""
    return re.search(r"(?:các|những|\d+|[,và]+\s+\w+)\s*$", text[max(0, at - 12) : at]) is not None


def _is_place(printed: str, kind: str) -> bool:
    if printed.isdigit() or printed.startswith("số "):
        return kind in ("thôn", "bản", "ấp", "khóm", "tổ dân phố", "khu phố", "phường", "quận")
    return not _NO_NAME.match(printed) and not (printed.isupper() and len(printed) > 4)


def _in_body(text: str, words: str, at: int) -> bool:
    """Whether a place is only part of the name of a body ("Công an huyện …")."""
    window = max(0, at - 70)
    for begin in re.finditer(rf"(?<!\w)(?=[{UPPER}])", text[window:at]):
        end = unit_at(text, window + begin.start(), words)
        if end is not None and end > at:
            return True
    return False


def _groups(paragraph: Paragraph, words: str, start: int) -> list[NamedArea]:
    found = []
    for match in _GROUP.finditer(words, start):
        before = words[max(0, match.start() - 24) : match.start()]
        after = words[match.end() : match.end() + 60]
        if (
            int(match["n"]) == 0
            or _NO_GROUP.search(before)
            or re.match(r"[^.;]{0,40}\bgom\b|\s*:", after)
        ):
            continue
        begin, end = match.start("noun"), match.end()
        name = f"{match['n']} {space(paragraph.text[begin:end])}"
        kind = "nhóm " + space(paragraph.text[begin : match.end("noun")])
        found.append(_made(paragraph, name, kind, match.start(), end, start))
    return found


def _made(paragraph: Paragraph, name: str, kind: str, at: int, end: int, start: int) -> NamedArea:
    clause = clause_around(paragraph.text, at, start)
    why = space(paragraph.text[clause[0] : clause[1]])
    return NamedArea(name, kind, why[:200], space(paragraph.text[at:end]), paragraph.span(at, end))
