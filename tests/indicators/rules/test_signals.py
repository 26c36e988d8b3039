"""Questions about figures: when they are asked, and above all when not."""

from datetime import date

import pytest

from diaban.core.periods import parse_label
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.signals import Facts, builtin_signals, question, signals_of

PERIOD = parse_label("2026-11")
SIGNALS = builtin_signals()

FLOWS = {
    "hotspots_opened": 0, "hotspots_cleared": 0, "cases_detected": 2, "offenders_arrested": 3,
    "addicts_new": 1, "users_new": 0, "agencies_informed": 14, "businesses_informed": 9,
    "schools_informed": 3, "steering_documents": 2, "listening_forums": 1,
    "influencer_meetings": 2, "hamlets_informed": 2,
}  # fmt: skip
STOCKS = {
    "agencies": 15, "businesses": 12, "schools": 3, "at_risk": 6, "at_risk_counselled": 6,
    "on_file": 31, "on_file_reached_services": 31, "post_rehab": 22, "post_rehab_with_file": 22,
    "post_rehab_job_supported": 20, "released_prisoners": 25, "released_prisoners_supported": 25,
    "addicts_with_file": 24,
}  # fmt: skip


def hamlet(sessions=1, addicts=12, households=93, people=371):
    return {
        "households": households, "households_committed": households - 4,
        "population_resident": people, "communication_sessions": sessions,
        "addicts": addicts, "addicts_present": addicts, "addicts_present_in_treatment": addicts - 1,
        "users_present": 0, "tips_received": 0,
    }  # fmt: skip


def document(hamlets=None, **values):
    rows = hamlets or [hamlet(), hamlet(2, 12, 67, 255)]
    return {
        "values": FLOWS | STOCKS | values,
        "hamlets": {f"h{n}": one for n, one in enumerate(rows, 1)},
    }


BEFORE = document(
    [hamlet(2, 11, 92, 368), hamlet(1, 12, 67, 251)],
    cases_detected=1, offenders_arrested=1, agencies_informed=13, businesses_informed=10,
    schools_informed=2, steering_documents=0, influencer_meetings=1,
)  # fmt: skip


def kinds(now, before=None, **more):
    facts = Facts(PERIOD, now, before, **more)
    return [one.kind for one in signals_of(facts, builtin_catalogue(), SIGNALS)]


def test_a_living_commune_is_asked_nothing():
    assert kinds(document(), BEFORE) == []


def test_the_same_figures_as_last_month_are_asked_about_with_their_number():
    facts = Facts(PERIOD, document(addicts_new=0), document(addicts_new=0))
    (signal,) = signals_of(facts, builtin_catalogue(), SIGNALS)

    assert question(signal, "Xã Hạ", SIGNALS, exact=True) == (
        "Xã Hạ có 13/13 chỉ tiêu giống hệt kỳ trước. Có đúng vậy không?"
    )


def quiet(**values):
    """A small commune in which nothing happens: zeros, month after month."""
    nothing = dict.fromkeys((*FLOWS, *STOCKS), 0)
    rows = {f"h{n}": hamlet(1, 0, 20 + n, 70 + n) for n in (1, 2, 3)}
    for one in rows.values():
        one["addicts_present_in_treatment"] = 0
    return {
        "values": nothing | {"hamlets_informed": 3, "agencies": 2, "agencies_informed": 2} | values,
        "hamlets": rows,
    }


def test_a_small_commune_with_true_zeros_is_not_asked_why_nothing_moved():
    assert kinds(quiet(), quiet()) == []


def test_stocks_that_stay_are_no_copy():
    now = document(cases_detected=4, offenders_arrested=5, agencies_informed=15)
    now["hamlets"] = {"h1": hamlet(2, 12, 93, 372), "h2": hamlet(1, 12, 67, 256)}

    assert kinds(now, document()) == []


FULL = {
    "agencies": 20, "agencies_informed": 20, "businesses": 30, "businesses_informed": 30,
    "post_rehab": 25, "post_rehab_with_file": 25, "post_rehab_job_supported": 25,
}  # fmt: skip


def all_signed():
    rows = [hamlet(), hamlet(2, 12, 67, 255)]
    for one in rows:
        one["households_committed"] = one["households"]
        one["addicts_present_in_treatment"] = one["addicts_present"]
    return rows


def test_everything_at_a_hundred_percent_is_asked_about():
    assert kinds(document(all_signed(), **FULL), BEFORE) == ["all_full"]


