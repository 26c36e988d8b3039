import random
import tokenize
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diaban.core.numbers import Absence
from diaban.recognition.rules import engine
from diaban.recognition.rules.assessment import Outcome, assess, in_json
from diaban.recognition.rules.engine import Figures, Status
from diaban.recognition.rules.set_files import builtin_set
from diaban.recognition.rules.sets import Reading
from tests.recognition.rules import oracle
from tests.recognition.rules.figures import SETS, all_figures, figures_for

LAO_CAI = builtin_set("lao-cai-2023")
VINH_LINH = builtin_set("vinh-linh-2023")
TAN_AN = builtin_set("tan-an-2026")
COMMUNE = builtin_set("qd-28-2025-commune")
PROVINCE = builtin_set("qd-28-2025-province")

CLEAN = dict.fromkeys(LAO_CAI.codes, 0) | {
    "households": 1000,
    "households_committed": 1000,
    "hamlets": 16,
    "hamlets_with_box_and_board": 16,
    "models_effective": 1,
}
QUIET = dict.fromkeys(COMMUNE.codes, 0) | {"population_resident": 10_000, "on_key_route": False}


def assessed(criteria, figures, **options):
    return assess(criteria, Figures("2026", figures), area="00123", **options)


def statuses(assessment):
    return {one.criterion.id: one.status for one in assessment.results}


def test_a_commune_that_shows_everything_is_met():
    found = assessed(LAO_CAI, CLEAN)

    assert found.outcome is Outcome.MET
    assert found.classification is None
    assert {one.criterion.id for one in found.results if one.vacuous} == {"3a", "3b", "3c", "4"}


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({"households_committed": 984}, Outcome.NOT_MET),
        ({"households_committed": Absence.MISSING}, Outcome.UNDETERMINED),
        ({"households_committed": 1200}, Outcome.UNDETERMINED),
        ({"households_committed": Absence.MISSING, "models_effective": 0}, Outcome.NOT_MET),
        ({"households_committed": 1200, "models_effective": 0}, Outcome.NOT_MET),
    ],
)
def test_one_failure_decides_whatever_is_missing(change, outcome):
    assert assessed(LAO_CAI, CLEAN | change).outcome is outcome


def test_nothing_at_all_is_undetermined_in_every_set():
    for criteria in SETS:
        found = assessed(criteria, {})

        assert found.outcome is Outcome.UNDETERMINED
        assert set(statuses(found).values()) == {Status.MISSING}


def test_the_answer_has_the_shape_that_programs_rely_on():
    answer = in_json(assessed(LAO_CAI, CLEAN | {"households_committed": 984}))
    criterion = next(one for one in answer["criteria"] if one["id"] == "5a")

    assert {key: answer[key] for key in ("area", "period", "set", "outcome", "class")} == {
        "area": "00123",
        "period": "2026",
        "set": "lao-cai-2023",
        "outcome": "not_met",
        "class": None,
    }
    assert "groups" not in answer
    assert criterion == {
        "id": "5a",
        "status": "not_met",
        "vacuous": False,
        "value": "98.40",
        "threshold": ">= 100",
        "unit": "%",
        "operands": {"households_committed": 984, "households": 1000},
        "shortfall": 16,
        "reason": "Còn 16 hộ chưa ký cam kết (984/1.000).",
        "label": "Hộ ký cam kết",
    }


def test_groups_have_outcomes_of_their_own():
    clean = dict.fromkeys(VINH_LINH.codes, 0) | dict.fromkeys(
        ("hamlets", "hamlets_informed", "hamlets_with_box_and_board"), 1
    )
    clean |= dict.fromkeys(("households", "households_committed", "models_effective"), 1)
    clean |= dict.fromkeys(
        ("steering_documents", "influencer_meetings", "peoples_day_events", "patrol_teams"), 1
    )

    assert assessed(VINH_LINH, clean).outcome is Outcome.MET
    found = assessed(
        VINH_LINH, clean | {"addicts_new": 1, "suspected_groups_open": Absence.NOT_YET}
    )

    assert found.outcome is Outcome.NOT_MET
    assert in_json(found)["groups"] == {
        "movement": "met",
        "management": "not_met",
        "enforcement": "undetermined",
    }


