"""
Other hierarchies than the administrative one: border-guard posts and the communes in their charge.

Each is a tree with boundary versions of its own. It says who is in charge of what; it gives
nobody a right: what an actor may see is asked of the administrative map alone
(`accounts.selectors.actor_of`), whatever the other trees hold.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from diaban.areas.journal import Journal, UndoBlocked, undo
from diaban.areas.models import Area, AreaName, BoundaryVersion, Change, Placement, on
from diaban.areas.naming import keep_former
from diaban.areas.permissions import REORGANISE
from diaban.areas.rows import insert_rows
from diaban.areas.rules.codes import NATION_CODE
from diaban.areas.rules.hierarchies import HierarchyFile, Sector, bad_hierarchy
from diaban.areas.rules.levels import Level, full_name
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import number_tree, seal
from diaban.areas.selectors import area_on, names_on, version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, Span, may, require
from diaban.core.text import sort_key, space


@dataclass(frozen=True, slots=True)
class InCharge:
    """A body of another hierarchy that is in charge of a unit, and those above it, top first."""

    tree: str
    title: str
    area_id: int
    code: str
    name: str
    above: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One unit of a hierarchy on a day, in tree order; `depth` counts from 1 below the nation."""

    code: str
    name: str
    level: Level
    depth: int


def hierarchies_on(day: date) -> list[BoundaryVersion]:
    """Return the versions of the other hierarchies on `day`, by title. One query."""
    return list(
        BoundaryVersion.objects.filter(on(day), published_at__isnull=False)
        .exclude(tree=BoundaryVersion.ADMINISTRATIVE)
        .order_by("title", "tree")
    )


def versions_of(tree: str) -> list[BoundaryVersion]:
    """Return the lists of another hierarchy, newest first. One query."""
    others = BoundaryVersion.objects.exclude(tree=BoundaryVersion.ADMINISTRATIVE)
    return list(
        others.filter(tree=tree, published_at__isnull=False).defer("journal").order_by("-number")
    )


def standing_on(tree: str, day: date) -> list[Standing]:
    """
    Return all units of a hierarchy on `day` in tree order, without the nation.

    Raises:
        NoMap: there is no such hierarchy.

    Cost: three queries.
    """
    version = version_on(day, tree)
    rows = list(
        version.placements.exclude(parent=None)
        .order_by("left")
        .values_list("area_id", "area__code", "area__level", "depth")
    )
    names = names_on((key, day) for key, *_ in rows)
    return [
        Standing(code, names[key, day].full, Level(level), depth)
        for key, code, level, depth in rows
    ]


def charged_on(area: Area, day: date) -> QuerySet[Placement]:
    """
    Return the places of a unit in the other hierarchies on `day`: the parent is in charge of it.

    A hamlet is in the charge of who is in charge of its commune.
    """
    unit = Q(area=area)
    if area.level == Level.HAMLET:
        homes = Placement.objects.filter(
            on(day, "version__"), version__tree=BoundaryVersion.ADMINISTRATIVE, area=area
        )
        unit = Q(area__in=homes.values("parent"))
    held = Placement.objects.filter(unit, on(day, "version__"), version__published_at__isnull=False)
    return held.exclude(version__tree=BoundaryVersion.ADMINISTRATIVE)


def in_charge_of(area: Area, day: date) -> list[InCharge]:
    """
    Return which body of each other hierarchy is in charge of a unit on `day`, and who is above it.

    Cost: one query and two for each hierarchy that has the unit.
    """
    found = []
    for place in charged_on(area, day).select_related("version").order_by("version__title"):
        version = place.version
        rows = list(
            Placement.objects.filter(
                version=version, left__lt=place.left, right__gte=place.right, depth__gt=0
            )
            .order_by("depth")
            .values_list("area_id", "area__code")
        )
        if not rows:
            continue
        names = names_on((area_id, day) for area_id, _ in rows)
        called = [names[area_id, day].full for area_id, _ in rows]
        area_id, code = rows[-1]
        found.append(
            InCharge(version.tree, version.title, area_id, code, called[-1], tuple(called[:-1]))
        )
    return found


