"""
The same formulas over many areas at once: one numpy operation where the engine has one area.

Figures are whole numbers as returns are packed: decimals scaled by the catalogue, absences
negative (`indicators.rules.rollup`). Comparisons are multiplied out, never divided; where a
product could leave 64 bits, Python's own integers take over. For text, ask `assessment.assess`
about the one area on the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from diaban.indicators.rules.catalogue import Catalogue
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.formulas import (
    All,
    AtLeast,
    Comparison,
    Either,
    EveryMonth,
    Flag,
    Formula,
    Growth,
    Op,
    Ratio,
    Sum,
)
from diaban.recognition.rules.sets import CriteriaSet, Reading, Requirement

Integers = npt.NDArray[Any]  # int64, or Python integers where those would not do
Statuses = npt.NDArray[np.uint8]

# In this order an "and" is the largest of its parts.
MET: Final = 0
MISSING: Final = 1
INVALID: Final = 2
NOT_MET: Final = 3
STATUS: Final = (Status.MET, Status.MISSING, Status.INVALID, Status.NOT_MET)

# A shortfall that has no meaning or cannot be told.
UNKNOWN: Final = -1

_SAFE: Final = 2**62


@dataclass(frozen=True, slots=True)
class ColumnFigures:
    """
    Packed values of `size` areas by indicator code, one array each, areas in one order.

    `year_before` are those of the same period one year earlier, `months` those of each month.
    A code that is not there is missing for every area.
    """

    size: int
    now: Mapping[str, Integers]
    year_before: Mapping[str, Integers] = field(default_factory=dict)
    months: Sequence[Mapping[str, Integers]] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One criterion for every area: its status, and how many are short (UNKNOWN: no such)."""

    status: Statuses
    shortfall: Integers


@dataclass(frozen=True, slots=True)
class Matrix:
    """
    Every criterion of a set for every area.

    Shape of `status` and `shortfall`: criteria x areas, in the order of the set and of the
    figures. `outcome` and `groups` hold MET, NOT_MET, or MISSING/INVALID for undetermined.
    """

    status: Statuses
    shortfall: Integers
    outcome: Statuses
    groups: Mapping[str, Statuses]


def assess_columns(
    criteria: CriteriaSet, figures: ColumnFigures, reading: Reading = Reading.LITERAL
) -> Matrix:
    """Return how every area stands against a set, equal to `assess` area by area."""
    # Parts that several criteria share are judged once.
    known: dict[Formula, Column] = {}
    columns = [
        _judge(one.under(reading), figures, criteria.catalogue, known) for one in criteria.criteria
    ]
    status = np.stack([column.status for column in columns])
    places = {one.id: place for place, one in enumerate(criteria.criteria)}
    return Matrix(
        status=status,
        shortfall=np.stack([column.shortfall for column in columns]),
        outcome=_settled(criteria.outcome, status, places),
        groups={
            group.id: status[
                [place for place, one in enumerate(criteria.criteria) if one.group == group.id]
            ].max(axis=0)
            for group in criteria.groups
        },
    )


def judge_columns(formula: Formula, figures: ColumnFigures, catalogue: Catalogue) -> Column:
    """Return what a formula comes to for every area, equal to `judge` area by area."""
    return _judge(formula, figures, catalogue, {})


def _settled(requirement: Requirement, status: Statuses, places: Mapping[str, int]) -> Statuses:
    return _count_of(requirement.needed, status[[places[one] for one in requirement.of]])


def _judge(
    formula: Formula,
    figures: ColumnFigures,
    catalogue: Catalogue,
    known: dict[Formula, Column],
) -> Column:
    found = known.get(formula)
    if found is None:
        found = known[formula] = _judged(formula, figures, catalogue, known)
    return found


def _judged(
    formula: Formula,
    figures: ColumnFigures,
    catalogue: Catalogue,
    known: dict[Formula, Column],
) -> Column:
    match formula:
        case Comparison():
            return _comparison(formula, figures, catalogue)
        case Flag(code):
            values = _values(code, figures.now, figures.size)
            status = np.where(values < 0, MISSING, np.where(values > 0, MET, NOT_MET))
            return Column(status.astype(np.uint8), _unknown(figures.size))
        case All(parts):
            return _conjunction([_judge(part, figures, catalogue, known) for part in parts])
        case Either(parts) | AtLeast(_, parts):
            needed = formula.count if isinstance(formula, AtLeast) else 1
            judged = [_judge(part, figures, catalogue, known).status for part in parts]
            return Column(_count_of(needed, np.stack(judged)), _unknown(figures.size))
        case EveryMonth(part):
            if not figures.months:
                return _all(MISSING, figures.size)
            return _conjunction(
                [
                    judge_columns(part, ColumnFigures(figures.size, month), catalogue)
                    for month in figures.months
                ]
            )


def _conjunction(parts: list[Column]) -> Column:
    short = np.stack([part.shortfall for part in parts])
    told = (short != UNKNOWN).all(axis=0)
    return Column(
        np.stack([part.status for part in parts]).max(axis=0),
        np.where(told, short.sum(axis=0), UNKNOWN),
    )


def _count_of(needed: int, parts: Statuses) -> Statuses:
    met = (parts == MET).sum(axis=0)
    failed = (parts == NOT_MET).sum(axis=0)
    unsure = np.where((parts == INVALID).any(axis=0), INVALID, MISSING)
    decided = np.where(met >= needed, MET, np.where(len(parts) - failed < needed, NOT_MET, unsure))
    return decided.astype(np.uint8)


