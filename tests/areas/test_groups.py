"""Groups of units: dated lists with a basis, from files, and through reorganisations."""

from datetime import date, timedelta

import pytest
from django.core import serializers

from diaban.accounts.selectors import local_administrator
from diaban.areas.checks import CHECKS
from diaban.areas.group_lists import import_members, set_members
from diaban.areas.groups import (
    BadGroup,
    create_group,
    groups_of,
    groups_with_counts,
    members_on,
    memberships,
)
from diaban.areas.models import Area, AreaGroup, AreaGroupMember
from diaban.areas.reorganising import preview_change, undo_change
from diaban.areas.rules.grouping import BadMembers, GroupKind
from diaban.areas.rules.operations import Kind
from diaban.areas.signals import group_listed
from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from diaban.core.checks import outcome
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import DAY, SPLIT, draft, publish
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db

MERGE = op(Kind.MERGE, "98001", into=[part("98002")])


@pytest.fixture
def admin(village):
    return local_administrator(TODAY)


def make(village, name="Xã biên giới", kind=GroupKind.BORDER, actor=None, **more):
    return create_group(
        actor=actor or village.actor(village.minh), area=village.province, name=name, kind=kind,
        at=NOW, **more,
    )  # fmt: skip


def listed(village, group, *codes, day=TODAY, actor=None, basis="QĐ 1"):
    return set_members(
        actor=actor or village.actor(village.minh), group_id=group.pk, codes=codes, on_day=day,
        basis=basis, at=NOW,
    )  # fmt: skip


def load(village, group, *rows, day=TODAY, basis="QĐ 2"):
    return import_members(
        actor=village.actor(village.minh), group_id=group.pk,
        rows=[["Mã", "Tên", "Từ ngày", "Đến ngày", "Căn cứ"], *rows],
        on_day=day, basis=basis, at=NOW,
    )  # fmt: skip


def codes(group, day):
    return sorted(members_on(group, day).values_list("code", flat=True))


def rows():
    tables = AreaGroup.objects.order_by("pk"), AreaGroupMember.objects.order_by("pk")
    return [serializers.serialize("json", table) for table in tables]


def test_membership_has_days_and_a_basis(village):
    group = make(village)
    later = TODAY + timedelta(days=10)

    changes = [listed(village, group, "98001"), listed(village, group, "98002", day=later)]

    assert changes == [1, 2]
    assert [codes(group, day) for day in (TODAY, later)] == [["98001"], ["98002"]]
    assert [(one.code, one.name, one.valid_to, one.basis) for one in memberships(group)] == [
        ("98001", "Xã Hạ", later, "QĐ 1"), ("98002", "Xã Thượng", None, "QĐ 1"),
    ]  # fmt: skip
    assert [group.name for group, _ in groups_of(village.upper, later)] == ["Xã biên giới"]
    assert groups_with_counts(AreaGroup.objects.all(), TODAY) == [(group, 1)]


def test_any_list_can_be_filtered_by_a_group(village):
    group = make(village)
    listed(village, group, "98001")

    found = Area.objects.filter(pk__in=members_on(group, TODAY).values("pk"))

    assert [area.code for area in found] == ["98001"]


def test_listing_is_recorded_and_told(village):
    told = []

    def hear(group, on_day, **_):
        told.append((group.name, on_day))

    group_listed.connect(hear)
    try:
        group = make(village)
        listed(village, group, "98001")
        listed(village, group, "98001")
    finally:
        group_listed.disconnect(hear)

    assert told == [("Xã biên giới", TODAY)]
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True)) == [
        "areas.group.created", "areas.group.listed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "more"),
    [
        ("", GroupKind.OTHER, {}),
        ("?", GroupKind.OTHER, {}),
        ("x" * 201, GroupKind.OTHER, {}),
        ("xã  BIÊN giới", GroupKind.OTHER, {}),
        ("Địa bàn tập trung", GroupKind.FOCUS, {}),
    ],
)
def test_a_group_needs_a_name_of_its_own_and_focus_areas_a_year(village, name, kind, more):
    make(village)

    with pytest.raises(BadGroup):
        make(village, name, kind, **more)

    assert AreaGroup.objects.count() == 1


def test_who_may_not_list_a_group_is_refused(village):
    group = make(village)

    for user, refusal in ((village.lan, Missing), (village.thu, Missing)):
        with pytest.raises((refusal, NotAllowed)):
            listed(village, group, "98001", actor=village.actor(user))

    assert memberships(group) == []


def test_a_unit_of_elsewhere_or_an_earlier_day_is_refused(village):
    group = make(village)
    listed(village, group, "98001")

    for given, day in ((("98003",), TODAY), (("98001.001",), TODAY), ((), TODAY - timedelta(1))):
        with pytest.raises(BadMembers):
            listed(village, group, *given, day=day)

    assert codes(group, TODAY) == ["98001"]


