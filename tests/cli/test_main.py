"""The command itself: help in two languages, and one sentence for a wrong line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import diaban


def run(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "diaban", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
    )
    assert "Traceback" not in done.stderr
    return done


def test_without_a_command_it_says_which_there_are():
    done = run()

    assert done.returncode == 2
    assert "Cách dùng: diaban" in done.stderr
    assert "read" in done.stderr


def test_it_knows_its_version():
    done = run("--version")

    assert (done.returncode, done.stdout) == (0, f"diaban {diaban.__version__}\n")


def test_help_is_vietnamese_and_english_by_switch():
    assert "Đọc" in run("read", "--help").stdout
    assert "Read a plan document" in run("--lang", "en", "read", "--help").stdout


def test_no_clock_is_listed_before_there_is_one():
    assert "clock" not in run("--help").stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "Không có lệnh này"),
        (["period"], "Thiếu"),
        (["period", "2026-13-01"], "không phải ngày"),
        (["serve", "--port", "99999"], "--port"),
        (["period", "2026-01-01", "--colour"], "Không có tùy chọn --colour"),
        (["assess", "lao-cai-2023"], "--data"),
        (["read", "/nowhere/plan.docx"], "plan.docx"),
        (["areas", "diff", "/nowhere/list.csv"], "Không mở được tệp “/nowhere/list.csv”."),
    ],
)
def test_a_wrong_line_is_one_sentence_and_exit_2(arguments, said):
    done = run(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_help_below_a_group_is_english_too():
    assert "became" in run("--lang", "en", "areas", "--help").stdout
    assert "Say what the unit of a code became" in run("--lang", "en", "areas", "--help").stdout


def test_a_bug_is_a_sentence_and_a_file_and_not_a_trace(monkeypatch, capsys):
    from diaban import cli

    monkeypatch.setattr(cli.group, "main", lambda **_: 1 / 0)

    with pytest.raises(SystemExit) as ended:
        cli.main(["period", "2026-01-01"])

    said = capsys.readouterr().err
    assert ended.value.code == 70
    assert "Traceback" not in said
    kept = re.search(r"\S*diaban-loi-\S+\.txt", said)[0]
    assert "ZeroDivisionError" in Path(kept).read_text(encoding="utf-8")
    Path(kept).unlink()


@pytest.mark.parametrize(
    "arguments",
    [
        ("--lang", "en", "period", "x"),
        ("period", "x", "--lang", "en"),
        ("period", "--lang=en", "x"),
    ],
)
def test_a_refusal_is_english_by_switch_wherever_the_switch_stands(arguments):
    done = run(*arguments)

    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("This is no date.")
    assert "“x” không phải ngày" in done.stderr
