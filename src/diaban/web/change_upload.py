"""A resolution with many lines, handed in as a file."""

from typing import Any, Final
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diaban.areas.change_files import as_csv, change_in
from diaban.areas.change_rights import require_all
from diaban.areas.models import Change
from diaban.areas.permissions import REORGANISE
from diaban.areas.reorganising import bad_change, draft_change, preview_change
from diaban.areas.rules.documents import ChangeFile, operation_as_json
from diaban.core.access import Missing, NotAllowed, scopes
from diaban.core.days import typed_day
from diaban.core.errors import DomainError
from diaban.core.text import space
from diaban.indicators.workbooks.bounded import LARGEST_FILE, Reader
from diaban.web.middleware import SignedInRequest

ERRORS_SHOWN: Final = 200


@require_http_methods(["GET", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """Take a file of changes, or a full list of units; say line by line what is wrong."""
    if not scopes(request.actor, REORGANISE):
        raise Missing(_("Không tìm thấy trang này trong phạm vi của tài khoản."))
    errors: dict[str, str] = {}
    lines: list[str] = []
    if request.method == "POST":
        change = _taken(request, errors, lines)
        if change is not None:
            return redirect("web:change", change_id=change.pk)
    context: dict[str, Any] = {
        "bar_title": _("Tải tệp nhiều dòng"),
        "errors": errors,
        "summary": [{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        "lines": lines[:ERRORS_SHOWN],
        "more": max(0, len(lines) - ERRORS_SHOWN),
        "given": {name: request.POST.get(name, "") for name in ("basis", "day")},
        "key": request.POST.get("key", "") or uuid4().hex,
        "back_url": reverse("web:new-change"),
    }
    return render(request, "web/changes/upload.html", context, status=422 if errors else 200)


def _taken(request: SignedInRequest, errors: dict[str, str], lines: list[str]) -> Change | None:
    """Return the draft made from the file; None when `errors` and `lines` say what is wrong."""
    basis = space(request.POST.get("basis", ""))[:300]
    day = typed_day(request.POST.get("day", ""))
    given = request.FILES.get("file")
    if given is None:
        errors["file"] = _("Chưa chọn tệp. Chọn tệp .csv, .xlsx hoặc .toml.")
        return None
    name = given.name or ""
    if not name.lower().endswith(".toml"):
        if not basis:
            errors["basis"] = _("Chưa ghi căn cứ pháp lý (số nghị quyết).")
        if day is None:
            errors["day"] = _("Ngày hiệu lực phải là một ngày, ví dụ 01/12/2026.")
    if errors:
        return None
    try:
        text = _text(name, given.read(LARGEST_FILE + 1))
        read = change_in(name, text, day or timezone.localdate(), basis)
        if not read.operations:
            errors["file"] = _("Danh sách trùng với bản đồ, không có gì để sắp xếp.")
            return None
        return _drafted(request, read)
    except (Missing, NotAllowed) as refusal:
        errors["file"] = refusal.sentence
    except UnicodeDecodeError:
        errors["file"] = _("Tệp không phải văn bản UTF-8. Lưu lại dạng CSV UTF-8 hoặc .xlsx.")
    except DomainError as refusal:
        found = refusal.facts.get("errors") or refusal.facts.get("problems") or []
        lines += found
        first = refusal.sentence.partition("\n")[0].rstrip(":")
        errors["file"] = f"{first}." if found else refusal.sentence
    return None


def _text(name: str, data: bytes) -> str:
    if name.lower().endswith(".xlsx"):
        with Reader() as reader:
            return as_csv(next(iter(reader.read(data).values()), []))
    return data.decode("utf-8-sig")


def _drafted(request: SignedInRequest, read: ChangeFile) -> Change:
    require_all(request.actor, read.operations)
    looked_at = Change(
        effective_on=read.effective_on,
        basis=read.basis,
        operations=[operation_as_json(one) for one in read.operations],
    )
    problems = preview_change(looked_at).problems
    if problems:
        raise bad_change(problems)
    return draft_change(
        actor=request.actor,
        effective_on=read.effective_on,
        basis=read.basis,
        operations=read.operations,
        client_key=f"web-{request.POST.get('key', '')[:40]}",
        at=timezone.now(),
    )
