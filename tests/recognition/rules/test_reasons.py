from decimal import Decimal

import pytest

from diaban.core.numbers import Absence
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.recognition.rules.engine import Figures, judge
from diaban.recognition.rules.formulas import parse
from diaban.recognition.rules.reasons import Sense, reason

CATALOGUE = builtin_catalogue()


def said(text, *, sense=Sense.GOOD, before=None, label_before="2025", months=(), **now):
    figures = Figures("2026", now, label_before, before or {}, tuple(months))
    return reason(judge(parse(text, CATALOGUE), figures, CATALOGUE), CATALOGUE, sense)


@pytest.mark.parametrize(
    ("text", "now", "sentence"),
    [
        (
            "households_committed / households >= 100%",
            {"households_committed": 984, "households": 1000},
            "Còn 16 hộ chưa ký cam kết (984/1.000).",
        ),
        (
            "households_committed / households >= 100%",
            {"households_committed": 1000, "households": 1000},
            "Đủ 1.000/1.000 hộ ký cam kết.",
        ),
        (
            "households_committed / households >= 100%",
            {"households_committed": 120, "households": 100},
            "Số hộ ký cam kết (120) lớn hơn số hộ gia đình (100), cần kiểm tra lại số liệu.",
        ),
        (
            "households_committed / households >= 100%",
            {"households_committed": 0, "households": 0},
            "Số hộ gia đình bằng 0, cần kiểm tra lại số liệu.",
        ),
        (
            "households_committed / households >= 100%",
            {"households_committed": 984},
            "Chưa có số liệu: số hộ gia đình.",
        ),
        (
            "households_committed / households >= 100%",
            {},
            "Chưa có số liệu: số hộ ký cam kết, số hộ gia đình.",
        ),
        (
            "schools_informed / schools >= 100%",
            {"schools_informed": Absence.NOT_APPLICABLE, "schools": Absence.NOT_YET},
            "Chưa có số liệu: số cơ sở giáo dục; không áp dụng cho địa bàn: "
            "số cơ sở giáo dục được tuyên truyền.",
        ),
        (
            "addicts_with_file / addicts >= 100%",
            {"addicts_with_file": 0, "addicts": 0},
            "Không có người nghiện ma túy nên tiêu chí coi như đạt.",
        ),
        (
            "addicts_present / addicts >= 100%",
            {"addicts_present": 3, "addicts": 5},
            "Mới có 3/5 người nghiện có mặt tại địa bàn, còn thiếu 2.",
        ),
        (
            "on_file_reached_services / on_file > 80%",
            {"on_file_reached_services": 7, "on_file": 12},
            "Mới đạt 58,33 % (7/12 người có hồ sơ được tiếp cận dịch vụ), "
            "yêu cầu trên 80 %, cần thêm 3.",
        ),
        (
            "on_file_reached_services / on_file > 80%",
            {"on_file_reached_services": 11, "on_file": 12},
            "Đạt 91,66 % (11/12 người có hồ sơ được tiếp cận dịch vụ), yêu cầu trên 80 %.",
        ),
        (
            "on_file / population_resident < 0.1%",
            {"on_file": 6, "population_resident": 5000},
            "Tỷ lệ 0,12 % (6/5.000 người có hồ sơ quản lý), yêu cầu dưới 0,1 %, cần giảm 2.",
        ),
        ("hotspots_open = 0", {"hotspots_open": 2}, "Còn 2 điểm, tụ điểm phức tạp."),
        ("hotspots_open = 0", {"hotspots_open": 0}, "Không có điểm, tụ điểm phức tạp."),
        ("addicts_new = 0", {"addicts_new": 2}, "Có 2 người nghiện mới phát sinh."),
        (
            "models_effective >= 1",
            {"models_effective": 0},
            "Chưa có mô hình hoạt động hiệu quả (yêu cầu từ 1 trở lên).",
        ),
        (
            "cases_detected >= 100",
            {"cases_detected": 96},
            "Mới có 96 vụ phát hiện (yêu cầu từ 100 trở lên), cần thêm 4.",
        ),
        (
            "cases_detected >= 100",
            {"cases_detected": 1234},
            "Có 1.234 vụ phát hiện (yêu cầu từ 100 trở lên).",
        ),
        (
            "cases_detected <= 100",
            {"cases_detected": 103},
            "Có 103 vụ phát hiện (yêu cầu không quá 100), cần giảm 3.",
        ),
        ("on_key_route", {"on_key_route": True}, "Nằm trên tuyến trọng điểm."),
        ("on_key_route", {"on_key_route": False}, "Không nằm trên tuyến trọng điểm."),
        ("on_key_route", {}, "Chưa có số liệu: có nằm trên tuyến trọng điểm hay không."),
        (
            "hotspots_open = 0 and retail_sellers_open = 0",
            {"hotspots_open": 1, "retail_sellers_open": 2},
            "Còn 1 điểm, tụ điểm phức tạp; còn 2 đối tượng bán lẻ.",
        ),
        (
            "hotspots_open = 0 and retail_sellers_open = 0",
            {"hotspots_open": 1},
            "Còn 1 điểm, tụ điểm phức tạp.",
        ),
        (
            "addicts_present - addicts_in_substitution = 0",
            {"addicts_present": 3, "addicts_in_substitution": 4},
            "Số được trừ nhỏ hơn số trừ (số người nghiện có mặt tại địa bàn 3, "
            "số người điều trị thay thế 4), cần kiểm tra lại số liệu.",
        ),
        (
            "at least 2 of (hotspots_open = 0, use_points_open = 0)",
            {"hotspots_open": 1, "use_points_open": 0},
            "Có 1/2 nội dung đạt (yêu cầu từ 2 trở lên).",
        ),
        (
            "plants_destroyed >= 3 or plant_area_destroyed_m2 >= 7.5",
            {"plants_destroyed": 1, "plant_area_destroyed_m2": Decimal("9.5")},
            "Có 9,5 m² cây có chứa chất ma túy bị triệt phá (yêu cầu từ 7,5 trở lên).",
        ),
    ],
)
def test_a_sentence_says_why(text, now, sentence):
    assert said(text, **now) == sentence


