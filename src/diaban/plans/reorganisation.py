"""
What a reorganisation finds of plans and duties: counted and named before it is published.

Plans, duties and shares keep the unit that they were made for; history keeps its name.
"""

from functools import partial
from typing import Any

from django.db.models import Count, Q, Value
from django.dispatch import receiver

from diaban.areas.signals import Effect, Named, Reach, effects_asked
from diaban.plans.models import Plan, Share


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """
    Return how many plans and open duties the units that end have.

    Cost: one query.
    """
    ended = Q(area__in=reach.ended)
    open_shares = ended & Q(done_on=None, frozen=False)
    both = (
        Plan.objects.filter(ended)
        .values(kind=Value("plans"))
        .annotate(number=Count("pk"), duties=Value(0))
        .union(
            Share.objects.filter(open_shares)
            .values(kind=Value("shares"))
            .annotate(number=Count("pk"), duties=Count("duty", distinct=True)),
            all=True,
        )
    )
    counts = {row["kind"]: (row["number"], row["duties"]) for row in both}
    plans, _none = counts.get("plans", (0, 0))
    shares, duties = counts.get("shares", (0, 0))
    return [
        Effect(
            "plans.plans",
            f"{plans} kế hoạch của đơn vị kết thúc, giữ theo đơn vị cũ",
            plans,
            rows=partial(_plans, ended),
        ),
        Effect(
            "plans.shares",
            f"{shares} phần việc chưa xong, thuộc {duties} nhiệm vụ, của cơ quan ở đơn vị kết thúc",
            shares,
            rows=partial(_shares, open_shares),
        ),
    ]


def _plans(which: Q, first: int, last: int) -> list[Named]:
    found = Plan.objects.filter(which).select_related("area").order_by("area__code", "pk")
    return [
        Named(one.title, one.area.full_name, "plan", str(one.pk))
        for one in found.defer("reading")[first:last]
    ]


def _shares(which: Q, first: int, last: int) -> list[Named]:
    found = Share.objects.filter(which).select_related("duty", "agency").order_by("due_on", "pk")
    return [
        Named(
            f"{one.agency.name}: {one.duty.what[:120]}",
            f"hạn {one.due_on:%d/%m/%Y}" if one.due_on else "",
            "share",
            str(one.pk),
        )
        for one in found[first:last]
    ]
