"""Entering a return, and who has sent theirs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.accounts.rules import EDIT_RETURN, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.rules.levels import Level
from diaban.core.access import may
from diaban.core.periods import is_administrative, parse_label
from diaban.indicators import services
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.selectors import last_closed, read_window, unit_asked
from diaban.web.entry import EntryPage, revision_in, typed_in
from diaban.web.entry_review import MOST_PICKED
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.typed_numbers import typed_number


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the newest closed month: a commune's own form, or the list of an area above."""
    area, _span = area_visible_to(request.actor, code, SEE_RETURN)
    label = last_closed(timezone.localdate()).label
    if area.level == Level.COMMUNE:
        return redirect("web:return", code=code, label=label)
    return redirect("web:completeness", code=code, label=label)


def form_of(request: SignedInRequest, code: str, label: str) -> str:
    """Return the form of an address; that of the calendar's periods without a look-up."""
    if is_administrative(label):
        return asked_form(parse_label(label))
    _area, span = area_visible_to(request.actor, code, SEE_RETURN)
    return asked_form(read_window(label, span))


@require_http_methods(["GET", "POST"])
def entry(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show a return; keep or send what was typed."""
    actor = request.actor
    area, span = unit_asked(actor, code, label)
    period = read_window(label, span)
    if area.level != Level.COMMUNE:
        return redirect("web:completeness", code=code, label=label)
    page = EntryPage(actor, area, span, period, may(actor, EDIT_RETURN, span))
    if request.method == "POST":
        return _posted(request, page, request.POST.get("act", "save"))
    page.picked = request.GET.getlist("cell")[:MOST_PICKED]
    page.imported = typed_number(request.GET.get("imported"), None)
    return render(request, "web/returns/entry.html", page.context(_flash(request, page)))


def _flash(request: HttpRequest, page: EntryPage) -> str:
    """Return the sentence for the moment after sending; the address carries only a receipt."""
    receipt = request.GET.get("receipt", "")
    return receipt if page.stored and receipt == page.stored.receipt else ""


def _posted(request: SignedInRequest, page: EntryPage, wanted: str) -> HttpResponse:
    opened_at = revision_in(request.POST)
    try:
        saved = services.save_return(
            actor=request.actor,
            area_code=page.area.code,
            period_label=page.period.label,
            form=page.form,
            typed=typed_in(request.POST),
            revision=opened_at,
            # A page saves itself many times, each under a key of its own: what is sent again
            # because the answer was lost is told from what somebody else saved.
            client_key=request.POST.get("save_key" if wanted == "autosave" else "client_key", "")[
                :64
            ],
            at=timezone.now(),
            submit=wanted == "submit",
        )
    except (
        services.ChangedMeanwhile,
        services.MoveNotOpen,
        services.NothingEntered,
        services.PeriodNotOver,
    ) as refusal:
        # Nothing that was typed is lost: the page comes back with every cell as it was left.
        page.refused(
            refusal_text(refusal),
            typed_in(request.POST),
            opened_at,
            changed=isinstance(refusal, services.ChangedMeanwhile),
            stops=isinstance(refusal, (services.ChangedMeanwhile, services.MoveNotOpen)),
        )
        if wanted == "autosave":
            # 200, because the page puts in only answers of success, and this must be seen.
            return render(request, "web/returns/entry_saved.html", page.context(""))
        return render(request, "web/returns/entry.html", page.context(""), status=409)
    # A return that nobody has begun, and in which nothing was typed, is still not there.
    page.stored = saved.stored if saved.stored.pk else None
    if wanted == "autosave":
        return render(request, "web/returns/entry_saved.html", page.context(""))
    if saved.submitted:
        url = reverse("web:return", args=[page.area.code, page.period.label])
        return redirect(f"{url}?receipt={saved.stored.receipt}")
    if wanted == "submit" and (saved.faults or saved.unexplained):
        page.show_errors()
        return render(request, "web/returns/entry.html", page.context(""), status=422)
    return redirect("web:return", code=page.area.code, label=page.period.label)


@require_POST
def autosave(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Keep what was typed so far; answers with the saved state and the checks."""
    actor = request.actor
    area, span = unit_asked(actor, code, label)
    page = EntryPage(actor, area, span, read_window(label, span), may(actor, EDIT_RETURN, span))
    return _posted(request, page, "autosave")
