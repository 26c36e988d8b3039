"""The pages for what went wrong; none of them needs the database."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from diaban.storage.full import NoSpace, refusal_of


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for a request that cannot be understood."""
    return render(request, "400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for something that this account may not do."""
    return render(request, "403.html", status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Return the page for an address that leads nowhere."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """
    Return the page for a bug: no stack trace, nothing that could fail again.

    A disk that filled up while an upload came in is no bug; no page has been reached by then.
    """
    refusal = refusal_of(sys.exc_info()[1] or Exception())
    if isinstance(refusal, NoSpace):
        told = {"sentence": refusal.sentence, "code": refusal.code, "original": "", "status": 507}
        return render(request, "409.html", told, status=507)
    return render(request, "500.html", status=500)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Return the page for a form that was open longer than the session."""
    return render(request, "403.html", {"expired": True}, status=403)
