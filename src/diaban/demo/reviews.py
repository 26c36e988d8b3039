"""What the province did with the sample's returns: as in life, nobody approves their own."""

from datetime import date, datetime, time, timedelta
from typing import Final

from diaban.core.periods import HO_CHI_MINH
from diaban.demo.people import STANDING_OFFICE
from diaban.indicators.bulk import Moved
from diaban.indicators.rules.returns import State

# Days from the receipt to each step on the way to a state.
_WAY: Final = {
    State.RETURNED: ((State.RETURNED, 1),),
    State.APPROVED: ((State.APPROVED, 2),),
    State.LOCKED: ((State.APPROVED, 2), (State.LOCKED, 12)),
}


def as_sent(state: State) -> State:
    """Return the state in which the commune left what is now in `state`."""
    return State.SUBMITTED if state in _WAY else state


def reviewed(state: State, sent_at: datetime, today: date, reason: str) -> tuple[Moved, ...]:
    """
    Return the steps of the standing office after the receipt, the last before `today`.

    `reason` is said at the last step.
    """
    newest = datetime.combine(today - timedelta(days=1), time(17, 30), HO_CHI_MINH)
    way = _WAY.get(state, ())
    return tuple(
        Moved(
            step,
            STANDING_OFFICE,
            min(sent_at + timedelta(days=days), newest),
            reason if number == len(way) else "",
        )
        for number, (step, days) in enumerate(way, start=1)
    )
