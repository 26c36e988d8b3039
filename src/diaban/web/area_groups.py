"""Groups of areas: border communes, key areas, focus areas of a year, lists of a phase."""

import csv
import io
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import SEE_AREA
from diaban.accounts.scopes import area_visible_to, in_scope
from diaban.areas.group_lists import import_members, set_members
from diaban.areas.groups import (
    BadGroup,
    create_group,
    groups_with_counts,
    members_on,
    memberships,
)
from diaban.areas.hierarchies import hierarchies_on, may_load
from diaban.areas.models import AreaGroup, AreaGroupAct
from diaban.areas.permissions import EDIT_GROUP
from diaban.areas.rules.grouping import ActKind, BadMembers, GroupKind, bad_members
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below, span_of, version_on
from diaban.core.access import Actor, Missing, may, scopes
from diaban.core.errors import DomainError
from diaban.indicators.workbooks.bounded import LARGEST_FILE, Reader
from diaban.web.area_words import act_word, group_word, level_word
from diaban.web.areas import require_reader, tabs
from diaban.web.middleware import SignedInRequest
from diaban.web.navigation import home_code
from diaban.web.typed_days import typed_day
from diaban.web.typed_numbers import typed_number

PAGE_SIZE: Final = 25
MEMBERS_SHOWN: Final = 100
ACTS_SHOWN: Final = 20
# More boxes than a large province has communes nobody ticks by hand: they come as a table.
MOST_BOXES: Final = 250
LEVELS: Final = (Level.COMMUNE, Level.HAMLET)


