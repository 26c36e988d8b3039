"""Publishing a plan, and the programme that came of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import PUBLISH_PLAN
from diaban.areas.groups import members_on
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below
from diaban.core.errors import DomainError
from diaban.plans.programme import (
    Line,
    cascade_of,
    lines_of,
    phases_of,
    programme_visible_to,
    upper_plans,
)
from diaban.plans.publishing import (
    differences,
    earlier_plans,
    groups_of,
    list_group,
    publish_plan,
)
from diaban.plans.rules.differences import DIFFERENCE_NAMES
from diaban.plans.rules.items import IN_PROGRAMME, NATURE_NAMES, Decision, Nature
from diaban.plans.rules.states import STATE_NAMES, SUCCESSION_NAMES, State, Succession
from diaban.plans.rules.typed import REPORTS, date_line, day_text
from diaban.plans.selectors import items_of, may_in_plan, next_waiting, plan_open_to
from diaban.plans.work import link_plan
from diaban.web.middleware import SignedInRequest
from diaban.web.plan_page import KINDS, level_text, often_text

CASCADE_SHOWN = 60


@require_http_methods(["GET", "POST"])
def publish(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Say what publishing will make, and publish."""
    plan = plan_open_to(request.actor, plan_id, PUBLISH_PLAN)
    error = ""
    if request.method == "POST":
        follows = request.POST.get("follows", "")
        how = request.POST.get("succession", "")
        try:
            done = publish_plan(
                actor=request.actor,
                plan_id=plan_id,
                follows_id=int(follows) if follows.isdigit() else None,
                succession=Succession(how) if how in set(Succession) else None,
                at=timezone.now(),
            )
        except DomainError as refusal:
            error = refusal.sentence
        else:
            messages.success(
                request,
                _("Đã công bố: %(duties)d nhiệm vụ, giao xuống %(shares)d phần việc.")
                % {"duties": done.duties, "shares": done.shares.made},
            )
            return redirect("web:programme", plan_id=plan_id)
    items = items_of(plan)
    waiting = [one for one in items if one.decision == Decision.WAITING]
    following = next_waiting(items, None)
    context = {
        "plan": plan,
        "error": error,
        "waiting": len(waiting),
        "next_url": f"{reverse('web:plan', args=[plan_id])}?item=item-{following.pk}"
        if following
        else "",
        "counts": [
            (
                name,
                sum(1 for one in items if one.kind == kind and one.decision in IN_PROGRAMME),
                sum(1 for one in items if one.kind == kind and one.decision == Decision.REJECTED),
            )
            for kind, name in KINDS.items()
        ],
        "earlier": earlier_plans(plan),
        "ways": list(SUCCESSION_NAMES.items()),
        "back_url": reverse("web:plan", args=[plan_id]),
    }
    return render(request, "web/plans/publish.html", context, status=422 if error else 200)


