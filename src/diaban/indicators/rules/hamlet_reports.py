"""The life of a hamlet's report: filled in by its head, sent to the commune, perhaps given back."""

from enum import StrEnum
from typing import Final


class ReportState(StrEnum):
    """Where a hamlet's report stands."""

    DRAFT = "draft"
    SENT = "sent"
    RETURNED = "returned"


class ReportMove(StrEnum):
    """What can be done with a hamlet's report."""

    SAVE = "save"
    SEND = "send"
    GIVE_BACK = "give_back"


# Read as: from this state, this move leads there. What is not listed is refused.
REPORT_MOVES: Final[dict[tuple[ReportState, ReportMove], ReportState]] = {
    (ReportState.DRAFT, ReportMove.SAVE): ReportState.DRAFT,
    (ReportState.RETURNED, ReportMove.SAVE): ReportState.RETURNED,
    (ReportState.DRAFT, ReportMove.SEND): ReportState.SENT,
    (ReportState.RETURNED, ReportMove.SEND): ReportState.SENT,
    (ReportState.SENT, ReportMove.GIVE_BACK): ReportState.RETURNED,
}
