"""Operations of a change as plain data: what stands in a TOML file, in CSV, and in the database."""

import csv
import io
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from diaban.areas.rules.operations import Kind, Operation, Part, Weighing
from diaban.core.errors import DomainError
from diaban.core.text import nfc

_OPERATION = {"kind", "codes", "code", "parent", "by", "into", "name", "type", "row"}
_PART = {"code", "type", "name", "parent", "members", "population", "weight"}
COLUMNS = (
    "row", "kind", "codes", "new_code", "type", "name", "parent", "members", "population",
    "weight", "by",
)  # fmt: skip


class UnreadableChange(DomainError):
    """A file of changes has lines that cannot be understood. Facts: `errors`."""

    code: ClassVar[str] = "unreadable_change"


@dataclass(frozen=True, slots=True)
class ChangeFile:
    """A file of changes as read: from which day, by which act, and what."""

    effective_on: date
    basis: str
    operations: tuple[Operation, ...]


def operation_as_json(operation: Operation) -> dict[str, Any]:
    """Return an operation as the database keeps it; `operation_of_json` reads it."""
    return {
        "row": operation.row,
        "kind": operation.kind.value,
        "codes": list(operation.codes),
        "parent": operation.parent,
        "by": operation.by.value,
        "into": [
            {
                "code": part.code,
                "type": part.type,
                "name": part.name,
                "parent": part.parent,
                "members": list(part.members),
                "population": part.population,
                "weight": None if part.weight is None else str(part.weight),
            }
            for part in operation.parts
        ],
    }


def operation_of_json(row: int, given: Mapping[str, Any]) -> Operation:
    """
    Return an operation from plain data.

    Raises:
        ValueError: a word or a shape is not known; the message is a Vietnamese sentence.
    """
    strange = set(given) - _OPERATION
    if strange:
        raise ValueError(f"không biết mục {', '.join(sorted(strange))}")
    try:
        kind = Kind(given.get("kind", ""))
    except ValueError:
        words = ", ".join(kind.value for kind in Kind)
        raise ValueError(f"kind “{given.get('kind', '')}” phải là một trong {words}") from None
    try:
        by = Weighing(given.get("by") or Weighing.UNDIVIDED)
    except ValueError:
        words = ", ".join(by.value for by in Weighing)
        raise ValueError(f"by “{given['by']}” phải là một trong {words}") from None
    codes = _texts(given, "codes") or ((_text(given, "code"),) if given.get("code") else ())
    parts = tuple(_part(part) for part in given.get("into", ()))
    parent = _text(given, "parent")
    if kind in (Kind.RENAME, Kind.REGRADE, Kind.CREATE) and not parts:
        code = codes[0] if codes else ""
        parts = (Part(code, _text(given, "type"), _text(given, "name"), parent),)
    return Operation(int(given.get("row", row)), kind, codes, parts, parent, by)


def read_toml_change(text: str) -> ChangeFile:
    """
    Return a change written as TOML: `effective_on`, `basis`, and `[[operation]]` entries.

    Raises:
        UnreadableChange: names every entry that cannot be understood.
    """
    try:
        data = tomllib.loads(nfc(text))
    except tomllib.TOMLDecodeError as error:
        raise _refusal([f"tệp không phải TOML ({error})"]) from error
    errors = []
    day = data.get("effective_on")
    if not isinstance(day, date):
        errors.append("thiếu effective_on, ngày hiệu lực dạng 2026-12-01")
    # Entries are counted as they stand; a number typed by hand could name two of them.
    entries = [{**entry, "row": row} for row, entry in enumerate(data.get("operation", []), 1)]
    operations, more = _operations(enumerate(entries, 1))
    errors += more
    if errors or not isinstance(day, date):
        raise _refusal(errors)
    return ChangeFile(day, str(data.get("basis", "")).strip(), operations)


