"""
The totals of an area in either view: as reported then, and on today's map.

As reported: the area that had the code on the last day of the period, with the totals kept for
it. On today's map: the area of today, with the returns of all units that its territory had then;
what came whole is exact, what was shared by a weight is an estimate, and what nobody can share
out is left aside and named.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from django.db.models import Q

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_of_then_visible_to, area_visible_to
from diaban.areas.models import Area, BoundaryVersion, Placement
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.areas.rules.shares import Coming, Crossing, coming_to, destinations, split_count
from diaban.areas.selectors import NameOnDay, in_parts, names_on, version_on
from diaban.core.access import Actor, Missing, Span
from diaban.core.periods import Period, PeriodKind, is_administrative, months_of, period_of
from diaban.core.text import lower_first
from diaban.indicators.comparing import crossings_into
from diaban.indicators.figures import closed_months
from diaban.indicators.longer import Part, totals_of_parts
from diaban.indicators.models import FormVersion, KeptTotal, PackedReturn
from diaban.indicators.rules.campaigns import CampaignPeriod, narrower
from diaban.indicators.rules.catalogue import AcrossAreas, builtin_catalogue
from diaban.indicators.rules.period_forms import (
    MONTHLY,
    asked_form,
    form_by_kind,
    kind_by_code,
    longer_kinds,
    windows_within,
)
from diaban.indicators.rules.rollup import (
    Layout,
    Packed,
    Totals,
    commune_totals,
    nothing,
    unpacked_sum,
)
from diaban.indicators.rules.small_counts import hidden
from diaban.indicators.rules.splits import withheld_parts
from diaban.indicators.rules.views import View
from diaban.indicators.seen import sees_exact
from diaban.indicators.selectors import Sum, form_among, form_for, read_period, read_window
from diaban.indicators.totals import layout_of, totals_of


@dataclass(frozen=True, slots=True)
class Source:
    """
    A unit of then whose figures stand in a total on today's map: one line of the bridge table.

    `coming`: whole, shared by a weight, or apart. `share` is that weight from 0 to 1, None
    where there is none. `reported`: its return for the period counts.
    """

    code: str
    name: str
    coming: Coming
    share: float | None
    reported: bool


@dataclass(frozen=True, slots=True)
class Viewed:
    """
    What an area adds up to in a period, in one view.

    `name`: the area's on the day of the map. `reporting` of the `expected` communes of then
    have a return that counts; for more than a month, in every month that is over. `through`:
    the last month that is in it, None when none is over. `estimated`: codes whose sum holds a
    share by weight. `bridge`: the units of then that are not units of the map shown; empty as
    reported. `withheld`: parts of a split whose sums are too small to leave the commune; their
    sums are not in `values`.
    """

    area: Area
    name: str
    period: Period
    view: View
    map_day: date
    reporting: int
    expected: int
    values: Mapping[str, Sum]
    estimated: frozenset[str]
    bridge: tuple[Source, ...]
    through: Period | None
    withheld: frozenset[str] = frozenset()

    @property
    def apart(self) -> tuple[Source, ...]:
        """The units whose figures nobody can share out, so that they are not in the sums."""
        return tuple(one for one in self.bridge if one.coming is Coming.APART)


def totals_in_view(
    actor: Actor, area_code: str, period_label: str, view: View, *, today: date
) -> Viewed:
    """
    Return the totals of an area for a period in a view; every column of the form.

    Quarters, half-years and years are shown as reported, as far as they have come (`longer`):
    what the months add up to, and what their own forms ask.

    Raises:
        Missing: `actor` may not see returns there, or there was no form then, or a period of
            several months is asked for on today's map.

    Cost: as reported at most twelve queries; on today's map at most fourteen, two more for each
    further reorganisation crossed, and one for each 5,000 communes of then.
    """
    if not is_administrative(period_label):
        return _of_campaign(actor, area_code, period_label, view)
    period = read_period(period_label)
    if period.kind is not PeriodKind.MONTH:
        if view is View.TODAY:
            raise Missing(
                f"Theo địa giới hiện nay chỉ xem được từng tháng. Chọn một tháng của "
                f"{lower_first(period.title)}, hoặc xem như đã báo cáo.",
            )
        return _over_months(actor, area_code, period, today)
    form = form_for(MONTHLY, period)
    if view is View.AS_REPORTED:
        old = area_of_then_visible_to(actor, area_code, period.end, SEE_RETURN)
        found = _as_reported(old, period, form, _name_of(old, period.end))
        return _for(actor, _span_today(actor, old), found)
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    return _for(
        actor, span, _on_todays_map(actor, area, span, period, form, today, _name_of(area, today))
    )


def both_views(
    actor: Actor, area_code: str, period_label: str, *, today: date
) -> tuple[Viewed, Viewed | None, Span]:
    """
    Return an area of today in the view of today's map and as reported, and its interval.

    As reported is None where no area had the code then, or `actor` may not see it.

    Raises:
        Missing: `actor` may not see returns there, or the period is no month.

    Cost: eight queries where the area is the same then and now and nothing was reorganised.
    """
    period = read_period(period_label)
    if period.kind is not PeriodKind.MONTH:
        raise Missing("Hai góc nhìn chỉ xem được từng tháng. Hãy chọn một tháng.")
    form = form_for(MONTHLY, period)
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    names = names_on([(area.pk, today), (area.pk, period.end)])
    now = _on_todays_map(actor, area, span, period, form, today, names[area.pk, today].full)
    now = _for(actor, span, now)
    if Days(area.valid_from, area.valid_to).hold(period.end):
        then = _as_reported(area, period, form, names[area.pk, period.end].full)
        return now, _for(actor, span, then), span
    try:
        old = area_of_then_visible_to(actor, area_code, period.end, SEE_RETURN)
    except Missing:
        return now, None, span
    then = _as_reported(old, period, form, _name_of(old, period.end))
    return now, _for(actor, _span_today(actor, old), then), span


def of_form(found: Viewed, form: str) -> Viewed:
    """Return the columns of one form only."""
    kind = next((kind for kind, code in form_by_kind().items() if code == form), None)
    if kind is None:
        return found
    kept = {code: one for code, one in found.values.items() if kind_by_code().get(code) is kind}
    return replace(found, values=kept)


def _of_campaign(actor: Actor, code: str, label: str, view: View) -> Viewed:
    """Return what a campaign adds up to; the communes that it was not asked of are not expected."""
    area, span = area_visible_to(actor, code, SEE_RETURN)
    period = read_window(label, span)
    if view is View.TODAY:
        raise Missing(
            "Đợt báo cáo chỉ xem như đã báo cáo. Theo địa giới hiện nay hãy chọn một tháng."
        )
    form = form_for(asked_form(period), period)
    asked = period.area_id if isinstance(period, CampaignPeriod) else area.pk
    whole = narrower(span, period) != span
    found = _as_reported(area, period, form, area.full_name, asked if whole else area.pk)
    if area.level == Level.COMMUNE and sees_exact(actor, area, span):
        return found
    kept_back = withheld_parts(
        {code: one.total for code, one in found.values.items()}, builtin_catalogue()
    )
    return _without(_for(actor, span, found), frozenset(kept_back))


def _for(actor: Actor, span: Span, found: Viewed) -> Viewed:
    """Keep a commune's small counts of people back from whoever is too far above it."""
    if found.area.level != Level.COMMUNE or sees_exact(actor, found.area, span):
        return found
    catalogue = builtin_catalogue()
    return _without(
        found,
        frozenset(
            code for code, one in found.values.items() if hidden(one.total, catalogue[code].unit)
        ),
    )


