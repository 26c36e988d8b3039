"""The page on which a total proves itself, and opens to the communes it comes from."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_RETURN
from diaban.core.numbers import Number, write_number
from diaban.core.periods import PeriodKind, period_of
from diaban.indicators.proof import Proof, Proved, Share, proof_of, shares_of
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.selectors import last_saved
from diaban.web.frames import area_frame, as_of, in_sentence, period_frame
from diaban.web.middleware import SignedInRequest

PAGE_SIZE = 50


@require_GET
def proof(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show the totals of an area three ways, and where one of them comes from."""
    actor = request.actor
    found = proof_of(actor, code, label)
    url = reverse("web:proof", args=[code, label])
    wanted = request.GET.get("of", "")
    known = {row.code for row in found.rows}
    shares = shares_of(actor, found.span, found.period, wanted) if wanted in known else []
    page = Paginator(shares, PAGE_SIZE).get_page(request.GET.get("page"))
    differing = sum(not row.equal for row in found.rows)
    context = {
        "title": _("Chứng minh số cộng %(period)s") % {"period": in_sentence(found.period)},
        "facts": _("%(area)s · %(count)s biểu đã gửi")
        % {"area": found.area.full_name, "count": found.returns},
        "equal": found.equal,
        "differing": differing,
        "rows": [_row(row, url) for row in found.rows],
        "opened": _name(wanted) if wanted in known else "",
        "shares": [_share(one, found, wanted) for one in page.object_list],
        "page_obj": page,
        "area": area_frame(
            actor,
            found.area,
            found.span,
            SEE_RETURN,
            lambda c: reverse("web:proof", args=[c, label]),
            "returns",
        ),
        "period": period_frame(
            found.period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:proof", args=[code, one]),
        ),
        "as_of": as_of([last_saved(actor, found.span)]),
    }
    return render(request, "web/returns/proof.html", context)


def _row(row: Proved, url: str) -> dict[str, str | bool]:
    return {
        "name": _name(row.code),
        "url": f"{url}?of={row.code}#shares",
        "kept": _written(row.kept),
        "anew": _written(row.anew),
        "plain": _written(row.plain),
        "equal": row.equal,
    }


def _share(one: Share, found: Proof, code: str) -> dict[str, str | bool]:
    url = reverse("web:return", args=[one.area.code, found.period.label])
    return {
        "name": one.area.full_name,
        "url": url,
        "history_url": f"{url}revisions/?cell={code}",
        "value": _written(one.value),
        "complete": one.complete,
    }


def _written(value: Number | None) -> str:
    return "–" if value is None else write_number(value)


def _name(code: str) -> str:
    return builtin_catalogue()[code].name_vi
