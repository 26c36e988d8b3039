"""What communes explained of their figures, gathered for the report of the area above them."""

from dataclasses import dataclass

from django.db.models import F

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to, in_scope
from diaban.areas.models import Area
from diaban.areas.selectors import names_by_code
from diaban.core.access import Actor, Span
from diaban.core.periods import Period
from diaban.indicators.models import Return
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import COMMUNE_ROW
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.seen import sees_exact
from diaban.indicators.selectors import read_window

_PERSON = "person"


@dataclass(frozen=True, slots=True)
class Explained:
    """One cell that a commune explained; `place` is the hamlet's name, empty for the commune."""

    area: Area
    row: str
    place: str
    code: str
    sentence: str
    by: str


def explained_in(
    actor: Actor, area_code: str, period_label: str
) -> tuple[Area, Span, Period, list[Explained]]:
    """
    Return what was explained in the returns of an area that count, commune by commune.

    Who does not see a commune's exact counts is told nothing about counts of people there: the
    sentence may name one.

    Raises:
        Missing: `actor` does not see the area.

    Cost: three queries.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    period = read_window(period_label, span)
    area.as_of(period.end)
    returns = (
        Return.objects.filter(
            in_scope(actor, SEE_RETURN, "area"),
            area__placements__version=actor.map_id,
            area__placements__left__gte=span.left,
            area__placements__left__lte=span.right,
            period=period.label,
            form=asked_form(period),
            state__in=COUNTED,
            document__has_key="why",
        )
        .annotate(left=F("area__placements__left"), right=F("area__placements__right"))
        .select_related("area")
        .order_by("area__sort_key", "area__code")
    )
    told = [(one, Span(one.left, one.right)) for one in returns]
    for one, _place in told:
        one.area.as_of(period.end)
    rows = {
        name.partition(".")[2] for one, _span in told for name in one.document["why"]
    } - {COMMUNE_ROW}  # fmt: skip
    names = names_by_code(rows, period.end)
    catalogue = builtin_catalogue()
    found = []
    for one, place in told:
        exact = sees_exact(actor, one.area, place)
        # A database may keep the keys of a document in any order.
        for row, code, sentence in sorted(
            (name.partition(".")[2], name.partition(".")[0], text)
            for name, text in one.document["why"].items()
        ):
            if not exact and (code not in catalogue or catalogue[code].unit == _PERSON):
                continue
            name = names[row].name if row in names else row
            sent_by = one.submitted_by or one.saved_by
            found.append(Explained(one.area, row, name, code, sentence, sent_by))
    return area, span, period, found
