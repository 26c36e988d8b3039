"""
What a reorganisation finds of plans and duties: counted and named before it is published.

Plans, duties and shares keep the unit that they were made for; history keeps its name.
"""

from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.dispatch import receiver

from diaban.areas.signals import Effect, Named, Reach, effects_asked
from diaban.plans.models import Plan, Share


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """
    Return how many plans and open duties the units that end have.

    Cost: two queries.
    """
    ended = Q(area__in=reach.ended)
    open_shares = ended & Q(done_on=None, frozen=False)
    plans = Plan.objects.filter(ended).count()
    shares = Share.objects.aggregate(
        open=Count("pk", filter=open_shares),
        duties=Count("duty", filter=open_shares, distinct=True),
    )
    return [
        Effect(
            "plans.plans",
            f"{plans} kế hoạch của đơn vị kết thúc, giữ theo đơn vị cũ",
            plans,
            rows=partial(_plans, ended),
        ),
        Effect(
            "plans.shares",
            f"{shares['open']} phần việc chưa xong, thuộc {shares['duties']} nhiệm vụ, của cơ quan "
            "ở đơn vị kết thúc",
            shares["open"],
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