def test_one_ratio_below_a_hundred_is_enough_to_ask_nothing():
    assert kinds(document(all_signed(), **FULL | {"agencies_informed": 19}), BEFORE) == []


def test_three_of_three_here_and_two_of_two_there_is_nothing_to_ask_about():
    assert kinds(quiet(schools=3, schools_informed=3, post_rehab=2, post_rehab_with_file=2)) == []


def committed(number):
    rows = [hamlet(), hamlet(2, 12, 67, 255)]
    rows[0]["households_committed"] = number
    return document(rows)


EARLY, LATE = date(2026, 11, 10), date(2026, 11, 13)


def test_a_jump_in_the_last_days_is_asked_about_with_both_numbers():
    facts = Facts(PERIOD, committed(90), BEFORE, saves=[(EARLY, committed(20))])
    (signal,) = signals_of(facts, builtin_catalogue(), SIGNALS)

    assert question(signal, "Xã Hạ", SIGNALS, exact=True) == (
        "Xã Hạ: số hộ ký cam kết tăng từ 83 lên 153 trong 3 ngày cuối kỳ. Có đúng vậy không?"
    )


def test_what_a_draft_said_does_not_leave_the_commune():
    facts = Facts(PERIOD, committed(90), BEFORE, saves=[(EARLY, committed(20))])

    (asked,) = signals_of(facts, builtin_catalogue(), SIGNALS)
    above = question(asked, "Xã Hạ", SIGNALS, exact=False)

    assert above == (
        "Xã Hạ: số hộ ký cam kết tăng từ 25% trở lên trong 3 ngày cuối kỳ. Có đúng vậy không?"
    )


@pytest.mark.parametrize(
    "saves",
    [
        [],
        [(LATE, committed(20))],
        [(EARLY, committed(80))],
        [(date(2026, 9, 1), committed(20))],
        [(EARLY, committed(None))],
    ],
    ids=["never saved", "saved late only", "small step", "another period", "not yet entered"],
)
def test_a_figure_that_grew_as_figures_grow_is_not_asked_about(saves):
    assert kinds(committed(90), BEFORE, saves=saves) == []


def rounded(step):
    rows = [
        {"households": n * step, "population_resident": 4 * n * step, "households_committed": n}
        for n in range(11, 22)
    ]
    return {"values": {}, "hamlets": {f"h{n}": one for n, one in enumerate(rows, 1)}}


def test_digits_that_are_too_round_are_asked_about():
    assert kinds(rounded(10)) == ["round"]
    assert kinds(rounded(7)) == []


def test_few_figures_may_be_round_by_chance():
    few = rounded(10)
    few["hamlets"] = dict(list(few["hamlets"].items())[:3])

    assert kinds(few) == []


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"hamlets_informed": 3}, "informed_without_session"),
        ({"hotspots_cleared": 6}, "cleared_without_case"),
    ],
)
def test_a_result_without_the_work_behind_it_is_asked_about(values, kind):
    assert kinds(document(**values), BEFORE) == [kind]


def test_more_addicts_than_new_ones_may_have_moved_in():
    before = document([hamlet(2, 8, 92, 368), hamlet(1, 9, 67, 251)], cases_detected=1,
                      agencies_informed=1, businesses_informed=1, steering_documents=0,
                      schools_informed=1)  # fmt: skip

    assert kinds(document(), before) == ["more_without_new"]
    assert kinds(document(addicts_new=7), before) == []


def test_the_ledger_contradicts_the_return_and_small_counts_stay_in_the_commune():
    facts = Facts(PERIOD, document(on_file=33), BEFORE, ledger={"on_file": 2})
    (signal,) = signals_of(facts, builtin_catalogue(), SIGNALS)

    exact = question(signal, "Xã Hạ", SIGNALS, exact=True)
    above = question(signal, "Xã Hạ", SIGNALS, exact=False)
    assert "báo cáo 33 người có hồ sơ, trong sổ hồ sơ đếm được 2." in exact
    assert "báo cáo 33 người có hồ sơ, trong sổ hồ sơ đếm được 1–4." in above


def test_a_cell_without_a_number_leaves_the_questions_about_it_unasked():
    rows = [hamlet(), hamlet(None, 12, 67, 255)]

    assert kinds(document(rows, hamlets_informed=3), BEFORE) == []


def test_every_question_is_a_question():
    assert all(text.endswith("?") and "{area}" in text for text in SIGNALS.texts.values())
