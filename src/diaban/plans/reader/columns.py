"""
The words that name what a cell or a labelled line holds: who leads, who helps, by when.

Used for the heads of task tables (TT / nhiệm vụ / chủ trì / phối hợp / thời hạn) and for lines
like "Thời gian: …" below a work item.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from diaban.plans.reader.dates import DatePhrase, date_phrases
from diaban.plans.reader.deadlines import Calendar, deadlines
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.values import Deadline


class Column(StrEnum):
    """What a column or a label is for."""

    NUMBER = "number"
    TASK = "task"
    LEAD = "lead"
    SUPPORT = "support"
    TIME = "time"
    PRODUCT = "product"
    OTHER = "other"


# The first that fits wins: "Thời gian thực hiện" is time, "Đơn vị thực hiện" a lead.
_NAMES: tuple[tuple[Column, re.Pattern[str]], ...] = (
    (Column.NUMBER, re.compile(r"(?:so )?(?:s?tt|thu tu)\b|so$")),
    (
        Column.TIME,
        re.compile(
            r"thoi (?:gian|han|diem)|tien do|han hoan thanh|ngay hoan thanh|han cuoi|hoan thanh"
        ),
    ),
    (Column.SUPPORT, re.compile(r"phoi hop|tham gia|ho tro")),
    (
        Column.LEAD,
        re.compile(
            r"chu tri|phu trach|dau moi|(?:co quan|don vi|bo phan|nguoi) (?:thuc hien|"
            r"tham muu)|phan cong"
        ),
    ),
    (Column.PRODUCT, re.compile(r"san pham|ket qua|dau ra")),
    (
        Column.OTHER,
        re.compile(
            r"ghi chu|kinh phi|dia diem|doi tuong|so luong|hinh thuc|thanh phan|can cu|"
            r"nguon|co quan thuc hien"
        ),
    ),
    (Column.TASK, re.compile(r"nhiem vu|noi dung|cong viec|hoat dong|giai phap|ten viec")),
)

LABEL = re.compile(
    r"(?P<label>(?:(?:co quan|don vi|bo phan|nguoi|dau moi)\s+)?(?:chu tri|phoi hop|"
    r"phu trach|tham gia|thuc hien)(?:\s+thuc hien)?"
    r"|thoi gian(?:\s+(?:thuc hien|hoan thanh|to chuc|trien khai|du kien))?|"
    r"thoi han(?:\s+hoan thanh)?|tien do(?:\s+(?:thuc hien|hoan thanh))?"
    r"|han hoan thanh|san pham(?:\s+dau ra)?|ket qua(?:\s+(?:dau ra|du kien|can dat))?|"
    r"kinh phi|dia diem|doi tuong|hinh thuc|thanh phan|so luong|noi dung)"
    r"\s*:\s*"
)
_STANDING = re.compile(r"\bthuong xuyen\b|\blien tuc\b|\bquanh nam\b|\bca nam\b|trong suot")
_RHYTHMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("monthly", re.compile(r"(?:hang|moi) thang\b|dinh ky thang")),
    ("quarterly", re.compile(r"(?:hang|moi) quy\b|dinh ky quy\b")),
    ("half_yearly", re.compile(r"\b0?6 thang(?!\s*(?:dau|cuoi) nam\s+\d)|nua nam")),
    ("yearly", re.compile(r"(?:hang|moi) nam\b|dinh ky nam\b")),
)
_YEARS = re.compile(r"(?<!\d)(?P<a>(?:19|20)\d\d)\s*[-–]\s*(?P<b>(?:19|20)\d\d)(?!\d)")


def column_of(head: str) -> Column | None:
    """Return what a column headed so holds; None where the words say nothing."""
    words = flat(space(head)).strip(" .:()")
    if not words or len(words) > 60:
        return None
    for column, pattern in _NAMES:
        if pattern.search(words) if column is not Column.NUMBER else pattern.match(words):
            return column
    return None


def cell_deadlines(cell: str, head: str, calendar: Calendar) -> tuple[Deadline, ...]:
    """
    Return the dates of a time cell or a "Thời gian: …" line.

    A day that stands alone is the last one ("by") where the head speaks of an end ("thời hạn",
    "hoàn thành"), else the day itself ("on"). A year alone counts here.
    """
    found = [bound.deadline for bound in deadlines(cell, calendar)]
    years = _YEARS.search(flat(cell))
    if years and not found:
        text = space(cell[years.start() : years.end()])
        return Deadline(years["a"], text, "from"), Deadline(years["b"], text, "until")
    if not found:
        found = [_plain(phrase, cell) for phrase in date_phrases(cell, calendar.default)]
    if re.search(r"thoi han|hoan thanh|han |tien do", flat(head)):
        found = [
            replace(d, bound="by") if d.bound == "on" and len(d.date) == 10 else d for d in found
        ]
    if not found and re.fullmatch(r"\s*(?:19|20)\d\d\s*\.?", cell):
        found = [Deadline(cell.strip(" ."), cell.strip(), "on")]
    return tuple(dict.fromkeys(found))


def _plain(phrase: DatePhrase, cell: str) -> Deadline:
    return Deadline(phrase.date, space(cell[phrase.start : phrase.end]), phrase.bound)


def is_standing_time(cell: str) -> bool:
    """Return whether a time cell says "Thường xuyên"."""
    return _STANDING.search(flat(cell)) is not None


def rhythm(cell: str) -> str | None:
    """Return how often, where a time cell says "Hằng năm", "Hằng quý" …; a date is no rhythm."""
    words = flat(cell)
    for name, pattern in _RHYTHMS:
        if pattern.search(words):
            return name
    return None