def _comparison(formula: Comparison, figures: ColumnFigures, catalogue: Catalogue) -> Column:
    """
    Judge `first op target` exactly.

    A ratio or growth is multiplied out: part / whole >= p / q where part * q >= whole * p.
    """
    left = formula.left
    p, q = formula.bound.numerator, formula.bound.denominator
    match left:
        case Sum():
            first, gap, scale = _sum(left, figures.now, figures.size, catalogue)
            return _decided(
                formula, first, q, np.ones_like(first), p * scale, gap, first < 0, scale == 1
            )
        case Ratio(part, whole):
            first, gap, scale = _sum(part, figures.now, figures.size, catalogue)
            second, other_gap, other_scale = _sum(whole, figures.now, figures.size, catalogue)
            first, second = _wide(first, other_scale), _wide(second, scale)
            exceeds = first * other_scale > second * scale
            invalid = (first < 0) | (second < 0) | exceeds
            none = second == 0
            if any(catalogue[code].always_some for code in whole.codes):
                invalid |= none
            column = _decided(
                formula,
                first,
                q * other_scale,
                second,
                p * scale,
                gap | other_gap,
                invalid,
                scale == 1,
                most=second // other_scale,
            )
            vacuous = none & (column.status != MISSING) & (column.status != INVALID)
            return Column(
                np.where(vacuous, MET, column.status).astype(np.uint8),
                np.where(vacuous, 0, column.shortfall),
            )
        case Growth(of):
            if not figures.year_before:
                return _all(MISSING, figures.size)
            first, gap, scale = _sum(of, figures.now, figures.size, catalogue)
            before, other_gap, _ = _sum(of, figures.year_before, figures.size, catalogue)
            gap |= other_gap
            invalid = (first < 0) | (before < 0)
            column = _decided(formula, first, q, before, q + p, gap, invalid, scale == 1)
            from_nothing = (before == 0) & (column.status != MISSING) & (column.status != INVALID)
            flat = MET if formula.op.holds(0, p) else NOT_MET
            status = np.where(
                from_nothing, np.where(first == 0, flat, MISSING), column.status
            ).astype(np.uint8)
            nothing_short = 0 if flat == MET else UNKNOWN
            short = np.where(
                from_nothing, np.where(first == 0, nothing_short, UNKNOWN), column.shortfall
            )
            return Column(status, short)


def _decided(
    formula: Comparison,
    first: Integers,
    times: int,
    second: Integers,
    other_times: int,
    gap: npt.NDArray[np.bool_],
    invalid: npt.NDArray[np.bool_],
    countable: bool,
    most: Integers | None = None,
) -> Column:
    """
    Judge `first * times op second * other_times`, and how far `first` is from holding.

    `most` is the largest that `first` could become; `countable` says whether it is a number of
    things, which alone has a shortfall.
    """
    first, second = _wide(first, times), _wide(second, other_times)
    target = second * other_times
    met = formula.op.holds(first * times, target)
    status = np.where(gap, MISSING, np.where(invalid, INVALID, np.where(met, MET, NOT_MET)))
    short: Integers = _unknown(len(first))
    if countable:
        goal, possible = _nearest(formula.op, target, times)
        if most is not None:
            possible = possible & (goal <= most)
        possible = possible & (goal >= 0)
        short = np.where(possible, abs(goal - first), UNKNOWN)
    short = np.where(status == MET, 0, np.where(status == NOT_MET, short, UNKNOWN))
    return Column(status.astype(np.uint8), short)


def _nearest(op: Op, target: Integers, times: int) -> tuple[Integers, Any]:
    """Return the whole number nearest to failing that satisfies `x * times op target`."""
    whole = target // times
    match op:
        case Op.AT_LEAST:
            return -(-target // times), True
        case Op.MORE:
            return whole + 1, True
        case Op.AT_MOST:
            return whole, True
        case Op.LESS:
            return -(-target // times) - 1, True
        case Op.EQUAL:
            return whole, whole * times == target


def _sum(
    total: Sum, values: Mapping[str, Integers], size: int, catalogue: Catalogue
) -> tuple[Integers, npt.NDArray[np.bool_], int]:
    """Return the sums, where one of their figures is absent, and their scale."""
    scale = max(catalogue[code].scale for code in total.codes)
    amounts: Integers | None = None
    gap = np.zeros(size, np.bool_)
    for sign, code in total.terms:
        column = _values(code, values, size)
        gap = gap | (column < 0)
        factor = sign * (scale // catalogue[code].scale)
        term = _wide(column, factor * len(total.terms)) * factor
        amounts = term if amounts is None else amounts + term
    assert amounts is not None
    return amounts, gap, scale


def _values(code: str, values: Mapping[str, Integers], size: int) -> Integers:
    found = values.get(code)
    # Returns are packed in four bytes; products need eight.
    return np.full(size, -1, np.int64) if found is None else found.astype(np.int64, copy=False)


def _wide(values: Integers, times: int) -> Integers:
    """Return values that can be multiplied by `times` without leaving their type."""
    if values.dtype == object or not len(values):
        return values
    largest = max(int(values.max()), -int(values.min()), 1)
    return values if largest * abs(times) < _SAFE else values.astype(object)


def _unknown(size: int) -> Integers:
    return np.full(size, UNKNOWN, np.int64)


def _all(status: int, size: int) -> Column:
    return Column(np.full(size, status, np.uint8), _unknown(size))