@transaction.atomic
def publish_hierarchy(*, actor: Actor, given: HierarchyFile, at: datetime) -> BoundaryVersion:
    """
    Make a list the hierarchy from its first day on; the list before ends on that day.

    Bodies of the list before that keep their code go on (under a new name where they have one),
    the others end. The same list again changes nothing.

    Raises:
        Missing, NotAllowed: `actor` may not change the map.
        BadHierarchy: a commune is not on that day's map, a code was another body's, or the list
            does not begin after the one before it; everything wrong is named, nothing is done.

    Cost: some ten queries and what each thousand rows takes.
    """
    _require_whole_map(actor)
    last = BoundaryVersion.objects.filter(tree=given.tree, valid_to=None).first()
    communes = _communes_on(given.valid_from)
    errors = _misfits(given, communes, last)
    if errors:
        raise bad_hierarchy(errors)
    if last is not None and _same(last, given):
        return last
    journal = Journal()
    sectors = _begin_or_go_on(given, journal)
    if last is not None:
        _end(last, given, journal)
    version = _publish(given, last, sectors, communes, at)
    journal.made(BoundaryVersion, [version.pk])
    version.journal = journal.lines
    version.save(update_fields=["journal"])
    record(
        actor=actor,
        action="areas.hierarchy.published",
        subject=version,
        at=at,
        detail={"tree": given.tree, "sectors": len(sectors), "from": given.valid_from.isoformat()},
    )
    return version


@transaction.atomic
def withdraw_hierarchy(*, actor: Actor, tree: str, reason: str, at: datetime) -> None:
    """
    Take the latest list of a hierarchy back: the one before it holds again, as it was.

    Raises:
        Missing, NotAllowed: `actor` may not change the map, or there is no such hierarchy.
        BadHierarchy: there is no reason.
        UndoBlocked: a reorganisation has altered the list since, or it cannot be taken back.
    """
    _require_whole_map(actor)
    last = _latest(tree)
    if last is None:
        raise Missing("Không tìm thấy hệ thống phụ trách địa bàn này.")
    if not space(reason):
        raise bad_hierarchy(["chưa ghi lý do rút danh sách"])
    if not last.journal or _altered_since(last):
        raise UndoBlocked(
            f"Không rút được: danh sách “{last.title}” từ {last.valid_from:%d/%m/%Y} đã theo một "
            "thay đổi địa giới sau đó. Hãy nạp danh sách mới.",
            rows=[last.tree],
        )
    detail = {"tree": tree, "from": last.valid_from.isoformat(), "reason": space(reason)[:500]}
    record(actor=actor, action="areas.hierarchy.withdrawn", subject=last, at=at, detail=detail)
    named = {line["key"] for line in last.journal if line.get("altered") == "areas.area"}
    # Last line first: the list with its places goes before the bodies that stood in it.
    undo(last.journal)
    keep_former(named)


def _latest(tree: str) -> BoundaryVersion | None:
    others = BoundaryVersion.objects.exclude(tree=BoundaryVersion.ADMINISTRATIVE)
    return others.filter(tree=tree, valid_to=None).first()


def _altered_since(version: BoundaryVersion) -> bool:
    """Return whether a published change has rewritten, ended or numbered a list anew."""
    label = BoundaryVersion._meta.label_lower
    later = Change.objects.filter(
        state=Change.State.PUBLISHED, published_at__gt=version.published_at
    )
    return any(
        line.get("altered") == label and line["key"] == version.pk
        for journal in later.values_list("journal", flat=True)
        for line in journal
    )


@dataclass(frozen=True, slots=True)
class Outlook:
    """
    What publishing a list would do, for whoever decides; `same`: it holds already.

    Bodies by full name: new ones, those that end, and old and new name where it differs.
    `passing` counts the communes that come into the charge of another body, or of one at all.
    """

    same: bool
    begun: tuple[str, ...]
    ended: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    passing: int
    communes: int


