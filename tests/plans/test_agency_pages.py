"""The pages of bodies: other names, a new name, and who takes the work over."""

from datetime import timedelta

import pytest
from django.urls import reverse

from diaban.agencies.models import Agency, AgencyAlias
from diaban.core.access import NotAllowed
from diaban.plans.aliases import BadAlias, add_alias
from diaban.plans.handovers import choose_heirs
from diaban.plans.models import Share
from diaban.plans.reorganisation import follow_successors
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import SHORT, short_plan
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def health(village, published):
    """The province's health department, which the short plan gives two dates."""
    body = Agency.objects.get(name="Sở Y tế", area=village.province)
    Agency.objects.filter(pk=body.pk).update(valid_from=START)
    body.refresh_from_db()
    return body


@pytest.fixture
def minh(village, client):
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(village, name):
    return Agency.objects.create(
        code=name[:30], name=name, kind="department", area=village.province, valid_from=START
    )


def test_a_plan_finds_a_body_by_a_name_that_was_added(village, health):
    add_alias(actor=village.actor(village.minh), agency_id=health.pk, alias="Ngành Y tế", at=NOW)
    text = SHORT.replace("2. Sở Y tế", "2. Ngành Y tế")

    later = publish(village, hand_in(village, short_plan(text, number="77"))).plan

    assert later.duties.filter(bodies__agency=health).exists()
    assert not Agency.objects.filter(name="Ngành Y tế").exists()


def test_a_name_that_means_another_body_is_refused(village, health):
    with pytest.raises(BadAlias):
        add_alias(
            actor=village.actor(village.minh), agency_id=health.pk, alias="Công an tỉnh", at=NOW
        )
    with pytest.raises(NotAllowed):
        add_alias(
            actor=village.actor(village.lan), agency_id=village_police(village).pk, alias="x y",
            at=NOW,
        )  # fmt: skip

    assert AgencyAlias.objects.count() == 0


def village_police(village):
    return Agency.objects.create(
        code="cong-an", name="Công an xã Hạ", kind="police", area=village.lower, valid_from=START
    )


def test_work_that_was_shared_out_waits_until_a_person_deals_it_out(village, health, minh):
    first, second = body(village, "Chi cục Dân số"), body(village, "Sở Nội vụ mới")
    url = reverse("web:agency", args=[health.pk])
    waiting = Share.objects.filter(agency=health).order_by("due_on")
    keys = list(waiting.values_list("pk", flat=True))

    answer = minh.post(
        url,
        {
            "act": "pass", "on": f"{START + timedelta(days=30):%d/%m/%Y}", "basis": "QĐ 1",
            "heir1": first.pk, "field1": "trạm y tế", "heir2": second.pk, "field2": "việc làm",
        },
    )  # fmt: skip
    page = minh.get(url).content.decode()
    stood = Share.objects.filter(agency=health).count()
    minh.post(url, {"act": "choose", **{f"heir-{key}": first.pk for key in keys}})
    again = follow_successors(TODAY)

    assert answer.status_code == 302
    assert "chờ chọn cơ quan nhận" in page
    assert stood == len(keys) == 3
    assert set(Share.objects.filter(pk__in=keys).values_list("agency__name", flat=True)) == {
        "Chi cục Dân số"
    }
    assert again == 0


def test_an_heir_that_is_none_is_left_out(village, health):
    stranger = body(village, "Sở Tài chính")
    share = Share.objects.filter(agency=health).first()

    moved = choose_heirs(
        actor=village.actor(village.minh), agency_id=health.pk,
        choices={share.pk: stranger.pk}, at=NOW,
    )  # fmt: skip

    share.refresh_from_db()
    assert (moved, share.agency_id) == (0, health.pk)


def test_what_cannot_be_is_said_on_the_page(village, health, minh):
    url = reverse("web:agency", args=[health.pk])

    no_day = minh.post(url, {"act": "rename", "name": "Sở Y tế mới", "on": "31/02/2026"})
    no_heir = minh.post(url, {"act": "pass", "on": "1/12/2026", "basis": "QĐ"})

    assert (no_day.status_code, no_heir.status_code) == (422, 422)
    assert "Ngày không đọc được" in no_day.content.decode()
    health.refresh_from_db()
    assert (health.name, health.valid_to) == ("Sở Y tế", None)


def test_thu_does_not_find_the_bodies_next_door(village, published, client):
    police = village_police(village)
    client.force_login(village.thu, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("web:agencies", args=["98001"])).status_code == 404
    assert client.get(reverse("web:agency", args=[police.pk])).status_code == 404
    answer = client.post(
        reverse("web:agency", args=[police.pk]), {"act": "alias", "alias": "Tên lạ"}
    )
    assert answer.status_code == 404
    assert AgencyAlias.objects.count() == 0


@pytest.mark.parametrize(("page", "most"), [("list", 8), ("one", 12)])
def test_the_pages_cost_no_more_than_this(
    village, health, minh, page, most, django_assert_max_num_queries
):
    url = (
        reverse("web:agencies", args=["98"]) if page == "list"
        else reverse("web:agency", args=[health.pk])
    )  # fmt: skip

    with django_assert_max_num_queries(most):
        assert minh.get(url).status_code == 200
