"""Publishing a plan, and what a person adds to its programme: groups, links, indicators."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diaban.accounts.rules import PUBLISH_PLAN
from diaban.agencies.rules import KIND_NAMES, REQUESTED
from diaban.agencies.rules import Kind as AgencyKind
from diaban.areas.groups import members_on
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below
from diaban.core.access import Missing
from diaban.core.errors import DomainError
from diaban.core.text import fold
from diaban.indicators.rules.catalogue import Indicator
from diaban.plans.doubts import doubts_about
from diaban.plans.known_bodies import Foreseen
from diaban.plans.models import Target
from diaban.plans.publishing import (
    earlier_plans,
    foreseen_bodies,
    groups_of,
    list_group,
    publish_plan,
)
from diaban.plans.rules.doubts import Doubt, Raised
from diaban.plans.rules.items import IN_PROGRAMME, Decision
from diaban.plans.rules.states import SUCCESSION_NAMES, State, Succession
from diaban.plans.selectors import items_of, next_waiting, plan_open_to
from diaban.plans.targets import (
    UnknownIndicatorChosen,
    indicators_like,
    is_share,
    tie_target,
    wholes_of,
)
from diaban.plans.work import NoSuchCascade, link_plan
from diaban.web.middleware import SignedInRequest, refusal_text
from diaban.web.plan_page import KINDS

# So many indicators are offered before anybody searches.
OFFERED = 12


@require_http_methods(["GET", "POST"])
def publish(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Say what publishing will make, and publish."""
    plan = plan_open_to(request.actor, plan_id, PUBLISH_PLAN)
    if request.method == "GET" and plan.state != State.READ:
        there = "web:plan" if plan.published_at is None else "web:programme"
        return redirect(there, plan_id=plan_id)
    error = ""
    follows, how = request.POST.get("follows", ""), request.POST.get("succession", "")
    known = request.POST.getlist("known")
    if request.method == "POST":
        try:
            done = publish_plan(
                actor=request.actor,
                plan_id=plan_id,
                follows_id=int(follows) if follows.isdecimal() else None,
                succession=Succession(how) if how in set(Succession) else None,
                known=known,
                at=timezone.now(),
            )
        except DomainError as refusal:
            error = refusal_text(refusal)
        else:
            messages.success(
                request,
                _("Đã công bố: %(duties)d nhiệm vụ, giao xuống %(shares)d phần việc.")
                % {"duties": done.duties, "shares": done.shares.made},
            )
            return redirect("web:programme", plan_id=plan_id)
    items = items_of(plan)
    today = timezone.localdate()
    ahead = foreseen_bodies(plan, items, today)
    possible = earlier_plans(plan)
    earlier = next((one for one in possible if str(one.pk) == follows), None)
    waiting = [one for one in items if one.decision == Decision.WAITING]
    following = next_waiting(items, None)
    context = {
        "plan": plan,
        "error": error,
        "waiting": len(waiting),
        "next_url": f"{reverse('web:plan', args=[plan_id])}?item=item-{following.pk}"
        if following
        else "",
        "counts": [
            (
                _(name),
                sum(1 for one in items if one.kind == kind and one.decision in IN_PROGRAMME),
                sum(1 for one in items if one.kind == kind and one.decision == Decision.REJECTED),
            )
            for kind, name in KINDS.items()
        ],
        "passing": [_body_ahead(one) for one in ahead if one.heirs],
        "new_bodies": [_body_ahead(one) for one in ahead if not one.heirs],
        "doubts": [
            {
                "code": one.doubt.value,
                "text": doubt_text(one),
                "known": one.doubt.value in known,
            }
            for one in doubts_about(plan, items, earlier, today)
        ],
        "earlier": [(one, one is earlier) for one in possible],
        "ways": [
            (way.value, _(word), way == (how or Succession.AMENDS))
            for way, word in SUCCESSION_NAMES.items()
        ],
        "back_url": reverse("web:plan", args=[plan_id]),
    }
    return render(request, "web/plans/publish.html", context, status=422 if error else 200)


def doubt_text(one: Raised) -> str:
    """Return what publishing leads to, in the language of the page."""
    day = f"{one.on:%d/%m/%Y}" if one.on else ""
    if one.doubt is Doubt.OLDER:
        return _(
            "Kế hoạch này ký %(signed)s, trước kế hoạch %(other)s ký %(other_signed)s. Văn bản cũ "
            "thường không sửa đổi, thay thế được văn bản mới: xem lại đã chọn đúng chưa."
        ) % {"signed": one.signed, "other": one.other, "other_signed": one.other_signed}
    if one.doubt is Doubt.OVER:
        return _("Thời gian thực hiện của kế hoạch đã hết từ ngày %(day)s.") % {"day": day}
    if one.doubt is Doubt.PAST:
        return _(
            "%(n)d thời hạn đã qua, sớm nhất %(day)s: công bố xong là quá hạn ngay; cơ quan đã làm "
            "vẫn báo xong được, kèm lý do muộn."
        ) % {"n": one.count, "day": day}
    return _(
        "%(n)d nhiệm vụ không ghi cơ quan nào: không ai nhận các việc ấy, và công bố rồi thì không "
        "sửa được nữa."
    ) % {"n": one.count}


