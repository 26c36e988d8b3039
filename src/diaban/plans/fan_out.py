"""
From a duty to what each body owes of it.

The wanted shares are computed from the duties, their bodies and the groups, and compared with
what is stored: the same again changes nothing, another date moves, who joins a group gets a
share, who leaves loses it unless there is something in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F

from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.areas.groups import members_on
from diaban.areas.models import AreaGroup, AreaGroupMember, on
from diaban.areas.rules.levels import full_name
from diaban.plans.models import Duty, DutyBody, Plan, Share
from diaban.plans.rules.bodies import group_key, is_rest
from diaban.plans.rules.days import Slot, first_day, last_day, slots_of

BATCH: Final = 2_000
# How a body of a mass is named where nobody has listed it, and its kind.
_MASS_NAMES: Final = {
    "ubnd": ("Ủy ban nhân dân {}", Kind.COMMITTEE),
    "cong-an": ("Công an {}", Kind.POLICE),
    "thon": ("{}", Kind.COMMITTEE),
}


@dataclass(frozen=True, slots=True)
class FannedOut:
    """How many shares were made, moved to another date, taken back, and left as they were."""

    made: int = 0
    moved: int = 0
    removed: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    agency_id: int
    area_id: int
    leads: bool
    slot: Slot


def fan_out(plan: Plan, day: date) -> FannedOut:
    """
    Bring the shares of a plan's living duties in line with its duties, bodies and groups.

    To be called in a transaction. Cost: a handful of queries and bulk writes, whatever the
    number of areas.
    """
    duties = list(plan.duties.filter(frozen_at__isnull=True).prefetch_related("bodies__agency"))
    start, end = span_of_plan(plan, day)
    masses = _mass_agencies(
        [body for duty in duties for body in duty.bodies.all() if body.group_id], day
    )
    scopes = _scope_members(plan, duties, day)
    wanted: dict[tuple[int, int, str], _Wanted] = {}
    for duty in duties:
        slots = slots_of(duty.dates, start=start, end=end)
        for body in duty.bodies.all():
            for one in _owed(body, slots, masses, scopes):
                wanted.setdefault((duty.pk, one.agency_id, one.slot.key), one)
    return _store(duties, wanted, day)


def span_of_plan(plan: Plan, day: date) -> tuple[date, date | None]:
    """Return the first and last day of a plan; it begins on `day` where nothing is printed."""
    period = plan.reading["metadata"].get("period") or {}
    start = first_day(period["start"]) if period.get("start") else None
    end = last_day(period["end"]) if period.get("end") else None
    return start or day, end


def _owed(
    body: DutyBody,
    slots: Sequence[Slot],
    masses: dict[tuple[int, str], dict[int, int]],
    scopes: dict[str, set[int]],
) -> Iterable[_Wanted]:
    if body.agency is not None:
        for slot in slots:
            yield _Wanted(body.agency.pk, body.agency.area_id, body.leads, slot)
        return
    members = masses[body.group_id or 0, body.code]
    named = {group_key(slot.scope) for slot in slots if slot.scope and not is_rest(slot.scope)}
    taken = set().union(*(scopes.get(key, set()) for key in named)) if named else set()
    for slot in slots:
        for area_id, agency_id in members.items():
            if _applies(slot, area_id, scopes, taken):
                yield _Wanted(agency_id, area_id, body.leads, slot)


def _applies(slot: Slot, area_id: int, scopes: dict[str, set[int]], taken: set[int]) -> bool:
    if not slot.scope:
        return True
    if is_rest(slot.scope):
        return area_id not in taken
    return area_id in scopes.get(group_key(slot.scope), set())


def _scope_members(plan: Plan, duties: Sequence[Duty], day: date) -> dict[str, set[int]]:
    """Return the areas of each group that a date of the plan names, by the group's key."""
    keys = {
        group_key(one["scope"])
        for duty in duties
        for one in duty.dates
        if one.get("scope") and not is_rest(one["scope"])
    }
    members: dict[str, set[int]] = {key: set() for key in keys}
    rows = AreaGroupMember.objects.filter(
        on(day), group__area=plan.area, group__key__in=keys
    ).values_list("group__key", "area_id")
    for key, area_id in rows:
        members[key].add(area_id)
    return members


