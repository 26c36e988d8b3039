"""The list of units: looking through it, and one unit with its history."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Count, Q, QuerySet, Value, Window
from django.db.models.functions import Concat
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_AREA, SEE_ASSESSMENT, SEE_DUTY, SEE_RETURN
from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.areas.browsing import Card, card, full_above, full_of, listed, named_on, placed_below
from diaban.areas.crosswalk import Reached
from diaban.areas.hierarchies import charged_on
from diaban.areas.lookups import Found, NothingToFind, find
from diaban.areas.models import Area, AreaGroup, BoundaryVersion, Placement, names_then, on
from diaban.areas.permissions import REORGANISE
from diaban.areas.rules.grouping import GroupKind
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import NoMap, known_day, published_versions, version_among
from diaban.core.access import Actor, DataClass, Missing, Right, Span, may, scopes
from diaban.core.numbers import write_number
from diaban.core.text import sort_key
from diaban.indicators.selectors import last_closed
from diaban.web.area_words import body_word, group_word, level_word
from diaban.web.hamlet_words import noun_of
from diaban.web.middleware import SignedInRequest
from diaban.web.typed_days import TypedDay, typed_day
from diaban.web.typed_numbers import typed_number

PAGE_SIZE: Final = 25
# Further pages of a search are not offered: another word narrows it down sooner.
MOST_PAGES: Final = 8
# Who answers for an area as a whole; the rest of its bodies answer for a field.
IN_CHARGE: Final = frozenset({Kind.STEERING, Kind.COMMITTEE, Kind.POLICE})
LEVELS: Final = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.HAMLET)


def require_reader(actor: Actor) -> None:
    """
    Refuse who has no role anywhere.

    The list of units is public (names, codes, acts): whoever works here may read all of it. What
    people keep about a unit, its groups and bodies, is for those who may see the unit.

    Raises:
        Missing: `actor` holds no role that sees any area.
    """
    if not scopes(actor, SEE_AREA):
        raise Missing("Không tìm thấy trang này trong phạm vi của tài khoản.")


def tabs(current: str, actor: Actor) -> list[dict[str, Any]]:
    """Return the pages about units, for the row of tabs above each."""
    pages = [
        ("browse", _("Danh mục"), reverse("web:areas")),
        ("look-up", _("Tra cứu cũ – mới"), reverse("web:look-up")),
        ("groups", _("Nhóm địa bàn"), reverse("web:area-groups")),
        *_map_tab(actor),
    ]
    if scopes(actor, REORGANISE):
        pages.append(("changes", _("Sắp xếp"), reverse("web:changes")))
    return [{"label": label, "url": url, "current": key == current} for key, label, url in pages]


def _map_tab(actor: Actor) -> list[tuple[str, str, str]]:
    """The map shows figures, so it is for those who see some, of the first area they do."""
    right = Right(SEE_RETURN, DataClass.INTERNAL)
    codes = [grant.area_code for grant in actor.grants if right in grant.rights]
    return [("map", _("Bản đồ"), reverse("web:map", args=codes[:1]))] if codes else []


def unit_url(code: str, day: date | None = None) -> str:
    """Return the address of a unit's page, as it was on a day."""
    url = reverse("web:area", args=[code])
    return f"{url}?on={day.isoformat()}" if day else url


def span_words(start: date, end: date | None, first: date) -> str:
    """Return from when to when a unit is on record; before `first` nothing is."""
    last = None if end is None else end - timedelta(days=1)
    if last is None:
        return _("từ %(day)s") % {"day": f"{start:%d/%m/%Y}"}
    if start <= first:
        return _("đến %(day)s") % {"day": f"{last:%d/%m/%Y}"}
    return f"{start:%d/%m/%Y}–{last:%d/%m/%Y}"


@require_GET
def browse(request: SignedInRequest) -> HttpResponse:
    """Show the units of a day, or those that a search finds, today or of all times."""
    actor, today = request.actor, timezone.localdate()
    require_reader(actor)
    day = typed_day(request.GET.get("on", ""), today)
    typed = request.GET.get("q", "").strip()[:100]
    past = "past" in request.GET and day.value is None
    level = _level(request.GET.get("level", ""))
    page = max(1, typed_number(request.GET.get("page"), 1))
    kept = {"q": typed, "level": level or "", "on": day.typed, "past": "1" if past else ""}
    query = urlencode({key: value for key, value in kept.items() if value})
    context: dict[str, Any] = {
        "tabs": tabs("browse", actor),
        "typed": typed,
        "past": past,
        "day": day,
        "levels": [("", _("mọi cấp"), not level)]
        + [(one.value, level_word(one), one is level) for one in LEVELS],
        "past_url": "?" + urlencode({**kept, "on": "", "past": "1"}) if typed else "",
        "look_up_url": f"{reverse('web:look-up')}?{urlencode({'q': typed})}",
        "page_query": f"&{query}" if query else "",
    }
    if typed:
        context |= _found(typed, day, past=past, level=level, page=page, today=today)
    else:
        context |= _listed(day, level, page, today)
    return render(request, "web/areas/browse.html", context)


