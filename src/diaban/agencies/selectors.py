"""Reading bodies: who answers today for the work of one that ended, and what it was called."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from diaban.agencies.models import Agency, FormerName, Inheritance
from diaban.areas.models import Area, on
from diaban.core.text import search_key

# Longer chains of successors than any body has had; a circle ends there too.
_STEPS = 9


def agencies_of(area: Area) -> QuerySet[Agency]:
    """Return the bodies of an area of all times, living ones first, by name."""
    return (
        Agency.objects.filter(area=area)
        .select_related("successor")
        .order_by("valid_to", "name")
    )  # fmt: skip


def living(agency: Agency, day: date) -> Agency:
    """Return the body itself, or who took its work over when it has ended by `day`."""
    for _step in range(_STEPS):
        if agency.valid_to is None or agency.valid_to > day or agency.successor is None:
            return agency
        agency = agency.successor
    return agency


def names_on(wanted: Iterable[tuple[int, date]]) -> dict[tuple[int, date], str]:
    """
    Return what each body was called on its day; the oldest known name before its first day.

    Cost: two queries.
    """
    wanted = set(wanted)
    keys = {key for key, _ in wanted}
    latest = dict(Agency.objects.filter(pk__in=keys).values_list("pk", "name"))
    former: dict[int, list[FormerName]] = defaultdict(list)
    for one in FormerName.objects.filter(agency__in=keys).order_by("valid_from"):
        former[one.agency_id].append(one)
    return {
        (key, day): next((one.name for one in former[key] if day < one.valid_to), latest[key])
        for key, day in wanted
    }


def answering_for(keys: Collection[int], day: date) -> dict[int, int]:
    """
    Return for each body the one that answers for its work on `day`: itself, or the body that
    took all of it over by then, and so on.

    A body whose work was shared out by fields answers for itself until a person says which
    heir takes a duty. Cost: one query for each step of succession, at most nine.
    """
    found = {key: key for key in keys}
    for _step in range(_STEPS):
        heirs = dict(
            Inheritance.objects.filter(old__in=set(found.values()), field="", on__lte=day)
            .values_list("old", "new")
        )  # fmt: skip
        if not heirs:
            break
        found = {key: heirs.get(body, body) for key, body in found.items()}
    return found


def answered_by(keys: Collection[int], day: date) -> frozenset[int]:
    """
    Return the bodies for whose work these answer on `day`: themselves and those before them.

    Only what passed on whole. Cost: one query for each step of succession, at least one.
    """
    found = set(keys)
    fresh = set(keys)
    for _step in range(_STEPS):
        if not fresh:
            break
        olds = Inheritance.objects.filter(new__in=fresh, field="", on__lte=day)
        fresh = set(olds.values_list("old", flat=True)) - found
        found |= fresh
    return frozenset(found)


def heirs_for(agency: Agency, text: str, day: date) -> list[Agency]:
    """
    Return the bodies that may have taken over a duty of `agency` whose words are `text`.

    The sole heir; or those of whose field of work a word group stands in the text; or, where
    none does, all of them, for a person to choose. Empty: nobody took over by `day`.
    """
    lines = list(
        Inheritance.objects.filter(old=agency, on__lte=day).select_related("new").order_by("pk")
    )
    key = f" {search_key(text)} "
    fitting = [
        line.new
        for line in lines
        if any(f" {search_key(part)} " in key for part in line.field.split(",") if part.strip())
    ]
    return fitting or [line.new for line in lines]


def body_named(area: Area, name: str, day: date) -> Agency | None:
    """
    Return the living body of an area that has, or had, this name; None when there is none.

    Former names count, so an old plan finds the body under the name of then.
    """
    wanted = search_key(name)
    living = list(Agency.objects.filter(on(day), area=area).order_by("pk"))
    for one in living:
        if search_key(one.name) == wanted or (
            one.short_name and search_key(one.short_name) == wanted
        ):
            return one
    former: Mapping[int, Agency] = {one.pk: one for one in living}
    for old in FormerName.objects.filter(agency__in=former).order_by("pk"):
        if search_key(old.name) == wanted:
            return former[old.agency_id]
    return None
