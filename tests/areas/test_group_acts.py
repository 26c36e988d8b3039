"""A group named anew, ended, made smaller; and each of these taken back."""

from datetime import date, timedelta

import pytest

from diaban.areas.group_acts import (
    BadGroupAct,
    end_group,
    remove_members,
    rename_group,
    take_back,
)
from diaban.areas.groups import BadGroup, groups_with_counts, memberships
from diaban.areas.journal import UndoBlocked
from diaban.areas.models import AreaGroup, AreaGroupAct
from diaban.areas.rules.grouping import BadMembers
from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from tests.areas.test_groups import codes, listed, load, make, rows
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db
BASIS = "Quyết định 9/QĐ-UBND"


@pytest.fixture
def group(village):
    """A group with both communes, the first since 1/7/2025."""
    group = make(village)
    load(
        village, group, ["98001", "", "01/07/2025", "", "QĐ 1"], ["98002", "", "01/08/2025", "", ""]
    )
    return group


def does(village, what, group, actor=None, **more):
    given = {"on_day": TODAY, "basis": BASIS, **more}
    return what(
        actor=actor or village.actor(village.minh), group_id=group.pk, at=NOW, **given
    )  # fmt: skip


def undo(village, group, actor=None):
    act = AreaGroupAct.objects.filter(undone_at=None).order_by("-pk")[0]
    return take_back(
        actor=actor or village.actor(village.minh), group_id=group.pk, act_id=act.pk, at=NOW
    )


def test_a_name_holds_from_its_day_on(village, group):
    does(village, rename_group, group, name="Xã, phường biên giới", on_day=date(2026, 3, 1))

    fresh = AreaGroup.objects.get(pk=group.pk)
    assert [fresh.called(day) for day in (date(2026, 2, 28), date(2026, 3, 1))] == [
        "Xã biên giới", "Xã, phường biên giới",
    ]  # fmt: skip
    assert Entry.objects.filter(action="areas.group.renamed").count() == 1


@pytest.mark.parametrize(
    ("what", "more"),
    [
        (rename_group, {"name": "Tên khác"}),
        (end_group, {}),
        (remove_members, {"codes": ["98001"]}),
    ],
)
def test_every_act_can_be_taken_back_and_leaves_no_trace_but_itself(village, group, what, more):
    before = rows()

    does(village, what, group, **more)
    done = rows()
    undo(village, group)

    assert done != before
    assert rows() == before
    assert AreaGroupAct.objects.exclude(undone_at=None).count() == 1


@pytest.mark.parametrize(
    ("what", "more"),
    [(rename_group, {"name": "Tên khác"}), (end_group, {}), (remove_members, {"codes": ["98001"]})],
)
def test_twice_is_once(village, group, what, more):
    does(village, what, group, **more)
    once = rows(), AreaGroupAct.objects.count()

    does(village, what, group, **more)

    assert (rows(), AreaGroupAct.objects.count()) == once


@pytest.mark.parametrize(
    ("what", "more"),
    [(rename_group, {"name": "Tên khác"}), (end_group, {}), (remove_members, {"codes": ["98001"]})],
)
@pytest.mark.parametrize("who", ["lan", "thu"])
def test_a_commune_changes_no_group_of_its_province(village, group, what, more, who):
    before = rows()
    actor = village.actor(getattr(village, who))

    with pytest.raises((Missing, NotAllowed)):
        does(village, what, group, actor=actor, **more)
    with pytest.raises((Missing, NotAllowed)):
        undo(village, group, actor=actor)

    assert rows() == before


@pytest.mark.parametrize(
    ("what", "more"),
    [(rename_group, {"name": "Tên khác"}), (end_group, {}), (remove_members, {"codes": ["98001"]})],
)
def test_nothing_is_done_without_a_legal_basis(village, group, what, more):
    before = rows()

    with pytest.raises(BadGroupAct, match="căn cứ"):
        does(village, what, group, basis="  ", **more)

    assert rows() == before


def test_who_leaves_is_closed_on_the_day_with_the_basis(village, group):
    day = TODAY + timedelta(days=5)

    assert does(village, remove_members, group, codes=["98002"], on_day=day) == 1

    left = next(one for one in memberships(group) if one.code == "98002")
    assert (left.valid_to, left.end_basis) == (day, BASIS)
    assert [codes(group, one) for one in (TODAY, day)] == [["98001", "98002"], ["98001"]]


def test_an_ended_group_has_no_members_and_is_offered_no_more(village, group):
    does(village, end_group, group)

    everything = AreaGroup.objects.all()
    assert codes(group, TODAY) == []
    assert codes(group, TODAY - timedelta(days=1)) == ["98001", "98002"]
    assert groups_with_counts(everything, TODAY) == []
    assert groups_with_counts(everything, TODAY, ended=True) == [(group, 0)]
    with pytest.raises(BadGroup, match="kết thúc"):
        listed(village, group, "98001")


@pytest.mark.parametrize(
    ("name", "day", "refusal"),
    [
        ("", TODAY, BadGroup),
        ("Xã trọng điểm", TODAY, BadGroup),
        ("Tên mới", TODAY + timedelta(days=1), BadGroupAct),
    ],
)
def test_a_name_that_cannot_be_is_refused(village, group, name, day, refusal):
    make(village, name="Xã trọng điểm")
    before = rows()

    with pytest.raises(refusal):
        does(village, rename_group, group, name=name, on_day=day)

    assert rows() == before


def test_a_name_does_not_begin_before_the_one_that_it_follows(village, group):
    does(village, rename_group, group, name="Một")

    with pytest.raises(BadGroupAct, match="18/11/2026"):
        does(village, rename_group, group, name="Hai", on_day=TODAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("chosen", "day", "refusal"),
    [
        ([], TODAY, BadGroupAct),
        (["98009"], TODAY, BadMembers),
        (["98001"], START - timedelta(days=1), BadMembers),
    ],
)
def test_members_that_cannot_leave_are_named(village, group, chosen, day, refusal):
    before = rows()

    with pytest.raises(refusal):
        does(village, remove_members, group, codes=chosen, on_day=day)

    assert rows() == before


def test_only_the_latest_act_is_taken_back(village, group):
    does(village, rename_group, group, name="Một")
    first = AreaGroupAct.objects.latest("pk")
    does(village, remove_members, group, codes=["98001"])

    with pytest.raises(UndoBlocked, match="mới nhất"):
        take_back(actor=village.actor(village.minh), group_id=group.pk, act_id=first.pk, at=NOW)


def test_a_list_that_was_saved_is_taken_back_as_a_whole(village, group):
    before = rows()

    listed(village, group, "98002")
    undo(village, group)

    assert rows() == before
