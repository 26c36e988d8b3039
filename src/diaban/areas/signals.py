"""
News of reorganisations, for the modules above.

`effects_asked` (`reach: Reach`): receivers return a list of `Effect`, what the change would do
to what they keep. `change_published` (`reach`, `journal: Journal`, `at`): receivers alter their
own rows through the journal, inside the transaction. `change_undone` (`reach`, `at`): rows of
the journal have been put back; receivers rebuild what they derive.
"""

from dataclasses import dataclass
from datetime import date

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class Reach:
    """
    How far a change goes; keys of areas.

    `ended`: units that end. `begun`: units that begin (empty in a dry run). `moved`: units that
    get another parent. `grown`: units that hold more territory than before, in which nobody's
    rights may simply go on.
    """

    effective_on: date
    ended: frozenset[int]
    begun: frozenset[int]
    moved: frozenset[int]
    grown: frozenset[int]


@dataclass(frozen=True, slots=True)
class Effect:
    """
    One thing that a change does beyond the map: a stable `code`, a sentence, how many.

    `blocks`: the change cannot be published before this is settled.
    """

    code: str
    sentence: str
    count: int
    blocks: bool = False


effects_asked = Signal()
change_published = Signal()
change_undone = Signal()
