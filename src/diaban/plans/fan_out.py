"""
From a duty to what each body owes of it.

The wanted shares are computed from the duties, their bodies and the groups, and compared with
what is stored: the same again changes nothing, another date moves, who joins a group gets a
share, who leaves loses it unless there is something in it. What a body or an area owed when it
ended goes over to its successor first (`handovers`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import F

from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.areas.groups import members_on
from diaban.areas.journal import Journal
from diaban.areas.models import AreaGroup, AreaGroupMember, on
from diaban.areas.rules.levels import full_name
from diaban.core.periods import HO_CHI_MINH
from diaban.core.text import lower_first
from diaban.plans.handovers import Heirs, chosen_heirs, hand_over
from diaban.plans.models import Duty, DutyBody, Plan, Share
from diaban.plans.rules.bodies import group_key, is_rest
from diaban.plans.rules.calendar import occurrences
from diaban.plans.rules.days import Slot, first_day, last_day, slots_of
from diaban.plans.rules.items import Kind as ItemKind

BATCH: Final = 2_000
# How a body of a mass is named where nobody has listed it, and its kind.
MASS_NAMES: Final = {
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


def fan_out(plan: Plan, day: date, journal: Journal | None = None) -> FannedOut:
    """
    Bring the shares of a plan's living duties in line with its duties, bodies and groups.

    To be called in a transaction. With a `journal` every row that is made or altered is noted
    in it, and nothing is deleted. Cost: a handful of queries and bulk writes, whatever the
    number of areas.
    """
    duties = list(plan.duties.filter(frozen_at__isnull=True).prefetch_related("bodies__agency"))
    heirs = Heirs(day, journal)
    masses = _mass_agencies(
        [body for duty in duties for body in duty.bodies.all() if body.group_id], day, journal
    )
    hand_over(duties, heirs)
    chosen = chosen_heirs(duties)
    scopes = _scope_members(plan, duties, day)
    wanted: dict[tuple[int, int, str], _Wanted] = {}
    for duty in duties:
        slots = _slots(plan, duty, day)
        for body in duty.bodies.all():
            for one in _owed(body, slots, masses, scopes, heirs, chosen):
                wanted.setdefault((duty.pk, one.agency_id, one.slot.key), one)
    return _store(duties, wanted, day, journal)


def _slots(plan: Plan, duty: Duty, day: date) -> tuple[Slot, ...]:
    start, end = span_of_plan(plan, day)
    if duty.kind == ItemKind.DUTY:
        return slots_of(duty.dates, start=start, end=end, today=day)
    published = plan.published_at
    since = published.astimezone(HO_CHI_MINH).date() if published else day
    return occurrences(
        duty.dates, duty.recurrence, duty.what, start=start, end=end, since=since, today=day
    )


def span_of_plan(plan: Plan, day: date) -> tuple[date, date | None]:
    """
    Return the first and last day of a plan; it begins on `day` where nothing is printed.

    Where no sentence says for how long, the years of the title do ("… năm 2027").
    """
    about = plan.reading["metadata"]
    period = about.get("period") or about.get("period_in_title") or {}
    start = first_day(period["start"]) if period.get("start") else None
    end = last_day(period["end"]) if period.get("end") else None
    return start or day, end


def _owed(
    body: DutyBody,
    slots: Sequence[Slot],
    masses: dict[tuple[int, str], dict[int, int]],
    scopes: dict[str, set[int]],
    heirs: Heirs,
    chosen: dict[tuple[int, int], Agency],
) -> Iterable[_Wanted]:
    if body.agency is not None:
        agency = chosen.get((body.duty_id, body.agency.pk), body.agency)
        agency = heirs.of(agency) or agency
        for slot in slots:
            yield _Wanted(agency.pk, agency.area_id, body.leads, slot)
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


def _mass_agencies(
    bodies: Sequence[DutyBody], day: date, journal: Journal | None
) -> dict[tuple[int, str], dict[int, int]]:
    """Return, for each group and body code, area to agency; missing agencies are made."""
    found: dict[tuple[int, str], dict[int, int]] = {}
    groups = AreaGroup.objects.select_related("area").in_bulk({b.group_id for b in bodies})
    for body in bodies:
        key = (body.group_id or 0, body.code)
        if key in found:
            continue
        areas = {
            area.pk: full_name(*area.called(day))
            for area in members_on(groups[key[0]], day).only("type", "name", "former")
        }
        have = dict(
            Agency.objects.filter(
                on(day), code=body.code, area__in=members_on(groups[key[0]], day)
            ).values_list("area_id", "pk")
        )
        pattern, kind = MASS_NAMES.get(body.code, ("{}", Kind.COMMITTEE))
        made = Agency.objects.bulk_create(
            (
                Agency(
                    code=body.code,
                    name=pattern.format(lower_first(name))[:200],
                    kind=kind,
                    area_id=area_id,
                    valid_from=day,
                )
                for area_id, name in areas.items()
                if area_id not in have
            ),
            batch_size=BATCH,
        )
        if journal is not None and made:
            journal.made(Agency, [agency.pk for agency in made])
        found[key] = have | {agency.area_id: agency.pk for agency in made}
    return found


def _store(
    duties: Sequence[Duty],
    wanted: dict[tuple[int, int, str], _Wanted],
    day: date,
    journal: Journal | None,
) -> FannedOut:
    stored = {
        (share.duty_id, share.agency_id, share.slot): share
        for share in Share.objects.filter(duty__in=duties)
    }
    made = _new_shares(duties, {key: one for key, one in wanted.items() if key not in stored}, day)
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
    made = Share.objects.bulk_create(made, batch_size=BATCH)
    if journal is not None:
        journal.made(Share, [share.pk for share in made])
        for share in removed:
            journal.alter(share, frozen=True)
    else:
        _take_back(removed)
    _move(moved)
    kept = len(stored) - len(moved) - len(removed)
    return FannedOut(len(made), len(moved), len(removed), kept)


def _new_shares(
    duties: Sequence[Duty], wanted: dict[tuple[int, int, str], _Wanted], day: date
) -> list[Share]:
    by_key = {duty.pk: duty for duty in duties}
    asked = {
        agency.pk
        for agency in Agency.objects.filter(pk__in={one.agency_id for one in wanted.values()})
        if agency.requested
    } if any(by_key[key[0]].kind != ItemKind.DUTY for key in wanted) else set()  # fmt: skip
    shares = []
    for (duty_id, agency_id, slot), one in wanted.items():
        duty = by_key[duty_id]
        # The plan says of a duty whether it is ordered; of a report to all, the body's kind does.
        requested = duty.requested or (duty.kind != ItemKind.DUTY and agency_id in asked)
        shares.append(
            Share(
                duty_id=duty_id,
                agency_id=agency_id,
                area_id=one.area_id,
                slot=slot,
                leads=one.leads,
                requested=requested,
                scope=one.slot.scope[:200],
                begins_on=one.slot.begins or day,
                due_on=one.slot.due,
                first_due_on=one.slot.due,
            )
        )
    return shares


def _take_back(shares: Sequence[Share]) -> None:
    """Delete what nobody owes any more; what holds something is kept, frozen."""
    empty, used = with_evidence(shares)
    for at in range(0, len(empty), BATCH):
        Share.objects.filter(pk__in=empty[at : at + BATCH]).delete()
    for at in range(0, len(used), BATCH):
        Share.objects.filter(pk__in=used[at : at + BATCH]).update(frozen=True)


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


def with_evidence(shares: Sequence[Share]) -> tuple[list[int], list[int]]:
    """Return the keys of shares that hold nothing, and of those with evidence or extensions."""
    keys = [share.pk for share in shares]
    used = set()
    for at in range(0, len(keys), BATCH):
        part = Share.objects.filter(pk__in=keys[at : at + BATCH])
        used |= set(part.filter(evidence__isnull=False).values_list("pk", flat=True))
        used |= set(part.filter(extensions__isnull=False).values_list("pk", flat=True))
    return [key for key in keys if key not in used], sorted(used)
