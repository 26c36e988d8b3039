"""Words about plans."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How far a plan has come; nothing is published unconfirmed."""

    READ = "read"
    PUBLISHED = "published"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Final[dict[State, str]] = {
    State.READ: "Đã đọc, chờ xác nhận",
    State.PUBLISHED: "Đã công bố",
    State.REPLACED: "Đã có kế hoạch thay thế",
    State.WITHDRAWN: "Đã rút, không dùng",
}


class Succession(StrEnum):
    """What a new plan does to an earlier one of the same area."""

    AMENDS = "amends"
    REPLACES = "replaces"


SUCCESSION_NAMES: Final[dict[Succession, str]] = {
    Succession.AMENDS: "sửa đổi, bổ sung",
    Succession.REPLACES: "thay thế",
}
