"""The reviewer's side of a return: approve, give back, lock, open; and its history."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from diaban.accounts.rules import SEE_RETURN
from diaban.indicators import review
from diaban.indicators.exports import hamlets_of
from diaban.indicators.models import Revision
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Cell, decode, write_cell
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.rules.revisions import Difference, changes_of, differences
from diaban.indicators.rules.small_counts import SHOWN, hidden
from diaban.indicators.seen import sees_drafts, sees_exact
from diaban.indicators.selectors import history_of
from diaban.web.entry_cells import cell_id
from diaban.web.entry_words import indicator_name, short_name, state_name
from diaban.web.frames import area_frame, as_of, in_sentence, newest_of, reporting_frame
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.returns import form_of

PAGE_SIZE = 20
# Before the name of a cell: the sentence about it.
REMARK = "remark."


@require_POST
def act(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Do what the pressed button says with a return that was sent."""
    given: dict[str, Any] = {
        "actor": request.actor,
        "area_code": code,
        "period_label": label,
        "form": form_of(request, code, label),
        "at": timezone.now(),
    }
    reason = request.POST.get("reason", "")
    remarks = _remarks(request)
    wanted = request.POST.get("act", "")
    try:
        if wanted == "approve":
            review.approve_return(**given, remarks=remarks)
            done = _("Đã duyệt biểu.")
        elif wanted == "lock":
            review.lock_return(**given)
            done = _("Đã chốt biểu; số liệu không đổi nữa.")
        elif wanted == "unlock":
            review.unlock_return(**given, reason=reason)
            done = _("Đã mở chốt; biểu trở về trạng thái đã duyệt.")
        else:
            review.give_back_return(**given, reason=reason, remarks=remarks)
            done = _("Đã trả lại để xã sửa.")
    except (review.ReasonMissing, review.SentUp) as refusal:
        # The reviewer stays with the return; nothing typed is lost, for no reason was.
        messages.error(request, refusal_text(refusal))
        return redirect("web:return", code=code, label=label)
    messages.success(request, done)
    return redirect("web:return", code=code, label=label)


def _remarks(request: SignedInRequest) -> dict[str, str]:
    """Return the sentences about single cells; a line without text says nothing."""
    return {
        name.removeprefix(REMARK): str(text)
        for name, text in request.POST.items()
        if name.startswith(REMARK) and str(text).strip()
    }


@require_GET
def revisions(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show who changed a return, when and why; what changed from one revision to the next."""
    actor, today = request.actor, timezone.localdate()
    area, span, period, stored, kept = history_of(actor, code, label)
    cell = request.GET.get("cell", "")
    # Who is not of the commune sees what was sent from one time to the next, not the typing.
    inside = sees_drafts(actor, area, span)
    exact = sees_exact(actor, area, span)
    told = {one.number for one in kept if inside or State(one.state) in COUNTED}
    documents = [(one.number, one.document) for one in reversed(kept) if one.number in told]
    wanted = set(changes_of(cell, documents)) if cell else None
    shown = [one for one in kept if wanted is None or one.number in wanted]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    before = dict(zip([n for n, _d in documents], [{}, *(d for _n, d in documents)], strict=False))
    url = reverse("web:return", args=[code, label])
    names = dict(hamlets_of(stored))
    context = {
        "title": f"{_('Lịch sử biểu')} {in_sentence(period)}",
        "facts": ngettext("%(area)s · %(n)d lần ghi", "%(area)s · %(n)d lần ghi", len(kept))
        % {"area": area.full_name, "n": len(kept)}
        + (f" · “{_place(cell, names)}”" if cell else ""),
        "rows": [
            _row(one, before.get(one.number), names, url, cell, exact=exact)
            for one in page.object_list
        ],
        "back_url": url,
        "all_url": f"{url}revisions/" if cell else "",
        "page_obj": page,
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:returns", args=[c]), "returns"
        ),
        "period": reporting_frame(
            period,
            newest_of(area, today),
            lambda one: reverse("web:return", args=[code, one]),
        ),
        "as_of": as_of([stored.saved_at]),
    }
    return render(request, "web/returns/revisions.html", context)


def _row(
    one: Revision,
    before: dict[str, Any] | None,
    names: dict[str, str],
    url: str,
    cell: str,
    *,
    exact: bool,
) -> dict[str, Any]:
    changed = differences(before, one.document) if before is not None else ()
    if cell:
        # The cell that was asked for, not the other hundred that were saved with it.
        changed = tuple(item for item in changed if cell in (item.name, item.code))
    return {
        "number": one.number,
        "state": state_name(State(one.state)),
        "by": one.by,
        "at": one.at,
        "reason": one.reason,
        "remarks": [
            {"place": _place(cell, names), "text": text}
            for cell, text in (one.remarks if exact else {}).items()
        ],
        "reasons": _reasons(before or {}, one.document, names) if exact else [],
        "changes": [_change(item, names, url, exact=exact) for item in changed[:PAGE_SIZE]],
        "count": len(changed),
        "more": max(0, len(changed) - PAGE_SIZE),
    }


def _reasons(
    before: dict[str, Any], after: dict[str, Any], names: dict[str, str]
) -> list[dict[str, str]]:
    """Return the explanations that were written, or changed, in a revision."""
    was = before.get("why", {})
    return [
        {"place": _place(cell, names), "text": text}
        for cell, text in after.get("why", {}).items()
        if was.get(cell) != text
    ]


def _change(one: Difference, names: dict[str, str], url: str, *, exact: bool) -> dict[str, str]:
    return {
        "place": _place(one.name, names),
        "url": f"{url}revisions/?cell={one.name}",
        "cell_url": f"{url}#{cell_id(one.row, one.code)}",
        "before": _cell(one.code, one.before, exact=exact),
        "after": _cell(one.code, one.after, exact=exact),
    }


def _cell(code: str, cell: Cell, *, exact: bool) -> str:
    unit = builtin_catalogue()[code].unit if code in builtin_catalogue() else ""
    if not exact and hidden(decode(cell), unit):
        return SHOWN
    return write_cell(cell) or "–"


def _place(cell: str, names: dict[str, str]) -> str:
    code, _dot, row = cell.partition(".")
    return f"{names.get(row, row)}, {short_name(code)}" if row else indicator_name(code)
