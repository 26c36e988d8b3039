"""What the area above does with a return: approve, give back, lock, open again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from diaban.accounts.rules import (
    APPROVE_RETURN,
    GIVE_BACK_RETURN,
    LOCK_RETURN,
    SEE_RETURN,
)
from diaban.accounts.scopes import area_visible_to, in_scope, reorganised_after
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, Span, require
from diaban.core.errors import DomainError
from diaban.core.periods import Period
from diaban.core.text import lower_first
from diaban.indicators.models import Consolidation, Return, Revision
from diaban.indicators.rules.consolidations import HELD
from diaban.indicators.rules.entry import cell_name
from diaban.indicators.rules.returns import COUNTED, Move, State
from diaban.indicators.selectors import ended_inside, read_window, unit_asked
from diaban.indicators.services import locked_return, next_state, write_revision
from diaban.indicators.totals import repack

_LONGEST: Final = 500
_MOST_REMARKS: Final = 50


class ReasonMissing(DomainError):
    """Giving a return back, and opening a locked one, needs a sentence that says why."""

    code = "reason_missing"


class UnknownCell(DomainError):
    """A remark about a cell that the return does not have. Facts: `cell`."""

    code = "unknown_cell"


class SentUp(DomainError):
    """The province's month has gone to the nation: the returns behind it do not change."""

    code = "sent_up"


@dataclass(frozen=True, slots=True)
class Approved:
    """How many returns were approved at once, and the codes of the areas left out."""

    count: int
    left_out: tuple[str, ...]


def approve_return(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    at: datetime,
    remarks: Mapping[str, str] | None = None,
) -> Return:
    """
    Approve a return; `remarks` are exceptions, a sentence for each cell that is not vouched for.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or may not approve it.
        MoveNotOpen: it was not sent, or is approved already.
        UnknownCell: a remark names no cell of the return.
    """
    return _moved(
        actor, area_code, period_label, form, at,
        Move.APPROVE, APPROVE_RETURN, "approved", "", remarks or {},
    )  # fmt: skip


def give_back_return(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    reason: str,
    at: datetime,
    remarks: Mapping[str, str] | None = None,
) -> Return:
    """
    Give a return back to the area that sent it, with what is to be mended and in which cells.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or may not give it back.
        ReasonMissing: neither a reason nor a remark was given.
        MoveNotOpen: it was not sent, or it is locked.
        SentUp: the province's month has gone to the nation.
        UnknownCell: a remark names no cell of the return.
    """
    given = _tidy(remarks or {})
    if not reason.strip() and given:
        reason = "Xem ghi chú ở từng ô."
    return _moved(
        actor, area_code, period_label, form, at,
        Move.GIVE_BACK, GIVE_BACK_RETURN, "given_back",
        _reason(reason, "Ghi một câu cho xã biết cần sửa chỗ nào rồi mới trả lại."), given,
    )  # fmt: skip


def lock_return(
    *, actor: Actor, area_code: str, period_label: str, form: str, at: datetime
) -> Return:
    """
    Lock an approved return: what is published from it does not move any more.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or may not lock it.
        MoveNotOpen: it is not approved.
    """
    return _moved(
        actor, area_code, period_label, form, at, Move.LOCK, LOCK_RETURN, "locked", "", None
    )


def unlock_return(
    *, actor: Actor, area_code: str, period_label: str, form: str, reason: str, at: datetime
) -> Return:
    """
    Open a locked return again, with the reason for the record.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or may not open it.
        ReasonMissing: no reason was given.
        MoveNotOpen: it is not locked.
    """
    return _moved(
        actor, area_code, period_label, form, at, Move.UNLOCK, LOCK_RETURN, "unlocked",
        _reason(reason, "Ghi lý do mở chốt; lý do được lưu trong lịch sử biểu."), None,
    )  # fmt: skip


@transaction.atomic
def _moved(
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    at: datetime,
    move: Move,
    right: str,
    done: str,
    reason: str,
    remarks: Mapping[str, str] | None,
) -> Return:
    """Make one move of the table; `remarks` None leaves those that are there."""
    area, span = unit_asked(actor, area_code, period_label)
    require(actor, right, span, see=SEE_RETURN)
    period = read_window(period_label, span)
    area.as_of(period.end)
    stored = locked_return(area, period, form)
    if stored is None:
        raise Missing(f"{area.full_name} chưa lập biểu {period.title}.")
    if move in (Move.GIVE_BACK, Move.UNLOCK):
        _require_not_sent_up(span, actor, period, form)
    counted = State(stored.state) in COUNTED
    stored.state = next_state(stored, move)
    if remarks is not None:
        stored.remarks = _checked(stored, _tidy(remarks))
        stored.reason = reason
    write_revision(actor, stored, at, reason)
    if counted != (State(stored.state) in COUNTED):
        repack(stored, at)
    record(
        actor=actor,
        action=f"indicators.return.{done}",
        subject=stored,
        at=at,
        area_code=area.code,
        detail={"period": period.label, "form": form, "revision": stored.revision},
    )
    return stored


