import json
import random
import subprocess
import sys

import pytest

from diaban.cli import main
from diaban.recognition.rules.set_files import builtin_ids, builtin_set

HEADING = "area;period;indicator;value\n"
QUIET = {
    "on_file": "60",
    "population_resident": "10.000",
    "use_points_open": "1",
    "offenders_arrested": "7",
    "plants_destroyed": "4.000",
    "plant_area_destroyed_m2": "749.999",
    "on_key_route": "không",
}

OWN = """
id = "xa-mau-2026"
title = "Thôn an toàn"
level = "hamlet"
period = "year"
issuer = "Ủy ban nhân dân xã Mẫu"
number = "12/KH-UBND"
date = "2026-03-02"
valid_from = 2026-03-02
source = "Kế hoạch 12/KH-UBND, mục II"

[[criteria]]
id = "a"
label = "Hộ ký cam kết"
statement = "Chín phần mười số hộ ký cam kết."
source = "mục II.1"
formula = "households_committed / households >= 90%"
"""


@pytest.fixture
def run(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as exit_:
            main(["assess", *map(str, arguments)])
        out, err = capsys.readouterr()
        return exit_.value.code, out, err

    return run


@pytest.fixture
def table(tmp_path):
    def write(figures, area="00123", period="2026"):
        path = tmp_path / "so-lieu.csv"
        rows = (f"{area};{period};{code};{value}\n" for code, value in figures.items())
        path.write_text(HEADING + "".join(rows), encoding="utf-8")
        return path

    return write


def test_assess_prints_json(run, table):
    path = table({"households": "1.000", "households_committed": "984"})

    code, out, err = run("lao-cai-2023", "--data", path, "--json")

    assert (code, err) == (0, "")
    (found,) = json.loads(out)
    assert (found["area"], found["outcome"]) == ("00123", "not_met")
    by_id = {one["id"]: one for one in found["criteria"]}
    assert list(by_id) == ["1", "2", "3a", "3b", "3c", "4", "5a", "5b", "6"]
    assert by_id["5a"]["reason"] == "Còn 16 hộ chưa ký cam kết (984/1.000)."
    assert by_id["6"]["status"] == "missing"


def test_assess_prints_a_table_for_people(run, table):
    code, out, _ = run("qd-28-2025-commune", "--data", table(QUIET))

    assert code == 0
    assert "Địa bàn 00123, năm 2026: CHƯA PHẢI ĐỊA BÀN KHÔNG MA TÚY" in out
    assert "theo nguyên văn – Không thuộc" not in out
    assert "cộng dồn – Trọng điểm loại II" in out
    assert "✗ k3  chưa đạt  Không điểm sử dụng. Còn 1 điểm" in out
    assert "✓ 1a  có" in out


def test_measures_are_numbers_in_json(run, table):
    _, out, _ = run("qd-28-2025-commune", "--data", table(QUIET), "--json")

    operands = next(c for c in json.loads(out)[0]["criteria"] if c["id"] == "1d")["operands"]
    assert operands == {"plants_destroyed": 4000, "plant_area_destroyed_m2": 749.999}


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        ("literal", {"literal": "type_3", "cumulative": None, "agreed": "type_3"}),
        ("cumulative", {"literal": None, "cumulative": "type_2", "agreed": "type_2"}),
        ("both", {"literal": "type_3", "cumulative": "type_2", "agreed": None}),
    ],
)
def test_a_reading_can_be_chosen(run, table, reading, found):
    quiet = QUIET | {"plant_area_destroyed_m2": "0"}
    _, out, _ = run("qd-28-2025-commune", "--data", table(quiet), "--reading", reading, "--json")

    answer = json.loads(out)[0]["class"]
    assert answer == found | {"needs_decision": reading == "both"}


@pytest.mark.parametrize("name", builtin_ids())
def test_every_set_can_be_assessed_on_a_silent_area(run, table, name):
    path = table({"households": ""})

    code, out, _ = run(name, "--data", path, "--json")

    (found,) = json.loads(out)
    assert (code, found["outcome"]) == (0, "undetermined")
    assert {one["status"] for one in found["criteria"]} == {"missing"}


def test_an_unknown_set_is_refused_with_the_known_ones(run, table):
    code, out, err = run("lao-cai", "--data", table(QUIET))

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(name in err for name in builtin_ids())


def test_bad_rows_are_listed_and_nothing_is_assessed(run, table):
    path = table({"households": "1,5", "househods": "3", "schools": "5"})

    code, out, err = run("lao-cai-2023", "--data", path, "--json")

    assert (code, out) == (2, "")
    assert str(path) in err
    assert "dòng 2, cột value" in err
    assert "dòng 3, cột indicator" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("option", [("--area", "99999"), ("--period", "2031")])
def test_what_is_not_in_the_table_is_refused(run, table, option):
    code, out, err = run("lao-cai-2023", "--data", table(QUIET), *option)

    assert (code, out) == (2, "")
    assert option[1] in err


def test_a_file_that_is_not_there_is_refused(run, tmp_path):
    code, out, err = run("lao-cai-2023", "--data", tmp_path / "khong-co.csv")

    assert (code, out) == (2, "")
    assert "khong-co.csv" in err


def test_a_period_outside_the_sets_life_is_noted(run, table):
    code, _, err = run("vinh-linh-2023", "--data", table({"schools": "1"}))

    assert code == 0
    assert "có hiệu lực từ 01/05/2023 đến trước 01/01/2026, không gồm kỳ 2026" in err


@pytest.mark.parametrize("way", ["option", "environment", "file"])
def test_a_set_of_ones_own(run, table, tmp_path, monkeypatch, way):
    folder = tmp_path / "bo-tieu-chi"
    folder.mkdir()
    (folder / "xa-mau.toml").write_text(OWN, encoding="utf-8")
    path = table({"households": "10", "households_committed": "9"})
    options = ["--sets", folder / "xa-mau.toml" if way == "file" else folder]
    if way == "environment":
        monkeypatch.setenv("DIABAN_SETS", str(folder))
        options = []

    code, out, _ = run("xa-mau-2026", "--data", path, *options, "--json")

    assert code == 0
    assert json.loads(out)[0]["outcome"] == "met"


def test_a_bad_set_of_ones_own_is_refused(run, table, tmp_path):
    own = tmp_path / "xa-mau.toml"
    own.write_text(OWN.replace("households >=", "househods >="), encoding="utf-8")

    code, out, err = run("xa-mau-2026", "--data", table({}), "--sets", own)

    assert (code, out) == (2, "")
    assert str(own) in err
    assert "househods" in err


def test_the_order_of_rows_changes_no_result(run, tmp_path):
    rows = [
        f"{area};2026;{code};{number % 3}\n"
        for area in ("a", "b", "c")
        for number, code in enumerate(builtin_set("vinh-linh-2023").codes)
    ]
    random.Random(3).shuffle(shuffled := rows.copy())
    found = []
    for order in (rows, shuffled):
        path = tmp_path / "so-lieu.csv"
        path.write_text(HEADING + "".join(order), encoding="utf-8")
        _, out, _ = run("vinh-linh-2023", "--data", path, "--json")
        found.append(sorted(json.loads(out), key=lambda one: one["area"]))

    assert [one["area"] for one in found[0]] == ["a", "b", "c"]
    assert found[0] == found[1]


def test_assess_loads_neither_arrays_nor_the_web():
    script = (
        "import sys, diaban.cli.assess\n"
        "print([name for name in ('numpy', 'django', 'python_calamine') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
