"""Names over time, and who answers for the work of a body that ended."""

from datetime import date, timedelta

import pytest

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import Role
from diaban.accounts.selectors import actor_of
from diaban.agencies.models import Agency, Inheritance
from diaban.agencies.rules import KIND_NAMES, Kind
from diaban.agencies.selectors import (
    answered_by,
    answering_for,
    body_named,
    heirs_for,
    names_on,
)
from diaban.agencies.services import BadAgency, Share, apply_table, pass_work_on, rename_agency
from diaban.agencies.signals import work_passed_on
from diaban.agencies.successors import passages
from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db

DAY = TODAY + timedelta(days=10)


def body(village, name, code, kind=Kind.DEPARTMENT, start=START, area=None):
    return Agency.objects.create(
        code=code, name=name, kind=kind, area=area or village.province, valid_from=start
    )


@pytest.fixture
def labour(village):
    return body(village, "Sở Lao động - Thương binh và Xã hội", "ldtbxh")


@pytest.fixture
def police(village):
    return body(village, "Công an tỉnh Thử Nghiệm", "cong-an", Kind.POLICE)


def end(village, old, *heirs, on=DAY, who="minh"):
    return pass_work_on(
        actor=village.actor(getattr(village, who)), agency_id=old.pk, heirs=heirs, on_day=on,
        basis="NĐ 45/2025/NĐ-CP", at=NOW,
    )  # fmt: skip


def rename(village, agency, name, on=DAY, who="minh"):
    return rename_agency(
        actor=village.actor(getattr(village, who)), agency_id=agency.pk, name=name, on_day=on,
        basis="QĐ 1", at=NOW,
    )  # fmt: skip


def test_a_list_of_a_past_day_has_the_name_of_that_day(village, police):
    rename(village, police, "Công an thành phố Thử Nghiệm")
    rename(village, police, "Công an Thử Nghiệm", on=DAY + timedelta(days=9))

    days = (START, DAY - timedelta(1), DAY, DAY + timedelta(days=9))
    assert [names_on([(police.pk, day)])[police.pk, day] for day in days] == [
        "Công an tỉnh Thử Nghiệm", "Công an tỉnh Thử Nghiệm", "Công an thành phố Thử Nghiệm",
        "Công an Thử Nghiệm",
    ]  # fmt: skip
    assert body_named(village.province, "công an tỉnh thử nghiệm", DAY) == police


def test_the_same_name_again_changes_nothing(village, police):
    rename(village, police, police.name)

    assert police.former_names.count() == 0


@pytest.mark.parametrize(
    ("name", "on"),
    [("", DAY), ("x" * 201, DAY), ("Sở Y tế", DAY), ("Công an khác", START)],
)
def test_a_name_that_cannot_be_is_refused(village, police, name, on):
    body(village, "Sở Y tế", "y-te")

    with pytest.raises(BadAgency):
        rename(village, police, name, on)

    police.refresh_from_db()
    assert police.name == "Công an tỉnh Thử Nghiệm"


def test_who_took_all_over_answers_and_its_clerks_see_it(village, labour, police):
    clerk = User.objects.create(username="pc", name="PC04")
    Holding.objects.create(
        user=clerk, role=Role.AGENCY_CLERK, area=village.province, agency=police, valid_from=START
    )
    before = set(actor_of(clerk, DAY).agency_ids)

    end(village, labour, Share(police.pk))

    assert before == {police.pk}
    assert actor_of(clerk, DAY - timedelta(1)).agency_ids == {police.pk}
    assert actor_of(clerk, DAY).agency_ids == {police.pk, labour.pk}
    assert answering_for([labour.pk], DAY) == {labour.pk: police.pk}
    assert answering_for([labour.pk], TODAY) == {labour.pk: labour.pk}


def test_succession_is_followed_over_several_steps(village, labour, police):
    third = body(village, "Sở Mới", "moi")
    end(village, labour, Share(police.pk))
    end(village, police, Share(third.pk), on=DAY + timedelta(days=1))

    assert answering_for([labour.pk], DAY + timedelta(days=1)) == {labour.pk: third.pk}
    assert answered_by([third.pk], DAY + timedelta(days=1)) == {third.pk, police.pk, labour.pk}


