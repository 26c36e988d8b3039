"""Scopes as database predicates: ranges of the area tree, never lists of keys."""

from django.db.models import Q

from diaban.areas.models import Area, Placement
from diaban.core.access import Actor, DataClass, Missing, Span, may, scopes
from diaban.storage.prepared import Prepared

_PLACED = Prepared(
    lambda code, version: Placement.objects.filter(area__code=code, version=version).select_related(
        "area"
    )[:1],
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


def area_visible_to(actor: Actor, code: str, action: str) -> tuple[Area, Span]:
    """
    Return the area of that code on today's map, with its interval.

    Raises:
        Missing: there is none, or `actor` may not do `action` there.

    Cost: one query.
    """
    placement = _PLACED.first(code, actor.map_id or 0)
    if placement is not None:
        span = Span(placement.left, placement.right)
        if may(actor, action, span):
            return placement.area, span
    raise Missing(f"Không tìm thấy địa bàn mã {code} trong phạm vi của tài khoản.")
