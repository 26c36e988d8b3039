"""
What undoing a reorganisation does to what plans gave the units that go.

The journal puts back what the change itself moved. Plans that were published since, groups that
were listed since and the daily run have dealt out more: work of the units that go which nobody
has touched is taken away and dealt out anew, to the units that come back. Where a person has
done something, undoing is refused and each such thing is named.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any, Final

from django.db.models import ProtectedError, Q
from django.dispatch import receiver

from diaban.agencies.models import Agency
from diaban.areas.journal import Line
from diaban.areas.signals import Obstacle, Reach, Settled, change_undoing
from diaban.audit.models import Entry
from diaban.core.periods import local_day
from diaban.plans.fan_out import MASS_NAMES, fan_out, with_evidence
from diaban.plans.models import Document, Share
from diaban.plans.selectors import living_plans

# What people do to plans and groups that the journal of a change does not know of.
_DEALT_OUT: Final = (
    "areas.group.imported",
    "areas.group.listed",
    "plans.duty.dates_changed",
    "plans.group.listed",
    "plans.plan.published",
)
# So many pieces of work are named; the rest are told by their number.
_NAMED: Final = 5
_NEW_ACT: Final = "Không hủy được nữa; hãy lập một thay đổi ngược lại."


@receiver(change_undoing)
def settle(
    reach: Reach, journal: Sequence[Line], since: datetime, at: datetime, **_: Any
) -> Settled:
    """
    Take away what was dealt out to the units that go and is untouched; name what is not.

    Cost: a handful of queries; those of a fan-out where work has to be dealt out anew.
    """
    owed = list(
        Share.objects.filter(area__in=reach.begun)
        .exclude(pk__in=_keys(journal, "altered", Share))
        .select_related("agency", "duty")
        .order_by("due_on", "pk")
    )
    empty, held = with_evidence([one for one in owed if one.done_on is None])
    touched = [one for one in owed if one.done_on is not None or one.pk in set(held)]
    documents = Document.objects.filter(area__in=reach.begun).select_related("area")
    obstacles = (*_plans(documents.order_by("pk")), *_work(touched))
    if obstacles:
        return Settled(obstacles)
    late = set(empty) - set(_keys(journal, "made", Share))
    Share.objects.filter(pk__in=late).delete()
    _remove_bodies(reach, set(_keys(journal, "made", Agency)))
    moved = Entry.objects.filter(action__in=_DEALT_OUT, at__gte=since).exists()
    return Settled((), partial(_deal_out, local_day(at)) if late or moved else None)


def _deal_out(day: date) -> None:
    for plan in living_plans():
        fan_out(plan, day)


def _keys(journal: Sequence[Line], how: str, model: type[Share] | type[Agency]) -> list[int]:
    """Return the keys of the rows of a model that a journal says were made, or altered."""
    lines = [line for line in journal if line.get(how) == model._meta.label_lower]
    if how == "altered":
        return [line["key"] for line in lines]
    return [key for line in lines for key in line["keys"]]


def _remove_bodies(reach: Reach, noted: set[int]) -> None:
    """Remove the bodies that a fan-out made in the units that go, unless somebody uses them."""
    found = Agency.objects.filter(
        Q(area__in=reach.begun), code__in=MASS_NAMES, aliases=None, holdings=None
    ).exclude(pk__in=noted)
    for agency in found:
        try:
            agency.delete()
        except ProtectedError:
            # Something else names it: the journal says what, when the unit itself is to go.
            continue


def _plans(documents: Iterable[Document]) -> Iterable[Obstacle]:
    for document in documents:
        plan = document.plans.order_by("pk").first()
        title = plan.title if plan else document.name
        yield Obstacle(
            f"Kế hoạch “{title}” của {document.area.full_name}",
            _NEW_ACT,
            "plan" if plan else "",
            str(plan.pk) if plan else "",
        )


def _work(touched: Sequence[Share]) -> Iterable[Obstacle]:
    for share in touched[:_NAMED]:
        yield Obstacle(
            f"{share.agency.name}: {share.duty.what[:120]}",
            "Đã báo xong việc này; không hủy được nữa, hãy lập một thay đổi ngược lại."
            if share.done_on
            else "Việc này đã có minh chứng hoặc gia hạn; không hủy được nữa, hãy lập một thay "
            "đổi ngược lại.",
            "share",
            str(share.pk),
        )
    if len(touched) > _NAMED:
        yield Obstacle(f"Và {len(touched) - _NAMED} phần việc khác như thế", _NEW_ACT)
