"""The page on which a total proves itself, and opens to the communes it comes from."""

from collections.abc import Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_RETURN
from diaban.areas.rules.levels import Level
from diaban.core.numbers import Number, write_number
from diaban.core.periods import PeriodKind, period_of
from diaban.indicators.proof import Proof, Proved, Share, proof_of, shares_of, with_authors
from diaban.indicators.rules.catalogue import builtin_catalogue, whole_of
from diaban.indicators.rules.small_counts import KEPT_BACK, hidden, withheld_among
from diaban.indicators.rules.splits import withheld_parts
from diaban.indicators.seen import sees_exact
from diaban.indicators.selectors import last_saved
from diaban.web.entry_cells import cell_id
from diaban.web.entry_words import indicator_name
from diaban.web.frames import area_frame, as_of, in_sentence, reporting_frame
from diaban.web.middleware import SignedInRequest

PAGE_SIZE: Final = 50


@require_GET
def proof(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show the totals of an area three ways, and where one of them comes from."""
    actor = request.actor
    found = proof_of(actor, code, label)
    url = reverse("web:proof", args=[code, label])
    wanted = request.GET.get("of", "")
    above = found.area.level != Level.COMMUNE
    # Who opened the parts of each commune could take a small one out of the whole.
    known = {row.code for row in found.rows if not (above and whole_of(row.code))}
    parts = withheld_parts({row.code: row.kept for row in found.rows}, builtin_catalogue())
    shares = (
        shares_of(actor, found.area, found.span, found.period, wanted) if wanted in known else []
    )
    exact = found.area.level == Level.COMMUNE and sees_exact(actor, found.area, found.span)
    withheld = {} if exact else _withheld(shares, wanted)
    page = Paginator(shares, PAGE_SIZE).get_page(request.GET.get("page"))
    differing = sum(not row.equal for row in found.rows)
    context = {
        "title": _("Chứng minh số cộng %(period)s") % {"period": in_sentence(found.period)},
        "facts": _("%(area)s · %(count)s biểu đã gửi")
        % {"area": found.area.full_name, "count": found.returns},
        "equal": found.equal,
        "differing": differing,
        "rows": [
            _row(
                row,
                url if row.code in known else "",
                kept_back=(above and row.code in parts)
                or (not above and not exact and _few(row.code, row.kept)),
            )
            for row in found.rows
        ],
        "opened": indicator_name(wanted) if wanted in known else "",
        "shares": [
            _share(one, found, wanted, withheld.get(one.area.code))
            for one in with_authors(actor, found, wanted, list(page.object_list))
        ],
        "page_obj": page,
        "page_query": f"&of={wanted}" if wanted in known else "",
        "views_url": reverse("web:views", args=[code, label])
        if found.period.kind is PeriodKind.MONTH
        else "",
        "area": area_frame(
            actor,
            found.area,
            found.span,
            SEE_RETURN,
            lambda c: reverse("web:proof", args=[c, label]),
            "returns",
        ),
        "period": reporting_frame(
            found.period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:proof", args=[code, one]),
        ),
        "as_of": as_of([last_saved(actor, found.span)]),
    }
    return render(request, "web/returns/proof.html", context)


def _row(row: Proved, url: str, *, kept_back: bool) -> dict[str, object]:
    return {
        "name": indicator_name(row.code),
        "url": f"{url}?of={row.code}#shares" if url else "",
        "kept": _(KEPT_BACK) if kept_back else _written(row.kept),
        "again": [None, None] if kept_back else [row.anew, row.plain],
        "equal": row.equal,
    }


def _share(one: Share, found: Proof, code: str, withheld: str | None) -> dict[str, Any]:
    label = found.period.label
    opens = one.area.level in (Level.PROVINCE, Level.COMMUNE) and found.area != one.area
    if opens:
        url = f"{reverse('web:proof', args=[one.area.code, label])}?of={code}#shares"
    else:
        form = reverse("web:return", args=[found.area.code, label])
        url = f"{form}#{cell_id(one.row, code)}"
    history = ""
    if one.by:
        owner = found.area if one.row or not opens else one.area
        form = reverse("web:return", args=[owner.code, label])
        history = f"{form}revisions/?cell={code}{'.' + one.row if one.row else ''}"
    return {
        "name": one.area.full_name,
        "url": url,
        "history_url": history,
        "value": _(withheld) if withheld else _written(one.value),
        "complete": one.complete,
        "revision": one.revision,
        "by": one.by,
        "when": one.at,
    }


def _few(code: str, value: Number | None) -> bool:
    return code in builtin_catalogue() and hidden(value, builtin_catalogue()[code].unit)


def _withheld(shares: Sequence[Share], code: str) -> dict[str, str]:
    """Return by area what stands for a value that must not leave its unit."""
    if code not in builtin_catalogue():
        return {}
    values = {one.area.code: one.value for one in shares}
    return withheld_among(values, builtin_catalogue()[code].unit)


def _written(value: Number | None) -> str:
    return "–" if value is None else write_number(value)
