"""The one entry of the reader: a document's bytes to its reading."""

from __future__ import annotations

import re
from dataclasses import replace

from diaban.plans.reader.folding import flat, is_upper
from diaban.plans.reader.foot import is_signature
from diaban.plans.reader.joining import Paragraph, Zone, paragraphs
from diaban.plans.reader.lines import printed_lines
from diaban.plans.reader.plans import read_plan
from diaban.plans.reader.refusals import EmptyDocument, NotAPlan
from diaban.plans.reader.values import Reading


def read_document(data: bytes, name: str) -> Reading:
    """
    Return what a plan document says; several plans in one file are told apart.

    Raises:
        Unreadable: a subclass that names why (no plan, a scan, encrypted, too large, …).
    """
    raw = data.decode("utf-8")
    text, found = paragraphs(printed_lines(raw))
    if not found:
        raise EmptyDocument(f"{name}: tệp không có chữ nào.", name=name)
    parts = _parts(found)
    if not parts:
        raise NotAPlan(f"{name}: không phải kế hoạch.", name=name)
    return Reading(name, text, tuple(read_plan(part) for part in parts))


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
    return [[replace(p, zone=Zone.HEAD) if p.zone is Zone.FOOT and i < _title(part) else p for i, p in enumerate(part)] for part in parts]


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
