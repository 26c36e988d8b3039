"""The workbook that comes back: which return it is for, and what was typed in which cell."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import ClassVar, Final

from diaban.core.errors import DomainError
from diaban.core.numbers import Kind, plain_text
from diaban.core.text import search_key
from diaban.indicators.rules.entry import cell_name, cell_names
from diaban.indicators.workbooks.forms import (
    COMMUNE_SHEET,
    HAMLETS_SHEET,
    STAMP_SHEET,
    CellError,
    Line,
    Stamp,
    cell_address,
)

Rows = Sequence[Sequence[str]]

# How long the code of a commune is, and what stands behind its point for a hamlet.
_AREA_DIGITS: Final = 5
_HAMLET_DIGITS: Final = 3
# The head of the codes on the line under them, for people.
HAMLET_LABEL: Final = "Mã thôn"
# People put a title above the heads; nobody puts twenty lines there.
_HEAD_WITHIN: Final = 20


class NotATemplate(DomainError):
    """
    A workbook that is not one of ours any more: a sheet, its heads or its stamp are gone.

    Facts: `sheet`.
    """

    code: ClassVar[str] = "not_a_template"


@dataclass(slots=True)
class Filled:
    """
    What was typed, by cell name; cells that were left blank are not in it.

    `errors` are rows and columns that the form does not have, and cells that stand there twice.
    `commune_at` and `hamlet_at` are the rows of codes and hamlets, `column_at` the columns of
    the hamlets' codes, `elsewhere` the rows of cells that stand in a hamlet's second row (all
    counted from 0).
    """

    typed: dict[str, str] = field(default_factory=dict)
    errors: list[CellError] = field(default_factory=list)
    value_at: int = 0
    commune_at: dict[str, int] = field(default_factory=dict)
    hamlet_at: dict[str, int] = field(default_factory=dict)
    column_at: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)

    def name_at(self, sheet: str, address: str) -> str:
        """Return the name of the cell that stands there, empty when none of the form's does."""
        if sheet == COMMUNE_SHEET:
            names = list(self.commune_at)
        elif sheet == HAMLETS_SHEET:
            names = [f"{code}.{hamlet}" for hamlet in self.hamlet_at for code in self.column_at]
        else:
            return ""
        return next((name for name in names if self.place(name) == (sheet, address)), "")

    def place(self, name: str) -> tuple[str, str]:
        """Return sheet and address of a cell, empty when the workbook does not have it."""
        code, _dot, hamlet = name.partition(".")
        if not hamlet and code in self.commune_at:
            return COMMUNE_SHEET, cell_address(self.commune_at[code], self.value_at)
        if hamlet in self.hamlet_at and code in self.column_at:
            return HAMLETS_SHEET, cell_address(
                self.elsewhere.get(name, self.hamlet_at[hamlet]), self.column_at[code]
            )
        return "", ""


def stamp_of(sheets: Mapping[str, Rows]) -> tuple[Stamp, str]:
    """
    Return which return a workbook says it is for, and its check value.

    Raises:
        NotATemplate: there is no stamp.
    """
    rows = sheets.get(STAMP_SHEET)
    if rows is None:
        raise NotATemplate(
            "Tệp này không phải mẫu do hệ thống xuất ra (không còn trang ẩn _diaban). Xuất mẫu "
            "mới ở trang Nhập số liệu rồi chép số sang.",
            sheet=STAMP_SHEET,
        )
    told = {row[0]: plain_text(row[1]) for row in rows if len(row) > 1}
    try:
        stamp = Stamp(
            # A sheet that took the code for a number has lost its zeros.
            told["area"].zfill(_AREA_DIGITS),
            told["period"],
            told["form"],
            int(told["version"]),
            int(told["revision"]),
        )
        return stamp, told["check"]
    except (KeyError, ValueError) as error:
        raise NotATemplate(
            "Trang ẩn _diaban của tệp đã bị sửa nên không biết tệp của xã nào, kỳ nào. Xuất mẫu "
            "mới ở trang Nhập số liệu rồi chép số sang.",
            sheet=STAMP_SHEET,
        ) from error


