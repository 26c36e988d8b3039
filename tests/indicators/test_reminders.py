"""Reminding communes of returns, once a day, and telling the level above in the end."""

from datetime import date, timedelta

import pytest
from django.db import connection

from diaban.accounts.models import User
from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from diaban.indicators.models import ReturnReminder
from diaban.indicators.reminders import (
    NothingToRemind,
    escalate,
    preview,
    receipts,
    remind_returns,
)
from diaban.plans.digests import write_digests
from diaban.plans.models import Digest
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW, TODAY
from tests.web.province import widen

pytestmark = pytest.mark.django_db
BOTH = ("98001", "98002")


def remind(village, codes=BOTH, *, user=None, at=NOW, period=PERIOD):
    return remind_returns(
        actor=village.actor(user or village.minh), area_code="98",
        period_label=period, codes=codes, at=at,
    )  # fmt: skip


def address(*users):
    for user in users:
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@xa.example")


def bodies():
    return {one.user.username: one.body for one in Digest.objects.select_related("user")}


def test_the_preview_names_who_owes_and_reminds_nobody(village):
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)

    found = preview(village.actor(village.minh), "98", PERIOD, TODAY)

    assert [(one.area.code, one.reminded, one.has_mail) for one in found.late] == [
        ("98001", 0, False)
    ]
    assert ReturnReminder.objects.count() == 0


def test_a_commune_is_reminded_once_a_day_however_often_it_is_asked_for(village):
    first, second = remind(village), remind(village)
    tomorrow = remind(village, at=NOW + timedelta(days=1))

    assert (first.count, first.already) == (2, 0)
    assert (second.count, second.already) == (0, 2)
    assert tomorrow.count == 2
    assert ReturnReminder.objects.count() == 4
    assert Entry.objects.filter(action="indicators.returns.reminded").count() == 2


def test_who_has_sent_is_not_reminded_even_when_ticked(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    assert remind(village).count == 1
    with pytest.raises(NothingToRemind):
        remind(village, ["98001"])


@pytest.mark.parametrize("codes", [[], ["99999"]], ids=["nobody ticked", "nobody of ours"])
def test_reminding_nobody_is_a_sentence(village, codes):
    with pytest.raises(NothingToRemind):
        remind(village, codes)


def test_a_period_that_is_not_over_is_owed_by_nobody(village):
    with pytest.raises(NothingToRemind):
        remind(village, period="2026-12")


def test_only_the_standing_office_reminds(village):
    with pytest.raises(Missing):
        remind(village, user=village.lan)
    with pytest.raises(NotAllowed):
        remind_returns(
            actor=village.actor(village.lan), area_code="98001", period_label=PERIOD,
            codes=["98001"], at=NOW,
        )  # fmt: skip

    assert ReturnReminder.objects.count() == 0


def test_a_reminder_goes_out_with_the_next_morning_s_mail_and_only_once(village):
    address(village.lan)
    remind(village)

    write_digests(NOW)
    write_digests(NOW + timedelta(days=1))

    assert list(bodies()) == ["lan"]
    assert bodies()["lan"].count("Xã Hạ, biểu tháng 11/2026 (quá hạn 2 ngày") == 1
    assert Digest.objects.count() == 1
    rows = ReturnReminder.objects.filter(kind="reminded")
    assert dict(rows.values_list("area__code", "mailed_on")) == {
        "98001": TODAY,
        "98002": None,
    }


def test_a_return_that_came_meanwhile_is_not_mailed_about(village):
    address(village.lan)
    remind(village)
    save(village, village.lan, "98001", typed_for(village), submit=True)

    assert write_digests(NOW) == 0


def test_nobody_reads_about_the_commune_next_door(village):
    address(village.thu)
    remind(village, ["98001"])

    assert write_digests(NOW) == 0


DUE = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("days", "levels"),
    [(5, set()), (6, {"province"}), (11, {"province", "nation"})],
)
def test_the_level_above_is_told_after_so_many_days(village, days, levels):
    at = NOW + timedelta(days=days - 2)

    escalate(at)

    rows = ReturnReminder.objects.filter(period=PERIOD, area__code="98001")
    assert set(rows.values_list("level", flat=True)) == levels
    assert {row.kind for row in rows} <= {"escalated"}


def test_each_level_is_told_once(village):
    late = NOW + timedelta(days=5)

    first = escalate(late)
    again = escalate(late + timedelta(days=1))

    assert (first > 0, again) == (True, 0)


def test_the_province_reads_what_stays_unsent_and_not_what_is_for_the_nation(village):
    address(village.minh)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)

    write_digests(NOW + timedelta(days=12))

    body = bodies()["minh"]
    assert body.count("Xã Hạ, biểu tháng 11/2026 (quá hạn 14 ngày; cần đôn đốc)") == 1
    assert "Xã Thượng, biểu tháng 11/2026" not in body


def test_receipts_say_what_became_of_a_reminder(village):
    remind(village)
    save(village, village.lan, "98001", typed_for(village), submit=True,
         at=NOW + timedelta(days=1))  # fmt: skip

    _area, _span, _period, found = receipts(village.actor(village.minh), "98", PERIOD, TODAY)

    assert {one.reminder.area.code: one.sent_on for one in found} == {
        "98001": TODAY + timedelta(days=1),
        "98002": None,
    }


def test_reminding_costs_the_same_for_two_and_for_forty(village, django_assert_num_queries):
    counts = []
    for more in (0, 40):
        if more:
            widen(village, more)
        codes = [*BOTH, *(f"98{number + 100}" for number in range(more))]
        # PostgreSQL takes its turn at the end of the log with a statement of its own.
        with django_assert_num_queries(12 if connection.vendor == "sqlite" else 13):
            counts.append(remind(village, codes, at=NOW + timedelta(days=more)).count)

    assert counts == [2, 42]
