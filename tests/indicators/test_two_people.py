"""
Several people in one return, every save sent twice: processes of their own, one database.

Each keeps a ledger of what was acknowledged: the number that the save put into its own cell, and
the revision that the answer named.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from tests.village import build_village

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, SAVES = 3, 8

_PERSON = """
import json, sys
from datetime import timedelta
from diaban.cli.environment import django_ready
django_ready(units=False)
from django.db import connection
from diaban.accounts.models import User
from diaban.accounts.selectors import actor_of
from diaban.indicators.models import Return
from diaban.indicators.rules.entry import typed_from
from diaban.indicators.services import ChangedMeanwhile, save_return
from tests.village import NOW, TODAY
me, saves = int(sys.argv[1]), int(sys.argv[2])
actor, cell = actor_of(User.objects.get(username="lan"), TODAY), f"tips_received.98001.00{me}"
conflicts = 0
for number in range(1, saves + 1):
    turn = 0
    while True:
        turn += 1
        stored = Return.objects.filter(area__code="98001", period="2026-11").first()
        typed = typed_from(stored.document) if stored else {}
        given = dict(
            actor=actor, area_code="98001", period_label="2026-11", form="thang",
            typed=typed | {cell: str(number)}, revision=stored.revision if stored else 0,
            client_key=f"{me}-{number}-{turn}", at=NOW + timedelta(seconds=number))
        try:
            first = save_return(**given).stored.revision
        except ChangedMeanwhile:
            conflicts += 1
            continue
        try:
            second = save_return(**given).stored.revision
        except ChangedMeanwhile:  # somebody else saved between the two clicks
            second = first
        print(json.dumps([me, number, first, second]), flush=True)
        break
print(json.dumps({"conflicts": conflicts}))
"""


def environment(tmp_path):
    """Return where the people work: PostgreSQL's test database, or a file of their own."""
    known = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}
    known |= {"DIABAN_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "diaban.config.settings"}
    if connection.vendor == "postgresql":
        address = known["DATABASE_URL"].rpartition("/")[0]
        known["DATABASE_URL"] = f"{address}/{connection.settings_dict['NAME']}"
    else:
        known.pop("DATABASE_URL", None)
    return known


@pytest.fixture
def shared(transactional_db, tmp_path, django_db_blocker):
    """Write the village where every process sees it; connect to it for the time of the test."""
    known = environment(tmp_path)
    if connection.vendor == "postgresql":
        build_village()
        yield known
        return
    made = (
        "from diaban.cli.environment import django_ready\ndjango_ready(units=False)\n"
        "from tests.village import build_village\nbuild_village()\n"
    )
    subprocess.run([sys.executable, "-c", made], env=known, check=True, timeout=600)
    yield known


# Asked where the people worked, after they have gone.
_RESULT = """
import json
from diaban.cli.environment import django_ready
django_ready(units=False)
from diaban.audit.models import Entry
from diaban.audit.services import broken_at
from diaban.indicators.models import Return, Revision
cells = [f"98001.00{me}" for me in range(1, 4)]
print(json.dumps({
    "revision": Return.objects.get().revision,
    "history": [[one.number, [one.document["hamlets"][cell]["tips_received"] for cell in cells]]
                for one in Revision.objects.order_by("number")],
    "log": [one.detail["revision"] for one in Entry.objects.filter(
        action="indicators.return.saved").order_by("pk")],
    "broken": broken_at()}))
"""


def test_no_acknowledged_save_is_lost_and_none_is_there_twice(shared):
    people = [
        subprocess.Popen(
            [sys.executable, "-c", _PERSON, str(me), str(SAVES)],
            env=shared, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for me in range(1, PEOPLE + 1)
    ]  # fmt: skip
    told = [one.communicate(timeout=600) for one in people]
    assert [error for _, error in told] == [""] * PEOPLE
    lines = [json.loads(line) for said, _ in told for line in said.splitlines()]
    ledger = [line for line in lines if isinstance(line, list)]
    conflicts = sum(line["conflicts"] for line in lines if isinstance(line, dict))
    found = json.loads(
        subprocess.run(
            [sys.executable, "-c", _RESULT], env=shared, capture_output=True, text=True,
            check=True, timeout=600,
        ).stdout
    )  # fmt: skip

    history = dict(found["history"])
    lost = [one for one in ledger if history.get(one[2], [None] * PEOPLE)[one[0] - 1] != one[1]]
    times = Counter(one[2] for one in ledger)
    twice = [one for one in ledger if one[2] != one[3] or times[one[2]] > 1]
    acked = len(ledger)
    print(f"people={PEOPLE} acked={acked} conflicts={conflicts} lost={len(lost)} dup={len(twice)}")
    assert acked == PEOPLE * SAVES
    assert (lost, twice) == ([], [])
    assert sorted(history) == list(range(1, acked + 1)) == found["log"]
    assert found["revision"] == acked
    assert history[acked] == [SAVES] * PEOPLE
    assert found["broken"] is None
