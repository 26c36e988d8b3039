from datetime import date
from decimal import Decimal

import pytest
import xlsxwriter

from diaban.core.numbers import Absence
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.recognition.rules.table_files import BadRows, UnreadableTable, read_table

CATALOGUE = builtin_catalogue()
ROWS = [
    ("00123", "2026", "households", "1.000"),
    ("00123", "2026", "households_committed", "984"),
    ("00124", "2026", "households", "1 200"),
    ("00124", "2026", "plant_area_destroyed_m2", "12,5"),
    ("00124", "2026", "on_key_route", "Có"),
    ("00124", "2026", "addicts", ""),
]
VALUES = {
    ("00123", "2026"): {"households": 1000, "households_committed": 984},
    ("00124", "2026"): {
        "households": 1200,
        "plant_area_destroyed_m2": Decimal("12.5"),
        "on_key_route": True,
        "addicts": Absence.MISSING,
    },
}


def csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "so-lieu.csv"
    path.write_bytes(text.encode(encoding))
    return path


def lines(rows, separator=";", heading=("area", "period", "indicator", "value")):
    return "\n".join(separator.join(row) for row in [heading, *rows]) + "\n"


def workbook(tmp_path, sheets):
    path = tmp_path / "so-lieu.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            day = book.add_format({"num_format": "mmm-yy"})
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, day)
                    else:
                        sheet.write(number, column, cell)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_csv_is_read_whatever_wrote_it(tmp_path, encoding, ending, separator):
    path = csv(tmp_path, lines(ROWS, separator).replace("\n", ending), encoding)

    assert read_table(path, CATALOGUE).values == VALUES


def test_commas_between_columns_need_quotes_around_a_decimal_comma(tmp_path):
    quoted = [(*row[:3], f'"{row[3]}"') for row in ROWS]

    assert read_table(csv(tmp_path, lines(quoted, ",")), CATALOGUE).values == VALUES

    with pytest.raises(BadRows, match=r"dòng 5, cột value: .*ngoặc kép"):
        read_table(csv(tmp_path, lines(ROWS, ",")), CATALOGUE)


def test_columns_come_in_any_order_with_others_between(tmp_path):
    rows = [(v, "x", i, "ghi chú", p, a) for a, p, i, v in ROWS]
    heading = (" Value ", "stt", "INDICATOR", "note", "period", "area")

    assert read_table(csv(tmp_path, lines(rows, heading=heading)), CATALOGUE).values == VALUES


def test_blank_lines_are_passed_over(tmp_path):
    text = "\n\n" + lines(ROWS).replace("00124", "\n;;;\n00124", 1)

    assert read_table(csv(tmp_path, text), CATALOGUE).values == VALUES


def test_the_same_value_twice_is_no_error(tmp_path):
    rows = [*ROWS, ("00123", "2026", "households", "1000")]

    assert read_table(csv(tmp_path, lines(rows)), CATALOGUE).values == VALUES


def test_a_workbook_is_read_like_a_csv(tmp_path):
    rows = [
        ("area", "period", "indicator", "value"),
        ("00123", 2026, "households", 1000),
        ("00123", "2026", "households_committed", "984"),
        ("00124", 2026.0, "households", 1200.0),
        ("00124", 2026, "plant_area_destroyed_m2", 12.5),
        ("00124", 2026, "on_key_route", True),
        ("00124", 2026, "addicts", None),
    ]

    assert read_table(workbook(tmp_path, {"Số liệu": rows}), CATALOGUE).values == VALUES


def test_a_workbook_may_have_other_sheets_before(tmp_path):
    sheets = {
        "Hướng dẫn": [("Ghi số liệu vào trang sau",)],
        "Số liệu": [
            ("area", "period", "indicator", "value"),
            ("1", date(2026, 11, 1), "schools", 3),
        ],
    }

    table = read_table(workbook(tmp_path, sheets), CATALOGUE)

    assert table.values == {("1", "2026-11"): {"schools": 3}}


