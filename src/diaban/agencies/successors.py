"""Which bodies took over from those of before 2025; the table is in `data/successors.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from diaban.areas.rules.levels import Level
from diaban.core.text import fold

_TYPE = "{loai}"


@dataclass(frozen=True, slots=True)
class Heir:
    """
    A body that took tasks over.

    `field`: of which field of work; empty is all of it. `sure` is false where no act was read.
    """

    name: str
    field: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """How the work of a body passed on: at which level, on which day, by which acts, to whom."""

    old: str
    level: Level
    on: date
    basis: str
    heirs: tuple[Heir, ...]

    @property
    def sole(self) -> Heir | None:
        """The one body that took all of it over, None when it was shared out."""
        return self.heirs[0] if len(self.heirs) == 1 and not self.heirs[0].field else None


def heirs_of(name: str, type_word: str = "tỉnh") -> tuple[Heir, ...]:
    """
    Return who took over from a body of that name, marks and dashes not counted.

    Empty: the body is not in the table and keeps its name. With several heirs a person chooses
    by the field of work; nothing is guessed. `type_word` is that of the body's area.
    """
    found = passage_of(name, type_word)
    return found.heirs if found else ()


def passage_of(name: str, type_word: str = "tỉnh") -> Passage | None:
    """
    Return how the work of a body of that name passed on; None: it keeps its name.

    The name may end in the type word of its area ("Công an huyện", "… tỉnh").
    """
    key = _key(name)
    for written in (key, key.removesuffix(f" {_key(type_word)}")):
        found = _table().get(written)
        if found is not None:
            return Passage(
                found.old,
                found.level,
                found.on,
                found.basis,
                tuple(
                    Heir(heir.name.replace(_TYPE, type_word), heir.field, heir.sure)
                    for heir in found.heirs
                ),
            )
    return None


def passages() -> tuple[Passage, ...]:
    """Return the whole table, in its order."""
    return tuple(_table().values())


@cache
def _table() -> dict[str, Passage]:
    path = files("diaban.agencies") / "data" / "successors.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    acts = data["acts"]
    return {
        _key(one["old"]): Passage(
            one["old"],
            Level(one["level"]),
            acts[one["act"]]["on"],
            acts[one["act"]]["basis"],
            tuple(Heir(heir["name"], heir["field"], heir["sure"]) for heir in one["heirs"]),
        )
        for one in data["successor"]
    }


def _key(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace("–", " ").replace(",", " ").split())
