"""Duties to report or to submit upward: what, to whom, through whom, when, how often."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from diaban.plans.reader.agencies import unit_at
from diaban.plans.reader.clauses import clauses, parentheses
from diaban.plans.reader.deadlines import Bound, Calendar, deadlines
from diaban.plans.reader.folding import UPPER, flat, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.labels import is_label_line
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.reported import PAPER, what_is_sent
from diaban.plans.reader.values import Report, Span

_REPORT = re.compile(r"\bbao cao\b(?! vien)")
_ABOUT = re.compile(
    r"\s*(?:bang van ban\s+)?(?:,?\s*(?:ket qua|tinh hinh|tien do|danh sach|dinh ky|so ket|"
    r"tong ket|dot xuat|"
    r"chuyen de|hang|nam\b|quy\b|thang\b|0?6 thang|"
    r"theo quy dinh|so lieu|tong hop|ve |gui|danh gia|nhanh|kip thoi|cap co tham quyen|"
    r"cap tren|lanh dao|\())"
)
_PURPOSE = re.compile(r"\bde (?:kip thoi |phuc vu |lam co so )?(?:tong hop(?:,| va)?\s*)?$")
_NOUN_ONLY = re.compile(
    r"\b(?:mau|bieu mau|che do|cong tac|thong tin|so lieu|tiep nhan|noi dung|he thong|"
    r"thoi gian|thoi han) $"
)
_SEND = re.compile(r"\b(?:gui|nop|trinh)\b(?:\s+(?:ve|cho|len)|(?:\s+[a-z]+){1,10}?\s+ve)?(?=\s)")
_SENDS = re.compile(r"\b(?:gui|nop|trinh|bao cao|so ket|tong ket)\b")
_TO = re.compile(r"\b(?:ve|gui ve|gui|bao cao|trinh|nop ve|nop|cho|len)\s+(?:cho\s+|ve\s+)?")
_SENT = re.compile(r"(?:va )?(?:gui|nop|trinh)\b(?:\s+(?:ve|cho|len))?\s+")
# "gửi về Sở", "báo cáo Giám đốc Sở": a body or a head of one that the list of names lacks.
_READER = re.compile(
    r"(?:ban giam doc|giam doc|hieu truong|chu tich|truong ban|vien truong|chanh van phong|"
    r"ban thuong vu|thuong truc|cap tren|cap uy|so|bo|hoi|truong|benh vien|trung tam|phong|"
    r"trung uong|tinh uy|thanh uy|dang uy|tinh doan|lien doan|"
    r"van phong|ban|chi cuc|cuc|ubnd|doan|vien)\b"
)
_AFTER_READER = (
    "trước|chậm|để|theo|vào|xong|qua|thông|định|hằng|hàng|trong|bằng|khi|gồm|và|xem|phê|ban|công|"
    "kết|tình|về|cho|tổng"
)
_VIA = re.compile(r"\((?:qua|thong qua)\s+([^()]+)\)|\b(?:thong qua|qua)\s+(?=[A-ZĐ])")

_RHYTHMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "on_demand",
        re.compile(r"\bdot xuat\b|khi co yeu cau|theo yeu cau|ngay khi|khi xay ra|khi phat sinh"),
    ),
    (
        "monthly",
        re.compile(
            r"\b(?:hang|moi) thang\b|cuoi (?:moi |hang )?thang\b(?! \d)|bao cao thang\b|"
            r"dinh ky thang\b|ngay \d+ thang sau"
        ),
    ),
    (
        "quarterly",
        re.compile(
            r"\b(?:hang|moi) quy\b|dinh ky (?:0?3|ba) thang\b|bao cao quy\b(?! [iv1-4])|"
            r"dinh ky quy\b|thang cuoi quy|thang dau (?:cua )?quy|quy sau\b"
        ),
    ),
    ("half_yearly", re.compile(r"\b0?6 thang\b(?! dau nam \d| cuoi nam \d)|sau thang\b|nua nam")),
    (
        "yearly",
        re.compile(r"\b(?:hang|moi) nam\b|bao cao nam\b(?! \d)|01 nam\b|dinh ky nam\b|ca nam\b"),
    ),
)
# The rhythms of one sentence: "hằng tháng (trước ngày 15), 6 tháng (trước ngày 15/6) và năm (…)".
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("on_demand", re.compile(r"\bdot xuat\b")),
    ("monthly", re.compile(r"(?:\b(?:hang|moi|bao cao|ket qua|dinh ky|va)|[,:]) thang\b(?! \d)")),
    (
        "quarterly",
        re.compile(
            r"(?:\b(?:hang|moi|bao cao|ket qua|dinh ky|va)|[,:]) quy\b(?! [iv1-4])|"
            r"dinh ky (?:0?3|ba) thang\b"
        ),
    ),
    ("half_yearly", re.compile(r"\b(?:0?6|sau) thang\b(?! (?:dau|cuoi) nam \d)")),
    (
        "yearly",
        re.compile(
            r"(?:\b(?:hang|moi|bao cao|ket qua|dinh ky|va|0?1)|[,:]) nam\b(?! \d)|"
            r"\bca nam\b(?! \d)"
        ),
    ),
)
_HALF = re.compile(r"\bbao cao(?: ket qua| so ket| dinh ky)? 0?6 thang\b")
_DAY_BEFORE = re.compile(r"\d\s*,?\s*$")
_EVERY = re.compile(r"(?:dinh ky,?\s+)?(?:hang|moi) (?P<u>thang|quy|nam)\s*,")
_RHYTHM_OF = {"thang": "monthly", "quy": "quarterly", "nam": "yearly"}
_REPEATS = re.compile(r"\bdinh ky\b|\b(?:hang|moi) (?:nam|quy|thang)\b")
_DAY = re.compile(
    r"(?<![\d/.])(?P<d>\d{1,2})\s*(?:/|-(?=\d)|thang\s+)\s*(?P<m>\d{1,2})(?!\s*[/.\d])(?!\s*nam\s+\d)"
)


@dataclass(frozen=True, slots=True)
class _Lead:
    """What a lead sentence gives to the items below it."""

    to: str | None = None
    via: str | None = None


def reports(outline: Outline, calendar: Calendar) -> list[Report]:
    """Return the reporting duties of a plan's body, in order."""
    found: list[Report] = []
    for root in outline.roots:
        _collect(root, calendar, _Lead(), found)
    return found


