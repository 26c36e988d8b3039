"""
Signals against window-dressing: questions to a commune, with a place for the answer.

Each has an innocent explanation, and often that is the true one; so a signal is worded as a
question, changes no score, and is never about a person. Thresholds and words stand in
`data/signals.toml`.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from diaban.core.numbers import Number, write_number
from diaban.core.periods import Period
from diaban.indicators.rules.catalogue import Catalogue, Time
from diaban.indicators.rules.entry import Document
from diaban.indicators.rules.reconciling import reported
from diaban.indicators.rules.small_counts import PEOPLE, SHOWN, hidden
from diaban.indicators.rules.validation import (
    Check,
    Finding,
    Level,
    Returns,
    Row,
    Term,
    evaluate,
)

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "signals.toml"
COUNTED: Final = "counted"
LEDGER: Final = "ledger"
_FORM: Final = "thang"
# The rules write their two numbers into a sentence; here they are wanted apart.
_APART: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class Signal:
    """
    One question; `facts` are its numbers as written for the commune itself.

    `people` names those facts that count people: above the commune small ones are withheld.
    """

    kind: str
    at: str
    facts: dict[str, str]
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """
    The file of signals: parameters by kind, contradictions, words; `key` changes with it.

    `texts_above` are the words above the commune, where they say less; `english` and
    `english_above` the same in English.
    """

    parameters: Mapping[str, Mapping[str, Any]]
    contradictions: tuple[Check, ...]
    texts: Mapping[str, str]
    texts_above: Mapping[str, str]
    english: Mapping[str, str]
    english_above: Mapping[str, str]
    source: str
    valid_from: date
    key: str


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What is looked at: this return, last period's, and what was saved on earlier days.

    `saves`: the day and document of each revision, oldest first. `ledger`: counts of the
    reconciliation by line.
    """

    period: Period
    now: Document
    before: Document | None
    saves: Sequence[tuple[date, Document]] = ()
    ledger: Mapping[str, int] = field(default_factory=dict)


@cache
def builtin_signals() -> Signals:
    """Return the signals that every installation has."""
    text = BUILT_IN.read_text(encoding="utf-8")
    data = tomllib.loads(text)
    kinds = {kind: data[kind] for kind in ("copied", "all_full", "last_days", "round")}
    checks = tuple(_contradiction(entry) for entry in data["contradiction"])
    texts = {kind: str(entry["text"]) for kind, entry in kinds.items()}
    texts |= {entry["id"]: str(entry["text"]) for entry in data["contradiction"]}
    return Signals(
        parameters=kinds,
        contradictions=checks,
        texts=texts,
        texts_above={
            kind: str(entry["text_above"]) for kind, entry in kinds.items() if "text_above" in entry
        },
        english={kind: str(entry["english"]) for kind, entry in kinds.items()}
        | {entry["id"]: str(entry["english"]) for entry in data["contradiction"]},
        english_above={
            kind: str(entry["english_above"])
            for kind, entry in kinds.items()
            if "english_above" in entry
        },
        source=data["source"],
        valid_from=data["valid_from"],
        key=hashlib.sha256(text.encode()).hexdigest()[:16],
    )


def signals_of(facts: Facts, catalogue: Catalogue, signals: Signals) -> tuple[Signal, ...]:
    """Return the questions that a return raises, in the order of the file."""
    found = (
        _copied(facts, catalogue, signals.parameters["copied"]),
        _all_full(facts, signals.parameters["all_full"]),
        _last_days(facts, catalogue, signals.parameters["last_days"]),
        _round(facts, catalogue, signals.parameters["round"]),
    )
    return (
        *(one for one in found if one is not None),
        *_contradictions(facts, catalogue, signals),
    )


def question(
    signal: Signal,
    area: str,
    signals: Signals,
    *,
    exact: bool,
    english: Mapping[str, str] | None = None,
) -> str:
    """
    Return a signal as a question; above the commune (`exact` false) small counts are hidden.

    With `english`, the English names of indicators by code, the question is in English.
    """
    texts = signals.texts if english is None else signals.english
    above = signals.texts_above if english is None else signals.english_above
    sentence = texts.get(signal.kind, "")
    if not exact:
        sentence = above.get(signal.kind, sentence)
    if english is not None and signal.at in english:
        sentence = sentence.replace("{name}", english[signal.at])
    for name, written in signal.facts.items():
        shown = written
        if not exact and name in signal.people and hidden(_number(written), PEOPLE):
            shown = SHOWN
        sentence = sentence.replace(f"{{{name}}}", shown)
    return sentence.replace("{area}", area)


