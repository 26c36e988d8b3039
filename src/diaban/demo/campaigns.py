"""The sample's campaigns: opened by the province, reported by most communes."""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib.resources import files

from diaban.areas.models import Area
from diaban.core.access import Actor
from diaban.core.periods import HO_CHI_MINH, PeriodKind, period_of
from diaban.demo.figures import Document
from diaban.demo.returns import SampleReturn
from diaban.demo.reviews import reviewed
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.campaigns import Wanted, open_campaign
from diaban.indicators.models import Campaign
from diaban.indicators.rules.returns import State

# One commune in so many has not sent its campaign's form.
_LATE = 12


def add_campaigns(
    actor: Actor,
    province: str,
    returns: Sequence[SampleReturn],
    areas: Mapping[str, Area],
    seed: int,
    today: date,
    at: datetime,
) -> int:
    """
    Open the sample's campaigns and write what the communes sent; return how many returns.

    Before a campaign is over, or where the sample has no month beside it, nobody has sent any.
    """
    text = (files("diaban.demo") / "data" / "campaigns.toml").read_text(encoding="utf-8")
    stored = 0
    for entry in tomllib.loads(text)["campaign"]:
        made = open_campaign(
            actor=actor,
            area_code=province,
            wanted=Wanted(
                entry["name"], entry["start"], entry["end"], entry["form"], entry["basis"]
            ),
            client_key="",
            at=at,
        )
        if made.end + timedelta(days=7) < today:
            stored += store_many(made.form, _sent(made, returns, areas, seed, today), at)
    return stored


def _sent(
    made: Campaign,
    returns: Sequence[SampleReturn],
    areas: Mapping[str, Area],
    seed: int,
    today: date,
) -> Iterator[Ready]:
    # The month that closes inside the campaign knows the communes and hamlets of its time.
    beside = period_of(made.start, PeriodKind.MONTH).label
    for number, month in enumerate(one for one in returns if one.period == beside):
        if number % _LATE == _LATE - 1:
            continue
        # Sample figures must come out the same everywhere; they are no secret.
        chance = random.Random(f"{seed} {made.label} {month.area_code}")  # noqa: S311
        sent_at = datetime.combine(
            made.end + timedelta(days=chance.randint(1, 6)),
            time(chance.randint(8, 16), chance.randint(0, 59)),
            HO_CHI_MINH,
        )
        yield Ready(
            area=areas[month.area_code],
            period=made.label,
            state=State.SUBMITTED,
            document=_document(sorted(month.document["hamlets"]), chance),
            saved_at=sent_at,
            saved_by=month.saved_by,
            submitted_at=sent_at,
            moves=reviewed(State.APPROVED, sent_at, today, "") if number % 3 else (),
        )


def _document(hamlets: Sequence[str], chance: random.Random) -> Document:
    rows = {code: _row(chance) for code in hamlets}
    informed = sum(1 for row in rows.values() if row["communication_sessions"])
    return {
        "values": {
            "hamlets_informed": informed,
            "agencies_informed": chance.randint(3, 12),
            "businesses_informed": chance.randint(0, 15),
            "schools_informed": chance.randint(1, 6),
            "listening_forums": chance.randint(0, 2),
            "peoples_day_events": chance.randint(0, 3),
            "steering_documents": chance.randint(1, 4),
            "training_courses": chance.randint(0, 2),
            "mobile_trials": int(chance.random() < 0.1),
            "cases_detected": chance.randint(0, 2),
        },
        "hamlets": rows,
    }


def _row(chance: random.Random) -> dict[str, int]:
    sessions = chance.randint(0, 3)
    people = sum(chance.randint(20, 70) for _ in range(sessions))
    women = people * chance.randint(40, 60) // 100
    young = people * chance.randint(15, 30) // 100
    middle = people * chance.randint(20, 40) // 100
    return {
        "communication_sessions": sessions,
        "people_informed": people,
        "people_informed__nam": people - women,
        "people_informed__nu": women,
        "people_informed__duoi_18": young,
        "people_informed__tu_18_30": middle,
        "people_informed__tren_30": people - young - middle,
        "households_committed": chance.randint(5, 60),
        "hamlets_with_box_and_board": int(chance.random() < 0.8),
        "tips_received": chance.randint(0, 2),
    }
