"""Nhiệm vụ: the list of what is owed with its views, and reminding."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from diaban.accounts.rules import REMIND_DUTY, SEE_AREA
from diaban.core.access import scopes
from diaban.core.errors import DomainError
from diaban.core.numbers import write_number
from diaban.plans import duty_lists, work
from diaban.plans.duty_lists import Filter
from diaban.plans.models import Duty, Phase, SavedView, Share
from diaban.plans.rules.items import Kind
from diaban.plans.rules.standing import STATUS_NAMES, Standing, Status
from diaban.web.duty_filter import VIEWS, chips, fields, filter_from, query_of, without
from diaban.web.frames import home_frame
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.navigation import area_url
from diaban.web.paging import KnownPages
from diaban.web.plan_page import short
from diaban.web.plan_words import nature_text

PAGE_SIZE: Final = 50
# Parts of a filter that no control of the page shows.
KEPT: Final = ("status", "mine", "duty", "phase", "cascade", "from", "to")
REMIND_MOST: Final = 5_000
# How much of a plan's title names it where it has no number.
SOURCE: Final = 48
BADGES: Final = {
    Status.OVERDUE: "not_met",
    Status.SILENT: "invalid",
    Status.DUE_SOON: "invalid",
    Status.IN_TIME: "waiting",
    Status.DONE_LATE: "met",
    Status.DONE_IN_TIME: "met",
    Status.FROZEN: "missing",
}
# What is no duty says so in its row.
KIND_LABELS: Final = {Kind.REPORT.value: "báo cáo", Kind.EVENT.value: "ngày, sự kiện"}
# Where "remind all" is offered: what is late, or soon will be.
REMINDABLE: Final = (Status.OVERDUE, Status.DUE_SOON, Status.SILENT)


@require_GET
def listed(request: SignedInRequest) -> HttpResponse:
    """Show what is owed: filters at the top, the most urgent first."""
    actor, today = request.actor, timezone.localdate()
    wanted = filter_from(request.GET)
    found = duty_lists.listed(actor, wanted, today)
    group = request.GET.get("group", "")
    if group == "agency":
        found = found.order_by("agency__name", "agency", "due_on", "pk")
    elif group == "plan":
        found = found.order_by("duty__plan", "duty__number", "due_on", "pk")
    elif group == "phase":
        found = found.order_by(
            F("duty__phase__start").asc(nulls_last=True), "duty__phase", "due_on", "pk"
        ).select_related("duty__phase")
    counts = duty_lists.counts(actor, wanted, today)
    total = counts[wanted.status] if wanted.status in counts else counts["all"]
    page = KnownPages(found, PAGE_SIZE, total).get_page(request.GET.get("page"))
    query = query_of(request.GET)
    reminds = bool(scopes(actor, REMIND_DUTY))
    shares = list(page.object_list)
    context = {
        "facts": _facts(counts),
        "filters": chips(request.GET, counts, wanted),
        "fields": fields(actor, request.GET),
        "views": [
            {"label": _(name), "url": f"?{how}", "current": query == how} for name, how in VIEWS
        ],
        "saved": list(SavedView.objects.filter(user=actor.id).order_by("name")),
        "query": query,
        "narrowed": _narrowed(request.GET, wanted),
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
        "groups": _groups(shares, group, today),
        "shown": len(shares),
        "reminds": reminds,
        "remind_all": total if reminds and wanted.status in REMINDABLE else 0,
        "page_obj": page,
        "page_query": f"&{query}" if query else "",
        "timeline_url": f"{reverse('web:timeline')}?{query}",
        "export_url": f"{reverse('web:export-duties')}?{query}",
        "feed_url": reverse("web:feeds"),
        "area": home_frame(actor, SEE_AREA, partial(area_url, actor), "areas"),
    }
    return render(request, "web/duties/list.html", context)


@require_POST
def remind(request: SignedInRequest) -> HttpResponse:
    """Remind the bodies that are ticked, or all that the filter shows."""
    query = request.POST.get("query", "")
    if request.POST.get("act") == "all":
        wanted = filter_from(QueryDict(query))
        found = duty_lists.listed(request.actor, wanted, timezone.localdate())
        keys = duty_lists.open_keys(found[:REMIND_MOST])
    else:
        keys = [int(key) for key in request.POST.getlist("share") if key.isdigit()]
    count = work.remind(actor=request.actor, share_ids=keys, at=timezone.now())
    if count:
        messages.success(
            request, _("Đã nhắc %(n)d việc; thư tổng hợp sáng mai có phần này.") % {"n": count}
        )
    else:
        messages.info(request, _("Không có việc nào cần nhắc thêm hôm nay."))
    return redirect(f"{reverse('web:duties')}?{query_of(QueryDict(query))}")


@require_POST
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the filter under a name, or forget one."""
    query = query_of(QueryDict(request.POST.get("query", "")))
    try:
        if request.POST.get("act") == "drop":
            work.drop_view(actor=request.actor, name=request.POST.get("name", ""))
        else:
            work.save_view(actor=request.actor, name=request.POST.get("name", ""), query=query)
    except DomainError as refusal:
        messages.warning(request, refusal_text(refusal))
    return redirect(f"{reverse('web:duties')}?{query}")


