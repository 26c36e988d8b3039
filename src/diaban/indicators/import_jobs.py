"""
Importing many workbooks as a job: begun, worked off, cancelled, gone on with.

A job is rows in the database. Each file is one transaction, in which its figures and the word
that it is done stand or fall together; whoever works a job off can be killed at any moment and
the next one goes on with the first file that is still waiting.
"""

import logging
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone

from diaban.accounts.models import User
from diaban.accounts.rules import EDIT_RETURN, SEE_RETURN, SUBMIT_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.accounts.selectors import actor_of
from diaban.areas.models import Area
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, Span, require
from diaban.core.errors import DomainError
from diaban.core.periods import Period
from diaban.indicators.import_intake import Upload, files_of
from diaban.indicators.imports import Among, Outcome, Source, Status, take_in
from diaban.indicators.models import ImportFile, ImportJob
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.selectors import read_reported
from diaban.indicators.workbooks.bounded import Reader
from diaban.indicators.workbooks.forms import READ_SHEETS
from diaban.storage.full import NoSpace, refusal_of

# Longer than the worst file takes (the reader's ten seconds, a busy database's twenty).
SILENT_FOR: Final = timedelta(seconds=30)
KEPT_FOR: Final = timedelta(days=30)
_BATCH: Final = 50
_log = logging.getLogger(__name__)


class _TakenAway(Exception):
    """Somebody cancelled the job, or another process works it off by now."""


class _Undo(Exception):
    """A dry run has seen what it wanted to see."""


