"""Nhiệm vụ: the list with its views, the timeline, one duty, and what is done with them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diaban.accounts.rules import EXTEND_DUTY, PUBLISH_PLAN, REMIND_DUTY, SEE_AREA, SEE_DUTY
from diaban.accounts.scopes import area_visible_to
from diaban.core.access import Actor, may, scopes
from diaban.core.errors import DomainError
from diaban.core.numbers import write_number
from diaban.plans import duty_lists, work
from diaban.plans.duty_lists import Filter
from diaban.plans.models import Evidence, SavedView, Share
from diaban.plans.publishing import change_dates
from diaban.plans.rules.items import NATURE_NAMES, Nature
from diaban.plans.rules.standing import STATUS_NAMES, Standing, Status
from diaban.plans.rules.typed import date_line, day_from, read_date_line
from diaban.web.frames import home_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.plan_page import often_text, short

PAGE_SIZE: Final = 50
REMIND_MOST: Final = 5_000
GROUPS: Final = {"": "không nhóm", "agency": "cơ quan", "due": "tháng đến hạn", "plan": "kế hoạch"}
ROLES: Final = {"": "mọi vai trò", "lead": "chủ trì", "support": "phối hợp"}
REQUESTED: Final = {"": "giao và đề nghị", "0": "giao", "1": "đề nghị"}
BADGES: Final = {
    Status.OVERDUE: "not_met",
    Status.SILENT: "invalid",
    Status.DUE_SOON: "invalid",
    Status.IN_TIME: "waiting",
    Status.DONE_LATE: "met",
    Status.DONE_IN_TIME: "met",
    Status.FROZEN: "missing",
}
# Where "remind all" is offered: what is late, or soon will be.
REMINDABLE: Final = (Status.OVERDUE, Status.DUE_SOON, Status.SILENT)
# What everybody finds without saving it: a name and its filter.
VIEWS: Final = (
    ("Việc của đơn vị tôi", "mine=1"),
    ("Quá hạn", "status=overdue"),
    ("Đến hạn trong 7 ngày", "status=due_soon"),
    ("Thường xuyên mà im lặng", "status=silent"),
    ("Cơ quan được đề nghị", "requested=1"),
)


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
    counts = duty_lists.counts(actor, wanted, today)
    total = counts[wanted.status] if wanted.status in counts else counts["all"]
    page = _Pages(found, total).get_page(request.GET.get("page"))
    query = _query(request.GET)
    reminds = bool(scopes(actor, REMIND_DUTY))
    shares = list(page.object_list)
    context = {
        "facts": _facts(counts),
        "filters": _filters(request.GET, counts, wanted),
        "fields": _fields(actor, request.GET, wanted),
        "views": [
            {"label": name, "url": f"?{how}", "current": query == how} for name, how in VIEWS
        ],
        "saved": list(SavedView.objects.filter(user=actor.id).order_by("name")),
        "query": query,
        "groups": _groups(shares, group, today),
        "shown": len(shares),
        "reminds": reminds,
        "remind_all": total
        if reminds and wanted.status in ("overdue", "due_soon", "silent")
        else 0,
        "page_obj": page,
        "page_query": f"&{query}" if query else "",
        "timeline_url": f"{reverse('web:timeline')}?{query}",
        "export_url": f"{reverse('web:export-duties')}?{query}",
        "feed_url": reverse("web:feeds"),
        "area": home_frame(
            actor, SEE_AREA, lambda code: reverse("web:overview", args=[code]), "areas"
        ),
    }
    return render(request, "web/duties/list.html", context)


@require_GET
def timeline(request: SignedInRequest) -> HttpResponse:
    """Show the dates of a year as a line, or as its table."""
    actor, today = request.actor, timezone.localdate()
    wanted = filter_from(request.GET)
    start = _first_of_month(today, -2)
    end = _first_of_month(today, 10)
    found = duty_lists.listed(actor, wanted, today).filter(due_on__gte=start, due_on__lt=end)
    rows = _timeline_rows(list(found[:2_000]), start, end, today)
    query = _query(request.GET)
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
        "area": home_frame(
            actor, SEE_AREA, lambda code: reverse("web:overview", args=[code]), "areas"
        ),
    }
    return render(request, "web/duties/timeline.html", context)


@require_GET
def one(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Show one duty of one body: words, dates, evidence, and what can be done."""
    return _duty_page(request, share_id)


