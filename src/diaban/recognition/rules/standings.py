"""
Where every area of a long list stands against a set, without the words of it.

What a list is put in order and counted by. For the reasons and the figures behind them ask
`assessment.assess` about the areas that are shown; both come to the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from diaban.core.numbers import Absence, Value
from diaban.indicators.rules.rollup import packed_value
from diaban.recognition.rules.assessment import Outcome
from diaban.recognition.rules.classes import classify
from diaban.recognition.rules.columns import (
    MET,
    NOT_MET,
    STATUS,
    UNKNOWN,
    ColumnFigures,
    Integers,
    Matrix,
    assess_columns,
)
from diaban.recognition.rules.conclusions import code_of
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.reasons import Sense
from diaban.recognition.rules.sets import CriteriaSet, Reading


@dataclass(frozen=True, slots=True)
class Standing:
    """
    What one area's assessment comes to.

    `code` is that of its conclusion (`conclusions.Conclusion`), `unmet` how many requirements
    are not met, `short` the sum of what they are known to be short of.
    """

    code: str
    unmet: int
    short: int


def standings(criteria: CriteriaSet, figures: Sequence[Figures]) -> list[Standing]:
    """Return how each area stands, in their order; all are held against the same months."""
    columns = _columns(criteria, figures)
    matrix = assess_columns(criteria, columns)
    asked = [one.sense is not Sense.TROUBLE for one in criteria.criteria]
    unmet = matrix.status[asked] != MET
    short = matrix.shortfall[asked]
    missing = np.where(unmet & (short != UNKNOWN), short, 0)
    codes = _codes(criteria, columns, matrix)
    counts = unmet.sum(axis=0).tolist()
    return [
        Standing(code, count, sum(column))
        for code, count, column in zip(codes, counts, missing.T.tolist(), strict=True)
    ]


def _codes(criteria: CriteriaSet, columns: ColumnFigures, literal: Matrix) -> list[str]:
    if not criteria.classes:
        return [_outcome(status).value for status in literal.outcome.tolist()]
    cumulative = assess_columns(criteria, columns, Reading.CUMULATIVE)
    ids = [one.id for one in criteria.criteria]
    # Communes are alike in few ways; each way is classified once.
    known: dict[bytes, str] = {}
    found = []
    for one, other in zip(literal.status.T, cumulative.status.T, strict=True):
        key = one.tobytes() + other.tobytes()
        if key not in known:
            by_reading = {
                reading: {
                    name: STATUS[status] for name, status in zip(ids, row.tolist(), strict=True)
                }
                for reading, row in ((Reading.LITERAL, one), (Reading.CUMULATIVE, other))
            }
            known[key] = code_of(Outcome.UNDETERMINED, classify(criteria, by_reading))
        found.append(known[key])
    return found


def _outcome(status: int) -> Outcome:
    if status == MET:
        return Outcome.MET
    return Outcome.NOT_MET if status == NOT_MET else Outcome.UNDETERMINED


def _columns(criteria: CriteriaSet, figures: Sequence[Figures]) -> ColumnFigures:
    months = len(figures[0].months) if figures and criteria.looks_at_months else 0
    return ColumnFigures(
        len(figures),
        _packed(criteria, [one.now for one in figures]),
        _packed(criteria, [one.year_before for one in figures]) if criteria.looks_back else {},
        [_packed(criteria, [one.months[month][1] for one in figures]) for month in range(months)],
    )


def _packed(criteria: CriteriaSet, rows: Sequence[Mapping[str, Value]]) -> dict[str, Integers]:
    found = {}
    for code in criteria.codes:
        indicator = criteria.catalogue[code]
        found[code] = np.array(
            [packed_value(indicator, row.get(code, Absence.MISSING)) for row in rows], np.int64
        )
    return found
