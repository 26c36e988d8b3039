"""Handing a plan document in, and taking a draft back."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Length

from diaban.accounts.rules import ADD_PLAN, REVIEW_PLAN, SEE_PLAN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area, AreaName
from diaban.areas.rules.levels import full_name
from diaban.audit.services import record
from diaban.core.access import Actor, require
from diaban.core.errors import DomainError
from diaban.core.text import fold
from diaban.plans.models import Document, Plan, PlanItem
from diaban.plans.reader.documents import read_document
from diaban.plans.reader.export import to_json
from diaban.plans.rules.items import items_from
from diaban.plans.rules.states import STATE_NAMES, State
from diaban.plans.selectors import plan_open_to

# A line that holds a page number only: "7", "- 7 -", "Trang 7", "7/12".
_PAGE_NUMBER = re.compile(r"(?:trang )?[-–]?\s*\d{1,3}\s*(?:/\s*\d{1,3})?\s*[-–]?")
# From this part of equal words on, a text is taken for another copy until a person says no.
ALIKE = 0.95


class SamePlanKnown(DomainError):
    """The plan is there already, from another file. Facts: `plan`, its key."""

    code = "plans.same_plan_known"


class IssuedElsewhere(DomainError):
    """The plan was issued by another area than the one it is handed in for. Facts: `issuer`."""

    code = "plans.issued_elsewhere"


class NotADraft(DomainError):
    """A published plan is never withdrawn; it is amended or replaced by a later one."""

    code = "plans.not_a_draft"


class ReasonMissing(DomainError):
    """Taking a draft back needs a sentence that says why."""

    code = "plans.reason_missing"


def add_plan(
    *,
    actor: Actor,
    area_code: str,
    name: str,
    data: bytes,
    confirmed: bool = False,
    at: datetime,
) -> list[Plan]:
    """
    Read a document and keep what was found, one `Plan` for each plan in it.

    The same file handed in again for the same area gives the plans that are already there, so
    a double click and a second try are harmless; drafts of it that were withdrawn come back
    with what had been decided about them. `confirmed`: a person has said that it is to be taken
    though it looks like one that is there, or was issued elsewhere.

    Raises:
        Missing, NotAllowed: `actor` may not add a plan in that area.
        SamePlanKnown: the same words, or the same number, date and issuer, are there already.
        IssuedElsewhere: the issuing body stands in another area.
        DomainError: the document is not a plan, has no text, is marked secret, ... (the
            refusals of `diaban.plans.reader`); nothing is stored.
    """
    area, span = area_visible_to(actor, area_code, SEE_PLAN)
    require(actor, ADD_PLAN, span, see=SEE_PLAN)
    digest = hashlib.sha256(data).hexdigest()
    known = Plan.objects.filter(document__area=area, document__digest=digest).order_by("index")
    if found := list(known):
        return _brought_back(actor, found, area.code, at)
    # Reading takes up to seconds and needs no lock: the transaction starts after it.
    reading = read_document(data, name)
    values = to_json(reading)["plans"]
    words = words_digest(reading.text)
    if not confirmed:
        _refuse_known(area, words, values)
        _ask_about_alike(area, reading.text, values)
        _refuse_elsewhere(area, values)
    with transaction.atomic():
        document, made = Document.objects.get_or_create(
            area=area,
            digest=digest,
            defaults={
                "name": name[:200],
                "words": words,
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


@transaction.atomic
def withdraw_plan(*, actor: Actor, plan_id: int, reason: str, at: datetime) -> Plan:
    """
    Take a draft back: it stays on record with the reason and obliges nobody.

    Raises:
        Missing, NotAllowed: `actor` may not see, or not review, this plan.
        NotADraft: it is published, or was withdrawn before.
        ReasonMissing: no reason was given.
    """
    plan = plan_open_to(actor, plan_id, REVIEW_PLAN)
    if plan.state != State.READ:
        raise NotADraft(
            "Chỉ rút được bản chưa công bố. Kế hoạch đã công bố thì đưa văn bản sửa đổi hoặc thay "
            "thế vào."
        )
    because = " ".join(reason.split())[:500]
    if not because:
        raise ReasonMissing("Ghi một câu vì sao rút kế hoạch này; câu này lưu trong nhật ký.")
    changed = Plan.objects.filter(pk=plan.pk, state=State.READ).update(
        state=State.WITHDRAWN, withdrawn_because=because
    )
    if not changed:
        raise NotADraft("Kế hoạch này vừa được người khác công bố hoặc rút. Tải lại trang.")
    record(
        actor=actor,
        action="plans.plan.withdrawn",
        subject=plan,
        at=at,
        area_code=plan.area.code,
        detail={"reason": because},
    )
    plan.refresh_from_db()
    return plan


def words_digest(text: str) -> str:
    """
    Return the digest of a text's letters and digits, whatever its file or layout.

    Marks, line ends, hyphens at line ends and lines that hold no more than a page number do
    not count.
    """
    return hashlib.sha256("".join(_words(text)).encode()).hexdigest()


def alike(one: str, other: str) -> float:
    """Return the part of the words of the longer text that the other has too, from 0 to 1."""
    first, second = Counter(_words(one)), Counter(_words(other))
    longer = max(first.total(), second.total())
    return (first & second).total() / longer if longer else 1.0


def _words(text: str) -> list[str]:
    lines = [line for line in map(fold, text.splitlines()) if not _PAGE_NUMBER.fullmatch(line)]
    return re.findall(r"[^\W_]+", re.sub(r"(?<=\w)[-\u00ad]\n(?=\w)", "", "\n".join(lines)))


@transaction.atomic
def _brought_back(actor: Actor, plans: list[Plan], area_code: str, at: datetime) -> list[Plan]:
    """Make withdrawn plans of a document drafts again, as far as they were reviewed."""
    for plan in plans:
        if plan.state == State.WITHDRAWN:
            Plan.objects.filter(pk=plan.pk).update(state=State.READ, withdrawn_because="")
            record(
                actor=actor,
                action="plans.plan.brought_back",
                subject=plan,
                at=at,
                area_code=area_code,
            )
            plan.refresh_from_db()
    return plans


def _refuse_known(area: Area, words: str, values: Sequence[Mapping[str, Any]]) -> None:
    there = Plan.objects.filter(area=area).exclude(state=State.WITHDRAWN)
    known = there.filter(document__words=words).first()
    if known is None:
        signed = {_signature(one["metadata"]) for one in values} - {None}
        known = next((one for one in there if _signature(one.reading["metadata"]) in signed), None)
    if known is not None:
        raise SamePlanKnown(
            f"Kế hoạch này đã có: “{known.title}” ({known.number or 'chưa có số'}), "
            f"{STATE_NAMES[State(known.state)].lower()}. Mở bản đã có, hoặc nếu đây là kế hoạch "
            "khác thì đánh dấu xác nhận rồi bấm lại.",
            plan=known.pk,
        )


def _ask_about_alike(area: Area, text: str, values: Sequence[Mapping[str, Any]]) -> None:
    """Ask about a text of nearly the same words, unless both are signed and signed otherwise."""
    signed = {_signature(one["metadata"]) for one in values}
    there = Plan.objects.filter(area=area).exclude(state=State.WITHDRAWN)
    length = len(text)
    near = (
        there.annotate(length=Length("document__text"))
        .filter(length__gte=length * 4 // 5, length__lte=length * 5 // 4)
        .select_related("document")
        .order_by("-document__added_at", "pk")
    )
    for plan in near:
        known = _signature(plan.reading["metadata"])
        if known is not None and None not in signed and known not in signed:
            continue
        part = alike(text, plan.document.text)
        if part >= ALIKE:
            raise SamePlanKnown(
                f"Văn bản này giống {int(part * 100)}% số từ với kế hoạch đã có: “{plan.title}” "
                f"({plan.number or 'chưa có số'}), {STATE_NAMES[State(plan.state)].lower()}. "
                "Mở bản đã có, hoặc nếu đây là kế hoạch khác thì đánh dấu xác nhận rồi bấm lại.",
                plan=plan.pk,
            )


def _signature(metadata: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return number, day and issuer, by which a signed plan is the same in any file."""
    day = metadata.get("date") or {}
    if not metadata.get("number") or not all(day.get(part) for part in ("day", "month", "year")):
        return None
    return (
        fold(metadata["number"]),
        f"{day['year']}-{day['month']}-{day['day']}",
        fold(metadata.get("issuer") or ""),
    )


def _refuse_elsewhere(area: Area, values: Sequence[Mapping[str, Any]]) -> None:
    for one in values:
        place = one["metadata"].get("area") or ""
        if place and not _is_called(area, place):
            issuer = one["metadata"].get("issuer") or place
            raise IssuedElsewhere(
                f"Văn bản do {issuer} ban hành, còn tài khoản này đưa kế hoạch vào cho "
                f"{area.full_name}. Nếu đúng là kế hoạch của {area.full_name} thì đánh dấu "
                "xác nhận rồi bấm lại.",
                issuer=issuer,
            )


def _is_called(area: Area, place: str) -> bool:
    """Return whether `place` is a name of the area, of today or before, or of what it came from."""
    wanted = fold(place)
    names = AreaName.objects.filter(Q(area=area) | Q(area__became__new=area))
    return any(
        wanted in (fold(full_name(word, name)), fold(name))
        for word, name in names.values_list("type", "name")
    )


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