@require_GET
def listed(request: SignedInRequest) -> HttpResponse:
    """Show the groups of the areas that this person works in, and of those above."""
    actor, today = request.actor, timezone.localdate()
    require_reader(actor)
    ended = "ended" in request.GET
    found = groups_with_counts(_visible(actor), today, ended=ended)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs("groups", actor),
        "rows": [
            {
                "name": group.name,
                "ended_on": group.ended_on,
                "url": reverse("web:area-group", args=[group.pk]),
                "kind": _kind(group),
                "area": group.area.full_name,
                "units": _("tất cả") if group.everyone else str(units),
            }
            for group, units in page.object_list
        ],
        "page_obj": page,
        "page_query": "&ended=1" if ended else "",
        "ended": ended,
        "add_url": reverse("web:add-area-group") if scopes(actor, EDIT_GROUP) else "",
        "add_tree_url": reverse("web:add-area-tree") if may_load(actor) else "",
        "trees": [
            {"title": one.title, "url": reverse("web:area-tree", args=[one.tree])}
            for one in hierarchies_on(today)
        ],
    }
    return render(request, "web/areas/groups.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest) -> HttpResponse:
    """Make a group without members."""
    actor = request.actor
    if not scopes(actor, EDIT_GROUP):
        raise Missing("Không tìm thấy trang này trong phạm vi của tài khoản.")
    typed = {
        "name": request.POST.get("name", ""),
        "kind": request.POST.get("kind", GroupKind.OTHER.value),
        "level": request.POST.get("level", Level.COMMUNE.value),
        "year": request.POST.get("year", ""),
    }
    area, _span = area_visible_to(actor, home_code(actor), SEE_AREA)
    error = ""
    if request.method == "POST":
        try:
            group = create_group(
                actor=actor,
                area=area,
                name=typed["name"],
                kind=GroupKind(typed["kind"]) if typed["kind"] in _kinds() else GroupKind.OTHER,
                level=Level.HAMLET if typed["level"] == Level.HAMLET else Level.COMMUNE,
                year=_year(typed["year"]),
                at=timezone.now(),
            )
        except BadGroup as refusal:
            error = refusal.sentence
        else:
            messages.success(request, _("Đã lập nhóm. Hãy chọn các đơn vị của nhóm."))
            return redirect("web:edit-area-group", group_id=group.pk)
    context = {
        "tabs": tabs("groups", actor),
        "area_name": area.full_name,
        "typed": typed,
        "error": error,
        "kinds": [(kind.value, group_word(kind)) for kind in GroupKind],
        "levels": [(level.value, level_word(level)) for level in LEVELS],
    }
    return render(request, "web/areas/group_add.html", context)


@require_GET
def one(request: SignedInRequest, group_id: int) -> HttpResponse:
    """Show who belongs to a group on a day, or who ever did."""
    return shown(request, group_for(request.actor, group_id))


def shown(
    request: SignedInRequest, group: AreaGroup, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Show a group's page; `more` is what a refused act leaves on it."""
    actor, today = request.actor, timezone.localdate()
    editable = _editable(actor, group)
    edit_url = (
        reverse("web:edit-area-group", args=[group.pk])
        if editable and group.ended_on is None
        else ""
    )
    day = typed_day(request.GET.get("on", ""), today)
    history = "history" in request.GET
    on_day = day.value or today
    rows: list[dict[str, Any]]
    if group.everyone:
        rows = [{"code": area.code, "name": area.full_name} for area in members_on(group, on_day)]
    else:
        found = memberships(group, None if history else on_day)
        rows = [
            {
                "code": member.code,
                "name": member.name,
                "since": member.valid_from,
                "last": None
                if member.valid_to is None
                else date.fromordinal(member.valid_to.toordinal() - 1),
                "basis": member.basis,
                "end_basis": member.end_basis,
                "open": member.valid_to is None,
            }
            for member in found
        ]
    page = Paginator(rows, MEMBERS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "tabs": tabs("groups", actor),
        "group": group,
        "facts": f"{_kind(group)} · {group.area.full_name}",
        "day": day,
        "shown_on": on_day,
        "history": history,
        "rows": page.object_list,
        "page_obj": page,
        "page_query": "&history=1" if history else f"&on={day.iso}" if day.iso else "",
        "edit_url": edit_url,
        "name": group.called(on_day),
        "acts": _acts(group, editable=editable),
        "editable": editable,
        "today": today,
        **(more or {"errors": [], "typed": {}, "opened": ""}),
    }
    return render(request, "web/areas/group.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, group_id: int) -> HttpResponse:
    """Say who belongs to a group from a day on, by ticking or by a table."""
    actor, today = request.actor, timezone.localdate()
    group = group_for(actor, group_id)
    if not _editable(actor, group) or group.ended_on is not None:
        # Missing or NotAllowed, as everywhere: the service knows.
        set_members(
            actor=actor, group_id=group_id, codes=(), on_day=today, basis="", at=timezone.now()
        )
    typed = typed_day(request.POST.get("on", ""), today)
    errors: list[str] = [typed.error] if typed.error else []
    if request.method == "POST" and not errors:
        try:
            done = _take(request, group, typed.value or today)
        except BadMembers as refusal:
            errors = [str(one) for one in refusal.facts["errors"]]
        except DomainError as refusal:
            if refusal.code in ("missing", "not_allowed"):
                raise
            errors = [refusal.sentence]
        else:
            messages.success(request, done)
            return redirect("web:area-group", group_id=group_id)
    units = list(below(group.area, today, Level(group.level)).order_by("sort_key"))
    ticked = (
        set(request.POST.getlist("area"))
        if request.method == "POST"
        else set(members_on(group, today).values_list("code", flat=True))
    )
    context = {
        "tabs": tabs("groups", actor),
        "group": group,
        "facts": f"{_kind(group)} · {group.area.full_name}",
        "units": [(unit, unit.code in ticked) for unit in units]
        if len(units) <= MOST_BOXES
        else [],
        "many": len(units) > MOST_BOXES,
        "chosen": len(ticked),
        "errors": errors[:20],
        "more_errors": max(len(errors) - 20, 0),
        "typed": request.POST,
        "today": today,
        "back_url": reverse("web:area-group", args=[group_id]),
    }
    return render(request, "web/areas/group_edit.html", context)


def _take(request: SignedInRequest, group: AreaGroup, day: date) -> str:
    """Carry out what was sent; return what to say."""
    basis = request.POST.get("basis", "")
    now = timezone.now()
    if "file" in request.FILES or request.POST.get("act") == "file":
        done = import_members(
            actor=request.actor,
            group_id=group.pk,
            rows=rows_of_file(request),
            on_day=day,
            basis=basis,
            at=now,
        )
        said = _("Đã thêm %(new)d lượt, %(there)d lượt đã có.") % {
            "new": done.new,
            "there": done.there,
        }
        if done.divided:
            said += " " + _("Đơn vị đã bị chia, hãy chọn phần nào thuộc nhóm: %(names)s.") % {
                "names": ", ".join(done.divided)
            }
        return said
    changed = set_members(
        actor=request.actor,
        group_id=group.pk,
        codes=request.POST.getlist("area"),
        on_day=day,
        basis=basis,
        at=now,
    )
    return _("Đã lưu danh sách: %(n)d đơn vị vào hoặc ra.") % {"n": changed}


def rows_of_file(request: HttpRequest) -> list[list[str]]:
    """
    Return the first sheet of the file that was sent, CSV or XLSX.

    Raises:
        BadMembers: there is none, or it cannot be read.
    """
    file = request.FILES.get("file")
    if file is None or isinstance(file, list):
        raise bad_members([_("chưa chọn tệp CSV hoặc XLSX")])
    data = file.read(LARGEST_FILE + 1)
    if str(file.name).lower().endswith(".csv"):
        try:
            return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        except UnicodeDecodeError as error:
            raise bad_members([_("tệp CSV không phải UTF-8, hãy lưu lại từ Excel")]) from error
    with Reader() as reader:
        return list(next(iter(reader.read(data).values()), []))


def _visible(actor: Actor) -> Any:
    return AreaGroup.objects.filter(in_scope(actor, SEE_AREA, "area", above=True))


def group_for(actor: Actor, group_id: int) -> AreaGroup:
    """
    Return a group that `actor` sees.

    Raises:
        Missing: there is none.
    """
    group: AreaGroup | None = (
        _visible(actor).select_related("area").filter(pk=group_id).first()
    )  # fmt: skip
    if group is None:
        raise Missing("Không tìm thấy nhóm địa bàn này trong phạm vi của tài khoản.")
    return group


def _acts(group: AreaGroup, *, editable: bool) -> list[dict[str, Any]]:
    """Return what was done to a group, newest first; the latest that stands can be taken back."""
    acts = list(group.acts.order_by("-pk")[:ACTS_SHOWN])
    latest = next((act.pk for act in acts if act.undone_at is None), None)
    return [
        {
            "pk": act.pk,
            "on": act.on_day,
            "what": act_word(ActKind(act.kind)),
            "told": _told(act),
            "basis": act.basis,
            "by": act.by,
            "at": act.at,
            "undone": act.undone_at,
            "undone_by": act.undone_by,
            "can_undo": editable and act.pk == latest,
        }
        for act in acts
    ]


def _told(act: AreaGroupAct) -> str:
    if not act.told.isdecimal():
        return act.told
    n = int(act.told)
    return ngettext("%(n)d đơn vị", "%(n)d đơn vị", n) % {"n": n}


def _editable(actor: Actor, group: AreaGroup) -> bool:
    if group.everyone or group.area.valid_to is not None:
        return False
    return may(actor, EDIT_GROUP, span_of(group.area, version_on(timezone.localdate())))


def _kind(group: AreaGroup) -> str:
    name = group_word(GroupKind(group.kind))
    return f"{name} {group.year}" if group.year else name


def _kinds() -> set[str]:
    return {kind.value for kind in GroupKind}


def _year(text: str) -> int | None:
    year = typed_number(text, None)
    return year if year is not None and 2000 <= year <= 2100 else None
