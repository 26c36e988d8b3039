"""
What a body owed when it ended goes to who took its work over.

A body has a successor that a person named (`Agency.successor`), or it stood in an area whose
whole territory went to one other: then the same body there. Where neither is known nothing is
guessed: the share stays where it is until a person chooses among the heirs
(`choose_heirs`). Done work keeps the body that did it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q

from diaban.accounts.rules import PUBLISH_PLAN, SEE_DUTY
from diaban.accounts.scopes import area_visible_to, in_scope
from diaban.agencies.models import Agency, Inheritance
from diaban.agencies.selectors import heirs_for, living
from diaban.areas.journal import Journal
from diaban.areas.models import Area, Succession, on
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.periods import local_day
from diaban.plans.models import Duty, Handover, Plan, Share

# Two reorganisations of one commune within a plan are the most that is known of.
_STEPS: Final = 5


class Heirs:
    """Who took over on a day; each body and area is looked up once."""

    def __init__(self, day: date, journal: Journal | None = None) -> None:
        self.day = day
        self.journal = journal
        self._heirs: dict[int, Agency | None] = {}
        self._areas: dict[int, Area | None] = {}

    def of(self, agency: Agency) -> Agency | None:
        """Return the body that answers for `agency` today; None when it does itself, or nobody."""
        if agency.pk not in self._heirs:
            self._heirs[agency.pk] = self._find(agency)
        return self._heirs[agency.pk]

    def _find(self, agency: Agency) -> Agency | None:
        last = living(agency, self.day)
        if _ended(last.area.valid_to, self.day):
            there = self._area(last.area)
            same = there and Agency.objects.filter(
                on(self.day), area=there, code=last.code
            ).select_related("area", "successor").first()  # fmt: skip
            last = same or last
        return None if last.pk == agency.pk else last

    def _area(self, area: Area) -> Area | None:
        """Return the one area to which the whole of `area` went, None when it was divided."""
        if area.pk not in self._areas:
            found: Area | None = area
            for _step in range(_STEPS):
                if found is None or not _ended(found.valid_to, self.day):
                    break
                whole = list(
                    Succession.objects.filter(old=found, partial=False).select_related("new")[:2]
                )
                found = whole[0].new if len(whole) == 1 else None
            self._areas[area.pk] = found
        return self._areas[area.pk]


def hand_over(duties: Sequence[Duty], heirs: Heirs) -> int:
    """
    Give what is open to the successors of bodies that have ended; returns how many went over.

    The row itself goes over, with its evidence, extensions and reminders. Where the successor
    owes the same already, the old row is frozen beside it. Each is one `Handover`.
    """
    ended = Q(agency__valid_to__lte=heirs.day) | Q(area__valid_to__lte=heirs.day)
    shares = list(
        Share.objects.filter(ended, duty__in=duties, done_on__isnull=True, frozen=False)
        .select_related("agency__area", "agency__successor", "area")
        .order_by("pk")
    )
    if not shares:
        return 0
    taken = set(
        Share.objects.filter(duty__in={share.duty_id for share in shares}).values_list(
            "duty_id", "agency_id", "slot"
        )
    )
    rows = []
    for share in shares:
        old = share.agency
        heir = heirs.of(old)
        if heir is None:
            continue
        key = (share.duty_id, heir.pk, share.slot)
        if key in taken:
            _alter(share, heirs.journal, frozen=True)
        else:
            taken.add(key)
            _alter(share, heirs.journal, agency_id=heir.pk, area_id=heir.area_id)
        rows.append(Handover(share=share, from_agency=old, to_agency=heir, on=_ended_on(old)))
    made = Handover.objects.bulk_create(rows, batch_size=1_000)
    if heirs.journal is not None:
        heirs.journal.made(Handover, [row.pk for row in made])
    return len(made)


def chosen_heirs(duties: Iterable[Duty]) -> dict[tuple[int, int], Agency]:
    """Return who took a body's part of a duty over, by duty and old body. One query."""
    rows = Handover.objects.filter(share__duty__in=duties).select_related("to_agency")
    return {
        (row.share_duty_id, row.from_agency_id): row.to_agency
        for row in rows.annotate(share_duty_id=F("share__duty_id")).order_by("pk")
    }