def read_filled(
    sheets: Mapping[str, Rows],
    commune: Sequence[Line],
    columns: Sequence[Line],
    hamlets: Sequence[tuple[str, str]],
) -> Filled:
    """
    Return what was typed into the white cells.

    Rows and columns are found by their codes, wherever they stand; a row whose code was lost is
    found by its label, whatever the font it was typed in. Hidden rows count, blank cells do not.

    Raises:
        NotATemplate: a sheet was renamed or removed, or its heads are gone.
    """
    filled = Filled()
    _read_commune(_sheet(sheets, COMMUNE_SHEET), commune, filled)
    _read_hamlets(_sheet(sheets, HAMLETS_SHEET), columns, hamlets, filled)
    return filled


def _sheet(sheets: Mapping[str, Rows], name: str) -> Rows:
    rows = sheets.get(name)
    if rows is None:
        raise NotATemplate(
            f"Tệp không còn trang tính “{name}” (đã bị đổi tên hoặc xóa). Đặt lại tên cũ hoặc "
            "xuất mẫu mới rồi chép số sang.",
            sheet=name,
        )
    return rows


def _read_commune(rows: Rows, lines: Sequence[Line], filled: Filled) -> None:
    top, heads = _heads(rows, COMMUNE_SHEET, {"code", "value"})
    code_at, value_at, name_at = heads["code"], heads["value"], heads.get("name")
    filled.value_at = value_at
    known = {line.code: line for line in lines}
    labels = {} if known.keys() <= {row[code_at] for row in rows} else {
        search_key(line.name): line.code for line in lines
    }  # fmt: skip
    for number, row in enumerate(rows[top + 1 :], top + 1):
        given, code = row[value_at], row[code_at].strip()
        # A code that is there decides; a name beside another code is no better than a guess.
        if labels and not code and name_at is not None:
            code = labels.get(_label_key(row[name_at], labels), code)
        if code in known:
            if known[code].kind is Kind.BOOLEAN and not given.isascii():
                given = _yes_or_no(given)
            first = filled.commune_at.setdefault(code, number)
            if not given or given.isspace():
                continue
            if first != number and code in filled.typed:
                _twice(filled, code, given, COMMUNE_SHEET, cell_address(number, value_at))
            else:
                filled.commune_at[code] = number
                filled.typed[code] = given
        elif given.strip():
            filled.errors.append(
                CellError(
                    COMMUNE_SHEET, cell_address(number, value_at), code, given,
                    f"Biểu này không có chỉ số mã “{code}”. Ghi số vào dòng có sẵn của mẫu.",
                )
            )  # fmt: skip


def _read_hamlets(
    rows: Rows, columns: Sequence[Line], hamlets: Sequence[tuple[str, str]], filled: Filled
) -> None:
    codes = {line.code for line in columns}
    if not hamlets or not columns:
        return
    top, heads = _heads(rows, HAMLETS_SHEET, {"code"})
    code_at, name_at = heads["code"], heads.get("name")
    places = [(column, word) for word, column in heads.items() if word in codes]
    if len(places) < len(codes):
        lost = next(line.name for line in columns if line.code not in heads)
        raise NotATemplate(
            f"Trang “{HAMLETS_SHEET}” không còn cột “{lost}” (mã ở dòng đầu đã bị xóa). Xuất mẫu "
            "mới rồi chép số sang.",
            sheet=HAMLETS_SHEET,
        )
    places.sort()
    known = {code for code, _ in hamlets}
    # Folding every name costs more than reading every cell; it is done when a code was lost.
    labels: dict[str, str] | None = None
    filled.column_at |= {code: column for column, code in places}
    given: list[str] = []
    cells_of = _taker([column for column, _code in places])
    for number, row in enumerate(rows[top + 1 :], top + 1):
        own = row[code_at].strip()
        # A code that is there decides; only a row that lost its code is known by its name.
        if not own and name_at is not None:
            labels = labels or {search_key(name): code for code, name in hamlets}
            own = labels.get(_label_key(row[name_at], labels), own)
        if own not in known:
            own = _with_zeros(own)
        if own in known and own not in filled.hamlet_at:
            filled.hamlet_at[own] = number
            given += cells_of(row)
        elif own in known:
            _take(filled, given)
            _second_row(filled, own, row, number, places)
        elif own not in ("", HAMLET_LABEL):
            # A line of labels under the codes holds words, not figures, and names no hamlet.
            figures = "".join(row[column] for column, _code in places)
            labels = labels or {search_key(name): code for code, name in hamlets}
            named = name_at is not None and _label_key(row[name_at], labels) in labels
            if any(map(str.isdigit, figures)) or (named and figures.strip()):
                filled.errors.append(_strange_hamlet(row[code_at], cell_address(number, code_at)))
    _take(filled, given)