def _span_today(actor: Actor, area: Area) -> Span:
    """Return where an area stands on today's map; an interval that nothing holds if it is gone."""
    if area.level != Level.COMMUNE:
        return Span(0, 0)
    ends = Placement.objects.filter(version=actor.map_id, area=area).values_list("left", "right")
    return next((Span(left, right) for left, right in ends), Span(0, 0))


def _without(found: Viewed, kept_back: frozenset[str]) -> Viewed:
    return replace(
        found,
        withheld=found.withheld | kept_back,
        values={
            code: Sum(None, one.reporting) if code in kept_back else one
            for code, one in found.values.items()
        },
    )


def _as_reported(
    area: Area, period: Period, form: FormVersion, name: str, asked: int | None = None
) -> Viewed:
    row = KeptTotal.objects.filter(area=area, period=period.label, version=form).first()
    layout = layout_of(form)
    totals = totals_of(row) if row else nothing(layout)
    return Viewed(
        area,
        name,
        period,
        View.AS_REPORTED,
        period.end,
        totals.returns,
        _communes_then(asked or area.pk, period.end),
        _sums(layout, totals),
        frozenset(),
        (),
        period,
    )


def _over_months(actor: Actor, code: str, period: Period, today: date) -> Viewed:
    months = closed_months(period, today)
    day = (months or months_of(period))[-1].end
    area = area_of_then_visible_to(actor, code, day, SEE_RETURN)
    versions = list(FormVersion.objects.all())
    monthly = layout_of(form_among(versions, MONTHLY, (months or months_of(period))[-1]))
    parts = [Part(months, MONTHLY, monthly.indicators)]
    parts += [
        part
        for kind in longer_kinds()
        if (part := _part_of(period, kind, today, versions)) is not None
    ]
    over = totals_of_parts(area, version_on(day), parts, versions)
    values = {code: Sum(over.sums[code], over.reporting[code]) for code in over.sums}
    found = Viewed(
        area,
        _name_of(area, day),
        period,
        View.AS_REPORTED,
        day,
        over.returns,
        over.expected,
        values,
        frozenset(),
        (),
        months[-1] if months else None,
    )
    return _for(actor, _span_today(actor, area), found)


