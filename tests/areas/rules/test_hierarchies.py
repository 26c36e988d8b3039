"""Lists of posts: read whole or refused with every entry named."""

from datetime import date

import pytest

from diaban.areas.rules.hierarchies import BadHierarchy, Sector, charges_after, read_hierarchy

GOOD = """
tree = "border-guard"
title = "Bộ đội Biên phòng"
valid_from = 2026-01-01
basis = "Quyết định thử"

[[sector]]
code = "BP-98-01"
above = "BP-98"
type = "Đồn biên phòng"
name = "Thượng"
communes = ["98001", "98002"]

[[sector]]
code = "BP-98"
type = "ban chỉ huy bộ đội biên phòng"
name = "tỉnh Thử Nghiệm"
"""


def test_bodies_above_stand_before_those_below():
    found = read_hierarchy(GOOD)

    assert (found.tree, found.title, found.valid_from) == (
        "border-guard", "Bộ đội Biên phòng", date(2026, 1, 1),
    )  # fmt: skip
    assert found.sectors == (
        Sector("BP-98", "ban chỉ huy bộ đội biên phòng", "tỉnh Thử Nghiệm", "", ()),
        Sector("BP-98-01", "đồn biên phòng", "Thượng", "BP-98", ("98001", "98002")),
    )


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('"border-guard"', '"administrative"', "tree phải là"),
        ('"Bộ đội Biên phòng"', '""', "thiếu title"),
        ("2026-01-01", '"hôm nay"', "thiếu valid_from"),
        ('basis = "Quyết định thử"', "", "thiếu basis"),
        ('code = "BP-98"', 'code = "98"', "mục 2: mã “98” phải có dạng"),
        ('code = "BP-98"', 'code = "BP-98-01"', "mã BP-98-01 có 2 lần"),
        ('above = "BP-98"', 'above = "BP-97"', "BP-98-01: cấp trên BP-97 không có"),
        ('above = "BP-98"', 'above = "BP-98-01"', "BP-98-01: cấp trên tự vòng"),
        ('"98002"]', "98002]", "mục 1: communes phải là"),
        ('"98002"]', '"98001"]', "xã 98001 giao cho cả BP-98-01 và BP-98-01"),
        ('name = "Thượng"', 'naam = "Thượng"', "mục 1: không biết naam"),
        ("[[sector]]", "[[post]]", "không có mục [[sector]] nào"),
        ("tree =", "tree", "tệp không phải TOML"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_guessed(old, new, error):
    with pytest.raises(BadHierarchy) as refusal:
        read_hierarchy(GOOD.replace(old, new))

    assert any(error in one for one in refusal.value.facts["errors"]), refusal.value.sentence


@pytest.mark.parametrize(
    ("charge", "lines", "after", "meeting"),
    [
        ({1: 7}, [(1, 9)], {9: 7}, {}),
        ({1: 7}, [(1, 8), (1, 9)], {8: 7, 9: 7}, {}),
        ({1: 7, 2: 7}, [(1, 2)], {}, {}),
        ({1: 7, 2: 6}, [(1, 9), (2, 9)], {}, {9: frozenset({6, 7})}),
        ({1: 7, 2: 6}, [(1, 2)], {}, {2: frozenset({6, 7})}),
        ({1: 7}, [(1, 9), (3, 9)], {9: 7}, {}),
        ({1: 7}, [(3, 9)], {}, {}),
    ],
    ids=["whole", "divided", "own", "two new", "two own", "nobody beside", "untouched"],
)
def test_a_body_goes_on_with_its_land(charge, lines, after, meeting):
    assert charges_after(charge, lines) == (after, meeting)
