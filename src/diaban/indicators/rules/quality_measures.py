"""
What one return gives to the measures of "đúng", "đủ" and "sạch", with the cells behind it.

Lateness and age depend on the day on which one looks and are in `rules.quality`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from diaban.core.numbers import NOT_YET_SIGN
from diaban.indicators.rules.catalogue import Catalogue
from diaban.indicators.rules.entry import COMMUNE_ROW, Document
from diaban.indicators.rules.quality import Limits, Quality, Tally
from diaban.indicators.rules.reconciling import Compared, tallies
from diaban.indicators.rules.validation import (
    Check,
    Finding,
    Returns,
    asked,
    builtin_checks,
    evaluate,
)

# More of one kind than a person reads; the tally counts them all.
MOST_CAUSES: Final = 100


@dataclass(frozen=True, slots=True)
class Cause:
    """
    One thing that costs a measure; `row` is a hamlet, or empty for the commune's own part.

    `code` is empty when a whole row is meant. `text` is the sentence of a rule, if one spoke.
    """

    measure: str
    row: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """The tallies of a return and what lies behind them."""

    tallies: dict[str, Tally]
    causes: tuple[Cause, ...]


def measure(
    document: Document,
    before: Document | None,
    unread: Mapping[str, str],
    checks: Sequence[Check],
    compared: Sequence[Compared],
    *,
    signed: bool,
    catalogue: Catalogue,
    quality: Quality,
) -> Measured:
    """Return what a return that counts gives to the measures."""
    rules, impossible = _split(checks, quality)
    returns = Returns(document, before)
    found: dict[str, Tally] = {"units": Tally(1, 1), **tallies(compared, signed=signed)}
    causes: list[Cause] = []

    said = _unexplained(evaluate(rules, returns), document)
    found["rules"] = _passed(rules, returns, said)
    causes += [Cause("rules", one.row, one.code, one.sentence) for one in said]
    for one in compared:
        causes += _apart(one, signed=signed)

    found["values"], found["hamlets"], gaps = _answered(document)
    causes += gaps
    given = found["values"].good
    found["format"] = Tally(given, given + len(unread))
    for name in unread:
        code, _dot, row = name.partition(".")
        causes.append(Cause("format", row, code, f"“{unread[name]}”"))

    broken = evaluate(impossible, returns)
    odd, tried = _odd(document, catalogue, quality.limits)
    passed = _passed(impossible, returns, broken)
    found["impossible"] = passed + Tally(tried - len(odd), tried)
    causes += [Cause("impossible", one.row, one.code, one.sentence) for one in broken]
    causes += odd

    found["duplicates"], same = _duplicates(document, quality.limits)
    causes += same
    return Measured(found, tuple(_few(causes)))


def _split(
    checks: Sequence[Check], quality: Quality
) -> tuple[tuple[Check, ...], tuple[Check, ...]]:
    """Part the written rules from those that say what cannot be (parts above wholes)."""
    written = {check.id for check in builtin_checks()} - quality.impossible
    rules = tuple(c for c in checks if c.id in written and c.id not in quality.leave_out)
    return rules, tuple(c for c in checks if c.id not in written)


def _unexplained(found: Iterable[Finding], document: Document) -> tuple[Finding, ...]:
    why = document.get("why", {})
    return tuple(one for one in found if one.name not in why)


def _passed(checks: Sequence[Check], returns: Returns, broken: Sequence[Finding]) -> Tally:
    times = sum(asked(checks, returns).values())
    return Tally(times - len(broken), times)


def _apart(one: Compared, *, signed: bool) -> list[Cause]:
    if one.explanation and signed:
        return []
    code = one.line.reported.rpartition(":")[2]
    gaps = {"registers": one.ledger_difference, "software": one.software_difference}
    return [Cause(name, COMMUNE_ROW, code, one.line.name) for name, gap in gaps.items() if gap]


def _answered(document: Document) -> tuple[Tally, Tally, list[Cause]]:
    values, hamlets = Tally(), Tally()
    gaps = []
    for row, cells in (*document["hamlets"].items(), (COMMUNE_ROW, document["values"])):
        empty = [code for code, cell in cells.items() if cell is None or cell == NOT_YET_SIGN]
        values += Tally(len(cells) - len(empty), len(cells))
        if row != COMMUNE_ROW:
            told = any(cell is not None for cell in cells.values())
            hamlets += Tally(int(told), 1)
            if not told:
                gaps.append(Cause("hamlets", row, ""))
                continue
        gaps += [Cause("values", row, code) for code in empty]
    return values, hamlets, gaps


def _odd(document: Document, catalogue: Catalogue, limits: Limits) -> tuple[list[Cause], int]:
    """Return figures that cannot be by themselves, and how many were tried."""
    odd: list[Cause] = []
    tried = 0
    for row, cells in (*document["hamlets"].items(), (COMMUNE_ROW, document["values"])):
        for code, cell in cells.items():
            if _count(cell) and catalogue[code].always_some:
                tried += 1
                if cell == 0:
                    odd.append(Cause("impossible", row, code, "0"))
        homes, people = cells.get("households"), cells.get("population_resident")
        if _count(homes) and homes and _count(people):
            tried += 1
            if people > limits.people_per_household * homes:
                odd.append(Cause("impossible", row, "population_resident", f"{people} / {homes}"))
    return odd, tried


def _duplicates(document: Document, limits: Limits) -> tuple[Tally, list[Cause]]:
    """Return how many hamlets have a row of their own; rows of nearly only zeros are left out."""
    groups: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for row, cells in document["hamlets"].items():
        if sum(1 for cell in cells.values() if _count(cell) and cell) >= limits.duplicate_least:
            groups[tuple(cells.values())].append(row)
    same = [row for rows in groups.values() if len(rows) > 1 for row in rows]
    everyone = sum(len(rows) for rows in groups.values())
    return Tally(everyone - len(same), everyone), [Cause("duplicates", row, "") for row in same]


def _few(causes: Iterable[Cause]) -> Iterable[Cause]:
    seen: dict[str, int] = defaultdict(int)
    for one in causes:
        seen[one.measure] += 1
        if seen[one.measure] <= MOST_CAUSES:
            yield one


def _count(cell: Any) -> bool:
    return isinstance(cell, int) and not isinstance(cell, bool)
