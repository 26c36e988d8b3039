"""
When a report or a named day of a plan falls due: from its words to dated occurrences.

A report whose words give a day is due on it. One that only says how often closes with the
reporting window: the 14th (Nghị định 09/2019/NĐ-CP, Điều 12); `law_day` says that it does, so
that a page can name where the day comes from. A report on request has no day until somebody
asks.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from diaban.core.periods import PeriodKind, following, period_of
from diaban.core.text import fold
from diaban.plans.rules.days import Slot, slots_of
from diaban.plans.rules.typed import day_text

# As far ahead as anybody plans the next reports; the daily run moves the horizon on.
HORIZON: Final = 400
# How a report repeats in a reading, as `n/unit` of a duty.
REPEATS: Final = {
    "monthly": "1/month",
    "quarterly": "1/quarter",
    "half_yearly": "2/year",
    "yearly": "1/year",
}
_WINDOWS: Final = {
    "1/month": PeriodKind.MONTH,
    "1/quarter": PeriodKind.QUARTER,
    "2/year": PeriodKind.HALF,
    "1/year": PeriodKind.YEAR,
}
_DAY_OF_MONTH = re.compile(r"(truoc )?ngay (?:mung )?(\d{1,2}) (?:hang|moi|cua) thang")


def report_dates(what: str, due: str) -> list[dict[str, Any]]:
    """
    Return the deadline of a report as a duty keeps it; empty when its words give no day.

    "trước ngày" in front of the date binds to the day before, as for a duty.
    """
    if not due:
        return []
    parts = [int(part) for part in due.split("-")]
    day, month = (parts[2], parts[1]) if len(parts) == 3 else (parts[-1], parts[0])
    pattern = rf"truoc (?:ngay )?0?{day}\s*/\s*0?{month}\b"
    before = len(parts) != 1 and re.search(pattern, " ".join(fold(what).split())) is not None
    return [{"date": due, "bound": "before" if before else "by", "scope": None, "text": ""}]


def due_text(what: str, due: str) -> str:
    """Return the day of a report as its words bind it: `trước 20/12/2026`, else `20/12/2026`."""
    dates = report_dates(what, due)
    before = bool(dates) and dates[0]["bound"] == "before"
    return f"trước {day_text(due)}" if before else day_text(due)


def law_day(dates: Sequence[Mapping[str, Any]], recurrence: str, what: str) -> bool:
    """Return whether the day of a report comes from the reporting windows, not from the plan."""
    return not dates and recurrence in _WINDOWS and _day_of_month(what) is None


def occurrences(
    dates: Sequence[Mapping[str, Any]],
    recurrence: str,
    what: str,
    *,
    start: date,
    end: date | None,
    since: date,
    today: date,
) -> tuple[Slot, ...]:
    """
    Return each time that a report is due or a named day comes round.

    `start` and `end` are the plan's own; `since` the day of its publishing: what only says how
    often is not asked for backwards. Nothing further than `HORIZON` days from `today`.
    """
    until = min(end or date.max, today + timedelta(days=HORIZON))
    if dates:
        found = slots_of(dates, start=start, end=end, today=today)
        return tuple(one for one in found if one.due is not None)
    kind = _WINDOWS.get(recurrence)
    if kind is None:
        return ()
    day = _day_of_month(what) if kind is PeriodKind.MONTH else None
    slots = []
    period = period_of(max(start, since), kind)
    while period.end <= until:
        due = period.end if day is None else _on_day(period.end, day)
        slots.append(Slot(period.label, due))
        period = following(period)
    return tuple(slots)


def _day_of_month(what: str) -> int | None:
    """
    Return the last day in time in "trước ngày 15 hằng tháng" (14), None where none is named.

    "trước ngày 1" would be the month before; such a report is due on the 1st.
    """
    match = _DAY_OF_MONTH.search(" ".join(fold(what).split()))
    if match is None or not 1 <= int(match[2]) <= 31:
        return None
    return max(1, int(match[2]) - (1 if match[1] else 0))


def _on_day(close: date, day: int) -> date:
    """Return the named day of the month in which a window closes, its last where it is shorter."""
    return close.replace(day=min(day, monthrange(close.year, close.month)[1]))
