"""Looking units up in the crosswalk, one or a thousand, by code or by name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from django.db.models import Q

from diaban.areas.bearers import Meant, Unit, Way
from diaban.areas.lookups import Found
from diaban.areas.models import (
    BoundaryVersion,
    Placement,
    Succession,
)
from diaban.areas.rules.crosswalk import End, Link, followed, traced
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import Called, called_on, in_parts, published_versions, version_among
from diaban.core.errors import DomainError

MOST_LINES: Final = 1000
_KEYS_AT_ONCE: Final = 5000


class TooManyLines(DomainError):
    """More units at once than one page or file is made for. Facts: `lines`, `most`."""

    code = "too_many_lines"


@dataclass(frozen=True, slots=True)
class Reached:
    """
    A unit at the other end, as it was called on its own day.

    `share`, `partial`: see `rules.crosswalk.End`. `since` is the day of the last change on the
    way, `basis` the acts of all changes in order.
    """

    unit: Found
    share: Fraction | None
    partial: bool
    since: date
    basis: tuple[str, ...]

    @property
    def estimated(self) -> bool:
        """Return whether a figure carried along is an estimate."""
        return self.partial and self.share is not None


@dataclass(frozen=True, slots=True)
class Answer:
    """A unit with what it became and what it was made of; empty where it was itself."""

    unit: Found
    became: tuple[Reached, ...] = ()
    was: tuple[Reached, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what was typed, and the answer or what is wrong with the line."""

    number: int
    typed: str
    answer: Answer | None = None
    error: str = ""


def look_up(
    units: Iterable[Unit],
    ways: Collection[Way],
    *,
    today: date,
    day: date | None = None,
    shown_on: date | None = None,
    versions: Sequence[BoundaryVersion] | None = None,
) -> dict[int, Answer]:
    """
    Return for each unit what it had become by `day`, and what it was made of back to `day`.

    Without `day`: until today, and back to the oldest map. A district became what its communes
    became. The units themselves are called as on `shown_on`, else as on `day` or today.

    Cost: three queries and one for each further reorganisation on the way; two more where a
    district is among the units; all in parts of 5,000 units.
    """
    versions = published_versions() if versions is None else versions
    asked = {unit.area: unit for unit in units}
    until = day or today
    since = day or (versions[0].valid_from if versions else today)
    walk = _Walk(asked, until, since, versions)
    walk.fetch(set(asked), ways)
    ends = {
        key: (
            walk.forward(unit) if Way.BECAME in ways else (),
            walk.back(unit) if Way.WAS in ways else (),
        )
        for key, unit in asked.items()
    }
    wanted = set(asked) | {end.area for both in ends.values() for side in both for end in side}
    days = {key: walk.known[key].span.nearest(until) for key in wanted}
    days |= {key: unit.span.nearest(shown_on or until) for key, unit in asked.items()}
    days |= {key: walk.known[key].span.nearest(since) for key in (walk.older & wanted) - set(asked)}
    called = called_on(days, versions)
    found = {key: _as_found(walk.known[key], days[key], called[key]) for key in wanted}
    return {
        key: Answer(found[key], _reached(became, found), _reached(was, found))
        for key, (became, was) in ends.items()
    }


def look_up_text(
    text: str, *, today: date, day: date | None = None, on_day: date | None = None
) -> list[Answer]:
    """
    Return the answers, both ways, for every unit that bears or bore a name or code.

    Only whole names count; `on_day` leaves those of that day. Higher units first, then by code.

    Cost: at most ten queries.
    """
    versions = published_versions()
    meant = Meant([text], today, on_day, versions)
    units = meant.fitting(text)
    answers = look_up(units, tuple(Way), today=today, day=day, versions=versions)
    order = list(Level)
    return sorted(
        answers.values(),
        key=lambda one: (order.index(one.unit.level), one.unit.code, one.unit.valid_from),
    )