@transaction.atomic
def choose_heirs(*, actor: Actor, agency_id: int, choices: Mapping[int, int], at: datetime) -> int:
    """
    Give open shares of a body whose work was shared out to the heir a person chose for each.

    `choices` are shares with the body that takes each over; what is done, frozen, or not for
    an heir of the body is left out. Returns how many went over.

    Raises:
        Missing, NotAllowed: `actor` does not see the body, or may not publish plans there.
    """
    agency = Agency.objects.select_related("area").filter(pk=agency_id).first()
    if agency is None:
        raise Missing("Không tìm thấy cơ quan này trong phạm vi của tài khoản.")
    _area, span = area_visible_to(actor, agency.area.code, SEE_DUTY)
    require(actor, PUBLISH_PLAN, span, see=SEE_DUTY)
    day = local_day(at)
    heirs = {
        line.new_id: line
        for line in Inheritance.objects.filter(old=agency, on__lte=day).select_related("new")
    }
    shares = Share.objects.filter(
        in_scope(actor, SEE_DUTY, "area"), pk__in=choices, agency=agency, done_on__isnull=True,
        frozen=False,
    ).order_by("pk")  # fmt: skip
    moved = 0
    for share in shares:
        line = heirs.get(choices[share.pk])
        if line is None:
            continue
        _give(share, line)
        moved += 1
    if moved:
        record(
            actor=actor,
            action="plans.duty.handed_over",
            subject=agency,
            at=at,
            area_code=agency.area.code,
            detail={"count": moved},
        )
    return moved


def deal_out(plan: Plan, day: date) -> tuple[int, int]:
    """
    Give open shares of bodies whose work was shared out to the heir whose field they name.

    Returns how many went over, and how many wait for a person because no field, or more than
    one, stands in their words.
    """
    moved = waiting = 0
    shares = Share.objects.filter(
        duty__plan=plan, agency__valid_to__lte=day, agency__successor=None,
        agency__passed_to__on__lte=day, done_on__isnull=True, frozen=False,
    )  # fmt: skip
    for share in shares.select_related("agency", "duty").distinct().order_by("pk"):
        fitting = heirs_for(share.agency, share.duty.what, day)
        if len(fitting) != 1:
            waiting += 1
            continue
        line = Inheritance.objects.select_related("new").get(old=share.agency, new=fitting[0])
        _give(share, line)
        moved += 1
    return moved, waiting


def bodies_to_choose(plan: Plan, day: date) -> list[tuple[Agency, int]]:
    """
    Return the bodies of a plan that have ended and whose open work waits for a chosen heir.

    Each with how much waits, by name. One query.
    """
    waiting = Q(
        shares__duty__plan=plan, shares__done_on__isnull=True, shares__frozen=False
    )  # fmt: skip
    found = (
        Agency.objects.filter(
            waiting,
            valid_to__lte=day,
            successor=None,
            pk__in=Inheritance.objects.filter(on__lte=day).values("old"),
        )
        .annotate(n=Count("shares", filter=waiting, distinct=True))
        .order_by("name")
    )
    return [(agency, agency.n) for agency in found]


def _give(share: Share, line: Inheritance) -> None:
    """Give a share to an heir; where the heir owes the same, freeze the old one beside it."""
    same = Share.objects.filter(duty=share.duty_id, agency=line.new_id, slot=share.slot)
    if same.exists():
        _alter(share, None, frozen=True)
    else:
        _alter(share, None, agency_id=line.new_id, area_id=line.new.area_id)
    Handover.objects.create(share=share, from_agency_id=line.old_id, to_agency=line.new, on=line.on)


def handovers_of(share: Share) -> Iterable[Handover]:
    """Return how a share came to its body, the oldest step first."""
    return share.handovers.select_related("from_agency", "to_agency").order_by("on", "pk")


def _alter(share: Share, journal: Journal | None, **values: object) -> None:
    if journal is not None:
        journal.alter(share, **values)
        return
    Share.objects.filter(pk=share.pk).update(**values, revision=share.revision + 1)


def _ended(valid_to: date | None, day: date) -> bool:
    return valid_to is not None and valid_to <= day


def _ended_on(agency: Agency) -> date:
    ends = [day for day in (agency.valid_to, agency.area.valid_to) if day is not None]
    return min(ends)
