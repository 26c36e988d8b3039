"""Approving many returns at once: first the list of what would be approved, then the act."""

from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from diaban.accounts.rules import SEE_RETURN
from diaban.core.periods import PeriodKind, period_of
from diaban.indicators import review
from diaban.indicators.selectors import Waiting, waiting_for_approval
from diaban.web.frames import area_frame, as_of, in_sentence, reporting_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.returns import form_of
from diaban.web.typed_numbers import typed_number

MOST: Final = 500


@require_http_methods(["GET", "POST"])
def approve_all(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show the returns that wait; approve those that were left ticked, as they were shown."""
    if request.method == "POST":
        return _approve(request, code, label)
    actor = request.actor
    area, span, period, found = waiting_for_approval(actor, code, label, MOST)
    context = {
        "title": f"{_('Duyệt biểu')} {in_sentence(period)}",
        "facts": ngettext(
            "%(area)s · %(n)s biểu đã gửi, chờ duyệt",
            "%(area)s · %(n)s biểu đã gửi, chờ duyệt",
            len(found),
        )
        % {"area": area.full_name, "n": len(found)},
        "rows": [_row(one, label) for one in found],
        "form_url": reverse("web:approve-all", args=[code, label]),
        "back_url": reverse("web:completeness", args=[code, label]),
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:returns", args=[c]), "returns"
        ),
        "period": reporting_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:approve-all", args=[code, one]),
        ),
        "as_of": as_of([one.sent_at for one in found]),
    }
    return render(request, "web/returns/approve.html", context)


def _approve(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    ticked = _ticked(request.POST)
    found = review.approve_many(
        actor=request.actor,
        area_code=code,
        period_label=label,
        form=form_of(request, code, label),
        at=timezone.now(),
        only=ticked,
    )
    if not ticked:
        messages.error(request, _("Chưa chọn biểu nào để duyệt."))
        return redirect("web:approve-all", code=code, label=label)
    said = ngettext("Đã duyệt %(n)d biểu.", "Đã duyệt %(n)d biểu.", found.count) % {
        "n": found.count
    }
    changed = len(ticked) - found.count
    if changed:
        left = ngettext(
            "%(n)d biểu vừa đổi hoặc đã duyệt nên để nguyên.",
            "%(n)d biểu vừa đổi hoặc đã duyệt nên để nguyên.",
            changed,
        ) % {"n": changed}
        said = f"{said} {left}"
    messages.success(request, said)
    return redirect("web:completeness", code=code, label=label)


def _ticked(form: QueryDict) -> dict[str, int]:
    """Return the areas that are ticked with the revision that was seen of each."""
    found = {}
    for given in form.getlist("seen"):
        code, _colon, revision = given.rpartition(":")
        number = typed_number(revision, None)
        if code and number is not None:
            found[code] = number
    return found


def _row(one: Waiting, label: str) -> dict[str, Any]:
    look = []
    if one.unread:
        look.append(
            ngettext("%(n)d ô không phải số", "%(n)d ô không phải số", one.unread)
            % {"n": one.unread}
        )
    if one.explained:
        look.append(
            ngettext("%(n)d ô có giải thích", "%(n)d ô có giải thích", one.explained)
            % {"n": one.explained}
        )
    return {
        "seen": f"{one.area.code}:{one.revision}",
        "name": one.area.full_name,
        "url": reverse("web:return", args=[one.area.code, label]),
        "sent": timezone.localtime(one.sent_at) if one.sent_at else None,
        "by": one.sent_by,
        "filled": f"{one.filled}/{one.cells}",
        "whole": one.filled == one.cells,
        "look": ", ".join(look),
        # What holds something that is no number is not approved unseen.
        "ticked": not one.unread,
    }
