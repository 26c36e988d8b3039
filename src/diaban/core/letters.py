"""
What the morning's mail is made of, besides the module that sends it.

A module that has something to tell people registers a source; whoever writes the mail asks all
of them. So news of returns travels in the same mail as news of duties, and neither module knows
the other.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from diaban.core.access import Actor


@dataclass(frozen=True, slots=True)
class Section:
    """
    A part of one person's mail: a line for the subject, a head, and the lines under it.

    `keys` are given back to the source when the mail has been written.
    """

    subject: str
    head: str
    lines: tuple[str, ...]
    keys: tuple[int, ...] = ()


class Source(Protocol):
    """Something that has news for the morning's mail."""

    def prepare(self, at: datetime) -> None:
        """Do what has to be done once before today's mails are written; may be called again."""

    def section_for(self, actor: Actor, at: datetime) -> Section | None:
        """Return what this person is to be told, None when there is nothing."""

    def written(self, keys: Collection[int], at: datetime) -> None:
        """Keep, in the transaction that wrote the mails, that these keys are in them."""


_SOURCES: list[Source] = []


def register(source: Source) -> None:
    """Ask `source` for news from now on; once, however often it is registered."""
    if all(type(known) is not type(source) for known in _SOURCES):
        _SOURCES.append(source)


def sources() -> tuple[Source, ...]:
    """Return all sources, in the order in which they were registered."""
    return tuple(_SOURCES)
