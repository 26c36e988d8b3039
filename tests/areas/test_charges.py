"""Other hierarchies follow reorganisations; groups of hamlets follow what communes do to them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from diaban.accounts.selectors import local_administrator
from diaban.areas.checks import CHECKS
from diaban.areas.group_lists import set_members
from diaban.areas.groups import create_group, members_on
from diaban.areas.hamlets import close_hamlet, merge_hamlets
from diaban.areas.hierarchies import in_charge_of, publish_hierarchy
from diaban.areas.models import Area, BoundaryVersion
from diaban.areas.reorganising import ChangeNotOpen, preview_change, undo_change
from diaban.areas.rules.grouping import GroupKind
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Kind
from diaban.core.checks import outcome
from tests.areas.rules.test_changes import op
from tests.areas.test_hierarchies import LIST, load
from tests.areas.test_reorganising import DAY, MERGE, SPLIT, TAKE_IN, draft, publish, rows, undo
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db

EVE = DAY - timedelta(days=1)
ONE_POST = replace(
    LIST, sectors=(LIST.sectors[0], replace(LIST.sectors[1], communes=("98001", "98002")))
)


@pytest.fixture
def admin(village):
    return local_administrator(TODAY)


def post_of(code, day):
    """Return who is in charge of the unit that has a code on a day, empty when nobody is."""
    area = Area.objects.filter(code=code, valid_from__lte=day).exclude(valid_to__lte=day).get()
    return [one.code for one in in_charge_of(area, day)]


def everything_holds():
    return [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)


@pytest.mark.parametrize(
    ("operation", "after"),
    [
        (MERGE, {"98002": ["BP-98-01"]}),
        (TAKE_IN, {"98002": ["BP-98-01"]}),
        (SPLIT, {"98001": ["BP-98-01"], "98003": ["BP-98-01"], "98002": ["BP-98-01"]}),
    ],
    ids=["merge", "take in", "split"],
)
def test_a_post_goes_on_with_the_land_that_it_was_in_charge_of(village, admin, operation, after):
    load(ONE_POST)
    before = rows()

    change = publish(admin, operation)

    assert {code: post_of(code, DAY) for code in after} == after
    assert post_of("98001", EVE) == ["BP-98-01"]
    assert everything_holds()
    undo(admin, change)
    assert rows() == before


def test_where_the_land_of_two_posts_meets_a_new_unit_waits_for_their_authority(village, admin):
    load()
    before = rows()

    found = {one.code: one for one in preview_change(draft(admin, MERGE)).effects}
    change = publish(admin, MERGE)

    assert [(one.text, one.note) for one in found["areas.hierarchies"].rows(0, 9)] == [
        ("Xã Hạ", "Đồn biên phòng Hạ"), ("Xã Thượng", "Đồn biên phòng Thượng"),
    ]  # fmt: skip
    assert [(one.text, one.note) for one in found["areas.hierarchies_open"].rows(0, 9)] == [
        ("Xã Hạ, Xã Thượng", "Đồn biên phòng Hạ, Đồn biên phòng Thượng")
    ]
    assert post_of("98002", DAY) == []
    assert everything_holds()
    undo(admin, change)
    assert rows() == before


def test_a_unit_that_takes_land_of_another_post_in_keeps_its_own(village, admin):
    load()

    publish(admin, TAKE_IN)

    assert post_of("98002", DAY) == ["BP-98-02"]


def test_nobody_follows_a_unit_without_a_successor(village, admin):
    load()

    publish(admin, op(Kind.ABOLISH, "98001", parent="98002"))

    assert post_of("98002", DAY) == ["BP-98-02"]
    assert BoundaryVersion.objects.filter(tree="border-guard").count() == 2
    assert everything_holds()


def test_a_list_of_a_later_day_follows_too_and_numbers_go_on(village, admin):
    load()
    load(replace(ONE_POST, valid_from=DAY + timedelta(days=9)))
    before = rows()

    change = publish(admin, TAKE_IN)

    numbers = BoundaryVersion.objects.filter(tree="border-guard").order_by("valid_from")
    assert list(numbers.values_list("number", flat=True)) == [1, 2, 3]
    assert post_of("98002", DAY) == ["BP-98-02"]
    assert post_of("98002", DAY + timedelta(days=9)) == ["BP-98-01"]
    assert everything_holds()
    undo(admin, change)
    assert rows() == before


def test_a_list_loaded_after_a_change_stands_in_the_way_of_its_undoing(village, admin):
    load(ONE_POST)
    change = publish(admin, TAKE_IN)
    given = replace(
        ONE_POST,
        valid_from=DAY + timedelta(days=9),
        sectors=(ONE_POST.sectors[0], replace(ONE_POST.sectors[1], communes=("98002",))),
    )
    before = rows()
    publish_hierarchy(actor=admin, given=given, at=NOW + timedelta(hours=1))
    loaded = rows()

    with pytest.raises(ChangeNotOpen):
        undo_change(actor=admin, change_id=change.pk, at=NOW + timedelta(hours=2))

    assert rows() == loaded != before


def grouped(village, *codes, kind=GroupKind.OTHER, name="Thôn trọng điểm"):
    actor = local_administrator(TODAY)
    group = create_group(
        actor=actor, area=village.lower, name=name, kind=kind, level=Level.HAMLET, at=NOW
    )
    set_members(actor=actor, group_id=group.pk, codes=codes, on_day=TODAY, basis="QĐ 1", at=NOW)
    return group


def members(group, day):
    return sorted(members_on(group, day).values_list("code", flat=True))


def test_a_hamlet_that_takes_a_member_in_is_a_member_from_that_day(village, admin):
    group = grouped(village, "98001.001")

    merge_hamlets(
        actor=admin, commune=village.lower, codes=["98001.001"], into="98001.002",
        on_day=DAY, at=NOW,
    )  # fmt: skip

    assert [members(group, day) for day in (EVE, DAY)] == [["98001.001"], ["98001.002"]]
    assert everything_holds()


def test_two_members_that_merge_are_one_member(village, admin):
    group = grouped(village, "98001.001", "98001.002")

    merge_hamlets(
        actor=admin, commune=village.lower, codes=["98001.001"], into="98001.002",
        on_day=DAY, at=NOW,
    )  # fmt: skip

    assert members(group, DAY) == ["98001.002"]
    assert everything_holds()


def test_a_member_that_is_closed_leaves_its_group(village, admin):
    group = grouped(village, "98001.001")

    close_hamlet(actor=admin, commune=village.lower, code="98001.001", on_day=DAY, at=NOW)

    assert [members(group, day) for day in (EVE, DAY)] == [["98001.001"], []]
    assert everything_holds()


def test_of_two_key_types_of_hamlets_that_meet_the_heavier_stays(village, admin):
    heavy = grouped(village, "98001.001", kind=GroupKind.KEY_1, name="Loại I")
    light = grouped(village, "98001.002", kind=GroupKind.KEY_3, name="Loại III")

    merge_hamlets(
        actor=admin, commune=village.lower, codes=["98001.001"], into="98001.002",
        on_day=DAY, at=NOW,
    )  # fmt: skip

    assert [members(one, DAY) for one in (heavy, light)] == [["98001.002"], []]
    assert everything_holds()
