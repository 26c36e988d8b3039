"""What was owed follows the successors of areas and bodies, and comes back with an undo."""

from datetime import date, timedelta

import pytest
from django.core import serializers

from diaban.accounts.selectors import local_administrator
from diaban.agencies.models import Agency
from diaban.agencies.services import Share as PassedOn
from diaban.agencies.services import pass_work_on
from diaban.areas.groups import members_on
from diaban.areas.models import Area, AreaGroup
from diaban.areas.reorganising import draft_change, preview_change, undo_change
from diaban.plans.fan_out import FannedOut, fan_out
from diaban.plans.known_bodies import bodies_of
from diaban.plans.models import Handover, Share
from diaban.plans.publishing import groups_to_list, list_group
from diaban.plans.reorganisation import follow_successors
from diaban.plans.work import Proof, add_evidence, complete_duty
from tests.areas.test_reorganising import MERGE, SPLIT, publish
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db

MERGED_ON = date(2026, 11, 16)
NEXT = TODAY + timedelta(days=1)


@pytest.fixture
def admin(village):
    return local_administrator(TODAY)


def owed(area=None):
    """Return what is open: the body, its day, and from which it came."""
    found = Share.objects.filter(done_on__isnull=True, frozen=False, duty__kind="duty")
    if area is not None:
        found = found.filter(area=area)
    return sorted((share.agency.name, str(share.due_on), share.slot) for share in found)


def everything():
    return serializers.serialize("json", Share.objects.order_by("pk"))


def share_of(village, words, area=None):
    return Share.objects.get(duty__what__contains=words, area=area or village.lower)


def test_what_two_merged_communes_owe_the_new_one_owes_once(village, published, admin):
    own_plan = share_of(village, "Ban hành kế hoạch của xã")
    complete_duty(
        actor=village.actor(village.lan), share_id=own_plan.pk, revision=own_plan.revision,
        on=date(2026, 2, 1), proof=Proof("document", "3/KH-UBND"), at=NOW,
    )  # fmt: skip
    before = everything()

    change = publish(admin, MERGE, on=MERGED_ON)

    new = Area.objects.get(code="98002", valid_to=None)
    models = share_of(village, "Xây dựng ít nhất 01 mô hình", new)
    own_plan.refresh_from_db()
    assert [name for name, _due, _slot in owed(new)] == ["Ủy ban nhân dân xã Hợp Nhất"] * 2
    assert owed(village.lower) == owed(village.upper) == []
    assert (own_plan.area, own_plan.agency.name) == (village.lower, "Ủy ban nhân dân xã Hạ")
    assert {row.from_agency.name for row in Handover.objects.filter(share=models)} == {
        "Ủy ban nhân dân xã Hạ"
    }
    assert fan_out(published, TODAY) == FannedOut(kept=Share.objects.filter(
        duty__plan=published).count())  # fmt: skip

    undo_change(actor=admin, change_id=change.pk, at=NOW)

    assert everything() == before
    assert Handover.objects.count() == 0


def test_evidence_goes_over_with_the_share(village, published, admin):
    models = share_of(village, "Xây dựng ít nhất 01 mô hình")
    add_evidence(
        actor=village.actor(village.lan), share_id=models.pk,
        proof=Proof("activity", "Họp thôn"), on=TODAY, at=NOW,
    )  # fmt: skip

    publish(admin, MERGE, on=MERGED_ON)

    models.refresh_from_db()
    assert models.area.full_name == "Xã Hợp Nhất"
    assert models.evidence.get().text == "Họp thôn"


def test_a_change_to_come_is_followed_on_its_day_by_the_daily_run(village, published, admin):
    later = TODAY + timedelta(days=13)
    before = owed()

    publish(admin, MERGE, on=later)

    assert owed() == before
    follow_successors(later)
    new = Area.objects.get(code="98002", valid_to=None)
    assert len(owed(new)) == 2
    assert follow_successors(later) == 0


def test_the_dry_run_says_how_many_duties_go_over(village, published, admin):
    change = draft_change(
        actor=admin, effective_on=MERGED_ON, basis="Nghị quyết 1/NQ-HĐND", operations=[MERGE],
        client_key="k", at=NOW,
    )  # fmt: skip

    effects = {one.code: one for one in preview_change(change).effects}

    assert effects["plans.shares"].count == 4
    assert effects["plans.shares"].sentence.startswith("4 phần việc chưa xong, thuộc 2 nhiệm vụ")
    assert "plans.shares_staying" not in effects


