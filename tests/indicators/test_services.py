"""Entering, sending and giving back, by the people of the village."""

from datetime import timedelta

import pytest
from django.db import connection

from diaban.audit.models import Entry as AuditEntry
from diaban.core.access import Missing, NotAllowed
from diaban.core.periods import parse_label
from diaban.indicators.models import KeptTotal, PackedReturn, Return, Revision
from diaban.indicators.review import ReasonMissing, give_back_return
from diaban.indicators.rules.returns import State
from diaban.indicators.rules.rollup import Totals
from diaban.indicators.selectors import form_for
from diaban.indicators.services import (
    ChangedMeanwhile,
    MoveNotOpen,
    NothingEntered,
    PeriodNotOver,
    save_return,
)
from diaban.indicators.totals import layout_of, recompute, totals_of
from tests.village import NOW

pytestmark = pytest.mark.django_db
PERIOD = "2026-11"


def typed_for(village, code="98001", **commune):
    """Return a full entry: 100 households in each hamlet, all signed, nobody managed."""
    version = form_for("thang", parse_label(PERIOD))
    typed = dict.fromkeys(version.commune_codes, "0")
    typed |= {"on_key_route": "không", "models_effective": "1"}
    for hamlet in village.hamlets[code]:
        for column in version.hamlet_codes:
            typed[f"{column}.{hamlet.code}"] = "0"
        typed[f"households.{hamlet.code}"] = "100"
        typed[f"households_committed.{hamlet.code}"] = "100"
        typed[f"population_resident.{hamlet.code}"] = "1.234"
    return typed | commune


def save(village, user, code, typed, *, revision=0, key="k1", submit=False, at=NOW):
    return save_return(
        actor=village.actor(user),
        area_code=code,
        period_label=PERIOD,
        form="thang",
        typed=typed,
        revision=revision,
        client_key=key,
        at=at,
        submit=submit,
    )


def kept(area, column="households"):
    row = KeptTotal.objects.filter(area=area, period=PERIOD).first()
    if row is None:
        return None
    at = layout_of(row.version).codes.index(column)
    totals = totals_of(row)
    return int(totals.sums[at]), int(totals.reporting[at]), int(totals.units[at]), totals.returns


def test_a_draft_keeps_what_was_typed_and_is_in_no_total(village):
    saved = save(village, village.lan, "98001", typed_for(village))

    assert (saved.submitted, saved.faults) == (False, ())
    stored = Return.objects.get()
    assert (stored.state, stored.revision, stored.saved_by) == ("draft", 1, "Công an xã Hạ")
    assert stored.document["hamlets"]["98001.002"]["population_resident"] == 1234
    assert KeptTotal.objects.count() == 0


def test_a_sent_return_is_in_the_totals_of_every_area_above(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    assert kept(village.lower) == kept(village.province) == kept(village.nation) == (300, 1, 3, 1)
    assert kept(village.upper) is None


def test_two_communes_add_up_and_one_given_back_is_taken_out_again(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    assert kept(village.province) == (500, 2, 5, 2)

    give_back_return(
        actor=village.actor(village.minh),
        area_code="98001",
        period_label=PERIOD,
        form="thang",
        reason="Thôn Hạ 2: số hộ khác số đã duyệt.",
        at=NOW,
    )

    assert kept(village.province) == (200, 1, 2, 1)
    assert Return.objects.get(area=village.lower).state == "returned"
    assert PackedReturn.objects.count() == 1


def test_kept_totals_are_what_the_packed_rows_give_anew(village):
    save(village, village.lan, "98001", typed_for(village, hotspots_open="2"), submit=True)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    version = form_for("thang", parse_label(PERIOD))

    anew = recompute(PERIOD, version)

    found = {row.area_id: totals_of(row) for row in KeptTotal.objects.all()}
    assert found.keys() == anew.keys()
    assert all(found[area].same_as(anew[area]) for area in found)
    assert isinstance(anew[village.nation.pk], Totals)


def test_a_hamlet_without_a_number_leaves_the_commune_incomplete(village):
    typed = typed_for(village)
    typed["households.98001.003"] = ""

    save(village, village.lan, "98001", typed, submit=True)

    assert kept(village.province) == (200, 0, 2, 1)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("abc", "không phải số"),
        ("-5", "số âm"),
        ("1,5", "phần lẻ"),
        ("1.2x", "không phải số"),
    ],
)
def test_what_is_not_a_count_stays_on_the_page_and_holds_the_sending_up(village, given, problem):
    typed = typed_for(village)
    typed["households.98001.001"] = given

    saved = save(village, village.lan, "98001", typed, submit=True)

    assert saved.submitted is False
    (fault,) = saved.faults
    assert (fault.row, fault.code, fault.given) == ("98001.001", "households", given)
    assert problem in fault.sentence
    stored = Return.objects.get()
    assert stored.unread == {"households.98001.001": given}
    assert stored.state == "draft"
    assert stored.document["hamlets"]["98001.002"]["households"] == 100


