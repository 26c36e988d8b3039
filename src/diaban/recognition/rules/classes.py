"""
The class that a set gives an area, in each reading.

Source: Quyết định 28/2025/QĐ-TTg, Điều 4 and 6, for the built-in set; the order of the classes
is the set's own, because the text states none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from diaban.recognition.rules.engine import Status, count_of
from diaban.recognition.rules.sets import CriteriaSet, Reading, Requirement

NONE: Final = "none"
UNDETERMINED: Final = "undetermined"
NEEDS_DECISION: Final = "needs_decision"


@dataclass(frozen=True, slots=True)
class Classification:
    """
    An area's class under each reading; None where the reading was not asked for.

    `agreed` is the class when all readings asked for give the same. `needs_decision` says that
    a person has to decide: the readings differ, or find no class, or cannot tell.
    """

    literal: str | None
    cumulative: str | None

    @property
    def agreed(self) -> str | None:
        found = set(self._asked)
        return found.pop() if len(found) == 1 else None

    @property
    def needs_decision(self) -> bool:
        return self.agreed in (None, NONE) or UNDETERMINED in self._asked

    @property
    def _asked(self) -> tuple[str, ...]:
        return tuple(one for one in (self.literal, self.cumulative) if one is not None)


def drawn_as(found: Classification | None) -> str:
    """
    Return what a map draws: the class agreed on, `undetermined` or `needs_decision`.

    One reading that cannot tell leaves the area undetermined, whatever the other says: figures
    are lacking, and those come before a decision.
    """
    if found is None or UNDETERMINED in (found.literal, found.cumulative):
        return UNDETERMINED
    if found.agreed is None or found.needs_decision:
        return NEEDS_DECISION
    return found.agreed


def settled(requirement: Requirement, statuses: Mapping[str, Status]) -> Status:
    """Return what a requirement comes to, decided as soon as the known criteria decide it."""
    return count_of(requirement.needed, tuple(statuses[one] for one in requirement.of))


def classify(
    criteria: CriteriaSet, by_reading: Mapping[Reading, Mapping[str, Status]]
) -> Classification | None:
    """
    Return the class under each reading given; None when the set has no classes.

    `by_reading` holds, for each reading asked for, the status of every criterion under it.
    """
    if not criteria.classes:
        return None
    found = {reading: _first(criteria, statuses) for reading, statuses in by_reading.items()}
    return Classification(found.get(Reading.LITERAL), found.get(Reading.CUMULATIVE))


def _first(criteria: CriteriaSet, statuses: Mapping[str, Status]) -> str:
    for area_class in criteria.classes:
        status = settled(area_class.requirement, statuses)
        if status is Status.MET:
            return area_class.id
        if status is not Status.NOT_MET:
            return UNDETERMINED
    return NONE