def _collect(node: Node, calendar: Calendar, lead: _Lead, found: list[Report]) -> None:
    paragraph = node.paragraph
    start = paragraph.body if not node.is_section else (node.rest or len(paragraph.text))
    if node.is_section and node.title and _REPORT.match(flat(node.title)) and node.rest is not None:
        start = paragraph.body
    opens = bool(node.children) and paragraph.text.rstrip().endswith(":")
    spans = clauses(paragraph.text, start) if start < len(paragraph.text) else []
    if is_label_line(node, contents=True):
        spans = []
    above = lead
    # "Hằng tháng, rà soát …; báo cáo … trước ngày 20": the first words hold for what follows.
    opened = _EVERY.match(flat(paragraph.text), paragraph.body)
    often = _RHYTHM_OF[opened["u"]] if opened else None
    for span in spans:
        is_lead = opens and span[1] >= len(paragraph.text.rstrip(": ")) and _reports_below(node)
        if is_lead:
            lead = _lead(paragraph.text, span, lead)
            continue
        made = _of_clause(paragraph, span, calendar, lead)
        if made and often is not None:
            made = [
                replace(r, recurrence=often) if r.recurrence is None and r.due is None else r
                for r in made
            ]
        if not made and _SENT.match(flat(paragraph.text[span[0] : span[1]])):
            made = _sent(paragraph, span, start, calendar, lead)
        found.extend(made)
        if made:
            # What follows in the same paragraph goes to the same reader unless it says otherwise.
            lead = _Lead(made[0].to or lead.to, made[0].via or lead.via)
    lead = lead if opens else above
    if node.is_section and not opens:
        lead = _Lead()
    for child in node.children:
        _collect(child, calendar, lead, found)


