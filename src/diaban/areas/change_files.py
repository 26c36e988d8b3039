"""A change handed in as a file: line by line, or as the list of units that will be."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from diaban.areas.listing import listing_on
from diaban.areas.reorganising import bad_change
from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.documents import ChangeFile, read_csv_change, read_toml_change
from diaban.areas.rules.levels import Level
from diaban.areas.rules.listings import COLUMNS, difference, operations_of, read_listing
from diaban.areas.rules.operations import Operation
from diaban.core.text import nfc


def change_in(name: str, text: str, effective_on: date, basis: str) -> ChangeFile:
    """
    Return the change in a file.

    `name` ends with `.toml`, or the text is CSV: with the columns of a list of units
    (`diaban areas import`), or with those of a change (`diaban areas change`).

    Raises:
        UnreadableChange, BadListing, BadChange: every line that is wrong is named.
    """
    if name.lower().endswith(".toml"):
        return read_toml_change(text)
    head = next(csv.reader(io.StringIO(nfc(text.removeprefix("\ufeff")))), [])
    if set(COLUMNS) <= set(head) and "kind" not in head:
        return ChangeFile(effective_on, basis, change_of_listing(text, effective_on))
    return read_csv_change(text, effective_on, basis)


def change_of_listing(text: str, effective_on: date) -> tuple[Operation, ...]:
    """
    Return what brings the map of a day to a full list of units; nothing if they are the same.

    Raises:
        BadListing: lines cannot be read.
        BadChange: units are missing in the list.
    """
    then = read_listing(text)
    hamlets = any(level_of_code(code) is Level.HAMLET for code in then)
    now = listing_on(effective_on, hamlets=hamlets)
    now.pop("VN", None)
    then.pop("VN", None)
    operations, problems = operations_of(difference(now, then), len(now))
    if problems:
        raise bad_change(problems)
    return tuple(operations)


def as_csv(rows: Sequence[Sequence[str]]) -> str:
    """Return the rows of a sheet as CSV, empty ones at the end left out."""
    out = io.StringIO()
    kept = list(rows)
    while kept and not any(cell.strip() for cell in kept[-1]):
        kept.pop()
    csv.writer(out, lineterminator="\n").writerows(kept)
    return out.getvalue()
