"""A disk that is full while people save, import and load: a sentence, and nothing half."""

import pytest
from django.db import OperationalError, connection

from diaban.audit.services import broken_at
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.exports import template
from diaban.indicators.imports import Source, import_workbooks
from diaban.indicators.models import KeptTotal, PackedReturn, Return, Revision
from diaban.indicators.rules.entry import read_entry
from diaban.indicators.rules.returns import State
from diaban.indicators.selectors import columns_of, form_for, read_period
from diaban.indicators.services import save_return
from diaban.indicators.totals import recompute, totals_of
from diaban.storage.full import NoSpace, refusal_of
from tests.indicators.test_imports import full
from tests.indicators.test_services import PERIOD, typed_for
from tests.village import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="only SQLite can be told how large it may grow"
    ),
]

PERIODS = [f"2026-{month:02}" for month in range(1, 11)]


class Disk:
    """A database that may grow by no more than `room` pages, and may again."""

    def __init__(self, room=0):
        self.room = room

    def __enter__(self):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA page_count")
            cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + self.room}")

    def __exit__(self, *_why):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1000000000")


def consistent():
    """Return whether every return has all its revisions, and the totals and the log agree."""
    for stored in Return.objects.all():
        assert [one.number for one in stored.revisions.order_by("number")] == list(
            range(1, stored.revision + 1)
        )
        assert stored.revisions.get(number=stored.revision).document == stored.document
    for row in KeptTotal.objects.all():
        assert recompute(row.period, row.version)[row.area_id].same_as(totals_of(row))
    assert PackedReturn.objects.count() == Return.objects.exclude(state="draft").count()
    return broken_at() is None


def save(village, revision, **cells):
    return save_return(
        actor=village.actor(village.lan), area_code="98001", period_label=PERIOD, form="thang",
        typed=typed_for(village, **cells), revision=revision, client_key=f"k{revision}", at=NOW,
    )  # fmt: skip


def test_saving_goes_on_where_it_stopped_once_there_is_space(village):
    acked = save(village, 0).stored.revision
    refused = None
    with Disk():
        for _ in range(200):
            try:
                acked = save(village, acked, schools=str(acked % 7)).stored.revision
            except OperationalError as error:
                refused = error
                break

    assert isinstance(refusal_of(refused), NoSpace)
    assert "hết chỗ trống" in refusal_of(refused).sentence
    assert Return.objects.get().revision == acked == Revision.objects.count()
    assert consistent()
    assert save(village, acked).stored.revision == acked + 1


def sources_of(village):
    """Return a workbook for each of ten months of the same commune."""
    made = (
        template(
            actor=village.actor(village.lan), area_code="98001", period_label=label, form="thang",
            at=NOW,
        )
        for label in PERIODS
    )  # fmt: skip
    return [Source(name, full(data)) for name, data in made]


def test_an_import_keeps_what_it_acknowledged_and_resumes(village):
    actor, sources = village.actor(village.lan), sources_of(village)
    acked = []
    with Disk(room=8), pytest.raises(OperationalError) as refused:
        import_workbooks(
            actor=actor, sources=sources, at=NOW, each=True, submit=True, done=acked.append
        )
    there = set(Return.objects.values_list("period", flat=True))
    first = {one.period for one in acked}
    again = import_workbooks(actor=actor, sources=sources, at=NOW, each=True, submit=True)

    assert isinstance(refusal_of(refused.value), NoSpace)
    assert first
    assert first == there
    assert {one.period for one in again if one.status == "unchanged"} == first
    assert set(Return.objects.values_list("period", flat=True)) == set(PERIODS)
    assert Revision.objects.count() == len(PERIODS)
    assert consistent()


def test_all_or_none_leaves_none(village):
    actor, sources = village.actor(village.lan), sources_of(village)
    with Disk(room=8), pytest.raises(OperationalError):
        import_workbooks(actor=actor, sources=sources, at=NOW, submit=True)

    assert (Return.objects.count(), KeptTotal.objects.count()) == (0, 0)
    assert consistent()
    taken = import_workbooks(actor=actor, sources=sources, at=NOW, submit=True)
    assert {one.status for one in taken} == {"imported"}


def test_loading_many_at_once_leaves_none_and_can_be_done_again(village):
    version = form_for("thang", read_period("2026-10"))
    hamlets = [one.code for one in village.hamlets["98001"]]
    document = read_entry(
        typed_for(village), commune=columns_of(version.commune_codes),
        hamlet=columns_of(version.hamlet_codes), hamlets=hamlets,
    ).document  # fmt: skip
    ready = [
        Ready(village.lower, f"2026-{month:02}", State.SUBMITTED, document, NOW, "x", NOW)
        for month in range(1, 11)
    ]
    with Disk(), pytest.raises(OperationalError):
        store_many("thang", ready, NOW)

    assert Return.objects.count() == Revision.objects.count() == KeptTotal.objects.count() == 0
    assert store_many("thang", ready, NOW) == len(ready)
    assert consistent()


def test_the_page_says_so_in_a_sentence(village, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.lan)
    url = "/returns/98001/2026-11/"
    sent = {**typed_for(village), "act": "save"}
    with Disk():
        for number in range(200):
            # A save that changes nothing writes nothing: each one brings another figure.
            typed = {**sent, "households.98001.001": str(100 + number)}
            answer = client.post(
                url, {**typed, "revision": str(number), "client_key": f"c{number}"}
            )
            if answer.status_code == 507:
                break

    assert answer.status_code == 507
    page = answer.content.decode()
    assert "hết chỗ trống trên đĩa" in page
    assert "Traceback" not in page
    assert number == Revision.objects.count()
    assert consistent()
