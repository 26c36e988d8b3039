"""Rules as data: what they say, when they are silent, and which files are refused."""

import pytest

from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.parts import part_checks
from diaban.indicators.rules.validation import (
    BadChecks,
    Returns,
    builtin_checks,
    evaluate,
    load_checks,
)


def said(now, before=None, values=None, forms=None, only=None):
    """Return (rule, row, sentence) for one hamlet's row and the commune's values."""
    checks = [one for one in builtin_checks() if only is None or one.id == only]
    returns = Returns(
        {"values": values or {}, "hamlets": {"h1": now}},
        None if before is None else {"values": {}, "hamlets": {"h1": before}},
        forms or {},
    )
    return [(one.rule, one.row, one.sentence) for one in evaluate(checks, returns)]


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        (611, 542, "611, kỳ trước 542, tăng 12,7%."),
        (88, 101, "88, kỳ trước 101, giảm 12,8%."),
        (1_120, 1_000, None),
        (1_121, 1_000, "1.121, kỳ trước 1.000, tăng 12,1%."),
        (12, 3, None),
        (13, 3, "13, kỳ trước 3, tăng 333,3%."),
        (10, 0, "10, kỳ trước 0, tăng 10."),
        (9, 0, None),
        (0, 0, None),
        (None, 542, None),
        ("-", 542, None),
        ("KAD", 542, None),
        (611, None, None),
    ],
)
def test_a_swing_is_asked_about_from_its_bounds_on(now, before, sentence):
    found = said(
        {"population_resident": now}, {"population_resident": before}, only="population_swing"
    )

    assert found == ([("population_swing", "h1", sentence)] if sentence else [])


@pytest.mark.parametrize(("given", "found"), [(0, 0), (1, 0), (2, 1), (None, 0), ("-", 0)])
def test_a_hamlet_has_its_box_once_or_not(given, found):
    assert len(said({"hamlets_with_box_and_board": given}, only="box_once")) == found


CROSS_LEVEL = [
    # The commune's cell, the hamlets' column and what they have, the largest that is right.
    ("addicts_with_file", "addicts", (2, 1), 3),
    ("addicts_in_substitution", "addicts_present", (2, 0), 2),
    ("users_present_with_file", "users_present", (0, 0), 0),
    ("on_file", "population_resident", (400, 300), 700),
    ("hamlets_informed", "households", (100, 100), 2),
]


@pytest.mark.parametrize(("code", "column", "rows", "most"), CROSS_LEVEL)
def test_a_communes_cell_is_held_against_its_hamlets(code, column, rows, most):
    checks = part_checks("thang", [code], [column], builtin_catalogue())
    hamlets = {f"h{number}": {column: value} for number, value in enumerate(rows)}

    fits = evaluate(checks, Returns({"values": {code: most}, "hamlets": hamlets}))
    (found,) = evaluate(checks, Returns({"values": {code: most + 1}, "hamlets": hamlets}))

    assert fits == ()
    assert (found.row, found.code, found.level) == ("", code, "error")
    assert f"({most + 1})" in found.sentence


def test_a_hamlet_without_a_number_leaves_the_sum_silent():
    checks = part_checks("thang", ["addicts_with_file"], ["addicts"], builtin_catalogue())
    hamlets = {"h1": {"addicts": 1}, "h2": {"addicts": None}}

    found = evaluate(checks, Returns({"values": {"addicts_with_file": 9}, "hamlets": hamlets}))

    assert found == ()


def test_spots_add_up_with_last_period():
    checks = [one for one in builtin_checks() if one.id == "hotspots_add_up"]
    values = {"hotspots_open": 5, "hotspots_opened": 2, "hotspots_cleared": 1}
    now = {"values": values, "hamlets": {}}

    (found,) = evaluate(checks, Returns(now, {"values": {"hotspots_open": 3}, "hamlets": {}}))

    assert (found.row, found.code, found.level) == ("", "hotspots_open", "warning")
    assert "5 điểm" in found.sentence
    assert "là 4." in found.sentence
    assert evaluate(checks, Returns(now, {"values": {"hotspots_open": 4}, "hamlets": {}})) == ()
    assert evaluate(checks, Returns(now)) == ()


def test_another_form_of_the_same_period_can_be_asked(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        '[[rule]]\nid = "across"\nform = "thang"\nrow = "commune"\nlevel = "error"\n'
        'at = "schools"\nleft = ["schools"]\nop = "="\nright = ["quy:schools"]\n'
        'text = "{left} khác {right}."\n',
        encoding="utf-8",
    )
    now = {"values": {"schools": 3}, "hamlets": {}}
    other = {"values": {"schools": 4}, "hamlets": {}}

    (found,) = evaluate(load_checks(path), Returns(now, None, {"quy": other}))

    assert found.sentence == "3 khác 4."


def test_a_part_above_its_whole_follows_from_the_catalogue():
    checks = part_checks("thang", [], ["households", "households_committed"], builtin_catalogue())
    rows = {"h1": {"households": 121, "households_committed": 128}, "h2": {"households": 5}}

    (found,) = evaluate(checks, Returns({"values": {}, "hamlets": rows}))

    assert found.name == "households_committed.h1"
    assert found.sentence == (
        "Số hộ ký cam kết (128) lớn hơn số hộ gia đình (121). Sửa một trong hai số."
    )


@pytest.mark.parametrize("check", builtin_checks(), ids=lambda check: check.id)
def test_every_rule_asks_about_indicators_of_the_catalogue(check):
    terms = (*check.left, *(check.right if isinstance(check.right, tuple) else ()))

    assert {check.at, *(term.code for term in terms)} <= set(builtin_catalogue())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[[rule]]\nid = 'a'\n", "form"),
        ("[[rule]]\nid='a'\nform='t'\nrow='x'\nlevel='error'\nat='b'\ntext=''\n", "'x'"),
        ("[[rule]]\nid='a'\nform='t'\nrow='hamlet'\nlevel='error'\nat='b'\ntext=''\n", "cần left"),
        ("[[rule]", "không đọc được"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused_with_the_reason(tmp_path, text, word):
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadChecks) as refusal:
        load_checks(path)

    assert word in refusal.value.sentence
    assert str(path) in refusal.value.sentence
