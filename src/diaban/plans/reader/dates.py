"""
Dates and periods as Vietnamese plans write them.

A phrase is a core (a day, a month, a quarter, half a year, a year) with the words before it that
say how it binds ("trước ngày", "chậm nhất", "đến hết", "từ … đến …"). Years that are left out are
taken from the next date of the same clause, never from the clock. No day is ever invented: "tháng
6/2026" is `2026-06`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, zip_longest

from diaban.plans.reader.bounds import bound_before
from diaban.plans.reader.clauses import MAX_ITEMS
from diaban.plans.reader.folding import flat

_D = r"(?:[12]\d|3[01]|0?[1-9])"
_M = r"(?:1[0-2]|0?[1-9])"
_Y = r"(?:19|20)\d\d"
_SEP = r"\s*[/.\-]\s*"
_MONTHS = "mot|hai|ba|tu|nam|sau|bay|tam|chin|muoi mot|muoi hai|muoi"
_ORDER = (
    "mot",
    "hai",
    "ba",
    "tu",
    "nam",
    "sau",
    "bay",
    "tam",
    "chin",
    "muoi",
    "muoi mot",
    "muoi hai",
)
_OF_YEAR = rf"(?:\s*(?:,\s*nam|nam|/|-|\.)\s*(?:nam\s*)?(?P<{{name}}>{_Y})(?!\d))"
# "mỗi tháng 01 lần", "mỗi quý một lần" are rhythms, no months and quarters of a year.
_RATE = r"(?!\s*(?:lan|buoi|dot|cuoc|so|ky|phien|tin|bai|lop|hoi\s+nghi|to|vu|luot|chuyen|nguoi)\b)"
_EACH = r"(?<!moi\s)(?<!hang\s)(?<!mot\s)(?<!cung\s)"

_CORE = re.compile(
    rf"""
    (?P<full>(?:\bngay\s+)?(?<![\d/.])(?P<d1>{_D}){_SEP}(?P<m1>{_M}){_SEP}(?P<y1>{_Y})(?![\d/]))
  | (?P<long>\b(?:ngay\s+)(?P<d2>{_D})\s+thang\s+(?P<m2>{_M})(?!\d){_OF_YEAR.format(name="y2")}?)
  | (?P<spoken>(?<![\d/.,-])(?P<d10>{_D})\s+thang\s+(?P<m10>{_M})\s*,?\s*nam\s+(?P<y12>{_Y})(?!\d))
  | (?P<dm>(?P<dayword>\bngay\s+)?(?<![\d/.\-])(?P<d3>{_D})\s*/\s*(?P<m3>{_M})
      (?![\d/%])(?!\s*[/.]\s*\d)(?!-(?:19|20)\d\d))
  | (?P<dashed>(?:(?<!tu\s)\bngay\s+|(?<=truoc\s)|(?<=nhat\s))(?P<d11>{_D})-(?P<m11>{_M})
      (?=\s*(?:$|[,;)]|\.(?!\d)|(?:hang|moi)\s+nam\b|va\s+(?:truoc|ngay|cham)\b)))
  | (?P<half>\b(?:0?6|sau)\s+thang\s+(?P<h>dau|cuoi)\s+nam(?:\s+(?P<y4>{_Y}))?(?!\d))
  | (?P<month>{_EACH}\bthang\s+(?:(?P<m5>{_M})|(?P<m5w>{_MONTHS})\b)(?![\d%]){_RATE}
      {_OF_YEAR.format(name="y5")}?)
  | (?P<quarter>{_EACH}\bquy\s+(?:(?P<q>iv|iii|ii|i|[1-4])|(?P<qw>mot|hai|ba|tu))\b{_RATE}
      {_OF_YEAR.format(name="y6")}?)
  | (?P<my>(?<![\d/.])(?P<m7>{_M})\s*/\s*(?P<y7>{_Y})(?![\d/]))
  | (?P<short>\b(?:t\.?\s?(?P<m8>{_M})|q\.?\s?(?P<q8>iv|iii|ii|i|[1-4]))\s*/\s*(?P<y11>{_Y})(?!\d))
  | (?P<year>\bnam\s+(?P<y8>{_Y})(?![\d/]))
  | (?P<day>(?:\bngay\s+|(?:^|(?<=[(:]\s)|(?<=[(:]))(?={_D}\s*[-–]\s*{_D}\s*/)
      |(?<=\btu\s)(?={_D}\s*(?:den|-|–)\s*(?:ngay\s*)?\d))
      (?P<d9>{_D})(?![\d/.%])(?!\s*[/.]\s*\d))
  | (?P<bare>(?<![\d/.\-])(?P<y10>{_Y})(?![\d/.\-%])(?!\s*[-–]\s*\d))
    """,
    re.X,
)
# Without one of these there is no date; most paragraphs have none.
_ANY = re.compile(r"\d|\bquy [ivmhbt]|\bthang [mhbtnsc]")
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "mot": 1, "hai": 2, "ba": 3, "tu": 4}

_TU = re.compile(r"\btu\b")
# "các tháng 4, 6 và 9/2026", "quý I, II năm 2026": the numbers between share the word and year.
_MORE_MONTHS = re.compile(rf"\s*(?:,|va)\s*(?P<m>{_M})(?=\s*(?:,|va\b|/\s*{_Y}|nam\s+{_Y}|$))")
_MORE_QUARTERS = re.compile(r"\s*(?:,|va)\s*(?P<q>iv|iii|ii|i|[1-4])\b(?=\s*(?:,|va\b|/|nam\b|$))")
_LIST_YEAR = re.compile(rf"\s*(?:/|nam)\s*(?P<y>{_Y})")
_RANGE = re.compile(
    r"\s*(?:,\s*)?(?:(?:cho )?(?:den|toi)(?: het| truoc| cuoi)?"
    r"(?:\s+\d{1,2}\s*(?:gio|h)\s*(?:\d{1,2}(?:\s*phut)?)?,?)?|[-–—]|"
    r"(?:va )?ket thuc(?: vao| trong| truoc)?(?: het| cuoi)?(?: ngay)?)\s*$"
)
# Before a day without a year, in a plan of several years: it comes every year.
_RHYTHM = re.compile(
    r"(?:\b0?6 thang|\b(?:hang|moi|ca|0?1|mot|bao cao|va|tong ket|thuc hien) nam|"
    r"[,;:(] nam|\bdinh ky)\b"
    r"[^.;]{0,30}$"
)
_TIMES_A_YEAR = re.compile(
    r"\b(?:hang|moi|mot) nam\b[^.;]{0,24}\b\d{1,2} (?:lan|dot|ky|buoi|cuoc)\b[^.;]{0,30}$"
)
_YEARLY = re.compile(r"\s*,?\s*\(?(?:hang|moi) nam\b")
_MONTHLY = re.compile(
    r"\s*,?\s*(?:cua\s+)?(?:(?:hang|moi)\s+(?:thang|quy)|thang (?:cuoi|dau)|thang sau|"
    r"(?:thang )?ke tiep|thang lien ke)"
)
_ONWARD = re.compile(r"\s*(?:tro di|tro ve sau)")
_YEARS_ON = re.compile(r"\s*va (?:cac|nhung) nam (?:tiep theo|ke tiep|sau)\b")
# "6 tháng đầu năm trước ngày 25/01": the half-year is what is spoken of, the day is the date.
_DUE_NEXT = re.compile(
    r"\s*[,(:]?\s*(?:(?:gui|trinh|bao cao|nop)\s+(?:[^\s,;.()]+\s+){0,8}?)?"
    r"(?:truoc|cham nhat|xong truoc|hoan thanh truoc|den)\b[^,;.()]{0,24}$"
)
# "6 tháng đầu năm: 02 vụ, hoàn thành trước ngày 15/6": it heads the line.
_HEADS = re.compile(r"\s*:[^;.]*$")
_COARSE = ("month", "quarter", "half", "year", "yearly")
_JOINED = re.compile(
    r"\s*(?:,|va|;|hoac|\(.{0,30}?\))?\s*"
    r"(?:(?:(?:bao cao|so ket|tong ket)\s+)?(?:ca|0?1|mot|tong ket)?\s*nam\s*[,:(]?\s+)?"
    r"(?:truoc|den|cham nhat|ngay|thang|quy|tu)?(?:\s+ngay)?[\s,]*$"
)


@dataclass(frozen=True, slots=True)
class Core:
    """One date as printed: `grain` is day, month, quarter, half, year or yearday."""

    start: int
    end: int
    grain: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """
    A date with the words that bind it.

    `date` is as in the contract (`YYYY-MM-DD`, `YYYY-MM`, `YYYY`, `MM-DD`); `stated` says that
    binding words were there; `grain` that of the core; `open_end` that it goes on ("trở đi").
    """

    start: int
    end: int
    date: str
    bound: str
    grain: str
    stated: bool
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Years:
    """
    The year of a day or month in a plan of several years, printed without one.

    `first` is that of the months from `month` on, and in it from `day` on. What lies before is in
    the year after (`wraps`: a school year), or in none.
    """

    first: int
    month: int
    wraps: bool = False
    day: int = 1

    def of(self, core: Core) -> int | None:
        """Return the year of a core without one, or None."""
        if core.month is None or (core.grain not in ("day", "month") and not self.wraps):
            return None
        signed_later = core.month == self.month and core.day is not None and core.day < self.day
        if core.month >= self.month and (self.wraps or not signed_later):
            return self.first
        return self.first + 1 if self.wraps else None


@lru_cache(maxsize=128)
def cores(text: str) -> tuple[Core, ...]:
    """Return the dates of a text in order, without any bounds."""
    words = flat(text)
    found: list[Core] = []
    if _ANY.search(words) is None:
        return ()
    for match in islice(_CORE.finditer(words), MAX_ITEMS):
        core = _core(match) if _as_printed(text, match) else None
        if core is not None and (not found or core.start >= found[-1].end):
            found.append(core)
            found.extend(_listed(core, words))
    return tuple(found)


# Numbers in words as they are spelled: "tháng sau" is no "tháng sáu", "quý hai" no "quý hải".
_SPELLED = {"một", "hai", "ba", "tư", "năm", "sáu", "bảy", "bẩy", "tám", "chín", "mười"}
_SPELLED |= {"mười một", "mười hai"}


def _as_printed(text: str, match: re.Match[str]) -> bool:
    """Whether the words for a number are spelled as numbers are, and "6 tháng" as such."""
    for name in ("m5w", "qw"):
        if match[name] and text[match.start(name) : match.end(name)].lower() not in _SPELLED:
            return False
    half = text[match.start() : match.end()].lower()
    return not (match["half"] and half.startswith("sau"))


def _listed(core: Core, words: str) -> list[Core]:
    """The further months or quarters of a list that names the word and the year once."""
    if core.year is not None or core.grain not in ("month", "quarter"):
        return []
    pattern = _MORE_MONTHS if core.grain == "month" else _MORE_QUARTERS
    more: list[Core] = []
    at = core.end
    while (match := pattern.match(words, at)) is not None:
        at = match.end()
        year = _LIST_YEAR.match(words, at)
        number = int(match["m"]) if core.grain == "month" else 3 * _quarter(match["q"])
        end = year.end() if year else at
        more.append(Core(match.start(1), end, core.grain, int(year["y"]) if year else None, number))
        if year:
            break
    return more if more and more[-1].year is not None else []


def _quarter(printed: str) -> int:
    return _QUARTERS.get(printed) or int(printed)


def _core(m: re.Match[str]) -> Core | None:
    start, end = m.span()
    if m["full"]:
        return _valid(Core(start, end, "day", int(m["y1"]), int(m["m1"]), int(m["d1"])))
    if m["long"]:
        year = int(m["y2"]) if m["y2"] else None
        return _valid(Core(start, end, "day", year, int(m["m2"]), int(m["d2"])))
    if m["spoken"]:
        return _valid(Core(start, end, "day", int(m["y12"]), int(m["m10"]), int(m["d10"])))
    if m["dm"]:
        bare = not m["dayword"]
        return _valid(Core(start, end, "day", None, int(m["m3"]), int(m["d3"]), bare))
    if m["dashed"]:
        return _valid(Core(start, end, "day", None, int(m["m11"]), int(m["d11"])))
    if m["half"]:
        half = 6 if m["h"] == "dau" else 12
        return Core(start, end, "half", int(m["y4"]) if m["y4"] else None, half)
    if m["month"]:
        month = int(m["m5"]) if m["m5"] else _ORDER.index(m["m5w"]) + 1
        return Core(start, end, "month", int(m["y5"]) if m["y5"] else None, month)
    if m["quarter"]:
        quarter = _quarter(m["q"] or m["qw"])
        return Core(start, end, "quarter", int(m["y6"]) if m["y6"] else None, 3 * quarter)
    if m["my"]:
        return Core(start, end, "month", int(m["y7"]), int(m["m7"]), None, True)
    if m["short"]:
        grain, number = ("month", int(m["m8"])) if m["m8"] else ("quarter", 3 * _quarter(m["q8"]))
        return Core(start, end, grain, int(m["y11"]), number)
    if m["day"]:
        return Core(start, end, "dayonly", None, None, int(m["d9"]))
    return Core(start, end, "year", int(m["y8"] or m["y10"]), None, None, bool(m["bare"]))


def _valid(core: Core) -> Core | None:
    assert core.month is not None
    assert core.day is not None
    last = monthrange(core.year or 2024, core.month)[1]
    return core if core.day <= last else None


def date_phrases(text: str, default_year: int | Years | None = None) -> list[DatePhrase]:
    """
    Return the dates of a text with their bounds, in order.

    `default_year` completes a day or month printed without its year where nothing nearer does
    (the year that the plan itself is for); without it such dates are left out.
    """
    words = _with_from(text)
    found = _completed(list(cores(text)), words, default_year)
    found = _without_subjects(found, words)
    phrases: list[DatePhrase] = []
    for i, core in enumerate(found):
        after = found[i + 1] if i + 1 < len(found) else None
        phrase = _phrase(core, words, found[i - 1] if i else None, after, phrases)
        if phrase is not None:
            phrases.append(phrase)
    return phrases


def _with_from(text: str) -> str:
    """The text without marks, but for a "tư" that is no "từ": "vật tư", "thứ tư"."""
    words = flat(text)
    for found in _TU.finditer(words):
        if text[found.end() - 1] in "ưƯ":
            words = f"{words[: found.start()]}tư{words[found.end() :]}"
    return words


def _without_subjects(found: list[Core], words: str) -> list[Core]:
    """Leave out the months and halves of a year that only say what is due on the day behind."""
    kept: list[Core] = []
    for core, after in zip_longest(found, found[1:]):
        bound = after is not None and bound_before(words, after.start)[2]
        spoken = (
            after is not None
            and core.grain in _COARSE
            and after.grain in ("day", "yearday")
            and not bound_before(words, core.start)[2]
            and (
                _DUE_NEXT.match(words[core.end : after.start]) is not None
                or (_HEADS.match(words[core.end : after.start]) is not None and bound)
            )
        )
        if not spoken:
            kept.append(core)
    return kept


def _default(core: Core, words: str, years: int | Years | None) -> int | None:
    """The plan's own year for a core; in a plan of several years, only of one that is bound."""
    if not isinstance(years, Years):
        return years
    if not years.wraps and not bound_before(words, core.start)[2]:
        return None
    return years.of(core)


def _completed(found: list[Core], words: str, default_year: int | Years | None) -> list[Core]:
    """Give dates without a year the year of the date that follows in the same breath."""
    done: list[Core] = []
    for core in reversed(found):
        after = done[-1] if done else None
        between = words[core.end : after.start] if after else ""
        near = after is not None and bool(_RANGE.match(between) or _JOINED.match(between))
        if _MONTHLY.match(words, core.end) and core.grain in ("day", "dayonly"):
            continue
        if core.grain == "dayonly":
            if after is None or not near or after.grain not in ("day", "yearday"):
                continue
            core = replace(core, grain=after.grain, month=after.month, year=after.year)
            if core.grain == "day" and core.year and _valid(core) is None:
                continue
        elif core.year is None and _YEARLY.match(words, core.end):
            core = replace(core, grain="yearday" if core.grain == "day" else "yearly")
        elif core.year is None and near and after is not None:
            grain = core.grain
            if after.grain in ("yearday", "yearly"):
                grain = "yearday" if core.grain == "day" else "yearly"
            core = replace(core, year=after.year, grain=grain)
        elif core.year is None and core.grain == "day" and _every_year(words, core, done):
            core = replace(core, grain="yearday")
        elif core.year is None and core.grain != "yearday":
            own = default_year if isinstance(default_year, int) else None
            year = own or _year_told(core, found, words)
            rhythm = core.grain == "day" and _RHYTHM.search(words, 0, core.start) is not None
            if year is None and not rhythm:
                year = _default(core, words, default_year)
            repeats = year is None and rhythm
            if core.grain == "month" and _TIMES_A_YEAR.search(words, 0, core.start):
                # "mỗi năm 02 lần vào tháng 4 và tháng 10": no month of one year.
                continue
            core = replace(core, grain="yearday") if repeats else replace(core, year=year)
        if core.year is None and core.grain != "yearday":
            continue
        done.append(core)
    return done[::-1]


def _year_told(core: Core, found: list[Core], words: str) -> int | None:
    """The year of the binding date before: "chậm nhất ngày 20/5/2027; công bố trong tháng 6"."""
    before = [c for c in found if c.end <= core.start and c.year is not None]
    if not before or before[-1].month is None or core.month is None:
        return None
    told = before[-1]
    if told.month is None or told.month > core.month or not bound_before(words, told.start)[2]:
        return None
    return told.year


def _every_year(words: str, core: Core, later: list[Core]) -> bool:
    """Whether a later day of the same sentence is one of every year: "15/01, …, 31/5 hằng năm"."""
    after = later[-1] if later else None
    return (
        after is not None
        and after.grain == "yearday"
        and not re.search(r"[.;]\s", words[core.end : after.start])
    )


def _phrase(
    core: Core,
    words: str,
    before: Core | None,
    after: Core | None,
    phrases: list[DatePhrase],
) -> DatePhrase | None:
    bound, start, said = bound_before(words, core.start)
    if core.grain == "quarter" and core.month and words[: core.start].endswith("dau "):
        # "đầu quý III" is its first month.
        core = replace(core, grain="month", month=core.month - 2)
    tail = words[max(0, core.start - 12) : core.start]
    at_end = bool(re.search(r"\b(?:het|(?<!tuan )cuoi)\s*$", tail))
    in_range = (
        before is not None
        and bool(phrases)
        and phrases[-1].end == before.end
        and _RANGE.match(words[before.end : core.start]) is not None
    )
    if in_range and (phrases[-1].bound == "from" or not phrases[-1].stated):
        first = phrases[-1]
        if not first.stated:
            phrases[-1] = replace(first, bound="from", stated=True)
        elif (
            "den" not in words[first.end : core.start]
            and "toi" not in words[first.end : core.start]
        ):
            bound = "by"
        until = "before" if "truoc" in words[first.end : core.start] else "until"
        # "đến hết năm 2026" is its last day by the word "hết", which is shown with it.
        ends = re.search(r"\b(?:het|cuoi)\s+$", words[first.end : core.start])
        begin = first.end + ends.start() if ends else core.start
        return DatePhrase(begin, core.end, _iso(core, True, at_end), until, core.grain, True)
    if not said:
        last = phrases[-1] if before and phrases and phrases[-1].end == before.end else None
        gap = words[before.end : core.start] if before else ""
        joined = re.fullmatch(r"\s*(?:\([^()]{0,80}\))?\s*(?:,|va|;)\s*", gap)
        if last is not None and joined and core.grain != "year":
            # "trước ngày 20/6 và 20/12": the words before the first bind the second too.
            bound, said = last.bound, last.stated
        elif core.bare and not _opens_range(core, after, words):
            return None
    if core.grain in ("quarter", "half") and bound == "on":
        bound = "by"
    open_end = _ONWARD.match(words, core.end) is not None
    if core.grain == "year" and bound == "on" and _YEARS_ON.match(words, core.end):
        # "trong năm 2026 và những năm tiếp theo": it begins in that year.
        bound, open_end = "from", True
    # "trước quý IV" is before its first day, "trước hết quý IV" before its last.
    to_end = bound != "from" and (bound != "before" or at_end)
    return DatePhrase(
        start, core.end, _iso(core, to_end, at_end), bound, core.grain, said, open_end
    )


# "đợt 1: 15/3 - 15/4": two bare days behind a colon or bracket are a stretch.
_INTRODUCED = re.compile(r"(?:[:(]|\b(?:dot|lan)(?: \d{1,2})?)\s*$")


def _opens_range(core: Core, after: Core | None, words: str) -> bool:
    """Whether a bare day begins a stretch: "(05/7 - 15/7/2026)"."""
    return (
        after is not None
        and core.grain == after.grain == "day"
        and (not after.bare or _INTRODUCED.search(words, 0, core.start) is not None)
        and _RANGE.match(words[core.end : after.start]) is not None
    )


def _iso(core: Core, at_end: bool, whole: bool) -> str:
    """Write a core as the contract does; `whole` for "hết" and "cuối": its last day."""
    if core.grain == "yearday":
        return f"{core.month:02d}-{core.day:02d}"
    if core.grain == "year":
        return f"{core.year}-12-31" if whole else f"{core.year}"
    if core.grain == "day":
        return f"{core.year}-{core.month:02d}-{core.day:02d}"
    assert core.month is not None
    assert core.year is not None
    if core.grain == "month" and not whole:
        return f"{core.year}-{core.month:02d}"
    if core.grain in ("quarter", "half") and not at_end:
        first = core.month - (2 if core.grain == "quarter" else 5)
        return f"{core.year}-{first:02d}-01"
    return f"{core.year}-{core.month:02d}-{monthrange(core.year, core.month)[1]:02d}"
