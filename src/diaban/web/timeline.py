"""The dates of a year of duties as a line, and as its table."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_AREA
from diaban.plans import duty_lists
from diaban.plans.models import Share
from diaban.web.duty_filter import filter_from, query_of
from diaban.web.frames import home_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.navigation import area_url
from diaban.web.plan_page import short

ROW: Final = 30
HEAD: Final = 24
LEFT: Final = 420
WIDE: Final = 1_280


@require_GET
def timeline(request: SignedInRequest) -> HttpResponse:
    """Show the dates of a year as a line, or as its table."""
    actor, today = request.actor, timezone.localdate()
    wanted = filter_from(request.GET)
    start = _first_of_month(today, -2)
    end = _first_of_month(today, 10)
    found = duty_lists.listed(actor, wanted, today).filter(due_on__gte=start, due_on__lt=end)
    found = found.order_by("due_on", "duty__plan", "duty__number", "pk")
    rows = _timeline_rows(list(found[:2_000]), start, end, today)
    query = query_of(request.GET)
    context = {
        "facts": _("%(start)s đến %(end)s, %(n)d nhiệm vụ có thời hạn.")
        % {"start": f"{start:%m/%Y}", "end": f"{end - timedelta(days=1):%m/%Y}", "n": len(rows)},
        "months": _months(start, end),
        "rows": rows,
        "height": len(rows) * ROW + HEAD,
        "today": _x(today, start, end),
        "as_table": "table" in request.GET,
        "list_url": f"{reverse('web:duties')}?{query}",
        "line_url": f"{reverse('web:timeline')}?{query}",
        "table_url": f"{reverse('web:timeline')}?{query}&table=1",
        "area": home_frame(actor, SEE_AREA, partial(area_url, actor), "areas"),
    }
    return render(request, "web/duties/timeline.html", context)


def _first_of_month(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _x(day: date, start: date, end: date) -> str:
    share = (day - start).days / (end - start).days
    return f"{LEFT + share * (WIDE - LEFT - 10):.1f}"


def _months(start: date, end: date) -> list[dict[str, str]]:
    months = []
    at = start
    while at < end:
        months.append({"x": _x(at, start, end), "label": f"T{at.month}/{at:%y}"})
        at = _first_of_month(at, 1)
    return months


def _line_title(text: str) -> str:
    text = short(text)
    return text if len(text) <= 56 else text[:56].rsplit(" ", 1)[0] + "…"


def _timeline_rows(
    shares: Sequence[Share], start: date, end: date, today: date
) -> list[dict[str, Any]]:
    """Return one row for each duty, with a mark for each day on which anything of it is due."""
    by_duty: dict[int, list[Share]] = {}
    for share in shares:
        by_duty.setdefault(share.duty_id, []).append(share)
    rows = []
    for number, (duty_id, part) in enumerate(by_duty.items()):
        marks = []
        part.sort(key=lambda share: share.due_on or today)
        for due, on_day in groupby(part, key=lambda share: share.due_on or today):
            bodies = list(on_day)
            open_ones = [one for one in bodies if one.done_on is None]
            status = "done" if not open_ones else "late" if due < today else "open"
            done = len(bodies) - len(open_ones)
            who = (
                bodies[0].agency.name
                if len(bodies) == 1
                else ngettext("%(n)s cơ quan", "%(n)s cơ quan", len(bodies)) % {"n": len(bodies)}
            )
            marks.append(
                {
                    "x": _x(due, start, end),
                    "day": due,
                    "status": status,
                    "word": {"done": _("đã xong"), "late": _("quá hạn"), "open": _("chưa đến hạn")}[
                        status
                    ],
                    "facts": _("%(done)s/%(all)s xong") % {"done": done, "all": len(bodies)}
                    if len(bodies) > 1
                    else "",
                    "agency": who,
                }
            )
        rows.append(
            {
                "y": HEAD + number * ROW + ROW // 2,
                "top": HEAD + number * ROW,
                "title": _line_title(part[0].duty.what),
                "full": part[0].duty.what,
                "url": f"{reverse('web:duties')}?duty={duty_id}",
                "marks": marks,
            }
        )
    return rows