def _found(
    typed: str, day: TypedDay, *, past: bool, level: Level | None, page: int, today: date
) -> dict[str, Any]:
    """Return a page of what a search finds; only whether there is more is known, not how much."""
    wanted = None if past else day.value or today
    try:
        found = find(typed, today=today, on_day=wanted, level=level, limit=page * PAGE_SIZE + 1)
    except NothingToFind as error:
        return {"rows": [], "search_error": error.sentence}
    shown = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    more = len(found) > page * PAGE_SIZE
    return {
        "rows": [_found_row(one, today) for one in shown],
        "previous_page": page - 1 if page > 1 else 0,
        "next_page": page + 1 if more and page < MOST_PAGES else 0,
        "too_many": more and page >= MOST_PAGES,
        "facts": _("Tìm trong mọi thời gian")
        if past
        else _("Bản đồ ngày %(day)s") % {"day": f"{wanted:%d/%m/%Y}"},
    }


def _found_row(one: Found, today: date) -> dict[str, Any]:
    living = one.valid_to is None or one.valid_to > today
    return {
        "name": one.full_name,
        "matched": one.matched or "",
        "url": unit_url(one.code, None if living and one.day == today else one.day),
        "level": level_word(one.level),
        "type": one.type,
        "code": one.code,
        "above": ", ".join(reversed(one.path)),
        "span": span_words(one.valid_from, one.valid_to, date.min),
        "ended": not living,
    }


def _listed(day: TypedDay, level: Level | None, page: int, today: date) -> dict[str, Any]:
    version, shown = _map_of(day.value or today)
    if level is None:
        places = Placement.objects.filter(version=version, depth=1)
        places = places.select_related("area", "parent").order_by("area__code")
    else:
        places = listed(version, level)
    pages = Paginator(named_on(places, shown), PAGE_SIZE)
    pages_shown = pages.get_page(page)
    return {
        "rows": [_placed_row(place, day.value, today) for place in pages_shown],
        "page_obj": pages_shown,
        "facts": _("Bản đồ ngày %(day)s: %(count)s đơn vị %(level)s")
        % {
            "day": f"{shown:%d/%m/%Y}",
            "count": write_number(pages.count),
            "level": level_word(level or Level.PROVINCE),
        },
        "early": f"{shown:%d/%m/%Y}" if day.value and shown > day.value else "",
    }


def _placed_row(place: Any, day: date | None, today: date) -> dict[str, Any]:
    area = place.area
    return {
        "name": full_of(place),
        "url": unit_url(area.code, day),
        "level": level_word(Level(area.level)),
        "type": place.word or area.type_word,
        "code": area.code,
        "above": full_above(place),
        "span": span_words(area.valid_from, area.valid_to, date.min),
        "ended": area.valid_to is not None and area.valid_to <= today,
    }


def _map_of(day: date) -> tuple[BoundaryVersion, date]:
    versions = published_versions()
    version = version_among(versions, day)
    if version is None:
        raise NoMap("Chưa có danh mục đơn vị hành chính. Hãy chạy lệnh: diaban areas count")
    return version, known_day(day, version)


