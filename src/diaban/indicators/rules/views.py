"""
Two views of a figure across reorganisations: as reported then, and on a later map.

A unit's figures go where its territory went. Whole units carry any figure exactly. Parts carry
counts and measures by their weights, which makes an estimate; a yes cannot be divided. Shares
of a divided count are whole and add up to it, so that sums are the same in both views. Ratios
are never carried: their two sides are, and are divided then.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from diaban.areas.rules.shares import Destination, split_count
from diaban.core.numbers import Absence, Value
from diaban.indicators.rules.aggregation import across_areas, across_periods
from diaban.indicators.rules.catalogue import AcrossAreas, AcrossPeriods, Indicator


class View(StrEnum):
    """Which map figures are shown on."""

    AS_REPORTED = "as_reported"
    TODAY = "today"


VIEW_NAMES: dict[View, str] = {
    View.AS_REPORTED: "như đã báo cáo",
    View.TODAY: "theo địa giới hiện nay",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """
    A value on a map. `estimated`: a weight of a divided unit was used for it.

    `undivided`: it belongs to a unit that is gone and was divided without weights.
    """

    value: Value
    estimated: bool = False
    undivided: bool = False


def on_map(
    indicator: Indicator,
    values: Mapping[int, Value],
    going: Mapping[int, Sequence[Destination]],
) -> dict[int, Figure]:
    """
    Return the figures of one period on a later map, by unit.

    `values`: as reported, by unit. `going`: where each unit's figures go; absent: it stays.
    A unit is missing when one of those it was made of is.
    """
    parts: dict[int, list[Value]] = defaultdict(list)
    estimated: set[int] = set()
    undivided: set[int] = set()
    for area, value in values.items():
        found = going.get(area) or (Destination(area, Fraction(1)),)
        shared = _shared(indicator, value, [one.share for one in found])
        for one, part in zip(found, shared, strict=True):
            parts[one.area].append(part)
            if one.estimated:
                estimated.add(one.area)
            if one.undivided:
                undivided.add(one.area)
    return {
        area: Figure(across_areas(indicator, given), area in estimated, area in undivided)
        for area, given in parts.items()
    }


def over_time(indicator: Indicator, periods: Sequence[Mapping[int, Figure]]) -> dict[int, Figure]:
    """
    Return the figures of a long period from those of its months on one map, in order of time.

    A stock is that of the last month, a flow the sum, as `across_periods` has it; a unit
    without a figure in a month counts as missing there. A flow is an estimate when one month
    is, a stock when the last is.
    """
    areas = dict.fromkeys(area for period in periods for area in period)
    found = {}
    for area in areas:
        months = [period.get(area, Figure(Absence.MISSING)) for period in periods]
        value = across_periods(indicator, (month.value for month in months))
        last_only = indicator.across_periods is AcrossPeriods.LAST
        used = months[-1:] if last_only else months
        found[area] = Figure(
            value,
            any(month.estimated for month in used),
            any(month.undivided for month in used),
        )
    return found


def ratio(part: Figure, whole: Figure) -> Fraction | Absence:
    """
    Return a share of a whole, exactly; each side was carried by its own rule.

    Missing when a side is; not applicable when the whole is zero.
    """
    for side in (whole.value, part.value):
        if isinstance(side, Absence):
            return side
    if isinstance(part.value, Absence) or isinstance(whole.value, Absence) or not whole.value:
        return Absence.NOT_APPLICABLE
    return Fraction(part.value) / Fraction(whole.value)


def _shared(indicator: Indicator, value: Value, shares: Sequence[Fraction]) -> Iterable[Value]:
    if len(shares) == 1 or isinstance(value, Absence):
        return [value] * len(shares)
    if indicator.across_areas is AcrossAreas.ANY:
        # Nowhere in the whole is nowhere in its parts; a yes may be of either.
        return [Absence.MISSING if value else value] * len(shares)
    scaled = int(value * indicator.scale)
    parts = split_count(scaled, shares)
    if indicator.scale == 1:
        return parts
    return [Decimal(part) / indicator.scale for part in parts]
