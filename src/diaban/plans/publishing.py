"""
From confirmed items to the programme: bodies, duties, targets, phases, calendar, budget.

Publishing happens once, in one transaction; what it needs from people (which areas belong to
"17 xã biên giới") can come later, because fanning out again follows.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from diaban.accounts.rules import PUBLISH_PLAN
from diaban.areas.group_lists import list_members
from diaban.areas.models import AreaGroup
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import below
from diaban.audit.services import record
from diaban.core.access import Actor, Missing
from diaban.core.errors import DomainError
from diaban.core.periods import HO_CHI_MINH
from diaban.plans.doubts import doubts_about, require_known
from diaban.plans.fan_out import FannedOut, fan_out
from diaban.plans.handovers import deal_out
from diaban.plans.known_bodies import Foreseen, bodies_of
from diaban.plans.making import bodies_ahead, make_programme
from diaban.plans.models import Duty, Plan, PlanItem, Share
from diaban.plans.rules.bodies import group_key, is_rest
from diaban.plans.rules.differences import Line, Pair, compare, dates_of
from diaban.plans.rules.items import IN_PROGRAMME, Decision, Kind
from diaban.plans.rules.states import State, Succession
from diaban.plans.selectors import plan_open_to


class ItemsWaiting(DomainError):
    """Something that was read is still unconfirmed; facts `waiting` says how much."""

    code = "plans.items_waiting"


class AlreadyPublished(DomainError):
    """The plan was published before."""

    code = "plans.already_published"


class NotPublished(DomainError):
    """The plan has no programme yet."""

    code = "plans.not_published"


class NotAnEarlierPlan(DomainError):
    """Only a published plan of the same area can be amended or replaced."""

    code = "plans.not_an_earlier_plan"


@dataclass(frozen=True, slots=True)
class Published:
    """
    What publishing made.

    `ended_agencies`: bodies of the plan that have ended by law; of what they owed `handed_over`
    went to an heir by its field, `to_choose` waits for a person.
    """

    plan: Plan
    duties: int
    shares: FannedOut
    new_agencies: tuple[str, ...]
    ended_agencies: tuple[str, ...]
    handed_over: int
    to_choose: int
    groups_to_list: tuple[str, ...]


@transaction.atomic
def publish_plan(
    *,
    actor: Actor,
    plan_id: int,
    follows_id: int | None = None,
    succession: Succession | None = None,
    known: Collection[str] = (),
    at: datetime,
) -> Published:
    """
    Publish a plan whose items are all decided: from now on it obliges.

    With `follows_id` it amends or replaces an earlier plan of the same area: the earlier
    duties that it takes over (all of them when it replaces) are frozen where they are not done.
    `known` are the codes of the doubts (`plans.doubts`) that the person has said they know.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not publish, this plan.
        AlreadyPublished: it is published.
        ItemsWaiting: items are unconfirmed; nothing is published unconfirmed.
        NotAnEarlierPlan: `follows_id` is no published plan of the area.
        DoubtsOpen: the plan is late, over, older than the one it follows, or gives a duty to
            nobody, and that is not among the `known`.
    """
    plan = plan_open_to(actor, plan_id, PUBLISH_PLAN)
    if plan.state != State.READ:
        raise AlreadyPublished("Kế hoạch này đã công bố rồi.")
    waiting = plan.items.filter(decision=Decision.WAITING).count()
    if waiting:
        raise ItemsWaiting(
            f"Còn {waiting} mục chưa xác nhận. Xác nhận hoặc bỏ từng mục rồi mới công bố.",
            waiting=waiting,
        )
    earlier = earlier_plan(plan, follows_id) if follows_id else None
    day = at.astimezone(HO_CHI_MINH).date()
    items = list(plan.items.filter(decision__in=IN_PROGRAMME).order_by("start", "end", "pk"))
    doubts = doubts_about(plan, items, earlier, day)
    require_known(doubts, frozenset(known))
    changed = Plan.objects.filter(pk=plan.pk, state=State.READ).update(
        state=State.PUBLISHED,
        published_at=at,
        published_by=actor.name,
        follows=earlier,
        succession=(succession or Succession.REPLACES) if earlier else "",
    )
    if not changed:
        raise AlreadyPublished("Kế hoạch này vừa được người khác công bố.")
    plan.refresh_from_db()
    bodies = bodies_of(plan.area, day)
    duties = make_programme(plan, items, bodies)
    if earlier is not None:
        _take_over(plan, earlier, at)
    shares = fan_out(plan, day)
    handed_over, to_choose = deal_out(plan, day)
    to_list = groups_to_list(plan)
    record(
        actor=actor,
        action="plans.plan.published",
        subject=plan,
        at=at,
        area_code=plan.area.code,
        detail={
            "duties": duties,
            "shares": shares.made,
            "agencies": len(bodies.made),
            "handed_over": handed_over,
            "follows": earlier.pk if earlier else None,
            "known": [one.doubt.value for one in doubts],
        },
    )
    return Published(
        plan=plan,
        duties=duties,
        shares=shares,
        new_agencies=tuple(bodies.made),
        ended_agencies=tuple(bodies.ended),
        handed_over=handed_over,
        to_choose=to_choose,
        groups_to_list=tuple(one.name for one in to_list),
    )


def foreseen_bodies(plan: Plan, items: Sequence[PlanItem], day: date) -> list[Foreseen]:
    """
    Return the bodies that publishing on `day` makes, and those whose work it hands over.

    Cost: two queries, one more for each body that has ended.
    """
    taken = [one for one in items if one.decision != Decision.REJECTED]
    return bodies_ahead(taken, bodies_of(plan.area, day))


@transaction.atomic
def list_group(
    *, actor: Actor, plan_id: int, group_id: int, codes: Sequence[str], at: datetime
) -> FannedOut:
    """
    Say which areas a group of the plan means; the dates of its duties follow.

    Raises:
        Missing, NotAllowed: as for `publish_plan`; or the plan has no such group.
        NotPublished: the plan is not published.
    """
    plan = plan_open_to(actor, plan_id, PUBLISH_PLAN)
    _require_published(plan)
    group = next((one for one in groups_of(plan) if one.pk == group_id), None)
    if group is None or group.everyone:
        raise Missing("Kế hoạch này không có nhóm địa bàn đó.")
    day = at.astimezone(HO_CHI_MINH).date()
    known = dict(
        below(group.area, day, Level(group.level)).filter(code__in=codes).values_list("code", "pk")
    )
    list_members(group, known.values(), day)
    shares = fan_out(plan, day)
    record(
        actor=actor,
        action="plans.group.listed",
        subject=group,
        at=at,
        area_code=plan.area.code,
        detail={"plan": plan.pk, "members": len(known)},
    )
    return shares


@transaction.atomic
def change_dates(
    *, actor: Actor, duty_id: int, dates: Sequence[dict[str, Any]], at: datetime
) -> FannedOut:
    """
    Give a duty other dates (an official correction); what everybody owes follows.

    A body whose date was extended, or that is done, keeps what it has beside the new date.

    Raises:
        Missing, NotAllowed: as for `publish_plan`.
    """
    duty = Duty.objects.select_related("plan").filter(pk=duty_id).first()
    if duty is None:
        raise Missing("Không tìm thấy nhiệm vụ này trong phạm vi của tài khoản.")
    plan = plan_open_to(actor, duty.plan_id, PUBLISH_PLAN)
    before = duty.dates
    duty.dates = [dict(one) for one in dates]
    duty.save(update_fields=["dates"])
    record(
        actor=actor,
        action="plans.duty.dates_changed",
        subject=duty,
        at=at,
        area_code=plan.area.code,
        detail={"before": before, "after": duty.dates},
    )
    return fan_out(plan, at.astimezone(HO_CHI_MINH).date())


def groups_of(plan: Plan) -> list[AreaGroup]:
    """Return the groups of areas that a published plan speaks of, by name."""
    return [group for group, _size in groups_with_size(plan)]


def groups_with_size(
    plan: Plan, dates_of_all: Iterable[list[dict[str, Any]]] | None = None
) -> list[tuple[AreaGroup, int]]:
    """
    Return the groups of a plan, by name, with how many members are listed.

    Cost: two queries, one where the `dates` of all its duties are given.
    """
    if dates_of_all is None:
        dates_of_all = plan.duties.values_list("dates", flat=True)
    keys = {
        group_key(one["scope"])
        for dates in dates_of_all
        for one in dates
        if one.get("scope") and not is_rest(one["scope"])
    }
    spoken_of = (
        Q(given__duty__plan=plan)
        | Q(roadmap__phase__plan=plan)
        | Q(area=plan.area_id, key__in=keys)
    )
    size = Count("members", filter=Q(members__valid_to__isnull=True), distinct=True)
    found = AreaGroup.objects.filter(
        pk__in=AreaGroup.objects.filter(spoken_of).values("pk")
    ).annotate(size=size)
    return [(group, group.size) for group in found.select_related("area").order_by("name")]


def groups_to_list(plan: Plan) -> list[AreaGroup]:
    """Return the groups of a plan whose members nobody has listed yet."""
    return [one for one, size in groups_with_size(plan) if not one.everyone and not size]


def differences(plan: Plan) -> list[Pair]:
    """Return how a plan's duties stand to those of the plan it follows; empty without one."""
    if plan.follows_id is None:
        return []
    return compare(_lines(plan.follows_id, Kind.DUTY), _lines(plan.pk, Kind.DUTY))


