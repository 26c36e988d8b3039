"""
The four scores of areas, read from what each return gives to them.

What a return gives is kept beside it and measured anew when the return, last period's, the
reconciliation or the files of rules have changed since: whoever looks first pays for it, and the
returns need not know that they are measured.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Count

from diaban.accounts.scopes import Ended
from diaban.areas.models import Area, Placement
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import version_on
from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH, Period, PeriodKind, previous
from diaban.indicators.models import (
    FormVersion,
    Reconciliation,
    Return,
    ReturnQuality,
    Revision,
)
from diaban.indicators.rules.campaigns import label_before
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Document
from diaban.indicators.rules.period_forms import MONTHLY, asked_form
from diaban.indicators.rules.quality import NOTHING, Tally, age, builtin_quality, lateness
from diaban.indicators.rules.quality_measures import Cause, measure
from diaban.indicators.rules.reconciling import Side, builtin_lines, compare
from diaban.indicators.rules.returns import COUNTED, State, due_on
from diaban.indicators.rules.signals import Facts, Signal, builtin_signals, signals_of
from diaban.indicators.selectors import form_among
from diaban.indicators.verdicts import checks_of

# A page waits for at most so many returns to be measured (some 3 ms each); the rest are
# measured for the next one, and the page says so.
MOST_AT_ONCE: Final = 1000
_BATCH: Final = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """
    How one commune stands with its return of a period, and what it gives to the scores.

    `causes` are read only for whoever asked for them. `heirs`: what became of a commune that has
    ended since.
    """

    area: Area
    state: State | None
    reason: str = ""
    saved_at: datetime | None = None
    sent_on: date | None = None
    late_days: int = 0
    old_months: int | None = None
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    signals: tuple[Signal, ...] = ()
    causes: tuple[Cause, ...] = ()
    heirs: tuple[Area, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether its return is in the totals."""
        return self.state in COUNTED


@dataclass(frozen=True, slots=True)
class Looked:
    """The communes of an area in a period; `unmeasured` returns are left for the next look."""

    communes: tuple[Sent, ...]
    due: date
    saved: datetime | None
    unmeasured: int


def looked_at(
    communes: Sequence[Area],
    period: Period,
    versions: Iterable[FormVersion],
    today: date,
    *,
    map_id: int,
    scope: Mapping[str, Any] | None = None,
    hamlets: Mapping[int, int] | None = None,
    ended: Sequence[Ended] = (),
    causes: bool = False,
) -> Looked:
    """
    Return how `communes` (which the actor may see) stand in a period and what they are measured.

    `scope`: a condition on returns that gives the same communes more cheaply than their keys.
    `hamlets`: how many each commune has, where that is known already. `ended`: communes that owed
    a return of the period and are no more; they stand behind those of today.

    Cost: one query, one more where somebody owes a return; six more after something changed.
    Twice that where communes have ended since.
    """
    there = [one for one in communes if one.valid_from <= period.end]
    gone = [one.area for one in ended]
    heirs = {one.area.pk: one.heirs for one in ended}
    version = form_among(versions, asked_form(period), period)
    due = due_on(period.end, version.due_days)
    rows = _rows(there, period, scope, causes=causes)
    if gone:
        rows |= _rows(gone, period, None, causes=causes)
    stale = _stale(rows, period)
    measured = _measured(stale[:MOST_AT_ONCE], period) if stale else {}
    missing = [one.pk for one in [*there, *gone] if not _counted(rows, one.pk, period)]
    expected: dict[int, tuple[int, int]] = {}
    if missing and today > due:
        known = hamlets_of(map_id, {"parent__in": missing}) if hamlets is None else hamlets
        if any(pk in heirs for pk in missing):
            then = version_on(period.end).pk
            known = {**known, **hamlets_of(then, {"parent__in": list(heirs)})}
        expected = {pk: _expected(version, known.get(pk, 0)) for pk in missing}
    found = []
    for area in [*there, *gone]:
        row = rows.get((area.pk, period.label))
        kept = measured.get(row.pk) or getattr(row, "quality", None) if row else None
        one = _sent(area, row, kept, rows, expected.get(area.pk), period, due, today)
        if causes and one.counts and kept is not None:
            one = replace(one, causes=tuple(Cause(*cause) for cause in kept.causes))
        if area.pk in heirs:
            one = replace(one, heirs=heirs[area.pk])
        found.append(one)
    saved = max((row.saved_at for (_a, p), row in rows.items() if p == period.label), default=None)
    return Looked(tuple(found), due, saved, max(0, len(stale) - MOST_AT_ONCE))


