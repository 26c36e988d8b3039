"""What the area above may do with a return that was sent, on the page of the return."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from diaban.accounts.rules import APPROVE_RETURN, GIVE_BACK_RETURN, LOCK_RETURN
from diaban.areas.models import Area
from diaban.core.access import Actor, Span, may
from diaban.core.periods import Period
from diaban.indicators.models import Return
from diaban.indicators.review import sent_up
from diaban.indicators.rules.returns import MOVES, Move, State
from diaban.web.entry_words import short_name

MOST_PICKED: Final = 50
_RIGHTS: Final = {
    Move.APPROVE: APPROVE_RETURN,
    Move.GIVE_BACK: GIVE_BACK_RETURN,
    Move.LOCK: LOCK_RETURN,
    Move.UNLOCK: LOCK_RETURN,
}


class Reviewing:
    """One person before one return; built once a request."""

    def __init__(
        self, actor: Actor, area: Area, span: Span, period: Period, stored: Return | None
    ) -> None:
        self._stored = stored
        where = [area.code, period.label]
        self._url, self._page = reverse("web:review", args=where), reverse("web:return", args=where)
        state = State(stored.state) if stored else State.DRAFT
        moves = {
            move
            for move, right in _RIGHTS.items()
            if (state, move) in MOVES and may(actor, right, span)
        }
        changing = moves & {Move.GIVE_BACK, Move.UNLOCK}
        # What the nation has taken over is neither given back nor opened below it.
        self._held = (
            bool(changing) and stored is not None and sent_up(actor, span, period, stored.form)
        )
        self._moves = moves - changing if self._held else moves
        self._quality = reverse("web:quality-of", args=where) if stored is not None else ""

    @property
    def _notes(self) -> bool:
        """Whether a sentence can be written beside a single cell."""
        return bool(self._moves & {Move.GIVE_BACK, Move.APPROVE})

    def link_of(self, name: str, picked: Sequence[str]) -> str:
        """
        Return where a cell that was sent leads: to a line about it, else to its history.

        Empty for a return that has no revision.
        """
        if self._stored is None or not self._stored.revision:
            return ""
        if self._notes:
            more = [*picked, name] if name not in picked else picked
            return f"?{urlencode([('cell', one) for one in more[-MOST_PICKED:]])}#review"
        return f"{self._page}revisions/?cell={name}"

    def context(
        self, picked: Sequence[str], known: Collection[str], hamlets: Mapping[str, str], whole: str
    ) -> dict[str, Any] | None:
        """
        Return the context of `entry_review.html`, None where this person may do nothing.

        `picked` are the cells that lines are begun for; those that are not `known` are left out.
        """
        if self._stored is None or not (self._moves or self._held):
            return None
        return {
            "url": self._url,
            "quality_url": self._quality,
            "held": _("Số liệu kỳ này của tỉnh đã gửi trung ương nên biểu giữ nguyên.")
            if self._held
            else "",
            "notes": self._notes,
            **{move.value: True for move in self._moves},
            "lines": [
                {
                    "name": name,
                    "place": f"{hamlets.get(row, whole)}, {short_name(code)}",
                    "text": self._stored.remarks.get(name, ""),
                    "history_url": f"{self._page}revisions/?cell={name}",
                }
                for name in dict.fromkeys(picked)
                if name in known
                for code, _dot, row in [name.partition(".")]
            ],
            "history_url": f"{self._page}revisions/",
        }
