"""A part is never more than its whole: checks that follow from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from diaban.indicators.rules.catalogue import Catalogue, Indicator
from diaban.indicators.rules.validation import COUNT, HAMLETS, Check, Level, Row, Term

# The indicator that the register of areas counts: no form asks for it.
_COUNTED_HAMLETS: Final = "hamlets"
_MEND: Final = "Mend one of the two."


def part_checks(
    form: str, commune: Sequence[str], hamlet: Sequence[str], catalogue: Catalogue
) -> tuple[Check, ...]:
    """
    Return the rules that follow from the catalogue: a part is never more than its whole.

    A part in the commune's own cells whose whole is asked of the hamlets is held against their
    sum, and one that is a part of the hamlets against how many there are.
    """
    found = [
        _part(form, row, catalogue[code], catalogue[whole])
        for row, codes in ((Row.HAMLET, hamlet), (Row.COMMUNE, commune))
        for code in codes
        for whole in catalogue[code].part_of
        if whole in codes
    ]
    for code in commune:
        for whole in catalogue[code].part_of:
            if whole in commune:
                continue
            if whole in hamlet:
                found.append(_part_of_hamlets(form, catalogue[code], catalogue[whole]))
            elif whole == _COUNTED_HAMLETS:
                found.append(_part_of_count(form, catalogue[code]))
    return tuple(found)


def _part(form: str, row: Row, part: Indicator, whole: Indicator) -> Check:
    text = f"{part.name_vi} ({{left}}) lớn hơn {_inside(whole)} ({{right}}). Sửa một trong hai số."
    english = f"{part.name_en} ({{left}}) are more than {_inside_en(whole)} ({{right}}). {_MEND}"
    return _at_most(form, row, part, whole.code, Term(1, "", whole.code), text, english)


def _part_of_hamlets(form: str, part: Indicator, whole: Indicator) -> Check:
    text = (
        f"{part.name_vi} ({{left}}) lớn hơn {_inside(whole)} của các thôn cộng lại ({{right}}). "
        "Sửa một trong hai số."
    )
    english = (
        f"{part.name_en} ({{left}}) are more than {_inside_en(whole)} of all hamlets together "
        f"({{right}}). {_MEND}"
    )
    term = Term(1, HAMLETS, whole.code)
    return _at_most(form, Row.COMMUNE, part, f"hamlets_{whole.code}", term, text, english)


def _part_of_count(form: str, part: Indicator) -> Check:
    text = f"{part.name_vi} ({{left}}) nhiều hơn số thôn của xã ({{right}}). Sửa lại."
    english = f"{part.name_en} ({{left}}) are more than the commune has hamlets ({{right}})."
    term = Term(1, COUNT, _COUNTED_HAMLETS)
    return _at_most(form, Row.COMMUNE, part, _COUNTED_HAMLETS, term, text, english)


def _at_most(
    form: str, row: Row, part: Indicator, whole: str, most: Term, text: str, english: str
) -> Check:
    return Check(
        id=f"{part.code}_within_{whole}",
        form=form,
        row=row,
        level=Level.ERROR,
        at=part.code,
        text=text,
        left=(Term(1, "", part.code),),
        op="<=",
        right=(most,),
        english=english,
    )


def _inside(whole: Indicator) -> str:
    return whole.name_vi[:1].lower() + whole.name_vi[1:]


def _inside_en(whole: Indicator) -> str:
    return whole.name_en[:1].lower() + whole.name_en[1:]
