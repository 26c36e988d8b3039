"""Who counts what a reorganisation touches: a module that comes later registers for it."""

from datetime import date

import pytest

from diaban.areas import effects
from diaban.areas.effects import Kept, asked, count_with, uncounted
from diaban.areas.signals import Effect, Reach

pytestmark = pytest.mark.django_db
NONE = frozenset()
REACH = Reach(date(2027, 1, 1), frozenset({1, 2}), NONE, NONE, NONE)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    """Keep what a test registers out of the others."""
    monkeypatch.setattr(effects, "_counters", {})


def dossiers(reach):
    n = len(reach.ended)
    yield Effect("recognition.dossiers", f"{n} hồ sơ công nhận", n)
    yield Effect("recognition.decisions", "0 quyết định", 0)


def test_nobody_counts_what_no_module_keeps():
    assert uncounted() == (Kept.CASES, Kept.RECOGNITIONS)
    assert not [one for one in asked(REACH) if one.code.startswith("recognition")]


def test_a_module_that_registers_is_asked_and_what_it_lacks_is_left_out():
    count_with(Kept.RECOGNITIONS, dossiers)

    found = [(one.code, one.count) for one in asked(REACH) if one.code.startswith("recognition")]

    assert found == [("recognition.dossiers", 2)]
    assert uncounted() == (Kept.CASES,)


def test_registering_again_does_not_count_twice():
    for _ in range(2):
        count_with(Kept.RECOGNITIONS, dossiers)

    assert len([one for one in asked(REACH) if one.code == "recognition.dossiers"]) == 1
