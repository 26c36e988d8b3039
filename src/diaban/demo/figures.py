"""The figures of a month: one document for one commune, as an office would have typed it."""

import random
from dataclasses import dataclass, field
from typing import Any, Final

from diaban.core.periods import Period
from diaban.demo.stocks import HamletStock, Stock
from diaban.demo.told import Cells, khe_say
from diaban.demo.world import Commune, Standing
from diaban.indicators.rules.entry import Cell

Document = dict[str, Any]

NOT_YET: Final = "-"
NOT_APPLICABLE: Final = "KAD"

# Drug cases found in a month, per 100 communes.
_CASES: Final[dict[Standing, int]] = {
    Standing.TYPE_1: 140,
    Standing.TYPE_2: 70,
    Standing.NEEDS_DECISION: 50,
    Standing.TYPE_3: 15,
    Standing.UNDETERMINED: 0,
    Standing.DRUG_FREE: 2,
}
# Communes whose figure in the police software differs from their own.
_UNRECONCILED: Final = {"NB": 2, "QN": -1, "SM": 1, "KH": -3}
# What offices forget to fill in now and then; no criterion of the six hangs on it.
_FORGOTTEN: Final = (
    "at_risk_counselled",
    "influencer_meetings",
    "listening_forums",
    "businesses_informed",
    "released_prisoners_supported",
)
_HILLY: Final = frozenset({"Biên giới", "Miền núi"})


@dataclass(slots=True)
class Year:
    """What a commune's months must agree on."""

    commune: Commune
    chance: random.Random
    arrests_left: int
    software_late: bool
    blank: int = field(default=0)


def year_of(commune: Commune, newest: Stock, chance: random.Random) -> Year:
    """Return what is settled once a year for a commune."""
    residents = newest.total("residents")
    if commune.standing in (Standing.TYPE_1, Standing.TYPE_2):
        arrests = residents
    else:
        # Below the floor of criterion c of type II (0,05 %) over the whole year.
        arrests = residents * 45 // 100_000
    with_people = [i for i, hamlet in enumerate(newest.hamlets) if hamlet.present]
    return Year(
        commune=commune,
        chance=chance,
        arrests_left=arrests,
        software_late=chance.random() < 0.06,
        blank=with_people[0] if with_people else 0,
    )


def document(year: Year, before: Stock, now: Stock, month: Period, *, left: int) -> Document:
    """
    Return the document of one month.

    `before` and `now` are the stocks it began and ended with; flows are what lies between.
    `left` is how many months of the year are still to come, 0 for the newest.
    """
    commune, chance = year.commune, year.chance
    hamlets = {
        hamlet.code: _hamlet_cells(stock, chance)
        for hamlet, stock in zip(commune.hamlets, now.hamlets, strict=True)
    }
    if commune.sign == "KS" and left == 1:
        told = (before for before, _ in khe_say())
        hamlets = dict(zip(hamlets, (dict(cells) for cells in told), strict=True))
    sessions = [cells["communication_sessions"] for cells in hamlets.values()]
    values = _people_cells(before, now) | _order_cells(year, before, now, month)
    values |= _movement_cells(year, now, month)
    values["hamlets_informed"] = sum(1 for count in sessions if count)
    values["persons_in_police_software"] = _software(year, now, left)
    made = {"values": values, "hamlets": hamlets}
    _leave_open(year, made, left)
    return made


def _hamlet_cells(stock: HamletStock, chance: random.Random) -> Cells:
    return {
        "households": stock.households,
        "population_resident": stock.residents,
        "households_committed": stock.signed,
        "hamlets_with_box_and_board": int(stock.board),
        "communication_sessions": 0 if chance.random() < 0.02 else chance.choice((1, 1, 1, 2, 2)),
        "addicts": stock.addicts,
        "addicts_present": stock.present,
        "addicts_present_in_treatment": stock.treated,
        "users_present": stock.users,
        "tips_received": chance.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 2)),
    }


def _risen(before: Stock, now: Stock, name: str) -> int:
    """Return how many more there are, counted only in the hamlets where there are more."""
    pairs = zip(before.hamlets, now.hamlets, strict=True)
    return sum(max(0, getattr(new, name) - getattr(old, name)) for old, new in pairs)


def _people_cells(before: Stock, now: Stock) -> Cells:
    addicts, users = now.total("addicts"), now.total("users")
    return {
        "addicts_with_file": addicts - now.addicts_without_file,
        "addicts_in_substitution": now.in_substitution,
        "addicts_in_home_rehab": now.in_home_rehab,
        "addicts_new": _risen(before, now, "addicts"),
        "users_managed": users + now.users_away,
        "users_present_with_file": users - now.users_without_file,
        "users_new": _risen(before, now, "users"),
        "post_rehab": now.post_rehab,
        "post_rehab_with_file": now.post_rehab - now.post_rehab_without_file,
        "post_rehab_job_supported": now.post_rehab - now.post_rehab_without_job,
        "on_file": now.on_file,
        "on_file_reached_services": max(0, now.on_file - now.unserved),
        "released_prisoners": now.released,
        "released_prisoners_supported": now.released - now.released_unsupported,
        "at_risk": now.at_risk,
    }


