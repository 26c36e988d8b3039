"""What a hamlet's head can do with the hamlet's row, and what the commune does with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from diaban.accounts.rules import EDIT_RETURN, REPORT_HAMLET
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH, Period
from diaban.core.text import lower_first
from diaban.indicators.hamlet_report_selectors import (
    Place,
    own_row,
    place_of,
    read_hamlet_period,
    read_report,
    typed_report,
)
from diaban.indicators.models import HamletReport, Return
from diaban.indicators.review import ReasonMissing, UnknownCell
from diaban.indicators.rules.entry import (
    Fault,
    answers,
    cell_name,
    write_cell,
)
from diaban.indicators.rules.hamlet_reports import REPORT_MOVES, ReportMove, ReportState
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.selectors import form_for
from diaban.indicators.services import (
    ChangedMeanwhile,
    MoveNotOpen,
    NothingEntered,
    PeriodNotOver,
    begin_return,
    locked_return,
    read_return,
    write_revision,
)

_LONGEST: Final = 500
_DIFFERS: Final = "Trưởng thôn gửi"


class RowClosed(DomainError):
    """The commune has sent its return: the hamlet's row in it does not change any more."""

    code = "hamlet_row_closed"


@dataclass(frozen=True, slots=True)
class SavedReport:
    """What became of a report: as it now stands, and what has to be mended."""

    stored: HamletReport
    faults: tuple[Fault, ...]
    sent: bool


@transaction.atomic
def save_report(
    *,
    actor: Actor,
    hamlet_code: str,
    period_label: str,
    typed: Mapping[str, str],
    revision: int,
    client_key: str,
    at: datetime,
    send: bool = False,
) -> SavedReport:
    """
    Keep a hamlet's row, and send it to the commune when `send` is wished and nothing is wrong.

    Once sent, the row stands in the commune's return as its next revision; a figure that the
    commune had written itself stays, marked with both. The same `client_key`
    a second time gives the answer of the first.

    Raises:
        Missing: `actor` does not report for this hamlet.
        ChangedMeanwhile: the report is no longer at `revision`.
        MoveNotOpen: it was sent and not given back.
        RowClosed: the commune has sent its return.
        PeriodNotOver: `send` before the period's last day has passed.
        NothingEntered: `send` of a row without a single figure.
    """
    period, form = read_hamlet_period(period_label)
    place = place_of(actor, hamlet_code, period.end)
    require(actor, REPORT_HAMLET, place.span)
    stored = _locked(place, period, form)
    if client_key and stored is not None and stored.client_key == client_key:
        entry = read_report(
            form_for(form, period), hamlet_code, typed_report(stored, hamlet_code), None
        )
        return SavedReport(stored, entry.faults, stored.state == ReportState.SENT)
    if stored is None:
        if not send and not any(text.strip() for text in typed.values()):
            blank = HamletReport(hamlet=place.hamlet, period=period.label, form=form)
            return SavedReport(blank, (), sent=False)
        stored = _begin(actor, place, period, form, at)
    if stored.revision != revision:
        raise ChangedMeanwhile(
            "Phiếu này vừa được lưu ở máy khác. Những ô bạn gõ vẫn còn trên trang.",
            revision=stored.revision,
        )
    commune_return = locked_return(place.commune, period, form)
    _require_open(place, period, commune_return)
    after = _next(stored, ReportMove.SEND if send else ReportMove.SAVE)
    version = commune_return.version if commune_return else form_for(form, period)
    before = getattr(commune_return, "before_document", None)
    entry = read_report(
        version, hamlet_code, typed, own_row(before, hamlet_code) if before else None
    )
    was = (stored.cells, stored.unread, stored.why)
    stored.cells = entry.document["hamlets"][hamlet_code]
    stored.unread = _by_code(entry.unread, hamlet_code)
    stored.why = _by_code(entry.document.get("why", {}), hamlet_code)
    sent = send and not entry.faults
    if stored.revision and not sent and was == (stored.cells, stored.unread, stored.why):
        return SavedReport(stored, entry.faults, sent=False)
    stored.client_key = client_key
    if sent:
        if not answers(entry.document):
            raise NothingEntered(
                "Phiếu chưa có số nào nên chưa gửi được. Không có trường hợp nào thì ghi 0."
            )
        if at.astimezone(HO_CHI_MINH).date() <= period.end:
            raise PeriodNotOver(
                f"Kỳ {period.title} đến hết ngày {period.end:%d/%m/%Y} mới xong; "
                "số đã gõ cứ để lưu, hết kỳ rồi gửi.",
            )
        stored.state, stored.sent_at, stored.sent_by = after, at, actor.name
        stored.reason, stored.remarks = "", {}
        stored.receipt = f"PT-{period.label}-{hamlet_code}-{stored.revision + 1}"
        _put_into(actor, place, period, form, commune_return, stored, at)
    _write(actor, stored, at)
    if sent:
        _record(actor, "sent", stored, place, period, at)
    return SavedReport(stored, entry.faults, sent)


