"""Timing two ways of doing the same, in turn, and saying how their times compare."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

ROUNDS = 7


@dataclass(frozen=True, slots=True)
class Line:
    """
    One goal: our processor time as a share of the peer's, over the rounds.

    `ours` and `theirs` are seconds, or megabytes where `unit` says so.
    """

    code: str
    what: str
    peer: str
    ours: float
    theirs: float
    ratios: tuple[float, ...]
    goal: float
    unit: str = "ms"

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
    clock: Callable[[], float] = time.process_time,
) -> Line:
    """
    Run both in turn, `rounds` times after one to warm up, and compare their processor time.

    `clock` gives the seconds of processor time spent so far, where that is more than this
    process's own.

    Raises:
        AssertionError: the two did not give the same answer in some round.
    """
    spent: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        our_time, our_answer = _timed(ours, clock)
        their_time, their_answer = _timed(theirs, clock)
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


def with_process(pid: int) -> Callable[[], float]:
    """Return a clock of this process and of the one with that number (Linux)."""
    # clock_getcpuclockid(3), which Python does not offer: the complement of the number, and
    # "of the whole process, as scheduled".
    other = (~pid << 3) | 2
    return lambda: time.process_time() + time.clock_gettime(other)


def _timed(work: Callable[[], Any], clock: Callable[[], float]) -> tuple[float, Any]:
    before = clock()
    answer = work()
    return clock() - before, answer
