"""Words about plans."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How far a plan has come; nothing is published unconfirmed."""

    READ = "read"
    PUBLISHED = "published"


STATE_NAMES: Final[dict[State, str]] = {
    State.READ: "Đã đọc, chờ xác nhận",
    State.PUBLISHED: "Đã công bố",
}
