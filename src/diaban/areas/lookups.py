"""Looking units up: by a typed name, and what became of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from diaban.areas.models import Area, AreaAlias, AreaName, Succession, on
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import RANK, Level, full_name
from diaban.areas.rules.names import Named, Query, name_key, pick, read_query
from diaban.areas.selectors import (
    NameOnDay,
    UnknownArea,
    below,
    known_day,
    names_on,
    paths_on,
    version_on,
)
from diaban.core.errors import DomainError


class NothingToFind(DomainError):
    """What was typed holds neither a letter nor a digit."""

    code = "nothing_to_find"


@dataclass(frozen=True, slots=True)
class Found:
    """
    A unit that was found, as it was on `day`.

    `path`: full names above, outermost first. `matched`: the former name or alias that
    matched, when it was not the name of that day.
    """

    area_id: int
    code: str
    name: str
    type: str
    level: Level
    path: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    day: date
    matched: str | None = None

    @property
    def full_name(self) -> str:
        """Return type word and name: "Phường Minh Xuân"."""
        return full_name(self.type, self.name)


@dataclass(frozen=True, slots=True)
class Step:
    """
    One line of what became of a unit, or of what it was made of.

    `partial`: only a part of the old unit came to the new one. `since`: the day it came.
    """

    area_id: int
    code: str
    name: str
    type: str
    path: tuple[str, ...]
    since: date
    partial: bool
    basis: str

    @property
    def full_name(self) -> str:
        """Return type word and name: "Phường Minh Xuân"."""
        return full_name(self.type, self.name)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A row that may match: one name span, or an alias, with its unit."""

    area_id: int
    code: str
    level: Level
    life: Days
    name: str
    type_word: str
    key: str
    days: Days
    alias: bool = False


@dataclass(frozen=True, slots=True)
class _Claim:
    """Territory that came from a unit: on which day, whether only a part, by which act."""

    since: date
    partial: bool
    basis: str


def find(
    text: str,
    *,
    today: date,
    on_day: date | None = None,
    level: Level | None = None,
    limit: int | None = None,
) -> list[Found]:
    """
    Return the units whose name matches, best first (`rules.names.rank`).

    Without `on_day`, of all times, each as it is today or was on its last day. Names equal to
    what was typed shut out those that only begin with it, and these shut out those that only
    contain it. "Tân An, Hải Phòng" finds those below a unit of that name. A code finds the
    units that had it.

    Raises:
        NothingToFind: `text` holds neither a letter nor a digit.

    Cost: at most 18 queries, whatever the number of units.
    """
    query = read_query(text)
    if query is None:
        raise NothingToFind("Chưa có tên để tìm. Hãy gõ ít nhất một chữ cái hoặc chữ số.")
    day = None if on_day is None else known_day(on_day, version_on(on_day))
    hits = _hits(query, day, level)
    chosen = _best(query, hits, day or today)
    if not query.above:
        return _as_found(chosen[:limit], day or today)
    found = _as_found(chosen, day or today)
    return [unit for unit in found if _is_below(unit, query.above)][:limit]


def ended_unit(code: str, until: date) -> Area | None:
    """
    Return the last unit of that code that had ended by `until`, or None when none had.

    Raises:
        UnknownArea: no unit ever had this code.
    """
    bearers = list(Area.objects.filter(code=code))
    if not bearers:
        raise _unknown(code)
    ended = [area for area in bearers if area.valid_to is not None and area.valid_to <= until]
    return max(ended, key=lambda area: area.valid_from, default=None)


def became(code: str, *, until: date) -> list[Step]:
    """
    Return what the unit of that code had become by `until`; empty if it still is.

    Where a code was given again, the unit meant is the last that had ended by `until`
    (`ended_unit`): who asks what became of 19363 has the old thị trấn Hồ Xá in hand, not the
    xã Vĩnh Linh that has its code today. Chains are followed to the units of that day. A
    district became the units that its communes went to or were.

    Raises:
        UnknownArea: no unit ever had this code.
    """
    unit = ended_unit(code, until)
    if unit is None:
        return []
    claims = _successors([unit], until)
    if not claims and unit.level == Level.DISTRICT:
        claims = _successors_of_communes(unit, until)
    areas = Area.objects.in_bulk(claims)
    days = {key: Days(area.valid_from, area.valid_to).nearest(until) for key, area in areas.items()}
    return _as_steps(areas.values(), claims, days)


def was(code: str) -> list[Step]:
    """
    Return what the latest unit of that code was made of; empty when nothing is on record.

    Raises:
        UnknownArea: no unit ever had this code.
    """
    unit = Area.objects.filter(code=code).order_by("-valid_from").first()
    if unit is None:
        raise _unknown(code)
    lines = Succession.objects.filter(new=unit).select_related("old")
    claims = {line.old_id: _Claim(line.on, line.partial, line.basis) for line in lines}
    days = {
        line.old_id: Days(line.old.valid_from, line.old.valid_to).nearest(line.on) for line in lines
    }
    return _as_steps([line.old for line in lines], claims, days)


def _hits(query: Query, day: date | None, level: Level | None) -> list[_Hit]:
    """Return the rows of the closest kind of match that has any."""
    exact = Q(key__in=query.keys)
    if query.code is not None:
        exact |= Q(area__code=query.code)
    begins, contains = Q(), Q()
    for key in query.keys:
        begins |= Q(key__startswith=key)
        contains |= Q(key__contains=key)
    for condition in (exact, begins, contains):
        names = AreaName.objects.filter(condition)
        aliases = AreaAlias.objects.filter(condition & ~Q(area__code=query.code))
        if day is not None:
            names, aliases = names.filter(on(day)), aliases.filter(_area_on(day))
        if level is not None:
            names, aliases = names.filter(area__level=level), aliases.filter(area__level=level)
        hits = [*_name_hits(names), *_alias_hits(aliases)]
        if hits:
            return hits
    return []


