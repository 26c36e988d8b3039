"""What people do to a workbook before they send it back, and what is read all the same."""

import unicodedata

import pytest

from diaban.indicators.workbooks.contents import contents_of
from diaban.indicators.workbooks.forms import Stamp
from diaban.indicators.workbooks.reading import NotATemplate, read_filled, stamp_of
from tests.indicators.workbooks.books import COLUMNS, COMMUNE, HAMLETS, STAMP, blank, edited


def read(edit):
    sheets = contents_of(edited(blank(), edit))
    return read_filled(sheets, COMMUNE, COLUMNS, HAMLETS)


def fill(book):
    book["commune"]["D2"] = "1.234"
    book["hamlets"]["C3"] = 120
    book["hamlets"]["D4"] = "KAD"


FILLED = {"schools": "1.234", "households.98001.001": "120", "addicts.98001.002": "KAD"}


def test_a_blank_template_says_nothing_but_whose_it_is():
    sheets = contents_of(blank())

    assert stamp_of(sheets) == (STAMP, "seal")
    assert read_filled(sheets, COMMUNE, COLUMNS, HAMLETS).typed == {}


def test_the_filled_cells_are_read_with_their_places():
    filled = read(fill)

    assert filled.typed == FILLED
    assert filled.place("addicts.98001.002") == ("hamlets", "D4")
    assert filled.errors == []


def title_above(book):
    for name in ("commune", "hamlets"):
        book[name].insert_rows(1, 3)
        book[name]["A1"] = "ỦY BAN NHÂN DÂN XÃ HẠ"
        book[name].merge_cells("A1:D1")


def hidden_rows(book):
    book["hamlets"].row_dimensions[4].hidden = True
    book["commune"].column_dimensions["D"].hidden = True


def merged_labels(book):
    book["hamlets"].merge_cells("C2:D2")


def decomposed(book):
    for row in book["commune"].iter_rows(min_row=2):
        row[1].value = unicodedata.normalize("NFD", row[1].value)
    for row in book["hamlets"].iter_rows(min_row=3):
        row[1].value = unicodedata.normalize("NFD", row[1].value)


def codes_lost(book):
    decomposed(book)
    book["commune"]["A2"] = None
    book["hamlets"]["A4"] = None


def codes_lost_in_the_old_font(book):
    book["commune"]["A2"], book["commune"]["B2"] = None, "Sè tr\u00ad\u00eang h\u00e4c"
    book["hamlets"]["A4"], book["hamlets"]["B4"] = None, "§\u00e5ng M\u00det"


def moved_columns(book):
    book["hamlets"].move_range("C1:C9", cols=5)
    book["hamlets"]["C1"] = "ghi chú"


def lines_between(book):
    book["commune"].insert_rows(2)
    book["commune"]["B2"] = "Người lập biểu ghi ở đây"


@pytest.mark.parametrize(
    "edit",
    [
        title_above,
        hidden_rows,
        merged_labels,
        decomposed,
        codes_lost,
        codes_lost_in_the_old_font,
        moved_columns,
        lines_between,
    ],
    ids=lambda edit: edit.__name__.replace("_", " "),
)
def test_what_people_do_to_a_sheet_changes_no_figure(edit):
    def both(book):
        fill(book)
        edit(book)

    filled = read(both)

    assert filled.typed == FILLED
    assert filled.errors == []


@pytest.mark.parametrize("sheet", ["commune", "hamlets"])
def test_a_renamed_sheet_is_named_in_the_refusal(sheet):
    def rename(book):
        book[sheet].title = "Sheet1"

    with pytest.raises(NotATemplate) as refusal:
        read(rename)

    assert f"“{sheet}”" in refusal.value.sentence


def test_a_workbook_without_its_stamp_is_no_template():
    def remove(book):
        del book["_diaban"]

    with pytest.raises(NotATemplate):
        stamp_of(contents_of(edited(blank(), remove)))


def test_a_column_whose_code_was_wiped_is_named():
    def wipe(book):
        book["hamlets"]["D1"] = None

    with pytest.raises(NotATemplate) as refusal:
        read(wipe)

    assert "Số người nghiện ma túy" in refusal.value.sentence


def test_a_row_that_stands_there_twice_with_other_figures_is_an_error():
    def twice(book):
        book["commune"]["D2"] = 5
        book["commune"]["A9"], book["commune"]["D9"] = "schools", 6

    (error,) = read(twice).errors

    assert (error.sheet, error.cell, error.given, error.name) == ("commune", "D9", "6", "schools")
    assert "D2" in error.message


def test_figures_of_a_hamlet_of_another_commune_are_an_error():
    def stranger(book):
        book["hamlets"]["A3"], book["hamlets"]["B3"], book["hamlets"]["C3"] = "99.001", "Xa", 7

    (error,) = read(stranger).errors

    assert (error.sheet, error.cell, error.given) == ("hamlets", "A3", "99.001")


def test_a_code_nobody_has_is_an_error_whatever_name_stands_beside_it():
    def other_code(book):
        fill(book)
        book["hamlets"]["A4"] = "98001.999"

    filled = read(other_code)

    (error,) = filled.errors
    assert (error.sheet, error.cell, error.given) == ("hamlets", "A4", "98001.999")
    assert not [name for name in filled.typed if name.endswith("98001.002")]


def test_codes_that_the_sheet_took_for_numbers_have_their_zeros_again():
    stamp = Stamp("00123", "2026-11", "thang", 1, 0)
    hamlets = [("00123.001", "Hạ 1"), ("00123.010", "Đồng Mít")]

    def as_numbers(book):
        for row in book["_diaban"].iter_rows():
            if row[1].value == "00123":
                row[1].value = 123
        for at, (code, value) in enumerate(((123.001, 7), (123.01, 8)), 3):
            book["hamlets"].cell(at, 1).value = code
            book["hamlets"].cell(at, 2).value = None
            book["hamlets"].cell(at, 3).value = value

    sheets = contents_of(edited(blank(stamp=stamp, hamlets=hamlets), as_numbers))

    assert stamp_of(sheets)[0] == stamp
    assert read_filled(sheets, COMMUNE, COLUMNS, hamlets).typed == {
        "households.00123.001": "7",
        "households.00123.010": "8",
    }
