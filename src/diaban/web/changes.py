"""Sắp xếp địa bàn: changes of the map, from the first line to the undoing."""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from diaban.areas.change_reading import operations_of
from diaban.areas.change_rights import change_open_to, changes_open_to, require_all
from diaban.areas.effects import uncounted
from diaban.areas.models import Change
from diaban.areas.permissions import REORGANISE
from diaban.areas.reorganising import (
    ChangeNotOpen,
    Preview,
    draft_change,
    drop_change,
    preview_change,
    publish_change,
    redraft_change,
    undo_change,
)
from diaban.areas.rules.documents import operation_as_json
from diaban.areas.rules.operations import Kind, Operation
from diaban.core.access import Actor, Missing, NotAllowed, scopes
from diaban.core.days import typed_day
from diaban.core.errors import DomainError
from diaban.core.text import fold, space
from diaban.web.area_words import effect_words, kept_word
from diaban.web.areas import tabs
from diaban.web.change_form import ChangeForm, shown
from diaban.web.change_page import (
    BY_WORDS,
    KIND_HINTS,
    KIND_WORDS,
    STATE_WORDS,
    EffectRows,
    effect_row,
    in_words,
    named_row,
    names_for,
    names_in,
    obstacle_rows,
    undo_refusal,
)
from diaban.web.middleware import SignedInRequest

PAGE_SIZE: Final = 25
ROWS_SHOWN: Final = 50
CONFIRM: Final = "công bố"


@require_GET
def listed(request: SignedInRequest) -> HttpResponse:
    """Show the changes of the map, newest first."""
    _require_right(request.actor)
    found = changes_open_to(request.actor)
    state = request.GET.get("state", "")
    counts = dict(found.order_by().values_list("state").annotate(n=Count("pk")))
    chosen = found.filter(state=state) if state in STATE_WORDS else found
    page = Paginator(chosen.defer("journal"), PAGE_SIZE).get_page(request.GET.get("page"))
    url = reverse("web:changes")
    context = {
        "bar_title": _("Sắp xếp địa bàn"),
        "tabs": tabs("changes", request.actor),
        "rows": [_row(change) for change in page.object_list],
        "page_obj": page,
        "query": f"&state={state}" if state in STATE_WORDS else "",
        "filters": [
            {
                "label": _("Tất cả"),
                "count": sum(counts.values()),
                "url": url,
                "current": state not in STATE_WORDS,
            },
            *(
                {
                    "label": word,
                    "count": counts.get(value, 0),
                    "url": f"{url}?state={value}",
                    "current": state == value,
                }
                for value, (_css, word) in STATE_WORDS.items()
            ),
        ],
    }
    return render(request, "web/changes/list.html", context)


def _row(change: Change) -> dict[str, Any]:
    css, word = STATE_WORDS[Change.State(change.state)]
    kinds = [Kind(one["kind"]) for one in change.operations]
    return {
        "basis": change.basis,
        "url": reverse("web:change", args=[change.pk]),
        "day": change.effective_on,
        "what": ", ".join(
            f"{KIND_WORDS[kind]} ({kinds.count(kind)})" for kind in dict.fromkeys(kinds)
        ),
        "state": css,
        "state_label": word,
        "at": change.undone_at or change.published_at or change.drafted_at,
        "by": change.undone_by or change.published_by or change.drafted_by,
    }


@require_GET
def start(request: SignedInRequest) -> HttpResponse:
    """Ask what is to be done."""
    _require_right(request.actor)
    query = request.GET.urlencode()
    context = {
        "bar_title": _("Lập thay đổi"),
        "kinds": [
            {
                "word": word,
                "hint": KIND_HINTS[kind],
                "url": f"{reverse('web:compose-change', args=[kind.value])}"
                + (f"?{query}" if query else ""),
            }
            for kind, word in KIND_WORDS.items()
        ],
        "adding": request.GET.get("to", "").isdigit(),
    }
    return render(request, "web/changes/start.html", context)