def _copied(facts: Facts, catalogue: Catalogue, given: Mapping[str, Any]) -> Signal | None:
    if facts.before is None:
        return None
    now, before = _columns(facts.now), _columns(facts.before)
    moving = set(given["moving"])
    looked = [
        code
        for code, cells in now.items()
        if code in before
        and (catalogue[code].time is Time.FLOW or code in moving)
        and any(cell not in (0, None, False, "-", "KAD") for cell in (*cells, *before[code]))
    ]
    same = sum(1 for code in looked if now[code] == before[code])
    if len(looked) < given["least_columns"] or same * 100 < given["percent"] * len(looked):
        return None
    return Signal("copied", "", {"same": str(same), "all": str(len(looked))})


def _all_full(facts: Facts, given: Mapping[str, Any]) -> Signal | None:
    """Ask when every ratio of some size is 100 %; one below it, and there is nothing to ask."""
    pairs = 0
    for part, whole in given["pairs"]:
        parts, wholes = _either(facts.now, part), _either(facts.now, whole)
        if parts is None or wholes is None or wholes < given["least_whole"]:
            continue
        if parts != wholes:
            return None
        pairs += 1
    return Signal("all_full", "", {"all": str(pairs)}) if pairs >= given["least_pairs"] else None


def _last_days(facts: Facts, catalogue: Catalogue, given: Mapping[str, Any]) -> Signal | None:
    last_day = facts.period.end - timedelta(days=given["days"])
    early = [doc for day, doc in facts.saves if facts.period.start <= day <= last_day]
    if not early:
        return None
    for code in given["columns"]:
        was, now = _either(early[-1], code), _either(facts.now, code)
        if was is None or now is None or now - was < given["least"]:
            continue
        if (now - was) * 100 >= given["percent"] * was:
            name = catalogue[code].name_vi
            return Signal(
                "last_days",
                code,
                {
                    "name": name[:1].lower() + name[1:],
                    "before": write_number(was),
                    "now": write_number(now),
                    "days": str(given["days"]),
                    "percent": str(given["percent"]),
                },
            )
    return None


def _round(facts: Facts, catalogue: Catalogue, given: Mapping[str, Any]) -> Signal | None:
    cells = [
        cell
        for column in _columns(facts.now).values()
        for cell in column
        if isinstance(cell, int) and not isinstance(cell, bool) and cell >= 10
    ]
    tens = sum(1 for cell in cells if cell % 10 == 0)
    if len(cells) < given["least_cells"] or tens * 100 < given["percent"] * len(cells):
        return None
    return Signal("round", "", {"round": str(tens), "all": str(len(cells))})


def _contradictions(facts: Facts, catalogue: Catalogue, signals: Signals) -> list[Signal]:
    forms = {
        COUNTED: {"values": _counted(facts), "hamlets": {}},
        LEDGER: {"values": dict(facts.ledger), "hamlets": {}},
    }
    found = evaluate(signals.contradictions, Returns(facts.now, facts.before, forms))
    return [_asked(one, catalogue, signals) for one in found]


def _asked(one: Finding, catalogue: Catalogue, signals: Signals) -> Signal:
    left, _sep, right = one.sentence.partition(_APART)
    people = ("left", "right") if catalogue[one.code].unit == PEOPLE else ()
    return Signal(one.rule, one.code, {"left": left, "right": right}, people)


def _counted(facts: Facts) -> dict[str, int]:
    """Return what the rows of the return themselves give; a column with a gap gives nothing."""
    counted = {}
    sessions = [row.get("communication_sessions") for row in facts.now["hamlets"].values()]
    if sessions and all(isinstance(one, int) for one in sessions):
        counted["hamlets_informed"] = sum(1 for one in sessions if one)
    before = reported(facts.before, "hamlets:addicts")
    if before is not None:
        counted["addicts_before"] = before
    return counted


def _either(document: Document, column: str) -> int | None:
    """Return a figure of the commune's part, or the sum of the hamlets."""
    if ":" in column or column in document["values"]:
        return reported(document, column)
    return reported(document, f"hamlets:{column}")


def _columns(document: Document) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {code: (c,) for code, c in document["values"].items()}
    rows = sorted(document["hamlets"])
    for code in next(iter(document["hamlets"].values()), {}):
        found[code] = tuple(document["hamlets"][row].get(code) for row in rows)
    return found


def _contradiction(entry: Mapping[str, Any]) -> Check:
    return Check(
        id=entry["id"],
        form=_FORM,
        row=Row.COMMUNE,
        level=Level.WARNING,
        at=entry["at"],
        text=f"{{left}}{_APART}{{right}}",
        left=tuple(map(_term, entry["left"])),
        op=entry["op"],
        right=tuple(map(_term, entry["right"])),
    )


def _term(text: str) -> Term:
    source, colon, code = text.partition(":")
    return Term(1, source, code) if colon else Term(1, "", source)


def _number(written: str) -> Number | None:
    plain = written.replace(".", "").replace(",", ".")
    return Decimal(plain) if plain.replace(".", "").isdigit() else None
