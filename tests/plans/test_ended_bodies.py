"""A plan that names bodies of before 2025: who gets their work, and what the page says before."""

from datetime import date

import pytest

from diaban.agencies.models import Agency
from diaban.plans.models import Share
from tests.plans.conftest import confirm_all, hand_in, publish
from tests.plans.texts import SHORT, short_plan
from tests.village import TODAY

pytestmark = pytest.mark.django_db
LABOUR = "Sở Lao động - Thương binh và Xã hội"
OLD_BODIES = f"""4. {LABOUR}
- Tổ chức cai nghiện tại cơ sở của tỉnh (hoàn thành trước ngày 10/12/2026).
- Cập nhật cơ sở dữ liệu dùng chung (hoàn thành trước ngày 11/12/2026).
5. Ban Dân tộc
- Tuyên truyền bằng tiếng dân tộc tại các bản (hoàn thành trước ngày 12/12/2026).
6. Ủy ban nhân dân các xã"""


@pytest.fixture
def old_plan(village):
    body = SHORT.replace("4. Ủy ban nhân dân các xã", OLD_BODIES)
    return hand_in(village, short_plan(body, number="21"))


def owed_by(plan, words):
    return [
        one.agency.name for one in Share.objects.filter(duty__plan=plan, duty__what__contains=words)
    ]


def test_a_body_that_ended_by_law_is_no_new_body_and_its_work_goes_by_field(village, old_plan):
    done = publish(village, old_plan)

    labour = Agency.objects.get(name=LABOUR)
    assert (labour.valid_to, labour.kind) == (date(2025, 3, 1), "department")
    assert LABOUR not in done.new_agencies
    assert done.ended_agencies == (LABOUR,)
    assert owed_by(old_plan, "cai nghiện tại cơ sở") == ["Công an tỉnh"]
    assert owed_by(old_plan, "cơ sở dữ liệu dùng chung") == [LABOUR]
    assert owed_by(old_plan, "tiếng dân tộc") == ["Sở Dân tộc và Tôn giáo"]
    assert (done.handed_over, done.to_choose) == (1, 2)  # the report of all bodies waits too
    assert not Agency.objects.filter(name="Ban Dân tộc").exists()
    assert {line.new.name for line in labour.passed_to.all()} == {
        "Công an tỉnh", "Sở Nội vụ", "Sở Y tế", "Sở Giáo dục và Đào tạo",
    }  # fmt: skip


def test_a_second_plan_finds_the_ended_body_and_deals_its_work_out_too(village, old_plan):
    publish(village, old_plan)
    body = SHORT.replace("4. Ủy ban nhân dân các xã", OLD_BODIES)
    second = hand_in(village, short_plan(body, number="22"), name="hai.txt")

    done = publish(village, second)

    assert done.ended_agencies == ()
    assert (done.handed_over, done.to_choose) == (1, 2)  # the report of all bodies waits too
    assert Agency.objects.filter(name=LABOUR).count() == 1
    assert Agency.objects.get(name=LABOUR).valid_to < TODAY


def test_the_page_lists_bodies_made_and_handed_over_before_the_button(village, old_plan, client):
    confirm_all(village, old_plan)
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(f"/plans/{old_plan.pk}/publish/")
    before, _button, _rest = page.content.decode().partition("Công bố và giao việc")

    assert [one["name"] for one in page.context["passing"]] == ["Ban Dân tộc", LABOUR]
    assert "Sở Y tế" in {one["name"] for one in page.context["new_bodies"]}
    assert LABOUR in before
    assert "kết thúc từ 01/3/2025" in before or "kết thúc từ 01/03/2025" in before
    assert Agency.objects.filter(name=LABOUR).count() == 0
