"""A plan that is late, over, or older than the one it follows is published only knowingly."""

from datetime import date

import pytest
from django.urls import reverse

from diaban.audit.models import Entry
from diaban.plans.doubts import DoubtsOpen
from diaban.plans.models import Plan, PlanItem
from diaban.plans.publishing import publish_plan
from diaban.plans.rules.doubts import Doubt
from diaban.plans.rules.states import Succession
from tests.plans.conftest import confirm_all, hand_in, publish
from tests.plans.texts import SHORT, short_plan
from tests.village import NOW

pytestmark = pytest.mark.django_db

AHEAD = """II. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Ban hành hướng dẫn trình tự xét công nhận (hoàn thành trước ngày 15/12/2026).
"""


def asked(village, plan, **how):
    return {"actor": village.actor(village.minh), "plan_id": plan.pk, "at": NOW, **how}


def earlier_text(day="10", year="2025"):
    """Return the plan ahead, signed a year before the short plan."""
    return (
        short_plan(AHEAD, number="9")
        .decode()
        .replace("ngày 10 tháng 01 năm 2026", f"ngày {day} tháng 01 năm {year}")
        .encode()
    )


def test_days_that_are_over_are_said_and_nothing_is_published_unknowingly(village, plan):
    confirm_all(village, plan)

    with pytest.raises(DoubtsOpen) as refused:
        publish_plan(**asked(village, plan))

    assert refused.value.facts["doubts"] == [Doubt.PAST]
    plan.refresh_from_db()
    assert (plan.state, plan.duties.count()) == ("read", 0)


def test_knowing_it_a_person_goes_on_and_the_log_keeps_that_they_knew(village, plan):
    confirm_all(village, plan)

    publish_plan(**asked(village, plan, known=["past"]))

    plan.refresh_from_db()
    assert plan.state == "published"
    entry = Entry.objects.get(action="plans.plan.published")
    assert entry.detail["known"] == ["past"]


def test_a_plan_with_its_days_ahead_needs_no_tick(village):
    plan = hand_in(village, short_plan(AHEAD))
    confirm_all(village, plan)

    publish_plan(**asked(village, plan))

    assert Plan.objects.get(pk=plan.pk).state == "published"


def test_knowing_one_thing_is_not_knowing_another(village, plan):
    confirm_all(village, plan)
    item = PlanItem.objects.filter(plan=plan, kind="duty").first()
    PlanItem.objects.filter(pk=item.pk).update(value=item.value | {"bodies": [], "support": []})

    with pytest.raises(DoubtsOpen) as refused:
        publish_plan(**asked(village, plan, known=["past", "older"]))

    assert refused.value.facts["doubts"] == [Doubt.NOBODY]


def test_an_older_plan_takes_the_place_of_a_newer_one_only_knowingly(village):
    newer = publish(village, hand_in(village, short_plan())).plan
    older = hand_in(village, earlier_text(), name="cu.txt")
    confirm_all(village, older)
    how = {"follows_id": newer.pk, "succession": Succession.AMENDS}

    with pytest.raises(DoubtsOpen) as refused:
        publish_plan(**asked(village, older, **how))
    assert refused.value.facts["doubts"] == [Doubt.OLDER]

    publish_plan(**asked(village, older, **how, known=["older"]))
    assert Plan.objects.get(pk=older.pk).follows == newer


def test_a_newer_plan_amends_an_older_one_without_a_word(village):
    older = publish(village, hand_in(village, earlier_text())).plan
    newer = hand_in(village, short_plan(AHEAD, number="20"), name="moi.txt")
    confirm_all(village, newer)

    publish_plan(**asked(village, newer, follows_id=older.pk, succession=Succession.AMENDS))

    assert Plan.objects.get(pk=newer.pk).follows == older


def test_a_plan_whose_time_is_over_says_so(village):
    text = (
        short_plan(AHEAD).decode().replace("tỉnh Thử Nghiệm năm 2026", "tỉnh Thử Nghiệm năm 2025")
    )
    plan = hand_in(village, text.replace("15/12/2026", "15/12/2025").encode())
    confirm_all(village, plan)

    with pytest.raises(DoubtsOpen) as refused:
        publish_plan(**asked(village, plan))

    assert refused.value.facts["doubts"] == [Doubt.OVER, Doubt.PAST]


def test_the_page_shows_each_doubt_with_its_tick_and_keeps_what_was_chosen(village, client):
    newer = publish(village, hand_in(village, short_plan())).plan
    older = hand_in(village, earlier_text(), name="cu.txt")
    confirm_all(village, older)
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("web:publish-plan", args=[older.pk])
    assert 'name="known"' not in client.get(url).content.decode()

    chosen = {"follows": newer.pk, "succession": "replaces"}
    refused = client.post(url, chosen)

    page = refused.content.decode()
    assert refused.status_code == 422
    assert 'name="known" value="older"' in page
    assert "ký 10/01/2025, trước kế hoạch 15/KH-UBND ký 10/01/2026" in page
    assert f'<option value="{newer.pk}" selected>' in page
    assert 'value="replaces" checked' in page
    done = client.post(url, chosen | {"known": "older"})
    assert done.status_code == 302
    assert Plan.objects.get(pk=newer.pk).state == "replaced"


def test_what_is_over_is_said_before_anything_is_pressed(village, plan, client):
    confirm_all(village, plan)
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("web:publish-plan", args=[plan.pk])).content.decode()

    earliest = date(2026, 2, 4)
    assert f"sớm nhất {earliest:%d/%m/%Y}" in page
    assert "05/02/2026" in SHORT