def _body_ahead(one: Foreseen) -> dict[str, Any]:
    kind = AgencyKind(one.kind)
    return {
        "name": one.name,
        "kind": _(KIND_NAMES[kind]),
        "requested": kind in REQUESTED,
        "heirs": one.heirs,
        "ended_on": one.passage.on if one.passage else None,
        "basis": one.passage.basis if one.passage else "",
    }


@require_http_methods(["GET", "POST"])
def group(request: SignedInRequest, plan_id: int, group_id: int) -> HttpResponse:
    """List the areas that a group of the plan means."""
    plan = plan_open_to(request.actor, plan_id, PUBLISH_PLAN)
    if request.method == "POST":
        done = list_group(
            actor=request.actor,
            plan_id=plan_id,
            group_id=group_id,
            codes=request.POST.getlist("area"),
            at=timezone.now(),
        )
        messages.success(
            request,
            _("Đã lưu danh sách: %(made)d phần việc mới, %(moved)d đổi thời hạn, %(removed)d bỏ.")
            % {"made": done.made, "moved": done.moved, "removed": done.removed},
        )
        return redirect(f"{reverse('web:programme', args=[plan_id])}?part=roadmap")
    found = next((one for one in groups_of(plan) if one.pk == group_id), None)
    if found is None:
        return redirect("web:programme", plan_id=plan_id)
    today = timezone.localdate()
    members = set(members_on(found, today).values_list("pk", flat=True))
    areas = below(found.area, today, Level(found.level)).order_by("sort_key")
    context = {
        "plan": plan,
        "group": found,
        "areas": [(area, area.pk in members) for area in areas],
        "chosen": len(members),
        "back_url": f"{reverse('web:programme', args=[plan_id])}?part=roadmap",
    }
    return render(request, "web/plans/group.html", context)


@require_http_methods(["POST"])
def link(request: SignedInRequest, plan_id: int) -> HttpResponse:
    """Say which plan of the level above this one carries out."""
    upper = request.POST.get("upper", "")
    try:
        link_plan(
            actor=request.actor,
            plan_id=plan_id,
            upper_id=int(upper) if upper.isdigit() else 0,
            at=timezone.now(),
        )
    except NoSuchCascade as refusal:
        messages.warning(request, refusal_text(refusal))
    else:
        messages.success(request, _("Đã gắn kế hoạch này với kế hoạch cấp trên."))
    return redirect("web:programme", plan_id=plan_id)


@require_http_methods(["GET", "POST"])
def target(request: SignedInRequest, plan_id: int, target_id: int) -> HttpResponse:
    """Say which indicator a target is measured by, found in the catalogue by its name."""
    plan = plan_open_to(request.actor, plan_id, PUBLISH_PLAN)
    found = Target.objects.filter(plan=plan, pk=target_id).first()
    if found is None:
        raise Missing(_("Không tìm thấy chỉ tiêu này trong phạm vi của tài khoản."))
    back_url = f"{reverse('web:programme', args=[plan_id])}?part=targets"
    given = request.POST if request.method == "POST" else request.GET
    chosen, whole = given.get("indicator", found.indicator), given.get("whole", found.whole)
    error = ""
    if request.method == "POST":
        try:
            tie_target(
                actor=request.actor,
                target_id=target_id,
                indicator="" if given.get("act") == "untie" else chosen,
                whole=whole,
                at=timezone.now(),
            )
        except UnknownIndicatorChosen as refusal:
            error = refusal_text(refusal)
        else:
            return redirect(back_url)
    words = given.get("q", "")
    share = is_share(found)
    known = indicators_like("", 1000)
    by_code = {one.code: one for one in known}
    near = list(wholes_of(chosen)) if share and chosen in by_code else []
    context: dict[str, Any] = {
        "plan": plan,
        "target": found,
        "error": error,
        "q": words,
        "found": [
            {
                "code": one.code,
                "name": one.name_vi,
                "unit": one.unit_vi,
                "chosen": one.code == chosen,
            }
            for one in _offered(words, found)
        ],
        "share": share,
        "wholes": [
            {"code": one.code, "name": one.name_vi, "chosen": one.code == whole}
            for one in sorted(known, key=lambda one: one.code not in near)
        ],
        "tied": by_code[found.indicator].name_vi if found.indicator in by_code else "",
        "back_url": back_url,
    }
    return render(request, "web/plans/target.html", context, status=422 if error else 200)


def _offered(words: str, target: Target) -> list[Indicator]:
    """Return the indicators that `words` find; without words those whose names are most alike."""
    if words.strip():
        return indicators_like(words)
    said = set(fold(target.what).split())
    known = indicators_like("", 1000)
    known.sort(key=lambda one: (one.code != target.indicator, -len(said & _words(one))))
    return known[:OFFERED]


def _words(indicator: Indicator) -> set[str]:
    return set(fold(f"{indicator.name_vi} {indicator.noun}").split())
