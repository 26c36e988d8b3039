"""Quarters, half-years and years are entered, sent, added up and assessed as months are."""

from datetime import UTC, date, datetime

import pytest

from diaban.core.access import Missing
from diaban.core.periods import parse_label
from diaban.indicators.consolidations import send_up, standing_of
from diaban.indicators.figures import longer_figures
from diaban.indicators.models import FormVersion, HamletReport, Return
from diaban.indicators.reminders import preview, remind_returns
from diaban.indicators.rules.views import View
from diaban.indicators.selectors import closed_periods, not_reported, owed_by
from diaban.indicators.services import PeriodNotOver, save_return
from diaban.indicators.viewed import totals_in_view
from tests.indicators.test_services import typed_for
from tests.village import TODAY

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 3, 42, tzinfo=UTC)
QUARTER = {
    "cases_prosecuted": "2", "transport_leads": "4", "transport_leads_verified": "3",
    "plant_area_found_m2": "12,5", "conditional_businesses_inspected": "5",
    "training_courses": "1", "mobile_trials": "0",
}  # fmt: skip


def quarter_of(village, code, **cells):
    rows = {
        f"{column}.{hamlet.code}": value
        for hamlet in village.hamlets[code]
        for column, value in (
            ("hamlets_with_tip_box", "1"),
            ("hamlets_with_hotline_board", "0"),
            ("tips_handled", "2"),
        )
    }  # fmt: skip
    return QUARTER | rows | cells


def send(village, code, label, form, typed, at=NOW):
    user = village.lan if code == "98001" else village.thu
    return save_return(
        actor=village.actor(user), area_code=code, period_label=label, form=form, typed=typed,
        revision=0, client_key=f"{code}{label}", at=at, submit=True, explained=False,
    )  # fmt: skip


def totals(village, label, area="98"):
    actor = village.actor(village.minh)
    return totals_in_view(actor, area, label, View.AS_REPORTED, today=TODAY)


def test_a_quarter_is_sent_with_a_receipt_of_its_own(village):
    saved = send(village, "98001", "2026-Q3", "quy", quarter_of(village, "98001"))

    assert (saved.submitted, saved.stored.receipt) == (True, "SL-2026-Q3-98001-1")
    assert saved.stored.document["values"]["plant_area_found_m2"] == "12.5"


def test_a_running_quarter_is_kept_but_not_sent(village):
    with pytest.raises(PeriodNotOver):
        send(village, "98001", "2026-Q4", "quy", quarter_of(village, "98001"))


@pytest.mark.parametrize(
    ("label", "form"), [("2026-Q3", "thang"), ("2026-09", "quy"), ("2025", "nua-nam")]
)
def test_the_form_of_another_kind_of_period_is_refused(village, label, form):
    with pytest.raises(Missing):
        send(village, "98001", label, form, {"training_courses": "1"})


def test_a_half_year_adds_up_its_quarters_and_leaves_the_months_alone(village):
    for label, courses in (("2026-Q1", "1"), ("2026-Q2", "3")):
        typed = quarter_of(village, "98001", training_courses=courses)
        send(village, "98001", label, "quy", typed)
    send(village, "98001", "2026-H1", "nua-nam",
         {"stations": "2", "stations_qualified": "1", "awards": "4"})  # fmt: skip
    send(village, "98001", "2026-03", "thang", typed_for(village))

    found = totals(village, "2026-H1").values

    assert found["training_courses"].total == 1 + 3
    # A stock is that of the last quarter: three hamlets with a box each, not six.
    assert found["hamlets_with_tip_box"].total == 3
    assert (found["awards"].total, found["stations"].total) == (4, 2)
    assert found["communication_sessions"].total == totals(village, "2026-03").values[
        "communication_sessions"
    ].total  # fmt: skip
    assert "budget_spent" not in found
    assert totals(village, "2026-03").values.keys().isdisjoint({"training_courses", "awards"})


def test_the_year_s_figures_reach_the_assessment_of_the_year(village):
    for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
        send(village, "98001", label, "quy", quarter_of(village, "98001"))
    codes = {"cases_prosecuted", "tips_handled", "budget_spent", "households"}

    found = longer_figures([village.lower], parse_label("2026"), codes, TODAY)

    assert found == {village.lower.pk: {"cases_prosecuted": 6, "tips_handled": 18}}
    assert longer_figures([village.lower], parse_label("2026-11"), codes, TODAY) == {}


def test_a_commune_owes_the_last_window_of_every_kind(village):
    owed = owed_by(village.actor(village.lan), TODAY)

    assert [one.period.label for one in owed] == [
        "2025", "2026-H1", "2026-Q3", "2026-10", "2026-11",
    ]  # fmt: skip
    assert [f"{one.due:%d/%m/%Y}" for one in owed[:3]] == ["19/12/2025", "19/06/2026", "19/09/2026"]


def test_what_was_sent_is_owed_no_more_and_chased_no_more(village):
    send(village, "98001", "2026-Q3", "quy", quarter_of(village, "98001"))
    periods = closed_periods(TODAY, FormVersion.objects.all(), months=1)

    assert "2026-Q3" not in [one.period.label for one in owed_by(village.actor(village.lan), TODAY)]
    chased = not_reported(village.actor(village.minh), periods)
    assert [one.area.code for one in chased if one.period.label == "2026-Q3"] == ["98002"]


def test_nobody_owes_a_form_before_its_first_day(village):
    found = closed_periods(date(2025, 9, 20), FormVersion.objects.all(), months=1)

    assert [one.label for one in found] == ["2025-Q3", "2025-09"]


def test_the_communes_of_a_quarter_are_reminded(village):
    send(village, "98001", "2026-Q3", "quy", quarter_of(village, "98001"))
    minh = village.actor(village.minh)
    late = preview(minh, "98", "2026-Q3", TODAY)

    done = remind_returns(
        actor=minh, area_code="98", period_label="2026-Q3", codes=["98001", "98002"], at=NOW
    )

    assert [one.area.code for one in late.late] == ["98002"]
    assert (done.count, done.already) == (1, 0)


def test_a_province_sends_its_quarter_up_beside_its_months(village):
    for code in ("98001", "98002"):
        send(village, code, "2026-Q3", "quy", quarter_of(village, code))
    Return.objects.update(state="approved")
    minh = village.actor(village.minh)

    sent = send_up(
        actor=minh, area_code="98", period_label="2026-Q3", form="quy", exceptions={}, revision=0,
        at=NOW,
    )  # fmt: skip

    assert (sent.receipt, sent.figures["training_courses"]) == ("TW-2026-Q3-98-1", 2)
    assert standing_of(minh, "98", "2026-09", "thang").stored is None


def test_a_form_for_the_commune_alone_has_no_rows_of_hamlets(village):
    typed = {
        "budget_planned": "73.000.000",
        "budget_allocated": "60.000.000",
        "budget_spent": "1.234.567",
        "on_interprovincial_key_route": "không",
    }
    saved = send(village, "98001", "2025", "nam", typed)

    assert saved.stored.document["hamlets"] == {}
    found = totals(village, "2025").values
    assert (found["budget_planned"].total, found["budget_spent"].total) == (73_000_000, 1_234_567)
    assert HamletReport.objects.count() == 0
