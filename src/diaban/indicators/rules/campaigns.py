"""
Campaigns: reporting windows that an office opens beside the months.

A campaign is asked of one area and all below it, with one form; campaigns overlap each other
and the months freely (contract of the reporting windows; Nghị định 09/2019/NĐ-CP, Điều 12
knows only the administrative ones).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from diaban.core.access import Span
from diaban.core.periods import Period, PeriodKind, is_administrative, previous
from diaban.core.text import fold, lower_first

LONGEST_LABEL: Final = 24
# Room for the number that tells two campaigns of one name apart.
_LONGEST_WORDS: Final = 16
# A longer one is a phase of a plan and reports by month.
MOST_DAYS: Final = 366
FIRST_DAY: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class CampaignPeriod(Period):
    """
    The window of one campaign.

    `form` is the code of the form that it asks for, `area_id` and `asked_of` the area that it
    is asked of and its interval on today's map. A `closed` one takes no more figures.
    """

    name: str
    form: str
    area_id: int
    asked_of: Span
    closed: bool

    @property
    def title(self) -> str:
        """Its name as the office wrote it."""
        return self.name


def label_of(name: str, end: date, taken: Collection[str]) -> str:
    """
    Return a label for a campaign: its year and the first words of its name.

    It is never that of a month, quarter, half-year or year, and none of `taken`.
    """
    words = "".join(one if one.isascii() and one.isalnum() else " " for one in fold(name)).split()
    kept = ""
    for word in (one for one in words if one != str(end.year)):
        longer = f"{kept}-{word}" if kept else word[:_LONGEST_WORDS]
        if len(longer) > _LONGEST_WORDS:
            break
        kept = longer
    label = f"{end.year}-{kept or 'dot'}"
    if is_administrative(label.upper()):
        label = f"{end.year}-dot-{kept}"
    number, found = 1, label
    while found in taken:
        number += 1
        found = f"{label}-{number}"
    return found


def problems_of(name: str, start: date | None, end: date | None, basis: str) -> dict[str, str]:
    """Return by field what is wrong with a campaign that somebody wants to open."""
    found = {}
    if not name.strip():
        found["name"] = "Ghi tên đợt báo cáo, ví dụ “Tháng hành động phòng, chống ma túy 2026”."
    if start is None:
        found["start"] = "Chọn ngày bắt đầu."
    elif start < FIRST_DAY:
        found["start"] = f"Ngày bắt đầu phải từ {FIRST_DAY:%d/%m/%Y} trở đi."
    if end is None:
        found["end"] = "Chọn ngày kết thúc."
    elif start is not None and end < start:
        found["end"] = "Ngày kết thúc đứng trước ngày bắt đầu. Sửa một trong hai ngày."
    elif start is not None and not days_fit(start, end):
        found["end"] = "Một đợt báo cáo dài nhất một năm; dài hơn thì dùng biểu tháng."
    if not basis.strip():
        found["basis"] = "Ghi căn cứ: số, ngày của kế hoạch hoặc văn bản mở đợt này."
    return found


def days_fit(start: date, end: date) -> bool:
    """Return whether a stretch of days is short enough to be one campaign."""
    return (end - start).days < MOST_DAYS


def label_before(period: Period) -> str:
    """Return the label of the period just before; empty for a campaign, which has none."""
    return "" if period.kind is PeriodKind.OTHER else previous(period).label


def narrower(span: Span, period: Period) -> Span:
    """Return the part of an area that owes figures for a period."""
    if isinstance(period, CampaignPeriod) and span.holds(period.asked_of):
        return period.asked_of
    return span


def is_open(period: Period) -> bool:
    """Return whether figures still come in for a period, as far as an office decides it."""
    return not (isinstance(period, CampaignPeriod) and period.closed)


def named(period: Period) -> str:
    """Return a period in the middle of a sentence: `tháng 11/2026`, `đợt “…”`."""
    if isinstance(period, CampaignPeriod):
        return f"đợt “{period.name}”"
    return lower_first(period.title)
