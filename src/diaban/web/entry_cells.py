"""The cells of a return as they stand on a page."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from diaban.core.numbers import Absence, Kind, write_number
from diaban.indicators.rules.aggregation import across_areas
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Column, Entry, cell_name, decode
from diaban.indicators.rules.small_counts import KEPT_BACK, hidden
from diaban.web.entry_words import column_name, unit_of

_VIETNAMESE = {"1": "có", "0": "không"}
# Units that go without saying for what is counted; amounts and areas name theirs.
_NAMED_UNITS = frozenset({Kind.DECIMAL, Kind.MONEY})


class Cells:
    """Cells as they stand on the page; remembers what each shows."""

    def __init__(
        self,
        typed: Mapping[str, str],
        entry: Entry,
        before: Mapping[str, str],
        year_ago: Mapping[str, str],
        remarks: Mapping[str, str],
        link_of: Callable[[str], str] | None = None,
    ) -> None:
        self.typed, self.before, self.year_ago, self.remarks = typed, before, year_ago, remarks
        self.faults = {cell_name(one.row, one.code): one for one in entry.faults}
        self.warned = {cell_name(one.row, one.code): one for one in entry.warnings}
        self.link_of = link_of
        self.shown: dict[str, str] = {}

    def cell(self, row: str, column: Column, row_name: str) -> dict[str, Any]:
        """Return one cell of `web/returns/entry_cell.html`."""
        name = cell_name(row, column.code)
        value = self.typed.get(name, "")
        self.shown[name] = value
        fault = self.faults.get(name)
        warned = self.warned.get(name)
        remark = self.remarks.get(name) or (warned.sentence if warned else "")
        return {
            "id": cell_id(row, column.code),
            "name": name,
            "label": column_name(column),
            "row_name": row_name,
            "value": _word(value, column),
            "link": self.link_of(name) if self.link_of else "",
            "previous": _word(self.before.get(name, ""), column),
            "year_ago": _word(self.year_ago.get(name, ""), column),
            "state": _state(value),
            "counted": False,
            "wide": column.kind is Kind.MONEY,
            "unit": unit_of(column.code) if column.kind in _NAMED_UNITS else "",
            "options": _options(_VIETNAMESE.get(value, value))
            if column.kind is Kind.BOOLEAN
            else [],
            "level": "error" if fault else "warning" if remark else "",
            "message": fault.sentence if fault else remark or "",
            "inputmode": "text"
            if column.kind is Kind.BOOLEAN
            else "decimal"
            if column.kind is Kind.DECIMAL
            else "numeric",
        }


def cell_id(row: str, code: str) -> str:
    """Return the id of a cell's input on the page."""
    return f"v-{row.replace('.', '-')}-{code}" if row else f"v-{code}"


def _word(value: str, column: Column) -> str:
    """Return what stood in a cell; a yes or no that was kept as a number says so."""
    if column.kind is not Kind.BOOLEAN:
        return value
    plain = _VIETNAMESE.get(value, value)
    return _(plain) if plain in _VIETNAMESE.values() else value


def _options(value: str) -> list[dict[str, Any]]:
    """Return the answers to a yes-or-no question; what was typed and is neither stays in sight."""
    given = value.strip().casefold()
    answers = [
        ("", _("chưa chọn")), ("có", _("có")), ("không", _("không")), ("-", _("chưa có số")),
        ("KAD", _("không áp dụng")),
    ]  # fmt: skip
    known = any(given == answer.casefold() for answer, _words in answers)
    more = [] if known else [(value, value)]
    return [
        {"value": answer, "label": words, "chosen": given == answer.strip().casefold()}
        for answer, words in (*answers, *more)
    ]


def _state(value: str) -> str:
    plain = value.strip()
    if not plain:
        return "missing"
    if not plain.strip("-–—"):
        return "not_yet"
    return "not_applicable" if plain.casefold() == "kad" else "value"


def totals_of_rows(
    document: dict[str, Any], columns: tuple[Column, ...], hamlets: int, *, exact: bool = True
) -> list[dict[str, str]]:
    """
    Return the totals under the rows.

    Not `exact`: a total that a few people of one hamlet could be told from is kept back.
    """
    catalogue = builtin_catalogue()
    totals = []
    for column in columns:
        values = [decode(row.get(column.code)) for row in document["hamlets"].values()]
        numbers = [value for value in values if not isinstance(value, Absence)]
        whole = across_areas(catalogue[column.code], values)
        complete = not isinstance(whole, Absence) or whole is Absence.NOT_APPLICABLE
        totals.append(
            {
                "column": column.code,
                "reporting": "" if complete else f"{len(numbers)}/{hamlets}",
                "value": KEPT_BACK
                if not exact and any(hidden(one, catalogue[column.code].unit) for one in numbers)
                else write_number(sum(numbers))
                if numbers
                else "–",
            }
        )
    return totals
