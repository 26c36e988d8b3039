from collections import Counter

import pytest

from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import TYPE_WORDS, Level
from diaban.demo.world import Standing, read_fate, world
from diaban.web.tiles import tile_cells


def test_province_has_the_size_of_a_real_one():
    province = world()

    assert len(province.communes) == 98
    assert sum(len(commune.hamlets) for commune in province.communes) == 2650


def test_codes_have_the_shape_of_their_level_and_begin_with_99():
    province = world()
    hamlets = [hamlet.code for commune in province.communes for hamlet in commune.hamlets]
    communes = [commune.code for commune in province.communes]
    communes += [old.code for old in province.merger.former]

    assert {level_of_code(code) for code in communes} == {Level.COMMUNE}
    assert {level_of_code(code) for code in hamlets} == {Level.HAMLET}
    assert {code[:2] for code in communes + hamlets} == {"99"}
    assert len(set(communes)) == 100
    assert len(set(hamlets)) == 2650


def test_type_words_are_those_of_the_law():
    province = world()

    assert {c.type for c in province.communes} <= set(TYPE_WORDS[Level.COMMUNE])
    types = {hamlet.type for c in province.communes for hamlet in c.hamlets}
    assert types <= set(TYPE_WORDS[Level.HAMLET])


def test_names_and_tiles_are_not_given_twice():
    communes = world().communes

    assert len({commune.name for commune in communes}) == 98
    assert len({commune.sign for commune in communes}) == 98
    assert len({(commune.column, commune.row) for commune in communes}) == 98
    for commune in communes:
        names = [hamlet.name for hamlet in commune.hamlets]
        assert len(set(names)) == len(names), commune.full_name


def test_coordinates_put_every_tile_where_it_belongs():
    communes = world().communes

    cells = tile_cells({commune.code: commune.point for commune in communes})

    assert {(cells[c.code].column, cells[c.code].row) for c in communes} == {
        (c.column, c.row) for c in communes
    }
    assert all((cells[c.code].column, cells[c.code].row) == (c.column, c.row) for c in communes)


def test_standings_are_mixed_as_on_the_overview():
    assert Counter(commune.standing for commune in world().communes) == {
        Standing.DRUG_FREE: 46,
        Standing.TYPE_3: 38,
        Standing.TYPE_2: 7,
        Standing.TYPE_1: 2,
        Standing.NEEDS_DECISION: 2,
        Standing.UNDETERMINED: 3,
    }


def test_small_province_keeps_every_story():
    large, small = world(), world(small=True)

    assert len(small.communes) == 32
    assert {c.standing for c in small.communes} == set(Standing)
    stories = {c.sign for c in large.communes if c.last_return or c.fate.invalid or c.households}
    assert stories <= {c.sign for c in small.communes}
    assert small.merger == large.merger


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("", "met"), ("5a:16", "not_met"), ("?3b", "undetermined"), ("?3b 1:2", "not_met"),
     ("!5a", "undetermined"), ("0:addicts", "met")],
)  # fmt: skip
def test_read_fate_says_what_the_criteria_will_give(text, outcome):
    assert read_fate(text).counted_outcome == outcome
