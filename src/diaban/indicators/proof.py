"""
The same total three ways, and where each comes from: what a page of proof shows.

Kept while saving; added up anew from the packed rows; added number by number from the returns as
they were signed, in plain Python, which shares no arithmetic with the other two.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.core.access import Actor, Span
from diaban.core.numbers import Absence, Number
from diaban.core.periods import Period
from diaban.indicators.models import KeptTotal, PackedReturn, Return
from diaban.indicators.rules.entry import decode
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.rules.rollup import commune_totals, nothing, unpacked_sum
from diaban.indicators.selectors import MONTHLY, form_for, read_period
from diaban.indicators.totals import layout_of, packed_of, totals_of


@dataclass(frozen=True, slots=True)
class Proved:
    """One column three ways; None where nobody gave a value."""

    code: str
    kept: Number | None
    anew: Number | None
    plain: Number | None

    @property
    def equal(self) -> bool:
        """Whether all three agree to the last unit."""
        return self.kept == self.anew == self.plain


@dataclass(frozen=True, slots=True)
class Share:
    """What one commune puts into a total; `complete` when every hamlet of it gave a value."""

    area: Area
    value: Number | None
    complete: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The proof of one area and month; `returns` communes stand behind it."""

    area: Area
    span: Span
    period: Period
    returns: int
    rows: tuple[Proved, ...]

    @property
    def equal(self) -> bool:
        """Whether every column agrees."""
        return all(row.equal for row in self.rows)


def proof_of(actor: Actor, area_code: str, period_label: str) -> Proof:
    """
    Return the totals of an area for a month, three ways.

    Raises:
        Missing: `actor` may not see returns there.

    Cost: five queries; the plain way reads every return below the area.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    period = read_period(period_label)
    version = form_for(MONTHLY, period)
    layout = layout_of(version)
    kept_row = KeptTotal.objects.filter(area=area, period=period.label, version=version).first()
    kept = totals_of(kept_row) if kept_row else nothing(layout)
    anew = nothing(layout)
    for row in _below(actor, span, period).select_related(None).iterator(chunk_size=500):
        anew = anew + commune_totals(layout, packed_of(row))
    plain = _plain(actor, span, period)
    rows = tuple(
        Proved(
            indicator.code,
            unpacked_sum(indicator, int(kept.sums[at])) if kept.units[at] else None,
            unpacked_sum(indicator, int(anew.sums[at])) if anew.units[at] else None,
            plain.get(indicator.code),
        )
        for at, indicator in enumerate(layout.indicators)
    )
    return Proof(area, span, period, anew.returns, rows)


def shares_of(actor: Actor, span: Span, period: Period, code: str) -> list[Share]:
    """
    Return what each commune in `span` puts into the total of one column, by name.

    Communes whose return does not count are absent. Cost: two queries.
    """
    layout = layout_of(form_for(MONTHLY, period))
    at = layout.codes.index(code)
    indicator = layout.indicators[at]
    found = []
    for row in _below(actor, span, period).order_by("area__sort_key"):
        own = commune_totals(layout, packed_of(row))
        value = unpacked_sum(indicator, int(own.sums[at])) if own.units[at] else None
        found.append(Share(row.area, value, bool(own.reporting[at])))
    return found


def _below(actor: Actor, span: Span, period: Period) -> QuerySet[PackedReturn]:
    return PackedReturn.objects.filter(
        area__placements__version=actor.map_id,
        area__placements__left__gte=span.left,
        area__placements__left__lte=span.right,
        period=period.label,
    ).select_related("area")


def _plain(actor: Actor, span: Span, period: Period) -> dict[str, Number]:
    """Add up every number of every signed return, one at a time."""
    found: dict[str, Number] = defaultdict(int)
    documents = Return.objects.filter(
        area__placements__version=actor.map_id,
        area__placements__left__gte=span.left,
        area__placements__left__lte=span.right,
        period=period.label,
        form=MONTHLY,
        state__in=COUNTED,
    ).values_list("document", flat=True)
    for document in documents.iterator(chunk_size=500):
        for cells in (document["values"], *document["hamlets"].values()):
            for code, cell in cells.items():
                value = decode(cell)
                if not isinstance(value, Absence):
                    found[code] += int(value) if isinstance(value, bool) else value
    return {
        code: value.normalize() if isinstance(value, Decimal) else value
        for code, value in found.items()
    }
