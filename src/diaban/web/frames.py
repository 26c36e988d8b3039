"""What stands above every page: where one is, which period, as of when the figures are."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diaban.areas.models import Area
from diaban.areas.rules.levels import Level, full_name
from diaban.core.access import Actor, Span, may
from diaban.core.periods import Period, PeriodKind, following, period_of, previous
from diaban.core.text import lower_first
from diaban.indicators.campaigns import windows_near
from diaban.indicators.rules.campaigns import CampaignPeriod
from diaban.indicators.rules.period_forms import form_by_kind
from diaban.web.area_words import level_word

UrlOf = Callable[[str], str]

MONTHS_BACK: Final = 12
# Beside the campaigns only the newest months: who looks for an older one starts from there.
MONTHS_BESIDE: Final = 3
WEEKDAYS: Final = (
    "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật",
)  # fmt: skip


def area_frame(
    actor: Actor, area: Area, span: Span, action: str, url_of: UrlOf, page: str
) -> dict[str, Any]:
    """
    Return the path of areas above and a switcher to others on the same page.

    `url_of` gives the address of this page for the area of a code; an area above that `actor`
    may not see is named without a link. `page` names the page for the search, which lists the
    areas of the same level when the switcher is opened.

    Cost: one query; none for a province, above which there is only the nation.
    """
    if area.level in (Level.NATION, Level.PROVINCE):
        return _frame(area, [], page)
    above = (
        Area.objects.filter(
            placements__version=actor.map_id,
            placements__left__lt=span.left,
            placements__right__gte=span.right,
        )
        .exclude(level=Level.NATION.value)
        .called_on(timezone.localdate())
        .order_by("placements__left")
        .values_list(  # type: ignore[misc]
            "code", "type_then", "name_then", "placements__left", "placements__right"
        )
    )
    path = []
    for code, type_word, name, left, right in above:
        seen = may(actor, action, Span(left, right))
        path.append(
            {
                "name": full_name(type_word or "", name or code),
                "url": url_of(code) if seen else "",
            }
        )
    return _frame(area, path, page)


def _frame(area: Area, path: list[dict[str, str]], page: str) -> dict[str, Any]:
    return {
        "path": path,
        "name": area.full_name,
        "search_url": f"{reverse('web:find')}?page={page}&level={area.level}",
        # A form that is sent drops what stands behind its address: these go with it.
        "search_fields": {"page": page, "level": area.level},
    }


def newest_of(area: Area, today: date) -> Period:
    """Return the newest month that an area's page leads to: its last where it has ended."""
    running = period_of(today, PeriodKind.MONTH)
    if area.valid_to is None or area.valid_to > today:
        return running
    # The month in which it ended is that of the units after it.
    return previous(period_of(area.valid_to, PeriodKind.MONTH))


def reporting_frame(
    period: Period,
    newest: Period,
    url_of: UrlOf,
    kinds: Sequence[PeriodKind] | None = None,
) -> dict[str, Any]:
    """
    Return the switcher of a page about returns: periods of one kind, and the way to the others.

    `kinds` are those that the page knows; all that have a form where it is not given. `newest`
    is a month.
    """
    shown = kinds if kinds is not None else tuple(form_by_kind())
    return period_frame(period, newest, url_of) | {
        "kinds": [
            {
                "label": kind_name(kind),
                "url": url_of(_of_kind(period, newest, kind).label),
                "current": kind is period.kind,
            }
            for kind in shown
        ]
    }


def _of_kind(period: Period, newest: Period, kind: PeriodKind) -> Period:
    """Return the window of a kind nearest to a period: over if the period is, else running."""
    if kind is period.kind:
        return period
    last = min(period.end, newest.end)
    found = period_of(last, kind)
    return found if found.end <= last else previous(found)


