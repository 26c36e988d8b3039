"""One duty of one body: its words and dates, what shows it done, and what can be done."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diaban.accounts.rules import EXTEND_DUTY, PUBLISH_PLAN, SEE_DUTY
from diaban.accounts.scopes import area_visible_to
from diaban.core.access import may
from diaban.plans import duty_lists, work
from diaban.plans.handovers import handovers_of
from diaban.plans.models import Evidence
from diaban.plans.publishing import change_dates
from diaban.plans.rules.typed import date_line, read_date_line
from diaban.web.duties import BADGES, row_of, standing_text
from diaban.web.duty_filter import read_date
from diaban.web.middleware import SignedInRequest, refusal_text


@require_GET
def one(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Show one duty of one body: words, dates, evidence, and what can be done."""
    return _duty_page(request, share_id)


@require_POST
def report(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Take evidence, and close the duty when it is said to be done."""
    given = request.POST
    on = read_date(given.get("on", ""))
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
        return _duty_page(request, share_id, refusal_text(refusal))
    return redirect("web:duty", share_id=share_id)


@require_POST
def extend(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Agree to a later date."""
    new_due = read_date(request.POST.get("new_due", ""))
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
        return _duty_page(request, share_id, refusal_text(refusal))
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
        return _duty_page(request, share_id, refusal_text(refusal))
    return redirect("web:duty", share_id=share_id)


@require_POST
def dates(request: SignedInRequest, share_id: int) -> HttpResponse:
    """Give the whole duty other dates; what every body owes follows."""
    share = work.share_visible_to(request.actor, share_id)
    lines = [line for line in request.POST.get("dates", "").splitlines() if line.strip()]
    read = [read_date_line(line) for line in lines]
    wrong = next((line for line, one in zip(lines, read, strict=True) if one is None), None)
    if wrong is not None:
        sentence = _("Thời hạn “%(typed)s” không đọc được. Gõ như: trước ngày 15/12/2026.") % {
            "typed": wrong.strip()
        }
        return _duty_page(request, share_id, sentence)
    done = change_dates(
        actor=request.actor,
        duty_id=share.duty_id,
        dates=[one for one in read if one is not None],
        at=timezone.now(),
    )
    messages.success(request, _("Đã đổi thời hạn cho %(moved)d phần việc.") % {"moved": done.moved})
    return redirect(f"{reverse('web:duties')}?duty={share.duty_id}")


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
        "status_label": standing_text(stood, duty.kind),
        "error": error,
        "others": duty.shares.filter(frozen=False).exclude(pk=share.pk).count(),
        "others_url": f"{reverse('web:duties')}?duty={duty.pk}",
        "plan_url": f"{reverse('web:plan', args=[duty.plan_id])}?item=item-{duty.item_id}",
        "evidence": [
            (one, _(one.get_kind_display())) for one in share.evidence.order_by("-on", "-pk")[:50]
        ],
        "extensions": list(share.extensions.order_by("pk")),
        "handovers": list(handovers_of(share)),
        "reminders": list(share.reminders.order_by("-on")[:5]),
        "may_report": mine and not share.frozen,
        "may_done": mine and is_open,
        "may_extend": is_open and share.due_on is not None and may(actor, EXTEND_DUTY, span),
        "may_dates": seen_plan and duty.frozen_at is None,
        "dates": "\n".join(date_line(one) for one in duty.dates),
        "late": share.due_on is not None and today > share.due_on,
        "kinds": [(key, _(name)) for key, name in Evidence.KINDS],
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
