"""Plans: the list, handing one in, and the document beside what was read in it."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import ADD_PLAN, REVIEW_PLAN, SEE_AREA
from diaban.core.access import scopes
from diaban.core.errors import DomainError
from diaban.plans.models import Plan, PlanItem
from diaban.plans.programme import received_counts
from diaban.plans.rules.items import DECISION_NAMES, IN_PROGRAMME, Decision, Kind
from diaban.plans.rules.states import STATE_NAMES, State
from diaban.plans.rules.typed import day_text
from diaban.plans.rules.warned import Pointed, left_to_see, pointed
from diaban.plans.selectors import (
    items_of,
    may_in_plan,
    next_waiting,
    plan_open_to,
    plan_visible_to,
    plans_visible_to,
    review_counts,
    warnings_left,
)
from diaban.plans.services import (
    IssuedElsewhere,
    NotADraft,
    ReasonMissing,
    SamePlanKnown,
    add_plan,
    withdraw_plan,
)
from diaban.web.frames import as_of, home_frame
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.navigation import area_url, home_code
from diaban.web.paging import KnownPages
from diaban.web.plan_page import KINDS, Item, blocks_of, page_item, short
from diaban.web.plan_words import said

PAGE_SIZE: Final = 25
# The longest plan seen has 50 pages; a scan without text would be refused anyway.
LARGEST_FILE: Final = 25 * 1024 * 1024
# So many warnings stand open above the items; the rest is one click away.
WARNINGS_OPEN: Final = 3


@require_GET
def listed(request: SignedInRequest) -> HttpResponse:
    """Show the plans that oblige this person's area, newest first."""
    found = plans_visible_to(request.actor)
    state, today = request.GET.get("state", ""), timezone.localdate()
    by_state = dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    living = sum(n for key, n in by_state.items() if key != State.WITHDRAWN)
    shown = found.filter(state=state) if state in by_state else found.exclude(state=State.WITHDRAWN)
    total = by_state.get(state, living)
    page = KnownPages(shown, PAGE_SIZE, total).get_page(request.GET.get("page"))
    counts = review_counts(list(page.object_list))
    warnings = warnings_left(page.object_list)
    cascades = {
        key: _("%(came)d/%(owed)d đã gửi kế hoạch") % {"came": came, "owed": owed}
        for key, (came, owed) in received_counts(list(page.object_list), today).items()
    }
    context = {
        "facts": ngettext("%(n)d kế hoạch.", "%(n)d kế hoạch.", living) % {"n": living},
        "filters": _states(by_state, state, living) if len(by_state) > 1 else [],
        "page_query": f"&state={state}" if state in by_state else "",
        "upload_url": reverse("web:add-plan") if scopes(request.actor, ADD_PLAN) else "",
        "plans": [
            _row(
                plan,
                *counts.get(plan.pk, (0, 0)),
                cascades.get(plan.pk, ""),
                warnings.get(plan.pk, 0),
            )
            for plan in page.object_list
        ],
        "page_obj": page,
    }
    return render(request, "web/plans/list.html", context)


def _states(by_state: dict[str, int], state: str, living: int) -> list[dict[str, Any]]:
    everything = {
        "label": _("Tất cả"), "count": living, "url": "?", "current": state not in by_state,
    }  # fmt: skip
    return [everything] + [
        {
            "label": _(STATE_NAMES[one]),
            "count": by_state[one],
            "url": f"?state={one}",
            "current": state == one,
        }
        for one in State
        if one in by_state
    ]


def _span(plan: Plan) -> str:
    period = plan.reading["metadata"]["period"] or {}
    start, end = (day_text(period.get(one)) for one in ("start", "end"))
    if start and end:
        return start if start == end else f"{start}–{end}"
    if start:
        return _("từ %(day)s") % {"day": start}
    return _("đến %(day)s") % {"day": end} if end else ""


def _signed(plan: Plan) -> str:
    given = plan.reading["metadata"].get("date") or {}
    parts = [given.get(one) for one in ("day", "month", "year")]
    return "/".join(f"{part:02}" for part in parts if part) if parts[2] else ""


