"""
What a reorganisation does to plans and duties: plans and done work stay, what is open follows.

A change that is already in force is carried out at once and through the journal, so undoing it
puts every share back. One that comes into force later is followed by the daily run
(`follow_successors`) on that day, through the same journal.
"""

from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Value
from django.dispatch import receiver

from diaban.agencies.signals import work_passed_on
from diaban.areas.journal import Journal
from diaban.areas.models import AreaGroup, Change
from diaban.areas.signals import (
    Effect,
    Named,
    Reach,
    change_published,
    effects_asked,
    group_listed,
)
from diaban.core.periods import local_day
from diaban.plans.fan_out import fan_out
from diaban.plans.models import Plan, Share
from diaban.plans.publishing import groups_of
from diaban.plans.selectors import living_plans


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """
    Return how many plans and open duties the units that end have.

    Cost: one query.
    """
    ended = Q(area__in=reach.ended)
    still_open = Q(done_on=None, frozen=False)
    following = Q(area__in=reach.ended - reach.scattered) & still_open
    staying = Q(area__in=reach.scattered) & still_open
    shares_of = [
        Share.objects.filter(which)
        .values(kind=Value(kind))
        .annotate(number=Count("pk"), behind=Count("duty", distinct=True))
        for kind, which in (("following", following), ("staying", staying))
    ]
    both = (
        Plan.objects.filter(ended)
        .values(kind=Value("plans"))
        .annotate(number=Count("pk"), behind=Value(0))
        .union(*shares_of, all=True)
    )
    counts = {row["kind"]: (row["number"], row["behind"]) for row in both}
    plans, _none = counts.get("plans", (0, 0))
    shares, duties = counts.get("following", (0, 0))
    left, left_duties = counts.get("staying", (0, 0))
    return [
        Effect(
            "plans.plans",
            f"{plans} kế hoạch của đơn vị kết thúc, giữ theo đơn vị cũ",
            plans,
            rows=partial(_plans, ended),
        ),
        Effect(
            "plans.shares",
            f"{shares} phần việc chưa xong, thuộc {duties} nhiệm vụ, của cơ quan ở đơn vị kết thúc "
            "chuyển sang cùng cơ quan ở đơn vị nhận toàn bộ địa bàn; nơi đó chưa có cơ quan ấy "
            "thì ở lại cơ quan cũ",
            shares,
            rows=partial(_shares, following),
        ),
        Effect(
            "plans.shares_staying",
            f"{left} phần việc chưa xong, thuộc {left_duties} nhiệm vụ, của cơ quan ở đơn vị bị "
            "chia hoặc giải thể: không tự chuyển, ở lại cơ quan cũ đến khi ghi cơ quan kế thừa",
            left,
            rows=partial(_shares, staying),
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


@receiver(change_published)
def follow_change(reach: Reach, journal: Journal, at: datetime, **_: Any) -> None:
    """Let duties follow at once, unless the change comes into force later; groups have already."""
    day = local_day(at)
    if reach.effective_on > day or not (reach.ended or reach.begun):
        return
    for plan in living_plans():
        fan_out(plan, day, journal)


@receiver(group_listed)
def follow_group(group: AreaGroup, at: datetime, **_: Any) -> None:
    """Deal the duties of a group out to who belongs to it now."""
    for plan in living_plans():
        if any(one.pk == group.pk for one in groups_of(plan)):
            fan_out(plan, local_day(at))


@receiver(work_passed_on)
def follow_bodies(on: date, at: datetime, **_: Any) -> None:
    """Give what is open to the body that took the work over, unless it does so later."""
    day = local_day(at)
    if on <= day:
        for plan in living_plans():
            fan_out(plan, day)


@transaction.atomic
def follow_successors(day: date) -> int:
    """
    Bring every published plan up to `day`: successors, groups, the next occurrences of reports.

    Returns how many shares were made, moved or taken back; a second run on a day changes
    nothing.
    """
    pending = _to_follow(day)
    journal = Journal() if pending else None
    changed = 0
    for plan in living_plans():
        done = fan_out(plan, day, journal)
        changed += done.made + done.moved + done.removed
    for change in pending:
        # Also where nothing moved: a change with shares in its journal has been followed.
        noted = Journal()
        noted.made(Share, [])
        lines = journal.lines if journal is not None and change == pending[-1] else []
        Change.objects.filter(pk=change.pk).update(journal=[*change.journal, *noted.lines, *lines])
    return changed


def _to_follow(day: date) -> list[Change]:
    """
    Return the changes that have come into force since they were published, and are to be followed.

    What following does goes into the journal of the last of them, because a later change is
    undone before an earlier one.
    """
    found = Change.objects.filter(
        state=Change.State.PUBLISHED, effective_on__lte=day, published_at__isnull=False
    ).order_by("published_at")
    label = Share._meta.label_lower
    return [
        one
        for one in found
        if one.published_at is not None
        and one.effective_on > local_day(one.published_at)
        and not any(label in (line.get("made"), line.get("altered")) for line in one.journal)
    ]
