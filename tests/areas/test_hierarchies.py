"""Other hierarchies: who is in charge of what, and that nobody sees more by it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from diaban.accounts.rules import RIGHTS, SEE_AREA
from diaban.accounts.scopes import in_scope
from diaban.accounts.selectors import actor_of, local_administrator
from diaban.areas.checks import CHECKS
from diaban.areas.hierarchies import (
    hierarchies_on,
    in_charge_of,
    look_ahead,
    publish_hierarchy,
    standing_on,
    withdraw_hierarchy,
)
from diaban.areas.journal import UndoBlocked
from diaban.areas.lookups import find
from diaban.areas.models import Area, AreaName, BoundaryVersion, Placement
from diaban.areas.rules.hierarchies import BadHierarchy, HierarchyFile, Sector
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Kind
from diaban.areas.selectors import path
from diaban.areas.services import create_hamlet
from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from diaban.core.checks import outcome
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import publish
from tests.village import NOW, START, TODAY

pytestmark = pytest.mark.django_db

LATER = TODAY + timedelta(days=30)
LIST = HierarchyFile(
    "border-guard",
    "Bộ đội Biên phòng",
    TODAY,
    "Quyết định thử",
    (
        Sector("BP-98", "ban chỉ huy bộ đội biên phòng", "tỉnh Thử Nghiệm", "", ()),
        Sector("BP-98-01", "đồn biên phòng", "Hạ", "BP-98", ("98001",)),
        Sector("BP-98-02", "đồn biên phòng", "Thượng", "BP-98", ("98002",)),
    ),
)


def load(given=LIST, actor=None):
    return publish_hierarchy(actor=actor or local_administrator(TODAY), given=given, at=NOW)


def test_a_post_is_in_charge_of_communes_below_its_command(village):
    load()

    (post,) = in_charge_of(village.lower, TODAY)
    assert (post.code, post.name, post.above) == (
        "BP-98-01", "Đồn biên phòng Hạ", ("Ban chỉ huy bộ đội biên phòng tỉnh Thử Nghiệm",),
    )  # fmt: skip
    assert [(one.code, one.level, one.depth) for one in standing_on("border-guard", TODAY)] == [
        ("BP-98", Level.SECTOR, 1),
        ("BP-98-01", Level.SECTOR, 2),
        ("98001", Level.COMMUNE, 3),
        ("BP-98-02", Level.SECTOR, 2),
        ("98002", Level.COMMUNE, 3),
    ]


def test_before_its_first_day_nobody_is_in_charge(village):
    load()

    assert in_charge_of(village.lower, START) == []
    assert hierarchies_on(START) == []


def test_nobody_sees_more_or_less_by_another_hierarchy(village):
    def seen():
        return {
            user.username: (
                actor_of(user, TODAY),
                sorted(
                    Area.objects.filter(in_scope(actor_of(user, TODAY), SEE_AREA, ""))
                    .values_list("code", flat=True)
                ),
            )
            for user in (village.lan, village.minh, village.thu)
        }  # fmt: skip

    before = seen()
    # A post of one commune's officer that is put in charge of the commune next door.
    load(replace(LIST, sectors=(LIST.sectors[0], replace(LIST.sectors[1],
                                                        communes=("98001", "98002")))))  # fmt: skip

    assert seen() == before
    assert all(
        grant.rights == RIGHTS[grant.role] for actor, _ in seen().values() for grant in actor.grants
    )


def test_the_administrative_map_stays_what_it_is(village):
    load()

    assert path(village.lower, TODAY) == ("Tỉnh Thử Nghiệm",)
    assert [one.code for one in find("Hạ", today=TODAY)] == ["98001"]
    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)


def test_a_commune_in_a_posts_charge_still_creates_hamlets(village):
    load()

    hamlet = create_hamlet(
        actor=local_administrator(TODAY), commune=village.lower, type="thôn", name="Mới",
        on_day=TODAY, at=NOW,
    )  # fmt: skip

    assert [place.version.tree for place in hamlet.placements.all()] == ["administrative"]


def test_the_same_list_again_changes_nothing(village):
    assert load() == load()

    assert BoundaryVersion.objects.filter(tree="border-guard").count() == 1


def test_a_new_list_ends_the_one_before_and_keeps_its_history(village):
    load()
    load(
        replace(
            LIST,
            valid_from=LATER,
            sectors=(
                LIST.sectors[0],
                replace(LIST.sectors[1], name="Hạ Mới", communes=("98001", "98002")),
            ),
        )
    )

    then, now = (in_charge_of(village.upper, day)[0].name for day in (TODAY, LATER))
    assert (then, now) == ("Đồn biên phòng Thượng", "Đồn biên phòng Hạ Mới")
    assert in_charge_of(village.lower, TODAY)[0].name == "Đồn biên phòng Hạ"
    assert Area.objects.get(code="BP-98-02").valid_to == LATER
    assert [outcome(check).examples for check in CHECKS] == [()] * len(CHECKS)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"sectors": (Sector("BP-98", "đồn biên phòng", "A", "", ("98009",)),)}, "mã 98009"),
        ({"sectors": (Sector("BP-98", "đồn biên phòng", "A", "", ("98001.001",)),)}, "98001.001"),
        ({"valid_from": date(2020, 1, 1)}, "danh mục đơn vị hành chính chưa có ngày"),
        ({"tree": "other"}, "mã BP-98 là của hệ thống khác"),
        ({"basis": "Khác"}, "đã có một danh sách khác từ chính ngày"),
        ({"valid_from": TODAY - timedelta(days=1)}, "danh sách mới nhất bắt đầu từ"),
    ],
)
def test_a_list_that_does_not_fit_the_map_is_refused_whole(village, change, error):
    load()
    before = list(Area.objects.order_by("pk").values())

    with pytest.raises(BadHierarchy) as refusal:
        load(replace(LIST, **change))

    assert any(error in one for one in refusal.value.facts["errors"]), refusal.value.sentence
    assert list(Area.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(("who", "refusal"), [("lan", Missing), ("minh", Missing)])
def test_only_who_keeps_the_whole_map_loads_a_hierarchy(village, who, refusal):
    with pytest.raises((refusal, NotAllowed)):
        load(actor=village.actor(getattr(village, who)))

    assert not BoundaryVersion.objects.filter(tree="border-guard").exists()


def _trees():
    """Return all that a hierarchy is made of."""
    return [
        list(BoundaryVersion.objects.order_by("pk").values()),
        list(Placement.objects.order_by("pk").values()),
        list(Area.objects.order_by("pk").values()),
        list(AreaName.objects.order_by("pk").values()),
    ]


NEWER = replace(
    LIST,
    valid_from=LATER,
    sectors=(
        LIST.sectors[0],
        replace(LIST.sectors[1], name="Hạ Long", communes=("98001", "98002")),
    ),
)


def test_before_a_list_is_published_one_sees_what_it_would_do(village):
    load()
    before = _trees()

    ahead = look_ahead(actor=local_administrator(TODAY), given=NEWER)

    assert _trees() == before
    assert (ahead.same, ahead.begun, ahead.ended, ahead.renamed, ahead.passing) == (
        False, (), ("Đồn biên phòng Thượng",),
        (("Đồn biên phòng Hạ", "Đồn biên phòng Hạ Long"),), 1,
    )  # fmt: skip


@pytest.mark.parametrize("lists", [(LIST,), (LIST, NEWER)])
def test_the_latest_list_is_withdrawn_and_leaves_no_trace(village, lists):
    for one in lists[:-1]:
        load(one)
    before = _trees()

    load(lists[-1])
    withdraw_hierarchy(
        actor=local_administrator(TODAY), tree="border-guard", reason="nhầm tệp", at=NOW
    )

    assert _trees() == before
    assert Entry.objects.filter(action="areas.hierarchy.withdrawn").count() == 1


def test_a_list_that_followed_a_reorganisation_is_not_withdrawn(village):
    load()
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", into=[part("98002")]))
    before = _trees()

    with pytest.raises(UndoBlocked, match="thay đổi địa giới"):
        withdraw_hierarchy(
            actor=local_administrator(TODAY), tree="border-guard", reason="nhầm", at=NOW
        )

    assert _trees() == before


@pytest.mark.parametrize("who", ["lan", "minh", "thu"])
def test_nobody_below_the_nation_withdraws_a_list(village, who):
    load()
    before = _trees()

    with pytest.raises((Missing, NotAllowed)):
        withdraw_hierarchy(
            actor=village.actor(getattr(village, who)), tree="border-guard", reason="x", at=NOW
        )

    assert _trees() == before
