"""Campaigns: what is asked beside the months, opened and closed by the standing office."""

import uuid
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.accounts.rules import RUN_CAMPAIGN, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Missing, scopes
from diaban.indicators.campaigns import (
    BadCampaign,
    Wanted,
    campaign_forms,
    campaigns_for,
    open_campaign,
    sent_by_label,
    set_closed,
)
from diaban.indicators.models import Campaign, FormVersion
from diaban.indicators.rules.returns import due_on
from diaban.plans.models import Phase
from diaban.plans.programme import phase_visible_to
from diaban.web.middleware import SignedInRequest
from diaban.web.navigation import home_code
from diaban.web.typed_days import typed_day

PAGE_SIZE: Final = 25


@require_GET
def listed(request: SignedInRequest) -> HttpResponse:
    """Show the campaigns that concern this person, the newest first."""
    actor, today = request.actor, timezone.localdate()
    _require_reader(actor)
    page = Paginator(campaigns_for(actor), PAGE_SIZE).get_page(request.GET.get("page"))
    found = list(page.object_list)
    forms = {one.code: one for one in campaign_forms()}
    sent = sent_by_label(actor, [one.label for one in found])
    own = {grant.area_id for grant in actor.grants} if scopes(actor, RUN_CAMPAIGN) else set()
    context = {
        "rows": [
            _row(one, forms.get(one.form), sent.get(one.label, 0), actor, today, one.area_id in own)
            for one in found
        ],
        "page_obj": page,
        "add_url": reverse("web:open-campaign") if scopes(actor, RUN_CAMPAIGN) else "",
    }
    return render(request, "web/returns/campaigns.html", context)


def _row(
    one: Campaign,
    form: FormVersion | None,
    sent: int,
    actor: Actor,
    today: date,
    own: bool,
) -> dict[str, Any]:
    home = home_code(actor)
    due = due_on(one.end, form.due_days) if form else None
    commune = level_of_code(home) is Level.COMMUNE
    page = "web:return" if commune else "web:completeness"
    if one.closed_at:
        state, sign = _("đã khép"), "met"
    elif today < one.start:
        state, sign = _("chưa bắt đầu"), "missing"
    elif today <= one.end:
        state, sign = _("đang diễn ra"), "waiting"
    elif due is not None and today > due:
        state, sign = _("đã hết hạn gửi"), "waiting"
    else:
        state, sign = _("đang thu số liệu"), "waiting"
    return {
        "name": one.name,
        "label": one.label,
        "url": reverse(page, args=[home, one.label]),
        "act": _("Mở biểu") if commune else _("Tiến độ"),
        "totals_url": reverse("web:views", args=[home, one.label]),
        "start": one.start,
        "end": one.end,
        "due": due,
        "area": one.area.full_name,
        "form": form.name if form else one.form,
        "basis": one.basis,
        "sent": sent,
        "state": state,
        "sign": sign,
        "closed": bool(one.closed_at),
        "close_url": reverse("web:close-campaign", args=[one.label]) if own else "",
    }


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Open a campaign for one's own area and all below it."""
    actor, today = request.actor, timezone.localdate()
    _require_reader(actor)
    if not scopes(actor, RUN_CAMPAIGN):
        raise Missing("Không tìm thấy trang này trong phạm vi của tài khoản.")
    area, _span = area_visible_to(actor, home_code(actor), SEE_RETURN)
    forms = campaign_forms()
    fields = ("name", "start", "end", "form", "basis")
    typed = {field: request.POST.get(field, "") for field in fields}
    phase = _phase(actor, request.POST.get("phase") or request.GET.get("phase", ""))
    if request.method == "GET" and phase is not None:
        typed |= _as_planned(phase)
    errors: dict[str, str] = {}
    summary = ""
    key = request.POST.get("client_key", "")[:64] or uuid.uuid4().hex
    if request.method == "POST":
        days = {field: _day(typed[field], today) for field in ("start", "end")}
        try:
            made = open_campaign(
                actor=actor,
                area_code=area.code,
                wanted=Wanted(
                    typed["name"],
                    days["start"],
                    days["end"],
                    typed["form"],
                    typed["basis"],
                    origin_of(phase) if phase is not None else "",
                ),
                client_key=key,
                at=timezone.now(),
            )
        except BadCampaign as refusal:
            errors = refusal.facts["fields"]
            summary = "" if errors else refusal.sentence
        else:
            messages.success(request, _("Đã mở đợt “%(name)s”.") % {"name": made.name})
            return redirect("web:campaigns")
    context = {
        "area_name": area.full_name,
        "typed": typed,
        "wrong": errors,
        "errors": [{"text": text, "href": f"#{field}"} for field, text in errors.items()]
        + ([{"text": summary, "href": "#name"}] if summary else []),
        "forms": [(one.code, one.name) for one in forms],
        "client_key": key,
        "phase": phase,
    }
    status = 422 if context["errors"] else 200
    return render(request, "web/returns/campaign_open.html", context, status=status)


def origin_of(phase: Phase) -> str:
    """Return how a campaign names the phase that it was opened for."""
    return f"phase:{phase.pk}"


def _phase(actor: Actor, text: str) -> Phase | None:
    """Return the phase that a campaign is opened for, None where it is for none."""
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    return phase_visible_to(actor, number)


def _as_planned(found: Phase) -> dict[str, str]:
    """Return what a phase of a plan says of its campaign; whoever opens it may change all."""
    days = {"start": found.start, "end": found.end}
    plan = found.plan
    # Kept with the campaign, so it is in the language of the plan.
    by = f" của {plan.issuer}" if plan.issuer else ""
    return {
        "name": found.name[:200],
        "basis": (f"Kế hoạch {plan.number}{by}" if plan.number else plan.title)[:300],
        **{field: f"{day:%d/%m/%Y}" for field, day in days.items() if day is not None},
    }


def _day(text: str, today: date) -> date | None:
    """Return a typed day; today, which a typed day leaves out, as well."""
    found = typed_day(text, today)
    if found.error or not text.strip():
        return None
    return found.value or today


@require_POST
def close(request: SignedInRequest, label: str) -> HttpResponse:
    """Close a campaign, or open it again."""
    closed = request.POST.get("act", "close") != "reopen"
    found = set_closed(actor=request.actor, label=label, closed=closed, at=timezone.now())
    said = _("Đã khép đợt “%(name)s”.") if closed else _("Đã mở lại đợt “%(name)s”.")
    messages.success(request, said % {"name": found.name})
    return redirect("web:campaigns")


def _require_reader(actor: Actor) -> None:
    if not scopes(actor, SEE_RETURN):
        raise Missing("Không tìm thấy trang này trong phạm vi của tài khoản.")
