"""What every request passes through: who is asking, and how a refusal is answered."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django_htmx.middleware import HtmxDetails

from diaban.accounts.models import User
from diaban.accounts.selectors import actor_of
from diaban.areas.selectors import UnknownArea
from diaban.core.access import Actor, Missing, NotAllowed
from diaban.core.english import english_sentence
from diaban.core.errors import DomainError
from diaban.storage.full import NoSpace, refusal_of

Answer = Callable[[HttpRequest], HttpResponse]
NOBODY = Actor(None, "")

# The one table from refusal to status. What is not listed is 409: the request was understood
# and cannot be done as things stand.
STATUS: dict[type[DomainError], int] = {
    Missing: 404, UnknownArea: 404, NotAllowed: 403, NoSpace: 507,
}  # fmt: skip


class SignedInRequest(HttpRequest):
    """A request of somebody who has signed in; `actor` is what they may do today."""

    user: User
    actor: Actor
    htmx: HtmxDetails


def refusal_text(refusal: DomainError) -> str:
    """Return what a refusal says on a page that stays open; on an English one in both."""
    if get_language() == "en":
        return f"{english_sentence(refusal)} ({refusal.sentence})"
    return refusal.sentence


class ActorMiddleware:
    """Puts `request.actor` beside `request.user`; asks the database only when it is used."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not user.is_authenticated:
        return NOBODY
    return actor_of(user, timezone.localdate())


class RefusalMiddleware:
    """Answers a refusal with its sentence; everything else is a bug and is left to be one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: BaseException
    ) -> HttpResponse | None:
        """Return the page for a refusal, None for a bug."""
        exception = refusal_of(exception)
        if not isinstance(exception, DomainError):
            return None
        status = next((s for kind, s in STATUS.items() if isinstance(exception, kind)), 409)
        template = f"{status}.html" if status in (403, 404) else "409.html"
        context: dict[str, object] = {
            "sentence": exception.sentence,
            "code": exception.code,
            "original": "",
            "status": status,
        }
        if get_language() == "en":
            # The Vietnamese sentence names the place too, so it stays below.
            context |= {"sentence": english_sentence(exception), "original": exception.sentence}
        return render(request, template, context, status=status)
