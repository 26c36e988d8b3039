"""Outlines as small drawings: nothing is lost, both archipelagos are known."""

import pytest

from diaban.areas.rules.drawing import (
    HOANG_SA,
    NATION,
    TRUONG_SA,
    Box,
    archipelago,
    box_around,
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


def test_no_points_have_no_box():
    assert box_around([]) is None
