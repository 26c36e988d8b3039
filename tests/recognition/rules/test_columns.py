from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from diaban.core.numbers import Absence
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.recognition.rules.assessment import Outcome, assess
from diaban.recognition.rules.columns import (
    STATUS,
    UNKNOWN,
    ColumnFigures,
    assess_columns,
    judge_columns,
)
from diaban.recognition.rules.engine import Figures, Status, judge
from diaban.recognition.rules.formulas import parse
from diaban.recognition.rules.set_files import builtin_set
from diaban.recognition.rules.sets import Reading
from tests.recognition.rules.figures import SETS, all_figures

CATALOGUE = builtin_catalogue()
SENTINEL = {Absence.MISSING: -1, Absence.NOT_YET: -2, Absence.NOT_APPLICABLE: -3}


def packed(code, value):
    if isinstance(value, Absence):
        return SENTINEL[value]
    return int(Decimal(value) * CATALOGUE[code].scale)


def columns(codes, rows, dtype=np.int64):
    return {
        code: np.array([packed(code, row.get(code, Absence.MISSING)) for row in rows], dtype)
        for code in codes
    }


def as_columns(criteria, rows):
    codes = criteria.codes
    return ColumnFigures(
        len(rows),
        columns(codes, [row.now for row in rows]),
        columns(codes, [row.year_before for row in rows]) if criteria.looks_back else {},
        [columns(codes, [row.months[month][1] for row in rows]) for month in range(12)]
        if criteria.looks_at_months
        else (),
    )


def outcome(status):
    return {Status.MET: Outcome.MET, Status.NOT_MET: Outcome.NOT_MET}.get(
        STATUS[status], Outcome.UNDETERMINED
    )


areas = st.sampled_from(SETS).flatmap(
    lambda s: st.tuples(st.just(s), st.lists(all_figures(s), min_size=1, max_size=5))
)


@settings(max_examples=150)
@given(areas, st.sampled_from(list(Reading)))
def test_many_areas_at_once_come_out_like_each_by_itself(case, reading):
    criteria, rows = case

    matrix = assess_columns(criteria, as_columns(criteria, rows), reading)

    for place, figures in enumerate(rows):
        alone = assess(criteria, figures, area="x", readings=(reading,))
        assert [STATUS[code] for code in matrix.status[:, place]] == [
            one.status for one in alone.results
        ]
        assert [None if n == UNKNOWN else n for n in matrix.shortfall[:, place].tolist()] == [
            one.shortfall for one in alone.results
        ]
        assert outcome(matrix.outcome[place]) is alone.outcome
        assert {name: outcome(found[place]) for name, found in matrix.groups.items()} == (
            dict(alone.groups)
        )


HARD = [
    "households_committed / households >= 100%",
    "on_file_reached_services / on_file > 33.333333333%",
    "on_file_reached_services / on_file = 50%",
    "on_file_reached_services / on_file < 0.0001%",
    "on_file_reached_services / on_file <= 66.67%",
    "plant_area_destroyed_m2 >= 749.99",
    "plant_area_destroyed_m2 / plant_area_found_m2 >= 12.5%",
    "addicts / plant_area_found_m2 >= 12.5%",
    "plant_area_found_m2 / addicts < 12.5%",
    "growth(cases_detected) >= 5.55%",
    "growth(cases_detected) < 1%",
    "growth(cases_detected) <= -5%",
    "growth(plant_area_found_m2) >= 5%",
    "addicts + users_present - addicts_new = 0",
    "(addicts - addicts_new) / (users_present + post_rehab) >= 85%",
    "budget_spent / budget_planned >= 99.9999999%",
    "at least 2 of (addicts = 0, users_present > 3, on_key_route) or schools <= 3",
    "every month (addicts >= 1 and schools < 3)",
]
CODES = sorted({code for code in CATALOGUE if any(code in text for text in HARD)})
sizes = st.one_of(st.integers(0, 4), st.integers(0, 10**15 - 1), st.sampled_from(list(Absence)))


def value_for(code):
    kind = CATALOGUE[code].kind.value
    if kind == "boolean":
        return st.one_of(st.booleans(), st.sampled_from(list(Absence)))
    if kind == "decimal":
        return st.one_of(st.decimals(0, 10**9, places=2), st.sampled_from(list(Absence)))
    return sizes


row = st.fixed_dictionaries({code: value_for(code) for code in CODES})


@settings(max_examples=200)
@given(st.sampled_from(HARD), st.lists(st.tuples(row, row), min_size=1, max_size=4))
@example(
    "budget_spent / budget_planned >= 99.9999999%",
    [({"budget_spent": 999_999_999_999_998, "budget_planned": 999_999_999_999_999}, {})],
)
def test_no_figure_is_too_large_to_be_compared_exactly(text, rows):
    formula = parse(text, CATALOGUE)
    figures = ColumnFigures(
        len(rows),
        columns(CODES, [now for now, _ in rows]),
        columns(CODES, [before for _, before in rows]),
        [columns(CODES, [now for now, _ in rows])] * 2,
    )

    found = judge_columns(formula, figures, CATALOGUE)

    for place, (now, before) in enumerate(rows):
        months = (("2026-01", now), ("2026-02", now))
        alone = judge(formula, Figures("2026", now, "2025", before, months), CATALOGUE)
        assert STATUS[found.status[place]] is alone.status
        shortfall = int(found.shortfall[place])
        assert (None if shortfall == UNKNOWN else shortfall) == alone.shortfall


def test_four_byte_figures_do_not_overflow():
    formula = parse("on_file / population_resident >= 0.05%", CATALOGUE)
    values = {
        "on_file": np.array([2**31 - 1], np.int32),
        "population_resident": np.array([2**31 - 1], np.int32),
    }

    assert judge_columns(formula, ColumnFigures(1, values), CATALOGUE).status.tolist() == [0]


@pytest.mark.parametrize("criteria", SETS, ids=lambda s: s.id)
def test_without_figures_everything_is_missing(criteria):
    matrix = assess_columns(criteria, ColumnFigures(3, {}))

    assert {STATUS[code] for code in matrix.status.ravel()} == {Status.MISSING}
    assert matrix.status.shape == matrix.shortfall.shape == (len(criteria.criteria), 3)


def test_no_areas_give_an_empty_matrix():
    criteria = builtin_set("lao-cai-2023")
    values = {code: np.array([], np.int64) for code in criteria.codes}

    assert assess_columns(criteria, ColumnFigures(0, values)).status.shape == (9, 0)
