"""
What a formula comes to for one area: met, not met, missing or invalid, and by how much.

Exact (int, Decimal, Fraction) and three-valued: what is missing is never read as zero, and one
part that fails decides an "and" whatever is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from diaban.core.numbers import Absence, Kind, Number, Value
from diaban.indicators.rules.catalogue import Catalogue
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
    Quantity,
    Ratio,
    Sum,
)


class Status(StrEnum):
    """What a criterion came to."""

    MET = "met"
    NOT_MET = "not_met"
    MISSING = "missing"
    INVALID = "invalid"


class Problem(StrEnum):
    """Why a criterion with all its figures still cannot be told."""

    PART_EXCEEDS_WHOLE = "part_exceeds_whole"
    WHOLE_IS_ZERO = "whole_is_zero"
    NEGATIVE = "negative"
    BASE_IS_ZERO = "base_is_zero"
    NO_YEAR_BEFORE = "no_year_before"
    NO_MONTHS = "no_months"


@dataclass(frozen=True, slots=True)
class Figures:
    """
    The values of one area that a set may ask for.

    `now` are those of the assessed period, `year_before` those of the same period one year
    earlier (its label in `label_before`, empty where there is none), `months` those of each
    month of the period. A code that is not there is missing.
    """

    label: str
    now: Mapping[str, Value]
    label_before: str = ""
    year_before: Mapping[str, Value] = field(default_factory=dict)
    months: tuple[tuple[str, Mapping[str, Value]], ...] = ()


@dataclass(frozen=True, slots=True)
class Operand:
    """A value that was looked at; `label` is its period where that is not the assessed one."""

    code: str
    value: Value
    label: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    What a formula came to, with what is needed to say why.

    `amounts` are the compared numbers, where they could be computed: the quantity itself, part
    and whole of a ratio, or this year's and last year's of a growth. `shortfall` is how many
    more (or fewer) would do; None where that has no meaning or cannot be told. `label` is the
    month that a part of an "every month" was judged for.
    """

    formula: Formula
    status: Status
    vacuous: bool = False
    shortfall: Number | None = None
    amounts: tuple[Number, ...] = ()
    operands: tuple[Operand, ...] = ()
    problem: Problem | None = None
    parts: tuple[Judgement, ...] = ()
    label: str = ""


def judge(formula: Formula, figures: Figures, catalogue: Catalogue) -> Judgement:
    """Return what `formula` comes to for one area."""
    match formula:
        case Comparison():
            return _comparison(formula, figures, catalogue)
        case Flag(code):
            return _flag(formula, code, figures)
        case All(parts):
            return conjunction(formula, tuple(judge(part, figures, catalogue) for part in parts))
        case Either(parts):
            judged = tuple(judge(part, figures, catalogue) for part in parts)
            return at_least(formula, 1, judged)
        case AtLeast(count, parts):
            judged = tuple(judge(part, figures, catalogue) for part in parts)
            return at_least(formula, count, judged)
        case EveryMonth(part):
            return _every_month(formula, part, figures, catalogue)


def all_of(statuses: tuple[Status, ...]) -> Status:
    """Return the status of an "and": one failure decides; then what cannot be told."""
    for status in (Status.NOT_MET, Status.INVALID, Status.MISSING):
        if status in statuses:
            return status
    return Status.MET


def count_of(needed: int, statuses: tuple[Status, ...]) -> Status:
    """Return the status of "at least `needed` of": decided as soon as the known ones decide."""
    met = statuses.count(Status.MET)
    if met >= needed:
        return Status.MET
    if len(statuses) - statuses.count(Status.NOT_MET) < needed:
        return Status.NOT_MET
    return Status.INVALID if Status.INVALID in statuses else Status.MISSING