def _sent(
    paragraph: Paragraph, span: Span, start: int, calendar: Calendar, lead: _Lead
) -> list[Report]:
    """ "…, ban hành kế hoạch; gửi về Công an tỉnh trước ngày …": what is sent stands before."""
    words = paragraph.text[span[0] : span[1]]
    before = flat(paragraph.text[start : span[0]])
    if not PAPER.search(before) or not deadlines(words, calendar):
        return []
    sent = _SENT.match(flat(words))
    if sent is None or not _reader_after(words, sent.end()):
        return []
    made = _made(paragraph, span, calendar, lead)
    what = what_is_sent(f"{paragraph.text[start : span[0]].rstrip(' ;,.')} gửi") or "kết quả"
    return [replace(report, what=what) for report in made]


def _reports_below(node: Node) -> bool:
    return any(_REPORT.match(flat(c.paragraph.words)) for c in node.children)


def _lead(text: str, span: Span, above: _Lead) -> _Lead:
    words = text[span[0] : span[1]]
    to, via = _recipient(words), _via(words)
    return _Lead(to or above.to, via or above.via)


def _of_clause(paragraph: Paragraph, span: Span, calendar: Calendar, lead: _Lead) -> list[Report]:
    text = paragraph.text
    own = [
        inner
        for inner in parentheses(text, *span)
        if _reports(text[inner[0] : inner[1]], calendar, True)
    ]
    if own:
        return [r for inner in own for r in _made(paragraph, inner, calendar, lead)]
    if _reports(text[span[0] : span[1]], calendar, False):
        return _made(paragraph, span, calendar, lead)
    return []


def _reports(words: str, calendar: Calendar, dated: bool) -> bool:
    """Whether a clause is a duty to report; in parentheses it must have a date."""
    text = flat(words)
    bounds = deadlines(words, calendar)
    if dated and not bounds:
        return False
    if _REPORT.match(text) and (bounds or _rhythm(words)):
        return True
    for found in _REPORT.finditer(text):
        before = text[max(0, found.start() - 80) : found.start()]
        named = _NOUN_ONLY.search(before) and not _reader_after(words, found.end())
        if named or (_PURPOSE.search(before) and not bounds):
            continue
        if _PURPOSE.search(before) and bounds and bounds[0].start < found.start():
            continue
        if (
            _ABOUT.match(text, found.end())
            or _reader_after(words, found.end())
            or (dated and bounds)
        ):
            return True
        if any(0 <= bound.start - found.end() <= 2 for bound in bounds):
            # "tổng kết, báo cáo trước ngày …"
            return True
    # "hằng tháng …, gửi biên bản về Công an phường" has its time too.
    timed = bool(bounds) or _rhythm(words) in ("monthly", "quarterly")
    return any(
        timed
        and _reader_after(words, sent.end())
        # What is laid before a body for its decision need not be named a paper.
        and (PAPER.search(text) or sent[0].startswith("trinh"))
        for sent in _SEND.finditer(text)
    )


def _unit_after(words: str, at: int) -> bool:
    while at < len(words) and words[at] in " :,":
        at += 1
    text = flat(words)
    for skip in (r"", r"(?:ket qua|ve|cho|len|chu tich|truong|lanh dao|thuong truc)\s+(?:ve\s+)?"):
        found = re.compile(skip).match(text, at)
        if found and unit_at(words, found.end(), text) is not None:
            return True
    return False


def _reader_after(words: str, at: int) -> bool:
    """Whether a body stands at `at`: one of the list, or a word for one with a capital."""
    if _unit_after(words, at):
        return True
    while at < len(words) and words[at] in " :,":
        at += 1
    return words[at : at + 1].isupper() and _READER.match(flat(words), at) is not None


def _made(paragraph: Paragraph, span: Span, calendar: Calendar, lead: _Lead) -> list[Report]:
    words = paragraph.text[span[0] : span[1]]
    to, via = _recipient(words) or lead.to, _via(words) or lead.via
    quote, place = space(words), paragraph.span(*span)
    return [
        Report(quote, _what(piece, calendar) or _what(words, calendar), often, due, to, via, place)
        for piece, often, due in _times(words, calendar)
    ]


def _what(words: str, calendar: Calendar) -> str | None:
    return what_is_sent(words, [bound.start for bound in deadlines(words, calendar)])


