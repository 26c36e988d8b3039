"""Which lines are set as headings, and how deep their kind stands."""

from __future__ import annotations

import re

from diaban.plans.reader.agencies import unit_at_start, without_ask
from diaban.plans.reader.folding import flat, is_upper
from diaban.plans.reader.joining import Paragraph, terminal
from diaban.plans.reader.subjects import is_body_name

_KNOWN_HEADING = re.compile(
    r"(?:(?:muc dich|yeu cau|muc tieu|chi tieu|quan diem|noi dung|nhiem vu|giai phap|phan cong|"
    r"trach nhiem|to chuc thuc hien|kinh phi|thoi gian|lo trinh|pham vi|dia ban|tieu chi|che do|"
    r"thong tin|bao cao|cong tac|hinh thuc|doi tuong|tien do|khen thuong|dac diem|tinh hinh|"
    r"phan thu|phan \w+)\b)"
)


def is_bare_heading(text: str) -> bool:
    """Return whether a paragraph without a marker is set as a main heading (capitals)."""
    return is_upper(text) and len(text) >= 6 and not terminal(text.rstrip(":")) and len(text) < 240


def style_of(paragraph: Paragraph) -> str:
    """The kind of a paragraph in the order of levels: `number2` for `1.1`, `plain` for none."""
    marker = paragraph.marker
    if marker is None:
        if is_bare_heading(paragraph.text):
            return "roman"
        return "minor" if _is_minor_heading(paragraph.text) else "plain"
    if marker.style == "number":
        return f"number{marker.depth}"
    return marker.style


def _is_minor_heading(text: str) -> bool:
    """A short line without a number that names a unit or a usual part ("Mục đích")."""
    if names_unit_run_in(text):
        return True
    if len(text) > 140 or terminal(text.rstrip(":")) or not text[:1].isupper():
        return False
    words = flat(text).rstrip(" :")
    if _KNOWN_HEADING.match(words) and len(words) < 60 and words.count(" ") < 10:
        return True
    return unit_at_start(text) == len(text.rstrip(" :")) or is_body_name(text)


def is_all_units(text: str) -> bool:
    """Return whether a text is nothing but the names of bodies ("Đề nghị A, B, C")."""
    words = without_ask(text).rstrip(" .:")
    return bool(words) and unit_at_start(words) == len(words)


def names_unit_run_in(text: str) -> bool:
    """Return whether a text is "Unit: what it does"."""
    colon = text.find(":")
    return 0 < colon <= 160 and unit_at_start(text[:colon]) == len(text[:colon].rstrip())