@require_POST
def report(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Take evidence, and close the duty when it is said to be done."""
    given = request.POST
    on = _day(given.get("on", ""))
    if on is None:
        return _duty_page(request, share_id, _("Ngày không đọc được. Gõ như 15/12/2026."))
    file = request.FILES.get("file")
    proof = work.Proof(
        given.get("kind", ""),
        given.get("text", ""),
        (file.name or "") if file else "",
        file.read() if file and (file.size or 0) <= work.LARGEST_FILE + 1 else b"",
    )
    asked: dict[str, Any] = {
        "actor": request.actor, "share_id": share_id, "proof": proof, "on": on,
        "at": timezone.now(),
    }  # fmt: skip
    try:
        if given.get("act") == "done":
            revision = given.get("revision", "")
            work.complete_duty(
                revision=int(revision) if revision.isdigit() else -1,
                late_reason=given.get("late_reason", ""),
                **asked,
            )
            messages.success(request, _("Đã báo xong, kèm minh chứng."))
        else:
            work.add_evidence(**asked)
            messages.success(request, _("Đã ghi minh chứng."))
    except (
        work.LateReasonMissing, work.EvidenceMissing, work.BadEvidence, work.DutyChanged,
        work.DutyDone,
    ) as refusal:  # fmt: skip
        return _duty_page(request, share_id, refusal.sentence)
    return redirect("web:duty", share_id=share_id)


@require_POST
def extend(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Agree to a later date."""
    new_due = _day(request.POST.get("new_due", ""))
    if new_due is None:
        return _duty_page(request, share_id, _("Ngày không đọc được. Gõ như 15/12/2026."))
    try:
        work.extend_duty(
            actor=request.actor,
            share_id=share_id,
            new_due=new_due,
            reason=request.POST.get("reason", ""),
            asked_by=request.POST.get("asked_by", ""),
            at=timezone.now(),
        )
    except (work.BadExtension, work.DutyDone, work.DutyChanged) as refusal:
        return _duty_page(request, share_id, refusal.sentence)
    messages.success(request, _("Đã gia hạn; hạn cũ vẫn giữ bên cạnh."))
    return redirect("web:duty", share_id=share_id)


@require_POST
def reopen(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Take back that a duty is done."""
    try:
        work.reopen_duty(
            actor=request.actor,
            share_id=share_id,
            reason=request.POST.get("reason", ""),
            at=timezone.now(),
        )
    except work.LateReasonMissing as refusal:
        return _duty_page(request, share_id, refusal.sentence)
    return redirect("web:duty", share_id=share_id)


@require_POST
def dates(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Give the whole duty other dates; what every body owes follows."""
    share = work.share_visible_to(request.actor, share_id)
    lines = [line for line in request.POST.get("dates", "").splitlines() if line.strip()]
    read = [read_date_line(line) for line in lines]
    wrong = next((line for line, one in zip(lines, read, strict=True) if one is None), None)
    if wrong is not None:
        sentence = f"Thời hạn “{wrong.strip()}” không đọc được. Gõ như: trước ngày 15/12/2026."
        return _duty_page(request, share_id, sentence)
    done = change_dates(
        actor=request.actor,
        duty_id=share.duty_id,
        dates=[one for one in read if one is not None],
        at=timezone.now(),
    )
    messages.success(request, _("Đã đổi thời hạn cho %(moved)d phần việc.") % {"moved": done.moved})
    return redirect(f"{reverse('web:duties')}?duty={share.duty_id}")


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
    return redirect(f"{reverse('web:duties')}?{_query(QueryDict(query))}")


@require_POST
def save_view(request: SignedInRequest) -> HttpResponse:
    """Keep the filter under a name, or forget one."""
    query = _query(QueryDict(request.POST.get("query", "")))
    try:
        if request.POST.get("act") == "drop":
            work.drop_view(actor=request.actor, name=request.POST.get("name", ""))
        else:
            work.save_view(actor=request.actor, name=request.POST.get("name", ""), query=query)
    except DomainError as refusal:
        messages.warning(request, refusal.sentence)
    return redirect(f"{reverse('web:duties')}?{query}")


def filter_from(given: QueryDict) -> Filter:
    """Return the filter that an address asks for; what cannot be read asks for nothing."""

    def key(name: str) -> int | None:
        text = given.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None

    return Filter(
        text=" ".join(given.get("q", "").split())[:100],
        status=given.get("status", "") if given.get("status") in {*Status, "open"} else "",
        agency=key("agency"),
        plan=key("plan"),
        duty=key("duty"),
        nature=given.get("nature", ""),
        mine=given.get("mine") == "1",
        requested=given.get("requested", "") if given.get("requested") in ("0", "1") else "",
        role=given.get("role", "") if given.get("role") in ("lead", "support") else "",
        due_from=_day(given.get("from", "")),
        due_to=_day(given.get("to", "")),
    )


def standing_text(stood: Standing) -> str:
    """Return a standing with its days: "Quá 4 ngày", "Im lặng 120 ngày"."""
    words = {
        Status.OVERDUE: f"Quá {stood.days} ngày",
        Status.SILENT: f"Im lặng {stood.days} ngày",
        Status.DUE_SOON: "Hôm nay" if stood.days == 0 else f"Còn {stood.days} ngày",
        Status.DONE_LATE: f"Xong, trễ {stood.days} ngày",
    }
    return words.get(stood.status, STATUS_NAMES[stood.status])


class _Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length is known already, so that it is not counted again."""

    def __init__(self, found: QuerySet[Share], total: int) -> None:
        super().__init__(found, PAGE_SIZE)
        self._total = total

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self._total


def _day(text: str) -> date | None:
    text = text.strip()
    written = text if text[4:5] == "-" else day_from(text) or ""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _query(given: QueryDict) -> str:
    names = (
        "q", "status", "agency", "plan", "duty", "nature", "mine", "requested", "role", "from",
        "to", "group",
    )  # fmt: skip
    return urlencode({name: given[name] for name in names if given.get(name)})


def _with(given: QueryDict, **changes: str) -> str:
    query = QueryDict(_query(given), mutable=True)
    for name, value in changes.items():
        query[name] = value
    return f"?{_query(query)}"


def _facts(counts: dict[str, int]) -> str:
    parts = [f"{write_number(counts['all'])} phần việc"]
    parts += [
        f"{write_number(counts[status])} {STATUS_NAMES[status].lower()}"
        for status in (Status.OVERDUE, Status.DUE_SOON, Status.SILENT)
        if counts[status]
    ]
    return " · ".join(parts)


def _filters(given: QueryDict, counts: dict[str, int], wanted: Filter) -> list[dict[str, Any]]:
    chips = [
        {
            "label": _("Tất cả"),
            "count": counts["all"],
            "url": _with(given, status=""),
            "current": not wanted.status,
        }
    ]
    for status in duty_lists.STATUSES:
        if counts[status] or wanted.status == status:
            chips.append(
                {
                    "label": STATUS_NAMES[status],
                    "count": counts[status],
                    "url": _with(given, status=status.value),
                    "current": wanted.status == status,
                }
            )
    return chips


def _fields(actor: Actor, given: QueryDict, wanted: Filter) -> list[dict[str, Any]]:
    def choice(name: str, label: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
        chosen = given.get(name, "")
        rows = [(value, word, value == chosen) for value, word in options]
        return {"name": name, "label": label, "options": rows}

    agencies = [(str(pk), name) for pk, name in duty_lists.agencies_in(actor)]
    plans = [(str(pk), short(number or title)) for pk, number, title in duty_lists.plans_in(actor)]
    natures = [(key.value, name) for key, name in NATURE_NAMES.items()]
    return [
        choice("agency", _("Cơ quan"), [("", "mọi cơ quan"), *agencies]),
        choice("plan", _("Kế hoạch"), [("", "mọi kế hoạch"), *plans]),
        choice("nature", _("Tính chất"), [("", "mọi tính chất"), *natures]),
        choice("role", _("Vai trò"), ROLES.items()),
        choice("requested", _("Giao hay đề nghị"), REQUESTED.items()),
        choice("group", _("Nhóm theo"), GROUPS.items()),
    ]


def _groups(shares: Sequence[Share], group: str, today: date) -> list[dict[str, Any]]:
    def name(share: Share) -> str:
        if group == "agency":
            return share.agency.name
        if group == "plan":
            return share.duty.plan.number or share.duty.plan.title
        if group == "due":
            return f"Tháng {share.due_on:%m/%Y}" if share.due_on else "Thường xuyên"
        return ""

    return [
        {"title": title, "rows": [row_of(share, today) for share in part]}
        for title, part in groupby(shares, key=name)
    ]


def row_of(share: Share, today: date) -> dict[str, Any]:
    """Return a share as a row of the list."""
    stood = duty_lists.standing_of(share, today)
    duty = share.duty
    nature = NATURE_NAMES[Nature(duty.nature)]
    if duty.recurrence:
        nature = f"{nature}, {often_text(duty.recurrence)}"
    return {
        "key": share.pk,
        "url": reverse("web:duty", args=[share.pk]),
        "what": short(duty.what),
        "source": f"{duty.plan.number or duty.plan.title[:40]}, mục {duty.section}",
        "agency": share.agency.short_name or share.agency.name,
        "role": "chủ trì" if share.leads else "phối hợp",
        "requested": share.requested,
        "due": share.due_on,
        "first_due": share.first_due_on if share.first_due_on != share.due_on else None,
        "nature": nature,
        "scope": share.scope,
        "status": BADGES[stood.status],
        "status_label": standing_text(stood),
        "open": share.done_on is None and not share.frozen,
        "reminded": getattr(share, "reminded", 0),
        "reminded_on": getattr(share, "reminded_on", None),
    }


def _duty_page(request: SignedInRequest, share_id: int, error: str = "") -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    share = work.share_visible_to(actor, share_id)
    _area, span = area_visible_to(actor, share.area.code, SEE_DUTY)
    stood = duty_lists.standing_of(share, today)
    duty = share.duty
    mine = work.may_work(actor, share, span)
    is_open = share.done_on is None and not share.frozen
    given = request.POST if error else QueryDict()
    seen_plan = may(actor, PUBLISH_PLAN, span) and any(
        grant.area_id == duty.plan.area_id for grant in actor.grants
    )
    context = {
        "share": share,
        "duty": duty,
        "row": row_of(share, today),
        "status": BADGES[stood.status],
        "status_label": standing_text(stood),
        "error": error,
        "others": duty.shares.exclude(pk=share.pk).count(),
        "others_url": f"{reverse('web:duties')}?duty={duty.pk}",
        "plan_url": f"{reverse('web:plan', args=[duty.plan_id])}?item=item-{duty.item_id}",
        "evidence": list(share.evidence.order_by("-on", "-pk")[:50]),
        "extensions": list(share.extensions.order_by("pk")),
        "reminders": list(share.reminders.order_by("-on")[:5]),
        "may_report": mine and not share.frozen,
        "may_done": mine and is_open,
        "may_extend": is_open and share.due_on is not None and may(actor, EXTEND_DUTY, span),
        "may_dates": seen_plan and duty.frozen_at is None,
        "dates": "\n".join(date_line(one) for one in duty.dates),
        "late": share.due_on is not None and today > share.due_on,
        "kinds": Evidence.KINDS,
        "given": {
            "on": given.get("on") or f"{today:%d/%m/%Y}",
            "kind": given.get("kind", "document"),
            "text": given.get("text", ""),
            "late_reason": given.get("late_reason", ""),
            "new_due": given.get("new_due", ""),
            "reason": given.get("reason", ""),
            "asked_by": given.get("asked_by", ""),
        },
        "list_url": reverse("web:duties"),
    }
    return render(request, "web/duties/duty.html", context, status=422 if error else 200)


ROW: Final = 30
HEAD: Final = 24
LEFT: Final = 420
WIDE: Final = 1_280


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
            who = bodies[0].agency.name if len(bodies) == 1 else f"{len(bodies)} cơ quan"
            marks.append(
                {
                    "x": _x(due, start, end),
                    "day": due,
                    "status": status,
                    "word": {"done": "đã xong", "late": "quá hạn", "open": "chưa đến hạn"}[status],
                    "facts": f"{done}/{len(bodies)} xong" if len(bodies) > 1 else "",
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