def test_a_file_is_loaded_whole_and_again_without_effect(village):
    group = make(village)
    table = (["98001", "Xã Hạ", "1/8/2025", "31/12/2025", "QĐ 9"], ["98002", "Thượng", "", "", ""])

    first, again = load(village, group, *table), load(village, group, *table)

    assert (first.new, first.there, again.new, again.there) == (2, 0, 0, 2)
    assert [(one.code, one.valid_from, one.valid_to, one.basis) for one in memberships(group)] == [
        ("98001", date(2025, 8, 1), date(2026, 1, 1), "QĐ 9"),
        ("98002", TODAY, None, "QĐ 2"),
    ]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (["98009", "", "", "", ""], "dòng 3: không có đơn vị cấp xã nào mang mã 98009"),
        (["98001", "", "1/1/2020", "", ""], "dòng 3: không có đơn vị cấp xã nào mang mã 98001"),
        (["98001", "Xã Thượng", "", "", ""], "dòng 3: mã 98001 là Xã Hạ, không phải Xã Thượng"),
        (["98001", "", "", "1/1/2026", ""], "dòng 3: “Đến ngày” trước ngày bắt đầu"),
        (["98001.001", "", "", "", ""], "dòng 3: không có đơn vị cấp xã nào mang mã 98001.001"),
    ],
)
def test_one_bad_row_and_nothing_is_loaded(village, row, error):
    group = make(village)

    with pytest.raises(BadMembers) as refusal:
        load(village, group, ["98002", "", "", "", ""], row)

    assert refusal.value.facts["errors"] == [
        one for one in refusal.value.facts["errors"] if one.startswith(error)
    ]
    assert memberships(group) == []


def test_a_row_over_days_that_are_on_record_is_refused(village):
    group = make(village)
    listed(village, group, "98001")

    with pytest.raises(BadMembers):
        load(village, group, ["98001", "", "1/8/2025", "", ""])

    assert len(memberships(group)) == 1


def test_a_unit_has_one_key_type_a_day(village):
    heavy, light = (
        make(village, name, kind)
        for name, kind in (("Loại I", GroupKind.KEY_1), ("Loại II", GroupKind.KEY_2))
    )
    listed(village, heavy, "98001")

    with pytest.raises(BadMembers):
        listed(village, light, "98001", "98002")

    assert codes(light, TODAY) == []
    listed(village, heavy, day=DAY)
    listed(village, light, "98001", day=DAY)
    assert [codes(one, DAY) for one in (heavy, light)] == [[], ["98001"]]


def test_a_member_that_merges_is_followed_and_undoing_puts_it_back(village, admin):
    group = make(village)
    listed(village, group, "98001")
    before = rows()

    change = publish(admin, MERGE)

    assert [codes(group, day) for day in (DAY - timedelta(1), DAY)] == [["98001"], ["98002"]]
    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)
    undo_change(actor=admin, change_id=change.pk, at=NOW)
    assert rows() == before


def test_a_member_that_is_divided_leaves_and_a_person_lists_its_parts(village, admin):
    group = make(village)
    listed(village, group, "98001", "98002")

    effects = {one.code: one.count for one in preview_change(draft(admin, SPLIT)).effects}
    publish(admin, SPLIT)

    assert (effects.get("areas.groups"), effects["areas.groups_open"]) == (None, 1)
    assert codes(group, DAY) == ["98002"]


def test_of_two_types_that_meet_the_heavier_stays(village, admin):
    heavy, light = (
        make(village, name, kind)
        for name, kind in (("Loại I", GroupKind.KEY_1), ("Loại III", GroupKind.KEY_3))
    )
    listed(village, heavy, "98001")
    listed(village, light, "98002")
    before = rows()

    change = publish(admin, MERGE)

    assert [codes(one, DAY) for one in (heavy, light)] == [["98002"], []]
    undo_change(actor=admin, change_id=change.pk, at=NOW)
    assert rows() == before


def test_a_member_that_begins_after_its_units_end_stands_in_the_way(village, admin):
    group = make(village)
    listed(village, group, "98001", day=DAY + timedelta(days=3))

    effects = {one.code: one.blocks for one in preview_change(draft(admin, MERGE)).effects}

    assert effects["areas.group_members_later"] is True


def test_a_list_of_old_days_is_brought_to_the_map_of_today(village, admin):
    publish(admin, MERGE)
    group = make(village)

    done = load(village, group, ["98001", "Hạ", f"{START:%d/%m/%Y}", "", "QĐ 5"], day=START)

    assert (done.new, done.divided) == (1, ())
    assert [(one.code, one.valid_from, one.valid_to, one.basis) for one in memberships(group)] == [
        ("98001", START, DAY, "QĐ 5"), ("98002", DAY, None, "QĐ 5"),
    ]  # fmt: skip
    assert load(village, group, ["98001", "Hạ", f"{START:%d/%m/%Y}", "", "QĐ 5"]).new == 0


def test_a_list_of_old_days_names_who_was_divided_since(village, admin):
    publish(admin, SPLIT)
    group = make(village)

    done = load(village, group, ["98001", "", f"{START:%d/%m/%Y}", "", ""])

    assert done.divided == ("Xã Hạ (98001)",)
    assert codes(group, DAY) == []


def test_members_cost_the_same_however_many(village, django_assert_num_queries):
    group = make(village)
    listed(village, group, "98001")
    with django_assert_num_queries(2):
        memberships(group)
    listed(village, group, "98001", "98002")
    with django_assert_num_queries(2):
        memberships(group)