def test_work_shared_out_waits_for_a_person_and_the_words_help(village, labour, police):
    home = body(village, "Sở Nội vụ", "noi-vu")
    end(village, labour, Share(police.pk, "cai nghiện, quản lý sau cai"),
        Share(home.pk, "việc làm, người có công"))  # fmt: skip

    assert answering_for([labour.pk], DAY) == {labour.pk: labour.pk}
    assert answered_by([police.pk], DAY) == {police.pk}
    assert heirs_for(labour, "Tổ chức quản lý sau cai cho người nghiện", DAY) == [police]
    assert heirs_for(labour, "Tạo việc làm cho thanh niên", DAY) == [home]
    assert heirs_for(labour, "Họp giao ban", DAY) == [police, home]
    assert heirs_for(labour, "Họp giao ban", TODAY) == []


def test_a_role_in_a_body_that_ended_gives_nothing(village, labour, police):
    clerk = User.objects.create(username="ld", name="Sở cũ")
    Holding.objects.create(
        user=clerk, role=Role.AGENCY_CLERK, area=village.province, agency=labour, valid_from=START
    )

    end(village, labour, Share(police.pk))

    assert len(actor_of(clerk, DAY - timedelta(1)).grants) == 1
    assert actor_of(clerk, DAY).grants == ()


def test_passing_on_is_told_recorded_and_done_once(village, labour, police):
    told = []

    def hear(old, heirs, on, **_):
        told.append((old.name, [heir.pk for heir in heirs], on))

    work_passed_on.connect(hear)
    try:
        end(village, labour, Share(police.pk))
        end(village, labour, Share(police.pk))
    finally:
        work_passed_on.disconnect(hear)

    assert told == [("Sở Lao động - Thương binh và Xã hội", [police.pk], DAY)]
    assert Entry.objects.filter(action="agencies.work.passed_on").count() == 1
    assert Inheritance.objects.count() == 1


def test_an_heir_that_cannot_be_is_refused_and_nothing_changes(village, labour, police):
    strange = body(village, "Công an xã", "cong-an", Kind.POLICE, area=village.lower)
    home = body(village, "Sở Nội vụ", "noi-vu")
    for heirs in (
        (),
        (Share(labour.pk),),
        (Share(strange.pk),),
        (Share(999_999),),
        (Share(police.pk), Share(home.pk)),
        (Share(police.pk, "a"), Share(police.pk, "b")),
    ):
        with pytest.raises(BadAgency):
            end(village, labour, *heirs)
    with pytest.raises(BadAgency):
        end(village, labour, Share(police.pk), on=START)

    labour.refresh_from_db()
    assert (labour.valid_to, Inheritance.objects.count()) == (None, 0)


@pytest.mark.parametrize("who", ["lan", "thu"])
def test_who_may_not_keep_bodies_is_refused(village, labour, police, who):
    for act in (
        lambda: end(village, labour, Share(police.pk), who=who),
        lambda: rename(village, police, "Khác", who=who),
    ):
        with pytest.raises((Missing, NotAllowed)):
            act()

    assert Inheritance.objects.count() == 0


def test_the_table_of_2025_links_the_bodies_of_a_province(village, labour, police):
    plan = body(village, "Sở Kế hoạch và Đầu tư", "khdt")
    finance = body(village, "Sở Tài chính", "tai-chinh")
    kept = body(village, "Sở Tư pháp", "tu-phap")

    ended = apply_table(actor=village.actor(village.minh), area=village.province, at=NOW)
    again = apply_table(actor=village.actor(village.minh), area=village.province, at=NOW)

    assert ([one.pk for one in ended], again) == ([labour.pk, plan.pk], [])
    plan.refresh_from_db()
    assert (plan.successor, plan.valid_to) == (finance, date(2025, 3, 1))
    assert [
        (line.new.name, line.sure) for line in labour.passed_to.order_by("pk")
    ] == [
        ("Công an tỉnh Thử Nghiệm", False), ("Sở Nội vụ", False), ("Sở Y tế", False),
        ("Sở Giáo dục và Đào tạo", False),
    ]  # fmt: skip
    kept.refresh_from_db()
    assert kept.valid_to is None


def test_every_line_of_the_table_has_its_act_day_and_level():
    assert len(passages()) == 11
    for one in passages():
        assert (bool(one.basis), one.on.year, bool(one.heirs)) == (True, 2025, True)
        assert one.sole is not None or all(heir.field for heir in one.heirs)


def test_every_kind_has_a_name():
    assert set(KIND_NAMES) == set(Kind)