def kind_name(kind: PeriodKind) -> str:
    """Return what the periods of a kind are called."""
    return {
        PeriodKind.MONTH: _("Tháng"),
        PeriodKind.QUARTER: _("Quý"),
        PeriodKind.HALF: _("6 tháng"),
        PeriodKind.YEAR: _("Năm"),
        PeriodKind.OTHER: _("Đợt báo cáo"),
    }[kind]


def period_frame(period: Period, newest: Period, url_of: UrlOf) -> dict[str, Any]:
    """
    Return the switcher between periods of one kind; none lies after `newest`.

    `url_of` gives the address of this page for the period of a label.
    """
    if isinstance(period, CampaignPeriod):
        return _campaign_frame(period, newest, url_of)
    if newest.kind is not period.kind:
        newest = period_of(newest.end, period.kind)
    before, after = previous(period), following(period)
    choices = []
    shown = newest
    for _step in range(MONTHS_BACK):
        choices.append(
            {
                "label": period_name(shown),
                "span": shown.span,
                "url": url_of(shown.label),
                "current": shown == period,
            }
        )
        shown = previous(shown)
    return {
        "label": period_name(period),
        "span": period.span,
        "previous_url": url_of(before.label),
        "next_url": url_of(after.label) if after.end <= newest.end else "",
        "choices": choices,
    }


def _campaign_frame(period: CampaignPeriod, newest: Period, url_of: UrlOf) -> dict[str, Any]:
    """
    Return the switcher on a campaign's page: the campaigns of its area, then the last months.

    The arrows lead from campaign to campaign. Cost: one query.
    """
    campaigns = windows_near(period.asked_of)
    at = next(number for number, one in enumerate(campaigns) if one.label == period.label)
    months = [newest]
    while len(months) < MONTHS_BESIDE:
        months.append(previous(months[-1]))
    return {
        "label": period_name(period),
        "span": period.span,
        "previous_url": url_of(campaigns[at - 1].label) if at else "",
        "next_url": url_of(campaigns[at + 1].label) if at + 1 < len(campaigns) else "",
        "choices": [
            {
                "label": period_name(one),
                "span": one.span,
                "url": url_of(one.label),
                "current": one.label == period.label,
            }
            for one in [*reversed(campaigns), *months]
        ],
    }


def period_name(period: Period) -> str:
    """Return the name of a period in the language of the page."""
    return period.title_en if get_language() == "en" else period.title


def in_sentence(period: Period) -> str:
    """Return the name of a period in the middle of a sentence."""
    name = period_name(period)
    if period.kind is PeriodKind.OTHER:
        return f"“{name}”"
    return name if get_language() == "en" else lower_first(name)


def as_of(moments: Sequence[datetime | None]) -> str:
    """Return when the newest of some figures was saved: "10:42 hôm nay", "16:20 ngày 12/11"."""
    known = [moment for moment in moments if moment is not None]
    if not known:
        return ""
    moment = timezone.localtime(max(known))
    today = timezone.localdate()
    if moment.date() == today:
        return _("%(time)s hôm nay") % {"time": f"{moment:%H:%M}"}
    day = f"{moment:%d/%m}" if moment.year == today.year else f"{moment:%d/%m/%Y}"
    return _("%(time)s ngày %(day)s") % {"time": f"{moment:%H:%M}", "day": day}


def day_in_words(day: date) -> str:
    """Return `Thứ Tư, 18/11/2026`."""
    name = f"{day:%A}" if get_language() == "en" else WEEKDAYS[day.weekday()]
    return f"{name}, {day:%d/%m/%Y}"


def level_name(area: Area) -> str:
    """Return the name of an area's level, as under a search result."""
    return level_word(Level(area.level))


def home_frame(actor: Actor, action: str, url_of: UrlOf, page: str) -> dict[str, Any] | None:
    """Return the frame of the area in which `actor` holds the first role; None without one."""
    if not actor.grants:
        return None
    grant = actor.grants[0]
    area = Area.objects.get(pk=grant.area_id)
    return area_frame(actor, area, grant.span, action, url_of, page)
