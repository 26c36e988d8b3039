"""What the warnings of a reading point at, and which of them a person has still to look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from diaban.plans.rules.items import Decision, Kind

# An item as far as warnings are about it: `kind`, `start`, `end`, `warned` and `decision`.
T = TypeVar("T", bound=Any)


@dataclass(frozen=True, slots=True)
class Pointed(Generic[T]):
    """
    A warning with the item it is about.

    `message` is empty where no warning of the reading says it: the duty names no body. `item`
    is None for what concerns the whole plan. `settled`: its item is decided; of the whole plan,
    every item is.
    """

    message: str
    item: T | None
    settled: bool


def pointed(warnings: Iterable[Mapping[str, Any]], items: Sequence[T]) -> list[Pointed[T]]:
    """
    Return every warning with its item, in the order of the reading, then duties without a body.

    Of several items in the words of a warning it points at the first that nobody decided about.
    """
    waiting = [one for one in items if one.decision == Decision.WAITING]
    found: list[Pointed[T]] = []
    named = []
    for warning in warnings:
        start, end = warning.get("span") or (0, 0)
        inside = [one for one in items if one.start < end and start < one.end]
        named += inside
        still = [one for one in inside if one.decision == Decision.WAITING]
        item = next(iter(still or inside), None)
        found.append(Pointed(warning["message"], item, not (still if inside else waiting)))
    seen = {id(one) for one in named}
    found += [
        Pointed("", one, settled=False)
        for one in waiting
        if one.warned and one.kind == Kind.DUTY and id(one) not in seen
    ]
    return found


def left_to_see(found: Iterable[Pointed[T]]) -> int:
    """Return how many warnings nobody has settled."""
    return sum(1 for one in found if not one.settled)
