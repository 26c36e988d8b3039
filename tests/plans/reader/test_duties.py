# ruff: noqa: E501 - the sentences of plans are long
"""Dates that several tasks share, lines that only go on, and duties outside the assignments."""

import pytest

from diaban.plans.reader.pdf import pdf_source
from tests.plans.reader.papers import pages_of, pdf
from tests.plans.reader.readings import plan_of, read

HEAD = (
    "UBND XÃ KHE CHÀM\nSố: 12/KH-UBND\nKhe Chàm, ngày 05 tháng 3 năm 2026\n\nKẾ HOẠCH\nPhòng, chống ma túy"
    " năm 2026\n\nCăn cứ Luật Phòng, chống ma túy, UBND xã ban hành Kế hoạch như sau:\n\n"
)
TASK = "- Rà soát, phân loại người nghiện, người sử dụng trái phép chất ma túy, người sau cai đang cư trú tại"


def plan_with(*paragraphs):
    return plan_of(HEAD + "\n\n".join(paragraphs) + "\n")


def dates_of(plan):
    return [
        [(d.date, d.bound) for d in task.deadlines]
        for given in plan.assignments
        for task in given.tasks
    ]


def test_what_stands_below_a_time_has_that_time():
    plan = plan_with(
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã",
        "- Đến hết năm 2026:",
        "+ Lập hồ sơ đưa 12 người đi cai nghiện.",
        "+ Rà soát lần cuối trước ngày 15/11/2026.",
        "- Duy trì tuần tra.",
    )

    by = ("2026-12-31", "by")
    assert dates_of(plan) == [[by], [by], [("2026-11-15", "before")], []]


@pytest.mark.parametrize("blank", ["\n", "\n\n"], ids=["line", "page"])
@pytest.mark.parametrize(
    "rest",
    ["(hoàn thành trước ngày 15/6/2026).", "15/6/2026.", "(Hoàn thành trước ngày 15/6/2026)"],
)
def test_a_line_that_only_goes_on_stays_with_its_task(blank, rest):
    words = f"{TASK} thôn" if rest[0] == "(" else f"{TASK} thôn, xong trước ngày"
    end = "." if rest[:2] == "(H" else ""
    plan = plan_with(
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã",
        f"{words}{end}{blank}{rest}",
        "- Phối hợp tuyên truyền.",
    )

    assert dates_of(plan) == [[("2026-06-15", "before")], []]


def test_what_stands_below_a_heading_with_a_time_has_that_time():
    plan = plan_with(
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã (hoàn thành trước ngày 30/4/2026)",
        "- Lập hồ sơ 12 người nghiện.",
        "- Tuần tra địa bàn (thường xuyên).",
        "2. Trạm Y tế xã",
        "- Hoàn thành trước ngày 15/5/2026 các nội dung sau:",
        "+ Khám sàng lọc.",
        "+ Cấp phát thuốc, xong trong tháng 4/2026.",
        "- Giao ban hằng tháng.",
    )

    april, may = ("2026-04-30", "before"), ("2026-05-15", "before")
    assert plan.assignments[0].units == ("Công an xã",)
    assert dates_of(plan) == [[april], [], [may], [may], [("2026-04", "on")], []]


def test_a_heading_that_only_says_by_when_is_no_body():
    plan = plan_with(
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Các nhiệm vụ hoàn thành trong quý II/2026",
        "1.1. Công an xã rà soát người nghiện.",
        "1.2. Trạm Y tế xã lập danh sách người điều trị.",
        "2. Các nhiệm vụ hoàn thành trước ngày 30/11/2026",
        "2.1. Công an xã tổ chức tổng kết.",
    )

    assert [a.unit for a in plan.assignments] == ["Công an xã", "Trạm Y tế xã", "Công an xã"]
    assert dates_of(plan) == [
        [("2026-06-30", "by")],
        [("2026-06-30", "by")],
        [("2026-11-30", "before")],
    ]


def test_the_stretch_of_a_phase_is_no_deadline_of_what_stands_below_it():
    plan = plan_with(
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã (từ ngày 01/4 đến ngày 30/6/2026)",
        "- Lập hồ sơ 12 người nghiện.",
        "2. Trạm Y tế xã: Khám sàng lọc.",
    )

    assert dates_of(plan) == [[], []]


def test_a_line_of_a_pdf_that_is_not_set_in_goes_on_however_short_the_line_above_is():
    text = "\n".join([
        "KẾ HOẠCH",
        "Phòng, chống ma túy năm 2026",
        "Căn cứ Luật Phòng, chống ma túy, Ủy ban nhân dân xã Khe Chàm ban hành Kế hoạch để tổ chức thực hiện như sau:",
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã",
        f"{TASK} các thôn của xã (hoàn thành trước ngày 15/6/2026).",
        "- Phối hợp tuyên truyền, vận động Nhân dân phát hiện, tố giác; nắm tình hình địa bàn (thường xuyên).",
    ])  # fmt: skip
    for width in range(48, 90):
        pages = [(x, y, line) for x, y, line in pages_of(text, width=width)[0]]
        (plan,) = read(pdf([pages]), "a.pdf").plans

        assert dates_of(plan) == [[("2026-06-15", "before")], []], width


def test_a_number_at_the_edge_of_a_page_that_does_not_count_pages_is_kept():
    first = [(60, 60, "Trang đầu của một kế hoạch không có số trang.")]
    second = [(290, 40, "2"), (60, 60, "Trang thứ hai của kế hoạch có số ở trên."), (60, 76, "14")]
    third = [(290, 40, "3"), (60, 60, "Trang thứ ba của kế hoạch cũng có số ở trên.")]

    lines = pdf_source(pdf([first, second, third]), "a.pdf").text.split()

    assert "14" in lines
    assert "2" not in lines
    assert "3" not in lines


