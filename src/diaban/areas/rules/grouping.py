"""
Groups of units: their kinds, who follows a member that ends, and lists of members in files.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from diaban.core.errors import DomainError
from diaban.core.text import search_key, space


class GroupKind(StrEnum):
    """Why units are taken together."""

    BORDER = "border"
    KEY_1 = "key_1"
    KEY_2 = "key_2"
    KEY_3 = "key_3"
    FOCUS = "focus"
    PHASE = "phase"
    OTHER = "other"


GROUP_NAMES: dict[GroupKind, str] = {
    GroupKind.BORDER: "xã biên giới",
    GroupKind.KEY_1: "trọng điểm loại I",
    GroupKind.KEY_2: "trọng điểm loại II",
    GroupKind.KEY_3: "trọng điểm loại III",
    GroupKind.FOCUS: "địa bàn tập trung trong năm",
    GroupKind.PHASE: "danh sách theo giai đoạn",
    GroupKind.OTHER: "nhóm khác",
}


class ActKind(StrEnum):
    """What a person did to a group."""

    LISTED = "listed"
    IMPORTED = "imported"
    REMOVED = "removed"
    RENAMED = "renamed"
    ENDED = "ended"


ACT_NAMES: dict[ActKind, str] = {
    ActKind.LISTED: "lưu danh sách",
    ActKind.IMPORTED: "nạp từ tệp",
    ActKind.REMOVED: "cho ra khỏi nhóm",
    ActKind.RENAMED: "đổi tên",
    ActKind.ENDED: "kết thúc nhóm",
}

# A unit has one type a day (Quyết định 28/2025/QĐ-TTg, Điều 4); the heaviest first.
KEY_TYPES = (GroupKind.KEY_1, GroupKind.KEY_2, GroupKind.KEY_3)

_HEADS = {
    "ma": "code",
    "ma xa": "code",
    "ma don vi": "code",
    "code": "code",
    "ten": "name",
    "ten xa": "name",
    "ten don vi": "name",
    "name": "name",
    "tu ngay": "valid_from",
    "valid from": "valid_from",
    "den ngay": "valid_to",
    "valid to": "valid_to",
    "can cu": "basis",
    "basis": "basis",
}
_HEAD_WITHIN = 20
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})|(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")


class BadMembers(DomainError):
    """A list of members cannot be used. Facts: `errors`."""

    code: ClassVar[str] = "bad_members"


@dataclass(frozen=True, slots=True)
class MemberLine:
    """
    One line of a list: a unit by its code, from and to which day, by which act.

    `row` counts as a spreadsheet does. `name` is only compared. `valid_to` is the first day on
    which it is no member. None and "": the line does not say.
    """

    row: int
    code: str
    name: str
    valid_from: date | None
    valid_to: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Passing:
    """A member ends on a day and these come after it; nobody when its land was divided."""

    old: int
    new: int | None


def followers(
    ended: Iterable[int], lines: Iterable[tuple[int, int, bool]]
) -> tuple[list[Passing], list[int]]:
    """
    Return who follows members that end, and members whom nobody follows by itself.

    `lines` are (old, new, partial) of the crosswalk. A unit that goes whole into another is
    followed by it. Of a divided unit no part follows: which of them lies on the border, or is
    of which type, is not in the crosswalk, and a person says it.
    """
    wholes: dict[int, list[int]] = defaultdict(list)
    for old, new, partial in lines:
        if not partial:
            wholes[old].append(new)
    passing, open_questions = [], []
    for old in sorted(set(ended)):
        if len(wholes[old]) == 1:
            passing.append(Passing(old, wholes[old][0]))
        else:
            passing.append(Passing(old, None))
            open_questions.append(old)
    return passing, open_questions


def heaviest(kinds: Iterable[GroupKind]) -> GroupKind | None:
    """Return the heaviest of the key types among `kinds`, None when none is one."""
    found = set(kinds)
    return next((kind for kind in KEY_TYPES if kind in found), None)


def read_members(rows: Sequence[Sequence[str]]) -> list[MemberLine]:
    """
    Return the lines of a table whose heads are “Mã”, “Tên”, “Từ ngày”, “Đến ngày”, “Căn cứ”.

    Only “Mã” must be there; lines above the heads and empty lines are passed over. Days are
    written 1/7/2025 or 2025-07-01; “Đến ngày” is the last day of membership.

    Raises:
        BadMembers: names every row that cannot be read.
    """
    start, heads = _heads(rows)
    if "code" not in heads.values():
        raise bad_members(["không thấy cột “Mã” trong 20 dòng đầu"])
    errors: list[str] = []
    lines: list[MemberLine] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows[start + 1 :], start + 2):
        given = {heads[at]: space(cell) for at, cell in enumerate(row) if at in heads}
        if not any(given.values()):
            continue
        line = _line(number, given, errors)
        key = (line.code, given.get("valid_from", ""))
        if line.code and key in seen:
            errors.append(f"dòng {number}: mã {line.code} đã có ở dòng {seen[key]}")
        seen.setdefault(key, number)
        lines.append(line)
    if not lines:
        errors.append("không có dòng nào dưới dòng đầu cột")
    if errors:
        raise bad_members(errors)
    return lines


def bad_members(errors: Sequence[str], most: int = 20) -> BadMembers:
    """Return the refusal that names what is wrong, the first `most` of it."""
    more = [f"… và {len(errors) - most} lỗi khác"] if len(errors) > most else []
    listed = "\n".join(f"  {error}" for error in [*errors[:most], *more])
    return BadMembers(
        f"Danh sách địa bàn chưa dùng được, không nạp gì:\n{listed}", errors=list(errors)
    )


def _heads(rows: Sequence[Sequence[str]]) -> tuple[int, Mapping[int, str]]:
    for number, row in enumerate(rows[:_HEAD_WITHIN]):
        heads = {
            at: _HEADS[key] for at, cell in enumerate(row) if (key := search_key(cell)) in _HEADS
        }
        if "code" in heads.values():
            return number, heads
    return 0, {}


def _line(number: int, given: Mapping[str, str], errors: list[str]) -> MemberLine:
    if not given.get("code"):
        errors.append(f"dòng {number}: thiếu mã")
    days: dict[str, date | None] = {}
    for key, word in (("valid_from", "Từ ngày"), ("valid_to", "Đến ngày")):
        text = given.get(key, "")
        days[key] = _day(text)
        if text and days[key] is None:
            errors.append(f"dòng {number}: {word} “{text}” không phải ngày, ghi như 1/7/2025")
    last, first = days["valid_to"], days["valid_from"]
    if last is not None and first is not None and last < first:
        errors.append(f"dòng {number}: “Đến ngày” trước “Từ ngày”")
        last = None
    if len(given.get("basis", "")) > 300:
        errors.append(f"dòng {number}: căn cứ dài quá 300 ký tự")
    return MemberLine(
        number,
        given.get("code", ""),
        given.get("name", ""),
        first,
        None if last is None else date.fromordinal(last.toordinal() + 1),
        given.get("basis", ""),
    )


def _day(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    try:
        if year:
            return date(int(year), int(month), int(day))
        return date(int(iso_year), int(iso_month), int(iso_day))
    except ValueError:
        return None
