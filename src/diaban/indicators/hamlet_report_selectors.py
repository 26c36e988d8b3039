"""What hamlets' heads owe and have reported, for whoever may see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from diaban.accounts.rules import EDIT_RETURN, REPORT_HAMLET
from diaban.accounts.scopes import area_meant_on, in_scope
from diaban.areas.models import Area, BoundaryVersion, Placement
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Missing, Span
from diaban.core.periods import Period, previous
from diaban.core.text import lower_first
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
from diaban.indicators.rules.period_forms import asked_form, hamlet_kinds
from diaban.indicators.rules.returns import COUNTED, due_on
from diaban.indicators.selectors import closed_periods, columns_of, form_for, read_period
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


def place_of(actor: Actor, hamlet_code: str, day: date) -> Place:
    """
    Return a hamlet for which `actor` reports, or whose commune `actor` enters figures for.

    The commune is that of `day`, the last day of a period: where it has ended since, the row
    still belongs into its return, which its heirs send.

    Raises:
        Missing: there is none, or it is neither.

    Cost: two queries, more where the map has changed since.
    """
    right = REPORT_HAMLET
    try:
        hamlet, span = area_meant_on(actor, hamlet_code, day, REPORT_HAMLET)
    except Missing:
        right = EDIT_RETURN
        hamlet, span = area_meant_on(actor, hamlet_code, day, EDIT_RETURN)
    parent = _place_on(_places([hamlet]), hamlet, day)
    if hamlet.level != Level.HAMLET or parent is None or parent.parent is None:
        raise Missing("Phiếu này do trưởng thôn lập; hãy mở một thôn, tổ dân phố.")
    return Place(hamlet, parent.parent, span, right == REPORT_HAMLET)


def _places(hamlets: Sequence[Area]) -> list[Placement]:
    """Return where hamlets stand on every published map, the oldest first. One query."""
    return list(
        Placement.objects.filter(
            area__in=hamlets,
            version__tree=BoundaryVersion.ADMINISTRATIVE,
            version__published_at__isnull=False,
        )
        .select_related("parent", "version")
        .order_by("version__valid_from")
    )


def _place_on(places: Iterable[Placement], hamlet: Area, day: date) -> Placement | None:
    """Return where a hamlet stood on `day`; where it did not yet, where it first did."""
    own = [one for one in places if one.area_id == hamlet.pk]
    held = (one for one in own if Days(one.version.valid_from, one.version.valid_to).hold(day))
    return next(held, own[0] if own else None)


def read_hamlet_period(label: str) -> tuple[Period, str]:
    """
    Return the period of an address in which hamlets report, and the code of its form.

    Raises:
        Missing: the label names none, or the form of that period asks the commune only.
    """
    period = read_period(label)
    if period.kind not in hamlet_kinds():
        raise Missing(
            f"Biểu {lower_first(period.title)} chỉ hỏi xã, không hỏi từng thôn. Hãy mở một tháng "
            "hoặc một quý."
        )
    return period, asked_form(period)


def report_shown(actor: Actor, hamlet_code: str, period_label: str) -> Shown:
    """
    Return a hamlet's report for a period.

    Raises:
        Missing: `actor` neither reports for the hamlet nor enters for its commune, or hamlets
            do not report then.

    Cost: eight queries.
    """
    period, form = read_hamlet_period(period_label)
    place = place_of(actor, hamlet_code, period.end)
    if place.hamlet.valid_from > period.end:
        raise Missing(f"{place.hamlet.full_name} chưa có trong kỳ {lower_first(period.title)}.")
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


def owed_reports(actor: Actor, today: date, versions: Iterable[FormVersion]) -> list[OwedReport]:
    """
    Return the reports that `actor` owes, oldest first: of the newest month and quarter that are
    over.

    What the commune has sent without it is closed, and owed no more; where the commune has ended
    since, its own return of then says so. Cost: four queries; one for somebody who reports for no
    hamlet.
    """
    hamlets = list(
        Area.objects.filter(in_scope(actor, REPORT_HAMLET, ""), level=Level.HAMLET.value).order_by(
            "code"
        )[:20]
    )
    periods = {
        period: version
        for period, version in closed_periods(today, versions, months=1).items()
        if version.hamlet_codes
    }
    if not hamlets or not periods:
        return []
    labels = [period.label for period in periods]
    reports = {
        (one.hamlet_id, one.period): one
        for one in HamletReport.objects.filter(hamlet__in=hamlets, period__in=labels)
    }
    places = _places(hamlets)
    communes = {
        (hamlet.pk, period): place.parent_id
        for hamlet in hamlets
        for period in periods
        if (place := _place_on(places, hamlet, period.end)) is not None
    }
    sent = set(
        Return.objects.filter(
            area__in=set(communes.values()), period__in=labels, state__in=COUNTED
        ).values_list("area_id", "period")
    )
    return [
        OwedReport(
            hamlet,
            period,
            due_on(period.end, version.due_days),
            ReportState(found.state) if found else None,
            found.reason if found else "",
        )
        for period, version in periods.items()
        for hamlet in hamlets
        for found in [reports.get((hamlet.pk, period.label))]
        if (communes.get((hamlet.pk, period)), period.label) not in sent
        and Days(hamlet.valid_from, hamlet.valid_to).hold(period.end)
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
