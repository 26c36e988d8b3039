"""What a later plan changes: which of its duties takes the place of which earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from rapidfuzz import fuzz, process

from diaban.core.text import fold

# Two sentences of one duty, the second with another date or number, score 88 to 99; two duties
# of one body that merely sound alike score below 80 (measured on the sample plans).
ALIKE: Final = 84


class Difference(StrEnum):
    """What became of an earlier duty, or that one is new."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    DROPPED = "dropped"


DIFFERENCE_NAMES: Final[dict[Difference, str]] = {
    Difference.SAME: "Giữ nguyên",
    Difference.CHANGED: "Thay đổi",
    Difference.NEW: "Mới",
    Difference.DROPPED: "Không còn",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A duty as far as it is compared; `key` is the caller's."""

    key: int
    what: str
    bodies: tuple[str, ...]
    dates: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """An earlier and a later duty; one of them is None for a new or a dropped one."""

    old: Line | None
    new: Line | None
    difference: Difference


def compare(old: Sequence[Line], new: Sequence[Line]) -> list[Pair]:
    """
    Return how the duties of a later plan stand to those of an earlier one.

    Each duty is in exactly one pair; the best-matching pairs are taken first. Order: as in the
    later plan, then what was dropped.
    """
    scores: list[tuple[float, int, int]] = []
    left = [_words(one) for one in old]
    right = [_words(one) for one in new]
    if left and right:
        table = process.cdist(right, left, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        scores = [
            (float(table[n][m]), n, m)
            for n in range(len(right))
            for m in range(len(left))
            if table[n][m] >= ALIKE
        ]
    scores.sort(key=lambda one: (-one[0], one[1], one[2]))
    taken_new: dict[int, int] = {}
    taken_old: set[int] = set()
    for _score, n, m in scores:
        if n not in taken_new and m not in taken_old:
            taken_new[n] = m
            taken_old.add(m)
    pairs = []
    for n, line in enumerate(new):
        before = old[taken_new[n]] if n in taken_new else None
        pairs.append(Pair(before, line, _difference(before, line)))
    pairs += [
        Pair(line, None, Difference.DROPPED) for m, line in enumerate(old) if m not in taken_old
    ]
    return pairs


def _words(line: Line) -> str:
    return fold(f"{line.what} {' '.join(line.bodies)}")


def _difference(old: Line | None, new: Line) -> Difference:
    if old is None:
        return Difference.NEW
    same = (fold(old.what), old.dates, sorted(map(fold, old.bodies))) == (
        fold(new.what), new.dates, sorted(map(fold, new.bodies)),
    )  # fmt: skip
    return Difference.SAME if same else Difference.CHANGED


def dates_of(dates: Sequence[dict[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return deadlines as far as they are compared: how they bind, and the date."""
    return tuple((one["bound"], one["date"]) for one in dates)
