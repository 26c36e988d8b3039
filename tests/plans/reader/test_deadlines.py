# ruff: noqa: E501 - the sentences of plans are long
"""Which dates of a task bind it, and for whom."""

import pytest

from diaban.plans.reader.dates import Years
from diaban.plans.reader.deadlines import Calendar, deadlines

CALENDAR = Calendar(2026, "2026-06")


def found(text):
    return [
        (b.deadline.date, b.deadline.bound, b.deadline.scope) for b in deadlines(text, CALENDAR)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Đề án số 405/ĐA-UBND ngày 19/12/2022 của UBND tỉnh về cai nghiện đến năm 2025, định hướng đến 2030",
        "Thực hiện Chương trình phòng, chống ma túy đến năm 2030 bảo đảm hiệu quả",
        "Thực hiện Chiến lược đến năm 2030, tầm nhìn đến năm 2045",
        "Đã hoàn thành trong tháng 4/2026",
        "Rà soát các cơ sở được cấp phép trước ngày 01/7/2025",
        "giảm số người nghiện so với năm 2025",
        "số người nghiện tính đến ngày 31/12/2025",
        "Sau ngày 30/6/2026 tiếp tục theo dõi",
        "Tổ chức các hoạt động hưởng ứng Ngày toàn dân phòng, chống ma túy (26/6)",
        "Tổ chức các hoạt động hưởng ứng Tháng hành động phòng, chống ma túy (tháng 6/2026)",
        "Xây dựng kế hoạch giai đoạn 2026 - 2030",
        "Báo cáo kết quả trước ngày 15 hằng tháng",
        "Phát động thi đua “Quyết tâm đến năm 2030 không còn ma túy”",
        "Khẩn trương hoàn thành việc cải tạo cơ sở vật chất",
        "Dự toán kinh phí năm 2027",
        "Thực hiện Kế hoạch được UBND tỉnh ban hành ngày 05/01/2026",
        "Theo Luật Phòng, chống ma túy ngày 10 tháng 12 năm 2025",
        "Trả lời trong thời hạn 30 ngày kể từ ngày 01/7/2026",
        "Phối hợp với các cơ sở đã hoạt động trước ngày 01/7/2025",
        "Giao ban mỗi quý một lần",
        "Sinh hoạt chi hội mỗi tháng 01 lần, mỗi quý 02 buổi",
    ],
)
def test_what_looks_like_a_deadline_and_is_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("xong trước Ngày toàn dân phòng, chống ma túy 26/6", [("2026-06-26", "before", None)]),
        ("hoàn thành trước dịp kỷ niệm 80 năm Quốc khánh 02/9", [("2026-09-02", "before", None)]),
        ("ký cam kết trước khi nghỉ hè (31/5/2026)", [("2026-05-31", "before", None)]),
        ("treo băng rôn trước lễ phát động (01/6)", [("2026-06-01", "before", None)]),
        ("họp dân trước giờ mở cửa ngày 15/4/2026", [("2026-04-15", "before", None)]),
        ("thực hiện trong năm 2026 và những năm tiếp theo", [("2026", "from", None)]),
        ("xét nghiệm mỗi năm 02 lần vào tháng 4 và tháng 10", []),
        (
            "đợt 1: 15/3 - 15/4; đợt 2: 15/9 - 15/10/2026",
            [
                ("2026-03-15", "from", None),
                ("2026-04-15", "until", None),
                ("2026-09-15", "from", None),
                ("2026-10-15", "until", None),
            ],
        ),
        ("01 - 10/6/2026", [("2026-06-01", "from", None), ("2026-06-10", "until", None)]),
        (
            "gửi danh sách hộ đã ký cam kết về Công an xã trước ngày 15/5/2026",
            [("2026-05-15", "before", None)],
        ),
        (
            "Quản lý người sau cai nghiện, xong trước ngày 15/12/2026",
            [("2026-12-15", "before", None)],
        ),
        ("Nắm tình hình địa bàn trước ngày 15/6/2026", [("2026-06-15", "before", None)]),
        ("Báo cáo kết quả thực hiện trước ngày 15/6/2026", [("2026-06-15", "before", None)]),
        ("Nâng cao hiệu lực quản lý, hoàn thành quý II/2026", [("2026-06-30", "by", None)]),
        ("Sau khi có hướng dẫn, hoàn thành trước 15/12/2026", [("2026-12-15", "before", None)]),
        (
            "Đã xong bước 1 trong tháng 4/2026, tiếp tục rà soát trước ngày 30/9/2026",
            [("2026-09-30", "before", None)],
        ),
        (
            "Tăng cường truy tố, xét xử trong Tháng hành động phòng, chống ma túy.",
            [("2026-06", "on", None)],
        ),
        (
            "đến hết quý I/2026 nâng quy mô 1.200 học viên; đến năm 2028 đạt 2.500 học viên",
            [("2026-03-31", "by", None), ("2028", "by", None)],
        ),
        (
            "có ít nhất 01 mô hình (đối với 26 xã biên giới hoàn thành trước 15/12/2026; các địa bàn còn lại hoàn thành trước ngày 15/01/2027).",
            [
                ("2026-12-15", "before", "26 xã biên giới"),
                ("2027-01-15", "before", "các địa bàn còn lại"),
            ],
        ),
        (
            "tổ chức 01 phiên tòa đối với 26 xã, phường biên giới (hoàn thành trước 15/12/2026)",
            [("2026-12-15", "before", "26 xã, phường biên giới")],
        ),
        (
            "Đối với các xã biên giới hoàn thành trong tháng 6/2026, các xã còn lại hoàn thành trong quý III/2026.",
            [("2026-06", "on", "các xã biên giới"), ("2026-09-30", "by", "các xã còn lại")],
        ),
        (
            "hoàn thành trước ngày 20/5/2026 (đối với cấp xã) và trước ngày 30/5/2026 (đối với cấp tỉnh)",
            [("2026-05-20", "before", "cấp xã"), ("2026-05-30", "before", "cấp tỉnh")],
        ),
        ("Tổ chức lễ phát động ngày 01/6/2026 tại trung tâm xã", [("2026-06-01", "on", None)]),
        ("Triển khai từ ngày 01/6/2026", [("2026-06-01", "from", None)]),
        ("hoàn thành trước ngày 20/7", [("2026-07-20", "before", None)]),
        (
            "Lập dự trù 6 tháng đầu năm trước ngày 20/01/2026, 6 tháng cuối năm trước ngày 20/6/2026",
            [("2026-01-20", "before", None), ("2026-06-20", "before", None)],
        ),
        (
            "Gửi số liệu trước ngày 20/6 và ngày 15/12 hằng năm",
            [("06-20", "before", None), ("12-15", "before", None)],
        ),
        (
            "Ra quân đồng loạt vào sáng ngày 01/6/2026",
            [("2026-06-01", "on", None)],
        ),
        (
            "Ra mắt, hoàn thành trước ngày Quốc tế Lao động 01/5/2026",
            [("2026-05-01", "before", None)],
        ),
        ("Đề xuất khen thưởng khi kết thúc năm công tác (30/11/2026)", []),
        ("Báo cáo chuyên đề vào đầu quý III/2026", [("2026-07", "on", None)]),
        ("Bàn giao chậm nhất cuối quý III/2026", [("2026-09-30", "by", None)]),
        ("Tổng hợp số liệu báo cáo Sở trước ngày 05 tháng sau", []),
        (
            "Xây dựng phương án cao điểm 06 tháng cuối năm, trình Giám đốc trước ngày 15/6/2026",
            [("2026-06-15", "before", None)],
        ),
        ("Họp tổng kết năm học trước ngày 31/5/2026", [("2026-05-31", "before", None)]),
    ],
)
def test_a_deadline_has_its_date_its_bound_and_its_areas(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "years", "expected"),
    [
        ("Ra mắt trong tháng 9", Years(2026, 8, wraps=True), ["2026-09"]),
        ("Tổng kết trước ngày 25/5", Years(2026, 8, wraps=True), ["2027-05-25"]),
        ("Ký cam kết, xong trước ngày 15/3", Years(2026, 2), ["2026-03-15"]),
        ("Ký cam kết, xong trước ngày 15/01", Years(2026, 2), []),
        ("Báo cáo năm trước ngày 15/12", Years(2026, 2), ["12-15"]),
        ("Kết quả thực hiện năm gửi trước ngày 10/12", Years(2026, 1), ["12-10"]),
        ("Ra quân, xong trước ngày 10/12", Years(2025, 12, day=29), []),
        ("Ra quân, xong trước ngày 30/12", Years(2025, 12, day=29), ["2025-12-30"]),
    ],
)
def test_a_plan_of_several_years_gives_a_year_only_where_it_is_certain(text, years, expected):
    calendar = Calendar(None, None, years)

    assert [bound.deadline.date for bound in deadlines(text, calendar)] == expected
