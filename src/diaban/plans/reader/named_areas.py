"""Places that a plan singles out, by name ("phường Minh Tân") or by number ("08 thôn")."""

from __future__ import annotations

import re

from diaban.plans.reader.agencies import unit_at
from diaban.plans.reader.citations import citations
from diaban.plans.reader.clauses import clause_around
from diaban.plans.reader.folding import UPPER, flat, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.values import NamedArea

_KINDS = {
    "xa": "xã",
    "phuong": "phường",
    "thi tran": "thị trấn",
    "dac khu": "đặc khu",
    "huyen": "huyện",
    "quan": "quận",
    "thi xa": "thị xã",
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "thon": "thôn",
    "ban": "bản",
    "ap": "ấp",
    "khom": "khóm",
    "to dan pho": "tổ dân phố",
    "khu pho": "khu phố",
    "buon": "buôn",
    "lang": "làng",
    "cum": "cụm",
}
_KIND = re.compile(
    r"(?<![a-z])(?P<kind>to dan pho|khu pho|thi tran|dac khu|thi xa|thanh pho|xa|phuong|huyen|quan|thon|ban|ap|khom|buon|lang|tp)\.?\s+(?=\S)"
)
_WORD = rf"[{UPPER}][\w’'-]*"
_NAME = re.compile(
    rf"(?:số\s+)?(?:{_WORD}|\d{{1,2}}(?![\d.,/%]))(?:\s+(?:{_WORD}|\d{{1,2}}(?![\d.,/%])))*"
)
_GROUP_NOUN = r"(?:xa|phuong|thi tran|dac khu|thon|ban|ap|khom|to dan pho|khu pho|khu dan cu|dia ban cap xa|dia ban|huyen|thi xa)"
_GROUP = re.compile(
    rf"(?<![\d.,/%-])(?P<n>\d{{1,4}})(?:\s*/\s*(?P<of>\d{{1,4}}))?\s+(?P<noun>{_GROUP_NOUN}(?:,\s*{_GROUP_NOUN}(?![a-z]))*)(?![a-z])"
    r"(?P<more>(?:\s+(?:bien gioi|noi dia|trong diem|phuc tap|loai [ivx]+|ve ma tuy|vung cao|ven bien|giap ranh|vung bien|hai dao|mien nui|khu vuc))*)"
)
_AWAY = re.compile(r"(?:trung quoc|lao|campuchia)\b")


def named_areas(paragraph: Paragraph, own: set[str], start: int) -> list[NamedArea]:
    """Return the places that one paragraph names; `own` are names of the plan's own areas (flat)."""
    text, words = paragraph.text, flat(paragraph.text)
    cited = [c.span for c in citations(text)]
    found: list[NamedArea] = []
    for match in _KIND.finditer(words, start):
        name = _NAME.match(text, match.end())
        if (
            not name
            or any(a <= match.start() < b for a, b in cited)
            or _in_body(text, words, match.start())
        ):
            continue
        printed = space(name[0])
        if flat(printed) in own or not _is_place(printed, match["kind"]):
            continue
        found.append(
            _made(paragraph, printed, _KINDS[match["kind"]], match.start(), name.end(), start)
        )
    return found + _groups(paragraph, words, start)


def _is_place(printed: str, kind: str) -> bool:
    if printed.isdigit():
        return kind in ("thon", "ban", "ap", "khom", "to dan pho", "khu pho")
    return not re.match(r"(?:Hội|Đoàn|Đảng|Loại|Việt Nam|Nhà nước|Nhân dân)\b", printed) and not (
        printed.isupper() and len(printed) > 4
    )


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
        count = int(match["n"])
        before = words[max(0, match.start() - 24) : match.start()]
        if (
            count == 0
            or re.search(r"(?:it nhat|toi thieu|/\s*0?1|moi|tung|/)\s*$", before)
            or (
                match["n"] in ("1", "01")
                and re.search(r"(?:mo hinh|lan|phien)\S*\s*/?\s*$", before)
            )
        ):
            continue
        if re.search(r"/\s*$", before):
            continue
        a, b = match.span("noun")[0], match.end()
        name = f"{match['n']} {space(paragraph.text[a:b])}"
        kind = "nhóm " + space(paragraph.text[match.start("noun") : match.end("noun")])
        found.append(_made(paragraph, name, kind, match.start(), b, start))
    return found


def _made(paragraph: Paragraph, name: str, kind: str, at: int, end: int, start: int) -> NamedArea:
    clause = clause_around(paragraph.text, at, start)
    why = space(paragraph.text[clause[0] : clause[1]])
    return NamedArea(name, kind, why[:200], space(paragraph.text[at:end]), paragraph.span(at, end))
