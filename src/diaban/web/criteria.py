"""The criteria matrix, and the panel in which a cell explains itself."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from diaban.accounts.rules import MAKE_MINUTES, SEE_ASSESSMENT
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.core.access import Actor, Missing, Span, may
from diaban.core.periods import Period
from diaban.indicators.seen import at_home
from diaban.indicators.selectors import last_saved, read_period
from diaban.recognition.explanations import explain
from diaban.recognition.rules.conclusions import (
    SIGN,
    conclude,
    conclusion_codes,
    requirements,
    standing,
)
from diaban.recognition.rules.sets import CriteriaSet, SetPeriod
from diaban.recognition.rules.withholding import short_note
from diaban.recognition.selectors import (
    Assessed,
    Review,
    commune_sets,
    communes_below,
    criteria_set,
    first_set,
    first_shown,
    known_of,
    province_of,
    review_of,
)
from diaban.web.frames import area_frame, as_of, in_sentence, period_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.panel import panel

PAGE_SIZE: Final = 100


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the matrix of an area for the newest closed month and the province's set."""
    _area, span = area_visible_to(request.actor, code, SEE_ASSESSMENT)
    today = timezone.localdate()
    first = first_set(province_of(request.actor, span), today)
    label = first_shown(first, today).label
    return redirect("web:matrix", code=code, set_id=first.id, label=label)


@require_GET
def matrix(request: SignedInRequest, code: str, set_id: str, label: str) -> HttpResponse:
    """Show communes x criteria; `?commune=` and `?criterion=` open the panel."""
    actor, today = request.actor, timezone.localdate()
    criteria = criteria_set(set_id)
    area, span = area_visible_to(actor, code, SEE_ASSESSMENT)
    period = read_period(label)
    area.as_of(period.end)
    opened = (request.GET.get("commune", ""), request.GET.get("criterion", ""))
    url = reverse("web:matrix", args=[code, set_id, label])
    base = Base(actor, span, url, request.GET.get("outcome", ""), request.GET.get("page", ""))

    if request.htmx and all(opened):
        return _panel_only(request, base, criteria, period, span, opened)
    known = known_of(communes_below(actor, span, period.end), criteria, period, today)
    order = known.nearest_first()
    shown = [commune for commune, one in order if base.outcome in ("", one.code)]
    page = Paginator(shown, PAGE_SIZE).get_page(base.page or _leaf_of(shown, opened[0]))
    # What stands on this leaf is assessed with its reasons; the order needs none.
    leaf = list(page.object_list)
    aside = [one for one in known.communes if one.code == opened[0] and one not in leaf]
    review = known.review([*leaf, *aside])
    context = {
        "switchers": _switchers(base, criteria, period, code),
        "filters": _filters(base, criteria, Counter(one.code for _area, one in order)),
        "sort": {"label": _("nặng nhất trước") if criteria.classes else _("gần đạt nhất")},
        "area_label": _("%(count)s xã, phường") % {"count": len(order)},
        "criteria": [{"id": one.id, "label": one.label} for one in criteria.criteria],
        "rows": [_row(base, one, opened) for one in review.communes[: len(leaf)]],
        "page_obj": page,
        "page_query": f"&{urlencode({'outcome': base.outcome})}" if base.outcome else "",
        "cell": _opened(base, review, opened),
        "legend": CLASS_LEGEND if criteria.classes else LEGEND,
        # A commune younger than a month stands on the figures of the units that it was made of.
        "note": " · ".join(
            filter(None, (_period_note(review), _("số liệu theo địa giới hiện nay")))
        ),
        "area": area_frame(
            actor, area, span, SEE_ASSESSMENT,
            lambda c: reverse("web:matrix", args=[c, set_id, label]), "criteria",
        ),
        "period": period_frame(
            period, first_shown(criteria, today),
            lambda one: reverse("web:matrix", args=[code, set_id, one]),
        ),
        "as_of": as_of([last_saved(actor, span)]),
    }  # fmt: skip
    return render(request, "web/criteria/matrix.html", context)


LEGEND = [
    {"status": "met", "note": "", "text": _lazy("đạt")},
    {"status": "met", "note": "0/0", "text": _lazy("không có trường hợp nào")},
    {"status": "not_met", "note": "16", "text": _lazy("còn thiếu 16")},
    {"status": "not_met", "note": "1–4", "text": _lazy("số người nhỏ, không nêu rõ")},
    {"status": "missing", "note": "", "text": _lazy("thiếu số liệu")},
    {"status": "invalid", "note": "", "text": _lazy("số liệu sai")},
]
CLASS_LEGEND = [
    {"status": "sign", "note": "", "text": _lazy("có dấu hiệu để xếp loại")},
    {"status": "no_sign", "note": "", "text": _lazy("không có dấu hiệu, hoặc đạt")},
    {"status": "not_met", "note": "1–4", "text": _lazy("chưa đạt; số người nhỏ không nêu rõ")},
    *LEGEND[-2:],
]


