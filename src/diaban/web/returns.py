"""Entering a return, and who has sent theirs."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.accounts.rules import APPROVE_RETURN, EDIT_RETURN, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.core.access import may
from diaban.core.periods import Period, PeriodKind, period_of, previous
from diaban.indicators import services
from diaban.indicators.models import Return
from diaban.indicators.rules.returns import COUNTED, STATE_NAMES, State, due_on
from diaban.indicators.selectors import (
    MONTHLY,
    communes_under,
    form_for,
    hamlets_answered,
    last_closed,
    read_period,
    returns_visible_to,
)
from diaban.web.entry import EntryPage, typed_in
from diaban.web.frames import area_frame, as_of, period_frame
from diaban.web.middleware import SignedInRequest

PAGE_SIZE = 50
MONTHS_SHOWN = 6
SIGNS = {
    State.DRAFT: "drafting",
    State.RETURNED: "returned",
    State.SUBMITTED: "sent",
    State.APPROVED: "approved",
    State.LOCKED: "approved",
}


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the newest closed month: a commune's own form, or the list of an area above."""
    area, _span = area_visible_to(request.actor, code, SEE_RETURN)
    label = last_closed(timezone.localdate()).label
    if area.level == Level.COMMUNE:
        return redirect("web:return", code=code, label=label)
    return redirect("web:completeness", code=code, label=label)


