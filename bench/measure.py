"""Timing two ways of doing the same, in turn, and saying how their times compare."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """One goal: our processor time as a share of the peer's, over the rounds."""

    code: str
    what: str
    peer: str
    ours: float
    theirs: float
    ratios: tuple[float, ...]
    goal: float

    @property
    def ratio(self) -> float:
        """The median over the rounds."""
        return median(self.ratios)

    @property
    def met(self) -> bool:
        """Whether the median reaches the goal."""
        return self.ratio <= self.goal


def compare(
    code: str,
    what: str,
    peer: str,
    goal: float,
    ours: Callable[[], Any],
    theirs: Callable[[], Any],
    same: Callable[[Any, Any], bool],
    rounds: int = ROUNDS,
) -> Line:
    """
    Run both in turn, `rounds` times after one to warm up, and compare their processor time.

    Raises:
        AssertionError: the two did not give the same answer in some round.
    """
    spent: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        our_time, our_answer = _timed(ours)
        their_time, their_answer = _timed(theirs)
        if not same(our_answer, their_answer):
            raise AssertionError(f"{code}: the two ways gave different answers in round {number}")
        if number:
            spent.append((our_time, their_time))
    return Line(
        code,
        what,
        peer,
        median(one for one, _ in spent),
        median(other for _, other in spent),
        tuple(one / other for one, other in spent),
        goal,
    )


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    before = time.process_time()
    answer = work()
    return time.process_time() - before, answer