@transaction.atomic
def approve_many(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    at: datetime,
    leave_out: Collection[str] = (),
    only: Mapping[str, int] | None = None,
) -> Approved:
    """
    Approve every return of a period that was sent from below an area, except those named.

    `only` names by code the returns that were looked at, with the revision that was seen: another
    one, or one that has changed since, is left as it is.

    Raises:
        Missing, NotAllowed: `actor` does not see the area, or may not approve there.

    Cost: eight statements for up to 500 returns and one more for each further 500.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    require(actor, APPROVE_RETURN, span, see=SEE_RETURN)
    period = read_window(period_label, span)
    area.as_of(period.end)
    sent = (
        Return.objects.select_for_update(of=("self",))
        .filter(period=period.label, form=form, state=State.SUBMITTED)
        .order_by("area__code")
        .only("pk", "revision", "document", "remarks", "area__code")
        .select_related("area")
    )
    inside = sent.filter(
        in_scope(actor, APPROVE_RETURN, "area"),
        area__placements__left__gte=span.left,
        area__placements__left__lte=span.right,
    )
    waiting: list[Return] = list(inside.annotate(reorganised=reorganised_after(period.end)))
    if not waiting or getattr(waiting[0], "reorganised", False):
        gone = [one.area for one in ended_inside(actor, APPROVE_RETURN, span, period)]
        waiting += sent.filter(area__in=gone)
    if only is not None:
        waiting = [one for one in waiting if only.get(one.area.code) == one.revision]
    chosen = [one for one in waiting if one.area.code not in leave_out]
    after = next_state(Return(state=State.SUBMITTED), Move.APPROVE)
    Return.objects.filter(pk__in=[one.pk for one in chosen], state=State.SUBMITTED).update(
        state=after, revision=F("revision") + 1, saved_at=at, saved_by=actor.name
    )
    Revision.objects.bulk_create(
        (
            Revision(
                of=one,
                number=one.revision + 1,
                state=after,
                document=one.document,
                by=actor.name,
                at=at,
                remarks=one.remarks,
            )
            for one in chosen
        ),
        batch_size=500,
    )
    left = tuple(one.area.code for one in waiting if one.area.code in leave_out)
    if chosen:
        record(
            actor=actor,
            action="indicators.returns.approved",
            subject=area,
            at=at,
            area_code=area.code,
            detail={
                "period": period.label,
                "form": form,
                "areas": [one.area.code for one in chosen],
                "left_out": list(left),
            },
        )
    return Approved(len(chosen), left)


def sent_up(actor: Actor, span: Span, period: Period, form: str) -> bool:
    """
    Return whether the month of the province above has gone to the nation.

    The returns behind it are then neither given back nor opened. Cost: one query.
    """
    return Consolidation.objects.filter(
        area__placements__version=actor.map_id,
        area__placements__left__lte=span.left,
        area__placements__right__gte=span.right,
        period=period.label,
        form=form,
        state__in=HELD,
    ).exists()


def _require_not_sent_up(span: Span, actor: Actor, period: Period, form: str) -> None:
    if sent_up(actor, span, period, form):
        raise SentUp(
            f"Số liệu {lower_first(period.title)} của tỉnh đã gửi trung ương nên biểu của xã giữ "
            "nguyên. Đề nghị trung ương trả lại trước.",
            period=period.label,
        )


def _reason(given: str, asked: str) -> str:
    if not given.strip():
        raise ReasonMissing(asked)
    return given.strip()[:_LONGEST]


def _tidy(remarks: Mapping[str, str]) -> dict[str, str]:
    return {
        cell: text.strip()[:_LONGEST]
        for cell, text in list(remarks.items())[:_MOST_REMARKS]
        if text.strip()
    }


def _checked(stored: Return, remarks: dict[str, str]) -> dict[str, str]:
    version = stored.version
    known = set(version.commune_codes) | {
        cell_name(row, code) for row in stored.roster.hamlet_codes for code in version.hamlet_codes
    }
    for cell in remarks:
        if cell not in known:
            raise UnknownCell(f"Biểu không có ô “{cell}” để ghi chú.", cell=cell)
    return remarks
