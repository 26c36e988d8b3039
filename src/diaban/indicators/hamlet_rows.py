"""
What becomes of returns when a commune's hamlets change.

A return that is open gets a row for a new hamlet and closes that of an ended one; what was typed
for hamlets that merge is added up in the row of their heir, so the sum over the commune stays.
A return that was sent stands as it was signed: hamlets do not change before its period is over.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from django.dispatch import receiver

from diaban.areas.models import Area
from diaban.areas.signals import HamletNews, hamlets_changed
from diaban.core.errors import DomainError
from diaban.indicators.models import Return
from diaban.indicators.rules.entry import Cell, Document, decode, encode
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.services import roster_for, write_revision
from diaban.indicators.windows import window_called


class ReturnsInTheWay(DomainError):
    """Returns that were sent cover the day from which hamlets would change. Facts: `returns`."""

    code: ClassVar[str] = "returns_in_the_way"


@receiver(hamlets_changed)
def follow(news: HamletNews, **_: Any) -> None:
    """Bring the open returns of the commune in line with its hamlets."""
    found = [
        stored
        for stored in Return.objects.select_for_update(of=("self",))
        .filter(area=news.commune_id)
        .select_related("roster", "version", "area")
        .order_by("period", "form")
        if window_called(stored.period).end >= news.on_day
    ]
    sent = [stored for stored in found if State(stored.state) in COUNTED]
    if sent:
        periods = ", ".join(dict.fromkeys(window_called(one.period).title for one in sent))
        last = max(window_called(one.period).end for one in sent)
        raise ReturnsInTheWay(
            f"Biểu {periods} đã gửi với danh sách thôn, tổ dân phố cũ. Chọn ngày hiệu lực sau "
            f"{last:%d/%m/%Y}, hoặc đề nghị trả lại biểu rồi làm lại.",
            returns=[one.period for one in sent],
        )
    commune = Area.objects.get(pk=news.commune_id)
    for stored in found:
        roster = roster_for(commune, window_called(stored.period).end, news.at)
        if roster == stored.roster:
            continue
        stored.roster = roster
        stored.document = moved(stored.document, roster.hamlet_codes, news.heirs)
        stored.unread = _kept(stored.unread, roster.hamlet_codes)
        stored.remarks = _kept(stored.remarks, roster.hamlet_codes)
        Return.objects.filter(pk=stored.pk).update(roster=roster)
        write_revision(news.actor, stored, news.at, "Danh sách thôn, tổ dân phố thay đổi")


def moved(document: Document, roster: Sequence[str], heirs: Mapping[str, str]) -> Document:
    """
    Return a document whose hamlets are those of `roster`.

    Rows of ended hamlets are added to those of their heirs; without an heir they go.
    """
    rows: dict[str, dict[str, Cell]] = document.get("hamlets", {})
    joined: dict[str, list[dict[str, Cell]]] = {code: [] for code in roster}
    for code, row in rows.items():
        home = code if code in joined else heirs.get(code, "")
        if home in joined:
            joined[home].append(row)
    hamlets = {code: _added(found) for code, found in joined.items() if found}
    kept = {**document, "hamlets": hamlets}
    if "why" in document:
        kept["why"] = _kept(document["why"], roster)
    return kept


def _added(rows: Sequence[Mapping[str, Cell]]) -> dict[str, Cell]:
    if len(rows) == 1:
        return dict(rows[0])
    codes = dict.fromkeys(code for row in rows for code in row)
    return {code: _sum([row.get(code) for row in rows]) for code in codes}


def _sum(cells: Sequence[Cell]) -> Cell:
    """
    Return cells of hamlets that merge as one.

    Numbers are added; where one of them is not there yet the sum would be of a part only, so it
    is missing and asked for again. What does not apply to one adds nothing.
    """
    values = [decode(cell) for cell in cells]
    if any(isinstance(value, bool) for value in values):
        return cells[0] if len(set(cells)) == 1 else None
    numbers = [value for value in values if isinstance(value, int | Decimal)]
    absent = {cell for cell, value in zip(cells, values, strict=True) if value not in numbers}
    if not numbers:
        return cells[0] if len(absent) == 1 else None
    if any(cell != "KAD" for cell in absent):
        return None
    total = sum(numbers)
    return encode(total if isinstance(total, int) else Decimal(total))


def _kept(cells: Mapping[str, Any], roster: Sequence[str]) -> dict[str, Any]:
    """Return what is kept by cell name, without the rows of hamlets that are gone."""
    living = set(roster)
    return {
        name: value
        for name, value in cells.items()
        if "." not in name or name.partition(".")[2] in living
    }
