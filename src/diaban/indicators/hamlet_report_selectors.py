"""What hamlets' heads owe and have reported, for whoever may see it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from diaban.accounts.rules import EDIT_RETURN, REPORT_HAMLET
from diaban.accounts.scopes import area_visible_to, in_scope
from diaban.areas.models import Area, Placement
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Missing, Span
from diaban.core.periods import Period, previous
from diaban.indicators.models import FormVersion, HamletReport, Return
from diaban.indicators.rules.entry import (
    WHY,
    Document,
    Entry,
    cell_name,
    read_entry,
    typed_from,
)
from diaban.indicators.rules.hamlet_reports import ReportState
from diaban.indicators.rules.returns import COUNTED, due_on
from diaban.indicators.selectors import columns_of, form_for, last_closed, read_period
from diaban.indicators.verdicts import checked


@dataclass(frozen=True, slots=True)
class Place:
    """A hamlet with its commune, where somebody reports or looks at a report."""

    hamlet: Area
    commune: Area
    span: Span
    own: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """
    A hamlet's report as it stands, with what belongs beside it.

    `stored` is None before the first save; `commune_return` None before the commune has begun.
    """

    place: Place
    period: Period
    version: FormVersion
    stored: HamletReport | None
    commune_return: Return | None
    before: Document | None

    @property
    def closed(self) -> bool:
        """Whether the commune has sent its return."""
        return self.commune_return is not None and self.commune_return.state in COUNTED

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the report, by cell name, as it would be typed."""
        if self.stored is None:
            return {}
        return typed_report(self.stored, self.place.hamlet.code)


def place_of(actor: Actor, hamlet_code: str) -> Place:
    """
    Return a hamlet for which `actor` reports, or whose commune `actor` enters figures for.

    Raises:
        Missing: there is none, or it is neither.

    Cost: two queries.
    """
    right = REPORT_HAMLET
    try:
        hamlet, span = area_visible_to(actor, hamlet_code, REPORT_HAMLET)
    except Missing:
        right = EDIT_RETURN
        hamlet, span = area_visible_to(actor, hamlet_code, EDIT_RETURN)
    parent = (
        Placement.objects.filter(area=hamlet, version=actor.map_id).select_related("parent").first()
    )
    if hamlet.level != Level.HAMLET or parent is None or parent.parent is None:
        raise Missing("Phiếu này do trưởng thôn lập; hãy mở một thôn, tổ dân phố.")
    return Place(hamlet, parent.parent, span, right == REPORT_HAMLET)


def report_shown(actor: Actor, hamlet_code: str, period_label: str, form: str) -> Shown:
    """
    Return a hamlet's report for a month.

    Raises:
        Missing: `actor` neither reports for the hamlet nor enters for its commune.

    Cost: six queries.
    """
    place, period = place_of(actor, hamlet_code), read_period(period_label)
    if place.hamlet.valid_from > period.end:
        raise Missing(f"{place.hamlet.full_name} chưa có trong kỳ {period.title.lower()}.")
    place.hamlet.as_of(period.end)
    place.commune.as_of(period.end)
    stored = HamletReport.objects.filter(
        hamlet=place.hamlet, period=period.label, form=form
    ).first()
    found = {
        one.period: one
        for one in Return.objects.filter(
            area=place.commune, form=form, period__in=[period.label, previous(period).label]
        )
    }
    before = found.get(previous(period).label)
    return Shown(
        place,
        period,
        form_for(form, period),
        stored,
        found.get(period.label),
        own_row(before.document, place.hamlet.code) if before else None,
    )


def read_report(
    version: FormVersion,
    hamlet_code: str,
    typed: Mapping[str, str],
    before: Document | None,
    *,
    english: bool = False,
) -> Entry:
    """Read a hamlet's row and ask the rules about it; the commune's own part is not looked at."""
    entry = read_entry(
        typed, commune=(), hamlet=columns_of(version.hamlet_codes), hamlets=[hamlet_code]
    )
    return checked(version, entry, before, english=english)


def reports_on(codes: Iterable[str], period: Period, form: str) -> dict[str, HamletReport]:
    """Return the reports of hamlets by code, for whoever may see their commune's return."""
    found = HamletReport.objects.filter(
        hamlet__code__in=list(codes), period=period.label, form=form
    ).select_related("hamlet")
    return {one.hamlet.code: one for one in found}


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A report that a hamlet's head still has to send, or to mend; `state` None: not begun."""

    hamlet: Area
    period: Period
    due: date
    state: ReportState | None
    reason: str = ""


def owed_reports(actor: Actor, today: date, form: str) -> list[OwedReport]:
    """
    Return the reports of the newest closed month that `actor` owes.

    What the commune has sent without it is closed, and owed no more. Cost: four queries, one
    for somebody who reports for no hamlet.
    """
    hamlets = list(
        Area.objects.filter(in_scope(actor, REPORT_HAMLET, ""), level=Level.HAMLET.value).order_by(
            "code"
        )[:20]
    )
    if not hamlets:
        return []
    period = last_closed(today)
    states = {
        one.hamlet_id: one
        for one in HamletReport.objects.filter(hamlet__in=hamlets, period=period.label, form=form)
    }
    closed = set(
        Placement.objects.filter(
            area__in=hamlets,
            version=actor.map_id,
            parent__returns__period=period.label,
            parent__returns__form=form,
            parent__returns__state__in=COUNTED,
        ).values_list("area_id", flat=True)
    )
    due = due_on(period.end, form_for(form, period).due_days)
    return [
        OwedReport(
            hamlet,
            period,
            due,
            ReportState(found.state) if found else None,
            found.reason if found else "",
        )
        for hamlet in hamlets
        for found in [states.get(hamlet.pk)]
        if hamlet.pk not in closed
        and hamlet.valid_from <= period.end
        and not (found and found.state == ReportState.SENT)
    ]


def typed_report(stored: HamletReport, code: str) -> dict[str, str]:
    """Return a report as it would have been typed, by cell name."""
    document: Document = {"values": {}, "hamlets": {code: stored.cells}}
    typed = typed_from(document)
    typed |= {cell_name(code, column): given for column, given in stored.unread.items()}
    return typed | {f"{WHY}{cell_name(code, c)}": text for c, text in stored.why.items()}


def own_row(document: Document, code: str) -> Document:
    """Return the part of a commune's document that is this hamlet's."""
    return {"values": {}, "hamlets": {code: document["hamlets"].get(code, {})}}
