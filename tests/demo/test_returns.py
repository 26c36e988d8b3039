from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from diaban.core.numbers import Absence
from diaban.demo.returns import (
    DUE_DAYS,
    DayTooEarly,
    digest,
    merged_on,
    sample_months,
    sample_returns,
)
from diaban.demo.world import Standing, world
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import decode
from diaban.indicators.rules.returns import COUNTED, State
from diaban.recognition.rules.assessment import assess
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.set_files import builtin_set
from tests.demo.figures import monthly_form, values_of

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module", params=[2026, 7], ids=["usual seed", "another seed"])
def returns(request):
    return list(sample_returns(world(), request.param, TODAY))


@pytest.fixture(scope="module")
def newest(returns):
    return {item.area_code: item for item in returns if item.period == "2026-11"}


def assessed(newest, set_id, commune):
    item = newest.get(commune.code)
    values = values_of(item.document) if item and item.state in COUNTED else {}
    return assess(builtin_set(set_id), Figures("2026-11", values), area=commune.code)


def test_the_year_ends_with_the_month_that_has_just_closed():
    labels = [month.label for month in sample_months(TODAY)]

    assert len(labels) == 12
    assert (labels[0], labels[-1]) == ("2025-12", "2026-11")


@pytest.mark.parametrize(
    ("today", "label"),
    [(date(2026, 11, 14), "2026-10"), (date(2026, 11, 15), "2026-11")],
    ids=["last day", "day after"],
)
def test_a_month_is_closed_on_the_day_after_its_last(today, label):
    assert sample_months(today)[-1].label == label


def test_a_day_before_the_map_begins_is_refused():
    assert sample_months(date(2026, 7, 15))[0].label == "2025-08"
    with pytest.raises(DayTooEarly):
        sample_months(date(2026, 7, 14))


def test_same_seed_and_day_give_the_same_data():
    first, again = (digest(sample_returns(world(), 2026, TODAY)) for _ in range(2))
    other_seed = digest(sample_returns(world(), 2027, TODAY))
    other_day = digest(sample_returns(world(), 2026, TODAY + timedelta(days=30)))

    assert first == again
    assert len({first, other_seed, other_day}) == 3


def test_a_whole_number_is_stored_as_the_page_stores_it(returns):
    """Text that holds one would stand in the history as a change when it is sent again."""
    cells = [cell for item in returns for cell in item.document["values"].values()]

    assert [cell for cell in cells if isinstance(cell, str) and cell.isdigit()] == []


def test_small_province_has_the_figures_of_the_large_one():
    large = {(item.area_code, item.period): item for item in sample_returns(world(), 5, TODAY)}

    for item in sample_returns(world(small=True), 5, TODAY):
        assert item == large[item.area_code, item.period]


def test_documents_hold_exactly_the_columns_of_the_monthly_form(returns):
    commune, hamlet, _ = monthly_form()

    for item in returns:
        assert set(item.document["values"]) == set(commune)
        assert {tuple(sorted(row)) for row in item.document["hamlets"].values()} == {
            tuple(sorted(hamlet))
        }


def test_hamlets_of_a_return_are_those_of_its_commune(returns):
    province = world()
    hamlets = {c.code: [hamlet.code for hamlet in c.hamlets] for c in province.communes}
    hamlets |= {old.code: list(old.hamlet_codes) for old in province.merger.former}

    for item in returns:
        assert list(item.document["hamlets"]) == hamlets[item.area_code]


def test_a_part_never_exceeds_its_whole_but_where_it_is_told_so(returns):
    catalogue = builtin_catalogue()
    commune, hamlet, _ = monthly_form()
    columns = {*commune, *hamlet, "hamlets"}
    pairs = [(c, whole) for c in columns for whole in catalogue[c].part_of if whole in columns]
    wrong = set()
    for item in returns:
        for row in (*item.document["hamlets"].values(), values_of(item.document)):
            for part, whole in pairs:
                both = row.get(part), row.get(whole)
                if all(isinstance(value, int) for value in both) and both[0] > both[1]:
                    wrong.add((item.area_code, item.period, part))

    province = world()
    assert wrong == {
        (province.by_sign("HD").code, "2026-11", "households_committed"),
        (province.by_sign("KS").code, "2026-11", "households_committed"),
    }


def test_no_figure_is_negative(returns):
    for item in returns:
        for row in (item.document["values"], *item.document["hamlets"].values()):
            values = (decode(cell) for cell in row.values())
            assert all(isinstance(value, Absence) or value >= 0 for value in values)


def test_more_people_than_the_month_before_are_explained_by_new_ones(returns):
    by_area: dict[str, list] = {}
    for item in returns:
        by_area.setdefault(item.area_code, []).append(item)
    checked = 0
    for items in by_area.values():
        for before, now in pairwise(items):
            old, new = values_of(before.document), values_of(now.document)
            if any(isinstance(v["addicts"], Absence) for v in (old, new)):
                continue
            if now.document["values"]["addicts_new"] is None:
                continue
            if int(now.period[-2:]) - int(before.period[-2:]) == 1:
                assert new["addicts"] - old["addicts"] <= new["addicts_new"]
                checked += 1
    assert checked > 900


def test_spots_add_up_from_month_to_month(returns):
    by_area: dict[str, list] = {}
    for item in returns:
        if item.state in COUNTED:
            by_area.setdefault(item.area_code, []).append(item)
    for items in by_area.values():
        for before, now in pairwise(items):
            old, new = before.document["values"], now.document["values"]
            if int(now.period[-2:]) - int(before.period[-2:]) == 1:
                moved = new["hotspots_opened"] - new["hotspots_cleared"]
                assert new["hotspots_open"] - old["hotspots_open"] == moved


