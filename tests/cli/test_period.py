import json
import subprocess
import sys

import pytest

from diaban.cli import main


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as exit_:
        main(list(arguments))
    out, err = capsys.readouterr()
    return exit_.value.code, out, err


def test_period_prints_the_windows_as_json(capsys):
    code, out, err = run(capsys, "period", "2026-12-15", "--json")

    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "date": "2026-12-15",
        "month": {"label": "2027-01", "start": "2026-12-15", "end": "2027-01-14"},
        "quarter": {"label": "2027-Q1", "start": "2026-12-15", "end": "2027-03-14"},
        "half": {"label": "2027-H1", "start": "2026-12-15", "end": "2027-06-14"},
        "year": {"label": "2027", "start": "2026-12-15", "end": "2027-12-14"},
    }


def test_period_prints_a_table_for_people(capsys):
    code, out, _ = run(capsys, "period", "2026-12-14T17:30:00Z")

    assert code == 0
    assert "Ngày 15/12/2026" in out
    assert "Tháng 1/2027" in out
    assert "15/12/2026–14/01/2027" in out


def test_period_refuses_what_is_no_date_in_one_sentence(capsys):
    code, out, err = run(capsys, "period", "30/02/2026")

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "2026-12-15" in err


def test_period_loads_neither_arrays_nor_the_web():
    script = (
        "import sys, diaban.cli.period\n"
        "print([name for name in ('numpy', 'django', 'lark') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
