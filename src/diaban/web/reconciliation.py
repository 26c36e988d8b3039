"""The return beside the ledger and the police software, and the two signatures."""

import uuid
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Span
from diaban.core.numbers import write_number
from diaban.core.periods import Period, PeriodKind, period_of
from diaban.indicators import reconciliation
from diaban.indicators.models import ReconciliationStep
from diaban.indicators.reconciliation import STAGES, Opened, Row
from diaban.indicators.rules.reconciling import Compared, Side, Standing, builtin_lines
from diaban.indicators.selectors import area_asked, last_closed
from diaban.indicators.services import ChangedMeanwhile
from diaban.web.area_words import then_and_now
from diaban.web.frames import area_frame, as_of, in_sentence, period_frame
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.typed_numbers import typed_number

PAGE_SIZE: Final = 50
SIGNS: Final = {
    Standing.EQUAL: "met",
    Standing.DIFFERS: "not_met",
    Standing.EXPLAINED: "warning",
    Standing.UNKNOWN: "undetermined",
}
STAGE_SIGNS: Final = {
    "none": "missing",
    "counting": "waiting",
    "differs": "not_met",
    "ready": "waiting",
    "half": "waiting",
    "closed": "met",
}
SIDES: Final = {Side.COMMUNE: "Xã, phường", Side.POLICE: "Cơ quan Công an"}


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the newest closed month."""
    area_visible_to(request.actor, code, SEE_RETURN)
    label = last_closed(timezone.localdate()).label
    return redirect("web:reconciliation", code=code, label=label)


@require_http_methods(["GET", "POST"])
def reconcile(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show a commune's reconciliation, or how those below an area stand; keep what was counted."""
    area, _span = area_asked(request.actor, code, label)
    if area.level != Level.COMMUNE:
        return _listed(request, code, label)
    if request.method == "POST":
        return _posted(request, code, label)
    found = reconciliation.opened(request.actor, code, label)
    return render(request, "web/quality/reconciliation.html", _context(request, found))


