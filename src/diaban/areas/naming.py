"""
Keeping `Area.former`: the names before the latest beside the unit that bore them.

Whoever writes an `AreaName` calls `keep_former`; a check compares both (`checks`).
"""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from django.db.models import QuerySet

from diaban.areas.models import Area, AreaName
from diaban.areas.selectors import in_parts

Former = list[list[str]] | None


def keep_former(keys: Iterable[int]) -> None:
    """Write the names before the latest of units beside them."""
    for part in in_parts(keys):
        fresh = former_of(AreaName.objects.filter(area__in=part))
        for key, kept in Area.objects.filter(pk__in=part).values_list("pk", "former"):
            if kept != fresh.get(key):
                Area.objects.filter(pk=key).update(former=fresh.get(key))


def former_of(names: QuerySet[AreaName]) -> dict[int, Former]:
    """Return by unit what `Area.former` should hold; units with one name have None."""
    rows = names.order_by("area_id", "valid_from").values_list(
        "area_id", "valid_to", "type", "name"
    )
    found: dict[int, Former] = {}
    for area, group in groupby(rows.iterator(), key=itemgetter(0)):
        former = [
            [until.isoformat(), type_word, name]
            for _, until, type_word, name in list(group)[:-1]
            if until is not None
        ]
        found[area] = former or None
    return found
