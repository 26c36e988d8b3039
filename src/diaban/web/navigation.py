"""The pages that a person may use, in the order of the bar at the top."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from diaban.accounts.rules import (
    ADD_HAMLET,
    REPORT_HAMLET,
    SEE_AREA,
    SEE_ASSESSMENT,
    SEE_DUTY,
    SEE_PLAN,
    SEE_RETURN,
)
from diaban.areas.permissions import REORGANISE
from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, scopes

# Pages about the units themselves, not about what happens in one.
ABOUT_AREAS = (
    "areas/browse",
    "areas/look-up",
    "areas/map",
    "areas/changes",
    "areas/groups",
    "areas/trees",
)


# Pages about the returns: who has sent, what they add up to, what goes on to the nation.
ABOUT_FIGURES = ("returns", "campaigns", "completeness", "proof", "views", "consolidations")


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the bar; `phone` is its short label in the bar at the bottom of a phone."""

    label: str
    url: str
    icon: str
    current: bool
    phone: str = ""
    count: int | None = None


def home_code(actor: Actor) -> str:
    """Return the code of the area in which `actor` holds the first role, or an empty text."""
    return actor.grants[0].area_code if actor.grants else ""


def area_url(actor: Actor, code: str) -> str:
    """Return the page of an area: its overview, or its returns, or what is on record about it."""
    if sees_overviews(actor):
        return reverse("web:overview", args=[code])
    return reverse("web:returns" if scopes(actor, SEE_RETURN) else "web:area", args=[code])


def sees_overviews(actor: Actor) -> bool:
    """Return whether overviews say anything to `actor`: they are made of returns and classes."""
    return bool(scopes(actor, SEE_RETURN) and scopes(actor, SEE_ASSESSMENT))


def links(request: HttpRequest) -> list[Link]:
    """Return the bar for this request; empty for somebody who has not signed in."""
    actor: Actor | None = getattr(request, "actor", None)
    match = request.resolver_match
    if actor is None or match is None or not request.user.is_authenticated:
        return []
    here = str(request.resolver_match.route if request.resolver_match else "")
    code = home_code(actor)
    units = here.startswith(ABOUT_AREAS) or "/hamlets/" in here
    at_work = here.startswith("work")
    bar = [Link(_("Việc của tôi"), reverse("web:work"), "tasks", at_work, _("Việc"))]
    if not code:
        return bar
    if sees_overviews(actor):
        url = reverse("web:overview", args=[code])
        bar.append(Link(_("Toàn cảnh"), url, "overview", here.startswith("areas/<") and not units))
    if scopes(actor, SEE_PLAN):
        bar.append(Link(_("Kế hoạch"), reverse("web:plans"), "plan", here.startswith("plans")))
    if scopes(actor, SEE_DUTY):
        url = reverse("web:duties")
        here_too = here.startswith(("duties", "agencies"))
        bar.append(Link(_("Nhiệm vụ"), url, "duty", here_too, _("Nhiệm vụ")))
    if scopes(actor, SEE_RETURN):
        url = reverse("web:returns", args=[code])
        bar.append(Link(_("Số liệu"), url, "table", here.startswith(ABOUT_FIGURES), _("Số liệu")))
        url = reverse("web:quality", args=[code])
        bar.append(Link(_("Chất lượng"), url, "met", here.startswith("quality")))
        url = reverse("web:reconciliations", args=[code])
        bar.append(Link(_("Đối chiếu"), url, "grid", here.startswith("reconciliation")))
    if scopes(actor, REPORT_HAMLET):
        own = next(g for g in actor.grants if any(r.action == REPORT_HAMLET for r in g.rights))
        url = reverse("web:hamlet-reports", args=[own.area_code])
        here_now = here.startswith("hamlet-reports")
        bar.append(Link(_("Phiếu thôn"), url, "table", here_now, _("Phiếu thôn")))
    if scopes(actor, SEE_ASSESSMENT):
        url = reverse("web:criteria", args=[code])
        bar.append(Link(_("Tiêu chí"), url, "grid", here.startswith("criteria"), _("Tiêu chí")))
    if scopes(actor, SEE_AREA):
        bar.append(Link(_("Địa bàn"), reverse("web:areas"), "grid", units))
    return bar


def menu(actor: Actor) -> list[dict[str, str]]:
    """Return the links of the personal menu: what one does once in a while."""
    found = []
    code = home_code(actor)
    if level_of_code(code) is Level.COMMUNE and scopes(actor, ADD_HAMLET):
        url = reverse("web:hamlets", args=[code])
        found.append({"label": _("Thôn, tổ dân phố của xã"), "url": url, "icon": "register"})
    if scopes(actor, SEE_RETURN):
        url = reverse("web:campaigns")
        found.append({"label": _("Đợt báo cáo"), "url": url, "icon": "table"})
    if scopes(actor, REORGANISE):
        url = reverse("web:changes")
        found.append({"label": _("Sắp xếp địa bàn"), "url": url, "icon": "grid"})
    return found
