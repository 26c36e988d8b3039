"""The numbers that come back in an address or a hidden field: keys, revisions, pages."""

from typing import TypeVar

DIGITS = 12  # more than any key or revision has; a longer one was not written by our pages

Default = TypeVar("Default", int, None)


def typed_number(text: str | None, default: Default) -> int | Default:
    """Return a whole number from nought as our own pages write it; whatever else, the default."""
    if text and text.isascii() and text.isdecimal() and len(text) <= DIGITS:
        return int(text)
    return default
