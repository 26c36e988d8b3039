"""Finding an area by name, with or without marks, among those a person may see."""

from typing import Final

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from diaban.accounts.rules import SEE_AREA
from diaban.accounts.scopes import in_scope
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.areas.rules.names import read_query
from diaban.web.frames import level_name
from diaban.web.middleware import SignedInRequest

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
    query = read_query(typed)
    seen = Area.objects.filter(in_scope(request.actor, SEE_AREA, "")).exclude(
        level=Level.HAMLET.value
    )
    if query is not None:
        named = Q(names__key__contains=min(query.keys, key=len))
        coded = Q(code=query.code) if query.code else Q()
        found = seen.filter(named | coded).distinct()
    else:
        # Nothing typed yet: what a switcher offers when it is opened.
        found = seen.filter(level=request.GET.get("level", Level.COMMUNE.value))
    choices = [
        {
            "name": area.full_name,
            "note": f"{level_name(area)} · {area.code}",
            "url": reverse(target, args=[area.code]),
        }
        for area in found.order_by("sort_key")[:SHOWN]
    ]
    template = "web/find_list.html" if request.htmx else "web/find.html"
    return render(request, template, {"typed": typed, "choices": choices, "page": page})
