"""The bodies of an area: names over time and in plans, successors, and what is still open."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import PUBLISH_PLAN, SEE_DUTY
from diaban.accounts.scopes import area_visible_to
from diaban.agencies.models import Agency
from diaban.agencies.permissions import KEEP_AGENCIES
from diaban.agencies.rules import REQUESTED, Kind
from diaban.agencies.selectors import agencies_of, heirs_for
from diaban.agencies.services import Share as Passed
from diaban.agencies.services import pass_work_on, rename_agency
from diaban.areas.models import Area
from diaban.areas.rules.codes import NATION_CODE
from diaban.core.access import Missing, Span, may
from diaban.core.errors import DomainError
from diaban.core.text import fold
from diaban.plans.aliases import add_alias, drop_alias
from diaban.plans.handovers import choose_heirs
from diaban.plans.models import Share
from diaban.web.area_words import body_word
from diaban.web.duty_filter import read_date
from diaban.web.frames import area_frame
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.navigation import home_code
from diaban.web.plan_page import short
from diaban.web.typed_numbers import typed_number

HEIRS: Final = 3
OPEN_SHOWN: Final = 100


@require_GET
def of_home(request: SignedInRequest) -> HttpResponse:
    """Lead to the bodies of one's own area."""
    return redirect("web:agencies", code=home_code(request.actor) or NATION_CODE)


