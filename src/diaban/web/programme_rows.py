"""Rows of the programme page, each from one value of the programme."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from diaban.core.numbers import write_number
from diaban.indicators.models import Campaign
from diaban.indicators.rules.campaigns import days_fit
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.small_counts import SHOWN
from diaban.plans.models import CalendarEntry, Event
from diaban.plans.programme import Dated, Line, Received, Stage
from diaban.plans.rules.differences import Line as Compared
from diaban.plans.rules.items import Nature
from diaban.plans.rules.typed import day_text
from diaban.plans.targets import LAST_YEAR, Progress, Stand, is_share
from diaban.web.frames import in_sentence
from diaban.web.plan_words import (
    bound_text,
    deadline_text,
    due_text,
    level_text,
    nature_text,
    report_text,
)

STANDS: Final = {
    Stand.MET: "met",
    Stand.NOT_MET: "not_met",
    Stand.MISSING: "missing",
    Stand.UNTIED: "missing",
    Stand.EACH_AREA: "undetermined",
}
MEMBERS_SHOWN: Final = 40


def line(one: Line) -> dict[str, Any]:
    """Return a duty as a row."""
    duty = one.duty
    when = [deadline_text(day) for day in duty.dates]
    if duty.nature != Nature.DATED:
        when.append(nature_text(duty.nature, duty.recurrence))
    return {
        "number": duty.number,
        "section": duty.section,
        "what": duty.what,
        "leads": [body.name for body in one.leads],
        "support": [body.name for body in one.support],
        "requested": duty.requested,
        "when": when,
        "done": f"{one.progress.done}/{one.progress.owed}" if duty.dates else "–",
        "overdue": one.progress.overdue,
        "frozen": duty.frozen_at is not None,
        "url": _list_url(duty.pk),
    }


def report(entry: CalendarEntry, dated: Dated) -> dict[str, Any]:
    """Return a report of the calendar as a row."""
    return {
        "what": entry.what,
        "often": report_text(entry.recurrence),
        "due": due_text(entry.what, entry.due),
        "by_law": dated.by_law,
        "to": entry.to,
        "via": entry.via,
        "on_demand": entry.recurrence == "on_demand",
        **_occurrences(dated),
    }


def event(one: Event, dated: Dated) -> dict[str, Any]:
    """Return a named day as a row."""
    yearly = len(one.date) == 5
    return {
        "name": one.name,
        "day": f"{day_text(one.date)}{' ' + _('hằng năm') if yearly else ''}",
        **_occurrences(dated),
    }


def _occurrences(dated: Dated) -> dict[str, Any]:
    if dated.line is None:
        return {"who": [], "next_due": None, "done": "", "overdue": 0, "url": ""}
    progress = dated.line.progress
    return {
        "who": _once([body.name for body in dated.line.leads]),
        "next_due": progress.next_due,
        "done": f"{progress.done}/{progress.owed}",
        "overdue": progress.overdue,
        "url": _list_url(dated.line.duty.pk),
    }


def _once(names: list[str]) -> list[str]:
    return list(dict.fromkeys(names))


def stage(
    one: Stage,
    today: date,
    group_url: Callable[[int], str],
    *,
    opens: bool,
    opened: Sequence[Campaign] = (),
) -> dict[str, Any]:
    """
    Return a phase as a row, with the areas of its groups.

    `opens`: whoever looks may open a campaign for a phase that is short enough for one. `opened`:
    the campaigns that were opened for it already.
    """
    start, end = one.phase.start, one.phase.end
    state = "now"
    if end is not None and end < today:
        state = "past"
    elif start is not None and start > today:
        state = "later"
    return {
        "name": one.phase.name,
        "start": start,
        "end": end,
        "state": state,
        "groups": [
            {
                "name": group.name,
                "count": None if group.everyone else len(members),
                "members": members[:MEMBERS_SHOWN],
                "more": max(0, len(members) - MEMBERS_SHOWN),
                "url": "" if group.everyone else group_url(group.pk),
            }
            for group, members in one.groups
        ],
        "rest": one.rest,
        "duties": one.duties,
        "targets": one.targets,
        "owed": one.owed,
        "done": one.done,
        "url": f"{reverse('web:duties')}?phase={one.phase.pk}",
        "campaigns": [
            {
                "name": made.name,
                "url": reverse("web:completeness", args=[made.area.code, made.label]),
                "closed": made.closed_at is not None,
            }
            for made in opened
        ],
        "campaign_url": f"{reverse('web:open-campaign')}?phase={one.phase.pk}"
        if opens and not opened and start is not None and end is not None and days_fit(start, end)
        else "",
    }


def target(one: Progress, tie_url: str) -> dict[str, Any]:
    """Return a target as a row: its level, what was reached, and from what."""
    target = one.target
    phase = target.phase
    due = day_text(target.due)
    if not due and phase is not None and phase.end is not None:
        due = _("hết %(phase)s") % {"phase": phase.name.lower()}
    return {
        "section": target.section,
        "what": target.what,
        "level": level_text(
            {
                "comparator": target.comparator,
                "value": f"{target.value.normalize():f}" if target.value is not None else "",
                "unit": target.unit,
                "baseline": target.baseline,
            }
        ),
        "due": due,
        "indicator": _indicator(one),
        "status": STANDS[one.stand],
        "word": {
            Stand.MET: _("Đạt"),
            Stand.NOT_MET: _("Chưa đạt"),
            Stand.MISSING: _("Chưa có số"),
            Stand.EACH_AREA: _("Xét từng nơi"),
        }.get(one.stand, ""),
        "value": _reached(one),
        "behind": _behind(one),
        "tie_url": tie_url,
    }


def _indicator(one: Progress) -> str:
    catalogue = builtin_catalogue()
    if one.target.indicator not in catalogue:
        return ""
    name = catalogue[one.target.indicator].name_vi
    whole = one.target.whole
    return f"{name} / {catalogue[whole].name_vi.lower()}" if whole in catalogue else name


def _reached(one: Progress) -> str:
    if one.withheld:
        return SHOWN
    if one.value is None:
        return ""
    if is_share(one.target):
        return f"{_cut(one.value)}%"
    if one.target.baseline == LAST_YEAR:
        return f"{'+' if one.value > 0 else ''}{_cut(one.value)}%"
    unit = builtin_catalogue()[one.target.indicator].unit_vi
    return f"{_cut(one.value)} {unit}"


def _cut(value: Fraction) -> str:
    """Write a value with at most one place, cut, so that 99,96 does not read 100."""
    number = Decimal(value.numerator) / Decimal(value.denominator)
    cut = number.quantize(Decimal("0.1"), ROUND_DOWN)
    return write_number(int(cut) if cut == int(cut) else cut)


def _behind(one: Progress) -> str:
    if one.period is None:
        return ""
    parts = [_("số liệu %(period)s") % {"period": in_sentence(one.period)}]
    if one.of_windows > 1:
        parts.append(_("%(n)d/%(of)d kỳ có số") % {"n": one.windows, "of": one.of_windows})
    if one.part is not None and one.whole is not None:
        parts.insert(0, f"{_cut(one.part)} / {_cut(one.whole)}")
    if one.withheld:
        parts.insert(0, _("số nhỏ về người, không nêu"))
    return " · ".join(parts)


def received(one: Received, today: date) -> dict[str, Any]:
    """Return one area's own plan in a cascade as a row."""
    came = bool(one.plan or one.done_on)
    late = one.due is not None and not came and one.due < today
    return {
        "area": one.area.full_name,
        "due": one.due,
        "came": came,
        "done_on": one.done_on,
        "was_late": bool(one.done_on and one.due and one.done_on > one.due),
        "late": late,
        "days": (today - one.due).days if late and one.due else 0,
        "url": reverse("web:plan", args=[one.plan.pk]) if one.plan else "",
        "plan": (one.plan.number or one.plan.title) if one.plan else "",
        "share_url": reverse("web:duty", args=[one.share_id]),
    }


def compared(line: Compared | None, other: Compared | None) -> dict[str, Any] | None:
    """Return a duty of an earlier or later plan, with what differs named beside it."""
    if line is None:
        return None
    return {
        "what": line.what,
        "bodies": "; ".join(line.bodies) if other and other.bodies != line.bodies else "",
        "dates": "; ".join(bound_text(bound, day_text(day)) for bound, day in line.dates)
        if other and other.dates != line.dates
        else "",
    }


def _list_url(duty_id: int) -> str:
    return f"{reverse('web:duties')}?duty={duty_id}"
