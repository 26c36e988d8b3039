"""The calendar feed of a person, and the page that hands out its address."""

from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from diaban.accounts.rules import SEE_DUTY
from diaban.accounts.scopes import in_scope
from diaban.core.access import Missing
from diaban.plans.feeds import calendar_of, make_feed, revoke_feed
from diaban.plans.models import Evidence, Feed
from diaban.web.middleware import SignedInRequest


@never_cache
@require_http_methods(["GET", "POST"])
def address(request: SignedInRequest) -> HttpResponse:
    """Show whether there is a calendar address; make a new one, or stop it."""
    url = ""
    if request.method == "POST":
        at = timezone.now()
        if request.POST.get("act") == "revoke":
            revoke_feed(actor=request.actor, at=at)
        else:
            token = make_feed(actor=request.actor, at=at)
            url = request.build_absolute_uri(reverse("web:feed", args=[token]))
    feed = Feed.objects.filter(user=request.actor.id, revoked_at__isnull=True).first()
    context = {"feed": feed, "url": url, "back_url": reverse("web:duties")}
    return render(request, "web/duties/feed.html", context)


@login_not_required
@never_cache
@require_GET
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """Hand out a calendar to whoever has its token; a program asks, so nobody signs in."""
    data = calendar_of(token, timezone.now())
    return HttpResponse(
        data,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="nhiem-vu.ics"'},
    )


@require_GET
def evidence(request: SignedInRequest, evidence_id: int) -> FileResponse:
    """Hand out the file of a piece of evidence, always as a download."""
    found = (
        Evidence.objects.filter(in_scope(request.actor, SEE_DUTY, "share__area"), pk=evidence_id)
        .exclude(file="")
        .first()
    )
    if found is None:
        raise Missing("Không tìm thấy tệp này trong phạm vi của tài khoản.")
    name = (found.file.name or "").rpartition("/")[2]
    return FileResponse(found.file.open("rb"), as_attachment=True, filename=name)
