"""A day that somebody typed into an address or a field."""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_OURS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedDay:
    """What was typed, the day that it is (None: empty or unreadable), and what is wrong."""

    typed: str = ""
    value: date | None = None
    error: str = ""

    @property
    def iso(self) -> str:
        """Return the day as an `<input type=date>` takes it."""
        return self.value.isoformat() if self.value else ""


def typed_day(text: str, today: date) -> TypedDay:
    """
    Return a day typed as 2025-06-30 or 30/6/2025; today and nothing are the same.

    An unreadable day is said, not refused: the page shows today's state beside the sentence.
    """
    text = text.strip()[:20]
    if not text:
        return TypedDay()
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _OURS.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return TypedDay(error=_wrong(text))
    try:
        value = date(year, month, day)
    except ValueError:
        return TypedDay(error=_wrong(text))
    return TypedDay(value.isoformat(), None if value == today else value)


def _wrong(text: str) -> str:
    return _("“%(text)s” không phải một ngày. Gõ như 30/06/2025.") % {"text": text}
