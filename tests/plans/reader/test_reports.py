# ruff: noqa: E501 - the sentences of plans are long
"""Duties to report: how often, and on which day each is due."""

import pytest

from tests.plans.reader.readings import plan_of


def plan_with(sentence, title="năm 2027"):
    return plan_of(
        "UBND TỈNH SÔNG LAM\nSố: 1/KH-UBND\nSông Lam, ngày 01 tháng 02 năm 2027\n\nKẾ HOẠCH\n"
        f"Phòng, chống ma túy {title}\n\nCăn cứ Luật Phòng, chống ma túy, UBND tỉnh ban hành Kế hoạch"
        f" như sau:\n\nI. TỔ CHỨC THỰC HIỆN\n\n1. Các sở, ngành {sentence}.\n\n2. Công an tỉnh theo dõi.\n"
    )


def times(sentence, title="năm 2027"):
    return [(r.recurrence, r.due) for r in plan_with(sentence, title).reports]


@pytest.mark.parametrize("title", ["năm 2027", "giai đoạn 2027 - 2030"])
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "báo cáo kết quả về UBND tỉnh trước ngày 20/6 và ngày 15/12 hằng năm",
            [("yearly", "06-20"), ("yearly", "12-15")],
        ),
        (
            "báo cáo kết quả về UBND tỉnh trước ngày 05 tháng 6 và ngày 05 tháng 12 hằng năm",
            [("yearly", "06-05"), ("yearly", "12-05")],
        ),
        (
            "6 tháng (trước ngày 15/6), năm (trước ngày 15/12) báo cáo kết quả về UBND tỉnh",
            [("half_yearly", "06-15"), ("yearly", "12-15")],
        ),
        (
            "báo cáo quý (trước ngày 10 tháng cuối quý), 6 tháng (trước ngày 08/6), năm (trước ngày 08/12) về UBND tỉnh",
            [("quarterly", None), ("half_yearly", "06-08"), ("yearly", "12-08")],
        ),
        ("gửi UBND tỉnh báo cáo 6 tháng trước ngày 05/6 hằng năm", [("half_yearly", "06-05")]),
        (
            "báo cáo sơ kết học kỳ trước ngày 15/01, báo cáo tổng kết năm học trước ngày 31/5 hằng năm về UBND tỉnh",
            [("yearly", "01-15"), ("yearly", "05-31")],
        ),
        (
            "báo cáo 6 tháng trước ngày 10/6/2027, báo cáo năm trước ngày 15/11/2027 về UBND tỉnh",
            [("once", "2027-06-10"), ("once", "2027-11-15")],
        ),
        (
            "ban hành kế hoạch của đơn vị; gửi về Công an tỉnh trước ngày 20/3/2027",
            [("once", "2027-03-20")],
        ),
        ("xây dựng kế hoạch chi tiết, gửi về Sở trước ngày 20/5/2027", [("once", "2027-05-20")]),
        ("tổng hợp kết quả báo cáo Giám đốc Sở", [(None, None)]),
        ("định kỳ ngày 12 hằng tháng nắm, báo cáo tình hình về Công an tỉnh", [("monthly", None)]),
    ],
)
def test_a_report_has_its_rhythm_and_its_day(sentence, expected, title):
    assert times(sentence, title) == expected


def test_a_second_day_binds_as_the_first_does():
    plan = plan_with("gửi danh sách trước ngày 15/4/2027 và ngày 15/10/2027")

    (task,) = plan.assignments[0].tasks
    assert [(d.date, d.bound) for d in task.deadlines] == [
        ("2027-04-15", "before"),
        ("2027-10-15", "before"),
    ]


@pytest.mark.parametrize(
    ("sentence", "what", "to"),
    [
        (
            "lập dự trù thuốc năm 2028 gửi Sở Y tế trước ngày 15/9/2027",
            "dự trù thuốc năm 2028",
            "Sở Y tế",
        ),
        (
            "báo cáo kết quả đợt 1 về Công an tỉnh trước ngày 03/7/2027",
            "kết quả đợt 1",
            "Công an tỉnh",
        ),
        (
            "gửi biên bản họp dân về Công an xã trước ngày 20 hằng tháng",
            "biên bản họp dân",
            "Công an xã",
        ),
        ("tổng hợp số liệu báo cáo Sở Y tế trước ngày 05 tháng sau", "số liệu", "Sở Y tế"),
        ("xây dựng kế hoạch, báo cáo Ban Chỉ huy trước ngày 12/5/2027", "kế hoạch", "Ban Chỉ huy"),
    ],
)
def test_what_is_sent_stands_in_the_words_of_the_plan(sentence, what, to):
    (report,) = plan_with(sentence).reports

    assert (report.what, report.to) == (what, to)


def test_a_rhythm_and_days_of_their_own_are_kept_apart():
    sentence = "báo cáo Cục trước ngày 18 hằng tháng, trước ngày 15/6 và trước ngày 10/12/2027"

    assert times(sentence) == [("monthly", None), ("once", "2027-06-15"), ("once", "2027-12-10")]
