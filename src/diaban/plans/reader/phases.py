"""Phases, and the time for which the whole plan is meant."""

from __future__ import annotations

import re
from calendar import monthrange
from itertools import takewhile

from diaban.plans.reader.columns import Column
from diaban.plans.reader.dates import DatePhrase, cores, date_phrases
from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.labels import fields_of, is_label_line
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.subjects import is_body_name
from diaban.plans.reader.values import Period, Phase

_PHASE = re.compile(
    r"(?:cac\s+)?(?:giai doan|dot|buoc)\s*(?:thu\s*)?(?:\d+|[ivx]+\b|mot\b|hai\b|ba\b)"
)
_PHASE_HEAD = re.compile(_PHASE.pattern + r"\s*[:.,(–-]*\s*")
_TIME = re.compile(
    r"\b(?:thoi gian (?!hoan thanh|gui|bao cao|nop)(?:thuc hien|trien khai|to chuc|tien hanh|"
    r"cao diem)?|thoi gian(?=:)|ve thoi gian|"
    r"lo trinh(?: thuc hien)?|thoi gian,? lo trinh)"
)
_TIME_TITLE = re.compile(r"thoi gian|lo trinh|giai doan|tien do|phan ky")
_STARTS = re.compile(
    r"(?:giai doan\s*\S*\s*[:,(]?\s*)?(?:tu|truoc (?:ngay )?\d[^:;.]{0,20}(?=:)|"
    r"den het|den nam|trong nam|nam \d|bat dau|"
    r"(?:trong )?thang \d[^:;.]{0,20}(?=:)|(?:trong )?quy [ivx\d]+[^:;.]{0,20}(?=:))"
)


def phases(outline: Outline, year: int | None) -> list[Phase]:
    """Return the stretches of time that a plan names, in order."""
    found: list[Phase] = []
    for node in outline.nodes():
        phase = _phase(node, year)
        if phase is not None:
            found.append(phase)
    return found


def _phase(node: Node, year: int | None) -> Phase | None:
    paragraph = node.paragraph
    if _of_work_item(node):
        return None
    words = flat(paragraph.words)
    body = paragraph.body
    titled = node.parent is not None and _titled(node.parent)
    time = _time(words)
    if _YEARS.match(words) and _aims(node):
        return None
    if _PHASE.match(words):
        return _made(paragraph, body, _sentence_end(paragraph.text, body), year, node)
    if titled and (own := _year_headed(node, words)) is not None:
        return Phase(own[1], own[0], own[0], own[1], paragraph.span(body, body + own[2]))
    if _HEADED.match(words) and not _below_body(node):
        return _made(paragraph, body, _sentence_end(paragraph.text, body), year, node)
    if titled and _STARTS.match(words):
        return _made(paragraph, body, _sentence_end(paragraph.text, body), year, node)
    opens = time and paragraph.words[time.start() : time.start() + 1].isupper()
    if time and (time.start() < 12 or (opens and re.search(r"[.;]\s*$", words[: time.start()]))):
        start = body + time.start()
        return _made(paragraph, start, _sentence_end(paragraph.text, start), year, node)
    if titled and _titled(node.parent) and re.search(r"\btu\b.*\bden\b", words[:160]):
        return _made(paragraph, body, _sentence_end(paragraph.text, body), year, node)
    return None


def _time(words: str) -> re.Match[str] | None:
    """The words that speak of time; "đăng ký lộ trình" is something to be done."""
    found = _TIME.search(words)
    return None if found and found.start() and found[0].startswith("lo trinh") else found


def _aims(node: Node) -> bool:
    """Whether an item says what is to be reached in some years: an aim, no stretch of work."""
    above = node.parent
    while above is not None:
        if above.title and _AIM_TITLE.match(flat(above.title)):
            return not _titled(node.parent)
        above = above.parent
    return False


_AIM_TITLE = re.compile(r"(?:cac )?(?:muc tieu|chi tieu)\b")


