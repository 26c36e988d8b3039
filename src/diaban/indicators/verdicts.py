"""What the rules say of a return: errors and warnings beside what was typed."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from diaban.indicators.models import FormVersion
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import (
    COMMUNE_ROW,
    Entry,
    Fault,
    Warned,
    cell_name,
    write_cell,
)
from diaban.indicators.rules.parts import part_checks
from diaban.indicators.rules.ranges import builtin_ranges, range_checks
from diaban.indicators.rules.splits import split_checks
from diaban.indicators.rules.validation import (
    Checks,
    Level,
    Returns,
    builtin_checks,
    evaluate,
    in_english,
)


def checks_of(version: FormVersion) -> Checks:
    """
    Return the rules by which a form version is measured: of the files, and parts and wholes.

    Entry asks `entry_checks`: a number out of range never gets far enough to be measured.
    """
    return _checks(version.code, tuple(version.commune_codes), tuple(version.hamlet_codes))


@lru_cache(maxsize=32)
def _checks(form: str, commune: tuple[str, ...], hamlet: tuple[str, ...]) -> Checks:
    known = {*commune, *hamlet}
    own = (check for check in builtin_checks() if check.form == form and check.at in known)
    catalogue = builtin_catalogue()
    return Checks(
        (
            *part_checks(form, commune, hamlet, catalogue),
            *split_checks(form, commune, hamlet, catalogue),
            *own,
        )
    )


def entry_checks(version: FormVersion, *, english: bool = False) -> Checks:
    """Return the rules that entry asks: those of the form, and that no number is out of range."""
    return _entry_checks(
        version.code, tuple(version.commune_codes), tuple(version.hamlet_codes), english
    )


@lru_cache(maxsize=32)
def _entry_checks(
    form: str, commune: tuple[str, ...], hamlet: tuple[str, ...], english: bool
) -> Checks:
    found = (
        *_checks(form, commune, hamlet),
        *range_checks(form, commune, hamlet, builtin_catalogue(), builtin_ranges()),
    )
    return Checks(in_english(found) if english else found)


def checked(
    version: FormVersion,
    entry: Entry,
    before: Mapping[str, Any] | None,
    *,
    english: bool = False,
) -> Entry:
    """
    Return an entry with what the rules say of it, in the order of the page.

    Explanations stay only where a rule asks for one or a warning stands.
    """
    found = evaluate(
        entry_checks(version, english=english),
        Returns(entry.document, dict(before) if before else None),
    )
    why = entry.document.get("why", {})
    faults = list(map(_fault_in_english, entry.faults)) if english else list(entry.faults)
    warnings = []
    for one in found:
        if one.level is Level.ERROR:
            faults.append(Fault(one.row, one.code, _given(entry, one.row, one.code), one.sentence))
        else:
            told = why.get(one.name, "")
            warnings.append(Warned(one.row, one.code, one.sentence, one.explain, told))
    kept = {cell_name(one.row, one.code): one.why for one in warnings if one.why}
    document = {key: value for key, value in entry.document.items() if key != "why"}
    if kept:
        document["why"] = kept
    return replace(
        entry,
        document=document,
        faults=_in_order(faults, version, entry),
        warnings=tuple(warnings),
    )


_UNREAD: Final = {
    "text": "“{given}” is not a number; write digits, as 1.234.",
    "fraction": "“{given}” has a fraction; this column counts whole things.",
    "negative": "“{given}” is negative; no figure is below 0.",
    "share": "“{given}” is a share; this column takes a count.",
    "ambiguous": "“{given}” can be read in two ways; write it without a point, or with a comma.",
    "too_large": "“{given}” is too large; check the digits (15 at most).",
    "date": "“{given}” is a date; format the cell as a number and write it again.",
}


def _fault_in_english(fault: Fault) -> Fault:
    words = _UNREAD.get(fault.problem, _UNREAD["text"])
    return replace(fault, sentence=words.format(given=fault.given.strip()[:40]))


def _given(entry: Entry, row: str, code: str) -> str:
    document = entry.document
    cells = document["values"] if row == COMMUNE_ROW else document["hamlets"].get(row, {})
    return write_cell(cells.get(code))


def _in_order(faults: list[Fault], version: FormVersion, entry: Entry) -> tuple[Fault, ...]:
    """Return faults as the page reads: hamlet by hamlet, column by column, then the commune."""
    rows = {row: at for at, row in enumerate((*entry.document["hamlets"], COMMUNE_ROW))}
    codes = (*version.hamlet_codes, *version.commune_codes)
    columns = {code: at for at, code in enumerate(codes)}
    return tuple(sorted(faults, key=lambda one: (rows[one.row], columns[one.code])))
