"""Groups of the province's communes, and the border-guard posts in charge of some of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from importlib.resources import files
from typing import Final

from diaban.areas.group_lists import set_members
from diaban.areas.groups import create_group
from diaban.areas.hierarchies import publish_hierarchy
from diaban.areas.models import Area, BoundaryVersion
from diaban.areas.rules.grouping import GroupKind
from diaban.areas.rules.hierarchies import HierarchyFile, read_hierarchy
from diaban.core.access import Actor
from diaban.demo.world import Standing, World

POSTS: Final = "bien-phong.toml"
_BASIS: Final = "Quyết định mẫu (không có thật)"
# Communes that the sample's plan of the year looks at most closely, by their tiles.
_FOCUS: Final = ("KS", "NB", "VT", "QN", "NK")


def add_posts(actor: Actor, province: World, start: date, at: datetime) -> BoundaryVersion:
    """Put the posts of the sample in charge of the communes along its border from `start` on."""
    text = (files("diaban.demo") / "data" / POSTS).read_text(encoding="utf-8")
    given = _of_these(read_hierarchy(text), {commune.code for commune in province.communes})
    return publish_hierarchy(actor=actor, given=replace(given, valid_from=start), at=at)


def add_groups(
    actor: Actor, province: World, area: Area, merger: date, today: date, at: datetime
) -> None:
    """List border communes, key communes of two types, and those in focus this year."""
    # From this year on, and not before the map on which all of them stand.
    since = max(date(today.year, 1, 1), merger)
    border = [one.code for one in province.communes if one.region == "Biên giới"]
    heavy, lighter = (
        [one.code for one in province.communes if one.standing is standing]
        for standing in (Standing.TYPE_1, Standing.TYPE_2)
    )
    focus = [one.code for one in province.communes if one.sign in _FOCUS]
    lists: tuple[tuple[str, GroupKind, int | None, Iterable[str]], ...] = (
        ("Xã biên giới", GroupKind.BORDER, None, border),
        ("Địa bàn trọng điểm loại I", GroupKind.KEY_1, None, heavy),
        ("Địa bàn trọng điểm loại II", GroupKind.KEY_2, None, lighter),
        (f"Địa bàn tập trung năm {today.year}", GroupKind.FOCUS, today.year, focus),
    )
    for name, kind, year, codes in lists:
        group = create_group(actor=actor, area=area, name=name, kind=kind, year=year, at=at)
        set_members(
            actor=actor,
            group_id=group.pk,
            codes=list(codes),
            on_day=since,
            basis=_BASIS,
            at=at,
        )


def _of_these(given: HierarchyFile, codes: set[str]) -> HierarchyFile:
    """Return a list without the communes that the small province has not."""
    return replace(
        given,
        sectors=tuple(
            replace(sector, communes=tuple(one for one in sector.communes if one in codes))
            for sector in given.sectors
        ),
    )
