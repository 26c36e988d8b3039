"""The four scores, on plain values."""

from datetime import date
from fractions import Fraction

import pytest

from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.parts import part_checks
from diaban.indicators.rules.quality import (
    BadQuality,
    Score,
    Tally,
    added,
    age,
    builtin_quality,
    lateness,
    load_quality,
    score_of,
    scores_of,
    tenths,
    worst,
)
from diaban.indicators.rules.quality_measures import measure
from diaban.indicators.rules.reconciling import builtin_lines, compare
from diaban.indicators.rules.validation import builtin_checks

QUALITY = builtin_quality()
COMMUNE = ("hotspots_open", "on_file", "persons_in_police_software", "users_managed", "post_rehab")
HAMLET = ("households", "households_committed", "population_resident", "addicts")


def row(households=50, committed=50, people=200, addicts=1):
    return dict(zip(HAMLET, (households, committed, people, addicts), strict=True))


def document(*rows, **values):
    given = dict.fromkeys(COMMUNE, 0) | {"on_file": 3, "persons_in_police_software": 3} | values
    return {"values": given, "hamlets": {f"h{n}": one for n, one in enumerate(rows, 1)}}


def measured(now, before=None, unread=None, counts=None, told=None, *, signed=False):
    known = {*COMMUNE, *HAMLET}
    checks = (
        *part_checks("thang", COMMUNE, HAMLET, builtin_catalogue()),
        *(one for one in builtin_checks() if one.at in known),
    )
    compared = compare(builtin_lines(), now, counts or {}, told or {})
    return measure(
        now, before, unread or {}, checks, compared,
        signed=signed, catalogue=builtin_catalogue(), quality=QUALITY,
    )  # fmt: skip


def tally(found, name):
    return found.tallies[name].good, found.tallies[name].all


def test_a_score_is_the_weighted_mean_of_the_shares_that_could_be_measured():
    tallies = {"rules": Tally(9, 10), "software": Tally(0, 1), "registers": Tally(0, 0)}

    # (2 x 9/10 + 1 x 0) / 3; the register was never counted and takes no part.
    assert score_of(tallies, Score.CORRECT, QUALITY) == Fraction(60)


def test_nothing_to_measure_is_no_score_and_not_zero():
    assert scores_of({}, QUALITY) == dict.fromkeys(Score)
    assert score_of({"units": Tally(0, 1)}, Score.COMPLETE, QUALITY) == 0


def test_above_the_commune_both_sides_are_added_and_shares_are_not_averaged():
    small, large = {"values": Tally(1, 2)}, {"values": Tally(98, 98)}

    assert added([small, large]) == {"values": Tally(99, 100)}
    assert score_of(added([small, large]), Score.COMPLETE, QUALITY) == 99


@pytest.mark.parametrize(
    ("score", "shown"), [(Fraction(100), 1000), (Fraction(9999, 100), 999), (Fraction(0), 0)]
)
def test_a_score_is_cut_so_that_only_all_good_reads_a_hundred(score, shown):
    assert tenths(score) == shown


def test_the_worst_is_what_costs_most_by_weight():
    tallies = {"rules": Tally(9, 10), "software": Tally(7, 10)}

    assert worst(tallies, Score.CORRECT, QUALITY).id == "software"
    assert worst({"rules": Tally(1, 1)}, Score.CORRECT, QUALITY) is None


DUE = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("sent", "today", "good", "days"),
    [
        (date(2026, 11, 16), date(2026, 11, 30), 10, 0),
        (date(2026, 11, 19), date(2026, 11, 30), 7, 3),
        (date(2026, 12, 30), date(2026, 12, 31), 0, 44),
        (None, date(2026, 11, 17), 9, 1),
    ],
    ids=["on the day", "three days", "beyond", "not sent"],
)
def test_each_day_late_costs_one_part(sent, today, good, days):
    assert lateness(DUE, sent, today, QUALITY.limits) == (Tally(good, 10), days)


def test_a_return_that_is_not_due_is_not_late():
    assert lateness(DUE, None, DUE, QUALITY.limits) == (Tally(), 0)


@pytest.mark.parametrize(("months", "good"), [(0, 3), (2, 1), (3, 0), (None, 0)])
def test_figures_grow_old_by_months(months, good):
    assert age(months, QUALITY.limits) == Tally(good, 3)


def test_a_clean_return_is_good_in_every_measure():
    found = measured(document(row(), row(40, 40, 160, 2)))

    assert all(one.short == 0 for one in found.tallies.values())
    assert found.causes == ()
    assert tally(found, "values") == (13, 13)


