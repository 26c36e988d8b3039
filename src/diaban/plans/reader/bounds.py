"""The words before a date that say how it binds: "trước ngày", "chậm nhất", "đến hết", "trong"."""

from __future__ import annotations

import re

# Words right before a core, and how they bind. The first that fits wins.
_BOUNDS: tuple[tuple[str, str], ...] = (
    (
        "before",
        r"(?:cham nhat |den |xong |hoan thanh )?(?:la )?"
        r"truoc(?: khi)?(?: het)?(?: thoi diem)?(?:\s*:)?",
    ),
    ("by", r"tu nay(?: cho)? den(?: het| cuoi)?"),
    ("by", r"(?:cham|muon) nhat(?: la| den| vao| trong| het| cuoi)*(?:\s*:)?"),
    ("by", r"khong (?:qua|muon hon|cham hon|tre hon)"),
    ("by", r"(?:cho )?(?:den|toi)(?: trong)?(?: het| cuoi)?"),
    ("by", r"(?:xong |hoan thanh )?(?:het|(?<!tuan )cuoi)"),
    (
        "by",
        r"(?:xong|hoan thanh|han cuoi|han chot|han nop|thoi han(?: hoan thanh)?)"
        r"(?: la| vao)?(?:\s*:)?",
    ),
    ("from", r"(?:bat dau |ke )?tu(?: dau| cuoi)?"),
    ("on", r"(?:(?:hoan thanh |xong )?trong|vao)(?: dau| giua)?|dip|nhan"),
)
_HOUR = r"(?:\s+\d{1,2}\s*(?:gio|h)\s*(?:\d{1,2}(?:\s*phut)?)?,?)?"
# "vào sáng ngày 01/6", "trong tuần đầu tháng 6".
_DAYTIME = (
    r"(?:\s+(?:buoi\s+)?(?:sang|chieu|toi|trua|dem)|"
    r"\s+(?:tuan(?: le)?|thuong tuan|trung tuan|ha tuan)"
    r"(?:\s+(?:thu\s+)?(?:dau(?: tien)?|cuoi(?: cung)?|nhat|hai|ba|tu|\d))?(?:\s+cua)?)?"
)
# "trước ngày Quốc tế Lao động 01/5/2026".
_NAMED = r"(?:\s+(?:quoc te|toan dan|thanh lap|truyen thong|le|khai giang|hoi)\b[a-z, ]{0,40}\(?)?"
# "trước dịp kỷ niệm 80 năm Ngày Quốc khánh 02/9", "trước lễ phát động (01/6/2026)".
_BEFORE_EVENT = re.compile(
    r"(?<![a-z])(?:hoan thanh |xong )?truoc (?:dip|ky|le|dot|ngay|gio|tet|dai hoi|hoi nghi|khi|"
    r"thoi diem)\b(?:[a-z ]|\d{1,3} nam\b|(?<=phong), (?=chong)){1,80}\(?(?:ngay)?\s*$"
)
_BOUND = tuple(
    (
        bound,
        re.compile(rf"(?<![a-z])(?:{words}){_HOUR}{_DAYTIME}(?:\s+cac)?(?:\s+ngay{_NAMED})?\s*$"),
    )
    for bound, words in _BOUNDS
)


def bound_before(words: str, at: int) -> tuple[str, int, bool]:
    """Return how the words before offset `at` of a flat text bind, and where they begin."""
    window = words[max(0, at - 72) : at]
    shift = at - len(window)
    for bound, pattern in _BOUND:
        found = pattern.search(window)
        if found:
            return bound, shift + found.start(), True
    window = words[max(0, at - 120) : at]
    found = _BEFORE_EVENT.search(window)
    if found:
        return "before", at - len(window) + found.start(), True
    return "on", at, False