@require_POST
def sign(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Sign for one side."""
    try:
        stored = reconciliation.sign(
            actor=request.actor,
            area_code=code,
            period_label=label,
            side=_side(request),
            revision=_revision(request),
            at=timezone.now(),
        )
    except (reconciliation.NotReady, ChangedMeanwhile) as refusal:
        found = reconciliation.opened(request.actor, code, label)
        context = _context(request, found) | {"refusal": refusal_text(refusal)}
        return render(request, "web/quality/reconciliation.html", context, status=409)
    if stored.receipt and len(stored.signatures) == len(Side):
        said = _("Hai bên đã ký. Số biên nhận: %(receipt)s.") % {"receipt": stored.receipt}
    else:
        said = _("Đã ký. Còn chờ bên kia ký.")
    messages.success(request, said)
    return redirect("web:reconciliation", code=code, label=label)


def _posted(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    side = _side(request)
    typed = {line.id: request.POST.get(f"count-{line.id}", "") for line in builtin_lines()}
    told = {line.id: request.POST.get(f"why-{line.id}", "") for line in builtin_lines()}
    try:
        reconciliation.save_counts(
            actor=request.actor,
            area_code=code,
            period_label=label,
            side=side,
            typed=typed,
            counted_on=request.POST.get("on", ""),
            source=request.POST.get("source", ""),
            explanations=told,
            revision=_revision(request),
            client_key=request.POST.get("client_key", "")[:64],
            at=timezone.now(),
        )
    except (reconciliation.BadCounts, ChangedMeanwhile) as refusal:
        # What was typed stays on the page, beside the sentences that say what to mend.
        found = reconciliation.opened(request.actor, code, label)
        context = _context(request, found)
        status = 409
        if isinstance(refusal, reconciliation.BadCounts):
            status = 422
            context["errors"] = [
                {"text": sentence, "href": f"#{side}-{field}"}
                for field, sentence in refusal.facts["faults"]
            ]
        else:
            context["refusal"] = refusal_text(refusal)
        _keep(context, side, typed, told, request)
        return render(request, "web/quality/reconciliation.html", context, status=status)
    messages.success(request, _("Đã lưu số đếm. Kiểm lại chênh lệch rồi ký."))
    return redirect("web:reconciliation", code=code, label=label)


def _keep(
    context: dict[str, Any],
    side: Side,
    typed: dict[str, str],
    told: dict[str, str],
    request: SignedInRequest,
) -> None:
    for row in context["rows"]:
        row[side.value]["value"] = typed[row["id"]]
        if side is Side.COMMUNE:
            row["why"] = told[row["id"]]
    context["sides"][side.value] |= {
        "on": request.POST.get("on", ""),
        "source": request.POST.get("source", ""),
        "typed": True,
    }


def _side(request: SignedInRequest) -> Side:
    return Side.POLICE if request.POST.get("side") == Side.POLICE else Side.COMMUNE


def _revision(request: SignedInRequest) -> int:
    return typed_number(request.POST.get("revision"), 0)


def _context(request: SignedInRequest, found: Opened) -> dict[str, Any]:
    actor = request.actor
    mine = reconciliation.sides_of(actor, found.span)
    counts = found.stored.counts if found.stored else {}
    steps = reconciliation.steps_of(found.stored)
    apart = sum(one.standing is Standing.DIFFERS for one in found.lines)
    return {
        "title": f"{_('Đối chiếu')} {in_sentence(found.period)}",
        "facts": _facts(found, apart),
        "closed": found.closed,
        "receipt": found.stored.receipt if found.stored and found.closed else "",
        "reopened": any(not one.holds for one in found.signatures.values()),
        "sent": found.sent,
        "return_url": reverse("web:return", args=[found.area.code, found.period.label]),
        "quality_url": reverse("web:quality-of", args=[found.area.code, found.period.label]),
        "rows": [_line(one, counts) for one in found.lines],
        "sides": {side.value: _about(found, side, counts, side in mine) for side in Side},
        "form_url": reverse("web:reconciliation", args=[found.area.code, found.period.label]),
        "sign_url": reverse("web:sign-reconciliation", args=[found.area.code, found.period.label]),
        "revision": found.revision,
        "client_key": uuid.uuid4().hex,
        "steps": [_step(one) for one in steps],
        "errors": [],
        "refusal": "",
        **_frame(actor, found.area, found.span, found.period),
        "as_of": as_of([found.stored.saved_at if found.stored else None]),
    }


def _facts(found: Opened, apart: int) -> str:
    said = {"area": found.area.full_name, "n": apart}
    if found.sent is None:
        return _("%(area)s · biểu chưa gửi nên chưa có số báo cáo để đối chiếu") % said
    said["day"] = f"{timezone.localtime(found.sent):%d/%m/%Y}"
    if found.closed:
        return _("%(area)s · biểu gửi ngày %(day)s · đã ký xong") % said
    return _("%(area)s · biểu gửi ngày %(day)s · %(n)s dòng lệch chưa giải thích") % said


def _line(one: Compared, counts: dict[str, Any]) -> dict[str, Any]:
    ledger = counts.get(Side.COMMUNE, {}).get(one.line.id)
    software = counts.get(Side.POLICE, {}).get(one.line.id)
    words = {
        Standing.EQUAL: _("Khớp"),
        Standing.DIFFERS: _("Lệch"),
        Standing.EXPLAINED: _("Lệch, đã giải thích"),
        Standing.UNKNOWN: _("Chưa đủ số"),
    }
    return {
        "id": one.line.id,
        "name": _(one.line.name),
        "reported": _number(one.reported),
        "commune": {"value": str(ledger["value"]) if ledger else "", "shown": _number(one.ledger)},
        "police": {
            "value": str(software["value"]) if software else "",
            "shown": _number(one.software),
            "own": one.software_own,
        },
        "ledger_gap": _gap(one.ledger_difference),
        "software_gap": _gap(one.software_difference),
        "why": one.explanation,
        "status": SIGNS[one.standing],
        "word": words[one.standing],
    }


def _about(found: Opened, side: Side, counts: dict[str, Any], mine: bool) -> dict[str, Any]:
    """Return what stands under a side's column: when and where it counted, and its signature."""
    given = list(counts.get(side, {}).values())
    newest = max(given, key=lambda one: str(one["at"]), default=None)
    signature = found.signatures.get(side)
    on = str(newest["on"]) if newest else ""
    return {
        "name": _(SIDES[side]),
        "mine": mine,
        "on": f"{on[8:]}/{on[5:7]}/{on[:4]}" if on else "",
        "source": newest["source"] if newest else "",
        "by": newest["by"] if newest else "",
        "signed_by": signature.by if signature else "",
        "signed_at": signature.at if signature else None,
        "holds": bool(signature and signature.holds),
    }


def _step(one: ReconciliationStep) -> dict[str, Any]:
    words = {
        "counted": _("ghi số đếm, giải thích"),
        "signed_commune": _("ký bên xã"),
        "signed_police": _("ký bên Công an"),
    }
    return {"number": one.number, "what": words.get(one.what, one.what), "by": one.by, "at": one.at}


def _listed(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    actor = request.actor
    area, span, period, rows = reconciliation.standing_of(actor, code, label)
    wanted = request.GET.get("stage", "")
    shown = [one for one in rows if wanted not in STAGES or one.stage == wanted]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    url = reverse("web:reconciliation", args=[code, label])
    closed = sum(one.stage == "closed" for one in rows)
    counts = {stage: sum(one.stage == stage for one in rows) for stage in STAGES}
    context = {
        "title": f"{_('Đối chiếu')} {in_sentence(period)}",
        "facts": _("%(area)s · %(done)s/%(all)s xã, phường đã ký xong")
        % {
            "area": area.full_name,
            "done": write_number(closed),
            "all": write_number(len(rows)),
        },
        "filters": [
            {"label": _("Tất cả"), "count": len(rows), "url": url, "current": not wanted},
            *(
                {
                    "label": _(name),
                    "count": counts[stage],
                    "url": f"{url}?stage={stage}",
                    "current": wanted == stage,
                }
                for stage, name in STAGES.items()
                if counts[stage]
            ),
        ],
        "rows": [_listed_row(one, label) for one in page.object_list],
        "page_obj": page,
        "page_query": f"&stage={wanted}" if wanted in STAGES else "",
        "quality_url": reverse("web:quality-of", args=[code, label]),
        **_frame(actor, area, span, period),
        "as_of": as_of([one.saved_at for one in rows]),
    }
    return render(request, "web/quality/reconciliations.html", context)


def _listed_row(one: Row, label: str) -> dict[str, Any]:
    """Return a line of the list; how many lines differ, and never by how many people."""
    return {
        "name": then_and_now(one.area, one.heirs),
        "url": reverse("web:reconciliation", args=[one.area.code, label]),
        "status": STAGE_SIGNS[one.stage],
        "word": _(STAGES[one.stage]),
        "differing": one.differing,
        "explained": one.explained,
        "receipt": one.receipt,
    }


def _frame(actor: Actor, area: Area, span: Span, period: Period) -> dict[str, Any]:
    return {
        "area": area_frame(
            actor,
            area,
            span,
            SEE_RETURN,
            lambda c: reverse("web:reconciliations", args=[c]),
            "reconciliation",
        ),
        "period": period_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:reconciliation", args=[area.code, one]),
        ),
    }


def _number(value: int | None) -> str:
    return "–" if value is None else write_number(value)


def _gap(value: int | None) -> str:
    if value is None:
        return "–"
    return "0" if value == 0 else f"{'+' if value > 0 else '−'}{write_number(abs(value))}"
