"""Criteria sets: what must hold before an area is recognised, cut into single conditions."""

from __future__ import annotations

import re

from diaban.plans.reader.folding import flat, space, trimmed
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.targets import figures
from diaban.plans.reader.values import Criterion, Span

_SET = re.compile(
    r"^(?:cac |bo |he thong |noi dung |ve )?tieu chi\b|tieu chi (?:danh gia|xay dung|"
    r"cong nhan|xet|cu the|phan dau)"
    r"|(?:noi dung|chi tieu)[^:]{0,20}\btieu chi"
)
_LIST = re.compile(r"(?:cac|nhung|\d+)?\s*(?:tieu chi|chi tieu|dieu kien)[^:;.]{0,40}:\s*$")
_NAME = re.compile(r"[“\"]\s*([^”\"]+?)\s*[”\"]")
_CUT = re.compile(
    r"\s*(?:;\s*(?:va\s+)?|,?\s+va\s+)(?=\d+(?:[.,]\d+)?\s*%)|"
    r"\s*;\s*(?=(?:va\s+)?(?:khong (?:de|co|con|phat sinh)|it nhat|co it nhat))"
)
_ABSENCE = re.compile(r"(?:dia ban )?khong (?:co|de|con|phat sinh|xay ra|hinh thanh|ton tai)\b")
_JUDGED = re.compile(
    r"\b(?:hieu qua|tot|chat che|nghiem tuc|kip thoi|nang cao|chat luong|quyet liet|dong bo|"
    r"tich cuc|phat huy|lam tot)\b"
)


def criteria(outline: Outline) -> list[Criterion]:
    """Return the criteria of a plan, in order."""
    found: list[Criterion] = []
    for node in outline.nodes():
        if not node.title or not _SET.search(flat(node.title)) or _set_above(node):
            continue
        name = _name(node.title)
        groups = [c for c in node.children if c.is_section and c.children]
        for group in groups:
            found.extend(_of_list(group, name, space(group.title or "").strip('“”" ')))
        if not groups:
            found.extend(_of_list(node, name, None))
    return found


def _set_above(node: Node) -> bool:
    above = node.parent
    while above is not None:
        if above.title and _SET.search(flat(above.title)):
            return True
        above = above.parent
    return False


def _name(title: str) -> str | None:
    found = _NAME.search(title)
    if found:
        words = found[1]
        if sum(c.isupper() for c in words) > 0.6 * sum(c.isalpha() for c in words):
            return words[:1] + words[1:].lower()
        return words
    return None


def _of_list(node: Node, name: str | None, group: str | None) -> list[Criterion]:
    """Return the numbered items below a heading, or the bullets after "các tiêu chí:"."""
    items = [c for c in node.children if c.marker is not None and not c.is_section]
    if not items and not any(c.children for c in node.children):
        items = [c for c in node.children if not _LIST.search(flat(c.paragraph.text))]
    for child in node.children:
        if child.marker is None and child.children:
            items.extend(child.children)
    found: list[Criterion] = []
    for ordinal, item in enumerate(items, 1):
        found.extend(_parts(item, ordinal, name, group))
    return found


def _parts(item: Node, ordinal: int, name: str | None, group: str | None) -> list[Criterion]:
    text = item.paragraph.text
    found = []
    for part, (start, end) in enumerate(_cut(text, item.paragraph.body), 1):
        kind, comparator, value, unit = _measure(text[start:end])
        found.append(
            Criterion(
                name,
                group,
                ordinal,
                part,
                space(text[start:end]),
                kind,
                comparator,
                value,
                unit,
                None,
                item.paragraph.span(start, end),
            )
        )
    return found


def _cut(text: str, start: int) -> list[Span]:
    words = flat(text)
    found: list[Span] = []
    at = start
    for cut in _CUT.finditer(words, start):
        if words[at : cut.start()].count("(") > words[at : cut.start()].count(")"):
            continue
        found.append(trimmed(text, at, cut.start()))
        at = cut.end()
    found.append(trimmed(text, at, len(text)))
    return [(a, b) for a, b in found if b - a > 3]


def _measure(text: str) -> tuple[str, str | None, str | None, str | None]:
    """Return kind, comparator, value and unit of one condition."""
    words = flat(text)
    if _ABSENCE.match(words):
        return "absence", "==", "0", None
    measured = figures(text)
    if measured:
        first = measured[0]
        return (
            ("percent" if first.unit == "%" else "count"),
            first.comparator,
            first.value,
            first.unit,
        )
    opening = " ".join(words.split()[:9])
    return ("quality" if _JUDGED.search(opening) else "boolean"), None, None, None
