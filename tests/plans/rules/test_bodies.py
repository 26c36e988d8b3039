"""Which body a plan means."""

import pytest

from diaban.areas.rules.levels import Level
from diaban.plans.rules.bodies import Mass, body_key, group_key, is_rest, kind_of, mass_of

PLACES = ("Sông Lam", "Tỉnh Sông Lam")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("UBND tỉnh", "Ủy ban nhân dân tỉnh Sông Lam"),
        ("Ủy ban MTTQ Việt Nam tỉnh", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Sông Lam"),
        ("TAND tỉnh", "Toà án nhân dân tỉnh Sông Lam"),
        ("Báo và Phát thanh, Truyền hình tỉnh", "Báo và Phát thanh, Truyền hình Sông Lam"),
        ("Sở Y tế", "Sở Y tế tỉnh Sông Lam"),
    ],
)
def test_two_ways_to_write_one_body(one, other):
    assert body_key(one, PLACES) == body_key(other, PLACES)


def test_two_bodies_stay_two():
    assert body_key("Công an tỉnh", PLACES) != body_key("Tòa án nhân dân tỉnh", PLACES)
    assert body_key("Sở Y tế", PLACES) != body_key("Sở Nội vụ", PLACES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ủy ban nhân dân các xã, phường", Mass(Level.COMMUNE, "ubnd")),
        ("UBND 98 xã, phường, thị trấn", Mass(Level.COMMUNE, "ubnd")),
        ("UBND cấp xã", Mass(Level.COMMUNE, "ubnd")),
        ("Công an các xã, phường", Mass(Level.COMMUNE, "cong-an")),
        ("UBND 17 xã biên giới", Mass(Level.COMMUNE, "ubnd", "xa bien gioi")),
        ("Các thôn, tổ dân phố", Mass(Level.HAMLET, "thon")),
        ("Ủy ban nhân dân tỉnh", None),
        ("Công an tỉnh", None),
        ("Các sở, ban, ngành", None),
    ],
)
def test_a_mass_is_told_from_one_body(name, expected):
    assert mass_of(name) == expected


def test_a_group_is_found_with_or_without_its_number():
    assert group_key("đối với 17 xã biên giới") == group_key("17 xã biên giới") == "xa bien gioi"
    assert is_rest("các xã, phường còn lại")
    assert not is_rest("17 xã biên giới")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Công an tỉnh", "police"),
        ("Tòa án nhân dân tỉnh", "court"),
        ("Viện kiểm sát nhân dân", "prosecution"),
        ("Ủy ban MTTQ Việt Nam tỉnh", "front"),
        ("Hội Liên hiệp Phụ nữ tỉnh", "union"),
        ("Ban Chỉ huy Bộ đội Biên phòng", "military"),
        ("Sở Nội vụ", "department"),
    ],
)
def test_the_kind_of_a_new_body(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Sở Lao động - Thương binh và Xã hội", "department"),
        ("Phòng Văn hóa - Xã hội", "department"),
        ("Bảo hiểm xã hội tỉnh", "department"),
        ("Liên đoàn Lao động tỉnh", "union"),
        ("Hội Nông dân tỉnh", "union"),
        ("Phòng Cảnh sát điều tra, Công an tỉnh", "police"),
    ],
)
def test_a_department_is_ordered_whatever_its_field_is_called(name, kind):
    assert kind_of(name) == kind
