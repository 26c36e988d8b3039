"""Days as people type them."""

import re
from datetime import date

_TYPED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{2})-(\d{2})")


def typed_day(text: str) -> date | None:
    """Return the day of `1/12/2026` or `2026-12-01`; None when it is no day."""
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        return None
    day, month, year = (
        (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    )
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
