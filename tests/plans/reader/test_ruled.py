"""Task tables of a PDF: the drawn lines tell which letters stand in one cell."""

import pytest

from tests.plans.reader.papers import pages_of, pdf, ruled
from tests.plans.reader.readings import assert_spans_hold, dues, plan_of, read
from tests.plans.reader.test_duties import HEAD

XS = (60, 90, 250, 370, 460, 545)
NAMES = [
    ["TT"],
    ["Nội dung", "nhiệm vụ"],
    ["Đơn vị chủ trì"],
    ["Đơn vị phối", "hợp"],
    ["Thời gian", "hoàn thành"],
]
FIRST = [
    ["1"],
    ["Lập hồ sơ người nghiện", "tại thôn Khe Lau"],
    ["Công an xã"],
    ["Trạm Y tế"],
    ["Trước ngày", "15/4/2026"],
]
SECOND = [
    ["2"],
    ["Ra quân tuyên truyền tại", "các thôn, bản; ký cam"],
    ["Ủy ban MTTQ Việt", "Nam xã"],
    ["Các thôn"],
    ["Trong quý", "II/2026"],
]
REST = [[], ["kết với từng hộ"], [], [], []]
THIRD = [["3"], ["Tổng kết"], ["Công an xã"], ["Các thôn"], ["10/12/2026"]]


def printed(*tables, foot="Nơi nhận:"):
    """A plan whose table begins below its section and goes on from page to page."""
    (page,) = pages_of(HEAD + "I. PHÂN CÔNG NHIỆM VỤ")
    top, pages, drawn = max(y for _, y, _ in page) + 12, [], []
    for number, rows in enumerate(tables):
        shown, lines, end = ruled(rows, XS, top)
        pages.append((page if number == 0 else []) + shown)
        drawn.append(lines)
        top = 60
    pages[-1].append((60, end + 40, foot))
    return pdf(pages, drawn=drawn)


WANTED = [
    ("Công an xã", "Lập hồ sơ người nghiện tại thô", [("2026-04-15", "before", None)]),
    ("Công an xã", "Tổng kết", [("2026-12-10", "by", None)]),
    ("Ủy ban MTTQ Việt Nam xã", "Ra quân tuyên truyền tại các t", [("2026-06-30", "by", None)]),
]


def test_wrapped_cells_are_read_as_cells():
    reading = read(
        printed([NAMES, FIRST, [*SECOND[:1], [*SECOND[1], *REST[1]], *SECOND[2:]], THIRD]), "a.pdf"
    )

    assert dues(reading.plans[0]) == WANTED
    assert_spans_hold(reading)


@pytest.mark.parametrize("head", [[], [NAMES]], ids=["once", "again"])
def test_a_row_goes_on_over_the_end_of_a_page(head):
    plan = plan_of(printed([NAMES, FIRST, SECOND], [*head, REST, THIRD]), "a.pdf")

    assert dues(plan) == WANTED
    assert plan.assignments[1].tasks[0].quote.endswith("ký cam kết với từng hộ")


def test_a_cell_over_several_rows_is_read_for_each_of_them():
    second = [["2"], ["Tuần tra bến sông"], None, ["Các thôn"], ["Trước 30/6/2026"]]

    plan = plan_of(printed([NAMES, FIRST, second]), "a.pdf")

    assert dues(plan) == [
        WANTED[0],
        ("Công an xã", "Tuần tra bến sông", [("2026-06-30", "before", None)]),
    ]


def test_a_box_around_a_text_is_no_table():
    pages = pages_of(HEAD + "I. MỤC ĐÍCH\n\nGiảm số người nghiện.\n\nII. KINH PHÍ\n\nTừ ngân sách.")
    box = [(40, 40, 550, 40), (40, 800, 550, 800), (40, 40, 40, 800), (550, 40, 550, 800)]

    boxed = read(pdf(pages, drawn=[box]), "a.pdf")

    assert boxed.text == read(pdf(pages), "a.pdf").text


def test_a_page_full_of_lines_is_read_as_text():
    pages = pages_of(HEAD + "I. MỤC ĐÍCH\n\nGiảm số người nghiện.\n\nII. KINH PHÍ\n\nTừ ngân sách.")
    web = [(x, 40, x, 800) for x in range(40, 550, 2)] + [
        (40, y, 550, y) for y in range(40, 800, 2)
    ]

    assert read(pdf(pages, drawn=[web * 3]), "a.pdf").text == read(pdf(pages), "a.pdf").text
