"""
How far a target of a plan has come, from the kept totals of the plan's area.

A target is tied to an indicator by a person; a share in percent also to what it is a part of.
A stock is read from the newest closed window (a month, or the quarter, half-year or year whose
form asks for it), a flow from the closed windows of that one's year. "Against last year" compares
with the same windows a year before. Small counts of people stay in their unit
(`indicators.rules.small_counts`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from django.db import transaction

from diaban.accounts.rules import PUBLISH_PLAN, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.rules.levels import Level
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, Span, may
from diaban.core.errors import DomainError
from diaban.core.periods import Period, PeriodKind, period_of, previous, year_before
from diaban.core.text import fold
from diaban.indicators.rules.catalogue import Indicator, Time, builtin_catalogue
from diaban.indicators.rules.period_forms import kind_by_code, last_closed_of, windows_within
from diaban.indicators.rules.small_counts import share_hidden
from diaban.indicators.selectors import totals_at
from diaban.plans.models import Plan, Target
from diaban.plans.rules.days import last_day
from diaban.plans.selectors import plan_open_to

LAST_YEAR: Final = "vs_previous_year"
_FALLS = ("giảm", "kéo giảm", "hạ")
_EACH = re.compile(r"\bmoi (?:xa|phuong|thon|ban|ap|khu|to dan pho|dia phuong|truong|don vi)\b")


class UnknownIndicatorChosen(DomainError):
    """The indicator is not in the catalogue, or a share lacks what it is a part of."""

    code = "plans.unknown_indicator"


class Stand(StrEnum):
    """
    What can be said of a target today.

    EACH_AREA: it asks something of every area ("mỗi xã"), which a total neither meets nor fails.
    """

    MET = "met"
    NOT_MET = "not_met"
    MISSING = "missing"
    UNTIED = "untied"
    EACH_AREA = "each_area"


@dataclass(frozen=True, slots=True)
class Progress:
    """
    A target with what has been reached.

    `value` in the unit of the target, None where it is not known or too small to be named
    (`withheld`). `part` and `whole` are the counts behind a share. `period` is the newest window;
    `windows` how many of the `of_windows` have figures.
    """

    target: Target
    stand: Stand
    value: Fraction | None = None
    part: Fraction | None = None
    whole: Fraction | None = None
    withheld: bool = False
    period: Period | None = None
    windows: int = 0
    of_windows: int = 0


def progress_of(actor: Actor, plan: Plan, today: date) -> list[Progress]:
    """
    Return the targets of a plan in its order, each with how far it has come.

    Who may not see the returns of the plan's area sees the targets and no figures. Cost: three
    queries.
    """
    targets = list(plan.targets.select_related("phase").order_by("pk"))
    if not any(target.indicator for target in targets):
        return [Progress(target, Stand.UNTIED) for target in targets]
    span = _seen(actor, plan)
    read = {target.pk: _read(target, today) for target in targets if target.indicator}
    wanted = sorted(
        {
            window
            for own in read.values()
            for one in (*own.part, *own.whole)
            for window in (one, year_before(one))
        },
        key=lambda period: (period.start, period.end),
    )
    if span is None:
        sums: dict[str, dict[str, int]] = {}
    else:
        found = totals_at(actor, plan.area, span, wanted)
        sums = dict(zip([period.label for period in wanted], found, strict=True))
    own_unit = plan.area.level == Level.COMMUNE.value and any(
        grant.area_id == plan.area_id for grant in actor.grants
    )
    return [
        _progress(target, read[target.pk], sums, own_unit=own_unit)
        if target.indicator
        else Progress(target, Stand.UNTIED)
        for target in targets
    ]


@transaction.atomic
def tie_target(
    *, actor: Actor, target_id: int, indicator: str, whole: str = "", at: datetime
) -> Target:
    """
    Say which indicator a target is measured by; an empty code unties it.

    A target in percent needs `whole`; where the catalogue knows only one, that is taken.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not change, the plan's programme.
        UnknownIndicatorChosen: no such indicator, or a share without its whole.
    """
    target = Target.objects.select_related("plan").filter(pk=target_id).first()
    if target is None:
        raise Missing("Không tìm thấy chỉ tiêu này trong phạm vi của tài khoản.")
    plan = plan_open_to(actor, target.plan_id, PUBLISH_PLAN)
    catalogue = builtin_catalogue()
    if indicator and indicator not in catalogue:
        raise UnknownIndicatorChosen("Chọn một chỉ số trong danh mục.", given=indicator)
    if indicator and is_share(target):
        whole = whole or next(iter(wholes_of(indicator)), "")
        if whole not in catalogue or whole == indicator:
            raise UnknownIndicatorChosen(
                "Chỉ tiêu này tính bằng phần trăm: chọn thêm chỉ số làm mẫu số.", given=whole
            )
    else:
        whole = ""
    Target.objects.filter(pk=target.pk).update(indicator=indicator, whole=whole)
    record(
        actor=actor,
        action="plans.target.tied",
        subject=target,
        at=at,
        area_code=plan.area.code,
        detail={"indicator": indicator, "whole": whole},
    )
    target.refresh_from_db()
    return target


def is_share(target: Target) -> bool:
    """Return whether a target asks for a percentage of something (not for growth)."""
    return "%" in target.unit and target.baseline != LAST_YEAR


def wholes_of(code: str) -> tuple[str, ...]:
    """Return what an indicator is a part of, as the catalogue knows it."""
    return builtin_catalogue()[code].part_of


def indicators_like(words: str, most: int = 30) -> list[Indicator]:
    """Return the indicators whose name holds all the words, marks or not; by name."""
    wanted = fold(words).split()
    found = [
        one
        for one in builtin_catalogue().values()
        if all(word in fold(f"{one.name_vi} {one.noun}") for word in wanted)
    ]
    return sorted(found, key=lambda one: fold(one.name_vi))[:most]


def _seen(actor: Actor, plan: Plan) -> Span | None:
    try:
        _area, span = area_visible_to(actor, plan.area.code, SEE_RETURN)
    except Missing:
        return None
    return span if may(actor, SEE_RETURN, span) else None


@dataclass(frozen=True, slots=True)
class _Read:
    """The closed windows that a target is read from, the newest last; `whole` for a share."""

    part: Sequence[Period]
    whole: Sequence[Period]


def _read(target: Target, today: date) -> _Read:
    kind = _kind(target.indicator)
    newest = last_closed_of(kind, today)
    if target.due and len(target.due) != 5:
        by = last_day(target.due)
        if by < newest.end:
            newest = period_of(by, kind)
    part = _windows(target.indicator, newest, today)
    if not target.whole:
        return _Read(part, ())
    # What is asked every quarter is a share of what is asked every month: both of one day.
    beside = period_of(newest.end, _kind(target.whole))
    if not beside.end < today:
        beside = previous(beside)
    return _Read(part, _windows(target.whole, beside, today))


def _kind(code: str) -> PeriodKind:
    return kind_by_code().get(code, PeriodKind.MONTH)


def _windows(code: str, newest: Period, today: date) -> Sequence[Period]:
    if builtin_catalogue()[code].time is Time.STOCK:
        return (newest,)
    year = period_of(newest.end, PeriodKind.YEAR)
    return [one for one in windows_within(year, newest.kind, today) if one.end <= newest.end]


def _progress(
    target: Target,
    read: _Read,
    sums: dict[str, dict[str, int]],
    *,
    own_unit: bool,
) -> Progress:
    now, known = _reached(target.indicator, read.part, sums)
    nothing = Progress(
        target, Stand.MISSING, period=read.part[-1], windows=known, of_windows=len(read.part)
    )
    if now is None:
        return nothing
    part: Fraction | None = None
    whole: Fraction | None = None
    value: Fraction | None = now
    beside: Fraction | None = None
    if is_share(target):
        part = now
        whole, _known = _reached(target.whole, read.whole, sums) if target.whole else (None, 0)
        value = 100 * now / whole if whole else None
    elif target.baseline == LAST_YEAR:
        before, _known = _reached(
            target.indicator, [year_before(window) for window in read.part], sums
        )
        value = 100 * (now - before) / before if before else None
        if value is not None and _falls(target):
            value = -value
        beside = before
    if value is None:
        return nothing
    stand = Stand.MET if _met(value, target) else Stand.NOT_MET
    if not is_share(target) and _EACH.search(fold(target.what)):
        stand = Stand.EACH_AREA
    if not own_unit and (_small(target, now, whole) or _small(target, beside, None)):
        return replace(nothing, stand=stand, withheld=True)
    return replace(nothing, stand=stand, value=value, part=part, whole=whole)


def _reached(
    code: str, windows: Sequence[Period], sums: dict[str, dict[str, int]]
) -> tuple[Fraction | None, int]:
    """Return the figure of an indicator over some windows, and how many of them have one."""
    indicator = builtin_catalogue()[code]
    values = [sums.get(window.label, {}).get(code) for window in windows]
    there = [value for value in values if value is not None]
    if not there:
        return None, 0
    if indicator.time is Time.STOCK:
        # The newest window decides: an older stock is no answer for today.
        return (None, 0) if values[-1] is None else (_scaled(indicator, values[-1]), 1)
    return _scaled(indicator, sum(there)), len(there)


def _scaled(indicator: Indicator, packed: int) -> Fraction:
    return Fraction(packed, indicator.scale)


def _small(target: Target, part: Fraction | None, whole: Fraction | None) -> bool:
    """Return whether a figure, its whole, or what it lacks of that must stay in its unit."""
    catalogue = builtin_catalogue()
    whole_unit = catalogue[target.whole].unit if target.whole in catalogue else None
    return share_hidden(
        _decimal(part), _decimal(whole), catalogue[target.indicator].unit, whole_unit
    )


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(value.numerator) / value.denominator


def _falls(target: Target) -> bool:
    words = fold(target.what)
    return any(fold(word) in words for word in _FALLS) and "tang" not in words


def _met(value: Fraction, target: Target) -> bool:
    """Return whether `value` reaches the level; without a level anything does."""
    if target.value is None:
        return True
    level = Fraction(Decimal(target.value))
    return {
        ">": value > level,
        "<=": value <= level,
        "<": value < level,
        "==": value == level if not is_share(target) else value >= level,
    }.get(target.comparator, value >= level)