@transaction.atomic
def give_back_report(
    *,
    actor: Actor,
    hamlet_code: str,
    period_label: str,
    reason: str,
    remarks: Mapping[str, str],
    at: datetime,
) -> HamletReport:
    """
    Give a hamlet's report back to its head, with what is to be mended and in which cells.

    `remarks` are sentences by indicator code. The row stays in the commune's draft as it is.

    Raises:
        Missing: `actor` does not enter figures for the commune.
        ReasonMissing: neither a reason nor a remark was given.
        UnknownCell: a remark names no cell of the row.
        MoveNotOpen: the report was not sent.
        RowClosed: the commune has sent its return.
    """
    period, form = read_hamlet_period(period_label)
    place = place_of(actor, hamlet_code, period.end)
    require(actor, EDIT_RETURN, place.span)
    stored = _locked(place, period, form)
    if stored is None:
        raise Missing(f"{place.hamlet.full_name} chưa gửi phiếu {lower_first(period.title)}.")
    _require_open(place, period, locked_return(place.commune, period, form))
    given = {code: text.strip()[:_LONGEST] for code, text in remarks.items() if text.strip()}
    for code in given:
        if code not in stored.cells:
            raise UnknownCell(f"Phiếu không có ô “{code}” để ghi chú.", cell=code)
    if not reason.strip() and not given:
        raise ReasonMissing("Ghi một câu cho trưởng thôn biết cần sửa chỗ nào rồi mới trả lại.")
    stored.state = _next(stored, ReportMove.GIVE_BACK)
    stored.reason = reason.strip()[:_LONGEST] or "Xem ghi chú ở từng ô."
    stored.remarks = given
    _write(actor, stored, at)
    _record(actor, "given_back", stored, place, period, at)
    return stored


def _put_into(
    actor: Actor,
    place: Place,
    period: Period,
    form: str,
    commune_return: Return | None,
    report: HamletReport,
    at: datetime,
) -> None:
    """Write the row into the commune's return, as its next revision."""
    code = place.hamlet.code
    stored = commune_return
    if stored is None:
        stored = begin_return(actor, place.commune, period, form, at)
        # Every row and cell is there from the start, missing until somebody fills it in.
        stored.document = read_return(stored.version, stored.roster, {}).document
    if code not in stored.roster.hamlet_codes:
        raise Missing(f"{place.hamlet.full_name} không có trong danh sách thôn của biểu này.")
    document: dict[str, Any] = {**stored.document}
    own = _typed_by_commune(stored, place, report)
    cells = document["hamlets"].get(code, {})
    kept = {column: cells.get(column) for column in own}
    document["hamlets"] = {**document["hamlets"], code: report.cells | kept}
    ending = f".{code}"
    replaced = {cell_name(code, column) for column in report.cells if column not in own}
    why = {n: t for n, t in document.get("why", {}).items() if n not in replaced}
    why |= {cell_name(code, c): text for c, text in report.why.items() if c not in own}
    document.pop("why", None)
    stored.document = document | ({"why": why} if why else {})
    # What both wrote differently is for the commune to settle: its own figure stays, marked.
    stored.remarks = {
        name: text
        for name, text in stored.remarks.items()
        if not (name.endswith(ending) and text.startswith(_DIFFERS))
    } | {
        cell_name(code, column): f"{_DIFFERS} {write_cell(report.cells[column])}, xã đã ghi "
        f"{told}. Đang giữ số của xã; hỏi lại thôn rồi ghi số đúng."
        for column, told in own.items()
        if report.cells[column] is not None
    }
    stored.unread = {n: t for n, t in stored.unread.items() if n not in replaced}
    write_revision(actor, stored, at, _sent_words(place))


