"""What became of a unit and what it was made of, on the real list."""

from datetime import date
from fractions import Fraction

import pytest

from diaban.areas.bearers import Way
from diaban.areas.crosswalk import MOST_LINES, TooManyLines, look_up_list, look_up_text
from diaban.areas.models import Area, Succession

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]

TODAY = date(2026, 11, 22)
LAST_DAY = date(2025, 6, 30)


def told(text, **given):
    return {
        (one.unit.code, one.unit.full_name, one.unit.valid_to is None): (
            [end.unit.code for end in one.became],
            [end.unit.code for end in one.was],
        )
        for one in look_up_text(text, today=TODAY, **given)
    }


def answered(typed, way=Way.BECAME, **given):
    return [
        [end.unit.code for end in (one.answer.became if way is Way.BECAME else one.answer.was)]
        if one.answer
        else one.error
        for one in look_up_list(typed, way, today=TODAY, **given)
    ]


def test_minh_xuan_02203_became_02215():
    assert told("02203") == {("02203", "Phường Minh Xuân", False): (["02215"], [])}
    assert told("Minh Xuân") == {
        ("02203", "Phường Minh Xuân", False): (["02215"], []),
        ("02215", "Phường Minh Xuân", True): (
            [],
            ["02200", "02203", "02206", "02215", "02216", "02488", "02497"],
        ),
        ("04330", "Xã Minh Xuân", False): (["04303"], []),
    }


def test_yen_lap_was_a_district_a_township_and_three_communes():
    assert told("Yên Lập") == {
        ("234", "Huyện Yên Lập", False): (
            ["08290", "08296", "08305", "08311", "08323", "08338"],
            [],
        ),
        ("02317", "Xã Yên Lập", False): (["02317"], []),
        ("02317", "Xã Yên Lập", True): ([], ["02317", "02323"]),
        ("08290", "Thị trấn Yên Lập", False): (["08290"], []),
        ("08290", "Xã Yên Lập", True): ([], ["08290", "08314", "08320", "08326"]),
        ("09091", "Xã Yên Lập", False): (["09100"], []),
    }


def test_vinh_linh_is_a_district_of_old_and_a_commune_with_the_townships_code():
    assert told("vinh linh") == {
        ("464", "Huyện Vĩnh Linh", False): (["19363", "19366", "19372", "19405", "19414"], []),
        ("19363", "Xã Vĩnh Linh", True): ([], ["19363", "19375", "19387"]),
    }


def test_soc_trang_is_a_province_a_city_and_a_ward():
    assert told("Sóc Trăng") == {
        ("94", "Tỉnh Sóc Trăng", False): (["92"], []),
        ("941", "Thành phố Sóc Trăng", False): (["31507", "31510", "31684"], []),
        ("31507", "Phường Sóc Trăng", True): ([], ["31498", "31501", "31504", "31507"]),
    }
    assert list(told("TP.Sóc Trăng")) == [("941", "Thành phố Sóc Trăng", False)]


def test_ten_units_are_called_tan_an_today_and_eighteen_were():
    found = told("Tân An")

    assert len([1 for _, _, living in found if living]) == 10
    assert len([1 for _, _, living in found if not living]) == 18
    assert told("Tân An, Hải Dương") == {("10840", "Xã Tân An", False): (["10846"], [])}


def test_a_day_leaves_the_units_of_that_day():
    assert list(told("19363", on_day=LAST_DAY)) == [("19363", "Thị trấn Hồ Xá", False)]
    assert list(told("19363", on_day=TODAY)) == [("19363", "Xã Vĩnh Linh", True)]


def test_before_the_change_nothing_had_become_of_a_unit():
    assert told("02203", day=LAST_DAY) == {("02203", "Phường Minh Xuân", False): ([], [])}


def test_a_list_takes_the_old_unit_looking_ahead_and_the_new_one_looking_back():
    assert answered(["19363", "  ", "phường Minh Xuân"]) == [["19363"], ["02215"]]
    assert answered(["19363"], Way.WAS) == [["19363", "19375", "19387"]]


def test_a_line_that_cannot_be_answered_says_why_and_the_rest_is_answered():
    assert answered(["xyzzy", "02203", "Sóc Trăng", "--", "Tân An, Hải Dương"]) == [
        "Không có đơn vị nào tên hoặc mã như vậy. Kiểm tra lại chính tả.",
        ["02215"],
        "Có 2 đơn vị như vậy: Tỉnh Sóc Trăng (94); Thành phố Sóc Trăng, Tỉnh Sóc Trăng (941). "
        "Ghi mã, hoặc thêm đơn vị cấp trên sau dấu phẩy.",
        "Dòng không có chữ cái hay chữ số nào.",
        ["10846"],
    ]


def test_weights_of_a_later_act_are_said_as_a_share():
    old = Area.objects.get(code="08290", valid_to=None)
    new = Area.objects.get(code="08296", valid_to=None)
    other = Area.objects.get(code="08305", valid_to=None)
    day = date(2026, 10, 1)
    Area.objects.filter(pk=old.pk).update(valid_to=day)
    for to, weight in ((new, "0.25"), (other, "0.75")):
        Succession.objects.create(
            old=old, new=to, on=day, partial=True, weight=weight, basis="Nghị quyết thử"
        )

    (answer,) = look_up_text("thị trấn Yên Lập", today=TODAY)

    assert [(end.unit.code, end.share, end.estimated) for end in answer.became] == [
        ("08296", Fraction(1, 4), True),
        ("08305", Fraction(3, 4), True),
    ]
    assert answer.became[0].basis == ("Nghị quyết 1676/NQ-UBTVQH15", "Nghị quyết thử")


def test_too_many_lines_are_refused():
    with pytest.raises(TooManyLines, match=r"1001 dòng"):
        look_up_list(["02203"] * (MOST_LINES + 1), Way.BECAME, today=TODAY)


@pytest.mark.parametrize("lines", [1, 1000])
def test_a_list_costs_the_same_however_long_it_is(django_assert_num_queries, lines):
    codes = Area.objects.filter(level="commune", valid_to=LAST_DAY.replace(month=7, day=1))
    typed = list(codes.order_by("code").values_list("code", flat=True)[:lines])

    with django_assert_num_queries(6):
        assert all(line.answer for line in look_up_list(typed, Way.BECAME, today=TODAY))