def _times(words: str, calendar: Calendar) -> list[tuple[str, str | None, str | None]]:
    """Return the times of a reporting clause: its words, how often, and the day it is due."""
    text = _plain(words)
    parts = sorted(
        {
            (m.start(), m.end(), name)
            for name, pattern in _PARTS
            for m in pattern.finditer(text)
            # "trước ngày 05/6 hằng năm": the words belong to the day, they name no other rhythm.
            if not (
                name == "yearly"
                and m[0].startswith(("hang", "moi"))
                and _DAY_BEFORE.search(text, 0, m.start())
            )
        }
    )
    # "Báo cáo năm: … hằng năm" names one rhythm twice.
    parts = [p for i, p in enumerate(parts) if not i or p[2] != parts[i - 1][2]]
    bounds = [b for b in deadlines(words, calendar) if b.deadline.bound != "from"]
    if len(bounds) >= 2 and _other_deed(text, bounds):
        bounds = bounds[1:]
    # Two dates with a year each come once, whatever "6 tháng" and "năm" stand beside them.
    dated = len(bounds) >= 2 and all(len(b.deadline.date) >= 7 for b in bounds)
    yeared = [b.deadline.date[:4] in b.deadline.text for b in bounds]
    # "6 tháng trước 15/6 và cả năm trước 15/12/2028": the last year holds for both.
    shared = dated and yeared[-1] and len({b.deadline.date[:4] for b in bounds}) == 1
    dated = dated and (all(yeared) or (shared and not _REPEATS.search(text)))
    if len(parts) >= 2 and not dated and (_REPEATS.search(text) or _yearless(words, parts)):
        return _of_parts(words, parts, [])
    if len(parts) >= 2 and not dated and _each_timed(text, parts):
        return _of_parts(words, parts, bounds)
    apart = _apart(text, bounds)
    if apart is not None:
        # "trước ngày 18 hằng tháng, trước ngày 15/6 và 10/12": a rhythm, then days of their own.
        return [(words[:apart], _rhythm(words[:apart]), None), *_times(words[apart:], calendar)]
    if len(bounds) <= 1:
        due = bounds[0].deadline.date if bounds else None
        return [(words, *_once(words, due, text))]
    pieces = [_piece(words, bounds, i) for i in range(len(bounds))]
    if dated and not all(yeared):
        return [(p, "once", b.deadline.date) for p, b in zip(pieces, bounds, strict=True)]
    return [(p, *_once(p, b.deadline.date, text)) for p, b in zip(pieces, bounds, strict=True)]


Part = tuple[int, int, str]


def _of_parts(
    words: str, parts: list[Part], bounds: list[Bound]
) -> list[tuple[str, str | None, str | None]]:
    """Each rhythm with the words up to the next; one with a whole date comes once."""
    ends = [start for start, _, _ in parts[1:]] + [len(words)]
    found: list[tuple[str, str | None, str | None]] = []
    for (start, after, name), end in zip(parts, ends, strict=True):
        own = next((b for b in bounds if after <= b.start < end), None)
        if own is not None and own.deadline.date[:4] in own.deadline.text:
            found.append((words[start:end], "once", own.deadline.date))
        else:
            found.append((words[start:end], name, _yearly_day(flat(words[after:end]))))
    return found


def _each_timed(text: str, parts: list[Part]) -> bool:
    """Whether each rhythm of a sentence has its own day."""
    ends = [start for start, _, _ in parts[1:]] + [len(text)]
    return all(
        re.search(r"\b(?:truoc|ngay|cham nhat|vao)\b[^,;]*\d", text[after:end])
        for (_, after, _), end in zip(parts, ends, strict=True)
    )


def _apart(text: str, bounds: list[Bound]) -> int | None:
    """Where the first rhythm ends that has no date of its own, before days that are apart."""
    found = re.search(r"\bngay \d{1,2} (?:hang|moi) thang\s*(?:,|;|va\b)\s*", text)
    return found.end() if found and bounds and found.end() <= bounds[0].start else None


def _other_deed(text: str, bounds: list[Bound]) -> bool:
    """Whether the first date is that of another deed: "họp trước 20/10, gửi hồ sơ trước 05/11"."""
    first, second = bounds[:2]
    return (
        _SENDS.search(text, 0, first.start) is None
        and _SENDS.search(text, first.end, second.start) is not None
        and re.match(r"\s*,", text[first.end :]) is not None
    )


