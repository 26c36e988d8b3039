"""Codes: of the statistics office for units of the State, our own for hamlets."""

import re
from collections.abc import Iterable

from diaban.areas.rules.levels import Level

NATION_CODE = "VN"

# Danh mục và mã số các đơn vị hành chính (Quyết định 124/2004/QĐ-TTg; 19/2025/QĐ-TTg).
_LEVEL_BY_LENGTH = {2: Level.PROVINCE, 3: Level.DISTRICT, 5: Level.COMMUNE}
_HAMLET = re.compile(r"(\d{5})\.(\d{3})")
# Given by the list of the hierarchy; letters first, so that it is never taken for a unit's.
_SECTOR = re.compile(r"[A-Z]{2,4}(-[A-Z0-9]{1,6}){1,2}")


def level_of_code(code: str) -> Level | None:
    """Return the level that the shape of a code stands for, or None when it is no code."""
    if code == NATION_CODE:
        return Level.NATION
    if _HAMLET.fullmatch(code):
        return Level.HAMLET
    if code.isascii() and code.isdigit():
        return _LEVEL_BY_LENGTH.get(len(code))
    return None


def is_sector_code(code: str) -> bool:
    """Return whether a code has the shape of those of other hierarchies: `BP-99-01`."""
    return _SECTOR.fullmatch(code) is not None


def hamlet_codes(commune_code: str, taken: Iterable[str], wanted: int) -> list[str] | None:
    """
    Return codes for new hamlets of a commune: `19363.001` and on, after the highest ever used.

    A number is never given twice, not even after its hamlet is gone. None when three digits
    no longer suffice.
    """
    numbers = (int(found[2]) for code in taken if (found := _HAMLET.fullmatch(code)))
    first = max(numbers, default=0) + 1
    if first + wanted - 1 > 999:
        return None
    return [f"{commune_code}.{number:03}" for number in range(first, first + wanted)]
