"""
Kept totals: written while a return is written, rebuilt from the record on demand.

Both ways are here so that a reader can hold them side by side; `checks` compares them.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import BigIntegerField, ExpressionWrapper, F, Q, QuerySet, Subquery

from diaban.areas.models import BoundaryVersion, Placement
from diaban.areas.selectors import version_on
from diaban.indicators.models import FormVersion, KeptTotal, PackedReturn, Return
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.rules.rollup import (
    Layout,
    Packed,
    Totals,
    add_groups,
    commune_totals,
    nothing,
    pack,
    roll_up,
)
from diaban.indicators.windows import window_called
from diaban.storage.prepared import Prepared, insert, update, upsert


def layout_of(version: FormVersion) -> Layout:
    """Return the columns of a form version as indicators."""
    catalogue = builtin_catalogue()
    return Layout(
        tuple(catalogue[code] for code in version.commune_codes),
        tuple(catalogue[code] for code in version.hamlet_codes),
    )


def packed_of(row: PackedReturn) -> Packed:
    """Return a stored row as a value."""
    return Packed(row.hamlets, bytes(row.commune_values), bytes(row.hamlet_values))


def totals_of(row: KeptTotal) -> Totals:
    """Return a stored total as a value."""
    return Totals(
        np.frombuffer(bytes(row.sums), "<i8").astype(np.int64),
        np.frombuffer(bytes(row.reporting), "<i4").astype(np.int32),
        np.frombuffer(bytes(row.units), "<i4").astype(np.int32),
        row.returns,
    )


def write_totals(row: KeptTotal, totals: Totals, at: datetime) -> None:
    """Put a value into a row; does not save it."""
    row.sums = totals.sums.astype("<i8").tobytes()
    row.reporting = totals.reporting.astype("<i4").tobytes()
    row.units = totals.units.astype("<i4").tobytes()
    row.returns = totals.returns
    row.updated_at = at


def repack(of: Return, at: datetime) -> None:
    """
    Bring the packed row and the totals of all areas above in line with a return.

    The difference between what the return counted before and what it counts now is added
    along the path commune - province - nation, whatever the size of the nation.

    Cost: three statements for a return that was fetched with its packed row, four when it counts
    for the first time. Must run inside the transaction that wrote the return.
    """
    layout = layout_of(of.version)
    before_row: PackedReturn | None = getattr(of, "packed", None)
    before = commune_totals(layout, packed_of(before_row)) if before_row else nothing(layout)
    if State(of.state) in COUNTED:
        packed = pack(layout, of.document, of.roster.hamlet_codes)
        row = before_row or PackedReturn(
            of=of, period=of.period, version=of.version, area_id=of.area_id
        )
        row.hamlets = packed.hamlets
        row.commune_values, row.hamlet_values = packed.commune_values, packed.hamlet_values
        if before_row is None:
            insert(row)
        else:
            update(row, ("hamlets", "commune_values", "hamlet_values"), {})
        after = commune_totals(layout, packed)
    else:
        if before_row:
            PackedReturn.objects.filter(pk=before_row.pk).delete()
            of._state.fields_cache.pop("packed", None)
        after = nothing(layout)
    difference = after - before
    if difference.anything:
        add_along_path(of, layout, difference, at)


def add_along_path(of: Return, layout: Layout, difference: Totals, at: datetime) -> None:
    """Add `difference` to the totals of a return's area and of every area above it."""
    day = window_called(of.period).end
    kept = _KEPT.all(of.period, of.version_id, day, of.area_id)
    # Whoever was counted once has a row of its own, and all areas above it have theirs.
    if all(row.area_id != of.area_id for row in kept):
        kept = _completed(of, layout, kept, day, at)
    for row in kept:
        write_totals(row, totals_of(row) + difference, at)
    upsert(kept, _ONE_ROW, ("sums", "reporting", "units", "returns", "updated_at"))


def _completed(
    of: Return, layout: Layout, kept: list[KeptTotal], day: date, at: datetime
) -> list[KeptTotal]:
    """Return `kept` with empty totals for those areas of the path that have none yet."""
    path = [row.area_id for row in _PATH.all(day, of.area_id)]
    if not path:
        # No map is of that day: the nearest counts.
        nearest = _above(version_on(day).pk, of.area_id)
        path = list(nearest.values_list("area_id", flat=True))
        kept = _kept(of, path)
    there = {row.area_id for row in kept}
    missing = []
    # In one order everywhere, so that two never wait for each other.
    for area_id in sorted(path):
        if area_id not in there:
            row = KeptTotal(area_id=area_id, period=of.period, version=of.version)
            write_totals(row, nothing(layout), at)
            missing.append(row)
    if len(missing) > 1 and connection.features.has_select_for_update:
        # Two first returns of a province may meet here: the rows stand before either adds to
        # them. Where writers take turns (SQLite) nobody else can be here.
        upsert(missing, _ONE_ROW, ())
        return _kept(of, path)
    return [*kept, *missing]


