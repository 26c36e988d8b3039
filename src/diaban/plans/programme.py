"""Reading the programme of a published plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Subquery

from diaban.areas.models import (
    Area,
    AreaGroup,
    AreaGroupMember,
    BoundaryVersion,
    Placement,
    names_then,
)
from diaban.areas.rules.levels import full_name
from diaban.core.access import Actor, Missing
from diaban.plans.making import level_below
from diaban.plans.models import CalendarEntry, Duty, DutyBody, Event, Phase, PhaseArea, Plan, Share
from diaban.plans.rules.calendar import law_day
from diaban.plans.rules.items import Kind
from diaban.plans.rules.phases import takes_the_rest
from diaban.plans.selectors import plan_visible_to, plans_visible_to


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one line: how many shares are owed, done, overdue; by when the next open one is due."""

    owed: int = 0
    done: int = 0
    overdue: int = 0
    next_due: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A duty of the programme with its bodies, leads first, and its progress."""

    duty: Duty
    leads: tuple[DutyBody, ...]
    support: tuple[DutyBody, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Dated:
    """Under which line a report or day is owed, None for neither; `by_law`: see `law_day`."""

    line: Line | None
    by_law: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """
    A phase with its groups of areas and their members' names, how many duties and targets
    belong to it, and how many of its dated shares are owed and done.

    `rest`: how many areas no group of any phase names, where the phase speaks of those that
    remain; None where it does not.
    """

    phase: Phase
    groups: tuple[tuple[AreaGroup, tuple[str, ...]], ...]
    duties: int
    targets: int
    owed: int = 0
    done: int = 0
    rest: int | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """One area's own plan in a cascade: by when it is owed, and the plan if it came."""

    area: Area
    share_id: int
    due: date | None
    done_on: date | None
    plan: Plan | None


def programme_visible_to(actor: Actor, plan_id: int) -> Plan:
    """
    Return a published plan.

    Raises:
        Missing: it is not there, not for this actor, or not published.
    """
    plan = plan_visible_to(actor, plan_id)
    if plan.published_at is None:
        raise Missing("Kế hoạch này chưa công bố nên chưa có chương trình.")
    return plan


def phase_visible_to(actor: Actor, phase_id: int) -> Phase:
    """
    Return a phase of a published plan, with its plan.

    Raises:
        Missing: it is not there, or its plan is not for this actor.
    """
    found = Phase.objects.filter(pk=phase_id).first()
    if found is None:
        raise Missing("Không tìm thấy giai đoạn này trong phạm vi của tài khoản.")
    found.plan = programme_visible_to(actor, found.plan_id)
    return found


def lines_of(plan: Plan, today: date) -> list[Line]:
    """
    Return the duties of a plan in its own order, each with its progress.

    Only bodies that were ordered and lead count as overdue. Cost: three queries.
    """
    return list(_lines(plan, (Kind.DUTY,), today).values())


def calendar_of(
    plan: Plan, today: date
) -> tuple[list[tuple[CalendarEntry, Dated]], list[tuple[Event, Dated]]]:
    """
    Return the reports and the named days of a plan, each with how its occurrences stand.

    Cost: five queries.
    """
    lines = _lines(plan, (Kind.DUTY, Kind.REPORT, Kind.EVENT), today)
    entries = [(one, _dated(one.duty_id, lines)) for one in plan.calendar.order_by("pk")]
    events = [(one, _dated(one.duty_id, lines)) for one in plan.events.order_by("pk")]
    return entries, events


def _dated(duty_id: int | None, lines: dict[int, Line]) -> Dated:
    line = lines.get(duty_id or 0)
    if line is None:
        return Dated(None, by_law=False)
    duty = line.duty
    by_law = duty.kind == Kind.REPORT and law_day(duty.dates, duty.recurrence, duty.what)
    return Dated(line, by_law=by_law)


def _lines(plan: Plan, kinds: Sequence[Kind], today: date) -> dict[int, Line]:
    waiting = Q(done_on__isnull=True, frozen=False)
    rows = (
        Share.objects.filter(duty__plan=plan, duty__kind__in=kinds, leads=True)
        .values("duty_id")
        .annotate(
            # What communes that are gone owed stands beside what their heirs owe.
            owed=Count("pk", filter=Q(done_on__isnull=False) | Q(frozen=False)),
            done=Count("pk", filter=Q(done_on__isnull=False)),
            overdue=Count("pk", filter=waiting & Q(requested=False, due_on__lt=today)),
            next_due=Min("due_on", filter=waiting & Q(due_on__gte=today)),
        )
    )
    progress = {
        row["duty_id"]: Progress(row["owed"], row["done"], row["overdue"], row["next_due"])
        for row in rows
    }
    duties = plan.duties.filter(kind__in=kinds).prefetch_related("bodies").order_by("number")
    return {
        duty.pk: Line(
            duty,
            tuple(body for body in duty.bodies.all() if body.leads),
            tuple(body for body in duty.bodies.all() if not body.leads),
            progress.get(duty.pk, Progress()),
        )
        for duty in duties
    }


