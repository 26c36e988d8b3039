"""Outlines from TopoJSON."""

import pytest

from diaban.areas.rules.outlines import BadOutlines, outlines_of

# Two squares that share the border from (1, 0) to (1, 1); the second reads it backwards.
SQUARES = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [100, 10]},
    "arcs": [
        [[2, 0], [0, 2]], [[2, 2], [-2, 0], [0, -2], [2, 0]], [[2, 0], [2, 0], [0, 2], [-2, 0]],
    ],
    "objects": {
        "layer": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "01001", "arcs": [[0, 1]]},
                {"type": "MultiPolygon", "properties": {"c": "01002"}, "arcs": [[[-1, 2]]]},
            ],
        }
    },
}  # fmt: skip


def with_geometries(*geometries):
    layer = {"type": "GeometryCollection", "geometries": list(geometries)}
    return {**SQUARES, "objects": {"layer": layer}}


def test_shared_borders_are_put_together_and_rings_close():
    found = outlines_of(SQUARES)

    assert found["01001"] == [
        [[(101.0, 10.0), (101.0, 11.0), (100.0, 11.0), (100.0, 10.0), (101.0, 10.0)]]
    ]
    assert found["01002"][0][0][0] == (101.0, 11.0)
    assert found["01002"][0][0][1] == (101.0, 10.0)


@pytest.mark.parametrize(
    "topology",
    [
        [],
        {"type": "FeatureCollection"},
        {"type": "Topology"},
        with_geometries({"type": "Polygon", "arcs": [[0, 1]]}),
        with_geometries({"type": "Point", "id": "01001", "coordinates": [0, 0]}),
        with_geometries({"type": "Polygon", "id": "01001", "arcs": [[99]]}),
        with_geometries(*[{"type": "Polygon", "id": "01001", "arcs": [[0, 1]]}] * 2),
    ],
    ids=["a list", "GeoJSON", "empty", "no code", "a point", "an arc that is not there", "twice"],
)
def test_what_is_no_map_is_refused(topology):
    with pytest.raises(BadOutlines):
        outlines_of(topology)
