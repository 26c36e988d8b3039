"""What a province and the nation do with a province's month, level by level."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from diaban.accounts.rules import APPROVE_RETURN, GIVE_BACK_RETURN, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area, Placement
from diaban.areas.rules.levels import Level
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, NotAllowed, Span, may, require
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH, Period
from diaban.core.text import lower_first
from diaban.indicators.models import Consolidation, KeptTotal, Return
from diaban.indicators.review import ReasonMissing
from diaban.indicators.rules.consolidations import UP_MOVES, UpMove, UpState
from diaban.indicators.rules.returns import STATE_NAMES, State
from diaban.indicators.selectors import communes_under, ended_beside, form_for, read_period
from diaban.indicators.services import ChangedMeanwhile, MoveNotOpen, PeriodNotOver
from diaban.indicators.totals import layout_of, totals_of

_LONGEST: Final = 500
_VOUCHED: Final = frozenset({State.APPROVED, State.LOCKED})


class NotAllApproved(DomainError):
    """Communes without an approved return are left out only with a reason. Facts: `areas`."""

    code = "not_all_approved"


@dataclass(frozen=True, slots=True)
class Lacking:
    """A commune whose return is not approved: it goes up without it only with a reason."""

    area: Area
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A province's month as it stands, and who may do what with it.

    `figures`: the sums that were sent, by code; `now`: the sums at this moment.
    """

    area: Area
    span: Span
    period: Period
    stored: Consolidation | None
    lacking: tuple[Lacking, ...]
    expected: int
    now: Mapping[str, int]
    may_send: bool
    may_answer: bool

    @property
    def state(self) -> UpState:
        """Where it stands; open before anybody did anything."""
        return UpState(self.stored.state) if self.stored else UpState.OPEN


def standing_of(actor: Actor, area_code: str, period_label: str, form: str) -> Standing:
    """
    Return how a province's month stands.

    Raises:
        Missing: `actor` sees no returns there, or the area is no province.

    Cost: seven queries; a few more when the map has changed since.
    """
    area, span = _province(actor, area_code)
    period = read_period(period_label)
    area.as_of(period.end)
    stored = Consolidation.objects.filter(area=area, period=period.label, form=form).first()
    communes = communes_under(actor, span, period.end)
    communes += [one.area for one in ended_beside(actor, span, period, communes)]
    states = dict(
        Return.objects.filter(area__in=communes, period=period.label, form=form).values_list(
            "area_id", "state"
        )
    )
    exceptions = stored.exceptions if stored else {}
    lacking = tuple(
        Lacking(
            one,
            STATE_NAMES[State(states[one.pk])] if one.pk in states else "Chưa lập",
            exceptions.get(one.code, ""),
        )
        for one in communes
        if states.get(one.pk) not in _VOUCHED
    )
    return Standing(
        area, span, period, stored, lacking, len(communes), _sums(area, period, form),
        may(actor, APPROVE_RETURN, span), may(actor, APPROVE_RETURN, _nation(actor)),
    )  # fmt: skip


def provinces_sent(
    actor: Actor, period_label: str, form: str
) -> tuple[Period, list[tuple[Area, Consolidation | None]]]:
    """
    Return every province of today's map with how its month stands, for the nation's office.

    Raises:
        Missing: `actor` does not see the whole country.
    """
    nation, period = _nation(actor), read_period(period_label)
    require(actor, SEE_RETURN, nation)
    found = {
        one.area_id: one for one in Consolidation.objects.filter(period=period.label, form=form)
    }
    provinces = Area.objects.filter(
        placements__version=actor.map_id, level=Level.PROVINCE.value
    ).order_by("sort_key")
    return period, [(area, found.get(area.pk)) for area in provinces]


def waiting_for_nation(actor: Actor) -> list[Consolidation]:
    """
    Return the months that provinces have sent and the nation has not answered, oldest first.

    Nobody but the nation's office has any. Cost: two queries.
    """
    if not may(actor, APPROVE_RETURN, _nation(actor)):
        return []
    sent = Consolidation.objects.filter(state=UpState.SENT).select_related("area")
    return list(sent.defer("figures", "history", "exceptions").order_by("saved_at")[:20])


@transaction.atomic
def send_up(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    exceptions: Mapping[str, str],
    revision: int,
    at: datetime,
) -> Consolidation:
    """
    Send a province's month to the nation, with a reason for each commune that is left out.

    `exceptions` are reasons by the code of a commune. What the totals were is kept with it.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or does not approve for the whole province.
        PeriodNotOver: the month has not ended.
        NotAllApproved: a commune's return is not approved and no reason is given.
        MoveNotOpen, ChangedMeanwhile: it was sent already, or somebody else was faster.
    """
    shown = standing_of(actor, area_code, period_label, form)
    require(actor, APPROVE_RETURN, shown.span, see=SEE_RETURN)
    if at.astimezone(HO_CHI_MINH).date() <= shown.period.end:
        raise PeriodNotOver(f"Kỳ {shown.period.title} chưa xong nên chưa gửi trung ương được.")
    given = {code: text.strip()[:_LONGEST] for code, text in exceptions.items() if text.strip()}
    owed = [one for one in shown.lacking if one.area.code not in given]
    if owed:
        named = ", ".join(one.area.full_name for one in owed[:5])
        more = f" và {len(owed) - 5} đơn vị khác" if len(owed) > 5 else ""
        raise NotAllApproved(
            f"Còn {len(owed)} biểu chưa duyệt: {named}{more}. Duyệt trước, hoặc ghi lý do gửi "
            "thiếu cạnh từng đơn vị.",
            areas=[one.area.code for one in owed],
        )
    stored = _locked(shown, form, at, actor)
    return _move(
        actor, stored, UpMove.SEND, at, revision,
        exceptions={one.area.code: given[one.area.code] for one in shown.lacking},
        expected=shown.expected,
        reporting=shown.expected - len(shown.lacking),
        figures=dict(shown.now),
        receipt=f"TW-{shown.period.label}-{shown.area.code}-{stored.revision + 1}",
    )  # fmt: skip


