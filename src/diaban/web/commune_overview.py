"""The overview of one commune: its own class and what stands against it, instead of a map."""

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from diaban.core.numbers import write_number
from diaban.indicators.rules.quality import Tally
from diaban.recognition.rules.assessment import Outcome
from diaban.recognition.rules.conclusions import SIGN, conclude, requirements, standing
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.withholding import told_reason
from diaban.recognition.selectors import Assessed

SHOWN: Final = 8
# A class is its own sentence; that there is none needs one.
UNDECIDED: Final = ("undetermined", "needs_decision")


def own_class(one: Assessed, state: str, name: str, label: str, *, own: bool) -> dict[str, Any]:
    """
    Return the panel: the class, and why: its signs, and the requirements that are not met.

    Where every requirement is met no sign counts any more, so none is shown. `own` is for people
    of the commune itself, who see its small counts. `label` is the period of the links.
    """
    found = conclude(one.assessment)
    free = found.status is Outcome.MET
    signs = [r for r in one.assessment.results if standing(r) == SIGN and not free]
    unmet = [r for r in requirements(one.assessment) if r.status is not Status.MET]
    url = reverse("web:matrix", args=[one.area.code, one.assessment.criteria.id, label])
    catalogue = one.assessment.criteria.catalogue
    rows = [
        {
            "name": result.criterion.label,
            "status": standing(result),
            "reason": told_reason(result, catalogue, exact=own),
            "url": f"{url}?commune={one.area.code}&criterion={result.criterion.id}",
        }
        for result in [*signs, *unmet]
    ]
    more = len(rows) - SHOWN
    return {
        "state": state,
        "word": name,
        "sentence": found.sentence if state in UNDECIDED else "",
        "rows": rows[:SHOWN],
        "more": _("và %(count)s tiêu chí khác") % {"count": write_number(more)} if more > 0 else "",
        "url": url,
    }


def own_figures(
    one: Assessed, name: str, hamlets: Tally, label: str, month: str
) -> list[dict[str, Any]]:
    """
    Return the two key figures that take the place of those about many communes.

    `hamlets`: how many have figures in the newest month, out of how many; `month` its label.
    """
    met = sum(1 for r in requirements(one.assessment) if r.status is Status.MET)
    asked = len(requirements(one.assessment))
    return [
        {
            "label": _("Phân loại"),
            "value": name,
            "of": _("%(met)s / %(asked)s tiêu chí đạt") % {"met": met, "asked": asked},
            "url": reverse("web:matrix", args=[one.area.code, one.assessment.criteria.id, label]),
        },
        {
            "label": _("Thôn, tổ dân phố có số đã gửi"),
            "value": write_number(hamlets.good),
            "of": f"/ {write_number(hamlets.all)}",
            "url": reverse("web:return", args=[one.area.code, month]),
        },
    ]
