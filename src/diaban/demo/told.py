"""Figures that stories and pictures fix: Khe Sậy's two newest months, Tân Hòe's signatures."""

import csv
from functools import cache
from importlib.resources import files
from io import StringIO
from typing import Final

Cells = dict[str, int | str | None]

# Households of Tân Hòe with a commitment at the end of each of its last six months, of 1,000:
# 71,2 %, 80,5 %, 88,0 %, 92,4 %, 96,9 % and 98,4 %.
TAN_HOE_SIGNED: Final = (712, 805, 880, 924, 969, 984)


@cache
def khe_say() -> tuple[tuple[Cells, Cells], ...]:
    """
    Return the hamlets of Khe Sậy in order, each as the month before and as the draft.

    In the draft three hamlets are empty, one has fewer households than signatures, and one
    cell does not apply.
    """
    text = (files("diaban.demo") / "data" / "khe-say.tsv").read_text(encoding="utf-8")
    rows = []
    for line in csv.DictReader(StringIO(text), delimiter="\t"):
        pairs = {code: pair.split() for code, pair in line.items() if code != "hamlet"}
        before: Cells = {code: int(pair[0]) for code, pair in pairs.items()}
        now: Cells = {code: _cell(pair[1]) for code, pair in pairs.items()}
        rows.append((before, now))
    return tuple(rows)


def _cell(text: str) -> int | str | None:
    if text == ".":
        return None
    return int(text) if text.isdigit() else text
