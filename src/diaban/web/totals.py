"""The totals of an area in either view, with the bridge between them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.areas.rules.shares import Coming
from diaban.core.access import Actor
from diaban.core.numbers import write_number
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.small_counts import SHOWN, hidden
from diaban.indicators.rules.views import VIEW_NAMES, View
from diaban.indicators.selectors import last_closed, read_period
from diaban.indicators.viewed import Source, Viewed, totals_in_view
from diaban.reports.programme import XLSX_TYPE
from diaban.reports.totals_table import totals_csv, totals_xlsx
from diaban.web.areas import unit_url
from diaban.web.frames import area_frame, period_frame
from diaban.web.middleware import SignedInRequest


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the totals of the newest closed month."""
    return shown(request, code, last_closed(timezone.localdate()).label)


@require_GET
def shown(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show every total of an area in a period, as reported then or on today's map."""
    actor, today = request.actor, timezone.localdate()
    area, span = area_visible_to(actor, code, SEE_RETURN)
    view = View.TODAY if request.GET.get("view") == View.TODAY.value else View.AS_REPORTED
    found = totals_in_view(actor, code, label, view, today=today)
    exact = _tells_all(actor, area)
    kind = request.GET.get("as", "")
    if kind in ("csv", "xlsx") and exact:
        return _file(found, kind)
    url = reverse("web:totals-of", args=[code, label])
    period = read_period(label)
    context = {
        "title": _("Tổng hợp %(area)s") % {"area": found.name},
        "bar_title": found.name,
        "facts": _("%(period)s · %(reporting)s/%(expected)s xã có báo cáo được tính")
        % {
            "period": period.title,
            "reporting": write_number(found.reporting),
            "expected": write_number(found.expected),
        },
        "view_name": VIEW_NAMES[view],
        "map_day": found.map_day,
        "views": [
            {"label": VIEW_NAMES[one], "url": f"{url}?view={one.value}", "current": one is view}
            for one in View
        ],
        "rows": _rows(found, exact=exact),
        "bridge": [_bridge(one, found) for one in found.bridge],
        "apart": len(found.apart),
        "files": [
            {"label": kind.upper(), "url": f"{url}?view={view.value}&as={kind}"}
            for kind in ("xlsx", "csv")
        ]
        if exact
        else [],
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:totals", args=[c]), "totals"
        ),
        "period": period_frame(
            period,
            last_closed(today),
            lambda one: f"{reverse('web:totals-of', args=[code, one])}?view={view.value}",
        ),
    }
    return render(request, "web/totals.html", context)


def _tells_all(actor: Actor, area: Area) -> bool:
    """A commune's small counts are told to the commune; totals above it are sums of many."""
    return area.level != Level.COMMUNE or any(one.area_id == area.pk for one in actor.grants)


def _rows(found: Viewed, *, exact: bool) -> list[dict[str, Any]]:
    catalogue = builtin_catalogue()
    return [
        {
            "name": catalogue[code].name_vi,
            "unit": catalogue[code].unit_vi,
            "total": None
            if one.total is None
            else SHOWN
            if not exact and hidden(one.total, catalogue[code].unit)
            else write_number(one.total),
            "reporting": one.reporting,
            "estimated": code in found.estimated,
        }
        for code, one in found.values.items()
    ]


def _bridge(one: Source, found: Viewed) -> dict[str, Any]:
    names = {
        Coming.WHOLE: _("toàn bộ"),
        Coming.SHARED: _("một phần, ước tính theo tỷ lệ"),
        Coming.APART: _("một phần, chưa có tỷ lệ: không tính vào tổng"),
    }
    return {
        "code": one.code,
        "name": one.name,
        "url": unit_url(one.code, found.period.end),
        "how": names[one.coming],
        "share": "" if one.share is None else f"{one.share:.1%}".replace(".", ","),
        "reported": one.reported,
        "whole": one.coming is Coming.WHOLE,
    }


def _file(found: Viewed, kind: str) -> HttpResponse:
    name = f"tong-hop-{found.area.code}-{found.period.label}-{found.view.value}.{kind}"
    # With a mark at the beginning: else Excel reads Vietnamese as Windows-1252.
    data = totals_xlsx(found) if kind == "xlsx" else totals_csv(found).encode("utf-8-sig")
    return HttpResponse(
        data,
        content_type=XLSX_TYPE if kind == "xlsx" else "text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
