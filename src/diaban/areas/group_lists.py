"""
Saying who belongs to a group: by a list, or by a table.

What a person says goes through a journal, so that it can be taken back (`group_acts`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from diaban.areas.following import follow_whole
from diaban.areas.group_acts import keep_act, take_out
from diaban.areas.groups import group_open_to, refuse_two_types
from diaban.areas.history import heirs_of
from diaban.areas.journal import Journal
from diaban.areas.models import Area, AreaGroup, AreaGroupMember
from diaban.areas.rules.days import Days, overlapping
from diaban.areas.rules.grouping import (
    ActKind,
    MemberLine,
    bad_members,
    read_members,
)
from diaban.areas.rules.levels import LEVEL_NAMES, Level
from diaban.areas.selectors import below, names_on, span_of, version_on
from diaban.areas.signals import group_listed
from diaban.audit.services import record
from diaban.core.access import Actor
from diaban.core.periods import local_day
from diaban.core.text import space, tone_key


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


def list_members(
    group: AreaGroup,
    keys: Collection[int],
    day: date,
    *,
    basis: str = "",
    journal: Journal | None = None,
) -> int:
    """
    Make a group consist of these areas from `day` on; who leaves is closed, not deleted.

    Returns how many came or left. The same list again changes nothing.
    """
    journal = Journal() if journal is None else journal
    open_now = dict(group.members.filter(valid_to__isnull=True).values_list("area_id", "pk"))
    leaving = [pk for area, pk in open_now.items() if area not in keys]
    take_out(group, group.members.filter(pk__in=leaving), day, basis, journal)
    coming = AreaGroupMember.objects.bulk_create(
        AreaGroupMember(group=group, area_id=key, valid_from=day, basis=basis)
        for key in keys
        if key not in open_now
    )
    journal.made(AreaGroupMember, [one.pk for one in coming])
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
    journal, basis = Journal(), space(basis)[:300]
    changed = list_members(
        group, {known[code] for code in codes}, on_day, basis=basis, journal=journal
    )
    refuse_two_types(group)
    if changed:
        keep_act(group, ActKind.LISTED, on_day, basis, str(changed), journal, actor, at)
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
    made = AreaGroupMember.objects.bulk_create(coming)
    journal = Journal()
    journal.made(AreaGroupMember, [one.pk for one in made])
    divided = _bring_to_today(group, lines, units, journal)
    refuse_two_types(group)
    if coming:
        keep_act(
            group,
            ActKind.IMPORTED,
            on_day,
            space(basis)[:300],
            str(len(coming)),
            journal,
            actor,
            at,
        )
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
    group: AreaGroup, lines: Sequence[MemberLine], units: Mapping[int, Area], journal: Journal
) -> tuple[str, ...]:
    """Let the units that ended since be followed, one reorganisation after the other."""
    going_on = {units[line.row].pk for line in lines if line.valid_to is None}
    ended = [area for area in units.values() if area.pk in going_on and area.valid_to is not None]
    there = set(group.members.values_list("pk", flat=True))
    divided = follow_whole(group, ended)
    journal.made(AreaGroupMember, set(group.members.values_list("pk", flat=True)) - there)
    return divided
