"""Which units a line of a list means: by code, by name, by what stands above."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from diaban.areas.models import Area, AreaAlias, AreaName, BoundaryVersion
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import Named, Query, pick, read_query
from diaban.areas.selectors import Called, called_on

_TEXTS_AT_ONCE: Final = 5000
# So many namesakes are named in the refusal of a line; the rest is counted.
_NAMED: Final = 3


class Way(StrEnum):
    """In which direction of time."""

    BECAME = "became"
    WAS = "was"


@dataclass(frozen=True, slots=True)
class Unit:
    """What the crosswalk must know of a unit: its key, code, level and span of life."""

    area: int
    code: str
    level: Level
    span: Days

    @classmethod
    def of(cls, area: Area) -> "Unit":
        """Return the facts of a row."""
        span = Days(area.valid_from, area.valid_to)
        return cls(area.pk, area.code, Level(area.level), span)

    def ended_by(self, day: date) -> bool:
        """Return whether the unit is no more on `day`."""
        return self.span.valid_to is not None and self.span.valid_to <= day


class Meant:
    """Which units each line means; the tables are asked once for all lines."""

    def __init__(
        self,
        typed: Sequence[str],
        today: date,
        on_day: date | None,
        versions: Sequence[BoundaryVersion],
    ) -> None:
        self._today, self._on_day, self._versions = today, on_day, versions
        self._queries = {text: read_query(text) for text in typed}
        known = [query for query in self._queries.values() if query is not None]
        self._by_key: dict[str, list[tuple[Unit, Named]]] = defaultdict(list)
        self._by_code: dict[str, list[Unit]] = defaultdict(list)
        self._called: dict[int, Called] = {}
        for unit, named in _bearers({key for query in known for key in query.keys}):
            self._by_key[named.key].append((unit, named))
        for texts in _parts({query.code for query in known if query.code}):
            for area in Area.objects.filter(code__in=texts).order_by("valid_from"):
                self._by_code[area.code].append(Unit.of(area))
        if any(query.above for query in known):
            named_so = [unit for rows in self._by_key.values() for unit, _ in rows]
            self._learn_names([*named_so, *(u for units in self._by_code.values() for u in units)])

    def fitting(self, text: str) -> list[Unit]:
        """Return the units that a line may mean, best first."""
        query = self._queries[text]
        if query is None:
            return []
        found = [one for one in self._fitting(query) if self._is_below(one, query.above)]
        if self._on_day is not None:
            found = [one for one in found if one.span.hold(self._on_day)]
        return found

    def units(self, way: Way) -> dict[str, Unit | str]:
        """Return for each line the unit that it means, or the sentence that says why none."""
        found = {text: self._likely(text, way) for text in self._queries}
        # The names of namesakes are fetched at once for all lines.
        self._learn_names(
            [one for units in found.values() if len(units) > 1 for one in units[:_NAMED]]
        )
        return {
            text: units[0] if len(units) == 1 else self._refusal(text, units)
            for text, units in found.items()
        }

    def _likely(self, text: str, way: Way) -> list[Unit]:
        found = self.fitting(text)
        if len(found) < 2 or self._on_day is not None:
            return found
        return self._likelier(found, way) or found

    def _refusal(self, text: str, found: list[Unit]) -> str:
        if self._queries[text] is None:
            return "Dòng không có chữ cái hay chữ số nào."
        if not found:
            when = f" ngày {self._on_day:%d/%m/%Y}" if self._on_day else ""
            return f"Không có đơn vị nào{when} tên hoặc mã như vậy. Kiểm tra lại chính tả."
        named = "; ".join(map(self._named, found[:_NAMED]))
        more = f" và {len(found) - _NAMED} đơn vị khác" if len(found) > _NAMED else ""
        return (
            f"Có {len(found)} đơn vị như vậy: {named}{more}. Ghi mã, hoặc thêm đơn vị cấp trên "
            "sau dấu phẩy."
        )

    def _likelier(self, found: list[Unit], way: Way) -> list[Unit]:
        living = [one for one in found if one.span.hold(self._today)]
        return [one for one in found if one not in living] if way is Way.BECAME else living

    def _fitting(self, query: Query) -> list[Unit]:
        if query.code is not None and query.code in self._by_code:
            return self._by_code[query.code]
        rows = [row for key in query.keys for row in self._by_key.get(key, ())]
        picked = pick(query, [named for _, named in rows])
        return list({rows[at][0].area: rows[at][0] for _, at in picked}.values())

    def _is_below(self, one: Unit, above: Sequence[str]) -> bool:
        if not above:
            return True
        keys = {"viet nam"}
        for name in self._called[one.area].path:
            query = read_query(name)
            keys |= set(query.keys) if query else set()
        return all(key in keys for key in above)

    def _learn_names(self, units: Iterable[Unit]) -> None:
        day = self._on_day or self._today
        days = {one.area: one.span.nearest(day) for one in units if one.area not in self._called}
        if days:
            self._called |= called_on(days, self._versions)

    def _named(self, one: Unit) -> str:
        called = self._called[one.area]
        path = ", ".join(reversed(called.path))
        return f"{called.name.full}{f', {path}' if path else ''} ({one.code})"


def _bearers(keys: Collection[str]) -> Iterator[tuple[Unit, Named]]:
    """Return the units above hamlets that bear or bore a name, or are called so otherwise."""
    facts = ("area_id", "area__code", "area__level", "area__valid_from", "area__valid_to")
    for part in _parts(keys):
        names = AreaName.objects.filter(key__in=part).exclude(level=Level.HAMLET)
        aliases = AreaAlias.objects.filter(key__in=part).exclude(area__level=Level.HAMLET)
        rows = names.values_list(*facts, "key", "name", "type").union(
            aliases.values_list(*facts, "key", "alias", "area__type"), all=True
        )
        for area, code, level, start, end, key, said, word in rows:
            unit = Unit(area, code, Level(level), Days(start, end))
            yield unit, Named(code, said, word, key, unit.level, True)


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    """Cut texts into lists that one statement takes."""
    rest = sorted(texts)
    for at in range(0, len(rest), _TEXTS_AT_ONCE):
        yield rest[at : at + _TEXTS_AT_ONCE]
