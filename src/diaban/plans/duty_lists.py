"""Lists of what is owed: filters, counts, one person's own, overdue by agency."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.db.models import Case, Count, F, IntegerField, Max, Min, Q, QuerySet, When

from diaban.accounts.rules import SEE_DUTY, Role
from diaban.accounts.scopes import in_scope
from diaban.core.access import Actor, Span
from diaban.core.text import fold
from diaban.plans.models import Duty, Share
from diaban.plans.rules.days import silence_limit
from diaban.plans.rules.items import Kind, Nature
from diaban.plans.rules.standing import SOON, Standing, Status, standing

STATUSES: Final = (
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.SILENT,
    Status.IN_TIME,
    Status.DONE_LATE,
    Status.DONE_IN_TIME,
)


# For so long after a named day its result is asked for.
EVENT_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is wanted; an empty field asks for nothing."""

    text: str = ""
    status: str = ""
    agency: int | None = None
    plan: int | None = None
    duty: int | None = None
    nature: str = ""
    kind: str = ""
    phase: int | None = None
    cascade: bool = False
    mine: bool = False
    requested: str = ""
    role: str = ""
    due_from: date | None = None
    due_to: date | None = None


@dataclass(frozen=True, slots=True)
class Overdue:
    """How one body stands: overdue, the longest by days, due within a week."""

    agency_id: int
    name: str
    count: int
    longest_days: int
    due_soon: int


def shares_visible_to(actor: Actor) -> QuerySet[Share]:
    """Return what is owed in the areas in which `actor` may see duties."""
    return Share.objects.filter(in_scope(actor, SEE_DUTY, "area"))


def own(actor: Actor) -> Q:
    """
    Return the condition "this is for me to do".

    That of the agencies in which somebody holds a role, and for a commune officer everything
    of the commune.
    """
    areas = [g.area_id for g in actor.grants if g.role == Role.COMMUNE_OFFICER]
    return Q(agency__in=actor.agency_ids) | Q(area__in=areas)


def having(status: str, today: date) -> Q:
    """Return the condition "stands so today"; the same as `rules.standing`, as a query."""
    waiting = Q(done_on__isnull=True, frozen=False)
    soon = today + timedelta(days=SOON)
    event = Q(duty__kind=Kind.EVENT)
    if status == Status.OVERDUE:
        return waiting & Q(due_on__lt=today) & ~event
    if status == Status.DUE_SOON:
        return waiting & Q(due_on__gte=today, due_on__lte=soon)
    if status == Status.SILENT:
        return waiting & (_silent(today) | (event & Q(due_on__lt=today)))
    if status == Status.IN_TIME:
        return waiting & (Q(due_on__gt=soon) | (Q(due_on__isnull=True) & ~_silent(today)))
    if status == Status.DONE_LATE:
        return Q(done_on__isnull=False, done_on__gt=F("due_on"))
    if status == Status.DONE_IN_TIME:
        in_time = Q(due_on__isnull=True) | Q(done_on__lte=F("due_on"))
        return Q(done_on__isnull=False) & in_time
    if status == "open":
        return waiting
    if status == Status.FROZEN:
        return Q(done_on__isnull=True, frozen=True)
    return Q()


def _silent(today: date) -> Q:
    """Return the condition "standing, and nothing heard for too long" (an indexed day each)."""
    wanted = Q(pk__in=())
    for recurrence in Duty.objects.order_by().values_list("recurrence", flat=True).distinct():
        limit = today - timedelta(days=silence_limit(recurrence))
        wanted |= Q(duty__recurrence=recurrence, heard_on__lt=limit)
        wanted |= Q(duty__recurrence=recurrence, heard_on__isnull=True, begins_on__lt=limit)
    return Q(due_on__isnull=True) & wanted


def listed(actor: Actor, wanted: Filter, today: date) -> QuerySet[Share]:
    """
    Return what is owed as `wanted`, the most urgent first.

    Shape: with duty, plan, agency and area; `reminded` counts reminders, `reminded_on` is the
    day of the newest.
    """
    found = shares_visible_to(actor)
    if wanted.status:
        found = found.filter(having(wanted.status, today))
    else:
        found = found.filter(Q(frozen=False) | Q(done_on__isnull=False))
    if wanted.mine:
        found = found.filter(own(actor))
    if wanted.agency:
        found = found.filter(agency=wanted.agency)
    if wanted.plan:
        found = found.filter(duty__plan=wanted.plan)
    if wanted.duty:
        found = found.filter(duty=wanted.duty)
    if wanted.nature in set(Nature):
        found = found.filter(duty__nature=wanted.nature)
    if wanted.kind in set(Kind):
        found = found.filter(duty__kind=wanted.kind)
    if wanted.cascade:
        found = found.filter(duty__cascades=True)
    if wanted.phase:
        found = found.filter(duty__phase=wanted.phase)
    if wanted.requested:
        found = found.filter(requested=wanted.requested == "1")
    if wanted.role:
        found = found.filter(leads=wanted.role == "lead")
    if wanted.due_from:
        found = found.filter(due_on__gte=wanted.due_from)
    if wanted.due_to:
        found = found.filter(due_on__lte=wanted.due_to)
    if wanted.text:
        found = found.filter(_says(wanted.text))
    return (
        found.select_related("duty__plan", "agency", "area")
        .annotate(
            reminded=Count("reminders", distinct=True),
            reminded_on=Max("reminders__on"),
            closed=Case(
                When(Q(done_on__isnull=False) | Q(frozen=True), then=1),
                default=0,
                output_field=IntegerField(),
            ),
        )
        .order_by(
            "closed", F("due_on").asc(nulls_last=True), "duty__plan", "duty__number", "agency", "pk"
        )
    )


