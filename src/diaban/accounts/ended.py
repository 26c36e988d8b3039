"""Roles that a person had until a reorganisation ended them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import Coalesce, Least

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import ROLE_NAMES, Role
from diaban.areas.models import Change, Succession, on


@dataclass(frozen=True, slots=True)
class EndedRole:
    """
    A role that ended with a change of the map.

    `day`: the first day without it; `basis`: the act of that change. `heirs`: full names of the
    units in which it may be given again.
    """

    role: str
    area: str
    day: date
    basis: str
    heirs: tuple[str, ...]


def roles_ended_by_a_change(user: User, today: date) -> list[EndedRole]:
    """
    Return the roles of a person that changes of the map have ended, the latest first.

    Cost: one query, three for each role that ended.
    """
    far = date.max
    held = (
        user.holdings.select_related("area")
        .annotate(
            ended=Least(Coalesce(F("valid_to"), far), Coalesce(F("area__valid_to"), far)),
        )
        .filter(ended__lte=today)
        .order_by("-ended", "pk")
    )
    found = []
    for holding in held:
        change = _change_behind(holding, holding.ended)
        if change is None:
            continue
        heirs = Succession.objects.filter(old=holding.area, on=holding.ended)
        names = tuple(line.new.full_name for line in heirs.select_related("new").order_by("pk"))
        found.append(
            EndedRole(
                ROLE_NAMES[Role(holding.role)],
                holding.area.full_name,
                holding.ended,
                change.basis,
                names or ((holding.area.full_name,) if holding.area.valid_to is None else ()),
            )
        )
    return found


def administrators(today: date) -> list[str]:
    """Return the names of those who give roles, the first few. One query."""
    held = Holding.objects.filter(on(today), role=Role.ADMINISTRATOR)
    return list(held.order_by("user__name").values_list("user__name", flat=True).distinct()[:3])


def _change_behind(holding: Holding, day: date) -> Change | None:
    touched = {("areas.area", holding.area_id), ("accounts.holding", holding.pk)}
    changes = Change.objects.filter(Q(state=Change.State.PUBLISHED), effective_on=day).order_by(
        "-pk"
    )
    for change in changes:
        if any((line.get("altered"), line.get("key")) in touched for line in change.journal):
            return change
    return None
