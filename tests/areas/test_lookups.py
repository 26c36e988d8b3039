"""Finding units by name, and what became of them, on the real list."""

from datetime import date

import pytest

from diaban.areas.history import became, was
from diaban.areas.lookups import NothingToFind, find
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import UnknownArea

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]

TODAY = date(2026, 11, 22)
LAST_DAY = date(2025, 6, 30)
DAY = date(2025, 7, 1)


def codes(text, **given):
    return [unit.code for unit in find(text, today=TODAY, **given)]


def told(steps):
    return [(step.code, step.full_name, step.partial) for step in steps]


TEN_CALLED_TAN_AN = [
    ("02320", "Xã Tân An", ("Tỉnh Tuyên Quang",)),
    ("07682", "Phường Tân An", ("Thành phố Bắc Ninh",)),
    ("11167", "Xã Tân An", ("Thành phố Hải Phòng",)),
    ("17305", "Xã Tân An", ("Tỉnh Nghệ An",)),
    ("24163", "Phường Tân An", ("Tỉnh Đắk Lắk",)),
    ("26179", "Xã Tân An", ("Thành phố Đồng Nai",)),
    ("27712", "Phường Tân An", ("Tỉnh Tây Ninh",)),
    ("29278", "Xã Tân An", ("Tỉnh Vĩnh Long",)),
    ("30388", "Xã Tân An", ("Tỉnh An Giang",)),
    ("31147", "Phường Tân An", ("Thành phố Cần Thơ",)),
]


def test_ten_places_called_tan_an_are_told_apart_by_what_is_above_them():
    found = find("Tân An", today=TODAY, on_day=TODAY)

    assert [(unit.code, unit.full_name, unit.path) for unit in found] == TEN_CALLED_TAN_AN


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Tân An, Hải Phòng", "11167"),
        ("tan an, TP Hai Phong", "11167"),
        ("P. Tân An, tỉnh Đắk Lắk", "24163"),
        ("Tân An, Đắc Lắc", "24163"),
        ("Tân An, Hải Phòng, Việt Nam", "11167"),
    ],
)
def test_a_province_after_a_comma_leaves_one(text, code):
    assert codes(text, on_day=TODAY) == [code]


def test_above_a_comma_nothing_is_guessed():
    assert codes("Tân An, Zzyzx") == []
    assert codes("Vĩnh Linh, Cần Thơ") == []


@pytest.mark.parametrize("text", ["Hòa Bình", "Hoà Bình", "hoa binh"])
@pytest.mark.parametrize("level", [Level.PROVINCE, Level.COMMUNE])
def test_the_place_of_the_tone_mark_does_not_matter(text, level):
    expected = {
        Level.PROVINCE: ["17"],
        Level.COMMUNE: ["04795", "11533", "27211", "29830", "31891"],
    }

    day = LAST_DAY if level is Level.PROVINCE else TODAY
    assert codes(text, on_day=day, level=level) == expected[level]


def test_of_all_times_the_living_come_first():
    found = find("Minh Xuân", today=TODAY)

    assert [(unit.code, unit.path, unit.valid_to) for unit in found] == [
        ("02215", ("Tỉnh Tuyên Quang",), None),
        ("02203", ("Tỉnh Tuyên Quang", "Thành phố Tuyên Quang"), DAY),
        ("04330", ("Tỉnh Yên Bái", "Huyện Lục Yên"), DAY),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vĩnh Linh", ["19363", "464"]),
        ("H. Vĩnh Linh", ["464"]),
        ("xã vinh linh", ["19363"]),
        ("Sóc Trăng", ["31507", "94", "941"]),
        ("TP.Sóc Trăng", ["941"]),
        ("tỉnh soc trang", ["94"]),
        ("Yên Lập", ["02317", "08290", "234", "02317", "08290", "09091"]),
        ("Q.1", ["760"]),
        ("TP.HCM", ["79", "79"]),
    ],
)
def test_names_are_found_in_all_times(text, expected):
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("on_day", "type_word"),
    [(date(2026, 4, 29), "xã"), (date(2026, 4, 30), "phường"), (None, "phường")],
)
def test_a_unit_has_the_type_of_the_day(on_day, type_word):
    (found,) = find("Nhơn Trạch", today=TODAY, on_day=on_day, level=Level.COMMUNE)

    assert (found.code, found.type, found.valid_from) == ("26485", type_word, DAY)


def test_a_former_name_finds_the_unit_and_is_named():
    (found,) = find("Krông Na", today=TODAY)

    assert (found.code, found.full_name, found.matched) == ("24235", "Xã Buôn Đôn", "Xã Krông Na")


def test_a_former_name_is_its_name_on_a_day_of_old():
    (found,) = find("Krông Na", today=TODAY, on_day=LAST_DAY)

    assert (found.full_name, found.path) == ("Xã Krông Na", ("Tỉnh Đắk Lắk", "Huyện Buôn Đôn"))
    assert found.matched is None