def conjunction(formula: Formula, parts: tuple[Judgement, ...], label: str = "") -> Judgement:
    """Return the judgement of an "and"; what is short adds up where each part can tell."""
    status = all_of(tuple(part.status for part in parts))
    short = [part.shortfall for part in parts]
    return Judgement(
        formula,
        status,
        vacuous=status is Status.MET and any(part.vacuous for part in parts),
        shortfall=sum(s for s in short if s is not None) if None not in short else None,
        operands=_operands(parts),
        parts=parts,
        label=label,
    )


def at_least(formula: Formula, needed: int, parts: tuple[Judgement, ...]) -> Judgement:
    """Return the judgement of an "or" or an "at least n of"."""
    status = count_of(needed, tuple(part.status for part in parts))
    met = [part for part in parts if part.status is Status.MET]
    return Judgement(
        formula,
        status,
        vacuous=status is Status.MET and all(part.vacuous for part in met),
        operands=_operands(parts),
        parts=parts,
    )


def percent_floor(share: Fraction) -> str:
    """
    Return a share as percent with two places, rounded towards minus infinity.

    So 0.99996 reads 99.99 and never 100.00.
    """
    hundredths = floor(share * 10_000)
    sign, size = ("-", -hundredths) if hundredths < 0 else ("", hundredths)
    return f"{sign}{size // 100}.{size % 100:02d}"


def share_of(judgement: Judgement) -> Fraction | None:
    """Return the ratio or growth of a judged comparison; None where it has none."""
    formula = judgement.formula
    if not isinstance(formula, Comparison) or len(judgement.amounts) != 2:
        return None
    first, second = (Fraction(amount) for amount in judgement.amounts)
    if isinstance(formula.left, Growth):
        if second == 0:
            return Fraction(0) if first == 0 else None
        return first / second - 1
    return first / second if second else None


def _flag(formula: Flag, code: str, figures: Figures) -> Judgement:
    value = figures.now.get(code, Absence.MISSING)
    operands = (Operand(code, value),)
    if isinstance(value, Absence):
        return Judgement(formula, Status.MISSING, operands=operands)
    return Judgement(formula, Status.MET if value else Status.NOT_MET, operands=operands)


def _every_month(
    formula: EveryMonth, part: Formula, figures: Figures, catalogue: Catalogue
) -> Judgement:
    if not figures.months:
        return Judgement(formula, Status.MISSING, problem=Problem.NO_MONTHS)
    judged = []
    for label, values in figures.months:
        month = judge(part, Figures(label, values), catalogue)
        operands = tuple(Operand(o.code, o.value, label) for o in month.operands)
        judged.append(
            Judgement(
                month.formula,
                month.status,
                month.vacuous,
                month.shortfall,
                month.amounts,
                operands,
                month.problem,
                month.parts,
                label,
            )
        )
    return conjunction(formula, tuple(judged))


def _comparison(formula: Comparison, figures: Figures, catalogue: Catalogue) -> Judgement:
    left = formula.left
    sums: tuple[tuple[Sum, Mapping[str, Value], str], ...]
    match left:
        case Sum():
            sums = ((left, figures.now, ""),)
        case Ratio(part, whole):
            sums = ((part, figures.now, ""), (whole, figures.now, ""))
        case Growth(of):
            if not figures.label_before:
                operands = _looked_up(of, figures.now, "")
                return Judgement(
                    formula, Status.MISSING, operands=operands, problem=Problem.NO_YEAR_BEFORE
                )
            sums = ((of, figures.now, ""), (of, figures.year_before, figures.label_before))
    looked = [_looked_up(total, values, label) for total, values, label in sums]
    operands = tuple(operand for found in looked for operand in found)
    amounts = []
    for (total, _, _), found in zip(sums, looked, strict=True):
        amount = _added(total, found)
        if amount is None:
            return Judgement(formula, Status.MISSING, operands=operands)
        amounts.append(amount)
    return _judged(formula, tuple(amounts), operands, catalogue)


