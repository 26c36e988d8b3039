"""Integrity checks: statements about stored data that must hold, and what breaks them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """
    One statement about the database.

    `code` is stable; `statement` is Vietnamese and says what holds; `broken` yields one
    sentence for each place where it does not, and nothing when it holds.
    """

    code: str
    statement: str
    broken: Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check found; `count` is how many places break it, `examples` the first few."""

    code: str
    statement: str
    count: int
    examples: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the statement holds everywhere."""
        return self.count == 0


def outcome(check: Check, examples: int = 20) -> Outcome:
    """Run a check to its end; keep the first `examples` sentences."""
    kept: list[str] = []
    count = 0
    for sentence in check.broken():
        count += 1
        if len(kept) < examples:
            kept.append(sentence)
    return Outcome(check.code, check.statement, count, tuple(kept))
