"""Reading the map of a small place: one province, two communes, five hamlets."""

from datetime import date, timedelta

import pytest

from diaban.areas.models import Area, BoundaryVersion
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import (
    NoMap,
    NotOnMap,
    UnknownArea,
    ancestors,
    area_on,
    below,
    children,
    count,
    path,
    paths_on,
    span_of,
    version_on,
    within,
)
from diaban.core.access import Span
from tests.village import START, TODAY, make_area

pytestmark = pytest.mark.django_db


def codes(areas):
    return [area.code for area in areas]


def test_without_a_map_the_refusal_says_what_to_do():
    with pytest.raises(NoMap, match="diaban areas count"):
        version_on(TODAY)


def test_a_version_that_is_not_published_is_no_map():
    BoundaryVersion.objects.create(number=1, valid_from=START)

    with pytest.raises(NoMap):
        version_on(TODAY)


def test_each_day_has_its_version(village):
    first = version_on(TODAY)
    first.valid_to = TODAY
    first.save()
    second = BoundaryVersion.objects.create(
        number=2, valid_from=TODAY, published_at=first.published_at
    )

    days = (START - timedelta(days=1), START, TODAY - timedelta(days=1), TODAY)
    assert [version_on(day) for day in days] == [first, first, first, second]


def test_children_are_the_units_directly_below(village):
    assert codes(children(village.province, TODAY)) == ["98001", "98002"]
    assert codes(children(village.lower, TODAY)) == ["98001.001", "98001.002", "98001.003"]


def test_children_that_ended_are_gone_from_that_day_on(village):
    gone = village.hamlets["98001"][1]
    gone.valid_to = TODAY
    gone.save()

    assert codes(children(village.lower, TODAY - timedelta(days=1))) == [
        "98001.001", "98001.002", "98001.003",
    ]  # fmt: skip
    assert codes(children(village.lower, TODAY)) == ["98001.001", "98001.003"]


def test_hamlets_stand_in_the_order_of_their_names(village):
    for hamlet, name in zip(village.hamlets["98001"], ("10", "9", "An"), strict=True):
        hamlet.name, hamlet.sort_key = name, {"10": "4002", "9": "4001", "An": "5063"}[name]
        hamlet.save()

    assert [area.name for area in children(village.lower, TODAY)] == ["9", "10", "An"]


def test_below_gives_the_whole_sub_tree_or_one_level(village):
    assert codes(below(village.province, TODAY)) == [
        "98001", "98001.001", "98001.002", "98001.003", "98002", "98002.001", "98002.002",
    ]  # fmt: skip
    assert codes(below(village.nation, TODAY, Level.COMMUNE)) == ["98001", "98002"]


def test_ancestors_come_from_the_top(village):
    hamlet = village.hamlets["98002"][0]

    assert codes(ancestors(hamlet, TODAY)) == ["VN", "98", "98002"]


def test_a_path_leaves_out_the_nation_and_the_unit_itself(village):
    assert path(village.hamlets["98001"][0], TODAY) == ("Tỉnh Thử Nghiệm", "Xã Hạ")
    assert path(village.province, TODAY) == ()


def test_a_path_has_the_names_of_its_day(village):
    village.lower.names.update(valid_to=TODAY)
    village.lower.names.create(name="Hạ", type="phường", key="ha", valid_from=TODAY)
    hamlet = village.hamlets["98001"][0]

    assert path(hamlet, TODAY - timedelta(days=1))[-1] == "Xã Hạ"
    assert path(hamlet, TODAY)[-1] == "Phường Hạ"


@pytest.mark.parametrize("hamlets", [1, 3])
def test_paths_cost_the_same_for_one_and_for_many(village, django_assert_num_queries, hamlets):
    days = {hamlet.pk: TODAY for hamlet in village.hamlets["98001"][:hamlets]}

    with django_assert_num_queries(3):
        paths_on(days)


def test_within_is_a_range_that_keeps_out_the_neighbour(village):
    version = version_on(TODAY)
    inside = Area.objects.filter(within(span_of(village.lower, version), version))

    assert codes(inside.order_by("code")) == ["98001", "98001.001", "98001.002", "98001.003"]


def test_a_span_is_the_interval_of_its_version(village):
    assert span_of(village.lower, version_on(TODAY)) == Span(3, 1026)


def test_a_unit_that_is_not_on_the_map_is_refused(village):
    stray = make_area("98009", Level.COMMUNE, "Lạc", "xã")

    with pytest.raises(NotOnMap):
        span_of(stray, version_on(TODAY))


@pytest.mark.parametrize(("code", "day"), [("98009", TODAY), ("98001", date(2030, 1, 1))])
def test_a_code_without_a_unit_on_the_day_is_refused(village, code, day):
    village.lower.valid_to = date(2029, 1, 1)
    village.lower.save()

    with pytest.raises(UnknownArea) as refusal:
        area_on(code, day)

    assert refusal.value.facts == {"code": code}


def test_counting_goes_by_the_type_of_the_day(village):
    counted = count(TODAY)

    assert counted.by_type == {
        Level.NATION: {"": 1},
        Level.PROVINCE: {"tỉnh": 1},
        Level.DISTRICT: {},
        Level.COMMUNE: {"xã": 2},
        Level.HAMLET: {"thôn": 5},
    }
    assert counted.by_level[Level.HAMLET] == 5