def _yearless(words: str, parts: list[Part]) -> bool:
    """Whether each rhythm has its own day without a year: "6 tháng (trước 15/6), năm (…)"."""
    ends = [start for start, _, _ in parts[1:]] + [len(words)]
    days = [
        (name, _yearly_day(flat(words[after:end])))
        for (_, after, name), end in zip(parts, ends, strict=True)
    ]
    rare = [day for name, day in days if name in ("half_yearly", "yearly")]
    return bool(rare) and all(rare)


def _once(piece: str, due: str | None, whole: str) -> tuple[str | None, str | None]:
    """
    Return rhythm and day of a report that is due on one date.

    A date printed with its year comes once. Without a year, and with "định kỳ" or "hằng năm", it
    is a day of every year.
    """
    recurrence = _rhythm(piece)
    if due is None:
        return recurrence, None
    if len(due) == 10 and due[:4] not in piece and (recurrence or _REPEATS.search(whole)):
        day = _yearly_day(flat(piece))
        return (recurrence or "yearly"), day or due
    if len(due) == 5:
        if _HALF.search(flat(piece)):
            return "half_yearly", due
        return (recurrence if recurrence not in (None, "monthly", "quarterly") else "yearly"), due
    return "once", due


def _yearly_day(text: str) -> str | None:
    found = _DAY.search(text)
    if not found or not (1 <= int(found["m"]) <= 12 and 1 <= int(found["d"]) <= 31):
        return None
    return f"{int(found['m']):02d}-{int(found['d']):02d}"


def _piece(words: str, bounds: list[Bound], index: int) -> str:
    """The words that belong to one of several dates of a clause."""
    start = bounds[index - 1].end if index else 0
    return words[start : bounds[index].end] if index + 1 < len(bounds) else words[start:]


def _plain(words: str) -> str:
    """The words without marks, but for those that only look like a year: "nắm tình hình"."""
    return flat(re.sub(r"(?i)n([ắằấ])m\b", "n?m", words))


def _rhythm(words: str) -> str | None:
    text = _plain(words)
    return next((name for name, pattern in _RHYTHMS if pattern.search(text)), None)


def _recipient(words: str) -> str | None:
    """Return to whom is reported, as printed, with those joined to it."""
    text = flat(words)
    for found in _TO.finditer(text):
        at = found.end()
        title = re.compile(r"(?:chu tich|truong|lanh dao|giam doc|thuong truc)\s+").match(text, at)
        end = unit_at(words, title.end() if title else at, text) or unit_at(words, at, text)
        end = end or _unlisted_reader(words, text, at)
        if end is None:
            continue
        while True:
            cut = re.compile(r"(?:\s*,\s*|\s+va\s+)").match(text, end)
            more = unit_at(words, cut.end(), text) if cut else None
            symbol = re.compile(r"\s+\d+/[A-Z]+").match(words, end)
            if symbol:
                end = symbol.end()
                continue
            if more is None:
                own = re.compile(r"\s+Sở(?!\s+[A-ZĐ])").match(words, end)
                return space(words[at : own.end() if own else end])
            end = more
    return None


_CAPITALS = re.compile(
    rf"[{UPPER}][^\s,;.:()]*(?:\s+[^\s,;.:()]+)*?(?=\s*(?:[,;.:(]|$)|\s+(?:{_AFTER_READER})\b)"
)


def _unlisted_reader(words: str, text: str, at: int) -> int | None:
    """Where a reader ends that is in no list ("Ban Chỉ huy", "Chi cục trưởng"), if one is there."""
    if not words[at : at + 1].isupper() or _READER.match(text, at) is None:
        return None
    found = _CAPITALS.match(words, at)
    return found.end() if found and found.end() - at <= 60 else None


def _via(words: str) -> str | None:
    found = _VIA.search(flat(words).replace("(qua", "(qua"))
    if not found:
        return None
    if found[1]:
        a, b = found.span(1)
        # "Phòng Phòng, chống ma túy" is one name.
        return space(re.split(r"\s[-–]\s|[,;](?!\s*chống)", words[a:b])[0])
    end = unit_at(words, found.end())
    return space(words[found.end() : end]) if end else None
