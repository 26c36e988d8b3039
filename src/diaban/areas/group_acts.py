"""
What a person does to a group, kept so that it can be taken back: name, end, members out.

Each act has a day, a legal basis and a journal of the rows it touched. Only the latest act that
stands can be taken back, and only while nothing was built on it.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from diaban.areas.groups import (
    called_as,
    group_open_to,
    named_group_open_to,
    refuse_two_types,
)
from diaban.areas.journal import Journal, UndoBlocked, undo
from diaban.areas.models import AreaGroup, AreaGroupAct, AreaGroupMember
from diaban.areas.rules.grouping import ActKind, bad_members
from diaban.areas.signals import group_listed
from diaban.audit.services import record
from diaban.core.access import Actor
from diaban.core.errors import DomainError
from diaban.core.periods import local_day
from diaban.core.text import space


class BadGroupAct(DomainError):
    """An act lacks its legal basis, or its day cannot be. Facts: `field`."""

    code: ClassVar[str] = "bad_group_act"


@transaction.atomic
def rename_group(
    *, actor: Actor, group_id: int, name: str, on_day: date, basis: str, at: datetime
) -> AreaGroup:
    """
    Give a group another name from `on_day` on; its page of earlier days keeps the old one.

    The same name again changes nothing. Plans find a group by its latest name.

    Raises:
        Missing, NotAllowed: `actor` does not see the group, or may not list it.
        BadGroup: the name is empty, too long or another group's.
        BadGroupAct: no basis, a day to come, or one before the name that it has.
    """
    today = local_day(at)
    group = group_open_to(actor, group_id, today)
    called, key = called_as(group.area, name, besides=group)
    if called == group.name:
        return group
    basis = _basis(basis)
    if on_day > today:
        raise BadGroupAct(
            "Tên mới chỉ ghi khi đã có hiệu lực; hãy chọn ngày không sau hôm nay.", field="on"
        )
    last = group.former[-1][0] if group.former else ""
    if on_day.isoformat() < last:
        since = date.fromisoformat(last)
        raise BadGroupAct(
            f"Tên hiện nay có từ {since:%d/%m/%Y}; hãy chọn ngày từ đó trở đi.", field="on"
        )
    before, journal = group.name, Journal()
    former = [*(group.former or [])]
    if on_day.isoformat() != last:
        former.append([on_day.isoformat(), before])
    journal.alter(group, name=called, key=key, former=former)
    keep_act(group, ActKind.RENAMED, on_day, basis, f"{before} → {called}", journal, actor, at)
    _tell(actor, group, "areas.group.renamed", at, before=before, after=called, basis=basis)
    return group


@transaction.atomic
def end_group(*, actor: Actor, group_id: int, on_day: date, basis: str, at: datetime) -> AreaGroup:
    """
    End a group: from `on_day` on it has no members and is offered nowhere. Twice is once.

    Raises:
        Missing, NotAllowed: `actor` does not see the group, or may not list it.
        BadGroupAct: no basis, or members come or leave after that day.
    """
    group = named_group_open_to(actor, group_id, local_day(at))
    if group.ended_on is not None:
        return group
    basis = _basis(basis)
    later = group.members.filter(Q(valid_from__gt=on_day) | Q(valid_to__gt=on_day))
    if later.exists():
        raise BadGroupAct(
            f"Đã ghi thay đổi thành viên sau ngày {on_day:%d/%m/%Y}; hãy chọn ngày muộn hơn.",
            field="on",
        )
    journal = Journal()
    out = take_out(group, group.members.filter(valid_to=None), on_day, basis, journal)
    journal.alter(group, ended_on=on_day)
    keep_act(group, ActKind.ENDED, on_day, basis, str(out), journal, actor, at)
    _tell(actor, group, "areas.group.ended", at, on=on_day.isoformat(), members=out, basis=basis)
    group_listed.send(sender=AreaGroup, group=group, on_day=on_day, at=at)
    return group


@transaction.atomic
def remove_members(
    *, actor: Actor, group_id: int, codes: Collection[str], on_day: date, basis: str, at: datetime
) -> int:
    """
    Let units leave a group on a day; returns how many. Who has left already stays so.

    Raises:
        Missing, NotAllowed: `actor` does not see the group, or may not list it.
        BadMembers: a code is none of the group's.
        BadGroupAct: no basis, nobody was chosen, or a unit came after that day.
    """
    group = group_open_to(actor, group_id, local_day(at))
    basis = _basis(basis)
    if not codes:
        raise BadGroupAct("Chưa chọn đơn vị nào để cho ra khỏi nhóm.", field="area")
    known = set(group.members.filter(area__code__in=codes).values_list("area__code", flat=True))
    if set(codes) - known:
        raise bad_members([f"mã {code} không thuộc nhóm" for code in sorted(set(codes) - known)])
    leaving = group.members.filter(valid_to=None, area__code__in=codes).select_related("area")
    late = [f"{one.area} thuộc nhóm từ {one.valid_from:%d/%m/%Y}, sau ngày đã chọn"
            for one in leaving.filter(valid_from__gt=on_day)]  # fmt: skip
    if late:
        raise bad_members(late)
    told = ", ".join(str(one.area) for one in leaving[:5])
    journal = Journal()
    out = take_out(group, leaving, on_day, basis, journal)
    if out:
        more = f" và {out - 5} đơn vị khác" if out > 5 else ""
        keep_act(group, ActKind.REMOVED, on_day, basis, told + more, journal, actor, at)
        _tell(actor, group, "areas.group.removed", at, codes=sorted(codes), basis=basis)
        group_listed.send(sender=AreaGroup, group=group, on_day=on_day, at=at)
    return out


@transaction.atomic
def take_back(*, actor: Actor, group_id: int, act_id: int, at: datetime) -> AreaGroupAct:
    """
    Put a group back as it was before its latest act that stands. Twice is once.

    Raises:
        Missing, NotAllowed: `actor` does not see the group, or may not list it.
        UndoBlocked: it is not the latest act, or something was built on it.
    """
    group = named_group_open_to(actor, group_id, local_day(at))
    act = group.acts.filter(pk=act_id).first()
    if act is None or act.undone_at is not None:
        if act is not None:
            return act
        raise UndoBlocked("Không tìm thấy việc này của nhóm. Hãy mở lại trang.", rows=[])
    latest = group.acts.filter(undone_at=None).order_by("-pk").first()
    if latest != act:
        raise UndoBlocked(
            f"Sau đó còn “{latest}”. Hãy hủy việc mới nhất trước.", rows=[f"act:{act.pk}"]
        )
    try:
        with transaction.atomic():
            undo(act.journal)
    except IntegrityError as error:
        raise UndoBlocked(
            "Không hủy được: danh sách của nhóm đã đổi sau đó.", rows=[f"act:{act.pk}"]
        ) from error
    gone = group.members.filter(valid_to=None, area__valid_to__isnull=False).select_related("area")
    over = group.members.filter(valid_to__gt=F("area__valid_to")).select_related("area")
    stale = [str(one.area) for one in (*gone, *over)]
    if stale:
        raise UndoBlocked(f"Không hủy được: {', '.join(stale[:3])} đã kết thúc sau đó.", rows=stale)
    refuse_two_types(group)
    act.undone_at, act.undone_by = at, actor.name
    act.save(update_fields=["undone_at", "undone_by"])
    group.refresh_from_db()
    _tell(actor, group, "areas.group.act_undone", at, act=str(act))
    if act.kind != ActKind.RENAMED:
        group_listed.send(sender=AreaGroup, group=group, on_day=act.on_day, at=at)
    return act


def take_out(
    group: AreaGroup, leaving: QuerySet[AreaGroupMember], day: date, basis: str, journal: Journal
) -> int:
    """Close memberships on a day, through a journal; who came that day or later was never in."""
    out = list(leaving)
    for member in out:
        if member.valid_from < day:
            journal.alter(member, valid_to=day, end_basis=basis)
    journal.remove(group.members.filter(pk__in=[m.pk for m in out if m.valid_from >= day]))
    return len(out)


def keep_act(
    group: AreaGroup,
    kind: ActKind,
    on_day: date,
    basis: str,
    told: str,
    journal: Journal,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep an act beside its group, with what is needed to take it back."""
    AreaGroupAct.objects.create(
        group=group, kind=kind, on_day=on_day, basis=basis, told=told[:500], by=actor.name, at=at,
        journal=journal.lines,
    )  # fmt: skip


def _basis(text: str) -> str:
    basis = space(text)[:300]
    if not basis:
        raise BadGroupAct("Chưa ghi căn cứ: số quyết định, kế hoạch hoặc công văn.", field="basis")
    return basis


def _tell(actor: Actor, group: AreaGroup, action: str, at: datetime, **detail: object) -> None:
    record(
        actor=actor, action=action, subject=group, at=at, area_code=group.area.code,
        detail={"name": group.name, **detail},
    )  # fmt: skip
