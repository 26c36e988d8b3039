"""From a signed-in person to an actor."""

from datetime import date

from django.db.models import F, Q

from diaban.accounts.models import User
from diaban.accounts.rules import EVERYTHING, RIGHTS, Role
from diaban.areas.models import Placement
from diaban.areas.selectors import version_on
from diaban.core.access import Actor, Grant, Span


def actor_of(user: User, on: date) -> Actor:
    """
    Return what `user` is and may do on that day, on that day's map.

    A role in an area that is no longer on the map gives nothing.

    Cost: two queries.
    """
    version = version_on(on)
    held = (
        user.holdings.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
        .filter(area__placements__version=version)
        .annotate(
            code=F("area__code"),
            left=F("area__placements__left"),
            right=F("area__placements__right"),
        )
        .order_by("pk")
    )
    grants = []
    agencies = set()
    for holding in held:
        span = Span(holding.left, holding.right)
        role = Role(holding.role)
        grants.append(Grant(role.value, holding.area_id, holding.code, span, RIGHTS[role]))
        if holding.agency_id is not None:
            agencies.add(holding.agency_id)
    return Actor(user.pk, user.name, tuple(grants), version.pk, frozenset(agencies))


def local_administrator(on: date) -> Actor:
    """Return the actor of the command line: whoever can open the database file may do all."""
    version = version_on(on)
    root = Placement.objects.select_related("area").get(version=version, parent__isnull=True)
    span = Span(root.left, root.right)
    grant = Grant("local", root.area_id, root.area.code, span, EVERYTHING)
    return Actor(None, "Quản trị tại máy chủ", (grant,), version.pk)