def test_newest_month_has_seven_communes_that_do_not_count(newest):
    province = world()
    states = {c.sign: newest[c.code].state if c.code in newest else None for c in province.communes}

    assert {sign: state for sign, state in states.items() if state not in COUNTED} == {
        "NH": None,
        "KV": None,
        "NV": None,
        "KS": State.DRAFT,
        "TK": State.DRAFT,
        "ĐT": State.DRAFT,
        "BS": State.RETURNED,
    }
    assert newest[province.by_sign("BS").code].reason


@pytest.mark.parametrize(("sign", "filled", "of"), [("TK", 8, 11), ("ĐT", 14, 15), ("KS", 9, 12)])
def test_drafts_are_filled_in_part(newest, sign, filled, of):
    rows = newest[world().by_sign(sign).code].document["hamlets"].values()

    assert len(rows) == of
    assert sum(all(cell is not None for cell in row.values()) for row in rows) == filled
    assert sum(all(cell is None for cell in row.values()) for row in rows) == of - filled


def test_khe_say_has_the_month_before_that_its_story_tells(returns):
    code = world().by_sign("KS").code
    item = next(i for i in returns if (i.area_code, i.period) == (code, "2026-10"))
    values = values_of(item.document)

    assert (values["households"], values["population_resident"]) == (1156, 4711)
    assert (values["households_committed"], values["communication_sessions"]) == (1146, 17)
    assert item.state is State.RETURNED


def test_tan_hoe_misses_one_criterion_by_sixteen_households(newest):
    commune = world().by_sign("TH")
    result = assessed(newest, "lao-cai-2023", commune)
    failed = [r for r in result.results if r.status.value != "met"]
    rows = newest[commune.code].document["hamlets"].values()
    short = [row["households"] - row["households_committed"] for row in rows]

    assert [(r.criterion.id, r.shortfall) for r in failed] == [("5a", 16)]
    assert (sum(row["households"] for row in rows), len(rows)) == (1000, 12)
    assert sorted(gap for gap in short if gap) == [2, 5, 9]


def test_six_criteria_come_out_as_every_commune_is_meant_to(newest):
    outcomes = Counter()
    for commune in world().communes:
        result = assessed(newest, "lao-cai-2023", commune)
        outcomes[result.outcome.value] += 1
        if commune.counted:
            short = {r.criterion.id for r in result.results if r.status.value == "not_met"}
            assert result.outcome.value == commune.fate.counted_outcome, commune.full_name
            assert short == set(commune.fate.short), commune.full_name

    assert outcomes == {"met": 31, "not_met": 52, "undetermined": 15}


def test_figures_that_cannot_be_right_are_found(newest):
    statuses = {
        r.criterion.id: r.status.value
        for r in assessed(newest, "lao-cai-2023", world().by_sign("HD")).results
    }

    assert statuses["5a"] == "invalid"
    assert set(statuses.values()) == {"met", "invalid"}


def test_some_criteria_are_met_because_there_is_nobody(newest):
    results = assessed(newest, "lao-cai-2023", world().by_sign("NL")).results

    assert {r.criterion.id for r in results if r.vacuous} == {"3a", "3b", "3c", "4"}


def test_classes_of_decision_28_come_out_as_every_commune_is_meant_to(newest):
    for commune in world().communes:
        if not commune.counted:
            continue
        found = assessed(newest, "qd-28-2025-commune", commune).classification
        if commune.standing is Standing.NEEDS_DECISION:
            assert found.needs_decision, commune.full_name
            assert {found.literal, found.cumulative} == {"type_2", "type_3"}
        else:
            assert found.literal == commune.standing.value, commune.full_name
            assert found.agreed == commune.standing.value or found.literal == "undetermined"


def test_every_state_of_a_value_occurs(returns):
    cells = Counter(
        cell if cell in ("KAD", "-", None) else "value"
        for item in returns
        for cell in item.document["values"].values()
    )

    assert min(cells[kind] for kind in ("KAD", "-", None)) > 10


def test_offices_that_never_change_a_figure_are_there(returns):
    province = world()
    for sign in ("CM", "VS", "XL"):
        code = province.by_sign(sign).code
        documents = [item.document for item in returns if item.area_code == code]
        assert all(document == documents[-6] for document in documents[-6:])
        assert documents[-7] != documents[-6]


def test_returns_are_sent_after_the_month_and_before_today(returns):
    months = {month.label: month for month in sample_months(TODAY)}
    late = 0
    for item in returns:
        assert item.saved_at.date() < TODAY
        if item.submitted_at is not None:
            days = (item.submitted_at.date() - months[item.period].end).days
            assert days >= 1
            late += days > DUE_DAYS
    assert 60 < late < 220


@pytest.mark.parametrize("days", [1, 2, 30])
def test_nothing_is_dated_in_the_future_whatever_the_day(days):
    today = date(2026, 11, 14) + timedelta(days=days)

    for item in sample_returns(world(small=True), 2026, today):
        assert item.saved_at.date() < today


def test_due_days_are_those_of_the_form():
    assert monthly_form()[2] == DUE_DAYS


def test_merged_commune_reports_from_the_merger_on(returns):
    months = sample_months(TODAY)
    merger = world().merger
    day = merged_on(months)
    sent = {code: [i.period for i in returns if i.area_code == code] for code in
            (merger.into, *(old.code for old in merger.former))}  # fmt: skip

    assert day == date(2026, 5, 1)
    before = [month.label for month in months if month.end < day]
    assert sent[merger.into] == [month.label for month in months if month.end >= day]
    assert all(sent[old.code] == before for old in merger.former)
