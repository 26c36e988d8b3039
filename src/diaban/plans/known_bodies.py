"""The bodies of an area by the names that plans call them, and those that had to be made."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from diaban.agencies.models import Agency, AgencyAlias, Inheritance
from diaban.agencies.rules import Kind
from diaban.agencies.selectors import living
from diaban.agencies.successors import Passage, passage_of
from diaban.areas.groups import group_named
from diaban.areas.models import Area, AreaGroup, on
from diaban.areas.rules.levels import Level
from diaban.plans.rules.bodies import body_key, code_of, kind_of

EVERYWHERE: Final = "*"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """
    What publishing does about a name that no living body has.

    With `heirs` the body has ended, by `passage` or as a person said, and its work goes to them;
    without any a new body of that `kind` is made.
    """

    name: str
    kind: str
    passage: Passage | None = None
    heirs: tuple[str, ...] = ()


@dataclass
class Bodies:
    """The bodies of an area by name key, those that had to be made, and the groups."""

    area: Area
    day: date
    by_key: dict[str, Agency]
    places: tuple[str, ...]
    codes: set[str]
    made: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def named(self, name: str) -> Agency:
        """
        Return the body that `name` means, a new one when nobody knows it.

        A name of before 2025 whose whole work went to one body means that body. One whose work
        was shared out is made as a body that has ended, beside those that took over.
        """
        key = body_key(name, self.places)
        found = self.by_key.get(key)
        if found is None:
            passage = self._passage_of(key)
            if passage is not None and passage.sole is not None:
                return self.named(passage.sole.name)
            found = self._make(key, name, passage)
        return living(found, self.day)

    def foresee(self, name: str) -> Foreseen | None:
        """Return what `named` would have to make or hand over; None: a living body is meant."""
        key = body_key(name, self.places)
        found = self.by_key.get(key)
        if found is None:
            passage = self._passage_of(key)
            heirs = tuple(heir.name for heir in passage.heirs) if passage else ()
            return Foreseen(name, kind_of(name), passage, heirs)
        body = living(found, self.day)
        if body.valid_to is None or body.valid_to > self.day:
            return None
        heirs = tuple(line.new.name for line in body.passed_to.select_related("new").order_by("pk"))
        return Foreseen(body.name, body.kind, None, heirs) if heirs else None

    def _make(self, key: str, name: str, passage: Passage | None) -> Agency:
        code = code_of(name)
        while code in self.codes:
            code = f"{code[:37]}-{len(self.codes)}"
        found = Agency.objects.create(
            code=code,
            name=name[:200],
            kind=kind_of(name),
            area=self.area,
            valid_from=passage.on - timedelta(days=1) if passage else self.day,
            valid_to=passage.on if passage else None,
        )
        self.by_key[key] = found
        self.codes.add(code)
        if passage is None:
            self.made.append(name)
            return found
        self.ended.append(name)
        Inheritance.objects.bulk_create(
            Inheritance(
                old=found,
                new=self.named(heir.name),
                field=heir.field,
                on=passage.on,
                basis=passage.basis,
                sure=heir.sure,
            )
            for heir in passage.heirs
        )
        return found

    def _passage_of(self, key: str) -> Passage | None:
        """Return how the work of a body that has ended by now passed on, by the built-in table."""
        passage = passage_of(key, self.area.type_word)
        if passage is None or passage.level != self.area.level or passage.on > self.day:
            return None
        return passage

    def of_kind(self, kind: Kind) -> Agency | None:
        """Return the area's own body of a kind, the oldest of those that exist today."""
        return (
            Agency.objects.filter(on(self.day), area=self.area, kind=kind)
            .order_by("valid_from", "pk")
            .first()
        )

    def group(self, level: Level, key: str, name: str) -> AreaGroup:
        """Return the group of areas of that key; the empty key is everybody of the level."""
        everyone = not key
        key = key or f"{EVERYWHERE}{level.value}"
        return group_named(self.area, key, name, level, everyone=everyone)


def bodies_of(area: Area, day: date) -> Bodies:
    """Return what plans of `area` can name on `day`; bodies that exist win over ended ones."""
    places = (area.short_name, area.full_name)
    by_key: dict[str, Agency] = {}
    aliases = AgencyAlias.objects.filter(agency__area=area).select_related("agency")
    for alias in aliases:
        by_key[alias.key] = by_key[body_key(alias.alias, places)] = alias.agency
    codes = set()
    agencies = Agency.objects.filter(area=area).select_related("successor")
    for agency in sorted(agencies, key=lambda one: (one.valid_to is None, one.valid_from)):
        codes.add(agency.code)
        for name in (agency.short_name, agency.name):
            if name:
                by_key[body_key(name, places)] = agency
    return Bodies(area, day, by_key, places, codes)