def _rows(
    communes: Sequence[Area],
    period: Period,
    scope: Mapping[str, Any] | None,
    *,
    causes: bool,
) -> dict[tuple[int, str], Return]:
    """Return the returns of the period and of the months before in which a figure grows old."""
    labels = [period.label, *(month.label for month in _months_before(period))]
    chosen = scope if scope is not None else {"area__in": [one.pk for one in communes]}
    query = Return.objects.filter(form=asked_form(period), period__in=labels, **chosen)
    return {
        (row.area_id, row.period): row
        for row in query.select_related("quality").only(
            "area_id",
            "period",
            "state",
            "reason",
            "saved_at",
            "submitted_at",
            "quality__key",
            "quality__tallies",
            "quality__signals",
            "quality__first_sent_on",
            *(["quality__causes"] if causes else []),
        )
    }


def _counted(rows: Mapping[tuple[int, str], Return], area_id: int, period: Period) -> bool:
    row = rows.get((area_id, period.label))
    return row is not None and row.state in COUNTED


def _key(row: Return, before: Return | None) -> str:
    counted = before is not None and before.state in COUNTED
    parts = [
        builtin_quality().key,
        builtin_signals().key,
        row.submitted_at,
        before.submitted_at if before is not None and counted else "",
    ]
    return " ".join(
        part.isoformat(timespec="seconds") if isinstance(part, datetime) else str(part)
        for part in parts
    )


def _stale(rows: Mapping[tuple[int, str], Return], period: Period) -> list[tuple[Return, str]]:
    stale = []
    for (area_id, label), row in rows.items():
        if label != period.label or row.state not in COUNTED:
            continue
        key = _key(row, rows.get((area_id, label_before(period))))
        kept = getattr(row, "quality", None)
        if kept is None or kept.key != key:
            stale.append((row, key))
    return stale


def _measured(stale: Sequence[tuple[Return, str]], period: Period) -> dict[int, ReturnQuality]:
    """Measure returns and keep what they gave, by key of the return."""
    found: dict[int, ReturnQuality] = {}
    for start in range(0, len(stale), _BATCH):
        found |= _measure_batch(stale[start : start + _BATCH], period)
    return found


def _measure_batch(stale: Sequence[tuple[Return, str]], period: Period) -> dict[int, ReturnQuality]:
    areas = [row.area_id for row, _key in stale]
    documents = {
        (one.area_id, one.period): one
        for one in Return.objects.filter(
            form=asked_form(period),
            period__in=[period.label, label_before(period)],
            area__in=areas,
        ).select_related("version")
    }
    opened = {
        one.area_id: one
        for one in Reconciliation.objects.filter(period=period.label, area__in=areas)
    }
    saves: dict[int, list[tuple[datetime, str, Document]]] = defaultdict(list)
    for of_id, at, state, document in (
        Revision.objects.filter(of__in=[row.pk for row, _key in stale])
        .order_by("number")
        .values_list("of_id", "at", "state", "document")
    ):
        saves[of_id].append((at, state, document))
    made = [
        _quality_of(
            documents[row.area_id, period.label],
            documents.get((row.area_id, label_before(period))),
            opened.get(row.area_id),
            saves[row.pk],
            period,
            key,
        )
        for row, key in stale
    ]
    ReturnQuality.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["of"],
        update_fields=["key", "tallies", "causes", "signals", "first_sent_on"],
    )
    return {one.of_id: one for one in made}


def _quality_of(
    now: Return,
    before: Return | None,
    opened: Reconciliation | None,
    saves: Sequence[tuple[datetime, str, Document]],
    period: Period,
    key: str,
) -> ReturnQuality:
    catalogue = builtin_catalogue()
    last = before.document if before is not None and before.state in COUNTED else None
    counts = opened.counts if opened else {}
    # Ledger and police software are held beside the months only.
    lines = builtin_lines() if period.kind is PeriodKind.MONTH else ()
    compared = compare(lines, now.document, counts, opened.explanations if opened else {})
    measured = measure(
        now.document,
        last,
        now.unread,
        checks_of(now.version),
        compared,
        signed=opened is not None and both_signed(opened, now.submitted_at),
        catalogue=catalogue,
        quality=builtin_quality(),
    )
    facts = Facts(
        period=period,
        now=now.document,
        before=last,
        saves=[(_day(at), document) for at, _state, document in saves],
        ledger={name: one["value"] for name, one in counts.get(Side.COMMUNE, {}).items()},
    )
    sent = next((at for at, state, _document in saves if state in COUNTED), now.submitted_at)
    return ReturnQuality(
        of=now,
        key=key,
        tallies={name: [one.good, one.all] for name, one in measured.tallies.items()},
        causes=[[c.measure, c.row, c.code, c.text] for c in measured.causes],
        signals=[
            [s.kind, s.at, s.facts, list(s.people)]
            for s in signals_of(facts, catalogue, builtin_signals())
        ],
        first_sent_on=_day(sent) if sent else None,
    )