def test_operands_of_other_periods_carry_their_label():
    figures = Figures(
        "2026",
        {},
        months=tuple((f"2026-{m:02d}", {"communication_sessions": m % 3}) for m in range(1, 13)),
    )
    answer = in_json(assess(TAN_AN, figures, area="x"))
    operands = next(one for one in answer["criteria"] if one["id"] == "t6")["operands"]

    assert len(operands) == 12
    assert operands["communication_sessions@2026-03"] == 0


@pytest.mark.parametrize(
    ("change", "literal", "cumulative"),
    [
        ({}, "drug_free", "drug_free"),
        (
            {"addicts_present": 5, "addicts_in_substitution": 3, "addicts_in_home_rehab": 2},
            "drug_free",
            "drug_free",
        ),
        ({"addicts_present": 5, "addicts_in_substitution": 3}, "type_3", "none"),
        ({"users_present": 1}, "type_3", "none"),
        (
            {"use_points_open": 2, "on_file": 50, "offenders_arrested": 10},
            "type_1",
            "type_1",
        ),
        (
            {"use_points_open": 2, "on_file": 50, "on_key_route": True},
            "type_1",
            "type_1",
        ),
        # Two signs of type I and one of type II: literally a type III by its missing plants.
        (
            {
                "use_points_open": 1,
                "on_file": 60,
                "offenders_arrested": 7,
                "plants_destroyed": 4000,
            },
            "type_3",
            "type_2",
        ),
        # The same without anything under a type III limit: literally no class at all.
        (
            {
                "use_points_open": 1,
                "on_file": 60,
                "offenders_arrested": 7,
                "plants_destroyed": 4000,
                "plant_area_destroyed_m2": 800,
            },
            "none",
            "type_2",
        ),
        ({"use_points_open": 1}, "type_3", "none"),
        ({"use_points_open": 1, "on_file": Absence.MISSING}, "type_3", "undetermined"),
        ({"use_points_open": Absence.MISSING}, "undetermined", "undetermined"),
    ],
)
def test_both_readings_of_the_decision_are_given(change, literal, cumulative):
    found = assessed(COMMUNE, QUIET | change).classification

    assert (found.literal, found.cumulative) == (literal, cumulative)
    assert found.agreed == (literal if literal == cumulative else None)
    assert found.needs_decision == (
        literal != cumulative or literal == "none" or "undetermined" in (literal, cumulative)
    )


@pytest.mark.parametrize("reading", list(Reading))
def test_one_reading_fills_only_its_key(reading):
    both = assessed(COMMUNE, QUIET | {"users_present": 1}).classification
    one = assessed(COMMUNE, QUIET | {"users_present": 1}, readings=(reading,)).classification

    assert getattr(one, reading.value) == getattr(both, reading.value)
    assert [one.literal, one.cumulative].count(None) == 1
    assert one.agreed == getattr(both, reading.value)
    assert one.needs_decision == (one.agreed == "none")


def test_a_criterion_that_the_readings_understand_differently_shows_both():
    answer = in_json(assessed(COMMUNE, QUIET | {"on_file": 60}))
    found = next(one for one in answer["criteria"] if one["id"] == "2a")

    assert (found["status"], found["value"]) == ("not_met", "0.60")
    assert found["threshold"] == ">= 0.1, < 0.5"
    assert found["readings"] == {"literal": "not_met", "cumulative": "met"}


def test_under_the_cumulative_reading_criteria_have_its_status():
    found = assessed(COMMUNE, QUIET | {"on_file": 60}, readings=(Reading.CUMULATIVE,))

    assert statuses(found)["2a"] is Status.MET


@settings(max_examples=600)
@given(figures_for(COMMUNE.codes))
def test_classes_agree_with_the_second_opinion(figures):
    found = assessed(COMMUNE, figures).classification
    plain = {code: None if isinstance(v, Absence) else v for code, v in figures.items()}

    assert found.literal == oracle.commune_class(plain, "literal")
    assert found.cumulative == oracle.commune_class(plain, "cumulative")


