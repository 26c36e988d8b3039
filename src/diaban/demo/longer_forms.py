"""The sample's forms of quarters, half-years and years that are over."""

import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from diaban.areas.models import Area
from diaban.core.periods import HO_CHI_MINH, Period, PeriodKind, period_of
from diaban.demo.figures import Document
from diaban.demo.returns import SampleReturn
from diaban.demo.reviews import reviewed
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.rules.period_forms import asked_form, longer_kinds, windows_within
from diaban.indicators.rules.returns import State

# Of the newest window of a kind one commune in so many has not sent its form.
_LATE = 11
_OWN_DAYS = 5
_APPROVED_AFTER = timedelta(days=90)


def add_longer_forms(
    months: Sequence[Period],
    returns: Sequence[SampleReturn],
    areas: Mapping[str, Area],
    begins: str,
    seed: int,
    today: date,
    at: datetime,
) -> int:
    """
    Write what the communes sent for every longer period that is over; return how many returns.

    The commune of code `begins` has not begun the newest quarter: there the form waits to be
    filled in, by the commune and by its hamlets.
    """
    span = Period("", months[0].end, months[-1].end, PeriodKind.OTHER)
    stored = 0
    for kind in longer_kinds():
        # The month in which the sample begins closes a quarter or a year that it only saw end.
        first = period_of(span.start, kind)
        windows = [one for one in (first,) if one.end == span.start]
        windows += [one for one in windows_within(span, kind, today) if one not in windows]
        for window in windows:
            newest = window == windows[-1]
            sent = _sent(window, returns, areas, seed, today, begins if newest else "", newest)
            stored += store_many(asked_form(window), sent, at)
    return stored


def _sent(
    window: Period,
    returns: Sequence[SampleReturn],
    areas: Mapping[str, Area],
    seed: int,
    today: date,
    begins: str,
    newest: bool,
) -> Iterator[Ready]:
    # The month that closes with the window knows the communes and hamlets of its last day.
    beside = period_of(window.end, PeriodKind.MONTH).label
    for number, month in enumerate(one for one in returns if one.period == beside):
        if newest and number % _LATE == _LATE - 1:
            continue
        if month.area_code == begins and window.kind is PeriodKind.QUARTER:
            continue
        # Sample figures must come out the same everywhere; they are no secret.
        chance = random.Random(f"{seed} {window.label} {month.area_code}")  # noqa: S311
        sent_at = datetime.combine(
            min(
                window.end + timedelta(days=chance.randint(1, _OWN_DAYS + 2)),
                today - timedelta(days=1),
            ),
            time(chance.randint(8, 16), chance.randint(0, 59)),
            HO_CHI_MINH,
        )
        yield Ready(
            area=areas[month.area_code],
            period=window.label,
            state=State.SUBMITTED,
            document=_DOCUMENTS[window.kind](month.document, chance),
            saved_at=sent_at,
            saved_by=month.saved_by,
            submitted_at=sent_at,
            moves=reviewed(State.APPROVED, sent_at, today, "")
            if number % 4 or today - window.end > _APPROVED_AFTER
            else (),
        )


def _quarter(month: Document, chance: random.Random) -> Document:
    leads = chance.choice((0, 0, 0, 0, 1, 2))
    plants = chance.choice((0, 0, 0, 0, 0, 0, "12.5", 40))
    businesses = _number(month["values"].get("conditional_businesses"))
    return {
        "values": {
            "cases_prosecuted": chance.choice((0, 0, 0, 1, 1, 2)),
            "transport_leads": leads,
            "transport_leads_verified": chance.randint(0, leads),
            "plant_area_found_m2": plants,
            "conditional_businesses_inspected": chance.randint(businesses // 2, businesses),
            "training_courses": chance.randint(0, 2),
            "mobile_trials": int(chance.random() < 0.15),
        },
        "hamlets": {
            code: {
                "hamlets_with_tip_box": int(chance.random() < 0.92),
                "hamlets_with_hotline_board": int(chance.random() < 0.95),
                "tips_handled": chance.choice((0, 0, 0, 0, 1, 1, 2)),
            }
            for code in sorted(month["hamlets"])
        },
    }


def _half(_month: Document, chance: random.Random) -> Document:
    stations = 1 + int(chance.random() < 0.2)
    values = {
        "stations": stations,
        "stations_qualified": chance.randint(stations - 1, stations),
        "awards": chance.choice((0, 0, 1, 1, 2, 3)),
    }
    return {"values": values, "hamlets": {}}


def _year(month: Document, chance: random.Random) -> Document:
    planned = chance.randint(30, 120) * 1_000_000
    allocated = planned * chance.randint(80, 100) // 100
    values = {
        "budget_planned": planned,
        "budget_allocated": allocated,
        "budget_spent": allocated * chance.randint(85, 100) // 100,
        "on_interprovincial_key_route": month["values"].get("on_key_route") is True
        and chance.random() < 0.5,
    }
    return {"values": values, "hamlets": {}}


def _number(cell: Any) -> int:
    return cell if isinstance(cell, int) else 0


_DOCUMENTS = {PeriodKind.QUARTER: _quarter, PeriodKind.HALF: _half, PeriodKind.YEAR: _year}
