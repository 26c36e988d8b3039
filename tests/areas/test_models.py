"""What the tables refuse, whoever writes to them."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from diaban.areas.models import (
    Area,
    AreaAlias,
    AreaName,
    BoundaryVersion,
    Placement,
    Succession,
)

DAY = date(2025, 7, 1)
LATER = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


def make_area(code="98001", **fields):
    given = {"level": "commune", "name": "Hạ", "type": "xã", "sort_key": "57", "valid_from": DAY}
    return Area.objects.create(code=code, **given | fields)


def make_version(**fields):
    return BoundaryVersion.objects.create(**{"number": 1, "valid_from": DAY} | fields)


@pytest.fixture
def area():
    return make_area()


@pytest.fixture
def version():
    return make_version()


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_to": DAY},
        {"valid_to": date(2025, 1, 1)},
        {"level": "village"},
    ],
    ids=["no day", "backwards", "unknown level"],
)
def test_an_area_that_cannot_be_is_refused(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_area(**fields)

    assert not Area.objects.exists()


def test_a_code_begins_once_a_day(area):
    area.valid_to = LATER
    area.save()

    with pytest.raises(IntegrityError), transaction.atomic():
        make_area(valid_to=LATER)

    assert Area.objects.count() == 1


def test_a_code_has_one_open_unit(area):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_area(valid_from=LATER)

    assert Area.objects.count() == 1


def test_a_code_may_be_given_again_after_its_unit_ended(area):
    area.valid_to = LATER
    area.save()

    again = make_area(valid_from=LATER)

    assert list(Area.objects.on(date(2025, 12, 31))) == [area]
    assert list(Area.objects.on(LATER)) == [again]


def test_an_area_has_one_open_name(area):
    AreaName.objects.create(area=area, name="Hạ", type="xã", key="ha", valid_from=DAY)

    with pytest.raises(IntegrityError), transaction.atomic():
        AreaName.objects.create(area=area, name="Hạ", type="phường", key="ha", valid_from=LATER)

    assert AreaName.objects.count() == 1


def test_an_alias_stands_once(area):
    AreaAlias.objects.create(area=area, alias="Hạ Thôn", key="ha thon")

    with pytest.raises(IntegrityError), transaction.atomic():
        AreaAlias.objects.create(area=area, alias="Hạ Thôn", key="ha thon")

    assert AreaAlias.objects.count() == 1


def test_a_tree_has_one_open_version(version):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_version(number=2, valid_from=LATER)

    assert BoundaryVersion.objects.count() == 1


def test_another_tree_has_versions_of_its_own(version):
    other = make_version(tree="border-guard")

    assert set(BoundaryVersion.objects.all()) == {version, other}


@pytest.mark.parametrize(
    "fields",
    [
        {"left": 5, "right": 4, "depth": 0, "parent": None},
        {"left": 1, "right": 4, "depth": 1, "parent": None},
        {"left": 1, "right": 4, "depth": 0},
    ],
    ids=["backwards", "no parent, not on top", "on top with a parent"],
)
def test_a_place_that_cannot_be_is_refused(area, version, fields):
    nation = make_area("VN", level="nation")

    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(**{"version": version, "area": area, "parent": nation} | fields)

    assert not Placement.objects.exists()


@pytest.mark.parametrize("left", [1, 2], ids=["same place", "same area"])
def test_an_area_stands_once_in_a_version_and_a_place_is_taken_once(area, version, left):
    Placement.objects.create(version=version, area=area, left=1, right=4, depth=0)
    other = area if left == 2 else make_area("98002")

    with pytest.raises(IntegrityError), transaction.atomic():
        Placement.objects.create(version=version, area=other, left=left, right=4, depth=0)

    assert Placement.objects.count() == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"partial": True, "weight": Decimal("1.2")},
        {"partial": True, "weight": Decimal(0)},
        {"partial": False, "weight": Decimal("0.5")},
        {"partial": False, "weight": None},
    ],
    ids=["more than all", "nothing", "whole but half", "whole but unknown"],
)
def test_a_share_that_cannot_be_is_refused(area, fields):
    other = make_area("98002")

    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(old=area, new=other, on=LATER, basis="NQ", **fields)

    assert not Succession.objects.exists()


def test_nothing_succeeds_itself(area):
    with pytest.raises(IntegrityError), transaction.atomic():
        Succession.objects.create(old=area, new=area, on=LATER, partial=True, basis="NQ")

    assert not Succession.objects.exists()
