"""What is said of the cells of a return: errors, what to explain, what a reviewer wrote."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diaban.indicators.rules.entry import COMMUNE_ROW, WHY, Entry, Warned, cell_name
from diaban.web.entry_cells import cell_id
from diaban.web.entry_words import indicator_name, short_name


class Told:
    """The sentences about the cells of one return, as the parts of its page show them."""

    def __init__(
        self, entry: Entry, remarks: Mapping[str, str], hamlets: Mapping[str, str], missing: int
    ) -> None:
        self.entry, self.remarks, self.missing = entry, remarks, missing
        self._places = {**hamlets, COMMUNE_ROW: _("Toàn xã")}
        self._empty = [
            hamlets[code]
            for code, row in entry.document["hamlets"].items()
            if all(cell is None for cell in row.values())
        ]

    @property
    def hamlets_without(self) -> int:
        """How many hamlets have no figure at all."""
        return len(self._empty)

    def of_row(self, row: str) -> list[dict[str, str]]:
        """Return the lines under a hamlet's row."""
        lines = [
            {"level": "error", "text": _named(one.code, one.sentence)}
            for one in self.entry.faults
            if one.row == row
        ]
        for cell, text in self.remarks.items():
            code, _dot, place = cell.partition(".")
            if place == row:
                lines.append({"level": "warning", "text": _named(code, text)})
        return lines + [
            {"level": "warning", "text": _named(one.code, one.sentence)}
            for one in self.entry.warnings
            if one.row == row
        ]

    def checks(self) -> dict[str, Any]:
        """Return the panel beside the grid; each cell that asks or may be explained once."""
        asked = {name for name, one in self._warned() if one.explain}
        told: dict[str, dict[str, Any]] = {}
        for name, one in self._warned():
            line = told.setdefault(name, self._warning(name, one, asked=name in asked))
            if one.sentence not in line["text"]:
                line["text"] = f"{line['text']} {one.sentence}"
        return {
            "errors": self._errors(),
            "remarks": [{"text": text, **self._place(cell)} for cell, text in self.remarks.items()],
            "asked": [line for name, line in told.items() if name in asked],
            "looked": [line for name, line in told.items() if name not in asked],
            "missing": {"count": self.missing, "text": self._missing_text()}
            if self.missing
            else None,
        }

    def counts(self) -> dict[str, Any]:
        """Return how much is to be mended, explained and filled, and the marks on the cells."""
        unexplained = {cell_name(one.row, one.code) for one in self.entry.unexplained}
        return {
            "errors": len(self.entry.faults),
            "unexplained": len(unexplained),
            "missing": self.missing,
            "marks": json.dumps(self._marks(), ensure_ascii=False),
        }

    def summary(self) -> list[dict[str, str]]:
        """Return what stands in the way of sending, with the way to each cell."""
        found = [
            {"text": f"{one['place']}: {one['text']}", "href": one["href"]}
            for one in self._errors()
        ]
        for name, one in self._warned():
            if one.explain and not one.why:
                line = self._place(name)
                found.append(
                    {
                        "text": f"{line['place']}: {one.sentence} {_('Ghi một câu giải thích.')}",
                        "href": f"#why-{cell_id(one.row, one.code)}",
                    }
                )
        return found

    def _warned(self) -> list[tuple[str, Warned]]:
        return [(cell_name(one.row, one.code), one) for one in self.entry.warnings]

    def _errors(self) -> list[dict[str, Any]]:
        return [
            {"text": one.sentence, **self._place(cell_name(one.row, one.code))}
            for one in self.entry.faults
        ]

    def _warning(self, name: str, one: Warned, *, asked: bool) -> dict[str, Any]:
        return {
            "text": one.sentence,
            **self._place(name),
            "reason": {
                "name": f"{WHY}{name}",
                "id": f"why-{cell_id(one.row, one.code)}",
                "value": one.why,
                "asked": asked,
            },
        }

    def _place(self, name: str) -> dict[str, str]:
        code, _dot, row = name.partition(".")
        return {
            "place": f"{self._places.get(row, row)}, {short_name(code)}",
            "href": f"#{cell_id(row, code)}",
        }

    def _marks(self) -> list[dict[str, Any]]:
        """
        Return what is said of single cells; of one cell the last counts, which is the error.

        `keep` stays whatever is typed; `given` stays while that text stands in the cell, because
        only the server reads it.
        """
        said: list[tuple[str, str, dict[str, Any]]] = [
            (cell, "warning", {"text": text, "keep": True}) for cell, text in self.remarks.items()
        ]
        said += [(name, "warning", {"text": one.sentence}) for name, one in self._warned()]
        for one in self.entry.faults:
            more = {"given": one.given.strip()} if one.problem else {}
            said.append((cell_name(one.row, one.code), "error", {"text": one.sentence, **more}))
        return [
            {"id": cell_id(row, code), "row": row, "code": code, "level": level, **words}
            for cell, level, words in said
            for code, _dot, row in [cell.partition(".")]
        ]

    def _missing_text(self) -> str:
        if not self._empty:
            return _("Ô trống được gửi là “thiếu số liệu”, không phải số 0.")
        named = ", ".join(self._empty[:4])
        count, more = len(self._empty), len(self._empty) - 4
        if more > 0:
            named += " " + ngettext("và %(n)d thôn khác", "và %(n)d thôn khác", more) % {"n": more}
        return ngettext(
            "%(n)d thôn chưa có số: %(names)s.", "%(n)d thôn chưa có số: %(names)s.", count
        ) % {"n": count, "names": named}


def _named(code: str, text: str) -> str:
    """Return a sentence that says which column it is about."""
    name = indicator_name(code)
    return text if text.startswith(name) else f"{name}: {text}"
