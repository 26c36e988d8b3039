"""
Rules between the cells of a return, as data: the same on the server and in the browser.

The data stand in `data/checks.toml`, which says how they are written. Comparisons are exact; a
rule of which any term has no number says nothing.
"""

from __future__ import annotations

import operator
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from itertools import compress
from pathlib import Path
from typing import Any, ClassVar, Final

from diaban.core.errors import DomainError
from diaban.core.numbers import Absence, Number, percent_cut, write_number
from diaban.indicators.rules.entry import COMMUNE_ROW, Document, cell_name, decode

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "checks.toml"
BEFORE: Final = "before"
HAMLETS: Final = "hamlets"
# As a source: how many hamlets the return has; the code after it says nothing.
COUNT: Final = "count"
_OPS: Final = ("<=", ">=", "=")
_NO_CELLS: Final[Mapping[str, Any]] = {}


class BadChecks(DomainError):
    """A file of rules that cannot be used. Facts: `file`, `errors`."""

    code: ClassVar[str] = "bad_checks"


class Level(StrEnum):
    """What a finding means for sending."""

    ERROR = "error"
    WARNING = "warning"


class Row(StrEnum):
    """Where a rule is asked."""

    HAMLET = "hamlet"
    COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Term:
    """One number of a sum; `source` empty is the same row of the same return."""

    sign: int
    source: str
    code: str


@dataclass(frozen=True, slots=True)
class Check:
    """
    One rule: a comparison of two sums, or (with `percent`) a change since last period.

    `right` is a sum or a whole number. `text` is what a person reads, `english` the same for
    whoever reads English; `swing` are the words for up and down in it.
    """

    id: str
    form: str
    row: Row
    level: Level
    at: str
    text: str
    explain: bool = False
    left: tuple[Term, ...] = ()
    op: str = ""
    right: tuple[Term, ...] | int = 0
    percent: int | None = None
    least: int = 0
    english: str = ""
    swing: tuple[str, str] = ("tăng", "giảm")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of one cell; `row` is a hamlet, or empty for the commune's own part."""

    rule: str
    row: str
    code: str
    level: Level
    sentence: str
    explain: bool

    @property
    def name(self) -> str:
        """The cell as `rules.entry` names it."""
        return cell_name(self.row, self.code)


@dataclass(frozen=True, slots=True)
class Returns:
    """The return that is looked at, last period's, and those of other forms by their code."""

    now: Document
    before: Document | None = None
    forms: Mapping[str, Document] = field(default_factory=dict)


@cache
def builtin_checks() -> tuple[Check, ...]:
    """Return the rules that every installation has."""
    return load_checks(BUILT_IN)


def load_checks(path: Path) -> tuple[Check, ...]:
    """
    Return the rules of a file.

    Raises:
        BadChecks: the file cannot be read, or a rule in it cannot be understood; lists all.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("rule", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, [f"không đọc được ({error})"]) from error
    found: list[Check] = []
    errors = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(_check(entry))
        except (KeyError, TypeError, ValueError) as error:
            errors.append(f"{entry.get('id', f'quy tắc thứ {number}')}: {error}")
    names = [check.id for check in found]
    errors += [f"{name}: mã lặp lại" for name in dict.fromkeys(names) if names.count(name) > 1]
    if errors:
        raise _bad(path, errors)
    return tuple(found)


def in_english(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return rules that say in English what they find; one without English says its code."""
    return tuple(
        replace(check, text=check.english or f"{check.id}: {check.text}", swing=("up", "down"))
        for check in checks
    )


def evaluate(checks: Iterable[Check], returns: Returns) -> tuple[Finding, ...]:
    """
    Return what the rules say, hamlet by hamlet in the order of the document, then the commune.

    Within a row the findings come in the order of the rules.
    """
    sorted_ = checks if isinstance(checks, Checks) else Checks(checks)
    read = _Numbers(returns)
    # Nearly every rule holds in nearly every row: those are passed over column by column.
    asked: dict[str, list[Check]] = {}
    for check in sorted_.below:
        for hamlet in _doubtful(check, read):
            asked.setdefault(hamlet, []).append(check)
    found = []
    if asked:
        for hamlet in returns.now["hamlets"]:
            found += [f for check in asked.get(hamlet, ()) if (f := _finding(check, hamlet, read))]
    values = returns.now["values"]
    for check, left, right in sorted_.own:
        if left:
            a = values.get(left)
            b = right if right.__class__ is int else values.get(right)
            if a is None or b is None:
                continue
            if a.__class__ is int and b.__class__ is int and not _BROKEN[check.op](a, b):
                continue
        if one := _finding(check, COMMUNE_ROW, read):
            found.append(one)
    return tuple(found)


class Checks(tuple[Check, ...]):
    """
    Rules, sorted once for the many returns that they are asked of.

    `own` are those of the commune's row, each with its cell and the cell or number that it is
    held against, where it compares no more than these.
    """

    below: tuple[Check, ...]
    own: tuple[tuple[Check, str, str | int], ...]

    def __new__(cls, checks: Iterable[Check]) -> Checks:
        made = super().__new__(cls, checks)
        made.below = tuple(check for check in made if check.row is Row.HAMLET)
        own = []
        for check in made:
            if check.row is Row.COMMUNE:
                left, right = _only(check.left), _only(check.right)
                own.append((check, left, right) if left and right != "" else (check, "", ""))
        made.own = tuple(own)
        return made


