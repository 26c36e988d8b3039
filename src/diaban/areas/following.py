"""
What a reorganisation does to groups, and what hamlets do that their commune merges.

A member that goes whole into another unit is followed by it, of a divided member nobody follows
by itself, and a member that leaves the group's area leaves the group. Where two key types meet
in one unit, the heavier stays. A group of an area that ended goes on with the area that it went
into whole. What becomes of other hierarchies is in `charges`.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from diaban.areas.journal import Journal, Line
from diaban.areas.models import (
    Area,
    AreaGroup,
    AreaGroupMember,
    BoundaryVersion,
    Placement,
    Succession,
)
from diaban.areas.rules.grouping import KEY_TYPES, followers
from diaban.areas.selectors import in_parts
from diaban.areas.signals import (
    Effect,
    HamletNews,
    Listing,
    Named,
    Obstacle,
    Reach,
    Settled,
    change_published,
    change_undoing,
    effects_asked,
    hamlets_changed,
)
from diaban.core.periods import local_day


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """Return how many memberships are touched."""
    day = reach.effective_on
    listed = _listed(reach.ended, day)
    followed = [member for member in listed if member.area_id not in reach.scattered]
    left = [member for member in listed if member.area_id in reach.scattered]
    late = AreaGroupMember.objects.filter(area__in=reach.ended, valid_from__gte=day)
    later = _named(list(late.select_related("area", "group").order_by("pk")))
    return [
        Effect(
            "areas.groups",
            f"{len(followed)} lượt thuộc nhóm địa bàn chuyển theo đơn vị nhận toàn bộ địa bàn",
            len(followed),
            rows=_slices(_named(followed)),
        ),
        Effect(
            "areas.groups_open",
            f"{len(left)} lượt thuộc nhóm địa bàn thôi từ ngày đó, vì đơn vị bị chia hoặc giải "
            "thể: phần nào thuộc nhóm phải chọn lại ở trang của nhóm",
            len(left),
            rows=_slices(_named(left)),
        ),
        Effect(
            "areas.group_members_later",
            f"{len(later)} lượt thuộc nhóm địa bàn bắt đầu từ ngày {day:%d/%m/%Y} trở đi ở đơn vị "
            "kết thúc; hãy bỏ chúng trước khi công bố",
            len(later),
            blocks=True,
            rows=_slices(later),
        ),
    ]


@receiver(change_published)
def follow(reach: Reach, journal: Journal, **_: Any) -> None:
    """Let groups follow a change, through its journal."""
    day = reach.effective_on
    touched = reach.ended | reach.moved
    if not touched:
        return
    _move_groups(reach.ended, day, journal)
    heir = _whole_heirs(reach.ended, day)
    lost: list[AreaGroupMember] = []
    for member in _listed(touched, day):
        new = heir.get(member.area_id) if member.area_id in reach.ended else member.area_id
        if new is None or not _below(member.group, new, day):
            lost.append(member)
        elif new != member.area_id:
            end = member.valid_to
            journal.alter(member, valid_to=day)
            _add(member.group, new, day, end, member.basis, journal)
    for member in lost:
        journal.alter(member, valid_to=day)
    _keep_the_heaviest(set(heir.values()), day, journal)


@receiver(change_undoing)
def settle(reach: Reach, journal: Sequence[Line], at: datetime, **_: Any) -> Settled:
    """
    Let the units that go leave the groups they have left already; name those they stand in.

    Who put them there is a person, so nobody guesses which of the units that come back belong
    there instead.
    """
    noted = {
        key
        for line in journal
        if line.get("made") == AreaGroupMember._meta.label_lower
        for key in line["keys"]
    }
    today = local_day(at)
    members = AreaGroupMember.objects.filter(area__in=reach.begun).exclude(pk__in=noted)
    members.filter(valid_to__lte=today).delete()
    standing = members.select_related("area", "group").order_by("group__name", "area__code")
    going_back = {
        line["key"] for line in journal if line.get("altered") == AreaGroup._meta.label_lower
    }
    groups = AreaGroup.objects.filter(area__in=reach.begun, everyone=False).select_related("area")
    return Settled(
        tuple(
            Obstacle(
                f"{member.area.full_name} trong nhóm địa bàn “{member.group.name}”",
                "Mở nhóm, bỏ đơn vị ấy khỏi danh sách từ hôm nay hoặc trước, rồi hủy lại.",
                "group",
                str(member.group_id),
            )
            for member in standing
        )
        + tuple(
            Obstacle(
                f"Nhóm địa bàn “{group.name}” của {group.area.full_name}",
                "Nhóm đã lập cho đơn vị mới nên không hủy được nữa; hãy lập một thay đổi ngược "
                "lại.",
                "group",
                str(group.pk),
            )
            for group in groups.exclude(pk__in=going_back)
        )
    )


@receiver(hamlets_changed)
def follow_hamlets(news: HamletNews, **_: Any) -> None:
    """Let groups of hamlets follow a commune that merges or closes some of them."""
    ended = {
        area.code: area.pk
        for area in Area.objects.filter(code__in=news.heirs, valid_to=news.on_day)
    }
    heirs = dict(
        Area.objects.filter(
            code__in={heir for heir in news.heirs.values() if heir}, valid_to=None
        ).values_list("code", "pk")
    )
    # A commune's act has no undoing, so nobody keeps this journal.
    journal = Journal()
    day = news.on_day
    for code, old in sorted(ended.items()):
        new = heirs.get(news.heirs[code])
        for member in AreaGroupMember.objects.filter(
            Q(valid_to=None) | Q(valid_to__gt=day), area=old
        ).select_related("group"):
            start, end = max(member.valid_from, day), member.valid_to
            if member.valid_from < day:
                journal.alter(member, valid_to=day)
            else:
                member.delete()
            if new is not None:
                _add(member.group, new, start, end, member.basis, journal)
    _keep_the_heaviest(set(heirs.values()), day, journal)


def follow_whole(group: AreaGroup, ended: Iterable[Area]) -> tuple[str, ...]:
    """
    Let members of old be followed up to the latest map; returns those that were divided.

    For a list of old days that is read in today. Written without a journal.
    """
    divided: list[str] = []
    waiting = list(ended)
    # A succession always goes forward in time, so this ends.
    while waiting:
        old = waiting.pop()
        if old.valid_to is None:
            continue
        heir = _whole_heirs([old.pk], old.valid_to).get(old.pk)
        if heir is None:
            divided.append(str(old))
            continue
        new = Area.objects.get(pk=heir)
        there = group.members.filter(area=new, valid_from__lte=old.valid_to).filter(
            Q(valid_to=None) | Q(valid_to__gt=old.valid_to)
        )
        if not there.exists():
            basis = group.members.filter(area=old).values_list("basis", flat=True).last() or ""
            AreaGroupMember.objects.create(
                group=group, area=new, valid_from=old.valid_to, valid_to=new.valid_to, basis=basis
            )
        waiting.append(new)
    return tuple(sorted(divided))


def _named(members: Iterable[AreaGroupMember]) -> list[Named]:
    return [
        Named(member.area.full_name, member.group.name, "area", member.area.code)
        for member in members
    ]


def _slices(rows: Sequence[Named]) -> Listing:
    return lambda first, last: rows[first:last]


def _listed(areas: Iterable[int], day: date) -> list[AreaGroupMember]:
    """Return the memberships of units that reach over a day."""
    over = Q(valid_to=None) | Q(valid_to__gt=day)
    return [
        member
        for part in in_parts(areas)
        for member in AreaGroupMember.objects.filter(over, area__in=part, valid_from__lt=day)
        .select_related("group", "area")
        .order_by("pk")
    ]


def _whole_heirs(ended: Iterable[int], day: date) -> dict[int, int]:
    lines = Succession.objects.filter(old__in=ended, on=day).values_list(
        "old_id", "new_id", "partial"
    )
    passing, _ = followers(ended, lines)
    return {one.old: one.new for one in passing if one.new is not None}


def _below(group: AreaGroup, area: int, day: date) -> bool:
    """Return whether a unit is below a group's area on the map of `day`."""
    version = BoundaryVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day),
        tree=BoundaryVersion.ADMINISTRATIVE,
        valid_from__lte=day,
    )
    top = Placement.objects.filter(version__in=version, area=group.area_id).first()
    return (
        top is not None
        and Placement.objects.filter(
            version=top.version_id, area=area, left__gte=top.left, left__lte=top.right
        ).exists()
    )


