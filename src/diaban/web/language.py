"""Vietnamese unless somebody chose otherwise on this machine."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import check_for_language


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
