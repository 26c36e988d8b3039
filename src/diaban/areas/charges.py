"""
What a reorganisation does to other hierarchies: who is in charge of what becomes of a unit.

A body goes on with the land that it was in charge of (`rules.hierarchies.charges_after`), in a
list of its own from the effective day on; the list before keeps what was. Its authority may give
another list at any time after that.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver

from diaban.areas.journal import Journal
from diaban.areas.models import Area, BoundaryVersion, Change, Placement, Succession
from diaban.areas.rows import insert_rows
from diaban.areas.rules.hierarchies import charges_after
from diaban.areas.rules.levels import Level
from diaban.areas.rules.tree import number_tree, seal
from diaban.areas.signals import Effect, Listing, Named, Reach, change_published, effects_asked


@receiver(effects_asked)
def effects(reach: Reach, **_: Any) -> list[Effect]:
    """Return of which ended units another body is in charge, and where two of them meet."""
    going_on: list[Named] = []
    open_questions: list[Named] = []
    places = (
        Placement.objects.filter(
            version__valid_to=None,
            version__published_at__isnull=False,
            area__level=Level.COMMUNE,
        )
        .exclude(version__tree=BoundaryVersion.ADMINISTRATIVE)
        .select_related("area", "parent")
        .order_by("version", "left")
    )
    for _version, rows in groupby(places, key=lambda place: place.version_id):
        stand = {place.area_id: place for place in rows}
        charge = {unit: place.parent_id or 0 for unit, place in stand.items()}
        for unit in (unit for unit in stand if unit in reach.ended):
            body, area = _body(stand[unit]), stand[unit].area
            note = f"{body}, mỗi phần một nơi" if unit in reach.scattered else body
            going_on.append(Named(area.full_name, note, "area", area.code))
        _after, meeting = charges_after(charge, reach.lines)
        for new in meeting:
            olds = [stand[old] for old, to in reach.lines if to == new and old in stand]
            bodies = dict.fromkeys(map(_body, olds))
            open_questions.append(
                Named(", ".join(old.area.full_name for old in olds), ", ".join(bodies))
            )
    return [
        Effect(
            "areas.hierarchies",
            f"{len(going_on)} đơn vị kết thúc do đồn biên phòng hoặc cơ quan khác phụ trách; nơi "
            "nhận địa bàn vẫn do đồn, cơ quan đó phụ trách",
            len(going_on),
            rows=_slices(going_on),
        ),
        Effect(
            "areas.hierarchies_open",
            f"{len(open_questions)} đơn vị nhận địa bàn của hai đồn, cơ quan trở lên: cơ quan đó "
            "cần gửi danh sách phân công mới",
            len(open_questions),
            rows=_slices(open_questions),
        ),
    ]


@receiver(change_published)
def follow(reach: Reach, journal: Journal, at: datetime, **_: Any) -> None:
    """Let other hierarchies follow a change, through its journal."""
    if not reach.ended:
        return
    day = reach.effective_on
    lines = list(Succession.objects.filter(old__in=reach.ended, on=day))
    passing = [(line.old_id, line.new_id) for line in lines]
    basis = lines[0].basis if lines else ""
    # The latest first: one that is put in before others takes the number of the next.
    for version in _lists_from(day).order_by("tree", "-number"):
        charge = _charge_in(version)
        if not charge.keys() & reach.ended:
            continue
        after, _meeting = charges_after(charge, passing)
        new = {unit: body for unit, body in charge.items() if unit not in reach.ended} | after
        if version.valid_from >= day:
            _write_anew(version, new, journal)
        else:
            _continue(version, new, day, basis, journal, at)


def list_loaded_since(change: Change) -> BoundaryVersion | None:
    """Return a list that an authority gave after a change had altered its own, or None."""
    label = BoundaryVersion._meta.label_lower
    made = {key for line in change.journal if line.get("made") == label for key in line["keys"]}
    altered = {line["key"] for line in change.journal if line.get("altered") == label}
    trees = (
        BoundaryVersion.objects.filter(pk__in=made | altered)
        .exclude(tree=BoundaryVersion.ADMINISTRATIVE)
        .values("tree")
    )
    later = BoundaryVersion.objects.filter(tree__in=trees, published_at__gt=change.published_at)
    return later.exclude(pk__in=made).first()


def _lists_from(day: date) -> QuerySet[BoundaryVersion]:
    """Return the lists of other hierarchies that hold a day or one after it."""
    return BoundaryVersion.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), published_at__isnull=False
    ).exclude(tree=BoundaryVersion.ADMINISTRATIVE)


def _charge_in(version: BoundaryVersion) -> dict[int, int]:
    """Return the body in charge of each commune of a list, in its order."""
    rows = version.placements.filter(area__level=Level.COMMUNE).order_by("left")
    return dict(rows.values_list("area_id", "parent_id"))


def _continue(
    version: BoundaryVersion,
    charge: Mapping[int, int],
    day: date,
    basis: str,
    journal: Journal,
    at: datetime,
) -> None:
    """End a list on a day and begin another one that holds what became of its units."""
    end = version.valid_to
    places = list(version.placements.select_related("area"))
    for later in BoundaryVersion.objects.filter(
        tree=version.tree, number__gt=version.number
    ).order_by("-number"):
        journal.alter(later, number=later.number + 1)
    journal.alter(version, valid_to=day)
    made = BoundaryVersion.objects.create(
        tree=version.tree,
        title=version.title,
        number=version.number + 1,
        valid_from=day,
        valid_to=end,
        published_at=at,
        basis=f"{version.basis}; {basis}"[:300] if basis else version.basis,
    )
    journal.made(BoundaryVersion, [made.pk])
    made.seal = _write_places(made, places, charge)
    made.save(update_fields=["seal"])


def _write_anew(version: BoundaryVersion, charge: Mapping[int, int], journal: Journal) -> None:
    """Put into a list that begins on the day or after it what became of its units."""
    places = list(version.placements.select_related("area"))
    journal.remove(version.placements.all())
    new = _write_places(version, places, charge)
    journal.made(Placement, version.placements.values_list("pk", flat=True))
    journal.alter(version, seal=new)


def _write_places(
    version: BoundaryVersion, before: Sequence[Placement], charge: Mapping[int, int]
) -> str:
    """Write the tree of a list with other communes; returns its seal."""
    codes = {place.area_id: place.area.code for place in before}
    codes |= dict(Area.objects.filter(pk__in=charge).values_list("pk", "code"))
    below: dict[str, list[str]] = defaultdict(list)
    root = ""
    for place in sorted(before, key=lambda place: place.left):
        if place.parent_id is None:
            root = str(place.area_id)
        elif place.area.level == Level.SECTOR:
            below[str(place.parent_id)].append(str(place.area_id))
    for unit, body in sorted(charge.items(), key=lambda one: codes[one[0]]):
        below[str(body)].append(str(unit))
    places = number_tree(root, below, lambda _unit: 0)
    insert_rows(
        Placement,
        ("version", "area", "parent", "left", "right", "depth"),
        (
            (
                version.pk,
                int(place.unit),
                int(place.parent) if place.parent else None,
                place.span.left,
                place.span.right,
                place.depth,
            )
            for place in places
        ),
    )
    return seal(
        (
            codes[int(place.unit)],
            codes[int(place.parent)] if place.parent else None,
            place.span.left,
            place.span.right,
        )
        for place in places
    )


def _body(place: Placement) -> str:
    return "" if place.parent is None else place.parent.full_name


def _slices(rows: Sequence[Named]) -> Listing:
    return lambda first, last: rows[first:last]
