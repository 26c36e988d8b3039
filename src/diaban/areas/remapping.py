"""Writing a reorganisation: ends, new units, names, the crosswalk, and the new map."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from diaban.areas.change_reading import open_version
from diaban.areas.journal import Journal
from diaban.areas.models import (
    Area,
    AreaName,
    BoundaryVersion,
    Change,
    Placement,
    Succession,
)
from diaban.areas.naming import keep_former
from diaban.areas.rows import insert_rows
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import name_key
from diaban.areas.rules.operations import Planned, Unit
from diaban.areas.rules.tree import HAMLET_ROOM, number_tree, seal
from diaban.core.text import sort_key


def write(change: Change, planned: Planned, journal: Journal, at: datetime) -> list[int]:
    """Write what was planned; return the keys of the units that were made."""
    on_day, basis = change.effective_on, change.basis
    ended = Area.objects.in_bulk(planned.ended)
    for key in planned.ended:
        for name in AreaName.objects.filter(area=key, valid_to=None):
            journal.alter(name, valid_to=on_day)
        journal.alter(ended[key], valid_to=on_day)
    for key in planned.renamed:
        _rename(planned.after[key], on_day, basis, journal)
    real = _begin([planned.after[key] for key in planned.begun], on_day, basis, journal)
    lines = Succession.objects.bulk_create(
        Succession(
            old_id=line.old,
            new_id=real.get(line.new, line.new),
            on=on_day,
            partial=line.partial,
            weight=line.weight,
            basis=basis,
        )
        for line in planned.lines
    )
    journal.made(Succession, [line.pk for line in lines])
    if planned.new_map:
        change.version = _publish_map(change, planned.after, real, journal, at)
    return list(real.values())


def _rename(unit: Unit, on_day: date, basis: str, journal: Journal) -> None:
    area = Area.objects.get(pk=unit.key)
    journal.alter(area.names.get(valid_to=None), valid_to=on_day)
    name = AreaName(
        area=area,
        name=unit.name,
        type=unit.type,
        key=name_key(unit.name),
        valid_from=on_day,
        basis=basis,
    )
    name.save()
    journal.made(AreaName, [name.pk])
    journal.alter(area, name=unit.name, type=unit.type, sort_key=sort_key(unit.name))
    # Follows from the names; undoing settles it again.
    keep_former([area.pk])


def _begin(begun: Sequence[Unit], on_day: date, basis: str, journal: Journal) -> dict[int, int]:
    """Make the new units and their names; returns their real keys by those of the plan."""
    areas = Area.objects.bulk_create(
        Area(
            code=unit.code,
            level=unit.level,
            name=unit.name,
            type=unit.type,
            sort_key=sort_key(unit.name),
            valid_from=on_day,
        )
        for unit in begun
    )
    AreaName.objects.bulk_create(AreaName.of(area, basis) for area in areas)
    # Names go with their areas; a line for each would say nothing more.
    journal.made(Area, [area.pk for area in areas])
    return {unit.key: area.pk for unit, area in zip(begun, areas, strict=True)}


def _publish_map(
    change: Change,
    after: Mapping[int, Unit],
    real: Mapping[int, int],
    journal: Journal,
    at: datetime,
) -> BoundaryVersion:
    """Number the new tree and publish it; the map before ends on the effective day."""
    last = open_version()
    journal.alter(last, valid_to=change.effective_on)
    # Hamlets set up for the effective day or after stood on the map before while it was open;
    # now it ends before they begin, and only the new map has them.
    journal.remove(
        last.placements.filter(area__level=Level.HAMLET, area__valid_from__gte=change.effective_on)
    )
    children: dict[str, list[str]] = defaultdict(list)
    root = ""
    for key, unit in sorted(after.items(), key=lambda item: (item[1].code, item[0])):
        if unit.parent is None:
            root = str(key)
        else:
            children[str(unit.parent)].append(str(key))
    places = number_tree(
        root,
        children,
        lambda key: HAMLET_ROOM if after[int(key)].level is Level.COMMUNE else 0,
    )
    version = BoundaryVersion.objects.create(
        tree=last.tree,
        number=last.number + 1,
        valid_from=change.effective_on,
        published_at=at,
        basis=change.basis,
        seal=seal(
            (
                after[int(place.unit)].code,
                after[int(place.parent)].code if place.parent else None,
                place.span.left,
                place.span.right,
            )
            for place in places
            if after[int(place.unit)].level is not Level.HAMLET
        ),
    )
    journal.made(BoundaryVersion, [version.pk])
    insert_rows(
        Placement,
        ("version", "area", "parent", "left", "right", "depth"),
        (
            (
                version.pk,
                real.get(int(place.unit), int(place.unit)),
                real.get(int(place.parent), int(place.parent)) if place.parent else None,
                place.span.left,
                place.span.right,
                place.depth,
            )
            for place in places
        ),
    )
    return version
