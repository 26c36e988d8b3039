"""The morning's mail: to whom, when, and exactly once even if the process is killed."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from django.core import mail

from diaban.accounts.models import User
from diaban.accounts.rules import Role
from diaban.plans.digests import by_mail, deliver_digests, into_spool, is_quiet, write_digests
from diaban.plans.models import Digest, Share
from diaban.plans.work import remind
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import short_plan
from tests.village import NOW

MAILS = 60
KILLS = 12


@pytest.fixture
def addressed(village, published):
    """Everybody has an address."""
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=f"{user.username}@xa.example")
    return published


@pytest.mark.parametrize(
    ("hours", "days", "quiet"),
    [(0, 0, False), (-4, 0, True), (7, 0, False), (8, 0, True), (0, 4, True)],
    ids=["10:42", "6:42", "17:42", "18:42", "Sunday"],
)
def test_nobody_is_written_to_at_night_or_on_a_sunday(hours, days, quiet):
    assert is_quiet(NOW + timedelta(hours=hours, days=days)) is quiet


@pytest.mark.django_db
def test_each_gets_the_own_and_the_chasing_office_what_is_late_for_long(village, addressed):
    share = Share.objects.get(duty__what__contains="Ban hành kế hoạch của", area=village.lower)
    remind(actor=village.actor(village.minh), share_ids=[share.pk], at=NOW)

    write_digests(NOW)

    bodies = {row.user.username: row.body for row in Digest.objects.select_related("user")}
    assert set(bodies) == {"lan", "minh", "thu"}
    assert "quá 287 ngày, hạn 04/02/2026; được nhắc ngày 18/11" in bodies["lan"]
    assert "được nhắc" not in bodies["thu"]
    assert "Ủy ban nhân dân xã Hạ: Ban hành kế hoạch" in bodies["minh"]
    assert "Tòa án" not in bodies["minh"]


@pytest.mark.django_db
def test_a_second_run_of_the_day_writes_and_sends_nothing(village, addressed):
    for _turn in range(2):
        write_digests(NOW)
        deliver_digests(NOW, by_mail(), repeatable=False)

    assert sorted(message.to[0] for message in mail.outbox) == [
        "lan@xa.example", "minh@xa.example", "thu@xa.example",
    ]  # fmt: skip
    assert write_digests(NOW + timedelta(days=1)) == 3


@pytest.mark.django_db
def test_a_mail_of_which_nobody_knows_whether_it_left_is_named_not_repeated(village, addressed):
    write_digests(NOW)
    Digest.objects.filter(to="lan@xa.example").update(state=Digest.SENDING)

    done = deliver_digests(NOW, by_mail(), repeatable=False)

    assert done.doubtful == ("lan@xa.example",)
    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_a_server_that_refuses_is_tried_again(village, addressed):
    write_digests(NOW)

    def refuse(_row):
        raise ConnectionRefusedError

    first = deliver_digests(NOW, refuse, repeatable=False)
    second = deliver_digests(NOW, by_mail(), repeatable=False)

    assert len(first.failed) == 3
    assert (second.sent, second.doubtful) == (3, ())


@pytest.mark.django_db
def test_a_file_of_the_spool_is_a_whole_message(village, addressed, tmp_path):
    write_digests(NOW)
    deliver_digests(NOW, into_spool(tmp_path), repeatable=True)

    files = sorted(tmp_path.iterdir())
    messages = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
    assert len(messages) == 3
    assert {str(message["Message-ID"]) for message in messages} == {
        f"<{file.stem}@diaban.local>" for file in files
    }
    assert all("Kính gửi" in message.get_content() for message in messages)


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_everybody_gets_exactly_one_mail(village, tmp_path, settings):
    """`diaban remind --spool` is killed at random moments, then left to finish."""
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        pytest.skip("the child process opens the test database by its file")
    publish(village, hand_in(village, short_plan()))
    make_people(village)
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    connection.close()
    spool = tmp_path / "spool"
    chance = random.Random(26)
    killed = 0
    for _turn in range(KILLS):
        before, more = len(delivered(spool)), chance.randint(0, 4)
        process = run(name, spool)
        # Killed as soon as a few more mails are there, in the middle of whatever it is doing.
        while process.poll() is None and len(delivered(spool)) < before + more:
            time.sleep(0.001)
        if process.poll() is None:
            time.sleep(chance.uniform(0, 0.01))
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.wait(timeout=600)
    assert run(name, spool).wait(timeout=600) == 0

    mails = delivered(spool)
    to = sorted(str(message_from_bytes(file.read_bytes())["To"]) for file in mails)
    assert to == sorted(User.objects.exclude(email="").values_list("email", flat=True))
    assert len(to) == MAILS
    assert set(Digest.objects.values_list("state", flat=True)) == {Digest.SENT}
    assert killed >= 3
    print(f"killed {killed} of {KILLS} runs; {len(to)} mails, each once")


def delivered(spool):
    """Return the whole messages in the spool; half-written ones have another name."""
    return [file for file in spool.iterdir() if file.suffix == ".eml"] if spool.exists() else []


def make_people(village, count=MAILS):
    """Give the commune many people with addresses, as a chain of offices would have."""
    from tests.village import make_user

    for number in range(count):
        user = make_user(
            f"can-bo-{number}", f"Cán bộ {number}", Role.COMMUNE_OFFICER, village.lower
        )
        User.objects.filter(pk=user.pk).update(email=f"can-bo-{number}@xa.example")


def run(name, spool, *more):
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{name}",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
        "DJANGO_SETTINGS_MODULE": "diaban.config.settings",
    }
    return subprocess.Popen(
        [
            sys.executable, "-m", "diaban", "remind", "--at", "2026-11-18T08:00",
            "--spool", str(spool), *more,
        ],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
