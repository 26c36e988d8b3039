"""
Loading the units that are built in: two boundary versions and the changes of name since.

The tables are in `data/` with their sources; `tools/build_units.py` makes them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from diaban.areas.builtin import Unit, read_crosswalk, read_toml, read_units
from diaban.areas.models import (
    Area,
    AreaAlias,
    AreaName,
    AreaQuerySet,
    BoundaryVersion,
    Placement,
    Succession,
)
from diaban.areas.naming import keep_former
from diaban.areas.rows import insert_rows
from diaban.areas.rules.codes import NATION_CODE, level_of_code
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import HAMLET_ROOM, number_tree, seal
from diaban.core.text import sort_key, tone_key

_BATCH = 1000

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loading added to the database; all zero when everything was there."""

    versions: int = 0
    areas: int = 0
    names: int = 0
    successions: int = 0


@transaction.atomic
def load_builtin_units(progress: Progress | None = None) -> Loaded:
    """
    Bring the database to the built-in list of units; what is there already is left alone.

    `progress` is told each step in Vietnamese. One transaction: either all of it is there
    afterwards or nothing was changed.

    Cost: under 5 s into an empty database, three queries when there is nothing to do.
    """
    say = progress or (lambda step: None)
    before = Area.objects.count(), AreaName.objects.count(), Succession.objects.count()
    known = set(
        BoundaryVersion.objects.filter(tree=BoundaryVersion.ADMINISTRATIVE).values_list(
            "number", flat=True
        )
    )
    added = [act for act in read_toml("acts.toml")["version"] if act["number"] not in known]
    for act in added:
        _load_version(act, say)
    _load_changes(read_toml("changes-2026.toml")["change"], say)
    if added:
        _load_aliases(read_toml("aliases.toml")["aliases"])
        _tell_the_planner()
    after = Area.objects.count(), AreaName.objects.count(), Succession.objects.count()
    areas, names, successions = (now - then for now, then in zip(after, before, strict=True))
    return Loaded(len(added), areas, names, successions)


def _load_version(act: dict[str, Any], say: Progress) -> None:
    starts: date = act["valid_from"]
    say(f"Đơn vị hành chính từ ngày {starts:%d/%m/%Y}")
    units = [Unit(NATION_CODE, "", "", "Việt Nam", 16.0, 106.0), *read_units(act["units"])]
    crosswalk = read_crosswalk(act["successions"]) if "successions" in act else []
    came_anew = {new for _, new, _ in crosswalk}
    before = {area.code: area for area in _living()}
    # A unit of the new list that came from nothing is the old unit of that code, carried on.
    carried = {
        unit.code: before[unit.code]
        for unit in units
        if unit.code in before and unit.code not in came_anew
    }

    _end_all_but(carried, starts)
    begun = _begin([unit for unit in units if unit.code not in carried], starts)
    areas = carried | begun
    basis = _basis_of(act, units)
    _name_anew([unit for unit in units if unit.code in carried], carried, basis, starts)
    insert_rows(
        AreaName,
        ("area", "level", "name", "type", "key", "valid_from", "basis"),
        (
            (
                begun[unit.code].pk,
                begun[unit.code].level,
                unit.name,
                unit.type,
                name_key(unit.name),
                starts,
                basis(unit.code),
            )
            for unit in units
            if unit.code in begun
        ),
    )
    insert_rows(
        Succession,
        ("old", "new", "on", "partial", "weight", "basis"),
        (
            (before[old].pk, areas[new].pk, starts, partial, None if partial else 1, basis(new))
            for old, new, partial in crosswalk
        ),
    )
    _publish(act, units, areas)


def _end_all_but(carried: dict[str, Area], on: date) -> None:
    ended = _living().exclude(code__in=carried)
    AreaName.objects.filter(valid_to__isnull=True, area__in=ended).update(valid_to=on)
    ended.update(valid_to=on)


def _living() -> AreaQuerySet:
    """Return the units without an end; those of other hierarchies end by their own lists."""
    return Area.objects.filter(valid_to__isnull=True).exclude(level=Level.SECTOR)


def _begin(units: Iterable[Unit], on: date) -> dict[str, Area]:
    areas = Area.objects.bulk_create(
        (
            Area(
                code=unit.code,
                level=_level(unit.code),
                name=unit.name,
                type=unit.type,
                sort_key=sort_key(unit.name),
                valid_from=on,
                lat=unit.lat,
                lon=unit.lon,
            )
            for unit in units
        ),
        batch_size=_BATCH,
    )
    return {area.code: area for area in areas}


