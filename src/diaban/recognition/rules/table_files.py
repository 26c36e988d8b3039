"""
Figures from a CSV or XLSX file, one value a row, with everything wrong in it listed.

Columns `area`, `period`, `indicator`, `value` in any order; others are ignored. Either the whole
table is read or, with any error, nothing is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, Final

from diaban.core.errors import DomainError
from diaban.core.numbers import UnreadableNumber, Value, plain_text, read_value
from diaban.core.periods import is_administrative
from diaban.indicators.rules.catalogue import Catalogue, UnknownIndicator
from diaban.recognition.rules.tables import Table

COLUMNS: Final = ("area", "period", "indicator", "value")

Key = tuple[str, str, str]
Row = Sequence[object]


class UnreadableTable(DomainError):
    """A file that is no table with the columns needed. Facts: `file`."""

    code: ClassVar[str] = "unreadable_table"


class BadRows(DomainError):
    """A table with rows that cannot be. Facts: `file`, `errors` (dicts row, column, message)."""

    code: ClassVar[str] = "bad_rows"


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row; `row` counts as a spreadsheet shows it, the heading being 1."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"dòng {self.row}, cột {self.column}: {self.message}"


def read_table(path: Path, catalogue: Catalogue) -> Table:
    """
    Return the values of a CSV or XLSX file.

    Raises:
        UnreadableTable: no such file, not UTF-8, no workbook, or a column is missing.
        BadRows: the sentence lists every error, row by row; nothing was read.
    """
    return _table(path, _rows(path), catalogue)


def _table(path: Path, rows: Iterable[tuple[int, Row]], catalogue: Catalogue) -> Table:
    numbered = iter(rows)
    heading_row = next(((n, row) for n, row in numbered if _filled(row)), None)
    if heading_row is None:
        raise UnreadableTable(f"Tệp {path} không có dòng nào.", file=str(path))
    places = _places(path, heading_row[1])
    reader = _Reader(catalogue, places, len(heading_row[1]))
    for number, row in numbered:
        if _filled(row):
            reader.row(number, row)
    if reader.errors:
        listed = "".join(f"\n  {error}" for error in reader.errors)
        raise BadRows(
            f"Tệp {path} có {len(reader.errors)} lỗi nên chưa đánh giá địa bàn nào:{listed}",
            file=str(path),
            errors=[
                {"row": error.row, "column": error.column, "message": error.message}
                for error in reader.errors
            ],
        )
    return reader.table


class _Reader:
    """Reads rows into a table and collects what is wrong with them."""

    def __init__(self, catalogue: Catalogue, places: dict[str, int], width: int) -> None:
        self.catalogue, self.places, self.width = catalogue, places, width
        self.errors: list[RowError] = []
        self.table = Table()
        self.first_rows: dict[Key, int] = {}
        self.labels: dict[str, str | None] = {}

    def row(self, number: int, row: Row) -> None:
        if _filled(row[self.width :]):
            # The usual cause: a decimal comma in a file whose columns are parted by commas.
            self.wrong(
                number,
                "value",
                "dòng có nhiều ô hơn dòng tiêu đề; nếu số có dấu phẩy, đặt số trong ngoặc kép "
                "hoặc dùng dấu chấm phẩy giữa các cột",
            )
            return
        area, period, indicator, given = (
            row[place] if (place := self.places[name]) < len(row) else None for name in COLUMNS
        )
        key = (
            self.text(number, "area", area),
            self.period(number, period),
            self.indicator(number, indicator),
        )
        if None in key:
            return
        code = str(key[2])
        try:
            value = read_value(given, self.catalogue[code].kind)
        except UnreadableNumber as error:
            self.wrong(number, "value", f"{code}: {error.sentence.removesuffix('.')}")
            return
        self.keep(number, (str(key[0]), str(key[1]), code), value)

    def keep(self, number: int, key: Key, value: Value) -> None:
        area, period, code = key
        values = self.table.values.setdefault((area, period), {})
        first = self.first_rows.setdefault(key, number)
        if first == number:
            values[code] = value
        elif values[code] != value:
            self.wrong(
                number,
                "value",
                f"{code} của địa bàn {area} kỳ {period} đã có ở dòng {first} với giá trị khác; "
                "giữ lại một dòng",
            )

    def text(self, number: int, column: str, given: object) -> str | None:
        text = _cell_text(given)
        if not text:
            self.wrong(number, column, "ô trống; ghi mã địa bàn" if column == "area" else "ô trống")
            return None
        return text

    def period(self, number: int, given: object) -> str | None:
        if isinstance(given, date | datetime) and given.day == 1:
            # A spreadsheet makes a day of what was typed as 2026-11.
            given = f"{given:%Y-%m}"
        text = _cell_text(given)
        if text not in self.labels:
            self.labels[text] = _label(text)
        label = self.labels[text]
        if label is None:
            self.wrong(
                number,
                "period",
                f"“{text}” không phải kỳ báo cáo; ghi 2026, 2026-11, 2026-Q4 hoặc 2026-H2"
                if text
                else "ô trống; ghi kỳ báo cáo, ví dụ 2026 hoặc 2026-11",
            )
        return label

    def indicator(self, number: int, given: object) -> str | None:
        code = _cell_text(given)
        if not code:
            self.wrong(number, "indicator", "ô trống; ghi mã chỉ số")
            return None
        try:
            return self.catalogue[code].code
        except UnknownIndicator as error:
            sentence = error.sentence.removesuffix(".").removesuffix("?")
            self.wrong(number, "indicator", sentence[:1].lower() + sentence[1:])
            return None

    def wrong(self, number: int, column: str, message: str) -> None:
        self.errors.append(RowError(number, column, message))


_WORD: Final = re.compile(r"[^\W\d_]{2}")


def _label(text: str) -> str | None:
    """Return a period's label; None for what looks like an administrative one and is none."""
    if is_administrative(text):
        return text
    # A campaign's label begins with its year too, but goes on with a word: 2026-cao-diem.
    if text[:4].isdigit() and not text[4:5].isalpha() and not _WORD.search(text, 4):
        return None
    return text or None