def _lines(plan_id: int, kind: Kind) -> list[Line]:
    duties = (
        Duty.objects.filter(plan=plan_id, kind=kind).prefetch_related("bodies").order_by("number")
    )
    return [
        Line(
            duty.pk,
            duty.what,
            tuple(body.name for body in duty.bodies.all() if body.leads),
            dates_of(duty.dates),
        )
        for duty in duties
    ]


def _require_published(plan: Plan) -> None:
    if plan.state == State.READ:
        raise NotPublished("Kế hoạch này chưa công bố. Xác nhận hết các mục rồi công bố trước.")


def earlier_plan(plan: Plan, follows_id: int) -> Plan:
    """
    Return the published plan of the same area that `plan` is to follow.

    Raises:
        NotAnEarlierPlan: there is none of that key.
    """
    earlier = Plan.objects.filter(pk=follows_id, area=plan.area, state=State.PUBLISHED).first()
    if earlier is None or earlier.pk == plan.pk:
        raise NotAnEarlierPlan(
            "Chỉ sửa đổi hoặc thay thế được kế hoạch đã công bố của chính địa bàn này."
        )
    return earlier


def _take_over(plan: Plan, earlier: Plan, at: datetime) -> None:
    """Freeze the earlier duties that this plan takes over; done ones keep their record."""
    taken: dict[int, int | None] = {}
    for kind in (Kind.DUTY, Kind.REPORT, Kind.EVENT):
        for pair in compare(_lines(earlier.pk, kind), _lines(plan.pk, kind)):
            if pair.old is not None and pair.new is not None:
                taken[pair.old.key] = pair.new.key
            elif pair.old is not None and plan.succession == Succession.REPLACES:
                taken[pair.old.key] = None
    duties = list(Duty.objects.filter(pk__in=taken, frozen_at__isnull=True))
    for duty in duties:
        duty.frozen_at, duty.replaced_by_id = at, taken[duty.pk]
    Duty.objects.bulk_update(duties, ["frozen_at", "replaced_by"])
    Share.objects.filter(duty__in=duties, done_on__isnull=True).update(frozen=True)
    if plan.succession == Succession.REPLACES:
        Plan.objects.filter(pk=earlier.pk).update(state=State.REPLACED)


def earlier_plans(plan: Plan) -> list[Plan]:
    """Return the published plans of the same area that this one could amend or replace."""
    found = Plan.objects.filter(area=plan.area, state=State.PUBLISHED).exclude(pk=plan.pk)
    return list(found.order_by("-published_at")[:20])
