"""Storing many returns at once: sample data, and the first filling of an installation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from diaban.areas.models import Area
from diaban.indicators.models import (
    FormVersion,
    KeptTotal,
    PackedReturn,
    Return,
    Revision,
    Roster,
)
from diaban.indicators.rules.entry import Document
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.rules.rollup import pack
from diaban.indicators.selectors import form_for
from diaban.indicators.totals import layout_of, recompute, write_totals
from diaban.indicators.windows import window_called

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Moved:
    """What a reviewer did with a return after it was sent: the state it then had, and why."""

    state: State
    by: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """
    A return as it is to stand in the database.

    `document` is that of `rules.entry`; its hamlets are the roster of the commune. `state` is
    the one in which `saved_by` left it; each of `moves` becomes one more revision.
    """

    area: Area
    period: str
    state: State
    document: Document
    saved_at: datetime
    saved_by: str
    submitted_at: datetime | None = None
    moves: tuple[Moved, ...] = ()

    @property
    def steps(self) -> tuple[Moved, ...]:
        """Every revision, oldest first."""
        return (Moved(self.state, self.saved_by, self.saved_at), *self.moves)


@transaction.atomic
def store_many(form: str, returns: Iterable[Ready], at: datetime) -> int:
    """
    Write returns that are not there yet, with packed rows and totals; return how many.

    One transaction: all or none. Totals are computed anew for every period that is touched.

    Cost: some five statements for 500 returns, and one recomputation for each period.
    """
    rosters = {(one.commune_id, tuple(one.hamlet_codes)): one for one in Roster.objects.all()}
    versions: dict[str, FormVersion] = {}
    left = iter(returns)
    stored = 0
    while batch := list(islice(left, _BATCH)):
        for one in batch:
            if one.period not in versions:
                versions[one.period] = form_for(form, window_called(one.period))
        _add_rosters(batch, rosters, at)
        _write(form, batch, rosters, versions)
        stored += len(batch)
    for period, version in versions.items():
        _total(period, version, at)
    return stored


def _hamlets(one: Ready) -> tuple[str, ...]:
    return tuple(sorted(one.document["hamlets"]))


def _add_rosters(
    batch: Sequence[Ready], rosters: dict[tuple[int, tuple[str, ...]], Roster], at: datetime
) -> None:
    new = []
    numbers: dict[int, int] = {}
    for (area_id, _), roster in rosters.items():
        numbers[area_id] = max(numbers.get(area_id, 0), roster.number)
    for one in batch:
        key = (one.area.pk, _hamlets(one))
        if key not in rosters:
            numbers[one.area.pk] = numbers.get(one.area.pk, 0) + 1
            roster = Roster(
                commune=one.area,
                number=numbers[one.area.pk],
                hamlet_codes=list(key[1]),
                made_at=at,
            )
            rosters[key] = roster
            new.append(roster)
    Roster.objects.bulk_create(new)


def _write(
    form: str,
    batch: Sequence[Ready],
    rosters: dict[tuple[int, tuple[str, ...]], Roster],
    versions: dict[str, FormVersion],
) -> None:
    returns = [
        Return(
            area=one.area,
            period=one.period,
            form=form,
            version=versions[one.period],
            roster=rosters[one.area.pk, _hamlets(one)],
            state=one.steps[-1].state,
            revision=len(one.steps),
            document=one.document,
            reason=one.steps[-1].reason,
            receipt=f"SL-{one.period}-{one.area.code}-1" if one.submitted_at else "",
            saved_at=one.steps[-1].at,
            saved_by=one.steps[-1].by,
            submitted_at=one.submitted_at,
            submitted_by=one.saved_by if one.submitted_at else "",
        )
        for one in batch
    ]
    Return.objects.bulk_create(returns)
    Revision.objects.bulk_create(
        Revision(
            of=stored,
            number=number,
            state=step.state,
            document=stored.document,
            by=step.by,
            at=step.at,
            reason=step.reason,
        )
        for stored, one in zip(returns, batch, strict=True)
        for number, step in enumerate(one.steps, start=1)
    )
    PackedReturn.objects.bulk_create(
        _packed(stored) for stored in returns if State(stored.state) in COUNTED
    )


def _packed(stored: Return) -> PackedReturn:
    packed = pack(layout_of(stored.version), stored.document, stored.roster.hamlet_codes)
    return PackedReturn(
        of=stored,
        period=stored.period,
        version=stored.version,
        area=stored.area,
        hamlets=packed.hamlets,
        commune_values=packed.commune_values,
        hamlet_values=packed.hamlet_values,
    )


def _total(period: str, version: FormVersion, at: datetime) -> None:
    KeptTotal.objects.filter(period=period, version=version).delete()
    rows = []
    for area_id, totals in recompute(period, version).items():
        row = KeptTotal(area_id=area_id, period=period, version=version)
        write_totals(row, totals, at)
        rows.append(row)
    KeptTotal.objects.bulk_create(rows, batch_size=_BATCH)