@require_GET
def completeness(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show which communes of an area have sent their returns, over half a year."""
    actor, today = request.actor, timezone.localdate()
    area, span = area_visible_to(actor, code, SEE_RETURN)
    period = read_period(label)
    periods = [period]
    while len(periods) < MONTHS_SHOWN:
        periods.insert(0, previous(periods[0]))
    stored = {
        (one.area_id, one.period): one
        for one in returns_visible_to(actor)
        .filter(period__in=[one.label for one in periods], form=MONTHLY)
        .defer("unread")
    }
    due = due_on(period.end, form_for(MONTHLY, period).due_days)
    rows = [
        _row(commune, periods, stored, due, today)
        for commune in communes_under(actor, span, period.end)
    ]
    counts = Counter(row["group"] for row in rows)
    waiting = sum(row["waiting"] for row in rows) if may(actor, APPROVE_RETURN, span) else 0
    wanted = request.GET.get("state", "")
    page = Paginator([r for r in rows if not wanted or r["group"] == wanted], PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    url = reverse("web:completeness", args=[code, label])
    names = {"late": _("Chưa gửi"), "back": _("Bị trả lại"), "sent": _("Đã gửi")}
    context = {
        "title": f"Tiến độ báo cáo {period.title.lower()}",
        "facts": f"{counts['sent']}/{len(rows)} xã, phường đã gửi · hạn {due:%d/%m/%Y}",
        "progress": {"done": counts["sent"], "all": len(rows)},
        "proof_url": reverse("web:proof", args=[code, label]),
        "approve": {
            "url": reverse("web:approve-all", args=[code, label]),
            "label": ngettext("Duyệt %(n)d biểu đã gửi", "Duyệt %(n)d biểu đã gửi", waiting)
            % {"n": waiting},
        }
        if waiting
        else None,
        "filters": [
            {"label": _("Tất cả"), "count": len(rows), "url": url, "current": not wanted},
            *(
                {
                    "label": name,
                    "count": counts[key],
                    "url": f"{url}?state={key}",
                    "current": wanted == key,
                }
                for key, name in names.items()
            ),
        ],
        "periods": [
            {"label": f"T{one.end.month}", "title": one.title, "current": one == period}
            for one in periods
        ],
        "rows": page.object_list,
        "page_obj": page,
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:returns", args=[c]), "returns"
        ),
        "period": period_frame(
            period,
            period_of(today, PeriodKind.MONTH),
            lambda one: reverse("web:completeness", args=[code, one]),
        ),
        "as_of": as_of([one.saved_at for one in stored.values()]),
    }
    return render(request, "web/returns/list.html", context)


def _row(
    commune: Area,
    periods: Sequence[Period],
    stored: dict[tuple[int, str], Return],
    due: date,
    today: date,
) -> dict[str, Any]:
    newest = stored.get((commune.pk, periods[-1].label))
    state = State(newest.state) if newest else None
    answered, hamlets = hamlets_answered(newest) if newest else (0, 0)
    sent = state in COUNTED
    url = reverse("web:return", args=[commune.code, periods[-1].label])
    return {
        "name": commune.full_name,
        "url": url,
        "group": "back" if state is State.RETURNED else "sent" if sent else "late",
        "waiting": state is State.SUBMITTED,
        "progress": f"{answered}/{hamlets} thôn" if newest else "chưa mở biểu",
        "cells": [
            _cell(commune, one, stored.get((commune.pk, one.label)), today) for one in periods
        ],
        "late": "" if sent or today <= due else f"quá {(today - due).days} ngày",
        "act": {"label": _("Mở"), "url": url, "post": False},
    }


def _cell(commune: Area, period: Period, stored: Return | None, today: date) -> dict[str, str]:
    if commune.valid_from > period.end:
        return {"state": "none", "state_label": "chưa có xã này", "note": "", "url": ""}
    if stored is not None:
        state = State(stored.state)
        sign, word = SIGNS[state], STATE_NAMES[state]
    else:
        over = today > period.end
        sign, word = ("late", "Chưa gửi") if over else ("future", "Chưa đến kỳ")
    url = reverse("web:return", args=[commune.code, period.label])
    return {"state": sign, "state_label": f"{period.title}: {word}", "note": "", "url": url}


@require_http_methods(["GET", "POST"])
def entry(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show a return; keep or send what was typed."""
    actor = request.actor
    area, span = area_visible_to(actor, code, SEE_RETURN)
    period = read_period(label)
    if area.level != Level.COMMUNE:
        return redirect("web:completeness", code=code, label=label)
    page = EntryPage(actor, area, span, period, may(actor, EDIT_RETURN, span))
    if request.method == "POST":
        return _posted(request, page, request.POST.get("act", "save"))
    imported = request.GET.get("imported", "")
    page.imported = int(imported) if imported.isdigit() and len(imported) < 6 else None
    return render(request, "web/returns/entry.html", page.context(_flash(request, page)))


def _flash(request: HttpRequest, page: EntryPage) -> str:
    """Return the sentence for the moment after sending; the address carries only a receipt."""
    receipt = request.GET.get("receipt", "")
    return receipt if page.stored and receipt == page.stored.receipt else ""


def _posted(request: SignedInRequest, page: EntryPage, wanted: str) -> HttpResponse:
    revision = request.POST.get("revision", "0")
    try:
        saved = services.save_return(
            actor=request.actor,
            area_code=page.area.code,
            period_label=page.period.label,
            form=MONTHLY,
            typed=typed_in(request.POST),
            revision=int(revision) if revision.isdigit() else 0,
            # A page saves itself many times, each under a key of its own: what is sent again
            # because the answer was lost is told from what somebody else saved.
            client_key=request.POST.get("save_key" if wanted == "autosave" else "client_key", "")[
                :64
            ],
            at=timezone.now(),
            submit=wanted == "submit",
        )
    except (services.ChangedMeanwhile, services.MoveNotOpen, services.PeriodNotOver) as refusal:
        # Nothing that was typed is lost: the page comes back with every cell as it was left.
        opened_at = int(revision) if revision.isdigit() else 0
        page.refused(
            refusal.sentence,
            typed_in(request.POST),
            opened_at,
            changed=isinstance(refusal, services.ChangedMeanwhile),
        )
        if wanted == "autosave":
            # 200, because the page puts in only answers of success, and this must be seen.
            return render(request, "web/returns/entry_saved.html", page.context(""))
        return render(request, "web/returns/entry.html", page.context(""), status=409)
    page.stored = saved.stored
    if wanted == "autosave":
        return render(request, "web/returns/entry_saved.html", page.context(""))
    if saved.submitted:
        url = reverse("web:return", args=[page.area.code, page.period.label])
        return redirect(f"{url}?receipt={saved.stored.receipt}")
    if wanted == "submit" and (saved.faults or saved.unexplained):
        page.show_errors()
        return render(request, "web/returns/entry.html", page.context(""), status=422)
    return redirect("web:return", code=page.area.code, label=page.period.label)


@require_POST
def autosave(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Keep what was typed so far; answers with the saved state and the checks."""
    actor = request.actor
    area, span = area_visible_to(actor, code, SEE_RETURN)
    page = EntryPage(actor, area, span, read_period(label), may(actor, EDIT_RETURN, span))
    return _posted(request, page, "autosave")
