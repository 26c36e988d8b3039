"""The overview of an area: where it stands, what is late, how good the figures are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from diaban.accounts.rules import REMIND_RETURN, SEE_AREA, SEE_ASSESSMENT, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Span, may
from diaban.core.numbers import percent_cut, write_number
from diaban.core.periods import Period, PeriodKind, period_of, year_before
from diaban.core.text import lower_first
from diaban.indicators.figures import closed_months
from diaban.indicators.models import FormVersion
from diaban.indicators.quality import Sent, hamlets_of, in_span, looked_at
from diaban.indicators.reminders import reminded_of
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.quality import Tally
from diaban.indicators.rules.returns import STATE_NAMES
from diaban.indicators.rules.small_counts import KEPT_BACK, SHOWN, hidden, share_hidden
from diaban.indicators.rules.views import VIEW_NAMES, View
from diaban.indicators.seen import at_home, sees_exact
from diaban.indicators.selectors import ended_beside, last_closed, read_period, totals_at
from diaban.plans.duty_lists import overdue_by_agency
from diaban.recognition.rules.classes import drawn_as
from diaban.recognition.selectors import (
    NATIONAL_SET,
    Review,
    communes_below,
    criteria_set,
    review_of,
)
from diaban.web.area_words import then_and_now
from diaban.web.commune_overview import own_class, own_figures
from diaban.web.frames import area_frame, as_of, in_sentence, period_frame
from diaban.web.middleware import SignedInRequest
from diaban.web.quality import band
from diaban.web.tiles import tile_cells, tile_letters

LATE_SHOWN = 6
# One tile an area is readable up to a large province; the nation shows its table instead.
MOST_TILES = 200


def state_names() -> dict[str, str]:
    """Return the classes as they are drawn, in the language of the page, best first."""
    return {
        "drug_free": _("Không ma túy"),
        "type_3": _("Loại III"),
        "type_2": _("Loại II"),
        "type_1": _("Loại I"),
        "needs_decision": _("Cần quyết định"),
        "undetermined": _("Thiếu số liệu"),
    }


def _shares() -> list[tuple[str, str, str, str]]:
    """Return what a share is told of: its label, the part, the whole, the word for the lacking."""
    return [
        (
            _("Người nghiện có mặt đang cai, điều trị"),
            "addicts_present_in_treatment",
            "addicts_present",
            _("người"),
        ),
        (_("Hộ gia đình ký cam kết"), "households_committed", "households", _("hộ")),
    ]


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the overview of the running year."""
    area, _span = area_visible_to(request.actor, code, SEE_AREA)
    if area.level == Level.HAMLET:
        return redirect("web:area", code=code)
    year = period_of(last_closed(timezone.localdate()).end, PeriodKind.YEAR)
    return redirect("web:overview-of", code=code, label=year.label)