def _order_cells(year: Year, before: Stock, now: Stock, month: Period) -> Cells:
    """Return what concerns cases and places."""
    commune, chance = year.commune, year.chance
    cases, rest = divmod(_CASES[commune.standing], 100)
    cases += chance.randrange(100) < rest
    arrested = min(year.arrests_left, cases + (cases and chance.randint(0, 1)))
    if arrested < cases:
        cases = arrested
    year.arrests_left -= arrested
    clean = commune.standing in (Standing.DRUG_FREE, Standing.UNDETERMINED)
    plants = 0
    if commune.region in _HILLY and not clean and not commune.habit and 3 <= month.end.month <= 6:
        plants = chance.choice((0, 0, 0, 0, 0, chance.randint(15, 160)))
    return {
        "released_prisoners_reoffending": int(not clean and chance.random() < 0.01),
        "at_risk_counselled": now.at_risk - (now.at_risk > 0 and chance.random() < 0.08),
        "hotspots_open": now.hotspots,
        "hotspots_opened": max(0, now.hotspots - before.hotspots),
        "hotspots_cleared": max(0, before.hotspots - now.hotspots),
        "use_points_open": now.use_points,
        "retail_sellers_open": now.sellers,
        "suspected_groups_open": now.groups,
        "wanted_hiding": int(commune.standing is Standing.TYPE_1),
        "residents_breaking_drug_law": 0 if clean else chance.randint(0, cases),
        "offenders_arrested": arrested,
        "cases_detected": cases,
        "cases_investigated": cases - (cases > 1 and chance.random() < 0.1),
        "plants_destroyed": plants,
        "plant_area_destroyed_m2": _decimal(plants * 2),
        "on_key_route": now.on_key_route,
    }


def _decimal(tenths: int) -> Cell:
    """Return tenths as the page stores them: a whole number is one, whatever its unit."""
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest}" if rest else whole


def _movement_cells(year: Year, now: Stock, month: Period) -> Cells:
    """Return what concerns communication and commitments."""
    chance, number = year.chance, month.end.month
    # 26/6 falls into the month that ends on 14/7, 18/11 into the one that ends on 14/12.
    days = {7: chance.randint(1, 2), 12: 1}.get(number, 0)
    holidays = number in (7, 8) and chance.random() < 0.6
    committed: int | str = now.conditional - now.conditional_uncommitted
    return {
        "models_effective": now.models,
        "agencies": now.agencies,
        "agencies_informed": now.agencies - chance.choice((0, 0, 0, 1, 2)),
        "businesses": now.businesses,
        "businesses_informed": now.businesses - min(now.businesses, chance.choice((0, 0, 1, 2))),
        "schools": now.schools,
        "schools_informed": NOT_APPLICABLE if holidays else now.schools - chance.choice((0, 0, 1)),
        "conditional_businesses": now.conditional,
        "conditional_businesses_committed": committed if now.conditional else NOT_APPLICABLE,
        "steering_documents": chance.randint(0, 3),
        "influencer_meetings": chance.choice((0, 0, 1, 1, 2)),
        "peoples_day_events": days,
        "patrol_teams": now.patrol_teams,
        "listening_forums": int(chance.random() < 0.93),
    }


def _software(year: Year, now: Stock, left: int) -> int | str:
    if year.software_late and left > 8:
        return NOT_YET
    return max(0, now.on_file + _UNRECONCILED.get(year.commune.sign, 0))


def _leave_open(year: Year, made: Document, left: int) -> None:
    """Take out what the commune's fate leaves open, and what somebody forgot."""
    values, hamlets = made["values"], list(made["hamlets"].values())
    fate = year.commune.fate
    if year.commune.standing is Standing.UNDETERMINED and not fate.missing:
        values["wanted_hiding"] = NOT_YET
    if left < 2:
        for criterion in fate.missing:
            if criterion in ("3b", "5a", "5b"):
                hamlets[year.blank][_HAMLET_CELL[criterion]] = None
            else:
                values[_COMMUNE_CELL[criterion]] = NOT_YET if criterion == "6" else None
    if left == 0 and "5a" in fate.invalid:
        # 120 of 100: a figure that was never looked at.
        hamlets[year.blank]["households"] = 100
        hamlets[year.blank]["households_committed"] = 120
    if year.chance.random() < 0.03:
        values[year.chance.choice(_FORGOTTEN)] = None


_HAMLET_CELL: Final = {
    "3b": "addicts_present_in_treatment",
    "5a": "households_committed",
    "5b": "hamlets_with_box_and_board",
}
_COMMUNE_CELL: Final = {
    "1": "use_points_open",
    "3c": "post_rehab_with_file",
    "4": "users_present_with_file",
    "6": "models_effective",
}
