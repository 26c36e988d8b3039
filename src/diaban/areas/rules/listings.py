"""Lists of units as tables: writing one, reading one, and what differs between two."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from diaban.areas.rules.codes import NATION_CODE, level_of_code
from diaban.areas.rules.operations import Kind, Operation, Part, Problem
from diaban.core.errors import DomainError
from diaban.core.text import nfc, space

COLUMNS = ("code", "parent", "type", "name")

# A list that lacks more than one unit in ten is a piece of a list, not a reorganisation.
_MOST_LACKING = 10


class BadListing(DomainError):
    """A list of units cannot be used; all rows are named. Facts: `errors`."""

    code: ClassVar[str] = "bad_listing"


@dataclass(frozen=True, slots=True)
class Listed:
    """One unit of a list; `row` is its line in the file (0: from the database)."""

    code: str
    parent: str
    type: str
    name: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """Units that a list has and the map has not, the other way round, and those that differ."""

    added: tuple[Listed, ...]
    lacking: tuple[Listed, ...]
    renamed: tuple[tuple[Listed, Listed], ...]
    moved: tuple[tuple[Listed, Listed], ...]

    @property
    def empty(self) -> bool:
        """Return whether list and map are the same."""
        return not (self.added or self.lacking or self.renamed or self.moved)


def write_listing(units: Iterable[Listed]) -> str:
    """Return units as CSV with a head line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.code, one.parent, one.type, one.name) for one in units)
    return out.getvalue()


def read_listing(text: str) -> dict[str, Listed]:
    """
    Return the units of a CSV list by code.

    Raises:
        BadListing: columns are missing, a code is used twice or is none, a parent is not in
            the list; names every row.
    """
    reader = csv.DictReader(io.StringIO(nfc(text.removeprefix("\ufeff"))))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise _bad([f"thiếu cột {', '.join(missing)}"])
    found: dict[str, Listed] = {}
    errors: list[str] = []
    for row, cells in enumerate(reader, 2):
        code, parent, type_word, name = (space(cells[column] or "") for column in COLUMNS)
        if level_of_code(code) is None:
            errors.append(f"Dòng {row}: “{code}” không phải mã (kể cả số 0 ở đầu)")
        elif code in found:
            errors.append(f"Dòng {row}: mã {code} đã có ở dòng {found[code].row}")
        elif not name:
            errors.append(f"Dòng {row}: mã {code} không có tên")
        else:
            found[code] = Listed(code, parent, type_word, name, row)
    errors += [
        f"Dòng {one.row}: cấp trên mã {one.parent or '(trống)'} không có trong danh sách"
        for one in found.values()
        if one.parent not in found and one.code != NATION_CODE
        and not (one.parent == NATION_CODE and NATION_CODE not in found)
    ]  # fmt: skip
    if errors:
        raise _bad(errors)
    return found


def difference(now: Mapping[str, Listed], then: Mapping[str, Listed]) -> Difference:
    """Return what `then`, a list, changes on `now`, the map; by code."""
    both = [code for code in then if code in now]
    return Difference(
        added=tuple(then[code] for code in then if code not in now),
        lacking=tuple(now[code] for code in now if code not in then),
        renamed=tuple(
            (now[code], then[code])
            for code in both
            if (now[code].name, now[code].type) != (then[code].name, then[code].type)
        ),
        moved=tuple((now[code], then[code]) for code in both
                    if now[code].parent != then[code].parent),
    )  # fmt: skip


def operations_of(found: Difference, units: int) -> tuple[list[Operation], list[Problem]]:
    """
    Return the operations that bring a map of `units` units to a list, and what stands against.

    A unit that the list lacks is a problem: a list does not say what became of it.
    """
    if len(found.lacking) * _MOST_LACKING > units:
        some = ", ".join(one.code for one in found.lacking[:5])
        return [], [
            Problem(
                0,
                "incomplete",
                f"danh sách thiếu {len(found.lacking)} trong {units} đơn vị đang có ({some}, …); "
                "đây không phải danh sách đầy đủ.",
            )
        ]
    problems = [
        Problem(
            0,
            "lacking",
            f"thiếu {one.code} {one.name}: danh sách không cho biết đơn vị này đã thành gì; hãy "
            "dùng tệp thay đổi (diaban areas change).",
        )
        for one in found.lacking
    ]
    operations = [
        Operation(one.row, Kind.CREATE, (), (Part(one.code, one.type, one.name, one.parent),))
        for one in found.added
    ]
    operations += [
        Operation(new.row, Kind.RENAME, (new.code,), (Part(new.code, new.type, new.name),))
        for _, new in found.renamed
    ]
    operations += [
        Operation(new.row, Kind.MOVE, (new.code,), (), new.parent) for _, new in found.moved
    ]
    return operations, problems


def _bad(errors: list[str]) -> BadListing:
    return BadListing(
        "Danh sách đơn vị chưa dùng được:\n" + "\n".join(f"  {error}" for error in errors),
        errors=errors,
    )
