"""Units as a drawing: their outlines where an authority's map was loaded, else their points."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Count, Max

from diaban.areas.models import BoundaryVersion, Outline
from diaban.areas.rules.drawing import (
    HOANG_SA,
    HOANG_SA_ISLETS,
    NATION,
    TRUONG_SA,
    TRUONG_SA_ISLETS,
    Box,
    Frame,
    archipelago,
    box_of,
    far_groups,
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
# Degrees between what lies together: outlines of neighbours touch, their points do not.
_CELL: Final = 0.1
_APART: Final = 0.25
NAMES: Final = {HOANG_SA: "Quần đảo Hoàng Sa", TRUONG_SA: "Quần đảo Trường Sa"}
ISLETS: Final = {HOANG_SA: HOANG_SA_ISLETS, TRUONG_SA: TRUONG_SA_ISLETS}


@dataclass(frozen=True, slots=True)
class Place:
    """A unit to be drawn: its key, one point inside in degrees where it is known, its name."""

    area: int
    lon: float | None
    lat: float | None
    name: str = ""


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
    known: where its sign stands, or the dot itself. `islets` are points of the archipelagos
    where nothing outlines them. `outlined`: paths are there.
    """

    width: int
    height: int
    paths: dict[int, str]
    points: dict[int, tuple[int, int]]
    labels: tuple[Label, ...]
    islets: tuple[tuple[int, int], ...]
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
    name = f"diaban.drawn.{version.pk}.{stamp}.{hash(frozenset(keys))}"
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
        labels = tuple(_label(box, frame, NAMES[box]) for box in (HOANG_SA, TRUONG_SA))
        islets = (
            ()
            if paths
            else tuple(
                frame.point(*point) for box in (HOANG_SA, TRUONG_SA) for point in ISLETS[box]
            )
        )
        return Drawing(frame.width, frame.height, paths, points, labels, islets, bool(paths))
    return _province(known, outlines, size)


def _province(
    known: Sequence[tuple[Place, float, float]], outlines: dict[int, Any], size: int
) -> Drawing:
    """
    A province is drawn large; what it has far off stands in boxes of its own.

    That is what belongs to an archipelago, and islands by which all else would shrink.
    """
    pieces = _pieces(known, outlines)
    home = [archipelago(*piece.corner) for piece in pieces]
    near = [piece for piece, box in zip(pieces, home, strict=True) if box is None]
    far = [
        [near[number] for number in group]
        for group in far_groups([piece.box for piece in near], _CELL if outlines else _APART)
    ]
    apart = {piece for group in far for piece in group}
    rest = [piece.box for piece in near if piece not in apart]
    main = frame_for(_roomy(box_of(rest), 0.02) if rest else NATION, size, size)

    frames: dict[Piece, Frame] = {}
    labels: list[Label] = []
    islets: list[tuple[int, int]] = []
    left, top = main.width + 20, 20

    def stand(box: Box, most: float = math.inf) -> Frame:
        nonlocal top
        frame = frame_for(box, _INSET, _INSET, left=left, top=top + 20, most=most)
        top += frame.height + 50
        return frame

    for sea in sorted({box for box in home if box is not None}, key=lambda box: -box.north):
        frame = stand(sea)
        frames |= {piece: frame for piece, box in zip(pieces, home, strict=True) if box == sea}
        labels.append(_label(sea, frame, NAMES[sea]))
        islets += [] if outlines else [frame.point(*point) for point in ISLETS[sea]]
    named = {place.area: place.name for place, _, _ in known}
    for group in far:
        box = _roomy(box_of(piece.box for piece in group), 0.15, least=0.08)
        frame = stand(box, most=3 * main.scale)
        frames |= dict.fromkeys(group, frame)
        units = dict.fromkeys(named.get(piece.area, "") for piece in group)
        labels.append(_label(box, frame, next(iter(units)) if len(units) == 1 else ""))

    by_unit: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_unit[piece.area].append(piece)
    paths = {
        key: "".join(
            path_of([polygon], frames.get(piece, main))
            for polygon, piece in zip(found, by_unit[key], strict=True)
        )
        for key, found in outlines.items()
    }
    points = {}
    for place, lon, lat in known:
        own = next((one for one in by_unit[place.area] if one.box.holds(lon, lat)), None)
        points[place.area] = (main if own is None else frames.get(own, main)).point(lon, lat)
    width = main.width + (_INSET + 30 if labels else 0)
    return Drawing(
        width, max(main.height, top), paths, points, tuple(labels), tuple(islets), bool(paths)
    )


@dataclass(frozen=True, slots=True)
class Piece:
    """One polygon of a unit by its number, or its point: what stands in one frame."""

    area: int
    number: int
    box: Box
    corner: Point


def _pieces(known: Sequence[tuple[Place, float, float]], outlines: dict[int, Any]) -> list[Piece]:
    found = []
    for key, polygons in outlines.items():
        for number, polygon in enumerate(polygons):
            lons, lats = [lon for lon, _ in polygon[0]], [lat for _, lat in polygon[0]]
            box = Box(min(lons), min(lats), max(lons), max(lats))
            found.append(Piece(key, number, box, tuple(polygon[0][0])))
    found += [
        Piece(place.area, 0, Box(lon, lat, lon, lat), (lon, lat))
        for place, lon, lat in known
        if place.area not in outlines
    ]
    return found


def _roomy(box: Box, margin: float, least: float = 0.0) -> Box:
    """Return a rectangle with some room around, at least so many degrees on each side."""
    room = margin * max(box.east - box.west, box.north - box.south, 0.05)
    across = max(room, (least - (box.east - box.west)) / 2)
    down = max(room, (least - (box.north - box.south)) / 2)
    return Box(box.west - across, box.south - down, box.east + across, box.north + down)


def _label(box: Box, frame: Frame, text: str) -> Label:
    left, top = frame.point(box.west, box.north)
    right, bottom = frame.point(box.east, box.south)
    return Label(text, left, top - 5, left, top, right - left, bottom - top)
