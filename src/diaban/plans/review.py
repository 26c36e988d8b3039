"""
What people do with what was read, one decision at a time.

How one is kept, and how whoever comes second on the same item is told, is in `deciding`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from django.db import transaction
from django.db.models import Max

from diaban.core.access import Actor
from diaban.core.errors import DomainError
from diaban.plans.deciding import (
    Decided,
    answered,
    decide,
    kept,
    memory,
    open_item,
    open_plan,
    remember,
    write,
)
from diaban.plans.models import Change, Plan, PlanItem
from diaban.plans.rules.items import Decision, Kind, cut, halves, joined
from diaban.plans.rules.typed import Fault, read_typed


class NothingToUndo(DomainError):
    """This person has no decision left to take back, or others have built on it."""

    code = "plans.nothing_to_undo"


class CannotSplit(DomainError):
    """The item's words were not cut into at least two parts."""

    code = "plans.cannot_split"


class CannotMerge(DomainError):
    """There is no neighbour of the same kind to merge with."""

    code = "plans.cannot_merge"


class NothingSelected(DomainError):
    """An item to add needs words of the document, or a sentence."""

    code = "plans.nothing_selected"


class BadItem(DomainError):
    """What was typed for an item cannot be taken; facts `faults` name the fields."""

    code = "plans.bad_item"


def confirm_item(
    *, actor: Actor, plan_id: int, item_id: int, revision: int, client_key: str = "", at: datetime
) -> Decided:
    """
    Take an item as it was read.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not review, this plan.
        ReviewClosed: the plan is published.
        ItemChanged: the item is no longer at `revision`.
    """
    return decide(actor, plan_id, item_id, revision, client_key, at, "confirm", kept)


def reject_item(
    *, actor: Actor, plan_id: int, item_id: int, revision: int, client_key: str = "", at: datetime
) -> Decided:
    """Say that an item is none; raises what `confirm_item` raises."""
    return decide(
        actor, plan_id, item_id, revision, client_key, at, "reject",
        lambda _item: Decision.REJECTED,
    )  # fmt: skip


def edit_item(
    *,
    actor: Actor,
    plan_id: int,
    item_id: int,
    revision: int,
    typed: Mapping[str, str],
    client_key: str = "",
    at: datetime,
) -> Decided:
    """
    Correct an item and take it; what was read stays beside it.

    Raises what `confirm_item` raises, and BadItem: a field cannot be taken as typed.
    """

    def corrected(item: PlanItem) -> Decision:
        value, faults = read_typed(Kind(item.kind), typed, item.value)
        _refuse(faults)
        item.value = value
        return kept(item)

    return decide(actor, plan_id, item_id, revision, client_key, at, "edit", corrected)


def split_item(
    *,
    actor: Actor,
    plan_id: int,
    item_id: int,
    revision: int,
    cuts: Sequence[int] = (),
    client_key: str = "",
    at: datetime,
) -> Decided:
    """
    Cut an item into parts that are taken as they are; each keeps its own words.

    `cuts` are offsets in the item's words; without them it is cut where it falls apart by
    itself (`rules.items.cut`).

    Raises what `confirm_item` raises, and CannotSplit.
    """
    with transaction.atomic():
        plan = open_plan(actor, plan_id)
        if again := answered(plan, client_key):
            return again
        item = open_item(plan, item_id, revision)
        words = plan.document.text[item.start : item.end]
        pieces = _pieces(words, cuts)
        if len(pieces) < 2:
            raise CannotSplit(
                "Đoạn này không tự tách được. Gõ dấu | vào chỗ tách, giữa hai việc, rồi bấm Tách."
            )
        texts = [words[first:last] for first, last in pieces]
        before = [memory(item)]
        values = halves(item.value, texts)
        item.decision = Decision.SPLIT
        write(item, revision, actor, at)
        parts = [
            PlanItem(
                plan=plan,
                kind=item.kind,
                ordinal=item.ordinal,
                section=item.section,
                start=item.start + first,
                end=item.start + last,
                read_value=item.read_value,
                value=value,
                decision=Decision.EDITED,
                decided_by=actor.name,
                decided_at=at,
                part_of=item,
            )
            for (first, last), value in zip(pieces, values, strict=True)
        ]
        PlanItem.objects.bulk_create(parts)
        change = remember(actor, plan, "split", at, before, [item], parts, client_key)
        return Decided(parts[0], change)