def read_csv_change(text: str, effective_on: date, basis: str) -> ChangeFile:
    """
    Return a change written as a table, one line for each unit that comes of it.

    Lines with one number in `row` are one operation; lists of codes are parted by spaces.

    Raises:
        UnreadableChange: names every line that cannot be understood.
    """
    reader = csv.DictReader(io.StringIO(nfc(text.removeprefix("\ufeff"))))
    missing = {"kind", "codes"} - set(reader.fieldnames or ())
    strange = set(reader.fieldnames or ()) - set(COLUMNS)
    if missing or strange:
        raise _refusal([f"cột {', '.join(sorted(missing | strange))} thiếu hoặc không biết"])
    grouped: dict[int, dict[str, Any]] = {}
    errors: list[str] = []
    for line, cells in enumerate(reader, 2):
        row_text = (cells.get("row") or "").strip()
        if row_text and not row_text.isdecimal():
            errors.append(f"Dòng {line}: row phải là số")
            continue
        row = int(row_text) if row_text else line
        entry = grouped.setdefault(
            row,
            {
                "row": row,
                "kind": (cells["kind"] or "").strip(),
                "codes": (cells["codes"] or "").split(),
                "parent": (cells.get("parent") or "").strip(),
                "by": (cells.get("by") or "").strip(),
                "into": [],
            },
        )
        part = {
            "code": (cells.get("new_code") or "").strip(),
            "type": (cells.get("type") or "").strip(),
            "name": (cells.get("name") or "").strip(),
            "parent": (cells.get("parent") or "").strip(),
            "members": (cells.get("members") or "").split(),
            "population": (cells.get("population") or "").strip() or None,
            "weight": (cells.get("weight") or "").strip() or None,
        }
        if part["code"] or part["name"] or part["type"]:
            part["code"] = part["code"] or (entry["codes"] or [""])[0]
            entry["into"].append(part)
    operations, more = _operations(grouped.items())
    if errors or more:
        raise _refusal([*errors, *more])
    return ChangeFile(effective_on, basis.strip(), operations)


def _operations(entries: Any) -> tuple[tuple[Operation, ...], list[str]]:
    found, errors = [], []
    for row, entry in entries:
        try:
            found.append(operation_of_json(row, entry))
        except (TypeError, ValueError) as error:
            errors.append(f"Dòng {row}: {error}")
    return tuple(found), errors


def _part(given: Any) -> Part:
    if not isinstance(given, Mapping):
        raise ValueError("into phải là danh sách các đơn vị nhận")
    strange = set(given) - _PART
    if strange:
        raise ValueError(f"không biết mục {', '.join(sorted(strange))} của into")
    return Part(
        code=_text(given, "code"),
        type=_text(given, "type"),
        name=_text(given, "name"),
        parent=_text(given, "parent"),
        members=_texts(given, "members"),
        population=_whole(given.get("population")),
        weight=_decimal(given.get("weight")),
    )


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        # A code typed as a number has lost its leading zeros.
        raise ValueError(f"{name} phải là chữ trong ngoặc kép, kể cả mã: “01234”")
    return value.strip()


def _texts(given: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = given.get(name) or ()
    if isinstance(values, str) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"{name} phải là danh sách mã trong ngoặc kép")
    return tuple(value.strip() for value in values)


def _whole(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not str(value).isdecimal():
        raise ValueError(f"dân số “{value}” phải là số nguyên")
    return int(value)


def _decimal(value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        found = Decimal(str(value).replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"tỷ lệ “{value}” phải là số, ví dụ 0,6") from None
    if not found.is_finite() or found != round(found, 8):
        raise ValueError(f"tỷ lệ “{value}” có tối đa 8 chữ số thập phân")
    return found


def _refusal(errors: list[str]) -> UnreadableChange:
    return UnreadableChange(
        "Tệp thay đổi chưa đọc được:\n" + "\n".join(f"  {error}" for error in errors),
        errors=errors,
    )
