"""The pages of the village: what stands on them, what they cost, and who is turned away."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from diaban.accounts.rules import Role
from diaban.indicators.models import Return
from diaban.indicators.review import approve_return
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.plans.services import add_plan
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, make_user
from tests.web.province import PLAN, filled, widen

pytestmark = pytest.mark.django_db

# One literal number for each page, the same with few rows and with many.
PAGES = [
    ("lan", "web:work", [], 12),
    ("minh", "web:work", [], 10),
    ("lan", "web:overview-of", ["98001", "2026"], 12),
    ("minh", "web:overview-of", ["98", "2026"], 12),
    ("minh", "web:plans", [], 8),
    ("lan", "web:duties", [], 11),
    ("minh", "web:timeline", [], 5),
    ("lan", "web:return", ["98001", "2026-11"], 8),
    ("lan", "web:return", ["98001", "2026-12"], 12),
    ("minh", "web:completeness", ["98", "2026-11"], 9),
    ("minh", "web:reminders", ["98", "2026-11"], 5),
    ("minh", "web:matrix", ["98", "lao-cai-2023", "2026-11"], 8),
    ("minh", "web:matrix", ["98", "qd-28-2025-commune", "2026"], 8),
]


@pytest.mark.parametrize(("who", "page", "arguments", "queries"), PAGES)
@pytest.mark.parametrize("more", [0, 40], ids=["village", "province"])
def test_a_page_costs_the_same_however_much_there_is(
    village, signed_in, django_assert_num_queries, who, page, arguments, queries, more
):
    filled(village)
    widen(village, more)
    client = signed_in(getattr(village, who))
    url = reverse(page, args=arguments)
    client.get(url)

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_the_front_asks_a_stranger_to_sign_in(client, village):
    for url in ("/", "/work/", "/areas/98/2026/", "/returns/98001/2026-11/", "/plans/"):
        response = client.get(url, follow=True)

        assert response.redirect_chain[-1][0].startswith("/sign-in/?next="), url
        assert "Đăng nhập" in response.content.decode()


def test_the_sign_in_page_lists_no_accounts_outside_a_demo(client, village, settings):
    settings.DEMO = False

    page = client.get("/sign-in/").content.decode()

    assert "Tài khoản dùng thử" not in page
    assert "minh" not in page


def test_a_wrong_password_is_one_sentence_and_the_name_stays(client, village):
    response = client.post("/sign-in/", {"username": "lan", "password": "sai"})

    page = response.content.decode()
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in page
    assert 'value="lan"' in page


# Everything of Lan's commune that has an address, as Thu would try it.


def test_a_plan_of_the_province_is_read_below_and_a_communes_stays_there(village, signed_in):
    plan = filled(village)
    (own,) = add_plan(
        actor=village.actor(village.lan), area_code="98001", name="xa.txt",
        data=PLAN.replace("TỈNH THỬ NGHIỆM", "XÃ HẠ").encode(), at=NOW,
    )  # fmt: skip
    client = signed_in(village.thu)

    assert client.get(reverse("web:plan", args=[plan.pk])).status_code == 404
    type(plan).objects.update(published_at=NOW)
    assert client.get(reverse("web:plan", args=[plan.pk])).status_code == 200
    assert client.get(reverse("web:plan", args=[own.pk])).status_code == 404


def test_a_plan_shows_who_does_what_by_when(village, signed_in):
    plan = filled(village)

    page = signed_in(village.minh).get(reverse("web:plan", args=[plan.pk])).content.decode()

    assert "Rà soát các điểm phức tạp" in page
    assert "trước ngày 15/12/2026" in page
    assert "Sở Y tế" in page


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rong.txt", b"", "rong.txt"),
        ("anh.pdf", b"%PDF-1.4 khong co gi", "anh.pdf"),
        ("thu.txt", "Kính gửi: Ban biên tập\nTôi viết thư này để hỏi.".encode(), "thu.txt"),
        ("mat.txt", ("MẬT\n" + PLAN).encode(), "mat.txt"),
    ],
)
def test_a_document_that_is_no_plan_is_refused_in_one_sentence(
    village, signed_in, name, data, said
):
    from diaban.plans.models import Document as Stored

    upload = BytesIO(data)
    upload.name = name
    response = signed_in(village.minh).post(reverse("web:add-plan"), {"document": upload})

    assert response.status_code == 422
    assert said in response.content.decode()
    assert Stored.objects.count() == 0


def test_what_was_typed_wrong_comes_back_beside_its_cell(village, signed_in):
    typed = {**typed_for(village), "households.98001.001": "một trăm", "schools": "1,5",
             "revision": "0", "act": "submit", "client_key": "a"}  # fmt: skip
    client = signed_in(village.lan)

    response = client.post(reverse("web:return", args=["98001", "2026-11"]), typed)

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="một trăm"' in page
    assert 'value="1,5"' in page
    assert "“một trăm” không phải số" in page
    assert "“1,5” có phần lẻ" in page
    # And it is still there for whoever opens the page the next morning.
    again = client.get(reverse("web:return", args=["98001", "2026-11"])).content.decode()
    assert 'value="một trăm"' in again


def test_a_page_opened_before_another_save_keeps_every_keystroke(village, signed_in):
    save(village, village.lan, "98001", typed_for(village), key="first")
    typed = {**typed_for(village, hotspots_open="41"), "revision": "0", "act": "save",
             "client_key": "b"}  # fmt: skip

    response = signed_in(village.lan).post(reverse("web:return", args=["98001", "2026-11"]), typed)

    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="41"' in page
    assert "Những ô bạn gõ vẫn còn trên trang" in page
    assert Return.objects.get().document["values"]["hotspots_open"] == 0


def test_sending_gives_a_receipt_and_closes_the_form(village, signed_in):
    typed = {**typed_for(village), "revision": "0", "act": "submit", "client_key": "c"}

    response = signed_in(village.lan).post(
        reverse("web:return", args=["98001", "2026-11"]), typed, follow=True
    )

    page = response.content.decode()
    assert "SL-2026-11-98001-1" in page
    assert '<input class="cell-value"' not in page


def test_autosave_answers_with_the_next_revision(village, signed_in):
    client = signed_in(village.lan)
    url = reverse("web:autosave", args=["98001", "2026-11"])
    typed = {**typed_for(village), "revision": "0", "client_key": "same"}

    first = client.post(url, typed)
    second = client.post(url, {**typed, "revision": "1", "schools": "4"})

    assert (first.status_code, second.status_code) == (200, 200)
    assert 'name="revision" id="entry-revision" value="2"' in second.content.decode()
    assert Return.objects.get().document["values"]["schools"] == 4


def test_small_counts_of_people_stay_in_their_commune(village, signed_in):
    typed = typed_for(village, addicts_with_file="1")
    for hamlet in ("98001.001", "98001.002", "98001.003"):
        typed[f"addicts.{hamlet}"] = "1"
    save(village, village.lan, "98001", typed, submit=True)
    url = reverse("web:matrix", args=["98", "lao-cai-2023", "2026-11"])
    own = reverse("web:matrix", args=["98001", "lao-cai-2023", "2026-11"])
    opened = "?commune=98001&criterion=3a"

    above = signed_in(village.minh).get(url + opened).content.decode()
    inside = signed_in(village.lan).get(own + opened).content.decode()

    assert "1/3" in inside
    assert "1/3" not in above
    assert "33,33%" not in above
    assert above.count("1–4") >= 3


def test_the_panel_says_what_is_needed_in_percent(village, signed_in):
    typed = typed_for(village)
    typed["households_committed.98001.002"] = "84"
    save(village, village.lan, "98001", typed, submit=True)
    url = reverse("web:matrix", args=["98001", "lao-cai-2023", "2026-11"])

    page = signed_in(village.lan).get(f"{url}?commune=98001&criterion=5a").content.decode()

    assert "(cần 100%)" in page
    assert "94,66%" in page


def test_the_minutes_say_what_the_matrix_says(village, signed_in):
    typed = typed_for(village)
    typed["households_committed.98001.002"] = "84"
    save(village, village.lan, "98001", typed, submit=True)

    response = signed_in(village.lan).get(
        reverse("web:minutes", args=["lao-cai-2023", "98001", "2026-11"])
    )

    document = Document(BytesIO(response.getvalue()))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    rows = {row.cells[0].text: [c.text for c in row.cells] for row in document.tables[1].rows}
    assert rows["5a"][2] == "Số hộ ký cam kết: 284; Số hộ gia đình: 300"
    assert rows["5a"][3] == "Chưa đạt (còn 16)"
    assert rows["1"][3] == "Đạt"
    assert "Tiêu chí 5a: Còn 16 hộ chưa ký cam kết (284/300)." in said
    assert "mã biên nhận SL-2026-11-98001-1, Công an xã Hạ gửi" in said


def test_a_commune_sees_its_class_and_why_instead_of_a_map_of_one_tile(village, signed_in):
    typed = {**typed_for(village), "addicts.98001.001": "2", "addicts_present.98001.001": "2"}
    save(village, village.lan, "98001", typed, submit=True)
    leader = make_user("bao", "Lãnh đạo tỉnh", Role.LEADER, village.province)
    url = reverse("web:overview-of", args=["98001", "2026"])

    own = signed_in(village.lan).get(url).content.decode()
    above = signed_in(leader).get(url).content.decode()

    assert "Phân loại của xã" in own
    assert "tile-map" not in own
    assert "Còn 2 người nghiện có mặt" in own
    assert "Số người từ 1 đến 4 chỉ xã được xem." not in own
    assert "Còn 2 người" not in above
    assert "Số người từ 1 đến 4 chỉ xã được xem." in above


def test_who_sent_a_return_is_still_named_when_another_has_approved_it(village, signed_in):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    approve_return(
        actor=village.actor(village.minh), area_code="98001", period_label="2026-11",
        form=MONTHLY, at=NOW,
    )  # fmt: skip
    client = signed_in(village.lan)

    panel = client.get(
        reverse("web:matrix", args=["98001", "lao-cai-2023", "2026-11"]),
        {"commune": "98001", "criterion": "5a"},
        headers={"HX-Request": "true"},
    ).content.decode()
    minutes = client.get(reverse("web:minutes", args=["lao-cai-2023", "98001", "2026-11"]))

    said = "\n".join(one.text for one in Document(BytesIO(minutes.getvalue())).paragraphs)
    assert "bản 2, mã biên nhận SL-2026-11-98001-1, Công an xã Hạ gửi" in said
    assert "Công an xã Hạ, " in panel
    assert village.minh.name not in said + panel


def test_the_minutes_have_the_layout_of_the_decree(village, signed_in):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    response = signed_in(village.lan).get(
        reverse("web:minutes", args=["lao-cai-2023", "98001", "2026-11"])
    )

    document = Document(BytesIO(response.getvalue()))
    section = document.sections[0]
    assert [round(x.mm) for x in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 20]
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert section.different_first_page_header_footer
    head = "\n".join(cell.text for cell in document.tables[0].rows[0].cells)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in head
    assert "ỦY BAN NHÂN DÂN\nXÃ HẠ" in head


@pytest.mark.parametrize("url", ["/areas/98/2026-99/", "/returns/98001/nothing/", "/nowhere/",
                                 "/criteria/98/no-such-set/2026-11/", "/plans/99999/"])  # fmt: skip
def test_a_mistyped_address_is_a_page_and_not_a_trace(village, signed_in, url):
    response = signed_in(village.minh).get(url)

    assert response.status_code == 404
    assert "Traceback" not in response.content.decode()


def test_english_by_switch(village, signed_in):
    client = signed_in(village.minh)

    client.post(reverse("web:language"), {"language": "en", "next": "/work/"})

    assert "My work" in client.get("/work/").content.decode()


def test_a_browser_that_asks_for_english_still_gets_vietnamese(client, village):
    page = client.get("/sign-in/", headers={"Accept-Language": "en-GB,en"}).content.decode()

    assert "Đăng nhập" in page
    assert 'lang="vi"' in page


def test_a_second_tab_never_overwrites_what_the_first_one_saved(village, signed_in):
    client = signed_in(village.lan)
    url = reverse("web:return", args=["98001", "2026-11"])
    stale = {**typed_for(village, schools="9"), "revision": "0", "act": "save"}
    client.post(url, {**typed_for(village, hotspots_open="3"), "revision": "0", "act": "save",
                      "client_key": "first"})  # fmt: skip

    told = client.post(reverse("web:autosave", args=["98001", "2026-11"]), stale).content.decode()
    page = client.post(url, {**stale, "client_key": "second"}).content.decode()
    again = client.post(url, {**stale, "client_key": "third"})

    assert "đã lưu biểu này trong lúc bạn đang nhập" in told
    assert 'id="entry-revision" value="0"' in told
    assert 'id="entry-revision" value="0"' in page
    assert again.status_code == 409
    assert Return.objects.get().document["values"]["hotspots_open"] == 3


def test_a_total_says_how_many_communes_stand_behind_it(village, signed_in):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    client, url = signed_in(village.minh), reverse("web:overview-of", args=["98", "2026"])

    partly = client.get(url).content.decode()
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    whole = client.get(url).content.decode()

    assert "300 / 300 · 1/2 xã" in partly
    assert "500 / 500" in whole
    assert "500 / 500 ·" not in whole


def test_a_hidden_count_cannot_be_found_by_subtraction(village, signed_in):
    typed = typed_for(village, addicts_with_file="28")
    typed["addicts.98001.001"] = "29"
    save(village, village.lan, "98001", typed, submit=True)
    url = reverse("web:matrix", args=["98", "lao-cai-2023", "2026-11"])
    client = signed_in(village.minh)

    panel = client.get(f"{url}?commune=98001&criterion=3a").content.decode()
    minutes = client.get(reverse("web:minutes", args=["lao-cai-2023", "98001", "2026-11"]))
    document = Document(BytesIO(minutes.getvalue()))
    rows = {row.cells[0].text: row.cells[2].text for row in document.tables[1].rows}

    assert panel.count("chỉ xã được xem") >= 3
    assert ">28<" not in panel
    assert ">29<" not in panel
    assert "28" not in rows["3a"]
    assert "29" not in rows["3a"]


def test_a_refusal_is_english_by_switch_and_keeps_the_sentence_that_names_the_place(
    village, signed_in
):
    client = signed_in(village.minh)
    client.post(reverse("web:language"), {"language": "en", "next": "/work/"})

    said = client.get("/areas/98/thang/").content.decode()

    assert "It is not there, or your account may not know that it is." in said
    assert "Không có kỳ báo cáo “thang”." in said


def test_a_sign_of_a_class_is_no_goal_and_the_minutes_name_the_class(village, signed_in):
    typed = typed_for(village, use_points_open="3")
    save(village, village.lan, "98001", typed, submit=True)
    url = reverse("web:matrix", args=["98001", "qd-28-2025-commune", "2026"])
    client = signed_in(village.lan)

    panel = client.get(f"{url}?commune=98001&criterion=1b").content.decode()
    minutes = client.get(reverse("web:minutes", args=["qd-28-2025-commune", "98001", "2026"]))
    document = Document(BytesIO(minutes.getvalue()))
    said = "\n".join(paragraph.text for paragraph in document.paragraphs)
    rows = {row.cells[0].text: row.cells[3].text for row in document.tables[1].rows}

    assert "Có dấu hiệu" in panel
    assert "Cách ngắn nhất để đạt" not in panel
    assert "không phải chỉ tiêu phải đạt" in panel
    assert rows["1b"] == "Có dấu hiệu"
    assert "Theo “Phân loại địa bàn cấp xã (Quyết định 28/2025/QĐ-TTg)”, xã Hạ" in said
    assert document.core_properties.author == "Địa Bàn"
