# ruff: noqa: E501 - the sentences of plans are long
"""Documents cited by number, and what only looks like one."""

import pytest

from diaban.plans.reader.citations import citations


def found(text):
    return [(c.number, c.date, c.issuer) for c in citations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kế hoạch số 82/KH-UBND ngày 18/4/2026 của UBND tỉnh Sông Lam về việc",
            ("82/KH-UBND", "2026-04-18", "UBND tỉnh Sông Lam"),
        ),
        (
            "Chỉ thị số 36-CT/TW, ngày 16 tháng 8 năm 2019 của Bộ Chính trị về",
            ("36-CT/TW", "2019-08-16", "Bộ Chính trị"),
        ),
        (
            "Nghị định 116/2021/NĐ-CP của Chính phủ và tổ chức tiếp nhận",
            ("116/2021/NĐ-CP", None, "Chính phủ"),
        ),
        (
            "Luật số 73/2021/QH14 ngày 30/3/2021 của Quốc hội",
            ("73/2021/QH14", "2021-03-30", "Quốc hội"),
        ),
        ("Quyết định số 5027/QĐ-BCA-C04 (ngày 05/7/2022)", ("5027/QĐ-BCA-C04", "2022-07-05", None)),
        (
            "Công văn số -CV/ĐU ngày /04/2026 của Đảng ủy xã Tân Bình về",
            (None, "2026-04", "Đảng ủy xã Tân Bình"),
        ),
        (
            "Chương trình hành động số 39-CTr/TU của Ban Thường vụ Tỉnh ủy về",
            ("39-CTr/TU", None, "Ban Thường vụ Tỉnh ủy"),
        ),
    ],
)
def test_a_citation_is_taken_apart(text, expected):
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "báo cáo Ban Chỉ đạo 138/CP, Bộ Công an",
        "Phòng CSĐTTP về ma túy (PC04) và Cục CSĐTTP về ma túy (C04)",
        "Nhà văn hóa xã, số 79 đường Nguyễn Du",
        "Luật Phòng, chống ma túy năm 2021",
        "Ban chỉ đạo 138&1523 cấp xã",
        "08/08 địa bàn, 26/26 xã, 01 lần/tháng",
        "điều trị HIV/AIDS, TP. Hải Phòng",
    ],
)
def test_names_and_codes_are_no_documents(text):
    assert found(text) == []


def test_documents_within_the_title_of_another_are_found_too():
    text = "Kế hoạch số 159/KH-UBND ngày 05/12/2019 của UBND tỉnh về việc thực hiện Chỉ thị số 36-CT/TW ngày 16/8/2019 của Bộ Chính trị"

    assert [number for number, _, _ in found(text)] == ["159/KH-UBND", "36-CT/TW"]
