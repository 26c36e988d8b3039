"""
Carrying a reorganisation out: look at it, publish it, undo it.

What it does to the units is decided by `rules.changes`; here it is read, written and put back.
Modules above hear of it through `signals`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db import transaction

from diaban.areas.journal import Journal, undo
from diaban.areas.models import (
    Area,
    AreaName,
    BoundaryVersion,
    Change,
    Placement,
    Succession,
)
from diaban.areas.permissions import REORGANISE
from diaban.areas.rows import insert_rows
from diaban.areas.rules.changes import (
    KIND_NAMES,
    Operation,
    Planned,
    Problem,
    Unit,
    plan,
    widened,
)
from diaban.areas.rules.days import Days
from diaban.areas.rules.documents import operation_as_json, operation_of_json
from diaban.areas.rules.levels import Level, full_name
from diaban.areas.rules.names import name_key
from diaban.areas.rules.tree import HAMLET_ROOM, number_tree, seal
from diaban.areas.selectors import NoMap
from diaban.areas.signals import Effect, Reach, change_published, change_undone, effects_asked
from diaban.audit.services import record
from diaban.core.access import Actor, Span, require
from diaban.core.errors import DomainError
from diaban.core.text import sort_key, tone_key


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
    """What publishing would do: the problems, the plan, and the effects beyond the map."""

    planned: Planned
    effects: tuple[Effect, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what is wrong; empty when it can be published."""
        return self.planned.problems


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
    _require_all(actor, operations)
    change, _ = Change.objects.get_or_create(
        client_key=client_key,
        defaults={
            "effective_on": effective_on,
            "basis": basis.strip(),
            "operations": [operation_as_json(one) for one in operations],
            "drafted_by": actor.name,
            "drafted_at": at,
        },
    )
    return change


def preview_change(change: Change) -> Preview:
    """
    Return what publishing a change would do; writes nothing.

    Cost: one pass over the units of the map, and what each module above counts.
    """
    units, planned = _planned(change)
    if planned.problems:
        return Preview(planned, ())
    reach = _reach(change, units, planned, begun=())
    return Preview(planned, (*_own_effects(units, planned), *_asked(reach)))


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
    change = Change.objects.select_for_update().get(pk=change_id)
    _require_all(actor, _operations(change))
    if change.state == Change.State.PUBLISHED:
        return change
    if change.state == Change.State.UNDONE:
        raise ChangeNotOpen("Thay đổi này đã bị hủy. Hãy lập thay đổi mới.")
    units, planned = _planned(change)
    if planned.problems:
        raise bad_change(planned.problems)
    before = _reach(change, units, planned, begun=())
    blocking = [effect for effect in _asked(before) if effect.blocks]
    if blocking:
        raise ChangeBlocked(
            "Chưa công bố được:\n" + "\n".join(f"  {effect.sentence}" for effect in blocking),
            effects=[effect.code for effect in blocking],
        )

    journal = Journal()
    keys = _write(change, units, planned, journal, at)
    reach = _reach(change, units, planned, begun=keys)
    change_published.send(sender=Change, reach=reach, journal=journal, at=at)
    moved = Change.objects.filter(pk=change.pk, state=Change.State.DRAFT).update(
        state=Change.State.PUBLISHED,
        published_at=at,
        version=change.version,
        journal=journal.lines,
    )
    if not moved:
        raise ChangeNotOpen("Có người vừa xử lý thay đổi này. Hãy mở lại trang.")
    _tell(actor, change, "areas.change.published", at)
    change.refresh_from_db()
    return change


