"""How a typed name is matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.areas.rules.levels import SHORT_FORMS, TYPE_WORDS, Level, full_name
from diaban.areas.rules.names import Named, name_key, pick, rank, read_query

SYLLABLES = ["An", "Ân", "Bình", "Đắk", "Hòa", "Linh", "Mỹ", "Phú", "Quý", "Tân", "Vĩnh", "Ỷ"]
names = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=3).map(" ".join)


def named(full, *, code="00001", level=Level.COMMUNE, in_force=True, alias=False):
    """A unit's name from "xã Tân An"."""
    type_word = next(
        word
        for words in TYPE_WORDS.values()
        for word in sorted(words, key=len, reverse=True)
        if full.startswith(f"{word} ")
    )
    name = full.removeprefix(f"{type_word} ")
    return Named(code, name, type_word, name_key(name), level, in_force, alias)


def picked(text, *candidates):
    """The full names that answer, best first."""
    found = [named(full) for full in candidates]
    return [f"{found[at].type_word} {found[at].name}" for _, at in pick(read_query(text), found)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa Bình", "Hoà Bình"),
        ("Quy Nhơn", "Qui Nhơn"),
        ("Mỹ Lý", "Mĩ Lí"),
        ("Đắk Lắk", "Đắc Lắc"),
        ("Phường 1", "Phường 01"),
        ("Ea H'Leo", "Ea H’leo"),
        ("Bà Rịa - Vũng Tàu", "Bà Rịa–Vũng Tàu"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Thủy", "Thủi"), ("Tây", "Tai"), ("Khai", "Khay"), ("1", "10")]
)
def test_names_that_sound_otherwise_have_other_keys(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "phường Minh Xuân", "Phường Minh Xuân", "P. Minh Xuân", "p.minh xuan", "P Minh Xuân",
        "MINH XUÂN", "minh xuan", " minh\u00a0 xuân ",
    ],
)  # fmt: skip
def test_a_ward_is_found_however_it_is_typed(text):
    assert picked(text, "phường Minh Xuân", "xã Minh Tân") == ["phường Minh Xuân"]


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("TP. Sóc Trăng", "thành phố Sóc Trăng"),
        ("TP.Sóc Trăng", "thành phố Sóc Trăng"),
        ("Tp sóc trăng", "thành phố Sóc Trăng"),
        ("T.P Sóc Trăng", "thành phố Sóc Trăng"),
        ("H. Vĩnh Linh", "huyện Vĩnh Linh"),
        ("TX Quảng Trị", "thị xã Quảng Trị"),
        ("TT. Hồ Xá", "thị trấn Hồ Xá"),
        ("ĐK Cồn Cỏ", "đặc khu Cồn Cỏ"),
        ("Q1", "quận 1"),
        ("P.01", "phường 1"),
        ("TDP 12", "tổ dân phố 12"),
    ],
)
def test_type_words_may_be_shortened(text, full):
    assert picked(text, full) == [full]


def test_a_typed_type_word_shuts_out_other_types():
    assert picked("xã Tân An", "phường Tân An", "xã Tân An") == ["xã Tân An"]


def test_a_type_word_that_no_unit_has_shuts_out_nothing():
    assert picked("huyện Tân An", "phường Tân An", "xã Tân An") == ["phường Tân An", "xã Tân An"]


def test_typed_marks_shut_out_names_with_others():
    assert picked("Tân An", "xã Tân Ân", "xã Tân An") == ["xã Tân An"]


def test_without_marks_every_reading_answers():
    assert picked("tan an", "xã Tân Ân", "xã Tân An") == ["xã Tân Ân", "xã Tân An"]


def test_marks_that_fit_nothing_shut_out_nothing():
    assert picked("Tán An", "xã Tân Ân", "xã Tân An") == ["xã Tân Ân", "xã Tân An"]


def test_a_name_may_begin_with_a_type_word():
    assert picked("Bản Lầu", "xã Bản Lầu", "bản Lầu") == ["xã Bản Lầu", "bản Lầu"]


def test_the_beginning_of_a_name_comes_before_its_middle():
    assert picked("Vĩnh L", "xã Cẩm Vĩnh Lộc", "xã Vinh Lộc", "xã Vĩnh Linh") == [
        "xã Vĩnh Linh",
        "xã Vinh Lộc",
        "xã Cẩm Vĩnh Lộc",
    ]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (named("xã Tân An"), named("xã Tân An", in_force=False)),
        (named("xã Tân An", level=Level.PROVINCE), named("xã Tân An")),
        (named("xã Tân An"), named("xã Tân An", alias=True)),
        (named("xã Tân An"), named("xã Tân An Hội")),
    ],
    ids=["names in force first", "higher first", "alias last", "longer last"],
)
def test_among_equals_there_is_an_order(better, worse):
    query = read_query("Tân An")

    assert rank(query, better) < rank(query, worse)


def test_a_code_finds_its_unit_whatever_its_name():
    query = read_query("19363")
    found = [named("xã Vĩnh Linh", code="19363"), named("xã Bến Quan", code="19366")]

    assert [at for _, at in pick(query, found)] == [0]


def test_what_stands_after_a_comma_names_units_above():
    query = read_query("xã Tân An, H. Ninh Giang, tỉnh Hải Dương")

    assert query.keys == ("xa tan an", "tan an")
    assert query.above == ("ninh giang", "hai duong")


@pytest.mark.parametrize("text", ["", "  ", "?!", ",", "\u200b"])
def test_nothing_to_find_is_no_query(text):
    assert read_query(text) is None


@given(names, st.sampled_from([word for words in TYPE_WORDS.values() for word in words]))
def test_every_name_is_found_by_itself_and_by_every_form_of_its_type(name, type_word):
    found = [Named("00001", name, type_word, name_key(name), Level.COMMUNE, True)]
    forms = ["", type_word, *SHORT_FORMS.get(type_word, ())]

    for form in forms:
        for text in (f"{form} {name}", f"{form}. {name}".upper()):
            assert [at for _, at in pick(read_query(text), found)] == [0]


@pytest.mark.parametrize(
    ("type_word", "name", "shown"),
    [("đặc khu", "Cồn Cỏ", "Đặc khu Cồn Cỏ"), ("", "Việt Nam", "Việt Nam")],
)
def test_the_full_name_begins_with_a_capital(type_word, name, shown):
    assert full_name(type_word, name) == shown
