"""How a duty stands today: from its dates and its evidence, nothing else."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

SOON: Final = 7


class Status(StrEnum):
    """In the order of urgency."""

    OVERDUE = "overdue"
    SILENT = "silent"
    DUE_SOON = "due_soon"
    IN_TIME = "in_time"
    DONE_LATE = "done_late"
    DONE_IN_TIME = "done_in_time"
    FROZEN = "frozen"


STATUS_NAMES: Final[dict[Status, str]] = {
    Status.OVERDUE: "Quá hạn",
    Status.SILENT: "Im lặng",
    Status.DUE_SOON: "Sắp đến hạn",
    Status.IN_TIME: "Trong hạn",
    Status.DONE_LATE: "Xong, trễ hạn",
    Status.DONE_IN_TIME: "Xong, đúng hạn",
    Status.FROZEN: "Đã có kế hoạch khác thay",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A status with its number of days.

    `days`: overdue by, done late by, silent since, or left until due; 0 where neither.
    """

    status: Status
    days: int = 0


def standing(
    *,
    today: date,
    begins: date,
    due: date | None,
    done: date | None,
    heard: date | None,
    silence_limit: int,
    frozen: bool = False,
    event: bool = False,
) -> Standing:
    """
    Return how one body's share of a duty stands.

    `due` is the last day in time, itself included. `heard` is the day of the newest evidence;
    for a duty without `due` silence counts from it, or from `begins`. An extension has
    already moved `due`. An `event` is a named day: nobody is late with it, it is silent when the
    day has passed and nothing was said of it.
    """
    if done is not None:
        late = (done - due).days if due is not None else 0
        if late > 0:
            return Standing(Status.DONE_LATE, late)
        return Standing(Status.DONE_IN_TIME)
    if frozen:
        return Standing(Status.FROZEN)
    if due is None:
        since = (today - (heard or begins)).days
        if since > silence_limit:
            return Standing(Status.SILENT, since)
        return Standing(Status.IN_TIME, max(0, silence_limit - since))
    left = (due - today).days
    if left < 0:
        return Standing(Status.SILENT if event else Status.OVERDUE, -left)
    if left <= SOON:
        return Standing(Status.DUE_SOON, left)
    return Standing(Status.IN_TIME, left)
