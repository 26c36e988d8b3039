"""One figure from several: of the areas below, or of the periods within."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from diaban.core.numbers import Absence, Number, Value
from diaban.indicators.rules.catalogue import AcrossAreas, AcrossPeriods, Indicator


def across_areas(indicator: Indicator, values: Iterable[Value]) -> Value:
    """
    Return the figure of an area from those of the areas below it.

    It is complete or it is missing: one area that should have given a value and did not makes
    the whole missing. Areas that it does not apply to are left out; where it applies to none,
    it does not apply to the whole. Without any area below, missing. A yes among yes-or-no
    values decides, whatever is missing.
    """
    given = list(values)
    if indicator.across_areas is AcrossAreas.ANY and any(value is True for value in given):
        return True
    numbers = _complete(given)
    if isinstance(numbers, Absence):
        return numbers
    return False if indicator.across_areas is AcrossAreas.ANY else sum(numbers)


def across_periods(indicator: Indicator, values: Iterable[Value]) -> Value:
    """
    Return the figure of a long period from those of the periods in it, in order of time.

    A stock is what it was at the last of them, absent or not; nothing is carried forward. A
    flow is the sum; where things count once however often (hamlets reached), the largest,
    which never claims more than there are. Flows are complete or missing, as across areas.
    """
    given = list(values)
    if indicator.across_periods is AcrossPeriods.LAST:
        return given[-1] if given else Absence.MISSING
    numbers = _complete(given)
    if isinstance(numbers, Absence):
        return numbers
    return max(numbers) if indicator.across_periods is AcrossPeriods.MAX else sum(numbers)


def within_whole(
    part: Sequence[Value], whole: Sequence[Value], longest: Value, last: Value
) -> Value:
    """
    Return the figure of a part over a long period, never more than its whole on the last day.

    `part` and `whole` are their values month by month; `longest` is the largest part, `last` the
    whole at the end. What was counted once in March may since have gone: 12 of 12 reached in
    March are not "12 of 10" in December. A month in which the part was larger than its own whole
    is a mistake, and the figure is left as it is so that the mistake shows.
    """
    if isinstance(longest, Absence) or isinstance(last, Absence) or longest <= last:
        return longest
    consistent = all(
        isinstance(one, Absence) or isinstance(other, Absence) or one <= other
        for one, other in zip(part, whole, strict=True)
    )
    return last if consistent else longest


def _complete(values: list[Value]) -> list[Number] | Absence:
    applicable = [value for value in values if value is not Absence.NOT_APPLICABLE]
    if values and not applicable:
        return Absence.NOT_APPLICABLE
    if not applicable or any(isinstance(value, Absence) for value in applicable):
        return Absence.MISSING
    return cast(list[Number], applicable)
