"""
From confirmed items to the programme: bodies, duties, targets, phases, calendar, budget.

Publishing happens once, in one transaction; what it needs from people (which areas belong to
"17 xã biên giới") can come later, because fanning out again follows.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from diaban.accounts.rules import PUBLISH_PLAN
from diaban.agencies.models import Agency, AgencyAlias
from diaban.areas.groups import group_named, list_members
from diaban.areas.models import Area, AreaGroup, on
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below
from diaban.audit.services import record
from diaban.core.access import Actor, Missing
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH
from diaban.core.text import fold
from diaban.plans.fan_out import FannedOut, fan_out
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
    Share,
    Target,
)
from diaban.plans.rules.bodies import Mass, body_key, code_of, group_key, is_rest, kind_of, mass_of
from diaban.plans.rules.days import first_day, last_day
from diaban.plans.rules.differences import Line, Pair, compare, dates_of
from diaban.plans.rules.items import IN_PROGRAMME, Decision, Kind
from diaban.plans.rules.states import State, Succession
from diaban.plans.selectors import plan_open_to

EVERYWHERE: Final = "*"
# A body's own plan for carrying this one out (the cascade from province to hamlet).
_OWN_PLAN = re.compile(r"\b(?:ban hanh|xay dung|lap|hoan thanh)\b[^.;]{0,60}\bke hoach\b")


class ItemsWaiting(DomainError):
    """Something that was read is still unconfirmed; facts `waiting` says how much."""

    code = "plans.items_waiting"


class AlreadyPublished(DomainError):
    """The plan was published before."""

    code = "plans.already_published"


class NotPublished(DomainError):
    """The plan has no programme yet."""

    code = "plans.not_published"


class NotAnEarlierPlan(DomainError):
    """Only a published plan of the same area can be amended or replaced."""

    code = "plans.not_an_earlier_plan"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing made."""

    plan: Plan
    duties: int
    shares: FannedOut
    new_agencies: tuple[str, ...]
    groups_to_list: tuple[str, ...]


@dataclass
class _Bodies:
    """The bodies of an area by name key, those that had to be made, and the groups."""

    area: Area
    day: date
    by_key: dict[str, Agency]
    places: tuple[str, ...]
    codes: set[str]
    made: list[str] = field(default_factory=list)

    def named(self, name: str) -> Agency:
        """Return the body that `name` means, a new one when nobody knows it."""
        key = body_key(name, self.places)
        found = self.by_key.get(key)
        if found is None:
            code = code_of(name)
            while code in self.codes:
                code = f"{code[:37]}-{len(self.codes)}"
            found = Agency.objects.create(
                code=code,
                name=name[:200],
                kind=kind_of(name),
                area=self.area,
                valid_from=self.day,
            )
            self.by_key[key] = found
            self.codes.add(code)
            self.made.append(name)
        return _living(found, self.day)

    def group(self, level: Level, key: str, name: str) -> AreaGroup:
        """Return the group of areas of that key; the empty key is everybody of the level."""
        everyone = not key
        key = key or f"{EVERYWHERE}{level.value}"
        return group_named(self.area, key, name, level, everyone=everyone)


