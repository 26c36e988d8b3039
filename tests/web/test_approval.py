"""Approving many returns at once: what would be approved is seen before it is."""

import pytest

from diaban.indicators.models import Return
from tests.indicators.test_services import save, typed_for
from tests.village import NOW

pytestmark = pytest.mark.django_db
URL = "/completeness/98/2026-11/approve/"


@pytest.fixture
def minh(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    for code, user in (("98001", village.lan), ("98002", village.thu)):
        save(village, user, code, typed_for(village, code), submit=True)
    client.force_login(village.minh)
    return client


def states():
    return list(Return.objects.order_by("area__code").values_list("state", flat=True))


def test_the_list_names_every_return_and_approves_none(minh):
    page = minh.get(URL).content.decode()

    assert [f'value="{seen}" checked' in page for seen in ("98001:1", "98002:1")] == [True, True]
    assert ("Công an xã Hạ" in page, "Công an xã Thượng" in page) == (True, True)
    assert states() == ["submitted", "submitted"]


def test_the_way_to_the_list_is_a_link_and_no_act(minh):
    page = minh.get("/completeness/98/2026-11/").content.decode()

    assert f'href="{URL}"' in page
    assert f'action="{URL}"' not in page


def test_those_that_were_left_ticked_are_approved(minh):
    response = minh.post(URL, {"seen": ["98002:1"]}, follow=True)

    assert "Đã duyệt 1 biểu." in response.content.decode()
    assert states() == ["submitted", "approved"]


def test_pressed_twice_it_approves_once_and_says_so(minh):
    minh.post(URL, {"seen": ["98001:1"]})

    again = minh.post(URL, {"seen": ["98001:1"]}, follow=True)

    assert "1 biểu vừa đổi hoặc đã duyệt nên để nguyên." in again.content.decode()
    assert Return.objects.get(area__code="98001").revision == 2


@pytest.mark.parametrize("seen", ["98001:7", "98001:", ":1", "98001", "98001:²"])
def test_what_changed_since_or_names_nothing_is_left_as_it_is(minh, seen):
    minh.post(URL, {"seen": [seen]})

    assert states() == ["submitted", "submitted"]


def test_nothing_ticked_is_said(minh):
    response = minh.post(URL, follow=True)

    assert "Chưa chọn biểu nào" in response.content.decode()
    assert response.redirect_chain == [(URL, 302)]


def test_the_month_that_goes_up_leads_to_what_still_waits(minh):
    page = minh.get("/consolidations/98/2026-11/").content.decode()

    assert f'href="{URL}"' in page


def test_the_clerk_neither_sees_the_list_nor_approves(minh, village):
    minh.force_login(village.lan)
    url = "/completeness/98001/2026-11/approve/"

    assert minh.get(url).status_code == 403
    assert minh.post(url, {"seen": ["98001:1"]}).status_code == 403
    assert states() == ["submitted", "submitted"]


def test_the_list_asks_the_database_the_same_for_one_and_for_two(minh, django_assert_num_queries):
    with django_assert_num_queries(5):
        assert "2 biểu đã gửi" in minh.get(URL).content.decode()
    Return.objects.filter(area__code="98002").update(state="approved")

    with django_assert_num_queries(5):
        assert "1 biểu đã gửi" in minh.get(URL).content.decode()


def test_with_nothing_to_approve_it_says_so(minh):
    Return.objects.update(state="approved")

    assert "Không có biểu chờ duyệt" in minh.get(URL).content.decode()