def test_the_province_above_is_called_as_on_the_day():
    before, after = (
        find("26179", today=TODAY, on_day=day)[0].path for day in (date(2026, 4, 29), TODAY)
    )

    assert (before, after) == (("Tỉnh Đồng Nai",), ("Thành phố Đồng Nai",))


def test_a_code_means_one_unit_on_one_day():
    names = {day: find("19363", today=TODAY, on_day=day)[0].full_name for day in (LAST_DAY, DAY)}

    assert names == {LAST_DAY: "Thị trấn Hồ Xá", DAY: "Xã Vĩnh Linh"}


def test_days_before_the_record_are_answered_from_the_oldest_list():
    assert codes("Vĩnh Linh", on_day=date(2023, 5, 1)) == ["464"]


@pytest.mark.parametrize("text", ["", "  ", "?"])
def test_nothing_typed_is_refused(text):
    with pytest.raises(NothingToFind):
        find(text, today=TODAY)


def test_every_old_name_is_found_with_and_without_marks():
    """A sample of one in fifty; each must be found among its namesakes on its last day."""
    for area in Area.objects.filter(valid_to=DAY).order_by("code")[::50]:
        for text in (area.name, area.full_name, area.full_name.upper()):
            assert area.code in codes(text, on_day=LAST_DAY), text


def test_finding_costs_the_same_however_many_are_found(django_assert_num_queries):
    with django_assert_num_queries(6):
        find("Phường 1", today=TODAY, on_day=LAST_DAY)
    with django_assert_num_queries(6):
        find("Bến Thành", today=TODAY, on_day=LAST_DAY)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("02203", [("02215", "Phường Minh Xuân", False)]),
        ("94", [("92", "Thành phố Cần Thơ", False)]),
        ("19363", [("19363", "Xã Vĩnh Linh", False)]),
        ("464", [("19363", "Xã Vĩnh Linh", True), ("19366", "Xã Bến Quan", True),
                 ("19372", "Xã Vĩnh Hoàng", True), ("19405", "Xã Vĩnh Thủy", True),
                 ("19414", "Xã Cửa Tùng", True)]),
        ("02497", [("02215", "Phường Minh Xuân", True), ("02509", "Phường Mỹ Lâm", True)]),
        ("755", [("26732", "Đặc khu Côn Đảo", False)]),
        ("31268", [("31288", "Xã Trường Thành", False)]),
        ("01", []),
        ("24235", []),
    ],
    ids=["a ward", "a province", "a code given again", "a district", "a divided commune",
         "an island district", "a namesake", "a province that stayed", "a commune that stayed"],
)  # fmt: skip
def test_what_a_unit_became(code, expected):
    assert told(became(code, until=TODAY)) == expected


def test_a_step_says_since_when_by_what_act_and_under_whom():
    (step,) = became("02203", until=TODAY)

    assert (step.since, step.basis) == (DAY, "Nghị quyết 1684/NQ-UBTVQH15")
    assert step.path == ("Tỉnh Tuyên Quang",)


def test_a_unit_that_still_was_had_become_nothing():
    assert became("02203", until=LAST_DAY) == []


def test_a_district_of_kept_communes_became_those_too():
    steps = became("911", until=TODAY)

    assert {step.code for step in steps} >= {"31105"}
    assert all(step.partial for step in steps)


def test_what_a_commune_was_made_of():
    assert told(was("02215")) == [
        ("02200", "Phường Phan Thiết", False),
        ("02203", "Phường Minh Xuân", False),
        ("02206", "Phường Tân Quang", False),
        ("02215", "Phường Ỷ La", False),
        ("02216", "Phường Tân Hà", False),
        ("02488", "Xã Trung Môn", False),
        ("02497", "Xã Kim Phú", True),
    ]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("11167", ["11167", "11173", "11197"]),
        ("92", ["92", "93", "94"]),
        ("11948", ["318"]),
        ("01", []),
        ("464", []),
    ],
)
def test_what_units_were_made_of(code, expected):
    assert [step.code for step in was(code)] == expected


def test_old_units_are_shown_as_on_their_last_day():
    step = was("11167")[0]

    assert (step.full_name, step.path) == (
        "Xã Đức Phúc",
        ("Tỉnh Hải Dương", "Huyện Ninh Giang"),
    )


@pytest.mark.parametrize("ask", [lambda code: became(code, until=TODAY), was])
def test_a_code_that_never_was_is_refused(ask):
    with pytest.raises(UnknownArea) as refusal:
        ask("99999")

    assert refusal.value.facts == {"code": "99999"}


def test_every_old_code_is_answered():
    """Each of the 10,794 codes of old either still is or became units of today."""
    silent = [
        code
        for code in Area.objects.filter(valid_to=DAY)
        .order_by("code")
        .values_list("code", flat=True)[::40]
        if not became(code, until=TODAY)
    ]

    assert silent == []