def _row(plan: Plan, decided: int, total: int, received: str, warnings: int) -> dict[str, Any]:
    return {
        "title": plan.title,
        "url": reverse("web:plan", args=[plan.pk]),
        "number": plan.number or _("chưa ghi số"),
        "issuer": plan.issuer or plan.area.full_name,
        "signed_on": _signed(plan),
        "span": _span(plan),
        "state": {
            State.PUBLISHED: "met",
            State.REPLACED: "missing",
            State.WITHDRAWN: "missing",
        }.get(State(plan.state), "waiting"),
        "state_label": _(STATE_NAMES[State(plan.state)]),
        "confirmed": decided,
        "total": total,
        "warnings": warnings,
        "received": received,
    }


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Take a document in, read it, and open what was found."""
    if not scopes(request.actor, ADD_PLAN):
        return redirect("web:plans")
    error, known, doubt = "", None, False
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
                    confirmed=request.POST.get("confirmed") == "1",
                    at=timezone.now(),
                )
            except (SamePlanKnown, IssuedElsewhere) as refusal:
                error, doubt = refusal_text(refusal), True
                known = refusal.facts.get("plan")
            except DomainError as refusal:
                error = refusal_text(refusal)
            else:
                if len(plans) == 1:
                    return redirect("web:plan", plan_id=plans[0].pk)
                return redirect("web:plans")
    context = {
        "error": error,
        "doubt": doubt,
        "known_url": reverse("web:plan", args=[known]) if known else "",
    }
    return render(request, "web/plans/add.html", context, status=422 if error else 200)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Take a draft back, with a reason."""
    plan = plan_open_to(request.actor, plan_id, REVIEW_PLAN)
    error = ""
    if request.method == "POST":
        try:
            withdraw_plan(
                actor=request.actor,
                plan_id=plan_id,
                reason=request.POST.get("reason", ""),
                at=timezone.now(),
            )
        except (NotADraft, ReasonMissing) as refusal:
            error = refusal_text(refusal)
        else:
            messages.success(
                request, _("Đã rút “%(title)s”; còn trong nhật ký.") % {"title": plan.title}
            )
            return redirect("web:plans")
    context = {
        "plan": plan,
        "error": error,
        "reason": request.POST.get("reason", ""),
        "back_url": reverse("web:plan", args=[plan_id]),
    }
    return render(request, "web/plans/withdraw.html", context, status=422 if error else 200)