def test_of_a_division_it_says_that_open_duties_stay_where_they_are(village, published, admin):
    change = draft_change(
        actor=admin, effective_on=MERGED_ON, basis="Nghị quyết 1/NQ-HĐND", client_key="k", at=NOW,
        operations=[SPLIT],
    )  # fmt: skip

    effects = {one.code: one for one in preview_change(change).effects}

    assert "plans.shares" not in effects
    stay = effects["plans.shares_staying"]
    assert (
        stay.count == Share.objects.filter(area__code="98001", done_on=None, frozen=False).count()
    )
    assert "không tự chuyển, ở lại cơ quan cũ" in stay.sentence


def test_the_successor_takes_the_place_in_a_listed_group(village, published, admin):
    (group,) = groups_to_list(published)
    list_group(
        actor=village.actor(village.minh), plan_id=published.pk, group_id=group.pk,
        codes=["98001"], at=NOW - timedelta(days=30),
    )  # fmt: skip

    publish(admin, MERGE, on=MERGED_ON)

    group = AreaGroup.objects.get(pk=group.pk)
    assert [area.full_name for area in members_on(group, TODAY)] == ["Xã Hợp Nhất"]
    assert [area.full_name for area in members_on(group, date(2026, 11, 10))] == ["Xã Hạ"]


def test_what_a_body_owes_goes_to_its_successor(village, published):
    old = Agency.objects.get(name="Sở Y tế", area=village.province)
    new = Agency.objects.create(
        code="y-te-dan-so", name="Sở Y tế và Dân số", kind="department", area=village.province,
        valid_from=START,
    )  # fmt: skip
    Agency.objects.filter(pk=old.pk).update(valid_to=NEXT, successor=new)
    before = Share.objects.filter(agency=old).count()

    follow_successors(NEXT)

    assert before > 0
    assert Share.objects.filter(agency=old).count() == 0
    assert Share.objects.filter(agency=new).count() == before
    assert Handover.objects.count() == before
    assert follow_successors(NEXT) == 0


def test_without_a_successor_nothing_is_guessed(village, published):
    old = Agency.objects.get(name="Sở Y tế", area=village.province)
    Agency.objects.filter(pk=old.pk).update(valid_to=NEXT)
    before = everything()

    follow_successors(NEXT)

    assert everything() == before


def test_open_work_goes_over_as_soon_as_a_person_names_the_heir(village, published):
    old = Agency.objects.get(name="Sở Y tế", area=village.province)
    new = Agency.objects.create(
        code="moi", name="Sở Mới", kind="department", area=published.area, valid_from=TODAY
    )
    owed = Share.objects.filter(agency=old, done_on=None, frozen=False).count()
    Agency.objects.filter(pk=old.pk).update(valid_from=START)

    pass_work_on(
        actor=village.actor(village.minh), agency_id=old.pk, heirs=[PassedOn(new.pk)],
        on_day=TODAY, basis="NĐ 45", at=NOW,
    )  # fmt: skip

    assert owed > 0
    assert Share.objects.filter(agency=old, done_on=None, frozen=False).count() == 0
    assert Share.objects.filter(agency=new).count() == owed
    assert Handover.objects.filter(from_agency=old, to_agency=new).count() == owed


def test_a_name_of_before_2025_means_the_body_that_took_all_over(village):
    bodies = bodies_of(village.province, TODAY)

    assert bodies.named("Sở Kế hoạch và Đầu tư").name == "Sở Tài chính"
    assert bodies.named("Sở Tài chính") == bodies.named("Sở Kế hoạch và Đầu tư tỉnh Thử Nghiệm")
    # Shared out by fields: nobody guesses.
    assert bodies.named("Sở Giao thông vận tải").name == "Sở Giao thông vận tải"
    assert bodies_of(village.province, date(2025, 2, 1)).named("Ban Dân tộc").name == "Ban Dân tộc"


def test_undoing_a_change_after_the_daily_run_followed_it(village, published, admin):
    later = TODAY + timedelta(days=13)
    before = everything()
    change = publish(admin, MERGE, on=later)
    follow_successors(later)
    change.refresh_from_db()
    followed = len(change.journal)

    assert follow_successors(later) == 0
    change.refresh_from_db()
    assert len(change.journal) == followed
    undo_change(actor=admin, change_id=change.pk, at=NOW + timedelta(days=14))

    assert everything() == before
