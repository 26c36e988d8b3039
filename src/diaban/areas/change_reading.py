"""Reading for a reorganisation: the latest map, what a change makes of it, how far it goes."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import F, Q, QuerySet

from diaban.areas.models import Area, BoundaryVersion, Change, Placement
from diaban.areas.rules.changes import plan
from diaban.areas.rules.documents import operation_of_json
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Operation, Planned, Problem, Unit
from diaban.areas.rules.widening import widened
from diaban.areas.selectors import NoMap
from diaban.areas.signals import Reach

_NO_MAP = "Chưa có danh mục đơn vị hành chính. Hãy chạy lệnh: diaban areas count"


def units_of(
    places: QuerySet[Placement], on_day: date | None
) -> tuple[dict[int, Unit], date | None]:
    """
    Return the units of a map by key, and its first day; None when it has no units.

    Without hamlets that have ended by `on_day`: a map keeps the places of hamlets that a commune
    closed since, it takes them and gives none back.

    Cost: one query; 0.6 s for the nation with its hamlets.
    """
    if on_day is not None:
        places = places.exclude(area__level=Level.HAMLET, area__valid_to__lte=on_day)
    rows = places.filter(
        Q(area__names__valid_to=F("area__valid_to"))
        | Q(area__names__valid_to=None, area__valid_to=None)
    ).values_list(
        "area_id",
        "area__code",
        "area__level",
        "area__type",
        "area__name",
        "parent_id",
        "area__valid_from",
        "area__names__valid_from",
        "area__valid_to",
        "version__valid_from",
    )
    found: dict[int, Unit] = {}
    begins = None
    for key, code, level, type_word, name, parent, start, named, end, first in rows.iterator(2000):
        found[key] = Unit(key, code, Level(level), type_word, name, parent, start, named, end)
        begins = first
    return found, begins


def open_version() -> BoundaryVersion:
    """
    Return the latest published map, which a change starts from.

    Raises:
        NoMap: none was published.
    """
    version = BoundaryVersion.objects.filter(
        tree=BoundaryVersion.ADMINISTRATIVE, published_at__isnull=False, valid_to=None
    ).first()
    if version is None:
        raise NoMap(_NO_MAP)
    return version


def operations_of(change: Change) -> list[Operation]:
    """Return the operations of a change as values."""
    return [operation_of_json(row, one) for row, one in enumerate(change.operations, 1)]


def codes_in(operation: Operation) -> set[str]:
    """Return all codes that an operation names."""
    inner = {code for part in operation.parts for code in (part.code, part.parent, *part.members)}
    return ({*operation.codes, operation.parent} | inner) - {""}


def planned_of(change: Change) -> tuple[dict[int, Unit], Planned]:
    """
    Return the units of the latest map, and what a change makes of them.

    Raises:
        NoMap: no map was published.

    Cost: one query, four when a code is named that is not on the map.
    """
    operations = operations_of(change)
    units, begins = units_of(
        Placement.objects.filter(
            version__tree=BoundaryVersion.ADMINISTRATIVE,
            version__published_at__isnull=False,
            version__valid_to=None,
        ),
        change.effective_on,
    )
    if begins is None:
        raise NoMap(_NO_MAP)
    planned = plan(units, operations, change.effective_on)
    if any(problem.code == "unknown" for problem in planned.problems):
        # Only now does it matter whether a strange code was ever that of a unit.
        strange = {code for one in operations for code in codes_in(one)}
        past = Area.objects.filter(code__in=strange).values_list("code", flat=True)
        planned = plan(
            units, operations, change.effective_on, past, _ending(strange, change.effective_on)
        )
    if planned.new_map and change.effective_on <= begins:
        late = Problem(
            0,
            "overlap",
            f"Bản đồ địa giới mới nhất có hiệu lực từ {begins:%d/%m/%Y}; ngày hiệu lực của thay "
            "đổi phải sau ngày đó.",
        )
        planned = Planned((late, *planned.problems), planned.after)
    return units, planned


def _ending(codes: Iterable[str], day: date) -> dict[str, str]:
    """Return the codes of units that are there on a day and end later, with what ends them."""
    found = Area.objects.filter(code__in=codes, valid_to__gt=day).order_by("-valid_to")
    units = [(unit.pk, unit.code, unit.valid_to) for unit in found if unit.valid_to]
    acts = Change.objects.filter(
        state=Change.State.PUBLISHED, effective_on__in={end for _, _, end in units}
    )
    said = {}
    by_unit = {
        line["key"]: act.basis
        for act in acts
        for line in act.journal
        if line.get("altered") == "areas.area"
    }
    for key, code, end in units:
        basis = f" “{by_unit[key]}”" if key in by_unit else ""
        said[code] = f"kết thúc ngày {end:%d/%m/%Y} theo thay đổi đã công bố{basis}"
    return said


def reach_of(
    change: Change, units: Mapping[int, Unit], planned: Planned, begun: Iterable[int] = ()
) -> Reach:
    """Return how far a planned change goes; `begun` are the real keys of what it made."""
    return Reach(
        change.effective_on,
        frozenset(planned.ended),
        frozenset(begun),
        frozenset(planned.moved),
        widened(units, planned),
        frozenset(planned.ended) - {line.old for line in planned.lines if not line.partial},
        tuple((line.old, line.new) for line in planned.lines),
    )


def reach_of_journal(change: Change) -> Reach:
    """Return what a published change touched, as far as undoing needs it."""
    altered = {line["key"] for line in change.journal if line.get("altered") == "areas.area"}
    return Reach(
        change.effective_on,
        frozenset(altered),
        frozenset(keys_made(change)),
        frozenset(),
        frozenset(),
    )


def keys_made(change: Change) -> set[int]:
    """Return the keys of the units that a published change made."""
    return {
        key for line in change.journal if line.get("made") == "areas.area" for key in line["keys"]
    }


def keys_named(change: Change) -> set[int]:
    """Return the keys of the units that a published change gave other names."""
    return {line["key"] for line in change.journal if line.get("altered") == "areas.area"}


def keys_carried(change: Change) -> set[int]:
    """Return the keys of hamlets that it took off the map before, as they begin after that."""
    return {
        row["area_id"]
        for line in change.journal
        if line.get("removed") == "areas.placement"
        for row in line["rows"]
    }
