"""From confirmed items to duties: bodies, dates by group, fanning out, later plans, the cascade."""

from datetime import date, timedelta

import pytest

from diaban.agencies.models import Agency, AgencyAlias
from diaban.core.access import Missing
from diaban.plans.fan_out import FannedOut, fan_out
from diaban.plans.models import Duty, Plan, Share
from diaban.plans.programme import cascade_of, lines_of
from diaban.plans.publishing import (
    AlreadyPublished,
    change_dates,
    differences,
    groups_to_list,
    list_group,
    publish_plan,
)
from diaban.plans.rules.bodies import body_key
from diaban.plans.rules.differences import Difference
from diaban.plans.rules.states import Succession
from diaban.plans.work import NoSuchCascade, link_plan
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import SHORT, short_plan
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db


def duty_with(plan, words) -> Duty:
    return plan.duties.get(what__contains=words)


def dues(duty):
    return sorted(
        (share.agency.name, share.due_on) for share in duty.shares.select_related("agency")
    )


def test_publishing_makes_the_whole_programme(published):
    assert published.state == "published"
    assert published.duties.filter(kind="duty").count() == 6
    assert published.targets.count() == 4
    assert published.calendar.count() == 3
    assert [one.sources for one in published.budget.all()] == [
        ["ngân sách địa phương", "Chương trình mục tiêu quốc gia"]
    ]


def test_a_duty_before_a_day_is_due_on_the_day_before(published):
    assert dues(duty_with(published, "Ban hành hướng dẫn")) == [("Công an tỉnh", date(2026, 3, 14))]


def test_requested_bodies_are_marked_and_never_counted_as_overdue(published):
    duty = duty_with(published, "xét xử lưu động")
    (share,) = duty.shares.all()

    line = next(one for one in lines_of(published, TODAY) if one.duty == duty)

    assert (share.requested, share.agency.kind) == (True, "court")
    assert share.due_on < TODAY
    assert line.progress.overdue == 0


def test_a_known_body_is_matched_by_name_alias_and_successor(village, plan):
    def body(code, name, **more):
        return Agency.objects.create(
            code=code, name=name, kind="department", area=village.province, valid_from=START,
            **more,
        )  # fmt: skip

    police = body("cong-an", "Công an tỉnh Thử Nghiệm")
    new = body("y-te-moi", "Sở Y tế và Dân số")
    body("y-te", "Sở Y tế", valid_to=date(2026, 7, 1), successor=new)
    court = body("toa", "TAND hai cấp")
    AgencyAlias.objects.create(
        agency=court, alias="Tòa án nhân dân tỉnh", key=body_key("Tòa án nhân dân tỉnh")
    )

    done = publish(village, plan)

    assert done.new_agencies == ()
    assert {body.agency for duty in plan.duties.all() for body in duty.bodies.all()} == {
        police, new, court, None,
    }  # fmt: skip


def test_a_duty_of_all_communes_fans_out_to_each_with_its_committee(village, published):
    duty = duty_with(published, "Ban hành kế hoạch của xã")

    assert dues(duty) == [
        ("Ủy ban nhân dân xã Hạ", date(2026, 2, 4)),
        ("Ủy ban nhân dân xã Thượng", date(2026, 2, 4)),
    ]


def test_fanning_out_again_changes_nothing(published):
    before = list(Share.objects.order_by("pk").values())

    again = fan_out(published, TODAY + timedelta(days=3))

    assert (again.made, again.moved, again.removed) == (0, 0, 0)
    assert list(Share.objects.order_by("pk").values()) == before


def test_groups_get_their_own_dates_when_somebody_lists_them(village, published):
    duty = duty_with(published, "Xây dựng ít nhất 01 mô hình")
    (group,) = groups_to_list(published)
    rest = ("Ủy ban nhân dân xã Thượng", date(2026, 7, 14))
    assert dues(duty) == [("Ủy ban nhân dân xã Hạ", date(2026, 7, 14)), rest]

    done = list_group(
        actor=village.actor(village.minh), plan_id=published.pk, group_id=group.pk,
        codes=["98001"], at=NOW,
    )  # fmt: skip

    assert (done.made, done.removed) == (1, 1)
    assert dues(duty) == [("Ủy ban nhân dân xã Hạ", date(2026, 6, 14)), rest]
    assert groups_to_list(published) == []