def roadmap_of(plan: Plan, today: date) -> list[Stage]:
    """
    Return the phases of a plan, each with its areas and what its words bind to it.

    Cost: three queries, whatever the number of phases.
    """
    phases = list(
        plan.phases.annotate(
            n_duties=Count("duties", distinct=True), n_targets=Count("targets", distinct=True)
        )
        .annotate(n_others=_others(plan, today), n_owed=_shares(), n_done=_shares(done=True))
        .select_related("item")
        .order_by("start", "pk")
    )
    groups: dict[int, list[AreaGroup]] = {}
    for one in PhaseArea.objects.filter(phase__plan=plan).select_related("group").order_by("pk"):
        groups.setdefault(one.phase_id, []).append(one.group)
    open_now = Q(valid_to__isnull=True) | Q(valid_to__gt=today)
    members: dict[int, list[str]] = {}
    rows = (
        AreaGroupMember.objects.filter(open_now, group__roadmap__phase__plan=plan)
        .order_by("area__sort_key")
        .annotate(**names_then(today, "area"))
        .values_list(  # type: ignore[misc]
            "group_id", "type_then", "name_then", "area__code"
        )
        .distinct()
    )
    for group_id, word, name, code in rows:
        members.setdefault(group_id, []).append(full_name(word or "", name or code))
    text = plan.document.text
    remaining = {
        phase.pk for phase in phases if takes_the_rest(text, phase.item.start, phase.item.end)
    }
    return [
        Stage(
            phase,
            tuple((group, tuple(members.get(group.pk, ()))) for group in groups.get(phase.pk, ())),
            phase.n_duties,
            phase.n_targets,
            phase.n_owed or 0,
            phase.n_done or 0,
            rest=(phase.n_others or 0) if phase.pk in remaining else None,
        )
        for phase in phases
    ]


def _shares(*, done: bool = False) -> Subquery:
    """Return how many dated shares of its leads a phase has, or of these how many are done."""
    found = Share.objects.filter(duty__phase=OuterRef("pk"), leads=True, due_on__isnull=False)
    if done:
        found = found.filter(done_on__isnull=False)
    return Subquery(found.order_by().values("duty__phase").annotate(n=Count("pk")).values("n")[:1])


def _others(plan: Plan, today: date) -> Subquery:
    """Return how many areas of the level that a plan groups no group of its roadmap lists."""
    above = Placement.objects.filter(
        version=OuterRef("version"),
        area=plan.area_id,
        left__lte=OuterRef("left"),
        right__gte=OuterRef("right"),
    )
    listed = AreaGroupMember.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        group__roadmap__phase__plan=plan,
        area=OuterRef("area"),
    )
    placed = Placement.objects.filter(
        Q(version__valid_to=None) | Q(version__valid_to__gt=today),
        Q(area__valid_to=None) | Q(area__valid_to__gt=today),
        Exists(above),
        ~Exists(listed),
        version__tree=BoundaryVersion.ADMINISTRATIVE,
        version__published_at__isnull=False,
        version__valid_from__lte=today,
        area__valid_from__lte=today,
        area__level=level_below(plan.area).value,
    )
    count = placed.order_by().values("version__tree").annotate(n=Count("pk"))
    return Subquery(count.values("n")[:1])


def cascade_of(plan: Plan, today: date) -> list[Received]:
    """
    Return who has to issue an own plan for carrying this one out, and who has.

    Shape: one row per area that exists `today`, those that have not first, then by due day and
    name. Cost: two queries.
    """
    shares = (
        Share.objects.filter(duty__plan=plan, duty__cascades=True, leads=True)
        .filter(Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=today))
        .select_related("area")
        .order_by(F("due_on").asc(nulls_last=True), "area__sort_key")
    )
    received = {one.area_id: one for one in plan.received.select_related("area")}
    rows = {
        share.area_id: Received(
            share.area, share.pk, share.due_on, share.done_on, received.get(share.area_id)
        )
        for share in shares
    }
    return sorted(rows.values(), key=lambda row: row.plan is not None or row.done_on is not None)


def received_counts(plans: Sequence[Plan], today: date) -> dict[int, tuple[int, int]]:
    """Return, for each plan with a cascade, how many own plans came and how many are owed."""
    rows = (
        Share.objects.filter(duty__plan__in=plans, duty__cascades=True, leads=True)
        .filter(Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=today))
        .values("duty__plan")
        .annotate(
            owed=Count("area", distinct=True),
            came=Count("area", distinct=True, filter=Q(done_on__isnull=False)),
        )
    )
    return {row["duty__plan"]: (row["came"], row["owed"]) for row in rows}


def upper_plans(actor: Actor, plan: Plan) -> list[Plan]:
    """Return the published plans above `plan`'s area that it may carry out, newest first."""
    found = plans_visible_to(actor).filter(published_at__isnull=False).exclude(area=plan.area)
    return list(found.filter(duties__cascades=True, duties__shares__area=plan.area).distinct()[:20])
