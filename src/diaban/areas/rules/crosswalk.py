"""
Following units along the crosswalk: forward to what they became, back to what they were.

A chain may have several links: a commune merged in 2025 whose heir was divided in 2030 is now a
part of two others. Shares are multiplied along a chain and added where chains meet.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple


class Link(NamedTuple):
    """One line of the crosswalk; `weight` None: nobody says how much of `old` came."""

    old: int
    new: int
    on: date
    partial: bool
    weight: Fraction | None
    basis: str


@dataclass(frozen=True, slots=True)
class End:
    """
    One unit at the other end of the crosswalk.

    `share` is how much of the old unit's figures goes along, 0 to 1; None when no source says.
    `partial`: not all of the old unit's territory. `links` is the longest chain, in order of
    time.
    """

    area: int
    share: Fraction | None
    partial: bool
    links: tuple[Link, ...]

    @property
    def estimated(self) -> bool:
        """Return whether a figure carried along is an estimate."""
        return self.partial and self.share is not None


def followed(area: int, links: Mapping[int, Sequence[Link]]) -> tuple[End, ...]:
    """
    Return where the territory of a unit is now; empty when it is still itself.

    `links` holds those up to the day asked for, by their old unit. Parts that all came to one
    unit are the whole again.
    """
    ends = _walked(area, lambda unit: links.get(unit, ()), lambda link: link.new)
    whole = len(ends) == 1
    return tuple(
        End(unit, Fraction(1), False, chain)
        if whole or share == 1
        else End(unit, share, True, chain)
        for unit, (share, _partial, chain) in sorted(ends.items())
    )


def traced(
    area: int, links: Mapping[int, Sequence[Link]], stop: Callable[[int], bool]
) -> tuple[End, ...]:
    """
    Return what a unit was made of, each with the share of it that came; empty when of nothing.

    `links` are by their new unit; a unit for which `stop` holds is not traced further.
    """
    ends = _walked(
        area, lambda unit: () if stop(unit) else links.get(unit, ()), lambda link: link.old
    )
    return tuple(
        End(unit, share, partial, chain[::-1])
        for unit, (share, partial, chain) in sorted(ends.items())
    )


_Chain = tuple[Fraction | None, bool, tuple[Link, ...]]


def _walked(
    area: int, of: Callable[[int], Sequence[Link]], other: Callable[[Link], int]
) -> dict[int, _Chain]:
    ends: dict[int, _Chain] = {}
    waiting: list[tuple[int, _Chain]] = [(area, (Fraction(1), False, ()))]
    # Every link goes one way in time, so this ends.
    while waiting:
        here, (share, partial, chain) = waiting.pop()
        further = of(here)
        if not further and here != area:
            ends[here] = _joined(ends.get(here), (share, partial, chain))
        for link in further:
            part = None if share is None or link.weight is None else share * link.weight
            waiting.append((other(link), (part, partial or link.partial, (*chain, link))))
    return ends


def _joined(before: _Chain | None, found: _Chain) -> _Chain:
    if before is None:
        return found
    share = None if before[0] is None or found[0] is None else before[0] + found[0]
    longest = max(before[2], found[2], key=len)
    return (share, share != 1 and (before[1] or found[1]), longest)
