"""
Which dates of a task bind it, and for which areas.

Not every date is a deadline: the date of a cited document, the years in a programme's name, a
thing already done, a condition, a comparison and the date of a named day are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from diaban.plans.reader.citations import Citation, citations
from diaban.plans.reader.clauses import around
from diaban.plans.reader.dates import DatePhrase, Years, date_phrases
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.values import Deadline

# How far back the words of one clause are looked at. Clauses are shorter; a text without any
# punctuation must not make the work grow with its square.
_REACH = 400

_DOCUMENT = re.compile(
    r"\b(?:chuong trinh|de an|du an|ke hoach|chien luoc|nghi quyet|quy hoach|chi thi|"
    r"quyet dinh|de cuong|luat)\b"
)
_AIM = re.compile(r"\d|\b(?:hoan thanh|phan dau|dat|muc tieu|xong|cham nhat)\b")
_VISION = re.compile(r"\s*[,;(]?\s*(?:va\s+)?(?:dinh huong|tam nhin)\b")
_AFTER_VISION = re.compile(r"(?:dinh huong|tam nhin)\s*$")
_PAST = re.compile(r"\bđã\b", re.I)
# "gửi danh sách hộ đã ký cam kết về Công an xã trước ngày …": what is sent was done before.
_SENT_ON = re.compile(
    r"\s*(?:gửi|nộp|trình|lập|báo cáo|bàn giao|chuyển|tổng hợp)\b.*\bđã\b.*"
    r"\b(?:về|cho|lên|gửi|xong|hoàn thành)\b",
    re.I,
)
# With marks: "sau khi" is a condition, "sau cai nghiện" is not; "nếu" is one, "nêu" is not.
_CONDITION = re.compile(
    r"\b(?:sau khi|sau ngày|so với|kể từ khi|khi có|nếu|được cấp(?: phép)?|niên độ|"
    r"tồn đọng từ|phát sinh từ|cùng kỳ|"
    r"có hiệu lực(?: thi hành)?)\b|\b(?:sau|tính|lũy kế|"
    r"(?<!gửi )(?<!nộp )(?<!cấp )(?<!hợp )(?<!nhật )số liệu|sinh|"
    r"có hiệu lực(?: thi hành)?(?: kể)?)\s*$",
    re.I,
)
_NAMED_DAY = re.compile(
    r"\b(?:ngay(?! \d)|thang hanh dong|le|ky niem|huong ung|chao mung|nhan dip|tet|dip)\b"
)
# "khi kết thúc năm công tác (30/11/2026)": the date says when that is.
_WHEN_OVER = re.compile(r"\b(?:khi|sau khi|luc) [^.;,]{0,60}$")
# "ban hành ngày 05/01/2026": a day on which something was done.
_DATED = re.compile(r"\b(?:phe duyet|ban hanh|ky|thong qua|thanh lap|cong bo|khai truong)\s*$")
_LAW = re.compile(r"\bluat\b[^.;:]{0,60}$")
_TERM = re.compile(r"\btrong (?:vong |thoi han )?\d+ (?:ngay|thang|nam)\b[^.;]*$|\bthoi han \d+")
_SPOKEN_OF = re.compile(
    r"\b(?:ky niem|huong ung|chao mung|ngay toan dan|ngay quoc te|"
    r"ket qua|bao cao|du toan|kinh phi|nhu)\b"
)
_PART_OF = re.compile(r"\b(?:trong do|rieng|bao gom|gom)\s*:?\s*$")
_PERIOD_NAME = re.compile(r"(?:giai doan|nhiem ky|nam hoc|nien khoa)\s*(?:tu)?\s*$")
_AREA = (
    r"(?:cap tinh|xa|phuong|thi tran|dac khu|huyen|thi xa|thanh pho|thon|ban|ap|khom|"
    r"to dan pho|khu pho|dia ban|dia phuong|khu dan cu|don vi)"
)
_DONE_BY = r"(?:hoan thanh|xong|thuc hien|truoc|cham nhat|den het|trien khai|to chuc)"
_SCOPE_WITH = re.compile(
    rf"\b(?:doi voi|rieng|"
    rf"tai)\s+(?P<scope>[^;:()]*?\b{_AREA}\b[^;:()]*?)\s*[,:]?\s+(?:thi\s+|"
    rf"phai\s+)?{_DONE_BY}\b"
)
_SCOPE_FIRST = re.compile(
    rf"^[\s,]*(?:va\s+|con\s+)?(?P<scope>(?:\d+|cac|nhung|so)\s[^;:(]*?\b{_AREA}\b[^;:(,]*?"
    rf"(?:,\s*{_AREA}\b[^;:(,]*?)*?)\s*[,:]?\s+(?:thi\s+|phai\s+)?{_DONE_BY}\b"
)
_SCOPE_AFTER = re.compile(
    rf"\s*[,(]?\s*(?:doi voi|"
    rf"ap dung cho)\s+(?P<scope>[^;:().,]*?\b{_AREA}\b(?:,\s*{_AREA}\b)*[^;:().,]*?)"
    rf"(?=[;:().,]|$|\s+va\s+(?:truoc|den|cham))"
)
_SCOPE_BEFORE = re.compile(rf"\bdoi voi\s+(?P<scope>[^;:().]*?\b{_AREA}\b[^;:().]*)$")


@dataclass(frozen=True, slots=True)
class Calendar:
    """
    What a plan says about its own time, for phrases that lean on it.

    `year` completes "trước ngày 15/12", `years` does so in a plan of several years; `campaign` is
    the month (`YYYY-MM`) of the campaign that the plan calls "Tháng hành động".
    """

    year: int | None = None
    campaign: str | None = None
    years: Years | None = None

    @property
    def default(self) -> int | Years | None:
        """What completes a date without a year."""
        return self.year if self.year is not None else self.years


@dataclass(frozen=True, slots=True)
class Bound:
    """A deadline with its place in the text."""

    deadline: Deadline
    start: int
    end: int


@lru_cache(maxsize=128)
def deadlines(text: str, calendar: Calendar) -> tuple[Bound, ...]:
    """Return the deadlines of one clause or task, in order."""
    cited = citations(text)
    words = flat(text)
    found: list[Bound] = []
    for phrase in date_phrases(text, calendar.default):
        if _binds(phrase, text, words, cited):
            found.append(_bound(phrase, text, words, found[-1].end if found else 0))
    campaign = _in_campaign(text, words, calendar)
    if campaign is not None:
        found.append(campaign)
    return tuple(sorted(found, key=lambda bound: bound.start))


def _binds(phrase: DatePhrase, text: str, words: str, cited: tuple[Citation, ...]) -> bool:
    """Whether a date phrase is a deadline where it stands."""
    if around([c.span for c in cited], phrase.start) is not None:
        return False
    titled = any(c.title[0] <= phrase.start < c.title[1] for c in cited)
    if titled and phrase.grain != "day" and phrase.grain != "yearday":
        return False
    if _quoted(text, phrase.start):
        return False
    # "tổng kết năm học trước ngày 31/5" is a day, "giai đoạn từ năm 2026" a name.
    due = phrase.stated and phrase.bound != "from" and phrase.grain != "year"
    if not due and _PERIOD_NAME.search(words, max(0, phrase.start - 40), phrase.start):
        return False
    start = _clause_start(words, phrase.start)
    before = text[start : phrase.start]
    if (_PAST.search(before) and not _SENT_ON.match(before)) or _CONDITION.search(before):
        return False
    if phrase.bound == "from" and _TERM.search(flat(before)):
        return False
    if phrase.grain == "year" and not _year_binds(phrase, words):
        return False
    # "trong đó 6 tháng đầu năm 07 hồ sơ" parts a figure; it is no time limit of the task.
    if not phrase.stated and _PART_OF.search(words, max(0, phrase.start - 30), phrase.start):
        return False
    return phrase.stated or _bare_binds(phrase, words)


def _year_binds(phrase: DatePhrase, words: str) -> bool:
    """A year binds only when words say so, and when it is not part of a document's name."""
    if not phrase.stated or _VISION.match(words, phrase.end):
        return False
    if _AFTER_VISION.search(words, max(0, phrase.start - 40), phrase.start):
        return False
    if re.match(r"\s*den nay\b", words[phrase.end :]):
        return False
    sentence = max(words.rfind(sign, 0, phrase.start) for sign in ".;(") + 1
    named = list(_DOCUMENT.finditer(words, sentence, phrase.start))
    return not named or _AIM.search(words, named[-1].end(), phrase.start) is not None


