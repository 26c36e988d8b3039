"""The map: an indicator, a class or the state of reporting, by province or by commune."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_ASSESSMENT, SEE_RETURN
from diaban.accounts.scopes import area_of_then_visible_to, area_visible_to
from diaban.areas.browsing import full_above, full_of, named_on
from diaban.areas.mapping import Drawing, Place, drawing_of, stamped_versions
from diaban.areas.models import Area, BoundaryVersion, Placement
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import version_among
from diaban.core.access import Actor, Missing, Span, may
from diaban.core.numbers import write_number
from diaban.core.periods import Period, PeriodKind
from diaban.core.text import lower_first
from diaban.indicators.models import FormVersion
from diaban.indicators.rules.catalogue import Indicator, builtin_catalogue
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.indicators.rules.views import VIEW_NAMES, View
from diaban.indicators.selectors import form_among, last_closed, read_period
from diaban.indicators.totals import layout_of
from diaban.web.area_words import level_word
from diaban.web.areas import tabs, unit_url
from diaban.web.frames import area_frame, period_frame
from diaban.web.map_figures import CLASS, REPORTING, Asked, Figures, Shown
from diaban.web.map_tiles import tile_groups
from diaban.web.middleware import SignedInRequest
from diaban.web.typed_numbers import typed_number

TABLE_ROWS: Final = 100
SIGNS_AT_MOST: Final = 200
# What has no colour of its own: filled with a pattern of the drawing.
PATTERNS: Final = {
    "missing": "url(#hatch)", "undetermined": "url(#hatch)", "few": "url(#dots)",
}  # fmt: skip


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the map of an area for the newest closed month."""
    return shown(request, code, last_closed(timezone.localdate()).label)