@transaction.atomic
def undo_change(*, actor: Actor, change_id: int, at: datetime) -> Change:
    """
    Put everything back as it was before a change was published.

    Raises:
        Missing, NotAllowed: `actor` may not reorganise a unit that was touched.
        ChangeNotOpen: it is not published, or a later one is.
        UndoBlocked: rows were altered since, or data hang on units that it made.
    """
    change = Change.objects.select_for_update().get(pk=change_id)
    _require_all(actor, _operations(change))
    if change.state != Change.State.PUBLISHED:
        raise ChangeNotOpen("Chỉ hủy được thay đổi đã công bố.")
    later = Change.objects.filter(
        state=Change.State.PUBLISHED, published_at__gt=change.published_at
    ).first()
    if later is not None:
        raise ChangeNotOpen(f"Thay đổi sau ({later}) dựa trên thay đổi này. Hãy hủy nó trước.")
    _require_no_new_hamlets(change)
    reach = _reach_of_journal(change)
    undo(change.journal)
    Change.objects.filter(pk=change.pk, state=Change.State.PUBLISHED).update(
        state=Change.State.UNDONE, undone_at=at, version=None, journal=[]
    )
    change_undone.send(sender=Change, reach=reach, at=at)
    _tell(actor, change, "areas.change.undone", at)
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


# --- reading -----------------------------------------------------------------------------------


def current_units(version: BoundaryVersion) -> dict[int, Unit]:
    """
    Return all units of a map by key.

    Cost: one query; 0.6 s for the nation with its hamlets.
    """
    since = dict(AreaName.objects.values_list("area_id", "valid_from").order_by("valid_from"))
    rows = Placement.objects.filter(version=version).values_list(
        "area_id",
        "area__code",
        "area__level",
        "area__type",
        "area__name",
        "parent_id",
        "area__valid_from",
        "area__valid_to",
    )
    return {
        key: Unit(key, code, Level(level), type_word, name, parent, start, since[key], end)
        for key, code, level, type_word, name, parent, start, end in rows.iterator(2000)
    }


def _planned(change: Change) -> tuple[dict[int, Unit], Planned]:
    operations = _operations(change)
    version = _open_version()
    units = current_units(version)
    mentioned = {code for one in operations for code in _codes(one)}
    past = set(Area.objects.filter(code__in=mentioned).values_list("code", flat=True))
    planned = plan(units, operations, change.effective_on, past)
    if planned.new_map and change.effective_on <= version.valid_from:
        late = Problem(
            0,
            "overlap",
            f"Bản đồ địa giới mới nhất có hiệu lực từ {version.valid_from:%d/%m/%Y}; ngày hiệu "
            "lực của thay đổi phải sau ngày đó.",
        )
        planned = Planned((late, *planned.problems), planned.after)
    return units, planned


def _open_version() -> BoundaryVersion:
    version = BoundaryVersion.objects.filter(
        tree=BoundaryVersion.ADMINISTRATIVE, published_at__isnull=False, valid_to=None
    ).first()
    if version is None:
        raise NoMap("Chưa có danh mục đơn vị hành chính. Hãy chạy lệnh: diaban areas count")
    return version


def _operations(change: Change) -> list[Operation]:
    return [operation_of_json(row, one) for row, one in enumerate(change.operations, 1)]


def _codes(operation: Operation) -> set[str]:
    inner = {code for part in operation.parts for code in (part.code, part.parent, *part.members)}
    return ({*operation.codes, operation.parent} | inner) - {""}


def _require_all(actor: Actor, operations: Iterable[Operation]) -> None:
    """Refuse whoever may not reorganise all that is touched; new codes are below named ones."""
    codes = {code for one in operations for code in _codes(one)}
    places = Placement.objects.filter(version=actor.map_id, area__code__in=codes)
    spans = [Span(*ends) for ends in places.values_list("left", "right")]
    root = Placement.objects.filter(version=actor.map_id, parent=None)
    spans = spans or [Span(*ends) for ends in root.values_list("left", "right")]
    for span in spans or [Span(0, 2**62)]:
        require(actor, REORGANISE, span, see="areas.see_area")


def _reach(
    change: Change, units: Mapping[int, Unit], planned: Planned, begun: Iterable[int]
) -> Reach:
    return Reach(
        change.effective_on,
        frozenset(planned.ended),
        frozenset(begun),
        frozenset(planned.moved),
        widened(units, planned),
    )


