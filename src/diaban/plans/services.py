"""Handing a plan document in."""

import hashlib
from collections import Counter
from datetime import datetime

from django.db import transaction

from diaban.accounts.rules import ADD_PLAN, SEE_PLAN
from diaban.accounts.scopes import area_visible_to
from diaban.audit.services import record
from diaban.core.access import Actor, require
from diaban.plans.models import Document, Plan, PlanItem
from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json
from diaban.plans.rules.items import items_from
from diaban.plans.rules.states import State


def add_plan(*, actor: Actor, area_code: str, name: str, data: bytes, at: datetime) -> list[Plan]:
    """
    Read a document and keep what was found, one `Plan` for each plan in it.

    The same file handed in again for the same area gives the plans that are already there, so
    a double click and a second try are harmless.

    Raises:
        Missing, NotAllowed: `actor` may not add a plan in that area.
        DomainError: the document is not a plan, has no text, is marked secret, ... (the
            refusals of `diaban.plans.reader`); nothing is stored.
    """
    area, span = area_visible_to(actor, area_code, SEE_PLAN)
    require(actor, ADD_PLAN, span, see=SEE_PLAN)
    digest = hashlib.sha256(data).hexdigest()
    known = Plan.objects.filter(document__area=area, document__digest=digest).order_by("index")
    if found := list(known):
        return found
    # Reading takes up to seconds and needs no lock: the transaction starts after it.
    reading = read_document(data, name)
    values = to_json(reading)["plans"]
    with transaction.atomic():
        document, made = Document.objects.get_or_create(
            area=area,
            digest=digest,
            defaults={
                "name": name[:200],
                "text": reading.text,
                "added_at": at,
                "added_by": actor.name,
            },
        )
        if not made:
            return list(known.all())
        plans = [
            Plan(
                document=document,
                index=index,
                area=area,
                title=(plan["metadata"].get("title") or name)[:500],
                number=plan["metadata"].get("number") or "",
                issuer=plan["metadata"].get("issuer") or "",
                reading=plan,
                state=State.READ,
            )
            for index, plan in enumerate(values)
        ]
        Plan.objects.bulk_create(plans)
        PlanItem.objects.bulk_create(item for plan in plans for item in _items(plan, reading.text))
        record(
            actor=actor,
            action="plans.document.added",
            subject=document,
            at=at,
            area_code=area.code,
            detail={"plans": len(plans), "digest": digest},
        )
    return list(known.all())


def _items(plan: Plan, text: str) -> list[PlanItem]:
    counts: Counter[str] = Counter()
    items = []
    for draft in items_from(plan.reading, text):
        counts[draft.kind] += 1
        items.append(
            PlanItem(
                plan=plan,
                kind=draft.kind,
                ordinal=counts[draft.kind],
                section=draft.section[:60],
                start=draft.start,
                end=draft.end,
                read_value=draft.value,
                value=draft.value,
                warned=draft.warned,
            )
        )
    return items