@require_GET
def shown(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show the units of an area as a map, or as the table beside it."""
    actor, today = request.actor, timezone.localdate()
    area, span = area_visible_to(actor, code, SEE_RETURN)
    if area.level == Level.HAMLET:
        raise Missing(_("Thôn, tổ dân phố không có bản đồ riêng; hãy mở bản đồ của xã."))
    period = _month(label)
    versions = stamped_versions()
    then, now = version_among(versions, period.end), version_among(versions, today)
    forms = list(FormVersion.objects.order_by("valid_from"))
    form = _form(period, forms)
    asked = _asked(request, area, form, assessed=may(actor, SEE_ASSESSMENT, span))
    # The two views differ only when a map was published in between.
    two_views = then != now and asked.show not in (CLASS, REPORTING)
    version, day = (then, period.end) if then != now and asked.view is View.AS_REPORTED else (
        now, today)  # fmt: skip
    if version is None:
        raise Missing(_("Chưa có bản đồ địa giới nào."))
    places = _places(actor, area, span, version, day, asked.level, then_map=version != now)
    drawing = drawing_of(
        version,
        [Place(one.area_id, one.area.lon, one.area.lat, full_of(one)) for one in places],
        nation=area.level == Level.NATION,
    )
    figures = Figures(asked, period, form, places, today)
    if version == now and two_views:
        figures.carry(span, now, forms)
    units, legend = figures.units(actor)
    for item in legend:
        item["fill"] = PATTERNS.get(item["key"], "")
    link = _Link(code, period, asked)
    rows = [_row(one, units[one.area_id], link, day, today) for one in places]
    context = {
        "tabs": tabs("map", actor),
        "title": _("Bản đồ %(area)s")
        % {"area": area.short_name if area.level == Level.NATION else lower_first(area.full_name)},
        "bar_title": area.full_name,
        "facts": " · ".join(
            [
                figures.title,
                lower_first(period.title),
                _("%(count)s đơn vị %(level)s")
                % {"count": write_number(len(places)), "level": level_word(asked.level)},
                _("bản đồ địa giới ngày %(day)s") % {"day": f"{day:%d/%m/%Y}"},
            ]
        ),
        "view_name": VIEW_NAMES[View.AS_REPORTED if version != now else asked.view],
        "views": [
            {"label": VIEW_NAMES[one], "url": link.to(view=one.value), "current": one is asked.view}
            for one in View
        ]
        if two_views
        else [],
        "choices": _choices(asked.show, form),
        "levels": [
            (one.value, level_word(one), one is asked.level)
            for one in (Level.PROVINCE, Level.COMMUNE)
        ]
        if area.level == Level.NATION
        else [],
        "asked": asked,
        "drawing": drawing,
        "shapes": _shapes(places, drawing, rows),
        "groups": tile_groups(places, rows, drawing, day),
        "merged": _merged(units, drawing)
        if len(places) > SIGNS_AT_MOST and drawing.outlined
        else [],
        "signs": len(places) <= SIGNS_AT_MOST,
        # Text: a number would get a decimal comma in the template.
        "radius": "13" if len(places) <= SIGNS_AT_MOST else "3",
        "unplaced": [
            row
            for one, row in zip(places, rows, strict=True)
            if one.area_id not in drawing.points and one.area_id not in drawing.paths
        ],
        "legend": legend,
        "estimated": any(unit.estimated for unit in units.values()),
        "rows": rows[(asked.page - 1) * TABLE_ROWS : asked.page * TABLE_ROWS],
        "previous_page": link.to(table="1", page=str(asked.page - 1)) if asked.page > 1 else "",
        "next_page": link.to(table="1", page=str(asked.page + 1))
        if len(rows) > asked.page * TABLE_ROWS
        else "",
        "totals_url": reverse("web:views", args=[code, period.label]),
        "map_url": link.to(table=""),
        "table_url": link.to(table="1"),
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:map", args=[c]), "map"
        ),
        "period": period_frame(period, last_closed(today), lambda one: link.to(period=one)),
    }
    return render(request, "web/areas/map.html", context)


class _Link:
    """The address of this page with some of its choices changed."""

    def __init__(self, code: str, period: Period, asked: Asked) -> None:
        self._code, self._period = code, period
        self._kept = {
            "show": asked.show,
            "level": asked.level.value,
            "view": asked.view.value,
            "table": "1" if asked.table else "",
        }

    def to(self, *, period: str = "", code: str = "", **changed: str) -> str:
        """Return the address."""
        url = reverse("web:map-of", args=[code or self._code, period or self._period.label])
        kept = {key: value for key, value in {**self._kept, **changed}.items() if value}
        return f"{url}?{urlencode(kept)}"


def _month(label: str) -> Period:
    period = read_period(label)
    if period.kind is not PeriodKind.MONTH:
        return last_closed(min(timezone.localdate(), period.end))
    return period


def _asked(request: SignedInRequest, area: Area, form: FormVersion, *, assessed: bool) -> Asked:
    given = request.GET
    level = Level.COMMUNE
    if area.level == Level.NATION and given.get("level") != Level.COMMUNE.value:
        level = Level.PROVINCE
    known = {value for _title, options in _options(form) for value, _word in options}
    show = given.get("show", "")
    if show not in known:
        show = CLASS if level is Level.COMMUNE and area.level != Level.NATION else REPORTING
    if show == CLASS and (area.level == Level.NATION or not assessed):
        show = REPORTING
    view = View.TODAY if given.get("view") == View.TODAY.value else View.AS_REPORTED
    number = typed_number(given.get("page"), 1)
    return Asked(show, level, view, "table" in given and given["table"] != "", max(1, number))


def _form(period: Period, known: Sequence[FormVersion]) -> FormVersion:
    """Return the form of a month; before the first form, the first: there is a map all the same."""
    forms = [form for form in known if form.code == MONTHLY]
    try:
        return form_among(forms, MONTHLY, period)
    except Missing:
        if not forms:
            raise
        return forms[0]


def _options(form: FormVersion) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what can be shown, in groups: classes, states, counts, shares."""
    indicators: Sequence[Indicator] = [
        one for one in layout_of(form).indicators if one.across_areas.value == "sum"
    ]
    catalogue = builtin_catalogue()
    codes = {one.code for one in indicators}
    shares = [
        (f"{one.code}/{whole}", f"{one.name_vi} / {lower_first(catalogue[whole].name_vi)}")
        for one in indicators
        for whole in one.part_of[:1]
        if whole in codes
    ]
    return [
        (_("Tình trạng"), [(REPORTING, _("Tình trạng báo cáo")), (CLASS, _("Phân loại xã"))]),
        (_("Số lượng trong tháng"), [(one.code, one.name_vi) for one in indicators]),
        (_("Tỷ lệ"), shares),
    ]


def _choices(current: str, form: FormVersion) -> list[dict[str, Any]]:
    return [
        {"title": title, "options": [(value, word, value == current) for value, word in options]}
        for title, options in _options(form)
    ]


def _places(
    actor: Actor,
    area: Area,
    span: Span,
    version: BoundaryVersion,
    day: date,
    level: Level,
    *,
    then_map: bool,
) -> list[Any]:
    """Return the places of the units to draw, in tree order; of then only whom `actor` may see."""
    inside = Q(left__gte=span.left, left__lte=span.right)
    if then_map and area.level == Level.NATION:
        # Whoever sees the nation of today sees all of any map.
        inside = Q()
    elif then_map:
        old = area_of_then_visible_to(actor, area.code, day, SEE_RETURN, version)
        own = version.placements.filter(area=old)
        inside = Q(left__gte=own.values("left")[:1], left__lte=own.values("right")[:1])
    places = Placement.objects.filter(version=version, area__level=level).filter(inside)
    return list(named_on(places, day).select_related("area", "parent").order_by("left"))


def _row(place: Any, unit: Shown, link: _Link, day: date, today: date) -> dict[str, Any]:
    area = place.area
    here = area.valid_to is None or area.valid_to > today
    deeper = area.level == Level.PROVINCE and here
    return {
        "name": full_of(place),
        "code": area.code,
        "above": full_above(place),
        "key": unit.key,
        "sign": unit.sign,
        "words": unit.words,
        "fill": PATTERNS.get(unit.key, ""),
        "estimated": unit.estimated,
        "url": link.to(code=area.code, level="", table="")
        if deeper
        else unit_url(area.code, None if here else day),
    }


def _shapes(
    places: Sequence[Any], drawing: Drawing, rows: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return each unit's shape, or its dot; none of thousands, which are drawn together."""
    if len(places) > SIGNS_AT_MOST and drawing.outlined:
        return []
    shapes = []
    for place, row in zip(places, rows, strict=True):
        path, point = drawing.paths.get(place.area_id), drawing.points.get(place.area_id)
        if path or point:
            shapes.append({**row, "path": path or "", "x": point and str(point[0]),
                           "y": point and str(point[1])})  # fmt: skip
    return shapes


def _merged(units: Mapping[int, Shown], drawing: Drawing) -> list[dict[str, str]]:
    """Return one path for each colour: four thousand communes are as many links otherwise."""
    paths: dict[str, list[str]] = defaultdict(list)
    for key, path in drawing.paths.items():
        paths[units[key].key].append(path)
    return [
        {"key": key, "path": "".join(found), "fill": PATTERNS.get(key, "")}
        for key, found in sorted(paths.items())
    ]
