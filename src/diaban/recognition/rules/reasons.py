"""
Why a criterion came out as it did: one Vietnamese sentence, from the nouns of the catalogue.

A set says of each criterion whether meeting it is good (a commitment signed) or a sign of
trouble (a threshold of the key-area types): nobody is told that three drug spots more are
needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from typing import Final

from diaban.core.numbers import Absence, Kind, Number, write_number
from diaban.indicators.rules.catalogue import Catalogue, Time
from diaban.recognition.rules.engine import (
    Judgement,
    Operand,
    Problem,
    Status,
    percent_floor,
    share_of,
)
from diaban.recognition.rules.formulas import (
    MIRRORED,
    AtLeast,
    Comparison,
    Either,
    EveryMonth,
    Flag,
    Growth,
    Op,
    Ratio,
    Sum,
)


class Sense(StrEnum):
    """What meeting a criterion means for the area."""

    GOOD = "good"
    TROUBLE = "trouble"


def reason(judgement: Judgement, catalogue: Catalogue, sense: Sense = Sense.GOOD) -> str:
    """Return one sentence that says why, with its figures written `1.234`."""
    clause = _Writer(catalogue, sense).clause(judgement)
    return f"{clause[:1].upper()}{clause[1:]}."


_BOUNDS: Final = {
    Op.AT_LEAST: "từ {} trở lên",
    Op.MORE: "trên {}",
    Op.AT_MOST: "không quá {}",
    Op.LESS: "dưới {}",
    Op.EQUAL: "đúng {}",
}


class _Writer:
    """Clauses without capital and full stop, so that they can be joined."""

    def __init__(self, catalogue: Catalogue, sense: Sense) -> None:
        self.catalogue = catalogue
        self.good = sense is Sense.GOOD

    def clause(self, judged: Judgement) -> str:
        if judged.status is Status.MISSING:
            return self.missing(judged)
        formula = judged.formula
        if isinstance(formula, EveryMonth):
            return self.months(judged)
        if judged.status is Status.INVALID:
            return _joined(self.invalid(leaf) for leaf in _leaves(judged, Status.INVALID))
        match formula:
            case Comparison():
                return self.compared(judged, self.bound(formula))
            case Flag(code):
                noun = self.catalogue[code].noun
                return noun if judged.status is Status.MET else f"không {noun}"
            case AtLeast(count):
                return self.at_least(judged, count)
            case Either():
                met = [part for part in judged.parts if part.status is Status.MET]
                return _joined(self.clause(part) for part in met[:1] or judged.parts)
        # An "and": when it fails, only the parts that fail explain it.
        decisive = [part for part in judged.parts if part.status is judged.status]
        band = self.band(judged)
        if band:
            return self.compared(decisive[0], band)
        return _joined(self.clause(part) for part in decisive)

    def band(self, judged: Judgement) -> str:
        """Return both bounds of a quantity that is compared twice; empty for anything else."""
        compared = [p.formula for p in judged.parts if isinstance(p.formula, Comparison)]
        if len(compared) < len(judged.parts) or len({one.left for one in compared}) > 1:
            return ""
        return " và ".join(self.bound(one) for one in compared)

    def compared(self, judged: Judgement, bound: str) -> str:
        assert isinstance(judged.formula, Comparison)
        match judged.formula.left:
            case Sum():
                return self.count(judged, judged.formula, bound)
            case Ratio():
                return self.ratio(judged, judged.formula, bound)
            case Growth():
                return self.growth(judged, judged.formula, bound)

    # Counts

    def count(self, judged: Judgement, formula: Comparison, bound: str) -> str:
        assert isinstance(formula.left, Sum)
        noun, number = self.noun(formula.left), judged.amounts[0]
        if not self.good:
            none = not number and not self.measure(formula.left)
            has = f"không có {noun}" if none else f"có {write_number(number)} {noun}"
            return f"{has} (ngưỡng {bound})"
        if formula.op is Op.EQUAL and formula.bound == 0:
            if judged.status is Status.MET:
                return f"không có {noun}"
            still = "có" if self.flow(formula.left) else "còn"
            return f"{still} {write_number(number)} {noun}"
        if judged.status is Status.MET:
            return f"có {write_number(number)} {noun} (yêu cầu {bound})"
        if formula.op in (Op.AT_LEAST, Op.MORE):
            if not number:
                return f"chưa có {noun} (yêu cầu {bound})"
            more = _change("cần thêm", judged.shortfall)
            return f"mới có {write_number(number)} {noun} (yêu cầu {bound}){more}"
        fewer = "" if formula.op is Op.EQUAL else _change("cần giảm", judged.shortfall)
        return f"có {write_number(number)} {noun} (yêu cầu {bound}){fewer}"

    # Ratios

    def ratio(self, judged: Judgement, formula: Comparison, bound: str) -> str:
        assert isinstance(formula.left, Ratio)
        part, whole = judged.amounts
        part_noun, whole_noun = self.noun(formula.left.part), self.noun(formula.left.whole)
        if whole == 0:
            return f"không có {whole_noun} nên tiêu chí coi như đạt"
        of = f"{write_number(part)}/{write_number(whole)}"
        percent = _percent(judged)
        if not self.good:
            return f"tỷ lệ {percent} ({of} {part_noun}), ngưỡng {bound}"
        if judged.status is Status.MET:
            if part == whole:
                return f"đủ {of} {part_noun}"
            return f"đạt {percent} ({of} {part_noun}), yêu cầu {bound}"
        if formula.bound == 1 and judged.shortfall is not None:
            short = write_number(judged.shortfall)
            lacking = self.lacking(formula.left.part)
            if lacking:
                return f"còn {short} {lacking} ({of})"
            return f"mới có {of} {part_noun}, còn thiếu {short}"
        if formula.op in (Op.AT_LEAST, Op.MORE):
            more = _change("cần thêm", judged.shortfall)
            return f"mới đạt {percent} ({of} {part_noun}), yêu cầu {bound}{more}"
        fewer = _change("cần giảm", judged.shortfall)
        return f"tỷ lệ {percent} ({of} {part_noun}), yêu cầu {bound}{fewer}"

    # Growth

    def growth(self, judged: Judgement, formula: Comparison, bound: str) -> str:
        assert isinstance(formula.left, Growth)
        noun = self.noun(formula.left.of)
        now, before = judged.amounts
        if now == before:
            move = "không đổi"
        else:
            move = f"{'tăng' if now > before else 'giảm'} {_percent(judged).lstrip('-')}"
        versus = f"({write_number(now)} so với {write_number(before)})"
        text = f"số {noun} {move} so với năm trước {versus}, yêu cầu {bound}"
        if judged.status is Status.MET:
            return text
        rising = formula.op in (Op.AT_LEAST, Op.MORE)
        return text + _change("cần thêm" if rising else "cần giảm", judged.shortfall)

    # Several

    def at_least(self, judged: Judgement, needed: int) -> str:
        met = sum(part.status is Status.MET for part in judged.parts)
        what = "nội dung đạt" if self.good else "dấu hiệu"
        bound = "yêu cầu" if self.good else "ngưỡng"
        return f"có {met}/{len(judged.parts)} {what} ({bound} từ {needed} trở lên)"

    def months(self, judged: Judgement) -> str:
        """Say which months decide, months with the same clause together."""
        if judged.status is Status.MET:
            return f"cả {len(judged.parts)} tháng đều đạt: {self.lowest(judged)}"
        by_clause: dict[str, list[str]] = {}
        for part in judged.parts:
            if part.status is judged.status:
                by_clause.setdefault(self.clause(part), []).append(part.label)
        return _joined(f"{_month_names(labels)} {text}" for text, labels in by_clause.items())

    def lowest(self, judged: Judgement) -> str:
        first = judged.parts[0]
        if isinstance(first.formula, Comparison) and isinstance(first.formula.left, Sum):
            low = min(judged.parts, key=lambda part: part.amounts[0])
            noun = self.noun(first.formula.left)
            return f"tháng thấp nhất có {write_number(low.amounts[0])} {noun}"
        return self.clause(first)

    # What cannot be told

    def missing(self, judged: Judgement) -> str:
        leaves = list(_leaves(judged, Status.MISSING))
        for leaf in leaves:
            if leaf.problem is Problem.BASE_IS_ZERO:
                assert isinstance(leaf.formula, Comparison)
                assert isinstance(leaf.formula.left, Growth)
                noun = self.noun(leaf.formula.left.of)
                now = write_number(leaf.amounts[0])
                return f"năm trước không có {noun}, năm nay có {now} nên không tính được mức tăng"
            if leaf.problem is Problem.NO_YEAR_BEFORE:
                return "kỳ này không có cùng kỳ năm trước để so sánh"
            if leaf.problem is Problem.NO_MONTHS:
                return "kỳ này không chia được thành các tháng"
        gaps = {
            (operand.code, operand.label): operand
            for leaf in leaves
            for operand in leaf.operands
            if isinstance(operand.value, Absence)
        }
        return self.gaps(list(gaps.values()))

    def gaps(self, operands: list[Operand]) -> str:
        """Name the figures that are not there: those that do not apply apart from the rest."""
        off = [o for o in operands if o.value is Absence.NOT_APPLICABLE]
        owed = [o for o in operands if o.value is not Absence.NOT_APPLICABLE]
        said = []
        if owed:
            said.append(f"chưa có số liệu: {', '.join(self.named(owed))}")
        if off:
            said.append(f"không áp dụng cho địa bàn: {', '.join(self.named(off))}")
        return _joined(said)

    def named(self, operands: Iterable[Operand]) -> list[str]:
        labels: dict[str, list[str]] = {}
        for operand in operands:
            labels.setdefault(operand.code, []).append(operand.label)
        return [f"{self.quantity(code)}{_when(which)}" for code, which in labels.items()]

    def invalid(self, judged: Judgement) -> str:
        formula = judged.formula
        assert isinstance(formula, Comparison)
        match formula.left:
            case Ratio(part, whole) if judged.problem is not Problem.NEGATIVE:
                whole_text = f"số {self.noun(whole)}"
                if judged.problem is Problem.WHOLE_IS_ZERO:
                    return f"{whole_text} bằng 0, cần kiểm tra lại số liệu"
                shown = [write_number(amount) for amount in judged.amounts]
                return (
                    f"số {self.noun(part)} ({shown[0]}) lớn hơn {whole_text} ({shown[1]}), "
                    "cần kiểm tra lại số liệu"
                )
        figures = ", ".join(
            f"{self.quantity(o.code)} {write_number(o.value)}"
            for o in judged.operands
            if not isinstance(o.value, Absence)
        )
        return f"số được trừ nhỏ hơn số trừ ({figures}), cần kiểm tra lại số liệu"

    # Words

    def noun(self, total: Sum) -> str:
        plus = [self.catalogue[code].noun for sign, code in total.terms if sign > 0]
        minus = [self.catalogue[code].noun for sign, code in total.terms if sign < 0]
        text = " và ".join(plus)
        return f"{text} (đã trừ {' và '.join(minus)})" if minus else text

    def quantity(self, code: str) -> str:
        indicator = self.catalogue[code]
        if indicator.kind is Kind.BOOLEAN:
            return f"có {indicator.noun} hay không"
        return f"số {indicator.noun}"

    def lacking(self, part: Sum) -> str | None:
        return self.catalogue[part.terms[0][1]].lacking if len(part.terms) == 1 else None

    def flow(self, total: Sum) -> bool:
        return all(self.catalogue[code].time is Time.FLOW for code in total.codes)

    def measure(self, total: Sum) -> bool:
        return any(self.catalogue[code].kind is Kind.DECIMAL for code in total.codes)

    def bound(self, formula: Comparison) -> str:
        written = write_number(_decimal(formula.written))
        if not isinstance(formula.left, Sum):
            written += " %"
        if not isinstance(formula.left, Growth):
            return _BOUNDS[formula.op].format(written)
        if formula.bound >= 0:
            return f"tăng {_BOUNDS[formula.op].format(written)}"
        # A growth of at most -5 % is a fall of at least 5 %.
        return f"giảm {_BOUNDS[MIRRORED[formula.op]].format(written.removeprefix('-'))}"


def _decimal(written: str) -> Number:
    return Decimal(written) if "." in written else int(written)


def _percent(judged: Judgement) -> str:
    share = share_of(judged)
    return f"{write_number(Decimal(percent_floor(share)))} %" if share is not None else ""


def _change(word: str, shortfall: Number | None) -> str:
    return f", {word} {write_number(shortfall)}" if shortfall else ""


def _joined(clauses: Iterable[str]) -> str:
    # The same clause twice (a figure that two parts look at) says nothing more.
    return "; ".join(dict.fromkeys(clauses))


def _leaves(judged: Judgement, status: Status) -> Iterable[Judgement]:
    """Yield the innermost judgements with `status`."""
    if not judged.parts:
        if judged.status is status:
            yield judged
        return
    for part in judged.parts:
        yield from _leaves(part, status)


def _when(labels: list[str]) -> str:
    """Return of which period a figure is missing, where it is not the assessed one."""
    dated = [label for label in labels if label]
    if not dated:
        return ""
    if any(len(label) == 7 and label[4] == "-" and label[5:].isdigit() for label in dated):
        return f" của {_month_names(dated)}"
    when = [f"năm trước ({label})" for label in dated]
    if len(dated) < len(labels):
        when.insert(0, "kỳ này")
    return f" của {' và '.join(when)}"


def _month_names(labels: list[str]) -> str:
    """Return `tháng 3, 7/2026` for months of one year."""
    years = {label[:4] for label in labels}
    months = [str(int(label[5:])) for label in labels]
    if len(years) == 1:
        return f"tháng {', '.join(months)}/{labels[0][:4]}"
    return "tháng " + ", ".join(f"{int(label[5:])}/{label[:4]}" for label in labels)
