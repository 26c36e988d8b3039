"""The words of a reorganisation: what is handed in, and what comes of it, as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from diaban.areas.rules.levels import Level, full_name


class Kind(StrEnum):
    """What is done to units."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    RENAME = "rename"
    REGRADE = "regrade"
    ABOLISH = "abolish"
    CREATE = "create"


class Weighing(StrEnum):
    """How the figures of a divided unit are shared out; `UNDIVIDED`: they are not."""

    POPULATION = "population"
    HAMLETS = "hamlets"
    UNDIVIDED = "undivided"


KIND_NAMES: dict[Kind, str] = {
    Kind.MERGE: "nhập",
    Kind.SPLIT: "chia",
    Kind.MOVE: "điều chuyển",
    Kind.RENAME: "đổi tên",
    Kind.REGRADE: "đổi loại",
    Kind.ABOLISH: "giải thể",
    Kind.CREATE: "thành lập",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """
    One unit as it stands on a map. `key` is its identity, below zero when it is yet to be made.

    `named_since` is the day its name began; `until` the day on which it ends by a change that
    is already published.
    """

    key: int
    code: str
    level: Level
    type: str
    name: str
    parent: int | None
    since: date
    named_since: date
    until: date | None = None

    @property
    def full_name(self) -> str:
        """Return type word, name and code, as in a list."""
        return f"{full_name(self.type, self.name)} ({self.code})"


@dataclass(frozen=True, slots=True)
class Part:
    """
    A unit that receives territory: a new one, or one that goes on (then only its code is given).

    `parent` is a code as it stands after the change; empty: as the first unit that ends.
    `members` are the codes of the units below the divided one that come here. `weight` is a
    share, `population` a number of people; give one of them, in all parts or in none.
    """

    code: str
    type: str = ""
    name: str = ""
    parent: str = ""
    members: tuple[str, ...] = ()
    population: int | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One line of a change; `row` is its place in the file, counted from 1.

    `codes`: the units it is done to. `parts`: what they become (merge: one, split: several,
    create, rename and re-grade: one). `parent`: where moved units go, or where those below an
    abolished unit go.
    """

    row: int
    kind: Kind
    codes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    parent: str = ""
    by: Weighing = Weighing.UNDIVIDED


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be done; row 0 is about the whole."""

    row: int
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"Dòng {self.row}: {self.sentence}" if self.row else self.sentence


@dataclass(frozen=True, slots=True)
class Line:
    """Territory of `old` comes to `new`; `weight` None: nobody says how much."""

    old: int
    new: int
    partial: bool
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Planned:
    """
    What a change does, ready to be written when `problems` is empty.

    `after` are all units of the new map; `ended`, `begun`, `renamed` and `moved` are keys.
    """

    problems: tuple[Problem, ...]
    after: Mapping[int, Unit]
    ended: tuple[int, ...] = ()
    begun: tuple[int, ...] = ()
    renamed: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def new_map(self) -> bool:
        """Return whether the tree itself changes; a mere name needs no new map."""
        return bool(self.ended or self.begun or self.moved)


def listed(codes: Iterable[str], most: int = 5) -> str:
    """Return the first codes of a list, and how many more there are."""
    ordered = sorted(codes)
    more = f" và {len(ordered) - most} đơn vị khác" if len(ordered) > most else ""
    return ", ".join(ordered[:most]) + more
