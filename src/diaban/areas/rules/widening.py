"""Which units hold more territory after a change than before it."""

from collections import defaultdict
from collections.abc import Mapping

from diaban.areas.rules.levels import RANK
from diaban.areas.rules.operations import Planned, Unit


def widened(before: Mapping[int, Unit], planned: Planned) -> frozenset[int]:
    """
    Return the units that hold, after a change, territory that they did not hold before.

    Whoever has rights in one of them would gain scope if the rights simply went on. A new unit
    is never among them: nobody has rights in it yet. Ended units hold nothing.
    """
    came: dict[int, set[int]] = defaultdict(set)
    for line in planned.lines:
        came[line.new].add(line.old)
    above_before = {key: _above(before, key) for key in before}
    grown: set[int] = set()
    for key in planned.after:
        sources = came[key] | ({key} if key in before else set())
        for place in _above(planned.after, key):
            if place in before and any(place not in above_before[old] for old in sources):
                grown.add(place)
    return frozenset(grown)


def _above(units: Mapping[int, Unit], key: int) -> tuple[int, ...]:
    """Return a unit and all above it."""
    chain: list[int] = []
    at: int | None = key
    while at is not None and at in units and len(chain) <= len(RANK):
        chain.append(at)
        at = units[at].parent
    return tuple(chain)