def _bare_binds(phrase: DatePhrase, words: str) -> bool:
    """A date without binding words: not the date of a named day, nor of what is reported on."""
    if phrase.grain == "yearday":
        return False
    opened = words.rfind("(", 0, phrase.start)
    if opened >= 0 and ")" not in words[opened : phrase.start]:
        clause = max(words.rfind(sign, 0, opened) for sign in ".;") + 1
        before = words[max(clause, opened - 90) : opened]
        alone = not words[opened + 1 : phrase.start].strip(" ,")
        if alone and (_NAMED_DAY.search(before) or _WHEN_OVER.search(before)):
            return False
    before = words[_clause_start(words, phrase.start) : phrase.start]
    if _LAW.search(words, max(0, phrase.start - 100), phrase.start):
        return False
    return not (_SPOKEN_OF.search(before) or _DOCUMENT.search(before) or _DATED.search(before))


def _clause_start(words: str, at: int) -> int:
    """The offset at which the clause (up to a comma) begins that reaches offset `at`."""
    near = max(0, at - _REACH)
    ends = [words.rfind(sign, near, at) + 1 for sign in ";(:"]
    ends += [words.rfind(sign, near, at) + 1 for sign in (". ", ", ")]
    return max(near, *ends)


def _quoted(text: str, at: int) -> bool:
    """Whether a place stands within quotation marks."""
    if text.count("“", 0, at) > text.count("”", 0, at):
        return "”" in text[at:]
    return text.count('"', 0, at) % 2 == 1 and '"' in text[at:]


