"""Spans of days: half-open, `valid_from <= day < valid_to`; without an end they go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days; `valid_to` is the first day that no longer belongs to it."""

    valid_from: date
    valid_to: date | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError(f"a span must run forward: {self.valid_from} to {self.valid_to}")

    def hold(self, day: date) -> bool:
        """Return whether `day` belongs to the span."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def meet(self, other: "Days") -> bool:
        """Return whether some day belongs to both."""
        starts_before_end = other.valid_to is None or self.valid_from < other.valid_to
        return starts_before_end and (self.valid_to is None or other.valid_from < self.valid_to)

    def within(self, other: "Days") -> bool:
        """Return whether every day of this span belongs to `other`."""
        if self.valid_from < other.valid_from:
            return False
        if other.valid_to is None:
            return True
        return self.valid_to is not None and self.valid_to <= other.valid_to

    def nearest(self, day: date) -> date:
        """Return `day`, or the day of the span that is nearest to it."""
        if day < self.valid_from:
            return self.valid_from
        if self.valid_to is not None and day >= self.valid_to:
            return self.valid_to - timedelta(days=1)
        return day


def overlapping(spans: Iterable[Days]) -> tuple[Days, Days] | None:
    """Return the first two spans that share a day, or None when all stand apart."""
    ordered = sorted(spans, key=lambda span: span.valid_from)
    for earlier, later in pairwise(ordered):
        if earlier.meet(later):
            return earlier, later
    return None
