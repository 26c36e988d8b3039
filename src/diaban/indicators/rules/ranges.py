"""How much of anything one hamlet or one commune can have at most; data of data/ranges.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from diaban.core.numbers import Kind
from diaban.indicators.rules.catalogue import PART, Catalogue, Indicator
from diaban.indicators.rules.validation import Check, Level, Row, Term

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "ranges.toml"
_COUNTED: Final = frozenset({Kind.COUNT, Kind.DECIMAL})


@dataclass(frozen=True, slots=True)
class Range:
    """The most of something in one hamlet and in one commune, and why nobody has more."""

    hamlet: int
    commune: int
    because: str


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges by unit, and those of single indicators that take the place of their unit's."""

    units: Mapping[str, Range]
    indicators: Mapping[str, Range]

    def of(self, indicator: Indicator) -> Range | None:
        """Return the range of an indicator; None for amounts of money, yes and no."""
        if indicator.kind not in _COUNTED:
            return None
        whole = indicator.code.partition(PART)[0]
        return self.indicators.get(whole) or self.units.get(indicator.unit)


@cache
def builtin_ranges() -> Ranges:
    """Return the ranges that every installation has."""
    read = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    return Ranges(
        {unit: Range(**found) for unit, found in read["unit"].items()},
        {code: Range(**found) for code, found in read["indicator"].items()},
    )


def range_checks(
    form: str, commune: Sequence[str], hamlet: Sequence[str], catalogue: Catalogue, ranges: Ranges
) -> tuple[Check, ...]:
    """Return the rules that no cell of a form is above its range."""
    return tuple(
        Check(
            id=f"{code}_in_range",
            form=form,
            row=row,
            level=Level.ERROR,
            at=code,
            text=_TEXT[row],
            english=_ENGLISH[row],
            left=(Term(1, "", code),),
            op="<=",
            right=found.hamlet if row is Row.HAMLET else found.commune,
        )
        for row, codes in ((Row.HAMLET, hamlet), (Row.COMMUNE, commune))
        for code in codes
        if (found := ranges.of(catalogue[code])) is not None
    )


_TEXT: Final = {
    Row.HAMLET: "{left} quá lớn cho một thôn (nhiều nhất là {right}); kiểm tra lại số chữ số.",
    Row.COMMUNE: "{left} quá lớn cho một xã (nhiều nhất là {right}); kiểm tra lại số chữ số.",
}
_ENGLISH: Final = {
    Row.HAMLET: "{left} is too many for one hamlet (at most {right}); check the digits.",
    Row.COMMUNE: "{left} is too many for one commune (at most {right}); check the digits.",
}