def merge_items(
    *, actor: Actor, plan_id: int, item_ids: Sequence[int], revisions: Sequence[int],
    client_key: str = "", at: datetime,
) -> Decided:  # fmt: skip
    """
    Make one item of several of the same kind and take it; nothing of any of them is lost.

    Raises what `confirm_item` raises, and CannotMerge.
    """
    with transaction.atomic():
        plan = open_plan(actor, plan_id)
        if again := answered(plan, client_key):
            return again
        items = [
            open_item(plan, one, revision)
            for one, revision in zip(item_ids, revisions, strict=True)
        ]
        if len(items) < 2 or len({item.kind for item in items}) > 1:
            raise CannotMerge("Chọn ít nhất hai mục cùng loại để gộp.")
        items.sort(key=lambda one: (one.start, one.end))
        before = [memory(item) for item in items]
        whole = PlanItem.objects.create(
            plan=plan,
            kind=items[0].kind,
            ordinal=items[0].ordinal,
            section=items[0].section,
            start=items[0].start,
            end=max(item.end for item in items),
            read_value=items[0].read_value,
            value=joined([item.value for item in items]),
            decision=Decision.EDITED,
            decided_by=actor.name,
            decided_at=at,
        )
        for item in items:
            revision = item.revision
            item.merged_into = whole
            item.decision = Decision.MERGED
            write(item, revision, actor, at)
        change = remember(actor, plan, "merge", at, before, items, [whole], client_key)
        return Decided(whole, change)


def add_item(
    *,
    actor: Actor,
    plan_id: int,
    kind: Kind,
    start: int,
    end: int,
    typed: Mapping[str, str],
    client_key: str = "",
    at: datetime,
) -> Decided:
    """
    Add an item that was not read; `start` and `end` are its words (equal when there are none).

    Raises what `confirm_item` raises but ItemChanged; NothingSelected; BadItem.
    """
    with transaction.atomic():
        plan = open_plan(actor, plan_id)
        if again := answered(plan, client_key):
            return again
        length = len(plan.document.text)
        start, end = max(0, min(start, length)), max(0, min(end, length))
        given = dict(typed)
        if not given.get("what", "").strip():
            given["what"] = plan.document.text[start:end]
        if not given["what"].strip():
            raise NothingSelected(
                "Chưa có câu nào. Chọn đoạn văn ở bên trái rồi bấm N, hoặc gõ nội dung."
            )
        value, faults = read_typed(kind, given, {})
        _refuse(faults)
        last = plan.items.filter(kind=kind).aggregate(top=Max("ordinal"))["top"] or 0
        item = PlanItem.objects.create(
            plan=plan,
            kind=kind,
            ordinal=last + 1,
            section=_section(plan, start),
            start=start,
            end=max(start, end),
            read_value=None,
            value=value,
            decision=Decision.ADDED,
            decided_by=actor.name,
            decided_at=at,
        )
        change = remember(actor, plan, "add", at, [], [], [item], client_key)
        return Decided(item, change)


@transaction.atomic
def undo(*, actor: Actor, plan_id: int, client_key: str = "", at: datetime) -> PlanItem:
    """
    Take back this person's newest decision that still stands; others' stay untouched.

    Raises:
        Missing, NotAllowed, ReviewClosed: as for `confirm_item`.
        NothingToUndo: there is none, or somebody has since changed what it made.
    """
    plan = open_plan(actor, plan_id)
    changes = plan.changes.filter(actor_id=actor.id)
    if client_key and (again := changes.filter(client_key=client_key).first()):
        return PlanItem.objects.get(pk=again.after["item"])
    last = changes.filter(undone=False).exclude(action="undo").order_by("-pk").first()
    if last is None:
        raise NothingToUndo("Bạn chưa có quyết định nào để hoàn tác.")
    held = {one.pk: one for one in plan.items.filter(pk__in=[m["id"] for m in last.before])}
    made = list(plan.items.filter(pk__in=last.made))
    stands = all(
        held[int(key)].revision == revision for key, revision in last.after.items()
    ) and all(one.revision == 0 for one in made)
    if not stands:
        raise NothingToUndo(
            "Mục này đã được người khác sửa tiếp nên không hoàn tác được. Sửa thẳng ở mục đó."
        )
    for was in last.before:
        item = held[was["id"]]
        revision = item.revision
        item.decision, item.value = was["decision"], was["value"]
        item.merged_into_id = was["merged_into"]
        write(item, revision, actor, at, by=was["by"])
    shown = next(iter(held.values()), None)
    if shown is None:
        shown = plan.items.exclude(pk__in=last.made).order_by("start").first()
    plan.items.filter(pk__in=last.made).delete()
    Change.objects.filter(pk=last.pk).update(undone=True)
    if shown is None:
        raise NothingToUndo("Bạn chưa có quyết định nào để hoàn tác.")
    Change.objects.create(
        plan=plan, actor_id=actor.id, actor_name=actor.name, action="undo", at=at,
        after={"item": shown.pk}, client_key=client_key,
    )  # fmt: skip
    return shown


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise BadItem(
            faults[0].sentence, faults=[(fault.field, fault.sentence) for fault in faults]
        )


def _pieces(words: str, cuts: Sequence[int]) -> list[tuple[int, int]]:
    if not cuts:
        return cut(words)
    edges = [0, *sorted({at for at in cuts if 0 < at < len(words)}), len(words)]
    return [(first, last) for first, last in pairwise(edges) if words[first:last].strip(" ;.,-")]


def _section(plan: Plan, at: int) -> str:
    before = [one for one in plan.reading["sections"] if one["span"][0] <= at]
    return str(before[-1]["label"])[:60] if before else ""
