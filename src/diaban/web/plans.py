"""Plans: the list, handing one in, and the document beside what was read in it."""

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import ADD_PLAN, SEE_AREA
from diaban.core.access import scopes
from diaban.core.errors import DomainError
from diaban.plans.models import Plan
from diaban.plans.rules import STATE_NAMES, State
from diaban.plans.selectors import plan_visible_to, plans_visible_to
from diaban.plans.services import add_plan
from diaban.web.frames import as_of, home_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.navigation import home_code
from diaban.web.plan_page import KINDS, Item, blocks_of, day_text, items_of

PAGE_SIZE: Final = 25
# The longest plan seen has 50 pages; a scan without text would be refused anyway.
LARGEST_FILE: Final = 25 * 1024 * 1024
WARNINGS_SHOWN: Final = 8


@require_GET
def listed(request: SignedInRequest) -> HttpResponse:
    """Show the plans that oblige this person's area, newest first."""
    found = plans_visible_to(request.actor)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "facts": ngettext("%(n)d kế hoạch.", "%(n)d kế hoạch.", page.paginator.count)
        % {"n": page.paginator.count},
        "upload_url": reverse("web:add-plan") if scopes(request.actor, ADD_PLAN) else "",
        "plans": [_row(plan) for plan in page.object_list],
        "page_obj": page,
    }
    return render(request, "web/plans/list.html", context)


def _row(plan: Plan) -> dict[str, Any]:
    period = plan.reading["metadata"]["period"] or {}
    days = [day_text(period[end]) for end in ("start", "end") if period.get(end)]
    total = sum(len(one["tasks"]) for one in plan.reading["assignments"])
    return {
        "title": plan.title,
        "url": reverse("web:plan", args=[plan.pk]),
        "number": plan.number or "chưa có số",
        "issuer": plan.issuer or plan.area.full_name,
        "signed_on": None,
        "span": "–".join(days),
        "state": "met" if plan.state == State.PUBLISHED else "waiting",
        "state_label": STATE_NAMES[State(plan.state)],
        "confirmed": 0,
        "total": total,
        "warnings": len(plan.reading["warnings"]),
        "received": "",
    }


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Take a document in, read it, and open what was found."""
    if not scopes(request.actor, ADD_PLAN):
        return redirect("web:plans")
    error = ""
    if request.method == "POST":
        given = request.FILES.get("document")
        if given is None:
            error = _("Chưa chọn tệp. Chọn tệp .docx, .pdf hoặc .txt của kế hoạch đã ký.")
        elif (given.size or 0) > LARGEST_FILE:
            error = _("Tệp quá lớn (trên 25 MB). Hãy đưa bản văn bản, không đưa bản chụp.")
        else:
            try:
                plans = add_plan(
                    actor=request.actor,
                    area_code=home_code(request.actor),
                    name=given.name or "",
                    data=given.read(),
                    at=timezone.now(),
                )
            except DomainError as refusal:
                error = refusal.sentence
            else:
                if len(plans) == 1:
                    return redirect("web:plan", plan_id=plans[0].pk)
                return redirect("web:plans")
    context = {"error": error}
    return render(request, "web/plans/add.html", context, status=422 if error else 200)


@require_GET
def shown(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Show a plan: the document at the left, what was read at the right."""
    plan = plan_visible_to(request.actor, plan_id)
    items = items_of(plan.reading)
    kinds = {kind: [item for item in items if item.kind == kind] for kind in KINDS}
    opened = next((item for item in items if item.id == request.GET.get("item")), None)
    kind = opened.kind if opened else request.GET.get("kind", "duty")
    here = kinds.get(kind) or []
    opened = opened or (here[0] if here else None)
    url = reverse("web:plan", args=[plan_id])

    def url_of(item_id: str) -> str:
        return f"{url}?item={item_id}"

    context = {
        "plan": {
            "title": plan.title,
            "state": STATE_NAMES[State(plan.state)].lower(),
            "state_code": "met" if plan.state == State.PUBLISHED else "waiting",
            "list_url": reverse("web:plans"),
            "confirmed": 0,
            "total": len(kinds["duty"]),
            "publish_url": "",
            "read_at": as_of([plan.document.added_at]),
            "page": "",
        },
        "document": blocks_of(
            plan.document.text, plan.reading, here, opened.id if opened else "", url_of
        ),
        "warnings": _warnings(plan, items, url_of),
        "tabs": [
            {
                "label": name,
                "count": len(kinds[key]),
                "url": f"{url}?kind={key}",
                "current": key == kind,
            }
            for key, name in KINDS.items()
        ],
        "items": [_item(item, opened, url_of) for item in here],
        "editable": False,
        "area": home_frame(
            request.actor, SEE_AREA, lambda code: reverse("web:overview", args=[code]), "areas"
        ),
    }
    return render(request, "web/plans/plan.html", context)


def _warnings(plan: Plan, items: list[Item], url_of: Any) -> list[dict[str, str]]:
    rows = []
    for warning in plan.reading["warnings"][:WARNINGS_SHOWN]:
        # A warning about what is not there (no number, no date) has no place in the text.
        start, end = warning["span"] or (0, 0)
        item = next((one for one in items if one.start < end and start < one.end), None)
        rows.append(
            {
                "text": warning["message"],
                "link": (item.section or _("Xem")) if item else "",
                "url": url_of(item.id) if item else "",
            }
        )
    return rows


def _item(item: Item, opened: Item | None, url_of: Any) -> dict[str, Any]:
    current = opened is not None and item.id == opened.id
    return {
        "id": item.id,
        "section": item.section,
        "title": item.title,
        "facts": item.facts,
        "state": "waiting",
        "state_label": _("Chờ xác nhận"),
        "url": url_of(item.id),
        "current": current,
        "detail": {
            "fields": [
                {"label": label, "lines": [{"text": text} for text in lines]}
                for label, lines in item.fields
            ]
        }
        if current
        else None,
    }
