"""An area held against a criteria set: every criterion with its reason, the outcome, the class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from diaban.core.numbers import Absence, Number, Value
from diaban.recognition.rules.classes import Classification, classify, settled
from diaban.recognition.rules.engine import (
    Figures,
    Judgement,
    Operand,
    Status,
    judge,
    percent_floor,
    share_of,
)
from diaban.recognition.rules.formulas import All, Comparison, Quantity, Sum, sums_of
from diaban.recognition.rules.reasons import reason
from diaban.recognition.rules.sets import CriteriaSet, Criterion, Reading, Requirement


class Outcome(StrEnum):
    """What a set, or a group of it, came to."""

    MET = "met"
    NOT_MET = "not_met"
    UNDETERMINED = "undetermined"


BOTH: Final = tuple(Reading)


@dataclass(frozen=True, slots=True)
class Result:
    """
    What one criterion came to.

    `value` is the measured quantity: for a ratio or growth the percentage with two places,
    rounded towards minus infinity; None where several are compared. `readings` holds the
    status under each reading, for a criterion that the readings understand differently.
    """

    criterion: Criterion
    status: Status
    vacuous: bool
    value: str | None
    threshold: str | None
    unit: str | None
    operands: tuple[Operand, ...]
    shortfall: Number | None
    reason: str
    readings: Mapping[Reading, Status]


@dataclass(frozen=True, slots=True)
class Assessment:
    """One area, one period, one set."""

    area: str
    period: str
    criteria: CriteriaSet
    outcome: Outcome
    groups: Mapping[str, Outcome]
    classification: Classification | None
    results: tuple[Result, ...]


def assess(
    criteria: CriteriaSet,
    figures: Figures,
    *,
    area: str,
    readings: tuple[Reading, ...] = BOTH,
) -> Assessment:
    """
    Return how an area stands against a set, for the period of `figures`.

    With both readings, a criterion shows its literal status and beside it those of both; with
    one, its status under that one. What is missing stays missing: nothing is read as zero.
    """
    by_reading: dict[Reading, dict[str, Status]] = {reading: {} for reading in readings}
    results = []
    for criterion in criteria.criteria:
        judged = judge(criterion.under(readings[0]), figures, criteria.catalogue)
        other = judged
        if criterion.cumulative is not None and len(readings) > 1:
            other = judge(criterion.under(readings[1]), figures, criteria.catalogue)
        statuses = dict(zip(readings, (judged.status, other.status), strict=False))
        for reading, status in statuses.items():
            by_reading[reading][criterion.id] = status
        results.append(
            _result(criteria, criterion, judged, statuses if criterion.cumulative else {})
        )
    first = by_reading[readings[0]]
    return Assessment(
        area=area,
        period=figures.label,
        criteria=criteria,
        outcome=_outcome(settled(criteria.outcome, first)),
        groups={
            group.id: _outcome(settled(_group(criteria, group.id), first))
            for group in criteria.groups
        },
        classification=classify(criteria, by_reading),
        results=tuple(results),
    )


def in_json(assessment: Assessment) -> dict[str, Any]:
    """
    Return an assessment as the values of its JSON form.

    Decimals stay Decimal; whoever writes the text chooses how a number looks.
    """
    classification = assessment.classification
    answer: dict[str, Any] = {
        "area": assessment.area,
        "period": assessment.period,
        "set": assessment.criteria.id,
        "outcome": assessment.outcome.value,
        "class": None
        if classification is None
        else {
            "literal": classification.literal,
            "cumulative": classification.cumulative,
            "agreed": classification.agreed,
            "needs_decision": classification.needs_decision,
        },
    }
    if assessment.criteria.groups:
        answer["groups"] = {name: outcome.value for name, outcome in assessment.groups.items()}
    answer["criteria"] = [_result_json(result) for result in assessment.results]
    return answer


def _result_json(result: Result) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "id": result.criterion.id,
        "status": result.status.value,
        "vacuous": result.vacuous,
        "value": result.value,
        "threshold": result.threshold,
        "unit": result.unit,
        "operands": {
            f"{o.code}@{o.label}" if o.label else o.code: _plain(o.value) for o in result.operands
        },
        "shortfall": _plain(result.shortfall),
        "reason": result.reason,
        "label": result.criterion.label,
    }
    if result.criterion.group:
        answer["group"] = result.criterion.group
    if result.criterion.due:
        answer["due"] = result.criterion.due.isoformat()
    if result.readings:
        answer["readings"] = {r.value: status.value for r, status in result.readings.items()}
    return answer


def _plain(value: Value | None) -> Number | None:
    return None if isinstance(value, Absence) else value


def _result(
    criteria: CriteriaSet,
    criterion: Criterion,
    judged: Judgement,
    readings: Mapping[Reading, Status],
) -> Result:
    leaf, thresholds = _measured(judged)
    return Result(
        criterion=criterion,
        status=judged.status,
        vacuous=judged.vacuous,
        value=_value(leaf) if leaf else None,
        threshold=thresholds,
        unit=_unit(criteria, leaf) if leaf else None,
        operands=judged.operands,
        shortfall=judged.shortfall,
        reason=reason(judged, criteria.catalogue, criterion.sense),
        readings=readings,
    )


def _measured(judged: Judgement) -> tuple[Judgement | None, str | None]:
    """
    Return the one comparison whose quantity is the criterion's value, and its threshold.

    A band compares one quantity twice and has both bounds; several quantities have no value,
    and a threshold only where they share it.
    """
    formula = judged.formula
    if isinstance(formula, Comparison):
        return judged, f"{formula.op.value} {formula.written}"
    parts = formula.parts if isinstance(formula, All) else ()
    comparisons = [part for part in parts if isinstance(part, Comparison)]
    if not comparisons or len(comparisons) != len(parts):
        return None, None
    bounds = dict.fromkeys(f"{part.op.value} {part.written}" for part in comparisons)
    if _one_quantity([part.left for part in comparisons]):
        return judged.parts[0], ", ".join(bounds)
    return None, next(iter(bounds)) if len(bounds) == 1 else None


def _one_quantity(quantities: list[Quantity]) -> bool:
    return all(quantity == quantities[0] for quantity in quantities)


def _value(judged: Judgement) -> str | None:
    formula = judged.formula
    assert isinstance(formula, Comparison)
    if not isinstance(formula.left, Sum):
        share = share_of(judged)
        return None if share is None else percent_floor(share)
    if not judged.amounts:
        return None
    amount = judged.amounts[0]
    return f"{amount:f}" if isinstance(amount, Decimal) else str(amount)


def _unit(criteria: CriteriaSet, judged: Judgement) -> str | None:
    formula = judged.formula
    assert isinstance(formula, Comparison)
    if not isinstance(formula.left, Sum):
        return "%"
    codes = sums_of(formula.left)[0].codes
    return criteria.catalogue[codes[0]].unit


def _group(criteria: CriteriaSet, group: str) -> Requirement:
    of = tuple(criterion.id for criterion in criteria.criteria if criterion.group == group)
    return Requirement(of, len(of))


def _outcome(status: Status) -> Outcome:
    if status is Status.MET:
        return Outcome.MET
    return Outcome.NOT_MET if status is Status.NOT_MET else Outcome.UNDETERMINED
