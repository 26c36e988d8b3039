"""Reconciling a commune's month with the ledger and the police software, and signing it off."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Final

from django.db import transaction
from django.db.models import Q

from diaban.accounts.rules import SEE_RETURN, SIGN_FOR_COMMUNE, SIGN_FOR_POLICE
from diaban.accounts.scopes import area_visible_to
from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind as AgencyKind
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, NotAllowed, Span, may, require
from diaban.core.errors import DomainError
from diaban.core.numbers import NOT_YET_SIGN, Absence, Kind, UnreadableNumber, read_value
from diaban.core.periods import HO_CHI_MINH, Period
from diaban.core.text import lower_first
from diaban.indicators.models import Reconciliation, ReconciliationStep, Return
from diaban.indicators.quality import both_signed, forget, holds, in_span
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.indicators.rules.reconciling import (
    LARGEST,
    Compared,
    Side,
    Standing,
    builtin_lines,
    compare,
)
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.selectors import communes_under, ended_beside, read_month, unit_asked
from diaban.indicators.services import ChangedMeanwhile

_LONGEST: Final = 300
_RIGHTS: Final = {Side.COMMUNE: SIGN_FOR_COMMUNE, Side.POLICE: SIGN_FOR_POLICE}


class BadCounts(DomainError):
    """What was typed for a reconciliation cannot be kept. Facts: `faults` (field, sentence)."""

    code: ClassVar[str] = "reconciliation_bad_counts"


class NotReady(DomainError):
    """A reconciliation cannot be signed yet: figures or explanations are lacking."""

    code: ClassVar[str] = "reconciliation_not_ready"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as it was given; `holds` while neither figures nor return have changed."""

    by: str
    at: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """
    A commune's reconciliation of a month; `stored` is None before anybody wrote.

    `sent`: when the return was sent, None while it does not count.
    """

    area: Area
    span: Span
    period: Period
    stored: Reconciliation | None
    lines: tuple[Compared, ...]
    sent: datetime | None
    signatures: Mapping[Side, Signed]

    @property
    def revision(self) -> int:
        """What a form must carry to be taken."""
        return self.stored.revision if self.stored else 0

    @property
    def closed(self) -> bool:
        """Whether both signatures hold."""
        return all(side in self.signatures and self.signatures[side].holds for side in Side)


def opened(actor: Actor, area_code: str, period_label: str) -> Opened:
    """
    Return the reconciliation of a commune.

    Raises:
        Missing: `actor` may not see the commune's returns, or the area is no commune.

    Cost: three queries.
    """
    area, span = unit_asked(actor, area_code, period_label)
    if area.level != Level.COMMUNE:
        raise Missing("Đối chiếu được lập cho từng xã, phường; hãy mở một xã.")
    period = read_month(period_label)
    area.as_of(period.end)
    sent, document = _return_of(area, period)
    stored = Reconciliation.objects.filter(area=area, period=period.label).first()
    return _opened(area, span, period, stored, sent, document)


def sides_of(actor: Actor, place: Span) -> frozenset[Side]:
    """
    Return for which sides `actor` may write and sign there.

    The police side is for who acts for a police agency. Cost: one query for those who may be.
    """
    sides = {Side.COMMUNE} if may(actor, SIGN_FOR_COMMUNE, place) else set()
    if may(actor, SIGN_FOR_POLICE, place) and _police(actor):
        sides.add(Side.POLICE)
    return frozenset(sides)


