"""
What a person should know before a plan is published, though it may be published all the same.

A plan is often handed in months after it was signed, so nothing here forbids; but what a late
or a mistaken publishing leads to is said before it happens.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from diaban.plans.rules.calendar import report_dates
from diaban.plans.rules.days import slots_of
from diaban.plans.rules.items import Kind

# The parts of a signing date, from the widest.
_PARTS: Final = ("year", "month", "day")


class Doubt(StrEnum):
    """Why publishing may be a mistake."""

    OVER = "over"
    PAST = "past"
    NOBODY = "nobody"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Raised:
    """
    A doubt with what a sentence about it needs.

    OVER: `on` is the plan's last day. PAST: `count` days are over, the earliest of them `on`.
    NOBODY: `count` duties name no body. OLDER: the plan was signed `signed`, `other`, whose
    place it would take, `other_signed`.
    """

    doubt: Doubt
    count: int = 0
    on: date | None = None
    signed: str = ""
    other: str = ""
    other_signed: str = ""


def past_days(
    kind: Kind, value: Mapping[str, Any], *, start: date, end: date | None, day: date
) -> list[date]:
    """
    Return the days by which an item is owed and that are over on `day`.

    A day that comes round every year is over only where it does not come again within the plan.
    """
    if kind is Kind.DUTY:
        dates = value.get("dates") or []
    elif kind is Kind.REPORT:
        dates = report_dates(value["what"], value.get("due") or "")
    elif kind is Kind.EVENT and value.get("date"):
        dates = [{"date": value["date"], "bound": "on", "scope": None}]
    else:
        return []
    found = []
    for one in dates:
        slots = slots_of([one], start=start, end=end, today=day)
        dues = [slot.due for slot in slots if slot.due is not None]
        if dues and max(dues) < day:
            found.append(max(dues))
    return found


def signed_before(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """
    Return whether a plan was surely signed before another; unknown days decide nothing.

    Both are signing dates of a reading: `day`, `month` and `year`, each of them or None.
    """
    for part in _PARTS:
        mine, theirs = (one or {}).get(part), (other or {}).get(part)
        if mine is None or theirs is None:
            return False
        if mine != theirs:
            return bool(mine < theirs)
    return False


def signed_text(given: Mapping[str, Any] | None) -> str:
    """Return a signing date as people write it, as far as it is known: `31/05/2023`, `05/2023`."""
    parts = [(given or {}).get(part) for part in reversed(_PARTS)]
    return "/".join(f"{part:02}" for part in parts if part) if parts[-1] else ""
