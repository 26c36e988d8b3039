"""
Carrying a reorganisation out: look at it, publish it, undo it.

What it does to the units is decided by `rules.changes`; here it is read, written and put back.
Modules above hear of it through `signals`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from diaban.areas.change_reading import (
    keys_carried,
    keys_made,
    keys_named,
    operations_of,
    planned_of,
    reach_of,
    reach_of_journal,
)
from diaban.areas.change_rights import change_open_to, home_of, require_all
from diaban.areas.charges import list_loaded_since
from diaban.areas.effects import asked, own_effects
from diaban.areas.journal import Journal, UndoBlocked, undo
from diaban.areas.models import Change
from diaban.areas.naming import keep_former
from diaban.areas.remapping import write
from diaban.areas.rules.documents import operation_as_json
from diaban.areas.rules.operations import KIND_NAMES, Operation, Planned, Problem, Unit
from diaban.areas.signals import (
    Effect,
    Reach,
    Settled,
    change_published,
    change_undoing,
    change_undone,
)
from diaban.audit.services import record
from diaban.core.access import Actor, Missing
from diaban.core.errors import DomainError


class BadChange(DomainError):
    """Lines of a change cannot be done; all are named. Facts: `problems`."""

    code = "bad_change"


class ChangeBlocked(DomainError):
    """Something kept elsewhere must be settled before. Facts: `effects`."""

    code = "change_blocked"


class ChangeNotOpen(DomainError):
    """The change was published or undone already, or a later one rests on it."""

    code = "change_not_open"


@dataclass(frozen=True, slots=True)
class Preview:
    """
    What publishing would do: the problems, the plan, and the effects beyond the map.

    `units` are those of the map it starts from.
    """

    planned: Planned
    effects: tuple[Effect, ...]
    units: Mapping[int, Unit]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong; empty when it can be published."""
        return self.planned.problems

    @property
    def blocking(self) -> tuple[Effect, ...]:
        """Return what must be settled first."""
        return tuple(effect for effect in self.effects if effect.blocks)


@transaction.atomic
def draft_change(
    *,
    actor: Actor,
    effective_on: date,
    basis: str,
    operations: Sequence[Operation],
    client_key: str,
    at: datetime,
) -> Change:
    """
    Keep a change as a draft; it may still be wrong. The same client key gives the same draft.

    Raises:
        Missing, NotAllowed: `actor` may not reorganise a unit that is touched.
        BadChange: the legal basis is missing.
    """
    if not basis.strip():
        problem = Problem(0, "basis", "Chưa ghi căn cứ pháp lý (số nghị quyết).")
        raise BadChange(problem.sentence, problems=[problem.sentence])
    touched = require_all(actor, operations)
    change, _ = Change.objects.get_or_create(
        client_key=client_key,
        defaults={
            "effective_on": effective_on,
            "basis": basis.strip(),
            "operations": [operation_as_json(one) for one in operations],
            "area_id": home_of(actor, touched),
            "drafted_by": actor.name,
            "drafted_at": at,
        },
    )
    return change


@transaction.atomic
def redraft_change(
    *,
    actor: Actor,
    change_id: int,
    effective_on: date,
    basis: str,
    operations: Sequence[Operation],
    at: datetime,
) -> Change:
    """
    Give a draft another day, another basis or other operations.

    Raises:
        Missing, NotAllowed: `actor` may not reorganise a unit that is or was touched.
        BadChange: the legal basis is missing.
        ChangeNotOpen: it is no draft any more.
    """
    change = _locked(change_id)
    require_all(actor, operations_of(change))
    if change.state != Change.State.DRAFT:
        raise ChangeNotOpen("Chỉ sửa được bản thảo. Hãy lập thay đổi mới.")
    if not basis.strip():
        problem = Problem(0, "basis", "Chưa ghi căn cứ pháp lý (số nghị quyết).")
        raise BadChange(problem.sentence, problems=[problem.sentence])
    touched = require_all(actor, operations)
    change.effective_on, change.basis = effective_on, basis.strip()
    change.operations = [operation_as_json(one) for one in operations]
    change.area_id = home_of(actor, touched)
    change.drafted_by, change.drafted_at = actor.name, at
    change.save()
    return change


@transaction.atomic
def drop_change(*, actor: Actor, change_id: int) -> None:
    """
    Throw a draft away; one that is gone already stays gone.

    Raises:
        Missing, NotAllowed: `actor` may not reorganise a unit that is touched.
        ChangeNotOpen: it is no draft any more.
    """
    change = Change.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        return
    require_all(actor, operations_of(change))
    if change.state != Change.State.DRAFT:
        raise ChangeNotOpen("Chỉ bỏ được bản thảo; thay đổi đã công bố thì hủy.")
    change.delete()


def preview_change(change: Change) -> Preview:
    """
    Return what publishing a change would do; writes nothing.

    Cost: one pass over the units of the map, and what each module above counts.
    """
    units, planned = planned_of(change)
    if planned.problems:
        return Preview(planned, (), units)
    reach = reach_of(change, units, planned)
    return Preview(planned, (*own_effects(units, planned), *asked(reach)), units)


