"""Thôn, tổ dân phố of a commune: the list, one of them, and what the commune does with them."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import ADD_HAMLET, SEE_AREA
from diaban.accounts.scopes import area_visible_to
from diaban.areas.hamlets import close_hamlet, merge_hamlets
from diaban.areas.models import Area, AreaName, AreaQuerySet, Succession
from diaban.areas.rules.levels import Level, full_name
from diaban.areas.rules.names import name_key
from diaban.areas.services import HamletDraft, HamletNameAlike, create_hamlet, rename_hamlet
from diaban.core.access import Missing, Span, may, require
from diaban.core.days import typed_day
from diaban.core.errors import DomainError
from diaban.core.text import space
from diaban.web.frames import area_frame
from diaban.web.hamlet_words import noun_of, types_for
from diaban.web.middleware import SignedInRequest

PAGE_SIZE: Final = 50
# The box with which somebody says that names alike are two places.
ALIKE: Final = "alike"
NEW: Final = "new"


def commune_for(request: SignedInRequest, code: str) -> tuple[Area, Span]:
    """
    Return the commune of a page of hamlets.

    Raises:
        Missing: there is none, it is no commune, or the actor may not see it.
    """
    commune, span = area_visible_to(request.actor, code, SEE_AREA)
    if commune.level != Level.COMMUNE:
        raise Missing(_("Danh sách này có ở từng xã, phường; hãy mở một xã, phường."))
    return commune, span


def may_keep(request: SignedInRequest, span: Span) -> None:
    """Refuse whoever may only look."""
    require(request.actor, ADD_HAMLET, span, see=SEE_AREA)


def hamlets_of(request: SignedInRequest, commune: Area) -> AreaQuerySet:
    """Return the hamlets of today's map, ended ones among them."""
    return Area.objects.filter(
        placements__version=request.actor.map_id, placements__parent=commune,
        level=Level.HAMLET,
    )  # fmt: skip


def page_of(request: SignedInRequest, commune: Area, span: Span, title: str) -> dict[str, Any]:
    """Return what every page of hamlets has on top. Cost: one query."""
    return {
        "commune": commune,
        "noun": noun_of(commune),
        "bar_title": title,
        "heading": title,
        "area": area_frame(
            request.actor, commune, span, SEE_AREA,
            lambda code: reverse("web:area", args=[code]), "hamlets",
        ),
        "editable": may(request.actor, ADD_HAMLET, span),
        "list_url": reverse("web:hamlets", args=[commune.code]),
        "today": timezone.localdate(),
    }  # fmt: skip


