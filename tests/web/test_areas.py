"""The list of units and the look-up of old and new ones: what they say, cost and hide."""

import pytest
from django.urls import reverse

from diaban.accounts.selectors import local_administrator
from diaban.agencies.models import Agency
from diaban.areas.models import AreaAlias, AreaGroup
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import name_key
from diaban.areas.rules.operations import Kind
from tests.areas.rules.test_changes import op, part
from tests.areas.test_hierarchies import load
from tests.areas.test_reorganising import DAY, MERGE, publish
from tests.village import START, TODAY

pytestmark = pytest.mark.django_db


def text(response):
    return " ".join(response.content.decode().split())


def keep_things(village):
    Agency.objects.create(
        code="cax", name="Công an xã Hạ", kind="police", area=village.lower, valid_from=START
    )
    AreaGroup.objects.create(
        area=village.province, name="Xã biên giới", key="xa bien gioi",
        level=Level.COMMUNE, everyone=True,
    )  # fmt: skip
    AreaAlias.objects.create(area=village.lower, alias="Hạ Xá", key=name_key("Hạ Xá"))


# One literal number for each page, the same with one unit and with many.
COSTS = [
    ("/areas/browse/", 6),
    ("/areas/browse/?level=hamlet", 6),
    ("/areas/browse/?q=ha", 9),
    ("/areas/browse/?q=ong", 9),
    ("/areas/browse/?q=98001&on=2026-01-01", 10),
    ("/areas/browse/98/", 11),
    ("/areas/browse/98001/", 11),
    ("/areas/browse/98001.001/", 10),
    ("/areas/look-up/", 3),
    ("/areas/look-up/?q=ha", 8),
    ("/areas/look-up/?q=98001", 9),
]


@pytest.mark.parametrize(("url", "queries"), COSTS)
def test_a_page_about_units_costs_few_statements(
    village, signed_in, django_assert_num_queries, url, queries
):
    keep_things(village)
    client = signed_in(village.minh)
    client.get(url)

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_a_unit_is_shown_with_what_is_kept_about_it(village, signed_in):
    keep_things(village)

    page = text(signed_in(village.lan).get(reverse("web:area", args=["98001"])))

    for said in ("Xã Hạ", "mã 98001", "thuộc Tỉnh Thử Nghiệm", "Hạ Xá", "Xã biên giới",
                 "Công an xã Hạ", "Thôn Hạ 3", "từ 01/07/2025"):  # fmt: skip
        assert said in page, said
    assert reverse("web:overview", args=["98001"]) in page


def test_a_unit_that_is_yet_to_begin_says_when(village, signed_in):
    publish(local_administrator(TODAY), MERGE)
    client = signed_in(village.minh)

    page = text(client.get(f"/areas/browse/98002/?on={DAY.isoformat()}"))

    assert f"Đơn vị này có từ ngày {DAY:%d/%m/%Y}" in page
    assert "ngoài phạm vi của tài khoản" not in page


def test_a_unit_says_who_is_in_charge_of_it_and_where_to_read_on(village, signed_in):
    keep_things(village)
    load()

    page, hamlet = (
        text(signed_in(village.minh).get(f"/areas/browse/{code}/"))
        for code in ("98001", "98001.001")
    )

    assert "Ai phụ trách" in page
    assert "Đồn biên phòng Hạ" in page
    assert "Đồn biên phòng Thượng" not in page
    assert "Đồn biên phòng Hạ" in hamlet
    agency, group = Agency.objects.get(code="cax"), AreaGroup.objects.get()
    for url in ("/areas/trees/border-guard/", f"/agencies/{agency.pk}/edit/",
                f"/areas/groups/{group.pk}/"):  # fmt: skip
        assert url in page, url


def test_next_door_sees_the_public_list_and_nothing_that_is_kept(village, signed_in):
    keep_things(village)

    page = text(signed_in(village.thu).get(reverse("web:area", args=["98001"])))

    assert "Xã Hạ" in page
    assert "ngoài phạm vi của tài khoản" in page
    assert "Công an xã Hạ" not in page
    assert "Xã biên giới" not in page
    assert reverse("web:overview", args=["98001"]) not in page