def look_up_list(
    typed: Sequence[str],
    way: Way,
    *,
    today: date,
    day: date | None = None,
    on_day: date | None = None,
) -> list[Line]:
    """
    Return the answer for each line that is not empty, or why there is none.

    A line holds a code or a name, as in `lookups.find`, but only whole names count, and hamlets
    are found by code (thousands are called "1"). With `on_day` the units of that day are meant;
    without it, where the name or code had several bearers, those that ended (who asks what
    became of 19363 has the old paper in hand) or, looking back, those of today.

    Raises:
        TooManyLines: more than `MOST_LINES`.

    Cost: at most eleven queries, in parts of 5,000 units, whatever the number of lines.
    """
    lines = [(number, line.strip()) for number, line in enumerate(typed, 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise TooManyLines(
            f"Danh sách có {len(lines)} dòng; mỗi lần tra nhiều nhất {MOST_LINES} dòng. Hãy chia "
            "danh sách thành nhiều phần.",
            lines=len(lines),
            most=MOST_LINES,
        )
    versions = published_versions()
    meant = Meant([text for _, text in lines], today, on_day, versions)
    chosen = meant.units(way)
    units = [unit for unit in chosen.values() if isinstance(unit, Unit)]
    answers = look_up(units, (way,), today=today, day=day, versions=versions)
    return [
        Line(number, text, answer=answers[unit.area])
        if isinstance(unit := chosen[text], Unit)
        else Line(number, text, error=unit)
        for number, text in lines
    ]


def _as_found(unit: Unit, day: date, called: Called) -> Found:
    return Found(
        area_id=unit.area,
        code=unit.code,
        name=called.name.name,
        type=called.name.type_word,
        level=unit.level,
        path=called.path,
        valid_from=unit.span.valid_from,
        valid_to=unit.span.valid_to,
        day=day,
    )


def _reached(ends: Iterable[End], found: Mapping[int, Found]) -> tuple[Reached, ...]:
    return tuple(
        Reached(
            found[end.area],
            end.share,
            end.partial,
            end.links[-1].on,
            tuple(dict.fromkeys(link.basis for link in end.links if link.basis)),
        )
        for end in sorted(ends, key=lambda end: (end.partial, found[end.area].code))
    )


class _Walk:
    """The lines of the crosswalk around some units, fetched one reorganisation at a time."""

    def __init__(
        self,
        asked: Mapping[int, Unit],
        until: date,
        since: date,
        versions: Sequence[BoundaryVersion],
    ) -> None:
        self.known: dict[int, Unit] = dict(asked)
        # Units met while going back: they are shown as they were then.
        self.older: set[int] = set()
        self._until, self._since, self._versions = until, since, versions
        self._by_old: dict[int, list[Link]] = defaultdict(list)
        self._by_new: dict[int, list[Link]] = defaultdict(list)
        self._districts: dict[int, list[Link]] = {}

    def fetch(self, keys: set[int], ways: Collection[Way]) -> None:
        """Fetch all lines that the units' ways lead along."""
        ahead = keys if Way.BECAME in ways else set()
        behind = keys if Way.WAS in ways else set()
        self._rounds(ahead, behind)
        gone = [
            unit
            for unit in (self.known[key] for key in ahead)
            if unit.level is Level.DISTRICT
            and unit.ended_by(self._until)
            and unit.area not in self._by_old
        ]
        if gone:
            communes = self._communes_of(gone)
            self._rounds({key for key in communes if self._goes_on(key)}, set())
            self._link_districts(communes)

    def forward(self, unit: Unit) -> tuple[End, ...]:
        """Return what a unit became."""
        if not unit.ended_by(self._until):
            return ()
        below = self._districts.get(unit.area)
        return followed(unit.area, {**self._by_old, unit.area: below} if below else self._by_old)

    def back(self, unit: Unit) -> tuple[End, ...]:
        """Return what a unit was made of."""
        if unit.span.valid_from <= self._since:
            return ()
        return traced(
            unit.area, self._by_new, lambda key: self.known[key].span.valid_from <= self._since
        )

    def _rounds(self, ahead: set[int], behind: set[int]) -> None:
        seen_ahead, seen_behind = set[int](), set[int]()
        # Each round is one reorganisation further, and time has two ends.
        while ahead or behind:
            seen_ahead |= ahead
            seen_behind |= behind
            further, back = set[int](), set[int]()
            for link in self._lines(ahead, behind):
                if link.old in ahead and link.on <= self._until:
                    self._by_old[link.old].append(link)
                    if self._goes_on(link.new):
                        further.add(link.new)
                if link.new in behind and link.on > self._since:
                    self._by_new[link.new].append(link)
                    self.older.add(link.old)
                    if self.known[link.old].span.valid_from > self._since:
                        back.add(link.old)
            ahead, behind = further - seen_ahead, back - seen_behind

    def _goes_on(self, key: int) -> bool:
        return self.known[key].ended_by(self._until)

    def _lines(self, ahead: set[int], behind: set[int]) -> Iterator[Link]:
        sides = [("old", part) for part in in_parts(ahead)]
        sides += [("new", part) for part in in_parts(behind)]
        # The usual question is small and is asked both ways at once.
        if len(sides) == 2 and len(ahead) + len(behind) <= _KEYS_AT_ONCE:
            conditions = [Q(old__in=ahead) | Q(new__in=behind)]
        else:
            conditions = [Q(**{f"{side}__in": part}) for side, part in sides]
        facts = ("code", "level", "valid_from", "valid_to")
        fields = [f"{side}__{fact}" for side in ("old", "new") for fact in facts]
        for condition in conditions:
            rows = Succession.objects.filter(condition).values_list(
                "old_id", "new_id", "on", "partial", "weight", "basis", *fields
            )
            for old, new, on, partial, weight, basis, *rest in rows:
                self._learn(old, rest[:4])
                self._learn(new, rest[4:])
                share = None if weight is None else Fraction(weight)
                yield Link(old, new, on, partial, share, basis)

    def _learn(self, key: int, facts: Sequence[object]) -> None:
        if key not in self.known:
            self.known[key] = _unit(key, facts)

    def _communes_of(self, gone: Sequence[Unit]) -> dict[int, int]:
        """Return the last communes of districts with the district's key."""
        by_version: dict[int, list[int]] = defaultdict(list)
        for unit in gone:
            version = version_among(self._versions, unit.span.nearest(self._until))
            if version is not None:
                by_version[version.pk].append(unit.area)
        found = {}
        for version_id, districts in by_version.items():
            places = Placement.objects.filter(version=version_id, parent__in=districts)
            for parent, key, *facts in places.values_list(
                "parent_id", "area_id", "area__code", "area__level", "area__valid_from",
                "area__valid_to",
            ):  # fmt: skip
                self._learn(key, facts)
                found[key] = parent
        return found

    def _link_districts(self, communes: Mapping[int, int]) -> None:
        """A district's land is that of its communes; those that went on are ends themselves."""
        for key, district in communes.items():
            ended = self.known[district].span.valid_to
            if ended is not None:
                act = version_among(self._versions, ended)
                basis = "" if key in self._by_old or act is None else act.basis
                link = Link(district, key, ended, True, None, basis)
                self._districts.setdefault(district, []).append(link)


def _unit(key: int, facts: Sequence[object]) -> Unit:
    code, level, start, end = facts
    assert isinstance(code, str)
    assert isinstance(start, date)
    assert end is None or isinstance(end, date)
    return Unit(key, code, Level(str(level)), Days(start, end))
