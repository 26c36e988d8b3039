"""Where each area's tile stands: the same place always, near where the area really is."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

# Free cells per tile: enough to leave the outline of a province recognisable, few enough to
# keep tiles of a readable size in half a page.
_ROOM = 1.3


@dataclass(frozen=True, slots=True)
class Cell:
    """A place in the grid; column 0 is west, row 0 is north."""

    column: int
    row: int


def tile_cells(points: Mapping[str, tuple[float, float]]) -> dict[str, Cell]:
    """
    Return one cell for each area, from its latitude and longitude in degrees.

    The nearest pairs of area and cell are joined first, ties by code, so that the same areas
    give the same map whatever their order. Floats are right here: nothing is counted.

    Cost: for n areas some 1.3 n² distances; 34 provinces or 170 communes take milliseconds.
    """
    if not points:
        return {}
    latitudes = [lat for lat, _ in points.values()]
    longitudes = [lon for _, lon in points.values()]
    # A degree of longitude is shorter than one of latitude away from the equator.
    squeeze = math.cos(math.radians(sum(latitudes) / len(latitudes)))
    west, north = min(longitudes), max(latitudes)
    width = max((max(longitudes) - west) * squeeze, 1e-9)
    height = max(north - min(latitudes), 1e-9)
    side = max(math.sqrt(width * height / (_ROOM * len(points))), width / 18, height / 18)
    columns, rows = round(width / side) + 1, round(height / side) + 1
    while columns * rows < len(points):
        columns, rows = columns + 1, rows + 1

    wanted = {
        code: ((lon - west) * squeeze / width * (columns - 1), (north - lat) / height * (rows - 1))
        for code, (lat, lon) in points.items()
    }
    pairs = sorted(
        (round((x - column) ** 2 + (y - row) ** 2, 9), code, row, column)
        for code, (x, y) in wanted.items()
        for row in range(rows)
        for column in range(columns)
    )
    placed: dict[str, Cell] = {}
    taken: set[tuple[int, int]] = set()
    for _, code, row, column in pairs:
        if code not in placed and (row, column) not in taken:
            placed[code] = Cell(column, row)
            taken.add((row, column))
    return placed


def tile_letters(names: Mapping[str, str]) -> dict[str, str]:
    """
    Return two letters for each area, different for all of a map as far as letters go.

    Those of the first and the last word where they are free; else a later letter of the name.
    Areas take their turn by code, so that a map keeps its letters.
    """
    taken: set[str] = set()
    found = {}
    for code in sorted(names):
        letters = [letter for letter in names[code].upper() if letter.isalpha()] or ["?"]
        words = [word for word in names[code].upper().split() if word[0].isalpha()]
        last = words[-1][0] if len(words) > 1 else letters[min(1, len(letters) - 1)]
        wanted = [letters[0] + second for second in (last, *letters[1:])]
        found[code] = next((pair for pair in wanted if pair not in taken), wanted[0])
        taken.add(found[code])
    return found
