"""Targets: figures that a plan wants to reach, with the words they stand in."""

import pytest

from diaban.plans.reader.targets import figures


@pytest.mark.parametrize(
    "quote",
    [
        "Xây dựng 06 bản không ma túy (60%), gồm: Nà Phạ",
        "Duy trì 12/12 bản (100%) ký cam kết",
    ],
)
def test_a_bare_figure_in_brackets_keeps_the_words_around_it(quote):
    text = f"{quote}."

    found = figures(text)

    assert [text[one.clause[0] : one.clause[1]] for one in found] == [quote, quote]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hỗ trợ vay vốn cho 45 hộ gia đình.", [("==", "45", "hộ gia đình")]),
        ("Không ít hơn 60% số người được học nghề.", [(">=", "60", "%")]),
        ("Kéo giảm từ 2 đến 3 người nghiện.", [(">=", "2", "người")]),
        ("Gặp gỡ ít nhất 02 lần, đối chiếu sổ sách.", [(">=", "2", "lần")]),
        ("Lập ít nhất 07 hồ sơ.", [(">=", "7", "hồ sơ")]),
        ("Tuyên truyền, riêng khu phố có trên 500 hộ làm sau.", []),
        ("Tập huấn đối với 26 xã.", []),
        ("Mỗi tháng ít nhất một lần sinh hoạt nhóm.", [(">=", "1", "lần")]),
        ("Tàu cá có chiều dài từ 15 mét trở lên ký cam kết.", []),
        ("Đến hết năm 2026: 02 bản ra khỏi danh sách trọng điểm.", [("==", "2", "bản")]),
        ("Duy trì điều trị cho 1.150 bệnh nhân.", [("==", "1150", "bệnh nhân")]),
        (
            "Thực hiện 250 m2 pa nô, 80 băng rôn.",
            [("==", "250", "m2 pa nô"), ("==", "80", "băng rôn")],
        ),
        ("Trong tháng 6/2026 tổ chức đồng loạt.", []),
    ],
)
def test_what_is_counted_and_how_it_binds(text, expected):
    assert [(one.comparator, one.value, one.unit) for one in figures(text)] == expected
