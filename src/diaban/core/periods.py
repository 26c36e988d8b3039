"""
Reporting windows: labelled spans of days.

The administrative month runs from the 15th to the 14th and is named by the month it ends in;
quarter, half-year and year are made of such months. Source: Nghị định 09/2019/NĐ-CP, Điều 12.
A campaign (1/6–30/6) or a phase of a plan is a window too, with a label of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import ClassVar, Final

from diaban.core.errors import DomainError

# Vietnam has kept UTC+7 since 1975 and no summer time. A fixed offset needs no zone database,
# which small machines and containers often lack.
HO_CHI_MINH: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 9998


class PeriodKind(StrEnum):
    """How long an administrative window is; OTHER for campaigns and phases."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    OTHER = "other"


# How many months a window has. Every one begins at a multiple of its length after 15/12.
_MONTHS: Final = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
}
ADMINISTRATIVE: Final = tuple(_MONTHS)
_MONTHS_EN: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_PARTS: Final = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF)
_LABEL: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:Q(?P<quarter>\d)|H(?P<half>\d)|(?P<month>\d\d)))?", re.ASCII
)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*", re.ASCII)


class UnknownPeriod(DomainError):
    """A text that names no period, or one outside the years that the calendar holds."""

    code: ClassVar[str] = "unknown_period"


class UnreadableDate(DomainError):
    """A text that is no date or moment in ISO 8601."""

    code: ClassVar[str] = "unreadable_date"


class NoNeighbour(DomainError):
    """A campaign or a phase has no period before or after it by rule."""

    code: ClassVar[str] = "period_without_neighbours"


@dataclass(frozen=True, slots=True)
class Period:
    """
    A window of days, both ends included.

    `label` is what every table, file and URL uses for it; labels of administrative windows
    sort by time within their kind.
    """

    label: str
    start: date
    end: date
    kind: PeriodKind

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def year(self) -> int:
        """The reporting year it belongs to: that of its last day, and next year from 15/12."""
        return self.end.year + (1 if (self.end.month, self.end.day) > (12, 14) else 0)

    @property
    def title(self) -> str:
        """Its name on screen, for example `Tháng 11/2026`."""
        year, month = self.end.year, self.end.month
        match self.kind:
            case PeriodKind.MONTH:
                return f"Tháng {month}/{year}"
            case PeriodKind.QUARTER:
                return f"Quý {('I', 'II', 'III', 'IV')[month // 3 - 1]}/{year}"
            case PeriodKind.HALF:
                return f"6 tháng {'đầu' if month == 6 else 'cuối'} năm {year}"
            case PeriodKind.YEAR:
                return f"Năm {year}"
        return self.label

    @property
    def title_en(self) -> str:
        """The same in English, for example `November 2026`."""
        year, month = self.end.year, self.end.month
        match self.kind:
            case PeriodKind.MONTH:
                return f"{_MONTHS_EN[month - 1]} {year}"
            case PeriodKind.QUARTER:
                return f"Quarter {month // 3} of {year}"
            case PeriodKind.HALF:
                return f"{'First' if month == 6 else 'Second'} half of {year}"
            case PeriodKind.YEAR:
                return str(year)
        return self.title

    @property
    def span(self) -> str:
        """Its days on screen: `15/10–14/11`, with the years when it crosses into a new one."""
        if self.start.year == self.end.year:
            return f"{self.start:%d/%m}–{self.end:%d/%m}"
        return f"{self.start:%d/%m/%Y}–{self.end:%d/%m/%Y}"


def period_of(day: date, kind: PeriodKind) -> Period:
    """
    Return the administrative window of `kind` that `day` falls in.

    Raises:
        UnknownPeriod: `day` is before 1900 or after 9998.
    """
    # The 15th is the first day of the next month's window.
    year, month = day.year, day.month + (1 if day.day >= 15 else 0)
    return _window(year * 12 + month - 1, kind)


