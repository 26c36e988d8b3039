"""Columns taken apart: which may be, and that the parts add up to the whole."""

import pytest

from diaban.indicators.rules.catalogue import builtin_catalogue, whole_of
from diaban.indicators.rules.splits import BadSplit, split_checks, with_parts, withheld_parts
from diaban.indicators.rules.validation import Returns, evaluate

CATALOGUE = builtin_catalogue()
SEX = ["people_informed", "people_informed__nam", "people_informed__nu"]
CHECKS = split_checks("dot", [], SEX, CATALOGUE)


def said(whole, men, women):
    row = dict(zip(SEX, (whole, men, women), strict=True))
    found = evaluate(CHECKS, Returns({"values": {}, "hamlets": {"98001.001": row}}))
    return [(one.code, one.sentence) for one in found]


def test_the_parts_follow_their_whole():
    columns = with_parts(
        ["tips_received", "people_informed"], {"people_informed": ["sex"]}, CATALOGUE
    )

    assert columns == ["tips_received", *SEX]
    assert [whole_of(one) for one in columns] == ["", "", "people_informed", "people_informed"]
    assert CATALOGUE["people_informed__nu"].name_vi == "Số người được tuyên truyền, nữ"


@pytest.mark.parametrize("code", ["addicts", "users_present", "cases_detected", "households"])
def test_nothing_about_cases_is_split(code):
    with pytest.raises(BadSplit):
        with_parts([code], {code: ["sex"]}, CATALOGUE)


def test_no_indicator_of_the_list_is_split():
    assert not [one.code for one in CATALOGUE.values() if one.split_by]


@pytest.mark.parametrize(
    ("whole", "men", "women"), [(100, 60, 40), (0, 0, 0), (100, 60, None), (None, 60, 40)]
)
def test_parts_that_add_up_or_are_not_all_there_say_nothing(whole, men, women):
    assert said(whole, men, women) == []


@pytest.mark.parametrize(("whole", "men", "women"), [(100, 60, 41), (100, 60, 39), (0, 0, 1)])
def test_parts_that_differ_from_the_whole_are_an_error_at_the_whole(whole, men, women):
    ((code, sentence),) = said(whole, men, women)

    assert code == "people_informed"
    assert f"({whole}) khác tổng chia theo giới tính ({men + women})" in sentence


def test_one_small_part_withholds_all_parts_of_its_whole():
    age = {f"people_informed__{one}": 50 for one in ("duoi_18", "tu_18_30", "tren_30")}
    sums = {"people_informed": 150, "people_informed__nam": 147, "people_informed__nu": 3, **age}

    assert withheld_parts(sums, CATALOGUE) == {*SEX[1:], *age}
    assert not withheld_parts(sums | {"people_informed__nu": 5}, CATALOGUE)
    assert not withheld_parts(sums | {"people_informed__nu": 0}, CATALOGUE)
    assert not withheld_parts({"people_informed": 3, "people_informed__nu": None}, CATALOGUE)
