"""
Outlines as paths of a small drawing: degrees to whole points, nothing finer than is seen.

Floats are right here: nothing is counted. Neighbours are rounded alike, so borders still meet.
"""

import math
from collections import defaultdict
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


# Where some of their islands lie, for maps without outlines: a box alone would look like open sea.
HOANG_SA_ISLETS: Final = (
    (112.33, 16.83), (112.73, 16.67), (112.34, 16.97), (111.61, 16.53), (111.75, 16.45),
    (111.71, 16.24), (111.20, 15.78), (112.03, 16.33),
)  # fmt: skip
TRUONG_SA_ISLETS: Final = (
    (111.92, 8.65), (112.92, 7.89), (113.70, 8.97), (114.33, 9.88), (114.36, 10.18),
    (114.48, 10.37), (114.33, 11.43), (114.28, 11.05), (115.80, 10.73), (112.60, 8.86),
    (116.15, 9.72), (113.10, 9.50),
)  # fmt: skip
# What is drawn apart makes the rest at least so much larger, and is at most this part of it.
_GAIN: Final = 1.2
_SMALL: Final = 0.15


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


def frame_for(
    box: Box, width: int, height: int, *, left: int = 0, top: int = 0, most: float = math.inf
) -> Frame:
    """
    Return the frame in which a rectangle of the earth fits into so many points.

    `most` points a degree, however small it is.
    """
    squeeze = math.cos(math.radians((box.south + box.north) / 2))
    across = max((box.east - box.west) * squeeze, 1e-6)
    down = max(box.north - box.south, 1e-6)
    scale = min(width / across, height / down, most)
    return Frame(
        box.west, box.north, scale, squeeze, math.ceil(across * scale), math.ceil(down * scale),
        left, top,
    )  # fmt: skip


def box_of(boxes: Iterable[Box]) -> Box:
    """Return the smallest rectangle that holds rectangles; there is at least one."""
    known = list(boxes)
    return Box(
        min(box.west for box in known),
        min(box.south for box in known),
        max(box.east for box in known),
        max(box.north for box in known),
    )


def clusters(boxes: Sequence[Box], cell: float) -> list[list[int]]:
    """
    Return which rectangles lie together, by their number: no gap of two `cell` degrees between.

    Cost: what the rectangles cover, in cells.
    """
    inside: dict[tuple[int, int], list[int]] = defaultdict(list)
    for number, box in enumerate(boxes):
        for x in range(math.floor(box.west / cell), math.floor(box.east / cell) + 1):
            for y in range(math.floor(box.south / cell), math.floor(box.north / cell) + 1):
                inside[x, y].append(number)
    found: list[list[int]] = []
    waiting = set(inside)
    while waiting:
        group: set[int] = set()
        edge = [waiting.pop()]
        while edge:
            x, y = edge.pop()
            group.update(inside[x, y])
            near = {(x + a, y + b) for a in (-1, 0, 1) for b in (-1, 0, 1)} & waiting
            waiting -= near
            edge += near
        found.append(sorted(group))
    return sorted(found)


def far_groups(boxes: Sequence[Box], cell: float) -> list[list[int]]:
    """
    Return the small groups of rectangles that lie so far off that the rest shrinks by them.

    Hải Phòng without Bạch Long Vĩ is drawn twice as large; a group that lies beside costs nothing
    and stays where it is.
    """
    groups = clusters(boxes, cell)
    held = [box_of(boxes[number] for number in group) for group in groups]
    if len(groups) < 2:
        return []
    main = max(range(len(groups)), key=lambda at: (_area(held[at]), len(groups[at])))
    small = [
        at
        for at in range(len(groups))
        if at != main and _area(held[at]) <= _SMALL * max(_area(held[main]), cell * cell)
    ]
    small.sort(key=lambda at: -_gap(held[at], held[main]))
    whole = _extent(box_of(held))
    gains = [
        whole
        / max(_extent(box_of(held[at] for at in range(len(held)) if at not in small[:many])), cell)
        for many in range(1, len(small) + 1)
    ]
    if not gains or max(gains) < _GAIN:
        return []
    # As few as give nearly all there is to gain.
    many = next(n for n, gain in enumerate(gains, 1) if gain >= 0.95 * max(gains))
    far = [number for at in small[:many] for number in groups[at]]
    return [[far[n] for n in group] for group in clusters([boxes[n] for n in far], 4 * cell)]


def _area(box: Box) -> float:
    return (box.east - box.west) * (box.north - box.south)


def _extent(box: Box) -> float:
    return max(box.east - box.west, box.north - box.south)


def _gap(one: Box, other: Box) -> float:
    across = max(one.west - other.east, other.west - one.east, 0.0)
    down = max(one.south - other.north, other.south - one.north, 0.0)
    return math.hypot(across, down)


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