class Base:
    """Who looks at what: what every link of the page needs."""

    def __init__(self, actor: Actor, span: Span, url: str, outcome: str, page: str) -> None:
        self.actor, self.span, self.url = actor, span, url
        self.outcome, self.page = outcome, page

    def link(self, **values: str) -> str:
        """Return the page's address with some parameters; the filter and the leaf stay."""
        kept = {"outcome": self.outcome, "page": self.page, **values}
        query = urlencode({key: value for key, value in kept.items() if value})
        return f"{self.url}?{query}" if query else self.url


def _leaf_of(communes: Sequence[Area], opened: str) -> int:
    """Return the leaf on which the opened commune stands, the first when none is open."""
    at = next((place for place, one in enumerate(communes) if one.code == opened), 0)
    return at // PAGE_SIZE + 1


def _row(base: Base, one: Assessed, opened: tuple[str, str]) -> dict[str, Any]:
    exact = at_home(base.actor, one.area)
    unmet = sum(1 for result in requirements(one.assessment) if result.status == "not_met")
    found = conclude(one.assessment)
    classed = one.assessment.classification is not None
    cells = []
    for result in one.assessment.results:
        here = opened == (one.area.code, result.criterion.id)
        cells.append(
            {
                "id": f"m-{one.area.code}-{result.criterion.id}",
                "status": standing(result),
                "note": short_note(result, one.assessment.criteria.catalogue, exact=exact),
                "url": base.link(commune=one.area.code, criterion=result.criterion.id),
                "current": here,
            }
        )
    return {
        "name": one.area.full_name,
        "url": base.link(commune=one.area.code, criterion=_first_open(one)),
        "code": found.code,
        "outcome": found.status.value,
        "word": found.word if classed else "",
        "short": _("còn %(count)s") % {"count": unmet} if unmet and not classed else "",
        "current": opened[0] == one.area.code,
        "cells": cells,
    }


def _first_open(one: Assessed) -> str:
    """Return the criterion that a click on the commune's name opens: the first to look at."""
    results = one.assessment.results
    signs = [r.criterion.id for r in results if standing(r) == SIGN]
    unmet = [r.criterion.id for r in requirements(one.assessment) if r.status != "met"]
    return [*signs, *unmet, results[0].criterion.id][0]


def _period_note(review: Review) -> str:
    if review.criteria.period is not SetPeriod.YEAR or not review.provisional:
        return ""
    if not review.months:
        return _("Năm này chưa có tháng nào kết thúc.")
    return _("Tạm tính đến hết %(month)s; năm chưa kết thúc.") % {
        "month": in_sentence(review.months[-1])
    }


def _filters(base: Base, criteria: CriteriaSet, counts: Counter[str]) -> list[dict[str, Any]]:
    names = {"": _("Tất cả")}
    if criteria.classes:
        names |= conclusion_codes(criteria)
    else:
        names |= {"met": _("Đạt"), "not_met": _("Chưa đạt"),
                  "undetermined": _("Chưa đủ căn cứ")}  # fmt: skip
    return [
        {
            "label": name,
            "count": counts[key] if key else counts.total(),
            "url": f"{base.url}?outcome={key}" if key else base.url,
            "current": base.outcome == key,
        }
        for key, name in names.items()
    ]


def _switchers(
    base: Base, criteria: CriteriaSet, period: Period, code: str
) -> list[dict[str, Any]]:
    today = timezone.localdate()
    sets = [
        {
            "label": one.title,
            "note": one.number or one.issuer,
            "url": reverse("web:matrix", args=[code, one.id, first_shown(one, today).label]),
            "current": one.id == criteria.id,
        }
        for one in commune_sets()
    ]
    return [
        {
            "label": criteria.title,
            "value": _("%(count)s mục") % {"count": len(criteria.criteria)},
            "choices": sets,
        },
    ]


def _opened(base: Base, review: Review, opened: tuple[str, str]) -> dict[str, Any] | None:
    for one in review.communes:
        for result in one.assessment.results:
            if opened == (one.area.code, result.criterion.id):
                found = explain(one, review, result, exact=at_home(base.actor, one.area))
                return panel(found, base.link(), _minutes_url(base, one, review))
    return None


def _panel_only(
    request: SignedInRequest,
    base: Base,
    criteria: CriteriaSet,
    period: Period,
    span: Span,
    opened: tuple[str, str],
) -> HttpResponse:
    commune, place = area_visible_to(base.actor, opened[0], SEE_ASSESSMENT)
    if not span.holds(place):
        raise Missing("Xã này không thuộc địa bàn đang mở.")
    review = review_of([commune], criteria, period, timezone.localdate())
    return render(request, "web/criteria/cell.html", {"cell": _opened(base, review, opened)})


def _minutes_url(base: Base, one: Assessed, review: Review) -> str:
    if not may(base.actor, MAKE_MINUTES, base.span):
        return ""
    return reverse("web:minutes", args=[review.criteria.id, one.area.code, review.period.label])
