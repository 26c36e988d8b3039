"""`diaban areas change`, `import`, `export`, `diff` and `load-boundaries`."""

import json

import pytest
import time_machine
import xlsxwriter
from click.testing import CliRunner

from diaban.areas.models import Area, Change, Outline, Placement
from diaban.areas.reorganising import BadChange
from diaban.areas.rules.levels import Level
from diaban.areas.rules.outlines import BadOutlines
from diaban.areas.selectors import version_on
from diaban.cli.area_changes import NothingToUndo
from diaban.cli.areas import command
from tests.areas.rules.test_documents import TOML
from tests.areas.rules.test_outlines import SQUARES
from tests.shared import SHARED
from tests.village import NOW, TODAY, make_area

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def run(*arguments):
    return CliRunner().invoke(command, [str(a) for a in arguments], catch_exceptions=False)


@pytest.fixture
def split(tmp_path):
    path = tmp_path / "chia.toml"
    path.write_text(TOML, encoding="utf-8")
    return path


def test_without_publish_a_change_is_only_looked_at(village, split):
    done = run("change", split)

    assert done.exit_code == 0
    assert "1 đơn vị kết thúc" in done.stdout
    assert (Change.objects.count(), Area.objects.count()) == (0, 9)


def test_a_change_is_published_once_undone_and_published_again(village, split):
    for step in ("--publish", "--publish", "--undo", "--publish"):
        assert run("change", split, step).exit_code == 0

    assert sorted(Change.objects.values_list("state", flat=True)) == ["published", "undone"]
    assert Area.objects.filter(code="98003").count() == 1


def test_a_change_may_stand_in_a_workbook(village, tmp_path):
    path = tmp_path / "doi-ten.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["kind", "codes", "name"])
        sheet.write_row(1, 0, ["rename", "98001", "Hạ Mới"])

    done = run("change", path, "--on", "2026-12-01", "--basis", "Nghị quyết 1", "--publish")

    assert (done.exit_code, Area.objects.get(code="98001").name) == (0, "Hạ Mới")


def test_what_was_not_published_is_not_undone(village, split):
    with pytest.raises(NothingToUndo):
        run("change", split, "--undo")


def test_a_change_that_cannot_be_done_is_refused_row_by_row(village, split):
    split.write_text(TOML.replace("98001.003", "98002.001"), encoding="utf-8")

    with pytest.raises(BadChange) as refusal:
        run("change", split, "--publish")

    assert [line.split(":")[0] for line in refusal.value.facts["problems"]] == ["Dòng 1", "Dòng 1"]
    assert not Change.objects.exists()


def test_a_list_goes_out_is_edited_and_comes_back(village, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(
        run("export").stdout.replace("98001,98,xã,Hạ", "98001,98,phường,Hạ Mới"), encoding="utf-8"
    )

    assert run("diff", path).stdout == "~ 98001 xã Hạ → phường Hạ Mới\n"
    done = run("import", path, "--on", "2026-12-01", "--basis", "NQ 2", "--publish")
    again = run("diff", path, "--on", "2026-12-01")

    assert (done.exit_code, again.stdout) == (0, "")


def test_half_a_list_changes_nothing(village, tmp_path):
    path = tmp_path / "list.csv"
    lines = run("export").stdout.splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")

    with pytest.raises(BadChange):
        run("import", path, "--on", "2026-12-01", "--basis", "NQ 2", "--publish")

    assert not Change.objects.exists()


def outlines(tmp_path, *codes):
    geometries = [{"type": "Polygon", "id": code, "arcs": [[0, 1]]} for code in codes]
    layer = {"type": "GeometryCollection", "geometries": geometries}
    path = tmp_path / "map.json"
    path.write_text(json.dumps({**SQUARES, "objects": {"layer": layer}}), encoding="utf-8")
    return path


def test_outlines_that_fit_are_kept_and_replaced(village, tmp_path):
    path = outlines(tmp_path, "98001", "98002")

    assert [run("load-boundaries", path).stdout for _ in (1, 2)] == ["cấp xã: 2 đơn vị\n"] * 2
    assert Outline.objects.count() == 2


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("98001",), "thiếu hình của mã 98002"),
        (("98001", "98002", "97001"), "mã 97001 không có trên bản đồ này"),
    ],
)
def test_outlines_that_do_not_fit_are_refused_by_code(village, tmp_path, codes, said):
    with pytest.raises(BadOutlines) as refusal:
        run("load-boundaries", outlines(tmp_path, *codes))

    assert refusal.value.facts["errors"] == [said]
    assert ("--except 98002" in refusal.value.sentence) == said.startswith("thiếu")
    assert not Outline.objects.exists()


def test_a_province_that_the_file_does_not_have_is_left_out_by_its_code(village, tmp_path):
    place = make_area("97", Level.PROVINCE, "Mẫu", "tỉnh")
    commune = make_area("97001", Level.COMMUNE, "Mẫu", "xã")
    version = version_on(TODAY)
    root = version.placements.get(parent=None)
    Placement.objects.create(
        version=version, area=place, parent=root.area, left=root.right + 1,
        right=root.right + 2, depth=1,
    )  # fmt: skip
    Placement.objects.create(
        version=version, area=commune, parent=place, left=root.right + 2,
        right=root.right + 2, depth=2,
    )  # fmt: skip

    with pytest.raises(BadOutlines) as refusal:
        run("load-boundaries", outlines(tmp_path, "98001", "98002"))

    assert "thiếu hình của mã 97001" in refusal.value.sentence
    assert refusal.value.sentence.endswith("--except 97")


@pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="the shared maps are not here")
@pytest.mark.parametrize(
    ("name", "count"), [("provinces", "cấp tỉnh: 34"), ("communes", "cấp xã: 3321")]
)
def test_the_maps_of_the_nation_load_whole(db, name, count):
    from diaban.areas.loader import load_builtin_units

    load_builtin_units()

    done = run("load-boundaries", SHARED / "data" / f"{name}.topo.json")

    archipelagos = Outline.objects.filter(area__name__in=["Hoàng Sa", "Trường Sa"])
    assert done.stdout == f"{count} đơn vị\n"
    assert archipelagos.count() == (2 if name == "communes" else 0)
