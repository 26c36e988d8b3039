"""Codes of units."""

import pytest

from diaban.areas.rules.codes import hamlet_codes, level_of_code
from diaban.areas.rules.levels import Level


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("VN", Level.NATION),
        ("01", Level.PROVINCE),
        ("464", Level.DISTRICT),
        ("02215", Level.COMMUNE),
        ("02215.007", Level.HAMLET),
        ("2215", None),
        ("02215.7", None),
        ("٠١", None),
        ("", None),
    ],
)
def test_the_shape_of_a_code_tells_its_level(code, level):
    assert level_of_code(code) == level


@pytest.mark.parametrize(
    ("taken", "wanted", "codes"),
    [
        ([], 2, ["19363.001", "19363.002"]),
        (["19363.001", "19363.009"], 1, ["19363.010"]),
        (["19363.998"], 1, ["19363.999"]),
        (["19363.998"], 2, None),
        (["19363.999"], 1, None),
    ],
)
def test_hamlet_codes_go_on_after_the_highest_ever_used(taken, wanted, codes):
    assert hamlet_codes("19363", taken, wanted) == codes
