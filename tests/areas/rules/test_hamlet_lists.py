"""A commune's list of hamlets, as plain rows."""

import pytest

from diaban.areas.rules.hamlet_lists import Known, Row, rows_in, work_of

KNOWN = (
    Known("98001.001", "thôn", "Một"),
    Known("98001.002", "thôn", "Hai"),
    Known("98001.003", "thôn", "Ba"),
    Known("98001.004", "thôn", "Cũ", ended=True, heir="98001.003"),
)


def work(*rows):
    return work_of([Row(number, *row) for number, row in enumerate(rows, 2)], KNOWN)


def test_the_head_may_stand_lower_and_its_columns_in_any_order():
    cells = [["Danh sách thôn"], ["TÊN", "loại", "Mã"], ["Một", "Thôn", "98001.001"], ["", "", ""]]

    rows, problems = rows_in(cells)

    assert (rows, problems) == ([Row(3, "98001.001", "thôn", "Một", "")], [])


@pytest.mark.parametrize("cells", [[], [["a", "b"]], [["Mã", "Tên"]]])
def test_a_sheet_without_its_head_is_one_problem(cells):
    rows, problems = rows_in(cells)

    assert (rows, len(problems)) == ([], 1)


def test_new_names_and_mergers_are_told_apart():
    found = work(
        ("98001.001", "thôn", "Một Mới"), ("98001.002", "thôn", "Hai", "Thôn Bốn"),
        ("", "thôn", "Bốn"),
    )  # fmt: skip

    assert found.problems == []
    assert (found.new, found.names, found.ends) == (
        [("thôn", "Bốn")], {"98001.001": ("thôn", "Một Mới")}, {"98001.002": 0},
    )  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        ("98001.001", "thôn", "Một"),
        ("", "thôn", "Một"),
        ("98001.004", "thôn", "Cũ", "98001.003"),
        ("98001.004", "thôn", "Cũ", "Thôn Ba"),
    ],
)
def test_what_is_so_already_changes_nothing(row):
    found = work(row)

    assert (found.problems, found.anything) == ([], False)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([("98001.001", "thôn", "Hai")], [2]),
        ([("98001.009", "thôn", "Lạ")], [2]),
        ([("98001.004", "thôn", "Cũ")], [2]),
        ([("98001.004", "thôn", "Cũ", "98001.001")], [2]),
        ([("", "thôn", "Năm"), ("", "thôn", "Năm")], [3]),
        ([("98001.001", "thôn", "Sáu"), ("", "thôn", "Sáu")], [2]),
        ([("98001.001", "thôn", "Một"), ("98001.001", "thôn", "Một")], [3]),
        ([("98001.001", "thôn", "Một", "98001.001")], [2]),
        ([("98001.001", "thôn", "Một", "98001.002"), ("98001.002", "thôn", "Hai", "98001.003")],
         [2]),
        ([("98001.001", "thôn", "Một", "Thôn Không Có")], [2]),
        ([("", "thôn", "Không Có", "98001.001")], [2]),
        ([("", "thôn", "…")], [2]),
        ([], [1]),
    ],
)  # fmt: skip
def test_every_row_that_is_wrong_is_named(rows, wrong):
    assert [problem.row for problem in work(*rows).problems] == wrong


def test_a_name_is_free_when_its_hamlet_ends_or_is_named_anew_in_the_same_list():
    found = work(("98001.001", "thôn", "Hai", "98001.003"), ("", "thôn", "Một"))
    other = work(("98001.001", "thôn", "Hai"), ("98001.002", "thôn", "Hai", "98001.003"))

    assert (found.problems, found.new) == ([], [("thôn", "Một")])
    assert other.problems == []
