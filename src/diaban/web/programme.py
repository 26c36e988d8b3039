"""The programme of a published plan, one part at a time: duties, calendar, roadmap, targets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from diaban.accounts.rules import PUBLISH_PLAN, REMIND_DUTY, RUN_CAMPAIGN
from diaban.areas.models import AreaGroup
from diaban.core.access import Actor, scopes
from diaban.indicators.campaigns import opened_for
from diaban.plans.handovers import bodies_to_choose
from diaban.plans.models import Plan
from diaban.plans.programme import (
    Line,
    calendar_of,
    cascade_of,
    lines_of,
    programme_visible_to,
    roadmap_of,
    upper_plans,
)
from diaban.plans.publishing import differences, groups_with_size
from diaban.plans.rules.differences import DIFFERENCE_NAMES
from diaban.plans.rules.items import Kind
from diaban.plans.rules.states import STATE_NAMES, SUCCESSION_NAMES, State, Succession
from diaban.plans.selectors import may_in_plan
from diaban.plans.targets import progress_of
from diaban.web import programme_rows as rows
from diaban.web.campaigns import origin_of
from diaban.web.middleware import SignedInRequest

CASCADE_STATES: Final = {
    "": gettext_lazy("mọi địa bàn"),
    "late": gettext_lazy("quá hạn"),
    "owed": gettext_lazy("chưa gửi"),
    "came": gettext_lazy("đã gửi"),
}


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a part of the page is made for."""

    actor: Actor
    plan: Plan
    today: date
    editable: bool
    state: str
    groups: list[tuple[AreaGroup, int]]
    lines: list[Line]