def place_for(actor: Actor, area_code: str, period_label: str) -> tuple[Area, Span, Period]:
    """
    Return where `actor` may import many workbooks: an area in all of which they may enter.

    Raises:
        Missing: not to be seen; NotAllowed: seen, but entered by others.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    require(actor, EDIT_RETURN, span, see=SEE_RETURN)
    return area, span, read_reported(period_label, span)


def job_for(actor: Actor, area_code: str, period_label: str, job_id: int) -> ImportJob:
    """Return a job of that area and period for somebody who may import there."""
    area, _span, period = place_for(actor, area_code, period_label)
    job = ImportJob.objects.filter(pk=job_id, area=area, period=period.label).first()
    if job is None:
        raise Missing("Không tìm thấy lần nhập này trong phạm vi của tài khoản.")
    return job


def start(
    *,
    actor: Actor,
    area_code: str,
    period_label: str,
    uploads: Sequence[Upload],
    client_key: str,
    at: datetime,
    submit: bool = False,
    dry_run: bool = False,
) -> ImportJob:
    """
    Put an upload into the queue; the same `client_key` again is the same job.

    Raises:
        BadUpload: nothing was begun.

    Cost: eight statements, and one for each fifty files.
    """
    area, span, period = place_for(actor, area_code, period_label)
    if actor.id is None:
        raise Missing("Nhập nhiều tệp cần một tài khoản; ở máy chủ dùng diaban returns import.")
    if submit:
        require(actor, SUBMIT_RETURN, span, see=SEE_RETURN)
    sent = ImportJob.objects.filter(user_id=actor.id, client_key=client_key)
    if client_key and (again := sent.first()):
        return again
    try:
        with transaction.atomic():
            ImportJob.objects.filter(ended_at__lt=at - KEPT_FOR).delete()
            job = ImportJob.objects.create(
                area=area, period=period.label, form=asked_form(period),
                user_id=actor.id, by=actor.name,
                client_key=client_key or uuid.uuid4().hex, submit=submit, dry_run=dry_run,
                made_at=at, beat_at=at,
            )  # fmt: skip
            files = _rows(job, uploads)
            while rows := list(islice(files, _BATCH)):
                ImportFile.objects.bulk_create(rows)
                job.files_count += len(rows)
            job.save(update_fields=["files_count"])
            detail = {"files": job.files_count, "period": period.label, "dry_run": dry_run}
            record(
                actor=actor, action="indicators.import_many", subject=job, at=at,
                area_code=area.code, detail=detail,
            )  # fmt: skip
    except IntegrityError:
        # Sent twice at the same moment: the other one made it.
        return sent.get()
    return job


def _rows(job: ImportJob, uploads: Sequence[Upload]) -> Iterator[ImportFile]:
    for number, one in enumerate(files_of(uploads), 1):
        refused = bool(one.refusal)
        yield ImportFile(
            job=job,
            number=number,
            name=one.name,
            data=one.data,
            sentence=one.refusal,
            state=Status.REFUSED if refused else ImportFile.WAITING,
            unreadable=refused,
        )


def cancel(*, actor: Actor, job: ImportJob, at: datetime) -> bool:
    """Stop a job; what is stored stays, the file under way is undone. False: it had ended."""
    return _move(
        actor, job, at, "indicators.cancel_import",
        Q(state__in=(ImportJob.QUEUED, ImportJob.RUNNING)),
        state=ImportJob.CANCELLED, token="", ended_at=at,
    )  # fmt: skip


def resume(*, actor: Actor, job: ImportJob, at: datetime) -> bool:
    """Go on with a job that was cancelled or stopped. False: there is nothing to go on with."""
    return _move(
        actor, job, at, "indicators.resume_import",
        Q(state__in=(ImportJob.CANCELLED, ImportJob.STOPPED)),
        state=ImportJob.QUEUED, sentence="", ended_at=None, beat_at=at,
    )  # fmt: skip


def take_for_real(*, actor: Actor, job: ImportJob, at: datetime) -> bool:
    """Import the files of a finished dry run. False: it was none, or was taken already."""
    with transaction.atomic():
        moved = _move(
            actor, job, at, "indicators.take_dry_run",
            Q(state=ImportJob.DONE, dry_run=True),
            state=ImportJob.QUEUED, dry_run=False, ended_at=None, beat_at=at,
        )  # fmt: skip
        if moved:
            job.files.filter(unreadable=False).update(
                state=ImportFile.WAITING, sentence="", errors=[], copy=b"", changed=0, receipt=""
            )
    return moved


@transaction.atomic
def _move(actor: Actor, job: ImportJob, at: datetime, action: str, now: Q, **then: Any) -> bool:
    if not ImportJob.objects.filter(now, pk=job.pk).update(**then):
        return False
    record(
        actor=actor, action=action, subject=job, at=at, area_code=job.area.code,
        detail={"period": job.period},
    )  # fmt: skip
    return True


def counts_of(job: ImportJob) -> dict[str, int]:
    """Return how many files of a job are in which state."""
    found = job.files.order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(ImportFile.STATES, 0) | dict(found)


def is_silent(job: ImportJob, at: datetime) -> bool:
    """Return whether whoever worked the job off has died."""
    return job.state == ImportJob.RUNNING and job.beat_at < at - SILENT_FOR


def unfinished() -> bool:
    """Return whether a job waits or runs, here or elsewhere."""
    return ImportJob.objects.filter(state__in=(ImportJob.QUEUED, ImportJob.RUNNING)).exists()


def work_off() -> int:
    """Work off every job that waits or whose process died; return how many were taken."""
    taken = 0
    while job := _claim(timezone.now()):
        taken += 1
        _run(job)
    return taken


def _claim(at: datetime) -> ImportJob | None:
    """Take the next job; None while another runs."""
    try:
        with transaction.atomic():
            # "running" before "queued": the one whose process died goes first.
            job = (
                ImportJob.objects.filter(state__in=(ImportJob.QUEUED, ImportJob.RUNNING))
                .select_related("area")
                .order_by("-state", "pk")
                .first()
            )
            if job is None or (job.state == ImportJob.RUNNING and not is_silent(job, at)):
                return None
            token = uuid.uuid4().hex
            same = ImportJob.objects.filter(pk=job.pk, state=job.state, token=job.token)
            if not same.update(state=ImportJob.RUNNING, token=token, beat_at=at):
                return None
    except IntegrityError:
        return None
    job.token = token
    return job


def _run(job: ImportJob) -> None:
    name = ""
    try:
        user = User.objects.get(pk=job.user_id)
        with Reader(READ_SHEETS) as reader:
            for waiting in reader.ahead(_waiting(job), lambda file: bytes(file.data)):
                name = waiting.name
                _take(job, waiting, user, reader)
        _end(job, ImportJob.DONE, "")
    except _TakenAway:
        return
    except Exception as error:
        refusal = refusal_of(error)
        if isinstance(refusal, DomainError):
            sentence = refusal.sentence
        else:
            _log.exception("Import %s stopped at %s", job.pk, name)
            sentence = f"Dừng ở tệp {name} vì lỗi của hệ thống. Bấm Làm tiếp để thử lại."
        try:
            _end(job, ImportJob.STOPPED, sentence[:500])
        except (DatabaseError, _TakenAway):
            # A disk without room for one word: after a while without a beat it is tried again.
            _log.warning("Import %s cannot be marked as stopped", job.pk)
            if not isinstance(refusal, NoSpace):
                raise


def _waiting(job: ImportJob) -> Iterator[ImportFile]:
    last = 0
    rows = job.files.filter(state=ImportFile.WAITING).order_by("number")
    while file := rows.filter(number__gt=last).first():
        last = file.number
        # PostgreSQL gives a view of it; what was handed over is known again by being the same.
        file.data = bytes(file.data)
        yield file


def _take(job: ImportJob, file: ImportFile, user: User, reader: Reader) -> None:
    at = timezone.now()
    # Rights are those of the moment: a role that ended meanwhile ends the import.
    actor = actor_of(user, timezone.localdate())
    area, span, _period = place_for(actor, job.area.code, job.period)
    seen: list[Outcome] = []

    def kept(outcome: Outcome) -> None:
        if job.dry_run:
            seen.append(outcome)
            raise _Undo
        _record(job, file, outcome)

    try:
        outcome = take_in(
            actor=actor,
            source=Source(file.name, bytes(file.data)),
            reader=reader,
            at=at,
            submit=job.submit,
            expected=Among(span, area.full_name, job.period, job.form),
            kept=kept,
        )
    except _Undo:
        (outcome,) = seen
    if job.dry_run or outcome.status is Status.REFUSED:
        with transaction.atomic():
            _record(job, file, outcome)


def _record(job: ImportJob, file: ImportFile, outcome: Outcome) -> None:
    """Write what became of a file, in whose transaction this is, if the job is still ours."""
    _hold(job, beat_at=timezone.now())
    file.state = outcome.status.value
    file.area_code = outcome.area
    file.changed = outcome.changed
    file.receipt = "" if job.dry_run else outcome.receipt
    file.sentence = outcome.sentence or outcome.note
    file.errors = [
        [f"{error.sheet} {error.cell}".strip(), error.message] for error in outcome.errors
    ]
    file.copy = outcome.copy or b""
    fields = ["state", "area_code", "changed", "receipt", "sentence", "errors", "copy"]
    if not job.dry_run:
        file.data = b""
        fields.append("data")
    file.save(update_fields=fields)


def _end(job: ImportJob, state: str, sentence: str) -> None:
    _hold(job, state=state, sentence=sentence, token="", ended_at=timezone.now())


def _hold(job: ImportJob, **fields: Any) -> None:
    mine = ImportJob.objects.filter(pk=job.pk, token=job.token, state=ImportJob.RUNNING)
    if not mine.update(**fields):
        raise _TakenAway
