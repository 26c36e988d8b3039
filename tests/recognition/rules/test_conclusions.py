"""What an assessment comes to in words: classes are given, never reached."""

from dataclasses import replace

import pytest

from diaban.recognition.rules.assessment import Outcome, assess
from diaban.recognition.rules.classes import Classification, drawn_as
from diaban.recognition.rules.conclusions import (
    NO_SIGN,
    SIGN,
    conclude,
    conclusion_codes,
    requirements,
    standing,
)
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.set_files import builtin_set

CLASSES = builtin_set("qd-28-2025-commune")
PLAIN = builtin_set("lao-cai-2023")
QUIET = dict.fromkeys(CLASSES.codes, 0) | {"population_resident": 10_000, "on_key_route": False}
GRAVE = QUIET | {
    "on_file": 60,
    "use_points_open": 2,
    "offenders_arrested": 12,
    "addicts_present": 60,
}


def assessed(figures):
    return assess(CLASSES, Figures("2026", figures), area="00123")


def test_an_area_without_drugs_is_said_to_be_one():
    found = conclude(assessed(QUIET))
    assert (found.code, found.status) == ("drug_free", Outcome.MET)
    assert found.sentence == "được xếp: Không ma túy"


def test_the_gravest_class_is_named_and_is_not_a_success():
    found = conclude(assessed(GRAVE))
    assert (found.code, found.status) == ("type_1", Outcome.NOT_MET)
    assert found.word == "Trọng điểm loại I"


def test_readings_that_differ_name_both_and_ask_for_a_decision():
    one = replace(assessed(GRAVE), classification=Classification("type_2", "type_3"))
    found = conclude(one)
    assert (found.code, found.status) == ("differ", Outcome.UNDETERMINED)
    assert "theo đúng chữ: Trọng điểm loại II" in found.sentence
    assert "theo cách cộng dồn: Trọng điểm loại III" in found.sentence


def test_no_class_and_no_evidence_are_two_things():
    none = replace(assessed(GRAVE), classification=Classification("none", "none"))
    unknown = assess(CLASSES, Figures("2026", {}), area="00123")
    assert conclude(none).word == "Không thuộc loại nào"
    assert conclude(unknown).word == "Chưa đủ căn cứ"
    assert {conclude(none).status, conclude(unknown).status} == {Outcome.UNDETERMINED}


def test_a_sign_is_there_or_not_but_never_met_or_lacking():
    by_id = {r.criterion.id: standing(r) for r in assessed(GRAVE).results}
    assert by_id["1a"] == SIGN
    assert by_id["1d"] == NO_SIGN
    assert by_id["k3"] == "not_met"
    assert {r.criterion.id for r in requirements(assessed(GRAVE))} == {"k1", "k2", "k3"}


def test_every_conclusion_has_its_place_in_the_order():
    codes = list(conclusion_codes(CLASSES))
    assert codes[0] == "differ"
    assert codes.index("type_1") < codes.index("type_2") < codes.index("drug_free")
    assert list(conclusion_codes(PLAIN)) == ["not_met", "undetermined", "met"]


def test_a_set_without_classes_says_its_outcome():
    found = conclude(assess(PLAIN, Figures("2026", {}), area="00123"))
    assert (found.code, found.word) == ("undetermined", "Chưa đủ căn cứ")


@pytest.mark.parametrize(
    ("literal", "cumulative", "drawn"),
    [
        ("type_2", "type_2", "type_2"),
        ("drug_free", None, "drug_free"),
        ("type_2", "type_3", "needs_decision"),
        ("none", "none", "needs_decision"),
        ("undetermined", "undetermined", "undetermined"),
        ("type_1", "undetermined", "undetermined"),
    ],
)
def test_a_map_draws_the_agreed_class_or_what_stands_against_one(literal, cumulative, drawn):
    assert drawn_as(Classification(literal, cumulative)) == drawn


def test_without_a_class_a_map_says_that_figures_are_lacking():
    assert drawn_as(None) == "undetermined"
