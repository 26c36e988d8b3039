"""
What a reorganisation does to roles: nobody gains scope by it.

A role in a unit that ends gives nothing any more (`selectors.actor_of`). A role in a unit that
gains territory ends on the effective day; an administrator gives it again, knowing what it
reaches now. Roles in all other units go on unchanged.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count, Q
from django.dispatch import receiver

from diaban.accounts.models import Holding
from diaban.accounts.rules import ROLE_NAMES, Role
from diaban.areas.journal import Journal
from diaban.areas.signals import Effect, Named, Reach, change_published, effects_asked


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """
    Return how many roles lapse, must be given again, or stand in the way.

    Cost: one query.
    """
    day = reach.effective_on
    lapse, again, later = _lapsing(reach), _again(reach), _later(reach)
    counts = Holding.objects.aggregate(
        lapse=Count("pk", filter=lapse),
        again=Count("pk", filter=again),
        later=Count("pk", filter=later),
    )
    return [
        Effect(
            "accounts.lapse",
            f"{counts['lapse']} vai trò ở đơn vị kết thúc thôi hiệu lực",
            counts["lapse"],
            rows=partial(_listed, lapse),
        ),
        Effect(
            "accounts.again",
            f"{counts['again']} vai trò ở đơn vị được nhận thêm địa bàn kết thúc ngày "
            f"{day:%d/%m/%Y}, phải do quản trị cấp lại",
            counts["again"],
            rows=partial(_listed, again),
        ),
        Effect(
            "accounts.later",
            f"{counts['later']} vai trò bắt đầu từ ngày {day:%d/%m/%Y} trở đi ở đơn vị có thay "
            "đổi; hãy bỏ chúng trước khi công bố",
            counts["later"],
            blocks=True,
            rows=partial(_listed, later),
        ),
    ]


def _listed(which: Q, first: int, last: int) -> list[Named]:
    found = Holding.objects.filter(which).select_related("user", "area")
    return [
        Named(f"{one.user.name} ({one.user.username})",
              f"{ROLE_NAMES[Role(one.role)]} · {one.area.full_name}")
        for one in found.order_by("area__code", "pk")[first:last]
    ]  # fmt: skip


@receiver(change_published)
def end_roles_that_would_reach_further(
    reach: Reach, journal: Journal, at: datetime, **_: Any
) -> None:
    """End the roles in units that gain territory, on the effective day."""
    for holding in Holding.objects.filter(_held(reach.grown, reach)).order_by("pk"):
        journal.alter(holding, valid_to=reach.effective_on)


def _lapsing(reach: Reach) -> Q:
    return _held(reach.ended, reach)


def _again(reach: Reach) -> Q:
    return _held(reach.grown, reach) & Q(valid_from__lt=reach.effective_on)


def _later(reach: Reach) -> Q:
    return _held(reach.ended | reach.grown, reach) & Q(valid_from__gte=reach.effective_on)


def _held(areas: frozenset[int], reach: Reach) -> Q:
    """Return the condition "a role in one of these units, reaching over the effective day"."""
    going_on = Q(valid_to=None) | Q(valid_to__gt=reach.effective_on)
    # By depth of the tree there are few: units that end or grow, not units below them.
    return going_on & Q(area__in=areas)
