from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.core.numbers import Absence
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.recognition.rules.engine import (
    Figures,
    Problem,
    Status,
    all_of,
    count_of,
    judge,
    percent_floor,
)
from diaban.recognition.rules.formulas import parse
from tests.recognition.rules.oracle import in_every_case

CATALOGUE = builtin_catalogue()
MET, NOT_MET, MISSING, INVALID = Status.MET, Status.NOT_MET, Status.MISSING, Status.INVALID
HOUSEHOLDS = "households_committed / households >= 100%"
ADDICTS = "addicts_with_file / addicts >= 100%"


def judged(text, *, before=None, months=(), label_before="2025", **now):
    figures = Figures("2026", now, label_before, before or {}, tuple(months))
    return judge(parse(text, CATALOGUE), figures, CATALOGUE)


def outcome(text, **values):
    found = judged(text, **values)
    return found.status, found.shortfall


@pytest.mark.parametrize(
    ("committed", "households", "status", "shortfall"),
    [
        (1000, 1000, MET, 0),
        (999, 1000, NOT_MET, 1),
        (984, 1000, NOT_MET, 16),
        (0, 1000, NOT_MET, 1000),
        (99_999_999, 100_000_000, NOT_MET, 1),
        (120, 100, INVALID, None),
        (0, 0, INVALID, None),
        (5, 0, INVALID, None),
        (Absence.MISSING, 1000, MISSING, None),
        (984, Absence.NOT_YET, MISSING, None),
        (Absence.NOT_APPLICABLE, 1000, MISSING, None),
    ],
)
def test_every_household_must_have_committed(committed, households, status, shortfall):
    found = judged(HOUSEHOLDS, households_committed=committed, households=households)

    assert (found.status, found.shortfall, found.vacuous) == (status, shortfall, False)


def test_a_code_that_is_not_there_is_missing():
    assert judged(HOUSEHOLDS, households=1000).status is MISSING


def test_none_of_none_is_met_and_says_so():
    found = judged(ADDICTS, addicts_with_file=0, addicts=0)

    assert (found.status, found.vacuous, found.shortfall) == (MET, True, 0)


@pytest.mark.parametrize("whole", ["households", "hamlets", "communes", "population_resident"])
def test_what_every_area_has_cannot_be_zero(whole):
    found = judged(f"addicts / {whole} < 1%", addicts=0, **{whole: 0})

    assert (found.status, found.problem) == (INVALID, Problem.WHOLE_IS_ZERO)


def test_a_missing_part_of_nothing_is_missing_all_the_same():
    assert judged(ADDICTS, addicts=0).status is MISSING


@pytest.mark.parametrize(
    ("text", "part", "whole", "status", "shortfall"),
    [
        ("on_file_reached_services / on_file > 80%", 80, 100, NOT_MET, 1),
        ("on_file_reached_services / on_file > 80%", 81, 100, MET, 0),
        ("on_file_reached_services / on_file > 80%", 0, 1, NOT_MET, 1),
        ("on_file_reached_services / on_file >= 80%", 80, 100, MET, 0),
        ("on_file_reached_services / on_file >= 80%", 2, 3, NOT_MET, 1),
        ("on_file_reached_services / on_file < 80%", 80, 100, NOT_MET, 1),
        ("on_file_reached_services / on_file <= 80%", 90, 100, NOT_MET, 10),
        ("on_file_reached_services / on_file = 50%", 1, 2, MET, 0),
        ("on_file_reached_services / on_file = 50%", 1, 3, NOT_MET, None),
        ("on_file_reached_services / on_file > 100%", 3, 3, NOT_MET, None),
        ("on_file_reached_services / on_file < 0%", 1, 3, NOT_MET, None),
    ],
)
def test_ratios_are_compared_exactly(text, part, whole, status, shortfall):
    found = outcome(text, on_file_reached_services=part, on_file=whole)

    assert found == (status, shortfall)


def test_a_third_is_a_third():
    text = "on_file_reached_services / on_file >= 33.34%"

    assert outcome(text, on_file_reached_services=3333, on_file=9999)[0] is NOT_MET
    assert outcome(text, on_file_reached_services=3334, on_file=10_000)[0] is MET


@pytest.mark.parametrize(
    ("text", "count", "status", "shortfall"),
    [
        ("models_effective >= 1", 0, NOT_MET, 1),
        ("models_effective >= 1", 1, MET, 0),
        ("models_effective > 1", 1, NOT_MET, 1),
        ("models_effective <= 2", 5, NOT_MET, 3),
        ("models_effective < 2", 5, NOT_MET, 4),
        ("models_effective = 0", 2, NOT_MET, 2),
        ("models_effective = 3", 1, NOT_MET, 2),
        ("models_effective < 0", 0, NOT_MET, None),
    ],
)
def test_counts_say_how_far_they_are(text, count, status, shortfall):
    assert outcome(text, models_effective=count) == (status, shortfall)


def test_a_measure_has_no_next_number():
    text = "plant_area_destroyed_m2 >= 750"

    assert outcome(text, plant_area_destroyed_m2=Decimal("749.99")) == (NOT_MET, None)
    assert outcome(text, plant_area_destroyed_m2=Decimal("750.00")) == (MET, 0)


@pytest.mark.parametrize(
    ("present", "elsewhere", "at_home", "status"),
    [(5, 3, 2, MET), (5, 3, 1, NOT_MET), (5, 3, 3, INVALID), (5, None, 2, MISSING)],
)
def test_what_is_taken_away_cannot_exceed(present, elsewhere, at_home, status):
    found = judged(
        "addicts_present - addicts_in_substitution - addicts_in_home_rehab = 0",
        addicts_present=present,
        addicts_in_substitution=Absence.MISSING if elsewhere is None else elsewhere,
        addicts_in_home_rehab=at_home,
    )

    assert found.status is status


