"""From a signed-in person to an actor."""

from datetime import date
from typing import cast

from django.db.models import F, Q, QuerySet
from django.utils.functional import SimpleLazyObject

from diaban.accounts.models import User
from diaban.accounts.rules import EVERYTHING, RIGHTS, Role
from diaban.agencies.selectors import answered_by
from diaban.areas.models import BoundaryVersion, Placement
from diaban.areas.models import on as in_force
from diaban.areas.selectors import version_on
from diaban.core.access import Actor, Grant, Span


def actor_of(user: User, on: date) -> Actor:
    """
    Return what `user` is and may do on that day, on that day's map.

    A role in an area that is no longer on the map gives nothing, nor one in a body that has
    ended, and neither does any role before a map was published. Whoever works for a body
    answers for those whose whole work came to it.

    Cost: one query. What a body answers for is asked when it is first looked at: one more for
    each step of succession behind it.
    """
    going_on = Q(agency=None) | Q(agency__valid_to=None) | Q(agency__valid_to__gt=on)
    held = (
        user.holdings.filter(going_on, in_force(on), area__placements__in=_places_on(on))
        .annotate(
            code=F("area__code"),
            left=F("area__placements__left"),
            right=F("area__placements__right"),
            map_id=F("area__placements__version"),
        )
        .order_by("pk")
    )
    grants = []
    agencies = set()
    map_id = 0
    for holding in held:
        span = Span(holding.left, holding.right)
        role = Role(holding.role)
        grants.append(Grant(role.value, holding.area_id, holding.code, span, RIGHTS[role]))
        map_id = holding.map_id
        if holding.agency_id is not None:
            agencies.add(holding.agency_id)
    return Actor(user.pk, user.name, tuple(grants), map_id, _answered(frozenset(agencies), on))


def _answered(agencies: frozenset[int], on: date) -> frozenset[int]:
    """Return the bodies answered for, asked of the database at the first look and no sooner."""
    if not agencies:
        return agencies
    # Most pages of a clerk show no duty and need not pay for the succession of bodies.
    return cast(frozenset[int], SimpleLazyObject(lambda: answered_by(agencies, on)))


def _places_on(day: date) -> QuerySet[Placement]:
    """Return the places of the published administrative map of `day`."""
    return Placement.objects.filter(
        Q(version__valid_to__isnull=True) | Q(version__valid_to__gt=day),
        version__tree=BoundaryVersion.ADMINISTRATIVE,
        version__published_at__isnull=False,
        version__valid_from__lte=day,
    )


def local_administrator(on: date) -> Actor:
    """Return the actor of the command line: whoever can open the database file may do all."""
    version = version_on(on)
    root = Placement.objects.select_related("area").get(version=version, parent__isnull=True)
    span = Span(root.left, root.right)
    grant = Grant("local", root.area_id, root.area.code, span, EVERYTHING)
    return Actor(None, "Quản trị tại máy chủ", (grant,), version.pk)
