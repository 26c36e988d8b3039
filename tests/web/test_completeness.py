"""The matrix of who has reported, its workbook, and reminding on the page."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from diaban.indicators.models import ReturnReminder
from tests.indicators.test_services import save, typed_for
from tests.village import NOW
from tests.web.province import widen

pytestmark = pytest.mark.django_db
URL = "/completeness/98/2026-11/"


@pytest.fixture
def minh(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    client.force_login(village.minh)
    return client


def test_the_page_shows_who_owes_and_leads_to_the_preview(minh):
    page = minh.get(URL).content.decode()

    assert "1/2 xã, phường đã gửi" in page
    assert 'href="/completeness/98/2026-11/remind/"' in page
    assert "Nhắc 1 xã…" in page


def test_the_preview_says_what_the_commune_reads(minh):
    page = minh.get(f"{URL}remind/").content.decode()

    assert "Xã Hạ, biểu tháng 11/2026 (quá hạn 2 ngày; Công an tỉnh Thử Nghiệm nhắc" in page
    assert page.count('name="code"') == 1
    assert ReturnReminder.objects.count() == 0


def test_a_double_click_reminds_once_and_the_receipt_is_there(minh):
    for _ in range(2):
        page = minh.post(f"{URL}remind/", {"code": ["98001"]}, follow=True).content.decode()

    assert ReturnReminder.objects.count() == 1
    assert "1 xã đã được nhắc hôm nay nên không nhắc lại." in page
    assert "xã chưa có địa chỉ thư" in page
    assert "nhắc" in minh.get(URL).content.decode()


def test_the_commune_sees_in_its_own_list_that_it_was_reminded(minh, village, client):
    minh.post(f"{URL}remind/", {"code": ["98001"]})
    client.force_login(village.lan)

    assert "được nhắc ngày 18/11" in client.get("/work/").content.decode()


def test_the_commune_is_offered_no_reminding(minh, village, client):
    client.force_login(village.lan)

    assert "remind/" not in client.get("/completeness/98001/2026-11/").content.decode()
    assert client.get("/completeness/98001/2026-11/remind/").status_code == 403


def test_the_workbook_has_a_row_a_commune_and_a_column_a_month(minh):
    data = minh.get("/completeness/98/2026-11.xlsx").content

    rows = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["Mã", "Địa bàn", "Tháng 12/2025"]
    assert [[*row[:2], row[13]] for row in rows[1:]] == [
        ["98001", "Xã Hạ", "Chưa lập"],
        ["98002", "Xã Thượng", "Đã gửi, chờ duyệt"],
    ]
    assert [row[15] for row in rows[1:]] == [2, 2]


def test_nothing_to_remind_says_what_to_do_next(minh, village):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    assert "Không có ai để nhắc" in minh.get(f"{URL}remind/").content.decode()
    assert minh.post(f"{URL}remind/", {}).status_code == 409


@pytest.mark.parametrize(("page", "queries"), [("remind/", 9), ("reminders/", 7), ("", 9)])
@pytest.mark.parametrize("more", [0, 40], ids=["village", "province"])
def test_reminding_costs_the_same_however_many_owe(
    minh, village, django_assert_num_queries, page, queries, more
):
    widen(village, more)
    minh.post(f"{URL}remind/", {"code": ["98001", "98100", "98101"]})
    minh.get(URL)

    with django_assert_num_queries(queries):
        assert minh.get(f"{URL}{page}").status_code == 200
