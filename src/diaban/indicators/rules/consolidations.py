"""A month of a province on its way up: sent to the nation, accepted or given back."""

from enum import StrEnum
from typing import Final


class UpState(StrEnum):
    """Where a province's month stands."""

    OPEN = "open"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class UpMove(StrEnum):
    """What can be done with it."""

    SEND = "send"
    GIVE_BACK = "give_back"
    ACCEPT = "accept"


UP_NAMES: Final[dict[UpState, str]] = {
    UpState.OPEN: "Chưa gửi trung ương",
    UpState.SENT: "Đã gửi trung ương, chờ nhận",
    UpState.RETURNED: "Trung ương trả lại",
    UpState.ACCEPTED: "Trung ương đã nhận",
}

# Read as: from this state, this move leads there. What is not listed is refused.
UP_MOVES: Final[dict[tuple[UpState, UpMove], UpState]] = {
    (UpState.OPEN, UpMove.SEND): UpState.SENT,
    (UpState.RETURNED, UpMove.SEND): UpState.SENT,
    (UpState.SENT, UpMove.GIVE_BACK): UpState.RETURNED,
    (UpState.SENT, UpMove.ACCEPT): UpState.ACCEPTED,
    # Accepted it can be opened again with a reason, as a locked return can.
    (UpState.ACCEPTED, UpMove.GIVE_BACK): UpState.RETURNED,
}

# While it stands there, the communes' returns behind it are not given back or opened.
HELD: Final = frozenset({UpState.SENT, UpState.ACCEPTED})