def test_a_part_above_its_whole_is_named_with_both_numbers(village):
    typed = typed_for(village)
    typed["households_committed.98001.002"] = "120"

    saved = save(village, village.lan, "98001", typed, submit=True)

    (fault,) = saved.faults
    assert (fault.row, fault.code) == ("98001.002", "households_committed")
    assert "(120)" in fault.sentence
    assert "(100)" in fault.sentence
    assert saved.submitted is False


def test_a_double_click_sends_once(village):
    first = save(village, village.lan, "98001", typed_for(village), submit=True, key="same")

    second = save(village, village.lan, "98001", typed_for(village), submit=True, key="same")

    assert second.submitted is True
    assert second.stored.receipt == first.stored.receipt == "SL-2026-11-98001-1"
    assert Revision.objects.count() == 1
    assert kept(village.province) == (300, 1, 3, 1)


@pytest.mark.parametrize("nothing", [{}, {"households.98001.001": "-"}], ids=["blank", "not yet"])
def test_a_return_without_a_figure_is_not_sent(village, nothing):
    with pytest.raises(NothingEntered):
        save(village, village.lan, "98001", nothing, submit=True)

    assert Return.objects.count() == Revision.objects.count() == 0


def test_one_zero_is_enough_to_send_a_return(village):
    saved = save(village, village.lan, "98001", {"hotspots_open": "0"}, submit=True)

    assert saved.submitted


def test_a_save_that_changes_nothing_is_no_revision(village):
    typed = typed_for(village, **{"why.households.98001.001": ""})
    save(village, village.lan, "98001", typed, key="first")

    again = save(village, village.lan, "98001", typed, revision=1, key="second")

    assert (again.stored.revision, again.submitted) == (1, False)
    assert Revision.objects.count() == 1
    assert AuditEntry.objects.filter(action="indicators.return.saved").count() == 1


def test_a_yes_that_was_a_one_is_a_change(village):
    save(village, village.lan, "98001", typed_for(village))
    stored = Return.objects.get()
    stored.document["values"]["on_key_route"] = 1
    stored.save()

    save(village, village.lan, "98001", typed_for(village, on_key_route="có"), revision=1, key="2")

    assert Return.objects.get().document["values"]["on_key_route"] is True


def test_opening_a_return_and_typing_nothing_begins_none(village):
    saved = save(village, village.lan, "98001", {"households.98001.001": " "})

    assert (saved.stored.pk, saved.submitted) == (None, False)
    assert Return.objects.count() == 0


@pytest.mark.parametrize(
    ("cell", "given", "most"),
    [
        ("population_resident.98001.001", "50.001", "50.000"),
        ("population_resident.98001.001", "999999999999999", "50.000"),
        ("hotspots_open", "1.001", "1.000"),
        ("plant_area_destroyed_m2", "10.000.000,5", "10.000.000"),
    ],
)
def test_a_number_that_no_place_can_have_holds_the_sending_up(village, cell, given, most):
    saved = save(village, village.lan, "98001", typed_for(village) | {cell: given}, submit=True)

    assert not saved.submitted
    assert [f"nhiều nhất là {most}" in one.sentence for one in saved.faults] == [True]
    assert kept(village.province) is None


