"""Units as a drawing: their outlines where an authority's map was loaded, else their points."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, Max

from diaban.areas.models import BoundaryVersion, Outline
from diaban.areas.rules.drawing import (
    HOANG_SA,
    NATION,
    TRUONG_SA,
    Box,
    Frame,
    archipelago,
    box_around,
    frame_for,
    path_of,
)
from diaban.areas.rules.outlines import Point

# Points of the drawing. Four thousand communes are drawn coarser: they are seen from farther.
SIZE: Final = 800
COARSE: Final = 560
_MANY: Final = 1000
_KEPT_FOR: Final = 86_400
_INSET: Final = 190
NAMES: Final = {HOANG_SA: "Quần đảo Hoàng Sa", TRUONG_SA: "Quần đảo Trường Sa"}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be drawn: its key, and one point inside in degrees where it is known."""

    area: int
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the sea, with the box around what it names, in points of the drawing."""

    text: str
    x: int
    y: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """
    Units as paths or points of a drawing `width` x `height`.

    `paths` by key where there are outlines; `points` by key, of every unit whose point is
    known: where its sign stands, or the dot itself. `outlined`: paths are there.
    """

    width: int
    height: int
    paths: dict[int, str]
    points: dict[int, tuple[int, int]]
    labels: tuple[Label, ...]
    outlined: bool


def stamped_versions() -> list[BoundaryVersion]:
    """
    Return the published maps, the oldest first, with what tells whether outlines changed.

    `last_outline`, `outlines_kept`: the newest key and the number of their outlines. One query.
    """
    published = BoundaryVersion.objects.filter(
        tree=BoundaryVersion.ADMINISTRATIVE, published_at__isnull=False
    )
    return list(
        published.annotate(
            last_outline=Max("outlines__pk"), outlines_kept=Count("outlines__pk")
        ).order_by("valid_from")
    )


def drawing_of(version: BoundaryVersion, places: Sequence[Place], *, nation: bool) -> Drawing:
    """
    Return units as a drawing; of the whole `nation` with both archipelagos in their place.

    A unit without an outline on this map is a point.

    `version` is one of `stamped_versions`. Cost: one query the first time, none after that.
    """
    keys = {place.area for place in places}
    stamp = f"{version.last_outline}.{version.outlines_kept}"  # type: ignore[attr-defined]
    name = f"diaban.drawing.{version.pk}.{stamp}.{hash(frozenset(keys))}"
    kept: Drawing | None = cache.get(name)
    if kept is not None:
        return kept
    outlines = _outlines(version, keys)
    drawn = _drawn(places, outlines, nation=nation)
    cache.set(name, drawn, _KEPT_FOR)
    return drawn


def _outlines(version: BoundaryVersion, keys: Collection[int]) -> dict[int, Any]:
    rows = Outline.objects.filter(version=version)
    if len(keys) <= _MANY:
        rows = rows.filter(area__in=keys)
    return {key: found for key, found in rows.values_list("area_id", "polygons") if key in keys}


def _drawn(places: Sequence[Place], outlines: dict[int, Any], *, nation: bool) -> Drawing:
    size = COARSE if len(places) > _MANY else SIZE
    known = [
        (place, place.lon, place.lat)
        for place in places
        if place.lon is not None and place.lat is not None
    ]
    if nation:
        frame = frame_for(NATION, size, size)
        paths = {key: path_of(found, frame) for key, found in outlines.items()}
        points = {place.area: frame.point(lon, lat) for place, lon, lat in known}
        labels = tuple(_label(box, frame) for box in (HOANG_SA, TRUONG_SA))
        return Drawing(frame.width, frame.height, paths, points, labels, bool(paths))
    return _province(known, outlines, size)


def _province(
    known: Sequence[tuple[Place, float, float]], outlines: dict[int, Any], size: int
) -> Drawing:
    """A province is drawn large; what it has in the far sea stands in a box of its own."""
    corners: list[Point] = [
        point
        for found in outlines.values()
        for polygon in found
        for point in polygon[0]
        if archipelago(*polygon[0][0]) is None
    ] or [(lon, lat) for _, lon, lat in known if archipelago(lon, lat) is None]
    far = {
        box
        for box in [archipelago(lon, lat) for _, lon, lat in known]
        + [archipelago(*polygon[0][0]) for found in outlines.values() for polygon in found]
        if box is not None
    }
    main = frame_for(box_around(corners) or NATION, size, size)
    insets: dict[Box, Frame] = {}
    top = 20
    for box in sorted(far, key=lambda box: -box.north):
        insets[box] = frame_for(box, _INSET, _INSET, left=main.width + 20, top=top + 20)
        top += insets[box].height + 50
    width = main.width + (_INSET + 30 if insets else 0)

    def framed(lon: float, lat: float) -> Frame:
        box = archipelago(lon, lat)
        return main if box is None else insets[box]

    paths = {
        key: "".join(path_of([polygon], framed(*polygon[0][0])) for polygon in found)
        for key, found in outlines.items()
    }
    points = {place.area: framed(lon, lat).point(lon, lat) for place, lon, lat in known}
    labels = tuple(_label(box, frame) for box, frame in insets.items())
    return Drawing(width, max(main.height, top), paths, points, labels, bool(paths))


def _label(box: Box, frame: Frame) -> Label:
    left, top = frame.point(box.west, box.north)
    right, bottom = frame.point(box.east, box.south)
    return Label(NAMES[box], left, top - 5, left, top, right - left, bottom - top)