def _reach_of_journal(change: Change) -> Reach:
    """Return what a published change touched, as far as undoing needs it."""
    made = {key for line in change.journal if line.get("made") == "areas.area"
            for key in line["keys"]}  # fmt: skip
    altered = {line["key"] for line in change.journal if line.get("altered") == "areas.area"}
    return Reach(change.effective_on, frozenset(altered), frozenset(made), frozenset(),
                 frozenset())  # fmt: skip


def _asked(reach: Reach) -> list[Effect]:
    answers = effects_asked.send(sender=Change, reach=reach)
    found: list[Effect] = []
    for _, effects in answers:
        found += [effect for effect in cast(list[Effect], effects) if effect.count]
    return found


def _own_effects(units: Mapping[int, Unit], planned: Planned) -> list[Effect]:
    hamlets = [key for key in planned.moved if planned.after[key].level is Level.HAMLET]
    homes: dict[int | None, list[str]] = defaultdict(list)
    touched = {planned.after[key].parent for key in hamlets}
    for unit in planned.after.values():
        if unit.level is Level.HAMLET and unit.parent in touched:
            homes[unit.parent].append(tone_key(f"{unit.type} {unit.name}"))
    twice = sum(n - 1 for names in homes.values() for n in Counter(names).values())
    counted: list[tuple[str, str, int]] = [
        ("ended", "đơn vị kết thúc", len(planned.ended)),
        ("begun", "đơn vị mới", len(planned.begun)),
        ("renamed", "đơn vị đổi tên hoặc loại", len(planned.renamed)),
        ("moved", "đơn vị đổi cấp trên", len(planned.moved) - len(hamlets)),
        ("hamlets_moved", "thôn, tổ dân phố về đơn vị khác", len(hamlets)),
        ("hamlet_names_twice", "thôn, tổ dân phố trùng tên trong xã mới, nên đổi tên", twice),
        (
            "undivided",
            "đơn vị bị chia không có tỷ lệ: số liệu cũ để riêng, không chia",
            len({line.old for line in planned.lines if line.weight is None}),
        ),
    ]
    return [
        Effect(f"areas.{code}", f"{number} {text}", number)
        for code, text, number in counted
        if number
    ]


# --- writing -----------------------------------------------------------------------------------


def _write(
    change: Change, units: Mapping[int, Unit], planned: Planned, journal: Journal, at: datetime
) -> list[int]:
    """Write the plan; returns the keys of the units that were made."""
    on_day, basis = change.effective_on, change.basis
    ended = Area.objects.in_bulk(planned.ended)
    for key in planned.ended:
        for name in AreaName.objects.filter(area=key, valid_to=None):
            journal.alter(name, valid_to=on_day)
        journal.alter(ended[key], valid_to=on_day)
    for key in planned.renamed:
        _rename(planned.after[key], on_day, basis, journal)
    real = _begin([planned.after[key] for key in planned.begun], on_day, basis, journal)
    lines = Succession.objects.bulk_create(
        Succession(
            old_id=line.old,
            new_id=real.get(line.new, line.new),
            on=on_day,
            partial=line.partial,
            weight=line.weight,
            basis=basis,
        )
        for line in planned.lines
    )
    journal.made(Succession, [line.pk for line in lines])
    if planned.new_map:
        change.version = _publish_map(change, planned.after, real, journal, at)
    return list(real.values())


def _rename(unit: Unit, on_day: date, basis: str, journal: Journal) -> None:
    area = Area.objects.get(pk=unit.key)
    journal.alter(area.names.get(valid_to=None), valid_to=on_day)
    name = AreaName(
        area=area,
        name=unit.name,
        type=unit.type,
        key=name_key(unit.name),
        valid_from=on_day,
        basis=basis,
    )
    name.save()
    journal.made(AreaName, [name.pk])
    journal.alter(area, name=unit.name, type=unit.type, sort_key=sort_key(unit.name))


