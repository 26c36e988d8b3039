"""Roles in hamlets that end or take others in: they end, and are given again by a person."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from diaban.accounts.models import Holding
from diaban.areas.signals import HamletNews, hamlets_changed


@receiver(hamlets_changed)
def end_roles(news: HamletNews, **_: Any) -> None:
    """End the roles in hamlets that end, and in their heirs, which reach further than before."""
    codes = {*news.heirs, *news.heirs.values()} - {""}
    if not codes:
        return
    held = Holding.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=news.on_day), area__code__in=codes
    )
    held.filter(valid_from__lt=news.on_day).update(valid_to=news.on_day)
    held.filter(valid_from__gte=news.on_day).delete()
