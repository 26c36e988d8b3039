"""Vietnamese text: keys to compare by, and the order of the dictionary."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diaban.core.text import (
    fold,
    has_marks,
    lower_first,
    nfc,
    search_key,
    sort_key,
    space,
    tone_key,
)

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)

texts = st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " '-0123456789", max_size=30)


def test_nfc_joins_a_letter_and_its_marks():
    assert nfc("Hòa") == "Hòa"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Tân\u00a0 An\n", "Tân An"),
        ("Ea H\u2019Leo", "Ea H'Leo"),
        ("Vĩnh\u200b Linh\ufeff", "Vĩnh Linh"),
        ("\u00d0ức", "Đức"),
        ("2021–2025", "2021–2025"),
        ("", ""),
    ],
)
def test_space_gives_one_spelling_to_store(typed, stored):
    assert space(typed) == stored


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đắk Lắk", "dak lak"),
        ("HOÀ BÌNH", "hoa binh"),
        ("Hòa Bình", "hoa binh"),
        ("Thủy,  Thuỷ", "thuy, thuy"),
        ("Hòa", "hoa"),
        ("Ea H\u2019Leo", "ea h'leo"),
        ("1.234,5 %", "1.234,5 %"),
    ],
)
def test_fold_drops_marks_and_keeps_punctuation(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ea H'Leo", "ea hleo"),
        ("Bà Rịa - Vũng Tàu", "BA RIA–VUNG TAU"),
        ("Phan Rang-Tháp Chàm", "phan rang thap cham"),
        ("Sở NN&PTNT", "so nn ptnt"),
    ],
)
def test_search_key_takes_spellings_of_one_name_for_the_same(one, other):
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("old_style", "new_style"),
    [
        ("Hòa", "Hoà"),
        ("THỦY", "THUỶ"),
        ("Khánh Hòa", "khánh hoà"),
        ("Uý Lạo", "úy lạo"),
        ("xòe", "xoè"),
        ("Quý", "Quý"),
        ("giặt", "giặt"),
    ],
)
def test_tone_key_forgets_where_the_tone_mark_stood(old_style, new_style):
    assert tone_key(old_style) == tone_key(new_style)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Tân An", "Tân Ân"), ("Hòa", "Hoa"), ("Hòa", "Hóa"), ("Đông", "Dông"), ("Lơ", "Lo")],
)
def test_tone_key_keeps_what_marks_tell_apart(one, other):
    assert tone_key(one) != tone_key(other)


@pytest.mark.parametrize(
    ("text", "marked"), [("Tan An", False), ("Tân An", True), ("Dinh", False), ("Đinh", True)]
)
def test_has_marks_tells_whether_marks_were_typed(text, marked):
    assert has_marks(text) is marked


# Each list is in the order that ICU gives for `vi` with numeric ordering.
ORDERS = {
    "letters": ["a", "ă", "ẳ", "â", "b", "c", "d", "đ", "e", "ê", "i", "o", "ô", "ơ", "u", "ư"],
    "tones": ["ma", "mà", "mả", "mã", "má", "mạ", "mă", "mâ"],
    "spaces before letters": ["An Giang", "Anh Sơn", "Ăn"],
    "tones after the last letter": ["Bình Đà", "Bình Đại", "Bình Định", "Bình Đông", "Bỉnh Đông"],
    "small before capital": ["hòa", "Hòa", "Hóa", "Hoàn"],
    "numbers by value": ["Thôn 1", "Thôn 2", "Thôn 10", "Thôn 11", "Thôn An"],
    "provinces": [
        "An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk",
        "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai", "Hà Nội", "Hà Tĩnh", "Hải Phòng",
        "Hồ Chí Minh", "Huế", "Hưng Yên", "Khánh Hòa", "Lai Châu", "Lạng Sơn", "Lào Cai",
        "Lâm Đồng", "Nghệ An", "Ninh Bình", "Phú Thọ", "Quảng Ngãi", "Quảng Ninh", "Quảng Trị",
        "Sơn La", "Tây Ninh", "Thái Nguyên", "Thanh Hóa", "Tuyên Quang", "Vĩnh Long",
    ],
}  # fmt: skip


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS.keys())
def test_sort_key_gives_the_order_of_the_dictionary(order):
    shuffled = random.Random(4).sample(order, len(order))

    assert sorted(shuffled, key=sort_key) == order


def test_sort_key_is_digits_so_that_every_collation_agrees():
    assert sort_key("Đắk R'Lấp (Thôn 7) ỹ ñ 東").isdigit()


@given(texts)
def test_keys_do_not_depend_on_how_the_text_was_composed(text):
    apart = unicodedata.normalize("NFD", text)

    for key in (space, fold, search_key, tone_key, sort_key):
        assert key(apart) == key(text)


@given(texts)
def test_making_a_key_twice_changes_nothing(text):
    for key in (space, fold, search_key):
        assert key(key(text)) == key(text)


@given(texts, texts)
def test_texts_with_one_tone_key_have_one_fold(one, other):
    if tone_key(one) == tone_key(other):
        assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "inside"),
    [("Xã Khe Sậy", "xã Khe Sậy"), ("Ủy ban nhân dân", "ủy ban nhân dân"), ("Đ", "đ"), ("", "")],
)
def test_a_name_inside_a_sentence_loses_only_its_first_capital(name, inside):
    assert lower_first(name) == inside
