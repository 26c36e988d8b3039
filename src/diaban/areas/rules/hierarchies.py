"""
Lists of other hierarchies: which body of the State is in charge of which communes.

A list is a TOML file of the authority: a name, a legal basis, a first day, and sectors (posts
and what stands above them) with the communes in their charge.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from diaban.areas.rules.codes import is_sector_code
from diaban.core.errors import DomainError
from diaban.core.text import nfc, search_key, space

_TREE = re.compile(r"[a-z][a-z0-9-]{1,29}")
_NAME_MOST = 100
_HEAD_NAMES = {
    "code": "Mã", "type": "Loại", "name": "Tên", "above": "Thuộc", "communes": "Mã xã",
}  # fmt: skip


class BadHierarchy(DomainError):
    """A list of another hierarchy cannot be used. Facts: `errors`."""

    code: ClassVar[str] = "bad_hierarchy"


@dataclass(frozen=True, slots=True)
class Sector:
    """
    One body of a hierarchy with the communes in its charge.

    `above` is the code of the body that it belongs to; empty directly below the nation.
    """

    code: str
    type: str
    name: str
    above: str
    communes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HierarchyFile:
    """A whole list, as read; bodies above stand before those below them."""

    tree: str
    title: str
    valid_from: date
    basis: str
    sectors: tuple[Sector, ...]


def read_hierarchy(text: str) -> HierarchyFile:
    """
    Return a list written as TOML: `tree`, `title`, `valid_from`, `basis`, `[[sector]]` entries.

    Raises:
        BadHierarchy: names every entry that is wrong in itself; nothing is guessed.
    """
    return hierarchy_of(hierarchy_data(text))


def hierarchy_data(text: str) -> dict[str, Any]:
    """
    Return what a TOML file holds, not yet looked at.

    Raises:
        BadHierarchy: it is no TOML.
    """
    try:
        return tomllib.loads(nfc(text))
    except tomllib.TOMLDecodeError as error:
        raise bad_hierarchy([f"tệp không phải TOML ({error})"]) from error


def sectors_of_table(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """
    Return the sectors of a table with the heads “Mã”, “Loại”, “Tên”, “Thuộc”, “Mã xã”.

    A body may take several rows: the further ones need its code and codes of communes only,
    which may also stand in one cell with commas between them.

    Raises:
        BadHierarchy: the heads are not there, or a row has no code.
    """
    start, heads = _heads(rows)
    lacking = [name for key, name in _HEAD_NAMES.items() if key not in heads]
    if lacking:
        raise bad_hierarchy([f"không thấy cột “{'”, “'.join(lacking)}” trong 20 dòng đầu"])
    found: dict[str, dict[str, Any]] = {}
    errors = []
    for number, row in enumerate(rows[start + 1 :], start + 2):
        given = {key: space(row[at]) if at < len(row) else "" for key, at in heads.items()}
        if not any(given.values()):
            continue
        if not given["code"]:
            errors.append(f"dòng {number}: thiếu mã")
            continue
        sector = found.setdefault(given["code"], {"code": given["code"], "communes": []})
        for key in ("type", "name", "above"):
            if given[key] and sector.setdefault(key, given[key]) != given[key]:
                errors.append(f"dòng {number}: “{given[key]}” khác dòng trước của {given['code']}")
        sector["communes"] += [code for code in re.split(r"[\s,;]+", given["communes"]) if code]
    if errors:
        raise bad_hierarchy(errors)
    return list(found.values())


def _heads(rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    names = {search_key(name): key for key, name in _HEAD_NAMES.items()}
    for number, row in enumerate(rows[:20]):
        found = {search_key(cell): at for at, cell in enumerate(row)}
        heads = {names[key]: at for key, at in found.items() if key in names}
        if "code" in heads:
            return number, heads
    return 0, {}


def hierarchy_of(data: Mapping[str, Any]) -> HierarchyFile:
    """
    Return a list from plain values; a day may be text of the form 2026-01-01.

    Raises:
        BadHierarchy: names every entry that is wrong in itself.
    """
    errors: list[str] = []
    tree, title, basis = (_text(data.get(key)) for key in ("tree", "title", "basis"))
    if not _TREE.fullmatch(tree) or tree in ("administrative", "add"):
        errors.append(
            "tree phải là tên ngắn không dấu, ví dụ border-guard, không là administrative"
        )
    if not 1 <= len(title) <= 120:
        errors.append("thiếu title, tên của hệ thống, ví dụ “Bộ đội Biên phòng”")
    if not 1 <= len(basis) <= 300:
        errors.append("thiếu basis, căn cứ phân công địa bàn")
    day = data.get("valid_from")
    if isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            day = None
    if type(day) is not date:
        errors.append("thiếu valid_from, ngày đầu tiên dạng 2026-01-01")
        day = date.min
    entries = data.get("sector")
    if not isinstance(entries, list) or not entries:
        errors.append("không có mục [[sector]] nào")
        entries = []
    sectors = [_sector(number, entry, errors) for number, entry in enumerate(entries, 1)]
    errors += _faults(sectors)
    if errors:
        raise bad_hierarchy(errors)
    return HierarchyFile(tree, title, day, basis, tuple(_from_the_top(sectors)))


def charges_after(
    charge: Mapping[int, int], lines: Iterable[tuple[int, int]]
) -> tuple[dict[int, int], dict[int, frozenset[int]]]:
    """
    Return who is in charge of units that took territory in, and where two bodies meet.

    `charge` is from unit to body before, `lines` from which unit to which territory went. A body
    goes on with what becomes of its units, each part of a divided one included: nobody else is
    in charge of that land before its authority says so. Where the land of two bodies meets in
    one unit, the unit's own stays in charge, and of a new unit nobody is: that is the second
    answer, unit to bodies.
    """
    found: dict[int, set[int]] = defaultdict(set)
    for old, new in lines:
        if old in charge:
            found[new].add(charge[old])
    after: dict[int, int] = {}
    meeting: dict[int, frozenset[int]] = {}
    for new, bodies in found.items():
        own = {charge[new]} if new in charge else set()
        if len(bodies | own) > 1:
            meeting[new] = frozenset(bodies | own)
        elif not own:
            after[new] = bodies.pop()
    return after, meeting


def bad_hierarchy(errors: list[str], most: int = 20) -> BadHierarchy:
    """Return the refusal that names what is wrong, the first `most` of it."""
    more = [f"… và {len(errors) - most} lỗi khác"] if len(errors) > most else []
    listed = "\n".join(f"  {error}" for error in [*errors[:most], *more])
    return BadHierarchy(
        f"Danh sách phân công địa bàn chưa dùng được, không nạp gì:\n{listed}", errors=errors
    )


def _sector(number: int, entry: Any, errors: list[str]) -> Sector:
    given: Mapping[str, Any] = entry if isinstance(entry, dict) else {}
    strange = set(given) - {"code", "type", "name", "above", "communes"}
    if strange:
        errors.append(f"mục {number}: không biết {', '.join(sorted(strange))}")
    communes = given.get("communes", [])
    if not isinstance(communes, list) or not all(isinstance(one, str) for one in communes):
        errors.append(f'mục {number}: communes phải là danh sách mã trong ngoặc kép, ["02692"]')
        communes = []
    sector = Sector(
        _text(given.get("code")),
        _text(given.get("type")).lower(),
        _text(given.get("name")),
        _text(given.get("above")),
        tuple(map(_text, communes)),
    )
    if not is_sector_code(sector.code):
        errors.append(f"mục {number}: mã “{sector.code}” phải có dạng BP-99 hoặc BP-99-01")
    if not 1 <= len(sector.type) <= 30 or not 1 <= len(sector.name) <= _NAME_MOST:
        errors.append(f"mục {number}: thiếu type (đồn biên phòng, …) hoặc name, hoặc quá dài")
    return sector


def _faults(sectors: Iterable[Sector]) -> Iterable[str]:
    sectors = list(sectors)
    counts = Counter(sector.code for sector in sectors)
    for code in (code for code, times in counts.items() if code and times > 1):
        yield f"mã {code} có {counts[code]} lần"
    charge: dict[str, str] = {}
    for sector in sectors:
        if sector.above and sector.above not in counts:
            yield f"{sector.code}: cấp trên {sector.above} không có trong danh sách"
        for commune in sector.communes:
            if commune in charge:
                yield f"xã {commune} giao cho cả {charge[commune]} và {sector.code}"
            charge[commune] = sector.code
    above = {sector.code: sector.above for sector in sectors}
    for code in above:
        here, steps = above[code], 0
        while here in above and here != code and steps <= len(above):
            here, steps = above[here], steps + 1
        if here == code:
            yield f"{code}: cấp trên tự vòng về chính nó"


def _from_the_top(sectors: Iterable[Sector]) -> list[Sector]:
    waiting, ordered = list(sectors), list[Sector]()
    known = {""}
    while waiting:
        ready = [one for one in waiting if one.above in known]
        ordered += ready
        known |= {one.code for one in ready}
        waiting = [one for one in waiting if one.code not in known]
    return ordered


def _text(value: Any) -> str:
    return space(value) if isinstance(value, str) else ""