def _area_on(day: date) -> Q:
    return Q(area__valid_from__lte=day) & (
        Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=day)
    )


_AREA = ("area_id", "area__code", "area__level", "area__valid_from", "area__valid_to")


def _name_hits(names: QuerySet[AreaName]) -> list[_Hit]:
    rows = names.order_by("area__code", "area_id", "-valid_from").values_list(
        *_AREA, "name", "type", "key", "valid_from", "valid_to"
    )
    return [
        _Hit(key, code, Level(level), Days(born, gone), name, type_word, text, Days(start, end))
        for key, code, level, born, gone, name, type_word, text, start, end in rows
    ]


def _alias_hits(aliases: QuerySet[AreaAlias]) -> list[_Hit]:
    rows = aliases.order_by("area__code", "area_id").values_list(
        *_AREA, "alias", "area__type", "key"
    )
    return [
        _Hit(key, code, Level(level), Days(born, gone), alias, type_word, text, Days(born, gone),
             alias=True)
        for key, code, level, born, gone, alias, type_word, text in rows
    ]  # fmt: skip


def _best(query: Query, hits: list[_Hit], day: date) -> list[_Hit]:
    """Return one hit for each unit, best first."""
    named = [
        Named(
            code=hit.code,
            name=hit.name,
            type_word=hit.type_word,
            key=hit.key,
            level=hit.level,
            living=hit.life.hold(day),
            current=hit.days.hold(hit.life.nearest(day)),
            alias=hit.alias,
        )
        for hit in hits
    ]
    first: dict[int, _Hit] = {}
    for position in pick(query, named):
        first.setdefault(hits[position].area_id, hits[position])
    return list(first.values())


def _as_found(hits: list[_Hit], day: date) -> list[Found]:
    days = {hit.area_id: hit.life.nearest(day) for hit in hits}
    paths = paths_on(days)
    # Former names and aliases say which unit it is, not what it is called.
    unnamed = [hit for hit in hits if hit.alias or not hit.days.hold(days[hit.area_id])]
    names = names_on((hit.area_id, days[hit.area_id]) for hit in unnamed)
    found = []
    for hit in hits:
        on_its_day = days[hit.area_id]
        called = names.get((hit.area_id, on_its_day)) or NameOnDay(hit.name, hit.type_word)
        matched = full_name("" if hit.alias else hit.type_word, hit.name)
        found.append(
            Found(
                area_id=hit.area_id,
                code=hit.code,
                name=called.name,
                type=called.type_word,
                level=hit.level,
                path=paths[hit.area_id],
                valid_from=hit.life.valid_from,
                valid_to=hit.life.valid_to,
                day=on_its_day,
                matched=None if matched == called.full else matched,
            )
        )
    return found


def _is_below(unit: Found, above: tuple[str, ...]) -> bool:
    keys = [name_key(name) for name in unit.path]
    return all(any(key == full or full.endswith(f" {key}") for full in keys) for key in above)


def _successors(units: Iterable[Area], until: date) -> dict[int, _Claim]:
    """Return the units of `until` that the territory of `units` came to, by key."""
    settled: dict[int, _Claim] = {}
    partly = {unit.pk: False for unit in units}
    # Each round follows one reorganisation, and a succession always goes forward in time.
    while partly:
        lines = Succession.objects.filter(old__in=partly, on__lte=until).select_related("new")
        came: dict[int, bool] = {}
        for line in lines:
            partial = line.partial or partly[line.old_id]
            if line.new.valid_to is not None and line.new.valid_to <= until:
                came[line.new_id] = partial
            else:
                settled[line.new_id] = _Claim(line.on, partial, line.basis)
        partly = came
    return settled


def _successors_of_communes(district: Area, until: date) -> dict[int, _Claim]:
    if district.valid_to is None:
        return {}
    last_day = Days(district.valid_from, district.valid_to).nearest(district.valid_to)
    communes = list(below(district, last_day, Level.COMMUNE))
    gone = [area for area in communes if area.valid_to is not None and area.valid_to <= until]
    claims = _successors(gone, until)
    basis = version_on(district.valid_to).basis
    kept = _Claim(district.valid_to, False, basis)
    claims |= {area.pk: kept for area in communes if area not in gone}
    whole = len(claims) == 1
    return {key: _Claim(claim.since, not whole, claim.basis) for key, claim in claims.items()}


def _as_steps(
    areas: Iterable[Area], claims: dict[int, _Claim], days: dict[int, date]
) -> list[Step]:
    names = names_on(days.items())
    paths = paths_on(days)
    steps = []
    for area in sorted(areas, key=lambda area: (RANK[Level(area.level)], area.code)):
        called, claim = names[area.pk, days[area.pk]], claims[area.pk]
        steps.append(
            Step(
                area_id=area.pk,
                code=area.code,
                name=called.name,
                type=called.type_word,
                path=paths[area.pk],
                since=claim.since,
                partial=claim.partial,
                basis=claim.basis,
            )
        )
    return steps


def _unknown(code: str) -> UnknownArea:
    return UnknownArea(
        f"Không có đơn vị nào từng mang mã {code}. Mã xã có 5 chữ số, mã huyện cũ 3, mã tỉnh 2, "
        "kể cả số 0 ở đầu; tìm mã theo tên: diaban areas find TÊN",
        code=code,
    )