@transaction.atomic
def save_counts(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    side: Side,
    typed: Mapping[str, str],
    counted_on: str,
    source: str,
    explanations: Mapping[str, str],
    revision: int,
    client_key: str,
    at: datetime,
) -> Reconciliation:
    """
    Keep what one side counted, line by line, with the day and where it was read.

    A blank line takes the figure away. Only the commune explains. What changes opens the
    reconciliation again: both signatures lapse. The same `client_key` again changes nothing.

    Raises:
        Missing, NotAllowed: `actor` does not see the commune, or does not write for that side.
        ChangedMeanwhile: the reconciliation is no longer at `revision`.
        BadCounts: a figure, the day or the source cannot be taken; lists all.
    """
    area, _span, period = _at(actor, area_code, period_label, side)
    stored = _locked(area, period, actor, at)
    if client_key and stored.client_key == client_key:
        return stored
    _same(stored, revision)
    counts, told = deepcopy(stored.counts), deepcopy(stored.explanations)
    mine = _read(typed, counted_on, source, actor, at, counts.get(side, {}))
    counts[side] = mine
    if side is Side.COMMUNE:
        told = _told(explanations, told, actor, at)
    if (counts, told) == (stored.counts, stored.explanations):
        return stored
    stored.counts, stored.explanations = counts, told
    stored.revision += 1
    stored.client_key = client_key
    _write(actor, stored, "counted", at)
    return stored


@transaction.atomic
def sign(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    side: Side,
    revision: int,
    at: datetime,
) -> Reconciliation:
    """
    Sign a reconciliation for one side; with the second signature it gets its receipt.

    Signing again what one has signed changes nothing.

    Raises:
        Missing, NotAllowed: `actor` does not see the commune, or does not sign for that side.
        ChangedMeanwhile: the figures changed after the page was opened.
        NotReady: the return is not sent, a figure is lacking, or a difference is unexplained.
    """
    area, _span, period = _at(actor, area_code, period_label, side)
    stored = _locked(area, period, actor, at)
    _same(stored, revision)
    sent, document = _return_of(area, period)
    if sent is None:
        raise NotReady(
            f"{area.full_name} chưa gửi biểu {lower_first(period.title)} nên chưa ký được."
        )
    if holds(stored, side, sent):
        return stored
    lines = compare(builtin_lines(), document, stored.counts, stored.explanations)
    lacking = [one.line.name for one in lines if not one.complete]
    apart = [one.line.name for one in lines if one.standing is Standing.DIFFERS]
    wrong = []
    if lacking:
        wrong.append(f"Chưa đủ ba số để đối chiếu: {', '.join(lacking)}. Nhập đủ rồi mới ký.")
    if apart:
        wrong.append(f"Còn lệch chưa giải thích: {', '.join(apart)}. Xã ghi lý do rồi mới ký.")
    if wrong:
        raise NotReady(" ".join(wrong))
    stored.signatures = stored.signatures | {
        side: {
            "by": actor.name,
            "at": at.isoformat(),
            "revision": stored.revision,
            "sent": sent.isoformat(),
        }
    }
    if both_signed(stored, sent):
        stored.receipt = f"DC-{period.label}-{area.code}-{stored.revision}"
    _write(actor, stored, f"signed_{side}", at)
    return stored


@dataclass(frozen=True, slots=True)
class Row:
    """
    How one commune's reconciliation stands, without any count of people.

    `heirs`: what became of a commune that has ended since.

    `stage`: none (nothing counted), counting, differs, ready (to sign), half (one has signed),
    closed.
    """

    area: Area
    stage: str
    differing: int
    explained: int
    saved_at: datetime | None
    receipt: str
    heirs: tuple[Area, ...] = ()


STAGES: Final = {
    "none": "Chưa bắt đầu",
    "counting": "Đang nhập số đếm",
    "differs": "Lệch, chưa giải thích",
    "ready": "Chờ ký",
    "half": "Một bên đã ký",
    "closed": "Hai bên đã ký",
}


