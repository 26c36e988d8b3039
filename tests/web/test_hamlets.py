"""What a commune does with its hamlets, on its pages."""

import io

import pytest
import xlsxwriter
from django.core.files.storage import default_storage
from django.urls import reverse
from python_calamine import CalamineWorkbook

from diaban.accounts.models import Holding
from diaban.accounts.rules import Role
from diaban.areas.checks import CHECKS
from diaban.areas.models import Area, AreaName, Succession
from diaban.areas.rules.levels import full_name
from diaban.audit.models import Entry
from diaban.core.checks import outcome
from diaban.indicators.checks import CHECKS as RETURN_CHECKS
from diaban.indicators.models import KeptTotal, Return
from diaban.indicators.services import save_return
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def commune(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.lan)
    return client


def url(name, *more, code="98001"):
    return reverse(f"web:{name}", args=[code, *more])


def living(code="98001"):
    """Return codes and the latest names, which may begin on a day to come."""
    return [
        (one.code, full_name(one.type, one.name))
        for one in Area.objects.filter(code__startswith=f"{code}.", valid_to=None).order_by("code")
    ]


def workbook(*rows, head=("Mã", "Loại", "Tên", "Nhập vào")):
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate((head, *rows)):
            sheet.write_row(place, 0, row)
    made.seek(0)
    made.name = "thon.xlsx"
    return made


def hand_in(client, *rows, day="20/11/2026", told=None, **more):
    sent = {"file": workbook(*rows, **more), "day": day, **(told or {})}
    return client.post(url("import-hamlets"), sent)


def enter(village, typed, revision=0, *, submit=False, at=NOW):
    """Save December's return, which is open."""
    return save_return(
        actor=village.actor(village.lan), area_code="98001", period_label="2026-12", form="thang",
        typed=typed, revision=revision, client_key=f"k{revision}", at=at, submit=submit,
    ).stored  # fmt: skip


def all_checks_hold():
    return all(outcome(check).examples == () for check in (*CHECKS, *RETURN_CHECKS))


def merge(client, *codes, into="98001.003", day="20/11/2026", **more):
    return client.post(
        url("merge-hamlets"), {"hamlet": list(codes), "into": into, "day": day, **more}
    )


def test_a_hamlet_is_added_named_anew_and_closed_and_history_keeps_it(village, commune):
    commune.post(url("add-hamlet"), {"type": "bản", "name": "Mới", "day": "18/11/2026"})
    assert living()[-1] == ("98001.004", "Bản Mới")

    one = url("commune-hamlet", "98001.004")
    commune.post(one, {"act": "rename", "type": "thôn", "name": "Mới Hơn", "day": "19/11/2026"})
    commune.post(one, {"act": "close", "close_day": "25/11/2026"})

    assert [name for _code, name in living()] == ["Thôn Hạ 1", "Thôn Hạ 2", "Thôn Hạ 3"]
    page = commune.get(one).content.decode()
    assert "Bản Mới" in page
    assert "Thôn Mới Hơn" in page
    assert "25/11/2026" in page
    assert all_checks_hold()


def test_hamlets_merge_into_one_that_goes_on_and_into_a_new_one(village, commune):
    assert merge(commune, "98001.001").status_code == 302
    assert merge(
        commune, "98001.002", "98001.003", into="new", type="thôn", name="Hạ 2", day="25/11/2026"
    ).status_code == 302  # fmt: skip

    assert living() == [("98001.004", "Thôn Hạ 2")]
    assert set(Succession.objects.values_list("old__code", "new__code", "weight")) == {
        ("98001.001", "98001.003", 1), ("98001.002", "98001.004", 1), ("98001.003", "98001.004", 1),
    }  # fmt: skip
    assert all_checks_hold()


def test_a_second_press_merges_nothing_more(village, commune):
    merge(commune, "98001.001")
    entries = Entry.objects.count()

    assert merge(commune, "98001.001").status_code == 422
    assert (Succession.objects.count(), Entry.objects.count()) == (1, entries)


def test_the_open_return_follows_and_its_sum_stays(village, commune):
    enter(village, typed_for(village))
    before = Return.objects.get(period="2026-12")
    codes = before.version.hamlet_codes
    whole = {code: sum(row[code] for row in before.document["hamlets"].values()
                       if isinstance(row.get(code), int) and not isinstance(row[code], bool))
             for code in codes}  # fmt: skip

    merge(commune, "98001.001")
    commune.post(url("add-hamlet"), {"type": "thôn", "name": "Mới", "day": "21/11/2026"})

    after = Return.objects.get(period="2026-12")
    assert after.roster.hamlet_codes == ["98001.002", "98001.003", "98001.004"]
    assert set(after.document["hamlets"]) <= {"98001.002", "98001.003", "98001.004"}
    assert after.revision == before.revision + 2
    assert whole == {
        code: sum(row[code] for row in after.document["hamlets"].values()
                  if isinstance(row.get(code), int) and not isinstance(row[code], bool))
        for code in codes
    }  # fmt: skip
    page = commune.get(reverse("web:return", args=["98001", "2026-12"])).content.decode()
    assert "Thôn Mới" in page
    assert "Thôn Hạ 1" not in page
    assert all_checks_hold()


