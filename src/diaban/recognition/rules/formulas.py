"""
Criteria as formulas: read from their text once, then evaluated many times.

    households_committed / households >= 100%
    hotspots_open = 0 and retail_sellers_open = 0
    growth(hotspots_cleared) >= 5%
    growth(addicts) <= -5%
    0.1% <= on_file / population_resident < 0.5%
    at least 2 of (use_points_open >= 1, plants_destroyed >= 500) and on_key_route
    every month (communication_sessions >= 1)

"And" binds tighter than "or". Names are indicators of the catalogue, or definitions of the set
that the formula stands in. Bounds are decimal numbers with a point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Final

from diaban.core.errors import DomainError
from diaban.core.numbers import Kind
from diaban.indicators.rules.catalogue import Catalogue


class BadFormula(DomainError):
    """A formula that cannot be understood. Facts: `text`, `position` (from 1)."""

    code: ClassVar[str] = "bad_formula"


class Op(StrEnum):
    """How a quantity is compared with its bound."""

    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "="

    def holds(self, left: Any, right: Any) -> Any:
        """
        Return whether `left` stands so to `right`: a bool for numbers, bools for numpy columns.

        Exact whenever both sides are (int, Decimal, Fraction).
        """
        match self:
            case Op.AT_LEAST:
                return left >= right
            case Op.MORE:
                return left > right
            case Op.AT_MOST:
                return left <= right
            case Op.LESS:
                return left < right
            case Op.EQUAL:
                return left == right


# What an operator becomes when both sides change places, or their signs.
MIRRORED: Final = {
    Op.AT_LEAST: Op.AT_MOST,
    Op.MORE: Op.LESS,
    Op.AT_MOST: Op.AT_LEAST,
    Op.LESS: Op.MORE,
    Op.EQUAL: Op.EQUAL,
}


@dataclass(frozen=True, slots=True)
class Sum:
    """Indicators added (+1) and taken away (-1)."""

    terms: tuple[tuple[int, str], ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The indicators in it, in the order written."""
        return tuple(code for _, code in self.terms)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole."""

    part: Sum
    whole: Sum


@dataclass(frozen=True, slots=True)
class Growth:
    """The change against the same period of the year before, as a share of the latter."""

    of: Sum


Quantity = Sum | Ratio | Growth


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    A quantity against a bound.

    `bound` is exact (5 % is 1/20); `written` is the number as the set writes it.
    """

    left: Quantity
    op: Op
    bound: Fraction
    written: str


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no indicator that must be yes."""

    code: str


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One part or more holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`count` parts or more hold."""

    count: int
    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class EveryMonth:
    """The part holds in each month of the period."""

    part: Formula


Formula = Comparison | Flag | All | Either | AtLeast | EveryMonth


def parse(
    text: str, catalogue: Catalogue, definitions: Mapping[str, Formula] | None = None
) -> Formula:
    """
    Return the formula that `text` writes.

    Raises:
        BadFormula: says what is wrong and at which character.
    """
    parser = _Parser(text, catalogue, definitions or {})
    formula = parser.either()
    parser.end()
    return formula


def walk(formula: Formula) -> Iterator[Formula]:
    """Yield `formula` and every formula inside it."""
    yield formula
    match formula:
        case All(parts) | Either(parts) | AtLeast(_, parts):
            for part in parts:
                yield from walk(part)
        case EveryMonth(part):
            yield from walk(part)


def sums_of(quantity: Quantity) -> tuple[Sum, ...]:
    """Return the one or two sums that a quantity is made of."""
    match quantity:
        case Ratio(part, whole):
            return part, whole
        case Growth(of):
            return (of,)
        case Sum():
            return (quantity,)


