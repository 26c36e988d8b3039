"""
What a reorganisation does to returns: nothing, and totals follow the map.

A return keeps the unit that it was made for. Its period belongs to the map of its last day, so
a return of a unit that is no longer on that map would be in no total: such a change is refused.
"""

from datetime import date, datetime
from typing import Any

from django.dispatch import receiver

from diaban.areas.signals import Effect, Reach, change_published, change_undone, effects_asked
from diaban.core.periods import parse_label
from diaban.indicators.models import FormVersion, KeptTotal, Return
from diaban.indicators.rules.returns import State
from diaban.indicators.totals import recompute, write_totals

_OPEN = (State.DRAFT, State.RETURNED)


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """Return how many returns the ended and moved units have, and which stand in the way."""
    touched = Return.objects.filter(area__in=reach.ended | reach.moved)
    late = _periods_from(reach.effective_on)
    counts = (
        touched.count(),
        touched.filter(state__in=_OPEN).count(),
        len(late),
        Return.objects.filter(area__in=reach.ended, period__in=late).count(),
    )
    return [
        Effect("indicators.returns", f"{counts[0]} biểu đã nhập, giữ theo đơn vị cũ", counts[0]),
        Effect("indicators.drafts", f"{counts[1]} biểu của các đơn vị này chưa gửi", counts[1]),
        Effect("indicators.periods", f"{counts[2]} kỳ báo cáo tính theo bản đồ mới", counts[2]),
        Effect(
            "indicators.late_returns",
            f"{counts[3]} biểu của đơn vị kết thúc thuộc kỳ khép lại từ ngày "
            f"{reach.effective_on:%d/%m/%Y} trở đi; hãy chọn ngày hiệu lực sau kỳ đó",
            counts[3],
            blocks=True,
        ),
    ]


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
    return [label for label in labels if parse_label(label).end >= day]
