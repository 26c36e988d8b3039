"""Reading the programme of a published plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q

from diaban.areas.models import Area, AreaGroup
from diaban.core.access import Actor, Missing
from diaban.plans.models import Duty, DutyBody, Phase, Plan, Share
from diaban.plans.selectors import plan_visible_to, plans_visible_to


@dataclass(frozen=True, slots=True)
class Progress:
    """Of one duty: how many bodies owe it, have done it, are overdue; by its dates."""

    owed: int = 0
    done: int = 0
    overdue: int = 0
    first_due: date | None = None
    last_due: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A duty of the programme with its bodies, leads first, and its progress."""

    duty: Duty
    leads: tuple[DutyBody, ...]
    support: tuple[DutyBody, ...]
    progress: Progress


@dataclass(frozen=True, slots=True)
class Received:
    """One area's own plan in a cascade: by when it is owed, and the plan if it came."""

    area: Area
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


def lines_of(plan: Plan, today: date) -> list[Line]:
    """
    Return the duties of a plan in its own order, each with its progress.

    Only bodies that were ordered and lead count as overdue. Cost: three queries.
    """
    rows = (
        Share.objects.filter(duty__plan=plan, leads=True)
        .values("duty_id")
        .annotate(
            owed=Count("pk"),
            done=Count("pk", filter=Q(done_on__isnull=False)),
            overdue=Count(
                "pk",
                filter=Q(done_on__isnull=True, frozen=False, requested=False, due_on__lt=today),
            ),
        )
    )
    progress = {row["duty_id"]: Progress(row["owed"], row["done"], row["overdue"]) for row in rows}
    duties = plan.duties.prefetch_related("bodies").order_by("number")
    return [
        Line(
            duty,
            tuple(body for body in duty.bodies.all() if body.leads),
            tuple(body for body in duty.bodies.all() if not body.leads),
            progress.get(duty.pk, Progress()),
        )
        for duty in duties
    ]


def phases_of(plan: Plan) -> list[tuple[Phase, list[AreaGroup]]]:
    """Return the phases of a plan with the groups of areas in each: the roadmap."""
    phases = plan.phases.prefetch_related("roadmap__group").order_by("start", "pk")
    return [(phase, [one.group for one in phase.roadmap.all()]) for phase in phases]


def cascade_of(plan: Plan) -> list[Received]:
    """
    Return who has to issue an own plan for carrying this one out, and who has.

    Shape: one row per area, those that have not first, then by due day and name. Cost: two
    queries.
    """
    shares = (
        Share.objects.filter(duty__plan=plan, duty__cascades=True, leads=True)
        .select_related("area")
        .order_by(F("due_on").asc(nulls_last=True), "area__sort_key")
    )
    received = {one.area_id: one for one in plan.received.select_related("area")}
    rows = {
        share.area_id: Received(
            share.area, share.due_on, share.done_on, received.get(share.area_id)
        )
        for share in shares
    }
    return sorted(rows.values(), key=lambda row: row.plan is not None or row.done_on is not None)


def received_counts(plans: Sequence[Plan]) -> dict[int, tuple[int, int]]:
    """Return, for each plan with a cascade, how many own plans came and how many are owed."""
    rows = (
        Share.objects.filter(duty__plan__in=plans, duty__cascades=True, leads=True)
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