@settings(max_examples=300)
@given(figures_for(PROVINCE.codes))
def test_key_provinces_agree_with_the_second_opinion(figures):
    found = assessed(PROVINCE, figures).outcome
    plain = {code: None if isinstance(v, Absence) else v for code, v in figures.items()}

    expected = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNDETERMINED}
    assert found is expected[oracle.key_province(plain)]


every_set = st.sampled_from(SETS).flatmap(lambda s: st.tuples(st.just(s), all_figures(s)))


@settings(max_examples=300)
@given(every_set)
def test_any_figures_give_an_answer_with_a_sentence(case):
    criteria, figures = case
    found = assess(criteria, figures, area="x")

    assert len(found.results) == len(criteria.criteria)
    for one in found.results:
        assert one.reason.endswith(".")
        assert one.reason[0] == one.reason[0].upper()
        assert not (one.vacuous and one.status is not Status.MET)
        assert one.shortfall is None or one.status in (Status.MET, Status.NOT_MET)
        assert one.shortfall is None or (one.shortfall == 0) == (one.status is Status.MET)
        assert (one.status is Status.MISSING) <= any(
            isinstance(operand.value, Absence) for operand in one.operands
        ) | ("năm trước" in one.reason.lower())


@settings(max_examples=200)
@given(every_set, st.randoms(use_true_random=False))
def test_the_order_of_the_figures_changes_nothing(case, shuffler):
    criteria, figures = case
    items = list(figures.now.items())
    shuffler.shuffle(items)
    other = Figures(
        figures.label, dict(items), figures.label_before, figures.year_before, figures.months
    )

    assert in_json(assess(criteria, figures, area="x")) == in_json(
        assess(criteria, other, area="x")
    )


@settings(max_examples=200)
@given(every_set, st.integers(1, 50))
def test_more_commitments_never_unmeet_a_criterion(case, more):
    criteria, figures = case
    households = figures.now.get("households")
    committed = figures.now.get("households_committed")
    if isinstance(households, Absence | None) or isinstance(committed, Absence | None):
        return
    raised = Figures(
        figures.label,
        {**figures.now, "households_committed": max(committed, min(committed + more, households))},
        figures.label_before,
        figures.year_before,
        figures.months,
    )
    before = statuses(assess(criteria, figures, area="x"))
    after = statuses(assess(criteria, raised, area="x"))

    assert {i for i, s in before.items() if s is Status.MET} <= {
        i for i, s in after.items() if s is Status.MET
    }


@settings(max_examples=200)
@given(every_set, st.data())
def test_learning_a_missing_figure_never_turns_a_verdict(case, data):
    criteria, figures = case
    gaps = [c for c in criteria.codes if isinstance(figures.now.get(c, Absence.MISSING), Absence)]
    if not gaps or criteria.looks_back or criteria.looks_at_months:
        return
    known = {**figures.now, gaps[0]: data.draw(figures_for(gaps[:1])).get(gaps[0], 0)}
    before = statuses(assess(criteria, figures, area="x"))
    after = statuses(assess(criteria, Figures("2026", known), area="x"))

    decided = (Status.MET, Status.NOT_MET)
    assert all(after[i] is status for i, status in before.items() if status in decided)


def test_assessment_uses_no_binary_fractions():
    folder = Path(engine.__file__).parent
    exact = [path for path in folder.glob("*.py") if path.stem not in ("table_files", "__init__")]

    assert Path(engine.__file__) in exact
    for path in exact:
        with path.open("rb") as source:
            for token in tokenize.tokenize(source.readline):
                if token.type == tokenize.NAME:
                    assert "float" not in token.string, (path.name, token.start)
                if token.type == tokenize.NUMBER:
                    assert "." not in token.string, (path.name, token.start)
                    assert "e" not in token.string.lower(), (path.name, token.start)


def test_no_answer_holds_a_binary_fraction():
    shuffler = random.Random(28)
    figures = {code: shuffler.randrange(5) for code in COMMUNE.codes} | {
        "plant_area_destroyed_m2": Decimal("12.25"),
        "on_key_route": True,
    }

    def inside(value):
        yield value
        for one in (
            value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        ):
            yield from inside(one)

    answer = in_json(assessed(COMMUNE, figures))
    assert not [one for one in inside(answer) if isinstance(one, float)]
