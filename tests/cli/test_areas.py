"""`diaban areas`: what programs read and what people see."""

import json
from datetime import date

import pytest
import time_machine
from click.testing import CliRunner

from diaban.cli import main
from diaban.cli.areas import command
from tests.national import national_units  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(date(2026, 11, 22), tick=False):
        yield


def answer(*arguments):
    """What a program reads."""
    done = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


def seen(*arguments):
    """What a person sees on standard output, line by line."""
    done = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout.splitlines()


def test_find_answers_as_the_contract_says():
    units = answer("find", "Tân An, Hải Phòng", "--on", "2026-11-22")

    assert units == [
        {
            "code": "11167",
            "name": "Tân An",
            "type": "xã",
            "level": "commune",
            "path": ["Thành phố Hải Phòng"],
            "valid_from": "2025-07-01",
            "valid_to": None,
            "matched": None,
        }
    ]


def test_find_takes_a_level():
    assert [unit["code"] for unit in answer("find", "soc trang", "--level", "province")] == ["94"]


def test_find_shows_a_table():
    assert seen("find", "phường Minh Xuân") == [
        "Mã     Đơn vị            Thuộc                                    Thời gian",
        "02215  Phường Minh Xuân  Tỉnh Tuyên Quang                         từ 01/07/2025",
        "02203  Phường Minh Xuân  Thành phố Tuyên Quang, Tỉnh Tuyên Quang  01/03/2025–30/06/2025",
    ]


def test_find_shows_the_former_name_that_matched():
    assert seen("find", "Krông Na")[1].split("  ")[1] == "Xã Buôn Đôn (khớp: Xã Krông Na)"


def test_found_nothing_is_an_empty_list_and_a_remark():
    done = CliRunner().invoke(command, ["find", "Zzyzx"])

    assert (done.exit_code, done.stdout) == (0, "")
    assert "Zzyzx" in done.stderr
    assert answer("find", "Zzyzx") == []


def test_became_answers_as_the_contract_says():
    assert answer("became", "02203") == [
        {
            "code": "02215",
            "name": "Minh Xuân",
            "type": "phường",
            "path": ["Tỉnh Tuyên Quang"],
            "from": "2025-07-01",
            "partial": False,
            "basis": "Nghị quyết 1684/NQ-UBTVQH15",
        }
    ]


def test_became_is_empty_for_what_still_is():
    assert answer("became", "01") == []
    assert answer("became", "02203", "--on", "2025-06-30") == []


def test_became_says_which_unit_a_code_given_again_means():
    done = CliRunner().invoke(command, ["became", "19363"])

    assert "Thị trấn Hồ Xá (19363), đến trước 01/07/2025" in done.stderr
    assert done.stdout.splitlines()[1].startswith("19363  Xã Vĩnh Linh  Tỉnh Quảng Trị")


def test_was_answers_as_the_contract_says():
    came = answer("was", "11167")

    assert [(unit["code"], unit["name"], unit["partial"]) for unit in came] == [
        ("11167", "Đức Phúc", False),
        ("11173", "An Đức", False),
        ("11197", "Tân Phong", False),
    ]
    assert set(came[0]) == {"code", "name", "type", "path", "from", "partial", "basis"}


def test_was_marks_what_came_only_in_part():
    assert [line.split("  ")[1] for line in seen("was", "02215") if "một phần" in line] == [
        "Xã Kim Phú"
    ]


def test_was_of_something_without_a_past_is_empty_and_said():
    done = CliRunner().invoke(command, ["was", "464"])

    assert (done.exit_code, done.stdout) == (0, "")
    assert "464" in done.stderr


def test_count_answers_as_the_contract_says():
    counted = answer("count")

    assert [counted[level] for level in ("province", "district", "commune")] == [34, 0, 3321]
    assert counted["by_type"] == {
        "xã": 2599, "phường": 709, "đặc khu": 13, "tỉnh": 25, "thành phố": 9,
    }  # fmt: skip


def test_count_of_the_last_day_of_the_districts():
    counted = answer("count", "--on", "2025-06-30")

    assert [counted[level] for level in ("province", "district", "commune")] == [63, 696, 10035]
    assert counted["by_level"]["province"] == {"tỉnh": 57, "thành phố": 6}


def test_count_shows_lines_for_people():
    assert seen("count")[:4] == [
        "Ngày 22/11/2026:",
        "  cấp tỉnh               34   25 tỉnh, 9 thành phố",
        "  cấp huyện               0",
        "  cấp xã              3.321   2.599 xã, 709 phường, 13 đặc khu",
    ]


def test_a_day_before_the_record_is_answered_with_a_remark():
    done = CliRunner().invoke(command, ["count", "--on", "2023-01-01", "--json"])

    assert json.loads(done.stdout)["on"] == "2025-03-01"
    assert "01/03/2025" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["find", " "], "Chưa có tên để tìm"),
        (["find", "Tân An", "--on", "31/2"], "31/2"),
        (["find", "Tân An", "--level", "nation"], "province"),
        (["became", "99999"], "99999"),
        (["was", "x"], "mã x"),
        (["count", "--on", "mai"], "mai"),
        (["find"], "TÊN"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(capsys, arguments, said):
    with pytest.raises(SystemExit) as end:
        main(["areas", *arguments])

    out, err = capsys.readouterr()
    assert (end.value.code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
