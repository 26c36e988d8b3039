"""Reading the map: which units there are on a day, and where each stands."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from diaban.areas.models import Area, AreaName, AreaQuerySet, BoundaryVersion, Placement, on
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level, full_name
from diaban.core.access import Span
from diaban.core.errors import DomainError

# SQLite takes 32,766 values in one statement; shorter lists also parse faster.
_KEYS_AT_ONCE = 5000


class NoMap(DomainError):
    """No boundary version has been published in this installation."""

    code = "no_map"


class UnknownArea(DomainError):
    """No unit ever had this code, or none had it on that day."""

    code = "unknown_area"


class NotOnMap(DomainError):
    """The unit exists, but not in the boundary version asked for."""

    code = "not_on_map"


@dataclass(frozen=True, slots=True)
class NameOnDay:
    """What a unit was called on some day."""

    name: str
    type_word: str

    @property
    def full(self) -> str:
        """Return type word and name: "Phường Minh Xuân"."""
        return full_name(self.type_word, self.name)


@dataclass(frozen=True, slots=True)
class Called:
    """What a unit was called on some day, and the full names above it, outermost first."""

    name: NameOnDay
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many units there were on `day`, by level and type word."""

    day: date
    by_level: dict[Level, int]
    by_type: dict[Level, dict[str, int]]


def version_on(day: date, tree: str = BoundaryVersion.ADMINISTRATIVE) -> BoundaryVersion:
    """
    Return the boundary version of `day`.

    The oldest version stands in for all days before it: nothing older is on record.

    Raises:
        NoMap: none was published.

    Cost: one query.
    """
    published = _published(tree)
    version = published.filter(on(day)).first() or published.order_by("valid_from").first()
    if version is None:
        raise NoMap("Chưa có danh mục đơn vị hành chính. Hãy chạy lệnh: diaban areas count")
    return version


def known_day(day: date, version: BoundaryVersion) -> date:
    """Return `day`, or the first day of its version when that only stands in for it."""
    return max(day, version.valid_from)


def area_on(code: str, day: date) -> Area:
    """
    Return the unit that had `code` on `day`.

    Raises:
        UnknownArea: none had.
    """
    area = Area.objects.on(known_day(day, version_on(day))).filter(code=code).first()
    if area is None:
        raise UnknownArea(
            f"Ngày {day:%d/%m/%Y} không có đơn vị nào mang mã {code}. Mã xã có 5 chữ số, mã huyện "
            "cũ 3, mã tỉnh 2, kể cả số 0 ở đầu.",
            code=code,
        )
    return area


def span_of(area: Area | int, version: BoundaryVersion) -> Span:
    """
    Return the interval of a unit in a version.

    Raises:
        NotOnMap: the unit has no place in it.
    """
    key = area.pk if isinstance(area, Area) else area
    ends = version.placements.filter(area=key).values_list("left", "right").first()
    if ends is None:
        raise NotOnMap(
            f"Đơn vị này không có trên bản đồ địa giới từ ngày {version.valid_from:%d/%m/%Y}. "
            "Hãy tra xem nó đã thành đơn vị nào: diaban areas became MÃ",
            area=key,
        )
    return Span(*ends)


def within(span: Span, version: BoundaryVersion, area: str = "") -> Q:
    """
    Return the condition "the unit is inside `span`, or is its top" for a query.

    `area` is the path from the model that is asked for to its `Area`; empty for `Area` itself.
    One range of one index; use the condition inside a single `filter`.
    """
    place = f"{area}__placements__" if area else "placements__"
    return Q(
        **{
            f"{place}version": version,
            f"{place}left__gte": span.left,
            f"{place}left__lte": span.right,
        }
    )


def children(area: Area, day: date) -> AreaQuerySet:
    """Return the units directly below `area` on `day`: hamlets by name, others by code."""
    version = version_on(day)
    below = Area.objects.on(known_day(day, version)).filter(
        placements__version=version, placements__parent=area
    )
    return below.order_by("sort_key" if area.level == Level.COMMUNE else "code", "code")


def below(area: Area, day: date, level: Level | None = None) -> AreaQuerySet:
    """Return all units below `area` on `day`, of one level if given, in tree order."""
    version = version_on(day)
    found = (
        Area.objects.on(known_day(day, version))
        .filter(within(span_of(area, version), version))
        .exclude(pk=area.pk)
    )
    return (found if level is None else found.at(level)).order_by("placements__left")


def ancestors(area: Area, day: date) -> AreaQuerySet:
    """Return the units above `area` on `day`, the nation first."""
    version = version_on(day)
    span = span_of(area, version)
    return Area.objects.filter(
        placements__version=version,
        placements__left__lt=span.left,
        placements__right__gte=span.right,
    ).order_by("placements__left")


def path(area: Area, day: date) -> tuple[str, ...]:
    """Return the full names above `area` on `day`, outermost first, without the nation."""
    return paths_on({area.pk: day})[area.pk]


def paths_on(days: dict[int, date]) -> dict[int, tuple[str, ...]]:
    """
    Return for each unit the full names above it on its own day, outermost first.

    Shape: `days` has one day for each area's key. Without the nation; empty for a unit that
    is not on its day's map.

    Cost: two queries, and one more for each 5,000 units or names.
    """
    return {key: called.path for key, called in called_on(days).items()}