@require_GET
def one(request: SignedInRequest, code: str) -> HttpResponse:
    """Show one unit: what it is called, where it belongs, its history, what is below it."""
    actor, today = request.actor, timezone.localdate()
    require_reader(actor)
    day = typed_day(request.GET.get("on", ""), today)
    found = card(code, day.value, today=today)
    own, version = found.answer.unit, found.version
    if version is None:
        raise NoMap("Chưa có danh mục đơn vị hành chính. Hãy chạy lệnh: diaban areas count")
    first = min(version.valid_from, found.area.valid_from)
    span = found.spans.get(actor.map_id)
    sees = span is not None and may(actor, SEE_AREA, span)
    children = None
    if found.area.level != Level.HAMLET:
        places = named_on(placed_below(found.area, version), found.day)
        children = _children(places, max(1, typed_number(request.GET.get("page"), 1)))
    context = {
        "tabs": tabs("browse", actor),
        "title": own.full_name,
        "bar_title": own.full_name,
        "facts": " · ".join(
            [
                level_word(own.level),
                _("mã %(code)s") % {"code": own.code},
                span_words(own.valid_from, own.valid_to, first),
            ]
        ),
        "above": ", ".join(reversed(own.path)),
        "aliases": found.aliases,
        "day": day,
        "shown_on": found.day,
        "past": found.area.valid_to is not None and found.area.valid_to <= today,
        "links": _links(actor, found.area, span) if sees else [],
        "future": found.area.valid_from > today,
        "outside": found.area.valid_to is None and not sees and found.area.valid_from <= today,
        "kept": _kept(actor, found, span) if sees and span else {},
        "events": _events(found),
        "others": [
            {
                "name": span_words(other.valid_from, other.valid_to, first),
                "url": unit_url(other.code, other.valid_from),
                "called": other.full_name,
            }
            for other in found.bearers
            if other.pk != found.area.pk
        ],
        "rows": [
            _placed_row(place, day.value or (None if own.valid_to is None else found.day), today)
            for place in children or ()
        ],
        "page_obj": children,
        "page_query": f"&on={day.typed}" if day.value else "",
    }
    return render(request, "web/areas/one.html", context)


def _children(places: QuerySet[Placement], number: int) -> Page[Placement]:
    """Return a page of places, counted in the same statement; the first beyond the last."""
    counted = places.annotate(among=Window(Count("*")))
    start = (number - 1) * PAGE_SIZE
    rows = list(counted[start : start + PAGE_SIZE])
    if not rows and number > 1:
        return _children(places, 1)
    paginator = Paginator(places, PAGE_SIZE)
    paginator.count = rows[0].among if rows else 0
    return Page(rows, number, paginator)


def _links(actor: Actor, area: Area, span: Span | None) -> list[dict[str, str]]:
    if span is None:
        return []
    if area.level == Level.HAMLET:
        return _links_of_hamlet(actor, area, span)
    found = []
    if may(actor, SEE_RETURN, span) and may(actor, SEE_ASSESSMENT, span):
        found.append({"label": _("Toàn cảnh"), "url": reverse("web:overview", args=[area.code])})
    if may(actor, SEE_ASSESSMENT, span):
        found.append({"label": _("Tiêu chí"), "url": reverse("web:criteria", args=[area.code])})
    if may(actor, SEE_RETURN, span):
        found.append({"label": _("Số liệu"), "url": reverse("web:returns", args=[area.code])})
        month = last_closed(timezone.localdate()).label
        url = reverse("web:views", args=[area.code, month])
        found.append({"label": _("Hai góc nhìn"), "url": url})
        found.append({"label": _("Bản đồ"), "url": reverse("web:map", args=[area.code])})
    if area.level == Level.COMMUNE:
        url = reverse("web:hamlets", args=[area.code])
        found.append({"label": noun_of(area).capitalize(), "url": url})
    return found


def _links_of_hamlet(actor: Actor, hamlet: Area, span: Span) -> list[dict[str, str]]:
    """A hamlet's figures stand in its commune's return; its commune keeps it."""
    commune = hamlet.code.partition(".")[0]
    month = last_closed(timezone.localdate())
    found = []
    if may(actor, SEE_RETURN, span):
        found = [
            {
                "label": _("Số liệu của xã"),
                "url": reverse("web:return", args=[commune, month.label]),
            }
        ]
    found.append({"label": _("Thôn cùng xã"), "url": reverse("web:hamlets", args=[commune])})
    return found


