"""The built-in units: what is in the database after loading."""

from collections import Counter
from datetime import date

import pytest

from diaban.areas.checks import CHECKS
from diaban.areas.loader import Loaded, load_builtin_units
from diaban.areas.models import Area, AreaName, BoundaryVersion, Placement, Succession
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import count
from diaban.core.checks import outcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (date(2025, 6, 30), {"tỉnh": 57, "thành phố": 6}, 696,
         {"xã": 7692, "phường": 1726, "thị trấn": 617}),
        (date(2025, 7, 1), {"tỉnh": 28, "thành phố": 6}, 0,
         {"xã": 2621, "phường": 687, "đặc khu": 13}),
        (date(2026, 4, 30), {"tỉnh": 27, "thành phố": 7}, 0,
         {"xã": 2611, "phường": 697, "đặc khu": 13}),
        (date(2026, 9, 1), {"tỉnh": 26, "thành phố": 8}, 0,
         {"xã": 2611, "phường": 697, "đặc khu": 13}),
        (date(2026, 9, 20), {"tỉnh": 25, "thành phố": 9}, 0,
         {"xã": 2599, "phường": 709, "đặc khu": 13}),
    ],
    ids=["the last day of the districts", "1/7/2025", "Đồng Nai", "Quảng Ninh", "Bắc Ninh"],
)  # fmt: skip
def test_the_nation_has_the_units_of_the_day(day, provinces, districts, communes):
    counted = count(day)

    assert counted.by_type[Level.PROVINCE] == provinces
    assert counted.by_level[Level.DISTRICT] == districts
    assert counted.by_type[Level.COMMUNE] == communes


def test_before_the_record_the_oldest_list_stands_in_and_says_so():
    counted = count(date(2023, 1, 1))

    assert counted.day == date(2025, 3, 1)
    assert counted.by_level[Level.COMMUNE] == 10_035


def test_loading_again_changes_nothing(national_units):
    assert national_units.versions == 2
    assert load_builtin_units() == Loaded()


def test_every_unit_of_old_became_something_or_still_is():
    ended = Area.objects.filter(valid_to=date(2025, 7, 1))
    without = ended.filter(became=None)

    assert Counter(without.values_list("level", flat=True)) == {"district": 691}
    assert ended.filter(level="commune").count() == 10_035 - 132
    assert ended.filter(level="province").count() == 52


def test_every_unit_of_today_came_from_something_or_was_there():
    from_nothing = Area.objects.filter(valid_to=None, valid_from=date(2025, 7, 1), was=None)

    assert list(from_nothing) == []


def test_divided_communes_are_marked_on_every_line():
    divided = {
        old for old, lines in Counter(Succession.objects.values_list("old_id", flat=True)).items()
        if lines > 1
    }  # fmt: skip
    partial = set(Succession.objects.filter(partial=True).values_list("old_id", flat=True))

    assert len(divided) == 441
    assert partial == divided


def test_a_kept_commune_is_one_unit_under_two_names():
    area = Area.objects.get(code="24235")

    assert list(area.names.order_by("valid_from").values_list("name", "valid_to", "basis")) == [
        (
            "Krông Na",
            date(2025, 7, 1),
            "Danh mục đơn vị hành chính sau Nghị quyết 1365/NQ-UBTVQH15",
        ),
        ("Buôn Đôn", None, "Nghị quyết 1660/NQ-UBTVQH15"),
    ]
    assert (area.name, area.valid_to) == ("Buôn Đôn", None)


def test_a_change_of_type_is_no_new_unit():
    province = Area.objects.on(date(2026, 9, 1)).get(code="22")

    assert province.valid_from == date(2025, 3, 1)
    assert list(province.names.order_by("valid_from").values_list("type", "valid_from")) == [
        ("tỉnh", date(2025, 3, 1)),
        ("thành phố", date(2026, 9, 1)),
    ]


def test_every_name_of_2025_carries_the_act_behind_it():
    anew = AreaName.objects.filter(valid_from=date(2025, 7, 1))

    assert set(anew.filter(area__level="province").values_list("basis", flat=True)) == {
        "Nghị quyết 202/2025/QH15"
    }
    assert anew.filter(area__level="commune").values("basis").distinct().count() == 34


def test_every_commune_has_room_for_its_hamlets():
    today = BoundaryVersion.objects.get(valid_to=None)
    rooms = {
        right - left
        for left, right in Placement.objects.filter(
            version=today, area__level="commune"
        ).values_list("left", "right")
    }

    assert rooms == {1023}


def test_every_unit_has_a_point_inside_the_nation():
    outside = Area.objects.exclude(level="nation").exclude(
        lat__range=(8.0, 23.5), lon__range=(102.0, 115.0)
    )

    assert list(outside) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_what_must_hold_holds(check):
    assert outcome(check).examples == ()
