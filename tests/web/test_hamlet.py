"""The page of a hamlet's head, and what the commune sees of it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from diaban.accounts.rules import Role
from diaban.indicators.models import HamletReport, Return
from tests.indicators.test_hamlet_reports import HAMLET, give_back, report, row
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db
URL = f"/hamlet-reports/{HAMLET}/{PERIOD}/"


@pytest.fixture
def hoa(village, time_machine):
    time_machine.move_to(NOW, tick=False)
    return make_user("hoa", "Trưởng thôn Hạ 2", Role.HAMLET_HEAD, village.hamlets["98001"][1])


@pytest.fixture
def head(client, hoa):
    client.force_login(hoa)
    return client


def form(revision="0", act="send", key="k", **cells):
    return {**row(**cells), "revision": revision, "client_key": key, "act": act}


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_head_finds_the_page_from_the_list_and_from_the_bar(head):
    page = head.get("/work/").content.decode()

    assert "Phiếu thôn tháng 11/2026: chưa lập" in page
    assert page.count(f'href="{URL}"') >= 1
    assert f'href="/hamlet-reports/{HAMLET}/"' in page
    assert head.get(f"/hamlet-reports/{HAMLET}/").url == URL


def test_one_question_a_card_with_last_months_number(village, head):
    save(village, village.lan, "98001", typed_for(village))
    Return.objects.update(period="2026-10")

    page = head.get(URL)

    assert page.content.decode().count('class="card-question"') == 10
    assert "Số hộ gia đình tháng 10/2026: 100" in words(page)
    assert "Gửi về xã (còn 10 số)" in words(page)


def test_sent_without_a_script_it_gives_a_receipt_and_is_seen_by_the_commune(village, head, client):
    sent = head.post(URL, form(), follow=True)

    assert f"Mã biên nhận PT-{PERIOD}-{HAMLET}-1" in words(sent)
    assert "<input id=" not in sent.content.decode()
    client.force_login(village.lan)
    page = client.get(reverse("web:return", args=["98001", PERIOD]))
    assert 'class="row-report is-sent"' in page.content.decode()
    assert 'title="Trưởng thôn Hạ 2"' in page.content.decode()
    assert client.get(URL).status_code == 200


def test_wrong_numbers_come_back_with_a_sentence_at_their_card(head):
    page = head.post(URL, form(households_committed="120"))

    assert page.status_code == 422
    assert "lớn hơn số hộ gia đình (100)" in words(page)
    assert f'href="#v-{HAMLET.replace(".", "-")}-households_committed"' in page.content.decode()
    assert HamletReport.objects.get().state == "draft"


def test_saving_keeps_and_the_autosave_answers_with_parts(head):
    head.post(URL, form(act="save", households="99"))

    page = head.post(f"{URL}autosave/", form("1", key="", households="98") | {"save_key": "s"})

    assert HamletReport.objects.get().cells["households"] == 98
    assert 'data-result="saved"' in page.content.decode()
    assert 'name="revision" id="entry-revision" value="2"' in page.content.decode()


def test_a_second_phone_does_not_overwrite_the_first(head):
    head.post(URL, form(act="save"))

    page = head.post(URL, form("0", act="save", key="other", households="7"))

    assert page.status_code == 409
    assert HamletReport.objects.get().cells["households"] == 100
    assert 'value="7"' in page.content.decode()


def test_the_commune_gives_back_to_the_cell_and_the_head_reads_why(village, hoa, client):
    report(village, hoa)
    client.force_login(village.lan)

    client.post(f"{URL}give-back/", {"reason": "", "remark.households": "Tháng trước 102 hộ."})

    client.force_login(hoa)
    assert "xã trả lại, cần sửa" in words(client.get("/work/"))
    assert "Xã ghi: Tháng trước 102 hộ." in words(client.get(URL))
    client.force_login(village.lan)
    assert "đã trả lại" in words(client.get(reverse("web:return", args=["98001", PERIOD])))


def test_a_closed_row_shows_what_the_commune_sent_for_a_head_who_sent_nothing(village, head):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    page = words(head.get(URL))

    assert "phiếu của thôn đã đóng" in page
    assert re.search(r"Số hộ gia đình .{0,60}?100 hộ", page)


def test_a_save_of_another_day_says_the_day(hoa, head, time_machine):
    head.post(URL, form(act="save"))

    today = words(head.get(URL))
    time_machine.move_to(NOW + timedelta(days=3), tick=False)
    head.force_login(hoa)
    later = words(head.get(URL))

    at = f"{timezone.localtime(NOW):%H:%M:%S}"
    assert f"Đã lưu lúc {at} ngày" not in today
    assert f"Đã lưu lúc {at} ngày {timezone.localtime(NOW):%d/%m/%Y}" in later


def test_a_closed_row_says_so(village, hoa, head):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    page = head.get(URL)

    assert "Xã Hạ đã gửi biểu tháng 11/2026 lên tỉnh" in words(page)
    assert head.post(URL, form()).status_code == 409
    # The quarter's row is still owed.
    assert "Phiếu thôn tháng 11/2026" not in words(head.get("/work/"))


@pytest.mark.parametrize(
    "url",
    [
        "/hamlet-reports/98001.001/2026-11/",
        "/hamlet-reports/98002.001/2026-11/",
        "/hamlet-reports/98001/2026-11/",
        "/returns/98001/2026-11/",
        "/completeness/98001/2026-11/",
    ],
)
def test_the_head_sees_nothing_of_others(village, head, url):
    save(village, village.lan, "98001", typed_for(village))

    assert head.get(url).status_code == 404


def test_the_province_does_not_see_a_hamlets_report(village, hoa, client):
    report(village, hoa)
    give_back(village, village.lan, "Sửa.")
    client.force_login(village.minh)

    assert client.get(URL).status_code == 404
    assert client.post(f"{URL}give-back/", {"reason": "x"}).status_code == 404


def test_the_page_costs_a_fixed_number_of_statements(village, hoa, head, django_assert_num_queries):
    report(village, hoa)
    head.get(URL)

    with django_assert_num_queries(8):
        head.get(URL)
