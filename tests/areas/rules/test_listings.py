"""Lists of units, and what differs between two."""

import pytest

from diaban.areas.rules.listings import (
    BadListing,
    Listed,
    difference,
    operations_of,
    read_listing,
    write_listing,
)
from diaban.areas.rules.operations import Kind

NOW = {
    one.code: one
    for one in [
        Listed("01", "VN", "tỉnh", "An"),
        Listed("02", "VN", "tỉnh", "Bình"),
        *(Listed(f"0100{n}", "01", "xã", f"Xã {n}") for n in range(1, 10)),
    ]
}


def changed(**lines):
    """Return the list with some lines given anew, or taken out with None."""
    then = dict(NOW)
    for code, line in lines.items():
        then.pop(code.strip("c"))
        if line is not None:
            then[line.code] = line
    return then


def test_a_list_that_is_written_reads_back():
    assert difference(NOW, read_listing(write_listing(NOW.values()))).empty


def test_names_parents_and_new_units_become_operations():
    then = changed(
        c01001=Listed("01001", "01", "phường", "Xã 1", 3),
        c01002=Listed("01002", "02", "xã", "Xã 2", 4),
    )
    then["02001"] = Listed("02001", "02", "xã", "Mới", 9)

    operations, problems = operations_of(difference(NOW, then), len(NOW))

    assert problems == []
    assert [(one.kind, one.row) for one in operations] == [
        (Kind.CREATE, 9), (Kind.RENAME, 3), (Kind.MOVE, 4),
    ]  # fmt: skip


def test_a_unit_that_is_gone_asks_what_became_of_it():
    _, problems = operations_of(difference(NOW, changed(c01009=None)), len(NOW))

    assert [problem.code for problem in problems] == ["lacking"]


def test_half_a_list_is_refused_as_half_a_list():
    half = dict(list(NOW.items())[:6])

    assert [p.code for p in operations_of(difference(NOW, half), len(NOW))[1]] == ["incomplete"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("code,parent,type\n01,VN,tỉnh\n", "thiếu cột name"),
        ("code,parent,type,name\n1,VN,tỉnh,An\n", "Dòng 2: “1” không phải mã (kể cả số 0 ở đầu)"),
        (
            "code,parent,type,name\n01,VN,tỉnh,An\n01,VN,tỉnh,Bình\n",
            "Dòng 3: mã 01 đã có ở dòng 2",
        ),
        ("code,parent,type,name\n01,VN,tỉnh,\n", "Dòng 2: mã 01 không có tên"),
        (
            "code,parent,type,name\n01001,01,xã,An\n",
            "Dòng 2: cấp trên mã 01 không có trong danh sách",
        ),
    ],
    ids=["column", "code", "twice", "name", "parent"],
)
def test_a_list_that_cannot_be_used_names_its_rows(lines, said):
    with pytest.raises(BadListing) as refusal:
        read_listing(lines)

    assert refusal.value.facts["errors"][0] == said