def test_each_body_that_a_paragraph_gives_something_to_do_has_its_duty():
    plan = plan_with(
        "I. NHIỆM VỤ",
        "1. Kinh phí: Sử dụng dự toán năm 2026. Phòng Kinh tế hướng dẫn thủ tục trước ngày 28/5/2026.",
        "2. Đội Kiểm soát lâm sản chủ trì tuần tra tuyến rừng giáp ranh.",
        "3. Các hoạt động phải thiết thực, tiết kiệm.",
        "II. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã",
        "- Duy trì tuần tra.",
    )

    assert [(o.unit, o.role, [d.date for d in o.deadlines]) for o in plan.other_duties] == [
        ("Phòng Kinh tế", None, ["2026-05-28"]),
        ("Đội Kiểm soát lâm sản", "lead", []),
    ]


def test_named_areas_come_with_the_reason_and_without_the_other_names():
    plan = plan_with(
        "I. MỤC TIÊU",
        "1. Tập trung chuyển hóa 03 thôn trọng điểm, gồm: Khe Sú, Đá Vách và Bãi Dài xong trong quý III.",
        "2. Địa bàn biên giới: các thôn Nà Lốc, Pò Hèn.",
        "II. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã",
        "- Duy trì tuần tra.",
    )

    reason = "Tập trung chuyển hóa 03 thôn trọng điểm … xong trong quý III"
    assert [(area.name, area.why) for area in plan.named_areas] == [
        ("Khe Sú", reason),
        ("Đá Vách", reason),
        ("Bãi Dài", reason),
        ("Nà Lốc", "Địa bàn biên giới"),
        ("Pò Hèn", "Địa bàn biên giới"),
    ]


def test_the_campaign_is_the_month_of_the_plan_that_has_it_in_its_title():
    plan = plan_of(
        HEAD.replace(
            "Phòng, chống ma túy năm 2026", "Tháng hành động phòng, chống ma túy năm 2026", 1
        )
        + "I. THỜI GIAN\n\nThời gian thực hiện: từ ngày 01/6/2026 đến hết ngày 30/6/2026.\n\n"
        "II. PHÂN CÔNG NHIỆM VỤ\n\n1. Công an xã\n\n- Mở chuyên mục trong Tháng hành động phòng, chống ma túy.\n"
    )

    assert dates_of(plan) == [[("2026-06", "on")]]


def test_below_a_heading_of_several_bodies_each_item_is_for_the_one_it_begins_with():
    plan = plan_with(
        "I. PHÂN CÔNG NHIỆM VỤ",
        "1. Phòng Tham mưu; Phòng Hậu cần",
        "1.1. Phòng Tham mưu theo dõi, đôn đốc.",
        "1.2. Phòng Hậu cần bảo đảm kinh phí trước ngày 10/4/2026.",
        "2. Công an xã",
        "- Duy trì tuần tra.",
    )

    assert [(a.units, [t.quote for t in a.tasks]) for a in plan.assignments] == [
        (("Phòng Tham mưu",), ["Phòng Tham mưu theo dõi, đôn đốc."]),
        (("Phòng Hậu cần",), ["Phòng Hậu cần bảo đảm kinh phí trước ngày 10/4/2026."]),
        (("Công an xã",), ["Duy trì tuần tra."]),
    ]


def test_a_flattened_table_counts_anew_in_each_group():
    plan = plan_of(
        HEAD
        + "I. PHÂN CÔNG\n\n1. Công an xã\n\n- Duy trì tuần tra.\n\nTM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nPHỤ LỤC\n"
        "TT\nNội dung\nĐơn vị chủ trì\nThời hạn\nI\nPhòng ngừa\n1\nTuyên truyền\nTrường THCS Khe Chàm\nTháng 9/2026\n"
        "II\nĐấu tranh\n1\nRà soát người có nguy cơ\nCông an xã\n15/4/2026\n2\nKiểm tra lưu trú\nCông an xã\nThường xuyên\n"
    )

    assert [
        (a.unit, t.quote, [(d.date, d.bound) for d in t.deadlines])
        for a in plan.assignments[1:]
        for t in a.tasks
    ] == [
        ("Trường THCS Khe Chàm", "Tuyên truyền", [("2026-09", "on")]),
        ("Công an xã", "Rà soát người có nguy cơ", [("2026-04-15", "by")]),
        ("Công an xã", "Kiểm tra lưu trú", []),
    ]


def test_parts_in_words_stand_over_roman_numbers():
    plan = plan_with(
        "PHẦN THỨ NHẤT",
        "TÌNH HÌNH",
        "PHẦN THỨ HAI",
        "NỘI DUNG",
        "I. THỜI GIAN",
        "Từ 00 giờ 00 ngày 15/7/2026 đến 24 giờ 00 ngày 15/9/2026.",
        "II. PHÂN CÔNG NHIỆM VỤ",
        "1. Công an xã",
        "- Duy trì tuần tra.",
    )

    assert [(s.label, s.title) for s in plan.sections] == [
        ("I", "TÌNH HÌNH"),
        ("II", "NỘI DUNG"),
        ("II.I", "THỜI GIAN"),
        ("II.II", "PHÂN CÔNG NHIỆM VỤ"),
        ("II.II.1", "Công an xã"),
    ]
    assert (plan.metadata.period.start, plan.metadata.period.end) == ("2026-07-15", "2026-09-15")
