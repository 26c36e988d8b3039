"""Reading TopoJSON: shared borders as arcs, put together to polygons again."""

from collections.abc import Iterator
from typing import Any, ClassVar

from diaban.core.errors import DomainError

Point = tuple[float, float]
Polygons = list[list[list[Point]]]

# Five places of a degree are a metre: finer than any outline of a commune.
_PLACES = 5


class BadOutlines(DomainError):
    """A file of outlines cannot be used, or does not fit the units. Facts: `errors`."""

    code: ClassVar[str] = "bad_outlines"


def outlines_of(topology: Any) -> dict[str, Polygons]:
    """
    Return the polygons of each unit of a TopoJSON file by its code, rings closed.

    The code is the geometry's `id`, or `code` or `c` of its properties.

    Raises:
        BadOutlines: it is no TopoJSON, a code is missing or there twice, a shape is no polygon.
    """
    if not isinstance(topology, dict) or topology.get("type") != "Topology":
        raise bad_outlines(["tệp không phải TopoJSON (type phải là Topology)"])
    try:
        arcs = [_line(arc, topology.get("transform")) for arc in topology["arcs"]]
        return _collected(topology, arcs)
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise bad_outlines([f"tệp TopoJSON hỏng ({type(error).__name__}: {error})"]) from error


def bad_outlines(errors: list[str], most: int = 20, hint: str = "") -> BadOutlines:
    """Return the refusal that names what is wrong, the first `most` of it, and what to do."""
    more = [f"… và {len(errors) - most} lỗi khác"] if len(errors) > most else []
    listed = "\n".join(f"  {error}" for error in [*errors[:most], *more])
    sentence = f"Tệp ranh giới chưa dùng được, không nạp gì:\n{listed}"
    return BadOutlines(f"{sentence}\n{hint}" if hint else sentence, errors=errors)


def _collected(topology: dict[str, Any], arcs: list[list[Point]]) -> dict[str, Polygons]:
    found: dict[str, Polygons] = {}
    errors: list[str] = []
    for number, geometry in enumerate(_geometries(topology), 1):
        named = geometry.get("properties") or {}
        code = str(geometry.get("id") or named.get("code") or named.get("c") or "")
        if not code:
            errors.append(f"hình thứ {number} không có mã")
        elif code in found:
            errors.append(f"mã {code} có hai hình")
        elif geometry["type"] == "Polygon":
            found[code] = [_polygon(geometry["arcs"], arcs)]
        elif geometry["type"] == "MultiPolygon":
            found[code] = [_polygon(one, arcs) for one in geometry["arcs"]]
        else:
            errors.append(f"mã {code}: hình {geometry['type']} không phải vùng")
    if errors:
        raise bad_outlines(errors)
    return found


def _geometries(topology: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for layer in topology["objects"].values():
        yield from layer["geometries"] if layer["type"] == "GeometryCollection" else [layer]


def _line(arc: list[list[int]], transform: dict[str, Any] | None) -> list[Point]:
    """Return an arc's points in degrees; with a transform, steps are added up."""
    if transform is None:
        return [(point[0], point[1]) for point in arc]
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step in arc:
        x, y = x + step[0], y + step[1]
        points.append(
            (round(x * scale_x + shift_x, _PLACES), round(y * scale_y + shift_y, _PLACES))
        )
    return points


def _polygon(rings: list[list[int]], arcs: list[list[Point]]) -> list[list[Point]]:
    polygon = []
    for ring in rings:
        points: list[Point] = []
        for index in ring:
            # A negative index is the arc read backwards.
            line = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += line[1:] if points else line
        polygon.append(points)
    return polygon
