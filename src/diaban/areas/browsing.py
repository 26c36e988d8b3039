"""Looking through the list of units: one unit with its history, and those below it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, DateField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from diaban.areas.bearers import Unit, Way
from diaban.areas.crosswalk import Answer, look_up
from diaban.areas.models import Area, AreaAlias, AreaName, BoundaryVersion, Placement, on
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level, full_name
from diaban.areas.selectors import UnknownArea, names_on, published_versions, version_among
from diaban.core.access import Span


@dataclass(frozen=True, slots=True)
class Naming:
    """What a unit was called from a day on, and the act that gave the name."""

    since: date
    full: str
    basis: str


@dataclass(frozen=True, slots=True)
class Move:
    """A unit came below another one on a day."""

    since: date
    parent_code: str
    parent: str
    parent_day: date
    basis: str


@dataclass(frozen=True, slots=True)
class Card:
    """
    One unit as it was on `day`, with all that is on record of it.

    `day` lies in its span. `answer`: what it became and was made of. `spans` are its intervals
    by map. `moves` are its places below other units, the first included. `listed_from`: the
    first day of the oldest map; a unit that begins on it was there before.
    """

    area: Area
    day: date
    version: BoundaryVersion | None
    answer: Answer
    namings: tuple[Naming, ...]
    aliases: tuple[str, ...]
    moves: tuple[Move, ...]
    spans: dict[int, Span]
    bearers: tuple[Area, ...]
    listed_from: date


def card(code: str, day: date | None, *, today: date) -> Card:
    """
    Return the unit that had a code on `day`; without it today's, or else the last.

    Raises:
        UnknownArea: no unit ever had the code, or none on that day.

    Cost: seven queries and one for each further reorganisation on the way; two more for a
    district.
    """
    versions = published_versions()
    order = {version.pk: place for place, version in enumerate(versions)}
    # Asked through the code alone: with the versions named, SQLite reads the whole map instead.
    rows = Placement.objects.filter(area__code=code).select_related("area", "parent")
    places = sorted(
        (place for place in rows if place.version_id in order),
        key=lambda place: order[place.version_id],
    )
    bearers = list({place.area_id: place.area for place in places}.values())
    area = _meant(code, bearers, day, today)
    shown = Days(area.valid_from, area.valid_to).nearest(day or today)
    unit = Unit.of(area)
    answers = look_up([unit], tuple(Way), today=today, shown_on=shown, versions=versions)
    own = [place for place in places if place.area_id == area.pk]
    namings, aliases = _names(area)
    return Card(
        area=area,
        day=shown,
        version=version_among(versions, shown),
        answer=answers[area.pk],
        namings=namings,
        aliases=aliases,
        moves=_moves(area, own, versions),
        spans={place.version_id: Span(place.left, place.right) for place in own},
        bearers=tuple(bearers),
        listed_from=versions[0].valid_from if versions else area.valid_from,
    )


def named_on(places: QuerySet[Placement], day: date) -> QuerySet[Placement]:
    """Add to places what their unit (`name`, `word`) and the one above were called on a day."""
    return places.annotate(
        name=_called("area", "name", day),
        word=_called("area", "type", day),
        above_name=_called("parent", "name", day),
        above_word=_called("parent", "type", day),
    )


def listed(version: BoundaryVersion, level: Level) -> QuerySet[Placement]:
    """Return the places of all units of a level on a map, by name."""
    places = Placement.objects.filter(version=version, area__level=level)
    return places.select_related("area", "parent").order_by("area__sort_key", "area__code")


def placed_below(area: Area, version: BoundaryVersion) -> QuerySet[Placement]:
    """Return the places directly below a unit on a map: hamlets by name, others by code."""
    places = Placement.objects.filter(version=version, parent=area).select_related("area", "parent")
    by_name = area.level == Level.COMMUNE
    return places.order_by("area__sort_key" if by_name else "area__code", "area__code")


def full_of(place: Any) -> str:
    """Return type word and name of a place's unit as `named_on` gave them."""
    return full_name(place.word or "", place.name or place.area.name)


def full_above(place: Any) -> str:
    """Return type word and name of the unit above a place; empty below the nation."""
    if place.parent is None or place.parent.level == Level.NATION:
        return ""
    return full_name(place.above_word or "", place.above_name or place.parent.name)


def _called(side: str, field: str, day: date) -> Subquery:
    names = AreaName.objects.filter(on(day), area=OuterRef(side))
    return Subquery(names.values(field)[:1], output_field=CharField())


def _meant(code: str, bearers: Sequence[Area], day: date | None, today: date) -> Area:
    if not bearers:
        raise UnknownArea(
            f"Không có đơn vị nào từng mang mã {code}. Mã xã có 5 chữ số, mã huyện cũ 3, mã tỉnh "
            "2, kể cả số 0 ở đầu.",
            code=code,
        )
    asked = day or today
    for area in bearers:
        if Days(area.valid_from, area.valid_to).hold(asked):
            return area
    earliest = min(area.valid_from for area in bearers)
    if day is None or day < earliest:
        return bearers[0] if day is not None else bearers[-1]
    raise UnknownArea(
        f"Ngày {day:%d/%m/%Y} không có đơn vị nào mang mã {code}. Hãy mở trang của mã này không "
        "kèm ngày để xem nó đã thành đơn vị nào.",
        code=code,
    )


def _names(area: Area) -> tuple[tuple[Naming, ...], tuple[str, ...]]:
    # One statement for both: an alias comes as a name without a first day.
    rows = AreaName.objects.filter(area=area).values_list("valid_from", "type", "name", "basis")
    aliases = AreaAlias.objects.filter(area=area).values_list(
        Cast(Value(None), DateField()), Value(""), "alias", Value("")
    )
    found = list(rows.union(aliases, all=True))
    namings = [
        Naming(since, full_name(word, name), basis)
        for since, word, name, basis in found
        if since is not None
    ]
    return (
        tuple(sorted(namings, key=lambda naming: naming.since)),
        tuple(sorted(name for since, _, name, _ in found if since is None)),
    )


def _moves(
    area: Area, places: Iterable[Placement], versions: Sequence[BoundaryVersion]
) -> tuple[Move, ...]:
    by_key = {version.pk: version for version in versions}
    found: list[tuple[Placement, date, str]] = []
    for place in places:
        if place.parent is None or (found and found[-1][0].parent_id == place.parent_id):
            continue
        version = by_key[place.version_id]
        found.append((place, max(version.valid_from, area.valid_from), version.basis))
    if len(found) < 2:
        return ()
    names = names_on((place.parent_id or 0, since) for place, since, _ in found)
    return tuple(
        Move(
            since,
            place.parent.code if place.parent else "",
            names[place.parent_id or 0, since].full,
            since,
            basis,
        )
        for place, since, basis in found
    )