def _part_of(
    period: Period, kind: PeriodKind, today: date, versions: Sequence[FormVersion]
) -> Part | None:
    """
    Return what is asked every quarter, half-year or year of a period; None where nothing is.

    A column is there as soon as the period asks for it, without a figure while no window is over.
    """
    asked = period_of(period.end, kind)
    if asked.start < period.start or asked.end > period.end:
        return None
    try:
        layout = layout_of(form_among(versions, asked_form(asked), asked))
    except Missing:
        return None
    return Part(windows_within(period, kind, today), asked_form(asked), layout.indicators)


def _communes_then(area: int, day: date) -> int:
    """Return how many communes were in an area on `day`; one query."""
    places = Placement.objects.filter(
        Q(version__valid_to=None) | Q(version__valid_to__gt=day),
        version__tree=BoundaryVersion.ADMINISTRATIVE,
        version__published_at__isnull=False,
        version__valid_from__lte=day,
    )
    own = places.filter(area=area)
    return places.filter(
        area__level=Level.COMMUNE,
        left__gte=own.values("left")[:1],
        left__lte=own.values("right")[:1],
    ).count()


def _on_todays_map(
    actor: Actor,
    area: Area,
    span: Span,
    period: Period,
    form: FormVersion,
    today: date,
    name: str,
) -> Viewed:
    inside = _communes_in(actor, span)
    came = crossings_into(inside, today)
    # Units of then that are gone come by the crosswalk; those that go on come as they are.
    units = _living(inside | set(came), period.end)
    coming = {key: how for key in units if (how := coming_to(key, inside, came)) is not None}
    packed = _packed(coming, period, form)
    layout = layout_of(form)
    totals, estimated = nothing(layout), set[str]()
    for key, row in packed.items():
        own = commune_totals(layout, row)
        if coming[key] is Coming.WHOLE:
            totals = totals + own
        elif coming[key] is Coming.SHARED:
            totals = totals + _share_of(layout, own, key, inside, came)
            estimated |= {c for c, given in zip(layout.codes, own.units, strict=True) if given}
    return Viewed(
        area,
        name,
        period,
        View.TODAY,
        today,
        sum(1 for key in packed if coming[key] is not Coming.APART),
        sum(1 for how in coming.values() if how is not Coming.APART),
        _sums(layout, totals),
        frozenset(estimated),
        _bridge(units, coming, inside, came, packed, period),
        period,
    )


