"""A commune's list of hamlets as rows: what is new, named anew or merged, and what is wrong."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import TYPE_WORDS, Level, full_name
from diaban.areas.rules.names import name_key
from diaban.core.text import nfc, space, tone_key

# Heads of the columns, in the order of the template.
COLUMNS = ("Mã", "Loại", "Tên", "Nhập vào")
_KEYS = {tone_key(head): place for place, head in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `code` empty for a new hamlet, `into` a code or a full name when it ends."""

    row: int
    code: str
    type: str
    name: str
    into: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A hamlet that the commune has, or had (`ended`, with the code of its heir)."""

    code: str
    type: str
    name: str
    ended: bool = False
    heir: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be used."""

    row: int
    sentence: str


@dataclass(slots=True)
class Work:
    """
    What a list asks for.

    `new`: type and name of hamlets to make. `names`: the new type and name by code. `ends`: by
    code the heir's code, or the place of the heir in `new`.
    """

    new: list[tuple[str, str]] = field(default_factory=list)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    ends: dict[str, str | int | None] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Return whether the list changes anything."""
        return bool(self.new or self.names or self.ends)


def rows_in(cells: Sequence[Sequence[str]]) -> tuple[list[Row], list[Problem]]:
    """
    Return the rows below the head line of a sheet; lines that are empty are passed over.

    The head may stand anywhere in the first ten lines, its columns in any order.
    """
    head, places = _head(cells)
    if head is None:
        names = ", ".join(COLUMNS)
        return [], [Problem(1, f"không thấy dòng đầu bảng với các cột {names}; dùng tệp mẫu.")]
    rows = []
    for number, line in enumerate(cells[head + 1 :], head + 2):
        found = {
            name: space(nfc(line[place])) if place < len(line) else ""
            for name, place in places.items()
        }
        if any(found.values()):
            rows.append(
                Row(
                    number,
                    found.get("Mã", ""),
                    found.get("Loại", "").lower(),
                    found.get("Tên", ""),
                    found.get("Nhập vào", ""),
                )
            )
    return rows, []


def _head(cells: Sequence[Sequence[str]]) -> tuple[int | None, dict[str, int]]:
    for number, line in enumerate(cells[:10]):
        keys = [tone_key(cell) for cell in line]
        places = {COLUMNS[_KEYS[key]]: place for place, key in enumerate(keys) if key in _KEYS}
        if "Loại" in places and "Tên" in places:
            return number, places
    return None, {}


def work_of(rows: Sequence[Row], known: Iterable[Known]) -> Work:
    """Return what the rows ask for, and everything that is wrong with them."""
    known = list(known)
    by_code = {one.code: one for one in known}
    # The name of a hamlet that ends by this very list is free for a new one.
    leaving = {row.code for row in rows if row.code and row.into}
    living = {
        _key(one.type, one.name): one for one in known if not one.ended and one.code not in leaving
    }
    work = Work()
    if not rows:
        work.problems.append(Problem(1, "danh sách không có dòng nào."))
    seen_codes: dict[str, int] = {}
    places: dict[str, str | int] = {key: one.code for key, one in living.items()}
    ending: list[Row] = []
    for row in rows:
        if row.code:
            if row.code in seen_codes:
                work.problems.append(
                    Problem(row.row, f"mã {row.code} đã có ở dòng {seen_codes[row.code]}.")
                )
                continue
            seen_codes[row.code] = row.row
        if row.into:
            ending.append(row)
        else:
            _one(work, row, by_code, living, places)
    for row in ending:
        _ending(work, row, by_code, living, places)
    _look_at_the_whole(work, rows, by_code)
    work.problems.sort(key=lambda problem: problem.row)
    return work


def _one(
    work: Work,
    row: Row,
    by_code: Mapping[str, Known],
    living: Mapping[str, Known],
    places: dict[str, str | int],
) -> None:
    """Take a row that does not end its hamlet."""
    sentence = _wrong(row)
    was = by_code.get(row.code)
    if row.code and was is None:
        sentence = f"xã không có thôn, tổ dân phố mã {row.code}; thôn mới thì để trống mã."
    elif was is not None and was.ended:
        sentence = f"{_called(was)} đã kết thúc; bỏ dòng này."
    if sentence:
        work.problems.append(Problem(row.row, sentence))
        return
    key = _key(row.type, row.name)
    if was is not None:
        if (was.type, was.name) != (row.type, row.name):
            work.names[was.code] = (row.type, row.name)
            places[key] = was.code
        return
    if key not in living:
        places.setdefault(key, len(work.new))
        work.new.append((row.type, row.name))


def _ending(
    work: Work,
    row: Row,
    by_code: Mapping[str, Known],
    living: Mapping[str, Known],
    places: Mapping[str, str | int],
) -> None:
    """Take a row whose hamlet goes into another."""
    was = by_code.get(row.code) or living.get(_key(row.type, row.name))
    if was is None:
        what = f"mã {row.code}" if row.code else full_name(row.type, row.name)
        work.problems.append(Problem(row.row, f"xã không có thôn, tổ dân phố {what} để nhập."))
        return
    heir: str | int | None = row.into if row.into in by_code else _place(row.into, places)
    if was.ended and (was.heir == heir or (heir is None and was.heir)):
        # Done by the same list before; the heir may have another name by now.
        return
    if was.ended:
        sentence = f"{_called(was)} đã kết thúc; bỏ dòng này."
    elif heir is None:
        sentence = (
            f"không thấy nơi nhận “{row.into}”; ghi mã, hoặc loại và tên như trong danh sách."
        )
    elif heir == was.code:
        sentence = f"{_called(was)} không nhập vào chính nó."
    elif isinstance(heir, str) and by_code[heir].ended:
        sentence = f"nơi nhận {_called(by_code[heir])} đã kết thúc."
    else:
        work.ends[was.code] = heir
        return
    work.problems.append(Problem(row.row, sentence))


def _look_at_the_whole(work: Work, rows: Sequence[Row], by_code: Mapping[str, Known]) -> None:
    """Say where two hamlets would have one name, and where an heir ends itself."""
    row_of = {row.code: row.row for row in rows if row.code}
    for code, heir in work.ends.items():
        if isinstance(heir, str) and heir in work.ends:
            sentence = f"nơi nhận {_called(by_code[heir])} cũng kết thúc; ghi nơi nhận cuối cùng."
            work.problems.append(Problem(row_of.get(code, 1), sentence))
    called: dict[str, list[str]] = defaultdict(list)
    for one in by_code.values():
        if not one.ended and one.code not in work.ends and one.code not in work.names:
            called[_key(one.type, one.name)].append(one.code)
    for code, (type_word, name) in work.names.items():
        called[_key(type_word, name)].append(code)
    new_rows = [row for row in rows if not row.code and not row.into]
    seen: dict[str, int] = {}
    for row in new_rows:
        key = _key(row.type, row.name)
        if key in seen and not _wrong(row):
            text = f"{full_name(row.type, row.name)} đã có ở dòng {seen[key]}."
            work.problems.append(Problem(row.row, text))
        seen.setdefault(key, row.row)
    for code, (type_word, name) in work.names.items():
        key = _key(type_word, name)
        if len(called[key]) > 1 or key in seen:
            text = f"{full_name(type_word, name)} trùng tên với một thôn, tổ dân phố khác."
            work.problems.append(Problem(row_of.get(code, 1), text))


def _wrong(row: Row) -> str:
    words = TYPE_WORDS[Level.HAMLET]
    if row.code and level_of_code(row.code) is not Level.HAMLET:
        return f"“{row.code}” không phải mã thôn, tổ dân phố (dạng 19363.001)."
    if row.type not in words:
        return f"loại “{row.type}” không có; chọn một trong: {', '.join(words)}."
    if not name_key(row.name) or len(row.name) > 100:
        return "tên phải có từ 1 đến 100 ký tự và có ít nhất một chữ cái hoặc chữ số."
    return ""


def _place(into: str, places: Mapping[str, str | int]) -> str | int | None:
    return places.get(tone_key(into))


def _key(type_word: str, name: str) -> str:
    return tone_key(f"{type_word} {name}")


def _called(one: Known) -> str:
    return f"{full_name(one.type, one.name)} ({one.code})"
