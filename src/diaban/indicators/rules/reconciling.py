"""
Reconciling: the same people counted in the return, in the ledger and in the police software.

A difference is exact and signed: reported less counted. It is settled when it is 0, or when it
is explained and both sides have signed. Only counts are kept, never names.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

from diaban.core.numbers import Absence
from diaban.indicators.rules.entry import Document, decode
from diaban.indicators.rules.quality import Tally

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "reconciliation.toml"
LARGEST: Final = 1_000_000


class Side(StrEnum):
    """Who counts, and who signs."""

    COMMUNE = "commune"
    POLICE = "police"


class Standing(StrEnum):
    """How a line stands."""

    UNKNOWN = "unknown"
    EQUAL = "equal"
    DIFFERS = "differs"
    EXPLAINED = "explained"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is counted three ways; `own_software` is a column of the return or empty."""

    id: str
    name: str
    reported: str
    own_software: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """
    A line with its three numbers; None where there is none.

    `software_own`: the commune's own column stands in for the police agency's figure.
    """

    line: Line
    reported: int | None
    ledger: int | None
    software: int | None
    software_own: bool
    explanation: str

    @property
    def ledger_difference(self) -> int | None:
        """Reported less the ledger."""
        return _less(self.reported, self.ledger)

    @property
    def software_difference(self) -> int | None:
        """Reported less the software."""
        return _less(self.reported, self.software)

    @property
    def standing(self) -> Standing:
        """Whether the line agrees as far as there are numbers."""
        known = [d for d in (self.ledger_difference, self.software_difference) if d is not None]
        if not known:
            return Standing.UNKNOWN
        if not any(known):
            return Standing.EQUAL
        return Standing.EXPLAINED if self.explanation else Standing.DIFFERS

    @property
    def complete(self) -> bool:
        """Whether both sides have counted and the commune has reported."""
        counted = self.software is not None and not self.software_own
        return self.reported is not None and self.ledger is not None and counted


@cache
def builtin_lines() -> tuple[Line, ...]:
    """Return the lines that every installation reconciles."""
    data = tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))
    return tuple(Line(**entry) for entry in data["line"])


def compare(
    lines: Sequence[Line],
    document: Document | None,
    counts: Mapping[str, Mapping[str, Mapping[str, Any]]],
    explanations: Mapping[str, Mapping[str, Any]],
) -> tuple[Compared, ...]:
    """
    Return every line with its numbers.

    `counts`: side, then line, then what was counted (`value`); `explanations`: by line, `text`.
    """
    found = []
    for line in lines:
        ledger = counts.get(Side.COMMUNE, {}).get(line.id)
        software = counts.get(Side.POLICE, {}).get(line.id)
        own = reported(document, line.own_software) if line.own_software else None
        found.append(
            Compared(
                line=line,
                reported=reported(document, line.reported),
                ledger=int(ledger["value"]) if ledger else None,
                software=int(software["value"]) if software else own,
                software_own=software is None and own is not None,
                explanation=str(explanations.get(line.id, {}).get("text", "")),
            )
        )
    return tuple(found)


def reported(document: Document | None, column: str) -> int | None:
    """Return a figure of a return; of hamlets (`hamlets:addicts`) only when all gave one."""
    if document is None:
        return None
    source, colon, code = column.partition(":")
    if not colon:
        return _whole(document["values"].get(source))
    values = [_whole(cells.get(code)) for cells in document["hamlets"].values()]
    known = [value for value in values if value is not None]
    return sum(known) if values and len(known) == len(values) else None


def tallies(compared: Sequence[Compared], *, signed: bool) -> dict[str, Tally]:
    """
    Return how many lines agree with the ledger and with the software.

    A difference that is explained agrees once both sides have `signed`.
    """
    found = {}
    for name in ("ledger", "software"):
        differences = [
            (getattr(one, f"{name}_difference"), one.explanation)
            for one in compared
            if getattr(one, f"{name}_difference") is not None
        ]
        good = sum(1 for gap, told in differences if gap == 0 or (told and signed))
        found["registers" if name == "ledger" else name] = Tally(good, len(differences))
    return found


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def _whole(cell: Any) -> int | None:
    if isinstance(cell, bool):
        return None
    value = decode(cell)
    return None if isinstance(value, Absence) else int(value)
