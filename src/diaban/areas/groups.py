"""Groups of units: who belongs to one on a day, and listing them."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from diaban.areas.models import Area, AreaGroup, AreaGroupMember, on
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below


def group_named(area: Area, key: str, name: str, level: Level, *, everyone: bool) -> AreaGroup:
    """Return the group of that key below `area`, a new one when there is none."""
    group, _made = AreaGroup.objects.get_or_create(
        area=area,
        key=key[:200],
        defaults={"name": name[:200], "level": level.value, "everyone": everyone},
    )
    return group


def members_on(group: AreaGroup, day: date) -> QuerySet[Area]:
    """Return the units of a group on `day`; for an `everyone` group all below its area."""
    if group.everyone:
        return below(group.area, day, Level(group.level))
    holds = Q(group_memberships__valid_from__lte=day) & (
        Q(group_memberships__valid_to__isnull=True) | Q(group_memberships__valid_to__gt=day)
    )
    return Area.objects.filter(on(day)).filter(holds, group_memberships__group=group)


def list_members(group: AreaGroup, keys: Collection[int], day: date) -> int:
    """
    Make a group consist of these areas from `day` on; who leaves is closed, not deleted.

    Returns how many came or left. The same list again changes nothing.
    """
    open_now = dict(group.members.filter(valid_to__isnull=True).values_list("area_id", "pk"))
    leaving = [pk for area, pk in open_now.items() if area not in keys]
    left = group.members.filter(pk__in=leaving)
    left.filter(valid_from__gte=day).delete()
    left.filter(valid_from__lt=day).update(valid_to=day)
    coming = [key for key in keys if key not in open_now]
    AreaGroupMember.objects.bulk_create(
        AreaGroupMember(group=group, area_id=key, valid_from=day) for key in coming
    )
    return len(leaving) + len(coming)