@require_GET
def shown(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Show a plan: the document at the left, what was read at the right, what is next open."""
    plan = plan_visible_to(request.actor, plan_id)
    stored = items_of(plan)
    by_id = {f"item-{one.pk}": one for one in stored}
    opened = by_id.get(request.GET.get("item", ""))
    asked = request.GET.get("kind", "")
    if opened is None:
        among = [one for one in stored if one.kind == asked] if asked in KINDS else stored
        opened = next_waiting(among, None) or next(iter(among), None)
    kind = Kind(opened.kind) if opened else (Kind(asked) if asked in KINDS else Kind.DUTY)
    here = [page_item(one) for one in stored if one.kind == kind]
    current = next((item for item in here if opened and item.key == opened.pk), None)
    counts = Counter(Kind(one.kind) for one in stored)
    url = reverse("web:plan", args=[plan_id])
    editable = plan.state == State.READ and may_in_plan(request.actor, plan, REVIEW_PLAN)

    def url_of(item_id: str) -> str:
        return f"{url}?item={item_id}"

    found = pointed(plan.reading["warnings"], stored)
    warnings = _warnings(found, current, url_of) if editable else []
    context = {
        "plan": {
            "title": plan.title,
            "state": _(STATE_NAMES[State(plan.state)]).lower(),
            "state_code": "met" if plan.state == State.PUBLISHED else "waiting",
            "list_url": reverse("web:plans"),
            "confirmed": sum(1 for one in stored if one.decision != Decision.WAITING),
            "total": len(stored),
            "publish_url": reverse("web:publish-plan", args=[plan_id]) if editable else "",
            "withdraw_url": reverse("web:withdraw-plan", args=[plan_id]) if editable else "",
            "withdrawn_because": plan.withdrawn_because,
            "programme_url": ""
            if plan.published_at is None
            else reverse("web:programme", args=[plan_id]),
            "read_at": as_of([plan.document.added_at]),
            "page": "",
        },
        "document": blocks_of(
            plan.document.text, plan.reading, here, current.id if current else "", url_of
        ),
        "warnings": warnings[:WARNINGS_OPEN],
        "warnings_more": warnings[WARNINGS_OPEN:],
        "warnings_left": left_to_see(found),
        "tabs": [
            {
                "label": _(name),
                "count": counts[key],
                "url": f"{url}?kind={key}",
                "current": key is kind,
            }
            for key, name in KINDS.items()
            if counts[key] or key is kind or key is Kind.DUTY
        ],
        "items": [_item(plan_id, item, current, editable, here, url_of, found) for item in here],
        "editable": editable,
        "add_url": f"{reverse('web:add-item', args=[plan_id])}?kind={kind}" if editable else "",
        "undo_url": reverse("web:undo-item", args=[plan_id]) if editable else "",
        "undo_key": uuid4().hex,
        "area": home_frame(request.actor, SEE_AREA, partial(area_url, request.actor), "areas"),
    }
    return render(request, "web/plans/plan.html", context)


def _warnings(
    found: Sequence[Pointed[PlanItem]], current: Item | None, url_of: Any
) -> list[dict[str, Any]]:
    """Return the warnings, those first whose item nobody has looked at; `W` goes to the first."""
    here = current.key if current else 0
    rows = [
        {
            "text": _warning_text(one),
            "link": "" if one.item is None else one.item.section or _("Xem"),
            "url": url_of(f"item-{one.item.pk}") if one.item else "",
            "settled": one.settled,
            "key": one.item.pk if one.item else 0,
        }
        for one in found
    ]
    rows.sort(key=lambda row: (row["settled"], row["key"] in (0, here)))
    return rows


def _warning_text(one: Pointed[PlanItem]) -> str:
    if one.message or one.item is None:
        return said(one.message)
    return _("Chưa rõ giao cơ quan nào: %(what)s") % {"what": short(one.item.value["what"])}


def _item(
    plan_id: int,
    item: Item,
    current: Item | None,
    editable: bool,
    here: list[Item],
    url_of: Any,
    found: Sequence[Pointed[PlanItem]],
) -> dict[str, Any]:
    opened = current is not None and item.key == current.key
    state = "waiting"
    if item.decision in IN_PROGRAMME:
        state = "confirmed"
    elif item.warned and not item.decided:
        state = "warning"
    return {
        "id": item.id,
        "section": item.section,
        "title": item.title,
        "words": item.what if item.title.endswith("…") else "",
        "facts": item.facts,
        "state": state,
        "state_label": _("Cần xem" if state == "warning" else DECISION_NAMES[item.decision]),
        "url": url_of(item.id),
        "current": opened,
        "detail": _detail(plan_id, item, editable, len(here) > 1, found) if opened else None,
    }


def _detail(
    plan_id: int,
    item: Item,
    editable: bool,
    has_others: bool,
    found: Sequence[Pointed[PlanItem]],
) -> dict[str, Any]:
    def act(name: str) -> str:
        return reverse(f"web:{name}-item", args=[plan_id, item.key]) if editable else ""

    return {
        "fields": [{"label": _(label), "lines": lines} for label, lines in item.fields],
        "warnings": [
            said(one.message) or _("Chưa rõ giao cơ quan nào.")
            for one in found
            if editable and one.item is not None and one.item.pk == item.key
        ],
        "state": _(DECISION_NAMES[item.decision]) if item.decided else "",
        "taken": item.decision in IN_PROGRAMME,
        "by": item.by,
        "confirm_url": act("confirm"),
        "edit_url": act("edit"),
        "split_url": act("split") if item.kind in (Kind.DUTY, Kind.TARGET) else "",
        "merge_url": act("merge") if has_others else "",
        "reject_url": act("reject"),
        "reject_label": _("Không phải nhiệm vụ") if item.kind is Kind.DUTY else _("Bỏ mục này"),
        "revision": item.revision,
        "key": uuid4().hex,
    }