def _kept(actor: Actor, found: Card, span: Span) -> dict[str, list[dict[str, str]]]:
    """
    Return who is in charge of a unit on the day shown, the groups it is in, its other bodies.

    Each `{name, note, url}`, the last empty where there is no page. One query.
    """
    day, area = found.day, found.area
    member = Q(members__area=area, members__valid_from__lte=day) & (
        Q(members__valid_to__isnull=True) | Q(members__valid_to__gt=day)
    )
    everyone = Q(
        everyone=True,
        level=area.level,
        area__placements__version=actor.map_id,
        area__placements__left__lte=span.left,
        area__placements__right__gte=span.right,
    )
    facts = ("pk", "name", "kind", Value(""))
    groups = AreaGroup.objects.filter(member).values_list(Value("groups"), *facts)
    wide = AreaGroup.objects.filter(everyone).values_list(Value("groups"), *facts)
    bodies = Agency.objects.filter(on(day), area=area).values_list(Value("agencies"), *facts)
    then = names_then(day, "parent")
    posts = charged_on(area, day).values_list(
        Value("posts"),
        "version_id",
        Concat(then["type_then"], Value(" "), then["name_then"], output_field=CharField()),
        "version__tree",
        "version__title",
    )
    sees_duties = may(actor, SEE_DUTY, span)
    kept: dict[str, list[dict[str, str]]] = {"charge": [], "groups": [], "agencies": []}
    # Without order_by: a union drops what its parts would be sorted by.
    rows = groups.order_by().union(wide.order_by(), bodies.order_by(), posts.order_by())
    for place, key, name, kind, title in sorted(rows, key=lambda row: sort_key(row[2])):
        if place == "groups":
            url = reverse("web:area-group", args=[key])
            kept["groups"].append({"name": name, "note": group_word(GroupKind(kind)), "url": url})
        elif place == "posts":
            url = f"{reverse('web:area-tree', args=[kind])}?on={day.isoformat()}"
            called = name[:1].upper() + name[1:]
            kept["charge"].append({"name": called, "note": title, "url": url})
        else:
            url = reverse("web:agency", args=[key]) if sees_duties else ""
            row = {"name": name, "note": body_word(Kind(kind)), "url": url}
            kept["charge" if kind in IN_CHARGE else "agencies"].append(row)
    return kept


def _events(found: Card) -> list[dict[str, Any]]:
    """Return what happened to a unit, in order of time."""
    area, answer = found.area, found.answer
    begun = found.namings[0].basis if found.namings else ""
    events: list[dict[str, Any]] = [
        {
            "on": area.valid_from,
            "title": _beginning(found),
            "units": [reached_row(one) for one in answer.was],
            "basis": "; ".join(dict.fromkeys(act for one in answer.was for act in one.basis))
            or begun,
        }
    ]
    before = found.namings[0].full if found.namings else ""
    for naming in found.namings[1:]:
        events.append(
            {
                "on": naming.since,
                "title": _("Đổi từ %(before)s thành %(after)s")
                % {"before": before, "after": naming.full},
                "units": [],
                "basis": naming.basis,
            }
        )
        before = naming.full
    for move in found.moves[1:]:
        events.append(
            {
                "on": move.since,
                "title": _("Về %(parent)s") % {"parent": move.parent},
                "units": [],
                "basis": move.basis,
            }
        )
    if area.valid_to is not None:
        events.append(
            {
                "on": area.valid_to,
                "title": _("Thành %(count)s đơn vị") % {"count": len(answer.became)}
                if answer.became
                else _("Hết hiệu lực"),
                "units": [reached_row(one) for one in answer.became],
                "basis": "; ".join(
                    dict.fromkeys(act for one in answer.became for act in one.basis)
                ),
            }
        )
    return sorted(events, key=lambda event: event["on"])


def _beginning(found: Card) -> str:
    """Return how a unit began: out of others, by an act, or with the first list on record."""
    if found.answer.was:
        return _("Lập từ %(count)s đơn vị") % {"count": len(found.answer.was)}
    if found.area.valid_from <= found.listed_from:
        return _("Có trong danh mục")
    begun = found.namings[0].basis if found.namings else ""
    if not begun:
        return _("Lập mới từ ngày này")
    return _("Lập mới theo %(basis)s, từ ngày %(day)s") % {
        "basis": begun,
        "day": f"{found.area.valid_from:%d/%m/%Y}",
    }


def reached_row(one: Reached) -> dict[str, Any]:
    """Return a unit at the other end of the crosswalk as a row."""
    unit = one.unit
    return {
        "name": unit.full_name,
        "code": unit.code,
        "above": ", ".join(reversed(unit.path)),
        "url": unit_url(unit.code, None if unit.valid_to is None else unit.day),
        "part": part_words(one),
        "partial": one.partial,
        "since": one.since,
        "basis": "; ".join(one.basis),
    }


def part_words(one: Reached) -> str:
    """Return how much of the old unit went along: all, about so much, or some part."""
    if not one.partial:
        return _("toàn bộ")
    if one.share is None:
        return _("một phần, chưa có tỷ lệ")
    percent = Decimal(round(one.share * 1000)) / 10
    return _("khoảng %(share)s%% (ước tính)") % {"share": write_number(percent, 1)}


def _level(typed: str) -> Level | None:
    return next((level for level in LEVELS if level.value == typed), None)
