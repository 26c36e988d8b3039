"""Putting the province on the map, and merging two of its communes on the way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import models

from diaban.areas.models import (
    Area,
    AreaAlias,
    AreaName,
    BoundaryVersion,
    Placement,
    Succession,
)
from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import HAMLET_ROOM, number_tree, seal
from diaban.core.periods import HO_CHI_MINH
from diaban.core.text import sort_key
from diaban.demo.world import World

_BATCH = 1000
_DRAWN = "Bản đồ của dữ liệu mẫu: thêm tỉnh Sông Lam (không có thật)"
_MERGED = "Nghị quyết mẫu về sắp xếp đơn vị hành chính cấp xã của tỉnh Sông Lam"


@dataclass(frozen=True, slots=True)
class _Unit:
    code: str
    type: str
    name: str
    valid_from: date
    valid_to: date | None = None
    point: tuple[float, float] | None = None


def draw_map(world: World, start: date, merged_on: date) -> dict[str, Area]:
    """
    Add the province to the tree from `start` on, and merge two communes on `merged_on`.

    Published versions are left as they are: two new ones follow the last, each with all units
    that stood there and the province behind them. Returns the province's areas by code.

    Cost: two copies of the nation's placements, some 12,000 rows.
    """
    areas = _begin(_units(world, start, merged_on))
    merger = world.merger
    Succession.objects.bulk_create(
        Succession(
            old=areas[old.code],
            new=areas[merger.into],
            on=merged_on,
            partial=False,
            weight=1,
            basis=_MERGED,
        )
        for old in merger.former
    )
    before, after = _children(world, merged=False), _children(world, merged=True)
    _publish(before, areas, world.code, start, _DRAWN)
    _publish(after, areas, world.code, merged_on, _MERGED)
    return areas


def _units(world: World, start: date, merged_on: date) -> list[_Unit]:
    units = [_Unit(world.code, "tỉnh", world.name, start, None, (19.15, 105.24))]
    for old in world.merger.former:
        units.append(_Unit(old.code, old.type, old.name, start, merged_on))
    for commune in world.communes:
        begins = merged_on if commune.code == world.merger.into else start
        units.append(_Unit(commune.code, commune.type, commune.name, begins, None, commune.point))
        units += [_Unit(h.code, h.type, h.name, start) for h in commune.hamlets]
    return units


def _begin(units: Sequence[_Unit]) -> dict[str, Area]:
    areas = Area.objects.bulk_create(
        (
            Area(
                code=unit.code,
                level=_level(unit.code),
                name=unit.name,
                type=unit.type,
                sort_key=sort_key(unit.name),
                valid_from=unit.valid_from,
                valid_to=unit.valid_to,
                lat=unit.point[0] if unit.point else None,
                lon=unit.point[1] if unit.point else None,
            )
            for unit in units
        ),
        batch_size=_BATCH,
    )
    AreaName.objects.bulk_create(
        (AreaName.of(area, "" if area.level == Level.HAMLET else _DRAWN) for area in areas),
        batch_size=_BATCH,
    )
    return {area.code: area for area in areas}


def name_tiles(world: World, areas: dict[str, Area]) -> None:
    """Give every commune the letters of its tile as another name, so that they can be typed."""
    AreaAlias.objects.bulk_create(
        AreaAlias(area=areas[c.code], alias=c.sign, key=name_key(c.sign)) for c in world.communes
    )


def _children(world: World, *, merged: bool) -> dict[str, list[str]]:
    children: dict[str, list[str]] = defaultdict(list)
    for commune in world.communes:
        if commune.code == world.merger.into and not merged:
            for old in world.merger.former:
                children[world.code].append(old.code)
                children[old.code] += old.hamlet_codes
        else:
            children[world.code].append(commune.code)
            children[commune.code] += [hamlet.code for hamlet in commune.hamlets]
    children[world.code].sort()
    return children


def _publish(
    children: dict[str, list[str]],
    areas: dict[str, Area],
    province: str,
    starts: date,
    basis: str,
) -> None:
    versions = BoundaryVersion.objects.filter(tree=BoundaryVersion.ADMINISTRATIVE)
    last = versions.get(valid_to__isnull=True)
    versions.filter(pk=last.pk).update(valid_to=starts)
    version = versions.create(
        number=last.number + 1,
        valid_from=starts,
        basis=basis,
        published_at=datetime.combine(starts, time.min, HO_CHI_MINH),
    )
    ours = {area.pk for area in areas.values()}
    placed = [
        Placement(
            version=version,
            area_id=place.area_id,
            parent_id=place.parent_id,
            left=place.left,
            right=place.right,
            depth=place.depth,
        )
        for place in last.placements.order_by("left")
        if place.area_id not in ours
    ]
    root = placed[0]
    end = max((place.right for place in placed if place.parent_id == root.area_id), default=1)
    places = number_tree(
        province,
        children,
        lambda code: HAMLET_ROOM if level_of_code(code) is Level.COMMUNE else 0,
    )
    for place in places:
        parent_id = areas[place.parent].pk if place.parent else root.area_id
        placed.append(
            Placement(
                version=version,
                area=areas[place.unit],
                parent_id=parent_id,
                left=end + place.span.left,
                right=end + place.span.right,
                depth=place.depth + 1,
            )
        )
    root.right = max(root.right, end + places[0].span.right)
    Placement.objects.bulk_create(placed, batch_size=_BATCH)
    version.seal = seal(_sealed(version))
    version.save(update_fields=["seal"])


def _sealed(version: BoundaryVersion) -> Iterable[tuple[str, str | None, int, int]]:
    rows: models.QuerySet[Placement, tuple[str, str | None, int, int]]
    rows = version.placements.exclude(area__level=Level.HAMLET).values_list(
        "area__code", "parent__code", "left", "right"
    )
    return rows


def _level(code: str) -> Level:
    level = level_of_code(code)
    assert level is not None, code
    return level
