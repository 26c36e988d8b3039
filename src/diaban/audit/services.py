"""Writing the log, and checking it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models

from diaban.audit.models import ChainEnd, Entry
from diaban.audit.rules import FIRST, first_break, seal
from diaban.core.access import Actor
from diaban.storage.prepared import insert

_COUNT_UP = (
    "INSERT INTO audit_chainend (id, entries) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET entries = audit_chainend.entries + 1"
)
_NEWEST_SEAL = "SELECT seal FROM audit_entry ORDER BY id DESC LIMIT 1"


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model,
    at: datetime,
    area_code: str = "",
    detail: Mapping[str, Any] | None = None,
) -> Entry:
    """
    Append to the log, inside the transaction of the thing that was done.

    Cost: two statements; three on PostgreSQL, where the newest seal may only be read once the
    turn at the end of the chain has been taken.
    """
    newest = _newest_seal()
    entry = Entry(
        at=at,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        area_code=area_code,
        detail=dict(detail or {}),
    )
    entry.seal = seal(newest, _sealed(entry))
    insert(entry)
    return entry


def _newest_seal() -> str:
    """Count one entry more, which takes the turn to write it; return the seal it follows."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_COUNT_UP)
            cursor.execute(_NEWEST_SEAL)
        else:
            cursor.execute(f"{_COUNT_UP} RETURNING ({_NEWEST_SEAL})")
        row = cursor.fetchone()
    return (row and row[0]) or FIRST


def lost_at_the_end() -> int:
    """Return how many entries are gone from the newest end of the log. Two statements."""
    written = ChainEnd.objects.values_list("entries", flat=True).filter(pk=1).first()
    return (written or 0) - Entry.objects.count()


def broken_at() -> int | None:
    """Return the key of the first entry that was changed or lost, or None when all hold."""
    return first_break(_chain())


def _chain() -> Iterator[tuple[int, Mapping[str, Any], str]]:
    for entry in Entry.objects.order_by("pk").iterator(chunk_size=2000):
        yield entry.pk, _sealed(entry), entry.seal


def _sealed(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at.timestamp(),
        "actor": entry.actor_id,
        "name": entry.actor_name,
        "action": entry.action,
        "subject": entry.subject,
        "area": entry.area_code,
        "detail": entry.detail,
    }