@require_GET
def overview(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show an area on one page."""
    actor, today = request.actor, timezone.localdate()
    area, span = area_visible_to(actor, code, SEE_AREA)
    period = read_period(label)
    area.as_of(period.end)
    if area.level == Level.HAMLET:
        # Everything above is about communes; a hamlet has its page among the units.
        return redirect("web:area", code=code)
    if may(actor, SEE_RETURN, span) and not may(actor, SEE_ASSESSMENT, span):
        # A map without classes would say that there is no commune.
        return redirect("web:returns", code=code)
    months = closed_months(period, today)
    newest_month = months[-1] if months else last_closed(today)
    communes = communes_below(actor, span, period.end, newest_month.end)
    versions = list(FormVersion.objects.all())
    review = review_of(communes, criteria_set(NATIONAL_SET), period, today, versions)
    states = {one.area.code: drawn_as(one.assessment.classification) for one in review.communes}
    month = review.months[-1] if review.months else last_closed(today)
    hamlets = hamlets_of(actor.map_id, {"left__gte": span.left, "left__lte": span.right})
    gone = [] if area.level == Level.COMMUNE else ended_beside(actor, span, month, communes)
    looked = looked_at(
        communes,
        month,
        versions,
        today,
        map_id=actor.map_id,
        scope=in_span(actor, span.left, span.right),
        hamlets=hamlets,
        ended=gone,
    )
    late = [one for one in looked.communes if not one.counts]
    url = reverse("web:overview-of", args=[code, label])
    counts = Counter(states.values())
    newest = period_of(last_closed(today).end, PeriodKind.YEAR)
    figures = _figures(actor, area, span, period, month, counts, len(communes), looked.communes)
    own = None
    if area.level == Level.COMMUNE and review.communes:
        # A map of one tile says nothing; a commune asks where it stands itself, and why.
        (one,), state = review.communes, states[area.code]
        hamlets_told = looked.communes[0].tallies.get("hamlets", Tally(0, sum(hamlets.values())))
        figures[:2] = own_figures(one, state_names()[state], hamlets_told, label, month.label)
        own = own_class(one, state, state_names()[state], label, own=at_home(actor, area))
    context = {
        "title": _("Toàn cảnh %(area)s")
        % {
            # The nation's name keeps its capital, a type word does not.
            "area": area.short_name if area.level == Level.NATION else lower_first(area.full_name)
        },
        "facts": _facts(len(communes), sum(hamlets.values()), today),
        "views": {
            "note": _(VIEW_NAMES[View.AS_REPORTED]),
            "url": reverse("web:views", args=[code, month.label]),
        },
        "figures": figures,
        "own": own,
        "map": {
            "title": _("Phân loại xã, phường"),
            "note": _("tạm tính theo Quyết định 28/2025")
            if review.provisional
            else _("theo Quyết định 28/2025"),
            **_tiles(review, states, label),
        },
        "legend": [
            {"state": state, "label": name, "count": counts[state]}
            for state, name in state_names().items()
        ],
        "as_table": "table" in request.GET or len(communes) > MOST_TILES,
        "map_url": url,
        "table_url": f"{url}?table=1",
        "overdue": _overdue(actor, span, today),
        "not_reported": _not_reported(
            code,
            len(looked.communes),
            late,
            month,
            looked.due,
            reminded_of([one.area.pk for one in looked.communes], [month.label])
            if may(actor, REMIND_RETURN, span)
            else {},
        ),
        "remind": {
            "url": reverse("web:remind-returns", args=[code, month.label]),
            "label": ngettext(
                "Nhắc %(count)s xã chưa báo cáo", "Nhắc %(count)s xã chưa báo cáo", len(late)
            )
            % {"count": write_number(len(late))},
        }
        if late and month.end < today and may(actor, REMIND_RETURN, span)
        else None,
        "quality": band(
            looked.communes,
            month,
            reverse("web:quality-of", args=[code, month.label]),
            own=area.level == Level.COMMUNE,
        ),
        "area": area_frame(
            actor, area, span, SEE_AREA, lambda c: reverse("web:overview", args=[c]), "areas"
        ),
        "period": period_frame(
            period, newest, lambda one: reverse("web:overview-of", args=[code, one])
        ),
        "as_of": as_of([looked.saved]),
    }
    return render(request, "web/overview.html", context)


def _overdue(actor: Actor, span: Span, today: date) -> dict[str, Any] | None:
    """Return who is late with what the plans ordered; None while no plan is published."""
    rows = overdue_by_agency(actor, span, today)
    if rows is None:
        return None
    url = reverse("web:duties")
    return {
        "rows": [
            {
                "agency": row.name,
                "url": f"{url}?status=overdue&agency={row.agency_id}",
                "count": row.count,
                "longest_days": row.longest_days,
                "due_soon": row.due_soon,
            }
            for row in rows[:LATE_SHOWN]
        ],
        "more": {
            "url": f"{url}?status=overdue",
            "label": _("cả %(count)s cơ quan") % {"count": len(rows)},
        }
        if len(rows) > LATE_SHOWN
        else None,
        "note": _("Cơ quan được đề nghị (Mặt trận, Tòa án, Viện kiểm sát) không xếp vào bảng này."),
    }


def _facts(communes: int, hamlets: int, today: date) -> str:
    return _(
        "%(communes)s xã, phường · %(hamlets)s thôn, tổ dân phố · theo bản đồ địa giới ngày %(day)s"
    ) % {
        "communes": write_number(communes),
        "hamlets": write_number(hamlets),
        "day": f"{today:%d/%m/%Y}",
    }


def _figures(
    actor: Actor,
    area: Area,
    span: Span,
    period: Period,
    month: Period,
    counts: Counter[str],
    communes: int,
    looked: Sequence[Sent],
) -> list[dict[str, Any]]:
    """Return the five key figures, each with last year's where there is one."""
    now, before = totals_at(actor, area, span, [month, year_before(month)])
    # A total says how many stand behind it, unless all do.
    sent = sum(one.counts for one in looked)
    behind = (
        ""
        if sent == len(looked)
        else " · "
        + _("%(sent)s/%(all)s xã") % {"sent": write_number(sent), "all": write_number(len(looked))}
    )
    url = reverse("web:completeness", args=[area.code, month.label])
    commune = area.level == Level.COMMUNE
    exact = commune and sees_exact(actor, area, span)
    figures: list[dict[str, Any]] = [
        {
            "label": _("Xã, phường không ma túy"),
            "value": write_number(counts["drug_free"]),
            "of": f"/ {write_number(communes)}",
            "url": reverse("web:matrix", args=[area.code, NATIONAL_SET, period.label]),
        },
        {
            "label": _("Địa bàn trọng điểm loại I, loại II"),
            "value": write_number(counts["type_1"] + counts["type_2"]),
            "url": reverse("web:matrix", args=[area.code, NATIONAL_SET, period.label]),
        },
    ]
    for label, part, whole, counted in _shares():
        unit = "" if exact else builtin_catalogue()[whole].unit
        kept = unit if commune else ""
        figures.append(
            {
                "label": label,
                "value": _percent(now, part, whole, kept),
                "of": _counts(now, part, whole, kept) + behind if _told(now, part, whole) else "",
                "url": url,
                "last": _percent(before, part, whole, kept) if _told(before, part, whole) else "",
                "target": "100%",
                "gap": _gap(now, part, whole, unit, counted),
            }
        )
    figures.append(
        {
            "label": _("Điểm, tụ điểm đang mở"),
            "of": behind,
            "value": write_number(now["hotspots_open"]) if "hotspots_open" in now else "–",
            "url": url,
            "last": write_number(before["hotspots_open"]) if "hotspots_open" in before else "",
            "target": "0",
            "gap": _spots(now),
        }
    )
    return figures


def _told(now: dict[str, int], part: str, whole: str) -> bool:
    """Return whether there is a share: both columns were reported, and there was one to count."""
    return part in now and bool(now.get(whole))


def _percent(now: dict[str, int], part: str, whole: str, unit: str) -> str:
    """Return a share with one place, cut so that 99,96 does not read 100; withheld of a few."""
    if not _told(now, part, whole):
        return "–"
    if share_hidden(now[part], now[whole], unit):
        return KEPT_BACK
    return f"{write_number(percent_cut(Fraction(now[part], now[whole])), 1)}%"


def _counts(now: dict[str, int], part: str, whole: str, unit: str) -> str:
    if share_hidden(now[part], now[whole], unit):
        return ""
    return f"{write_number(now[part])} / {write_number(now[whole])}"


def _gap(now: dict[str, int], part: str, whole: str, unit: str, counted: str) -> dict[str, str]:
    if not _told(now, part, whole):
        return {"status": "missing", "text": _("chưa có số liệu")}
    short = now[whole] - now[part]
    if short <= 0:
        return {"status": "met", "text": _("đạt")}
    said = SHOWN if hidden(short, unit) else write_number(short)
    return {
        "status": "not_met",
        "text": _("còn %(count)s %(unit)s") % {"count": said, "unit": counted},
    }


def _spots(now: dict[str, int]) -> dict[str, str]:
    if "hotspots_open" not in now:
        return {"status": "missing", "text": _("chưa có số liệu")}
    if now["hotspots_open"]:
        return {
            "status": "not_met",
            "text": _("còn %(count)s điểm") % {"count": write_number(now["hotspots_open"])},
        }
    return {"status": "met", "text": _("đạt")}


def _tiles(review: Review, states: dict[str, str], label: str) -> dict[str, Any]:
    points = {
        one.area.code: (one.area.lat, one.area.lon)
        for one in review.communes
        if one.area.lat is not None and one.area.lon is not None
    }
    cells = tile_cells(points) if len(points) <= MOST_TILES else {}
    letters = tile_letters({one.area.code: one.area.short_name for one in review.communes})
    names = state_names()
    tiles = []
    spare = max((cell.row for cell in cells.values()), default=-1) + 1
    homeless = 0
    for one in review.communes:
        cell = cells.get(one.area.code)
        column, row = (cell.column, cell.row) if cell else (homeless % 18, spare + homeless // 18)
        homeless += cell is None
        state = states[one.area.code]
        tiles.append(
            {
                "code": letters[one.area.code],
                "name": one.area.full_name,
                "state": state,
                "state_label": names[state],
                "url": reverse("web:matrix", args=[one.area.code, NATIONAL_SET, label]),
                "x": column,
                "y": row,
            }
        )
    return {"tiles": tiles, "borders": [], "labels": []}


def _not_reported(
    code: str,
    owing: int,
    late: Sequence[Sent],
    month: Period,
    due: date,
    reminded: Mapping[tuple[int, str], date],
) -> dict[str, Any]:
    return {
        "title": _("Chưa báo cáo %(period)s") % {"period": in_sentence(month)},
        "note": _("%(late)s / %(all)s xã · hạn %(due)s")
        % {
            "late": write_number(len(late)),
            "all": write_number(owing),
            "due": f"{due:%d/%m}",
        },
        "url": reverse("web:completeness", args=[code, month.label]),
        "rows": [
            {
                "area": then_and_now(one.area, one.heirs),
                "url": reverse("web:return", args=[one.area.code, month.label]),
                "state": _(STATE_NAMES[one.state]).lower() if one.state else _("chưa mở biểu"),
                "reminded": _("nhắc %(day)s") % {"day": f"{on:%d/%m}"}
                if (on := reminded.get((one.area.pk, month.label)))
                else "",
            }
            for one in late[:LATE_SHOWN]
        ],
        "more": _("và %(count)s xã khác") % {"count": write_number(len(late) - LATE_SHOWN)}
        if len(late) > LATE_SHOWN
        else "",
    }
