"""A small nation with the small sample in it, loaded once for a module."""

from datetime import date, datetime

import pytest
import time_machine
from django.db import transaction

from diaban.areas.models import Area, AreaName, BoundaryVersion, Placement
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import seal
from diaban.core.periods import HO_CHI_MINH
from diaban.core.text import sort_key
from diaban.demo.load import load_demo
from diaban.indicators.loader import load_forms

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=HO_CHI_MINH)
TODAY = NOW.date()
START = date(2025, 7, 1)


def make_nation():
    """Write a nation of one province and one commune, published as the law has it."""
    load_forms()
    version = BoundaryVersion.objects.create(number=2, valid_from=START, published_at=NOW)
    rows = (("VN", Level.NATION, "Việt Nam", "", 1, 1100), ("01", Level.PROVINCE, "Một", "tỉnh", 2,
            1099), ("00001", Level.COMMUNE, "Một", "xã", 3, 1026))  # fmt: skip
    above = None
    for depth, (code, level, name, type_word, left, right) in enumerate(rows):
        area = Area.objects.create(
            code=code, level=level, name=name, type=type_word, sort_key=sort_key(name),
            valid_from=START,
        )  # fmt: skip
        AreaName.objects.create(
            area=area, name=name, type=type_word, key=name_key(name), valid_from=START
        )
        Placement.objects.create(
            version=version, area=area, parent=above, left=left, right=right, depth=depth
        )
        above = area
    version.seal = seal([("VN", None, 1, 1100), ("01", "VN", 2, 1099), ("00001", "01", 3, 1026)])
    version.save()
    return version


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    """What `load_demo` wrote, with the clock on its day; rolled back after the module."""
    said: list[str] = []
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        national = make_nation()
        with time_machine.travel(NOW, tick=False):
            loaded = load_demo(2026, TODAY, said.append, small=True)
    yield loaded, said, national
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def loaded(sample, db):
    """The numbers of what was written, for a test that may read and write."""
    with time_machine.travel(NOW, tick=False):
        yield sample[0]
