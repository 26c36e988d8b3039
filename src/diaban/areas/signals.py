"""
News of reorganisations, for the modules above.

`effects_asked` (`reach: Reach`): receivers return a list of `Effect`, what the change would do
to what they keep. `change_published` (`reach`, `journal: Journal`, `at`): receivers alter their
own rows through the journal, inside the transaction. `change_undoing` (`reach`, `journal`: its
lines, `since`: when the change was published, `at`): before rows are put back; receivers take
away what they derive from the units that go, and return a `Settled` or nothing. `change_undone`
(`reach`, `at`): rows of the journal have been put back; receivers rebuild what they derive.
`hamlets_changed` (`news: HamletNews`): a commune altered its hamlets, in the same transaction;
receivers may refuse. `group_listed`: the members of a group were changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.dispatch import Signal

from diaban.core.access import Actor


@dataclass(frozen=True, slots=True)
class Reach:
    """
    How far a change goes; keys of areas.

    `ended`: units that end. `begun`: units that begin (empty in a dry run). `moved`: units that
    get another parent. `grown`: units that hold more territory than before, in which nobody's
    rights may simply go on. `scattered`: units that end and have no one unit that takes all of
    their territory. `lines`: from which unit to which territory goes; a unit that is yet to be
    made has a key below zero. Both are known in a dry run and in publishing, not in undoing.
    """

    effective_on: date
    ended: frozenset[int]
    begun: frozenset[int]
    moved: frozenset[int]
    grown: frozenset[int]
    scattered: frozenset[int] = frozenset()
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """
    One of the things that an effect counts.

    `kind` and `key` are by what a page finds it ("return", "98001/2026-11"); empty where there
    is nothing to open.
    """

    text: str
    note: str = ""
    kind: str = ""
    key: str = ""


# From the first to before the last, as a slice; one query each time it is called.
Listing = Callable[[int, int], Sequence[Named]]


@dataclass(frozen=True, slots=True)
class Effect:
    """
    One thing that a change does beyond the map: a stable `code`, a sentence, how many.

    `blocks`: the change cannot be published before this is settled. `rows` lists what is
    counted.
    """

    code: str
    sentence: str
    count: int
    blocks: bool = False
    rows: Listing | None = None


@dataclass(frozen=True, slots=True)
class Obstacle:
    """
    One thing that people built on a change, so that it cannot be undone.

    `text` names it, `todo` is a sentence that says what to do; `kind` and `key` as in `Named`.
    """

    text: str
    todo: str
    kind: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """
    What a module says before an undoing: the `obstacles`, and what it does `afterwards`.

    With an obstacle nothing is undone, and what was taken away comes back.
    """

    obstacles: tuple[Obstacle, ...] = ()
    afterwards: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class HamletNews:
    """
    What a commune did with its hamlets from `on_day` on.

    `heirs`: for each hamlet that ends its successor's code, empty when there is none.
    """

    actor: Actor
    commune_id: int
    commune_code: str
    on_day: date
    at: datetime
    heirs: Mapping[str, str] = field(default_factory=dict)


# `group` (an `AreaGroup`), `on_day`, `at`: who belongs to it was changed; what was dealt out by it
# follows.
group_listed = Signal()

effects_asked = Signal()
change_published = Signal()
change_undoing = Signal()
change_undone = Signal()
hamlets_changed = Signal()
