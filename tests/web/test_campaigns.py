"""Campaigns from opening to the total, as their people meet them."""

import re
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from diaban.indicators.checks import CHECKS
from diaban.indicators.models import Campaign, Return
from tests.village import NOW
from tests.web.province import widen

pytestmark = pytest.mark.django_db
LABEL = "2026-thang-hanh-dong"
OPEN = {
    "name": "Tháng hành động phòng, chống ma túy 2026",
    "start": "01/06/2026",
    "end": "30/6/2026",
    "form": "thang-hanh-dong",
    "basis": "Kế hoạch 12/KH-UBND ngày 02/3/2026",
    "client_key": "k1",
}
ENTRY = f"/returns/98001/{LABEL}/"


@pytest.fixture
def now(time_machine):
    time_machine.move_to(NOW, tick=False)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def minh(village, now):
    """The province's standing office, with one campaign open."""
    client = signed_in(village.minh)
    client.post("/campaigns/open/", OPEN)
    return client


@pytest.fixture
def lan(village, minh):
    return signed_in(village.lan)


def typed(people=(100, 60, 40), **more):
    whole, men, women = people
    cells = {"steering_documents": "2", "hamlets_informed": "3", **more}
    for hamlet in ("98001.001", "98001.002", "98001.003"):
        cells |= {
            f"communication_sessions.{hamlet}": "2",
            f"people_informed.{hamlet}": str(whole),
            f"people_informed__nam.{hamlet}": str(men),
            f"people_informed__nu.{hamlet}": str(women),
        }
    return cells


def send(client, cells, revision=0, key="c1", act="submit"):
    return client.post(ENTRY, {**cells, "revision": str(revision), "client_key": key, "act": act})


def test_a_double_click_opens_one_campaign(minh):
    again = minh.post("/campaigns/open/", OPEN, follow=True).content.decode()

    one = Campaign.objects.get()
    assert (one.label, one.area.code, str(one.end)) == (LABEL, "98", "2026-06-30")
    assert "Tháng hành động phòng, chống ma túy 2026" in again
    assert "05/07/2026" in again


def test_what_is_wrong_is_said_beside_the_field(minh):
    answer = minh.post("/campaigns/open/", {**OPEN, "client_key": "k2", "end": "31/5/2026"})

    assert answer.status_code == 422
    assert "Ngày kết thúc đứng trước ngày bắt đầu." in answer.content.decode()
    assert Campaign.objects.count() == 1


def test_a_commune_and_a_stranger_open_nothing(lan):
    assert lan.get("/campaigns/open/").status_code == 404
    assert lan.post("/campaigns/open/", {**OPEN, "client_key": "k3"}).status_code == 404
    assert lan.post(f"/campaigns/{LABEL}/close/", {"act": "close"}).status_code == 403
    assert Client().get("/campaigns/").status_code == 302
    assert not Campaign.objects.get().closed_at


def test_the_commune_finds_its_form_in_the_list_and_nothing_stands_beside_the_cells(lan):
    listed = lan.get("/campaigns/").content.decode()
    page = lan.get(ENTRY).content.decode()

    assert f'href="{ENTRY}"' in listed
    assert "Trong đó: nữ" in page
    assert "đợt này không có kỳ trước để so" in page
    assert 'class="prev"' not in page
    assert "Hạn gửi 05/07/2026" in page
    assert 'href="/returns/98001/2026-12/"' in page


def test_another_commune_and_another_province_are_refused(lan, village, minh):
    assert signed_in(village.thu).get(ENTRY).status_code == 404
    assert lan.get("/returns/98001/2026-khong-co/").status_code == 404
    # A campaign of one commune is no concern of the other.
    Campaign.objects.update(area=village.upper)
    assert lan.get(ENTRY).status_code == 404
    assert lan.post(ENTRY, {"act": "save"}).status_code == 404
    assert LABEL not in lan.get("/campaigns/").content.decode()
    assert not Return.objects.exists()


def test_parts_that_do_not_add_up_hold_the_sending_up(lan):
    answer = send(lan, typed((100, 60, 41)))

    assert answer.status_code == 422
    assert "khác tổng chia theo giới tính (101)" in answer.content.decode()
    assert Return.objects.get().state == "draft"


