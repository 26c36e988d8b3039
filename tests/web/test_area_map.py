"""The map of a village: dots without boundaries, bands, small counts, its table and its cost."""

import re

import pytest
from django.urls import reverse

from diaban.areas.models import Area, BoundaryVersion, Outline
from tests.indicators.test_services import save, typed_for
from tests.village import NOW

pytestmark = pytest.mark.django_db
MONTH = "2026-11"


@pytest.fixture
def signed_in(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    Area.objects.filter(code="98001").update(lat=21.0, lon=105.0)
    Area.objects.filter(code="98002").update(lat=21.2, lon=105.3)

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def report(village, **values):
    save(village, village.lan, "98001", {**typed_for(village), **values}, submit=True)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)


def text(response):
    return " ".join(response.content.decode().split())


def shapes(page):
    return re.findall(r'aria-label="(Xã [^"]+)"', page)


# One literal number for each way to look, whatever there is to show.
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 9), ("?show=reporting", 8), ("?show=schools", 8), ("?show=schools&table=1", 8)],
)
def test_a_map_costs_few_statements(village, signed_in, django_assert_num_queries, query, queries):
    report(village)
    client = signed_in(village.minh)
    url = reverse("web:map-of", args=["98", MONTH]) + query
    client.get(url)

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_without_boundaries_each_unit_is_a_named_tile_that_leads_to_its_page(village, signed_in):
    report(village)

    page = text(signed_in(village.minh).get("/areas/map/98/"))

    assert sorted(re.findall(r"<span><b>([^<]+)</b>", page)) == ["Xã Hạ", "Xã Thượng"]
    assert '<section aria-label="Tỉnh Thử Nghiệm"><h2>' in page
    assert reverse("web:area", args=["98001"]) in page
    assert "mỗi đơn vị là một ô có tên" in page


def test_an_outline_is_drawn_where_it_was_loaded(village, signed_in):
    square = [[[[105.0, 21.0], [105.1, 21.0], [105.1, 21.1], [105.0, 21.1], [105.0, 21.0]]]]
    Outline.objects.create(
        version=BoundaryVersion.objects.get(), area=village.lower, polygons=square
    )

    page = text(signed_in(village.minh).get("/areas/map/98/"))

    assert len(re.findall(r'<path class="m m-[a-z_0-9]+"[^>]* d="M', page)) == 1
    assert page.count("<circle") - page.count("dots-dot") == 1


def test_the_map_and_its_table_say_the_same(village, signed_in):
    report(village, schools="7")
    client = signed_in(village.minh)
    url = reverse("web:map-of", args=["98", MONTH]) + "?show=schools"

    drawn = shapes(text(client.get(url)))
    table = text(client.get(url + "&table=1"))

    assert "Xã Hạ: 7" in drawn
    assert re.findall(r'<td class="number">([^<]+)</td>', table)[0].strip() == "7"


def test_few_people_are_told_to_their_commune_only(village, signed_in):
    ones = {f"addicts.98001.00{n}": "1" for n in (1, 2, 3)}
    report(village, addicts_with_file="1", **ones)
    url = reverse("web:map-of", args=["98", MONTH]) + "?show=addicts"
    own = reverse("web:map-of", args=["98001", MONTH]) + "?show=addicts"

    above = shapes(text(signed_in(village.minh).get(url)))
    inside = shapes(text(signed_in(village.lan).get(own)))

    assert "Xã Hạ: 1–4" in above
    assert inside == ["Xã Hạ: 3"]


def test_a_page_says_which_view_it_shows(village, signed_in):
    page = text(signed_in(village.minh).get("/areas/map/98/"))

    assert "Số liệu như đã báo cáo." in page


def test_what_cannot_be_read_becomes_the_usual_choice(village, signed_in):
    client = signed_in(village.minh)

    for query in ("?show=../etc", "?show=schools/x&page=-1", "?level=hamlet&view=x&table="):
        assert client.get(f"/areas/map/98/{query}").status_code == 200
    assert client.get("/areas/map/98/2026-99/").status_code == 404
    assert client.get("/areas/map/98001.001/").status_code == 404


def test_a_commune_officer_is_not_offered_the_neighbour(village, signed_in):
    report(village)

    page = text(signed_in(village.lan).get("/areas/map/98001/?show=schools"))

    assert [name.split(":")[0] for name in shapes(page)] == ["Xã Hạ"]
    assert signed_in(village.thu).get("/areas/map/98001/").status_code == 404
