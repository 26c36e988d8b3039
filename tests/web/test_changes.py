"""Changes of the map, as somebody at a desk makes them."""

import io
from datetime import UTC, datetime

import pytest
import xlsxwriter
from django.urls import reverse

from diaban.accounts.models import Holding
from diaban.accounts.rules import Role
from diaban.areas.models import Area, Change
from diaban.audit.models import Entry
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db

BASIS = "Nghị quyết 1/NQ-HĐND"
MERGE = {
    "act": "preview", "key": "k", "basis": BASIS, "day": "01/12/2026",
    "unit": ["98001", "98002"], "receiver": "new", "parts": "1",
    "part-0-code": "98003", "part-0-type": "xã", "part-0-name": "Hợp Nhất",
}  # fmt: skip


@pytest.fixture
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def office(client, village, today):
    client.force_login(village.minh)
    return client


def compose(client, kind="merge", **typed):
    sent = {
        **(
            MERGE
            if kind == "merge"
            else {"act": "preview", "key": kind, "parts": "1", "basis": BASIS, "day": "01/12/2026"}
        ),
        **typed,
    }
    return client.post(reverse("web:compose-change", args=[kind]), sent)  # fmt: skip


def drafted(client, kind="merge", **typed):
    answer = compose(client, kind, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return Change.objects.latest("pk")


def publish(client, change, word="công bố"):
    return client.post(reverse("web:publish-change", args=[change.pk]), {"confirm": word})


def undo(client, change, reason="Ghi nhầm mã"):
    return client.post(reverse("web:undo-change", args=[change.pk]), {"reason": reason})


def test_from_the_first_line_to_the_undoing(village, office):
    change = drafted(office)
    page = office.get(reverse("web:change", args=[change.pk])).content.decode()
    assert "2 đơn vị kết thúc" in page
    assert "2 vai trò ở đơn vị kết thúc thôi hiệu lực" in page

    publish(office, change)
    change.refresh_from_db()
    assert (change.state, change.published_by) == ("published", village.minh.name)
    assert Area.objects.get(code="98003").full_name == "Xã Hợp Nhất"

    undo(office, change)
    change.refresh_from_db()
    assert (change.state, change.undone_by, change.undo_reason) == (
        "undone", village.minh.name, "Ghi nhầm mã",
    )  # fmt: skip
    assert not Area.objects.filter(code="98003").exists()
    assert "Ghi nhầm mã" in office.get(reverse("web:change", args=[change.pk])).content.decode()


def test_a_second_press_changes_nothing(village, office):
    first, second = drafted(office), drafted(office)
    assert first == second

    publish(office, first)
    entries = Entry.objects.count()
    assert publish(office, first).status_code == 302
    assert Entry.objects.count() == entries

    undo(office, first)
    entries = Entry.objects.count()
    assert undo(office, first).status_code == 302
    assert Entry.objects.count() == entries


def test_publishing_needs_its_word_and_undoing_its_reason(village, office):
    change = drafted(office)

    refused = publish(office, change, "ok")
    assert (refused.status_code, Change.objects.get().state) == (422, "draft")

    publish(office, change, "CONG BO")
    refused = undo(office, change, " ")
    assert (refused.status_code, Change.objects.get().state) == (422, "published")


def test_units_are_found_by_name_and_put_in_by_a_button(village, office):
    found = compose(office, act="find", q="ha", unit=[]).content.decode()
    assert 'value="add:98001"' in found

    added = compose(office, act="add:98001", unit=[]).content.decode()
    assert 'name="unit" value="98001"' in added
    dropped = compose(office, act="drop:98001").content.decode()
    assert 'name="unit" value="98001"' not in dropped
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    ("kind", "typed", "field", "words"),
    [
        ("merge", {"unit": []}, "units", "Chưa chọn đơn vị nào"),
        ("merge", {"unit": ["98001"]}, "units", "ít nhất hai đơn vị"),
        ("merge", {"basis": ""}, "basis", "Chưa ghi căn cứ pháp lý"),
        ("merge", {"day": "31/02/2027"}, "day", "Ngày hiệu lực phải là một ngày"),
        ("merge", {"day": "01/07/2025"}, "units", "ngày hiệu lực phải sau ngày đó"),
        ("merge", {"part-0-code": "9800"}, "parts", "không phải dạng mã của cấp này"),
        ("merge", {"part-0-name": ""}, "parts", "phải có tên"),
        ("create", {"part-0-code": "98002", "part-0-type": "xã", "part-0-name": "Mới",
                    "parent": "98"}, "parts", "dùng hai lần"),
        ("create", {"part-0-code": "98009", "part-0-type": "xã", "part-0-name": "Mới"},
         "parent", "Chưa chọn cấp trên"),
        ("move", {"unit": ["98001"], "parent": "98"}, "parent", "đã ở đó"),
        ("rename", {"unit": ["98001"], "part-0-name": "Hạ"}, "units", "đã mang tên"),
        ("split", {"unit": ["98001"], "parts": "2", "by": "population",
                   "part-0-code": "98001", "part-0-type": "xã", "part-0-name": "Đông",
                   "part-0-weight": "0,6", "part-1-code": "98004", "part-1-type": "xã",
                   "part-1-name": "Tây", "part-1-weight": "0,5"},
         "weights", "cộng thành 1; hiện cộng thành 1,1"),
        ("split", {"unit": ["98001"], "parts": "2", "by": "undivided",
                   "part-0-code": "98001", "part-0-type": "xã", "part-0-name": "Đông",
                   "part-1-code": "98004", "part-1-type": "xã", "part-1-name": "Tây",
                   "member-98001.001": "1", "member-98001.002": "2"},
         "members", "98001.003 chưa được giao cho phần nào"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_at_its_field(village, office, kind, typed, field, words):
    answer = compose(office, kind, **typed)

    form = answer.context["form"]
    assert answer.status_code == 422
    assert words in " ".join(form.errors[field])
    assert f'href="#{field}"' in answer.content.decode()
    assert not Change.objects.exists()


def test_a_commune_is_split_by_its_list_of_hamlets(village, office):
    change = drafted(
        office, "split", unit=["98001"], parts="2", by="hamlets",
        **{"part-0-code": "98001", "part-0-type": "xã", "part-0-name": "Đông",
           "part-1-code": "98004", "part-1-type": "xã", "part-1-name": "Tây",
           "member-98001.001": "1", "member-98001.002": "1", "member-98001.003": "2"},
    )  # fmt: skip
    publish(office, change)

    weights = village.lower.became.order_by("new__code").values_list("weight", flat=True)
    assert [str(one) for one in weights] == ["0.66666667", "0.33333333"]


def test_several_lines_stand_in_one_change_and_one_is_taken_out(village, office):
    change = drafted(office, "rename", unit=["98001"], **{"part-0-name": "Hạ Mới"})
    url = reverse("web:compose-change", args=["rename"]) + f"?to={change.pk}"
    office.post(url, {"act": "preview", "key": "x", "parts": "1", "unit": ["98002"],
                      "part-0-name": "Thượng Mới"})  # fmt: skip
    change.refresh_from_db()
    assert [one["row"] for one in change.operations] == [1, 2]

    for _press in range(2):
        office.post(reverse("web:drop-change-line", args=[change.pk]), {"row": "1"})
    change.refresh_from_db()
    assert [one["row"] for one in change.operations] == [2]


def test_a_draft_that_another_change_overtook_says_so(village, office):
    first = drafted(office)
    second = drafted(office, "rename", unit=["98001"], **{"part-0-name": "Hạ Mới"})
    publish(office, first)

    page = office.get(reverse("web:change", args=[second.pk])).content.decode()
    assert "kết thúc ngày" in page or "đã kết thúc trước ngày" in page or "chồng nhau" in page
    assert publish(office, second).status_code == 422


def test_every_effect_has_its_list(village, office):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    change = drafted(office)

    page = office.get(reverse("web:change", args=[change.pk]))
    effects = page.context["effects"]
    assert "1 biểu đã nhập, giữ theo đơn vị cũ" in [one["text"] for one in effects]
    for one in effects:
        rows = office.get(one["url"])
        assert rows.status_code == 200
        assert rows.context["rows"]


def test_a_return_of_a_later_period_blocks_and_is_named(village, office):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    refused = compose(office, day="10/11/2026")
    assert (refused.status_code, Change.objects.count()) == (422, 0)
    assert "hãy chọn ngày hiệu lực sau kỳ đó" in refused.context["form"].day_error
    assert 'value="keep"' in refused.content.decode()
    change = drafted(office, day="10/11/2026", act="keep")

    page = office.get(reverse("web:change", args=[change.pk]))
    (blocking,) = page.context["blocking"]
    assert "hãy chọn ngày hiệu lực sau kỳ đó" in blocking["text"]
    assert "Xã Hạ, Tháng 11/2026" in office.get(blocking["url"]).content.decode()
    assert publish(office, change).status_code == 422


def test_the_day_and_the_basis_of_a_draft_are_mended_on_its_page(village, office):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    change = drafted(office, day="10/11/2026", act="keep")
    url = reverse("web:redate-change", args=[change.pk])

    wrong = office.post(url, {"basis": " ", "day": "32/13/2026"})
    assert (wrong.status_code, set(wrong.context["errors"])) == (422, {"basis", "day"})
    assert 'value="32/13/2026"' in wrong.content.decode()
    for _press in range(2):
        right = office.post(url, {"basis": "Nghị quyết 2/NQ-HĐND", "day": "1/12/2026"})
        assert right.status_code == 302

    publish(office, change)
    change.refresh_from_db()
    assert (change.state, change.basis, f"{change.effective_on}") == (
        "published", "Nghị quyết 2/NQ-HĐND", "2026-12-01",
    )  # fmt: skip
    late = office.post(url, {"basis": "Nghị quyết 3/NQ-HĐND", "day": "2/12/2026"})
    assert "Chỉ sửa được bản thảo" in late.content.decode()
    change.refresh_from_db()
    assert change.basis == "Nghị quyết 2/NQ-HĐND"


@pytest.mark.parametrize("receiver", ["new", "98002"])
def test_whose_role_a_change_has_ended_is_told_so_and_whom_to_ask(
    village, office, client, receiver, time_machine
):
    publish(office, drafted(office, receiver=receiver))
    client.force_login(village.lan)
    before = client.get(reverse("web:work"))
    time_machine.move_to(datetime(2026, 12, 2, 3, tzinfo=UTC), tick=False)
    client.force_login(village.lan)

    page = client.get(reverse("web:work")).content.decode()

    assert not before.context["ended"]
    heir = "Xã Hợp Nhất" if receiver == "new" else village.upper.full_name
    assert "ở Xã Hạ đã kết thúc từ ngày 01/12/2026" in page
    assert BASIS in page
    assert f"cấp vai trò ở {heir}" in page
    assert "Không còn việc nào" not in page
    client.force_login(village.thu)
    assert "đã kết thúc từ ngày 01/12/2026" in client.get(reverse("web:work")).content.decode()


def test_a_draft_is_thrown_away(village, office):
    change = drafted(office)
    for _press in range(2):
        assert office.post(reverse("web:drop-change", args=[change.pk])).status_code == 302

    assert not Change.objects.exists()


def pages_of(change):
    return [
        reverse("web:changes"),
        reverse("web:new-change"),
        reverse("web:upload-change"),
        reverse("web:compose-change", args=["merge"]),
        reverse("web:change", args=[change.pk]),
        reverse("web:change-effect", args=[change.pk, "areas.ended"]),
    ]


def test_a_commune_has_none_of_these_pages(village, office, client):
    change = drafted(office)
    client.force_login(village.lan)

    for url in pages_of(change):
        assert client.get(url).status_code == 404, url
    for name in ("publish-change", "undo-change", "drop-change", "drop-change-line"):
        assert client.post(reverse(f"web:{name}", args=[change.pk])).status_code == 404
    assert Change.objects.get().state == "draft"


def test_an_office_does_not_reorganise_itself_nor_its_neighbour(village, office, client):
    own = make_user("hd", "Văn phòng xã Hạ", Role.STANDING_OFFICE, village.lower)
    client.force_login(own)

    for unit in ("98001", "98002"):
        answer = compose(client, "rename", unit=[unit], **{"part-0-name": "Khác"})
        assert answer.status_code == 422
    assert compose(office, "rename", unit=["98"], **{"part-0-name": "Khác"}).status_code == 422
    assert not Change.objects.exists()


def test_one_province_does_not_see_the_changes_of_another(village, office, client):
    change = drafted(office)
    Holding.objects.filter(user=village.minh).update(area=village.lower)

    assert client.get(reverse("web:change", args=[change.pk])).status_code == 404
    assert client.get(reverse("web:changes")).context["rows"] == []


def workbook(rows):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    made.seek(0)
    made.name = "thay-doi.xlsx"
    return made


def hand_in(client, file, **typed):
    return client.post(
        reverse("web:upload-change"),
        {"file": file, "basis": BASIS, "day": "01/12/2026", "key": "u", **typed},
    )


HEAD = ["row", "kind", "codes", "new_code", "type", "name"]


def test_a_file_of_many_lines_becomes_one_draft(village, office):
    rows = [HEAD, ["1", "rename", "98001", "", "xã", "Hạ Mới"],
            ["2", "regrade", "98002", "", "phường", ""]]  # fmt: skip
    answer = hand_in(office, workbook(rows))

    assert answer.status_code == 302
    assert [one["kind"] for one in Change.objects.get().operations] == ["rename", "regrade"]


def test_each_wrong_line_of_a_file_is_named_and_nothing_is_kept(village, office):
    rows = [HEAD, ["1", "rename", "98777", "", "xã", "Hạ Mới"],
            ["2", "rename", "98002", "", "xã", "Thượng"],
            ["3", "merge", "98001 98002", "98002", "", ""]]  # fmt: skip
    answer = hand_in(office, workbook(rows))

    lines = answer.context["lines"]
    assert answer.status_code == 422
    assert [line.split(":")[0] for line in lines] == ["Dòng 1", "Dòng 2", "Dòng 3"]
    assert not Change.objects.exists()


def test_half_a_list_is_refused(village, office):
    rows = [["code", "parent", "type", "name"], ["98", "VN", "tỉnh", "Thử Nghiệm"],
            ["98001", "98", "xã", "Hạ"]]  # fmt: skip
    answer = hand_in(office, workbook(rows))

    assert answer.status_code == 422
    assert "98002" in " ".join(answer.context["lines"])


@pytest.mark.parametrize("data", [b"", b"khong,phai", b"\xff\xfe\x00", b"PK\x03\x04"])
def test_any_other_file_is_refused_in_a_sentence(village, office, data):
    for name in ("a.csv", "a.xlsx", "a.toml"):
        file = io.BytesIO(data)
        file.name = name
        answer = hand_in(office, file)
        assert answer.status_code in (200, 422)
        assert answer.context["errors"]


@pytest.mark.parametrize(
    ("page", "arguments", "queries"),
    [("changes", [], 6), ("new-change", [], 3), ("upload-change", [], 3),
     ("compose-change", ["merge"], 3)],
)  # fmt: skip
def test_a_page_costs_the_same_however_many_changes_there_are(
    village, office, django_assert_num_queries, page, arguments, queries
):
    for number in range(30):
        drafted(office, key=str(number))

    with django_assert_num_queries(queries):
        assert office.get(reverse(f"web:{page}", args=arguments)).status_code == 200


def test_a_preview_costs_twelve_statements_at_most(village, office, django_assert_num_queries):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    change = drafted(office)

    with django_assert_num_queries(11):
        office.get(reverse("web:change", args=[change.pk]))
    with django_assert_num_queries(12):
        office.get(reverse("web:change-effect", args=[change.pk, "indicators.returns"]))
    publish(office, change)
    with django_assert_num_queries(5):
        office.get(reverse("web:change", args=[change.pk]))
