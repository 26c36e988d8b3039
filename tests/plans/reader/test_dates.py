"""Date phrases of plans, with their bounds."""

import pytest

from diaban.plans.reader.dates import cores, date_phrases


def found(text, year=None):
    return [(phrase.date, phrase.bound) for phrase in date_phrases(text, year)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trước ngày 15/12/2023", [("2023-12-15", "before")]),
        ("trước 15-12-2023", [("2023-12-15", "before")]),
        ("Trước ngày 5 tháng 6 năm 2026", [("2026-06-05", "before")]),
        ("trước 17 giờ 00 phút ngày 15/6/2026", [("2026-06-15", "before")]),
        ("trước tháng 6/2026", [("2026-06", "before")]),
        ("chậm nhất ngày 5/6/2026", [("2026-06-05", "by")]),
        ("chậm nhất là ngày 05.6.2026", [("2026-06-05", "by")]),
        ("đến ngày 30 tháng 11 năm 2026", [("2026-11-30", "by")]),
        ("xong ngày 1/1/2026", [("2026-01-01", "by")]),
        ("không quá ngày 20/7/2026", [("2026-07-20", "by")]),
        ("từ nay đến hết ngày 30/6/2026", [("2026-06-30", "by")]),
        ("đến hết năm 2026", [("2026-12-31", "by")]),
        ("đến năm 2025", [("2025", "by")]),
        ("đến cuối năm 2026", [("2026-12-31", "by")]),
        ("đến hết quý I/2024", [("2024-03-31", "by")]),
        ("đến hết tháng 2 năm 2028", [("2028-02-29", "by")]),
        ("quý II/2026", [("2026-06-30", "by")]),
        ("xong trong quý II năm 2026", [("2026-06-30", "by")]),
        ("quý 3 năm 2026", [("2026-09-30", "by")]),
        ("trong 6 tháng đầu năm 2026", [("2026-06-30", "by")]),
        ("tháng 5/2026", [("2026-05", "on")]),
        ("trong tháng 6/2026", [("2026-06", "on")]),
        ("trong năm 2026", [("2026", "on")]),
        ("năm 2025", [("2025", "on")]),
        ("ngày 26/6/2026", [("2026-06-26", "on")]),
        ("từ tháng 12/2025 đến quý I/2026", [("2025-12", "from"), ("2026-03-31", "until")]),
        (
            "Từ ngày 15/11/2023 đến ngày 14/6/2024",
            [("2023-11-15", "from"), ("2024-06-14", "until")],
        ),
        (
            "bắt đầu từ ngày 01/6/2023 đến hết ngày 30/6/2023",
            [("2023-06-01", "from"), ("2023-06-30", "until")],
        ),
        ("từ 15/5 - 30/6/2026", [("2026-05-15", "from"), ("2026-06-30", "until")]),
        ("từ ngày 10 đến ngày 20/6/2026", [("2026-06-10", "from"), ("2026-06-20", "until")]),
        ("từ tháng 6/ 2023 đến tháng 12/ 2025", [("2023-06", "from"), ("2025-12", "until")]),
        ("từ năm 2022 đến năm 2025", [("2022", "from"), ("2025", "until")]),
        ("chậm nhất vào ngày 30/11 hàng năm", [("11-30", "by")]),
        ("trước ngày 20/6 và 20/12 hằng năm", [("06-20", "before"), ("12-20", "before")]),
        (
            "trong các tháng 4, 6 và 9/2026",
            [("2026-04", "on"), ("2026-06", "on"), ("2026-09", "on")],
        ),
        ("quý II, quý IV/2026", [("2026-06-30", "by"), ("2026-12-31", "by")]),
        ("tháng Sáu năm 2026", [("2026-06", "on")]),
        ("từ ngày 5-6/6/2026", [("2026-06-05", "from"), ("2026-06-06", "until")]),
        ("từ 01/6-30/6/2026", [("2026-06-01", "from"), ("2026-06-30", "until")]),
        ("từ tháng 4-6/2026", [("2026-04", "from"), ("2026-06", "until")]),
        ("từ 8h00 ngày 01/6/2026", [("2026-06-01", "from")]),
        ("T6/2026", [("2026-06", "on")]),
        ("QII/2026", [("2026-06-30", "by")]),
        ("Trước ngày31/12/2020", [("2020-12-31", "before")]),
    ],
)
def test_a_phrase_gives_its_date_and_its_bound(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "trước ngày 15 hằng tháng",
        "trước ngày 20 của tháng cuối quý",
        "trước ngày 15/12",
        "ngày 31/11/2026",
        "tháng 13/2026",
        "giai đoạn 2021 - 2025",
        "26/26 xã, 08/08 địa bàn",
        "100%, 1.200 học viên, số 79 đường Nguyễn Du",
        "điểm 3.1.2 Mục II",
    ],
)
def test_no_date_is_made_up(text):
    assert found(text) == []


