"""
Columns taken apart: by sex, by age group. The parts of a split add up to the whole.

A part is a column of its own, so it is stored, checked, packed, added up and written into
workbooks like any other; what is special about it stands here.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from diaban.core.errors import DomainError
from diaban.core.numbers import Value
from diaban.indicators.rules.catalogue import Catalogue, part_code, whole_of
from diaban.indicators.rules.small_counts import hidden
from diaban.indicators.rules.validation import Check, Level, Row, Term


class BadSplit(DomainError):
    """A form splits a column that must not be taken apart so. Facts: `indicator`, `split`."""

    code: ClassVar[str] = "bad_split"


def with_parts(
    codes: Iterable[str], split: Mapping[str, Sequence[str]], catalogue: Catalogue
) -> list[str]:
    """
    Return the columns of a form with the parts of those that it splits behind each.

    Raises:
        BadSplit: the catalogue does not let that column be split so.
    """
    found = []
    for code in codes:
        found.append(code)
        for name in split.get(code, ()):
            if name not in catalogue[code].split_by:
                raise BadSplit(
                    f"Chỉ số “{code}” không được chia theo “{name}”: danh mục chỉ cho chia số "
                    "người được tuyên truyền, không chia số liệu về vụ việc, người nghiện.",
                    indicator=code,
                    split=name,
                )
            found += [part_code(code, end) for end, *_words in catalogue.splits[name].parts]
    return found


def split_checks(
    form: str, commune: Sequence[str], hamlet: Sequence[str], catalogue: Catalogue
) -> tuple[Check, ...]:
    """Return the rules that the parts of every split column add up to it."""
    found = []
    for row, codes in ((Row.HAMLET, hamlet), (Row.COMMUNE, commune)):
        for code in codes:
            for name in catalogue[code].split_by:
                split = catalogue.splits[name]
                parts = [part_code(code, end) for end, *_words in split.parts]
                if not set(parts) <= set(codes):
                    continue
                found.append(
                    Check(
                        id=f"{code}_by_{name}",
                        form=form,
                        row=row,
                        level=Level.ERROR,
                        at=code,
                        text=f"{catalogue[code].name_vi} ({{right}}) khác tổng chia theo "
                        f"{split.name_vi} ({{left}}). Sửa lại cho bằng nhau.",
                        left=tuple(Term(1, "", part) for part in parts),
                        op="=",
                        right=(Term(1, "", code),),
                        english=f"{catalogue[code].name_en} ({{right}}) differ from the sum of "
                        "their parts ({left}). Make them equal.",
                    )
                )
    return tuple(found)


def withheld_parts(totals: Mapping[str, Value | None], catalogue: Catalogue) -> set[str]:
    """
    Return the parts that must not leave their unit.

    One small part alone could be told from the whole and the others, so all parts of a whole
    are withheld together.
    """
    small = {
        whole_of(code)
        for code, value in totals.items()
        if whole_of(code) and hidden(value, catalogue[code].unit)
    }
    return {code for code in totals if whole_of(code) in small}
