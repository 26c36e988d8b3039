"""Taking filled workbooks in: one, or a province's worth, all or none."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from django.db import transaction

from diaban.accounts.rules import EDIT_RETURN, SEE_RETURN, SUBMIT_RETURN
from diaban.areas.models import Area
from diaban.core.access import Actor, Span, require
from diaban.core.errors import DomainError
from diaban.core.numbers import Kind, UnreadableNumber, read_value
from diaban.core.periods import Period
from diaban.core.text import lower_first
from diaban.indicators.exports import hamlets_of, is_ours, lines_of, sheet_of
from diaban.indicators.models import Return, Revision
from diaban.indicators.rules.entry import Cell, Fault, Warned, cell_name, typed_from
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.selectors import form_for, read_window, unit_asked
from diaban.indicators.services import Saved, blank_return, read_return, save_return
from diaban.indicators.windows import window_called
from diaban.indicators.workbooks.bounded import Reader, Sheets, UnreadableWorkbook
from diaban.indicators.workbooks.forms import READ_SHEETS, CellError, Line, Stamp
from diaban.indicators.workbooks.reading import Filled, read_filled, stamp_of
from diaban.indicators.workbooks.writing import write_remarks, write_workbook

Progress = Callable[[int, str], None]
Done = Callable[["Outcome"], None]


class NotOurWorkbook(DomainError):
    """The stamp of a workbook was changed, or another installation made it."""

    code: ClassVar[str] = "not_our_workbook"


class OtherReturn(DomainError):
    """A workbook of another commune or period than the page it was handed in on. Facts: both."""

    code: ClassVar[str] = "workbook_of_another_return"


class OldForm(DomainError):
    """A workbook made for a version of the form that is no longer asked for. Facts: `version`."""

    code: ClassVar[str] = "workbook_of_an_old_form"


class BadCells(DomainError):
    """Cells that cannot be taken, each with what to write instead. Facts: `errors`."""

    code: ClassVar[str] = "bad_cells"


class Status(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was handed in."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What became of one file.

    `changed` counts cells that now hold something else. `copy` is the workbook with its errors
    beside the cells, for a refused one. `note` says why a good file was not taken. `unsent` is
    a file that is kept as a draft though sending it was asked for: `errors` then name the cells
    that have to be explained first.
    """

    file: str
    status: Status
    area: str = ""
    period: str = ""
    changed: int = 0
    errors: tuple[CellError, ...] = ()
    sentence: str = ""
    note: str = ""
    receipt: str = ""
    copy: bytes | None = None
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """The return that a page takes a workbook for; any other is refused."""

    area: str
    period: str
    form: str


@dataclass(frozen=True, slots=True)
class Among:
    """The returns that a page takes workbooks for: one period of all communes in an interval."""

    span: Span
    area: str
    period: str
    form: str


_HELD: Final = "Tệp không có lỗi nhưng chưa nhập, vì trong lô có tệp bị từ chối."


def import_workbooks(
    *,
    actor: Actor,
    sources: Iterable[Source],
    at: datetime,
    submit: bool = False,
    each: bool = False,
    dry_run: bool = False,
    expected: Expected | None = None,
    progress: Progress | None = None,
    done: Done | None = None,
) -> list[Outcome]:
    """
    Take filled workbooks in: all or none, or with `each` every file for itself.

    A workbook changes only cells that were filled differently from what it was made with, so
    the same file again changes nothing; an interrupted import is resumed by running it again.
    With `submit`, a return whose large swings have no explanation is kept as a draft and named.
    `dry_run` does everything and undoes it. `progress` is told the number and name of each file
    before it is taken in; what it raises stops the import. With `each`, `done` is told the outcome
    of each file as soon as it is kept for good.

    Cost: one process beside this one, and one saving for each file that changes something.
    """
    outcomes: list[Outcome] = []
    with Reader(READ_SHEETS) as reader, _all_or_none(dry_run, each, outcomes):
        for number, source in enumerate(reader.ahead(sources, lambda one: one.data), 1):
            if progress is not None:
                progress(number, source.name)
            outcomes.append(
                take_in(
                    actor=actor, source=source, reader=reader, at=at, submit=submit,
                    expected=expected,
                )
            )  # fmt: skip
            if done is not None and each:
                done(outcomes[-1])
    if not each and any(one.status is Status.REFUSED for one in outcomes):
        outcomes = [_held(one) for one in outcomes]
    return outcomes