def _judged(
    formula: Comparison,
    amounts: tuple[Number, ...],
    operands: tuple[Operand, ...],
    catalogue: Catalogue,
) -> Judgement:
    """Judge a comparison whose figures are all there."""
    left, op, bound = formula.left, formula.op, formula.bound
    if any(amount < 0 for amount in amounts):
        return Judgement(
            formula, Status.INVALID, amounts=amounts, operands=operands, problem=Problem.NEGATIVE
        )
    first = Fraction(amounts[0])
    target = bound
    match left:
        case Ratio(_, whole_sum):
            whole = Fraction(amounts[1])
            problem = _ratio_problem(first, whole, whole_sum, catalogue)
            if problem is not None:
                return Judgement(
                    formula, Status.INVALID, amounts=amounts, operands=operands, problem=problem
                )
            if whole == 0:
                return Judgement(formula, Status.MET, True, 0, amounts=amounts, operands=operands)
            target = bound * whole
        case Growth():
            before = Fraction(amounts[1])
            if before == 0 and first != 0:
                return Judgement(
                    formula,
                    Status.MISSING,
                    amounts=amounts,
                    operands=operands,
                    problem=Problem.BASE_IS_ZERO,
                )
            # From nothing to nothing is no growth: compare 0 with the bound itself.
            target = before * (1 + bound) if before else bound
    # Multiplying by the (positive) whole keeps the comparison and needs no division.
    if op.holds(first, target):
        return Judgement(formula, Status.MET, shortfall=0, amounts=amounts, operands=operands)
    return Judgement(
        formula,
        Status.NOT_MET,
        shortfall=_shortfall(left, op, amounts, target, catalogue),
        amounts=amounts,
        operands=operands,
    )


def _ratio_problem(
    part: Fraction, whole: Fraction, whole_sum: Sum, catalogue: Catalogue
) -> Problem | None:
    if part > whole:
        return Problem.PART_EXCEEDS_WHOLE
    if whole == 0 and any(catalogue[code].always_some for code in whole_sum.codes):
        return Problem.WHOLE_IS_ZERO
    return None


def _shortfall(
    left: Quantity, op: Op, amounts: tuple[Number, ...], target: Fraction, catalogue: Catalogue
) -> Number | None:
    """
    Return how far the first amount is from the nearest one that would do.

    None where there is none (more than all, fewer than none), and for measures, which have no
    next number.
    """
    if isinstance(left, Growth) and amounts[1] == 0:
        return None
    first = left.part if isinstance(left, Ratio) else left.of if isinstance(left, Growth) else left
    if any(catalogue[code].kind is Kind.DECIMAL for code in first.codes):
        return None
    now = int(amounts[0])
    goal = _nearest(op, target)
    if goal is None or goal < 0 or (isinstance(left, Ratio) and goal > amounts[1]):
        return None
    return abs(goal - now)


def _nearest(op: Op, target: Fraction) -> int | None:
    """Return the whole number nearest to the wrong side that satisfies `op target`."""
    match op:
        case Op.AT_LEAST:
            return ceil(target)
        case Op.MORE:
            return floor(target) + 1
        case Op.AT_MOST:
            return floor(target)
        case Op.LESS:
            return ceil(target) - 1
        case Op.EQUAL:
            return int(target) if target.denominator == 1 else None


def _looked_up(total: Sum, values: Mapping[str, Value], label: str) -> tuple[Operand, ...]:
    return tuple(Operand(code, values.get(code, Absence.MISSING), label) for code in total.codes)


def _added(total: Sum, found: tuple[Operand, ...]) -> Number | None:
    amount: Number = 0
    for (sign, _), operand in zip(total.terms, found, strict=True):
        if isinstance(operand.value, Absence):
            return None
        amount += sign * operand.value
    return amount


def _operands(parts: tuple[Judgement, ...]) -> tuple[Operand, ...]:
    seen: dict[tuple[str, str], Operand] = {}
    for part in parts:
        for operand in part.operands:
            seen.setdefault((operand.code, operand.label), operand)
    return tuple(seen.values())
