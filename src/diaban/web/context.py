"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from diaban import __version__
from diaban.web.navigation import links, menu


def house(request: HttpRequest) -> dict[str, Any]:
    """Return the frame of a page: the bar, the office that is signed in, the language switch."""
    context: dict[str, Any] = {
        "version": __version__,
        "demo": settings.DEMO,
        "home_url": reverse("web:work"),
        "language_url": reverse("web:language"),
        "nav": links(request),
    }
    if request.user.is_authenticated:
        context["office"] = {"name": request.user.name, "initials": request.user.initials}
        context["user_menu"] = menu(request.actor) if hasattr(request, "actor") else []
        context["search_url"] = reverse("web:find")
        context["sign_out_url"] = reverse("web:sign-out")
    return context
