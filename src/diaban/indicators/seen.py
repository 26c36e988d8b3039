"""
Whose figures a return shows: a draft only its unit's own, small counts only those near it.

A draft may hold exact small counts that nobody has vouched for yet. People above see how far it
has come, and what was last sent of a return that is being mended.
"""

from collections.abc import Iterable

from diaban.accounts.rules import EDIT_RETURN, GIVE_BACK_RETURN, SEE_RETURN
from diaban.areas.models import Area
from diaban.areas.rules.codes import NATION_CODE
from diaban.core.access import Actor, DataClass, Right, Span, may
from diaban.indicators.models import Return, Revision
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Document, cell_name, columns_filled, decode
from diaban.indicators.rules.returns import COUNTED, State
from diaban.indicators.rules.small_counts import hidden


def sees_drafts(actor: Actor, area: Area, span: Span) -> bool:
    """Return whether `actor` is of the unit itself: enters its figures, or reads them there."""
    right = Right(SEE_RETURN, DataClass.INTERNAL)
    return may(actor, EDIT_RETURN, span) or any(
        grant.area_id == area.pk and right in grant.rights for grant in actor.grants
    )


def at_home(actor: Actor, area: Area) -> bool:
    """
    Return whether `actor` holds a role in the unit itself, whatever it allows.

    For what rests on a commune's figures without showing them cell by cell: an assessment says
    its small counts to nobody above, the body that reviews the return included.
    """
    return any(grant.area_id == area.pk for grant in actor.grants)


def sees_exact(actor: Actor, area: Area, span: Span) -> bool:
    """
    Return whether `actor` sees a commune's small counts of people as they are.

    The commune itself does, and the body right above that reviews its return cell by cell; nobody
    else above, the nation included (docs/explanation/bounds.md).
    """
    if actor.id is None or sees_drafts(actor, area, span):
        return True
    right = Right(GIVE_BACK_RETURN, DataClass.INTERNAL)
    return any(
        right in one.rights and one.span.holds(span) and one.area_code != NATION_CODE
        for one in actor.grants
    )


def small_cells(document: Document) -> frozenset[str]:
    """Return the names of the cells that hold a small count of people."""
    catalogue = builtin_catalogue()
    rows = {"": document["values"], **document["hamlets"]}
    return frozenset(
        cell_name(row, code)
        for row, cells in rows.items()
        for code, cell in cells.items()
        if code in catalogue and hidden(decode(cell), catalogue[code].unit)
    )


def as_sent(returns: Iterable[Return]) -> dict[int, tuple[int, int]]:
    """
    Put what was last sent in the place of what is being typed; the returns are not saved.

    Returns by key, for those that are not sent at present, how many cells are filled and how many
    there are. A return that was never sent keeps no figure. Cost: one query, none when all are
    sent.
    """
    open_ = {one.pk: one for one in returns if State(one.state) not in COUNTED}
    if not open_:
        return {}
    progress = {key: columns_filled(one.document) for key, one in open_.items()}
    sent: dict[int, Document] = {}
    rows = Revision.objects.filter(of__in=open_, state__in=COUNTED).order_by("of", "number")
    for key, document in rows.values_list("of_id", "document"):
        sent[key] = document
    for key, one in open_.items():
        one.document = sent.get(key) or _empty(one.document)
        one.unread = {}
    return progress


def _empty(document: Document) -> Document:
    return {
        "values": dict.fromkeys(document["values"]),
        "hamlets": {code: dict.fromkeys(row) for code, row in document["hamlets"].items()},
    }
