"""How an entry is sealed: pure, so that a copy of the log can be checked without the product."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIRST = "0" * 64


def seal(previous: str, entry: Mapping[str, Any]) -> str:
    """
    Return the seal of `entry` (64 hexadecimal digits): SHA-256 over the seal before it and
    the entry as JSON with sorted keys, UTF-8, no spaces.
    """
    text = json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def first_break(entries: Iterable[tuple[int, Mapping[str, Any], str]]) -> int | None:
    """
    Return the number of the first entry whose seal does not follow, or None when all do.

    Shape: `(number, entry, seal)` in the order in which they were written.
    """
    previous = FIRST
    for number, entry, given in entries:
        if seal(previous, entry) != given:
            return number
        previous = given
    return None