@require_GET
def programme(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Show a part of what a published plan obliges whom to do."""
    plan = programme_visible_to(request.actor, plan_id)
    part = request.GET.get("part", "")
    if part not in PARTS:
        part = "duties"
    editable = may_in_plan(request.actor, plan, PUBLISH_PLAN)
    today = timezone.localdate()
    lines = lines_of(plan, today) if part == "duties" else []
    groups: list[tuple[AreaGroup, int]] = []
    if part in ("duties", "roadmap"):
        groups = groups_with_size(plan, [one.duty.dates for one in lines] if lines else None)
    asked = _Asked(
        request.actor, plan, today, editable, request.GET.get("state", ""), groups, lines
    )
    url = reverse("web:programme", args=[plan_id])
    counts = _counts(plan)
    context: dict[str, Any] = {
        "plan": plan,
        "part": part,
        "part_template": f"web/plans/programme/{part}.html",
        "tabs": [
            {
                "label": name,
                "count": counts[key],
                "url": f"{url}?part={key}",
                "current": key == part,
            }
            for key, name in PARTS.items()
            if counts[key] or key in (part, "duties", "roadmap")
        ],
        "how": _(SUCCESSION_NAMES[Succession(plan.succession)]) if plan.follows_id else "",
        "state": _(STATE_NAMES[State(plan.state)]),
        "facts": f"{plan.number or _('chưa ghi số')} · {plan.issuer or plan.area.full_name}",
        "to_list": [
            {"name": group.name, "url": reverse("web:plan-group", args=[plan_id, group.pk])}
            for group, size in asked.groups
            if editable and not group.everyone and not size
        ],
        "to_choose": [
            {"name": body.name, "count": count, "url": reverse("web:agency", args=[body.pk])}
            for body, count in bodies_to_choose(plan, asked.today)
        ]
        if part == "duties" and editable
        else [],
        "uppers": upper_plans(request.actor, plan)
        if part == "duties" and editable and plan.upper_id is None
        else [],
        "back_url": reverse("web:plan", args=[plan_id]),
        "list_url": f"{reverse('web:duties')}?plan={plan_id}",
        "docx_url": reverse("web:programme-paper", args=[plan_id, "docx"]),
        "xlsx_url": reverse("web:programme-paper", args=[plan_id, "xlsx"]),
        **_MADE[part](asked),
    }
    return render(request, "web/plans/programme.html", context)


def _counts(plan: Plan) -> dict[str, int]:
    """Return how many rows each part has. One query."""
    found = (
        Plan.objects.filter(pk=plan.pk)
        .annotate(
            n_duties=Count("duties", filter=Q(duties__kind=Kind.DUTY), distinct=True),
            n_calendar=Count("calendar", distinct=True),
            n_events=Count("events", distinct=True),
            n_phases=Count("phases", distinct=True),
            n_targets=Count("targets", distinct=True),
            n_budget=Count("budget", distinct=True),
            n_cascade=Count("duties", filter=Q(duties__cascades=True), distinct=True),
        )
        .values(
            "n_duties", "n_calendar", "n_events", "n_phases", "n_targets", "n_budget", "n_cascade"
        )
        .get()
    )
    return {
        "duties": found["n_duties"],
        "calendar": found["n_calendar"] + found["n_events"],
        "roadmap": found["n_phases"],
        "targets": found["n_targets"],
        "budget": found["n_budget"],
        "cascade": found["n_cascade"],
        "differences": 1 if plan.follows_id else 0,
    }


def _duties(asked: _Asked) -> dict[str, Any]:
    return {"lines": [rows.line(one) for one in asked.lines]}


def _calendar(asked: _Asked) -> dict[str, Any]:
    reports, events = calendar_of(asked.plan, asked.today)
    return {
        "calendar": [rows.report(entry, dated) for entry, dated in reports],
        "events": [rows.event(event, dated) for event, dated in events],
    }


def _roadmap(asked: _Asked) -> dict[str, Any]:
    group_url = _group_url(asked)
    opens = bool(scopes(asked.actor, RUN_CAMPAIGN))
    stages = list(roadmap_of(asked.plan, asked.today))
    opened = opened_for(asked.actor, [origin_of(one.phase) for one in stages])
    return {
        "stages": [
            rows.stage(
                one,
                asked.today,
                group_url,
                opens=opens,
                opened=opened.get(origin_of(one.phase), ()),
            )
            for one in stages
        ],
        "groups": [
            {
                "name": group.name,
                "count": None if group.everyone else size,
                "url": "" if group.everyone else group_url(group.pk),
            }
            for group, size in asked.groups
        ],
    }


def _group_url(asked: _Asked) -> Callable[[int], str]:
    if not asked.editable:
        return lambda _pk: ""
    return lambda pk: reverse("web:plan-group", args=[asked.plan.pk, pk])


def _targets(asked: _Asked) -> dict[str, Any]:
    def tie_url(pk: int) -> str:
        return reverse("web:tie-target", args=[asked.plan.pk, pk]) if asked.editable else ""

    found = progress_of(asked.actor, asked.plan, asked.today)
    return {"targets": [rows.target(one, tie_url(one.target.pk)) for one in found]}


def _budget(asked: _Asked) -> dict[str, Any]:
    url = reverse("web:plan", args=[asked.plan.pk])
    return {
        "budget": [
            {
                "section": one.section,
                "what": one.what,
                "sources": one.sources,
                "url": f"{url}?item=item-{one.item_id}",
            }
            for one in asked.plan.budget.order_by("pk")
        ]
    }


def _cascade(asked: _Asked) -> dict[str, Any]:
    found = [rows.received(one, asked.today) for one in cascade_of(asked.plan, asked.today)]
    came = sum(1 for row in found if row["came"])
    shown = {
        "late": [row for row in found if row["late"]],
        "owed": [row for row in found if not row["came"]],
        "came": [row for row in found if row["came"]],
    }.get(asked.state, found)
    late = sum(1 for row in found if row["late"])
    url = f"{reverse('web:programme', args=[asked.plan.pk])}?part=cascade"
    return {
        "cascade": shown,
        "cascade_facts": _("%(came)d/%(owed)d đã gửi kế hoạch")
        % {"came": came, "owed": len(found)},
        "cascade_chips": [
            {"label": name, "url": f"{url}&state={key}" if key else url,
             "current": key == asked.state}
            for key, name in CASCADE_STATES.items()
        ],
        "cascade_late": late,
        "reminds": late and bool(scopes(asked.actor, REMIND_DUTY)) and asked.editable,
        "remind_query": f"plan={asked.plan.pk}&cascade=1&status=overdue",
    }  # fmt: skip


def _differences(asked: _Asked) -> dict[str, Any]:
    return {
        "differences": [
            {
                "name": _(DIFFERENCE_NAMES[pair.difference]),
                "difference": pair.difference.value,
                "old": rows.compared(pair.old, pair.new),
                "new": rows.compared(pair.new, pair.old),
            }
            for pair in differences(asked.plan)
        ]
    }


PARTS: Final = {
    "duties": gettext_lazy("Nhiệm vụ"),
    "calendar": gettext_lazy("Lịch báo cáo, sự kiện"),
    "roadmap": gettext_lazy("Giai đoạn, lộ trình"),
    "targets": gettext_lazy("Chỉ tiêu"),
    "budget": gettext_lazy("Kinh phí"),
    "cascade": gettext_lazy("Kế hoạch cấp dưới"),
    "differences": gettext_lazy("Khác kế hoạch trước"),
}
_MADE: Final[dict[str, Callable[[_Asked], dict[str, Any]]]] = {
    "duties": _duties,
    "calendar": _calendar,
    "roadmap": _roadmap,
    "targets": _targets,
    "budget": _budget,
    "cascade": _cascade,
    "differences": _differences,
}
