"""
Outlines as paths of a small drawing: degrees to whole points, nothing finer than is seen.

Floats are right here: nothing is counted. Neighbours are rounded alike, so borders still meet.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from diaban.areas.rules.outlines import Point

Polygons = Sequence[Sequence[Sequence[Point]]]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the earth in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float) -> bool:
        """Return whether a point lies in the rectangle."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


# Both archipelagos, with room for all of their banks and islets.
HOANG_SA: Final = Box(110.9, 15.4, 113.1, 17.3)
TRUONG_SA: Final = Box(109.2, 6.3, 118.0, 11.95)
# Khánh Hòa's own coast and islands reach into that rectangle at its upper left.
_COAST: Final = Box(109.2, 11.2, 109.6, 11.95)
# The nation with both: a map of the country always shows all of it.
NATION: Final = Box(102.0, 6.2, 118.1, 23.5)


@dataclass(frozen=True, slots=True)
class Frame:
    """
    How degrees become points of the drawing: x to the right, y down, `scale` points a degree.

    `squeeze`: a degree of longitude is so much shorter than one of latitude here.
    """

    west: float
    north: float
    scale: float
    squeeze: float
    width: int
    height: int
    left: int = 0
    top: int = 0

    def point(self, lon: float, lat: float) -> tuple[int, int]:
        """Return where a place stands in the drawing."""
        return (
            self.left + round((lon - self.west) * self.squeeze * self.scale),
            self.top + round((self.north - lat) * self.scale),
        )


def frame_for(box: Box, width: int, height: int, *, left: int = 0, top: int = 0) -> Frame:
    """Return the frame in which a rectangle of the earth fits into so many points."""
    squeeze = math.cos(math.radians((box.south + box.north) / 2))
    across = max((box.east - box.west) * squeeze, 1e-6)
    down = max(box.north - box.south, 1e-6)
    scale = min(width / across, height / down)
    return Frame(
        box.west, box.north, scale, squeeze, math.ceil(across * scale), math.ceil(down * scale),
        left, top,
    )  # fmt: skip


def box_around(points: Iterable[Point], margin: float = 0.02) -> Box | None:
    """Return the smallest rectangle with some room around points; None without any."""
    known = list(points)
    if not known:
        return None
    lons, lats = [lon for lon, _ in known], [lat for _, lat in known]
    room = margin * max(max(lons) - min(lons), max(lats) - min(lats), 0.05)
    return Box(min(lons) - room, min(lats) - room, max(lons) + room, max(lats) + room)


def archipelago(lon: float, lat: float) -> Box | None:
    """Return the archipelago that a point belongs to, None for the mainland and its islands."""
    for box in (HOANG_SA, TRUONG_SA):
        if box.holds(lon, lat) and not _COAST.holds(lon, lat):
            return box
    return None


def path_of(polygons: Polygons, frame: Frame) -> str:
    """
    Return outlines as the data of one SVG path, in whole points and relative steps.

    What is smaller than a point is drawn as one: every islet stays, and none twice.
    """
    drawn: dict[str, None] = {}
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            points = _rounded(ring, frame)
            if len(points) >= 3:
                drawn[_steps(points)] = None
            elif number == 0 and points:
                drawn[f"M{points[0][0]} {points[0][1]}h2v2h-2z"] = None
    return "".join(drawn)


def _rounded(ring: Sequence[Point], frame: Frame) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for lon, lat in ring:
        point = frame.point(lon, lat)
        if points and point == points[-1]:
            continue
        # Three in a row on one line: the middle one says nothing.
        if len(points) >= 2 and _straight(points[-2], points[-1], point):
            points[-1] = point
        else:
            points.append(point)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return points


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1])
    return ahead > 0 and (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def _steps(points: Sequence[tuple[int, int]]) -> str:
    x, y = points[0]
    text = [f"M{x} {y}l"]
    for next_x, next_y in points[1:]:
        text.append(_pair(next_x - x, next_y - y, first=len(text) == 1))
        x, y = next_x, next_y
    return "".join(text) + "z"


def _pair(x: int, y: int, *, first: bool) -> str:
    # A minus parts two numbers as well as a space.
    head = str(x) if first or x < 0 else f" {x}"
    return f"{head}{y}" if y < 0 else f"{head} {y}"