def _only(terms: Sequence[Term] | int) -> Any:
    """Return the number or the one cell of the same row that a side of a rule is, else ''."""
    if isinstance(terms, int):
        return terms
    if len(terms) != 1 or terms[0].sign != 1 or terms[0].source:
        return ""
    return terms[0].code


def _doubtful(check: Check, read: _Numbers) -> Iterable[str]:
    """
    Return the hamlets for which a rule has to be asked exactly.

    Left out are those whose whole numbers keep the rule, and those that lack a number; only
    rules between two cells of a row, or a cell and itself last period, are looked at so.
    """
    hamlets = read.hamlets
    if check.percent is not None:
        if not read.has(BEFORE):
            return ()
        now, before = read.column("", check.at), read.column(BEFORE, check.at)
        percent, least = check.percent, check.least
        return [
            hamlet
            for hamlet, a, b in zip(hamlets, now, before, strict=True)
            if a is not None
            and b is not None
            and not (
                a.__class__ is int
                and b.__class__ is int
                and (abs(a - b) < least or abs(a - b) * 100 <= percent * b)
            )
        ]
    if len(check.left) != 1 or check.left[0].sign != 1 or check.left[0].source not in ("", BEFORE):
        return hamlets
    source, code = check.left[0].source, check.left[0].code
    left, whole = read.column(source, code), read.whole(source, code)
    right: Sequence[Any]
    if isinstance(check.right, int):
        right = [check.right] * len(hamlets)
    elif (
        len(check.right) == 1 and check.right[0].sign == 1 and check.right[0].source in ("", BEFORE)
    ):
        source, code = check.right[0].source, check.right[0].code
        right, whole = read.column(source, code), whole and read.whole(source, code)
    else:
        return hamlets
    # Whole numbers everywhere: the rows that break the rule, and no others.
    broken = _BROKEN[check.op]
    if whole:
        return list(compress(hamlets, map(broken, left, right)))
    return [
        hamlet
        for hamlet, a, b in zip(hamlets, left, right, strict=True)
        if a is not None
        and b is not None
        and (a.__class__ is not int or b.__class__ is not int or broken(a, b))
    ]


# What holds of two numbers that do not keep a rule.
_BROKEN: Final = {"<=": operator.gt, ">=": operator.lt, "=": operator.ne}


def asked(checks: Iterable[Check], returns: Returns) -> dict[str, int]:
    """Return how often each rule had all its numbers, whatever it then said."""
    read = _Numbers(returns)
    found = {}
    for check in checks:
        rows = tuple(returns.now["hamlets"]) if check.row is Row.HAMLET else (COMMUNE_ROW,)
        found[check.id] = sum(_answers(check, row, read) for row in rows)
    return found


