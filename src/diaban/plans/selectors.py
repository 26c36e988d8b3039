"""Reading plans; every list starts from what the actor may see."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from diaban.accounts.rules import REVIEW_PLAN, SEE_PLAN
from diaban.accounts.scopes import in_scope
from diaban.core.access import Actor, Missing, NotAllowed
from diaban.plans.models import Duty, Plan, PlanItem
from diaban.plans.rules.items import DISSOLVED, Decision, Kind
from diaban.plans.rules.states import State
from diaban.plans.rules.warned import left_to_see, pointed


def plans_visible_to(actor: Actor) -> QuerySet[Plan]:
    """
    Return the plans of the areas that `actor` may see, and those of the areas above them.

    A province's plan obliges its communes, so a commune reads it once it is published; the plan
    of a neighbouring commune stays next door. What is not published is seen only by those who
    may review it in its own area.

    Shape: newest first, with area and document.
    """
    return (
        Plan.objects.filter(
            in_scope(actor, SEE_PLAN, "area", above=True),
            Q(published_at__isnull=False) | in_scope(actor, REVIEW_PLAN, "area"),
        )
        .select_related("area", "document")
        .order_by("-document__added_at", "pk")
    )


def living_plans() -> QuerySet[Plan]:
    """Return the published plans that still oblige somebody, with their areas."""
    return (
        Plan.objects.filter(
            state=State.PUBLISHED,
            pk__in=Duty.objects.filter(frozen_at__isnull=True).values("plan"),
        )
        .select_related("area")
        .order_by("pk")
    )


def plan_visible_to(actor: Actor, plan_id: int, *, bare: bool = False) -> Plan:
    """
    Return one plan; `bare` without its text and its reading, which are fetched when asked for.

    Raises:
        Missing: it is not there, or not for this actor.
    """
    found = plans_visible_to(actor).filter(pk=plan_id)
    plan = (found.defer("reading", "document__text") if bare else found).first()
    if plan is None:
        raise Missing("Không tìm thấy kế hoạch này trong phạm vi của tài khoản.")
    return plan


def items_of(plan: Plan, *, bare: bool = False) -> list[PlanItem]:
    """
    Return what was read in a plan and added to it, kind by kind, in the order of the document.

    Items that were split or merged away are left out. `bare` items have no values, enough to
    know which of them comes next.
    """
    order = {kind: at for at, kind in enumerate(Kind)}
    found = plan.items.exclude(decision__in=DISSOLVED)
    if bare:
        found = found.defer("value", "read_value")
    return sorted(found, key=lambda one: (order[Kind(one.kind)], one.start, one.end, one.pk))


def review_counts(plans: Iterable[Plan]) -> dict[int, tuple[int, int]]:
    """Return, for each plan, how many items are decided and how many there are."""
    rows = (
        PlanItem.objects.filter(plan__in=plans)
        .exclude(decision__in=DISSOLVED)
        .values("plan_id")
        .annotate(all=Count("pk"), waiting=Count("pk", filter=Q(decision=Decision.WAITING)))
    )
    return {row["plan_id"]: (row["all"] - row["waiting"], row["all"]) for row in rows}


def warnings_left(plans: Iterable[Plan]) -> dict[int, int]:
    """Return how many warnings of each draft nobody has settled. One query."""
    drafts = {plan.pk: plan for plan in plans if plan.state == State.READ}
    items: dict[int, list[PlanItem]] = {key: [] for key in drafts}
    found = (
        PlanItem.objects.filter(plan__in=drafts.values())
        .exclude(decision__in=DISSOLVED)
        .only("plan_id", "kind", "start", "end", "warned", "decision")
        .order_by("start", "end", "pk")
    )
    for item in found:
        items[item.plan_id].append(item)
    return {
        key: left_to_see(pointed(plan.reading["warnings"], items[key]))
        for key, plan in drafts.items()
    }


def next_waiting(items: Sequence[PlanItem], after: PlanItem | None) -> PlanItem | None:
    """
    Return what to look at next: first what a warning touches, then on from `after`.

    `items` in the order of `items_of`. None when everything is decided.
    """
    waiting = [one for one in items if one.decision == Decision.WAITING]
    warned = [one for one in waiting if one.warned]
    if warned or not waiting or after is None:
        return next(iter(warned or waiting), None)
    keys = [(one.kind, one.start, one.end, one.pk) for one in waiting]
    here = (after.kind, after.start, after.end, after.pk)
    behind = [
        one
        for one, key in zip(waiting, keys, strict=True)
        if key[0] == here[0] and key[1:] > here[1:]
    ]
    same = [one for one in waiting if one.kind == after.kind]
    return (behind or same or waiting)[0]


def may_in_plan(actor: Actor, plan: Plan, action: str) -> bool:
    """Return whether `actor` may do `action` in the plan's own area. Cost: one query."""
    return Plan.objects.filter(in_scope(actor, action, "area"), pk=plan.pk).exists()


def plan_open_to(actor: Actor, plan_id: int, action: str, *, bare: bool = False) -> Plan:
    """
    Return a plan with which `actor` may do `action`.

    Raises:
        Missing: it is not there, or not for this actor.
        NotAllowed: `actor` only reads it, as a commune reads the plan of its province.
    """
    plan = plan_visible_to(actor, plan_id, bare=bare)
    if not may_in_plan(actor, plan, action):
        raise NotAllowed(
            "Kế hoạch này do địa bàn khác ban hành nên tài khoản chỉ được xem. Hãy liên hệ cơ "
            "quan thường trực của địa bàn đó."
        )
    return plan
