"""The review of a plan: one address for each thing a person decides about an item."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from diaban.core.access import Missing
from diaban.core.errors import DomainError
from diaban.core.text import space
from diaban.plans import review
from diaban.plans.deciding import Decided, ItemChanged, ReviewClosed
from diaban.plans.models import Plan, PlanItem
from diaban.plans.review import BadItem
from diaban.plans.rules.items import BULLET, FIELDS, NATURE_NAMES, Kind, cut
from diaban.plans.rules.typed import COMPARATORS, LINES, RECURRENCES, REPORTS, typed_from
from diaban.plans.selectors import items_of, next_waiting, plan_visible_to
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.plan_page import KINDS, page_item, short
from diaban.web.plan_words import said
from diaban.web.typed_numbers import typed_number

# Where a duty is cut; no plan writes it, and no keyboard has it: there the other stands for it.
CUT: Final = "‖"
TYPED_CUT: Final = "|"
# Items before and behind with which one may be merged: the page is to fit a screen.
BEFORE, BEHIND = 2, 3
# A line of a form's field holds so many letters; a taller field than this one scrolls.
LETTERS: Final = 90
MOST_ROWS: Final = 14
CHOICES: Final[dict[str, dict[str, str]]] = {
    "nature": {key.value: name for key, name in NATURE_NAMES.items()},
    "comparator": {"": "–", **COMPARATORS},
    "recurrence": RECURRENCES,
    "report": REPORTS,
}
HINTS: Final = {
    "lines": "Mỗi dòng một mục.",
    "reporters": "Mỗi dòng một cơ quan. Để trống: mọi cơ quan được kế hoạch giao việc.",
    "organisers": "Mỗi dòng một cơ quan. Để trống: cơ quan thường trực (Công an).",
    "dates": "Mỗi dòng một thời hạn, ví dụ: trước ngày 15/12/2026 (17 xã biên giới).",
    "day": "Ví dụ: 15/12/2026, 12/2026 hoặc 2026.",
}


@require_POST
def confirm(request: SignedInRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Take an item as it was read, and go to the next."""
    return _decide(request, plan_id, item_id, review.confirm_item)


