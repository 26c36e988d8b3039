"""Who may reorganise what."""

from datetime import timedelta

import pytest

from diaban.accounts.rules import Role
from diaban.accounts.selectors import actor_of, local_administrator
from diaban.areas.change_rights import changes_open_to, require_all
from diaban.areas.hamlets import close_hamlet
from diaban.areas.models import Placement
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Kind, Weighing
from diaban.core.access import Missing, NotAllowed
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import DAY, TAKE_IN, draft, publish
from tests.village import NOW, TODAY, make_area, make_user

pytestmark = pytest.mark.django_db


def rename(code):
    return op(Kind.RENAME, code, into=[part(code, "Khác", "xã")])


@pytest.fixture
def neighbour(village):
    """A second province with one commune and its office."""
    version = village.province.placements.get().version
    province = make_area("99", Level.PROVINCE, "Kia", "tỉnh")
    commune = make_area("99001", Level.COMMUNE, "Kia", "xã")
    Placement.objects.create(version=version, area=province, parent=village.nation,
                             left=3001, right=3900, depth=1)  # fmt: skip
    Placement.objects.create(version=version, area=commune, parent=province,
                             left=3002, right=3800, depth=2)  # fmt: skip
    return actor_of(make_user("kia", "Công an tỉnh Kia", Role.STANDING_OFFICE, province), TODAY)


def test_the_office_above_may_and_the_unit_itself_may_not(village):
    own = actor_of(make_user("vp", "Văn phòng", Role.STANDING_OFFICE, village.lower), TODAY)

    assert require_all(village.actor(village.minh), [rename("98001")])
    with pytest.raises(NotAllowed):
        require_all(own, [rename("98001")])
    with pytest.raises(Missing):
        require_all(own, [rename("98002")])
    with pytest.raises(NotAllowed):
        require_all(village.actor(village.minh), [rename("98")])


def test_a_unit_is_not_taken_from_nor_pushed_to_a_neighbour(village, neighbour):
    minh = village.actor(village.minh)

    for actor, code, parent in ((minh, "98001", "99"), (neighbour, "98001", "99")):
        with pytest.raises((Missing, NotAllowed)):
            require_all(actor, [op(Kind.MOVE, code, parent=parent)])


def test_a_unit_of_a_map_to_come_is_not_touched_by_a_neighbour(village, neighbour):
    new = part("98050", "Hợp Nhất")
    publish(local_administrator(TODAY), op(Kind.MERGE, "98001", "98002", into=[new]))

    assert require_all(village.actor(village.minh), [rename("98050")])
    with pytest.raises((Missing, NotAllowed)):
        require_all(neighbour, [rename("99001"), rename("98050")])


def test_a_change_is_listed_for_those_who_have_the_right_above_all_of_it(village, neighbour):
    change = draft(village.actor(village.minh), TAKE_IN)

    assert list(changes_open_to(village.actor(village.minh))) == [change]
    assert list(changes_open_to(local_administrator(TODAY))) == [change]
    assert not changes_open_to(neighbour).exists()
    assert not changes_open_to(village.actor(village.lan)).exists()


def test_a_hamlet_that_was_closed_stands_in_the_way_of_nothing(village):
    lan = village.actor(village.lan)
    close_hamlet(actor=lan, commune=village.lower, code="98001.003",
                 on_day=DAY - timedelta(days=3), at=NOW)  # fmt: skip
    change = publish(
        village.actor(village.minh),
        op(Kind.SPLIT, "98001", by=Weighing.HAMLETS,
           into=[part("98001", "Đông", members=("98001.001",)),
                 part("98003", "Tây", members=("98001.002",))]),
    )  # fmt: skip

    placed = change.version.placements.filter(area__level="hamlet").values_list("area__code")
    assert ("98001.003",) not in placed
    assert len(placed) == 4
