"""The figures of communes in a period, from the packed returns that count."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from diaban.areas.models import Area, Succession
from diaban.core.numbers import Absence, Value
from diaban.core.periods import Period, PeriodKind, months_of
from diaban.indicators.models import FormVersion, PackedReturn
from diaban.indicators.rules.aggregation import across_areas, across_periods, within_whole
from diaban.indicators.rules.catalogue import AcrossPeriods, builtin_catalogue
from diaban.indicators.rules.period_forms import (
    kind_by_code,
    longer_kinds,
    windows_within,
)
from diaban.indicators.rules.rollup import Layout, Packed, commune_values, unpacked_value
from diaban.indicators.totals import layout_of

Figures = Mapping[str, Value]

# Counted from the register of areas and not asked on any form.
HAMLETS = "hamlets"


def closed_months(period: Period, today: date) -> tuple[Period, ...]:
    """
    Return the months of a period that are over.

    A running year is looked at as far as it has come; whoever shows it says so.
    """
    months = (period,) if period.kind is PeriodKind.MONTH else months_of(period)
    return tuple(month for month in months if month.end < today)


def monthly_figures(
    communes: Iterable[Area],
    periods: Sequence[Period],
    codes: Collection[str],
    versions: Iterable[FormVersion] | None = None,
) -> dict[tuple[int, str], Figures]:
    """
    Return the values of `codes` of each commune in each month, by (area key, label).

    A month in which no return of the commune counts is absent. For the months before a
    commune existed, the figures of the units that came into it whole stand in, added up; where
    one came in only in part, nothing does.

    Cost: two queries with the form `versions` given, three without; one more where a commune
    is younger than the first month.
    """
    communes = list(communes)
    older = _predecessors(communes, periods)
    wanted = {area.pk for area in communes} | {key for keys in older.values() for key in keys}
    found: dict[tuple[int, str], Figures] = {}
    layouts: dict[int, Layout] = {
        version.pk: layout_of(version) for version in versions or FormVersion.objects.all()
    }
    columns = {
        version_id: {
            indicator.code: (position, indicator)
            for position, indicator in enumerate(layout.indicators)
            if indicator.code in codes
        }
        for version_id, layout in layouts.items()
    }
    rows = PackedReturn.objects.filter(
        period__in=[period.label for period in periods], area__in=wanted
    ).values_list("area_id", "period", "version_id", "hamlets", "commune_values", "hamlet_values")
    for area_id, label, version_id, hamlets, commune, hamlet in rows.iterator(chunk_size=2000):
        layout = layouts[version_id]
        packed = Packed(hamlets, bytes(commune), bytes(hamlet))
        wholes = commune_values(layout, packed)
        values = {
            code: unpacked_value(indicator, int(wholes[position]))
            for code, (position, indicator) in columns[version_id].items()
        }
        found[area_id, label] = {**values, HAMLETS: hamlets}
    for area in communes:
        for period in periods:
            if period.end < area.valid_from and older.get(area.pk):
                parts = [found.get((key, period.label)) for key in older[area.pk]]
                if all(part is not None for part in parts):
                    found[area.pk, period.label] = _added([p for p in parts if p is not None])
    return found


def longer_figures(
    communes: Iterable[Area],
    period: Period,
    codes: Collection[str],
    today: date,
    versions: Iterable[FormVersion] | None = None,
) -> dict[int, Figures]:
    """
    Return by area key the figures of a period that are asked every quarter, half-year or year.

    They are those of the windows within the period that are over. A shorter period has none: a
    figure of the year is not one of the month.

    Cost: nothing where no such code is wanted; else for each kind of period as `monthly_figures`.
    """
    communes = list(communes)
    found: dict[int, dict[str, Value]] = {}
    for kind in longer_kinds():
        own = frozenset(code for code in codes if kind_by_code().get(code) is kind)
        windows = windows_within(period, kind, today) if own else ()
        if not windows:
            continue
        given = monthly_figures(communes, windows, own, versions)
        for area in communes:
            told = [given.get((area.pk, window.label)) for window in windows]
            if any(told):
                values = figures_of(told)
                found.setdefault(area.pk, {}).update(
                    {code: values[code] for code in own if code in values}
                )
    return dict(found)


def figures_of(monthly: Sequence[Figures | None]) -> Figures:
    """
    Return the figures of a period from those of its months, in order of time.

    None stands for a month without a return. One month is itself; longer periods follow the
    catalogue (`rules.aggregation`): flows need every month, stocks the last. What counts once
    however often is never more than its whole on the last day.
    """
    if len(monthly) == 1:
        return monthly[0] or {}
    catalogue = builtin_catalogue()
    codes = dict.fromkeys(code for month in monthly if month for code in month)
    values = {
        code: [(month or {}).get(code, Absence.MISSING) for month in monthly] for code in codes
    }
    long = {code: across_periods(catalogue[code], given) for code, given in values.items()}
    for code in codes:
        if catalogue[code].across_periods is AcrossPeriods.MAX:
            for whole in catalogue[code].part_of:
                if whole in long and catalogue[whole].across_periods is AcrossPeriods.LAST:
                    long[code] = within_whole(values[code], values[whole], long[code], long[whole])
    return long


def _added(parts: Sequence[Figures]) -> Figures:
    catalogue = builtin_catalogue()
    codes = dict.fromkeys(code for part in parts for code in part)
    return {
        code: across_areas(catalogue[code], (part.get(code, Absence.MISSING) for part in parts))
        for code in codes
    }


def _predecessors(communes: Sequence[Area], periods: Sequence[Period]) -> dict[int, list[int]]:
    if not periods:
        return {}
    first = min(period.end for period in periods)
    young = [area.pk for area in communes if area.valid_from > first]
    if not young:
        return {}
    came: dict[int, list[int]] = defaultdict(list)
    partly: set[int] = set()
    for new, old, partial in Succession.objects.filter(new__in=young).values_list(
        "new_id", "old_id", "partial"
    ):
        came[new].append(old)
        if partial:
            partly.add(new)
    return {new: olds for new, olds in came.items() if new not in partly}
