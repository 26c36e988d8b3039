"""
Groups of units: border communes, key areas by type, focus areas of a year, lists of a phase.

Membership has days and a legal basis. The record is kept: who leaves a group is closed on a
day and never deleted, unless they came on that very day.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from diaban.areas.following import follow_whole
from diaban.areas.history import heirs_of
from diaban.areas.models import Area, AreaGroup, AreaGroupMember, on
from diaban.areas.permissions import EDIT_GROUP
from diaban.areas.rules.days import Days, overlapping
from diaban.areas.rules.grouping import (
    KEY_TYPES,
    GroupKind,
    MemberLine,
    bad_members,
    read_members,
)
from diaban.areas.rules.levels import LEVEL_NAMES, Level, full_name
from diaban.areas.selectors import below, names_on, span_of, version_on
from diaban.areas.signals import group_listed
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import local_day
from diaban.core.text import search_key, space, tone_key

_SEE = "areas.see_area"


class BadGroup(DomainError):
    """The name of a group is empty or taken, or its kind needs a year. Facts: `name`."""

    code = "bad_group"


@dataclass(frozen=True, slots=True)
class Membership:
    """A unit in a group for a span of days, under its name of the day looked at."""

    area_id: int
    code: str
    name: str
    valid_from: date
    valid_to: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Imported:
    """
    What an import did: memberships that are new, and those that were there already.

    `divided`: members of old whose land was divided since, so that nobody follows them until a
    person says who.
    """

    new: int
    there: int
    divided: tuple[str, ...]


def group_named(area: Area, key: str, name: str, level: Level, *, everyone: bool) -> AreaGroup:
    """Return the group of that key below `area`, a new one when there is none."""
    group, _made = AreaGroup.objects.get_or_create(
        area=area,
        key=key[:200],
        defaults={"name": name[:200], "level": level.value, "everyone": everyone},
    )
    return group


def members_on(group: AreaGroup, day: date) -> QuerySet[Area]:
    """Return the units of a group on `day`; for an `everyone` group all below its area."""
    if group.everyone:
        return below(group.area, day, Level(group.level))
    holds = Q(group_memberships__valid_from__lte=day) & (
        Q(group_memberships__valid_to__isnull=True) | Q(group_memberships__valid_to__gt=day)
    )
    return Area.objects.filter(on(day)).filter(holds, group_memberships__group=group)


def in_group(group: AreaGroup, day: date, area: str = "area") -> Q:
    """
    Return the condition "belongs to the group on `day`", for a filter of any list.

    `area` is the path from the model that is asked for to its `Area`; empty for `Area` itself.
    One sub-query, no list of keys.
    """
    return Q(**{f"{area}__in" if area else "pk__in": members_on(group, day).values("pk")})


def groups_of(area: Area, day: date) -> list[tuple[AreaGroup, Membership]]:
    """Return the groups in which a unit is listed on `day`, by name. Two queries."""
    rows = list(
        AreaGroupMember.objects.filter(on(day), area=area)
        .select_related("group", "group__area", "area")
        .order_by("group__name")
    )
    return [(row.group, _membership(row, full_name(area.type, area.name))) for row in rows]


def groups_with_counts(groups: QuerySet[AreaGroup], day: date) -> list[tuple[AreaGroup, int]]:
    """
    Return groups with how many members each has on `day`, by kind, year and name.

    An `everyone` group counts 0: it has no list. Cost: one query.
    """
    holds = Q(members__valid_from__lte=day) & (
        Q(members__valid_to__isnull=True) | Q(members__valid_to__gt=day)
    )
    counted = groups.select_related("area").annotate(units=Count("members", filter=holds))
    order = list(GroupKind)
    return sorted(
        ((group, group.units) for group in counted),
        key=lambda one: (order.index(GroupKind(one[0].kind)), -(one[0].year or 0), one[0].name),
    )


def memberships(group: AreaGroup, day: date | None = None) -> list[Membership]:
    """
    Return the listed members of a group with their days, of all times without `day`.

    Cost: two queries, whatever the number of members.
    """
    rows = group.members.select_related("area").order_by("area__code", "valid_from")
    if day is not None:
        rows = rows.filter(on(day))
    found = list(rows)
    shown = {row.pk: _shown_on(row, day) for row in found}
    names = names_on((row.area_id, shown[row.pk]) for row in found)
    return [_membership(row, names[row.area_id, shown[row.pk]].full) for row in found]


@transaction.atomic
def create_group(
    *,
    actor: Actor,
    area: Area,
    name: str,
    kind: GroupKind,
    level: Level = Level.COMMUNE,
    year: int | None = None,
    at: datetime,
) -> AreaGroup:
    """
    Make an empty group of units below `area`; members are listed afterwards.

    The key is that of the name, so a plan that speaks of “các xã biên giới” finds the group. The
    same again gives the same group.

    Raises:
        Missing, NotAllowed: `actor` may not list groups there.
        BadGroup: the name is empty, too long or taken, or focus areas come without their year.
    """
    _require(actor, area, local_day(at))
    called = space(name)
    key = search_key(called)
    if not key or len(called) > 200:
        raise BadGroup("Tên nhóm phải có từ 1 đến 200 ký tự, có ít nhất một chữ.", name=name)
    if kind is GroupKind.FOCUS and year is None:
        raise BadGroup("Địa bàn tập trung được chọn theo năm; hãy ghi năm.", name=name)
    there = AreaGroup.objects.filter(area=area, key=key, kind=kind, level=level, year=year).first()
    if there is not None and not there.everyone:
        # The second click of a double click.
        return there
    try:
        with transaction.atomic():
            group = AreaGroup.objects.create(
                area=area, key=key, name=called, kind=kind, level=level, year=year
            )
    except IntegrityError as error:
        raise BadGroup(
            f"{area.full_name} đã có nhóm “{called}”. Hãy mở nhóm đó hoặc đặt tên khác.", name=name
        ) from error
    record(
        actor=actor,
        action="areas.group.created",
        subject=group,
        at=at,
        area_code=area.code,
        detail={"name": called, "kind": kind.value},
    )
    return group


def list_members(group: AreaGroup, keys: Collection[int], day: date, *, basis: str = "") -> int:
    """
    Make a group consist of these areas from `day` on; who leaves is closed, not deleted.

    Returns how many came or left. The same list again changes nothing.
    """
    open_now = dict(group.members.filter(valid_to__isnull=True).values_list("area_id", "pk"))
    leaving = [pk for area, pk in open_now.items() if area not in keys]
    left = group.members.filter(pk__in=leaving)
    left.filter(valid_from__gte=day).delete()
    left.filter(valid_from__lt=day).update(valid_to=day)
    coming = [key for key in keys if key not in open_now]
    AreaGroupMember.objects.bulk_create(
        AreaGroupMember(group=group, area_id=key, valid_from=day, basis=basis) for key in coming
    )
    return len(leaving) + len(coming)


@transaction.atomic
def set_members(
    *, actor: Actor, group_id: int, codes: Collection[str], on_day: date, basis: str, at: datetime
) -> int:
    """
    Say who belongs to a group from `on_day` on; returns how many came or left.

    Raises:
        Missing, NotAllowed: `actor` does not see the group, or may not list it.
        BadMembers: a code is not below the group's area that day, or a later list is on record.
    """
    group = group_open_to(actor, group_id, local_day(at))
    known = _below_by_code(group, on_day)
    errors = [
        f"mã {code} không phải {LEVEL_NAMES[Level(group.level)]} của {group.area.full_name} "
        f"ngày {on_day:%d/%m/%Y}"
        for code in sorted(codes)
        if code not in known
    ]
    if group.members.filter(Q(valid_from__gt=on_day) | Q(valid_to__gt=on_day)).exists():
        errors.append(
            f"đã ghi thay đổi thành viên sau ngày {on_day:%d/%m/%Y}; hãy chọn ngày muộn hơn"
        )
    if errors:
        raise bad_members(errors)
    changed = list_members(group, {known[code] for code in codes}, on_day, basis=space(basis)[:300])
    _refuse_two_types(group)
    if changed:
        record(
            actor=actor,
            action="areas.group.listed",
            subject=group,
            at=at,
            area_code=group.area.code,
            detail={"members": len(codes), "changed": changed, "from": on_day.isoformat()},
        )
        group_listed.send(sender=AreaGroup, group=group, on_day=on_day, at=at)
    return changed


@transaction.atomic
def import_members(
    *,
    actor: Actor,
    group_id: int,
    rows: Sequence[Sequence[str]],
    on_day: date,
    basis: str,
    at: datetime,
) -> Imported:
    """
    Add the members of a table (`rules.grouping.read_members`) to a group; all lines or none.

    A line without a day begins on `on_day`, one without a basis has `basis`. A code means the
    unit that had it on the line's first day; where that unit ended since, the unit it became
    whole follows, and where its land was divided nobody does. Lines that are there already
    change nothing, so the same file may come twice.

    Raises:
        Missing, NotAllowed: `actor` does not see the group, or may not list it.
        BadMembers: every row that cannot be used is named; nothing is written.
    """
    group = group_open_to(actor, group_id, local_day(at))
    lines = read_members(rows)
    units = _units_of(group, lines, on_day)
    before = {(m.area_id, m.valid_from): m for m in group.members.all()}
    coming: list[AreaGroupMember] = []
    there = 0
    for line in lines:
        area = units[line.row]
        start = line.valid_from or on_day
        found = before.get((area.pk, start))
        if found is not None and _same_end(found, line, area):
            there += 1
            continue
        end = min(filter(None, (line.valid_to, area.valid_to)), default=None)
        coming.append(
            AreaGroupMember(
                group=group, area=area, valid_from=start, valid_to=end, basis=line.basis or basis
            )
        )
    _refuse_overlaps(before.values(), coming, {units[line.row].pk: line.row for line in lines})
    AreaGroupMember.objects.bulk_create(coming)
    divided = _bring_to_today(group, lines, units)
    _refuse_two_types(group)
    if coming:
        record(
            actor=actor,
            action="areas.group.imported",
            subject=group,
            at=at,
            area_code=group.area.code,
            detail={"lines": len(lines), "new": len(coming)},
        )
        group_listed.send(sender=AreaGroup, group=group, on_day=on_day, at=at)
    return Imported(len(coming), there, divided)


def group_open_to(actor: Actor, group_id: int, day: date) -> AreaGroup:
    """
    Return a group whose members `actor` may list, locked until the transaction ends.

    Raises:
        Missing: there is none, or `actor` does not see its area.
        NotAllowed: `actor` sees it and may not list it.
    """
    group = AreaGroup.objects.select_related("area").filter(pk=group_id, everyone=False).first()
    if group is None:
        raise Missing("Không tìm thấy nhóm địa bàn này trong phạm vi của tài khoản.")
    AreaGroup.objects.select_for_update().get(pk=group.pk)
    _require(actor, group.area, day)
    return group


def _require(actor: Actor, area: Area, day: date) -> None:
    require(actor, EDIT_GROUP, span_of(area, version_on(day)), see=_SEE)


def _below_by_code(group: AreaGroup, day: date) -> dict[str, int]:
    return dict(below(group.area, day, Level(group.level)).values_list("code", "pk"))


def _units_of(group: AreaGroup, lines: Sequence[MemberLine], on_day: date) -> Mapping[int, Area]:
    """Return the unit of each line by its row; refuse the lines that have none."""
    errors: list[tuple[int, str]] = []
    bearers: dict[str, list[Area]] = {}
    for area in Area.objects.filter(code__in={line.code for line in lines}, level=group.level):
        bearers.setdefault(area.code, []).append(area)
    found: dict[int, Area] = {}
    for line in lines:
        day = line.valid_from or on_day
        unit = next(
            (
                one
                for one in bearers.get(line.code, ())
                if Days(one.valid_from, one.valid_to).hold(day)
            ),
            None,
        )
        if unit is None:
            level = LEVEL_NAMES[Level(group.level)]
            errors.append(
                (line.row, f"không có đơn vị {level} nào mang mã {line.code} ngày {day:%d/%m/%Y}")
            )
        else:
            found[line.row] = unit
    names = names_on((found[line.row].pk, line.valid_from or on_day) for line in lines
                     if line.row in found)  # fmt: skip
    inside = _inside(group, found.values())
    for line in lines:
        unit = found.get(line.row)
        if unit is None:
            continue
        called = names[unit.pk, line.valid_from or on_day]
        if line.name and not _same_name(line.name, called.name, called.full):
            errors.append((line.row, f"mã {line.code} là {called.full}, không phải {line.name}"))
        if unit.pk not in inside:
            errors.append((line.row, f"{called.full} không thuộc {group.area.full_name}"))
        if line.valid_to is not None and line.valid_to <= (line.valid_from or on_day):
            errors.append((line.row, f"“Đến ngày” trước ngày bắt đầu {on_day:%d/%m/%Y}"))
    if errors:
        raise bad_members([f"dòng {row}: {text}" for row, text in sorted(errors)])
    return found


def _same_name(typed: str, name: str, full: str) -> bool:
    return tone_key(space(typed)) in {tone_key(name), tone_key(full)}


def _inside(group: AreaGroup, units: Collection[Area]) -> set[int]:
    """Return the units that lie below the group's area, or whose territory came to lie there."""
    version = version_on(Days(group.area.valid_from, group.area.valid_to).nearest(date.max))
    span = span_of(group.area, version)
    heirs = heirs_of({unit.pk for unit in units})
    there = set(
        version.placements.filter(left__gte=span.left, left__lte=span.right).values_list(
            "area_id", flat=True
        )
    )
    return {unit for unit, found in heirs.items() if found & there}


