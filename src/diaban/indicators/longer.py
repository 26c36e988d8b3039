"""Totals of a quarter, a half-year or a year, from the kept totals of the windows within."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import QuerySet

from diaban.areas.models import Area, BoundaryVersion, Placement
from diaban.areas.rules.levels import Level
from diaban.core.periods import Period
from diaban.indicators.models import FormVersion, KeptTotal
from diaban.indicators.rules.catalogue import AcrossPeriods, Indicator
from diaban.indicators.rules.rollup import Layout, Totals, unpacked_sum
from diaban.indicators.totals import layout_of, totals_of

Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What one form gives to a long period: `indicators` over `windows`, in order of time."""

    windows: Sequence[Period]
    form: str
    indicators: Sequence[Indicator]


@dataclass(frozen=True, slots=True)
class Longer:
    """
    What an area adds up to over several windows: per code the sum (None without any value) and
    how many communes gave all that the figure needs; `returns` of the `expected` communes
    reported in every window of the first part.
    """

    returns: int
    expected: int
    sums: Mapping[str, Any]
    reporting: Mapping[str, int]


def totals_over(
    area: Area,
    map_then: BoundaryVersion,
    months: Sequence[Period],
    form: str,
    indicators: Sequence[Indicator],
) -> Longer:
    """Return the totals of an area over `months` of one form, as `totals_of_parts`."""
    return totals_of_parts(area, map_then, [Part(months, form, indicators)])


def totals_of_parts(
    area: Area,
    map_then: BoundaryVersion,
    parts: Sequence[Part],
    versions: Iterable[FormVersion] | None = None,
) -> Longer:
    """
    Return the totals of an area over the windows of `parts`, all of which are over.

    A stock is that of the last window, a flow the sum, and what counts once however often
    (hamlets reached) the sum of every commune's largest. As in one window, every value that was
    given is in the sum; a commune reports a flow when it was complete in every window. The
    communes are those below the area on `map_then`. No two parts ask for one column
    (`rules.period_forms`), so that nothing counts twice.

    Cost: four queries whatever the parts, three with the form `versions` given; one row for each
    commune below and window.
    """
    forms = {part.form for part in parts}
    known = FormVersion.objects.filter(code__in=forms) if versions is None else versions
    layouts = {one.pk: layout_of(one) for one in known if one.code in forms}
    labels = [window.label for part in parts for window in part.windows]
    kept = KeptTotal.objects.filter(period__in=labels, version__in=layouts.keys())
    own = {row.period: (layouts[row.version_id], totals_of(row)) for row in kept.filter(area=area)}
    communes = _communes(area, map_then)
    rows = list(
        kept.filter(area__in=communes.values("area"))
        .order_by("period", "version")
        .values_list("period", "version_id", "area_id", "returns", "sums", "reporting")
    )
    sums: dict[str, Any] = {}
    reporting: dict[str, int] = {}
    every = 0
    for number, part in enumerate(parts):
        asked = [window.label for window in part.windows]
        codes = [one.code for one in part.indicators]
        below = _below([row for row in rows if row[0] in asked], asked, layouts, codes)
        for at, one in enumerate(part.indicators):
            sums[one.code], reporting[one.code] = _over(one, at, asked, own, below)
        if number == 0:
            every = int((below.returns == len(asked)).sum())
    return Longer(every, communes.count(), sums, reporting)


def _over(
    one: Indicator,
    at: int,
    labels: Sequence[str],
    own: Mapping[str, tuple[Layout, Totals]],
    below: _Below,
) -> tuple[Any, int]:
    """Return the figure of one column over some windows, and how many communes are behind it."""
    last = one.across_periods is AcrossPeriods.LAST
    found = [_value(own.get(label), one.code) for label in (labels[-1:] if last else labels)]
    given = [value for value in found if value is not None]
    whole = sum(given)
    if one.across_periods is AcrossPeriods.MAX:
        whole = int(below.largest[:, at].sum())
    complete = below.last[:, at] if last else below.months[:, at] == len(labels)
    return unpacked_sum(one, whole) if given else None, int(complete.sum())


def _communes(area: Area, map_then: BoundaryVersion) -> QuerySet[Placement]:
    own = map_then.placements.filter(area=area)
    return map_then.placements.filter(
        area__level=Level.COMMUNE.value,
        left__gte=own.values("left")[:1],
        left__lte=own.values("right")[:1],
    )


@dataclass(frozen=True, slots=True)
class _Below:
    """
    The communes below, one row each: in how many months they reported, and per column in how
    many months they were complete, whether in the last, and the largest month.
    """

    returns: Numbers
    months: Numbers
    last: Numbers
    largest: Numbers


def _below(
    rows: Sequence[tuple[Any, ...]],
    labels: Sequence[str],
    layouts: Mapping[int, Layout],
    codes: Sequence[str],
) -> _Below:
    place = {area: number for number, area in enumerate(dict.fromkeys(row[2] for row in rows))}
    shape = (len(place), len(codes))
    found = _Below(
        np.zeros(len(place), np.int32),
        np.zeros(shape, np.int32),
        np.zeros(shape, bool),
        np.zeros(shape, np.int64),
    )
    for (label, version), run in groupby(rows, key=lambda row: (row[0], row[1])):
        some = list(run)
        has = layouts[version].codes
        ours = [at for at, code in enumerate(codes) if code in has]
        theirs = [has.index(codes[at]) for at in ours]
        whose = np.array([place[row[2]] for row in some])
        sums = _columns([row[4] for row in some], "<i8", len(has))[:, theirs]
        complete = _columns([row[5] for row in some], "<i4", len(has))[:, theirs] > 0
        cells = np.ix_(whose, np.array(ours, int))
        found.returns[whose] += np.array([row[3] for row in some], np.int32)
        found.months[cells] += complete
        found.largest[cells] = np.maximum(found.largest[cells], sums)
        if label == labels[-1]:
            found.last[cells] = complete
    return found


def _columns(rows: Sequence[bytes | memoryview], dtype: str, columns: int) -> Numbers:
    return np.frombuffer(b"".join(map(bytes, rows)), dtype).reshape(len(rows), columns)


def _value(month: tuple[Layout, Totals] | None, code: str) -> int | None:
    """Return the packed sum of one month, None when nobody gave a value."""
    if month is None or code not in month[0].codes:
        return None
    at = month[0].codes.index(code)
    return int(month[1].sums[at]) if month[1].units[at] else None