@pytest.mark.parametrize(
    ("text", "now", "before", "status", "shortfall"),
    [
        ("growth(cases_detected) >= 5%", 105, 100, MET, 0),
        ("growth(cases_detected) >= 5%", 104, 100, NOT_MET, 1),
        ("growth(cases_detected) >= 5%", 21, 20, MET, 0),
        ("growth(cases_detected) >= 5%", 21, 21, NOT_MET, 2),
        ("growth(cases_detected) >= 5%", 0, 0, NOT_MET, None),
        ("growth(cases_detected) < 1%", 101, 100, NOT_MET, 1),
        ("growth(cases_detected) < 1%", 100, 100, MET, 0),
        ("growth(cases_detected) < 1%", 50, 100, MET, 0),
        ("growth(cases_detected) < 1%", 0, 0, MET, 0),
        ("growth(cases_detected) < 1%", 3, 0, MISSING, None),
    ],
)
def test_growth_is_against_the_year_before(text, now, before, status, shortfall):
    found = judged(text, before={"cases_detected": before}, cases_detected=now)

    assert (found.status, found.shortfall) == (status, shortfall)


def test_growth_from_nothing_says_why_it_cannot_be_told():
    found = judged("growth(addicts) < 1%", before={"addicts": 0}, addicts=3)

    assert (found.status, found.problem) == (MISSING, Problem.BASE_IS_ZERO)


def test_growth_without_a_year_before_is_missing():
    assert judged("growth(addicts) < 1%", addicts=3).status is MISSING
    found = judged("growth(addicts) < 1%", label_before="", addicts=3)

    assert (found.status, found.problem) == (MISSING, Problem.NO_YEAR_BEFORE)


def months(*sessions):
    return [
        (f"2026-{number:02d}", {} if count is None else {"communication_sessions": count})
        for number, count in enumerate(sessions, 1)
    ]


@pytest.mark.parametrize(
    ("sessions", "status", "shortfall"),
    [
        ((1,) * 12, MET, 0),
        ((1,) * 10 + (0, 0), NOT_MET, 2),
        ((1,) * 11 + (None,), MISSING, None),
        ((0,) + (1,) * 10 + (None,), NOT_MET, None),
    ],
)
def test_every_month_counts(sessions, status, shortfall):
    found = judged("every month (communication_sessions >= 1)", months=months(*sessions))

    assert (found.status, found.shortfall) == (status, shortfall)
    assert [operand.label for operand in found.operands] == [m for m, _ in months(*sessions)]


def test_a_period_without_months_cannot_be_told():
    found = judged("every month (communication_sessions >= 1)", communication_sessions=12)

    assert (found.status, found.problem) == (MISSING, Problem.NO_MONTHS)


@pytest.mark.parametrize("parts", list(product(Status, repeat=3)), ids="-".join)
def test_and_or_and_at_least_agree_with_trying_every_case(parts):
    statements = [{MET: True, NOT_MET: False}.get(part) for part in parts]

    def told(status):
        return {MET: True, NOT_MET: False}.get(status)

    assert told(all_of(parts)) == in_every_case(statements, all)
    for needed in (1, 2, 3):
        expected = in_every_case(statements, lambda case, n=needed: sum(case) >= n)
        assert told(count_of(needed, parts)) == expected


def test_what_is_invalid_is_named_before_what_is_missing():
    assert all_of((MISSING, INVALID, MET)) is INVALID
    assert all_of((MISSING, INVALID, NOT_MET)) is NOT_MET
    assert count_of(2, (MISSING, INVALID, MET)) is INVALID


def test_an_and_adds_up_what_is_short_when_all_of_it_is_known():
    text = "hotspots_open = 0 and retail_sellers_open = 0 and use_points_open = 0"

    assert outcome(text, hotspots_open=1, retail_sellers_open=2, use_points_open=0) == (NOT_MET, 3)
    assert outcome(text, hotspots_open=1, use_points_open=0) == (NOT_MET, None)


def test_an_or_has_no_number_that_is_short():
    text = "plants_destroyed >= 3000 or plant_area_destroyed_m2 >= 750"

    assert outcome(text, plants_destroyed=0, plant_area_destroyed_m2=0) == (NOT_MET, None)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (99_996, 100_000, "99.99"),
        (1, 1, "100.00"),
        (984, 1000, "98.40"),
        (2, 3, "66.66"),
        (-1, 100_000, "-0.01"),
        (-1, 3, "-33.34"),
        (0, 7, "0.00"),
        (5, 4, "125.00"),
    ],
)
def test_percentages_are_rounded_towards_minus_infinity(part, whole, text):
    assert percent_floor(Fraction(part, whole)) == text


counts = st.integers(0, 10**12)


@given(counts, counts, counts)
def test_one_more_of_the_part_never_unmeets(part, more, rest):
    whole = part + more + rest
    before = judged(HOUSEHOLDS, households_committed=part, households=whole).status
    after = judged(HOUSEHOLDS, households_committed=part + more, households=whole).status

    assert not (before is MET and after is not MET)


@given(
    st.sampled_from([">=", ">", "<=", "<", "="]),
    st.decimals(0, 120, places=2),
    st.integers(0, 60),
    st.integers(1, 60),
)
def test_the_shortfall_is_the_nearest_way_to_pass(op, bound, part, whole):
    text = f"on_file_reached_services / on_file {op} {bound}%"
    found = judged(text, on_file_reached_services=part, on_file=whole)

    passing = [
        abs(other - part)
        for other in range(whole + 1)
        if judged(text, on_file_reached_services=other, on_file=whole).status is MET
    ]
    if found.status in (MET, NOT_MET):
        assert found.shortfall == (min(passing) if passing else None)
