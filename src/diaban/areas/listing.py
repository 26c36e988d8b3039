"""The map as a list: taking it out, comparing it with a list, and loading outlines."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count

from diaban.areas.models import BoundaryVersion, Outline, Placement
from diaban.areas.permissions import REORGANISE
from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import LEVEL_NAMES, Level
from diaban.areas.rules.listings import Listed
from diaban.areas.rules.outlines import bad_outlines, outlines_of
from diaban.areas.selectors import known_day, names_on, version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Span, require

_BATCH = 500


def listing_on(day: date, *, hamlets: bool = False) -> dict[str, Listed]:
    """
    Return the units of a day by code in tree order, as they were called on it.

    Cost: two queries and one for each 5,000 units.
    """
    version = version_on(day)
    places = Placement.objects.filter(version=version).order_by("left")
    if not hamlets:
        places = places.exclude(area__level=Level.HAMLET)
    rows = list(places.values_list("area_id", "area__code", "parent__code"))
    known = known_day(day, version)
    names = names_on((key, known) for key, _, _ in rows)
    return {
        code: Listed(code, parent or "", names[key, known].type_word, names[key, known].name)
        for key, code, parent in rows
    }


@transaction.atomic
def load_outlines(
    *, actor: Actor, topology: Any, on: date, at: datetime, besides: Collection[str] = ()
) -> dict[Level, int]:
    """
    Keep the outlines of a TopoJSON file for the map of a day; return how many by level.

    What was loaded before for these levels is replaced. For each level in the file, every unit
    of the map must be there and no other: half a map is refused. Units `besides`, by their codes,
    and those below them may be missing: a place of one's own that no authority has drawn.

    Raises:
        Missing, NotAllowed: `actor` may not change the map.
        BadOutlines: the file cannot be read or does not fit; codes are named, nothing is loaded.
    """
    version = version_on(on)
    _require_whole_map(actor)
    found = outlines_of(topology)
    levels = {level_of_code(code) for code in found}
    keys = dict(
        Placement.objects.filter(version=version, area__level__in=levels - {None}).values_list(
            "area__code", "area_id"
        )
    )
    errors = [f"mã {code} không có trên bản đồ này" for code in sorted(found) if code not in keys]
    missing = sorted(set(keys) - set(found) - _at_or_below(besides, version))
    errors += [f"thiếu hình của mã {code}" for code in missing]
    if errors or not found:
        hint = _how_to_leave_out(missing, version) if missing and found else ""
        raise bad_outlines(errors or ["tệp không có hình nào"], hint=hint)
    Outline.objects.filter(version=version, area__level__in=levels).delete()
    Outline.objects.bulk_create(
        (
            Outline(version=version, area_id=keys[code], polygons=polygons)
            for code, polygons in found.items()
        ),
        batch_size=_BATCH,
    )
    counts = {
        level: sum(level_of_code(code) is level for code in found)
        for level in LEVEL_NAMES
        if level in levels
    }
    record(
        actor=actor,
        action="areas.outlines.loaded",
        subject=version,
        at=at,
        detail={level.value: count for level, count in counts.items()},
    )
    return counts


def _how_to_leave_out(missing: Sequence[str], version: BoundaryVersion) -> str:
    """Return the options that leave out what is missing, by whole units above where all is."""
    places = Placement.objects.filter(version=version)
    above = dict(places.filter(area__code__in=missing).values_list("area__code", "parent__code"))
    lacking = Counter(above.values())
    having = dict(
        places.filter(parent__code__in=set(above.values()))
        .exclude(area__level=Level.HAMLET)
        .values_list("parent__code")
        .annotate(n=Count("pk"))
    )
    whole = {code for code, n in lacking.items() if having.get(code) == n}
    codes = sorted({above[code] if above[code] in whole else code for code in missing})
    options = " ".join(f"--except {code}" for code in codes[:3])
    return (
        "Đơn vị không có trong tệp thì ghi thêm tùy chọn (mỗi mã kể cả các đơn vị bên dưới): "
        f"{options}{' …' if len(codes) > 3 else ''}"
    )


def _at_or_below(codes: Collection[str], version: BoundaryVersion) -> set[str]:
    found: set[str] = set()
    for left, right in Placement.objects.filter(version=version, area__code__in=codes).values_list(
        "left", "right"
    ):
        below = Placement.objects.filter(version=version, left__gte=left, left__lte=right)
        found |= set(below.values_list("area__code", flat=True))
    return found


def _require_whole_map(actor: Actor) -> None:
    root = BoundaryVersion.objects.get(pk=actor.map_id).placements.get(parent=None)
    require(actor, REORGANISE, Span(root.left, root.right), see="areas.see_area")
