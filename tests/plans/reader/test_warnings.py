"""What a clerk is told to look at."""

import pytest

from tests.plans.reader.invented import COMMUNE, PROVINCE, WARD
from tests.plans.reader.readings import plan_of, read


def codes(text):
    return [w.code for w in plan_of(text).warnings]


def test_a_clean_plan_has_no_warnings():
    assert codes(PROVINCE) == []
    assert codes(WARD) == []


def test_blanks_in_the_letterhead_are_told():
    reading = read(COMMUNE)
    (number, date, _) = reading.plans[0].warnings

    assert (number.code, date.code) == ("number_missing", "date_incomplete")
    assert reading.text[slice(*number.span)].split() == ["Số:", "/KH-BCĐ"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("IV. PHÂN CÔNG", "V. PHÂN CÔNG", "heading_misnumbered"),
        ("4. Đề nghị Ủy ban", "5. Đề nghị Ủy ban", "heading_misnumbered"),
        ("trước ngày 31/3/2026 và", "trước ngày 31/3/2027 và", "deadline_outside_period"),
        ("trước ngày 30/4/2026", "trước ngày 31/4/2026", "date_impossible"),
        ("trước ngày 30/4/2026", "trước ngày 30/4", "year_assumed"),
        ("ký cam kết,", "ký cam kết (ghi rõ số lượng hội viên),", "drafting_note"),
        ("ký cam kết,", "ký cam kết ………… hội viên,", "drafting_note"),
        ("Kế hoạch số 12/KH-BCA-C04", "Kế hoạch số /KH-BCA-C04", "base_number_missing"),
        ("Trần Thị Hòa Bình", "", "signer_missing"),
        ("2. Sở Y tế:", "2. Đội Tình nguyện Áo xanh:", "unit_unknown"),
        (
            "II. CHỈ TIÊU\n",
            "II. CHỈ TIÊU\n\n0. Có ít nhất 40% số xã, phường không có ma túy đến hết năm 2026.\n",
            "targets_contradict",
        ),
    ],
)
def test_what_is_odd_is_told(old, new, code):
    assert old in PROVINCE

    assert code in codes(PROVINCE.replace(old, new, 1))


def test_a_number_that_stands_twice_keeps_its_print_and_gets_its_own_label():
    text = PROVINCE.replace("IV. PHÂN CÔNG", "V. PHÂN CÔNG")

    main = [(s.label, s.marker) for s in plan_of(text).sections if s.level == 1]

    assert main == [("I", "I"), ("II", "II"), ("III", "III"), ("IV", "V"), ("V", "V")]
    assert codes(text).count("heading_misnumbered") == 1


def test_what_is_absent_is_told_at_the_title():
    bare = PROVINCE[PROVINCE.index("KẾ HOẠCH") :]
    reading = read(bare)
    told = {w.code: w.span for w in reading.plans[0].warnings}

    assert {"number_missing", "date_missing"} <= set(told)
    for code in ("number_missing", "date_missing"):
        assert reading.text[slice(*told[code])] == "KẾ HOẠCH"
