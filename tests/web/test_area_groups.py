"""Pages of groups, other hierarchies and the two views: what they say, cost and refuse."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diaban.accounts.selectors import local_administrator
from diaban.areas.hierarchies import publish_hierarchy
from diaban.areas.models import AreaGroup, AreaGroupMember
from diaban.indicators.workbooks.bounded import Reader
from tests.areas.test_hierarchies import LIST
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(village):
    """Keep a group with one commune, and a hierarchy."""
    group = AreaGroup.objects.create(
        area=village.province, name="Xã biên giới", key="xa bien gioi", level="commune",
        kind="border",
    )  # fmt: skip
    group.members.create(area=village.lower, valid_from=START, basis="QĐ 1")
    publish_hierarchy(actor=local_administrator(TODAY), given=LIST, at=NOW)
    return group


def text(response):
    return " ".join(response.content.decode().split())


def address(name, *arguments):
    return reverse(f"web:{name}", args=arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "queries"),
    [
        ("area-groups", (), 5),
        ("add-area-group", (), 4),
        ("area-group", ("group",), 8),
        ("edit-area-group", ("group",), 10),
        ("area-tree", ("border-guard",), 7),
    ],
)
def test_a_page_costs_few_statements(
    things, signed_in, village, django_assert_num_queries, name, arguments, queries
):
    keys = {"group": things.pk}
    url = address(name, *(keys.get(one, one) for one in arguments))
    client = signed_in(village.minh)
    client.get(url)

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_groups_are_listed_and_opened(things, signed_in, village):
    client = signed_in(village.minh)

    listed = text(client.get(address("area-groups")))
    opened = text(client.get(address("area-group", things.pk)))

    for said in ("Xã biên giới", "Bộ đội Biên phòng", "Tỉnh Thử Nghiệm"):
        assert said in listed, said
    for said in ("Xã Hạ", "01/07/2025", "QĐ 1", "Sửa danh sách"):
        assert said in opened, said


def test_a_group_is_made_once_however_often_the_button_is_pressed(signed_in, village):
    client = signed_in(village.minh)
    form = {"name": "Xã trọng điểm loại I", "kind": "key_1", "level": "commune", "year": ""}

    answers = [client.post(address("add-area-group"), form) for _ in range(2)]

    group = AreaGroup.objects.get(kind="key_1")
    assert [one.url for one in answers] == [address("edit-area-group", group.pk)] * 2


def test_focus_areas_without_a_year_are_refused_and_what_was_typed_stays(signed_in, village):
    client = signed_in(village.minh)

    page = text(client.post(address("add-area-group"), {"name": "Tập trung", "kind": "focus"}))

    assert "hãy ghi năm" in page
    assert 'value="Tập trung"' in page
    assert not AreaGroup.objects.filter(kind="focus").exists()


def test_members_are_ticked_from_a_day_on(things, signed_in, village):
    client = signed_in(village.minh)
    form = {"area": ["98002"], "on": "2026-11-18", "basis": "QĐ 2"}

    client.post(address("edit-area-group", things.pk), form)
    client.post(address("edit-area-group", things.pk), form)

    assert list(
        AreaGroupMember.objects.order_by("pk").values_list("area__code", "valid_to", "basis")
    ) == [("98001", TODAY, "QĐ 1"), ("98002", None, "QĐ 2")]
    history = text(client.get(address("area-group", things.pk) + "?history=1"))
    assert "17/11/2026" in history


def test_a_file_with_wrong_rows_loads_nothing_and_names_them(things, signed_in, village):
    client = signed_in(village.minh)
    file = SimpleUploadedFile("x.csv", "Mã,Tên\n98002,\n98001,Sai\n77777,\n".encode())

    page = text(client.post(address("edit-area-group", things.pk), {"file": file, "act": "file"}))

    assert "dòng 3: mã 98001 là Xã Hạ, không phải Sai" in page
    assert "dòng 4: không có đơn vị cấp xã nào mang mã 77777" in page
    assert AreaGroupMember.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.csv", "Mã\n98002\n".encode("utf-16"), "UTF-8"),
        ("x.xlsx", b"PK nothing", "Tệp"),
        ("x.csv", b"", "không thấy cột"),
    ],
)
def test_a_file_that_cannot_be_read_is_said(things, signed_in, village, name, data, said):
    client = signed_in(village.minh)
    file = SimpleUploadedFile(name, data)

    answer = client.post(address("edit-area-group", things.pk), {"file": file, "act": "file"})

    assert answer.status_code == 200
    assert said in text(answer)
    assert AreaGroupMember.objects.count() == 1


def test_next_door_reads_the_groups_above_and_changes_none(things, signed_in, village):
    client = signed_in(village.thu)
    url = address("edit-area-group", things.pk)

    assert client.get(address("area-group", things.pk)).status_code == 200
    assert [client.get(url).status_code, client.post(url, {"area": ["98002"]}).status_code] == [
        404, 404,
    ]  # fmt: skip
    assert AreaGroupMember.objects.get().area == village.lower


def test_a_group_of_elsewhere_is_not_there(things, signed_in, village):
    group = AreaGroup.objects.create(area=village.lower, name="Thôn", key="thon", level="hamlet")

    assert signed_in(village.thu).get(address("area-group", group.pk)).status_code == 404


def test_who_is_in_charge_is_shown_in_the_order_of_the_tree(things, signed_in, village):
    page = text(signed_in(village.lan).get(address("area-tree", "border-guard")))

    assert page.index("Đồn biên phòng Hạ") < page.index("Xã Hạ") < page.index("Đồn biên phòng T")
    assert signed_in(village.lan).get(address("area-tree", "nothing")).status_code == 404


def test_both_views_stand_side_by_side_and_leave_as_files_that_say_which(signed_in, village):
    client = signed_in(village.minh)
    page = text(client.get(address("views", "98", "2026-10")))
    file = client.get(address("views-table", "98", "2026-10", "xlsx") + "?view=today")

    assert "Như đã báo cáo" in page
    assert "0/2 đơn vị cấp xã khi đó đã báo cáo" in page
    assert file["Content-Disposition"].endswith('tong-hop-98-2026-10-theo-dia-gioi-hien-nay.xlsx"')
    with Reader() as reader:
        sheets = reader.read(io.BytesIO(file.content).getvalue())
    assert sheets["Tổng hợp"][1][0].startswith("Góc nhìn: theo địa giới hiện nay")
    assert client.get(address("views", "97", "2026-10")).status_code == 404


def test_the_page_of_views_costs_few_statements(signed_in, village, django_assert_max_num_queries):
    client = signed_in(village.minh)
    client.get(address("views", "98", "2026-10"))

    with django_assert_max_num_queries(12):
        client.get(address("views", "98", "2026-10"))
    assert signed_in(village.thu).get(address("views", "98", "2026-10")).status_code == 404
