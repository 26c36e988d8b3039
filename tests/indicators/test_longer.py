"""Totals of a quarter, half-year and year against what the returns say, one number at a time."""

from datetime import UTC, date, datetime

import pytest

from diaban.accounts.selectors import local_administrator
from diaban.core.numbers import Absence
from diaban.core.periods import PeriodKind, months_of, parse_label
from diaban.indicators.figures import figures_of, monthly_figures
from diaban.indicators.models import KeptTotal, Return
from diaban.indicators.rules.catalogue import AcrossPeriods, builtin_catalogue
from diaban.indicators.rules.period_forms import kind_by_code
from diaban.indicators.rules.views import View
from diaban.indicators.services import save_return
from diaban.indicators.viewed import totals_in_view
from tests.indicators.test_services import typed_for

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 1, 20, 3, 0, tzinfo=UTC)
TODAY = LATER.date()
FLOW = "tips_received"


def totals_shown(actor, area, label, today):
    return totals_in_view(actor, area, label, View.AS_REPORTED, today=today)


def sent(village, code, label, commune=None, **cells):
    hamlets = typed_for(village, code, **commune or {})
    hamlets |= {f"households_committed.{one.code}": "0" for one in village.hamlets[code]}
    for name, value in cells.items():
        for number, hamlet in enumerate(village.hamlets[code]):
            hamlets[f"{name}.{hamlet.code}"] = str(value + number)
    saved = save_return(
        actor=village.actor(village.lan if code == "98001" else village.thu), area_code=code,
        period_label=label, form="thang", typed=hamlets, revision=0, client_key=f"{code}{label}",
        at=LATER, submit=True, explained=False,
    )  # fmt: skip
    assert saved.submitted, saved.faults


@pytest.fixture
def quarter(village):
    """Return the village with its last quarter of 2026: one commune all months, one two."""
    for number, label in enumerate(("2026-10", "2026-11", "2026-12"), 1):
        sent(village, "98001", label, **{FLOW: number, "households": 100 + number})
        if number != 2:
            sent(village, "98002", label, **{FLOW: 10 * number, "households": 50 + number})
    return village


def shown(village, label, area="98", today=TODAY):
    return totals_shown(village.actor(village.minh), area, label, today)


def test_a_flow_is_the_sum_of_its_months_and_a_stock_that_of_the_last(quarter):
    found = shown(quarter, "2026-Q4")

    # 98001: (1+2+3) + (2+3+4) + (3+4+5); 98002 (two hamlets): (10+11) + (30+31).
    assert (found.values[FLOW].total, found.values[FLOW].reporting) == (27 + 82, 1)
    # December only: 103+104+105 and 53+54.
    assert (found.values["households"].total, found.values["households"].reporting) == (419, 2)
    assert (found.reporting, found.expected) == (1, 2)
    assert found.through == parse_label("2026-12")


@pytest.mark.parametrize("label", ["2026-Q4", "2026-H2", "2026"])
def test_every_figure_of_a_commune_is_what_its_months_give_one_by_one(quarter, label):
    period, lower = parse_label(label), quarter.lower
    months = months_of(period)
    columns = shown(quarter, label, "98001").values
    monthly = monthly_figures([lower], months, set(columns))
    one_by_one = figures_of([monthly.get((lower.pk, month.label)) for month in months])

    complete = {code: one for code, one in columns.items() if one.reporting}
    assert {code for code, value in one_by_one.items() if not isinstance(value, Absence)} >= set(
        complete
    )
    for code, one in complete.items():
        assert one.total == int(one_by_one[code]), code


def test_what_counts_once_is_the_largest_month_of_every_commune(village):
    once = [
        code
        for code in shown(village, "2026-Q4").values
        if builtin_catalogue()[code].across_periods is AcrossPeriods.MAX
        and kind_by_code()[code] is PeriodKind.MONTH
    ]
    assert once
    wholes = {whole: "9" for code in once for whole in builtin_catalogue()[code].part_of}
    for label, here, there in (("2026-10", 1, 2), ("2026-11", 3, 1), ("2026-12", 2, 1)):
        sent(village, "98001", label, commune=wholes | dict.fromkeys(once, str(here)))
        sent(village, "98002", label, commune=wholes | dict.fromkeys(once, str(there)))

    # November of the one, October of the other.
    assert {shown(village, "2026-Q4").values[code].total for code in once} == {3 + 2}


def test_a_saved_month_is_in_the_nation_s_year_on_the_next_read(quarter):
    nation = quarter.nation.code
    actor = local_administrator(TODAY)
    before = totals_shown(actor, nation, "2026", TODAY).values[FLOW].total
    sent(quarter, "98002", "2026-11", **{FLOW: 500})

    after = totals_shown(actor, nation, "2026", TODAY).values[FLOW].total

    assert after - before == 500 + 501


def test_a_running_year_goes_as_far_as_it_has_come(quarter):
    found = shown(quarter, "2026", today=date(2026, 11, 18))
    nothing = shown(quarter, "2027", today=date(2026, 11, 18))

    assert found.through == parse_label("2026-11")
    assert found.values["households"].total == 102 + 103 + 104
    assert (nothing.through, nothing.reporting) == (None, 0)
    assert {one.total for one in nothing.values.values()} == {None}


def test_the_cost_is_the_same_for_a_quarter_and_a_year(quarter, django_assert_num_queries):
    actor = quarter.actor(quarter.minh)
    for label in ("2026-Q4", "2026"):
        with django_assert_num_queries(10):
            totals_shown(actor, "98", label, TODAY)


def test_a_month_is_as_before(quarter):
    found = shown(quarter, "2026-10")

    assert (found.reporting, found.through) == (2, parse_label("2026-10"))
    assert Return.objects.count() == 5
    assert KeptTotal.objects.filter(area__code="98").count() == 3
    assert found.values["households"].total == 101 + 102 + 103 + 51 + 52
