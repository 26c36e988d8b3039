"""The map of the country, with an authority's outlines loaded through the command."""

import gzip
import re

import pytest
from click.testing import CliRunner
from django.core.cache import cache

from diaban.accounts.rules import Role
from diaban.areas.mapping import Place, drawing_of, stamped_versions
from diaban.areas.models import Area, Placement
from diaban.cli.areas import command
from diaban.indicators.loader import load_forms
from tests.national import national_units
from tests.shared import SHARED, needs_shared
from tests.village import NOW, make_user

__all__ = ["national_units"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]
BUDGET = 100_000


@pytest.fixture
def office(client, time_machine):
    """The browser of the nation's standing office."""
    time_machine.move_to(NOW, tick=False)
    cache.clear()
    load_forms()
    nation = Area.objects.get(code="VN")
    client.force_login(make_user("trung-uong", "Bộ Công an", Role.STANDING_OFFICE, nation))
    return client


@pytest.fixture
def outlines(time_machine):
    """Both files of outlines, loaded by the command."""
    time_machine.move_to(NOW, tick=False)
    for name in ("provinces", "communes"):
        path = SHARED / "data" / f"{name}.topo.json"
        done = CliRunner().invoke(command, ["load-boundaries", str(path)], catch_exceptions=False)
        assert done.exit_code == 0, done.stderr


def drawn(level, **inside):
    version = stamped_versions()[-1]
    rows = Placement.objects.filter(version=version, area__level=level, **inside)
    places = [
        Place(one.area_id, one.area.lon, one.area.lat, one.area.full_name)
        for one in rows.select_related("area")
    ]
    return places, drawing_of(version, places, nation=not inside)


def text(response):
    return " ".join(response.content.decode().split())


@needs_shared
@pytest.mark.usefixtures("outlines")
@pytest.mark.parametrize(("level", "units"), [("province", 34), ("commune", 3321)])
def test_every_unit_has_a_shape_and_both_archipelagos_are_named(level, units):
    cache.clear()
    places, drawing = drawn(level)

    assert len(places) == units
    assert [one.area for one in places if not drawing.paths.get(one.area)] == []
    assert [label.text for label in drawing.labels] == ["Quần đảo Hoàng Sa", "Quần đảo Trường Sa"]
    for code in {"province": ("48", "56"), "commune": ("20333", "22736")}[level]:
        area = Area.objects.get(code=code, valid_to=None)
        label = drawing.labels[code in ("56", "22736")]
        starts = re.findall(r"M(\d+) (\d+)", drawing.paths[area.pk])
        inside = [
            1
            for x, y in starts
            if label.left <= int(x) <= label.left + label.width
            and label.top <= int(y) <= label.top + label.height
        ]
        assert len(inside) >= 8, code


@needs_shared
@pytest.mark.usefixtures("outlines")
def test_a_province_with_an_archipelago_draws_it_in_a_box_of_its_own():
    cache.clear()
    for code, name in (("48", "Quần đảo Hoàng Sa"), ("56", "Quần đảo Trường Sa")):
        province = Area.objects.get(code=code, valid_to=None)
        places, drawing = drawn("commune", parent=province)

        assert [label.text for label in drawing.labels] == [name]
        assert [one.area for one in places if not drawing.paths.get(one.area)] == []


@needs_shared
@pytest.mark.usefixtures("outlines")
@pytest.mark.parametrize(
    ("code", "boxes"),
    [
        ("31", ["Đặc khu Bạch Long Vĩ"]),
        ("79", ["Đặc khu Côn Đảo"]),
        ("91", ["Đặc khu Thổ Châu", "Đặc khu Phú Quốc"]),
        ("01", []),
    ],
)
def test_a_far_island_stands_in_a_box_of_its_own(code, boxes):
    cache.clear()
    places, drawing = drawn("commune", parent=Area.objects.get(code=code, valid_to=None))

    assert [label.text for label in drawing.labels] == boxes
    assert [one.area for one in places if not drawing.paths.get(one.area)] == []


@needs_shared
@pytest.mark.usefixtures("outlines")
@pytest.mark.parametrize("url", ["/areas/map/VN/", "/areas/map/VN/?level=commune",
                                 "/areas/map/15/", "/areas/map/56/"])  # fmt: skip
def test_a_map_stays_light(office, url):
    page = office.get(url).content

    assert b"<path class=" in page
    assert len(gzip.compress(page)) < BUDGET


def test_a_map_of_a_past_month_is_named_tiles_by_region_and_has_both_archipelagos(office):
    page = text(office.get("/areas/map/VN/2025-05/"))
    titles = re.findall(r'<section aria-label="([^"]+)"><h2>', page)

    assert "63 đơn vị cấp tỉnh" in page
    assert "bản đồ địa giới ngày 14/05/2025" in page
    assert titles == [
        "Trung du và miền núi phía Bắc", "Đồng bằng sông Hồng",
        "Bắc Trung Bộ và duyên hải miền Trung", "Tây Nguyên", "Đông Nam Bộ",
        "Đồng bằng sông Cửu Long", "Quần đảo",
    ]  # fmt: skip
    assert page.count("<li><a href=") - page.count('<li><a class="chip"') >= 63
    assert page.index("<b>Tỉnh Cao Bằng</b>") < page.index("<b>Thành phố Hà Nội</b>")
    assert "Quần đảo Hoàng Sa" in page
    assert "Quần đảo Trường Sa" in page


def test_where_the_map_changed_since_the_page_offers_the_other_view(office):
    then = text(office.get("/areas/map/VN/2025-05/?show=schools"))
    now = text(office.get("/areas/map/VN/2025-05/?show=schools&view=today"))

    assert "Số liệu như đã báo cáo." in then
    assert "Xem theo địa giới hiện nay" in then
    assert "34 đơn vị cấp tỉnh" in now
    assert "Số liệu theo địa giới hiện nay." in now


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/areas/map/VN/", 9),
        ("/areas/map/VN/?level=commune", 8),
        ("/areas/map/VN/2025-05/", 9),
        ("/areas/map/56/2025-05/?show=schools", 12),
        ("/areas/map/56/2025-05/?show=schools&view=today", 12),
    ],
)
def test_the_map_of_the_country_costs_few_statements(
    office, django_assert_num_queries, url, queries
):
    office.get(url)

    with django_assert_num_queries(queries):
        office.get(url)


def test_a_unit_may_be_left_out_of_the_file_by_name_only(tmp_path):
    path = tmp_path / "none.json"
    path.write_text('{"type": "Topology", "arcs": [], "objects": {}}', encoding="utf-8")

    done = CliRunner().invoke(command, ["load-boundaries", str(path), "--except", "VN"])

    assert done.exit_code != 0