# "Từ ngày 10/9 đến ngày 30/9/2027: rà soát …": a stretch of time at the head of an item.
_HEADED = re.compile(r"tu (?:ngay|thang|nam|\d)[^:;.]{2,30}\s(?:den|toi)\s[^:;]{2,40}:")


def _below_body(node: Node) -> bool:
    """Whether an item is what a body does: its dates are those of one task."""
    above = node.parent
    while above is not None:
        if above.title and is_body_name(above.title):
            return True
        above = above.parent
    return False


_YEAR_HEAD = re.compile(r"(?:trong )?nam (?P<y>(?:19|20)\d\d)\s*:")


def _year_headed(node: Node, words: str) -> tuple[str, str, int] | None:
    """ "Năm 2026: xây dựng …" in a road map: the year, its words, and their length."""
    found = _YEAR_HEAD.match(words)
    road = node.parent
    while road is not None and not (road.title and "lo trinh" in flat(road.title)):
        road = road.parent
    if found is None or road is None:
        return None
    length = found.end() - 1
    return found["y"], space(node.paragraph.words[:length]), length


def _of_work_item(node: Node) -> bool:
    """Whether "Thời gian: …" is that of one work item, which names who leads it."""
    beside = node.parent.children if node.parent and is_label_line(node) else []
    return any(
        field.column is Column.LEAD
        for other in [node, *beside]
        for field in fields_of(other.paragraph.text, other.paragraph.body)
    )


def _titled(node: Node | None) -> bool:
    while node is not None:
        if node.title and _TIME_TITLE.search(flat(node.title)):
            return True
        if (
            node.marker is not None
            and node.marker.is_bullet
            and _PHASE.match(flat(node.paragraph.words))
        ):
            return True
        node = node.parent
    return False


def _sentence_end(text: str, start: int) -> int:
    found = re.compile(r"[.;](?=\s|$)").search(text, start)
    return found.start() if found else len(text)


def _made(paragraph: Paragraph, start: int, end: int, year: int | None, node: Node) -> Phase | None:
    text = paragraph.text
    opened = _PHASE_HEAD.match(flat(text), start)
    head = opened.end() - start if opened else 0
    dates = [
        p
        for p in date_phrases(text[start:end], year)
        if (p.stated or p.start <= head)
        and p.grain != "yearday"
        and (p.bound in ("from", "until") or p.start < 90)
    ]
    span = _quarter(text[start:end], head, year) or _range(dates) or _years(text[start:end])
    if span is None:
        return None
    first, last, until = span
    begin, stop = trimmed(text, start, start + until)
    return Phase(
        _name(text, start, node), first, last, space(text[begin:stop]), paragraph.span(begin, stop)
    )


def _quarter(words: str, head: int, year: int | None) -> tuple[str, str, int] | None:
    """ "Bước 3: Quý IV/2029: tổng kết": the quarter that heads an item is the stretch."""
    quarters = list(takewhile(lambda core: core.grain == "quarter", cores(words)))
    if not quarters or quarters[0].start > head:
        return None
    first = last = quarters[0]
    for after in quarters[1:]:
        # "Quý II, III/2027", "Quý I và quý II": one stretch.
        if not re.fullmatch(r"\s*(?:,|va|-|–|den)\s*", flat(words[last.end : after.start])):
            break
        last = after
    at = last.year or first.year or year
    if at is None or first.month is None or last.month is None:
        return None
    if not re.match(r"\s*(?:[:).;]|$)", words[last.end :]):
        return None
    day = monthrange(at, last.month)[1]
    return f"{at}-{first.month - 2:02d}-01", f"{at}-{last.month:02d}-{day}", last.end


def _range(dates: list[DatePhrase]) -> tuple[str | None, str | None, int] | None:
    """Return start, end and where the words of the first range end."""
    for i, phrase in enumerate(dates):
        if phrase.bound == "from":
            after = dates[i + 1] if i + 1 < len(dates) else None
            if after is not None and after.bound in ("until", "before"):
                return phrase.date, after.date, after.end
            return phrase.date, None, phrase.end
        if phrase.bound in ("by", "before"):
            return None, phrase.date, phrase.end
        if phrase.bound == "on":
            last = phrase
            for after in dates[i + 1 :]:
                if after.bound != "on" or after.start - last.end > 8:
                    break
                last = after
            return phrase.date, last.date, last.end
    return None


