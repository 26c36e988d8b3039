"""Pages of groups, other hierarchies and the two views: what they say, cost and refuse."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diaban.accounts.rules import Role
from diaban.accounts.selectors import local_administrator
from diaban.areas.hierarchies import publish_hierarchy
from diaban.areas.models import AreaGroup, AreaGroupMember, BoundaryVersion
from diaban.indicators.workbooks.bounded import Reader
from tests.areas.test_hierarchies import LIST
from tests.village import NOW, START, TODAY, make_user

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
        ("area-groups", (), 6),
        ("add-area-group", (), 4),
        ("area-group", ("group",), 9),
        ("edit-area-group", ("group",), 10),
        ("area-tree", ("border-guard",), 9),
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


ACTS = {"on": "2026-11-18", "basis": "QĐ 9"}


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("rename-area-group", {"name": "Xã, phường biên giới"}),
        ("end-area-group", {}),
        ("remove-group-members", {"area": ["98001"]}),
    ],
)
def test_an_act_is_done_on_the_page_and_taken_back_there(things, signed_in, village, name, form):
    client, url = signed_in(village.minh), address("area-group", things.pk)

    refused = text(client.post(address(name, things.pk), {**form, "on": "2026-11-18"}))
    done = client.post(address(name, things.pk), {**form, **ACTS})
    act = things.acts.get()
    page = text(client.get(url))
    undo = address("undo-group-act", things.pk, act.pk)
    client.post(undo)
    client.post(undo)

    assert "Chưa ghi căn cứ" in refused
    assert (done.status_code, done.url) == (302, url)
    assert "QĐ 9" in page
    assert undo in page
    things.refresh_from_db()
    assert (things.name, things.ended_on) == ("Xã biên giới", None)
    assert things.members.get().valid_to is None


@pytest.mark.parametrize("who", ["lan", "thu"])
def test_a_commune_finds_no_act_on_a_group_of_its_province(things, signed_in, village, who):
    client = signed_in(getattr(village, who))
    things.acts.create(kind="ended", on_day=TODAY, by="x", at=NOW)
    form = {**ACTS, "name": "Khác", "area": ["98001"]}

    page = text(client.get(address("area-group", things.pk)))
    answers = [
        client.post(address(name, things.pk, *more), form).status_code
        for name, *more in (
            ("rename-area-group",), ("end-area-group",), ("remove-group-members",),
            ("undo-group-act", things.acts.get().pk),
        )
    ]  # fmt: skip

    assert "Kết thúc nhóm</button>" not in page
    assert set(answers) <= {403, 404}
    things.refresh_from_db()
    assert (things.name, things.ended_on, things.acts.get().undone_at) == (
        "Xã biên giới", None, None,
    )  # fmt: skip
    assert things.members.get().valid_to is None


@pytest.fixture
def keeper(village):
    """Somebody who keeps the whole map."""
    return make_user("ca-bo", "Văn phòng trung ương", Role.STANDING_OFFICE, village.nation)


TABLE = (
    "Mã,Loại,Tên,Thuộc,Mã xã\n"
    "DV-1,đội,Một,,98001\n"
    'DV-2,đội,Hai,,"98002"\n'
)  # fmt: skip
HEAD = {"tree": "doi-co-dong", "title": "Đội cơ động", "valid_from": "2026-11-01", "basis": "QĐ 3"}


def test_a_table_becomes_a_hierarchy_after_a_look_and_is_withdrawn(village, signed_in, keeper):
    client = signed_in(keeper)
    file = SimpleUploadedFile("x.csv", TABLE.encode())

    looked = client.post(address("add-area-tree"), {**HEAD, "file": file, "act": "check"})
    before = BoundaryVersion.objects.filter(tree="doi-co-dong").count()
    data = looked.context["data"]
    done = client.post(address("add-area-tree"), {"data": data, "act": "publish"})
    again = client.post(address("add-area-tree"), {"data": data, "act": "publish"})
    page = text(client.get(address("area-tree", "doi-co-dong")))
    unreasoned = text(client.post(address("withdraw-area-tree", "doi-co-dong")))
    client.post(address("withdraw-area-tree", "doi-co-dong"), {"reason": "nhầm tệp"})

    assert "2 đơn vị phụ trách 2 xã, phường" in text(looked)
    assert (before, done.url, again.url) == (0, *[address("area-tree", "doi-co-dong")] * 2)
    assert page.index("Đội Một") < page.index("Xã Hạ") < page.index("Đội Hai")
    assert "lý do" in unreasoned
    assert not BoundaryVersion.objects.filter(tree="doi-co-dong").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("Mã,Tên\nDV-1,Một\n", "không thấy cột"),
        ("Mã,Loại,Tên,Thuộc,Mã xã\nDV-1,đội,Một,,77777\n", "77777"),
        ("Mã,Loại,Tên,Thuộc,Mã xã\nDV-1,đội,Một,DV-1,98001\n", "DV-1"),
        ("Mã,Loại,Tên,Thuộc,Mã xã\nDV-1,đội,Một,,98001\nDV-2,đội,Hai,,98001\n", "98001"),
    ],
)
def test_a_wrong_list_is_refused_whole_and_what_was_typed_stays(
    village, signed_in, keeper, given, said
):
    file = SimpleUploadedFile("x.csv", given.encode())

    page = text(signed_in(keeper).post(address("add-area-tree"), {**HEAD, "file": file}))

    assert said in page
    assert 'value="Đội cơ động"' in page
    assert not BoundaryVersion.objects.filter(tree="doi-co-dong").exists()


@pytest.mark.parametrize("who", ["lan", "minh", "thu"])
def test_nobody_below_the_nation_hands_in_a_list(things, signed_in, village, who):
    client = signed_in(getattr(village, who))

    answers = [
        client.get(address("add-area-tree")).status_code,
        client.post(address("add-area-tree"), HEAD).status_code,
        client.post(address("withdraw-area-tree", "border-guard"), {"reason": "x"}).status_code,
    ]

    assert set(answers) <= {403, 404}
    assert BoundaryVersion.objects.filter(tree="border-guard").count() == 1