def standing_of(
    actor: Actor, area_code: str, period_label: str
) -> tuple[Area, Span, Period, list[Row]]:
    """
    Return how the communes below an area stand with their reconciliations, by name.

    Raises:
        Missing: `actor` may not see returns there.

    Cost: four queries.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    period = read_month(period_label)
    area.as_of(period.end)
    communes = communes_under(actor, span, period.end)
    gone = ended_beside(actor, span, period, communes)
    inside = Q(**in_span(actor, span.left, span.right))
    if gone:
        # A second condition on places: their places of today are those of their heirs.
        inside = Q(area__in=[one.pk for one in communes] + [one.area.pk for one in gone])
    stored = {
        one.area_id: one for one in Reconciliation.objects.filter(inside, period=period.label)
    }
    heirs = {one.area.pk: one.heirs for one in gone}
    returns = {
        area_id: (sent, document)
        for area_id, sent, document in Return.objects.filter(
            period=period.label, form=MONTHLY, state__in=COUNTED, area__in=list(stored)
        ).values_list("area_id", "submitted_at", "document")
    }
    return (
        area,
        span,
        period,
        [
            replace(
                _row(one, span, period, stored.get(one.pk), *returns.get(one.pk, (None, None))),
                heirs=heirs.get(one.pk, ()),
            )
            for one in [*communes, *(one.area for one in gone)]
        ],
    )


def _row(
    area: Area,
    span: Span,
    period: Period,
    stored: Reconciliation | None,
    sent: datetime | None,
    document: dict[str, Any] | None,
) -> Row:
    found = _opened(area, span, period, stored, sent, document)
    differing = sum(one.standing is Standing.DIFFERS for one in found.lines)
    explained = sum(one.standing is Standing.EXPLAINED for one in found.lines)
    valid = [one for one in found.signatures.values() if one.holds]
    if stored is None:
        stage, differing, explained = "none", 0, 0
    elif found.closed:
        stage = "closed"
    elif differing:
        stage = "differs"
    elif valid:
        stage = "half"
    elif all(one.complete for one in found.lines):
        stage = "ready"
    else:
        stage = "counting"
    receipt = stored.receipt if stored and stage == "closed" else ""
    return Row(area, stage, differing, explained, stored.saved_at if stored else None, receipt)


def steps_of(stored: Reconciliation | None) -> Sequence[ReconciliationStep]:
    """Return what was done with a reconciliation, the newest first. One query."""
    return [] if stored is None else list(stored.steps.order_by("-number")[:50])


def _opened(
    area: Area,
    span: Span,
    period: Period,
    stored: Reconciliation | None,
    sent: datetime | None,
    document: dict[str, Any] | None,
) -> Opened:
    counts = stored.counts if stored else {}
    explanations = stored.explanations if stored else {}
    signatures = {
        Side(side): Signed(
            one["by"], datetime.fromisoformat(one["at"]), holds(stored, Side(side), sent)
        )
        for side, one in (stored.signatures if stored else {}).items()
        if stored is not None
    }
    lines = compare(builtin_lines(), document, counts, explanations)
    return Opened(area, span, period, stored, lines, sent, signatures)


def _return_of(area: Area, period: Period) -> tuple[datetime | None, dict[str, Any] | None]:
    """Return when a return that counts was sent, and its document. One query."""
    found = (
        Return.objects.filter(area=area, period=period.label, form=MONTHLY, state__in=COUNTED)
        .values_list("submitted_at", "document")
        .first()
    )
    return found or (None, None)


def _at(actor: Actor, area_code: str, period_label: str, side: Side) -> tuple[Area, Span, Period]:
    area, span = unit_asked(actor, area_code, period_label)
    if area.level != Level.COMMUNE:
        raise Missing("Đối chiếu được lập cho từng xã, phường; hãy mở một xã.")
    require(actor, _RIGHTS[side], span, see=SEE_RETURN)
    if side is Side.POLICE and not _police(actor):
        raise NotAllowed(
            "Số trong phần mềm do cơ quan Công an nhập và ký; tài khoản này không thuộc cơ quan "
            "Công an."
        )
    return area, span, read_month(period_label)


def _police(actor: Actor) -> bool:
    return Agency.objects.filter(Q(pk__in=actor.agency_ids), kind=AgencyKind.POLICE.value).exists()


def _locked(area: Area, period: Period, actor: Actor, at: datetime) -> Reconciliation:
    # Made first, so that two who begin in the same moment lock the same row.
    Reconciliation.objects.bulk_create(
        [Reconciliation(area=area, period=period.label, saved_at=at, saved_by=actor.name)],
        ignore_conflicts=True,
    )
    return Reconciliation.objects.select_for_update().get(area=area, period=period.label)


def _same(stored: Reconciliation, revision: int) -> None:
    if stored.revision != revision:
        raise ChangedMeanwhile(
            f"{stored.saved_by} vừa sửa bản đối chiếu này. Tải lại trang để xem số mới rồi nhập "
            "hoặc ký lại.",
            revision=stored.revision,
        )


def _read(
    typed: Mapping[str, str],
    counted_on: str,
    source: str,
    actor: Actor,
    at: datetime,
    before: Mapping[str, Any],
) -> dict[str, Any]:
    faults: list[tuple[str, str]] = []
    values: dict[str, int] = {}
    # A figure that cannot be read was counted on some day too: all that lacks is told at once.
    counted = False
    for line in builtin_lines():
        given = typed.get(line.id, "").strip()
        counted = counted or given not in ("", NOT_YET_SIGN)
        try:
            value = read_value(given, Kind.COUNT, refuse_ambiguous=True)
        except UnreadableNumber as problem:
            faults.append((line.id, f"{line.name}: {problem.sentence}"))
            continue
        if isinstance(value, Absence):
            continue
        if value > LARGEST:
            faults.append((line.id, f"{line.name}: {given} lớn hơn số người của mọi xã."))
            continue
        values[line.id] = int(value)
    day = _day(counted_on)
    today = at.astimezone(HO_CHI_MINH).date()
    if day is None and counted_on.strip():
        faults.append(("on", f"“{counted_on.strip()[:40]}” không phải ngày; ghi như 15/11/2026."))
    elif day is None and counted:
        faults.append(("on", "Ghi ngày đếm, ví dụ 15/11/2026."))
    elif day is not None and counted and day > today:
        faults.append(("on", f"Ngày đếm {day:%d/%m/%Y} chưa tới."))
    told = " ".join(source.split())[:_LONGEST]
    if counted and not told:
        faults.append(("source", "Ghi số này lấy ở đâu, ví dụ sổ hồ sơ hoặc tên phần mềm."))
    if faults:
        raise BadCounts(" ".join(sentence for _field, sentence in faults), faults=faults)
    new = {}
    for name, number in values.items():
        count = {"value": number, "on": day.isoformat() if day else "", "source": told}
        old = before.get(name)
        if old and {key: old[key] for key in count} == count:
            new[name] = old
        else:
            new[name] = count | {"by": actor.name, "at": at.isoformat()}
    return new


def _day(text: str) -> date | None:
    for shape in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text.strip(), shape).date()
        except ValueError:
            continue
    return None


def _told(
    typed: Mapping[str, str], before: Mapping[str, Any], actor: Actor, at: datetime
) -> dict[str, Any]:
    told = {}
    for line in builtin_lines():
        text = " ".join(typed.get(line.id, "").split())[:_LONGEST]
        if not text:
            continue
        old = before.get(line.id)
        told[line.id] = (
            old
            if old and old["text"] == text
            else {"text": text, "by": actor.name, "at": at.isoformat()}
        )
    return told


def _write(actor: Actor, stored: Reconciliation, what: str, at: datetime) -> None:
    stored.saved_at, stored.saved_by = at, actor.name
    stored.save()
    ReconciliationStep.objects.create(
        of=stored,
        number=stored.steps.count() + 1,
        what=what,
        counts=stored.counts,
        explanations=stored.explanations,
        signatures=stored.signatures,
        by=actor.name,
        at=at,
    )
    forget(stored.area_id, stored.period)
    record(
        actor=actor,
        action=f"indicators.reconciliation.{what}",
        subject=stored,
        at=at,
        area_code=stored.area.code,
        detail={"period": stored.period, "revision": stored.revision},
    )