@transaction.atomic
def accept(
    *, actor: Actor, area_code: str, period_label: str, form: str, revision: int, at: datetime
) -> Consolidation:
    """
    Accept a province's month for the nation.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or does not approve for the country.
        MoveNotOpen, ChangedMeanwhile: it was not sent, or somebody else was faster.
    """
    stored = _for_nation(actor, area_code, period_label, form, APPROVE_RETURN)
    return _move(actor, stored, UpMove.ACCEPT, at, revision)


@transaction.atomic
def give_back_up(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    form: str,
    reason: str,
    revision: int,
    at: datetime,
) -> Consolidation:
    """
    Give a province's month back with a reason; its communes' returns can be mended again.

    Raises:
        Missing, NotAllowed: `actor` does not see it, or does not answer for the country.
        ReasonMissing: no reason was given.
        MoveNotOpen, ChangedMeanwhile: it was not sent, or somebody else was faster.
    """
    if not reason.strip():
        raise ReasonMissing("Ghi một câu cho tỉnh biết cần sửa chỗ nào rồi mới trả lại.")
    stored = _for_nation(actor, area_code, period_label, form, GIVE_BACK_RETURN)
    return _move(actor, stored, UpMove.GIVE_BACK, at, revision, reason=reason.strip()[:_LONGEST])


def _for_nation(
    actor: Actor, area_code: str, period_label: str, form: str, right: str
) -> Consolidation:
    area, _span = _province(actor, area_code)
    if not may(actor, right, _nation(actor)):
        raise NotAllowed("Việc này do cơ quan thường trực trung ương làm, không phải của tỉnh.")
    period = read_period(period_label)
    area.as_of(period.end)
    stored = (
        Consolidation.objects.select_for_update()
        .filter(area=area, period=period.label, form=form)
        .first()
    )
    if stored is None:
        raise Missing(f"{area.full_name} chưa gửi số liệu {lower_first(period.title)}.")
    return stored


def _move(
    actor: Actor,
    stored: Consolidation,
    move: UpMove,
    at: datetime,
    revision: int,
    **changed: object,
) -> Consolidation:
    if stored.revision != revision:
        raise ChangedMeanwhile("Trang này đã cũ: có người vừa làm việc này. Tải lại trang.")
    after = UP_MOVES.get((UpState(stored.state), move))
    if after is None:
        raise MoveNotOpen(
            {
                UpMove.SEND: "Số liệu kỳ này đã gửi trung ương rồi.",
                UpMove.ACCEPT: "Chỉ nhận được số liệu tỉnh đã gửi.",
                UpMove.GIVE_BACK: "Chỉ trả lại được số liệu tỉnh đã gửi.",
            }[move],
            state=stored.state,
        )
    reason = str(changed.get("reason", ""))
    history = [*stored.history, {"state": after, "by": actor.name, "at": at.isoformat(),
                                 "reason": reason}]  # fmt: skip
    values = {"state": after, "revision": revision + 1, "reason": reason, "history": history,
              "saved_at": at, "saved_by": actor.name, **changed}  # fmt: skip
    if not Consolidation.objects.filter(pk=stored.pk, revision=revision).update(**values):
        raise ChangedMeanwhile("Có người vừa làm việc này. Tải lại trang.")
    for name, value in values.items():
        setattr(stored, name, value)
    record(
        actor=actor,
        action=f"indicators.consolidation.{after}",
        subject=stored,
        at=at,
        area_code=stored.area.code,
        detail={"period": stored.period, "form": stored.form, "revision": stored.revision},
    )
    return stored


def _locked(shown: Standing, form: str, at: datetime, actor: Actor) -> Consolidation:
    found = (
        Consolidation.objects.select_for_update()
        .filter(area=shown.area, period=shown.period.label, form=form)
        .first()
    )
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Consolidation.objects.create(
                area=shown.area, period=shown.period.label, form=form, state=UpState.OPEN,
                saved_at=at, saved_by=actor.name,
            )  # fmt: skip
    except IntegrityError as error:
        raise ChangedMeanwhile("Có người vừa làm việc này. Tải lại trang.") from error


def _province(actor: Actor, area_code: str) -> tuple[Area, Span]:
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    if area.level != Level.PROVINCE:
        raise Missing("Số liệu gửi trung ương do tỉnh, thành phố lập; hãy mở một tỉnh.")
    return area, span


def _nation(actor: Actor) -> Span:
    left, right = Placement.objects.values_list("left", "right").get(
        version=actor.map_id, parent__isnull=True
    )
    return Span(left, right)


def _sums(area: Area, period: Period, form: str) -> dict[str, int]:
    version = form_for(form, period)
    row = KeptTotal.objects.filter(area=area, period=period.label, version=version).first()
    if row is None:
        return {}
    totals, layout = totals_of(row), layout_of(version)
    return {
        code: int(total)
        for code, total, units in zip(layout.codes, totals.sums, totals.units, strict=True)
        if units
    }
