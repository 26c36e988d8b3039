"""The beginning of a plan: letterhead, number, place and date, title, preamble, theme."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.issuers import issuer
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.values import PartialDate
from diaban.plans.reader.zones import Zone, is_title

_OWN_NUMBER = re.compile(
    r"\b[Ss][ốôỐÔ]\s*:?\s*(?P<digits>\d{0,5}[a-z]?)[\s.…_]*(?P<rest>[/-]\s*\S*(?:KH|kh)\S*(?:[-/.]\s*\S+)*)"
)
_DATELINE = re.compile(
    r"(?P<place>[^,\t|]{2,60}?)\s*,?\s*ngay\s*(?P<d>\d{1,2}|[.…_]+)?\s*thang\s*(?P<m>\d{1,2}|[.…_]+)?\s*"
    r"nam\s*(?P<y>\d{4}|[.…_]+)?|(?P<place2>[^,\t|]{2,60}?)\s*,\s*ngay\s*(?P<d2>\d{1,2})?\s*/\s*(?P<m2>\d{1,2})\s*/\s*(?P<y2>\d{4})"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The letterhead and title as read; `blank_date` and `blank_number` where left empty."""

    title: str | None
    is_draft: bool
    number: str | None
    place: str | None
    date: PartialDate | None
    issuer: str | None
    issuer_level: str | None
    area: str | None
    theme: str | None
    blank_number: tuple[int, int] | None = None
    blank_date: tuple[int, int] | None = None


def head(paragraphs: list[Paragraph], preamble: list[Paragraph], signature: str | None) -> Head:
    """Return the letterhead, title and theme of a plan."""
    lines = [p for p in paragraphs if p.zone is Zone.HEAD]
    title = _title([p for p in paragraphs if p.zone is Zone.TITLE])
    number, blank_number = _number(lines)
    place, date, blank_date = _dateline(lines)
    said = " ".join(p.text for p in preamble)
    by = issuer(lines, said, title or "", place, signature)
    body = " ".join(p.text for p in preamble) + " " + (title or "")
    theme = _theme(body) or next(
        (found for p in paragraphs if p.zone is Zone.BODY and (found := _theme(p.text))), None
    )
    return Head(
        title,
        _draft(paragraphs),
        number,
        place,
        date,
        by.name,
        by.level,
        by.area,
        theme,
        blank_number,
        blank_date,
    )


def _draft(paragraphs: list[Paragraph]) -> bool:
    return any(
        re.search(r"\bDỰ THẢO\b", p.text) or flat(p.text).strip(" ()") == "du thao"
        for p in paragraphs
        if p.zone in (Zone.HEAD, Zone.TITLE)
    )


def _title(lines: list[Paragraph]) -> str | None:
    words: list[str] = []
    for line in lines:
        text = space(line.text)
        if is_title(text) and not words:
            text = re.sub(r"^(?:DỰ THẢO\s+)?K[ẾÊ]\s*HOẠCH\s*[:.]?\s*", "", text, flags=re.I)
        if re.match(r"\((?:kem theo|ban hanh|du thao)", flat(text)) or flat(text) == "du thao":
            continue
        if text.strip(" -–—_."):
            words.append(text)
    return space(" ".join(words)).strip(" .:;") or None


def _number(lines: list[Paragraph]) -> tuple[str | None, tuple[int, int] | None]:
    for line in lines:
        found = _OWN_NUMBER.search(line.text)
        if found:
            span = line.span(found.start(), found.end())
            if not found["digits"]:
                return None, span
            return "".join((found["digits"] + found["rest"]).split()).rstrip(".,;"), None
    return None, None


def _dateline(
    lines: list[Paragraph],
) -> tuple[str | None, PartialDate | None, tuple[int, int] | None]:
    for index, line in enumerate(lines):
        words = flat(line.text)
        found = _DATELINE.search(words)
        if not found:
            continue
        year, month, day = (_int(found[name] or found[f"{name}2"]) for name in "ymd")
        start, end = found.span("place" if found["place"] else "place2")
        place = re.split(r"\s{3,}|\t|\|", line.text[start:end])[-1].strip(" ,.|")
        place = re.sub(r"^.*[/]\S*\s+|^.*[Hh]ạnh [Pp]húc\W*", "", place)
        if start == 0:
            place = f"{_broken_off(lines, index)}{place}"
        blank = None if year and month and day else line.span(found.start(), found.end())
        return place or None, PartialDate(year, month, day), blank
    return None, None, None


def _broken_off(lines: list[Paragraph], index: int) -> str:
    """The first word of a place that was left on the line before ("Gia / Lai, ngày …")."""
    before = lines[index - 1].text.strip(" |") if index else ""
    one = re.fullmatch(r"\w+", before) is not None and before[:1].isupper() and before[1:].islower()
    return f"{before} " if one else ""


def _int(printed: str | None) -> int | None:
    return int(printed) if printed and printed.isdigit() else None


def _theme(text: str) -> str | None:
    found = re.search(
        r"[Cc]hủ đề(?:\s+(?:năm \d{4}|là|của[^“\":]{0,60}))?\s*:?\s*[“\"]\s*([^”\"]+?)\s*[”\"]",
        text,
    )
    return space(found[1]).strip(" .;") if found else None
