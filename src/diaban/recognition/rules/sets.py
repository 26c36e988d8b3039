"""
Criteria sets: legal texts as data.

Each stands in a TOML file with who issued it, when, from when to when it is in force and the
clause of every criterion. Built-in ones are in `recognition/data`; a province or commune adds
its own files (docs/how-to/add-a-criteria-set.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from diaban.indicators.rules.catalogue import Catalogue
from diaban.recognition.rules.formulas import (
    Comparison,
    EveryMonth,
    Formula,
    Growth,
    codes_of,
    walk,
)
from diaban.recognition.rules.reasons import Sense


class Reading(StrEnum):
    """
    How the bands of a class are understood.

    LITERAL: as the text says, upper limits included. CUMULATIVE: only floors count, so that a
    higher figure counts for the lower type too.
    """

    LITERAL = "literal"
    CUMULATIVE = "cumulative"


class SetPeriod(StrEnum):
    """Over what a set is assessed: a whole year, or the moment of the review."""

    YEAR = "year"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Criterion:
    """
    One requirement of a set.

    `cumulative` is its formula under the cumulative reading, where that differs. `due` is the
    day by which the text wants it, where it names one.
    """

    id: str
    label: str
    statement: str
    source: str
    formula: Formula
    cumulative: Formula | None = None
    group: str = ""
    sense: Sense = Sense.GOOD
    due: date | None = None

    def under(self, reading: Reading) -> Formula:
        """Return the formula that holds under a reading."""
        if reading is Reading.CUMULATIVE and self.cumulative is not None:
            return self.cumulative
        return self.formula


@dataclass(frozen=True, slots=True)
class Group:
    """Criteria with an outcome of their own."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """At least `needed` of the criteria `of`; with as many needed as there are, all."""

    of: tuple[str, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class AreaClass:
    """A rank that the set gives; the first whose requirement is met, in the order written."""

    id: str
    name: str
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class CriteriaSet:
    """
    A legal text that says what an area must show.

    `issued` is its date as far as it is known: 2026, 2026-05 or 2026-05-31. Valid from
    `valid_from` up to, not including, `valid_to` (None: still in force). `says` is how the
    outcome is put into words on screen, by status. `used_by`: codes of the provinces that have
    chosen it as their own.
    """

    id: str
    title: str
    level: str
    period: SetPeriod
    issuer: str
    number: str
    issued: str
    valid_from: date
    valid_to: date | None
    source: str
    note: str
    criteria: tuple[Criterion, ...]
    groups: tuple[Group, ...]
    outcome: Requirement
    classes: tuple[AreaClass, ...]
    says: Mapping[str, str]
    catalogue: Catalogue = field(repr=False, compare=False)
    used_by: tuple[str, ...] = ()

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """Every formula in it, of both readings."""
        return tuple(
            formula
            for criterion in self.criteria
            for formula in (criterion.formula, criterion.cumulative)
            if formula is not None
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators that it asks for, each once."""
        return tuple(dict.fromkeys(code for f in self.formulas for code in codes_of(f)))

    @property
    def looks_back(self) -> bool:
        """Whether it compares with the year before."""
        return any(
            isinstance(node, Comparison) and isinstance(node.left, Growth)
            for formula in self.formulas
            for node in walk(formula)
        )

    @property
    def looks_at_months(self) -> bool:
        """Whether it asks for every month of the period."""
        return any(isinstance(n, EveryMonth) for f in self.formulas for n in walk(f))

    def in_force(self, day: date) -> bool:
        """Return whether it is in force on a day; a period is held against its last one."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