def _communes_in(actor: Actor, span: Span) -> set[int]:
    return set(
        Placement.objects.filter(
            version=actor.map_id,
            left__gte=span.left,
            left__lte=span.right,
            area__level=Level.COMMUNE,
        ).values_list("area_id", flat=True)
    )


def _living(keys: Collection[int], day: date) -> dict[int, str]:
    """Return the codes of the units that exist on `day`, by key."""
    return {
        key: code
        for part in in_parts(keys)
        for key, code in Area.objects.on(day).filter(pk__in=part).values_list("pk", "code")
    }


def _packed(keys: Collection[int], period: Period, form: FormVersion) -> dict[int, Packed]:
    found = {}
    for part in in_parts(keys):
        rows = PackedReturn.objects.filter(area__in=part, period=period.label, version=form)
        for key, hamlets, commune, hamlet in rows.values_list(
            "area_id", "hamlets", "commune_values", "hamlet_values"
        ):
            found[key] = Packed(hamlets, bytes(commune), bytes(hamlet))
    return found


def _share_of(
    layout: Layout,
    own: Totals,
    key: int,
    inside: Collection[int],
    came: Mapping[int, Sequence[Crossing]],
) -> Totals:
    """
    Return the part of a divided unit's sums that came to `inside`.

    Whole units of each count are shared out (`split_count`), so the parts of all receivers add
    up to the whole. A yes cannot be divided. The unit reports for each area that has a part.
    """
    going = destinations(key, came)
    here = [number for number, one in enumerate(going) if one.area in inside]
    sums = np.zeros_like(own.sums)
    kept = np.ones_like(own.units)
    for column, indicator in enumerate(layout.indicators):
        if indicator.across_areas is AcrossAreas.ANY:
            kept[column] = 0
            continue
        parts = split_count(int(own.sums[column]), [one.share for one in going])
        sums[column] = sum(parts[number] for number in here)
    return Totals(sums, own.reporting * kept, own.units * kept, own.returns)


def _sums(layout: Layout, totals: Totals) -> dict[str, Sum]:
    columns = zip(layout.indicators, totals.sums, totals.reporting, totals.units, strict=True)
    return {
        indicator.code: Sum(unpacked_sum(indicator, int(total)) if units else None, int(reporting))
        for indicator, total, reporting, units in columns
    }


def _bridge(
    units: Mapping[int, str],
    coming: Mapping[int, Coming],
    inside: Collection[int],
    came: Mapping[int, Sequence[Crossing]],
    packed: Mapping[int, Packed],
    period: Period,
) -> tuple[Source, ...]:
    gone = [key for key in coming if key not in inside]
    if not gone:
        return ()
    names: Mapping[tuple[int, date], NameOnDay] = names_on((key, period.end) for key in gone)
    return tuple(
        Source(
            units[key],
            names[key, period.end].full,
            coming[key],
            _weight(key, inside, came) if coming[key] is Coming.SHARED else None,
            key in packed,
        )
        for key in sorted(gone, key=lambda key: units[key])
    )


def _weight(key: int, inside: Collection[int], came: Mapping[int, Sequence[Crossing]]) -> float:
    return float(sum(one.share for one in destinations(key, came) if one.area in inside))


def _name_of(area: Area, day: date) -> str:
    return names_on([(area.pk, day)])[area.pk, day].full
