"""
One decision of the review of a plan: what it is about, how it is kept, how it is told twice.

A decision is a guarded update of each item it touches and one `Change` with what it takes to
undo it. The same request again is given the same answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from diaban.accounts.rules import REVIEW_PLAN
from diaban.audit.services import record
from diaban.core.access import Actor, Missing
from diaban.core.errors import DomainError
from diaban.plans.models import Change, Plan, PlanItem
from diaban.plans.rules.items import DISSOLVED, Decision
from diaban.plans.rules.states import State
from diaban.plans.selectors import plan_open_to


class ItemChanged(DomainError):
    """Somebody else decided about this item after the page was opened."""

    code = "plans.item_changed"


class ReviewClosed(DomainError):
    """The plan is published: its items no longer change."""

    code = "plans.review_closed"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision led to: the item it was about (or the first that it made)."""

    item: PlanItem
    change: Change


def decide(
    actor: Actor,
    plan_id: int,
    item_id: int,
    revision: int,
    client_key: str,
    at: datetime,
    action: str,
    change: Callable[[PlanItem], Decision],
) -> Decided:
    """Alter one item by `change`, which returns what becomes of it; raises what these raise."""
    with transaction.atomic():
        plan = open_plan(actor, plan_id)
        if again := answered(plan, client_key):
            return again
        item = open_item(plan, item_id, revision)
        before = [memory(item)]
        item.decision = change(item)
        write(item, revision, actor, at)
        done = remember(actor, plan, action, at, before, [item], [], client_key)
        return Decided(item, done)


def open_plan(actor: Actor, plan_id: int) -> Plan:
    """
    Return a plan whose items may still be decided about.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not review, this plan.
        ReviewClosed: the plan is published.
    """
    plan = plan_open_to(actor, plan_id, REVIEW_PLAN, bare=True)
    if plan.state != State.READ:
        raise ReviewClosed(
            "Kế hoạch này đã công bố nên không sửa mục nữa. Muốn đổi, đưa văn bản sửa đổi vào."
        )
    return plan


def open_item(plan: Plan, item_id: int, revision: int) -> PlanItem:
    """
    Return an item as it was when the page was made.

    Raises:
        Missing: the plan has no such item.
        ItemChanged: it is no longer at `revision`, or went into others.
    """
    item = plan.items.filter(pk=item_id).first()
    if item is None:
        raise Missing("Không tìm thấy mục này trong kế hoạch; có thể người khác đã hoàn tác.")
    if item.revision != revision or item.decision in DISSOLVED:
        raise ItemChanged(
            f"{item.decided_by or 'Người khác'} vừa xử lý mục này. Trang đã mở bản mới nhất; "
            "xem lại rồi quyết định.",
            item=item.pk,
            revision=item.revision,
        )
    return item


def kept(item: PlanItem) -> Decision:
    """Return how an item stands in the programme: as it was read, corrected, or added."""
    if item.read_value is None:
        return Decision.ADDED
    unchanged = item.value == item.read_value and item.part_of_id is None
    return Decision.CONFIRMED if unchanged else Decision.EDITED


def write(item: PlanItem, revision: int, actor: Actor, at: datetime, by: str | None = None) -> None:
    """Store an item as its next revision; a guarded update, so that no decision is lost."""
    item.revision = revision + 1
    item.decided_by, item.decided_at = (actor.name if by is None else by), at
    changed = PlanItem.objects.filter(pk=item.pk, revision=revision).update(
        decision=item.decision,
        value=item.value,
        merged_into=item.merged_into_id,
        revision=item.revision,
        decided_by=item.decided_by,
        decided_at=item.decided_at,
    )
    if not changed:
        raise ItemChanged("Có người vừa xử lý mục này. Tải lại trang để xem.", item=item.pk)


def memory(item: PlanItem) -> dict[str, Any]:
    """Return what it takes to put an item back."""
    return {
        "id": item.pk,
        "decision": item.decision,
        "value": item.value,
        "merged_into": item.merged_into_id,
        "by": item.decided_by,
    }


def remember(
    actor: Actor,
    plan: Plan,
    action: str,
    at: datetime,
    before: list[dict[str, Any]],
    changed: Sequence[PlanItem],
    made: Sequence[PlanItem],
    client_key: str,
) -> Change:
    """Keep a decision with what was `before`, and write it into the log."""
    change = Change.objects.create(
        plan=plan,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        at=at,
        before=before,
        after={str(item.pk): item.revision for item in changed},
        made=[item.pk for item in made],
        client_key=client_key,
    )
    subject = (made or changed)[0]
    record(
        actor=actor,
        action=f"plans.item.{action}",
        subject=subject,
        at=at,
        area_code=plan.area.code,
        detail={"plan": plan.pk, "items": [m["id"] for m in before]},
    )
    return change


def answered(plan: Plan, client_key: str) -> Decided | None:
    """Return the answer that the first of two equal requests was given."""
    if not client_key:
        return None
    change = plan.changes.filter(client_key=client_key).first()
    if change is None:
        return None
    key = change.made[0] if change.made else int(next(iter(change.after)))
    return Decided(PlanItem.objects.get(pk=key), change)
