"""Carrying a reorganisation out, and putting everything back."""

import os
import random
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers

from diaban.accounts.models import Holding
from diaban.accounts.rules import Role
from diaban.accounts.selectors import actor_of, local_administrator
from diaban.areas.change_reading import units_of
from diaban.areas.checks import CHECKS
from diaban.areas.hamlets import merge_hamlets
from diaban.areas.journal import UndoBlocked
from diaban.areas.models import Area, BoundaryVersion, Change, Placement, Succession
from diaban.areas.reorganising import (
    BadChange,
    ChangeBlocked,
    ChangeNotOpen,
    draft_change,
    preview_change,
    publish_change,
    undo_change,
)
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Kind, Operation, Weighing
from diaban.areas.selectors import path
from diaban.areas.services import HamletDraft, create_hamlet
from diaban.audit.models import Entry
from diaban.core.access import Missing
from diaban.core.checks import outcome
from tests.areas.rules.test_changes import op, part, random_operation
from tests.village import NOW, TODAY, make_area, make_user

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 1)
ROOT = Path(__file__).resolve().parents[2]
TABLES = (
    "areas.Area", "areas.AreaName", "areas.AreaAlias", "areas.BoundaryVersion",
    "areas.Placement", "areas.Succession", "accounts.Holding",
)  # fmt: skip


@pytest.fixture
def admin(village):
    return local_administrator(TODAY)


def rows():
    """Return every row that a change may touch, as text."""
    return {
        table: serializers.serialize("json", apps.get_model(table).objects.order_by("pk"))
        for table in TABLES
    }


def draft(actor, *operations, on=DAY, key="k1", basis="Nghị quyết 1/NQ-HĐND"):
    return draft_change(
        actor=actor,
        effective_on=on,
        basis=basis,
        operations=operations,
        client_key=key,
        at=NOW,
    )


def publish(actor, *operations, on=DAY, key="k1", at=NOW):
    change = draft(actor, *operations, on=on, key=key)
    return publish_change(actor=actor, change_id=change.pk, at=at)


def undo(actor, change):
    return undo_change(actor=actor, change_id=change.pk, at=NOW)


MERGE = op(Kind.MERGE, "98001", "98002", into=[part("98002", "Hợp Nhất")])
TAKE_IN = op(Kind.MERGE, "98001", into=[part("98002")])
SPLIT = op(
    Kind.SPLIT,
    "98001",
    into=[
        part("98001", "Đông", members=("98001.001", "98001.002"), population=600),
        part("98003", "Tây", members=("98001.003",), population=400),
    ],
    by=Weighing.POPULATION,
)
RENAME = op(Kind.RENAME, "98001", into=[part("98001", "Hạ Mới", "phường")])


def test_a_merge_makes_a_map_a_unit_and_the_crosswalk(village, admin):
    change = publish(admin, MERGE)

    new = Area.objects.get(code="98002", valid_to=None)
    assert (change.state, change.version.number, new.full_name) == ("published", 2, "Xã Hợp Nhất")
    assert path(village.hamlets["98001"][0], DAY) == ("Tỉnh Thử Nghiệm", "Xã Hợp Nhất")
    assert path(village.hamlets["98001"][0], DAY - timedelta(days=1)) == (
        "Tỉnh Thử Nghiệm", "Xã Hạ",
    )  # fmt: skip
    assert set(Succession.objects.values_list("old__code", "new", "weight")) == {
        ("98001", new.pk, 1), ("98002", new.pk, 1),
    }  # fmt: skip


@pytest.mark.parametrize(
    "operation", [MERGE, TAKE_IN, SPLIT, RENAME], ids=["merge", "take in", "split", "rename"]
)
def test_after_a_change_and_after_its_undo_every_check_holds(village, admin, operation):
    before = rows()

    change = publish(admin, operation)
    published = [outcome(check).examples for check in CHECKS]
    assert rows() != before
    undo(admin, change)

    assert published == [()] * len(CHECKS)
    assert rows() == before


def test_a_name_needs_no_new_map(village, admin):
    change = publish(admin, RENAME)

    village.lower.refresh_from_db()
    assert (change.version, village.lower.called(change.effective_on)) == (
        None, ("phường", "Hạ Mới"),
    )  # fmt: skip
    assert BoundaryVersion.objects.count() == 1


