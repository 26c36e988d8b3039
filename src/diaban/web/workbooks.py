"""A return as a workbook: taken out on the entry page, and handed in there."""

import re
import uuid
from typing import Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diaban.accounts.rules import EDIT_RETURN
from diaban.core.access import Missing, may
from diaban.indicators.exports import template
from diaban.indicators.imports import (
    Expected,
    Outcome,
    Source,
    Status,
    import_workbooks,
)
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.selectors import read_window, unit_asked
from diaban.indicators.workbooks.bounded import LARGEST_FILE
from diaban.web.entry import EntryPage
from diaban.web.entry_cells import cell_id
from diaban.web.middleware import SignedInRequest
from diaban.web.returns import form_of

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEY: Final = re.compile(r"[0-9a-f]{32}")


@require_GET
def take_out(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Give the return as a workbook to fill."""
    name, made = template(
        actor=request.actor,
        area_code=code,
        period_label=label,
        form=form_of(request, code, label),
        at=timezone.now(),
    )
    return _as_file(made, name)


@require_POST
def hand_in(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Take a filled workbook into the return that is open; errors come back on its page."""
    actor = request.actor
    area, span = unit_asked(actor, code, label)
    period = read_window(label, span)
    page = EntryPage(actor, area, span, period, may(actor, EDIT_RETURN, span))
    given = request.FILES.get("workbook")
    if given is None:
        page.refused(_("Chưa chọn tệp. Chọn tệp .xlsx đã điền rồi tải lên."), None)
        return render(request, "web/returns/entry.html", page.context(""), status=422)
    (outcome,) = import_workbooks(
        actor=actor,
        # One byte more than may be, so that a larger file is refused as what it is.
        sources=[Source(given.name or "", given.read(LARGEST_FILE + 1))],
        at=timezone.now(),
        expected=Expected(area.code, period.label, asked_form(period)),
    )
    if outcome.status is Status.REFUSED:
        _show_refusal(page, outcome, request)
        return render(request, "web/returns/entry.html", page.context(""), status=422)
    url = reverse("web:return", args=[code, label])
    return redirect(f"{url}?imported={outcome.changed}")


def _show_refusal(page: EntryPage, outcome: Outcome, request: SignedInRequest) -> None:
    page.show_import_errors(
        [
            {
                "text": f"{error.sheet} {error.cell}: {error.message}".strip(": "),
                "href": f"#{_place(error.name)}" if error.name else "#entry",
            }
            for error in outcome.errors
        ],
        _keep(outcome.copy, page, request) if outcome.copy else "",
    )


def _place(name: str) -> str:
    code, _dot, row = name.partition(".")
    return cell_id(row, code)


def _keep(copy: bytes, page: EntryPage, request: SignedInRequest) -> str:
    """Keep the copy with its errors for whoever handed it in, the last one only."""
    folder = _folder(request)
    if default_storage.exists(folder):
        for old in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{old}")
    key = uuid.uuid4().hex
    default_storage.save(f"{folder}/{key}.xlsx", ContentFile(copy))
    return reverse("web:return-errors", args=[page.area.code, page.period.label, key])


@require_GET
def errors(request: SignedInRequest, code: str, label: str, key: str) -> HttpResponse:
    """Give the copy of a refused workbook with its errors beside the cells."""
    unit_asked(request.actor, code, label)
    form = form_of(request, code, label)
    path = f"{_folder(request)}/{key}.xlsx"
    if not _KEY.fullmatch(key) or not default_storage.exists(path):
        raise Missing(_("Bản có ghi lỗi này không còn; tải tệp lên lại để có bản mới."))
    with default_storage.open(path) as file:
        return _as_file(file.read(), f"{form}-{label}-{code}.loi.xlsx")


def _folder(request: SignedInRequest) -> str:
    return f"refused/{request.user.pk}"


def _as_file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