def _typed_by_commune(stored: Return, place: Place, report: HamletReport) -> dict[str, str]:
    """
    Return by column what the commune wrote into the row itself, where the head says otherwise.

    A cell the head left empty says otherwise too: an empty cell takes no figure away.
    What the head sent earlier and the commune left alone is not the commune's. Cost: one query.
    """
    code = place.hamlet.code
    row = stored.document["hamlets"].get(code, {})
    unread = _by_code(stored.unread, code)
    sent = (
        stored.revisions.filter(reason=_sent_words(place))
        .order_by("-number")
        .values_list("document", flat=True)
        .first()
    )
    before = sent["hamlets"].get(code, {}) if sent else {}
    return {
        column: unread.get(column) or write_cell(row.get(column))
        for column, given in report.cells.items()
        if column in unread
        or (row.get(column) is not None and row[column] not in (given, before.get(column)))
    }


def _sent_words(place: Place) -> str:
    return f"{place.hamlet.full_name} gửi phiếu."


def _require_open(place: Place, period: Period, commune_return: Return | None) -> None:
    if commune_return is not None and State(commune_return.state) in COUNTED:
        raise RowClosed(
            f"{place.commune.full_name} đã gửi biểu {lower_first(period.title)} lên tỉnh nên phiếu "
            "của thôn đã đóng. Cần sửa số thì báo cho xã.",
            period=period.label,
        )


def _by_code(cells: Mapping[str, str], hamlet_code: str) -> dict[str, str]:
    ending = f".{hamlet_code}"
    return {
        name.removesuffix(ending): text for name, text in cells.items() if name.endswith(ending)
    }


def _locked(place: Place, period: Period, form: str) -> HamletReport | None:
    return (
        HamletReport.objects.select_for_update()
        .filter(hamlet=place.hamlet, period=period.label, form=form)
        .first()
    )


def _begin(actor: Actor, place: Place, period: Period, form: str, at: datetime) -> HamletReport:
    try:
        with transaction.atomic():
            return HamletReport.objects.create(
                hamlet=place.hamlet,
                period=period.label,
                form=form,
                state=ReportState.DRAFT,
                saved_at=at,
                saved_by=actor.name,
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            "Phiếu này vừa được mở ở máy khác. Tải lại trang; những ô bạn gõ vẫn còn.", revision=0
        ) from error


def _next(stored: HamletReport, move: ReportMove) -> ReportState:
    after = REPORT_MOVES.get((ReportState(stored.state), move))
    if after is None:
        raise MoveNotOpen(
            "Chỉ trả lại được phiếu thôn đã gửi."
            if move is ReportMove.GIVE_BACK
            else "Phiếu này đã gửi về xã. Cần sửa thì đề nghị xã trả lại phiếu.",
            state=stored.state,
        )
    return after


def _write(actor: Actor, stored: HamletReport, at: datetime) -> None:
    """Save a report as its next revision; a guarded update, so that no save is overwritten."""
    before = stored.revision
    stored.revision += 1
    stored.saved_at, stored.saved_by = at, actor.name
    fields = (
        "state", "revision", "cells", "unread", "why", "reason", "remarks", "receipt",
        "client_key", "saved_at", "saved_by", "sent_at", "sent_by",
    )  # fmt: skip
    changed = HamletReport.objects.filter(pk=stored.pk, revision=before).update(
        **{field: getattr(stored, field) for field in fields}
    )
    if not changed:
        raise ChangedMeanwhile("Có người vừa lưu phiếu này. Tải lại trang để xem số mới.")


def _record(
    actor: Actor, done: str, stored: HamletReport, place: Place, period: Period, at: datetime
) -> None:
    record(
        actor=actor,
        action=f"indicators.hamlet_report.{done}",
        subject=stored,
        at=at,
        area_code=place.hamlet.code,
        detail={"period": period.label, "form": stored.form, "revision": stored.revision},
    )