def _says(text: str) -> Q:
    """Return the condition "the duty, the body or the place is called so", marks or not."""
    words = fold(text)
    duties = [pk for pk, what in Duty.objects.values_list("pk", "what") if words in fold(what)][
        :500
    ]
    places = Q(area__names__key__contains=words) if len(words) > 1 else Q(pk__in=())
    return (
        Q(duty__in=duties)
        | Q(agency__name__icontains=text)
        | Q(agency__short_name__icontains=text)
        | Q(pk__in=Share.objects.filter(places).values("pk"))
    )


def counts(actor: Actor, wanted: Filter, today: date) -> dict[str, int]:
    """Return how many there are of each status, whatever status `wanted` asks for."""
    found = listed(actor, replace(wanted, status=""), today).order_by()
    asked = {
        status.value: Count("pk", filter=having(status, today), distinct=True)
        for status in STATUSES
    }
    return {
        key: int(number or 0)
        for key, number in Share.objects.filter(pk__in=found.values("pk"))
        .aggregate(all=Count("pk"), **asked)
        .items()
    }


def standing_of(share: Share, today: date) -> Standing:
    """Return how a share stands today."""
    return standing(
        today=today,
        begins=share.begins_on,
        due=share.due_on,
        done=share.done_on,
        heard=share.heard_on,
        silence_limit=silence_limit(share.duty.recurrence),
        frozen=share.frozen,
        event=share.duty.kind == Kind.EVENT,
    )


def due_for(actor: Actor, today: date, days: int = 14, most: int = 400) -> Sequence[Share]:
    """
    Return what is this person's own and overdue, silent, or due within `days`; urgent first.

    Cost: one query; a standing duty is judged by the rule, as nobody has hundreds of them.
    """
    until = today + timedelta(days=days)
    urgent = Q(due_on__lte=until) | Q(due_on__isnull=True)
    found = (
        shares_visible_to(actor)
        .filter(own(actor), having("open", today), urgent, leads=True)
        .exclude(duty__kind=Kind.EVENT, due_on__lt=today - timedelta(days=EVENT_DAYS))
        .select_related("duty__plan", "agency", "area")
        .annotate(reminded_on=Max("reminders__on"))
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    return [
        share
        for share in found[: most * 2]
        if share.due_on is not None or standing_of(share, today).status is Status.SILENT
    ][:most]


def overdue_by_agency(actor: Actor, span: Span, today: date) -> list[Overdue] | None:
    """
    Return the bodies that are late in an area, the latest first; requested ones never.

    None when nothing is owed there at all. Communes and hamlets count one by one like any
    other body. Cost: one query.
    """
    soon = today + timedelta(days=SOON)
    place = "area__placements__"
    rows = (
        Share.objects.filter(
            in_scope(actor, SEE_DUTY, "area"),
            **{f"{place}left__gte": span.left, f"{place}left__lte": span.right},
        )
        .filter(having("open", today), requested=False, leads=True)
        .exclude(duty__kind=Kind.EVENT)
        .values("agency_id", "agency__name", "agency__short_name")
        .annotate(
            late=Count("pk", filter=Q(due_on__lt=today)),
            soon=Count("pk", filter=Q(due_on__gte=today, due_on__lte=soon)),
            oldest=Min("due_on"),
        )
        .order_by("-late", "oldest", "agency__name")
    )
    found = list(rows)
    if not found:
        return None
    return [
        Overdue(
            row["agency_id"],
            row["agency__short_name"] or row["agency__name"],
            row["late"],
            (today - row["oldest"]).days,
            row["soon"],
        )
        for row in found
        if row["late"]
    ]


def agencies_in(actor: Actor, most: int = 200) -> list[tuple[int, str]]:
    """Return the bodies that owe anything and stand at this person's own level, by name."""
    areas = [grant.area_id for grant in actor.grants]
    rows = (
        shares_visible_to(actor)
        .filter(area__in=areas)
        .order_by("agency__name")
        .values_list("agency_id", "agency__short_name", "agency__name")
        .distinct()
    )
    return [(pk, short or name) for pk, short, name in rows[:most]]


def plans_in(actor: Actor) -> list[tuple[int, str, str]]:
    """Return the plans from which anything is owed: key, number, title."""
    rows = (
        shares_visible_to(actor)
        .order_by("-duty__plan__published_at")
        .values_list(
            "duty__plan_id", "duty__plan__number", "duty__plan__title", "duty__plan__published_at"
        )
    )
    return [(pk, number, title) for pk, number, title, _at in rows.distinct()[:50]]


def open_keys(shares: Iterable[Share]) -> list[int]:
    """Return the keys of those that are still to be done."""
    return [share.pk for share in shares if share.done_on is None and not share.frozen]
