"""Opening and closing campaigns, and listing those that concern somebody."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from diaban.accounts.rules import EDIT_RETURN, GIVE_BACK_RETURN, RUN_CAMPAIGN, SEE_RETURN
from diaban.accounts.scopes import area_visible_to, in_scope
from diaban.areas.models import Area, Placement
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, NotAllowed, Span, require
from diaban.core.errors import DomainError
from diaban.core.periods import PeriodKind
from diaban.indicators.models import Campaign, FormVersion, Return
from diaban.indicators.rules.campaigns import CampaignPeriod, label_of, problems_of
from diaban.indicators.rules.returns import COUNTED, State, due_on
from diaban.indicators.selectors import Owed, communes_in
from diaban.indicators.windows import windows_of


class BadCampaign(DomainError):
    """A campaign that cannot be opened as it was written. Facts: `fields` (name: sentence)."""

    code: ClassVar[str] = "bad_campaign"


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    A campaign as somebody writes it down; a day is None where it could not be read.

    `origin`: what it is opened for, `phase:12`; empty where it is for nothing else.
    """

    name: str
    start: date | None
    end: date | None
    form: str
    basis: str
    origin: str = ""


def campaign_forms() -> list[FormVersion]:
    """Return the newest version of every form that campaigns can ask for. One query."""
    found = FormVersion.objects.filter(period_kind=PeriodKind.OTHER.value).order_by("number")
    return list({one.code: one for one in found}.values())


def campaigns_for(actor: Actor) -> QuerySet[Campaign]:
    """Return the campaigns asked of the areas in which `actor` sees returns, the newest first."""
    return (
        Campaign.objects.filter(in_scope(actor, SEE_RETURN, "area", above=True))
        .select_related("area")
        .order_by("-start", "label")
        .distinct()
    )


def opened_for(actor: Actor, origins: Collection[str]) -> dict[str, list[Campaign]]:
    """Return the campaigns that `actor` sees by what they were opened for. One query."""
    found: dict[str, list[Campaign]] = {}
    for one in campaigns_for(actor).filter(origin__in=list(origins)) if origins else ():
        found.setdefault(one.origin, []).append(one)
    return found


def windows_near(span: Span) -> list[CampaignPeriod]:
    """Return the campaigns asked in an area, or of all that it lies in, by time. One query."""
    found = windows_of(Campaign.objects.order_by("start", "label"))
    return [one for one in found if span.holds(one.asked_of) or one.asked_of.holds(span)]


def sent_by_label(actor: Actor, labels: list[str]) -> dict[str, int]:
    """Return how many returns of each campaign count, of those `actor` sees. One query."""
    found: dict[str, int] = {}
    returns = Return.objects.filter(
        in_scope(actor, SEE_RETURN, "area"), period__in=labels, state__in=COUNTED
    )
    for label in returns.values_list("period", flat=True):
        found[label] = found.get(label, 0) + 1
    return found


def owed_campaigns(actor: Actor, today: date) -> list[Owed]:
    """
    Return the campaign returns that the communes of `actor` still owe, oldest first.

    A campaign is owed from the day after its last day until it is closed.

    Cost: five queries, two where no campaign is over.
    """
    return _owed(list(communes_in(actor, EDIT_RETURN)[:50]), actor, today)


def chased_campaigns(actor: Actor, today: date) -> list[Owed]:
    """
    Return the campaign returns that communes still owe, for whoever chases them, oldest first.

    Cost: as `owed_campaigns`.
    """
    return _owed(list(communes_in(actor, GIVE_BACK_RETURN)), actor, today)


