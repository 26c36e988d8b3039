"""What a result says to those who may not see counts of one to four people."""

import pytest

from diaban.recognition.rules.assessment import assess
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.set_files import builtin_set
from diaban.recognition.rules.withholding import (
    masked_reason,
    rests_on_few,
    short_note,
    withheld_text,
)

SET = builtin_set("lao-cai-2023")
PEOPLE = "3a"
HOUSEHOLDS = "5a"


def result_of(criterion, **figures):
    found = assess(SET, Figures("2026-11", figures), area="00123").results
    return next(one for one in found if one.criterion.id == criterion)


def with_file(done, all_of_them):
    return result_of(PEOPLE, addicts_with_file=done, addicts=all_of_them)


@pytest.mark.parametrize(
    ("done", "all_of_them", "few"),
    [(1, 3, True), (28, 29, True), (20, 29, False), (3, 30, True), (0, 9, False)],
)
def test_few_people_stand_behind_a_result_or_are_what_it_lacks(done, all_of_them, few):
    assert rests_on_few(with_file(done, all_of_them), SET.catalogue) is few


def test_few_households_are_told():
    result = result_of(HOUSEHOLDS, households_committed=98, households=100)

    assert rests_on_few(result, SET.catalogue) is False
    assert short_note(result, SET.catalogue, exact=False) == "2"


def test_a_cell_says_a_range_above_the_unit_and_the_number_in_it():
    result = with_file(28, 29)

    assert short_note(result, SET.catalogue, exact=False) == "1–4"
    assert short_note(result, SET.catalogue, exact=True) == "1"


def test_the_others_are_withheld_with_the_small_one():
    assert [withheld_text(one) for one in (3, 29)] == ["1–4", "chỉ xã được xem"]


def test_the_sentence_names_the_criterion_and_no_number_of_people():
    told = masked_reason(with_file(28, 29))

    assert told.startswith("Chưa đạt: ")
    assert told.endswith("Số người từ 1 đến 4 chỉ xã được xem.")
    assert "28" not in told
    assert "29" not in told
