"""What earlier versions left behind is mended when the database is brought up to date."""

from importlib import import_module

import pytest
from django.apps import apps

from diaban.accounts.selectors import local_administrator
from diaban.areas.checks import CHECKS
from diaban.areas.hamlets import close_hamlet
from diaban.areas.models import Change, Placement
from diaban.areas.services import create_hamlet
from diaban.core.checks import outcome
from tests.areas.test_reorganising import DAY, TAKE_IN, publish, rows, undo
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db

clear = import_module("diaban.areas.migrations.0007_hamlets_stand_where_they_live").clear


def holds():
    return [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)


def test_hamlets_that_never_lived_on_a_map_leave_it_and_undoing_brings_them_back(village):
    admin = local_administrator(TODAY)
    create_hamlet(actor=admin, commune=village.upper, type="thôn", name="Mới", on_day=DAY, at=NOW)
    before = rows()
    change = publish(admin, TAKE_IN)
    # As it was left before: the place stayed on the map that ended, and nobody noted it.
    (line,) = [line for line in change.journal if "removed" in line]
    Placement.objects.bulk_create(Placement(**row) for row in line["rows"])
    left = [one for one in change.journal if one is not line]
    Change.objects.filter(pk=change.pk).update(journal=left)
    assert not holds()

    clear(apps, None)

    assert holds()
    change.refresh_from_db()
    undo(admin, change)
    assert rows() == before


def test_hamlets_that_had_ended_leave_the_map_that_took_them_along(village):
    admin = local_administrator(TODAY)
    close_hamlet(actor=admin, commune=village.lower, code="98001.001", on_day=TODAY, at=NOW)
    old = Placement.objects.get(area__code="98001.001")
    change = publish(admin, TAKE_IN)
    home = change.version.placements.get(area=village.upper)
    change.version.placements.create(
        area=old.area, parent=village.upper, left=home.right, right=home.right, depth=3
    )
    assert not holds()

    clear(apps, None)

    assert holds()
    assert Placement.objects.filter(pk=old.pk).exists()


def test_a_map_without_such_hamlets_stays_as_it_is(village):
    change = publish(local_administrator(TODAY), TAKE_IN)
    before = rows(), change.journal

    clear(apps, None)

    change.refresh_from_db()
    assert (rows(), change.journal) == before
