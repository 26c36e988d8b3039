"""Reading plans; every list starts from what the actor may see."""

from django.db.models import QuerySet

from diaban.accounts.rules import SEE_PLAN
from diaban.accounts.scopes import in_scope
from diaban.core.access import Actor, Missing
from diaban.plans.models import Plan


def plans_visible_to(actor: Actor) -> QuerySet[Plan]:
    """
    Return the plans of the areas that `actor` may see, and those of the areas above them.

    A province's plan obliges its communes, so a commune reads it; the plan of a neighbouring
    commune stays next door.

    Shape: newest first, with area and document.
    """
    return (
        Plan.objects.filter(in_scope(actor, SEE_PLAN, "area", above=True))
        .select_related("area", "document")
        .order_by("-document__added_at", "pk")
    )


def plan_visible_to(actor: Actor, plan_id: int) -> Plan:
    """
    Return one plan.

    Raises:
        Missing: it is not there, or not for this actor.
    """
    plan = plans_visible_to(actor).filter(pk=plan_id).first()
    if plan is None:
        raise Missing("Không tìm thấy kế hoạch này trong phạm vi của tài khoản.")
    return plan