def parse_label(label: str) -> Period:
    """
    Return the administrative window called `2026-11`, `2026-Q4`, `2026-H2` or `2026`.

    Raises:
        UnknownPeriod: there is no such window; a campaign's label is known to its plan only.
    """
    shape = _LABEL.fullmatch(label)
    if shape is not None:
        kind = PeriodKind(next((name for name in _PARTS if shape[name]), PeriodKind.YEAR))
        number = int(shape[kind.value]) if kind in _PARTS else 1
        if 1 <= number <= 12 // _MONTHS[kind]:
            return _window(int(shape["year"]) * 12 + (number - 1) * _MONTHS[kind], kind)
    raise UnknownPeriod(
        f"Không có kỳ báo cáo “{label}”. Ghi tháng 2026-11, quý 2026-Q4, nửa năm 2026-H2 "
        "hoặc năm 2026.",
        label=label,
    )


def is_administrative(label: str) -> bool:
    """Return whether `label` names a month, quarter, half-year or year."""
    try:
        parse_label(label)
    except UnknownPeriod:
        return False
    return True


def previous(period: Period) -> Period:
    """Return the window of the same kind just before."""
    return _moved(period, -1)


def following(period: Period) -> Period:
    """Return the window of the same kind just after."""
    return _moved(period, 1)


def year_before(period: Period) -> Period:
    """Return the same window one year earlier: what growth is measured against."""
    return _window(_first_month(period) - 12, period.kind)


def months_of(period: Period) -> tuple[Period, ...]:
    """Return the months that an administrative window is made of, in order."""
    first = _first_month(period)
    return tuple(_window(first + i, PeriodKind.MONTH) for i in range(_MONTHS[period.kind]))


def local_day(moment: datetime) -> date:
    """Return the day it is in Vietnam at `moment`; a moment without zone is Vietnamese time."""
    if moment.tzinfo is None:
        return moment.date()
    return moment.astimezone(HO_CHI_MINH).date()


def read_day(text: str) -> date:
    """
    Return the day named by `YYYY-MM-DD` or by an ISO 8601 moment, as it is in Vietnam.

    Raises:
        UnreadableDate: the text is neither.
    """
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _INSTANT.fullmatch(text):
            return local_day(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    raise UnreadableDate(
        f"“{text}” không phải ngày. Ghi năm-tháng-ngày, ví dụ 2026-12-15, "
        "hoặc thời điểm đầy đủ, ví dụ 2026-12-15T08:30:00+07:00.",
        given=text,
    )


def _moved(period: Period, steps: int) -> Period:
    return _window(_first_month(period) + steps * _MONTHS[period.kind], period.kind)


def _first_month(period: Period) -> int:
    """Return the number (year * 12 + month - 1) of the first month of a window."""
    if period.kind not in _MONTHS:
        raise NoNeighbour(
            f"Kỳ “{period.label}” không theo lịch hành chính nên không có kỳ trước, kỳ sau.",
            label=period.label,
        )
    return period.end.year * 12 + period.end.month - _MONTHS[period.kind]


def _window(month: int, kind: PeriodKind) -> Period:
    """Return the window of `kind` that holds month number `month` (year * 12 + month - 1)."""
    length = _MONTHS[kind]
    first = month // length * length
    last = first + length - 1
    year, index = divmod(last, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnknownPeriod(
            f"Năm {year} nằm ngoài lịch báo cáo ({FIRST_YEAR}–{LAST_YEAR}).", year=year
        )
    labels = {
        PeriodKind.MONTH: f"{year:04d}-{index + 1:02d}",
        PeriodKind.QUARTER: f"{year:04d}-Q{index // 3 + 1}",
        PeriodKind.HALF: f"{year:04d}-H{index // 6 + 1}",
        PeriodKind.YEAR: f"{year:04d}",
    }
    before_year, before_index = divmod(first - 1, 12)
    return Period(
        label=labels[kind],
        start=date(before_year, before_index + 1, 15),
        end=date(year, index + 1, 14),
        kind=kind,
    )