def standing_text(stood: Standing, kind: str = Kind.DUTY) -> str:
    """Return a standing with its days: "Quá 4 ngày", "Im lặng 120 ngày"."""
    if kind == Kind.EVENT and stood.status is Status.SILENT:
        return ngettext(
            "Qua %(n)d ngày, chưa ghi kết quả", "Qua %(n)d ngày, chưa ghi kết quả", stood.days
        ) % {"n": stood.days}
    if stood.status is Status.DUE_SOON and stood.days == 0:
        return _("Hôm nay")
    words = {
        Status.OVERDUE: ngettext("Quá %(n)d ngày", "Quá %(n)d ngày", stood.days),
        Status.SILENT: ngettext("Im lặng %(n)d ngày", "Im lặng %(n)d ngày", stood.days),
        Status.DUE_SOON: ngettext("Còn %(n)d ngày", "Còn %(n)d ngày", stood.days),
        Status.DONE_LATE: ngettext("Xong, trễ %(n)d ngày", "Xong, trễ %(n)d ngày", stood.days),
    }
    if stood.status not in words:
        return _(STATUS_NAMES[stood.status])
    return words[stood.status] % {"n": stood.days}


def _narrowed(given: QueryDict, wanted: Filter) -> list[dict[str, str]]:
    """Return what the list is narrowed to by a link from elsewhere, each with the way out."""
    found = []
    if wanted.duty:
        what = Duty.objects.filter(pk=wanted.duty).values_list("what", flat=True).first()
        found.append(("duty", f"{_('Nhiệm vụ')}: {short(what or '–')}"))
    if wanted.phase:
        name = Phase.objects.filter(pk=wanted.phase).values_list("name", flat=True).first()
        found.append(("phase", f"{_('Giai đoạn')}: {name or '–'}"))
    if wanted.cascade:
        found.append(("cascade", _("Ban hành kế hoạch riêng")))
    return [{"label": label, "url": without(given, name)} for name, label in found]


def _facts(counts: dict[str, int]) -> str:
    every = counts["all"]
    parts = [ngettext("%(n)s phần việc", "%(n)s phần việc", every) % {"n": write_number(every)}]
    parts += [
        f"{write_number(counts[status])} {_(STATUS_NAMES[status]).lower()}"
        for status in (Status.OVERDUE, Status.DUE_SOON, Status.SILENT)
        if counts[status]
    ]
    return " · ".join(parts)


def _groups(shares: Sequence[Share], group: str, today: date) -> list[dict[str, Any]]:
    def name(share: Share) -> str:
        if group == "agency":
            return share.agency.name
        if group == "plan":
            return share.duty.plan.number or share.duty.plan.title
        if group == "phase":
            return share.duty.phase.name if share.duty.phase else _("Không thuộc giai đoạn nào")
        if group == "due":
            month = _("Tháng %(month)s")
            return month % {"month": f"{share.due_on:%m/%Y}"} if share.due_on else _("Thường xuyên")
        return ""

    return [
        {"title": title, "rows": [row_of(share, today) for share in part]}
        for title, part in groupby(shares, key=name)
    ]


def row_of(share: Share, today: date) -> dict[str, Any]:
    """Return a share as a row of the list."""
    stood = duty_lists.standing_of(share, today)
    duty = share.duty
    return {
        "key": share.pk,
        "url": reverse("web:duty", args=[share.pk]),
        "what": short(duty.what),
        "source": f"{duty.plan.number or short(duty.plan.title, SOURCE)}"
        + (_(", mục %(section)s") % {"section": duty.section} if duty.section else ""),
        "agency": share.agency.short_name or share.agency.name,
        "role": _("chủ trì") if share.leads else _("phối hợp"),
        "requested": share.requested,
        "due": share.due_on,
        "first_due": share.first_due_on if share.first_due_on != share.due_on else None,
        "nature": nature_text(duty.nature, duty.recurrence),
        "scope": share.scope,
        "status": BADGES[stood.status],
        "status_label": standing_text(stood, duty.kind),
        "kind": _(label) if (label := KIND_LABELS.get(duty.kind)) else "",
        "open": share.done_on is None and not share.frozen,
        "reminded": getattr(share, "reminded", 0),
        "reminded_on": getattr(share, "reminded_on", None),
    }
