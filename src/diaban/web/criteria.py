"""The criteria matrix, and the panel in which a cell explains itself."""

from collections.abc import Sequence
from datetime import date
from typing import Any

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
from diaban.core.access import Actor, Missing, Span
from diaban.core.periods import Period, PeriodKind, period_of
from diaban.indicators.selectors import last_closed, last_saved, read_period
from diaban.recognition.explanations import explain, short_note
from diaban.recognition.rules.conclusions import (
    SIGN,
    conclude,
    conclusion_codes,
    requirements,
    standing,
)
from diaban.recognition.rules.sets import CriteriaSet, SetPeriod
from diaban.recognition.selectors import (
    Assessed,
    Review,
    commune_sets,
    communes_below,
    criteria_set,
    review_of,
)
from diaban.web.frames import area_frame, as_of, in_sentence, period_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.panel import panel

PAGE_SIZE = 100
DEFAULT_SET = "lao-cai-2023"


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the matrix of an area for the newest closed month and the local set."""
    area_visible_to(request.actor, code, SEE_ASSESSMENT)
    return redirect(
        "web:matrix",
        code=code,
        set_id=DEFAULT_SET,
        label=default_period(criteria_set(DEFAULT_SET), timezone.localdate()).label,
    )


def default_period(criteria: CriteriaSet, today: date) -> Period:
    """Return the period that a set is first shown for: the last month, or the running year."""
    if criteria.period is SetPeriod.MOMENT:
        return last_closed(today)
    return period_of(last_closed(today).end, PeriodKind.YEAR)


@require_GET
def matrix(request: SignedInRequest, code: str, set_id: str, label: str) -> HttpResponse:
    """Show communes x criteria; `?commune=` and `?criterion=` open the panel."""
    actor, today = request.actor, timezone.localdate()
    criteria = criteria_set(set_id)
    area, span = area_visible_to(actor, code, SEE_ASSESSMENT)
    period = read_period(label)
    opened = (request.GET.get("commune", ""), request.GET.get("criterion", ""))
    url = reverse("web:matrix", args=[code, set_id, label])
    base = Base(actor, area, url, request.GET.get("outcome", ""))

    if request.htmx and all(opened):
        return _panel_only(request, base, criteria, period, span, opened)
    review = review_of(communes_below(actor, span), criteria, period, today)
    rows = [_row(base, one, opened) for one in ordered(review)]
    shown = [row for row in rows if base.outcome in ("", row["code"])]
    context = {
        "switchers": _switchers(base, criteria, period, code),
        "filters": _filters(base, criteria, rows),
        "sort": {"label": _("nặng nhất trước") if criteria.classes else _("gần đạt nhất")},
        "area_label": _("%(count)s xã, phường") % {"count": len(rows)},
        "criteria": [{"id": one.id, "label": one.label} for one in criteria.criteria],
        "rows": shown[:PAGE_SIZE],
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
            period, default_period(criteria, today),
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

    def __init__(self, actor: Actor, area: Area, url: str, outcome: str) -> None:
        self.actor, self.area, self.url, self.outcome = actor, area, url, outcome

    def link(self, **values: str) -> str:
        """Return the page's address with some parameters; the filter stays."""
        kept = {"outcome": self.outcome, **values}
        query = "&".join(f"{key}={value}" for key, value in kept.items() if value)
        return f"{self.url}?{query}" if query else self.url

    def exact(self, commune: Area) -> bool:
        """Return whether this person belongs to the commune, and so sees small counts."""
        return any(grant.area_id == commune.pk for grant in self.actor.grants)


def ordered(review: Review) -> list[Assessed]:
    """
    Return communes nearest to passing first: few criteria unmet, small shortfalls.

    For a set with classes: what a person has to decide first, then from the gravest class down.
    """
    order = {code: place for place, code in enumerate(conclusion_codes(review.criteria))}

    def key(one: Assessed) -> tuple[int, int, int, str]:
        unmet = [r for r in requirements(one.assessment) if r.status != "met"]
        short = sum(int(r.shortfall) for r in unmet if r.shortfall is not None)
        return order[conclude(one.assessment).code], len(unmet), short, one.area.sort_key

    return sorted(review.communes, key=key)


def _row(base: Base, one: Assessed, opened: tuple[str, str]) -> dict[str, Any]:
    exact = base.exact(one.area)
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


def _filters(
    base: Base, criteria: CriteriaSet, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    names = {"": _("Tất cả")}
    if criteria.classes:
        names |= conclusion_codes(criteria)
    else:
        names |= {"met": _("Đạt"), "not_met": _("Chưa đạt"),
                  "undetermined": _("Chưa đủ căn cứ")}  # fmt: skip
    return [
        {
            "label": name,
            "count": sum(1 for row in rows if key in ("", row["code"])),
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
            "url": reverse("web:matrix", args=[code, one.id, default_period(one, today).label]),
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
                found = explain(one, review, result, exact=base.exact(one.area))
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
    allowed = any(
        right.action == MAKE_MINUTES for grant in base.actor.grants for right in grant.rights
    )
    if not allowed:
        return ""
    return reverse("web:minutes", args=[review.criteria.id, one.area.code, review.period.label])
