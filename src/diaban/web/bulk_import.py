"""Handing in the workbooks of many communes at once, and following what becomes of them."""

import tempfile
import uuid
import zipfile
from typing import IO, Any, Final, cast

from django.contrib import messages
from django.core.paginator import Page
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.accounts.rules import SEE_RETURN
from diaban.areas.models import Area
from diaban.core.access import Actor, Span
from diaban.core.periods import Period, PeriodKind, period_of
from diaban.core.text import lower_first
from diaban.indicators import import_jobs
from diaban.indicators.import_intake import (
    LARGEST_UPLOAD,
    MOST_FILES,
    MOST_LOOSE_FILES,
    BadUpload,
    Upload,
)
from diaban.indicators.job_runner import wake
from diaban.indicators.models import ImportFile, ImportJob
from diaban.web.frames import area_frame, as_of, in_sentence, reporting_frame
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.paging import KnownPages

PAGE_SIZE: Final = 50
MOST_SHOWN: Final = 10
MOST_ERRORS: Final = 5
_SIGNS: Final = {
    ImportFile.WAITING: "missing",
    "imported": "met",
    "unchanged": "missing",
    "refused": "not_met",
}


@require_http_methods(["GET", "POST"])
def begin(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Ask for the files, and list what was handed in before; begin with those that are sent."""
    actor = request.actor
    area, span, period = import_jobs.place_for(actor, code, label)
    error = ""
    if request.method == "POST":
        uploads = [
            Upload(one.name or "", one.size or 0, cast("IO[bytes]", one.file))
            for one in request.FILES.getlist("files")
        ]
        try:
            job = import_jobs.start(
                actor=actor,
                area_code=code,
                period_label=label,
                uploads=uploads,
                client_key=request.POST.get("client_key", "")[:64],
                at=timezone.now(),
                submit="submit" in request.POST,
                dry_run="dry_run" in request.POST,
            )
        except BadUpload as refusal:
            error = refusal_text(refusal)
        else:
            transaction.on_commit(wake)
            return redirect("web:import-job", code=code, label=label, job_id=job.pk)
    jobs = ImportJob.objects.filter(area=area, period=period.label).order_by("-pk")[:MOST_SHOWN]
    context = {
        "title": f"{_('Nhập nhiều tệp')} {in_sentence(period)}",
        "form_url": reverse("web:bulk-import", args=[code, label]),
        "back_url": reverse("web:completeness", args=[code, label]),
        "place": area.full_name,
        "client_key": request.POST.get("client_key") or uuid.uuid4().hex,
        "given": {"submit": "submit" in request.POST, "dry_run": "dry_run" in request.POST},
        "error": error,
        "summary": [{"text": error, "href": "#files"}] if error else [],
        "most": {"files": MOST_FILES, "loose": MOST_LOOSE_FILES, "size": LARGEST_UPLOAD >> 20},
        "jobs": [
            {
                "url": reverse("web:import-job", args=[code, label, one.pk]),
                "at": one.made_at,
                "by": one.by,
                "files": one.files_count,
                "state": _state(one),
                "dry_run": one.dry_run,
            }
            for one in jobs
        ],
        **_frame(actor, area, span, period),
    }
    return render(request, "web/returns/bulk_import.html", context, status=422 if error else 200)


@require_GET
def job(request: SignedInRequest, code: str, label: str, job_id: int) -> HttpResponse:
    """Show how far a job is, and what became of each file."""
    actor, now = request.actor, timezone.now()
    area, span, period = import_jobs.place_for(actor, code, label)
    found = import_jobs.job_for(actor, code, label, job_id)
    counts = import_jobs.counts_of(found)
    wanted = request.GET.get("state", "")
    wanted = wanted if wanted in counts else ""
    everyone = sum(counts.values())
    files = found.files.defer("data", "copy").order_by("number")
    if wanted:
        files = files.filter(state=wanted)
    page = KnownPages(files, PAGE_SIZE, counts[wanted] if wanted else everyone).get_page(
        request.GET.get("page")
    )
    url = reverse("web:import-job", args=[code, label, job_id])
    made = timezone.localtime(found.made_at)
    going = found.state in (ImportJob.QUEUED, ImportJob.RUNNING)
    context = {
        "title": _("Lần nhập ngày %(at)s") % {"at": f"{made:%d/%m/%Y %H:%M}"},
        "facts": _facts(found, area, period),
        "back_url": reverse("web:bulk-import", args=[code, label]),
        "completeness_url": reverse("web:completeness", args=[code, label]),
        "going": going,
        "here_url": f"{url}?{_query(wanted, page)}",
        "done": everyone - counts[ImportFile.WAITING],
        "everyone": everyone,
        "state": _state(found),
        "alert": _alert(found, counts, silent=import_jobs.is_silent(found, now)),
        "act_url": reverse("web:act-on-import", args=[code, label, job_id]),
        "acts": _acts(found, counts),
        "copies_url": reverse("web:import-copies", args=[code, label, job_id])
        if counts["refused"]
        else "",
        "filters": _filters(counts, everyone, url, wanted, dry_run=found.dry_run),
        "rows": [_row(one, found, label) for one in page.object_list],
        "page_obj": page,
        "page_query": f"&state={wanted}" if wanted else "",
        **_frame(actor, area, span, period),
        "as_of": as_of([found.beat_at]),
    }
    return render(request, "web/returns/import_job.html", context)


@require_POST
def act(request: SignedInRequest, code: str, label: str, job_id: int) -> HttpResponse:
    """Cancel a job, go on with it, or import what a dry run looked at; twice does it once."""
    found = import_jobs.job_for(request.actor, code, label, job_id)
    wanted = {
        "cancel": import_jobs.cancel,
        "resume": import_jobs.resume,
        "take": import_jobs.take_for_real,
    }.get(request.POST.get("act", ""))
    if wanted is not None and not wanted(actor=request.actor, job=found, at=timezone.now()):
        messages.info(request, _("Lần nhập này đã ở tình trạng khác; xem bên dưới."))
    transaction.on_commit(wake)
    return redirect("web:import-job", code=code, label=label, job_id=job_id)


@require_GET
def errors(request: SignedInRequest, code: str, label: str, job_id: int) -> FileResponse:
    """Give the copies of the refused workbooks with their errors, and a list of all refusals."""
    found = import_jobs.job_for(request.actor, code, label, job_id)
    refused = found.files.filter(state="refused").defer("data").order_by("number")
    # The answer closes it once it is sent.
    made = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115
    told = ["\ufeff" + _("Tệp bị từ chối")]
    # The copies are workbooks, packed already.
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for one in refused.iterator(chunk_size=20):
            told.append(f"{one.name}: {one.sentence}")
            if len(one.errors) > 1:
                told += [f"    {place}: {sentence}" for place, sentence in one.errors]
            if one.copy:
                archive.writestr(f"{one.number:04}-{_last(one.name)}.loi.xlsx", bytes(one.copy))
        archive.writestr("loi.txt", "\r\n".join(told), zipfile.ZIP_DEFLATED)
    made.seek(0)
    return FileResponse(made, as_attachment=True, filename=f"loi-{code}-{label}.zip")


def _last(name: str) -> str:
    """Return the name of a member without its folders and ending, safe to unpack anywhere."""
    last = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    return "".join(letter if letter.isalnum() or letter in "-_ " else "_" for letter in last)[:80]


def _query(wanted: str, page: Page[Any]) -> str:
    return f"state={wanted}&page={page.number}"


def _state(job: ImportJob) -> str:
    return {
        ImportJob.QUEUED: _("Đang chờ"),
        ImportJob.RUNNING: _("Đang nhập"),
        ImportJob.DONE: _("Xong"),
        ImportJob.CANCELLED: _("Đã hủy"),
        ImportJob.STOPPED: _("Dừng vì lỗi"),
    }[job.state]


def _facts(job: ImportJob, area: Area, period: Period) -> str:
    said = f"{area.full_name} · {lower_first(period.title)} · {job.by}"
    if job.dry_run:
        said = f"{said} · {_('chỉ kiểm tra, không ghi')}"
    if job.submit:
        said = f"{said} · {_('gửi luôn')}"
    return said


def _alert(job: ImportJob, counts: dict[str, int], *, silent: bool) -> dict[str, str] | None:
    left = counts[ImportFile.WAITING]
    if job.state == ImportJob.STOPPED:
        return {"kind": "no", "text": job.sentence}
    if job.state == ImportJob.CANCELLED:
        text = _("Đã hủy. Những tệp đã nhập vẫn giữ; còn %(n)s tệp chưa nhập.") % {"n": left}
        return {"kind": "act", "text": text}
    if silent:
        text = _("Máy chủ vừa dừng giữa chừng. Việc nhập sẽ tự làm tiếp, không mất tệp nào.")
        return {"kind": "wait", "text": text}
    if job.state == ImportJob.DONE and counts["refused"]:
        text = ngettext(
            "%(n)s tệp bị từ chối. Sửa ở bản có ghi lỗi rồi tải lên lại; tệp đã nhập không đổi.",
            "%(n)s tệp bị từ chối. Sửa ở bản có ghi lỗi rồi tải lên lại; tệp đã nhập không đổi.",
            counts["refused"],
        ) % {"n": counts["refused"]}
        return {"kind": "act", "text": text}
    if job.state == ImportJob.DONE:
        text = _("Kiểm tra xong, không tệp nào sai.") if job.dry_run else _("Nhập xong.")
        return {"kind": "ok", "text": text}
    return None


def _acts(job: ImportJob, counts: dict[str, int]) -> list[dict[str, str]]:
    if job.state in (ImportJob.QUEUED, ImportJob.RUNNING):
        return [{"act": "cancel", "label": _("Hủy"), "kind": "secondary"}]
    if job.state in (ImportJob.CANCELLED, ImportJob.STOPPED):
        return [{"act": "resume", "label": _("Làm tiếp"), "kind": "primary"}]
    if job.dry_run and counts["imported"]:
        return [{"act": "take", "label": _("Nhập các tệp này"), "kind": "primary"}]
    return []


def _filters(
    counts: dict[str, int], everyone: int, url: str, wanted: str, *, dry_run: bool
) -> list[dict[str, Any]]:
    return [
        {"label": _("Tất cả"), "count": everyone, "url": url, "current": not wanted},
        *(
            {
                "label": _word(state, dry_run=dry_run),
                "count": counts[state],
                "url": f"{url}?state={state}",
                "current": wanted == state,
            }
            for state in ("imported", "unchanged", "refused", ImportFile.WAITING)
        ),
    ]


def _word(state: str, *, dry_run: bool) -> str:
    if state == "imported":
        return _("Sẽ nhập") if dry_run else _("Đã nhập")
    return {
        "unchanged": _("Không đổi"),
        "refused": _("Từ chối"),
        ImportFile.WAITING: _("Chưa đến lượt"),
    }[state]


def _row(one: ImportFile, job: ImportJob, label: str) -> dict[str, Any]:
    cells = [error for error in one.errors if error[0]]
    return {
        "number": one.number,
        "name": one.name,
        "sign": _SIGNS[one.state],
        "word": _word(one.state, dry_run=job.dry_run),
        "url": reverse("web:return", args=[one.area_code, label])
        if one.state in ("imported", "unchanged") and one.area_code
        else "",
        "area": one.area_code,
        "changed": one.changed,
        "receipt": one.receipt,
        "sentence": one.sentence if not cells or len(one.errors) > 1 else "",
        "errors": [{"place": place, "text": text} for place, text in cells[:MOST_ERRORS]],
        "more": max(0, len(cells) - MOST_ERRORS),
    }


def _frame(actor: Actor, area: Area, span: Span, period: Period) -> dict[str, Any]:
    return {
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:returns", args=[c]), "returns"
        ),
        "period": reporting_frame(
            period,
            period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:bulk-import", args=[area.code, one]),
        ),
    }