@require_GET
def listed(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the bodies of an area: those that live, then those that have ended."""
    area, span = area_visible_to(request.actor, code, SEE_DUTY)
    words = fold(request.GET.get("q", ""))
    waiting = Q(shares__done_on__isnull=True, shares__frozen=False, shares__leads=True)
    found = (
        agencies_of(area)
        .annotate(
            n_open=Count("shares", filter=waiting, distinct=True),
            n_aliases=Count("aliases", distinct=True),
        )
        .prefetch_related("passed_to__new")
    )
    today = timezone.localdate()
    rows = [
        _row(one, today, _heirs(one))
        for one in found
        if words in fold(f"{one.name} {one.short_name}")
    ]
    context = {
        "q": request.GET.get("q", ""),
        "living": [row for row in rows if not row["ended"]],
        "ended": [row for row in rows if row["ended"]],
        "area": area_frame(
            request.actor,
            area,
            span,
            SEE_DUTY,
            lambda c: reverse("web:agencies", args=[c]),
            "agencies",
        ),
        "place": area.full_name,
        "back_url": reverse("web:duties"),
    }
    return render(request, "web/duties/agencies.html", context)


def _frame(request: SignedInRequest, area: Area, span: Span) -> dict[str, Any]:
    def url_of(code: str) -> str:
        return reverse("web:agencies", args=[code])

    return area_frame(request.actor, area, span, SEE_DUTY, url_of, "agencies")


def _heirs(one: Agency) -> list[str]:
    """Return who took a body's work over; `passed_to` is to be prefetched."""
    if one.successor:
        return [one.successor.name]
    return [line.new.name for line in one.passed_to.all()]


def _row(one: Agency, today: date, heirs: Sequence[str] = ()) -> dict[str, Any]:
    return {
        "name": one.name,
        "short": one.short_name,
        "url": reverse("web:agency", args=[one.pk]),
        "kind": body_word(Kind(one.kind)),
        "requested": Kind(one.kind) in REQUESTED,
        "since": one.valid_from,
        "until": one.valid_to,
        "ended": one.valid_to is not None and one.valid_to <= today,
        "successor": ", ".join(heirs),
        "aliases": getattr(one, "n_aliases", 0),
        "open": getattr(one, "n_open", 0),
        "duties_url": f"{reverse('web:duties')}?agency={one.pk}&status=open",
    }


@require_http_methods(["GET", "POST"])
def one(request: SignedInRequest, agency_id: int) -> HttpResponse:
    """Show a body, and take what a person says about it."""
    agency = Agency.objects.select_related("area", "successor").filter(pk=agency_id).first()
    if agency is None:
        raise Missing(_("Không tìm thấy cơ quan này trong phạm vi của tài khoản."))
    area, span = area_visible_to(request.actor, agency.area.code, SEE_DUTY)
    error = ""
    if request.method == "POST":
        try:
            messages.success(request, _acted(request, agency))
        except Missing:
            raise
        except DomainError as refusal:
            error = refusal_text(refusal)
        else:
            return redirect("web:agency", agency_id=agency_id)
    today = timezone.localdate()
    may_keep = may(request.actor, KEEP_AGENCIES, span)
    lines = list(agency.passed_to.select_related("new").order_by("pk"))
    given = request.POST if error else {}
    context = {
        "agency": agency,
        "row": _row(agency, today),
        "error": error,
        "given": given,
        "former": list(agency.former_names.order_by("-valid_from")),
        "aliases": list(agency.aliases.order_by("alias")),
        "heirs": lines,
        "before": list(agency.took_over.select_related("old").order_by("pk")),
        "may_keep": may_keep,
        "may_pass": may_keep and not lines and agency.valid_to is None,
        "others": [
            (body.pk, body.name)
            for body in agencies_of(area).filter(valid_to__isnull=True).exclude(pk=agency.pk)
        ]
        if may_keep
        else [],
        "heir_rows": range(1, HEIRS + 1),
        "waiting": _waiting(agency, today) if len(lines) > 1 else [],
        "may_choose": may(request.actor, PUBLISH_PLAN, span),
        "today": f"{today:%d/%m/%Y}",
        "list_url": reverse("web:agencies", args=[area.code]),
        "area": area_frame(
            request.actor,
            area,
            span,
            SEE_DUTY,
            lambda c: reverse("web:agencies", args=[c]),
            "agencies",
        ),
    }
    return render(request, "web/duties/agency.html", context, status=422 if error else 200)


def _waiting(agency: Agency, today: date) -> list[dict[str, Any]]:
    """Return what is open of a body whose work was shared out, each with the heirs that fit."""
    shares = (
        Share.objects.filter(agency=agency, done_on__isnull=True, frozen=False)
        .select_related("duty__plan")
        .order_by("due_on", "pk")
    )
    return [
        {
            "key": share.pk,
            "what": short(share.duty.what),
            "due": share.due_on,
            "url": reverse("web:duty", args=[share.pk]),
            "heirs": [(body.pk, body.name) for body in heirs_for(agency, share.duty.what, today)],
        }
        for share in shares[:OPEN_SHOWN]
    ]


def _acted(request: SignedInRequest, agency: Agency) -> str:
    """Do what a form of the page asks for; returns what to say of it."""
    given, at = request.POST, timezone.now()
    act = given.get("act", "")
    if act == "alias":
        add_alias(actor=request.actor, agency_id=agency.pk, alias=given.get("alias", ""), at=at)
        return _("Đã thêm tên gọi khác.")
    if act == "drop-alias":
        drop_alias(
            actor=request.actor,
            agency_id=agency.pk,
            alias_id=typed_number(given.get("alias_id"), 0),
            at=at,
        )
        return _("Đã bỏ tên gọi ấy.")
    if act == "choose":
        choices = {
            typed_number(name.removeprefix("heir-"), 0): typed_number(given.get(name), 0)
            for name in given
            if name.startswith("heir-") and given.get(name)
        }
        moved = choose_heirs(actor=request.actor, agency_id=agency.pk, choices=choices, at=at)
        return _("Đã chuyển %(n)d việc sang cơ quan kế thừa.") % {"n": moved}
    day = read_date(given.get("on", ""))
    if day is None:
        raise BadDay(_("Ngày không đọc được. Gõ như 15/12/2026."))
    if act == "rename":
        rename_agency(
            actor=request.actor,
            agency_id=agency.pk,
            name=given.get("name", ""),
            short_name=given.get("short_name", ""),
            on_day=day,
            basis=given.get("basis", ""),
            at=at,
        )
        return _("Đã đổi tên; văn bản cũ giữ tên cũ.")
    heirs = [
        Passed(typed_number(given.get(f"heir{n}"), 0), given.get(f"field{n}", ""))
        for n in range(1, HEIRS + 1)
        if given.get(f"heir{n}")
    ]
    pass_work_on(
        actor=request.actor,
        agency_id=agency.pk,
        heirs=heirs,
        on_day=day,
        basis=given.get("basis", ""),
        at=at,
    )
    return _("Đã ghi cơ quan kế thừa; việc đang mở chuyển theo.")


class BadDay(DomainError):
    """A day on a form cannot be read."""

    code = "web.bad_day"
