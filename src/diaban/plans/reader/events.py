"""Named days and campaigns: "Ngày toàn dân phòng, chống ma túy (26/6)"."""

from __future__ import annotations

import re

from diaban.plans.reader.dates import cores, date_phrases
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.values import Event

_NAMED = re.compile(r"\b(?=(?:Ngày|Tháng|Tuần lễ|Tuần|Lễ|Đợt)\s+[^\W\d_])")
_DAY_NAME = re.compile(
    r"ngay (?:quoc te|toan dan|hoi|the gioi|gia dinh|phap luat|truyen thong|thanh lap|"
    r"an ninh|doanh nghiep|chuyen doi|thuong binh|dai doan ket)"
    r"|thang (?:hanh dong|cao diem|thanh nien|an toan)|tuan le|le (?:mit tinh|phat dong|"
    r"ra quan|ky niem)|dot cao diem"
)
_CAMPAIGN = re.compile(
    r"\bthang hanh dong\b[^.;:()“”\"]*?"
    r"(?=\s*(?:[.;:()“”\"]|nam \d|bat dau|tu ngay|dien ra|duoc|voi chu de|tren dia ban|$))"
)


def events(paragraphs: list[Paragraph], year: int | None) -> list[Event]:
    """Return the named days with their dates, each once, in order."""
    found: dict[tuple[str, str], Event] = {}
    for paragraph in paragraphs:
        for event in [*_campaigns(paragraph, year), *_days(paragraph)]:
            key = (flat(event.name), "campaign" if event.name.startswith("Tháng") else event.date)
            if key not in found or len(event.date) > len(found[key].date):
                found[key] = event
    return list(found.values())


def _days(paragraph: Paragraph) -> list[Event]:
    """The names before a day and month without a year; one date may serve two names."""
    text = paragraph.text
    found: list[Event] = []
    for core in cores(text):
        if core.grain != "day" or core.day is None or core.month is None:
            continue
        before = text[: core.start].rstrip(' (“”"-–:,')
        start = max(before.rfind(sign) for sign in ".;(") + 1
        names = [m.end() for m in _NAMED.finditer(text, start, core.start)]
        names = [at for at in names if _DAY_NAME.match(flat(text[at:]))]
        if not names or core.start - names[-1] > 140:
            continue
        gap = flat(text[names[-1] : core.start])
        if re.search(r"\b(?:truoc|den|tu|cham nhat|hoan thanh|xong)\b", gap):
            continue
        date = f"{core.month:02d}-{core.day:02d}"
        if len(names) > 1 and _DAY_NAME.match(flat(text[names[-1] :]))[0].startswith("ngay"):  # type: ignore[index]
            # A day of the year belongs to the days, not to the month named beside them.
            names = [at for at in names if not flat(text[at:]).startswith("thang ")]
        for at, end in zip(names, [*names[1:], len(before)], strict=True):
            name = re.sub(r"\s+(?:và|,)?\s*$", "", space(text[at:end])).strip(' ,;“”"')
            name = re.sub(r"\s+(?:và|ngày)$", "", name).strip(' ,;“”"')
            name = re.sub(r"\s+(?:vào|trong|từ|lúc)(?:\s+(?:buổi\s+)?\w+)?$", "", name)
            # A ceremony of one year is none of every year.
            once = core.year is not None and not flat(name).startswith("ngay")
            day = f"{core.year}-{date}" if once else date
            found.append(Event(name, day, space(text[at : core.end]), paragraph.span(at, core.end)))
    return found


def _campaigns(paragraph: Paragraph, year: int | None) -> list[Event]:
    text, words = paragraph.text, flat(paragraph.text)
    found: list[Event] = []
    for match in _CAMPAIGN.finditer(words):
        if not text[match.start()].isupper():
            continue
        name = space(text[match.start() : match.end()]).strip(" ,")
        tail = text[match.end() : match.end() + 120]
        stop = re.search(r"[.;]\s", tail)
        for phrase in date_phrases(tail[: stop.start()] if stop else tail, year):
            near = flat(tail[: phrase.start])
            if phrase.bound == "from" or (
                phrase.grain == "month" and near.strip(' "”’') in ("(", "")
            ):
                end = match.end() + phrase.end
                found.append(
                    Event(
                        name,
                        phrase.date,
                        space(text[match.start() : end]),
                        paragraph.span(match.start(), end),
                    )
                )
                break
    return found