def _cell_text(given: object) -> str:
    """Return a cell as the text it shows: a spreadsheet keeps 2026 as 2026.0."""
    if given is None:
        return ""
    if isinstance(given, str):
        return plain_text(given)
    if isinstance(given, float) and given.is_integer():
        return str(int(given))
    return str(given)


def _filled(row: Row) -> bool:
    return any(cell is not None and cell != "" and str(cell).strip() for cell in row)


def _places(path: Path, heading: Row) -> dict[str, int]:
    names = [_cell_text(cell).casefold() for cell in heading]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise UnreadableTable(
            f"Tệp {path} thiếu cột {', '.join(missing)}; dòng đầu phải có {', '.join(COLUMNS)}, "
            f"nhưng đang là: {', '.join(name for name in names if name) or 'trống'}.",
            file=str(path),
            missing=missing,
        )
    twice = [name for name in COLUMNS if names.count(name) > 1]
    if twice:
        raise UnreadableTable(
            f"Tệp {path} có hai cột {', '.join(twice)}; giữ lại một cột.", file=str(path)
        )
    return {name: names.index(name) for name in COLUMNS}


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableTable(
            f"Không mở được tệp {path}; kiểm tra tên tệp và quyền đọc.", file=str(path)
        ) from error
    # Workbooks are zip archives (XLSX, ODS) or OLE files (XLS), whatever their names say.
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook_rows(path, content)
    return _csv_rows(path, content)


def _csv_rows(path: Path, content: bytes) -> Iterator[tuple[int, Row]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableTable(
            f"Tệp {path} không phải UTF-8; trong Excel chọn Lưu thành, loại “CSV UTF-8”.",
            file=str(path),
        ) from error
    if "\0" in text:
        raise UnreadableTable(f"Tệp {path} không phải tệp CSV hay XLSX.", file=str(path))
    try:
        yield from enumerate(csv.reader(io.StringIO(text, ""), delimiter=_delimiter(text)), 1)
    except csv.Error as error:
        raise UnreadableTable(
            f"Tệp {path} không phải bảng CSV đọc được ({error}).", file=str(path)
        ) from error


def _delimiter(text: str) -> str:
    """Return the sign between the columns: the one that splits the heading into most cells."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=heading.count)


def _workbook_rows(path: Path, content: bytes) -> Iterator[tuple[int, Row]]:
    # Imported here because most tables are CSV files.
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = workbook.sheet_names
        if not names:
            raise UnreadableTable(f"Tệp {path} không có trang nào.", file=str(path))
        for number in (*range(len(names)), 0):
            # Empty rows are kept, so that rows are numbered as the spreadsheet shows them.
            rows = workbook.get_sheet_by_index(number).to_python(skip_empty_area=False)
            if _has_columns(rows):
                break
    except CalamineError as error:
        raise UnreadableTable(
            f"Tệp {path} không phải bảng tính đọc được; mở bằng Excel và lưu lại.", file=str(path)
        ) from error
    yield from enumerate(rows, 1)


def _has_columns(rows: Sequence[Row]) -> bool:
    heading = next((row for row in rows if _filled(row)), ())
    return set(COLUMNS) <= {_cell_text(cell).casefold() for cell in heading}
