"""Phiếu thôn: a hamlet's head fills in one row; the commune looks at it or gives it back."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.core.numbers import Kind
from diaban.core.periods import PeriodKind, period_of, previous
from diaban.indicators import hamlet_report_selectors, hamlet_reports, services
from diaban.indicators.hamlet_report_selectors import Shown, own_row
from diaban.indicators.models import HamletReport
from diaban.indicators.review import ReasonMissing
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import WHY, Entry, cell_name, typed_from, write_cell
from diaban.indicators.rules.hamlet_reports import ReportState
from diaban.indicators.rules.period_forms import hamlet_kinds
from diaban.indicators.rules.returns import due_on
from diaban.indicators.selectors import last_closed
from diaban.web.autosave import as_form
from diaban.web.entry import revision_in, typed_in
from diaban.web.entry_cells import cell_id
from diaban.web.entry_words import indicator_name, saved_at, unit_of
from diaban.web.frames import as_of, in_sentence, reporting_frame
from diaban.web.language import is_english
from diaban.web.middleware import SignedInRequest, refusal_text

# What a hamlet has or has not is asked as yes or no; the return counts hamlets.
_ONE_HAMLET = "hamlet"


@require_GET
def of_hamlet(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the report of the newest closed month."""
    newest = last_closed(timezone.localdate())
    hamlet_report_selectors.place_of(request.actor, code, newest.end)
    return redirect("web:hamlet", code=code, label=newest.label)