_YEARS = re.compile(
    r"giai doan\s*(?:thu\s*)?\w{0,4}\s*[:,(]?\s*(?:tu\s+|nam\s+)*(?P<a>(?:19|"
    r"20)\d\d)\s*[-–]\s*(?P<b>(?:19|20)\d\d)\s*\)?"
)


def _years(words: str) -> tuple[str | None, str | None, int] | None:
    """ "Giai đoạn 1 (2026 - 2027)": the years of a phase."""
    found = _YEARS.match(flat(words))
    return (found["a"], found["b"], found.end()) if found else None


def _name(text: str, start: int, node: Node) -> str:
    words = flat(text)
    named = re.compile(r"(?:giai doan|dot|buoc)\s*(?:thu\s*)?\S+?(?=[\s:,.(]|$)").match(
        words, start
    )
    if named:
        return space(text[start : named.end()])
    colon = text.find(":", start)
    if 0 < colon - start <= 60:
        return space(text[start:colon])
    if node.is_section and node.title:
        return node.title
    return (
        node.parent.title if node.parent and node.parent.title else space(text[start : start + 60])
    ) or ""


def period(outline: Outline, found: list[Phase], year: int | None) -> Period | None:
    """
    Return the time of implementation: as a sentence about time states it, else that of the phases.

    None where the plan says neither; the years of its title do not count.
    """
    whole = [p for p in found if not _PHASE.match(flat(p.name)) and _TIME.search(flat(p.quote))]
    stated = None if whole else _stated(outline, year)
    if stated is not None:
        return stated
    used = whole or found
    if not used:
        return None
    ends = [p.end for p in used]
    open_ended = any(p.end is None and p.start for p in used)
    end = None if open_ended else max((e for e in ends if e), default=None)
    return Period(used[0].start, end)


_SPAN = re.compile(
    r"(?<!\d)(?P<a>(?:19|20)\d\d)\s*(?:-|–|den(?: nam)?)\s*(?P<b>(?:19|"
    r"20)\d\d)(?!\d)"
)
_NAMED_YEAR = re.compile(
    r"(?P<until>\bden (?:het )?)?\bnam (?P<y>(?:19|20)\d\d)(?!\d)"
    r"(?P<on>\s+va (?:nhung|cac) nam tiep theo|\s+tro di)?"
)


def period_in_title(title: str) -> Period | None:
    """
    Return the years that a title names: "năm 2027", "giai đoạn 2026 - 2030".

    The year of a programme that the title cites comes first, that of the plan last.
    """
    words = flat(title)
    named = list(_NAMED_YEAR.finditer(words))
    own = [m for m in named if not m["until"]]
    spans = list(_SPAN.finditer(words))
    if spans and (not own or spans[-1].start() > own[-1].start() - 12):
        return Period(spans[-1]["a"], spans[-1]["b"])
    if own:
        return Period(own[-1]["y"], None if own[-1]["on"] else own[-1]["y"])
    return Period(None, named[-1]["y"]) if named else None


def _stated(outline: Outline, year: int | None) -> Period | None:
    """ "Về thời gian: … được triển khai đến hết năm 2030": an end without a beginning."""
    for node in outline.nodes():
        words = flat(node.paragraph.words)
        time = _time(words)
        if (
            not time
            or time.start() >= 12
            or ":" not in words[: time.end() + 24]
            or _of_work_item(node)
        ):
            continue
        text = node.paragraph.words[: _sentence_end(node.paragraph.words, 0)]
        ends = [p for p in date_phrases(text, year) if p.stated and p.bound in ("by", "before")]
        if ends:
            return Period(None, ends[0].date)
    return None
