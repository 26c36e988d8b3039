"""`diaban areas groups` and `diaban areas trees`."""

import csv
import io
import json

import pytest
import time_machine
import xlsxwriter
from click.testing import CliRunner

from diaban.areas.models import AreaGroup, AreaGroupMember, BoundaryVersion
from diaban.areas.rules.grouping import BadMembers
from diaban.areas.rules.hierarchies import BadHierarchy
from diaban.cli.areas import command
from diaban.core.access import Missing
from tests.areas.rules.test_hierarchies import GOOD
from tests.village import NOW

pytestmark = pytest.mark.django_db

NAME = "Xã biên giới"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def run(*arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def group(village):
    assert run("groups", "add", NAME, "--area", "98", "--kind", "border").exit_code == 0
    return AreaGroup.objects.get()


def sheet(path, rows):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return path


def text(path, rows):
    with path.open("w", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.mark.parametrize(("write", "name"), [(sheet, "x.xlsx"), (text, "x.csv")])
def test_a_table_comes_in_and_goes_out_again(group, tmp_path, write, name):
    path = write(tmp_path / name, [["Mã", "Tên"], ["98001", "Xã Hạ"]])

    done = run("groups", "import", NAME, path, "--from", "2025-07-01", "--basis", "QĐ 1")

    assert done.stdout == "Đã thêm 1 lượt; 0 lượt đã có từ trước.\n"
    out = run("groups", "show", NAME).stdout
    assert list(csv.reader(io.StringIO(out))) == [
        ["Mã", "Tên", "Từ ngày", "Đến ngày", "Căn cứ"],
        ["98001", "Xã Hạ", "2025-07-01", "", "QĐ 1"],
    ]
    again = text(tmp_path / "again.csv", csv.reader(io.StringIO(out)))
    assert run("groups", "import", group.pk, again).stdout.startswith("Đã thêm 0 lượt; 1")


def test_lists_say_how_many(group):
    (told,) = json.loads(run("groups", "list", "--json").stdout)

    assert told == {
        "id": group.pk, "area": "98", "name": NAME, "kind": "border", "year": None,
        "level": "commune", "everyone": False, "members": 0,
    }  # fmt: skip
    assert "Xã biên giới (Tỉnh Thử Nghiệm): 0 đơn vị" in run("groups", "list").stdout


def test_one_bad_row_and_nothing_is_loaded(group, tmp_path):
    path = text(tmp_path / "x.csv", [["Mã"], ["98001"], ["98777"]])

    with pytest.raises(BadMembers) as refusal:
        run("groups", "import", NAME, path)

    assert "dòng 3" in refusal.value.sentence
    assert not AreaGroupMember.objects.exists()


def test_a_group_that_is_not_there_is_said(village):
    with pytest.raises(Missing):
        run("groups", "show", "Xã đảo")


def test_a_clerk_next_door_sees_the_groups_above_and_makes_none_there(group):
    assert NAME in run("groups", "list", "--as", "thu").stdout
    with pytest.raises(Missing):
        run("groups", "add", "Khác", "--area", "98", "--as", "thu")

    assert AreaGroup.objects.count() == 1


def test_a_hierarchy_is_loaded_and_shown(village, tmp_path):
    path = tmp_path / "don.toml"
    path.write_text(GOOD, encoding="utf-8")

    assert run("trees", "load", path).stdout == (
        "Bộ đội Biên phòng: 2 đơn vị phụ trách 2 xã, từ 01/01/2026.\n"
    )
    assert run("trees", "list").stdout.startswith("border-guard: Bộ đội Biên phòng, từ 01/01/2026")
    assert run("trees", "show", "border-guard").stdout.splitlines()[1:3] == [
        "  Đồn biên phòng Thượng (BP-98-01)", "    Xã Hạ (98001)",
    ]  # fmt: skip
    assert run("trees", "of", "98001").stdout == (
        "Bộ đội Biên phòng: Đồn biên phòng Thượng (BP-98-01), thuộc Ban chỉ huy bộ đội biên phòng "
        "tỉnh Thử Nghiệm\n"
    )


def test_a_list_with_an_unknown_commune_loads_nothing(village, tmp_path):
    path = tmp_path / "don.toml"
    path.write_text(GOOD.replace("98002", "98009"), encoding="utf-8")

    with pytest.raises(BadHierarchy):
        run("trees", "load", path)

    assert BoundaryVersion.objects.count() == 1
