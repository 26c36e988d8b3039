"""The log tells when an entry was changed or is gone, the newest ones included."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from diaban.areas.models import Area
from diaban.audit.checks import CHECKS
from diaban.audit.models import Entry
from diaban.audit.services import broken_at, lost_at_the_end, record
from diaban.core.access import Actor

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


def write(count: int) -> None:
    actor = Actor(id=7, name="Người ghi", grants=())
    for number in range(count):
        with transaction.atomic():
            record(actor=actor, action="tests.done", subject=Area(pk=number), at=AT)


def faults() -> list[str]:
    return [fault for check in CHECKS for fault in check.broken()]


def test_a_log_that_nobody_touched_holds() -> None:
    write(4)
    assert broken_at() is None
    assert lost_at_the_end() == 0
    assert faults() == []


def test_the_newest_entries_deleted_are_missed() -> None:
    write(4)
    Entry.objects.order_by("-pk")[:1].get().delete()
    Entry.objects.order_by("-pk")[:1].get().delete()
    assert broken_at() is None, "what is left still follows; only the count can tell"
    assert lost_at_the_end() == 2
    assert "lệch nhau 2" in faults()[0]


def test_an_entry_in_the_middle_changed_or_deleted_breaks_the_chain() -> None:
    write(4)
    second, third = Entry.objects.order_by("pk")[1:3]
    Entry.objects.filter(pk=second.pk).update(actor_name="Người khác")
    assert broken_at() == second.pk
    Entry.objects.filter(pk=second.pk).delete()
    assert broken_at() == third.pk


def test_an_entry_that_was_rolled_back_is_not_counted() -> None:
    write(1)
    with transaction.atomic():
        write(2)
        transaction.set_rollback(True)
    assert Entry.objects.count() == 1
    assert lost_at_the_end() == 0


def test_an_entry_costs_two_statements_and_three_where_writers_take_turns() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        record(actor=Actor(id=7, name="A", grants=()), action="t", subject=Area(pk=1), at=AT)
    assert len(queries) == (2 if connection.vendor == "sqlite" else 3)