@pytest.mark.parametrize("url", ["/areas/browse/", "/areas/browse/98001/", "/areas/look-up/"])
def test_a_stranger_is_asked_to_sign_in_and_an_account_without_a_role_sees_nothing(
    village, signed_in, client, url
):
    assert client.get(url).status_code == 302

    village.thu.holdings.all().delete()

    assert signed_in(village.thu).get(url).status_code == 404


def test_an_unknown_code_and_an_unreadable_day_are_sentences(village, signed_in):
    client = signed_in(village.minh)

    unknown = client.get("/areas/browse/12345/")
    unread = client.get("/areas/browse/98001/?on=hom-qua")
    later = client.get("/areas/browse/?on=31/02/2026")

    assert (unknown.status_code, unread.status_code, later.status_code) == (404, 200, 200)
    assert "Không có đơn vị nào từng mang mã 12345" in text(unknown)
    assert "“hom-qua” không phải một ngày" in text(unread)
    assert "“31/02/2026” không phải một ngày" in text(later)


def test_a_search_without_result_says_where_to_look_next(village, signed_in):
    page = text(signed_in(village.minh).get("/areas/browse/?q=khong+co"))

    assert "Không thấy đơn vị nào như vậy" in page
    assert "Tìm cả trong lịch sử" in page


def test_an_empty_or_too_long_list_is_refused_with_what_was_typed(village, signed_in):
    client = signed_in(village.minh)

    empty = client.post("/areas/look-up/", {"list": " \n ", "act": "csv"})
    long = client.post("/areas/look-up/", {"list": "98001\n" * 1001, "act": "csv"})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Chưa có dòng nào" in text(empty)
    assert "nhiều nhất 1000 dòng" in text(long)


def test_the_pages_speak_english(village, signed_in):
    client = signed_in(village.minh)
    client.post(reverse("web:language"), {"language": "en", "next": "/"})

    assert "List of areas" in text(client.get("/areas/browse/"))
    assert "Look up old and new areas" in text(client.get("/areas/look-up/"))


def test_a_hamlets_address_leads_to_its_page_with_what_to_do_there(village, signed_in):
    client = signed_in(village.lan)

    for url in ("/areas/98001.001/", "/areas/98001.001/2026/"):
        response = client.get(url, follow=True)
        assert response.redirect_chain[-1][0] == "/areas/browse/98001.001/"
    page = text(response)
    assert "Thôn Hạ 1" in page
    assert reverse("web:hamlets", args=["98001"]) in page
    assert signed_in(village.thu).get("/areas/98001.001/").status_code == 404


def test_the_switcher_without_a_script_keeps_its_page_and_level(village, signed_in):
    client = signed_in(village.minh)

    form = client.get("/criteria/98/lao-cai-2023/2026-11/").content.decode()
    listed = text(client.get("/find/?page=criteria&level=commune"))
    found = text(client.get("/find/?page=criteria&level=province&q=ha"))

    assert '<input type="hidden" name="page" value="criteria">' in form
    assert '<input type="hidden" name="level" value="province">' in form
    assert "/criteria/98001/" in listed
    assert "/criteria/98001/" in found


def test_a_period_without_a_form_is_a_sentence(village, signed_in):
    page = text(signed_in(village.minh).get("/completeness/98/2024-01/"))

    assert "Chưa có biểu báo cáo nào dùng cho tháng 1/2024" in page
    assert "“thang”" not in page


def test_the_history_of_a_created_unit_says_by_which_act_and_day(village, signed_in):
    new = part("98050", "Mới", "xã", parent="98")
    publish(local_administrator(TODAY), op(Kind.CREATE, into=[new]))
    client = signed_in(village.minh)

    page = text(client.get(f"/areas/browse/98050/?on={DAY.isoformat()}"))

    assert "Lập mới theo Nghị quyết 1/NQ-HĐND, từ ngày 01/12/2026" in page
    assert "Có trong danh mục" not in page
    assert "Có trong danh mục" in text(client.get("/areas/browse/98001/"))