def test_the_totals_of_the_province_count_each_household_once(village, commune, time_machine):
    enter(village, typed_for(village))
    merge(commune, "98001.001")
    stored = Return.objects.get(period="2026-12")
    rows = {code: row["households"] for code, row in stored.document["hamlets"].items()}
    later = NOW.replace(month=12, day=16)
    time_machine.move_to(later, tick=False)

    typed = {name: text for name, text in typed_for(village).items() if "98001.001" not in name}
    typed |= {"households.98001.003": "200", "households_committed.98001.003": "200"}
    sent = enter(village, typed, stored.revision, submit=True, at=later)

    assert rows == {"98001.002": 100, "98001.003": 200}
    assert sent.state == "submitted"
    assert KeptTotal.objects.filter(period="2026-12").count() == 3
    assert all_checks_hold()


def test_a_return_that_was_sent_stands_as_it_was_signed(village, commune):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    before = Return.objects.values().get()

    answer = merge(commune, "98001.001", day="10/11/2026")

    assert answer.status_code == 422
    assert "Chọn ngày hiệu lực sau 14/11/2026" in answer.content.decode()
    assert Return.objects.values().get() == before
    assert len(living()) == 3


def test_nobody_gains_scope_when_hamlets_merge(village, commune):
    for number, hamlet in enumerate(village.hamlets["98001"]):
        make_user(f"truong{number}", "Trưởng thôn", Role.HAMLET_HEAD, hamlet)

    merge(commune, "98001.001")

    ends = Holding.objects.filter(role=Role.HAMLET_HEAD).order_by("pk")
    assert [str(one.valid_to) for one in ends] == ["2026-11-20", "None", "2026-11-20"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"hamlet": [], "into": "98001.003"}, "into"),
        ({"hamlet": ["98001.001"], "into": "98001.001"}, "into"),
        ({"hamlet": ["98001.001"], "into": "new", "type": "thôn", "name": "X"}, "name"),
        ({"hamlet": ["98001.001", "98001.002"], "into": "new", "type": "thôn", "name": ""}, "name"),
        ({"hamlet": ["98001.001", "98001.002"], "into": "new", "type": "xóm lạ", "name": "A"},
         "name"),
        ({"hamlet": ["98001.001"], "into": "98002.001"}, "into"),
        ({"hamlet": ["98001.001"], "into": "98001.003", "day": "hôm qua"}, "day"),
        ({"hamlet": ["98001.001"], "into": "98001.003", "day": "01/07/2025"}, "day"),
    ],
)  # fmt: skip
def test_a_merger_that_cannot_be_is_said_at_its_field(village, commune, typed, field):
    answer = commune.post(url("merge-hamlets"), {"day": "20/11/2026", **typed})

    assert answer.status_code == 422
    assert list(answer.context["errors"]) == [field]
    assert len(living()) == 3
    assert not Succession.objects.exists()


def test_a_list_makes_names_and_merges_in_one_act(village, commune):
    rows = (
        ("98001.001", "thôn", "Hạ 2", ""),
        ("98001.002", "thôn", "Hạ 2", "98001.003"),
        ("98001.003", "bản", "Ba", ""),
        ("", "thôn", "Tư", ""),
    )
    assert hand_in(commune, *rows).status_code == 302

    assert living() == [
        ("98001.001", "Thôn Hạ 2"), ("98001.003", "Bản Ba"), ("98001.004", "Thôn Tư"),
    ]  # fmt: skip
    assert all_checks_hold()

    names, entries = AreaName.objects.count(), Entry.objects.count()
    assert hand_in(commune, *rows).status_code == 302
    assert (AreaName.objects.count(), Entry.objects.count()) == (names, entries)


def test_two_hamlets_change_their_names_with_one_another_over_a_third(village, commune):
    rows = (("98001.001", "thôn", "Hạ 2", ""), ("98001.002", "thôn", "Hạ 3", ""),
            ("98001.003", "thôn", "Hạ 4", ""))  # fmt: skip

    hand_in(commune, *rows)

    assert [name for _code, name in living()] == ["Thôn Hạ 2", "Thôn Hạ 3", "Thôn Hạ 4"]