@require_GET
def listed(request: SignedInRequest, code: str) -> HttpResponse:
    """Show a commune's hamlets, by name."""
    commune, span = commune_for(request, code)
    today = timezone.localdate()
    found = hamlets_of(request, commune)
    ended = Q(valid_to__lte=today)
    counts = {"": found.exclude(ended).count(), "ended": found.filter(ended).count()}
    state = "ended" if request.GET.get("state") == "ended" else ""
    found = found.filter(ended) if state else found.exclude(ended)
    typed = space(request.GET.get("q", ""))[:100]
    if typed:
        found = found.filter(Q(names__key__contains=name_key(typed)) | Q(code=typed)).distinct()
    page = Paginator(found.order_by("type", "sort_key", "code"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    keys = [one.pk for one in page.object_list]
    before = _names_before(keys)
    went = Succession.objects.filter(old__in=keys if state else ()).select_related("new")
    heirs = {line.old_id: line.new.short_name for line in went}
    url = reverse("web:hamlets", args=[code])
    title = _("%(noun)s của %(name)s") % {
        "noun": noun_of(commune).capitalize(),
        "name": commune.full_name,
    }
    context = {
        **page_of(request, commune, span, title),
        "rows": [
            {
                "code": one.code,
                "name": one.full_name,
                "coming": one.coming_name(today),
                "since": one.valid_from,
                "until": one.valid_to,
                "before": ", ".join(before.get(one.pk, [])),
                "heir": heirs.get(one.pk, ""),
                "url": reverse("web:commune-hamlet", args=[code, one.code]),
            }
            for one in page.object_list
        ],
        "page_obj": page,
        "typed": typed,
        "state": state,
        "query": (f"&state={state}" if state else "") + (f"&q={typed}" if typed else ""),
        "filters": [
            {"label": label, "count": counts[value], "current": value == state,
             "url": f"{url}?state={value}" if value else url}
            for value, label in (("", _("Đang có")), ("ended", _("Đã kết thúc")))
        ],
    }  # fmt: skip
    return render(request, "web/hamlets/list.html", context)


def _names_before(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, type_word, name in (
        AreaName.objects.filter(area__in=keys, valid_to__lte=timezone.localdate())
        .exclude(valid_to=F("area__valid_to"))
        .order_by("valid_from")
        .values_list("area_id", "type", "name")
    ):
        found.setdefault(key, []).append(full_name(type_word, name))
    return found


@require_http_methods(["GET", "POST"])
def add(request: SignedInRequest, code: str) -> HttpResponse:
    """Create one hamlet."""
    commune, span = commune_for(request, code)
    may_keep(request, span)
    errors: dict[str, str] = {}
    if request.method == "POST":
        day = _day(request, errors)
        if day is not None:
            try:
                made = create_hamlet(
                    actor=request.actor, commune=commune, type=request.POST.get("type", ""),
                    name=request.POST.get("name", ""), on_day=day, at=timezone.now(),
                    alike=ALIKE in request.POST,
                )  # fmt: skip
            except DomainError as refusal:
                refused(errors, refusal, "name")
            else:
                messages.success(request, _("Đã lập %(name)s.") % {"name": made})
                return redirect("web:hamlets", code=code)
    title = _("Thêm %(noun)s") % {"noun": noun_of(commune)}
    return _form(request, commune, span, "web/hamlets/add.html", title, errors)


@require_http_methods(["GET", "POST"])
def merge(request: SignedInRequest, code: str) -> HttpResponse:
    """Let hamlets become one; the chosen ones come from the list."""
    commune, span = commune_for(request, code)
    may_keep(request, span)
    errors: dict[str, str] = {}
    living = {one.code: one for one in hamlets_of(request, commune).filter(valid_to=None)}
    chosen = [one for one in (request.GET.getlist("hamlet") or request.POST.getlist("hamlet"))
              if one in living]  # fmt: skip
    if request.method == "POST":
        day = _day(request, errors)
        into = request.POST.get("into", "")
        target: str | HamletDraft = into
        if into == NEW:
            target = HamletDraft(request.POST.get("type", ""), request.POST.get("name", ""))
        if day is not None and not errors:
            try:
                heir = merge_hamlets(
                    actor=request.actor, commune=commune, codes=chosen, into=target, on_day=day,
                    at=timezone.now(), basis=space(request.POST.get("basis", ""))[:300],
                    alike=ALIKE in request.POST,
                )  # fmt: skip
            except DomainError as refusal:
                refused(errors, refusal, "name" if into == NEW else "into")
            else:
                messages.success(request, _("Đã nhập vào %(name)s.") % {"name": heir})
                return redirect("web:hamlets", code=code)
    title = _("Nhập %(noun)s") % {"noun": noun_of(commune)}
    others = sorted(living.values(), key=lambda one: (one.code not in chosen, one.sort_key))
    more = {"chosen": [living[one] for one in chosen], "others": others}
    return _form(request, commune, span, "web/hamlets/merge.html", title, errors, more)


@require_http_methods(["GET", "POST"])
def one(request: SignedInRequest, code: str, hamlet: str) -> HttpResponse:
    """Show a hamlet with its history; name it anew, or close it."""
    commune, span = commune_for(request, code)
    found = hamlets_of(request, commune).filter(code=hamlet).order_by("-valid_from").first()
    if found is None:
        raise Missing(_("Không tìm thấy thôn, tổ dân phố này."))
    errors: dict[str, str] = {}
    if request.method == "POST":
        may_keep(request, span)
        done = _act(request, commune, found, errors)
        if done:
            messages.success(request, done)
            return redirect("web:commune-hamlet", code=code, hamlet=hamlet)
    found.refresh_from_db()
    more = {
        "hamlet": found,
        "living": found.valid_to is None,
        "names": list(found.names.order_by("-valid_from")),
        "came": list(Succession.objects.filter(new=found).select_related("old").order_by("-on")),
        "went": list(Succession.objects.filter(old=found).select_related("new")),
        "merge_url": f"{reverse('web:merge-hamlets', args=[code])}?hamlet={hamlet}",
    }
    return _form(
        request, commune, span, "web/hamlets/one.html", found.full_name, errors, more
    )  # fmt: skip


def _act(
    request: SignedInRequest, commune: Area, hamlet: Area, errors: dict[str, str]
) -> str:  # fmt: skip
    """Carry out the small form that was sent; returns what was done, empty if refused."""
    act = request.POST.get("act", "")
    place = "close_day" if act == "close" else "day"
    day = typed_day(request.POST.get(place, ""))
    if day is None:
        errors[place] = _("Ngày phải là một ngày, ví dụ 01/12/2026.")
        return ""
    basis = space(request.POST.get("basis", ""))[:300]
    try:
        if act == "close":
            if hamlet.valid_to is None:
                close_hamlet(
                    actor=request.actor, commune=commune, code=hamlet.code, on_day=day,
                    at=timezone.now(), basis=basis,
                )  # fmt: skip
            return _("Đã kết thúc %(name)s.") % {"name": hamlet}
        type_word, name = request.POST.get("type", ""), space(request.POST.get("name", ""))
        if hamlet.called(day) != (type_word, name):
            rename_hamlet(
                actor=request.actor, hamlet=hamlet, type=type_word, name=name, on_day=day,
                at=timezone.now(), basis=basis, alike=ALIKE in request.POST,
            )  # fmt: skip
        return _("Đã ghi tên %(name)s.") % {"name": full_name(type_word, name)}
    except DomainError as refusal:
        refused(errors, refusal, "close_day" if act == "close" else "name")
        return ""


def _form(
    request: SignedInRequest,
    commune: Area,
    span: Span,
    template: str,
    title: str,
    errors: dict[str, str],
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    used = hamlets_of(request, commune).filter(valid_to=None).values_list("type", flat=True)
    context = {
        **page_of(request, commune, span, title),
        "errors": errors,
        "summary": [{"text": text, "href": f"#{name}"} for name, text in errors.items()],
        "given": request.POST,
        "types": types_for(commune, used),
        **(more or {}),
    }
    return render(request, template, context, status=422 if errors else 200)


def _day(request: SignedInRequest, errors: dict[str, str]) -> Any:
    day = typed_day(request.POST.get("day", ""))
    if day is None:
        errors["day"] = _("Ngày phải là một ngày, ví dụ 01/12/2026.")
    return day


def refused(errors: dict[str, str], refusal: DomainError, otherwise: str) -> None:
    """Note a refusal beside the field that it is about, and what answers it."""
    about_day = ("outside_its_span", "name_already_changed", "returns_in_the_way")
    by_day = refusal.code in about_day and otherwise != "close_day"
    errors["day" if by_day else otherwise] = refusal.sentence
    if refusal.code == HamletNameAlike.code:
        errors[ALIKE] = _("Nếu là hai nơi khác nhau, đánh dấu ô này rồi gửi lại.")