def test_errors_in_a_workbook_have_the_row_that_the_screen_shows(tmp_path):
    rows = [(), ("area", "period", "indicator", "value"), (), ("1", "2026", "schools", 2.5)]

    with pytest.raises(BadRows) as refusal:
        read_table(workbook(tmp_path, {"a": rows}), CATALOGUE)

    assert [error["row"] for error in refusal.value.facts["errors"]] == [4]


def test_everything_wrong_is_listed_row_by_row(tmp_path):
    rows = [
        ("00123", "2026", "households", "1000"),
        ("00123", "2026", "househods", "5"),
        ("00123", "2026", "addicts", "-1"),
        ("00123", "2026", "addicts", "2,5"),
        ("00123", "2026", "schools", "ba"),
        ("00123", "2026", "households", "999"),
        ("", "2026", "schools", "1"),
        ("00123", "2026-13", "schools", "1"),
        ("00123", "", "schools", "1"),
        ("00123", "2026", "", "1"),
        ("00123", "2026", "on_key_route", "2"),
        ("00123", "2026", "agencies", "4"),
        ("00123", "2026", "agencies", ""),
    ]

    with pytest.raises(BadRows) as refusal:
        read_table(csv(tmp_path, lines(rows)), CATALOGUE)

    found = [(e["row"], e["column"]) for e in refusal.value.facts["errors"]]
    assert found == [
        (3, "indicator"),
        (4, "value"),
        (5, "value"),
        (6, "value"),
        (7, "value"),
        (8, "area"),
        (9, "period"),
        (10, "period"),
        (11, "indicator"),
        (12, "value"),
        (14, "value"),
    ]
    sentence = refusal.value.sentence
    assert sentence.count("\n") == len(found)
    assert "có 11 lỗi" in sentence
    assert "dòng 3, cột indicator: danh mục không có chỉ số “househods”; có phải" in sentence
    assert "đã có ở dòng 2 với giá trị khác" in sentence


def test_wrong_rows_keep_several_errors_apart(tmp_path):
    with pytest.raises(BadRows) as refusal:
        read_table(csv(tmp_path, lines([("", "", "nope", "x")])), CATALOGUE)

    assert [e["column"] for e in refusal.value.facts["errors"]] == ["area", "period", "indicator"]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "không có dòng nào"),
        (b"\n \n", "không có dòng nào"),
        (b"area;period;code;value\n", "thiếu cột indicator"),
        (b"area;period;indicator;value;area\n", "hai cột area"),
        ("area;period;indicator;value\nĐồng;2026;a;1\n".encode("utf-16"), "UTF-8"),
        (b"area;period;indicator;value\n\xff\xfe", "UTF-8"),
        (b"area;period;indicator;value\n\0\0", "không phải tệp CSV"),
        (b"PK\x03\x04 broken", "không phải bảng tính"),
        (b"\xd0\xcf\x11\xe0 broken", "không phải bảng tính"),
        (b'area;period;indicator;value\n"' + b"x" * 200_000, "không phải bảng CSV"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, part):
    path = tmp_path / "so-lieu.csv"
    path.write_bytes(content)

    with pytest.raises(UnreadableTable) as refusal:
        read_table(path, CATALOGUE)

    assert part in refusal.value.sentence
    assert str(path) in refusal.value.sentence


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableTable, match="Không mở được tệp"):
        read_table(tmp_path / "khong-co.csv", CATALOGUE)


@pytest.mark.parametrize(
    "label", ["2", "202", "20266", "2026-13", "2026-1", "2026/11", "2026.0", "2026-Q5", "2026-H"]
)
def test_what_looks_like_a_period_and_is_none_is_refused(tmp_path, label):
    with pytest.raises(BadRows, match="không phải kỳ báo cáo"):
        read_table(csv(tmp_path, lines([("1", label, "schools", "1")])), CATALOGUE)


def test_a_campaign_or_a_phase_has_a_label_of_its_own(tmp_path):
    labels = ["dot-1", "2026a", "2026-thang-hanh-dong", "2026-6-thang", "Tháng hành động 2026"]
    rows = [("1", label, "schools", "1") for label in labels]

    read = read_table(csv(tmp_path, lines(rows)), CATALOGUE)

    assert [period for _, period in read.values] == labels