@pytest.mark.parametrize(
    ("text", "now", "sentence"),
    [
        (
            "use_points_open >= 2",
            {"use_points_open": 1},
            "Có 1 điểm tổ chức, chứa chấp sử dụng (ngưỡng từ 2 trở lên).",
        ),
        (
            "use_points_open >= 2",
            {"use_points_open": 0},
            "Không có điểm tổ chức, chứa chấp sử dụng (ngưỡng từ 2 trở lên).",
        ),
        (
            "0.05% <= on_file / population_resident < 0.1%",
            {"on_file": 7, "population_resident": 10_000},
            "Tỷ lệ 0,07 % (7/10.000 người có hồ sơ quản lý), ngưỡng từ 0,05 % trở lên "
            "và dưới 0,1 %.",
        ),
        (
            "at least 2 of (use_points_open >= 1, plants_destroyed >= 500) and on_key_route",
            {"use_points_open": 1, "plants_destroyed": 0, "on_key_route": True},
            "Có 1/2 dấu hiệu (ngưỡng từ 2 trở lên).",
        ),
    ],
)
def test_nobody_is_told_that_more_trouble_is_needed(text, now, sentence):
    assert said(text, sense=Sense.TROUBLE, **now) == sentence


@pytest.mark.parametrize(
    ("text", "now", "before", "sentence"),
    [
        (
            "growth(hotspots_cleared) >= 5%",
            103,
            100,
            "Số điểm, tụ điểm được triệt xóa tăng 3,00 % so với năm trước (103 so với 100), "
            "yêu cầu tăng từ 5 % trở lên, cần thêm 2.",
        ),
        (
            "growth(hotspots_cleared) >= 5%",
            90,
            100,
            "Số điểm, tụ điểm được triệt xóa giảm 10,00 % so với năm trước (90 so với 100), "
            "yêu cầu tăng từ 5 % trở lên, cần thêm 15.",
        ),
        (
            "growth(hotspots_cleared) <= -5%",
            98,
            100,
            "Số điểm, tụ điểm được triệt xóa giảm 2,00 % so với năm trước (98 so với 100), "
            "yêu cầu giảm từ 5 % trở lên, cần giảm 3.",
        ),
        (
            "growth(hotspots_cleared) < 1%",
            0,
            0,
            "Số điểm, tụ điểm được triệt xóa không đổi so với năm trước (0 so với 0), "
            "yêu cầu tăng dưới 1 %.",
        ),
        (
            "growth(hotspots_cleared) >= 5%",
            3,
            0,
            "Năm trước không có điểm, tụ điểm được triệt xóa, năm nay có 3 nên không tính được "
            "mức tăng.",
        ),
        (
            "growth(hotspots_cleared) >= 5%",
            3,
            Absence.MISSING,
            "Chưa có số liệu: số điểm, tụ điểm được triệt xóa của năm trước (2025).",
        ),
        (
            "growth(hotspots_cleared) >= 5%",
            Absence.MISSING,
            Absence.MISSING,
            "Chưa có số liệu: số điểm, tụ điểm được triệt xóa của kỳ này và năm trước (2025).",
        ),
    ],
)
def test_growth_is_told_with_both_years(text, now, before, sentence):
    assert said(text, before={"hotspots_cleared": before}, hotspots_cleared=now) == sentence


def test_growth_needs_a_year_before():
    assert (
        said("growth(addicts) < 1%", label_before="", addicts=1)
        == "Kỳ này không có cùng kỳ năm trước để so sánh."
    )


def months(*sessions):
    return [
        (f"2026-{number:02d}", {} if count is None else {"communication_sessions": count})
        for number, count in enumerate(sessions, 1)
    ]


@pytest.mark.parametrize(
    ("sessions", "sentence"),
    [
        (
            (2, 1) + (3,) * 10,
            "Cả 12 tháng đều đạt: tháng thấp nhất có 1 buổi tuyên truyền.",
        ),
        (
            (1, 1, 0) + (1,) * 3 + (0,) + (1,) * 5,
            "Tháng 3, 7/2026 chưa có buổi tuyên truyền (yêu cầu từ 1 trở lên).",
        ),
        (
            (1,) * 10 + (None, None),
            "Chưa có số liệu: số buổi tuyên truyền của tháng 11, 12/2026.",
        ),
    ],
)
def test_months_are_named(sessions, sentence):
    text = "every month (communication_sessions >= 1)"

    assert said(text, months=months(*sessions)) == sentence


def test_a_period_without_months_says_so():
    text = "every month (communication_sessions >= 1)"

    assert said(text) == "Kỳ này không chia được thành các tháng."
