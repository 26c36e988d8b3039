"""The beginning of a plan: letterhead, number, place and date, title, preamble, theme."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diaban.plans.reader.folding import UPPER, flat, is_upper, space
from diaban.plans.reader.joining import Paragraph, Zone, is_title
from diaban.plans.reader.values import PartialDate

_OWN_NUMBER = re.compile(
    r"\b[Ss][ốôỐÔ]\s*:?\s*(?P<digits>\d{0,5}[a-z]?)\s*(?P<rest>[/-]\s*\S*(?:KH|kh)\S*(?:[-/.]\s*\S+)*)"
)
_DATELINE = re.compile(
    r"(?P<place>[^,\t|]{2,60}?)\s*,?\s*ngay\s*(?P<d>\d{1,2}|[.…_]+)?\s*thang\s*(?P<m>\d{1,2}|[.…_]+)?\s*nam\s*(?P<y>\d{4}|[.…_]+)?",
    re.I,
)
_NATION = re.compile(r"cong h?oa\s+xa hoi|doc lap\s*[-–]\s*tu do")
_LEVELS = {
    "province": ("tinh", "thanh pho", "tp", "tp."),
    "district": ("huyen", "quan", "thi xa", "tx"),
    "commune": ("xa", "phuong", "thi tran", "dac khu"),
}
_PRINTED = {
    "tinh": "tỉnh",
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "tp.": "thành phố",
    "huyen": "huyện",
    "quan": "quận",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "xa": "xã",
    "phuong": "phường",
    "thi tran": "thị trấn",
    "dac khu": "đặc khu",
}
_KIND = r"(?:tinh|thanh pho|tp\.?|huyen|quan|thi xa|thi tran|xa|phuong|dac khu)"
_WORD = rf"[{UPPER}][\w’']*"
_PLACE = rf"(?:{_WORD}(?:(?:\s+|\s*-\s*){_WORD}){{0,4}}|\d{{1,2}})"
_COMMITTEE = re.compile(r"(?:uy ban nhan dan|ubnd)\s*(?:\(ubnd\)\s*)?")
_BODY = re.compile(
    r"cong an|so |ban chi dao|uy ban mat tran|hoi |doan |van phong|phong |trung tam|truong|bo |cuc |chi cuc|dang uy|ban "
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
    issuer, level, area = _issuer(lines, said, title or "", place, signature)
    body = " ".join(p.text for p in preamble) + " " + (title or "")
    return Head(
        title,
        _draft(paragraphs),
        number,
        place,
        date,
        issuer,
        level,
        area,
        _theme(body),
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
    for line in lines:
        words = flat(line.text)
        found = _DATELINE.search(words)
        if not found:
            continue
        year, month, day = (_int(found[name]) for name in ("y", "m", "d"))
        start, end = found.span("place")
        place = re.split(r"\s{3,}|\t|\|", line.text[start:end])[-1].strip(" ,.|")
        place = re.sub(r"^.*[/]\S*\s+", "", place)
        blank = None if year and month and day else line.span(found.start(), found.end())
        return place or None, PartialDate(year, month, day), blank
    return None, None, None


def _int(printed: str | None) -> int | None:
    return int(printed) if printed and printed.isdigit() else None


def _theme(text: str) -> str | None:
    found = re.search(
        r"[Cc]hủ đề(?:\s+(?:năm \d{4}|là|của[^“\":]{0,60}))?\s*:?\s*[“\"]\s*([^”\"]+?)\s*[”\"]",
        text,
    )
    return space(found[1]).strip(" .;") if found else None


def _issuer(
    lines: list[Paragraph], preamble: str, title: str, place: str | None, signature: str | None
) -> tuple[str | None, str | None, str | None]:
    """Return the issuer ("UBND tỉnh …"), its level and its area."""
    letterhead = _letterhead(lines)
    committee = "uy ban nhan dan" in flat(letterhead) or "ubnd" in flat(letterhead)
    other = _other_issuer(letterhead) if letterhead and not committee else None
    kind, name = _area_of(letterhead, preamble, title, place)
    if kind is None:
        return other, None, None
    level = next(level for level, kinds in _LEVELS.items() if kind in kinds)
    area = f"{_PRINTED[kind]} {name}" if name else None
    if other is not None:
        return other, level, area
    signed = signature is None or "uy ban" in flat(signature) or "chu tich" in flat(signature)
    named = committee or _COMMITTEE.search(flat(preamble)) is not None
    if not signed and not named:
        return None, level, area
    return f"UBND {_PRINTED[kind]}" + (f" {name}" if name else ""), level, area


def _letterhead(lines: list[Paragraph]) -> str:
    """Return the name of the issuer over the number: capitals that are not the State's name."""
    kept: list[str] = []
    for line in lines:
        for column in re.split(r"\t|\s\|\s", line.text):
            words = flat(column)
            nation = _NATION.search(words)
            if nation:
                column = column[: nation.start()]
            column = re.split(r"\b[Ss]ố\s*:", column)[0]
            if is_upper(column) and not re.match(r"(?:du thao|mat|ke hoach)", flat(column)):
                kept.append(space(column))
    return " ".join(kept)


