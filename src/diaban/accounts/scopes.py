"""Scopes as database predicates: ranges of the area tree, never lists of keys."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Exists, Q
from django.utils import timezone

from diaban.areas.history import heirs_of
from diaban.areas.models import Area, BoundaryVersion, Placement, names_then, on
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import in_parts, known_day, span_of, version_on, within
from diaban.core.access import Actor, DataClass, Missing, Parts, Span, may, scopes
from diaban.storage.prepared import Prepared


@lru_cache(maxsize=2)
def _placed(day: date) -> Prepared[Placement]:
    """The statement that finds a unit and its place, with its name of a day; one for each day."""
    names = names_then(day, "area")
    return Prepared(
        lambda code, version: (
            Placement.objects.filter(area__code=code, version=version)
            .select_related("area")
            .annotate(**names)[:1]
        ),
        str,
        int,
    )


def in_scope(
    actor: Actor,
    action: str,
    area: str,
    *,
    above: bool = False,
    data_class: DataClass = DataClass.INTERNAL,
) -> Q:
    """
    Return the condition "`actor` may do `action` there" for a query.

    `area` is the path from the model that is asked for to its `Area` (empty for `Area`
    itself). With `above`, the areas over the scope meet it too: what a province publishes
    obliges its communes. An actor without the right matches nothing.
    """
    place = f"{area}__placements__" if area else "placements__"
    wanted = Q(pk__in=())
    for span in scopes(actor, action, data_class):
        wanted |= Q(**{f"{place}left__gte": span.left, f"{place}left__lte": span.right})
        if above:
            wanted |= Q(**{f"{place}left__lte": span.left, f"{place}right__gte": span.right})
    return Q(**{f"{place}version": actor.map_id}) & wanted


def area_of_then_visible_to(
    actor: Actor, code: str, day: date, action: str, version: BoundaryVersion | None = None
) -> Area:
    """
    Return the area that had a code on `day`, which may be gone by now.

    Whoever may do `action` in all that became of it may do it there: a divided unit is seen
    only by those who see every part.

    Raises:
        Missing: none had the code, or `actor` may not.

    Cost: three queries, two with the `version` of that day given, and one for each
    reorganisation since.
    """
    return place_of_then_visible_to(actor, code, day, action, version)[0]


def place_of_then_visible_to(
    actor: Actor, code: str, day: date, action: str, version: BoundaryVersion | None = None
) -> tuple[Area, Span]:
    """
    Return the area that had a code on `day`, and where its territory lies on today's map.

    Who may see it, what it raises and what it costs is as for `area_of_then_visible_to`. The
    interval of a divided unit reaches from its first part to its last and knows its parts: whoever
    may do something in each of them may do it there.
    """
    gone = Missing(f"Không tìm thấy địa bàn mã {code} trong phạm vi của tài khoản.")
    version = version or version_on(day)
    area = Area.objects.filter(on(known_day(day, version)), code=code).first()
    if area is None:
        raise gone
    heirs = heirs_of([area.pk])[area.pk]
    if heirs == {area.pk} and area.valid_to is not None:
        # A district has no heir of its own: what it had went with its communes.
        below = within(span_of(area, version), version)
        units = Area.objects.filter(below, level=Level.COMMUNE).values_list("pk", flat=True)
        heirs = {heir for found in heirs_of(units).values() for heir in found}
    places = Placement.objects.filter(version=actor.map_id, area__in=heirs)
    spans = [Span(*ends) for ends in places.values_list("left", "right")]
    if not spans or len(spans) < len(heirs) or not all(may(actor, action, s) for s in spans):
        raise gone
    return area, _over(spans)


def _over(spans: Collection[Span]) -> Span:
    """Return the interval of what became of a unit; of a divided one it knows its parts."""
    if len(spans) == 1:
        return next(iter(spans))
    left, right = min(one.left for one in spans), max(one.right for one in spans)
    return Parts(left, right, tuple(spans))


def area_meant_on(actor: Actor, code: str, day: date, action: str) -> tuple[Area, Span]:
    """
    Return the area that a code means on `day`, and where its territory lies on today's map.

    Today's area where it stood then, else the one that had the code, for whoever may do `action`
    in all that became of it. Where none had it, today's area: what is asked of it says why not.

    Raises:
        Missing: there is none, or `actor` may not.

    Cost: one query for an area that stood then; else as for `place_of_then_visible_to` as well.
    """
    try:
        area, span = area_visible_to(actor, code, action)
    except Missing:
        return place_of_then_visible_to(actor, code, day, action)
    if area.valid_from <= day:
        return area, span
    try:
        return place_of_then_visible_to(actor, code, day, action)
    except Missing:
        return area, span


@dataclass(frozen=True, slots=True)
class Ended:
    """A commune that is no more, what became of it, and the interval that holds every part."""

    area: Area
    heirs: tuple[Area, ...]
    span: Span


def ended_after(actor: Actor, action: str, day: date) -> list[Ended]:
    """
    Return the communes that ended after `day`, where `actor` may do `action` in all heirs.

    Ordered by code. Cost: three queries and one for each reorganisation since; ask
    `reorganised_after` beside another query first.
    """
    gone = Area.objects.filter(
        level=Level.COMMUNE.value, valid_to__gt=day, valid_to__lte=timezone.localdate()
    ).order_by("code")
    units = list(gone)
    heirs = heirs_of([one.pk for one in units])
    places = _places_of({key for keys in heirs.values() for key in keys}, actor)
    found = []
    for unit in units:
        parts = [places[key] for key in sorted(heirs[unit.pk]) if key in places]
        if not parts or len(parts) < len(heirs[unit.pk]):
            continue
        hull = _over([Span(part.left, part.right) for part in parts])
        if may(actor, action, hull):
            found.append(Ended(unit, tuple(part.area for part in parts), hull))
    return found


def _places_of(keys: Collection[int], actor: Actor) -> dict[int, Placement]:
    places = Placement.objects.filter(version=actor.map_id).select_related("area")
    return {
        place.area_id: place for part in in_parts(keys) for place in places.filter(area__in=part)
    }


def reorganised_after(day: date) -> Exists:
    """Return the condition "the map has changed after `day`", to be asked beside a query."""
    return Exists(
        BoundaryVersion.objects.filter(
            tree=BoundaryVersion.ADMINISTRATIVE,
            published_at__isnull=False,
            valid_from__gt=day,
            valid_from__lte=timezone.localdate(),
        )
    )


def area_visible_to(actor: Actor, code: str, action: str) -> tuple[Area, Span]:
    """
    Return the area of that code on today's map, with its interval.

    Raises:
        Missing: there is none, or `actor` may not do `action` there.

    Cost: one query.
    """
    placement: Any = _placed(timezone.localdate()).first(code, actor.map_id or 0)
    if placement is not None:
        span = Span(placement.left, placement.right)
        if may(actor, action, span):
            area: Area = placement.area
            # Today's name: one that a published change gives later is not shown early.
            area.__dict__["name_then"] = placement.name_then
            area.__dict__["type_then"] = placement.type_then
            return area, span
    raise Missing(f"Không tìm thấy địa bàn mã {code} trong phạm vi của tài khoản.")
