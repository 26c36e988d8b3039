"""A commune's hamlets as a workbook: taken out to fill, and handed in."""

import io
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final

import xlsxwriter
from django.contrib import messages
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diaban.areas.hamlets import BadHamletList, bad_list, hand_in_list
from diaban.areas.rules.hamlet_lists import COLUMNS, rows_in
from diaban.core.access import Missing
from diaban.core.days import typed_day
from diaban.core.errors import DomainError
from diaban.core.text import space
from diaban.indicators.workbooks.bounded import LARGEST_FILE, Reader
from diaban.web.hamlet_words import noun_of, types_for
from diaban.web.hamlets import ALIKE, commune_for, hamlets_of, may_keep, page_of, refused
from diaban.web.middleware import SignedInRequest

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_WIDTHS: Final = (14, 16, 34, 26, 70)
Cells = Sequence[Sequence[str]]


@require_GET
def template(request: SignedInRequest, code: str) -> HttpResponse:
    """Give the list as it stands, to be changed and handed in."""
    commune, _span = commune_for(request, code)
    living = hamlets_of(request, commune).filter(valid_to=None).order_by("code")
    rows = [list(COLUMNS), *([one.code, one.type_word, one.short_name, ""] for one in living)]
    types = types_for(commune, [row[1] for row in rows[1:]])
    return _as_file(_workbook(rows, {}, types), f"thon-{commune.code}.xlsx")


@require_http_methods(["GET", "POST"])
def hand_in(request: SignedInRequest, code: str) -> HttpResponse:
    """Take a filled list; every row that is wrong is named, here and in a copy of the file."""
    commune, span = commune_for(request, code)
    may_keep(request, span)
    errors: dict[str, str] = {}
    rows: list[tuple[int, str]] = []
    copy_url = ""
    if request.method == "POST":
        given = request.FILES.get("file")
        day = typed_day(request.POST.get("day", ""))
        if given is None:
            errors["file"] = _("Chưa chọn tệp. Tải tệp mẫu, điền rồi chọn tệp .xlsx đó.")
        if day is None:
            errors["day"] = _("Ngày phải là một ngày, ví dụ 01/12/2026.")
        cells: Cells = ()
        if given is not None and day is not None:
            try:
                with Reader() as reader:
                    cells = next(iter(reader.read(given.read(LARGEST_FILE + 1)).values()), [])
                listed, problems = rows_in(cells)
                if problems:
                    raise bad_list(problems)
                done = hand_in_list(
                    actor=request.actor, commune=commune, rows=listed, on_day=day,
                    at=timezone.now(), basis=space(request.POST.get("basis", ""))[:300],
                    alike=ALIKE in request.POST,
                )  # fmt: skip
            except BadHamletList as refusal:
                rows = refusal.facts["errors"]
                errors["file"] = _("%(n)d dòng chưa dùng được; không có gì bị thay đổi.") % {
                    "n": len(rows)
                }
                copy_url = _keep(request, commune.code, cells, rows)
            except DomainError as refusal:
                refused(errors, refusal, "file")
            else:
                text = _(
                    "Đã nhập: %(made)d mới, %(renamed)d đổi tên, %(merged)d nhập vào nơi khác."
                )
                same = _("Danh sách trùng với hệ thống, không có gì thay đổi.")
                facts = {"made": done.made, "renamed": done.renamed, "merged": done.merged}
                messages.success(request, text % facts if done.anything else same)
                return redirect("web:hamlets", code=code)
    title = _("Nhập danh sách %(noun)s từ Excel") % {"noun": noun_of(commune)}
    context: dict[str, Any] = {
        **page_of(request, commune, span, title),
        "errors": errors,
        "summary": [{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        "rows": rows[:200],
        "copy_url": copy_url,
        "given": request.POST,
        "template_url": reverse("web:hamlet-template", args=[code]),
    }
    return render(request, "web/hamlets/import.html", context, status=422 if errors else 200)


@require_GET
def errors(request: SignedInRequest, code: str, key: str) -> HttpResponse:
    """Give the copy of a refused list with its errors beside the rows."""
    commune, _span = commune_for(request, code)
    path = f"{_folder(request, commune.code)}/{key}.xlsx"
    if not _KEY.fullmatch(key) or not default_storage.exists(path):
        raise Missing(_("Bản có ghi lỗi này không còn; tải tệp lên lại để có bản mới."))
    with default_storage.open(path) as file:
        return _as_file(file.read(), f"thon-{commune.code}.loi.xlsx")


def _keep(request: SignedInRequest, code: str, cells: Cells, rows: list[tuple[int, str]]) -> str:
    """Keep the copy with its errors for whoever handed it in, the last one only."""
    folder = _folder(request, code)
    if default_storage.exists(folder):
        for old in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{old}")
    key = uuid.uuid4().hex
    said: dict[int, str] = {}
    for row, sentence in rows:
        said[row] = f"{said[row]} {sentence}" if row in said else sentence
    default_storage.save(f"{folder}/{key}.xlsx", ContentFile(_workbook(cells, said, ())))
    return reverse("web:hamlet-errors", args=[code, key])


def _folder(request: SignedInRequest, code: str) -> str:
    return f"refused/{request.user.pk}/hamlets-{code}"


def _workbook(cells: Cells, said: Mapping[int, str], types: Sequence[str]) -> bytes:
    """Return the rows as a workbook, what is wrong in a last column."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Danh sách")
        bold = book.add_format({"bold": True, "text_wrap": True, "num_format": "@"})
        red = book.add_format({"font_color": "#A3271F", "text_wrap": True})
        text = book.add_format({"num_format": "@"})
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width, text)
        last = len(COLUMNS)
        for number, line in enumerate(cells, 1):
            for column, cell in enumerate(line[:last]):
                sheet.write_string(number - 1, column, cell, bold if number == 1 else text)
            if number in said:
                sheet.write_string(number - 1, last, said[number], red)
        if said:
            sheet.write_string(0, last, "Lỗi", bold)
        if types:
            rule = {"validate": "list", "source": list(types)[:12], "error_type": "warning"}
            sheet.data_validation(1, 1, 1000, 1, rule)
        sheet.freeze_panes(1, 0)
    return made.getvalue()


def _as_file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