def _bound(phrase: DatePhrase, text: str, words: str, done: int) -> Bound:
    start = phrase.start
    opened = words.rfind("(", 0, start)
    inside = opened >= 0 and ")" not in words[opened:start]
    segment = max(opened if inside else -1, *(words.rfind(sign, 0, start) for sign in ";")) + 1
    if not inside:
        segment = max(segment, words.rfind(". ", 0, start) + 1)
    scope = _scope(text, words, segment, done, phrase, opened if inside else None)
    if inside and start - max(segment, opened + 1) <= 120:
        start = max(segment, opened + 1)
    start, end = trimmed(text, start, phrase.end)
    deadline = Deadline(phrase.date, space(text[start:end]), phrase.bound, scope)
    return Bound(deadline, start, end)


def _scope(
    text: str, words: str, segment: int, done: int, phrase: DatePhrase, opened: int | None
) -> str | None:
    """Return the areas for which alone a deadline holds, as printed; `done` ends the one before."""
    at = phrase.start
    first = max(segment, done, at - _REACH)
    piece = words[first : at + 24]
    after = _SCOPE_AFTER.match(words, phrase.end)
    if after:
        return _areas(text, after.start("scope"), after.end("scope"))
    for pattern in (_SCOPE_WITH, _SCOPE_FIRST):
        found = pattern.search(piece)
        if found and found.end() <= at - first + 12:
            return _areas(text, first + found.start("scope"), first + found.end("scope"))
    if opened is not None and segment == opened + 1 and done <= opened:
        sentence = max(opened - _REACH, *(words.rfind(sign, 0, opened) + 1 for sign in ".;("))
        sentence = max(0, sentence)
        found = _SCOPE_BEFORE.search(words[sentence:opened].rstrip())
        if found:
            return _areas(text, sentence + found.start("scope"), sentence + found.end("scope"))
    return None


def _areas(text: str, start: int, end: int) -> str | None:
    start, end = trimmed(text, start, end)
    printed = space(text[start:end])
    return printed if 0 < len(printed) <= 120 and "%" not in printed else None


_IN_CAMPAIGN = re.compile(
    r"\b(?:trong|vao) (?:(?:tuan|ngay|dip)(?: le)? (?:thu )?[a-z]{3,5} (?:cua )?)?thang hanh dong\b"
    r"[^.;()]*?(?=[.;()]|, (?!chong)|$)"
)


def _in_campaign(text: str, words: str, calendar: Calendar) -> Bound | None:
    if calendar.campaign is None:
        return None
    found = _IN_CAMPAIGN.search(words)
    if not found:
        return None
    start, end = trimmed(text, found.start(), found.end())
    return Bound(Deadline(calendar.campaign, space(text[start:end]), "on"), start, end)
