"""The bodies of an area by the names that plans call them, and those that had to be made."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from diaban.agencies.models import Agency, AgencyAlias
from diaban.agencies.rules import Kind
from diaban.agencies.selectors import living
from diaban.agencies.successors import passage_of
from diaban.areas.groups import group_named
from diaban.areas.models import Area, AreaGroup, on
from diaban.areas.rules.levels import Level
from diaban.plans.rules.bodies import body_key, code_of, kind_of

EVERYWHERE: Final = "*"


@dataclass
class Bodies:
    """The bodies of an area by name key, those that had to be made, and the groups."""

    area: Area
    day: date
    by_key: dict[str, Agency]
    places: tuple[str, ...]
    codes: set[str]
    made: list[str] = field(default_factory=list)

    def named(self, name: str) -> Agency:
        """
        Return the body that `name` means, a new one when nobody knows it.

        A name of before 2025 whose whole work went to one body means that body.
        """
        key = body_key(name, self.places)
        found = self.by_key.get(key)
        if found is None:
            heir = self._heir_of(key)
            if heir is not None:
                return self.named(heir)
            code = code_of(name)
            while code in self.codes:
                code = f"{code[:37]}-{len(self.codes)}"
            found = Agency.objects.create(
                code=code,
                name=name[:200],
                kind=kind_of(name),
                area=self.area,
                valid_from=self.day,
            )
            self.by_key[key] = found
            self.codes.add(code)
            self.made.append(name)
        return living(found, self.day)

    def _heir_of(self, key: str) -> str | None:
        """Return the name of the body that took all of the work over, by the built-in table."""
        passage = passage_of(key, self.area.type)
        if passage is None or passage.level != self.area.level or passage.on > self.day:
            return None
        return passage.sole.name if passage.sole else None

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
    places = (area.name, area.full_name)
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
