"""
Who may reorganise what.

A unit is merged, divided, named or moved by whoever has the right above it. A right in the unit
itself is not enough: no commune names itself. Changes are listed for those who have the right
in `Change.area`, the lowest unit above everything that is touched.
"""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from diaban.areas.change_reading import codes_in
from diaban.areas.models import Change, Placement, Succession
from diaban.areas.permissions import REORGANISE
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Operation
from diaban.core.access import Actor, Missing, NotAllowed, Span, may, scopes

SEE = "areas.see_area"


def require_all(actor: Actor, operations: Iterable[Operation]) -> Sequence[Span]:
    """
    Refuse whoever may not reorganise all that is touched; return the intervals of it.

    Codes that are on no map yet go where their parents are, which are named.

    Raises:
        Missing: `actor` does not see a unit.
        NotAllowed: `actor` sees it, and may not do this there.

    Cost: one query, three where a unit stands only on a map that is not in force yet.
    """
    done_to, homes = _named(operations)
    placed = {
        code: (Span(left, right), parent is None)
        for code, left, right, parent in Placement.objects.filter(
            version=actor.map_id, area__code__in=done_to | homes
        ).values_list("area__code", "left", "right", "parent_id")
    }
    spans = []
    for code, (span, top) in placed.items():
        if code in done_to and not top:
            # An interval that also holds the number before it is that of a unit above.
            spans.append(Span(span.left - 1, span.right))
        else:
            spans.append(span)
        _require(actor, spans[-1], span)
    coming = (done_to | homes) - set(placed)
    if coming:
        spans += _require_coming(actor, coming)
    if not spans:
        root = _root(actor)
        _require(actor, root, root)
        spans.append(root)
    return spans


def home_of(actor: Actor, touched: Sequence[Span]) -> int | None:
    """Return the key of the lowest unit of today's map that holds all that is touched."""
    return (
        Placement.objects.filter(
            version=actor.map_id,
            left__lte=min(span.left for span in touched),
            right__gte=max(span.right for span in touched),
        )
        .exclude(area__level__in=(Level.COMMUNE, Level.HAMLET))
        .order_by("-left")
        .values_list("area_id", flat=True)
        .first()
    )


def changes_open_to(actor: Actor) -> QuerySet[Change]:
    """Return the changes that `actor` may see, newest first; all for whoever has the whole map."""
    spans = scopes(actor, REORGANISE)
    found = Change.objects.order_by("-pk")
    if any(span.left <= 1 for span in spans):
        return found
    inside = Q(pk__in=())
    for span in spans:
        inside |= Q(area__placements__left__gte=span.left, area__placements__left__lte=span.right)
    return found.filter(inside, area__placements__version=actor.map_id)


def change_open_to(actor: Actor, change_id: int) -> Change:
    """
    Return one change.

    Raises:
        Missing: there is none, or `actor` may not see it.

    Cost: one query.
    """
    change = changes_open_to(actor).filter(pk=change_id).first()
    if change is None:
        raise Missing("Không tìm thấy thay đổi này trong phạm vi của tài khoản.")
    return change


def _named(operations: Iterable[Operation]) -> tuple[set[str], set[str]]:
    """Return the codes of units to which something is done, and of those that take others in."""
    done_to: set[str] = set()
    homes: set[str] = set()
    for one in operations:
        homes |= {one.parent, *(part.parent for part in one.parts)}
        done_to |= codes_in(one) - {one.parent, *(part.parent for part in one.parts)}
    return done_to - {""}, homes - {""}


def _require_coming(actor: Actor, codes: set[str]) -> list[Span]:
    """Look at units of a map to come by what they are made of, as that stands today."""
    coming = dict(
        Placement.objects.filter(
            version__published_at__isnull=False,
            version__valid_to=None,
            area__code__in=codes,
            area__valid_to=None,
        ).values_list("area_id", "area__code")
    )
    if not coming:
        return []
    made_of = Succession.objects.filter(
        new__in=coming, old__placements__version=actor.map_id
    ).values_list("new_id", "old__placements__left", "old__placements__right")
    known = {key for key, _, _ in made_of}
    spans = [Span(left - 1, right) for _, left, right in made_of]
    if set(coming) - known:
        # Made from nothing: only who has the whole map knows where it lies.
        spans.append(_root(actor))
    for span in spans:
        _require(actor, span, span)
    return spans


def _root(actor: Actor) -> Span:
    ends = Placement.objects.filter(version=actor.map_id, parent=None).values_list("left", "right")
    return next((Span(*span) for span in ends), Span(0, 2**62))


def _require(actor: Actor, wanted: Span, seen: Span) -> None:
    if may(actor, REORGANISE, wanted):
        return
    if may(actor, SEE, seen):
        raise NotAllowed(
            "Đơn vị này do cấp trên của nó sắp xếp. Hãy dùng tài khoản có quyền sắp xếp ở cấp trên "
            "hoặc liên hệ cơ quan thường trực."
        )
    raise Missing("Không tìm thấy đơn vị này trong phạm vi của tài khoản.")