def test_a_dry_run_writes_nothing_and_counts_who_is_touched(village, admin):
    change = draft(admin, TAKE_IN)
    before = rows()

    preview = preview_change(change)

    assert rows() == before
    assert {effect.code: effect.count for effect in preview.effects} == {
        "areas.ended": 1, "areas.hamlets_moved": 3, "accounts.lapse": 1, "accounts.again": 1,
    }  # fmt: skip


def test_publishing_twice_is_publishing_once(village, admin):
    change = publish(admin, MERGE)
    before = rows()

    again = publish_change(actor=admin, change_id=change.pk, at=NOW)

    assert (again.state, rows(), Entry.objects.count()) == ("published", before, 1)


def test_the_same_key_is_the_same_draft(village, admin):
    assert draft(admin, MERGE).pk == draft(admin, MERGE).pk


def test_what_cannot_be_done_names_its_rows_and_changes_nothing(village, admin):
    before = rows()

    with pytest.raises(BadChange) as refusal:
        publish(admin, TAKE_IN, Operation(2, Kind.MOVE, ("98001",), parent="98"))

    assert refusal.value.facts["problems"] == [
        "Dòng 2: Xã Hạ (98001) đã thay đổi ở dòng 1; hai dòng chồng nhau."
    ]
    assert rows() == before


def test_a_change_without_a_legal_basis_is_refused(village, admin):
    with pytest.raises(BadChange):
        draft(admin, MERGE, basis=" ")

    assert not Change.objects.exists()


def test_a_map_is_not_slipped_in_before_the_latest(village, admin):
    publish(admin, TAKE_IN, on=DAY)
    before = rows()

    with pytest.raises(BadChange):
        publish(
            admin,
            op(Kind.CREATE, into=[part("98050", "Mới", parent="98")]),
            on=DAY - timedelta(days=1),
            key="k2",
        )

    assert rows() == before


@pytest.mark.parametrize(
    "operation",
    [op(Kind.RENAME, "98001", into=[part("98001", "Khác")]), op(Kind.ABOLISH, "98001")],
    ids=["rename", "abolish"],
)
def test_a_later_published_change_in_the_way_is_named_with_its_day(village, admin, operation):
    publish(admin, MERGE)

    early = draft(admin, operation, on=date(2026, 11, 22), key="k2")
    (problem,) = preview_change(early).problems

    assert "98001 kết thúc ngày 01/12/2026 theo thay đổi đã công bố “Nghị quyết 1/NQ-HĐND”" in (
        problem.sentence
    )
    assert "đã kết thúc trước" not in problem.sentence


def test_only_the_last_change_is_undone(village, admin):
    first = publish(admin, RENAME)
    publish(admin, TAKE_IN, on=DAY + timedelta(days=1), key="k2", at=NOW + timedelta(hours=1))
    before = rows()

    with pytest.raises(ChangeNotOpen):
        undo(admin, first)

    assert rows() == before


def test_an_undone_change_is_not_published_again(village, admin):
    change = publish(admin, RENAME)
    undo(admin, change)

    with pytest.raises(ChangeNotOpen):
        publish_change(actor=admin, change_id=change.pk, at=NOW)


def test_a_unit_that_is_in_use_is_not_taken_away(village, admin):
    change = publish(admin, MERGE)
    make_user("moi", "Xã Hợp Nhất", Role.COMMUNE_OFFICER, Area.objects.get(name="Hợp Nhất"))
    before = rows()

    with pytest.raises(UndoBlocked):
        undo(admin, change)

    assert rows() == before


def test_a_map_with_new_hamlets_is_not_taken_away(village, admin):
    change = publish(admin, TAKE_IN)
    create_hamlet(actor=admin, commune=village.upper, type="thôn", name="Sau", on_day=DAY, at=NOW)
    before = rows()

    with pytest.raises(ChangeNotOpen):
        undo(admin, change)

    assert rows() == before


@pytest.mark.parametrize("begins", [DAY, DAY + timedelta(days=20)], ids=["that day", "later"])
@pytest.mark.parametrize("operation", [MERGE, TAKE_IN], ids=["merge", "take in"])
def test_a_hamlet_set_up_before_publishing_goes_with_the_change_and_comes_back(
    village, admin, operation, begins
):
    hamlet = create_hamlet(
        actor=admin, commune=village.lower, type="thôn", name="Cầu Sậy", on_day=begins, at=NOW
    )
    before = rows()

    change = publish(admin, operation)
    published = [outcome(check).examples for check in CHECKS]
    home = path(hamlet, begins)
    undo(admin, change)

    assert published == [()] * len(CHECKS)
    assert home[-1] == ("Xã Hợp Nhất" if operation is MERGE else village.upper.full_name)
    assert rows() == before
    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)


