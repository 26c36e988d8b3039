"""Finding units by what somebody typed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.functions import Length, StrIndex

from diaban.areas.models import Area, AreaAlias, AreaName, BoundaryVersion, Placement, on
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import RANK, Level, full_name
from diaban.areas.rules.names import Named, Query, Rank, pick, read_query
from diaban.areas.selectors import called_on, in_parts, published_versions
from diaban.core.errors import DomainError

# With a limit, so many of the names that only begin with or contain what was typed are ranked:
# two letters fit thousands, and nobody reads past the first page of those.
_RANKED_AT_MOST = 500
_KEYS_AT_MOST = 5000


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


class _Row(NamedTuple):
    """A name span or an alias that may answer; light, because a name like "1" has thousands."""

    area_id: int
    level: str
    name: str
    type_word: str
    key: str
    in_force: bool
    alias: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True)
class _Hit:
    """A unit that answers, with the name or alias that did."""

    rank: Rank
    row: _Row
    code: str
    life: Days


def find(
    text: str,
    *,
    today: date,
    on_day: date | None = None,
    level: Level | None = None,
    limit: int | None = None,
    inside: Q | None = None,
) -> list[Found]:
    """
    Return the units whose name matches, best first (`rules.names.rank`), equals by code.

    Without `on_day`, of all times, each as it is today or was on its last day. Names equal to
    what was typed shut out those that only begin with it, and these shut out those that only
    contain it. "Tân An, Hải Phòng" finds those below a unit of that name. A code finds the
    units that had it. `inside` is a condition on `area` that leaves out units, as a scope.

    Raises:
        NothingToFind: `text` holds neither a letter nor a digit.

    Cost: at most nine queries and two for each unit above that was named, whatever the number
    of units.
    """
    query = read_query(text)
    if query is None:
        raise NothingToFind("Chưa có tên để tìm. Hãy gõ ít nhất một chữ cái hoặc chữ số.")
    versions = published_versions()
    day = on_day
    if on_day is not None and versions:
        day = max(on_day, versions[0].valid_from)
    below = map(_below_units_called, query.above)
    scope = _Scope(day, day or today, level, (*below, *([] if inside is None else [inside])))
    hits = _hits(_ranked(query, _rows(query, scope, limit)), limit, scope)
    return _as_found(hits, scope.day, versions)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which units may answer: of one day or of all times, of one level, below certain units."""

    only_on: date | None
    day: date
    level: Level | None
    below: tuple[Q, ...]

    def names(self) -> QuerySet[AreaName]:
        """Return the name spans that may answer."""
        names = AreaName.objects.exclude(level=Level.SECTOR)
        if self.only_on is not None:
            names = names.filter(on(self.only_on))
        if self.level is not None:
            names = names.filter(level=self.level)
        for condition in self.below:
            names = names.filter(condition)
        return names

    def aliases(self) -> QuerySet[AreaAlias]:
        """Return the aliases that may answer."""
        aliases = AreaAlias.objects.all()
        if self.only_on is not None:
            aliases = aliases.filter(_living(self.only_on))
        if self.level is not None:
            aliases = aliases.filter(area__level=self.level)
        for condition in self.below:
            aliases = aliases.filter(condition)
        return aliases


def _below_units_called(key: str) -> Q:
    """Return the condition "below a unit of that name, in a version that has both"."""
    # Two look-ups in two indexes; "either" over a join would read every placement.
    areas = {
        *AreaName.objects.filter(key=key).values_list("area", flat=True),
        *AreaAlias.objects.filter(key=key).values_list("area", flat=True),
    }
    places = Placement.objects.filter(area__in=areas, right__gt=F("left")).values_list(
        "version", "left", "right"
    )
    inside = _any(
        Q(version=version, left__gt=left, left__lte=right) for version, left, right in places
    )
    if not inside:
        return Q(area__in=())
    return Q(area__in=Placement.objects.filter(inside).values("area"))


def _rows(query: Query, scope: _Scope, limit: int | None) -> list[_Row]:
    """Return the rows of the closest kind of match that has any."""
    names, aliases = scope.names(), scope.aliases()
    exact = Q(key__in=query.keys)
    rows = [*_name_rows(names.filter(exact), scope.day), *_alias_rows(aliases.filter(exact))]
    if query.code is not None:
        coded = _name_rows(names.filter(area__code=query.code), scope.day)
        rows += [row._replace(code=query.code) for row in coded]
    if rows:
        return rows
    begins = _any(_begins(key) for key in query.keys)
    rows = [*_nearest(names.filter(begins), scope, limit), *_alias_rows(aliases.filter(begins))]
    return rows or _nearest(names.filter(key__in=_keys_with(query)), scope, limit)