def as_json(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Return the rules as the browser reads them."""
    return [
        {
            "id": check.id,
            "row": check.row.value,
            "level": check.level.value,
            "at": check.at,
            "text": check.text,
            "explain": check.explain,
            "left": [[t.sign, t.source, t.code] for t in check.left],
            "op": check.op,
            "right": check.right
            if isinstance(check.right, int)
            else [[t.sign, t.source, t.code] for t in check.right],
            "percent": check.percent,
            "least": check.least,
            "swing": check.swing,
        }
        for check in checks
    ]


class _Numbers:
    """The numbers of the returns, each read once."""

    def __init__(self, returns: Returns) -> None:
        self._documents: dict[str, Document | None] = {
            "": returns.now,
            BEFORE: returns.before,
            **returns.forms,
        }
        self._sums: dict[str, Number | None] = {}
        self._rows: dict[str, list[Mapping[str, Any]]] = {}
        self._columns: dict[tuple[str, str], list[Any]] = {}
        self._whole: dict[tuple[str, str], bool] = {}
        self._values: Mapping[str, Any] = returns.now["values"]
        self.hamlets: tuple[str, ...] = tuple(returns.now["hamlets"])

    def has(self, source: str) -> bool:
        """Whether there is such a return."""
        return self._documents.get(source) is not None

    def column(self, source: str, code: str) -> list[Any]:
        """Return one cell a hamlet of this return, as the document has it."""
        found = self._columns.get((source, code))
        if found is None:
            rows = self._rows.get(source)
            if rows is None:
                own = (self._documents.get(source) or {"hamlets": {}})["hamlets"]
                rows = self._rows[source] = [own.get(hamlet, _NO_CELLS) for hamlet in self.hamlets]
            found = self._columns[source, code] = [row.get(code) for row in rows]
        return found

    def whole(self, source: str, code: str) -> bool:
        """Whether every cell of a column is a whole number."""
        found = self._whole.get((source, code))
        if found is None:
            found = set(map(type, self.column(source, code))) <= {int}
            self._whole[source, code] = found
        return found

    def of(self, term: Term, row: str) -> Number | None:
        if not term.source and row == COMMUNE_ROW:
            return _number(self._values.get(term.code))
        if term.source == HAMLETS:
            return self._sum(term.code)
        if term.source == COUNT:
            return len(self.hamlets)
        document = self._documents.get(term.source)
        if document is None:
            return None
        cells = document["values"] if row == COMMUNE_ROW else document["hamlets"].get(row, {})
        return _number(cells.get(term.code))

    def _sum(self, code: str) -> Number | None:
        """Return the sum of all hamlets, None when any of them lacks a number."""
        if code not in self._sums and self.hamlets and self.whole("", code):
            self._sums[code] = sum(self.column("", code))
        elif code not in self._sums:
            values = [_number(cell) for cell in self.column("", code)]
            known = [value for value in values if value is not None]
            complete = values and len(known) == len(values)
            self._sums[code] = sum(known) if complete else None
        return self._sums[code]


def _number(cell: Any) -> Number | None:
    if cell.__class__ is int:
        whole: int = cell
        return whole
    if cell is None or isinstance(cell, bool):
        return None
    value = decode(cell)
    return None if isinstance(value, Absence) else value


def _answers(check: Check, row: str, read: _Numbers) -> bool:
    if check.percent is not None:
        sources = ("", BEFORE)
        return all(read.of(Term(1, source, check.at), row) is not None for source in sources)
    right = () if isinstance(check.right, int) else check.right
    return all(read.of(term, row) is not None for term in (*check.left, *right))


def _finding(check: Check, row: str, read: _Numbers) -> Finding | None:
    told = _change(check, row, read) if check.percent is not None else _compare(check, row, read)
    if told is None:
        return None
    sentence = check.text
    for word, value in told.items():
        sentence = sentence.replace(f"{{{word}}}", value)
    return Finding(check.id, row, check.at, check.level, sentence, check.explain)


def _compare(check: Check, row: str, read: _Numbers) -> dict[str, str] | None:
    """Return the words for the sentence, or None when the rule holds or cannot be asked."""
    left = _total(check.left, row, read)
    if left is None:
        return None
    right = check.right if isinstance(check.right, int) else _total(check.right, row, read)
    if right is None or _holds(left, check.op, right):
        return None
    return {"left": _written(left), "right": _written(right)}


def _holds(left: Number, op: str, right: Number) -> bool:
    if op == "<=":
        return left <= right
    return left >= right if op == ">=" else left == right


def _total(terms: Sequence[Term], row: str, read: _Numbers) -> Number | None:
    if len(terms) == 1 and terms[0].sign == 1:
        return read.of(terms[0], row)
    total: Number = 0
    for term in terms:
        value = read.of(term, row)
        if value is None:
            return None
        total += term.sign * value
    return total


def _change(check: Check, row: str, read: _Numbers) -> dict[str, str] | None:
    now = read.of(Term(1, "", check.at), row)
    before = read.of(Term(1, BEFORE, check.at), row)
    if now is None or before is None:
        return None
    moved = now - before if now > before else before - now
    if moved < check.least or moved * 100 <= (check.percent or 0) * before:
        return None
    return {
        "now": _written(now),
        "before": _written(before),
        "change": _swing(now, before, check.swing),
    }


def _swing(now: Number, before: Number, words: tuple[str, str]) -> str:
    """Return `tăng 12,7%`, cut to one place; without a base only how many."""
    word = words[0] if now > before else words[1]
    moved = now - before if now > before else before - now
    if before == 0:
        return f"{word} {_written(moved)}"
    return f"{word} {write_number(percent_cut(Fraction(moved) / Fraction(before)), 1)}%"


def _written(value: Number) -> str:
    return write_number(value.normalize() if isinstance(value, Decimal) else value)


def _check(entry: Mapping[str, Any]) -> Check:
    change = entry.get("change")
    right = entry.get("right", 0)
    made = Check(
        id=entry["id"],
        form=entry["form"],
        row=Row(entry["row"]),
        level=Level(entry["level"]),
        at=entry["at"],
        text=entry["text"],
        explain=bool(entry.get("explain", False)),
        left=tuple(map(_term, entry.get("left", []))),
        op=entry.get("op", ""),
        right=right if isinstance(right, int) else tuple(map(_term, right)),
        percent=change["percent"] if change else None,
        least=change["least"] if change else 0,
        english=entry.get("english", ""),
    )
    if not change and (made.op not in _OPS or not made.left):
        raise ValueError(f"cần left, op ({', '.join(_OPS)}) và right, hoặc change")
    return made


def _term(text: str) -> Term:
    sign = -1 if text.startswith("-") else 1
    source, colon, code = text.removeprefix("-").partition(":")
    return Term(sign, source, code) if colon else Term(sign, "", source)


def _bad(path: Path, errors: list[str]) -> BadChecks:
    listed = "".join(f"\n  {error}" for error in errors)
    return BadChecks(
        f"Tệp quy tắc {path} chưa dùng được, hãy sửa:{listed}", file=str(path), errors=errors
    )