@require_http_methods(["GET", "POST"])
def report(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show a hamlet's report; keep or send what was typed."""
    if request.method == "POST":
        return _posted(request, code, label, request.POST.get("act", "save"))
    shown = hamlet_report_selectors.report_shown(request.actor, code, label)
    return render(request, "web/returns/hamlet.html", _context(request, shown))


@require_POST
def autosave(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Keep what was typed so far; answers with what is wrong and the saved state."""
    return _posted(request, code, label, "autosave")


@require_POST
def give_back(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Give a report back to the hamlet's head, with what is to be mended."""
    try:
        stored = hamlet_reports.give_back_report(
            actor=request.actor,
            hamlet_code=code,
            period_label=label,
            reason=request.POST.get("reason", ""),
            remarks={
                name.removeprefix("remark."): str(text)
                for name, text in request.POST.items()
                if name.startswith("remark.")
            },
            at=timezone.now(),
        )
    except ReasonMissing as refusal:
        messages.error(request, refusal_text(refusal))
        return redirect("web:hamlet", code=code, label=label)
    messages.success(
        request, _("Đã trả phiếu cho %(name)s sửa.") % {"name": stored.hamlet.full_name}
    )
    return redirect("web:hamlet", code=code, label=label)


def _posted(request: SignedInRequest, code: str, label: str, wanted: str) -> HttpResponse:
    typed = typed_in(request.POST)
    opened_at = revision_in(request.POST)
    refusal, changed = "", False
    saved = None
    try:
        saved = hamlet_reports.save_report(
            actor=request.actor,
            hamlet_code=code,
            period_label=label,
            typed=typed,
            revision=opened_at,
            client_key=request.POST.get(
                "save_key" if wanted == "autosave" else "client_key", ""
            )[:64],
            at=timezone.now(),
            send=wanted == "send",
        )  # fmt: skip
    except services.ChangedMeanwhile as problem:
        refusal, changed = refusal_text(problem), True
    except (
        services.MoveNotOpen,
        services.NothingEntered,
        services.PeriodNotOver,
        hamlet_reports.RowClosed,
    ) as problem:
        refusal = refusal_text(problem)
    if saved is not None and wanted != "autosave" and (saved.sent or not saved.faults):
        return redirect("web:hamlet", code=code, label=label)
    shown = hamlet_report_selectors.report_shown(request.actor, code, label)
    context = _context(
        request,
        shown,
        typed=typed if refusal else None,
        revision=opened_at if refusal else None,
        refusal=refusal,
        changed=changed,
        errors_first=wanted == "send",
    )
    if wanted == "autosave":
        # 200, because the page puts in only answers of success, and a refusal must be seen.
        return render(request, "web/returns/hamlet_saved.html", context)
    status = 409 if refusal else 422 if wanted == "send" else 200
    return render(request, "web/returns/hamlet.html", context, status=status)


def _context(
    request: SignedInRequest,
    shown: Shown,
    *,
    typed: Mapping[str, str] | None = None,
    revision: int | None = None,
    refusal: str = "",
    changed: bool = False,
    errors_first: bool = False,
) -> dict[str, Any]:
    place, period, stored = shown.place, shown.period, shown.stored
    hamlet = place.hamlet
    state = ReportState(stored.state) if stored else ReportState.DRAFT
    given = typed if typed is not None else _standing(shown, state)
    entry = hamlet_report_selectors.read_report(
        shown.version, hamlet.code, given, shown.before, english=is_english()
    )
    readonly = not place.own or shown.closed or state is ReportState.SENT
    cards = _cards(shown, entry, given)
    done = sum(1 for card in cards if card["value"].strip())
    missing, faults = len(cards) - done, len(entry.faults)
    url = reverse("web:hamlet", args=[hamlet.code, period.label])
    today = timezone.localdate()
    due = due_on(period.end, shown.version.due_days)
    sent = stored is not None and state is ReportState.SENT
    return {
        "title": _("Số liệu %(period)s") % {"period": in_sentence(period)},
        "bar_title": hamlet.full_name,
        "back_url": reverse("web:work")
        if place.own
        else reverse("web:return", args=[place.commune.code, period.label]),
        "facts": f"{hamlet.full_name}, {place.commune.full_name}",
        "due": {
            "text": _("Hạn gửi xã %(day)s") % {"day": f"{due:%d/%m/%Y}"},
            "late": ngettext("quá hạn %(n)d ngày", "quá hạn %(n)d ngày", (today - due).days)
            % {"n": (today - due).days}
            if today > due and not sent and not shown.closed
            else "",
        },
        "progress": {"done": done, "all": len(cards)},
        "form_url": url,
        "autosave": None
        if readonly
        else as_form(
            request.actor,
            f"{url}autosave/",
            hamlet.code,
            period.label,
            f"{shown.version.code}-thon",
        ),
        "client_key": uuid.uuid4().hex,
        "revision": revision if revision is not None else stored.revision if stored else 0,
        "readonly": readonly,
        "own": place.own,
        "cards": cards,
        "state": {
            "refused": refusal,
            "result": "changed" if changed else "refused" if refusal else "saved",
            "saved": saved_at(stored.saved_at) if stored and stored.revision else "",
        },
        "errors": [
            {"text": f"{card['label']}: {card['message']}", "href": f"#{card['id']}"}
            for card in cards
            if card["level"] == "error"
        ]
        if errors_first
        else [],
        "submit_label": _submit_label(missing, faults),
        "receipt": stored.receipt if sent and stored else "",
        "sent_line": _sent_line(stored) if sent and stored else "",
        "closed": _closed_line(shown) if shown.closed else "",
        "reason": stored.reason if stored and state is ReportState.RETURNED else "",
        "give_back_url": f"{url}give-back/"
        if not place.own and sent and not shown.closed
        else "",
        "period": reporting_frame(
            period,
            period_of(today, PeriodKind.MONTH),
            lambda label: reverse("web:hamlet", args=[hamlet.code, label]),
            hamlet_kinds(),
        ),
        "as_of": as_of([stored.saved_at if stored else None]),
    }  # fmt: skip


def _cards(shown: Shown, entry: Entry, given: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return one card for each question of the row."""
    code, catalogue = shown.place.hamlet.code, builtin_catalogue()
    faults = {one.code: one.sentence for one in reversed(entry.faults)}
    warnings = {one.code: one for one in reversed(entry.warnings)}
    remarks = shown.stored.remarks if shown.stored else {}
    before = shown.before["hamlets"][code] if shown.before else {}
    cards = []
    for column in shown.version.hamlet_codes:
        indicator, name = catalogue[column], cell_name(code, column)
        value = given.get(name, "")
        warned = warnings.get(column)
        choice = indicator.unit == _ONE_HAMLET
        last = write_cell(before.get(column)) if column in before else ""
        cards.append(
            {
                "id": cell_id(code, column),
                "code": column,
                "name": name,
                "label": _(_QUESTIONS[column]) if column in _QUESTIONS else indicator_name(column),
                "unit": "" if choice else unit_of(column),
                "value": value,
                "shown": _word(value) if choice else value,
                "choices": _choices(value) if choice else [],
                "previous": (_word(last) if choice else last) or "–",
                "previous_label": in_sentence(previous(shown.period)),
                "inputmode": "decimal" if indicator.kind is Kind.DECIMAL else "numeric",
                "level": "error" if column in faults else "warning" if warned else "",
                "message": faults.get(column) or (warned.sentence if warned else ""),
                "remark": remarks.get(column, ""),
                "why": {"name": f"{WHY}{name}", "value": given.get(f"{WHY}{name}", "")}
                if warned and warned.explain
                else None,
                "hint": _("Không có thì ghi 0. Không ghi tên ai.")
                if indicator.unit == "person" and not indicator.always_some
                else "",
            }
        )
    return cards


# Asked of one hamlet, what a return counts as hamlets is a question.
_QUESTIONS = {
    "hamlets_with_box_and_board": (
        "Thôn có cả hòm thư tố giác và bảng số điện thoại đường dây nóng?"
    ),
    "hamlets_with_tip_box": "Thôn có hòm thư tố giác?",
    "hamlets_with_hotline_board": "Thôn có bảng niêm yết đường dây nóng?",
}


def _choices(value: str) -> list[dict[str, Any]]:
    return [
        {"value": number, "label": word, "chosen": value.strip() == number}
        for number, word in (("1", _word("1")), ("0", _word("0")))
    ]


def _word(value: str) -> str:
    word = {"1": _("có"), "0": _("không")}.get(value.strip(), value)
    return word[:1].upper() + word[1:]


def _sent_line(stored: HamletReport) -> str:
    at = timezone.localtime(stored.sent_at) if stored.sent_at else None
    if at is None:
        return ""
    return _("%(name)s gửi lúc %(at)s ngày %(day)s.") % {
        "name": stored.sent_by,
        "at": f"{at:%H:%M}",
        "day": f"{at:%d/%m/%Y}",
    }


def _standing(shown: Shown, state: ReportState) -> Mapping[str, str]:
    """Return the figures of the sheet: where its head sent none, those the commune sent."""
    if shown.commune_return is None or not shown.closed or state is ReportState.SENT:
        return shown.typed
    return typed_from(own_row(shown.commune_return.document, shown.place.hamlet.code))


def _closed_line(shown: Shown) -> str:
    at = shown.commune_return.submitted_at if shown.commune_return else None
    told = {
        "area": shown.place.commune.full_name,
        "period": in_sentence(shown.period),
        "when": f"{timezone.localtime(at):%H:%M %d/%m/%Y}" if at else "",
    }
    if at is None:
        return (
            _(
                "%(area)s đã gửi biểu %(period)s lên tỉnh nên phiếu của thôn đã đóng. Cần sửa số "
                "thì báo cho xã."
            )
            % told
        )
    return (
        _(
            "%(area)s đã gửi biểu %(period)s lên tỉnh lúc %(when)s nên phiếu của thôn đã đóng. "
            "Cần sửa số thì báo cho xã."
        )
        % told
    )


def _submit_label(missing: int, faults: int) -> str:
    told = []
    if missing:
        told.append(ngettext("còn %(n)d số", "còn %(n)d số", missing) % {"n": missing})
    if faults:
        told.append(ngettext("%(n)d lỗi", "%(n)d lỗi", faults) % {"n": faults})
    return _("Gửi về xã") + (f" ({', '.join(told)})" if told else "")
