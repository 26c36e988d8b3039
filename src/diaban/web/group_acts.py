"""What a person does to a group on its page: another name, its end, members out, back again."""

from collections.abc import Callable
from datetime import date, datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diaban.areas.group_acts import end_group, remove_members, rename_group, take_back
from diaban.areas.models import AreaGroup
from diaban.core.errors import DomainError
from diaban.web.area_groups import group_for, shown
from diaban.web.middleware import SignedInRequest
from diaban.web.typed_days import typed_day

Act = Callable[[date, str, datetime], str]


@require_POST
def rename(request: SignedInRequest, group_id: int) -> HttpResponse:
    """Give a group another name."""

    def act(day: date, basis: str, at: datetime) -> str:
        group = rename_group(
            actor=request.actor, group_id=group_id, name=request.POST.get("name", ""),
            on_day=day, basis=basis, at=at,
        )  # fmt: skip
        return _("Đã ghi tên %(name)s.") % {"name": group.name}

    return _carry_out(request, group_id, "rename", act)


@require_POST
def end(request: SignedInRequest, group_id: int) -> HttpResponse:
    """End a group."""

    def act(day: date, basis: str, at: datetime) -> str:
        end_group(actor=request.actor, group_id=group_id, on_day=day, basis=basis, at=at)
        return _("Đã ghi ngày kết thúc của nhóm.")

    return _carry_out(request, group_id, "end", act)


@require_POST
def remove(request: SignedInRequest, group_id: int) -> HttpResponse:
    """Let the units that were ticked leave."""

    def act(day: date, basis: str, at: datetime) -> str:
        out = remove_members(
            actor=request.actor, group_id=group_id, codes=request.POST.getlist("area"),
            on_day=day, basis=basis, at=at,
        )  # fmt: skip
        return _("Đã cho %(n)d đơn vị ra khỏi nhóm.") % {"n": out}

    return _carry_out(request, group_id, "remove", act)


@require_POST
def undo(request: SignedInRequest, group_id: int, act_id: int) -> HttpResponse:
    """Take the latest act back."""

    def act(_day: date, _basis: str, at: datetime) -> str:
        take_back(actor=request.actor, group_id=group_id, act_id=act_id, at=at)
        return _("Đã hủy; nhóm trở lại như trước.")

    return _carry_out(request, group_id, "undo", act)


def _carry_out(request: SignedInRequest, group_id: int, opened: str, act: Act) -> HttpResponse:
    group: AreaGroup = group_for(request.actor, group_id)
    today = timezone.localdate()
    day = typed_day(request.POST.get("on", ""), today)
    errors = [day.error] if day.error else []
    if not errors:
        try:
            done = act(day.value or today, request.POST.get("basis", ""), timezone.now())
        except DomainError as refusal:
            if refusal.code in ("missing", "not_allowed"):
                raise
            errors = [str(one) for one in refusal.facts.get("errors", ())] or [refusal.sentence]
        else:
            messages.success(request, done)
            return redirect("web:area-group", group_id=group_id)
    typed = {
        "name": request.POST.get("name", ""),
        "on": day.iso,
        "basis": request.POST.get("basis", ""),
        "area": request.POST.getlist("area"),
    }
    return shown(request, group, {"errors": errors[:20], "typed": typed, "opened": opened})
