"""Tiles stand where the areas are, and each has letters of its own."""

from hypothesis import given
from hypothesis import strategies as st

from diaban.web.tiles import Cell, tile_cells, tile_letters

points = st.dictionaries(
    st.from_regex(r"[0-9]{5}", fullmatch=True),
    st.tuples(st.floats(8.5, 23.4), st.floats(102.1, 109.5)),
    max_size=60,
)


@given(points)
def test_every_area_has_a_cell_and_no_two_share_one(areas):
    cells = tile_cells(areas)

    assert cells.keys() == areas.keys()
    assert len(set(cells.values())) == len(areas)


@given(points, st.randoms())
def test_the_order_of_the_areas_changes_nothing(areas, chance):
    shuffled = list(areas.items())
    chance.shuffle(shuffled)

    assert tile_cells(dict(shuffled)) == tile_cells(areas)


def test_north_is_up_and_west_is_left():
    cells = tile_cells(
        {"n": (22.0, 104.5), "s": (10.0, 104.5), "w": (16.0, 103.0), "e": (16.0, 109)}
    )

    assert cells["n"].row < cells["w"].row < cells["s"].row
    assert cells["w"].column < cells["e"].column
    assert isinstance(cells["n"], Cell)


def test_letters_are_those_of_the_first_and_the_last_word_while_they_are_free():
    letters = tile_letters({"1": "Lạc Thủy", "2": "Lũng Thiện", "3": "Ea", "4": "Bình An Đông"})

    assert letters == {"1": "LT", "2": "LŨ", "3": "EA", "4": "BĐ"}