def test_a_day_without_a_year_takes_that_of_the_plan():
    assert found("trước ngày 15/12", 2026) == [("2026-12-15", "before")]


@pytest.mark.parametrize(
    ("text", "year", "expected"),
    [
        (
            "6 tháng đầu năm trước 15/6, cả năm trước 15/12 hằng năm",
            None,
            [("06-15", "before"), ("12-15", "before")],
        ),
        (
            "6 tháng trước ngày 10-6, 1 năm trước ngày 10-12",
            None,
            [("06-10", "before"), ("12-10", "before")],
        ),
        (
            "6 tháng đầu năm trước 15/6 và cả năm trước 15/12/2028",
            None,
            [("2028-06-15", "before"), ("2028-12-15", "before")],
        ),
        (
            "chậm nhất ngày 20/5/2027; tổ chức công bố trong tháng 6",
            None,
            [("2027-05-20", "by"), ("2027-06", "on")],
        ),
        ("quý II, báo cáo trước ngày 15/6 hằng năm", None, [("06-15", "before")]),
        (
            "6 tháng đầu năm: 02 vụ, hoàn thành trước ngày 15/6/2028",
            2028,
            [("2028-06-15", "before")],
        ),
        (
            "dự trù vật tư 6 tháng cuối năm trước ngày 10/5/2027",
            2027,
            [("2027-05-10", "before")],
        ),
        ("trước ngày 30-6-2027", None, [("2027-06-30", "before")]),
        ("Bước 1 (05/7 - 15/7/2026)", None, [("2026-07-05", "from"), ("2026-07-15", "until")]),
        ("trước 15-12 hằng năm", 2027, [("12-15", "before")]),
    ],
)
def test_a_date_without_a_year_is_completed_from_its_own_sentence(text, year, expected):
    assert found(text, year) == expected


@pytest.mark.parametrize(
    "text", ["xong trước 5-10 ngày", "trẻ em trước 10-12 tuổi", "từ ngày 10-12, họp thôn"]
)
def test_a_range_of_numbers_is_no_day_and_month(text):
    assert found(text, 2027) == []


def test_an_open_end_is_told():
    (phrase,) = date_phrases("Từ năm 2025 trở đi")

    assert (phrase.date, phrase.bound, phrase.open_end) == ("2025", "from", True)


def test_cores_lie_where_they_are_printed():
    text = "Trước ngày 15/12/2023 và trong quý II năm 2026"

    assert [text[core.start : core.end] for core in cores(text)] == [
        "ngày 15/12/2023",
        "quý II năm 2026",
    ]


def test_the_end_of_a_stretch_is_shown_with_the_word_that_makes_it_a_last_day():
    text = "Từ ngày 01/7/2026 đến hết năm 2026"

    first, last = date_phrases(text)

    assert (first.date, last.date, last.bound) == ("2026-07-01", "2026-12-31", "until")
    assert text[last.start : last.end] == "hết năm 2026"


def test_a_stretch_ends_where_it_is_said_to_end():
    found = date_phrases("bắt đầu từ tháng 4 năm 2027 và kết thúc vào tháng 10 năm 2028")

    assert [(one.date, one.bound) for one in found] == [("2027-04", "from"), ("2028-10", "until")]