@require_http_methods(["GET", "POST"])
def compose(request: SignedInRequest, kind: str) -> HttpResponse:
    """Fill in one operation; look at it; keep it as a draft."""
    actor = request.actor
    _require_right(actor)
    if kind not in set(Kind):
        raise Missing(_("Không có cách sắp xếp này."))
    draft = _draft_to_add_to(request)
    if request.method == "GET":
        form = ChangeForm.blank(Kind(kind), request.GET.get("unit", "")[:16])
        return _composing(request, form, draft)
    form = ChangeForm.of(Kind(kind), request.POST)
    act = request.POST.get("act", "find")
    if act not in ("preview", "keep"):
        form.act(act)
        return _composing(request, form, draft)
    drawn = shown(form, actor)
    if draft is not None:
        form.basis, form.day = draft.basis, f"{draft.effective_on:%d/%m/%Y}"
    operations = operations_of(draft) if draft else []
    operations.append(form.operation(max((one.row for one in operations), default=0) + 1))
    form.check_head()
    change = None
    if not form.errors:
        change = _kept(request, form, draft, operations, anyway=act == "keep")
    if change is None:
        return _composing(request, form, draft, drawn, status=422)
    return redirect("web:change", change_id=change.pk)


def _kept(
    request: SignedInRequest,
    form: ChangeForm,
    draft: Change | None,
    operations: list[Operation],
    *,
    anyway: bool,
) -> Change | None:
    """
    Return the draft that was kept; None when the form says what is wrong.

    What stands in the way of its day is said here first; `anyway` keeps the draft all the same,
    so that its page lists what that is.
    """
    day = form.effective_on
    if day is None:
        return None
    try:
        require_all(request.actor, operations)
        looked_at = Change(
            effective_on=day,
            basis=form.basis,
            operations=[operation_as_json(one) for one in operations],
        )
        preview = preview_change(looked_at)
        form.take(preview.problems, operations[-1].row)
        if draft is None and not anyway:
            form.block(effect.sentence for effect in preview.blocking)
        if form.errors:
            return None
        if draft is not None:
            return redraft_change(
                actor=request.actor, change_id=draft.pk, effective_on=day, basis=form.basis,
                operations=operations, at=timezone.now(),
            )  # fmt: skip
        return draft_change(
            actor=request.actor, effective_on=day, basis=form.basis, operations=operations,
            client_key=f"web-{form.key}", at=timezone.now(),
        )  # fmt: skip
    except DomainError as refusal:
        form.say("units" if form.units else "parent", refusal.sentence)
        return None


def _composing(
    request: SignedInRequest,
    form: ChangeForm,
    draft: Change | None,
    drawn: Any = None,
    status: int = 200,
) -> HttpResponse:
    drawn = drawn or shown(form, request.actor)
    context = {
        "bar_title": KIND_WORDS[form.kind],
        "form": form,
        "kind": form.kind.value,
        "word": KIND_WORDS[form.kind],
        "hint": KIND_HINTS[form.kind],
        "drawn": drawn,
        "draft": draft,
        "ways": [(way.value, word) for way, word in BY_WORDS.items()],
        "numbers": range(1, len(form.parts) + 1),
        "back_url": reverse("web:change", args=[draft.pk]) if draft else reverse("web:new-change"),
    }
    return render(request, "web/changes/compose.html", context, status=status)


def _draft_to_add_to(request: SignedInRequest) -> Change | None:
    key = request.GET.get("to", "")
    if not key.isdigit():
        return None
    draft = change_open_to(request.actor, int(key))
    if draft.state != Change.State.DRAFT:
        raise Missing(_("Thay đổi này không còn là bản thảo; hãy lập thay đổi mới."))
    return draft


