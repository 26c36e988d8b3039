"""Other hierarchies: who is in charge of which communes; their lists handed in and withdrawn."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.areas.hierarchies import (
    hierarchies_on,
    look_ahead,
    may_load,
    publish_hierarchy,
    standing_on,
    versions_of,
    withdraw_hierarchy,
)
from diaban.areas.rules.hierarchies import (
    BadHierarchy,
    bad_hierarchy,
    hierarchy_data,
    hierarchy_of,
    sectors_of_table,
)
from diaban.areas.rules.levels import Level
from diaban.core.access import Missing
from diaban.core.errors import DomainError
from diaban.core.text import space
from diaban.indicators.workbooks.bounded import LARGEST_FILE
from diaban.web.area_groups import MEMBERS_SHOWN, rows_of_file
from diaban.web.areas import require_reader, tabs
from diaban.web.middleware import SignedInRequest
from diaban.web.typed_days import typed_day

FIELDS = ("tree", "title", "valid_from", "basis")


@require_GET
def one(request: SignedInRequest, tree: str) -> HttpResponse:
    """Show a hierarchy on a day, and its lists over time."""
    return _shown(request, tree, "", "")


def _shown(request: SignedInRequest, tree: str, error: str, reason: str) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    require_reader(actor)
    day = typed_day(request.GET.get("on", ""), today)
    shown = day.value or today
    versions = versions_of(tree)
    if not versions:
        raise Missing("Không tìm thấy hệ thống phụ trách địa bàn này.")
    version = next((one for one in hierarchies_on(shown) if one.tree == tree), None)
    rows = standing_on(tree, shown) if version else []
    page = Paginator(rows, MEMBERS_SHOWN).get_page(request.GET.get("page"))
    loads = may_load(actor)
    context = {
        "tabs": tabs("groups", actor),
        "title": (version or versions[0]).title,
        "version": version,
        "versions": versions,
        "day": day,
        "shown_on": shown,
        "rows": [
            {
                "name": unit.name,
                "code": unit.code,
                "depth": unit.depth,
                "commune": unit.level is Level.COMMUNE,
            }
            for unit in page.object_list
        ],
        "page_obj": page,
        "page_query": f"&on={day.iso}" if day.iso else "",
        "add_url": f"{reverse('web:add-area-tree')}?tree={tree}" if loads else "",
        "withdraw_url": reverse("web:withdraw-area-tree", args=[tree]) if loads else "",
        "error": error,
        "reason": reason,
    }
    return render(request, "web/areas/tree.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Hand a list in: first what it would do, then publish it."""
    actor = request.actor
    if not may_load(actor):
        raise Missing("Không tìm thấy trang này trong phạm vi của tài khoản.")
    typed = {key: space(request.POST.get(key, "")) for key in FIELDS}
    if request.method == "GET":
        typed = _of_latest(request.GET.get("tree", ""))
    context: dict[str, Any] = {"tabs": tabs("groups", actor), "typed": typed, "errors": []}
    if request.method == "POST":
        try:
            data = _data(request, typed)
            given = hierarchy_of(data)
            if request.POST.get("act") == "publish":
                version = publish_hierarchy(actor=actor, given=given, at=timezone.now())
                messages.success(request, _("Đã công bố danh sách phân công địa bàn."))
                return redirect("web:area-tree", tree=version.tree)
            context["ahead"] = look_ahead(actor=actor, given=given)
            context["given"] = given
            context["data"] = json.dumps(data, default=str, ensure_ascii=False)
        except DomainError as refusal:
            if refusal.code in ("missing", "not_allowed"):
                raise
            errors = [str(one) for one in refusal.facts.get("errors", ())] or [refusal.sentence]
            context |= {"errors": errors[:20], "more_errors": max(len(errors) - 20, 0)}
    return render(request, "web/areas/tree_add.html", context)


@require_POST
def withdraw(request: SignedInRequest, tree: str) -> HttpResponse:
    """Take the latest list back; the one before it holds again."""
    reason = request.POST.get("reason", "")
    try:
        withdraw_hierarchy(actor=request.actor, tree=tree, reason=reason, at=timezone.now())
    except DomainError as refusal:
        if refusal.code in ("missing", "not_allowed"):
            raise
        return _shown(request, tree, refusal.sentence, reason)
    messages.success(request, _("Đã rút danh sách mới nhất."))
    if versions_of(tree):
        return redirect("web:area-tree", tree=tree)
    return redirect("web:area-groups")


def _data(request: SignedInRequest, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return a list as plain values: looked at before, a TOML file, or a table and the fields."""
    kept = request.POST.get("data", "")
    if kept:
        try:
            data = json.loads(kept)
        except ValueError as error:
            raise _unreadable() from error
        if not isinstance(data, dict):
            raise _unreadable()
        return data
    file = request.FILES.get("file")
    if file is not None and not isinstance(file, list) and str(file.name).endswith(".toml"):
        try:
            return hierarchy_data(file.read(LARGEST_FILE).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise bad_hierarchy([_("tệp TOML không phải UTF-8")]) from error
    day = typed_day(typed["valid_from"], date.min)
    sectors = sectors_of_table(rows_of_file(request))
    return {**typed, "valid_from": day.iso or typed["valid_from"], "sector": sectors}


def _unreadable() -> BadHierarchy:
    return bad_hierarchy([_("danh sách gửi lại không đọc được; hãy chọn lại tệp")])


def _of_latest(tree: str) -> dict[str, str]:
    found = versions_of(tree) if tree else []
    title = found[0].title if found else ""
    return {"tree": tree if found else "", "title": title, "valid_from": "", "basis": ""}
