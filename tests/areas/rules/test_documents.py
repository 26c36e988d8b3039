"""Changes as files."""

from datetime import date
from decimal import Decimal

import pytest

from diaban.areas.rules.documents import (
    UnreadableChange,
    operation_as_json,
    operation_of_json,
    read_csv_change,
    read_toml_change,
)
from diaban.areas.rules.operations import Kind, Operation, Part, Weighing

SPLIT = Operation(
    1,
    Kind.SPLIT,
    ("98001",),
    (
        Part("98001", "xã", "Đông", members=("98001.001",), population=600),
        Part("98003", "xã", "Tây", members=("98001.002", "98001.003"), population=400),
    ),
    by=Weighing.POPULATION,
)
TOML = """
effective_on = 2026-12-01
basis = "Nghị quyết 1/NQ"

[[operation]]
kind = "split"
codes = ["98001"]
by = "population"
[[operation.into]]
code = "98001"
type = "xã"
name = "Đông"
members = ["98001.001"]
population = 600
[[operation.into]]
code = "98003"
type = "xã"
name = "Tây"
members = ["98001.002", "98001.003"]
population = 400
"""
CSV = """row,kind,codes,new_code,type,name,members,population,by
1,split,98001,98001,xã,Đông,98001.001,600,population
1,split,98001,98003,xã,Tây,98001.002 98001.003,400,population
"""


def test_a_toml_file_and_a_table_say_the_same():
    day, basis = date(2026, 12, 1), "Nghị quyết 1/NQ"

    assert read_toml_change(TOML).operations == (SPLIT,)
    assert read_csv_change(CSV, day, basis) == read_toml_change(TOML)


def test_an_operation_keeps_through_the_database():
    weighed = Operation(3, Kind.MERGE, ("01",), (Part("02", weight=Decimal("0.25")),), "VN")

    assert operation_of_json(9, operation_as_json(weighed)) == weighed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("effective_on = ", "tệp không phải TOML"),
        ("basis = 'x'", "thiếu effective_on"),
        (TOML.replace('"split"', '"cut"'), "Dòng 1: kind “cut” phải là"),
        (TOML.replace('["98001"]', "[98001]"), "Dòng 1: codes phải là danh sách mã"),
        (TOML.replace('code = "98003"', "code = 98003"), "Dòng 1: code phải là chữ"),
        (TOML.replace("population = 600", "people = 600"), "Dòng 1: không biết mục people"),
        (TOML.replace("600", '"nhiều"'), "Dòng 1: dân số “nhiều” phải là số nguyên"),
        (TOML.replace("population = 600", 'weight = "x"'), "Dòng 1: tỷ lệ “x” phải là số"),
    ],
)
def test_a_file_that_cannot_be_understood_names_its_rows(text, said):
    with pytest.raises(UnreadableChange) as refusal:
        read_toml_change(text)

    assert refusal.value.facts["errors"][0].startswith(said)