def _name_anew(
    units: Iterable[Unit], areas: dict[str, Area], basis: Callable[[str], str], on: date
) -> None:
    """Give carried units their name of the new list; a mere spelling is no new name."""
    renamed = []
    for unit in units:
        area = areas[unit.code]
        if (area.name, area.type) == (unit.name, unit.type):
            continue
        if (tone_key(area.name), area.type) == (tone_key(unit.name), unit.type):
            area.names.filter(valid_to__isnull=True).update(name=unit.name)
        else:
            _rename(area, unit.name, unit.type, on, basis(unit.code))
            renamed.append(area.pk)
        area.name, area.type, area.sort_key = unit.name, unit.type, sort_key(unit.name)
        area.save(update_fields=["name", "type", "sort_key"])
    keep_former(renamed)


def _rename(area: Area, name: str, type_word: str, on: date, basis: str) -> None:
    area.names.filter(valid_to__isnull=True).update(valid_to=on)
    area.names.create(name=name, type=type_word, key=name_key(name), valid_from=on, basis=basis)


def _publish(act: dict[str, Any], units: list[Unit], areas: dict[str, Area]) -> None:
    starts: date = act["valid_from"]
    versions = BoundaryVersion.objects.filter(tree=BoundaryVersion.ADMINISTRATIVE)
    versions.filter(valid_to__isnull=True).update(valid_to=starts)
    children: dict[str, list[str]] = defaultdict(list)
    for unit in sorted(units, key=lambda unit: unit.code):
        if unit.parent:
            children[unit.parent].append(unit.code)
    places = number_tree(
        NATION_CODE,
        children,
        lambda code: HAMLET_ROOM if level_of_code(code) is Level.COMMUNE else 0,
    )
    version = versions.create(
        number=act["number"],
        valid_from=starts,
        basis=act["basis"],
        published_at=timezone.make_aware(datetime.combine(starts, time.min)),
        seal=seal((p.unit, p.parent, p.span.left, p.span.right) for p in places),
    )
    insert_rows(
        Placement,
        ("version", "area", "parent", "left", "right", "depth"),
        (
            (
                version.pk,
                areas[place.unit].pk,
                areas[place.parent].pk if place.parent else None,
                place.span.left,
                place.span.right,
                place.depth,
            )
            for place in places
        ),
    )


def _load_changes(changes: list[dict[str, Any]], say: Progress) -> None:
    """Add the name spans that are not there yet, in the order of the file."""
    there = set(
        AreaName.objects.filter(
            valid_from__in={change["valid_from"] for change in changes}
        ).values_list("area__code", "valid_from")
    )
    for change in changes:
        starts: date = change["valid_from"]
        codes = [code for code in change["codes"] if (code, starts) not in there]
        if not codes:
            continue
        say(f"{change['basis']}, từ ngày {starts:%d/%m/%Y}: {len(codes)} đơn vị")
        # A unit that the installation itself has changed meanwhile is left as it is.
        for area in Area.objects.on(starts).filter(code__in=codes, type=change["old_type"]):
            _rename(area, area.name, change["new_type"], starts, change["basis"])
            area.type = change["new_type"]
            area.save(update_fields=["type"])
        keep_former(Area.objects.filter(code__in=codes).values_list("pk", flat=True))


def _load_aliases(aliases: dict[str, list[str]]) -> None:
    AreaAlias.objects.bulk_create(
        AreaAlias(area=area, alias=alias, key=name_key(alias))
        for area in Area.objects.filter(code__in=aliases).order_by("pk")
        for alias in aliases[area.code]
    )


def _tell_the_planner() -> None:
    """
    Have PostgreSQL count what was just loaded.

    Until it has, it takes the tables for empty and joins 24,000 rows with 24,000 by trying
    each pair: minutes for a query of milliseconds.
    """
    if connection.vendor == "postgresql":
        tables = (Area, AreaName, AreaAlias, BoundaryVersion, Placement, Succession)
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ANALYZE {connection.ops.quote_name(table._meta.db_table)}")


def _basis_of(act: dict[str, Any], units: list[Unit]) -> Callable[[str], str]:
    """Return the act behind a unit of this version: its own province's, if acts are by province."""
    by_province: dict[str, str] = act.get("communes", {})
    parent = {unit.code: unit.parent for unit in units}

    def basis(code: str) -> str:
        if level_of_code(code) is Level.PROVINCE:
            return str(act.get("provinces", act["basis"]))
        return by_province.get(parent[code]) or str(act["basis"])

    return basis


def _level(code: str) -> Level:
    level = level_of_code(code)
    if level is None:
        raise ValueError(f"{code!r} has the shape of no level's code")
    return level