def test_a_save_on_top_of_another_is_refused_and_changes_nothing(village):
    save(village, village.lan, "98001", typed_for(village), key="one")

    with pytest.raises(ChangedMeanwhile):
        save(village, village.lan, "98001", typed_for(village, hotspots_open="9"), key="two")

    stored = Return.objects.get()
    assert stored.document["values"]["hotspots_open"] == 0
    assert stored.revision == 1


def test_a_sent_return_is_not_edited(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    with pytest.raises(MoveNotOpen):
        save(village, village.lan, "98001", typed_for(village), revision=1, key="later")

    assert Revision.objects.count() == 1


@pytest.mark.parametrize(("day", "open_"), [(14, False), (15, True)], ids=["last day", "after"])
def test_a_return_is_sent_when_its_period_is_over(village, day, open_):
    at = NOW.replace(day=day)

    if open_:
        assert save(village, village.lan, "98001", typed_for(village), submit=True, at=at).submitted
    else:
        with pytest.raises(PeriodNotOver):
            save(village, village.lan, "98001", typed_for(village), submit=True, at=at)
        assert Return.objects.count() == 0


def test_giving_back_needs_a_reason(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    with pytest.raises(ReasonMissing):
        give_back_return(
            actor=village.actor(village.minh),
            area_code="98001",
            period_label=PERIOD,
            form="thang",
            reason="   ",
            at=NOW,
        )

    assert Return.objects.get().state == State.SUBMITTED


def test_thu_neither_sees_nor_writes_what_is_lans(village):
    save(village, village.lan, "98001", typed_for(village))

    with pytest.raises(Missing):
        save(village, village.thu, "98001", typed_for(village, hotspots_open="9"), revision=1)

    assert Return.objects.get().revision == 1


def test_the_province_sees_but_does_not_type(village):
    with pytest.raises(NotAllowed):
        save(village, village.minh, "98001", typed_for(village))

    assert Return.objects.count() == 0


def test_every_save_is_in_the_log_without_its_numbers(village):
    save(village, village.lan, "98001", typed_for(village), key="one")
    save(
        village, village.lan, "98001", typed_for(village), revision=1, key="two", submit=True,
        at=NOW + timedelta(minutes=1),
    )  # fmt: skip

    entries = AuditEntry.objects.order_by("pk")
    assert [entry.action for entry in entries] == [
        "indicators.return.saved",
        "indicators.return.submitted",
    ]
    assert [entry.detail["revision"] for entry in entries] == [1, 2]
    assert all(set(entry.detail) == {"period", "form", "revision"} for entry in entries)


@pytest.mark.parametrize("hamlets", [1, 30])
def test_a_save_costs_the_same_whatever_the_number_of_hamlets(
    village, hamlets, django_assert_num_queries
):
    from diaban.areas.models import Placement
    from diaban.areas.rules.levels import Level
    from tests.village import make_area

    version = village.lower.placements.get().version
    for number in range(4, 3 + hamlets):
        hamlet = make_area(f"98001.{number:03}", Level.HAMLET, f"Hạ {number}", "thôn")
        village.hamlets["98001"].append(hamlet)
        Placement.objects.create(
            version=version, area=hamlet, parent=village.lower, left=3 + number,
            right=3 + number, depth=3,
        )  # fmt: skip
    save(village, village.lan, "98001", typed_for(village), key="one")
    actor, typed = village.actor(village.lan), typed_for(village)

    # PostgreSQL takes its turn at the audit chain by a lock of its own, and the first return of
    # a province lays down its totals before it adds to them.
    with django_assert_num_queries(12 if connection.vendor == "sqlite" else 15):
        save_return(
            actor=actor, area_code="98001", period_label=PERIOD, form="thang", typed=typed,
            revision=1, client_key="two", at=NOW, submit=True,
        )  # fmt: skip