def test_every_wrong_row_is_named_and_written_back_and_nothing_is_changed(village, commune):
    answer = hand_in(
        commune,
        ("98001.009", "thôn", "Lạ", ""),
        ("", "làng nghề", "A", ""),
        ("", "thôn", "", ""),
        ("", "thôn", "Đôi", ""),
        ("", "Thôn", "Đôi", ""),
        ("98001.001", "thôn", "Hạ 2", ""),
        ("98001.003", "thôn", "Hạ 3", "không đâu"),
        ("98001.003", "thôn", "Hạ 3", ""),
        ("", "thôn", "Ổn", ""),
    )

    rows = answer.context["rows"]
    assert answer.status_code == 422
    assert [row for row, _sentence in rows] == [2, 3, 4, 6, 7, 8, 9]
    assert len(living()) == 3
    copy = b"".join(commune.get(answer.context["copy_url"]))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(copy)).get_sheet_by_index(0).to_python()
    assert sheet[0][4] == "Lỗi"
    assert [bool(line[4]) for line in sheet[1:]] == [
        True, True, True, False, True, True, True, True, False,
    ]  # fmt: skip


def test_the_template_handed_in_as_it_is_changes_nothing(village, commune):
    file = io.BytesIO(commune.get(url("hamlet-template")).content)
    file.name = "thon.xlsx"

    answer = commune.post(url("import-hamlets"), {"file": file, "day": "20/11/2026"}, follow=True)

    assert "không có gì thay đổi" in answer.content.decode()
    assert not Entry.objects.exists()


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"Ma,Loai,Ten"])
def test_any_other_file_is_refused_in_a_sentence(village, commune, data):
    file = io.BytesIO(data)
    file.name = "thon.xlsx"

    answer = commune.post(url("import-hamlets"), {"file": file, "day": "20/11/2026"})

    assert (answer.status_code, list(answer.context["errors"])) == (422, ["file"])


def test_a_workbook_without_its_head_is_refused(village, commune):
    answer = hand_in(commune, ("1", "2"), head=("Cột", "Khác"))

    assert answer.context["rows"][0][0] == 1
    assert not default_storage.exists("nothing")


def test_a_ward_says_to_dan_pho(village, commune):
    Area.objects.filter(code="98001").update(type="phường")
    AreaName.objects.filter(area__code="98001").update(type="phường")

    page = commune.get(url("hamlets")).content.decode()
    form = commune.get(url("add-hamlet"))

    assert "Tổ dân phố của Phường Hạ" in page
    assert "Thêm tổ dân phố" in page
    assert form.context["types"][1] == "tổ dân phố"


@pytest.mark.parametrize("name", ["hamlets", "add-hamlet", "merge-hamlets", "import-hamlets"])
def test_the_province_looks_and_changes_nothing(village, commune, client, name):
    client.force_login(village.minh)

    assert client.get(url(name)).status_code == (200 if name == "hamlets" else 403)
    assert client.post(url("commune-hamlet", "98001.001"), {"act": "close"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "more", "queries"),
    [("hamlets", [], 10), ("add-hamlet", [], 6), ("merge-hamlets", [], 7),
     ("commune-hamlet", ["98001.001"], 11), ("import-hamlets", [], 5)],
)  # fmt: skip
def test_a_page_costs_the_same_however_many_hamlets_there_are(
    village, commune, django_assert_num_queries, name, more, queries
):
    hand_in(commune, *(("", "thôn", f"Số {number}", "") for number in range(70)))
    commune.get(url("hamlets"))

    with django_assert_num_queries(queries):
        assert commune.get(url(name, *more)).status_code == 200


@pytest.mark.parametrize("page", ["add", "rename", "merge", "import"])
def test_names_that_only_lack_marks_are_asked_about_and_taken_when_told(commune, village, page):
    given = {"type": "thôn", "name": "Ha 1", "day": "20/11/2026"}
    if page == "import":
        first = hand_in(commune, ("", "thôn", "Ha 1", ""))
        second = hand_in(commune, ("", "thôn", "Ha 1", ""), told={"alike": "1"})
    else:
        sent, place = {
            "add": (given, url("add-hamlet")),
            "rename": ({**given, "act": "rename"}, url("commune-hamlet", "98001.003")),
            "merge": (
                {**given, "into": "new", "hamlet": ["98001.002", "98001.003"]},
                url("merge-hamlets"),
            ),
        }[page]
        first = commune.post(place, sent)
        second = commune.post(place, {**sent, "alike": "1"})

    assert (first.status_code, second.status_code) == (422, 302)
    assert "đã có Thôn Hạ 1, chỉ khác Thôn Ha 1 ở dấu" in first.content.decode()
    assert 'name="alike"' in first.content.decode()
    assert "Thôn Ha 1" in dict(living()).values()
    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)