def test_a_hole_is_lacking_and_a_zero_or_not_applicable_is_an_answer():
    found = measured(document(row(addicts=0), row(40, None, 160, "-"), post_rehab="KAD"))

    assert tally(found, "values") == (11, 13)
    assert [(one.row, one.code) for one in found.causes] == [
        ("h2", "households_committed"),
        ("h2", "addicts"),
    ]


def test_a_hamlet_without_any_figure_is_one_cause_and_not_one_a_cell():
    found = measured(document(row(), dict.fromkeys(HAMLET)))

    assert tally(found, "hamlets") == (1, 2)
    assert tally(found, "values") == (9, 13)
    assert [(one.measure, one.row, one.code) for one in found.causes] == [("hamlets", "h2", "")]


def test_a_part_above_its_whole_is_impossible_and_not_a_broken_rule():
    found = measured(document(row(100, 120), row(40, 40, 160, 2)))

    assert tally(found, "rules") == (2, 2)
    assert found.tallies["impossible"].short == 1
    (cause,) = found.causes
    assert (cause.measure, cause.row, cause.code) == ("impossible", "h1", "households_committed")


@pytest.mark.parametrize(
    "odd", [row(0, 0, 0, 0), row(10, 10, 151, 0)], ids=["nobody lives there", "16 in a house"]
)
def test_what_cannot_be_is_named(odd):
    assert measured(document(row(), odd)).tallies["impossible"].short >= 1


def test_two_hamlets_with_the_same_row_are_asked_about_both():
    found = measured(document(row(), row(), row(40, 40, 160, 2)))

    assert tally(found, "duplicates") == (1, 3)


def test_two_small_hamlets_of_mostly_zeros_are_no_duplicates():
    small = row(12, 12, 40, 0)

    assert tally(measured(document(small, dict(small))), "duplicates") == (0, 0)


def test_a_swing_that_is_explained_is_no_broken_rule():
    now, before = document(row(people=100), row()), document(row(people=200), row())
    told = now | {"why": {"population_resident.h1": "Tách hộ sang thôn bên."}}

    assert measured(now, before).tallies["rules"].short == 1
    assert measured(told, before).tallies["rules"].short == 0


def test_what_could_not_be_read_as_a_number_costs_the_format():
    found = measured(document(row()), unread={"users_managed": "khoảng 5"})

    assert tally(found, "format") == (9, 10)
    assert ("format", "", "users_managed", "“khoảng 5”") in [
        (one.measure, one.row, one.code, one.text) for one in found.causes
    ]


def test_the_software_column_of_the_commune_stands_in_until_the_police_have_counted():
    now = document(row(), persons_in_police_software=5)
    police = {"police": {"on_file": {"value": 3}}}

    assert tally(measured(now), "software") == (0, 1)
    assert tally(measured(now, counts=police), "software") == (1, 1)


def test_a_difference_counts_as_settled_when_it_is_explained_and_both_have_signed():
    now = document(row())
    counts = {"commune": {"on_file": {"value": 4}}}
    told = {"on_file": {"text": "Một hồ sơ vừa nhận."}}

    assert tally(measured(now, counts=counts), "registers") == (0, 1)
    assert tally(measured(now, counts=counts, told=told), "registers") == (0, 1)
    assert tally(measured(now, counts=counts, told=told, signed=True), "registers") == (1, 1)


def test_rules_about_the_work_done_do_not_touch_the_scores():
    assert {"session_every_month", "software_agrees"} <= QUALITY.leave_out


def test_every_measure_has_a_known_score_and_the_file_says_where_it_is_from():
    assert {one.score for one in QUALITY.measures} == set(Score)
    assert QUALITY.source
    assert QUALITY.valid_from == date(2025, 7, 1)


def test_all_that_is_wrong_in_a_file_is_said_at_once(tmp_path):
    path = tmp_path / "quality.toml"
    path.write_text(
        'source = "x"\nvalid_from = 2025-01-01\n'
        "[limits]\nlate_days = 0\nage_months = 1\npeople_per_household = 1\n"
        "duplicate_least = 1\n"
        '[[measure]]\nid = "a"\nscore = "best"\nweight = 1\nname = ""\nnoun = ""\nshort = ""\n'
        '[[measure]]\nid = "b"\nscore = "alive"\nweight = 0\nname = ""\nnoun = ""\nshort = ""\n',
        encoding="utf-8",
    )

    with pytest.raises(BadQuality) as refusal:
        load_quality(path)

    assert [one.partition(":")[0] for one in refusal.value.facts["errors"]] == [
        "limits.late_days",
        "a",
        "b",
    ]
