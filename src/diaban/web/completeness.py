"""Who has sent what, reminding who has not, and the receipts of the reminders."""

from collections import Counter
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import APPROVE_RETURN, EDIT_RETURN, REMIND_RETURN, SEE_RETURN
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Span, may
from diaban.core.numbers import write_number
from diaban.core.periods import Period, PeriodKind, period_of
from diaban.indicators import reminders
from diaban.indicators.completeness import (
    Group,
    Kept,
    Line,
    Matrix,
    by_province,
    documents_of,
    matrix_of,
)
from diaban.indicators.models import ReturnReminder
from diaban.indicators.reminders import Late, Receipt, line_of
from diaban.indicators.rules.campaigns import is_open
from diaban.indicators.rules.entry import Document, columns_filled
from diaban.indicators.rules.returns import STATE_NAMES, State
from diaban.plans.digests import CLOSES, OPENS, is_quiet
from diaban.web.area_words import level_word, then_and_now
from diaban.web.frames import area_frame, as_of, in_sentence, period_name, reporting_frame
from diaban.web.middleware import SignedInRequest

PAGE_SIZE: Final = 50
SIGNS: Final = {
    State.DRAFT: "drafting",
    State.RETURNED: "returned",
    State.SUBMITTED: "sent",
    State.APPROVED: "approved",
    State.LOCKED: "approved",
}