@transaction.atomic
def publish_plan(
    *,
    actor: Actor,
    plan_id: int,
    follows_id: int | None = None,
    succession: Succession | None = None,
    at: datetime,
) -> Published:
    """
    Publish a plan whose items are all decided: from now on it obliges.

    With `follows_id` it amends or replaces an earlier plan of the same area: the earlier
    duties that it takes over (all of them when it replaces) are frozen where they are not done.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not publish, this plan.
        AlreadyPublished: it is published.
        ItemsWaiting: items are unconfirmed; nothing is published unconfirmed.
        NotAnEarlierPlan: `follows_id` is no published plan of the area.
    """
    plan = plan_open_to(actor, plan_id, PUBLISH_PLAN)
    if plan.state != State.READ:
        raise AlreadyPublished("Kế hoạch này đã công bố rồi.")
    waiting = plan.items.filter(decision=Decision.WAITING).count()
    if waiting:
        raise ItemsWaiting(
            f"Còn {waiting} mục chưa xác nhận. Xác nhận hoặc bỏ từng mục rồi mới công bố.",
            waiting=waiting,
        )
    earlier = _earlier(plan, follows_id) if follows_id else None
    changed = Plan.objects.filter(pk=plan.pk, state=State.READ).update(
        state=State.PUBLISHED,
        published_at=at,
        published_by=actor.name,
        follows=earlier,
        succession=(succession or Succession.REPLACES) if earlier else "",
    )
    if not changed:
        raise AlreadyPublished("Kế hoạch này vừa được người khác công bố.")
    plan.refresh_from_db()
    day = at.astimezone(HO_CHI_MINH).date()
    bodies = _bodies_of(plan.area, day)
    items = list(plan.items.filter(decision__in=IN_PROGRAMME).order_by("start", "end", "pk"))
    duties = _make_duties(plan, [one for one in items if one.kind == Kind.DUTY], bodies)
    _make_others(plan, items, bodies)
    if earlier is not None:
        _take_over(plan, earlier, at)
    shares = fan_out(plan, day)
    to_list = groups_to_list(plan)
    record(
        actor=actor,
        action="plans.plan.published",
        subject=plan,
        at=at,
        area_code=plan.area.code,
        detail={
            "duties": len(duties),
            "shares": shares.made,
            "agencies": len(bodies.made),
            "follows": earlier.pk if earlier else None,
        },
    )
    return Published(plan, len(duties), shares, tuple(bodies.made), tuple(g.name for g in to_list))


@transaction.atomic
def list_group(
    *, actor: Actor, plan_id: int, group_id: int, codes: Sequence[str], at: datetime
) -> FannedOut:
    """
    Say which areas a group of the plan means; the dates of its duties follow.

    Raises:
        Missing, NotAllowed: as for `publish_plan`; or the plan has no such group.
        NotPublished: the plan is not published.
    """
    plan = plan_open_to(actor, plan_id, PUBLISH_PLAN)
    _require_published(plan)
    group = next((one for one in groups_of(plan) if one.pk == group_id), None)
    if group is None or group.everyone:
        raise Missing("Kế hoạch này không có nhóm địa bàn đó.")
    day = at.astimezone(HO_CHI_MINH).date()
    known = dict(
        below(group.area, day, Level(group.level)).filter(code__in=codes).values_list("code", "pk")
    )
    list_members(group, known.values(), day)
    shares = fan_out(plan, day)
    record(
        actor=actor,
        action="plans.group.listed",
        subject=group,
        at=at,
        area_code=plan.area.code,
        detail={"plan": plan.pk, "members": len(known)},
    )
    return shares


@transaction.atomic
def change_dates(
    *, actor: Actor, duty_id: int, dates: Sequence[dict[str, Any]], at: datetime
) -> FannedOut:
    """
    Give a duty other dates (an official correction); what everybody owes follows.

    A body whose date was extended, or that is done, keeps what it has beside the new date.

    Raises:
        Missing, NotAllowed: as for `publish_plan`.
    """
    duty = Duty.objects.select_related("plan").filter(pk=duty_id).first()
    if duty is None:
        raise Missing("Không tìm thấy nhiệm vụ này trong phạm vi của tài khoản.")
    plan = plan_open_to(actor, duty.plan_id, PUBLISH_PLAN)
    before = duty.dates
    duty.dates = [dict(one) for one in dates]
    duty.save(update_fields=["dates"])
    record(
        actor=actor,
        action="plans.duty.dates_changed",
        subject=duty,
        at=at,
        area_code=plan.area.code,
        detail={"before": before, "after": duty.dates},
    )
    return fan_out(plan, at.astimezone(HO_CHI_MINH).date())