def _begin(begun: Sequence[Unit], on_day: date, basis: str, journal: Journal) -> dict[int, int]:
    """Make the new units and their names; returns their real keys by those of the plan."""
    areas = Area.objects.bulk_create(
        Area(
            code=unit.code,
            level=unit.level,
            name=unit.name,
            type=unit.type,
            sort_key=sort_key(unit.name),
            valid_from=on_day,
        )
        for unit in begun
    )
    AreaName.objects.bulk_create(
        AreaName(
            area=area,
            level=area.level,
            name=area.name,
            type=area.type,
            key=name_key(area.name),
            valid_from=on_day,
            basis=basis,
        )
        for area in areas
    )
    # Names go with their areas; a line for each would say nothing more.
    journal.made(Area, [area.pk for area in areas])
    return {unit.key: area.pk for unit, area in zip(begun, areas, strict=True)}


def _publish_map(
    change: Change,
    after: Mapping[int, Unit],
    real: Mapping[int, int],
    journal: Journal,
    at: datetime,
) -> BoundaryVersion:
    """Number the new tree and publish it; the map before ends on the effective day."""
    last = _open_version()
    journal.alter(last, valid_to=change.effective_on)
    children: dict[str, list[str]] = defaultdict(list)
    root = ""
    for key, unit in sorted(after.items(), key=lambda item: (item[1].code, item[0])):
        if unit.parent is None:
            root = str(key)
        else:
            children[str(unit.parent)].append(str(key))
    places = number_tree(
        root,
        children,
        lambda key: HAMLET_ROOM if after[int(key)].level is Level.COMMUNE else 0,
    )
    version = BoundaryVersion.objects.create(
        tree=last.tree,
        number=last.number + 1,
        valid_from=change.effective_on,
        published_at=at,
        basis=change.basis,
        seal=seal(
            (
                after[int(place.unit)].code,
                after[int(place.parent)].code if place.parent else None,
                place.span.left,
                place.span.right,
            )
            for place in places
            if after[int(place.unit)].level is not Level.HAMLET
        ),
    )
    journal.made(BoundaryVersion, [version.pk])
    insert_rows(
        Placement,
        ("version", "area", "parent", "left", "right", "depth"),
        (
            (
                version.pk,
                real.get(int(place.unit), int(place.unit)),
                real.get(int(place.parent), int(place.parent)) if place.parent else None,
                place.span.left,
                place.span.right,
                place.depth,
            )
            for place in places
        ),
    )
    return version


def _require_no_new_hamlets(change: Change) -> None:
    """Refuse to take away a map on which communes have placed hamlets since."""
    if change.version is None:
        return
    made = {key for line in change.journal if line.get("made") == "areas.area"
            for key in line["keys"]}  # fmt: skip
    late = (
        change.version.placements.filter(area__valid_from__gte=change.effective_on)
        .exclude(area__in=made)
        .values_list("area__code", flat=True)
    )
    if late:
        raise ChangeNotOpen(
            f"Sau thay đổi này đã lập {len(late)} thôn, tổ dân phố ({late[0]}, …), chúng chỉ có "
            "trên bản đồ mới; không hủy được nữa.",
            codes=list(late),
        )


def _tell(actor: Actor, change: Change, action: str, at: datetime) -> None:
    words: dict[str, Any] = {
        "basis": change.basis,
        "from": change.effective_on.isoformat(),
        "operations": [
            f"{KIND_NAMES[one.kind]} {', '.join(one.codes)}".strip() for one in _operations(change)
        ],
    }
    record(actor=actor, action=action, subject=change, at=at, detail=words)


def history_of(area: Area) -> list[str]:
    """Return the names of a unit with their days, oldest first, as lines of its history."""
    return [
        f"{full_name(name.type, name.name)}: {_days(Days(name.valid_from, name.valid_to))}"
        for name in area.names.order_by("valid_from")
    ]


def _days(days: Days) -> str:
    if days.valid_to is None:
        return f"từ {days.valid_from:%d/%m/%Y}"
    return f"{days.valid_from:%d/%m/%Y} – trước {days.valid_to:%d/%m/%Y}"
