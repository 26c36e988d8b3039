"""`diaban returns` and `diaban totals`: what programs read, and the exit codes."""

import io
import json
import zipfile

import openpyxl
import pytest
import time_machine
from click.testing import CliRunner

from diaban.cli import main
from diaban.cli.returns import command
from diaban.cli.totals import command as totals
from tests.village import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("village", "today")]


@pytest.fixture
def today():
    with time_machine.travel(TODAY, tick=True):
        yield


def run(*arguments, group=command):
    return CliRunner().invoke(group, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture
def book(tmp_path):
    """Return a function that takes a template out and fills cells of the hamlets' sheet."""

    def made(name="a.xlsx", area="98001", **cells):
        path = tmp_path / name
        done = run("template", "--area", area, "--period", "2026-11", "--form", "thang", "-o", path)
        assert done.exit_code == 0
        opened = openpyxl.load_workbook(path)
        for place, value in cells.items():
            opened["hamlets"][place] = value
        opened.save(path)
        return path

    return made


def test_an_import_answers_as_the_contract_says(book):
    path = book(C3=100, D3="1.234")

    done = run("import", path, "--json")

    assert done.exit_code == 0
    assert json.loads(done.stdout) == {
        "files": [
            {
                "file": str(path),
                "status": "imported",
                "area": "98001",
                "period": "2026-11",
                "changed": 2,
                "errors": [],
            }
        ],
        "imported": 1,
        "unchanged": 0,
        "refused": 0,
        "dry_run": False,
    }


def test_a_refused_file_is_told_and_a_copy_stands_beside_it(book, tmp_path):
    path = book(D4="1.2x")

    done = run("import", path, "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (told["imported"], told["refused"]) == (0, 1)
    (error,) = told["files"][0]["errors"]
    assert (error["sheet"], error["cell"], error["indicator"], error["given"]) == (
        "hamlets",
        "D4",
        "population_resident",
        "1.2x",
    )
    assert (tmp_path / "a.loi.xlsx").exists()


def test_show_gives_every_value_or_null(book):
    run("import", book(C3=100, D3="-", E3="KAD"))

    told = json.loads(run("show", "--area", "98001", "--period", "2026-11", "--json").stdout)

    assert (told["state"], told["revision"]) == ("draft", 1)
    row = told["hamlets"]["98001.001"]
    assert (row["households"], row["population_resident"], row["households_committed"]) == (
        100,
        None,
        None,
    )
    assert told["values"]["schools"] is None


def test_show_of_what_nobody_began_is_empty():
    told = json.loads(run("show", "--area", "98001", "--period", "2026-11", "--json").stdout)

    assert (told["state"], told["revision"]) == (None, 0)
    assert set(told["hamlets"]) == {"98001.001", "98001.002", "98001.003"}


def test_totals_say_who_reported_and_null_where_nobody_did(book):
    run("import", book(C3=100, D3=400), "--submit")

    done = run("--area", "98", "--period", "2026-11", "--json", group=totals)

    told = json.loads(done.stdout)
    assert (told["area"], told["reporting"], told["expected"]) == ("98", 1, 2)
    assert told["values"]["households"] == {"sum": 100, "reporting": 0}
    assert told["values"]["schools"] == {"sum": None, "reporting": 0}


def test_with_each_the_good_files_of_a_folder_are_taken(book, tmp_path):
    book("a.xlsx", C3=100)
    book("b.xlsx", area="98002", C3="x")

    first = json.loads(run("import", tmp_path, "--each", "--json").stdout)
    # The copy with the errors lies in the same folder and is not taken for a workbook.
    again = json.loads(run("import", tmp_path, "--each", "--json").stdout)

    assert [one["status"] for one in first["files"]] == ["imported", "refused"]
    assert [one["status"] for one in again["files"]] == ["unchanged", "refused"]


def test_an_archive_is_a_folder_too(book, tmp_path):
    data = book(C3=100).read_bytes()
    archive = tmp_path / "xa.zip"
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("huyen/98001.xlsx", data)
        made.writestr("doc.txt", "không phải biểu")
        made.writestr("huyen/98002.xlsx", b"x")

    done = run("import", archive, "--each", "--json")

    files = json.loads(done.stdout)["files"]
    assert [(one["file"].rpartition("/")[2], one["status"]) for one in files] == [
        ("98001.xlsx", "imported"),
        ("98002.xlsx", "refused"),
    ]
    assert (tmp_path / "98002.loi.xlsx").exists()


def test_a_person_s_own_rights_count(book):
    path = book(C3=100)

    assert run("import", path, "--as", "thu").exit_code == 1
    assert run("import", path, "--as", "lan").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["show", "--area", "98", "--period", "2026-11"], "cấp xã"),
        (["show", "--area", "98001", "--period", "2026-13"], "2026-13"),
        (["show", "--area", "98001", "--period", "2026-11", "--form", "x"], "“x”"),
        (["show", "--area", "98001", "--period", "2026-11", "--as", "ai"], "“ai”"),
        (["import", "/nowhere/a.xlsx"], "/nowhere/a.xlsx"),
    ],
)
def test_bad_input_is_one_sentence_and_two(arguments, word, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["returns", *arguments])

    told = capsys.readouterr()
    assert ended.value.code == 2
    assert word in told.err
    assert (told.out, "Traceback" in told.err) == ("", False)


def test_a_template_can_be_opened_by_others(book):
    opened = openpyxl.load_workbook(io.BytesIO(book().read_bytes()))

    assert [cell.value for cell in opened.worksheets[0][1]] == [
        "code",
        "name",
        "unit",
        "value",
        "previous",
    ]
    assert opened["_diaban"].sheet_state == "hidden"
    assert opened["hamlets"]["C1"].value == "households"
    assert opened["hamlets"]["C3"].protection.locked is False
    assert opened["hamlets"]["C1"].protection.locked is True


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    gone = tmp_path / "khong-co" / "bieu.xlsx"
    asked = ("--area", "98001", "--period", "2026-11")

    for done in (
        run("template", *asked, "-o", gone),
        run(*asked, "--xlsx", gone, group=totals),
    ):
        assert done.exit_code != 0
        assert f"Không ghi được tệp {gone}; kiểm tra thư mục" in done.stderr
