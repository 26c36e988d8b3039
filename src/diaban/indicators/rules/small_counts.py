"""
Small counts of people: exact in the unit that they belong to, "1–4" above it.

A figure of one to four people, with a place and a month, can point at somebody. Households,
hamlets, models and other things are shown exactly. Source: decision 0011; Luật 91/2025/QH15 on
personal data, and the confidentiality of Nghị định 163/2026/NĐ-CP, Điều 3.
"""

from typing import Final

from diaban.core.numbers import Absence, Value

SHOWN: Final = "1–4"
KEPT_BACK: Final = "giữ kín"
SMALLEST_SHOWN: Final = 5
PEOPLE: Final = "person"


def hidden(value: Value | None, unit: str) -> bool:
    """Return whether `value` of something counted in `unit` is too small to leave its unit."""
    if unit != PEOPLE or value is None or isinstance(value, Absence):
        return False
    return 0 < value < SMALLEST_SHOWN