@require_POST
def reject(request: SignedInRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Say that an item is none, and go to the next."""
    return _decide(request, plan_id, item_id, review.reject_item)


@require_http_methods(["GET", "POST"])
def edit(request: SignedInRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Correct an item."""
    plan, item = _found(request, plan_id, item_id)
    typed = typed_from(Kind(item.kind), item.value)
    faults: dict[str, str] = {}
    if request.method == "POST":
        typed = _typed(request, Kind(item.kind))
        try:
            done = review.edit_item(typed=typed, **_asked(request, plan_id, item_id))
        except BadItem as refusal:
            faults = {name: said(text) for name, text in refusal.facts["faults"]}
        except DomainError as refusal:
            return _refused(request, refusal, plan_id, item_id)
        else:
            return _next(plan, done.item)
    context = _form(plan, Kind(item.kind), typed, faults) | {
        "item": page_item(item),
        "quote": plan.document.text[item.start : item.end],
        "revision": request.POST.get("revision", item.revision),
        "heading": _("Sửa mục"),
        "back_url": _item_url(plan_id, item_id),
    }
    return render(request, "web/plans/edit.html", context, status=422 if faults else 200)


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Add an item from the words that were selected."""
    plan = plan_visible_to(request.actor, plan_id)
    given = request.POST if request.method == "POST" else request.GET
    kind = Kind(given["kind"]) if given.get("kind") in KINDS else Kind.DUTY
    start, end = typed_number(given.get("start"), 0), typed_number(given.get("end"), 0)
    quote = plan.document.text[start:end]
    typed = {"what": space(BULLET.sub("", quote)), "nature": "standing"}
    faults: dict[str, str] = {}
    if request.method == "POST":
        typed = _typed(request, kind)
        try:
            done = review.add_item(
                actor=request.actor,
                plan_id=plan_id,
                kind=kind,
                start=start,
                end=end,
                typed=typed,
                client_key=request.POST.get("key", ""),
                at=timezone.now(),
            )
        except BadItem as refusal:
            faults = {name: said(text) for name, text in refusal.facts["faults"]}
        except DomainError as refusal:
            faults = {"what": refusal_text(refusal)}
        else:
            return redirect(_item_url(plan_id, done.item.pk))
    context = _form(plan, kind, typed, faults) | {
        "quote": quote,
        "start": start,
        "end": end,
        "heading": _("Thêm mục"),
        "kinds": [
            {
                "label": _(name),
                "url": f"?kind={key}&start={start}&end={end}",
                "current": key is kind,
            }
            for key, name in KINDS.items()
        ],
        "back_url": reverse("web:plan", args=[plan_id]),
    }
    return render(request, "web/plans/edit.html", context, status=422 if faults else 200)


@require_http_methods(["GET", "POST"])
def split(request: SignedInRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Cut an item where the marks stand."""
    plan, item = _found(request, plan_id, item_id)
    words = plan.document.text[item.start : item.end]
    error, marked = "", _marked(words)
    if request.method == "POST":
        marked = request.POST.get("words", "").replace("\r\n", "\n")
        if TYPED_CUT not in words:
            marked = marked.replace(TYPED_CUT, CUT)
        cuts = _cuts(words, marked)
        if cuts is None:
            error = _("Chỉ gõ dấu | vào giữa các việc, không sửa chữ. Đã đưa câu về như cũ.")
            marked = _marked(words)
        else:
            asked = _asked(request, plan_id, item_id)
            done = _tried(request, asked, review.split_item, review.CannotSplit, cuts=cuts)
            if isinstance(done, HttpResponse):
                return done
            error = done
    return _asks(
        request, "split", plan, item, error, {"marked": marked, "parts": marked.count(CUT) + 1}
    )


@require_http_methods(["GET", "POST"])
def merge(request: SignedInRequest, plan_id: int, item_id: int) -> HttpResponse:
    """Make one item of this one and the neighbours that are ticked."""
    plan, item = _found(request, plan_id, item_id)
    same = [one for one in items_of(plan) if one.kind == item.kind]
    at = next((n for n, one in enumerate(same) if one.pk == item.pk), 0)
    first = max(0, at - BEFORE)
    near = [one for one in same[first : at + BEHIND + 1] if one.pk != item.pk]
    following = same[at + 1].pk if at + 1 < len(same) else None
    error = ""
    if request.method == "POST":
        known = {str(one.pk): one for one in near}
        others = [known[key] for key in request.POST.getlist("with") if key in known]
        asked = _asked(request, plan_id, item_id)
        revisions = [
            asked["revision"],
            *(typed_number(request.POST.get(f"revision-{one.pk}"), one.revision) for one in others),
        ]
        done = _tried(
            request, asked, _merge, review.CannotMerge,
            others=[one.pk for one in others], revisions=revisions,
        )  # fmt: skip
        if isinstance(done, HttpResponse):
            return done
        error = done
    shown = [(page_item(one), one.pk == following) for one in near]
    return _asks(request, "merge", plan, item, error, {"near": shown})


def _merge(
    *, item_id: int, revision: int, others: list[int], revisions: list[int], **asked: Any
) -> Decided:
    return review.merge_items(item_ids=[item_id, *others], revisions=revisions, **asked)


@require_POST
def undo(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Take this person's last decision back, and show what it was about."""
    try:
        item = review.undo(
            actor=request.actor,
            plan_id=plan_id,
            client_key=request.POST.get("key", ""),
            at=timezone.now(),
        )
    except review.NothingToUndo as refusal:
        messages.warning(request, refusal_text(refusal))
        return redirect("web:plan", plan_id=plan_id)
    return redirect(_item_url(plan_id, item.pk))


def _decide(
    request: SignedInRequest, plan_id: int, item_id: int, service: Callable[..., Decided]
) -> HttpResponse:
    try:
        done = service(**_asked(request, plan_id, item_id))
    except DomainError as refusal:
        return _refused(request, refusal, plan_id, item_id)
    return _next(done.item.plan, done.item)


def _tried(
    request: SignedInRequest,
    asked: dict[str, Any],
    service: Callable[..., Decided],
    again: type[DomainError],
    **more: Any,
) -> HttpResponse | str:
    """Return the next page, or the sentence with which the form is shown `again`."""
    try:
        done = service(**asked, **more)
    except again as refusal:
        return refusal_text(refusal)
    except DomainError as refusal:
        return _refused(request, refusal, asked["plan_id"], asked["item_id"])
    return _next(done.item.plan, done.item)


def _asks(
    request: SignedInRequest,
    what: str,
    plan: Plan,
    item: PlanItem,
    error: str,
    more: dict[str, Any],
) -> HttpResponse:
    """Show the form for splitting or merging an item."""
    context = {
        "plan": plan,
        "item": page_item(item),
        "error": error,
        "revision": item.revision,
        "key": uuid4().hex,
        "back_url": _item_url(plan.pk, item.pk),
        **more,
    }
    return render(request, f"web/plans/{what}.html", context, status=422 if error else 200)


def _asked(request: SignedInRequest, plan_id: int, item_id: int) -> dict[str, Any]:
    return {
        "actor": request.actor,
        "plan_id": plan_id,
        "item_id": item_id,
        "revision": typed_number(request.POST.get("revision"), 0),
        "client_key": request.POST.get("key", ""),
        "at": timezone.now(),
    }


def _refused(
    request: SignedInRequest, refusal: DomainError, plan_id: int, item_id: int
) -> HttpResponse:
    """Say why at the item as it now stands; what one may not see stays a page of its own."""
    if not isinstance(refusal, ItemChanged | ReviewClosed):
        raise refusal
    messages.warning(request, refusal_text(refusal))
    return redirect(_item_url(plan_id, item_id))


def _next(plan: Plan, item: PlanItem) -> HttpResponseRedirect:
    following = next_waiting(items_of(plan, bare=True), item)
    return HttpResponseRedirect(_item_url(plan.pk, following.pk if following else item.pk))


def _item_url(plan_id: int, item_id: int) -> str:
    return f"{reverse('web:plan', args=[plan_id])}?item=item-{item_id}"


def _found(request: SignedInRequest, plan_id: int, item_id: int) -> tuple[Plan, PlanItem]:
    plan = plan_visible_to(request.actor, plan_id)
    item = plan.items.filter(pk=item_id).first()
    if item is None:
        raise Missing("Không tìm thấy mục này trong kế hoạch; có thể người khác đã hoàn tác.")
    return plan, item


def _typed(request: SignedInRequest, kind: Kind) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name, _label, _how in FIELDS[kind]}


def _form(plan: Plan, kind: Kind, typed: dict[str, str], faults: dict[str, str]) -> dict[str, Any]:
    fields = []
    for name, label, how in FIELDS[kind]:
        chosen = typed.get(name, "")
        options = CHOICES.get(how)
        if options is not None and chosen not in options:
            options = {**options, chosen: chosen}
        fields.append(
            {
                "name": name,
                "label": _(label),
                "how": "lines" if how in LINES else how,
                "hint": _(HINTS[how]) if how in HINTS else "",
                "value": chosen,
                "rows": _rows(how, chosen),
                "error": faults.get(name, ""),
                "options": [
                    (key, _(word) if word else "", key == chosen)
                    for key, word in (options or {}).items()
                ],
            }
        )
    return {
        "plan": plan,
        "kind": kind,
        "fields": fields,
        "errors": [{"text": text, "href": f"#{name}"} for name, text in faults.items()],
        "title": short(typed.get("what", "")),
        "key": uuid4().hex,
    }


def _rows(how: str, text: str) -> int:
    """Return how many lines a field needs so that what stands in it is seen whole."""
    lines = sum(len(line) // LETTERS + 1 for line in text.splitlines())
    return min(MOST_ROWS, max(3 if how == "text" else 2, lines + (how in LINES)))


def _marked(words: str) -> str:
    return CUT.join(words[first:last] for first, last in _touching(words))


def _touching(words: str) -> list[tuple[int, int]]:
    """Return the natural cuts so that the pieces make up the whole again."""
    starts = [first for first, _last in cut(words)]
    return list(zip(starts, [*starts[1:], len(words)], strict=True))


def _cuts(words: str, marked: str) -> list[int] | None:
    """Return where the marks stand in `words`; None when the words themselves were changed."""
    parts = marked.split(CUT)
    if "".join(parts) != words:
        return None
    cuts, at = [], 0
    for part in parts[:-1]:
        at += len(part)
        cuts.append(at)
    return cuts
