"""
Groups of units: border communes, key areas by type, focus areas of a year, lists of a phase.

Membership has days and a legal basis. The record is kept: who leaves a group is closed on a
day and never deleted, unless they came on that very day.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet

from diaban.areas.models import Area, AreaGroup, AreaGroupMember, on
from diaban.areas.permissions import EDIT_GROUP
from diaban.areas.rules.days import Days
from diaban.areas.rules.grouping import (
    KEY_TYPES,
    GroupKind,
    bad_members,
)
from diaban.areas.rules.levels import Level, full_name
from diaban.areas.selectors import below, names_on, span_of, version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import local_day
from diaban.core.text import search_key, space

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
    end_basis: str


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


def groups_of(area: Area, day: date) -> list[tuple[AreaGroup, Membership]]:
    """Return the groups in which a unit is listed on `day`, by name. Two queries."""
    rows = list(
        AreaGroupMember.objects.filter(on(day), area=area)
        .select_related("group", "group__area", "area")
        .order_by("group__name")
    )
    return [(row.group, _membership(row, full_name(*area.called(day)))) for row in rows]


def groups_with_counts(
    groups: QuerySet[AreaGroup], day: date, *, ended: bool = False
) -> list[tuple[AreaGroup, int]]:
    """
    Return groups with how many members each has on `day`, by kind, year and name.

    Those that have ended by then only with `ended`, and then no others.

    An `everyone` group counts 0: it has no list. Cost: one query.
    """
    holds = Q(members__valid_from__lte=day) & (
        Q(members__valid_to__isnull=True) | Q(members__valid_to__gt=day)
    )
    over = Q(ended_on__isnull=False, ended_on__lte=day)
    groups = groups.filter(over) if ended else groups.exclude(over)
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
    called, key = _called_and_key(name)
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
        raise _taken(area, called) from error
    record(
        actor=actor,
        action="areas.group.created",
        subject=group,
        at=at,
        area_code=area.code,
        detail={"name": called, "kind": kind.value},
    )
    return group


def called_as(area: Area, name: str, besides: AreaGroup) -> tuple[str, str]:
    """
    Return a group's name as it is written, and its key.

    Raises:
        BadGroup: it is empty, too long, or another group of the area has it.
    """
    called, key = _called_and_key(name)
    if AreaGroup.objects.filter(area=area, key=key).exclude(pk=besides.pk).exists():
        raise _taken(area, called)
    return called, key


def _called_and_key(name: str) -> tuple[str, str]:
    called = space(name)
    key = search_key(called)
    if not key or len(called) > 200:
        raise BadGroup("Tên nhóm phải có từ 1 đến 200 ký tự, có ít nhất một chữ.", name=name)
    return called, key


def _taken(area: Area, called: str) -> BadGroup:
    return BadGroup(
        f"{area.full_name} đã có nhóm “{called}”. Hãy mở nhóm đó hoặc đặt tên khác.", name=called
    )


def group_open_to(actor: Actor, group_id: int, day: date) -> AreaGroup:
    """
    Return a group whose members `actor` may list, locked until the transaction ends.

    Raises:
        Missing: there is none, or `actor` does not see its area.
        NotAllowed: `actor` sees it and may not list it.
        BadGroup: it has been ended.
    """
    group = named_group_open_to(actor, group_id, day)
    if group.ended_on is not None:
        raise BadGroup(
            f"Nhóm “{group.name}” kết thúc từ {group.ended_on:%d/%m/%Y}. Hãy hủy việc kết thúc "
            "ở trang của nhóm trước.",
            name=group.name,
        )
    return group


def named_group_open_to(actor: Actor, group_id: int, day: date) -> AreaGroup:
    """
    Return a group that `actor` may change, ended or not, locked until the transaction ends.

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


def _shown_on(row: AreaGroupMember, day: date | None) -> date:
    days = Days(row.valid_from, row.valid_to)
    return days.nearest(date.max if day is None else day) if row.valid_to else day or row.valid_from


def _membership(row: AreaGroupMember, name: str) -> Membership:
    return Membership(
        row.area_id, row.area.code, name, row.valid_from, row.valid_to, row.basis, row.end_basis
    )


def refuse_two_types(group: AreaGroup) -> None:
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
