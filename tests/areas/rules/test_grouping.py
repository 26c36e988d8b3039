"""Lists of members, and who follows a member that ends."""

from datetime import date

import pytest

from diaban.areas.rules.grouping import (
    BadMembers,
    GroupKind,
    MemberLine,
    Passing,
    followers,
    heaviest,
    read_members,
)

HEAD = ["TT", "Mã xã", "Tên", "Từ ngày", "Đến ngày", "Căn cứ"]


def test_a_table_with_a_title_above_its_heads_is_read():
    rows = [
        ["Danh sách xã biên giới"],
        HEAD,
        ["1", "02692", "Xã  Một", "1/7/2025", "", "QĐ 1"],
        ["", "", "", "", "", ""],
        ["2", "02695", "", "2025-07-01", "31/12/2026", ""],
        ["3", "02698", "", "2025-07-01T00:00:00", "", ""],
    ]

    assert read_members(rows) == [
        MemberLine(3, "02692", "Xã Một", date(2025, 7, 1), None, "QĐ 1"),
        MemberLine(5, "02695", "", date(2025, 7, 1), date(2027, 1, 1), ""),
        MemberLine(6, "02698", "", date(2025, 7, 1), None, ""),
    ]


def test_a_table_of_codes_alone_is_enough():
    assert read_members([["ma"], ["02692"]]) == [MemberLine(2, "02692", "", None, None, "")]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([["Tên"], ["Xã Một"]], "không thấy cột “Mã”"),
        ([HEAD], "không có dòng nào"),
        ([HEAD, ["1", "", "Xã Một", "", "", ""]], "dòng 2: thiếu mã"),
        ([HEAD, ["1", "02692", "", "hôm qua", "", ""]], "dòng 2: Từ ngày “hôm qua”"),
        ([HEAD, ["1", "02692", "", "31/2/2026", "", ""]], "dòng 2: Từ ngày “31/2/2026”"),
        ([HEAD, ["1", "02692", "", "2/1/2026", "1/1/2026", ""]], "dòng 2: “Đến ngày” trước"),
        ([HEAD, ["1", "02692"], ["2", "02692"]], "dòng 3: mã 02692 đã có ở dòng 2"),
        ([HEAD, ["1", "02692", "", "", "", "x" * 301]], "dòng 2: căn cứ dài"),
    ],
)
def test_every_row_that_cannot_be_read_is_named(rows, error):
    with pytest.raises(BadMembers) as refusal:
        read_members(rows)

    assert any(error in one for one in refusal.value.facts["errors"]), refusal.value.sentence


def test_whole_units_are_followed_and_divided_ones_wait_for_a_person():
    lines = [(1, 10, False), (2, 10, False), (3, 11, True), (3, 12, True)]

    assert followers([1, 2, 3, 4], lines) == (
        [Passing(1, 10), Passing(2, 10), Passing(3, None), Passing(4, None)],
        [3, 4],
    )


def test_of_two_types_the_heavier_counts():
    assert heaviest([GroupKind.KEY_3, GroupKind.KEY_1, GroupKind.BORDER]) is GroupKind.KEY_1
    assert heaviest([GroupKind.BORDER]) is None