def called_on(
    days: dict[int, date], versions: Sequence[BoundaryVersion] | None = None
) -> dict[int, Called]:
    """
    Return for each unit what it was called on its own day, and the units above it.

    `versions` are the published maps where the caller has them. A unit that is not on its
    day's map has an empty path.

    Cost: two queries, three without `versions`; one more for each 5,000 units or names.
    """
    versions = published_versions() if versions is None else versions
    by_version: dict[int, list[int]] = {}
    for key, day in days.items():
        version = version_among(versions, day)
        if version is not None:
            by_version.setdefault(version.pk, []).append(key)
    above = _above(by_version)
    wanted = {(unit, days[key]) for key in days for unit in (key, *above.get(key, ()))}
    names = names_on(wanted)
    return {
        key: Called(names[key, day], tuple(names[unit, day].full for unit in above.get(key, ())))
        for key, day in days.items()
    }


def names_on(wanted: Iterable[tuple[int, date]]) -> dict[tuple[int, date], NameOnDay]:
    """Return what each unit was called on its day; the nearest day of its names if on none."""
    wanted = set(wanted)
    spans: dict[int, list[tuple[Days, NameOnDay]]] = {}
    for keys in in_parts({key for key, _ in wanted}):
        rows = AreaName.objects.filter(area__in=keys).order_by("valid_from")
        for key, name, type_word, start, end in rows.values_list(
            "area_id", "name", "type", "valid_from", "valid_to"
        ):
            spans.setdefault(key, []).append((Days(start, end), NameOnDay(name, type_word)))
    return {(key, day): _name_in(spans[key], day) for key, day in wanted}


def names_by_code(codes: Iterable[str], day: date) -> dict[str, NameOnDay]:
    """
    Return what the units of some codes were called on a day, or are today if it is yet to come.

    A code means the unit that bore it then, else the last one before, else the first after. One
    query; codes that nobody ever had are absent.
    """
    day = min(day, timezone.localdate())
    rows = AreaName.objects.filter(area__code__in=set(codes)).values_list(
        "area__code", "name", "type", "valid_from"
    )
    begun: dict[str, tuple[bool, int]] = {}
    found: dict[str, NameOnDay] = {}
    for code, name, type_word, since in rows:
        nearness = (since <= day, since.toordinal() if since <= day else -since.toordinal())
        if code not in begun or nearness > begun[code]:
            begun[code], found[code] = nearness, NameOnDay(name, type_word)
    return found


def count(day: date) -> Counted:
    """
    Return how many units there were on `day`.

    `Counted.day` is another day when the oldest version stood in for `day`.

    Cost: two queries; 0.1 s where 90,000 hamlets are on record.
    """
    known = known_day(day, version_on(day))
    # A unit has a name on each day of its life (`checks`), so names are enough to count by.
    rows = (
        AreaName.objects.filter(on(known))
        .exclude(level=Level.SECTOR)
        .values_list("level", "type")
        .annotate(units=Count("pk"))
    )
    # Sectors are of other hierarchies.
    by_type: dict[Level, Counter[str]] = {
        level: Counter() for level in Level if level is not Level.SECTOR
    }
    for level, type_word, units in rows:
        by_type[Level(level)][type_word] += units
    return Counted(
        day=known,
        by_level={level: types.total() for level, types in by_type.items()},
        by_type={level: dict(types.most_common()) for level, types in by_type.items()},
    )


def in_parts(keys: Iterable[int]) -> Iterator[list[int]]:
    """Cut keys into lists that one statement takes."""
    rest = iter(keys)
    while part := list(islice(rest, _KEYS_AT_ONCE)):
        yield part


def published_versions(tree: str = BoundaryVersion.ADMINISTRATIVE) -> list[BoundaryVersion]:
    """Return the published maps of a hierarchy, the oldest first. One query."""
    return list(_published(tree).order_by("valid_from"))


def version_among(versions: Sequence[BoundaryVersion], day: date) -> BoundaryVersion | None:
    """Return the map of `day` out of some that are known; the oldest stands in for before it."""
    for version in versions:
        if Days(version.valid_from, version.valid_to).hold(day):
            return version
    return min(versions, key=lambda version: version.valid_from, default=None)


def _published(tree: str) -> QuerySet[BoundaryVersion]:
    return BoundaryVersion.objects.filter(tree=tree, published_at__isnull=False)


# From each unit up to the province, one row for each step; the last step above is the root.
_UP = """
WITH RECURSIVE up(unit, version, above, depth) AS (
  SELECT area_id, version_id, parent_id, depth FROM {table}
  WHERE depth >= 2 AND ({starts})
  UNION ALL
  SELECT up.unit, up.version, place.parent_id, place.depth
  FROM up JOIN {table} place ON place.version_id = up.version AND place.area_id = up.above
  WHERE place.depth >= 2
)
SELECT unit, above FROM up ORDER BY depth
"""


def _above(by_version: Mapping[int, Sequence[int]]) -> dict[int, list[int]]:
    """Return the units above each unit on its map, outermost first, without the root."""
    chains: dict[int, list[int]] = {}
    table = connection.ops.quote_name(Placement._meta.db_table)
    waiting = ((version, key) for version, keys in by_version.items() for key in keys)
    while part := list(islice(waiting, _KEYS_AT_ONCE)):
        starts, values = [], []
        for version, run in groupby(part, key=itemgetter(0)):
            keys = [key for _, key in run]
            starts.append(f"(version_id = %s AND area_id IN ({', '.join(['%s'] * len(keys))}))")
            values += [version, *keys]
        with connection.cursor() as cursor:
            cursor.execute(_UP.format(table=table, starts=" OR ".join(starts)), values)
            for unit, above in cursor.fetchall():
                chains.setdefault(unit, []).append(above)
    return chains


def _name_in(spans: list[tuple[Days, NameOnDay]], day: date) -> NameOnDay:
    for days, name in spans:
        if days.hold(day):
            return name
    return spans[0][1] if day < spans[0][0].valid_from else spans[-1][1]