def look_ahead(*, actor: Actor, given: HierarchyFile) -> Outlook:
    """
    Return what a list would do; writes nothing.

    Raises:
        Missing, NotAllowed, BadHierarchy: as publishing does.
    """
    _require_whole_map(actor)
    last = _latest(given.tree)
    errors = _misfits(given, _communes_on(given.valid_from), last)
    if errors:
        raise bad_hierarchy(errors)
    before = {} if last is None else {
        code: full_name(*called) for code, called in _names(last).items()
    }  # fmt: skip
    after = {one.code: full_name(one.type, one.name) for one in given.sectors}
    held = {} if last is None else dict(
        last.placements.filter(area__level=Level.COMMUNE).values_list(
            "area__code", "parent__code"
        )
    )  # fmt: skip
    charge = {code: one.code for one in given.sectors for code in one.communes}
    return Outlook(
        same=last is not None and _same(last, given),
        begun=tuple(name for code, name in after.items() if code not in before),
        ended=tuple(name for code, name in before.items() if code not in after),
        renamed=tuple(
            (before[code], name)
            for code, name in after.items()
            if code in before and before[code] != name
        ),
        passing=sum(1 for code, body in charge.items() if held.get(code) != body),
        communes=len(charge),
    )


def may_load(actor: Actor) -> bool:
    """Return whether `actor` may publish and withdraw lists of other hierarchies."""
    root = Placement.objects.filter(version=actor.map_id, parent=None).first()
    return root is not None and may(actor, REORGANISE, root.span)


def _require_whole_map(actor: Actor) -> None:
    root = BoundaryVersion.objects.get(pk=actor.map_id).placements.get(parent=None)
    require(actor, REORGANISE, Span(root.left, root.right), see="areas.see_area")


def _communes_on(day: date) -> dict[str, int]:
    return dict(
        Area.objects.filter(
            on(day), level=Level.COMMUNE, placements__version=version_on(day)
        ).values_list("code", "pk")
    )


def _misfits(
    given: HierarchyFile, communes: Mapping[str, int], last: BoundaryVersion | None
) -> list[str]:
    day = given.valid_from
    errors = [
        f"{sector.code}: không có xã, phường, đặc khu mang mã {code} ngày {day:%d/%m/%Y}"
        for sector in given.sectors
        for code in sector.communes
        if code not in communes
    ]
    if day < version_on(day).valid_from:
        errors.append(f"danh mục đơn vị hành chính chưa có ngày {day:%d/%m/%Y}")
    if last is not None and day < last.valid_from:
        errors.append(
            f"danh sách mới nhất bắt đầu từ {last.valid_from:%d/%m/%Y}, sau danh sách này"
        )
    if last is not None and day == last.valid_from and not _same(last, given):
        errors.append(
            f"đã có một danh sách khác từ chính ngày {day:%d/%m/%Y}; hãy chọn ngày sau đó"
        )
    codes = [sector.code for sector in given.sectors]
    strangers = Area.objects.filter(code__in=codes)
    if last is not None:
        strangers = strangers.exclude(pk__in=last.placements.values("area"))
    taken = strangers.filter(valid_to=None) | strangers.filter(valid_to__gt=day)
    errors += [f"mã {code} là của hệ thống khác" for code in taken.values_list("code", flat=True)]
    return errors


def _same(last: BoundaryVersion, given: HierarchyFile) -> bool:
    if (last.valid_from, last.title, last.basis) != (given.valid_from, given.title, given.basis):
        return False
    return last.seal == _seal(_places(given)) and _names(last) == {
        sector.code: (sector.type, sector.name) for sector in given.sectors
    }


