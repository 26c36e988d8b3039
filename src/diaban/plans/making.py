"""From confirmed items to the rows of the programme: duties, reports, days, targets, phases."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from diaban.agencies.rules import Kind as AgencyKind
from diaban.areas.group_lists import list_members
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below
from diaban.core.text import fold, sort_key
from diaban.plans.known_bodies import Bodies, Foreseen
from diaban.plans.models import (
    BudgetHeading,
    CalendarEntry,
    Duty,
    DutyBody,
    Event,
    Phase,
    PhaseArea,
    Plan,
    PlanItem,
    Target,
)
from diaban.plans.rules.bodies import (
    Mass,
    body_key,
    everybody_meant,
    group_key,
    is_rest,
    mass_of,
)
from diaban.plans.rules.calendar import REPEATS, report_dates
from diaban.plans.rules.days import first_day, last_day
from diaban.plans.rules.items import Kind, Nature
from diaban.plans.rules.phases import Stretch, phase_of

# A body's own plan for carrying this one out (the cascade from province to hamlet).
_OWN_PLAN = re.compile(r"\b(?:ban hanh|xay dung|lap|hoan thanh)\b[^.;]{0,60}\bke hoach\b")
_ORDER: Final = [Level.NATION, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.HAMLET]


def make_programme(plan: Plan, items: Sequence[PlanItem], bodies: Bodies) -> int:
    """
    Write the programme of a plan from its confirmed items; returns the number of duties.

    To be called once, in the transaction that publishes.
    """
    by_kind: dict[str, list[PlanItem]] = {kind.value: [] for kind in Kind}
    for item in items:
        by_kind[item.kind].append(item)
    phases = _make_phases(plan, by_kind[Kind.PHASE], bodies)
    sections = [(one["span"][0], one["span"][1]) for one in plan.reading["sections"]]

    def phase_at(item: PlanItem) -> int | None:
        return phase_of(item.value["what"], item.start, phases, sections)

    duties = _make_duties(plan, by_kind[Kind.DUTY], bodies, phase_at)
    _make_reports(plan, by_kind[Kind.REPORT], duties, bodies)
    _make_events(plan, by_kind[Kind.EVENT], bodies)
    Target.objects.bulk_create(
        Target(
            plan=plan,
            item=item,
            section=item.section,
            what=item.value["what"],
            comparator=item.value.get("comparator") or "",
            value=Decimal(item.value["value"]) if item.value.get("value") else None,
            unit=(item.value.get("unit") or "")[:100],
            baseline=item.value.get("baseline") or "",
            due=item.value.get("due") or "",
            indicator=(item.value.get("indicator") or "")[:60],
            phase_id=phase_at(item),
        )
        for item in by_kind[Kind.TARGET]
    )
    BudgetHeading.objects.bulk_create(
        BudgetHeading(
            plan=plan,
            item=item,
            section=item.section,
            what=item.value["what"],
            sources=item.value.get("sources") or [],
        )
        for item in by_kind[Kind.BUDGET]
    )
    return len(duties)


def _make_duties(
    plan: Plan,
    items: Sequence[PlanItem],
    bodies: Bodies,
    phase_at: Callable[[PlanItem], int | None],
) -> list[Duty]:
    duties = [
        Duty(
            plan=plan,
            item=item,
            number=number,
            section=item.section,
            what=item.value["what"],
            nature=item.value["nature"],
            requested=item.value["requested"],
            dates=item.value["dates"],
            recurrence=item.value.get("recurrence") or "",
            support=item.value.get("support") or [],
            cascades=bool(_OWN_PLAN.search(fold(item.value["what"])))
            and any(mass_of(name) for name in item.value["bodies"]),
            phase_id=phase_at(item),
        )
        for number, item in enumerate(items, 1)
    ]
    Duty.objects.bulk_create(duties)
    rows = []
    for duty, item in zip(duties, items, strict=True):
        lead = item.value.get("role") != "coordinate"
        rows += [_body(duty, name, lead, bodies) for name in item.value["bodies"]]
        rows += [_body(duty, name, False, bodies) for name in item.value.get("support") or ()]
        for one in duty.dates:
            if one.get("scope") and not is_rest(one["scope"]):
                bodies.group(level_below(plan.area), group_key(one["scope"]), one["scope"])
    DutyBody.objects.bulk_create(_once(rows))
    return duties


def _make_reports(
    plan: Plan, items: Sequence[PlanItem], duties: Sequence[Duty], bodies: Bodies
) -> None:
    """
    Write the reporting calendar; what has a day or says how often is owed like a duty.

    A report that is part of a duty's own words, and by the same day, is owed once: there.
    """
    number = len(duties)
    entries, rows = [], []
    for item in items:
        value = item.value
        due, often = value.get("due") or "", value.get("recurrence") or ""
        dates = report_dates(value["what"], due)
        recurrence = REPEATS.get(often, "")
        carrier = next((one for one in duties if _contains(one, item, due)), None)
        if carrier is None and (dates or recurrence):
            number += 1
            carrier = Duty.objects.create(
                plan=plan,
                item=item,
                kind=Kind.REPORT,
                number=number,
                section=item.section,
                what=value["what"],
                nature=Nature.DATED if dates else Nature.RECURRING,
                dates=dates,
                recurrence=recurrence,
            )
            names = value.get("bodies") or ()
            rows += [_body(carrier, name, True, bodies) for name in names]
            if not names:
                rows += _everybody(carrier, duties, value, bodies)
        entries.append(
            CalendarEntry(
                plan=plan,
                item=item,
                what=value["what"],
                recurrence=often,
                due=due,
                to=(value.get("to") or "")[:200],
                via=(value.get("via") or "")[:200],
                duty=carrier,
            )
        )
    DutyBody.objects.bulk_create(_once(rows))
    CalendarEntry.objects.bulk_create(entries)


def _contains(duty: Duty, item: PlanItem, due: str) -> bool:
    inside = duty.item.start <= item.start < duty.item.end
    return inside and any(one["date"] == due for one in duty.dates)


def _everybody(
    report: Duty, duties: Sequence[Duty], value: dict[str, object], bodies: Bodies
) -> list[DutyBody]:
    """Return every lead body of the plan that the sentence can mean, less who receives it."""
    single, areas = everybody_meant(str(value["what"]))
    receivers = {body_key(str(value.get(name) or ""), bodies.places) for name in ("to", "via")} - {
        ""
    }
    given = DutyBody.objects.filter(duty__in=duties, leads=True).select_related("agency")
    return [
        DutyBody(
            duty=report, name=one.name, leads=True, agency=one.agency, group_id=one.group_id,
            code=one.code,
        )
        for one in given
        if (single if one.agency else areas) and body_key(one.name, bodies.places) not in receivers
    ]  # fmt: skip


def _make_events(plan: Plan, items: Sequence[PlanItem], bodies: Bodies) -> None:
    """Write the named days; each is for the bodies it names, else for the standing office."""
    number = plan.duties.count()
    rows, events = [], []
    for item in items:
        written = item.value.get("date") or ""
        duty = None
        if written:
            number += 1
            duty = Duty.objects.create(
                plan=plan,
                item=item,
                kind=Kind.EVENT,
                number=number,
                section=item.section,
                what=item.value["what"],
                nature=Nature.DATED,
                dates=[{"date": written, "bound": "on", "scope": None, "text": ""}],
            )
            names = item.value.get("bodies") or ()
            rows += [_body(duty, name, True, bodies) for name in names]
            if not names:
                office = bodies.of_kind(AgencyKind.POLICE) or bodies.named(
                    plan.issuer or f"Ủy ban nhân dân {plan.area.full_name}"
                )
                rows.append(DutyBody(duty=duty, name=office.name, leads=True, agency=office))
        events.append(
            Event(plan=plan, item=item, name=item.value["what"][:300], date=written, duty=duty)
        )
    DutyBody.objects.bulk_create(_once(rows))
    Event.objects.bulk_create(events)


def _make_phases(plan: Plan, items: Sequence[PlanItem], bodies: Bodies) -> list[Stretch]:
    """
    Write the phases and the roadmap: which areas are to get there in which of them.

    Areas called by name make up one group of the phase; a group ("17 xã biên giới") stays a
    group that a person lists.
    """
    found = []
    below_here = _names_below(plan.area, bodies.day) if items else {}
    for item in items:
        phase = Phase.objects.create(
            plan=plan,
            item=item,
            name=item.value["what"][:200],
            start=first_day(item.value["start"]) if item.value.get("start") else None,
            end=last_day(item.value["end"]) if item.value.get("end") else None,
        )
        found.append(Stretch(phase.pk, phase.name, item.start))
        names = list(dict.fromkeys(item.value.get("areas") or ()))
        known = {name: below_here[fold(name)] for name in names if fold(name) in below_here}
        if known:
            key = f"phase-{phase.pk}"
            group = bodies.group(level_below(plan.area), key, f"{phase.name}: {len(known)} địa bàn")
            list_members(group, set(known.values()), bodies.day)
            PhaseArea.objects.create(phase=phase, group=group)
        keys = Counter(group_key(name) for name in names if name not in known)
        for name in names:
            if name not in known and keys.pop(group_key(name), 0):
                group = bodies.group(level_below(plan.area), group_key(name), name)
                PhaseArea.objects.create(phase=phase, group=group)
    return found


def _names_below(area: Area, day: date) -> dict[str, int]:
    """
    Return the areas one level below by folded name, with and without the type word.

    A name that two of them have is left out.
    """
    rows = [
        (fold(name), one.pk)
        for one in below(area, day, level_below(area)).only("pk", "type", "name", "level")
        for name in {one.name, one.full_name}
    ]
    counts = Counter(name for name, _pk in rows)
    return {name: pk for name, pk in rows if counts[name] == 1}


def level_below(area: Area) -> Level:
    """Return the level that a plan of this area speaks of when it names groups of areas."""
    return Level.HAMLET if Level(area.level) is Level.COMMUNE else Level.COMMUNE


def bodies_ahead(items: Iterable[PlanItem], bodies: Bodies) -> list[Foreseen]:
    """Return the bodies that publishing these items makes or hands over, each once, by name."""
    found: dict[str, Foreseen] = {}
    names = dict.fromkeys(
        name
        for item in items
        if item.kind in (Kind.DUTY, Kind.REPORT, Kind.EVENT)
        for field in ("bodies", "support")
        for name in item.value.get(field) or ()
    )
    for name in names:
        if _mass_below(name, bodies) is None and (one := bodies.foresee(name)) is not None:
            found.setdefault(body_key(name, bodies.places), one)
    return sorted(found.values(), key=lambda one: (not one.heirs, sort_key(one.name)))


def _mass_below(name: str, bodies: Bodies) -> Mass | None:
    """Return the mass of bodies below the plan's area that a name means, None for one body."""
    mass = mass_of(name)
    if mass is None or _ORDER.index(Level(bodies.area.level)) >= _ORDER.index(mass.level):
        return None
    return mass


def _body(duty: Duty, name: str, leads: bool, bodies: Bodies) -> DutyBody:
    mass = _mass_below(name, bodies)
    if mass is None:
        return DutyBody(duty=duty, name=name[:300], leads=leads, agency=bodies.named(name))
    group = bodies.group(mass.level, mass.scope, name)
    return DutyBody(duty=duty, name=name[:300], leads=leads, group=group, code=mass.code)


def _once(rows: Iterable[DutyBody]) -> list[DutyBody]:
    """Drop a body named twice for one duty; as a lead it counts as a lead."""
    kept: dict[tuple[int, int | None, int | None, str], DutyBody] = {}
    for row in rows:
        key = (row.duty_id, row.agency_id, row.group_id, row.code)
        if key not in kept or (row.leads and not kept[key].leads):
            kept[key] = row
    return list(kept.values())