def _owed(communes: Sequence[Area], actor: Actor, today: date) -> list[Owed]:
    open_ones = windows_of(
        Campaign.objects.filter(closed_at=None, end__lt=today).order_by("end", "label")
    )
    if not open_ones or not communes:
        return []
    places = {
        key: Span(left, right)
        for key, left, right in Placement.objects.filter(
            version=actor.map_id, area__in=[one.pk for one in communes]
        ).values_list("area_id", "left", "right")
    }
    states = {
        (area, label): (State(state), why)
        for area, label, state, why in Return.objects.filter(
            area__in=[one.pk for one in communes], period__in=[one.label for one in open_ones]
        ).values_list("area_id", "period", "state", "reason")
    }
    days = {one.code: one.due_days for one in campaign_forms()}
    owed = []
    for one in open_ones:
        for commune in communes:
            state, why = states.get((commune.pk, one.label), (None, ""))
            if one.asked_of.holds(places[commune.pk]) and state not in COUNTED:
                due = due_on(one.end, days.get(one.form, 0))
                owed.append(Owed(commune, one, due, state, why))
    return owed


@transaction.atomic
def open_campaign(
    *, actor: Actor, area_code: str, wanted: Wanted, client_key: str, at: datetime
) -> Campaign:
    """
    Open a campaign for an area and all below it.

    The same `client_key` a second time (a double click) gives the campaign of the first.

    Raises:
        Missing, NotAllowed: `actor` does not see the area, or may not open campaigns there.
        BadCampaign: a field is empty or wrong; names each.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    require(actor, RUN_CAMPAIGN, span, see=SEE_RETURN)
    if client_key and (first := Campaign.objects.filter(client_key=client_key).first()):
        return first
    wrong = problems_of(wanted.name, wanted.start, wanted.end, wanted.basis)
    forms = {one.code: one for one in campaign_forms()}
    form = forms.get(wanted.form)
    if form is None:
        wrong["form"] = "Chọn một biểu trong danh sách."
    elif wanted.end is not None and form.valid_from > wanted.end:
        wrong.setdefault("end", f"Biểu này dùng từ {form.valid_from:%d/%m/%Y}; chọn đợt sau đó.")
    if wrong or wanted.start is None or wanted.end is None:
        raise BadCampaign(" ".join(wrong.values()), fields=wrong)
    taken = set(
        Campaign.objects.filter(label__startswith=f"{wanted.end.year}-").values_list(
            "label", flat=True
        )
    )
    try:
        with transaction.atomic():
            made = Campaign.objects.create(
                label=label_of(wanted.name, wanted.end, taken),
                name=wanted.name.strip()[:200],
                start=wanted.start,
                end=wanted.end,
                form=wanted.form,
                area=area,
                origin=wanted.origin[:40],
                basis=wanted.basis.strip()[:300],
                opened_at=at,
                opened_by=actor.name,
                client_key=client_key or None,
            )
    except IntegrityError as error:
        raise BadCampaign(
            "Có người vừa mở một đợt báo cáo cùng tên. Xem danh sách rồi mở lại nếu còn cần.",
            fields={},
        ) from error
    _recorded(actor, made, "opened", at)
    return made


@transaction.atomic
def set_closed(*, actor: Actor, label: str, closed: bool, at: datetime) -> Campaign:
    """
    Close a campaign, so that no more figures come in, or open it again.

    What stands so already stays so: a second click changes nothing.

    Raises:
        Missing, NotAllowed: there is none that `actor` sees, or the area is not theirs.
    """
    found = campaigns_for(actor).filter(label=label).first()
    if found is None:
        raise Missing(f"Không có đợt báo cáo “{label}” trong phạm vi của tài khoản.")
    if not Campaign.objects.filter(in_scope(actor, RUN_CAMPAIGN, "area"), pk=found.pk).exists():
        raise NotAllowed(
            f"Đợt “{found.name}” do {found.area.full_name} mở; chỉ nơi mở mới khép hoặc mở lại "
            "được."
        )
    changed = Campaign.objects.filter(pk=found.pk, closed_at__isnull=closed).update(
        closed_at=at if closed else None, closed_by=actor.name if closed else ""
    )
    if changed:
        _recorded(actor, found, "closed" if closed else "reopened", at)
    return found


def _recorded(actor: Actor, one: Campaign, done: str, at: datetime) -> None:
    record(
        actor=actor,
        action=f"indicators.campaign.{done}",
        subject=one,
        at=at,
        area_code=one.area.code,
        detail={"label": one.label, "start": one.start.isoformat(), "end": one.end.isoformat()},
    )
