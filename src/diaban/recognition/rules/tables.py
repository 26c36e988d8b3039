"""
Figures of many areas as a table, and which areas and periods of it a set is applied to.

Reading one from a file is `table_files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

from diaban.core.errors import DomainError
from diaban.core.numbers import Value, plain_text
from diaban.core.periods import (
    Period,
    UnknownPeriod,
    is_administrative,
    months_of,
    parse_label,
    year_before,
)
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.sets import CriteriaSet, SetPeriod


class NotInTable(DomainError):
    """An area or period that was asked for and that the table does not have."""

    code: ClassVar[str] = "not_in_table"


@dataclass(frozen=True, slots=True)
class Table:
    """Values by area, period and indicator; areas and periods in the order of the file."""

    values: dict[tuple[str, str], dict[str, Value]] = field(default_factory=dict)

    @property
    def periods(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(period for _, period in self.values))

    def of(self, area: str, period: str) -> dict[str, Value]:
        """Return what the table says of an area in a period; empty when it says nothing."""
        return self.values.get((area, period), {})

    def figures(self, area: str, period: str) -> Figures:
        """Return all that a set may ask about an area in a period."""
        before, months = _ingredients(period)
        return Figures(
            label=period,
            now=self.of(area, period),
            label_before=before,
            year_before=self.of(area, before),
            months=tuple((month, self.of(area, month)) for month in months),
        )


@lru_cache(maxsize=64)
def _ingredients(period: str) -> tuple[str, tuple[str, ...]]:
    """Return the labels of the year before and of the months; none for a campaign."""
    if not is_administrative(period):
        return "", ()
    window = parse_label(period)
    return _label_before(window), tuple(month.label for month in months_of(window))


def assessable(
    table: Table, criteria: CriteriaSet, *, area: str | None = None, period: str | None = None
) -> list[tuple[str, str]]:
    """
    Return which areas and periods of a table a set is to be applied to, in the table's order.

    With a period named, every area of the table, also one that has no figure in it. Without,
    every period that an area has figures for, except those that the set needs only as
    ingredients: months for a set that looks at every month of the year (they stand for their
    year), and a year that is there only for the next one to be compared with.

    Raises:
        NotInTable: the table has no such area or period.
    """
    labels: dict[str, list[str]] = {}
    for one, label in table.values:
        labels.setdefault(one, []).append(label)
    if area is not None and area not in labels:
        raise NotInTable(
            f"Bảng không có địa bàn “{area}”. Các địa bàn có trong bảng: {_listed(list(labels))}.",
            area=area,
        )
    areas = list(labels) if area is None else [area]
    if period is not None:
        period = plain_text(period)
        known = {label for given in labels.values() for label in _whole(given, criteria)}
        if period not in known and period not in table.periods:
            raise NotInTable(
                f"Bảng không có kỳ “{period}”. Các kỳ có trong bảng: {_listed(table.periods)}.",
                period=period,
            )
        return [(one, period) for one in areas]
    return [(one, label) for one in areas for label in _assessed(labels[one], criteria)]


def _whole(labels: Iterable[str], criteria: CriteriaSet) -> tuple[str, ...]:
    """Return the periods that an area's labels stand for: a month may stand for its year."""
    if criteria.looks_at_months and criteria.period is SetPeriod.YEAR:
        labels = (label[:4] if is_administrative(label) else label for label in labels)
    return tuple(dict.fromkeys(labels))


def _assessed(labels: Iterable[str], criteria: CriteriaSet) -> tuple[str, ...]:
    """Return the periods of one area that are assessed when none is named."""
    whole = _whole(labels, criteria)
    if not criteria.looks_back:
        return whole
    before = {one: _label_before(parse_label(one)) for one in whole if is_administrative(one)}
    bases = set(before.values())
    return tuple(one for one in whole if one not in bases or before[one] in whole)


def _label_before(window: Period) -> str:
    try:
        return year_before(window).label
    except UnknownPeriod:
        return ""


def _listed(names: Sequence[str], most: int = 12) -> str:
    more = f" và {len(names) - most} mục khác" if len(names) > most else ""
    return (", ".join(names[:most]) + more) or "không có"
