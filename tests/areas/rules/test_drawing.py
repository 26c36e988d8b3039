"""Outlines as small drawings: nothing is lost, both archipelagos are known."""

import pytest

from diaban.areas.rules.drawing import (
    HOANG_SA,
    NATION,
    TRUONG_SA,
    Box,
    archipelago,
    far_groups,
    frame_for,
    path_of,
)

SQUARE = [[(105.0, 20.0), (106.0, 20.0), (106.0, 21.0), (105.0, 21.0), (105.0, 20.0)]]
FRAME = frame_for(Box(105.0, 20.0, 106.0, 21.0), 100, 100)


def test_a_square_is_four_steps_and_closes():
    right = round(100 * FRAME.squeeze)

    assert path_of([SQUARE], FRAME) == f"M0 100l{right} 0 0-100-{right} 0z"


def test_points_on_one_line_are_left_out():
    ring = [(105.0, 20.0), (105.5, 20.0), (106.0, 20.0), (106.0, 21.0), (105.0, 21.0)]

    assert path_of([[ring]], FRAME) == path_of([SQUARE], FRAME)


def test_an_islet_smaller_than_a_point_is_drawn_as_one_and_once():
    islet = [[(105.5, 20.5), (105.5001, 20.5), (105.5001, 20.5001)]]

    assert path_of([islet, islet], FRAME).count("h2v2h-2z") == 1


@pytest.mark.parametrize(
    ("lon", "lat", "box"),
    [
        (112.135, 16.568, HOANG_SA),
        (114.45, 9.71, TRUONG_SA),
        (117.79, 10.74, TRUONG_SA),
        (109.19, 12.24, None),
        (109.45, 11.9, None),
        (108.95, 10.52, None),
        (106.6, 8.69, None),
    ],
    ids=["Hoàng Sa", "Trường Sa", "east of it", "Nha Trang", "Bình Ba", "Phú Quý", "Côn Đảo"],
)
def test_the_archipelagos_are_told_from_coast_and_near_islands(lon, lat, box):
    assert archipelago(lon, lat) == box


def test_the_nations_frame_holds_both_archipelagos():
    for box in (HOANG_SA, TRUONG_SA):
        assert NATION.holds(box.west, box.south)
        assert NATION.holds(box.east, box.north)


def land(west, south, east, north, step=0.1):
    """Return communes side by side."""
    across, down = round((east - west) / step), round((north - south) / step)
    return [
        Box(west + x * step, south + y * step, west + (x + 1) * step, south + (y + 1) * step)
        for x in range(across)
        for y in range(down)
    ]


MAINLAND = land(106.0, 20.5, 107.0, 21.1)
FAR_ISLAND = Box(107.71, 20.12, 107.74, 20.15)
NEAR_ISLAND = Box(107.05, 20.6, 107.1, 20.7)


@pytest.mark.parametrize(
    ("more", "far"),
    [
        ([], []),
        ([NEAR_ISLAND], []),
        ([FAR_ISLAND], [[60]]),
        ([NEAR_ISLAND, FAR_ISLAND], [[61]]),
        ([FAR_ISLAND, Box(107.75, 20.16, 107.76, 20.17)], [[60, 61]]),
        ([FAR_ISLAND, Box(104.0, 20.8, 104.1, 20.9)], [[61], [60]]),
        (land(108.0, 20.5, 109.0, 21.1), []),
    ],
    ids=["land", "near", "far", "near and far", "two beside", "two sides", "half of it"],
)
def test_only_small_islands_that_shrink_the_rest_stand_apart(more, far):
    assert sorted(far_groups([*MAINLAND, *more], 0.1)) == sorted(far)


def test_points_lie_together_as_outlines_do():
    points = [Box(box.west, box.south, box.west, box.south) for box in [*MAINLAND, FAR_ISLAND]]

    assert far_groups(points, 0.25) == [[60]]
    assert far_groups(points[:1], 0.25) == []


def test_what_is_small_is_not_drawn_larger_than_asked():
    frame = frame_for(Box(107.0, 20.0, 107.01, 20.01), 190, 190, most=1000)

    assert (frame.scale, frame.height) == (1000, 11)
