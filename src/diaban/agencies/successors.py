"""Which bodies took over from those of before 2025; the table is in `data/successors.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from diaban.core.text import fold


@dataclass(frozen=True, slots=True)
class Heir:
    """
    A body that took tasks over.

    `field`: of which field of work; empty is all of it. `sure` is false where no act was read.
    """

    name: str
    field: str
    sure: bool


def heirs_of(name: str) -> tuple[Heir, ...]:
    """
    Return who took over from a body of that name, marks and dashes not counted.

    Empty: the body is not in the table and keeps its name. With several heirs a person chooses
    by the field of work; nothing is guessed.
    """
    return _table().get(_key(name), ())


@cache
def _table() -> dict[str, tuple[Heir, ...]]:
    path = files("diaban.agencies") / "data" / "successors.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        _key(one["old"]): tuple(Heir(heir["name"], heir["field"], heir["sure"])
                                for heir in one["heirs"])
        for one in data["successor"]
    }  # fmt: skip


def _key(name: str) -> str:
    return " ".join(fold(name).replace("-", " ").replace("–", " ").replace(",", " ").split())
