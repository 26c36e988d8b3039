"""
The same total three ways, and where each comes from: what a page of proof shows.

Kept while saving; added up anew from the packed rows; added number by number from the returns as
they were signed, in plain Python, which shares no arithmetic with the other two.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Span
from diaban.core.numbers import Absence, Number
from diaban.core.periods import Period
from diaban.indicators.models import FormVersion, KeptTotal, PackedReturn, Return, Revision
from diaban.indicators.rules.entry import Cell, Document, decode
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.rules.revisions import last_change_of
from diaban.indicators.rules.rollup import commune_totals, nothing, unpacked_sum
from diaban.indicators.seen import sees_drafts
from diaban.indicators.selectors import form_for, read_window
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
    """
    What one area directly below puts into a total.

    `complete`: every unit below it gave a value. `revision`, `by` and `at` say which return, of
    whom and when; they are empty where several returns stand behind the value. `row` is the
    hamlet's row of the return, empty where the area sends a return of its own.
    """

    area: Area
    value: Number | None
    complete: bool
    revision: int = 0
    by: str = ""
    at: datetime | None = None
    row: str = ""


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
    period = read_window(period_label, span)
    area.as_of(period.end)
    version = form_for(asked_form(period), period)
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


def shares_of(actor: Actor, area: Area, span: Span, period: Period, code: str) -> list[Share]:
    """
    Return what each area directly below puts into the total of one column, by name.

    The nation opens to its provinces, a province to its communes, a commune to the cells of its
    hamlets (or to its own cell). Areas whose return does not count are absent.

    Cost: two queries, three for a commune.
    """
    version = form_for(asked_form(period), period)
    if area.level == Level.NATION:
        return _provinces(actor, span, period, version, code)
    if area.level == Level.COMMUNE:
        return _cells(area, period, code)
    layout = layout_of(version)
    at = layout.codes.index(code)
    indicator = layout.indicators[at]
    found = []
    rows = _below(actor, span, period).select_related("area", "of")
    for row in rows.defer("of__document").order_by("area__sort_key"):
        own = commune_totals(layout, packed_of(row))
        value = unpacked_sum(indicator, int(own.sums[at])) if own.units[at] else None
        found.append(
            Share(
                row.area,
                value,
                bool(own.reporting[at]),
                row.of.revision,
                row.of.saved_by,
                row.of.saved_at,
            )
        )
    return found


def with_authors(actor: Actor, found: Proof, code: str, shares: Sequence[Share]) -> list[Share]:
    """
    Return shares with the newest revision in which their own figure changed, and who wrote it.

    Approving and locking are revisions too, but they write no figure. Who sees only what was
    sent is told the sending that brought the figure. Cost: one query.
    """
    owners = {(found if _of_this(one, found) else one).area.pk for one in shares if one.by}
    if not owners:
        return list(shares)
    kept = Revision.objects.filter(
        of__area__in=owners, of__period=found.period.label, of__form=asked_form(found.period)
    )
    if not sees_drafts(actor, found.area, found.span):
        kept = kept.filter(state__in=COUNTED)
    by_area: dict[int, list[tuple[int, str, datetime, Document]]] = defaultdict(list)
    told = kept.order_by("number").values_list("of__area_id", "number", "by", "at", "document")
    for area_id, number, by, at, document in told:
        by_area[area_id].append((number, by, at, document))
    return [_authored(one, by_area, found, code) for one in shares]


def _of_this(share: Share, found: Proof) -> bool:
    """Whether a share is a cell of the return of the area that is open."""
    return bool(share.row) or share.area == found.area


def _authored(
    one: Share,
    by_area: Mapping[int, Sequence[tuple[int, str, datetime, Document]]],
    found: Proof,
    code: str,
) -> Share:
    own = by_area.get(found.area.pk if _of_this(one, found) else one.area.pk, ())
    newest = last_change_of(
        f"{code}.{one.row}" if one.row else code, ((n, doc) for n, _by, _at, doc in own)
    )
    for number, by, at, _document in own:
        if number == newest:
            return replace(one, revision=number, by=by, at=at)
    return one


def _provinces(
    actor: Actor, span: Span, period: Period, version: FormVersion, code: str
) -> list[Share]:
    layout = layout_of(version)
    at = layout.codes.index(code)
    rows = (
        KeptTotal.objects.filter(
            area__placements__version=actor.map_id,
            area__placements__left__gte=span.left,
            area__placements__left__lte=span.right,
            area__level=Level.PROVINCE.value,
            period=period.label,
            version=version,
        )
        .select_related("area")
        .order_by("area__sort_key")
    )
    found = []
    for row in rows:
        totals = totals_of(row)
        value = unpacked_sum(layout.indicators[at], int(totals.sums[at]))
        complete = int(totals.reporting[at]) == totals.returns
        found.append(Share(row.area, value if totals.units[at] else None, complete))
    return found


def _cells(area: Area, period: Period, code: str) -> list[Share]:
    stored = Return.objects.filter(
        area=area, period=period.label, form=asked_form(period), state__in=COUNTED
    ).first()
    if stored is None:
        return []
    about = (stored.revision, stored.saved_by, stored.saved_at)
    if code in stored.document["values"]:
        value = _number_of(stored.document["values"][code])
        return [Share(area, value, value is not None, *about)]
    rows = stored.document["hamlets"]
    units = Area.objects.filter(code__in=list(rows), valid_from__lte=period.end)
    names = {one.code: one.as_of(period.end) for one in units.order_by("valid_from")}
    return [
        Share(names[row], value, value is not None, *about, row)
        for row, cells in rows.items()
        if row in names
        for value in [_number_of(cells.get(code))]
    ]


def _number_of(cell: Cell) -> Number | None:
    value = decode(cell)
    if isinstance(value, Absence):
        return None
    return int(value) if isinstance(value, bool) else value


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
        form=asked_form(period),
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
