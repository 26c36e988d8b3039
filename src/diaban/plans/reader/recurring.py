"""What is to be done again and again: "ít nhất 01 lần/tháng", "hằng năm rà soát …"."""

from __future__ import annotations

import re

from diaban.plans.reader.clauses import clause_around
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.values import RecurringActivity

_UNITS = {"tuan": "week", "thang": "month", "quy": "quarter", "nam": "year", "ngay": "day"}
_TIMES = re.compile(
    r"(?P<n>\d{1,2})\s+(?:lan|luot|ca|video|clip|phong su|buoi|cuoc|dot|phien|hoi nghi|ky|tin|"
    r"bai|so|ban tin|chuyen de|lop|"
    r"hoat dong|"
    r"chuyen muc)\b[^.;,/()]{0,40}?\s*(?:/|moi|tren|trong|mot)\s*(?:0?1\s*|"
    r"mot\s+)?(?P<u>tuan|thang|quy|nam)\b(?!\s*(?:\d|[ivx]+\b|hanh dong|cao diem|thanh nien))"
)
_EACH = re.compile(
    r"\b(?:moi|hang|dinh ky hang|dinh ky)\s+(?P<u>tuan|thang|quy|"
    r"nam)\b,?(?:[^.;,()]|, (?=phat |dang |in |viet )){0,60}?"
    r"(?:it nhat|toi thieu|to chuc)?\s*(?P<n>\d{1,2}|mot|hai|ba)\s+"
    r"(?:lan|luot|ca|buoi|cuoc|dot|phien|hoi nghi|so|ky|chuyen de|chuyen muc|tin|bai|lop|ban tin|"
    r"phong su|video|clip|tiet|chuyen|tiet muc|doan|vong|"
    r"hoi thi|hoi dien|dem van nghe|giai the thao|giai dau|dien dan|toa dam|ngay hoi|"
    r"chien dich)\b"
)
# "định kỳ 6 tháng/lần", "sơ kết 03 tháng một lần".
_ONCE_IN = re.compile(
    r"\b(?P<n>0?[1-9]|1[0-2]|ba|sau)\s+(?P<u>tuan|thang|nam)\s*(?:/\s*(?:0?1\s*)?|(?:0?1|"
    r"mot)\s+)lan\b"
)
_STEPS = {("thang", 1): "month", ("thang", 3): "quarter", ("thang", 6): "half_year"}
_STEPS |= {("thang", 12): "year", ("tuan", 1): "week", ("nam", 1): "year"}
_WORDS = {"mot": 1, "hai": 2, "ba": 3}
_AT_END = re.compile(
    r"\b(?:ngay|tuan) (?:cuoi cung|cuoi|dau tien|dau|\d{1,2})\s*(?:cua\s+)?(?:moi|hang)\s+"
    r"(?P<u>thang|quy|nam)\b"
)
_ON_DAY = re.compile(
    r"\b(?:thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat)\s+(?:hang|moi)\s+(?P<u>tuan)\b"
)
_RHYTHM = re.compile(
    r"(?:dinh ky\s+)?(?:hang|moi)\s+(?P<u>tuan|thang|quy|nam)\b\s*,?\s*(?P<verb>[a-z]+,? [a-z]+)"
)
_MARKED = re.compile(r"\((?:thuc hien |to chuc |dinh ky )*(?:hang|moi) (?P<u>tuan|thang|quy|nam)\)")
# "…; cuối mỗi quý tổ chức họp dân": the rhythm opens a clause.
_OPENS = re.compile(
    r"(?:^|[;.]\s+)(?:vao )?(?:cuoi|dau) (?:moi|hang) (?P<u>tuan|thang|quy|nam)\b,?\s*"
    r"(?P<verb>[a-z]+,? [a-z]+)"
)
# "Lồng ghép vào sinh hoạt chi hội hằng tháng": the rhythm ends the clause.
_AT_LAST = re.compile(
    r"(?P<verb>[a-z]+ [a-z]+) (?:dinh ky )?(?:hang|moi) (?P<u>tuan|thang|quy)\s*"
    r"(?=[.;]|$|(?:tai|o|doi voi|tren) )"
)
_PAPERS = re.compile(r"\b(?:ke hoach|du toan|bao cao|gui|nop|trinh|so lieu|kinh phi|chi tieu)\b")
_NOT = re.compile(
    r"(?:keo giam|kiem che|lam giam|ha |nang|duy tri ty|phan dau|so diem|so vu|bao cao|"
    r"tren co so|theo|cua|giam(?! sat)|tang(?! cuong)|chi tieu|du toan|"
    r"dat cac|ty le|gui bao)"
)


