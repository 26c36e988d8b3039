"""Gửi trung ương: a province sends its month up; the nation accepts it or gives it back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.rules.levels import Level
from diaban.core.numbers import write_number
from diaban.core.periods import PeriodKind, period_of
from diaban.indicators import consolidations
from diaban.indicators.consolidations import NotAllApproved, Standing
from diaban.indicators.review import ReasonMissing
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.consolidations import HELD, UP_NAMES, UpState
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.rollup import unpacked_sum
from diaban.indicators.selectors import read_period
from diaban.indicators.services import PeriodNotOver
from diaban.web.entry_words import indicator_name
from diaban.web.frames import area_frame, as_of, in_sentence, reporting_frame
from diaban.web.middleware import SignedInRequest


@require_http_methods(["GET", "POST"])
def page(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show how a province's month stands, or for the nation that of every province."""
    area, span = area_visible_to(request.actor, code, SEE_RETURN)
    frame = {
        "area": area_frame(
            request.actor, area, span, SEE_RETURN,
            lambda c: reverse("web:consolidation", args=[c, label]), "returns",
        ),
    }  # fmt: skip
    if area.level == Level.NATION:
        return render(
            request, "web/returns/consolidations.html", _all(request, code, label) | frame
        )
    if request.method == "POST":
        try:
            _act(request, code, label)
        except (NotAllApproved, ReasonMissing, PeriodNotOver) as refusal:
            shown = consolidations.standing_of(request.actor, code, label, _form(label))
            context = _one(shown, refusal.sentence, request.POST.dict()) | frame
            return render(request, "web/returns/consolidation.html", context, status=422)
        return redirect("web:consolidation", code=code, label=label)
    shown = consolidations.standing_of(request.actor, code, label, _form(label))
    return render(request, "web/returns/consolidation.html", _one(shown, "", {}) | frame)


def _form(label: str) -> str:
    return asked_form(read_period(label))


def _act(request: SignedInRequest, code: str, label: str) -> None:
    revision = request.POST.get("revision", "0")
    given: dict[str, Any] = {
        "actor": request.actor,
        "area_code": code,
        "period_label": label,
        "form": _form(label),
        "revision": int(revision) if revision.isdigit() else 0,
        "at": timezone.now(),
    }
    wanted = request.POST.get("act", "")
    if wanted == "accept":
        consolidations.accept(**given)
        messages.success(request, _("Đã nhận số liệu của tỉnh."))
    elif wanted == "give_back":
        consolidations.give_back_up(**given, reason=request.POST.get("reason", ""))
        messages.success(request, _("Đã trả lại tỉnh."))
    else:
        exceptions = {
            name.removeprefix("except."): str(text)
            for name, text in request.POST.items()
            if name.startswith("except.")
        }
        sent = consolidations.send_up(**given, exceptions=exceptions)
        messages.success(
            request, _("Đã gửi trung ương. Mã biên nhận %(receipt)s.") % {"receipt": sent.receipt}
        )


def _one(shown: Standing, refusal: str, typed: dict[str, str]) -> dict[str, Any]:
    stored, period = shown.stored, shown.period
    held = shown.state in HELD
    return {
        "title": _("Gửi trung ương %(period)s") % {"period": in_sentence(period)},
        "facts": _("%(state)s · %(done)s/%(all)s xã, phường đã duyệt")
        % {
            "state": _(UP_NAMES[shown.state]),
            "done": shown.expected - len(shown.lacking),
            "all": shown.expected,
        },
        "refusal": refusal,
        "revision": stored.revision if stored else 0,
        "receipt": stored.receipt if stored and held else "",
        "reason": stored.reason if stored and shown.state is UpState.RETURNED else "",
        "lacking": [
            {
                "name": one.area.full_name,
                "code": one.area.code,
                "state": _(one.state),
                "url": reverse("web:return", args=[one.area.code, period.label]),
                "reason": typed.get(f"except.{one.area.code}", one.reason),
            }
            for one in shown.lacking
        ],
        "send": shown.may_send and not held,
        "answer": shown.may_answer and shown.state is UpState.SENT,
        "reopen": shown.may_answer and shown.state is UpState.ACCEPTED,
        "differences": _differences(shown) if stored and held else [],
        "history": [
            {
                "state": _(UP_NAMES[UpState(one["state"])]),
                "by": one["by"],
                "at": datetime.fromisoformat(one["at"]),
                "reason": one["reason"],
            }
            for one in (stored.history if stored else [])
        ],
        "approve_url": reverse("web:approve-all", args=[shown.area.code, period.label])
        if shown.may_send and not held
        else "",
        "back_url": reverse("web:completeness", args=[shown.area.code, period.label]),
        "explanations_url": reverse("web:explanations", args=[shown.area.code, period.label]),
        "period": reporting_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda label: reverse("web:consolidation", args=[shown.area.code, label]),
        ),
        "as_of": as_of([stored.saved_at if stored else None]),
    }


def _differences(shown: Standing) -> list[dict[str, str]]:
    """Return the sums that are no longer what was sent."""
    catalogue = builtin_catalogue()
    sent = shown.stored.figures if shown.stored else {}
    rows = []
    for code in dict.fromkeys([*sent, *shown.now]):
        if sent.get(code) != shown.now.get(code):
            pair = [
                write_number(unpacked_sum(catalogue[code], one)) if one is not None else "–"
                for one in (sent.get(code), shown.now.get(code))
            ]
            rows.append({"name": indicator_name(code), "sent": pair[0], "now": pair[1]})
    return rows


def _all(request: SignedInRequest, code: str, label: str) -> dict[str, Any]:
    period, rows = consolidations.provinces_sent(request.actor, label, _form(label))
    accepted = sum(1 for _area, one in rows if one and one.state == UpState.ACCEPTED)
    return {
        "title": _("Số liệu các tỉnh gửi %(period)s") % {"period": in_sentence(period)},
        "facts": _("đã nhận %(n)s/%(all)s tỉnh, thành phố") % {"n": accepted, "all": len(rows)},
        "rows": [
            {
                "name": area.full_name,
                "url": reverse("web:consolidation", args=[area.code, label]),
                "state": _(UP_NAMES[UpState(one.state) if one else UpState.OPEN]),
                "reporting": _("%(n)s/%(all)s xã, phường")
                % {"n": one.reporting, "all": one.expected}
                if one and one.expected
                else "",
                "at": one.saved_at if one else None,
                "by": one.saved_by if one else "",
            }
            for area, one in rows
        ],
        "period": reporting_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda other: reverse("web:consolidation", args=[code, other]),
        ),
        "as_of": as_of([one.saved_at for _area, one in rows if one]),
    }
