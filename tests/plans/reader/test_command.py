# ruff: noqa: E501 - the sentences of plans are long
"""`diaban read`: the contract's JSON, the page for a person, the exit codes."""

import json
import re

import pytest
from click.testing import CliRunner

from diaban.cli import main
from tests.plans.reader.invented import COMMUNE, PROVINCE, WARD
from tests.plans.reader.papers import docx_of
from tests.shared import SHARED, needs_shared

KEYS = {
    "metadata",
    "bases",
    "sections",
    "criteria",
    "targets",
    "assignments",
    "reports",
    "phases",
    "events",
    "recurring_activities",
    "named_areas",
    "recipients",
    "warnings",
}


def run(capfdbinary, *arguments):
    with pytest.raises(SystemExit) as end:
        main(["read", *map(str, arguments)])
    out, err = capfdbinary.readouterr()
    return end.value.code, out.decode(), err.decode()


def saved(tmp_path, text, name="ke-hoach.txt"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_json_has_the_keys_of_the_contract(capfdbinary, tmp_path):
    code, out, err = run(capfdbinary, saved(tmp_path, PROVINCE), "--json")

    document = json.loads(out)
    assert (code, err, document["source"]) == (0, "", "ke-hoach.txt")
    assert set(document["plans"][0]) >= KEYS
    assert "Công an tỉnh" in out


def test_json_of_a_docx_is_that_of_its_text(capfdbinary, tmp_path):
    _, plain, _ = run(capfdbinary, saved(tmp_path, PROVINCE), "--json")
    _, word, _ = run(capfdbinary, saved(tmp_path, docx_of(PROVINCE), "a.docx"), "--json")

    bare = [re.sub(r'"span": \[.*?\]', "", text, flags=re.S) for text in (plain, word)]
    assert bare[1] == bare[0].replace("ke-hoach.txt", "a.docx")


def test_text_is_what_spans_index(capfdbinary, tmp_path):
    path = saved(tmp_path, WARD, "p.md")
    _, out, _ = run(capfdbinary, path, "--json")
    _, text, _ = run(capfdbinary, path, "--text")

    for target in json.loads(out)["plans"][0]["targets"]:
        start, end = target["span"]
        assert " ".join(text[start:end].split()) == target["quote"]


def test_without_an_option_a_person_can_read_it(capfdbinary, tmp_path):
    code, out, _ = run(capfdbinary, saved(tmp_path, COMMUNE))

    assert code == 0
    assert "AI LÀM GÌ, ĐẾN KHI NÀO" in out
    assert (
        "[chủ trì] Lễ phát động → vào 1/6/2026; phối hợp: Phòng Văn hóa - Xã hội, Đoàn Thanh niên xã"
        in out
    )
    assert "! Văn bản chưa có số." in out


def test_standard_input_is_read_as_a_dash(monkeypatch):
    from diaban.cli.read import command

    result = CliRunner().invoke(command, ["-", "--json"], input=PROVINCE.encode())

    assert json.loads(result.stdout_bytes)["source"] == "đầu vào chuẩn"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "không có chữ nào"),
        ("BÁO CÁO\nKết quả\n\nI. TÌNH HÌNH\n".encode(), "Báo cáo"),
        (b"%PDF-1.4 hong", "bị hỏng"),
    ],
    ids=["empty", "report", "broken"],
)
def test_a_refusal_is_one_sentence_and_exit_code_two(capfdbinary, tmp_path, data, words):
    name = "tep.pdf" if data.startswith(b"%PDF") else "tep.txt"

    code, out, err = run(capfdbinary, saved(tmp_path, data, name), "--json")

    assert (code, out) == (2, "")
    assert err.startswith(f"{name}: ")
    assert words in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_named(capfdbinary, tmp_path):
    code, _, err = run(capfdbinary, tmp_path / "khong-co.txt")

    assert code == 2
    assert "khong-co.txt: không mở được tệp" in err


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("seed", ["000", "001", "002", "003", "004"])
def test_every_agency_of_a_real_plan_is_given(capfdbinary, seed):
    path = next((SHARED / "seeds").glob(f"{seed}_*.txt"))
    expected = {"000": [11], "001": [15], "002": [5], "003": [18, 7], "004": [18]}

    _, out, _ = run(capfdbinary, path, "--json")

    assert [len(plan["assignments"]) for plan in json.loads(out)["plans"]] == expected[seed]
