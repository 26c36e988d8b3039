"""Cutting figures into a few bands that are told apart without colours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from diaban.core.numbers import percent_cut, write_number

Amount = int | Decimal | Fraction

MOST: Final = 5
MISSING: Final = "missing"
HIDDEN: Final = "few"


@dataclass(frozen=True, slots=True)
class Band:
    """Figures from `low` to `high`, both included; `sign` stands on the map, `key` in the style."""

    key: str
    sign: str
    label: str
    low: Amount
    high: Amount


def bands_of(values: Iterable[Amount], *, percent: bool) -> tuple[Band, ...]:
    """
    Return at most five bands with about as many units in each, smallest first.

    Nothing at all (0) is a band of its own; equal values are in one band. With `percent` values
    are shares of 1.
    """
    known = sorted(values)
    bands = []
    if known and known[0] == 0:
        bands.append(Band("b0", "0", amount_words(0, percent=percent), 0, 0))
        known = [value for value in known if value != 0]
    for number, part in enumerate(_parts(known, MOST - len(bands)), 1):
        low, high = part[0], part[-1]
        label = amount_words(low, percent=percent)
        if high != low:
            label = f"{label}–{amount_words(high, percent=percent)}"
        bands.append(Band(f"b{number}", str(number), label, low, high))
    return tuple(bands)


def band_among(bands: Sequence[Band], value: Amount | None) -> str:
    """Return the key of the band that a value lies in; `missing` without a value."""
    if value is None:
        return MISSING
    return next(band.key for band in bands if band.low <= value <= band.high)


def amount_words(value: Amount, *, percent: bool) -> str:
    """Return a value as it is written; shares are cut, so that 99,96 does not read 100."""
    if percent:
        return f"{write_number(percent_cut(Fraction(value)), 1)}%"
    if isinstance(value, Fraction):
        value = Decimal(value.numerator) / Decimal(value.denominator)
    return write_number(value)


def _parts(known: Sequence[Amount], most: int) -> list[list[Amount]]:
    """Cut sorted values into runs of about one length; equal values stay together."""
    distinct = sorted(set(known))
    if len(distinct) <= most:
        return [[value] for value in distinct]
    parts: list[list[Amount]] = []
    at = 0
    for left in range(most, 0, -1):
        end = len(known) if left == 1 else at + max(1, round((len(known) - at) / left))
        while end < len(known) and known[end] == known[end - 1]:
            end += 1
        if at < len(known):
            parts.append(list(known[at:end]))
        at = end
    return parts
