"""What became of units, and what they were made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from diaban.areas.models import Area, Succession
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import RANK, Level, full_name
from diaban.areas.selectors import UnknownArea, below, in_parts, names_on, paths_on, version_on


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
class _Claim:
    """Territory that came from a unit: on which day, whether only a part, by which act."""

    since: date
    partial: bool
    basis: str


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


def heirs_of(keys: Iterable[int]) -> dict[int, set[int]]:
    """
    Return for each unit the units of the latest day that have any of its territory.

    A unit that goes on is its own. Cost: one query for each reorganisation that is crossed.
    """
    found: dict[int, set[int]] = {key: {key} for key in keys}
    fresh = set(found)
    # A succession always goes forward in time, so this ends.
    while fresh:
        came: dict[int, set[int]] = {}
        for part in in_parts(fresh):
            for old, new in Succession.objects.filter(old__in=part).values_list("old_id", "new_id"):
                came.setdefault(old, set()).add(new)
        for heirs in found.values():
            for old in heirs & set(came):
                heirs.discard(old)
                heirs |= came[old]
        fresh = {new for news in came.values() for new in news}
    return found


def became_of(area: Area, today: date) -> list[Area]:
    """
    Return the units that have the territory of one that has ended, by code; none while it stands.

    Cost: nothing for a unit that stands, else two queries and one for each reorganisation since.
    """
    if area.valid_to is None or area.valid_to > today:
        return []
    return list(Area.objects.filter(pk__in=heirs_of([area.pk])[area.pk]).order_by("code"))


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