@contextmanager
def _all_or_none(dry_run: bool, each: bool, outcomes: Sequence[Outcome]) -> Iterator[None]:
    if each and not dry_run:
        yield
        return
    with transaction.atomic():
        yield
        refused = any(one.status is Status.REFUSED for one in outcomes)
        if dry_run or (refused and not each):
            transaction.set_rollback(True)


def _held(one: Outcome) -> Outcome:
    if one.status is not Status.IMPORTED:
        return one
    return replace(
        one,
        status=Status.UNCHANGED,
        changed=0,
        errors=(),
        receipt="",
        note=_HELD,
        unsent=False,
    )


def take_in(
    *,
    actor: Actor,
    source: Source,
    reader: Reader,
    at: datetime,
    submit: bool = False,
    expected: Expected | Among | None = None,
    kept: Done | None = None,
) -> Outcome:
    """
    Take one file in; a refusal undoes this file and becomes its outcome.

    `kept` is told the outcome of a good file inside its transaction: what it writes stands if
    and only if the file does, and what it raises undoes the file.
    """
    stamp: Stamp | None = None
    formulas: list[CellError] = []
    try:
        sheets, formulas = _read(reader, source.data)
        stamp, check = stamp_of(sheets)
        with transaction.atomic():
            one = _Import(actor, stamp, check, sheets, at, expected)
            outcome = replace(one.save(submit, formulas), file=source.name)
            if kept is not None:
                kept(outcome)
            return outcome
    except BadCells as refusal:
        errors, copy = refusal.facts["errors"], refusal.facts["copy"]
    except DomainError as refusal:
        errors = (*formulas, CellError("", "", "", "", refusal.sentence))
        copy = write_remarks(
            f"Tệp {source.name} không được nhận",
            [f"{one.sheet} {one.cell}: {one.message}".strip(": ") for one in errors],
        )
    return Outcome(
        source.name,
        Status.REFUSED,
        area=stamp.area if stamp else "",
        period=stamp.period if stamp else "",
        errors=tuple(errors),
        sentence=_summary(errors),
        copy=copy,
    )


def _read(reader: Reader, data: bytes) -> tuple[Sheets, list[CellError]]:
    """Return what a workbook holds, and its cells with formulas as errors."""
    try:
        return reader.read(data), []
    except UnreadableWorkbook as refusal:
        if "sheets" not in refusal.facts:
            raise
        return refusal.facts["sheets"], [
            CellError(
                sheet, cell, "", "",
                "Ô chứa công thức nên không nhận. Chép ô rồi dán lại dạng giá trị (Paste Values), "
                "lưu và tải lên lại.",
            )
            for sheet, cell in refusal.facts["cells"]
        ]  # fmt: skip


def _summary(errors: Sequence[CellError]) -> str:
    if len(errors) == 1:
        return errors[0].message
    return f"Có {len(errors)} ô cần sửa; chưa số nào của tệp được ghi."