def groups_of(plan: Plan) -> list[AreaGroup]:
    """Return the groups of areas that a published plan speaks of, by name."""
    keys = {
        group_key(one["scope"])
        for duty in plan.duties.all()
        for one in duty.dates
        if one.get("scope") and not is_rest(one["scope"])
    }
    given = AreaGroup.objects.filter(given__duty__plan=plan)
    road = AreaGroup.objects.filter(roadmap__phase__plan=plan)
    scoped = AreaGroup.objects.filter(area=plan.area, key__in=keys)
    return sorted((given | road | scoped).distinct(), key=lambda group: group.name)


def groups_to_list(plan: Plan) -> list[AreaGroup]:
    """Return the groups of a plan whose members nobody has listed yet."""
    return [one for one in groups_of(plan) if not one.everyone and not one.members.exists()]


def differences(plan: Plan) -> list[Pair]:
    """Return how a plan's duties stand to those of the plan it follows; empty without one."""
    if plan.follows_id is None:
        return []
    return compare(_lines(plan.follows_id), _lines(plan.pk))


def _lines(plan_id: int) -> list[Line]:
    duties = Duty.objects.filter(plan=plan_id).prefetch_related("bodies").order_by("number")
    return [
        Line(
            duty.pk,
            duty.what,
            tuple(body.name for body in duty.bodies.all() if body.leads),
            dates_of(duty.dates),
        )
        for duty in duties
    ]


def _require_published(plan: Plan) -> None:
    if plan.state == State.READ:
        raise NotPublished("Kế hoạch này chưa công bố. Xác nhận hết các mục rồi công bố trước.")


def _earlier(plan: Plan, follows_id: int) -> Plan:
    earlier = Plan.objects.filter(pk=follows_id, area=plan.area, state=State.PUBLISHED).first()
    if earlier is None or earlier.pk == plan.pk:
        raise NotAnEarlierPlan(
            "Chỉ sửa đổi hoặc thay thế được kế hoạch đã công bố của chính địa bàn này."
        )
    return earlier


def _bodies_of(area: Area, day: date) -> _Bodies:
    places = (area.name, area.full_name)
    by_key: dict[str, Agency] = {}
    aliases = AgencyAlias.objects.filter(agency__area=area).select_related("agency")
    for alias in aliases:
        by_key[alias.key] = alias.agency
    codes = set()
    # Bodies that exist today win over those of the same name that have ended.
    agencies = Agency.objects.filter(area=area).select_related("successor")
    for agency in sorted(agencies, key=lambda one: (one.valid_to is None, one.valid_from)):
        codes.add(agency.code)
        for name in (agency.short_name, agency.name):
            if name:
                by_key[body_key(name, places)] = agency
    return _Bodies(area, day, by_key, places, codes)


def _living(agency: Agency, day: date) -> Agency:
    """Return the body itself, or who took its work over when it has ended."""
    for _step in range(9):
        if agency.valid_to is None or agency.valid_to > day or agency.successor is None:
            return agency
        agency = agency.successor
    return agency


def _make_duties(plan: Plan, items: Sequence[PlanItem], bodies: _Bodies) -> list[Duty]:
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
        )
        for number, item in enumerate(items, 1)
    ]
    Duty.objects.bulk_create(duties)
    rows = []
    for duty, item in zip(duties, items, strict=True):
        lead = item.value.get("role") != "coordinate"
        for name in item.value["bodies"]:
            rows.append(_body(duty, name, lead, bodies))
        for name in item.value.get("support") or ():
            rows.append(_body(duty, name, False, bodies))
        for one in duty.dates:
            if one.get("scope") and not is_rest(one["scope"]):
                bodies.group(Level.COMMUNE, group_key(one["scope"]), one["scope"])
    DutyBody.objects.bulk_create(_once(rows))
    return duties


def _body(duty: Duty, name: str, leads: bool, bodies: _Bodies) -> DutyBody:
    mass: Mass | None = mass_of(name)
    above = mass is not None and _above(mass.level, Level(bodies.area.level))
    if mass is None or not above:
        return DutyBody(duty=duty, name=name[:300], leads=leads, agency=bodies.named(name))
    group = bodies.group(mass.level, mass.scope, name)
    return DutyBody(duty=duty, name=name[:300], leads=leads, group=group, code=mass.code)


