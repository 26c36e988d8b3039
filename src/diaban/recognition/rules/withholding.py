"""
What a result says to those who may not see a commune's counts of one to four people.

Source: docs/explanation/bounds.md, "Small counts stay home".
"""

from __future__ import annotations

from typing import Final

from diaban.core.numbers import Value, write_number
from diaban.indicators.rules.catalogue import Catalogue
from diaban.indicators.rules.small_counts import PEOPLE, SHOWN, hidden
from diaban.recognition.rules.assessment import Result
from diaban.recognition.rules.conclusions import WORDS, standing
from diaban.recognition.rules.engine import Status

WITHHELD: Final = "chỉ xã được xem"


def rests_on_few(result: Result, catalogue: Catalogue) -> bool:
    """Return whether one to four people stand behind a result, or are what it lacks."""
    people = [one for one in result.operands if catalogue[one.code].unit == PEOPLE]
    if any(hidden(one.value, PEOPLE) for one in people):
        return True
    return bool(people) and hidden(result.shortfall, PEOPLE)


def withheld_text(value: Value) -> str:
    """
    Return what stands for a count of people in a result that rests on few.

    The others are withheld with the small one: 28 beside 29 would tell the one that is lacking.
    """
    return SHOWN if hidden(value, PEOPLE) else WITHHELD


def masked_reason(result: Result) -> str:
    """Return a sentence that says how a result stands without a count of one to four people."""
    label = result.criterion.label
    # A numeral of the text ("I.a") keeps its capital.
    label = label if label[1:2] == "." or label[1:2].isupper() else label[:1].lower() + label[1:]
    return f"{WORDS[standing(result)]}: {label}. Số người từ 1 đến 4 chỉ xã được xem."


def told_reason(result: Result, catalogue: Catalogue, *, exact: bool) -> str:
    """Return the sentence of a result as it may be read; `exact` for people of the commune."""
    return result.reason if exact or not rests_on_few(result, catalogue) else masked_reason(result)


def short_note(result: Result, catalogue: Catalogue, *, exact: bool) -> str:
    """Return what stands in the cell: `16`, `1–4` above the unit, `0/0`, or nothing."""
    if result.status is Status.MET:
        return "0/0" if result.vacuous else ""
    if standing(result) != Status.NOT_MET or not result.shortfall:
        return ""
    if not exact and rests_on_few(result, catalogue):
        return SHOWN
    return write_number(result.shortfall)
