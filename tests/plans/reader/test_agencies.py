"""Names of bodies: where they end, and how a list of them is cut."""

import pytest

from diaban.plans.reader.agencies import (
    is_request,
    known_spelling,
    split_units,
    unit_at_start,
    without_ask,
)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Công an tỉnh Sông Lam chủ trì", "Công an tỉnh Sông Lam"),
        (
            "Các sở, ban, ngành, đoàn thể còn lại tổ chức tuyên truyền",
            "Các sở, ban, ngành, đoàn thể còn lại",
        ),
        ("Đề nghị Toà án nhân dân tỉnh phối hợp", "Đề nghị Toà án nhân dân tỉnh"),
        ("Sở Văn hoá - Thể thao và Du lịch: Chỉ đạo", "Sở Văn hoá - Thể thao và Du lịch"),
        ("UBND các xã, phường, đặc khu ban hành", "UBND các xã, phường, đặc khu"),
        ("Phòng Văn hóa - Xã hội xã phối hợp", "Phòng Văn hóa - Xã hội xã"),
        ("UỶ BAN MTTQ Việt Nam xã Bình Phú", "UỶ BAN MTTQ Việt Nam xã Bình Phú"),
    ],
)
def test_a_name_ends_where_the_sentence_goes_on(text, name):
    end = unit_at_start(text)

    assert end is not None
    assert text[:end] == name


@pytest.mark.parametrize(
    "text",
    [
        "Báo cáo năm",
        "Bảo đảm an ninh",
        "Ban hành kế hoạch",
        "Phòng ngừa xã hội",
        "Rà soát",
        "công khai",
        "Hội nghị",
    ],
)
def test_ordinary_words_are_no_bodies(text):
    assert unit_at_start(text) is None


@pytest.mark.parametrize(
    ("text", "units"),
    [
        (
            "Đài Phát thanh - Truyền hình tỉnh, Báo Sông Lam",
            ("Đài Phát thanh - Truyền hình tỉnh", "Báo Sông Lam"),
        ),
        ("Sở Văn hóa, Thể thao và Du lịch", ("Sở Văn hóa, Thể thao và Du lịch",)),
        (
            "Các sở, ban, ngành cấp tỉnh; UBND các xã, phường",
            ("Các sở, ban, ngành cấp tỉnh", "UBND các xã, phường"),
        ),
        (
            "Bộ Chỉ huy Bộ đội Biên phòng tỉnh, Cảnh sát biển và Chi cục Hải quan khu vực III",
            ("Bộ Chỉ huy Bộ đội Biên phòng tỉnh", "Cảnh sát biển", "Chi cục Hải quan khu vực III"),
        ),
        ("Văn phòng HĐND và UBND xã", ("Văn phòng HĐND và UBND xã",)),
        (
            "Ủy ban MTTQ và các tổ chức chính trị - xã hội",
            ("Ủy ban MTTQ", "các tổ chức chính trị - xã hội"),
        ),
        ("Công an xã; Ủy ban MTTQ Việt Nam xã", ("Công an xã", "Ủy ban MTTQ Việt Nam xã")),
    ],
)
def test_a_list_of_bodies_is_cut_between_names_only(text, units):
    assert split_units(text) == units


def test_asking_is_told_from_ordering():
    assert is_request("Đề nghị Viện Kiểm sát nhân dân tỉnh")
    assert not is_request("Giao Công an tỉnh")
    assert without_ask("Đề nghị Viện Kiểm sát nhân dân tỉnh") == "Viện Kiểm sát nhân dân tỉnh"
    assert without_ask("Trách nhiệm của Công an xã") == "Công an xã"
    assert without_ask("Giáo viên chủ nhiệm") == "Giáo viên chủ nhiệm"
    assert without_ask("Mỗi chi hội") == "Mỗi chi hội"


def test_a_name_in_capitals_is_spelled_as_the_list_spells_it():
    assert known_spelling("BỘ CHỈ HUY QUÂN SỰ") == "Bộ Chỉ huy Quân sự"
    assert known_spelling("BAN CHỈ ĐẠO 138") == "Ban Chỉ đạo 138"
    assert known_spelling("TỔ HỢP TÁC") is None