def recurring(paragraph: Paragraph, start: int) -> list[RecurringActivity]:
    """Return the recurring activities of one paragraph."""
    words = flat(paragraph.text)
    found: list[RecurringActivity] = []
    seen: list[tuple[int, int]] = []
    for pattern in (_TIMES, _EACH):
        for match in pattern.finditer(words, start):
            times = _WORDS.get(match["n"]) or int(match["n"])
            if times and not any(a < match.end() and match.start() < b for a, b in seen):
                seen.append(match.span())
                found.append(
                    _made(paragraph, match.start(), f"{times}/{_UNITS[match['u']]}", start)
                )
    for match in _ONCE_IN.finditer(words, start):
        number = {"ba": 3, "sau": 6}.get(match["n"]) or int(match["n"])
        step = _STEPS.get((match["u"], number))
        if step and not any(a < match.end() and match.start() < b for a, b in seen):
            found.append(_made(paragraph, match.start(), f"1/{step}", start))
    if not found:
        first = _RHYTHM.match(words, start)
        marked = _MARKED.search(words, start)
        if first and not _NOT.match(first["verb"]) and not _reports(words, start):
            found.append(_made(paragraph, first.start(), f"1/{_UNITS[first['u']]}", start))
        elif (
            dated := _AT_END.search(words, start) or _ON_DAY.search(words, start)
        ) and "bao cao" not in words[start:]:
            found.append(_made(paragraph, dated.start(), f"1/{_UNITS[dated['u']]}", start))
        elif (opened := _OPENS.search(words, start)) and not _PAPERS.search(opened["verb"]):
            found.append(_made(paragraph, opened.start("u"), f"1/{_UNITS[opened['u']]}", start))
        elif (last := _last(words, start)) is not None:
            found.append(_made(paragraph, last.start(), f"1/{_UNITS[last['u']]}", start))
        elif marked:
            found.append(_made(paragraph, start, f"1/{_UNITS[marked['u']]}", start))
    return found


def _last(words: str, start: int) -> re.Match[str] | None:
    """The rhythm that ends a clause about something done, not about a paper that is due."""
    for match in _AT_LAST.finditer(words, start):
        begin = max(start, *(words.rfind(sign, start, match.start()) + 1 for sign in ";."))
        if not _PAPERS.search(words, begin, match.end()) and not _NOT.match(match["verb"]):
            return match
    return None


def _reports(words: str, start: int) -> bool:
    """Whether the first clause is a duty to report, which is kept as such."""
    stop = words.find(";", start, start + 60)
    return "bao cao" in words[start : stop if stop > 0 else start + 60]


def _made(paragraph: Paragraph, at: int, frequency: str, start: int) -> RecurringActivity:
    begin, end = clause_around(paragraph.text, at, start)
    quote = space(paragraph.text[begin:end])
    return RecurringActivity(quote, frequency, _scope(quote), paragraph.span(begin, end))


def _scope(quote: str) -> str | None:
    found = re.search(
        r"(?:100\s*% (?:số |các )?|mỗi |từng |tại (?:các |mỗi )?)((?:xã|phường|thị trấn|"
        r"đặc khu|thôn|bản|ấp|khóm|tổ dân phố|khu phố|khu dân cư|địa bàn cấp xã|địa bàn|"
        r"trường học|cơ sở|đơn vị)(?:, (?:xã|phường|thị trấn|đặc khu|thôn|bản|ấp|khóm|"
        r"tổ dân phố|khu phố|khu dân cư))*)",
        quote,
    )
    return space(found[0]) if found else None