def _move_groups(ended: Iterable[int], day: date, journal: Journal) -> None:
    """Hang the groups of ended areas on the area that these went into whole."""
    heir = _whole_heirs(ended, day)
    for group in AreaGroup.objects.filter(area__in=heir).order_by("pk"):
        new = heir[group.area_id]
        taken = AreaGroup.objects.filter(area=new, key=group.key).first()
        if taken is None:
            journal.alter(group, area_id=new)
            continue
        # Both areas had a group of that name: one list goes on.
        for member in group.members.filter(valid_to=None, valid_from__lt=day):
            journal.alter(member, valid_to=day)
            _add(taken, member.area_id, day, None, member.basis, journal)


def _add(
    group: AreaGroup, area: int, day: date, end: date | None, basis: str, journal: Journal
) -> None:
    """Make a unit a member from `day` on, unless it is one already."""
    there = group.members.filter(area=area).filter(Q(valid_to=None) | Q(valid_to__gt=day))
    if not there.exists():
        made = group.members.create(area_id=area, valid_from=day, valid_to=end, basis=basis)
        journal.made(AreaGroupMember, [made.pk])


def _keep_the_heaviest(areas: Iterable[int], day: date, journal: Journal) -> None:
    """Leave each unit in the group of the heaviest key type that it is in on `day`."""
    seen: set[tuple[int, int]] = set()
    members = AreaGroupMember.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day),
        area__in=areas,
        valid_from__lte=day,
        group__kind__in=KEY_TYPES,
    ).select_related("group")
    # The kinds sort from the heaviest down.
    for member in members.order_by("group__kind", "pk"):
        place = (member.area_id, member.group.area_id)
        if place not in seen:
            seen.add(place)
        elif member.valid_from < day:
            journal.alter(member, valid_to=day)
        else:
            journal.withdraw(member)