@require_GET
def completeness(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show which units of an area have sent their returns, over half a year."""
    actor, today = request.actor, timezone.localdate()
    found = matrix_of(actor, code, label)
    groups = Counter(_group(line) for line in found.lines)
    waiting = sum(line.state is State.SUBMITTED for line in found.lines)
    wanted = request.GET.get("state", "")
    chosen = [line for line in found.lines if not wanted or _group(line) == wanted]
    by_area = found.area.level == Level.NATION and "list" not in request.GET and not wanted
    if by_area:
        provinces = Paginator(by_province(actor, found.lines), PAGE_SIZE).get_page(
            request.GET.get("page")
        )
        rows = [_province(one, found) for one in provinces.object_list]
        page: Page[Any] = provinces
    else:
        lines = Paginator(chosen, PAGE_SIZE).get_page(request.GET.get("page"))
        documents = documents_of([line.area for line in lines.object_list], found.period)
        rows = [_row(line, found, documents.get(line.area.pk), today) for line in lines.object_list]
        page = lines
    # Of a commune that has ended its heirs are reminded.
    owing = sum(not line.sent for line in found.lines)
    over = found.period.end < today
    calendar = found.period.kind is not PeriodKind.OTHER
    url = reverse("web:completeness", args=[code, label])
    context = {
        "title": f"{_('Tiến độ báo cáo')} {in_sentence(found.period)}",
        "facts": _("%(sent)s/%(all)s xã, phường đã gửi · hạn %(due)s")
        % {
            "sent": write_number(groups["sent"]),
            "all": write_number(len(found.lines)),
            "due": f"{found.due:%d/%m/%Y}",
        },
        "progress": {"done": groups["sent"], "all": len(found.lines)},
        "proof_url": reverse("web:proof", args=[code, label]),
        "up_url": reverse("web:consolidation", args=[code, label])
        if calendar and found.area.level in (Level.PROVINCE, Level.NATION)
        else "",
        "import_url": reverse("web:bulk-import", args=[code, label])
        if found.area.level != Level.COMMUNE and may(actor, EDIT_RETURN, found.span)
        else "",
        "campaigns_url": reverse("web:campaigns"),
        "explanations_url": reverse("web:explanations", args=[code, label]),
        "totals_url": ""
        if found.period.kind is PeriodKind.MONTH
        else reverse("web:views", args=[code, label]),
        "quality_url": reverse("web:quality-of", args=[code, label]),
        "export_url": reverse("web:export-completeness", args=[code, label]),
        "receipts_url": reverse("web:reminders", args=[code, label]),
        "remind": {
            "url": reverse("web:remind-returns", args=[code, label]),
            "label": ngettext("Nhắc %(n)d xã…", "Nhắc %(n)d xã…", owing) % {"n": owing},
        }
        if owing and over and is_open(found.period) and may(actor, REMIND_RETURN, found.span)
        else None,
        "approve": {
            "url": reverse("web:approve-all", args=[code, label]),
            "label": ngettext("Duyệt %(n)d biểu đã gửi", "Duyệt %(n)d biểu đã gửi", waiting)
            % {"n": waiting},
        }
        if waiting and may(actor, APPROVE_RETURN, found.span)
        else None,
        "filters": _filters(groups, len(found.lines), url, wanted),
        "periods": [
            {
                "label": _column(one),
                "title": period_name(one),
                "current": one == found.period,
            }
            for one in found.periods
        ],
        "rows": rows,
        "shows_reminders": owing > 0 and not by_area,
        "page_obj": page,
        "page_query": f"&state={wanted}" if wanted else "",
        **_frame(actor, found.area, found.span, found.period, "completeness"),
        "as_of": as_of([found.saved]),
    }
    return render(request, "web/returns/list.html", context)


@require_http_methods(["GET", "POST"])
def remind(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show who would be reminded and what they read; remind those that were left ticked."""
    actor, now = request.actor, timezone.now()
    if request.method == "POST":
        done = reminders.remind_returns(
            actor=actor,
            area_code=code,
            period_label=label,
            codes=request.POST.getlist("code"),
            at=now,
        )
        said = ngettext("Đã nhắc %(n)d xã.", "Đã nhắc %(n)d xã.", done.count) % {"n": done.count}
        if done.already:
            again = ngettext(
                "%(n)d xã đã được nhắc hôm nay nên không nhắc lại.",
                "%(n)d xã đã được nhắc hôm nay nên không nhắc lại.",
                done.already,
            ) % {"n": done.already}
            said = f"{said} {again}"
        messages.success(request, said)
        return redirect("web:reminders", code=code, label=label)
    today = timezone.localdate()
    only = request.GET.getlist("code")
    found = reminders.preview(actor, code, label, today, only)
    left = sum(one.due_again(today) for one in found.late)
    context = {
        "title": f"{_('Nhắc nộp biểu')} {in_sentence(found.period)}",
        "facts": _("%(area)s · %(n)s xã, phường chưa gửi · hạn %(due)s")
        % {
            "area": found.area.full_name,
            "n": len(found.late),
            "due": f"{found.due:%d/%m/%Y}",
        },
        "rows": [_late(one, today) for one in found.late],
        "again": left,
        "form_url": reverse("web:remind-returns", args=[code, label]),
        "back_url": reverse("web:completeness", args=[code, label]),
        "sample": _sample(found, actor, today),
        "quiet": is_quiet(now),
        "opens": OPENS,
        "closes": CLOSES,
        "escalate_days": reminders.parameters()["escalate_days"],
        **_frame(actor, found.area, found.span, found.period, "remind-returns"),
        "as_of": as_of([now]),
    }
    return render(request, "web/returns/remind.html", context)


@require_GET
def receipts(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show who was reminded when, by whom, and whether the return came."""
    actor, today = request.actor, timezone.localdate()
    area, span, period, found = reminders.receipts(actor, code, label, today)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    came = sum(one.sent_on is not None for one in found)
    context = {
        "title": f"{_('Đã nhắc')} {in_sentence(period)}",
        "facts": _("%(area)s · %(n)s lần nhắc, báo lên · %(came)s lần đã có biểu")
        % {"area": area.full_name, "n": len(found), "came": came},
        "rows": [_receipt(one, label) for one in page.object_list],
        "page_obj": page,
        "back_url": reverse("web:completeness", args=[code, label]),
        **_frame(actor, area, span, period, "reminders"),
        "as_of": as_of([one.reminder.at for one in found[:1]]),
    }
    return render(request, "web/returns/reminders.html", context)


def _column(period: Period) -> str:
    """Return the head of a period's narrow column."""
    month, year = period.end.month, f"{period.end.year % 100:02d}"
    return {
        PeriodKind.MONTH: f"T{month}",
        PeriodKind.QUARTER: _("Q%(n)s/%(year)s") % {"n": month // 3, "year": year},
        PeriodKind.HALF: _("N%(n)s/%(year)s") % {"n": month // 6, "year": year},
        PeriodKind.YEAR: str(period.end.year),
    }.get(period.kind) or _("Đợt này")


def _group(line: Line) -> str:
    if line.state is State.RETURNED:
        return "back"
    return "sent" if line.sent else "late"


def _filters(groups: Counter[str], everyone: int, url: str, wanted: str) -> list[dict[str, Any]]:
    names = {"late": _("Chưa gửi"), "back": _("Bị trả lại"), "sent": _("Đã gửi")}
    return [
        dict[str, Any](
            label=_("Tất cả"), count=write_number(everyone), url=url, current=not wanted
        ),
        *(
            {
                "label": name,
                "count": write_number(groups[key]),
                "url": f"{url}?state={key}",
                "current": wanted == key,
            }
            for key, name in names.items()
        ),
    ]


def _row(line: Line, found: Matrix, document: Document | None, today: date) -> dict[str, Any]:
    url = reverse("web:return", args=[line.area.code, found.period.label])
    return {
        "name": then_and_now(line.area, line.heirs),
        "url": url,
        "progress": _progress(document),
        "cells": [
            _cell(line.area, period, kept, owed=owed, today=today)
            for period, kept, owed in zip(found.periods, line.kept, line.owed, strict=True)
        ],
        "late": ""
        if line.sent or today <= found.due
        else _("quá %(n)s ngày") % {"n": (today - found.due).days},
        "reminded": f"{line.reminded:%d/%m}" if line.reminded else "",
        "act": {"label": _("Mở"), "url": url, "post": False},
    }


def _progress(document: Document | None) -> str:
    """Return how far a return has come: in hamlets, or in cells where it asks no hamlet."""
    if document is None:
        return str(_("chưa mở biểu"))
    rows = document["hamlets"].values()
    if not rows:
        done, cells = columns_filled(document)
        return str(_("%(n)s/%(all)s ô") % {"n": done, "all": cells})
    answered = sum(any(cell is not None for cell in row.values()) for row in rows)
    return str(_("%(n)s/%(all)s thôn") % {"n": answered, "all": len(rows)})


def _cell(
    area: Area, period: Period, kept: Kept | None, *, owed: bool, today: date
) -> dict[str, str]:
    if not owed:
        return {"state": "none", "state_label": _("chưa có xã này"), "note": "", "url": ""}
    if kept is not None:
        sign, word = SIGNS[kept.state], _(STATE_NAMES[kept.state])
    else:
        over = today > period.end
        sign, word = ("late", _("Chưa gửi")) if over else ("future", _("Chưa đến kỳ"))
    url = reverse("web:return", args=[area.code, period.label])
    return {"state": sign, "state_label": f"{period_name(period)}: {word}", "note": "", "url": url}


def _province(one: Group, found: Matrix) -> dict[str, Any]:
    url = reverse("web:completeness", args=[one.area.code, found.period.label])
    return {
        "name": one.area.full_name,
        "url": url,
        "progress": _("%(sent)s/%(all)s xã") % {"sent": one.sent[-1], "all": one.owed[-1]},
        "cells": [
            {
                "state": "approved" if sent == owed else "late" if owed else "none",
                "state_label": f"{period_name(period)}: "
                + _("%(sent)s/%(all)s xã đã gửi") % {"sent": sent, "all": owed},
                "note": f"{sent}/{owed}",
                "url": reverse("web:completeness", args=[one.area.code, period.label]),
            }
            for period, sent, owed in zip(found.periods, one.sent, one.owed, strict=True)
        ],
        "late": "",
        "reminded": "",
        "act": {"label": _("Mở"), "url": url, "post": False},
    }


def _late(one: Late, today: date) -> dict[str, Any]:
    return {
        "code": one.area.code,
        "name": then_and_now(one.area, one.heirs),
        "state": _(STATE_NAMES[one.state]).lower() if one.state else _("chưa mở biểu"),
        "reminded": _("%(n)s lần, gần nhất %(day)s")
        % {"n": one.reminded, "day": f"{one.last_on:%d/%m}"}
        if one.last_on
        else "",
        "today": not one.due_again(today),
        "has_mail": one.has_mail,
    }


def _sample(found: reminders.Preview, actor: Actor, today: date) -> str:
    """Return what one of the communes reads, word for word."""
    if not found.late:
        return ""
    first = found.late[0]
    return line_of(
        then_and_now(first.area, first.heirs), found.period, found.due, today, today, actor.name
    )


def _receipt(one: Receipt, label: str) -> dict[str, Any]:
    row = one.reminder
    if row.kind == ReturnReminder.ESCALATED:
        what = _("báo lên %(level)s") % {"level": level_word(Level(row.level))}
        has_mail = True
    else:
        what, has_mail = _("nhắc xã"), one.has_mail
    if row.mailed_on:
        mail = _("thư ngày %(day)s") % {"day": f"{row.mailed_on:%d/%m}"}
    else:
        mail = _("chờ thư sáng") if has_mail else _("xã chưa có địa chỉ thư")
    after = (one.sent_on - row.on).days if one.sent_on else None
    return {
        "at": row.at,
        "name": then_and_now(row.area, one.heirs),
        "url": reverse("web:return", args=[row.area.code, label]),
        "what": what,
        "by": row.by,
        "mail": mail,
        "came": ""
        if one.sent_on is None
        else _("gửi ngày %(day)s, sau %(n)s ngày") % {"day": f"{one.sent_on:%d/%m}", "n": after},
    }


def _frame(actor: Actor, area: Area, span: Span, period: Period, page: str) -> dict[str, Any]:
    return {
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:returns", args=[c]), "returns"
        ),
        "period": reporting_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse(f"web:{page}", args=[area.code, one]),
        ),
    }
