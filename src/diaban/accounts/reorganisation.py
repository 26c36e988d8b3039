"""
What a reorganisation does to roles: nobody gains scope by it.

A role in a unit that ends gives nothing any more (`selectors.actor_of`). A role in a unit that
gains territory ends on the effective day; an administrator gives it again, knowing what it
reaches now. Roles in all other units go on unchanged.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver

from diaban.accounts.models import Holding
from diaban.areas.journal import Journal
from diaban.areas.signals import Effect, Reach, change_published, effects_asked


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """Return how many roles lapse, must be given again, or stand in the way."""
    day = reach.effective_on
    lapse = _held(reach.ended, reach).count()
    again = _held(reach.grown, reach).filter(valid_from__lt=day).count()
    later = _held(reach.ended | reach.grown, reach).filter(valid_from__gte=day).count()
    return [
        Effect("accounts.lapse", f"{lapse} vai trò ở đơn vị kết thúc thôi hiệu lực", lapse),
        Effect(
            "accounts.again",
            f"{again} vai trò ở đơn vị được nhận thêm địa bàn kết thúc ngày {day:%d/%m/%Y}, phải "
            "do quản trị cấp lại",
            again,
        ),
        Effect(
            "accounts.later",
            f"{later} vai trò bắt đầu từ ngày {day:%d/%m/%Y} trở đi ở đơn vị có thay đổi; hãy bỏ "
            "chúng trước khi công bố",
            later,
            blocks=True,
        ),
    ]


@receiver(change_published)
def end_roles_that_would_reach_further(
    reach: Reach, journal: Journal, at: datetime, **_: Any
) -> None:
    """End the roles in units that gain territory, on the effective day."""
    for holding in _held(reach.grown, reach):
        journal.alter(holding, valid_to=reach.effective_on)


def _held(areas: frozenset[int], reach: Reach) -> QuerySet[Holding]:
    """Return the roles in these units that reach over the effective day."""
    going_on = Q(valid_to=None) | Q(valid_to__gt=reach.effective_on)
    # By depth of the tree there are few: units that end or grow, not units below them.
    return Holding.objects.filter(going_on, area__in=areas).order_by("pk")
