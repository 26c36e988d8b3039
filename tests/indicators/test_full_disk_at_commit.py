"""PostgreSQL has no space only when it comes to the end of the work: nothing of it is kept."""

import pytest
from django.db import connection

from diaban.audit.models import Entry
from diaban.audit.services import broken_at, lost_at_the_end
from diaban.indicators.models import KeptTotal, PackedReturn, Return, Revision
from tests.indicators.test_services import typed_for
from tests.village import NOW

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="a SQLite database is filled up in earnest (test_full_disk)",
    ),
]
URL = "/returns/98001/2026-11/"


@pytest.fixture
def disk():
    """Return what fills the disk at the next commits, and what makes room again."""

    def run(*statements):
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def fill():
        run(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
            "CREATE CONSTRAINT TRIGGER no_room AFTER INSERT ON indicators_revision "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION no_room()",
        )

    def empty():
        run(
            "DROP TRIGGER IF EXISTS no_room ON indicators_revision",
            "DROP FUNCTION IF EXISTS no_room()",
        )

    yield fill, empty
    empty()


@pytest.mark.parametrize("act", ["save", "submit"])
def test_a_commit_without_space_is_a_sentence_and_the_same_request_goes_through_later(
    village, client, time_machine, disk, act
):
    fill, empty = disk
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.lan)
    sent = {**typed_for(village), "act": act, "revision": "0", "client_key": "k"}

    fill()
    refused = client.post(URL, sent)
    kept = [one.objects.count() for one in (Return, Revision, PackedReturn, KeptTotal)]
    logged = Entry.objects.filter(action__startswith="indicators.return.").count()
    empty()
    again = client.post(URL, sent)

    assert refused.status_code == 507
    assert "hết chỗ trống trên đĩa" in refused.content.decode()
    assert (kept, logged) == ([0, 0, 0, 0], 0)
    assert again.status_code == 302
    assert Revision.objects.count() == Return.objects.get().revision == 1
    assert (broken_at(), lost_at_the_end()) == (None, 0)