def test_a_hamlet_made_and_merged_on_the_day_of_a_change_holds_and_comes_back(village, admin):
    merge_hamlets(
        actor=admin, commune=village.lower, codes=["98001.001", "98001.002"],
        into=HamletDraft("thôn", "Cầu Sậy"), on_day=DAY, at=NOW,
    )  # fmt: skip
    before = rows()

    change = publish(admin, MERGE)
    published = [outcome(check).examples for check in CHECKS]
    undo(admin, change)

    assert (published, rows()) == ([()] * len(CHECKS), before)


def test_a_clerk_does_not_reorganise(village):
    with pytest.raises(Missing):
        draft(village.actor(village.thu), TAKE_IN)

    assert not Change.objects.exists()


def test_nobody_gains_scope_when_a_commune_takes_another_in(village, admin):
    publish(admin, TAKE_IN)

    lan, thu, minh = (actor_of(user, DAY) for user in (village.lan, village.thu, village.minh))

    assert (lan.grants, thu.grants) == ((), ())
    assert [grant.area_code for grant in minh.grants] == ["98"]
    assert [grant.area_code for grant in actor_of(village.thu, TODAY).grants] == ["98002"]


def test_a_role_that_would_begin_in_a_growing_unit_stands_in_the_way(village, admin):
    Holding.objects.create(
        user=village.lan, role=Role.LEADER, area=village.upper, valid_from=date(2027, 1, 1)
    )
    before = rows()

    with pytest.raises(ChangeBlocked):
        publish(admin, TAKE_IN)

    assert rows() == before


def test_sixty_random_changes_and_all_their_undoing(village, admin):
    make_area("99", Level.PROVINCE, "Kia", "tỉnh")
    place = Placement.objects.get(area__code="VN")
    Placement.objects.create(
        version=place.version, area=Area.objects.get(code="99"), parent=place.area,
        left=3001, right=3999, depth=1,
    )  # fmt: skip
    dice, day, stack, states = random.Random(4), DAY, [], []
    for number in range(10_001, 10_400):
        day += timedelta(days=1)
        latest = BoundaryVersion.objects.get(valid_to=None)
        units, _begins = units_of(latest.placements.all(), None)
        operation = random_operation(units, dice, number)
        before = rows()
        try:
            change = publish(
                admin, operation, on=day, key=str(number), at=NOW + timedelta(minutes=number)
            )
        except BadChange:
            assert rows() == before
            continue
        stack.append(change)
        states.append(before)
        if len(stack) == 60:
            break

    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)
    for change, before in zip(reversed(stack), reversed(states), strict=True):
        undo(admin, change)
        assert rows() == before
    assert len(stack) == 60


CRASH = """
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from diaban.accounts.selectors import local_administrator
from diaban.areas.models import Change
from diaban.areas.reorganising import publish_change
from diaban.areas.signals import change_published

def die(**_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[1] == "crash":
    change_published.connect(die)
now = timezone.now()
publish_change(actor=local_administrator(timezone.localdate()),
               change_id=Change.objects.get().pk, at=now)
"""

PREPARE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from tests.village import build_village, TODAY
from tests.areas.test_reorganising import draft, MERGE
from diaban.accounts.selectors import local_administrator
build_village()
draft(local_administrator(TODAY), MERGE)
"""

DUMP = """
import django
django.setup()
from tests.areas.test_reorganising import rows
from diaban.areas.models import Change
print(Change.objects.get().state, rows())
"""


def test_a_process_killed_in_the_middle_leaves_nothing(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "diaban.config.settings",
        "DIABAN_HOME": str(tmp_path),
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
    }
    environment.pop("DATABASE_URL", None)

    def run(code, *arguments):
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert run(PREPARE).returncode == 0
    before = run(DUMP)

    killed = run(CRASH, "crash")
    after = run(DUMP)
    whole = run(CRASH, "whole")

    assert killed.returncode == -signal.SIGKILL
    assert (before.returncode, after.stdout) == (0, before.stdout)
    assert before.stdout.startswith("draft")
    assert (whole.returncode, run(DUMP).stdout.split()[0]) == (0, "published")