def test_a_changed_date_follows_but_not_over_an_extension_or_what_is_done(village, published):
    duty = duty_with(published, "Ban hành kế hoạch của xã")
    lower = duty.shares.get(area=village.lower)
    Share.objects.filter(pk=lower.pk).update(due_on=date(2026, 12, 1))

    done = change_dates(
        actor=village.actor(village.minh),
        duty_id=duty.pk,
        dates=[{"date": "2026-03-05", "bound": "before", "scope": None, "text": ""}],
        at=NOW,
    )

    assert done == FannedOut(made=0, moved=2, removed=0, kept=done.kept)
    assert dues(duty) == [
        ("Ủy ban nhân dân xã Hạ", date(2026, 12, 1)),
        ("Ủy ban nhân dân xã Thượng", date(2026, 3, 4)),
    ]
    assert {share.first_due_on for share in duty.shares.all()} == {date(2026, 3, 4)}


def test_a_plan_is_published_once(village, published):
    with pytest.raises(AlreadyPublished):
        publish_plan(actor=village.actor(village.minh), plan_id=published.pk, at=NOW)

    assert published.duties.filter(kind="duty").count() == 6


def test_a_commune_does_not_publish_the_plan_of_its_province(village, plan):
    with pytest.raises(Missing):
        publish_plan(actor=village.actor(village.lan), plan_id=plan.pk, at=NOW)

    assert Duty.objects.count() == 0


def test_a_draft_is_seen_by_those_who_may_review_it_and_by_the_others_once_published(
    village, plan, client
):
    address = f"/plans/{plan.pk}/"

    def sees(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return address in client.get("/plans/").content.decode(), client.get(address).status_code

    assert sees(village.minh) == (True, 200)
    assert sees(village.lan) == (False, 404)

    publish(village, plan)

    assert sees(village.lan) == (True, 200)


@pytest.fixture
def later(village, published):
    """A second plan with one date moved, one duty dropped and one new."""
    body = (
        SHORT.replace("15/3/2026", "15/4/2026")
        .replace(
            "- Tổ chức xét xử lưu động các vụ án ma túy tại địa bàn phức tạp", "- Họp giao ban"
        )
        .replace("3. Đề nghị Tòa án nhân dân tỉnh", "3. Sở Tài chính")
    )
    return hand_in(village, short_plan(body, number="16"), name="sau.txt")


def test_a_later_plan_that_replaces_freezes_all_that_is_not_done(village, published, later):
    done_share = duty_with(published, "Ban hành kế hoạch của xã").shares.get(area=village.lower)
    Share.objects.filter(pk=done_share.pk).update(done_on=date(2026, 2, 1))

    publish(village, later, follows_id=published.pk, succession=Succession.REPLACES)

    published.refresh_from_db()
    assert published.state == "replaced"
    assert published.duties.filter(frozen_at__isnull=True).count() == 0
    assert set(Share.objects.filter(duty__plan=published, frozen=False)) == {done_share}
    later.refresh_from_db()
    found = {
        (pair.difference, (pair.old or pair.new).what.split(" ")[0]) for pair in differences(later)
    }
    assert (Difference.CHANGED, "Ban") in found
    assert (Difference.DROPPED, "Tổ") in found
    assert (Difference.NEW, "Họp") in found


def test_an_amending_plan_leaves_alone_what_it_does_not_name(village, published, later):
    court = duty_with(published, "xét xử lưu động")
    guide = duty_with(published, "Ban hành hướng dẫn")

    publish(village, later, follows_id=published.pk, succession=Succession.AMENDS)

    court.refresh_from_db()
    guide.refresh_from_db()
    assert court.frozen_at is None
    assert guide.frozen_at is not None
    assert guide.replaced_by == duty_with(later, "Ban hành hướng dẫn")
    assert Plan.objects.get(pk=published.pk).state == "published"


def test_the_cascade_says_who_must_and_who_has(village, published):
    own = hand_in(village, short_plan(number="3"), name="xa.txt", user=village.lan, area="98001")
    assert [(row.area, row.plan) for row in cascade_of(published, TODAY)] == [
        (village.lower, None),
        (village.upper, None),
    ]

    link_plan(actor=village.actor(village.lan), plan_id=own.pk, upper_id=published.pk, at=NOW)

    rows = cascade_of(published, TODAY)
    assert [(row.area, row.plan) for row in rows] == [(village.upper, None), (village.lower, own)]
    share = duty_with(published, "Ban hành kế hoạch của xã").shares.get(area=village.lower)
    assert share.done_on == TODAY
    assert share.evidence.get().text == "Kế hoạch 3/KH-UBND"


def test_a_plan_without_a_cascade_is_not_linked_to(village, published):
    own = hand_in(village, short_plan(number="3"), name="xa.txt", user=village.lan, area="98001")
    Duty.objects.update(cascades=False)

    with pytest.raises(NoSuchCascade):
        link_plan(actor=village.actor(village.lan), plan_id=own.pk, upper_id=published.pk, at=NOW)

    assert Plan.objects.get(pk=own.pk).upper is None