@require_GET
def programme(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Show what a published plan obliges whom to do."""
    plan = programme_visible_to(request.actor, plan_id)
    today = timezone.localdate()
    editable = may_in_plan(request.actor, plan, PUBLISH_PLAN)
    lines = lines_of(plan, today)
    cascade = cascade_of(plan)
    came = sum(1 for row in cascade if row.plan or row.done_on)
    groups = groups_of(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "state": STATE_NAMES[State(plan.state)],
        "facts": f"{plan.number or 'chưa có số'} · {plan.issuer or plan.area.full_name}",
        "lines": [_line(one) for one in lines],
        "targets": [
            {
                "section": one.section,
                "what": one.what,
                "level": level_text(
                    {
                        "comparator": one.comparator,
                        "value": f"{one.value.normalize():f}" if one.value is not None else "",
                        "unit": one.unit,
                        "baseline": one.baseline,
                    }
                ),
                "due": day_text(one.due),
                "indicator": one.indicator,
            }
            for one in plan.targets.order_by("pk")
        ],
        "phases": [
            {
                "name": phase.name,
                "start": phase.start,
                "end": phase.end,
                "now": _is_now(phase.start, phase.end, today),
                "groups": groups_in,
            }
            for phase, groups_in in phases_of(plan)
        ],
        "calendar": [
            {
                "what": one.what,
                "often": REPORTS.get(one.recurrence, ""),
                "due": day_text(one.due),
                "to": one.to,
                "via": one.via,
            }
            for one in plan.calendar.order_by("pk")
        ],
        "events": [{"name": one.name, "day": day_text(one.date)} for one in plan.events.all()],
        "budget": plan.budget.order_by("pk"),
        "cascade": [
            {
                "area": row.area.full_name,
                "due": row.due,
                "came": bool(row.plan or row.done_on),
                "late": row.due is not None and not (row.plan or row.done_on) and row.due < today,
                "url": reverse("web:plan", args=[row.plan.pk]) if row.plan else "",
            }
            for row in cascade[:CASCADE_SHOWN]
        ],
        "cascade_facts": f"{came}/{len(cascade)} đã gửi kế hoạch" if cascade else "",
        "cascade_more": max(0, len(cascade) - CASCADE_SHOWN),
        "groups": [
            {
                "name": group.name,
                "members": None
                if group.everyone
                else group.members.filter(valid_to__isnull=True).count(),
                "url": reverse("web:plan-group", args=[plan_id, group.pk])
                if editable and not group.everyone
                else "",
            }
            for group in groups
        ],
        "differences": [
            {
                "name": DIFFERENCE_NAMES[pair.difference],
                "difference": pair.difference.value,
                "old": pair.old,
                "new": pair.new,
            }
            for pair in differences(plan)
        ],
        "uppers": upper_plans(request.actor, plan) if editable and plan.upper_id is None else [],
        "back_url": reverse("web:plan", args=[plan_id]),
        "list_url": f"{reverse('web:duties')}?plan={plan_id}",
        "docx_url": reverse("web:programme-paper", args=[plan_id, "docx"]),
        "xlsx_url": reverse("web:programme-paper", args=[plan_id, "xlsx"]),
    }
    return render(request, "web/plans/programme.html", context)


@require_http_methods(["GET", "POST"])
def group(request: SignedInRequest, plan_id: int, group_id: int) -> HttpResponse:
    """List the areas that a group of the plan means."""
    plan = plan_open_to(request.actor, plan_id, PUBLISH_PLAN)
    if request.method == "POST":
        done = list_group(
            actor=request.actor,
            plan_id=plan_id,
            group_id=group_id,
            codes=request.POST.getlist("area"),
            at=timezone.now(),
        )
        messages.success(
            request,
            _("Đã lưu danh sách: %(made)d phần việc mới, %(moved)d đổi thời hạn, %(removed)d bỏ.")
            % {"made": done.made, "moved": done.moved, "removed": done.removed},
        )
        return redirect("web:programme", plan_id=plan_id)
    found = next((one for one in groups_of(plan) if one.pk == group_id), None)
    if found is None:
        return redirect("web:programme", plan_id=plan_id)
    today = timezone.localdate()
    members = set(members_on(found, today).values_list("pk", flat=True))
    areas = below(found.area, today, Level(found.level)).order_by("sort_key")
    context = {
        "plan": plan,
        "group": found,
        "areas": [(area, area.pk in members) for area in areas],
        "chosen": len(members),
        "back_url": reverse("web:programme", args=[plan_id]),
    }
    return render(request, "web/plans/group.html", context)


@require_http_methods(["POST"])
def link(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Say which plan of the level above this one carries out."""
    upper = request.POST.get("upper", "")
    link_plan(
        actor=request.actor,
        plan_id=plan_id,
        upper_id=int(upper) if upper.isdigit() else 0,
        at=timezone.now(),
    )
    messages.success(request, _("Đã gắn kế hoạch này với kế hoạch cấp trên."))
    return redirect("web:programme", plan_id=plan_id)


def _is_now(start: Any, end: Any, today: Any) -> bool:
    return (start is None or start <= today) and (end is None or today <= end)


def _line(one: Line) -> dict[str, Any]:
    duty = one.duty
    when = [date_line(date) for date in duty.dates]
    if duty.nature != Nature.DATED:
        words = NATURE_NAMES[Nature(duty.nature)]
        often = f", {often_text(duty.recurrence)}" if duty.recurrence else ""
        when.append(f"{words}{often}")
    return {
        "number": duty.number,
        "section": duty.section,
        "what": duty.what,
        "leads": [body.name for body in one.leads],
        "support": [body.name for body in one.support],
        "requested": duty.requested,
        "when": when,
        "done": f"{one.progress.done}/{one.progress.owed}" if duty.dates else "–",
        "overdue": one.progress.overdue,
        "frozen": duty.frozen_at is not None,
        "url": f"{reverse('web:duties')}?duty={duty.pk}",
    }
