"""
Small counts of people: exact in the unit that they belong to, "1–4" above it.

A figure of one to four people, with a place and a month, can point at somebody. Households,
hamlets, models and other things are shown exactly. Source: decision 0011; Luật 91/2025/QH15 on
personal data, and the confidentiality of Nghị định 163/2026/NĐ-CP, Điều 3.
"""

from collections.abc import Mapping
from typing import Final

from diaban.core.numbers import Absence, Number, Value

SHOWN: Final = "1–4"
KEPT_BACK: Final = "giữ kín"
SMALLEST_SHOWN: Final = 5
PEOPLE: Final = "person"


def hidden(value: Value | None, unit: str) -> bool:
    """Return whether `value` of something counted in `unit` is too small to leave its unit."""
    if unit != PEOPLE or value is None or isinstance(value, Absence):
        return False
    return 0 < value < SMALLEST_SHOWN


def share_hidden(
    part: Value | None, whole: Value | None, unit: str, whole_unit: str | None = None
) -> bool:
    """
    Return whether a part of a whole, its whole, or what it lacks is too small to be shown.

    `whole_unit`: in what the whole is counted, where that is not the `unit` of the part.
    """
    rest = None
    if isinstance(part, Number) and isinstance(whole, Number):
        rest = whole - part
    return any(hidden(one, unit) for one in (part, rest)) or hidden(whole, whole_unit or unit)


def withheld_among(values: Mapping[str, Value | None], unit: str) -> dict[str, str]:
    """
    Return what stands for the values that must not leave their places; the rest are shown.

    The reader knows the sum of all. Small values that it would give away, one alone or several
    that are all the least or all the most they can be, take the smallest of the others with them.
    Of zeros and of what is missing nothing is withheld.
    """
    counts = {place: one for place, one in values.items() if one and not isinstance(one, Absence)}
    small = {place: one for place, one in counts.items() if hidden(one, unit)}
    if not small:
        return {}
    withheld = dict.fromkeys(small, SHOWN)
    least, most = len(small), (SMALLEST_SHOWN - 1) * len(small)
    others = {place: one for place, one in counts.items() if place not in small}
    if others and (len(small) == 1 or not least < sum(small.values()) < most):
        withheld[min(others, key=lambda place: others[place])] = KEPT_BACK
    return withheld
