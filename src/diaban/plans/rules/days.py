"""
By when a duty is done in time.

A reading writes a date as `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, or `MM-DD` for every year, with how
it binds. All results are days, the last on which the duty is still in time.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

# A yearly date without an end of the plan is planned this far ahead.
YEARS_AHEAD: Final = 1
YEARS_MOST: Final = 10


@dataclass(frozen=True, slots=True)
class Slot:
    """
    One date by which a duty is owed: `key` stays when the date changes.

    `due` is None for a duty that only begins on a day (`begins`). `scope` are the areas that
    it is for, in the words of the plan; empty for all.
    """

    key: str
    due: date | None
    begins: date | None = None
    scope: str = ""


def last_day(written: str) -> date:
    """Return the last day of `YYYY-MM-DD`, `YYYY-MM` or `YYYY`."""
    parts = [int(part) for part in written.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else monthrange(year, month)[1]
    return date(year, month, day)


def first_day(written: str) -> date:
    """Return the first day of `YYYY-MM-DD`, `YYYY-MM` or `YYYY`."""
    parts = [int(part) for part in written.split("-")]
    return date(parts[0], parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)


def due_day(written: str, bound: str) -> date:
    """
    Return the last day in time: the day before for "trước ngày", else the last day itself.

    "trước ngày 15/11" is due on 14/11; "trước tháng 6/2026" on 31/5/2026.
    """
    if bound == "before":
        return first_day(written) - timedelta(days=1)
    return last_day(written)


def slots_of(
    dates: Sequence[Mapping[str, Any]],
    *,
    start: date,
    end: date | None,
    today: date | None = None,
) -> tuple[Slot, ...]:
    """
    Return the dates of a duty, those of every year once for each year of the plan.

    `start` and `end` are the plan's own; a yearly date before `start` is left out, and without
    an end it is known as far as the year after `today` (or after `start`). A pair
    "từ … đến …" of one scope is one slot. No dates at all give one slot without a due day.
    """
    begins: dict[str, date] = {}
    found: list[Slot] = []
    for number, one in enumerate(dates):
        scope = one.get("scope") or ""
        written = one["date"]
        yearly = len(written) == 5
        if one["bound"] == "from" and not yearly:
            begins[scope] = first_day(written)
        elif yearly:
            found += _yearly(number, written, one["bound"], scope, start, end, today)
        else:
            found.append(Slot(str(number), due_day(written, one["bound"]), None, scope))
    slots = [Slot(one.key, one.due, begins.get(one.scope), one.scope) for one in found]
    scopes = {one.scope for one in slots}
    slots += [
        Slot("from", None, day, scope) for scope, day in begins.items() if scope not in scopes
    ]
    return tuple(slots) or (Slot("always", None),)


def _yearly(
    number: int,
    written: str,
    bound: str,
    scope: str,
    start: date,
    end: date | None,
    today: date | None,
) -> list[Slot]:
    last = end.year if end else max(start, today or start).year + YEARS_AHEAD
    slots = []
    for year in range(start.year, min(last, start.year + YEARS_MOST) + 1):
        month, day = (int(part) for part in written.split("-"))
        day = min(day, monthrange(year, month)[1])
        due = due_day(f"{year}-{month:02}-{day:02}", bound)
        if due >= start and (end is None or due <= end):
            slots.append(Slot(f"{number}-{year}", due, None, scope))
    return slots


def silence_limit(recurrence: str) -> int:
    """
    Return after how many days without evidence a duty counts as silent.

    A recurring duty: the length of its period divided by how often, at least a week. A
    standing one: a quarter, the longest time that the plans let pass between two reports.
    """
    number, _slash, unit = recurrence.partition("/")
    days = {"week": 7, "month": 31, "quarter": 92, "year": 366}.get(unit)
    if days is None or not number.isdigit():
        return 92
    return max(7, -(-days // max(1, int(number))))
