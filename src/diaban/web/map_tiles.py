"""The map of a day whose boundaries were never loaded: named tiles, grouped by what holds them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from diaban.areas.mapping import Drawing
from diaban.areas.models import Area
from diaban.areas.regions import regions_on
from diaban.areas.rules.levels import Level

# A district had up to 50 communes and a province up to 600; more than this nobody reads as tiles.
MOST_TILES: Final = 600


def tile_groups(
    places: Sequence[Any], rows: Sequence[Mapping[str, Any]], drawing: Drawing, day: date
) -> list[dict[str, Any]]:
    """
    Return the units of a map without outlines in groups with a title, from north to south.

    Provinces stand by region, communes by the unit above. Empty where the map has outlines, or
    too many units to name.
    """
    if drawing.outlined or len(places) > MOST_TILES:
        return []
    regions = regions_on(day)
    found: dict[str, list[tuple[float, Mapping[str, Any]]]] = {}
    if any(place.area.level == Level.PROVINCE for place in places):
        found = {title: [] for title in dict.fromkeys(regions.values())}
    for place, row in zip(places, rows, strict=True):
        title = (
            regions.get(place.area.code, _("Vùng khác"))
            if place.area.level == Level.PROVINCE
            else str(row["above"])
        )
        found.setdefault(title, []).append((_south(place.area), row))
    return [
        {"title": title, "tiles": [row for _south, row in sorted(tiles, key=lambda one: one[0])]}
        for title, tiles in found.items()
        if tiles
    ]


def _south(area: Area) -> float:
    return 0.0 if area.lat is None else -area.lat