_ONE_ROW = ("period", "version", "area")


def _kept(of: Return, areas: Sequence[int]) -> list[KeptTotal]:
    own = KeptTotal.objects.filter(period=of.period, version=of.version_id, area__in=areas)
    return list(own.select_for_update(of=("self",)).order_by("area_id"))


def _above(version: Any, area: Any) -> QuerySet[Placement]:
    """
    Return the placements of an area and of those above it, found from parent to parent.

    Not by intervals: "begins before" is half of all placements, and this is asked at every save.
    """
    path: list[Any] = [area]
    for _ in range(_MOST_ABOVE):
        below = Placement.objects.filter(version=version, area=path[-1])
        path.append(Subquery(below.values("parent")[:1]))
    key = ExpressionWrapper(F("area_id"), BigIntegerField())
    return Placement.objects.alias(key=key).filter(version=version, key__in=path).order_by("depth")


# District, province and nation above a commune of the maps before 1/7/2025.
_MOST_ABOVE = 3


def _map_on(day: Any) -> Subquery:
    """Return the key of the map of a day, asked for in the statement that needs it."""
    return Subquery(
        BoundaryVersion.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
            tree=BoundaryVersion.ADMINISTRATIVE,
            published_at__isnull=False,
            valid_from__lte=day,
        ).values("pk")[:1]
    )


_PATH = Prepared(lambda day, area: _above(_map_on(day), area), date, int)
_KEPT = Prepared(
    lambda period, version, day, area: (
        KeptTotal.objects.select_for_update(of=("self",))
        .filter(
            period=period,
            version=version,
            area__in=_above(_map_on(day), area).order_by().values("area"),
        )
        .order_by("area_id")
    ),
    str,
    int,
    date,
    int,
)


def recompute(period: str, version: FormVersion) -> dict[int, Totals]:
    """
    Return the totals of every area of a period from the packed rows alone, by area key.

    Areas without a return below them are absent, as in the kept totals.

    Cost: two queries and one pass over the arrays (`bench/rollup.py`).
    """
    rows, areas, paths = tree_ordered(period, version)
    levels = roll_up(layout_of(version), rows, (path[-1] for path in paths))
    found = {area: _row(levels.communes, index, 1) for index, area in enumerate(areas)}
    # Province and nation, and the district between them on the maps before 1/7/2025.
    for depth in range(max(map(len, paths), default=0)):
        above = [path[depth] if len(path) > depth else 0 for path in paths]
        grouped = add_groups(levels.communes, above)
        runs = [(area, len(list(run))) for area, run in groupby(above)]
        for index, (area, returns) in enumerate(runs):
            if area:
                found[area] = _row(grouped, index, returns)
    return found


def tree_ordered(
    period: str, version: FormVersion
) -> tuple[list[Packed], list[int], list[tuple[int, ...]]]:
    """Return the packed rows of a period in tree order, their areas, and the areas above each."""
    map_version = version_on(window_called(period).end)
    found = (
        PackedReturn.objects.filter(
            period=period, version=version, area__placements__version=map_version
        )
        .order_by("area__placements__left")
        .values_list(
            "area_id",
            "area__placements__parent",
            "hamlets",
            "commune_values",
            "hamlet_values",
        )
    )
    parents = dict(
        Placement.objects.filter(version=map_version)
        .exclude(area__level="hamlet")
        .values_list("area_id", "parent_id")
    )
    rows, areas, path = [], [], []
    for area_id, parent_id, hamlets, commune, hamlet in found:
        rows.append(Packed(hamlets, bytes(commune), bytes(hamlet)))
        areas.append(area_id)
        path.append(_path(parent_id, parents))
    return rows, areas, path


def _path(parent: int | None, parents: Mapping[int, int | None]) -> tuple[int, ...]:
    found: list[int] = []
    while parent is not None:
        found.insert(0, parent)
        parent = parents[parent]
    return tuple(found)


def _row(totals: Totals, index: int, returns: int) -> Totals:
    return Totals(totals.sums[index], totals.reporting[index], totals.units[index], returns)
