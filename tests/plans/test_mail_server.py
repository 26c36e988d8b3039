"""The morning's mail through a real mail server: what arrives, once, and what a kill leaves."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from diaban.accounts.models import User
from diaban.plans.models import Digest
from tests.plans.conftest import hand_in, publish
from tests.plans.test_digests import make_people
from tests.plans.texts import short_plan

pytestmark = [
    # The library closes its loop from another thread than the one that made it.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.django_db(transaction=True),
]
KILLS = 6
PEOPLE = 25


class Box:
    """Keeps every message that the server has accepted."""

    def __init__(self):
        self.messages = []
        self.drops = False

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - the library's name
        self.messages.append(message_from_bytes(envelope.content, policy=default))
        if self.drops:
            # The mail is taken, the answer never arrives, and nothing answers after it.
            server.transport.abort()
        return "250 OK"

    async def handle_EHLO(self, server, session, _envelope, hostname, responses):  # noqa: N802
        if self.drops and self.messages:
            server.transport.abort()
        session.host_name = hostname
        return responses

    @property
    def ids(self):
        return Counter(str(message["Message-ID"]) for message in self.messages)


@pytest.fixture
def box():
    held = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        held.port = free.getsockname()[1]
    controller = Controller(held, hostname="127.0.0.1", port=held.port)
    controller.start()
    yield held
    controller.stop()


@pytest.fixture
def database(village, settings):
    """A published plan, many people with addresses, and the file that a child process opens."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        pytest.skip("the child process opens the test database by its file")
    from django.db import connection

    publish(village, hand_in(village, short_plan()))
    make_people(village, PEOPLE)
    name = str(connection.settings_dict["NAME"])
    connection.close()
    return name


def remind(database, box, *more):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{database}",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
        "DJANGO_SETTINGS_MODULE": "diaban.config.settings",
        "DIABAN_SMTP_HOST": "127.0.0.1",
        "DIABAN_SMTP_PORT": str(box.port),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "diaban", "remind", "--at", "2026-11-18T08:00", "--json", *more],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def test_everybody_gets_one_mail_that_can_be_read(database, box):
    first = json.loads(remind(database, box).communicate(timeout=600)[0])
    again = json.loads(remind(database, box).communicate(timeout=600)[0])

    wanted = sorted(User.objects.exclude(email="").values_list("email", flat=True))
    assert sorted(str(message["To"]) for message in box.messages) == wanted
    assert (first["sent"], again["sent"], again["sent_before"]) == (len(wanted), 0, len(wanted))
    assert set(box.ids.values()) == {1}
    assert all("Kính gửi" in message.get_content() for message in box.messages)
    assert all(message["Auto-Submitted"] == "auto-generated" for message in box.messages)


def test_killed_again_and_again_nobody_gets_two_and_who_may_have_none_is_named(database, box):
    chance = random.Random(8)
    killed = 0
    for _turn in range(KILLS):
        before, more = len(box.messages), chance.randint(0, 5)
        process = remind(database, box)
        while process.poll() is None and len(box.messages) < before + more:
            time.sleep(0.001)
        if process.poll() is None:
            time.sleep(chance.uniform(0, 0.01))
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate(timeout=600)
    last = json.loads(remind(database, box).communicate(timeout=600)[0])

    people = set(User.objects.exclude(email="").values_list("email", flat=True))
    arrived = {str(message["To"]) for message in box.messages}
    lost = people - arrived
    print(
        f"killed {killed} of {KILLS}; {len(people)} people, {len(box.messages)} mails arrived, "
        f"{sum(box.ids.values()) - len(box.ids)} twice, {len(lost)} not, "
        f"{len(last['doubtful'])} named as doubtful"
    )
    assert killed >= 3
    assert set(box.ids.values()) == {1}
    # A mail in doubt may or may not have left; all others have, and nobody is left out unsaid.
    assert lost <= set(last["doubtful"])
    assert Digest.objects.exclude(state=Digest.SENT).count() == len(last["doubtful"])


def test_a_mail_that_the_server_neither_took_nor_refused_is_named_and_not_sent_again(database, box):
    box.drops = True
    first = json.loads(remind(database, box).communicate(timeout=600)[0])
    box.drops = False
    second = json.loads(remind(database, box).communicate(timeout=600)[0])

    people = sorted(User.objects.exclude(email="").values_list("email", flat=True))
    (doubt,) = first["doubtful"]
    assert second["doubtful"] == [doubt]
    assert sorted({str(message["To"]) for message in box.messages}) == people
    assert set(box.ids.values()) == {1}


def test_a_server_that_is_away_leaves_every_mail_for_the_next_run(database, box):
    class Away:
        port = 1

    first = json.loads(remind(database, Away).communicate(timeout=600)[0])
    second = json.loads(remind(database, box).communicate(timeout=600)[0])

    assert (first["sent"], first["doubtful"]) == (0, [])
    assert second["sent"] == len(first["failed"]) == len(box.messages)
