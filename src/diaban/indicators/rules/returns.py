"""The life of a return: its states, its moves, when it is due."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final


class State(StrEnum):
    """Where a return stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    LOCKED = "locked"


class Move(StrEnum):
    """What can be done with a return."""

    SAVE = "save"
    SUBMIT = "submit"
    GIVE_BACK = "give_back"
    APPROVE = "approve"
    LOCK = "lock"
    UNLOCK = "unlock"


STATE_NAMES: Final[dict[State, str]] = {
    State.DRAFT: "Đang nhập",
    State.SUBMITTED: "Đã gửi, chờ duyệt",
    State.RETURNED: "Bị trả lại",
    State.APPROVED: "Đã duyệt",
    State.LOCKED: "Đã chốt",
}

# Read as: from this state, this move leads there. What is not listed is refused.
MOVES: Final[dict[tuple[State, Move], State]] = {
    (State.DRAFT, Move.SAVE): State.DRAFT,
    (State.RETURNED, Move.SAVE): State.RETURNED,
    (State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Move.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Move.GIVE_BACK): State.RETURNED,
    (State.APPROVED, Move.GIVE_BACK): State.RETURNED,
    (State.SUBMITTED, Move.APPROVE): State.APPROVED,
    (State.APPROVED, Move.LOCK): State.LOCKED,
    # Opened again it is approved, so that it can be given back; the total does not move.
    (State.LOCKED, Move.UNLOCK): State.APPROVED,
}

# Only these are in a total: a draft is nobody's figure yet, and one that was given back is
# in doubt (docs/decisions/0005).
COUNTED: Final = frozenset({State.SUBMITTED, State.APPROVED, State.LOCKED})


def due_on(period_end: date, due_days: int) -> date:
    """
    Return the last day on which a return is in time: `due_days` days after the period's end.

    Source: the form's own rule; the police's monthly statistics go up between the 16th and
    the 20th (Circular 13/2022/TT-BCA).
    """
    return period_end + timedelta(days=due_days)
