"""
Which form each administrative period asks for, as `data/forms.toml` says.

A month, a quarter, a half-year and a year have one form each. Their columns differ: what the
months add up to is never asked again for the quarter, so that no figure counts twice beside
their sums. Campaigns bring a form of their own and stand alone.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from diaban.core.periods import ADMINISTRATIVE, Period, PeriodKind, period_of, previous
from diaban.indicators.rules.campaigns import CampaignPeriod

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "forms.toml"
MONTHLY: Final = "thang"


@cache
def builtin_forms() -> tuple[Mapping[str, Any], ...]:
    """Return the form versions of the file, as they stand there."""
    return tuple(tomllib.loads(BUILT_IN.read_text(encoding="utf-8"))["form"])


@cache
def form_by_kind() -> Mapping[PeriodKind, str]:
    """Return the code of the form of each kind of administrative period that has one."""
    kinds = {PeriodKind(form["period_kind"]): str(form["code"]) for form in builtin_forms()}
    return {kind: kinds[kind] for kind in ADMINISTRATIVE if kind in kinds}


@cache
def kind_by_code() -> Mapping[str, PeriodKind]:
    """Return for each column of the administrative forms the kind of period that asks for it."""
    found: dict[str, PeriodKind] = {}
    for form in builtin_forms():
        kind = PeriodKind(form["period_kind"])
        if kind in ADMINISTRATIVE:
            found |= dict.fromkeys(columns_in(form), kind)
    return found


def columns_in(form: Mapping[str, Any]) -> list[str]:
    """Return the columns of a form of the file, those of the commune first."""
    return [*(code for part in form["section"] for code in part["codes"]), *form["hamlet"]]


def asked_form(period: Period) -> str:
    """Return the code of the form that a period asks for."""
    return period.form if isinstance(period, CampaignPeriod) else form_by_kind()[period.kind]


def forms_within(period: Period) -> list[str]:
    """Return the codes of the forms whose figures make up a period, that of its months first."""
    if isinstance(period, CampaignPeriod):
        return [period.form]
    kinds = list(form_by_kind())
    return [form_by_kind()[kind] for kind in kinds[: kinds.index(period.kind) + 1]]


def longer_kinds() -> tuple[PeriodKind, ...]:
    """Return the kinds of period longer than a month that have a form, the shortest first."""
    return tuple(kind for kind in form_by_kind() if kind is not PeriodKind.MONTH)


@cache
def hamlet_kinds() -> tuple[PeriodKind, ...]:
    """Return the kinds of period whose form asks every hamlet, the shortest first."""
    asked = {form["code"] for form in builtin_forms() if form["hamlet"]}
    return tuple(kind for kind, code in form_by_kind().items() if code in asked)


def last_closed_of(kind: PeriodKind, today: date) -> Period:
    """Return the newest window of a kind that has ended before `today`."""
    return previous(period_of(today, kind))


def windows_within(period: Period, kind: PeriodKind, today: date) -> Sequence[Period]:
    """
    Return the windows of `kind` that lie in `period` and are over, in order of time.

    None for a kind that is longer than the period itself.
    """
    found: list[Period] = []
    window = period_of(period.end, kind)
    while window.start >= period.start:
        if window.end <= period.end and window.end < today:
            found.insert(0, window)
        window = previous(window)
    return found
