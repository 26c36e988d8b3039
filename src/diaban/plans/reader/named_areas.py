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

_KIND_WORDS = (
    r"khu dân cư|cụm dân cư|tổ dân phố|khu phố|thị trấn|đặc khu|thị xã|thành phố|xã|phường|huyện|"
    r"quận|thôn|bản|ấp|khóm|xóm|buôn|làng|tp\.?"
)
_KIND = re.compile(
    rf"(?<!\w)(?P<kind>{_KIND_WORDS})"
    rf"(?P<kind_of>(?:,?\s+(?-i:[^{UPPER}\W\d_]+)){{1,4}}"
    r"(?=\s*(?:\(|:|,?\s+(?:gồm|bao gồm)\b))|(?:,?\s+(?:trọng điểm|phức tạp|biên giới|giáp biên|"
    r"vùng biên|nội địa|vùng cao|"
    r"vùng sâu|ven biển|bãi ngang|đảo|giáp ranh|điểm|nằm trong diện|về ma túy|còn ma túy|"
    r"có ma túy|đặc biệt khó khăn))*)"
    r"(?P<gap>\s*,?\s+(?:là|gồm|bao gồm)(?: các)?\s*:?\s*|\s*\(\s*|\s*:\s*|\s+)(?=\S)",
    re.I,
)
_NOT_KIND = re.compile(r"(?:văn|cơ|thuộc về|kịch|tài)\s+$", re.I)
_WORD = rf"[{UPPER}][\w’'-]*"
_NAME = re.compile(
    rf"(?:số\s+)?(?:{_WORD}|\d{{1,2}}(?!\w|[.,/]\d|\s*%))(?:\s+(?:{_WORD}|\d{{1,2}}(?!\w|[.,/]\d|"
    rf"\s*%)))*"
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


# Between a count and the names of what is counted: "03 khu phố trọng điểm (Đông Hải, …)".
_MEMBERS = re.compile(r"[^.;:()\d]{0,24}[\s(]+(?:la\s+)?")


def named_areas(
    paragraph: Paragraph, own: set[str], start: int, heading: str = ""
) -> list[NamedArea]:
    """
    Return the places that one paragraph names; `own` are the plan's own areas (flat).

    `heading` says what the paragraph is about; it is the reason where the words give none.
    """
    text, words = paragraph.text, flat(paragraph.text)
    cited = [c.span for c in citations(text)]
    found: list[NamedArea] = []
    names = _names(text, start)
    runs = _runs(text, [span for _, span in names])
    for (kind, span), run in zip(names, runs, strict=True):
        name = space(text[span[0] : span[1]])
        begin = span[0]
        if (
            flat(name) in own
            or flat(f"{kind} {name}") in own
            or any(a <= begin < b for a, b in cited)
            or _in_body(text, words, begin)
        ):
            continue
        why = _reason(text, run, start) or heading
        found.append(_made(paragraph, name, kind, span, why))
    named = [area.span[0] - paragraph.start for area in found]
    return (found + _groups(paragraph, words, start, named))[:MAX_ITEMS]


_HAMLETS = frozenset(
    {"thôn", "bản", "ấp", "khóm", "xóm", "buôn", "làng", "khu phố", "tổ dân phố"}
    | {"khu dân cư", "cụm dân cư"}
)


def place_names(text: str) -> list[str]:
    """
    Return the names that stand after a kind of area in a text, provinces included.

    Hamlets are left out: no plan is a hamlet's own.
    """
    names = [space(text[a:b]) for kind, (a, b) in _names(text, 0) if kind not in _HAMLETS]
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
            or (match["gap"].strip() + match["kind_of"] and not _listed(text, match.start()))
            or ((match["kind_of"] or ":" in match["gap"]) and _is_word(text, name))
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


def _is_word(text: str, name: re.Match[str]) -> bool:
    """Whether one capital only begins a sentence: "các xã biên giới Thực hiện tốt"."""
    return (
        " " not in name[0] and re.match(r"\s+(?!và\b)[^\W\d_A-ZĐ]", text[name.end() :]) is not None
    )


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


def _groups(paragraph: Paragraph, words: str, start: int, named: list[int]) -> list[NamedArea]:
    """The counted groups whose members are not named (`named`: where names begin)."""
    found = []
    for match in _GROUP.finditer(words, start):
        before = words[max(0, match.start() - 24) : match.start()]
        after = words[match.end() : match.end() + 60]
        if (
            int(match["n"]) == 0
            or _NO_GROUP.search(before)
            or re.match(r"[^.;]{0,40}\bgom\b|\s*:", after)
            or re.search(
                r"\b(?:moi|tung)\b[^.;,]*$", words[max(0, match.start() - 60) : match.start()]
            )
            or any(_MEMBERS.fullmatch(words, match.end(), at) for at in named)
        ):
            continue
        begin, end = match.start("noun"), match.end()
        name = f"{match['n']} {space(paragraph.text[begin:end])}"
        kind = "nhóm " + space(paragraph.text[begin : match.end("noun")])
        span = (match.start(), end)
        clause = clause_around(paragraph.text, match.start(), start)
        why = space(paragraph.text[clause[0] : clause[1]])
        found.append(_made(paragraph, name, kind, span, why))
    return found


_BETWEEN = re.compile(
    rf"\s*(?:,|;|và)?\s*(?:và\s+)?(?:(?:các|những)\s+)?(?:{_KIND_WORDS})?\s*", re.I
)
_BEFORE = re.compile(
    rf"[\s,:(]*(?:(?:là|gồm|bao gồm|như|tại|ở|của|thuộc)\s*:?\s*\(?\s*)?"
    rf"(?:(?:các|những|\d{{1,3}})\s+)?(?:{_KIND_WORDS})?[\s,:(]*$",
    re.I,
)


def _runs(text: str, spans: list[Span]) -> list[Span]:
    """For each name, from where to where the list reaches in which it stands."""
    runs: list[list[int]] = []
    which: list[int] = []
    for start, end in spans:
        if runs and _BETWEEN.fullmatch(text, runs[-1][1], start):
            runs[-1][1] = end
        else:
            runs.append([start, end])
        which.append(len(runs) - 1)
    return [(runs[i][0], runs[i][1]) for i in which]


def _reason(text: str, run: Span, start: int) -> str | None:
    """What is said about the places of a list: the clause around it, without their names."""
    begin, end = clause_around(text, run[0], start)
    if run[0] - begin < 12 and text[begin - 1 : begin] == "(":
        # "04 thôn không có ma túy (thôn Bản Cáu, …)": the reason stands before the bracket.
        begin, end = clause_around(text, begin - 1, start)
    before = _BEFORE.sub("", text[begin : max(begin, run[0])])
    after = text[run[1] : max(run[1], end)].strip(" ,;.:)")
    before = re.sub(r"^\d{1,2}\s+(?=[^\W\d_])", "", before) if start == begin else before
    words = " … ".join(space(part) for part in (before.strip(" ,("), after) if part.strip())
    return words[:200] if len(words.split()) >= 3 else None


def _made(paragraph: Paragraph, name: str, kind: str, span: Span, why: str) -> NamedArea:
    quote = space(paragraph.text[span[0] : span[1]])
    return NamedArea(name, kind, why[:200], quote, paragraph.span(*span))