@transaction.atomic
def publish_change(*, actor: Actor, change_id: int, at: datetime) -> Change:
    """
    Carry a draft out: a new map if the tree changes, new names, the crosswalk, all in one.

    Publishing what is published already changes nothing. Rights in a unit that gains territory
    end on the effective day, so nobody gains scope; they are given again by a person.

    Raises:
        Missing, NotAllowed: `actor` may not reorganise a unit that is touched.
        BadChange: it cannot be done; the rows are named.
        ChangeBlocked: something kept elsewhere must be settled first.
        ChangeNotOpen: it was undone.
    """
    change = _locked(change_id)
    if change.state == Change.State.PUBLISHED:
        change_open_to(actor, change.pk)
        return change
    require_all(actor, operations_of(change))
    if change.state == Change.State.UNDONE:
        raise ChangeNotOpen("Thay đổi này đã bị hủy. Hãy lập thay đổi mới.")
    units, planned = planned_of(change)
    if planned.problems:
        raise bad_change(planned.problems)
    reach = reach_of(change, units, planned)
    preview = Preview(planned, (*own_effects(units, planned), *asked(reach)), units)
    if preview.blocking:
        raise ChangeBlocked(
            "Chưa công bố được:\n"
            + "\n".join(f"  {effect.sentence}" for effect in preview.blocking),
            effects=[effect.code for effect in preview.blocking],
        )

    journal = Journal()
    keys = write(change, planned, journal, at)
    reach = reach_of(change, units, planned, begun=keys)
    change_published.send(sender=Change, reach=reach, journal=journal, at=at)
    moved = Change.objects.filter(pk=change.pk, state=Change.State.DRAFT).update(
        state=Change.State.PUBLISHED,
        published_at=at,
        published_by=actor.name,
        version=change.version,
        journal=journal.lines,
        effects=[
            {"code": effect.code, "sentence": effect.sentence, "count": effect.count}
            for effect in preview.effects
        ],
    )
    if not moved:
        raise ChangeNotOpen("Có người vừa xử lý thay đổi này. Hãy mở lại trang.")
    _tell(actor, change, "areas.change.published", at)
    change.refresh_from_db()
    return change


@transaction.atomic
def undo_change(*, actor: Actor, change_id: int, at: datetime, reason: str = "") -> Change:
    """
    Put everything back as it was before a change was published.

    Raises:
        Missing, NotAllowed: `actor` may not reorganise a unit that was touched.
        ChangeNotOpen: it is not published, or a later one is.
        UndoBlocked: rows were altered since, or people built on units that it made; each thing
            is named with what to do about it.
    """
    change = _locked(change_id)
    change_open_to(actor, change.pk)
    if change.state != Change.State.PUBLISHED:
        raise ChangeNotOpen("Chỉ hủy được thay đổi đã công bố.")
    later = Change.objects.filter(
        state=Change.State.PUBLISHED, published_at__gt=change.published_at
    ).first()
    if later is not None:
        raise ChangeNotOpen(f"Thay đổi sau ({later}) dựa trên thay đổi này. Hãy hủy nó trước.")
    _require_no_new_hamlets(change)
    given = list_loaded_since(change)
    if given is not None:
        raise ChangeNotOpen(
            f"Sau thay đổi này đã nạp danh sách “{given.title}” mới, từ "
            f"{given.valid_from:%d/%m/%Y}; không hủy được nữa. Hãy lập một thay đổi ngược lại."
        )
    reach = reach_of_journal(change)
    settled = _settle(change, reach, at)
    named = keys_named(change)
    undo(change.journal)
    keep_former(named)
    Change.objects.filter(pk=change.pk, state=Change.State.PUBLISHED).update(
        state=Change.State.UNDONE,
        undone_at=at,
        undone_by=actor.name,
        undo_reason=reason.strip()[:500],
        version=None,
        journal=[],
    )
    change_undone.send(sender=Change, reach=reach, at=at)
    for one in settled:
        if one.afterwards is not None:
            one.afterwards()
    _tell(actor, change, "areas.change.undone", at, reason=reason.strip())
    change.refresh_from_db()
    return change


def bad_change(problems: Iterable[Problem]) -> BadChange:
    """Return the refusal that names all lines which cannot be done."""
    listed = [str(problem) for problem in problems]
    return BadChange(
        "Thay đổi chưa thực hiện được, không có gì bị thay đổi:\n"
        + "\n".join(f"  {line}" for line in listed),
        problems=listed,
    )


def _locked(change_id: int) -> Change:
    change = Change.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise Missing("Không tìm thấy thay đổi này; có thể bản thảo đã bị bỏ.")
    return change


def _settle(change: Change, reach: Reach, at: datetime) -> list[Settled]:
    """Let the modules take away what they derived from the units that go, or say why not."""
    answers: list[tuple[Any, Any]] = change_undoing.send(
        sender=Change, reach=reach, journal=change.journal, since=change.published_at, at=at
    )
    settled = [answer for _receiver, answer in answers if isinstance(answer, Settled)]
    obstacles = [one for answer in settled for one in answer.obstacles]
    if obstacles:
        raise UndoBlocked(
            "Không hủy được, vì sau khi công bố đã có:\n"
            + "\n".join(f"  {one.text}. {one.todo}" for one in obstacles),
            rows=[],
            obstacles=obstacles,
        )
    return settled


def _require_no_new_hamlets(change: Change) -> None:
    """Refuse to take away a map on which communes have placed hamlets since."""
    if change.version is None:
        return
    late = (
        change.version.placements.filter(area__valid_from__gte=change.effective_on)
        .exclude(area__in=keys_made(change) | keys_carried(change))
        .values_list("area__code", flat=True)
    )
    if late:
        raise ChangeNotOpen(
            f"Sau thay đổi này đã lập {len(late)} thôn, tổ dân phố ({late[0]}, …), chúng chỉ có "
            "trên bản đồ mới; không hủy được nữa.",
            codes=list(late),
        )


def _tell(actor: Actor, change: Change, action: str, at: datetime, **more: str) -> None:
    words: dict[str, Any] = {
        "basis": change.basis,
        "from": change.effective_on.isoformat(),
        "operations": [
            f"{KIND_NAMES[one.kind]} {', '.join(one.codes)}".strip()
            for one in operations_of(change)
        ],
        **more,
    }
    record(actor=actor, action=action, subject=change, at=at, detail=words)