class _Import:
    """One workbook on its way into one return; lives for one transaction."""

    def __init__(
        self,
        actor: Actor,
        stamp: Stamp,
        check: str,
        sheets: Sheets,
        at: datetime,
        expected: Expected | Among | None,
    ) -> None:
        self.actor, self.stamp, self.sheets, self.at = actor, stamp, sheets, at
        self._check(check, expected)
        self.area, span = unit_asked(actor, stamp.area, stamp.period)
        self.period = read_window(stamp.period, span)
        require(actor, EDIT_RETURN, span, see=SEE_RETURN)
        if isinstance(expected, Among) and not expected.span.holds(span):
            raise OtherReturn(
                f"Tệp này của {self.area.full_name}, không thuộc {expected.area}. Tải lên ở "
                "trang của địa bàn đó.",
                area=stamp.area,
                period=stamp.period,
            )
        self.span = span
        self.stored = self._stored(self.area, self.period)
        version = self.stored.version
        if version.number != stamp.version:
            raise OldForm(
                f"Tệp làm theo mẫu số {stamp.version}, biểu kỳ này theo mẫu số "
                f"{version.number}. Xuất mẫu mới rồi chép số sang.",
                version=stamp.version,
            )
        self.commune: list[Line] = lines_of(version.commune_codes)
        self.columns: list[Line] = lines_of(version.hamlet_codes)
        self.hamlets = hamlets_of(self.stored)

    def save(self, submit: bool, formulas: Sequence[CellError] = ()) -> Outcome:
        """
        Write what the workbook changes.

        Raises:
            BadCells: a cell cannot be taken; nothing is written.
        """
        filled = read_filled(self.sheets, self.commune, self.columns, self.hamlets)
        now = {**typed_from(self.stored.document), **self.stored.unread}
        changes = self._changes(filled, now)
        if filled.errors or formulas:
            raise self._refusal(filled, self._all_errors(filled, now | changes, formulas))
        submit = submit and State(self.stored.state) not in COUNTED
        if not changes and not submit:
            return self._outcome(Status.UNCHANGED, 0)
        if submit:
            require(self.actor, SUBMIT_RETURN, self.span, see=SEE_RETURN)
        saved = self._write(now | changes, submit)
        # As on the page, a draft may keep a contradiction that was there before.
        old = () if submit or not saved.faults else self._faults(now)
        faults = [fault for fault in saved.faults if fault not in old]
        if faults:
            raise self._refusal(filled, [self._error(filled, fault) for fault in faults])
        taken = self._outcome(Status.IMPORTED, len(changes))
        if saved.submitted:
            return replace(taken, receipt=saved.stored.receipt)
        if not submit:
            return taken
        asked = tuple(self._asked(filled, one) for one in saved.unexplained)
        note = (
            f"Đã lưu nháp nhưng chưa gửi: {len(asked)} ô cần giải thích. Mở biểu ở trang Nhập số "
            "liệu, ghi một câu giải thích cho từng ô rồi gửi."
        )
        return replace(taken, errors=asked, note=note, sentence=note, unsent=True)

    def _outcome(self, status: Status, changed: int) -> Outcome:
        return Outcome("", status, self.area.code, self.period.label, changed=changed)

    def _all_errors(
        self, filled: Filled, typed: dict[str, str], formulas: Sequence[CellError]
    ) -> list[CellError]:
        """Return everything that is wrong at once: formulas, strange rows, and figures."""
        found = []
        for one in formulas:
            name = filled.name_at(one.sheet, one.cell)
            given = filled.typed.get(name, "")
            found.append(replace(one, indicator=name.partition(".")[0], given=given, name=name))
        found += filled.errors
        told = {one.name for one in found}
        old = self._faults({**typed_from(self.stored.document), **self.stored.unread})
        return found + [
            one
            for fault in self._faults(typed)
            if fault not in old and (one := self._error(filled, fault)).name not in told
        ]

    def _asked(self, filled: Filled, one: Warned) -> CellError:
        """Return a cell that has to be explained before the return is sent."""
        name = cell_name(one.row, one.code)
        sheet, address = filled.place(name)
        given = filled.typed.get(name, "")
        return CellError(sheet, address, one.code, given, f"Cần giải thích: {one.sentence}", name)

    def _check(self, check: str, expected: Expected | Among | None) -> None:
        if not is_ours(self.stamp, check):
            raise NotOurWorkbook(
                "Dấu kiểm tra của tệp không đúng: tệp của hệ thống khác, hoặc trang ẩn _diaban đã "
                "bị sửa. Xuất mẫu mới ở trang Nhập số liệu rồi chép số sang.",
            )
        if expected is None:
            return
        if isinstance(expected, Among):
            if (self.stamp.period, self.stamp.form) != (expected.period, expected.form):
                theirs, ours = window_called(self.stamp.period), window_called(expected.period)
                raise OtherReturn(
                    f"Tệp này của kỳ {lower_first(theirs.title)}, đang nhập "
                    f"{lower_first(ours.title)}. Tải lên ở kỳ của tệp.",
                    area=self.stamp.area,
                    period=self.stamp.period,
                )
            return
        told = Expected(self.stamp.area, self.stamp.period, self.stamp.form)
        if told != expected:
            what = (
                f"của kỳ {lower_first(window_called(told.period).title)}"
                if told.area == expected.area
                else f"của địa bàn mã {told.area}"
            )
            raise OtherReturn(
                f"Tệp này {what}, không phải biểu đang mở. Mở đúng biểu rồi tải lên, hoặc xuất "
                "mẫu của biểu này.",
                area=told.area,
                period=told.period,
            )

    def _stored(self, area: Area, period: Period) -> Return:
        found = (
            Return.objects.select_for_update(of=("self",))
            .select_related("version", "roster", "area")
            .filter(area=area, period=period.label, form=self.stamp.form)
            .first()
        )
        if found is not None:
            return found
        form_for(self.stamp.form, period)
        return blank_return(area, period, self.stamp.form, self.at)

    def _changes(self, filled: Filled, now: Mapping[str, str]) -> dict[str, str]:
        """Return the cells that were filled differently from what the workbook was made with."""
        made_with = self._made_with()
        kinds = {line.code: line.kind for line in (*self.commune, *self.columns)}
        return {
            name: given
            for name, given in filled.typed.items()
            if not _same(given, now.get(name, ""), kinds[name.partition(".")[0]])
            and not _same(given, made_with.get(name, ""), kinds[name.partition(".")[0]])
        }

    def _made_with(self) -> dict[str, str]:
        """Return the cells that stood in the workbook when it went out."""
        if self.stamp.revision == self.stored.revision or not self.stored.pk:
            return {}
        document = (
            Revision.objects.filter(of=self.stored, number=self.stamp.revision)
            .values_list("document", flat=True)
            .first()
        )
        return typed_from(document) if document else {}

    def _faults(self, typed: Mapping[str, str]) -> tuple[Fault, ...]:
        return read_return(self.stored.version, self.stored.roster, typed).faults

    def _write(self, typed: Mapping[str, str], submit: bool) -> Saved:
        return save_return(
            actor=self.actor,
            area_code=self.area.code,
            period_label=self.period.label,
            form=self.stamp.form,
            typed=typed,
            revision=self.stored.revision,
            client_key="",
            at=self.at,
            submit=submit,
        )

    def _error(self, filled: Filled, fault: Fault) -> CellError:
        name = cell_name(fault.row, fault.code)
        sheet, address = filled.place(name)
        return CellError(sheet, address, fault.code, fault.given, fault.sentence, name)

    def _refusal(self, filled: Filled, errors: Sequence[CellError]) -> BadCells:
        marks: dict[str, str] = {}
        remarks = []
        for error in errors:
            name = error.name
            if not name:
                remarks.append(f"{error.sheet} {error.cell}: {error.message}".strip(": "))
            else:
                marks[name] = f"{marks[name]} {error.message}" if name in marks else error.message
        summary = f"Có {len(errors)} ô cần sửa; sửa ở tệp này rồi tải lên lại."
        copy = write_workbook(
            sheet_of(
                self.stored,
                values={name: _as_cell(given) for name, given in filled.typed.items()},
                marks=marks,
                remarks=[summary, *remarks],
                revision=self.stamp.revision,
            )
        )
        return BadCells(
            f"Có {len(errors)} ô cần sửa; chưa số nào được ghi.", errors=tuple(errors), copy=copy
        )


def _same(given: str, kept: str, kind: Kind) -> bool:
    """Return whether two texts mean the same value; what cannot be read is like nothing."""
    if _plain(given) and _plain(kept):
        return int(given) == int(kept)
    try:
        return read_value(given, kind) == read_value(kept, kind)
    except UnreadableNumber:
        return False


def _plain(text: str) -> bool:
    return text.isdigit() and text.isascii() and len(text) < 16


def _as_cell(given: str) -> Cell:
    return int(given) if _plain(given) else given