def _keys_with(query: Query) -> list[str]:
    """
    Return the keys in which a word begins as was typed.

    By itself, because it reads an index from end to end and should read nothing else.
    """
    places = {f"at{n}": StrIndex("key", Value(f" {key}")) for n, key in enumerate(query.keys)}
    found = AreaName.objects.annotate(**places).filter(_any(Q(**{f"{at}__gt": 0}) for at in places))
    return list(found.values_list("key", flat=True).distinct()[:_KEYS_AT_MOST])


def _ranked(query: Query, rows: list[_Row]) -> list[tuple[Rank, _Row]]:
    """Rank each distinct name once; thousands of units may share it."""
    groups: dict[tuple[Any, ...], list[_Row]] = defaultdict(list)
    for row in rows:
        groups[row[1:]].append(row)
    alike = list(groups.values())
    named = [
        Named(row.code, row.name, row.type_word, row.key, Level(row.level), row.in_force, row.alias)
        for row, *_ in alike
    ]
    answers = [(rank, row) for rank, place in pick(query, named) for row in alike[place]]
    return sorted(answers, key=lambda answer: (answer[0], len(answer[1].key), answer[1].area_id))


def _hits(ranked: list[tuple[Rank, _Row]], limit: int | None, scope: _Scope) -> list[_Hit]:
    """Return the best row of each unit with the unit's own facts, best first, equals by code."""
    first: dict[int, tuple[Rank, _Row]] = {}
    for rank, row in ranked:
        first.setdefault(row.area_id, (rank, row))
        if len(first) == limit:
            break
    hits = []
    for keys in in_parts(first):
        areas = Area.objects.filter(pk__in=keys).values_list("pk", "code", "valid_from", "valid_to")
        for key, code, start, end in areas:
            hits.append(_Hit(*first[key], code, Days(start, end)))
    # A former name of a living unit comes before units that are no more.
    return sorted(
        hits,
        key=lambda hit: (hit.rank, not hit.life.hold(scope.day), len(hit.row.key), hit.code),
    )


def _nearest(names: QuerySet[AreaName], scope: _Scope, limit: int | None) -> list[_Row]:
    """Return rows of names that only resemble; with a limit, those in force, high units first."""
    if limit is None:
        return _name_rows(names, scope.day)
    rank = Case(*(When(level=level, then=Value(rank)) for level, rank in RANK.items()))
    ordered = names.order_by(F("valid_to").asc(nulls_first=True), rank, Length("key"), "area_id")
    return _name_rows(ordered, scope.day, max(limit, _RANKED_AT_MOST))


def _name_rows(names: QuerySet[AreaName], day: date, most: int | None = None) -> list[_Row]:
    rows = names.annotate(in_force=ExpressionWrapper(on(day), BooleanField())).values_list(
        "area_id", "level", "name", "type", "key", "in_force"
    )
    return [_Row(*row) for row in rows[:most]]


def _alias_rows(aliases: QuerySet[AreaAlias]) -> list[_Row]:
    rows = aliases.values_list("area_id", "area__level", "alias", "area__type", "key")
    return [_Row(*row, in_force=True, alias=True) for row in rows]


def _living(day: date) -> Q:
    return Q(area__valid_from__lte=day) & (
        Q(area__valid_to__isnull=True) | Q(area__valid_to__gt=day)
    )


def _begins(key: str) -> Q:
    if connection.vendor == "sqlite":
        # LIKE with an escape does not use SQLite's index; its strings compare by code point.
        return Q(key__gte=key, key__lt=f"{key}\U0010ffff")
    return Q(key__startswith=key)


def _any(conditions: Iterable[Q]) -> Q:
    either = Q()
    for condition in conditions:
        either |= condition
    return either


def _as_found(hits: list[_Hit], day: date, versions: Sequence[BoundaryVersion]) -> list[Found]:
    days = {hit.row.area_id: hit.life.nearest(day) for hit in hits}
    called_then = called_on(days, versions)
    found = []
    for hit in hits:
        key = hit.row.area_id
        called = called_then[key].name
        matched = full_name("" if hit.row.alias else hit.row.type_word, hit.row.name)
        found.append(
            Found(
                area_id=key,
                code=hit.code,
                name=called.name,
                type=called.type_word,
                level=Level(hit.row.level),
                path=called_then[key].path,
                valid_from=hit.life.valid_from,
                valid_to=hit.life.valid_to,
                day=days[key],
                matched=None if matched == called.full else matched,
            )
        )
    return found
