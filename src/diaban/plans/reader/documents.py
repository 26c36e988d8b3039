"""The one entry of the reader: a document's bytes to its reading."""

from __future__ import annotations

import re
from dataclasses import replace

from diaban.plans.reader.folding import flat, is_upper
from diaban.plans.reader.foot import is_signature
from diaban.plans.reader.genre import is_plan, other_genre, secrecy_mark
from diaban.plans.reader.joining import Paragraph, paragraphs
from diaban.plans.reader.lines import printed_lines
from diaban.plans.reader.plans import read_plan
from diaban.plans.reader.refusals import Classified, EmptyDocument, NotAPlan, Unreadable
from diaban.plans.reader.sources import source
from diaban.plans.reader.tabbed import with_tabbed_rows
from diaban.plans.reader.values import Reading
from diaban.plans.reader.zones import Zone


def read_document(data: bytes, name: str) -> Reading:
    """
    Return what a plan document says; several plans in one file are told apart.

    Raises:
        Unreadable: a subclass that names why (no plan, a scan, encrypted, too large, …).
    """
    raw = source(data, name)
    lines = with_tabbed_rows(printed_lines(raw.text))
    if not lines:
        raise EmptyDocument(name)
    mark = secrecy_mark(raw.first_page, lines)
    if mark is not None:
        raise Classified(name, mark=mark)
    text, found = paragraphs(lines)
    other = other_genre(found)
    if other is not None:
        raise NotAPlan(name, kind=other)
    plans = tuple(read_plan(part) for part in _parts(found))
    if not any(is_plan(plan) for plan in plans):
        raise NotAPlan(name, kind="văn bản khác")
    return Reading(name, text, plans)


def secrecy_of(data: bytes, name: str) -> str | None:
    """Return the secrecy mark of a file; None where none can be read, as in a scan or a picture."""
    try:
        raw = source(data, name)
    except Unreadable:
        return None
    return secrecy_mark(raw.first_page, with_tabbed_rows(printed_lines(raw.text)))


def _parts(found: list[Paragraph]) -> list[list[Paragraph]]:
    """Cut the paragraphs into plans: a plan begins where its head begins."""
    titles = [
        i
        for i, p in enumerate(found)
        if p.zone is Zone.TITLE and (i == 0 or found[i - 1].zone is not Zone.TITLE)
    ]
    parts: list[list[Paragraph]] = []
    for n, at in enumerate(titles):
        start = 0 if n == 0 else _head_start(found, at)
        end = len(found) if n + 1 == len(titles) else _head_start(found, titles[n + 1])
        parts.append(found[start:end])
    return [
        [
            replace(p, zone=Zone.HEAD) if p.zone is Zone.FOOT and i < _title(part) else p
            for i, p in enumerate(part)
        ]
        for part in parts
    ]


def _title(part: list[Paragraph]) -> int:
    return next(i for i, p in enumerate(part) if p.zone is Zone.TITLE)


_HEAD_LINE = re.compile(r"du thao|cong hoa|doc lap|so\s*:|.*\bngay\b.*\bthang\b.*\bnam\b")


def _head_start(found: list[Paragraph], title: int) -> int:
    """Where the letterhead of a later plan begins: after the signature of the plan before."""
    at = title
    while at > 0 and found[at - 1].zone is Zone.FOOT:
        text = found[at - 1].text
        if _HEAD_LINE.match(flat(text)) or (is_upper(text) and not is_signature(text)):
            at -= 1
        else:
            break
    return at
