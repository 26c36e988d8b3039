"""Finding an area by name, with or without marks, among those a person may see."""

from functools import partial
from typing import Final

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_AREA
from diaban.accounts.scopes import in_scope
from diaban.areas import lookups
from diaban.areas.lookups import NothingToFind
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor
from diaban.web.area_words import level_word
from diaban.web.frames import level_name
from diaban.web.middleware import SignedInRequest
from diaban.web.navigation import area_url

SHOWN: Final = 20
# The page that a switcher asks from -> the address of that page for another area.
PAGES: Final = {
    "areas": "web:overview",
    "agencies": "web:agencies",
    "returns": "web:returns",
    "hamlets": "web:hamlets",
    "criteria": "web:criteria",
    "quality": "web:quality",
    "reconciliation": "web:reconciliations",
    "map": "web:map",
}


@require_GET
def find(request: SignedInRequest) -> HttpResponse:
    """Show areas whose name holds what was typed; for htmx only the list."""
    typed = request.GET.get("q", "").strip()[:100]
    page = request.GET.get("page", "areas")
    target = PAGES.get(page, PAGES["areas"])
    level = request.GET.get("level", "")
    if level not in list(Level):
        level = ""
    choices = _named(request.actor, typed) if typed else _first(request.actor, level)
    url_of = partial(area_url, request.actor) if target == PAGES["areas"] else partial(_at, target)
    choices = [{**choice, "url": url_of(choice["code"])} for choice in choices]
    template = "web/find_list.html" if request.htmx else "web/find.html"
    return render(
        request, template, {"typed": typed, "choices": choices, "page": page, "level": level}
    )


def _at(target: str, code: str) -> str:
    return reverse(target, args=[code])


def _named(actor: Actor, typed: str) -> list[dict[str, str]]:
    """Return the units that a name or code means, of those that `actor` may see today."""
    today = timezone.localdate()
    inside = in_scope(actor, SEE_AREA, "area") & ~Q(area__level=Level.HAMLET.value)
    try:
        found = lookups.find(typed, today=today, on_day=today, limit=SHOWN, inside=inside)
    except NothingToFind:
        return []
    return [
        {
            "code": one.code,
            "name": one.full_name,
            "note": " · ".join(filter(None, (level_word(one.level), one.code, *one.path[-1:]))),
        }
        for one in found
    ]


def _first(actor: Actor, level: str) -> list[dict[str, str]]:
    """Return what a switcher offers when it is opened: nothing is typed yet."""
    seen = Area.objects.filter(in_scope(actor, SEE_AREA, ""), level=level or Level.COMMUNE.value)
    return [
        {"code": area.code, "name": area.full_name, "note": f"{level_name(area)} · {area.code}"}
        for area in seen.called_on(timezone.localdate()).order_by("sort_key")[:SHOWN]
    ]