def _mass_agencies(bodies: Sequence[DutyBody], day: date) -> dict[tuple[int, str], dict[int, int]]:
    """Return, for each group and body code, area to agency; missing agencies are made."""
    found: dict[tuple[int, str], dict[int, int]] = {}
    groups = AreaGroup.objects.select_related("area").in_bulk({b.group_id for b in bodies})
    for body in bodies:
        key = (body.group_id or 0, body.code)
        if key in found:
            continue
        areas = {
            pk: full_name(word, name)
            for pk, word, name in members_on(groups[key[0]], day).values_list("pk", "type", "name")
        }
        have = dict(
            Agency.objects.filter(
                on(day), code=body.code, area__in=members_on(groups[key[0]], day)
            ).values_list("area_id", "pk")
        )
        pattern, kind = _MASS_NAMES.get(body.code, ("{}", Kind.COMMITTEE))
        made = Agency.objects.bulk_create(
            (
                Agency(
                    code=body.code,
                    name=pattern.format(_lower(name))[:200],
                    kind=kind,
                    area_id=area_id,
                    valid_from=day,
                )
                for area_id, name in areas.items()
                if area_id not in have
            ),
            batch_size=BATCH,
        )
        found[key] = have | {agency.area_id: agency.pk for agency in made}
    return found


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _store(
    duties: Sequence[Duty], wanted: dict[tuple[int, int, str], _Wanted], day: date
) -> FannedOut:
    requested = {duty.pk: duty.requested for duty in duties}
    stored = {
        (share.duty_id, share.agency_id, share.slot): share
        for share in Share.objects.filter(duty__in=duties)
    }
    made = [
        Share(
            duty_id=duty_id,
            agency_id=agency_id,
            area_id=one.area_id,
            slot=slot,
            leads=one.leads,
            requested=requested[duty_id],
            scope=one.slot.scope[:200],
            begins_on=one.slot.begins or day,
            due_on=one.slot.due,
            first_due_on=one.slot.due,
        )
        for (duty_id, agency_id, slot), one in wanted.items()
        if (duty_id, agency_id, slot) not in stored
    ]
    moved, removed = [], []
    for key, share in stored.items():
        now = wanted.get(key)
        if now is None:
            if share.done_on is None and not share.frozen:
                removed.append(share)
        elif (share.first_due_on, share.leads) != (now.slot.due, now.leads):
            # An extension stands: only the date that the plan gives is another.
            if share.due_on == share.first_due_on:
                share.due_on = now.slot.due
            share.first_due_on, share.leads = now.slot.due, now.leads
            moved.append(share)
    Share.objects.bulk_create(made, batch_size=BATCH)
    _move(moved)
    empty, used = _with_evidence(removed)
    for at in range(0, len(empty), BATCH):
        Share.objects.filter(pk__in=empty[at : at + BATCH]).delete()
    for at in range(0, len(used), BATCH):
        Share.objects.filter(pk__in=used[at : at + BATCH]).update(frozen=True)
    kept = len(stored) - len(moved) - len(removed)
    return FannedOut(len(made), len(moved), len(removed), kept)


def _move(shares: Sequence[Share]) -> None:
    """Store new dates: thousands of shares have few different ones, so one update for each."""
    alike: dict[tuple[date | None, date | None, bool], list[int]] = {}
    for share in shares:
        key = (share.due_on, share.first_due_on, share.leads)
        alike.setdefault(key, []).append(share.pk)
    for (due, first, leads), keys in alike.items():
        for at in range(0, len(keys), BATCH):
            Share.objects.filter(pk__in=keys[at : at + BATCH]).update(
                due_on=due, first_due_on=first, leads=leads, revision=F("revision") + 1
            )


def _with_evidence(shares: Sequence[Share]) -> tuple[list[int], list[int]]:
    """Return the keys of shares that hold nothing, and of those with evidence or extensions."""
    keys = [share.pk for share in shares]
    used = set()
    for at in range(0, len(keys), BATCH):
        part = Share.objects.filter(pk__in=keys[at : at + BATCH])
        used |= set(part.filter(evidence__isnull=False).values_list("pk", flat=True))
        used |= set(part.filter(extensions__isnull=False).values_list("pk", flat=True))
    return [key for key in keys if key not in used], sorted(used)
