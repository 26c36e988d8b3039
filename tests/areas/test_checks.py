"""Each check on the map is shown a planted defect and must name it."""

import re
from datetime import date, timedelta

import pytest
from django.db.models import F

from diaban.accounts.selectors import local_administrator
from diaban.areas.checks import CHECKS
from diaban.areas.hierarchies import publish_hierarchy
from diaban.areas.models import (
    Area,
    AreaAlias,
    AreaGroup,
    AreaName,
    BoundaryVersion,
    Change,
    Outline,
    Placement,
    Succession,
)
from diaban.areas.rules.hierarchies import HierarchyFile, Sector
from diaban.areas.rules.levels import Level
from diaban.core.checks import outcome
from tests.village import NOW, START, TODAY, make_area

pytestmark = pytest.mark.django_db

BY_CODE = {check.code: check for check in CHECKS}


def same_code_twice(village):
    Area.objects.filter(code="98002").update(valid_to=date(2029, 1, 1))
    Area.objects.create(
        code="98002", level="commune", name="X", type="xã", sort_key="", valid_from=TODAY
    )


def two_names(village):
    village.lower.names.update(valid_to=date(2029, 1, 1))
    village.lower.names.create(name="X", type="xã", key="x", valid_from=TODAY)


def a_nameless_year(village):
    village.lower.names.update(valid_to=TODAY)


def no_name(village):
    village.lower.names.all().delete()


def another_name_shown(village):
    Area.objects.filter(code="98001").update(name="Khác")


def a_former_name_that_nobody_bore(village):
    Area.objects.filter(code="98001").update(former=[["2026-01-01", "xã", "Khác"]])


def a_former_name_left_out(village):
    AreaName.objects.filter(area=village.lower).update(valid_to=TODAY)
    AreaName.objects.create(area=village.lower, name="Hạ", type="phường", valid_from=TODAY)


def a_name_of_another_level(village):
    AreaName.objects.filter(area=village.lower).update(level="hamlet")


def an_old_key(village):
    AreaName.objects.filter(area=village.lower).update(key="cu")


def a_code_of_another_level(village):
    Area.objects.filter(code="98001").update(level="district")


def a_gap_between_versions(village):
    BoundaryVersion.objects.update(valid_to=date(2026, 1, 1))
    BoundaryVersion.objects.create(number=2, valid_from=TODAY)


def nothing_in_force(village):
    BoundaryVersion.objects.update(valid_to=TODAY)


def no_root(village):
    Placement.objects.filter(parent=None).delete()


def a_tree_changed_after_publishing(village):
    BoundaryVersion.objects.update(seal="0" * 64)


def outside_its_parent(village):
    Placement.objects.filter(area=village.hamlets["98001"][2]).update(left=2051, right=2051)


def a_wrong_parent(village):
    Placement.objects.filter(area=village.hamlets["98001"][2]).update(parent=village.upper)


def a_commune_below_a_hamlet(village):
    Placement.objects.filter(area=village.upper).update(parent=village.hamlets["98001"][0])


def a_dead_unit_on_the_map(village):
    Area.objects.filter(code="98001").update(valid_from=date(2020, 1, 1), valid_to=START)


def a_living_unit_off_the_map(village):
    make_area("98009", Level.COMMUNE, "Lạc", "xã")


def succeed(village, *, weight=None, partial=True, on=TODAY, new=None):
    village.lower.valid_to = TODAY
    village.lower.save()
    Succession.objects.create(
        old=village.lower,
        new=new or village.upper,
        on=on,
        partial=partial,
        weight=weight,
        basis="NQ",
    )


def a_succession_on_another_day(village):
    succeed(village, on=date(2026, 1, 1))


def parts_that_make_less_than_one(village):
    succeed(village, weight="0.4")
    succeed(village, weight="0.5", new=village.province)


def whole_and_divided(village):
    succeed(village)
    succeed(village, weight=1, partial=False, new=village.province)


def a_successor_that_was_gone(village):
    succeed(village)
    Area.objects.filter(code="98002").update(valid_to=TODAY)


def an_old_alias_key(village):
    AreaAlias.objects.create(area=village.lower, alias="Hạ Cũ", key="khac")


def an_outline_off_the_map(village):
    strange = make_area("98009", Level.COMMUNE, "Lạc", "xã")
    Outline.objects.create(version=BoundaryVersion.objects.get(), area=strange, polygons=[])


def change(state, **more):
    return Change.objects.create(
        effective_on=TODAY, basis="NQ", operations=[], state=state, client_key="k",
        drafted_by="Thử", drafted_at=NOW, published_at=NOW, **more,
    )  # fmt: skip


def a_map_that_begins_on_another_day(village):
    change("published", version=BoundaryVersion.objects.get(), journal=[{}])


def an_undone_change_with_a_journal(village):
    change("undone", journal=[{}])


def a_published_change_that_cannot_be_undone(village):
    change("published")


