from fractions import Fraction

import pytest

from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.recognition.rules.formulas import (
    All,
    AtLeast,
    BadFormula,
    Comparison,
    Either,
    EveryMonth,
    Flag,
    Growth,
    Op,
    Ratio,
    Sum,
    codes_of,
    parse,
)

CATALOGUE = builtin_catalogue()


def read(text, **definitions):
    return parse(text, CATALOGUE, definitions)


def one(code):
    return Sum(((1, code),))


MODELS = Comparison(one("models_effective"), Op.AT_LEAST, Fraction(1), "1")
NO_SPOTS = Comparison(one("hotspots_open"), Op.EQUAL, Fraction(0), "0")
NO_POINTS = Comparison(one("use_points_open"), Op.EQUAL, Fraction(0), "0")


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("models_effective >= 1", MODELS),
        ("  models_effective>=1 ", MODELS),
        (
            "households_committed / households >= 100%",
            Comparison(
                Ratio(one("households_committed"), one("households")),
                Op.AT_LEAST,
                Fraction(1),
                "100",
            ),
        ),
        (
            "on_file / population_resident >= 0.05%",
            Comparison(
                Ratio(one("on_file"), one("population_resident")),
                Op.AT_LEAST,
                Fraction(1, 2000),
                "0.05",
            ),
        ),
        (
            "(key_areas_transformed - key_areas_relapsed) / key_areas_transformed >= 85%",
            Comparison(
                Ratio(
                    Sum(((1, "key_areas_transformed"), (-1, "key_areas_relapsed"))),
                    one("key_areas_transformed"),
                ),
                Op.AT_LEAST,
                Fraction(17, 20),
                "85",
            ),
        ),
        (
            "growth(addicts) < 1%",
            Comparison(Growth(one("addicts")), Op.LESS, Fraction(1, 100), "1"),
        ),
        (
            "growth(addicts) <= -5%",
            Comparison(Growth(one("addicts")), Op.AT_MOST, Fraction(-1, 20), "-5"),
        ),
        ("on_key_route", Flag("on_key_route")),
        ("hotspots_open = 0 and use_points_open = 0", All((NO_SPOTS, NO_POINTS))),
        ("(hotspots_open = 0) and (use_points_open = 0)", All((NO_SPOTS, NO_POINTS))),
        (
            "models_effective >= 1 or hotspots_open = 0 and use_points_open = 0",
            Either((MODELS, All((NO_SPOTS, NO_POINTS)))),
        ),
        (
            "(models_effective >= 1 or hotspots_open = 0) and use_points_open = 0",
            All((Either((MODELS, NO_SPOTS)), NO_POINTS)),
        ),
        (
            "at least 2 of (models_effective >= 1, hotspots_open = 0, use_points_open = 0)",
            AtLeast(2, (MODELS, NO_SPOTS, NO_POINTS)),
        ),
        ("every month (models_effective >= 1)", EveryMonth(MODELS)),
        ("1 <= models_effective", MODELS),
        (
            "500 <= plants_destroyed < 3000",
            All(
                (
                    Comparison(one("plants_destroyed"), Op.AT_LEAST, Fraction(500), "500"),
                    Comparison(one("plants_destroyed"), Op.LESS, Fraction(3000), "3000"),
                )
            ),
        ),
        (
            "plant_area_destroyed_m2 >= 12.5",
            Comparison(one("plant_area_destroyed_m2"), Op.AT_LEAST, Fraction(25, 2), "12.5"),
        ),
    ],
)
def test_formulas_are_read_as_they_are_written(text, formula):
    assert read(text) == formula


def test_definitions_stand_for_their_formula():
    text = "at least 1 of (no_spots, models_effective >= 1) and on_key_route"

    assert read(text, no_spots=NO_SPOTS) == All(
        (AtLeast(1, (NO_SPOTS, MODELS)), Flag("on_key_route"))
    )


def test_a_formula_names_each_of_its_indicators_once():
    formula = read("growth(addicts) < 1% or every month (addicts + users_new = 0) and on_key_route")

    assert codes_of(formula) == ("addicts", "users_new", "on_key_route")


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("", 1, "mã chỉ số"),
        ("households_comitted >= 1", 1, "households_comitted"),
        ("models_effective", 17, "dấu so sánh"),
        ("models_effective >=", 20, "ngưỡng"),
        ("models_effective >= addicts", 21, "con số"),
        ("models_effective >= 1 and", 26, "mã chỉ số"),
        ("models_effective >= 1 1", 23, "thừa"),
        ("models_effective >= 10%", 21, "%"),
        ("households_committed / households >= 1", 38, "%"),
        ("growth(addicts) < 1", 19, "%"),
        ("models_effective >= -1", 22, "số âm"),
        ("models_effective >= - addicts", 23, "con số"),
        ("models_effective >= 1.5", 21, "số lẻ"),
        ("addicts + addicts_new / households >= 1%", 23, "ngoặc"),
        ("on_key_route >= 1", 14, "thừa"),
        ("addicts + on_key_route >= 1", 11, "có/không"),
        ("at least 3 of (addicts = 0, users_new = 0)", 42, "từ 1 đến 2"),
        ("at least 0 of (addicts = 0)", 27, "từ 1 đến 1"),
        ("at least x of (addicts = 0)", 10, "số nguyên"),
        ("every month (growth(addicts) < 1%)", 13, "every month"),
        ("(addicts = 0", 13, "cần “)”"),
        ("(addicts - addicts_new = 0", 27, "cần “)”"),
        ("addicts = 0 && users_new = 0", 13, "&"),
        ("no_such / households >= 1%", 1, "no_such"),
        ("addicts == 0", 10, "con số"),
    ],
)
def test_what_is_no_formula_is_refused_at_its_place(text, position, part):
    with pytest.raises(BadFormula) as refusal:
        read(text)

    assert part in refusal.value.sentence
    assert refusal.value.facts == {"text": text, "position": position}
