"""Undoing a reorganisation after plans, groups and the daily run have gone on."""

from datetime import timedelta

import pytest
from django.core import serializers

from diaban.accounts.selectors import local_administrator
from diaban.agencies.models import Agency
from diaban.areas.group_lists import set_members
from diaban.areas.groups import create_group, members_on
from diaban.areas.journal import UndoBlocked
from diaban.areas.models import Area, Change
from diaban.areas.reorganising import undo_change
from diaban.areas.rules.grouping import GroupKind
from diaban.plans.models import Share
from diaban.plans.publishing import groups_to_list, list_group
from diaban.plans.reorganisation import follow_successors
from tests.areas.test_reorganising import MERGE
from tests.areas.test_reorganising import publish as reorganise
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import short_plan
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db

MERGED_ON = TODAY + timedelta(days=13)
AFTER = NOW + timedelta(days=15)


@pytest.fixture
def admin(village):
    return local_administrator(TODAY)


@pytest.fixture
def followed(village, published, admin):
    """Two communes merged from a day to come, and the daily run of that day."""
    change = reorganise(admin, MERGE, on=MERGED_ON)
    follow_successors(MERGED_ON)
    return Change.objects.get(pk=change.pk)


def second_plan(village):
    return publish(village, hand_in(village, short_plan(number="16"), "khac.txt"), at=AFTER).plan


def new_unit():
    return Area.objects.get(code="98002", valid_to=None)


def owed(plan, area):
    found = Share.objects.filter(duty__plan=plan, area=area, done_on=None, frozen=False)
    return sorted((one.agency.name, one.duty.number, one.slot) for one in found)


def shares_of(plan):
    return serializers.serialize("json", Share.objects.filter(duty__plan=plan).order_by("pk"))


def test_a_plan_published_in_between_is_dealt_out_to_the_units_that_come_back(
    village, published, admin, followed
):
    later = second_plan(village)
    assert owed(later, new_unit())

    undo_change(actor=admin, change_id=followed.pk, at=AFTER)

    assert not Area.objects.filter(name="Hợp Nhất").exists()
    for area in (village.lower, village.upper):
        assert [line[1:] for line in owed(later, area)] == [
            line[1:] for line in owed(published, area)
        ]
        assert owed(later, area)


def test_bodies_made_for_the_new_unit_go_with_it(village, published, admin):
    change = reorganise(admin, MERGE, on=MERGED_ON)
    follow_successors(MERGED_ON)
    second_plan(village)
    body = Agency.objects.create(
        code="cong-an", name="Công an xã Hợp Nhất", kind="police", area=new_unit(),
        valid_from=MERGED_ON,
    )  # fmt: skip

    undo_change(actor=admin, change_id=change.pk, at=AFTER)

    assert not Agency.objects.filter(pk=body.pk).exists()


def test_what_later_daily_runs_dealt_out_is_taken_back_too(village, published, admin, followed):
    share = Share.objects.filter(area=new_unit()).first()
    Share.objects.create(
        duty=share.duty, agency=share.agency, area=share.area, slot="ky-sau", begins_on=MERGED_ON
    )

    undo_change(actor=admin, change_id=followed.pk, at=AFTER)

    assert not Share.objects.filter(slot="ky-sau").exists()


def test_evidence_of_the_new_unit_stands_in_the_way_and_is_named(
    village, published, admin, followed
):
    later = second_plan(village)
    share = Share.objects.filter(duty__plan=later, area=new_unit()).first()
    share.evidence.create(kind="activity", text="Họp thôn", on=MERGED_ON, at=AFTER, by="Lan")
    before = shares_of(later)

    with pytest.raises(UndoBlocked) as refusal:
        undo_change(actor=admin, change_id=followed.pk, at=AFTER)

    (obstacle,) = refusal.value.facts["obstacles"]
    assert obstacle.text == f"{share.agency.name}: {share.duty.what}"
    assert (obstacle.kind, obstacle.key) == ("share", str(share.pk))
    assert "minh chứng" in str(refusal.value.sentence)
    assert shares_of(later) == before


def test_a_group_listed_in_between_without_the_new_unit_stands_in_nobodys_way(
    village, published, admin, followed
):
    (group,) = groups_to_list(published)
    list_group(
        actor=village.actor(village.minh), plan_id=published.pk, group_id=group.pk,
        codes=[], at=AFTER,
    )  # fmt: skip

    undo_change(actor=admin, change_id=followed.pk, at=AFTER)

    assert owed(published, village.lower)


def test_a_group_with_the_new_unit_is_named_and_undoing_goes_on_once_it_has_left(
    village, published, admin, followed
):
    group = create_group(
        actor=admin, area=village.province, name="Xã xa", kind=GroupKind.OTHER, at=AFTER
    )

    def listed(codes, day):
        set_members(actor=admin, group_id=group.pk, codes=codes, on_day=day, basis="", at=AFTER)

    listed(["98002"], MERGED_ON)
    with pytest.raises(UndoBlocked) as refusal:
        undo_change(actor=admin, change_id=followed.pk, at=AFTER)
    assert refusal.value.sentence.splitlines()[1:] == [
        "  Xã Hợp Nhất trong nhóm địa bàn “Xã xa”. Mở nhóm, bỏ đơn vị ấy khỏi danh sách từ "
        "hôm nay hoặc trước, rồi hủy lại."
    ]
    listed([], MERGED_ON + timedelta(days=1))

    undo_change(actor=admin, change_id=followed.pk, at=AFTER)

    assert list(members_on(group, TODAY)) == []


def test_a_plan_of_the_new_unit_itself_is_named(village, published, admin, followed, client):
    document = published.document
    document.pk, document.area, document.digest = None, new_unit(), "x"
    document.save()
    plan = published
    plan.pk, plan.document, plan.area = None, document, document.area
    plan.save()

    with pytest.raises(UndoBlocked) as refusal:
        undo_change(actor=admin, change_id=followed.pk, at=AFTER)

    assert f"Kế hoạch “{plan.title}” của Xã Hợp Nhất" in refusal.value.sentence
