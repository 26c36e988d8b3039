"""The totals of an area in both views, with the bridge between the map of then and of now."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.core.numbers import write_number
from diaban.core.periods import PeriodKind, is_administrative, parse_label, period_of
from diaban.indicators.rules.catalogue import whole_of
from diaban.indicators.rules.small_counts import KEPT_BACK
from diaban.indicators.rules.views import View
from diaban.indicators.selectors import Sum
from diaban.indicators.viewed import Viewed, both_views, totals_in_view
from diaban.reports.totals_table import (
    COMING_NAMES,
    file_name,
    share_text,
    totals_csv,
    totals_xlsx,
)
from diaban.web.entry_words import indicator_name, unit_of
from diaban.web.frames import area_frame, period_name, reporting_frame
from diaban.web.middleware import SignedInRequest

BRIDGE_SHOWN = 200
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def shown(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show each indicator as reported then and on today's map, side by side."""
    actor, today = request.actor, timezone.localdate()
    if not is_administrative(label) or parse_label(label).kind is not PeriodKind.MONTH:
        return _as_reported(request, code, label)
    now, then, span = both_views(actor, code, label, today=today)
    context = {
        "title": now.name,
        "now": now,
        "then": then,
        "rows": [
            {
                "name": indicator_name(key),
                "then": _shown(then, key) if then else "–",
                "now": _shown(now, key),
                "estimated": key in now.estimated,
                "same": then is not None and then.values[key].total == one.total,
            }
            for key, one in now.values.items()
        ],
        "bridge": [
            {
                "name": one.name,
                "code": one.code,
                "coming": COMING_NAMES[one.coming],
                "share": share_text(one.share),
                "reported": one.reported,
            }
            for one in now.bridge[:BRIDGE_SHOWN]
        ],
        "more": max(len(now.bridge) - BRIDGE_SHOWN, 0),
        "apart": [one.name for one in now.apart],
        "area": area_frame(
            actor, now.area, span, SEE_RETURN,
            lambda other: reverse("web:views", args=[other, label]), "returns",
        ),
        "period": reporting_frame(
            now.period,
            period_of(today, PeriodKind.MONTH),
            lambda other: reverse("web:views", args=[code, other]),
        ),
    }  # fmt: skip
    return render(request, "web/returns/views.html", context)


def _as_reported(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show a campaign or several months: as reported only, they are not carried to another map."""
    actor, today = request.actor, timezone.localdate()
    found = totals_in_view(actor, code, label, View.AS_REPORTED, today=today)
    area, span = area_visible_to(actor, code, SEE_RETURN)
    campaign = found.period.kind is PeriodKind.OTHER
    context = {
        "title": f"{period_name(found.period)}: {found.name}",
        "campaign": campaign,
        "found": found,
        "rows": [
            {
                "name": indicator_name(key),
                "unit": unit_of(key),
                "part": bool(whole_of(key)),
                "total": KEPT_BACK if key in found.withheld else _written(one),
                "reporting": one.reporting,
            }
            for key, one in found.values.items()
        ],
        "proof_url": reverse("web:proof", args=[code, label]),
        "back_url": reverse("web:campaigns")
        if campaign
        else reverse("web:completeness", args=[code, label]),
        "area": area_frame(
            actor, area, span, SEE_RETURN,
            lambda other: reverse("web:views", args=[other, label]), "returns",
        ),
        "period": reporting_frame(
            found.period,
            period_of(today, PeriodKind.MONTH),
            lambda other: reverse("web:views", args=[code, other]),
        ),
    }  # fmt: skip
    return render(request, "web/returns/campaign_totals.html", context)


@require_GET
def table(request: SignedInRequest, code: str, label: str, kind: str) -> HttpResponse:
    """Return the totals in one view as a file that says which."""
    view = View.TODAY if request.GET.get("view") == View.TODAY else View.AS_REPORTED
    found = totals_in_view(request.actor, code, label, view, today=timezone.localdate())
    data = totals_xlsx(found) if kind == "xlsx" else totals_csv(found).encode("utf-8-sig")
    answer = HttpResponse(data, content_type=_XLSX if kind == "xlsx" else "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(found, kind)}"'
    return answer


def _shown(found: Viewed, key: str) -> str:
    return KEPT_BACK if key in found.withheld else _written(found.values[key])


def _written(one: Sum) -> str:
    return "–" if one.total is None else write_number(one.total)
