"""One figure of many units in a month: what a map colours."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from diaban.areas.models import Area
from diaban.areas.selectors import in_parts
from diaban.core.numbers import Absence, Number
from diaban.core.periods import Period
from diaban.indicators.comparing import figures_on_map
from diaban.indicators.models import FormVersion, KeptTotal, Return
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.rules.rollup import unpacked_sum
from diaban.indicators.rules.small_counts import PEOPLE, SMALLEST_SHOWN
from diaban.indicators.rules.views import View
from diaban.indicators.totals import layout_of, totals_of


@dataclass(frozen=True, slots=True)
class Mapped:
    """
    A unit's figure: a count, or a share of 1 when a whole was asked for; None: no data.

    `few`: one to four people stand behind it, so it is told to the unit itself only.
    `estimated`: a weight of a divided unit was used.
    """

    value: Number | Fraction | None
    reporting: int = 0
    few: bool = False
    estimated: bool = False


def kept_figures(
    keys: Collection[int], period: Period, form: FormVersion, code: str, whole: str = ""
) -> dict[int, Mapped]:
    """
    Return the kept figure of each unit in a month, and its share of `whole` when one is named.

    Units without a return below them are absent. Who may see the units was asked before.

    Cost: one query for each 5,000 units.
    """
    layout = layout_of(form)
    columns = {one.code: (at, one) for at, one in enumerate(layout.indicators)}
    found = {}
    for part in in_parts(keys):
        rows = KeptTotal.objects.filter(period=period.label, version=form, area__in=part)
        for row in rows:
            totals = totals_of(row)
            numbers = {}
            for wanted in filter(None, (code, whole)):
                at, indicator = columns[wanted]
                given = bool(totals.units[at])
                numbers[wanted] = unpacked_sum(indicator, int(totals.sums[at])) if given else None
            found[row.area_id] = _mapped(numbers.get(code), numbers.get(whole), code, whole,
                                         totals.returns)  # fmt: skip
    return found


def figures_today(
    areas: Mapping[int, Sequence[Area]],
    period: Period,
    today: date,
    forms: Sequence[FormVersion],
    code: str,
    whole: str = "",
) -> dict[int, Mapped]:
    """
    Return the same on today's map: for each unit the sum over its communes of today.

    `areas`: the communes of today by the key of the unit they are added up to. A commune
    without a figure is left out of the sum, as in the kept totals. `forms` are all versions.

    Cost: that of `comparing.figures_on_map`.
    """
    communes = [commune for group in areas.values() for commune in group]
    figures = figures_on_map(communes, period, View.TODAY, today=today, forms=forms).figures
    found = {}
    for key, group in areas.items():
        sums: dict[str, Number | None] = {}
        estimated = False
        reporting = 0
        for wanted in filter(None, (code, whole)):
            known = [figures[one.pk][wanted] for one in group if wanted in figures.get(one.pk, {})]
            numbers: list[Number] = [
                one.value for one in known if not isinstance(one.value, Absence)
            ]
            sums[wanted] = sum(numbers, 0) if numbers else None
            estimated = estimated or any(one.estimated for one in known)
            reporting = max(reporting, len(numbers))
        if sums.get(code) is not None:
            mapped = _mapped(sums.get(code), sums.get(whole), code, whole, reporting)
            found[key] = Mapped(mapped.value, reporting, mapped.few, estimated)
    return found


def states_of(keys: Collection[int], period: Period) -> dict[int, State]:
    """Return how the monthly return of each commune stands; without one it is absent."""
    found: dict[int, State] = {}
    for part in in_parts(keys):
        rows = Return.objects.filter(area__in=part, period=period.label, form=MONTHLY)
        found |= {area: State(state) for area, state in rows.values_list("area_id", "state")}
    return found


def counts(state: State | None) -> bool:
    """Return whether a return in that state is counted."""
    return state in COUNTED


def _mapped(
    part: Number | None, whole: Number | None, code: str, whole_code: str, reporting: int
) -> Mapped:
    people = builtin_catalogue()[code].unit == PEOPLE
    if not whole_code:
        return Mapped(part, reporting, people and _few(part))
    if part is None or not whole:
        return Mapped(None, reporting)
    # A share gives away the few inside and the few outside.
    few = people and (_few(part) or _few(whole) or _few(whole - part))
    return Mapped(Fraction(part) / Fraction(whole), reporting, few)


def _few(value: Number | None) -> bool:
    return value is not None and 0 < value < SMALLEST_SHOWN