@require_http_methods(["GET", "POST"])
def redate(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Give a draft another day or another legal basis; what is done to the units stays."""
    change = change_open_to(request.actor, change_id)
    if request.method == "GET":
        return redirect("web:change", change_id=change_id)
    given = {
        "basis": space(request.POST.get("basis", ""))[:300],
        "day": request.POST.get("day", "").strip()[:20],
    }
    day = typed_day(given["day"])
    errors = {}
    if not given["basis"]:
        errors["basis"] = _("Chưa ghi căn cứ pháp lý (số nghị quyết).")
    if day is None:
        errors["day"] = _("Ngày hiệu lực phải là một ngày, ví dụ 01/12/2026.")
    if day is None or errors:
        return _shown(request, change, errors, given)
    try:
        redraft_change(
            actor=request.actor, change_id=change_id, effective_on=day, basis=given["basis"],
            operations=operations_of(change), at=timezone.now(),
        )  # fmt: skip
    except ChangeNotOpen as refusal:
        change.refresh_from_db()
        return _shown(request, change, {"day": refusal.sentence}, given)
    messages.success(request, _("Đã sửa căn cứ và ngày của bản thảo."))
    return redirect("web:change", change_id=change_id)


@require_GET
def one(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Show a change: what it does, what it touches, what can be done with it."""
    return _shown(request, change_open_to(request.actor, change_id))


def _shown(
    request: SignedInRequest,
    change: Change,
    errors: dict[str, str] | None = None,
    given: dict[str, str] | None = None,
    obstacles: Sequence[dict[str, str]] = (),
) -> HttpResponse:
    errors = errors or {}
    operations = operations_of(change)
    css, word = STATE_WORDS[Change.State(change.state)]
    drafted = change.state == Change.State.DRAFT
    preview = preview_change(change) if drafted else None
    effects = [effect_row(change, effect) for effect in preview.effects] if preview else [
        {"text": effect_words(effect["code"], effect["sentence"], effect["count"]),
         "blocks": False, "url": ""} for effect in change.effects
    ]  # fmt: skip
    page = Paginator(operations, ROWS_SHOWN).get_page(request.GET.get("page"))
    name_of = (
        names_in(preview.units.values())
        if preview
        else names_for(page.object_list, change.effective_on)
    )
    context = {
        "bar_title": change.basis,
        "change": change,
        "state": css,
        "state_label": word,
        "operations": [in_words(one, name_of) for one in page.object_list],
        "page_obj": page,
        "several": len(operations) > 1,
        "problems": [str(problem) for problem in preview.problems] if preview else [],
        "effects": [effect for effect in effects if not effect["blocks"]],
        "uncounted": [kept_word(one) for one in uncounted()] if drafted else [],
        "blocking": [effect for effect in effects if effect["blocks"]],
        "draft": drafted,
        "ready": preview is not None and not preview.problems and not preview.blocking,
        "map_words": _map_words(change, preview, operations),
        "published": change.state == Change.State.PUBLISHED,
        "errors": errors,
        "obstacles": obstacles,
        "summary": [{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        "given": {
            "basis": change.basis,
            "day": f"{change.effective_on:%d/%m/%Y}",
            **(given or {}),
        },
        "word": CONFIRM,
        "add_url": f"{reverse('web:new-change')}?to={change.pk}",
        "list_url": reverse("web:changes"),
    }
    return render(request, "web/changes/one.html", context, status=422 if errors else 200)


def _map_words(change: Change, preview: Preview | None, operations: Sequence[Operation]) -> str:
    """Return whether a change makes a new map; of one that was undone, that there is none."""
    if change.state == Change.State.UNDONE:
        return _("đã hủy, bản đồ địa giới trở lại như trước")
    new = any(one.kind not in (Kind.RENAME, Kind.REGRADE) for one in operations)
    if preview and not preview.problems:
        new = preview.planned.new_map
    return _("bản đồ địa giới mới") if new else _("giữ bản đồ địa giới")


@require_GET
def effect(request: SignedInRequest, change_id: int, code: str) -> HttpResponse:
    """List what an effect of a draft counts."""
    change = change_open_to(request.actor, change_id)
    found = None
    if change.state == Change.State.DRAFT:
        found = next((one for one in preview_change(change).effects if one.code == code), None)
    if found is None:
        raise Missing(_("Danh sách này chỉ có khi xem trước một bản thảo; nay không còn."))
    rows: Any = EffectRows(found)
    page = Paginator(rows, ROWS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "bar_title": change.basis,
        "change": change,
        "sentence": effect_words(found.code, found.sentence, found.count),
        "rows": [named_row(one) for one in page.object_list],
        "page_obj": page,
        "back_url": reverse("web:change", args=[change.pk]),
    }
    return render(request, "web/changes/effect.html", context)


@require_http_methods(["GET", "POST"])
def publish(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Carry a draft out, once the word is typed; a second press finds it done."""
    change = change_open_to(request.actor, change_id)
    if request.method == "GET":
        return redirect("web:change", change_id=change_id)
    typed = request.POST.get("confirm", "")
    if change.state == Change.State.DRAFT and fold(typed) != fold(CONFIRM):
        sentence = _("Gõ “%(word)s” vào ô này để công bố.") % {"word": CONFIRM}
        return _shown(request, change, {"confirm": sentence}, {"confirm": typed})
    try:
        publish_change(actor=request.actor, change_id=change_id, at=timezone.now())
    except (Missing, NotAllowed):
        raise
    except DomainError as refusal:
        change.refresh_from_db()
        return _shown(request, change, {"confirm": refusal.sentence}, {"confirm": typed})
    if change.state == Change.State.DRAFT:
        messages.success(request, _("Đã công bố thay đổi."))
    return redirect("web:change", change_id=change_id)


@require_http_methods(["GET", "POST"])
def undo(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Put everything back; a second press finds it done."""
    change = change_open_to(request.actor, change_id)
    reason = request.POST.get("reason", "").strip()
    if request.method == "GET" or change.state == Change.State.UNDONE:
        return redirect("web:change", change_id=change_id)
    if not reason:
        return _shown(request, change, {"reason": _("Chưa ghi lý do hủy.")})
    try:
        undo_change(actor=request.actor, change_id=change_id, at=timezone.now(), reason=reason)
    except (Missing, NotAllowed):
        raise
    except DomainError as refusal:
        change.refresh_from_db()
        if change.state == Change.State.UNDONE:
            return redirect("web:change", change_id=change_id)
        return _shown(
            request,
            change,
            {"reason": undo_refusal(refusal)},
            {"reason": reason},
            obstacles=obstacle_rows(refusal),
        )
    messages.success(request, _("Đã hủy thay đổi; mọi dòng trở lại như trước."))
    return redirect("web:change", change_id=change_id)


@require_POST
def drop(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Throw a draft away; a second press finds it gone."""
    _require_right(request.actor)
    if not Change.objects.filter(pk=change_id).exists():
        return redirect("web:changes")
    change_open_to(request.actor, change_id)
    drop_change(actor=request.actor, change_id=change_id)
    messages.success(request, _("Đã bỏ bản thảo."))
    return redirect("web:changes")


@require_POST
def drop_line(request: SignedInRequest, change_id: int) -> HttpResponse:
    """Take one operation out of a draft."""
    change = change_open_to(request.actor, change_id)
    row = request.POST.get("row", "")
    left = [one for one in operations_of(change) if str(one.row) != row]
    if left and len(left) < len(change.operations):
        redraft_change(
            actor=request.actor, change_id=change_id, effective_on=change.effective_on,
            basis=change.basis, operations=left, at=timezone.now(),
        )  # fmt: skip
    return redirect("web:change", change_id=change_id)


def _require_right(actor: Actor) -> None:
    if not scopes(actor, REORGANISE):
        raise Missing(_("Không tìm thấy trang này trong phạm vi của tài khoản."))
