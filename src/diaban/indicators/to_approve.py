"""The periods in which returns wait for whoever approves them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Min

from diaban.accounts.rules import APPROVE_RETURN
from diaban.accounts.scopes import in_scope
from diaban.core.access import Actor
from diaban.core.periods import Period, UnknownPeriod, parse_label
from diaban.indicators.models import Campaign, Return
from diaban.indicators.rules.returns import State
from diaban.indicators.windows import windows_of

_MOST_PERIODS: Final = 12


@dataclass(frozen=True, slots=True)
class Batch:
    """`count` returns of one period, the earliest of them sent at `since`."""

    period: Period
    count: int
    since: datetime


def to_approve(actor: Actor) -> list[Batch]:
    """
    Return what waits for `actor` to approve, by period, the newest twelve.

    Cost: one query, one more where a campaign is among them.
    """
    found = list(
        Return.objects.filter(in_scope(actor, APPROVE_RETURN, "area"), state=State.SUBMITTED)
        .exclude(submitted_at=None)
        .values_list("period")
        .annotate(count=Count("pk", distinct=True), since=Min("submitted_at"))
        .order_by("-since")[:_MOST_PERIODS]
    )
    windows: dict[str, Period] = {}
    for label, _count, _since in found:
        try:
            windows[label] = parse_label(label)
        except UnknownPeriod:
            continue
    if others := [label for label, _count, _since in found if label not in windows]:
        windows |= {one.label: one for one in windows_of(Campaign.objects.filter(label__in=others))}
    return [
        Batch(windows[label], count, since) for label, count, since in found if label in windows
    ]