def _above(level: Level, own: Level) -> bool:
    order = [Level.NATION, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.HAMLET]
    return order.index(own) < order.index(level)


def _once(rows: Iterable[DutyBody]) -> list[DutyBody]:
    """Drop a body named twice for one duty; as a lead it counts as a lead."""
    kept: dict[tuple[int, int | None, int | None, str], DutyBody] = {}
    for row in rows:
        key = (row.duty_id, row.agency_id, row.group_id, row.code)
        if key not in kept or (row.leads and not kept[key].leads):
            kept[key] = row
    return list(kept.values())


def _make_others(plan: Plan, items: Sequence[PlanItem], bodies: _Bodies) -> None:
    by_kind: dict[str, list[PlanItem]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
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
        )
        for item in by_kind.get(Kind.TARGET, ())
    )
    CalendarEntry.objects.bulk_create(
        CalendarEntry(
            plan=plan,
            item=item,
            what=item.value["what"],
            recurrence=item.value.get("recurrence") or "",
            due=item.value.get("due") or "",
            to=(item.value.get("to") or "")[:200],
            via=(item.value.get("via") or "")[:200],
        )
        for item in by_kind.get(Kind.REPORT, ())
    )
    Event.objects.bulk_create(
        Event(plan=plan, item=item, name=item.value["what"][:300], date=item.value["date"] or "")
        for item in by_kind.get(Kind.EVENT, ())
    )
    BudgetHeading.objects.bulk_create(
        BudgetHeading(
            plan=plan,
            item=item,
            section=item.section,
            what=item.value["what"],
            sources=item.value.get("sources") or [],
        )
        for item in by_kind.get(Kind.BUDGET, ())
    )
    for item in by_kind.get(Kind.PHASE, ()):
        phase = Phase.objects.create(
            plan=plan,
            item=item,
            name=item.value["what"][:200],
            start=first_day(item.value["start"]) if item.value.get("start") else None,
            end=last_day(item.value["end"]) if item.value.get("end") else None,
        )
        keys = Counter(group_key(name) for name in item.value.get("areas") or ())
        for name in item.value.get("areas") or ():
            if keys.pop(group_key(name), 0):
                group = bodies.group(Level.COMMUNE, group_key(name), name)
                PhaseArea.objects.create(phase=phase, group=group)


def _take_over(plan: Plan, earlier: Plan, at: datetime) -> None:
    """Freeze the earlier duties that this plan takes over; done ones keep their record."""
    taken: dict[int, int | None] = {}
    for pair in compare(_lines(earlier.pk), _lines(plan.pk)):
        if pair.old is not None and pair.new is not None:
            taken[pair.old.key] = pair.new.key
        elif pair.old is not None and plan.succession == Succession.REPLACES:
            taken[pair.old.key] = None
    duties = list(Duty.objects.filter(pk__in=taken, frozen_at__isnull=True))
    for duty in duties:
        duty.frozen_at, duty.replaced_by_id = at, taken[duty.pk]
    Duty.objects.bulk_update(duties, ["frozen_at", "replaced_by"])
    Share.objects.filter(duty__in=duties, done_on__isnull=True).update(frozen=True)
    if plan.succession == Succession.REPLACES:
        Plan.objects.filter(pk=earlier.pk).update(state=State.REPLACED)


def earlier_plans(plan: Plan) -> list[Plan]:
    """Return the published plans of the same area that this one could amend or replace."""
    found = Plan.objects.filter(area=plan.area, state=State.PUBLISHED).exclude(pk=plan.pk)
    return list(found.order_by("-published_at")[:20])


def agencies_known(area: Area, day: date) -> list[Agency]:
    """Return the bodies of an area on a day, by name."""
    return list(Agency.objects.filter(on(day), area=area).order_by("name"))