def _area_of(
    letterhead: str, preamble: str, title: str, place: str | None
) -> tuple[str | None, str | None]:
    """Return kind (flat) and printed name of the issuer's area."""
    kind, name = _in_capitals(letterhead)
    if kind:
        return kind, _spelled(name, f"{preamble} {title} {place or ''}")
    for text in (preamble, title):
        found = _named_committee(text) if text is preamble else None
        found = found or _named_area(text)
        if found and found[1]:
            return found
    bare = _named_committee(preamble)
    if bare and bare[0]:
        named = _named_area(title, bare[0]) or _named_area(preamble, bare[0])
        return bare[0], (named[1] if named else None) or (place or None)
    return None, None


def _in_capitals(letterhead: str) -> tuple[str | None, str | None]:
    words = flat(letterhead)
    found = None
    for found in re.finditer(rf"\b(?P<kind>{_KIND})\s+", words):
        pass
    if found is None:
        return None, None
    return found["kind"].rstrip("."), letterhead[found.end() :].strip(" -–—_*.:")


def _spelled(name: str | None, text: str) -> str | None:
    """Return a name from capitals as the text spells it, or with capital initials."""
    if not name:
        return None
    at = flat(text).find(flat(name))
    while at >= 0:
        printed = text[at : at + len(name)]
        if not printed.isupper() and printed[:1].isupper():
            return space(printed)
        at = flat(text).find(flat(name), at + 1)
    return " ".join(word.capitalize() for word in name.split())


def _named_committee(text: str) -> tuple[str, str | None] | None:
    """The committee that issues: the last "UBND <kind> [name]" before "ban hành/xây dựng"."""
    words = flat(text)
    best: tuple[str, str | None] | None = None
    for found in _COMMITTEE.finditer(words):
        kind = re.compile(rf"(?P<kind>{_KIND})(?![a-z])").match(words, found.end())
        if not kind:
            continue
        name = re.compile(rf"\s+({_PLACE})").match(text, kind.end())
        before = words[max(0, found.start() - 8) : found.start()]
        candidate = (kind["kind"].rstrip("."), name[1] if name else None)
        if not before.endswith("cua ") or best is None:
            best = candidate
    return best


def _named_area(text: str, kind: str | None = None) -> tuple[str, str | None] | None:
    words = flat(text)
    for found in re.finditer(rf"\b(?P<kind>{_KIND})\s+", words):
        if kind and found["kind"].rstrip(".") != kind:
            continue
        name = re.compile(_PLACE).match(text, found.end())
        if name:
            return found["kind"].rstrip("."), name[0]
    return None


def _other_issuer(letterhead: str) -> str | None:
    """An issuer that is no people's committee: the last body named in the letterhead."""
    words = flat(letterhead)
    if not _BODY.search(words):
        return None
    return letterhead