def _same_end(found: AreaGroupMember, line: MemberLine, area: Area) -> bool:
    wanted = min(filter(None, (line.valid_to, area.valid_to)), default=None)
    return found.valid_to == wanted


def _refuse_overlaps(
    before: Collection[AreaGroupMember],
    coming: Sequence[AreaGroupMember],
    rows: Mapping[int, int],
) -> None:
    spans: dict[int, list[Days]] = {}
    for one in (*before, *coming):
        spans.setdefault(one.area_id, []).append(Days(one.valid_from, one.valid_to))
    errors = [
        f"dòng {rows[area]}: đơn vị này đã thuộc nhóm trong một phần của thời gian đó"
        for area in {one.area_id for one in coming}
        if overlapping(spans[area])
    ]
    if errors:
        raise bad_members(sorted(errors))


def _bring_to_today(
    group: AreaGroup, lines: Sequence[MemberLine], units: Mapping[int, Area]
) -> tuple[str, ...]:
    """Let the units that ended since be followed, one reorganisation after the other."""
    going_on = {units[line.row].pk for line in lines if line.valid_to is None}
    ended = [area for area in units.values() if area.pk in going_on and area.valid_to is not None]
    return follow_whole(group, ended)


def _refuse_two_types(group: AreaGroup) -> None:
    """Refuse that a unit is of two key types on one day."""
    if GroupKind(group.kind) not in KEY_TYPES:
        return
    own = {m.area_id: Days(m.valid_from, m.valid_to) for m in group.members.filter(valid_to=None)}
    others = (
        AreaGroupMember.objects.filter(
            group__area=group.area, group__kind__in=KEY_TYPES, area__in=own
        )
        .exclude(group=group)
        .exclude(group__kind=group.kind)
        .select_related("area", "group")
    )
    errors = [
        f"{row.area.full_name} ({row.area.code}) đang thuộc nhóm “{row.group.name}” trong thời "
        "gian đó; hãy cho ra khỏi nhóm kia trước"
        for row in others
        if own[row.area_id].meet(Days(row.valid_from, row.valid_to))
    ]
    if errors:
        raise bad_members(sorted(errors))


def _shown_on(row: AreaGroupMember, day: date | None) -> date:
    days = Days(row.valid_from, row.valid_to)
    return days.nearest(date.max if day is None else day) if row.valid_to else day or row.valid_from


def _membership(row: AreaGroupMember, name: str) -> Membership:
    return Membership(row.area_id, row.area.code, name, row.valid_from, row.valid_to, row.basis)
