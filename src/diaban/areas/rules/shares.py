"""Shares of a whole: as weights of a crosswalk, and of a count that must stay whole."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

# Places of `Succession.weight`: a hundred-millionth of a commune is nobody.
_PLACES = 10**8


@dataclass(frozen=True, slots=True)
class Crossing:
    """One line of the crosswalk; `weight` None: territory came, and nobody says how much."""

    old: int
    new: int
    on: date
    weight: Fraction | None


@dataclass(frozen=True, slots=True)
class Destination:
    """
    Where a share of a unit's figures stands on a later map.

    `estimated`: a weight was used, so what is carried is an estimate. `undivided`: the unit
    `area` was divided without weights (or ended without successor), so its figures stay with
    it and belong to all that came of it together.
    """

    area: int
    share: Fraction
    estimated: bool = False
    undivided: bool = False


def shares_of(counts: Sequence[int]) -> tuple[Decimal, ...]:
    """
    Return weights with eight places that are as the counts are, and add up to exactly 1.

    What rounding leaves over goes to those that lost most by it, earlier ones first.
    """
    whole = split_count(_PLACES, [Fraction(count, sum(counts)) for count in counts])
    return tuple(Decimal(part).scaleb(-8) for part in whole)


def split_count(total: int, shares: Sequence[Fraction]) -> list[int]:
    """
    Return whole parts of `total` after `shares` (which add up to 1); they add up to `total`.

    Largest remainders: no part is off by one or more, and none is lost.
    """
    exact = [total * share for share in shares]
    parts = [part.__floor__() for part in exact]
    left = total - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for index in by_loss[:left]:
        parts[index] += 1
    return parts


def destinations(area: int, came: Mapping[int, Iterable[Crossing]]) -> tuple[Destination, ...]:
    """
    Return where the figures of a unit stand when all crossings of `came` are done.

    `came` has the crossings by their old unit, only those up to the day of the map wanted.
    Shares add up to exactly 1; each unit is there once. A unit without crossings stays itself.
    """
    settled: dict[int, Destination] = {}
    waiting = [Destination(area, Fraction(1))]
    # A crossing goes forward in time, so this ends.
    while waiting:
        here = waiting.pop()
        lines = list(came.get(here.area, ()))
        if not lines or any(line.weight is None for line in lines):
            _settle(settled, here, undivided=bool(lines))
            continue
        for line in lines:
            weight = line.weight or Fraction(0)
            waiting.append(
                Destination(line.new, here.share * weight, here.estimated or weight != 1)
            )
    return tuple(sorted(settled.values(), key=lambda found: found.area))


class Coming(StrEnum):
    """How the figures of a unit come to a larger area on a later map."""

    WHOLE = "whole"
    SHARED = "shared"
    APART = "apart"


def coming_to(area: int, inside: Set[int], came: Mapping[int, Iterable[Crossing]]) -> Coming | None:
    """
    Return how the figures of a unit come to the area that is made of the units `inside`.

    Whole when all of its territory does, divided or not and with or without weights: a province
    that holds every part of a divided commune has all of its figures, exactly. Shared when a
    part does and every weight is known. Apart when a part does and nobody says how much. None:
    nothing does.
    """
    heirs = _reach(area, came)
    if heirs <= inside:
        return Coming.WHOLE
    if not heirs & inside:
        return None
    undivided = any(one.undivided for one in destinations(area, came))
    return Coming.APART if undivided else Coming.SHARED


def _reach(area: int, came: Mapping[int, Iterable[Crossing]]) -> set[int]:
    """Return all units that have any territory of `area` when all crossings are done."""
    found: set[int] = set()
    waiting = [area]
    while waiting:
        here = waiting.pop()
        lines = list(came.get(here, ()))
        if not lines:
            found.add(here)
        waiting += [line.new for line in lines]
    return found


def _settle(settled: dict[int, Destination], here: Destination, *, undivided: bool) -> None:
    before = settled.get(here.area)
    share = here.share + (before.share if before else 0)
    # Parts that meet again are the whole again, and no estimate.
    estimated = share != 1 and (here.estimated or (before is not None and before.estimated))
    settled[here.area] = Destination(here.area, share, estimated, undivided)
