"""
Variables of the environment, in which installations differ.

One that is set but empty stands for its default, as docs/reference/settings.md says of all.
"""

import os

from diaban.core.errors import BadSetting


def variable(name: str, default: str = "") -> str:
    """Return what a variable says, or its default where it is not set or empty."""
    return os.environ.get(name) or default


def whole_number(name: str, default: int, *, what: str, most: int) -> int:
    """
    Return a variable that is a number from 1 to `most`; `what` says in Vietnamese what it counts.

    Raises:
        BadSetting: it says something else.
    """
    given = variable(name, str(default))
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= most):
        raise BadSetting(f"{name} là {what}, từ 1 đến {most}; đang ghi “{given}”.", name=name)
    return int(given)