def test_a_return_is_sent_approved_and_locked_and_its_totals_hold(lan, minh):
    sent = send(lan, typed())
    again = send(lan, typed())
    receipt = f"SL-{LABEL}-98001-1"

    assert sent.url == again.url == f"{ENTRY}?receipt={receipt}"
    assert receipt in lan.get(sent.url).content.decode()
    minh.post(f"{ENTRY}review/", {"act": "approve"})
    minh.post(f"{ENTRY}review/", {"act": "lock"})
    assert Return.objects.get().state == "locked"
    totals = minh.get(f"/views/98/{LABEL}/").content.decode()
    assert re.search(r"Số người được tuyên truyền, nữ</th>.*?>120<", totals, re.S)
    assert "1/2 đơn vị cấp xã đã báo cáo." in totals
    assert "1/2 xã, phường đã gửi" in minh.get(f"/completeness/98/{LABEL}/").content.decode()
    assert "Ba cách cộng cho cùng một kết quả" in minh.get(f"/proof/98/{LABEL}/").content.decode()
    assert minh.get(f"{ENTRY}revisions/").status_code == 200
    assert [list(check.broken()) for check in CHECKS] == [[] for _ in CHECKS]


def test_small_parts_do_not_leave_the_commune(lan, minh):
    cells = typed((20, 19, 1))

    send(lan, cells)

    above = minh.get(f"/views/98/{LABEL}/").content.decode()
    inside = lan.get(f"/views/98001/{LABEL}/").content.decode()
    proof = minh.get(f"/proof/98/{LABEL}/?of=people_informed__nam").content.decode()
    assert re.search(r"tuyên truyền, nam</th>.*?>giữ kín<", above, re.S)
    assert re.search(r"tuyên truyền, nam</th>.*?>57<", inside, re.S)
    assert ">57<" not in above + proof
    assert "57" not in minh.get(f"/views/98/{LABEL}/totals.csv").content.decode("utf-8-sig")


def test_a_closed_campaign_takes_nothing_and_opens_again(lan, minh):
    send(lan, typed(), act="save")
    for _ in range(2):
        minh.post(f"/campaigns/{LABEL}/close/", {"act": "close"})
    refused = send(lan, typed((50, 25, 25)), revision=1, key="c2")
    page = lan.get(ENTRY).content.decode()

    assert refused.status_code == 409
    assert "đã khép nên không nhận số liệu nữa" in page
    assert 'name="act" value="submit"' not in page
    assert Return.objects.get().revision == 1
    minh.post(f"/campaigns/{LABEL}/close/", {"act": "reopen"})
    assert send(lan, typed((50, 25, 25)), revision=1, key="c3").status_code == 302


def test_the_commune_finds_what_it_owes_among_its_work_until_it_is_sent_or_closed(lan, minh):
    owed = lan.get("/work/").content.decode()
    send(lan, typed())
    sent = lan.get("/work/").content.decode()
    Return.objects.update(state="returned")
    back = lan.get("/work/").content.decode()
    minh.post(f"/campaigns/{LABEL}/close/", {"act": "close"})
    closed = lan.get("/work/").content.decode()

    assert "Biểu số liệu “Tháng hành động phòng, chống ma túy 2026”: chưa lập" in owed
    assert "bị trả lại, cần sửa" in back
    assert [ENTRY in page for page in (owed, sent, back, closed)] == [True, False, True, False]


def test_a_campaign_that_is_not_over_is_not_sent(lan):
    Campaign.objects.update(end="2026-12-01")

    answer = send(lan, typed())

    assert answer.status_code == 409
    assert "mới xong" in answer.content.decode()


def test_the_workbook_goes_out_and_comes_back(lan):
    book = load_workbook(BytesIO(lan.get(f"{ENTRY}workbook/").content))
    sheet = book["hamlets"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for column, value in (("people_informed", 30), ("people_informed__nam", 10)):
        sheet.cell(3, columns[column]).value = value
    sheet.cell(3, columns["people_informed__nu"]).value = 21
    wrong = lan.post(f"{ENTRY}import/", {"workbook": _file(book)})
    sheet.cell(3, columns["people_informed__nu"]).value = 20
    right = lan.post(f"{ENTRY}import/", {"workbook": _file(book)})

    assert wrong.status_code == 422
    assert "khác tổng chia theo giới tính" in wrong.content.decode()
    assert right.url == f"{ENTRY}?imported=3"
    assert Return.objects.get().document["hamlets"]["98001.001"]["people_informed__nu"] == 20


def _file(book):
    made = BytesIO()
    book.save(made)
    made.seek(0)
    made.name = "bieu.xlsx"
    return made


@pytest.mark.parametrize(
    ("who", "url", "statements"),
    [
        ("minh", "/campaigns/", 7),
        ("lan", "/campaigns/", 7),
        ("minh", "/campaigns/open/", 5),
        ("lan", ENTRY, 9),
        ("minh", f"/completeness/98/{LABEL}/", 11),
        ("minh", f"/views/98/{LABEL}/", 10),
    ],
)
def test_each_page_asks_a_fixed_number_of_statements(
    request, lan, minh, village, django_assert_num_queries, who, url, statements
):
    send(lan, typed())
    client = request.getfixturevalue(who)
    widen(village, 3)
    with django_assert_num_queries(statements):
        assert client.get(url).status_code == 200