def codes_of(formula: Formula) -> tuple[str, ...]:
    """Return the indicators that a formula asks for, each once, in the order written."""
    found: dict[str, None] = {}
    for node in walk(formula):
        if isinstance(node, Flag):
            found[node.code] = None
        elif isinstance(node, Comparison):
            for total in sums_of(node.left):
                found.update(dict.fromkeys(total.codes))
    return tuple(found)


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?%?)|(?P<name>[a-z][a-z0-9_]*)|(?P<sign>>=|<=|[<>=+\-/(),]))"
)
_WORDS: Final = frozenset({"and", "or", "at", "least", "of", "every", "month", "growth"})
_OPS: Final = frozenset(op.value for op in Op)


class _Parser:
    """Recursive descent over the tokens of one formula."""

    def __init__(self, text: str, catalogue: Catalogue, definitions: Mapping[str, Formula]) -> None:
        self.text, self.catalogue, self.definitions = text, catalogue, definitions
        self.tokens: list[tuple[int, str]] = []
        self.at = 0
        place = 0
        while text[place:].strip():
            token = _TOKEN.match(text, place)
            if token is None:
                at = place + len(text[place:]) - len(text[place:].lstrip())
                raise self.error(f"không hiểu ký hiệu “{text[at]}”", at)
            self.tokens.append((token.end() - len(token[0].lstrip()), token[0].lstrip()))
            place = token.end()

    # Formulas

    def either(self) -> Formula:
        parts = [self.every()]
        while self.take("or"):
            parts.append(self.every())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def every(self) -> Formula:
        parts = [self.atom()]
        while self.take("and"):
            parts.append(self.atom())
        # A band is written as one condition but is two: keep "and" flat.
        flat = [p for part in parts for p in (part.parts if isinstance(part, All) else (part,))]
        return flat[0] if len(flat) == 1 else All(tuple(flat))

    def atom(self) -> Formula:
        if self.take("at"):
            return self.at_least()
        if self.take("every"):
            return self.every_month()
        name = self.peek()
        if name in self.definitions:
            self.at += 1
            return self.definitions[name]
        if name in self.catalogue and self.catalogue[name].kind is Kind.BOOLEAN:
            self.at += 1
            return Flag(name)
        start = self.at
        if self.take("("):
            # Either a bracketed formula or the bracketed part of a ratio.
            try:
                inner = self.either()
                self.need(")")
            except BadFormula as first:
                self.at = start
                try:
                    return self.comparison()
                except BadFormula as second:
                    raise max(first, second, key=_position) from None
            return inner
        return self.comparison()

    def at_least(self) -> Formula:
        self.need("least")
        count = self.next("số lượng")
        if not count.isdigit():
            raise self.error("sau “at least” phải là một số nguyên", self.place(-1))
        self.need("of")
        self.need("(")
        parts = [self.either()]
        while self.take(","):
            parts.append(self.either())
        self.need(")")
        if not 1 <= int(count) <= len(parts):
            raise self.error(f"“at least {count}” cần từ 1 đến {len(parts)}", self.place(-1))
        return AtLeast(int(count), tuple(parts))

    def every_month(self) -> Formula:
        self.need("month")
        place = self.place()
        self.need("(")
        part = self.either()
        self.need(")")
        for node in walk(part):
            if isinstance(node, EveryMonth) or (
                isinstance(node, Comparison) and isinstance(node.left, Growth)
            ):
                raise self.error("trong “every month” không dùng growth hay every month", place)
        return EveryMonth(part)

    def comparison(self) -> Formula:
        if self.peek()[:1].isdigit():
            return self.band()
        left = self.quantity()
        op = self.op()
        return self.compared(left, op, self.limit())

    def limit(self) -> str:
        """Return a bound; only growth can have one below zero (a fall of 5 % or more)."""
        sign = "-" if self.take("-") else ""
        return sign + self.next("ngưỡng")

    def band(self) -> Formula:
        low = self.next("ngưỡng")
        low_at = self.at - 1
        low_op = MIRRORED[self.op()]
        left = self.quantity()
        first = self.compared(left, low_op, low, low_at)
        if self.peek() not in _OPS:
            return first
        op = self.op()
        return All((first, self.compared(left, op, self.limit())))

    # Quantities

    def quantity(self) -> Quantity:
        if self.take("growth"):
            self.need("(")
            total = self.sum()
            self.need(")")
            return Growth(total)
        first, single = self.term()
        if not self.take("/"):
            return first
        if not single:
            raise self.error("đặt ngoặc quanh tổng trước dấu /", self.place(-1))
        whole, _ = self.term(once=True)
        return Ratio(first, whole)

    def term(self, once: bool = False) -> tuple[Sum, bool]:
        """Return a sum and whether it can stand before `/`: one name, or bracketed."""
        if self.take("("):
            total = self.sum()
            self.need(")")
            return total, True
        total = Sum(((1, self.indicator()),)) if once else self.sum()
        return total, len(total.terms) == 1

    def sum(self) -> Sum:
        terms = [(1, self.indicator())]
        while self.peek() in ("+", "-"):
            sign = 1 if self.next("") == "+" else -1
            terms.append((sign, self.indicator()))
        return Sum(tuple(terms))

    def indicator(self) -> str:
        name = self.next("mã chỉ số")
        place = self.place(-1)
        if not name[0].isalpha() or name in _WORDS:
            raise self.error(f"cần một mã chỉ số, không phải “{name}”", place)
        if name in self.definitions:
            raise self.error(f"“{name}” là một điều kiện, không phải số để so sánh", place)
        if name not in self.catalogue:
            raise self.error(f"danh mục không có chỉ số “{name}”", place)
        if self.catalogue[name].kind is Kind.BOOLEAN:
            raise self.error(f"“{name}” là có/không, không cộng hay so sánh được", place)
        return name

    def compared(self, left: Quantity, op: Op, bound: str, at: int | None = None) -> Comparison:
        place = self.tokens[self.at - 1 if at is None else at][0]
        written = bound.removesuffix("%")
        if not written.removeprefix("-")[:1].isdigit():
            raise self.error(f"cần một con số sau dấu so sánh, không phải “{bound}”", place)
        if bound[0] == "-" and not isinstance(left, Growth):
            raise self.error("chỉ mức tăng mới so với số âm", place)
        percent = bound != written
        if percent == isinstance(left, Sum):
            raise self.error(
                "tỷ lệ và mức tăng so với một số %, số lượng so với một số không có %", place
            )
        number = Fraction(written)
        if isinstance(left, Sum) and number.denominator != 1 and not self.decimal(left):
            raise self.error(f"số lượng không so với số lẻ {written}", place)
        return Comparison(left, op, number / 100 if percent else number, written)

    def decimal(self, total: Sum) -> bool:
        return any(self.catalogue[code].kind is Kind.DECIMAL for code in total.codes)

    # Tokens

    def op(self) -> Op:
        sign = self.next("dấu so sánh")
        if sign not in _OPS:
            raise self.error(f"cần dấu so sánh (>=, >, <=, <, =) trước “{sign}”", self.place(-1))
        return Op(sign)

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def next(self, what: str) -> str:
        token = self.peek()
        if not token:
            raise self.error(f"thiếu {what} ở cuối", len(self.text))
        self.at += 1
        return token

    def take(self, token: str) -> bool:
        taken = self.peek() == token
        self.at += taken
        return taken

    def need(self, token: str) -> None:
        if not self.take(token):
            found = f"“{self.peek()}”" if self.peek() else "hết công thức"
            raise self.error(f"cần “{token}” nhưng gặp {found}", self.place())

    def end(self) -> None:
        if self.peek():
            raise self.error(f"thừa “{self.peek()}”", self.place())

    def place(self, back: int = 0) -> int:
        at = self.at + back
        return self.tokens[at][0] if at < len(self.tokens) else len(self.text)

    def error(self, what: str, place: int) -> BadFormula:
        return BadFormula(
            f"Công thức “{self.text}”, ký tự {place + 1}: {what}.",
            text=self.text,
            position=place + 1,
        )


def _position(error: BadFormula) -> int:
    return int(error.facts["position"])
