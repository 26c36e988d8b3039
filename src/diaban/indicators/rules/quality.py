"""
Đúng, đủ, sạch, sống: four scores of an area's figures, each opened down to its causes.

A measure is so many good out of so many, whole numbers that add up over areas. A score is the
weighted mean of the shares of its measures, exact; None where nothing could be measured, which
is not the same as 0. What is measured, and with what weight, stands in `data/quality.toml`.

A score says how good figures are as figures. It says nothing about the people who enter them,
and nothing about whether the work behind them was done.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import ClassVar, Final

from diaban.core.errors import DomainError

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "quality.toml"


class Score(StrEnum):
    """One of the four words of the plans."""

    CORRECT = "correct"
    COMPLETE = "complete"
    CLEAN = "clean"
    ALIVE = "alive"


SCORE_NAMES: Final[dict[Score, str]] = {
    Score.CORRECT: "Đúng",
    Score.COMPLETE: "Đủ",
    Score.CLEAN: "Sạch",
    Score.ALIVE: "Sống",
}


class BadQuality(DomainError):
    """A file of measures that cannot be used. Facts: `file`, `errors`."""

    code: ClassVar[str] = "bad_quality"


@dataclass(frozen=True, slots=True)
class Tally:
    """So many good out of so many; `0 <= good <= all`."""

    good: int = 0
    all: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.good + other.good, self.all + other.all)

    @property
    def short(self) -> int:
        """How many are not good."""
        return self.all - self.good

    @property
    def share(self) -> Fraction | None:
        """The good part, 0 to 1; None with nothing to measure."""
        return Fraction(self.good, self.all) if self.all else None


NOTHING: Final = Tally()
Tallies = Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is counted for a score."""

    id: str
    score: Score
    weight: int
    name: str
    noun: str
    short: str


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a figure stops being late, old or possible."""

    late_days: int
    age_months: int
    people_per_household: int
    duplicate_least: int


@dataclass(frozen=True, slots=True)
class Quality:
    """
    What is measured and how.

    `leave_out` are rules that are not asked here, `impossible` those that belong to "sạch".
    `key` changes with the file.
    """

    source: str
    valid_from: date
    measures: tuple[Measure, ...]
    limits: Limits
    leave_out: frozenset[str]
    impossible: frozenset[str]
    key: str

    def of(self, score: Score) -> tuple[Measure, ...]:
        """Return the measures of a score, in the order of the file."""
        return tuple(one for one in self.measures if one.score is score)


@cache
def builtin_quality() -> Quality:
    """Return the measures that every installation has."""
    return load_quality(BUILT_IN)


def load_quality(path: Path) -> Quality:
    """
    Return the measures of a file.

    Raises:
        BadQuality: it cannot be read, or a measure in it cannot be used; lists all.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = tomllib.loads(text)
        limits = Limits(**data["limits"])
        rules = data.get("rules", {})
        source, valid_from = data["source"], data["valid_from"]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise _bad(path, [f"không đọc được ({error})"]) from error
    errors = [
        f"limits.{name}: phải là số nguyên lớn hơn 0"
        for name in Limits.__slots__
        if not _positive(getattr(limits, name))
    ]
    measures: list[Measure] = []
    for number, entry in enumerate(data.get("measure", []), 1):
        try:
            made = Measure(**entry | {"score": Score(entry["score"])})
        except (KeyError, TypeError, ValueError) as error:
            errors.append(f"{entry.get('id', f'phép đo thứ {number}')}: {error}")
            continue
        if not _positive(made.weight):
            errors.append(f"{made.id}: weight phải là số nguyên lớn hơn 0")
        if made.id in (one.id for one in measures):
            errors.append(f"{made.id}: mã lặp lại")
        measures.append(made)
    if errors:
        raise _bad(path, errors)
    return Quality(
        source=source,
        valid_from=valid_from,
        measures=tuple(measures),
        limits=limits,
        leave_out=frozenset(rules.get("leave_out", ())),
        impossible=frozenset(rules.get("impossible", ())),
        key=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def added(tallies: Iterable[Tallies]) -> dict[str, Tally]:
    """Return the tallies of an area from those of the areas below it."""
    found: dict[str, Tally] = {}
    for one in tallies:
        for name, tally in one.items():
            found[name] = found.get(name, NOTHING) + tally
    return found


def score_of(tallies: Tallies, score: Score, quality: Quality) -> Fraction | None:
    """
    Return a score, 0 to 100, exactly; None when none of its measures had anything to measure.
    """
    total = weights = Fraction(0)
    for measure in quality.of(score):
        share = tallies.get(measure.id, NOTHING).share
        if share is not None:
            total += measure.weight * share
            weights += measure.weight
    return 100 * total / weights if weights else None


def scores_of(tallies: Tallies, quality: Quality) -> dict[Score, Fraction | None]:
    """Return all four."""
    return {score: score_of(tallies, score, quality) for score in Score}


def tenths(score: Fraction) -> int:
    """Return a score in tenths, cut: 99,96 is not 100, and 100,0 means that all was good."""
    return int(score * 10)


def worst(tallies: Tallies, score: Score, quality: Quality) -> Measure | None:
    """Return the measure that costs the score most; None when all is good or nothing measured."""
    costs = {
        measure: measure.weight * (1 - share)
        for measure in quality.of(score)
        if (share := tallies.get(measure.id, NOTHING).share) is not None
    }
    costly = max(costs, key=lambda measure: costs[measure], default=None)
    return costly if costly is not None and costs[costly] else None


def lateness(due: date, sent_on: date | None, today: date, limits: Limits) -> tuple[Tally, int]:
    """
    Return how much of the time allowed for lateness is left, and the days of delay.

    Nothing is measured while a return is not sent and not due.
    """
    if sent_on is None and today <= due:
        return NOTHING, 0
    days = max(0, ((sent_on or today) - due).days)
    return Tally(max(0, limits.late_days - days), limits.late_days), days


def age(months: int | None, limits: Limits) -> Tally:
    """
    Return how fresh figures are that are `months` months older than the period.

    None: no figures at all, or none for so long that it is the same.
    """
    left = 0 if months is None else max(0, limits.age_months - months)
    return Tally(left, limits.age_months)


def _positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _bad(path: Path, errors: list[str]) -> BadQuality:
    listed = "".join(f"\n  {error}" for error in errors)
    return BadQuality(
        f"Tệp đo chất lượng số liệu {path} chưa dùng được, hãy sửa:{listed}",
        file=str(path),
        errors=errors,
    )