def hierarchy(village, **more):
    """A post in charge of one commune, as a list would make it."""
    given = HierarchyFile(
        "border-guard", "Biên phòng", TODAY, "Quyết định thử",
        (Sector("BP-98", "đồn biên phòng", "Thử", "", ("98001",)),),
    )  # fmt: skip
    return publish_hierarchy(actor=local_administrator(TODAY), given=given, at=NOW)


def a_post_in_charge_of_a_hamlet(village):
    version = hierarchy(village)
    version.placements.filter(area=village.lower).update(area=village.hamlets["98001"][0])


def a_post_on_the_administrative_map(village):
    hierarchy(village)
    Placement.objects.filter(area=village.hamlets["98002"][1]).update(
        area=Area.objects.get(code="BP-98")
    )


def a_post_in_no_list(village):
    hierarchy(village).delete()


def a_post_in_charge_of_what_has_ended(village):
    hierarchy(village)
    Area.objects.filter(code="98001").update(valid_to=TODAY + timedelta(days=9))


def member(village, area, *, group="x", kind="other", start=TODAY, end=None, **more):
    found, _ = AreaGroup.objects.get_or_create(
        area=village.province, key=group, defaults={"name": group, "level": "commune",
                                                    "kind": kind, **more},
    )  # fmt: skip
    found.members.create(area=area, valid_from=start, valid_to=end)


def a_member_after_its_end(village):
    member(village, village.lower)
    Area.objects.filter(code="98001").update(valid_to=TODAY + timedelta(days=9))


def a_member_before_its_beginning(village):
    member(village, village.lower, start=date(2020, 1, 1))


def twice_in_a_group(village):
    member(village, village.lower, end=TODAY + timedelta(days=9))
    member(village, village.lower)


def a_hamlet_among_communes(village):
    member(village, village.hamlets["98001"][0])


def a_list_beside_everybody(village):
    member(village, village.lower, everyone=True)


def two_key_types(village):
    member(village, village.lower, group="i", kind="key_1")
    member(village, village.lower, group="ii", kind="key_2")


DEFECTS = [
    ("areas_posts", a_post_in_charge_of_a_hamlet),
    ("areas_sectors", a_post_on_the_administrative_map),
    ("areas_sectors", a_post_in_no_list),
    ("areas_charges", a_post_in_charge_of_what_has_ended),
    ("areas_group_lives", a_member_after_its_end),
    ("areas_group_lives", a_member_before_its_beginning),
    ("areas_group_once", twice_in_a_group),
    ("areas_group_levels", a_hamlet_among_communes),
    ("areas_group_levels", a_list_beside_everybody),
    ("areas_group_types", two_key_types),
    ("areas_codes", same_code_twice),
    ("areas_names_apart", two_names),
    ("areas_names_cover", a_nameless_year),
    ("areas_names_cover", no_name),
    ("areas_latest_name", another_name_shown),
    ("areas_former_names", a_former_name_that_nobody_bore),
    ("areas_former_names", a_former_name_left_out),
    ("areas_name_levels", a_name_of_another_level),
    ("areas_keys", an_old_key),
    ("areas_levels", a_code_of_another_level),
    ("areas_versions", a_gap_between_versions),
    ("areas_versions", nothing_in_force),
    ("areas_roots", no_root),
    ("areas_seals", a_tree_changed_after_publishing),
    ("areas_tree", outside_its_parent),
    ("areas_tree", a_wrong_parent),
    ("areas_parents", a_commune_below_a_hamlet),
    ("areas_placed_living", a_dead_unit_on_the_map),
    ("areas_living_placed", a_living_unit_off_the_map),
    ("areas_successions", a_succession_on_another_day),
    ("areas_weights", parts_that_make_less_than_one),
    ("areas_whole", whole_and_divided),
    ("areas_successors_live", a_successor_that_was_gone),
    ("areas_alias_keys", an_old_alias_key),
    ("areas_outlines", an_outline_off_the_map),
    ("areas_change_maps", a_map_that_begins_on_another_day),
    ("areas_change_journals", an_undone_change_with_a_journal),
    ("areas_change_journals", a_published_change_that_cannot_be_undone),
]


@pytest.mark.parametrize(
    ("code", "plant"), DEFECTS, ids=[f"{code}: {plant.__name__}" for code, plant in DEFECTS]
)
def test_a_planted_defect_is_found(village, code, plant):
    before = outcome(BY_CODE[code])

    plant(village)

    assert (before.count, outcome(BY_CODE[code]).holds) == (0, False)


@pytest.mark.parametrize(("code", "plant"), DEFECTS, ids=[plant.__name__ for _, plant in DEFECTS])
def test_what_is_broken_is_named_by_its_code_and_never_by_a_key(village, code, plant):
    plant(village)

    for sentence in outcome(BY_CODE[code]).examples:
        assert not re.search(r"số \d+\b", sentence), sentence


def test_every_check_has_a_planted_defect():
    assert {code for code, _ in DEFECTS} == set(BY_CODE)


def test_a_sound_village_breaks_nothing(village):
    Placement.objects.update(left=F("left"))

    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)
