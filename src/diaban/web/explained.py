"""Giải thích biến động: what communes explained, on the way into the report of the area above."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_RETURN
from diaban.core.periods import PeriodKind, period_of
from diaban.indicators.explained import Explained, explained_in
from diaban.web.entry_cells import cell_id
from diaban.web.entry_words import indicator_name, short_name
from diaban.web.frames import area_frame, as_of, in_sentence, reporting_frame
from diaban.web.middleware import SignedInRequest

PAGE_SIZE = 50


@require_GET
def explanations(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show what was explained in the returns of an area, each with the way to its cell."""
    actor = request.actor
    area, span, period, found = explained_in(actor, code, label)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "title": f"{_('Giải thích biến động')} {in_sentence(period)}",
        "facts": ngettext(
            "%(area)s · %(n)s ô được giải thích", "%(area)s · %(n)s ô được giải thích", len(found)
        )
        % {"area": area.full_name, "n": len(found)},
        "rows": [_row(one, label) for one in page.object_list],
        "page_obj": page,
        "back_url": reverse("web:completeness", args=[code, label]),
        "export_url": reverse("web:export-completeness", args=[code, label]),
        "area": area_frame(
            actor, area, span, SEE_RETURN,
            lambda c: reverse("web:explanations", args=[c, label]), "returns",
        ),
        "period": reporting_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:explanations", args=[code, one]),
        ),
        "as_of": as_of([timezone.now()]),
    }  # fmt: skip
    return render(request, "web/returns/explanations.html", context)


def _row(one: Explained, label: str) -> dict[str, str]:
    url = reverse("web:return", args=[one.area.code, label])
    return {
        "area": one.area.full_name,
        "cell": f"{one.place}, {short_name(one.code)}" if one.place else indicator_name(one.code),
        "url": f"{url}#{cell_id(one.row, one.code)}",
        "text": one.sentence,
        "by": one.by,
    }