def _names(version: BoundaryVersion) -> dict[str, tuple[str, str]]:
    rows = version.placements.filter(area__level=Level.SECTOR).values_list(
        "area__code", "area__type", "area__name"
    )
    return {code: (type_word, name) for code, type_word, name in rows}


def _places(given: HierarchyFile) -> list[tuple[str, str | None, Span, int]]:
    """Return code, code above, interval and depth of the whole tree, in its order."""
    children: dict[str, list[str]] = defaultdict(list)
    for sector in given.sectors:
        children[sector.above or NATION_CODE].append(sector.code)
    for sector in given.sectors:
        children[sector.code] += sector.communes
    places = number_tree(NATION_CODE, children, lambda code: 0)
    return [(place.unit, place.parent, place.span, place.depth) for place in places]


def _seal(places: list[tuple[str, str | None, Span, int]]) -> str:
    return seal((code, above, span.left, span.right) for code, above, span, _ in places)


def _begin_or_go_on(given: HierarchyFile, journal: Journal) -> dict[str, int]:
    """Return the key of each body; one that is new begins, one with another name is renamed."""
    codes = [sector.code for sector in given.sectors]
    there = {
        area.code: area
        for area in Area.objects.filter(code__in=codes, level=Level.SECTOR, valid_to=None)
    }
    for sector in given.sectors:
        if sector.code in there:
            _rename(there[sector.code], sector, given, journal)
        else:
            there[sector.code] = _begin(sector, given)
            journal.made(Area, [there[sector.code].pk])
    return {code: area.pk for code, area in there.items()}


def _begin(sector: Sector, given: HierarchyFile) -> Area:
    area = Area.objects.create(
        code=sector.code,
        level=Level.SECTOR,
        name=sector.name,
        type=sector.type,
        sort_key=sort_key(sector.name),
        valid_from=given.valid_from,
    )
    _name(area, sector, given)
    return area


def _rename(area: Area, sector: Sector, given: HierarchyFile, journal: Journal) -> None:
    if (area.type, area.name) == (sector.type, sector.name):
        return
    journal.alter(area.names.get(valid_to=None), valid_to=given.valid_from)
    journal.alter(area, name=sector.name, type=sector.type, sort_key=sort_key(sector.name))
    journal.made(AreaName, [_name(area, sector, given).pk])
    keep_former([area.pk])


def _name(area: Area, sector: Sector, given: HierarchyFile) -> AreaName:
    return AreaName.objects.create(
        area=area,
        name=sector.name,
        type=sector.type,
        key=name_key(sector.name),
        valid_from=given.valid_from,
        basis=given.basis,
    )


def _end(last: BoundaryVersion, given: HierarchyFile, journal: Journal) -> None:
    """End the list before, and the bodies that the new one no longer has."""
    kept = [sector.code for sector in given.sectors]
    gone = Area.objects.filter(level=Level.SECTOR, valid_to=None, placements__version=last).exclude(
        code__in=kept
    )
    for area in gone:
        for name in area.names.filter(valid_to=None):
            journal.alter(name, valid_to=given.valid_from)
        journal.alter(area, valid_to=given.valid_from)
    journal.alter(last, valid_to=given.valid_from)


def _publish(
    given: HierarchyFile,
    last: BoundaryVersion | None,
    sectors: Mapping[str, int],
    communes: Mapping[str, int],
    at: datetime,
) -> BoundaryVersion:
    places = _places(given)
    version = BoundaryVersion.objects.create(
        tree=given.tree,
        title=given.title,
        number=1 if last is None else last.number + 1,
        valid_from=given.valid_from,
        published_at=at,
        basis=given.basis,
        seal=_seal(places),
    )
    keys = {NATION_CODE: area_on(NATION_CODE, given.valid_from).pk, **communes, **sectors}
    insert_rows(
        Placement,
        ("version", "area", "parent", "left", "right", "depth"),
        (
            (version.pk, keys[code], keys[above] if above else None, span.left, span.right, depth)
            for code, above, span, depth in places
        ),
    )
    return version
