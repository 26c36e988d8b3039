"""Vietnamese unless somebody chose otherwise on this machine."""

from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import check_for_language
from django.views.i18n import set_language

from diaban.accounts.models import User

_KNOWN: Final = frozenset(code for code, _name in settings.LANGUAGES)


@login_not_required
def switch(request: HttpRequest) -> HttpResponseBase:
    """Switch the pages of this machine, and the mails of whoever is signed in."""
    answer = set_language(request)
    chosen = request.POST.get("language", "")
    if request.method == "POST" and request.user.is_authenticated and chosen in _KNOWN:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    return answer


def is_english() -> bool:
    """Return whether the page of this request is in English."""
    return translation.get_language() == "en"


class ChosenLanguageMiddleware(LocaleMiddleware):
    """
    Follows the switch on the page and nothing else.

    Django's own also follows what the browser asks for; an office whose machine was set up in
    English would get English pages and Vietnamese papers.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Set the language of this request from the cookie that the switch leaves."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        usable = chosen in known and check_for_language(chosen)
        translation.activate(chosen if usable else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
