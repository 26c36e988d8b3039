"""Writing the log, and checking it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models

from diaban.audit.models import Entry
from diaban.audit.rules import FIRST, first_break, seal
from diaban.core.access import Actor

# One number for "the end of the audit chain"; PostgreSQL's advisory locks are plain integers.
_CHAIN_LOCK = 5_319_701


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

    Cost: two statements (three on PostgreSQL, which has to take turns; on SQLite the
    IMMEDIATE transaction has already done so).
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN_LOCK])
    entry = Entry(
        at=at,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject=f"{subject._meta.label_lower}:{subject.pk}",
        area_code=area_code,
        detail=dict(detail or {}),
    )
    last = Entry.objects.order_by("-pk").values_list("seal", flat=True).first()
    entry.seal = seal(last or FIRST, _sealed(entry))
    entry.save(force_insert=True)
    return entry


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
