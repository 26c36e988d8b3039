"""Figures of communes on the map of then or of now: what two years are compared by."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from diaban.areas.models import Area, Succession
from diaban.areas.rules.shares import Crossing, Destination, destinations
from diaban.areas.selectors import in_parts
from diaban.core.numbers import Absence, Value
from diaban.core.periods import Period
from diaban.indicators.figures import closed_months
from diaban.indicators.models import FormVersion, PackedReturn
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.rollup import Layout, Packed, commune_values, values_by_code
from diaban.indicators.rules.views import Figure, View, on_map, over_time
from diaban.indicators.totals import layout_of


@dataclass(frozen=True, slots=True)
class Compared:
    """
    Figures by area key and indicator, and the view they are in.

    On today's map a unit that was divided without weights stands among them with figures of
    its own, marked `undivided`.
    """

    view: View
    figures: Mapping[int, Mapping[str, Figure]]


def figures_on_map(
    areas: Iterable[Area],
    period: Period,
    view: View,
    *,
    today: date,
    forms: Iterable[FormVersion] | None = None,
) -> Compared:
    """
    Return the figures of units in a period, as reported then or on the map of `today`.

    `areas` are the units of the view: those of then, or those of today; for the latter the
    units that came into them are found by the crosswalk. A unit that sent nothing which counts
    in a month is missing in it. `forms` are all form versions where the caller has them.

    Cost: two queries and one for each reorganisation that is crossed, in parts of 5,000 areas.
    """
    wanted = [area.pk for area in areas]
    months = closed_months(period, today)
    going: dict[int, tuple[Destination, ...]] = {}
    sources = set(wanted)
    if view is View.TODAY:
        came = crossings_into(wanted, today)
        sources |= set(came)
        going = {area: destinations(area, came) for area in sources}
    spans = {
        key: (start, end)
        for part in in_parts(sources)
        for key, start, end in Area.objects.filter(pk__in=part).values_list(
            "pk", "valid_from", "valid_to"
        )
    }
    reported = _reported(sources, months, forms)
    catalogue = builtin_catalogue()
    codes = dict.fromkeys(code for values in reported.values() for code in values)
    found: dict[int, dict[str, Figure]] = defaultdict(dict)
    for code in codes:
        monthly = []
        for month in months:
            values = {
                key: reported.get((key, month.label), {}).get(code, Absence.MISSING)
                for key, (start, end) in spans.items()
                # A return belongs to the map of its period's last day.
                if start <= month.end and (end is None or month.end < end)
            }
            monthly.append(on_map(catalogue[code], values, going))
        for area, figure in over_time(catalogue[code], monthly).items():
            if area in wanted or figure.undivided:
                found[area][code] = figure
    return Compared(view, found)


def _reported(
    areas: set[int], months: Iterable[Period], forms: Iterable[FormVersion] | None
) -> dict[tuple[int, str], dict[str, Value]]:
    known = FormVersion.objects.all() if forms is None else forms
    layouts: dict[int, Layout] = {form.pk: layout_of(form) for form in known}
    labels = [month.label for month in months]
    found: dict[tuple[int, str], dict[str, Value]] = {}
    for part in in_parts(areas):
        rows = PackedReturn.objects.filter(area__in=part, period__in=labels).values_list(
            "area_id", "period", "version_id", "hamlets", "commune_values", "hamlet_values"
        )
        for area, label, form, hamlets, commune, hamlet in rows.iterator(chunk_size=2000):
            packed = Packed(hamlets, bytes(commune), bytes(hamlet))
            layout = layouts[form]
            values = values_by_code(layout, commune_values(layout, packed))
            found.setdefault((area, label), {}).update(values)
    return found


def crossings_into(areas: Iterable[int], today: date) -> dict[int, list[Crossing]]:
    """
    Return the crossings up to `today` of all units whose territory came to `areas`.

    Every line of such a unit is there, also those that lead elsewhere: a share is of the whole.

    Cost: two queries for each reorganisation that is crossed, in parts of 5,000 areas.
    """
    olds: set[int] = set()
    fresh = set(areas)
    # Each round is one reorganisation further back, and time has a beginning.
    while fresh:
        more: set[int] = set()
        for part in in_parts(fresh):
            lines = Succession.objects.filter(new__in=part, on__lte=today)
            more |= set(lines.values_list("old_id", flat=True))
        fresh = more - olds
        olds |= fresh
    came: dict[int, list[Crossing]] = defaultdict(list)
    seen: set[int] = set()
    fresh = olds
    while fresh:
        seen |= fresh
        more = set()
        for part in in_parts(fresh):
            for old, new, on, weight, ended in Succession.objects.filter(
                old__in=part, on__lte=today
            ).values_list("old_id", "new_id", "on", "weight", "new__valid_to"):
                share = None if weight is None else Fraction(weight)
                came[old].append(Crossing(old, new, on, share))
                # Only a unit that has ended goes on to others.
                if ended is not None:
                    more.add(new)
        fresh = more - seen
    return came