def both_signed(opened: Reconciliation, sent: datetime | None) -> bool:
    """Return whether both sides have signed what stands there, for the return sent at `sent`."""
    return all(holds(opened, side, sent) for side in Side)


def holds(opened: Reconciliation, side: Side, sent: datetime | None) -> bool:
    """Return whether a side's signature holds: neither figures nor return changed since."""
    signature = opened.signatures.get(side)
    return bool(
        signature
        and sent is not None
        and signature["revision"] == opened.revision
        and signature["sent"] == sent.isoformat()
    )


def _sent(
    area: Area,
    row: Return | None,
    kept: ReturnQuality | None,
    rows: Mapping[tuple[int, str], Return],
    expected: tuple[int, int] | None,
    period: Period,
    due: date,
    today: date,
) -> Sent:
    limits = builtin_quality().limits
    state = State(row.state) if row else None
    counts = state in COUNTED
    tallies: dict[str, Tally] = {}
    signals: tuple[Signal, ...] = ()
    sent_on = None
    if counts and kept is not None:
        tallies = {name: Tally(good, whole) for name, (good, whole) in kept.tallies.items()}
        signals = tuple(
            Signal(kind, at, facts, tuple(people)) for kind, at, facts, people in kept.signals
        )
        sent_on = kept.first_sent_on
    elif not counts and today > due:
        cells, hamlets = expected or (0, 0)
        tallies = {"units": Tally(0, 1), "values": Tally(0, cells), "hamlets": Tally(0, hamlets)}
    late, days = NOTHING, 0
    months: int | None = 0
    if not counts:
        months = _months_old(area, rows, period)
    if kept is not None or not counts:
        late, days = lateness(due, sent_on if counts else None, today, limits)
    if late.all:
        tallies["lateness"] = late
        # A campaign comes once: no month of its figures can be old.
        if period.kind is PeriodKind.MONTH:
            tallies["age"] = age(months, limits)
    return Sent(
        area=area,
        state=state,
        reason=row.reason if row else "",
        saved_at=row.saved_at if row else None,
        sent_on=sent_on,
        late_days=days,
        old_months=months,
        tallies=tallies,
        signals=signals,
    )


def _months_old(area: Area, rows: Mapping[tuple[int, str], Return], period: Period) -> int | None:
    for months, month in enumerate(_months_before(period), 1):
        if _counted(rows, area.pk, month):
            return months
    return None


def _months_before(period: Period) -> list[Period]:
    """Return the months in which a figure grows old; a campaign has none before it."""
    found: list[Period] = []
    while period.kind is PeriodKind.MONTH and len(found) < builtin_quality().limits.age_months - 1:
        period = previous(period)
        found.append(period)
    return found


def _expected(version: FormVersion, hamlets: int) -> tuple[int, int]:
    """Return how many cells and hamlets a commune's return would have."""
    cells = len(version.commune_codes) + hamlets * len(version.hamlet_codes)
    return cells, hamlets if version.hamlet_codes else 0


def hamlets_of(map_id: int, where: Mapping[str, Any]) -> dict[int, int]:
    """Return how many hamlets each commune has on a map, by its key. One query."""
    return dict(
        Placement.objects.filter(version=map_id, area__level=Level.HAMLET.value, **where)
        .values_list("parent_id")
        .annotate(n=Count("pk"))
    )


def forget(area_id: int, period_label: str) -> None:
    """Have a return measured anew: something beside it changed. One statement."""
    ReturnQuality.objects.filter(
        of__area=area_id, of__period=period_label, of__form=MONTHLY
    ).delete()


def in_span(actor: Actor, left: int, right: int) -> dict[str, Any]:
    """Return the condition "of an area in this interval of today's map" for returns."""
    return {
        "area__placements__version": actor.map_id,
        "area__placements__left__gte": left,
        "area__placements__left__lte": right,
        "area__level": Level.COMMUNE.value,
    }


def _day(at: datetime) -> date:
    return at.astimezone(HO_CHI_MINH).date()
