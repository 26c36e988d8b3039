"""
What a reorganisation does to returns: nothing, and totals follow the map.

A return keeps the unit that it was made for. Its period belongs to the map of its last day, so
a return of a unit that is no longer on that map would be in no total: such a change is refused.
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.dispatch import receiver

from diaban.areas.signals import (
    Effect,
    Named,
    Reach,
    change_published,
    change_undone,
    effects_asked,
)
from diaban.indicators.models import FormVersion, KeptTotal, Return
from diaban.indicators.rules.returns import STATE_NAMES, State
from diaban.indicators.totals import recompute, write_totals
from diaban.indicators.windows import window_called

_OPEN = (State.DRAFT, State.RETURNED)


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """
    Return how many returns the ended and moved units have, and which stand in the way.

    Cost: one query.
    """
    touched = Q(area__in=reach.ended | reach.moved)
    ended = Q(area__in=reach.ended)
    returns = drafts = late_returns = 0
    late = []
    counted = (
        Return.objects.order_by("period")
        .values("period")
        .annotate(
            touched=Count("pk", filter=touched),
            drafts=Count("pk", filter=touched & Q(state__in=_OPEN)),
            ended=Count("pk", filter=ended),
        )
    )
    for row in counted:
        returns += row["touched"]
        drafts += row["drafts"]
        if window_called(row["period"]).end >= reach.effective_on:
            late.append(row["period"])
            late_returns += row["ended"]
    return [
        Effect(
            "indicators.returns",
            f"{returns} biểu đã nhập, giữ theo đơn vị cũ",
            returns,
            rows=partial(_listed, touched),
        ),
        Effect(
            "indicators.drafts",
            f"{drafts} biểu của các đơn vị này chưa gửi",
            drafts,
            rows=partial(_listed, touched & Q(state__in=_OPEN)),
        ),
        Effect(
            "indicators.periods",
            f"{len(late)} kỳ báo cáo tính theo bản đồ mới",
            len(late),
            rows=partial(_periods, late),
        ),
        Effect(
            "indicators.late_returns",
            f"{late_returns} biểu của đơn vị kết thúc thuộc kỳ khép lại từ ngày "
            f"{reach.effective_on:%d/%m/%Y} trở đi; hãy chọn ngày hiệu lực sau kỳ đó",
            late_returns,
            blocks=True,
            rows=partial(_listed, ended & Q(period__in=late)),
        ),
    ]


def _listed(which: Q, first: int, last: int) -> list[Named]:
    found = Return.objects.filter(which).select_related("area").order_by("-period", "area__code")
    return [
        Named(
            f"{one.area.full_name}, {window_called(one.period).title}",
            STATE_NAMES[State(one.state)],
            "return",
            f"{one.area.code}/{one.period}",
        )
        for one in found.defer("document", "unread", "remarks")[first:last]
    ]


def _periods(labels: Sequence[str], first: int, last: int) -> list[Named]:
    periods = [window_called(label) for label in labels[first:last]]
    return [Named(period.title, period.span) for period in periods]


@receiver([change_published, change_undone])
def total_anew(reach: Reach, at: datetime, **_: Any) -> None:
    """Compute the totals of the periods that end on or after the effective day."""
    for label in _periods_from(reach.effective_on):
        kept = KeptTotal.objects.filter(period=label)
        for version in FormVersion.objects.filter(pk__in=kept.values("version")):
            kept.filter(version=version).delete()
            rows = []
            for area_id, totals in recompute(label, version).items():
                row = KeptTotal(area_id=area_id, period=label, version=version)
                write_totals(row, totals, at)
                rows.append(row)
            KeptTotal.objects.bulk_create(rows, batch_size=500)


def _periods_from(day: date) -> list[str]:
    """Return the periods with returns whose last day is `day` or later."""
    labels = Return.objects.order_by("period").values_list("period", flat=True).distinct()
    return [label for label in labels if window_called(label).end >= day]