def _take(filled: Filled, given: list[str]) -> None:
    """Move what stands in the hamlets' first rows to where it belongs."""
    names = cell_names(tuple(filled.hamlet_at), tuple(filled.column_at))
    behind = names[len(names) - len(given) :]
    # Something in every cell, and digits alone: nothing to leave out.
    if all(given) and "".join(given).isdigit():
        filled.typed.update(zip(behind, given, strict=True))
    else:
        for name, cell in zip(behind, given, strict=True):
            if cell and not cell.isspace():
                filled.typed[name] = cell
    given.clear()


def _taker(columns: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """Return what takes the cells of those columns out of a row."""
    if len(columns) == columns[-1] - columns[0] + 1:
        return itemgetter(slice(columns[0], columns[-1] + 1))
    return itemgetter(*columns)


def _with_zeros(own: str) -> str:
    """Return a hamlet's code again that the sheet took for a number: `123,01` is `00123.010`."""
    commune, comma, number = own.partition(",")
    if comma and commune.isdigit() and number.isdigit():
        return f"{commune.zfill(_AREA_DIGITS)}.{number.ljust(_HAMLET_DIGITS, '0')}"
    return own


def _strange_hamlet(given: str, address: str) -> CellError:
    return CellError(
        HAMLETS_SHEET, address, "", given,
        f"Xã không có thôn mã “{given.strip()}” trong kỳ này. Ghi lại đúng mã ở ô này, xóa dòng, "
        "hoặc xuất mẫu mới.",
    )  # fmt: skip


def _second_row(
    filled: Filled, own: str, row: Sequence[str], number: int, places: Sequence[tuple[int, str]]
) -> None:
    """Take what a hamlet's second row adds to its first."""
    for column, code in places:
        given, name = row[column], cell_name(own, code)
        if not given or given.isspace():
            continue
        if name in filled.typed:
            _twice(filled, name, given, HAMLETS_SHEET, cell_address(number, column))
        else:
            filled.typed[name], filled.elsewhere[name] = given, number


def _twice(filled: Filled, name: str, given: str, sheet: str, address: str) -> None:
    if plain_text(filled.typed[name]) != plain_text(given):
        first = filled.place(name)[1]
        filled.errors.append(
            CellError(
                sheet, address, name.partition(".")[0], given,
                f"Số này đã ghi ở ô {first} với giá trị khác. Chỉ giữ một trong hai dòng.",
                name,
            )
        )  # fmt: skip


def _heads(rows: Rows, sheet: str, wanted: set[str]) -> tuple[int, dict[str, int]]:
    """Return the row of the heads, and the column of each."""
    for number, row in enumerate(rows[:_HEAD_WITHIN]):
        found: dict[str, int] = {}
        for column, text in enumerate(row):
            if text:
                found.setdefault(text.strip(), column)
        if wanted <= found.keys():
            return number, found
    raise NotATemplate(
        f"Trang “{sheet}” không còn dòng đầu có mã cột ({', '.join(sorted(wanted))}). Xuất mẫu "
        "mới rồi chép số sang.",
        sheet=sheet,
    )


def _label_key(text: str, labels: Mapping[str, str]) -> str:
    """Return the key of a label, typed in Unicode or in the old font TCVN3."""
    key = search_key(text)
    if key in labels or text.isascii():
        return key
    return search_key(_from_tcvn3(text))


def _yes_or_no(given: str) -> str:
    """Return a yes or no typed in TCVN3 in Unicode; everything else as it is."""
    read = _from_tcvn3(given)
    return read if search_key(read) in ("co", "khong") else given


@cache
def _from_tcvn3(text: str) -> str:
    from viparse import fix

    return str(fix(text, encoding="tcvn3"))
