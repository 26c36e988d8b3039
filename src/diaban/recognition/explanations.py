"""Why a criterion stands as it does: from the sentence down to the hamlets and the record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from diaban.areas.models import Area
from diaban.areas.selectors import names_by_code
from diaban.core.numbers import Absence, Value, write_number, write_value
from diaban.core.periods import Period, previous
from diaban.indicators.figures import Figures, monthly_figures
from diaban.indicators.models import Return
from diaban.indicators.rules.catalogue import Catalogue, Indicator
from diaban.indicators.rules.entry import decode
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.rules.small_counts import PEOPLE, SHOWN
from diaban.indicators.windows import window_called
from diaban.recognition.rules.assessment import Result
from diaban.recognition.rules.conclusions import (
    NO_SIGN,
    SIGN,
    conclude,
    requirements,
    standing,
)
from diaban.recognition.rules.engine import Figures as SetFigures
from diaban.recognition.rules.engine import Status, judge, percent_floor, share_of
from diaban.recognition.rules.formulas import Comparison, Ratio, Sum, codes_of
from diaban.recognition.rules.withholding import masked_reason, rests_on_few, withheld_text
from diaban.recognition.selectors import Assessed, Review

TREND_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One figure that went into the result, as it may be shown to this person."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A hamlet that is not where it should be; `size` is how many are lacking, None unknown."""

    name: str
    text: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the trend; `height` is 0 to 100 and None where there is no figure."""

    period: Period
    text: str
    height: int | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything behind one cell of the matrix."""

    area: Area
    result: Result
    reason: str
    lines: tuple[Line, ...]
    value: str | None
    hamlets: int
    gaps: tuple[Gap, ...]
    trend: tuple[Bar, ...]
    record: Return | None
    way: str
    shown_exactly: bool


def explain(one: Assessed, review: Review, result: Result, *, exact: bool) -> Explanation:
    """
    Return why `result` came out as it did.

    `exact` is for people of the commune itself; for anybody above it counts of one to four
    people are shown as a range, and so is whatever would give them away.

    Cost: six queries at most.
    """
    catalogue = review.criteria.catalogue
    exact = exact or not rests_on_few(result, catalogue)
    month = review.months[-1] if review.months else None
    record = _record(one.area, month) if month else None
    names = _hamlet_names(record)
    gaps = _gaps(record, result, catalogue, names) if record else ()
    return Explanation(
        area=one.area,
        result=result,
        reason=result.reason if exact else masked_reason(result),
        lines=tuple(
            _line(catalogue[o.code], o.value, o.label, exact=exact) for o in result.operands
        ),
        value=result.value if exact else None,
        hamlets=len(names),
        gaps=tuple(gap if exact else Gap(gap.name, SHOWN, None) for gap in gaps),
        trend=_trend(one.area, month, result, catalogue) if month and exact else (),
        record=record,
        way=_way(one, result, len(gaps), exact=exact),
        shown_exactly=exact,
    )


def _line(indicator: Indicator, value: Value, label: str, *, exact: bool) -> Line:
    name = f"{indicator.name_vi} ({label})" if label else indicator.name_vi
    if isinstance(value, Absence):
        words = {Absence.MISSING: "thiếu", Absence.NOT_YET: "chưa có"}
        return Line(name, words.get(value, "không áp dụng"))
    if not exact and indicator.unit == PEOPLE:
        return Line(name, withheld_text(value))
    return Line(name, write_value(value))


def hamlet_word(commune: Area) -> str:
    """Return what the parts of a commune or ward are called."""
    return "tổ dân phố" if commune.type_word.lower() == "phường" else "thôn"


def _record(area: Area, month: Period) -> Return | None:
    return (
        Return.objects.filter(area=area, period=month.label, form=MONTHLY, state__in=COUNTED)
        .select_related("version", "roster")
        .first()
    )


def _hamlet_names(record: Return | None) -> dict[str, str]:
    if record is None:
        return {}
    codes = record.roster.hamlet_codes
    found = names_by_code(codes, window_called(record.period).end)
    return {code: found[code].full if code in found else code for code in codes}


def _gaps(
    record: Return, result: Result, catalogue: Catalogue, names: Mapping[str, str]
) -> tuple[Gap, ...]:
    """Return the hamlets that keep the criterion from being met, the largest gap first."""
    if standing(result) in (Status.MET, SIGN, NO_SIGN):
        return ()
    formula = result.criterion.formula
    columns = set(record.version.hamlet_codes)
    if not isinstance(formula, Comparison):
        return ()
    found = []
    for code, row in record.document["hamlets"].items():
        match formula.left:
            case Ratio(part, whole) if _one(part) in columns:
                gap = _ratio_gap(row, _one(part), _one(whole), columns)
            case Sum() as total if _one(total) in columns and formula.bound == 0:
                value = decode(row.get(_one(total)))
                gap = None if isinstance(value, Absence) else int(value)
            case _:
                return ()
        if gap is None and decode(row.get(_watched(formula))) is not Absence.NOT_APPLICABLE:
            found.append(Gap(names[code], "chưa có số", None))
        elif gap:
            unit = catalogue[_watched(formula)].unit_vi
            found.append(Gap(names[code], f"còn {write_number(gap)} {unit}", gap))
    return tuple(sorted(found, key=lambda gap: (-(gap.size or 10**9), gap.name)))


def _ratio_gap(row: Mapping[str, object], part: str, whole: str, columns: set[str]) -> int | None:
    numerator = decode(row.get(part))  # type: ignore[arg-type]
    # A whole that no hamlet reports is the number of hamlets itself: one for each row.
    denominator = decode(row.get(whole)) if whole in columns else 1  # type: ignore[arg-type]
    if isinstance(numerator, Absence) or isinstance(denominator, Absence):
        return None
    return int(denominator - numerator)


def _one(total: Sum) -> str:
    return total.codes[0] if len(total.codes) == 1 else ""


def _watched(formula: Comparison) -> str:
    left = formula.left
    return (
        _one(left.part) if isinstance(left, Ratio) else _one(left) if isinstance(left, Sum) else ""
    )


def _trend(area: Area, newest: Period, result: Result, catalogue: Catalogue) -> tuple[Bar, ...]:
    formula = result.criterion.formula
    if not isinstance(formula, Comparison) or not isinstance(formula.left, Ratio | Sum):
        return ()
    months = [newest]
    while len(months) < TREND_MONTHS:
        months.insert(0, previous(months[0]))
    monthly = monthly_figures([area], months, set(codes_of(formula)))
    points = [_point(monthly.get((area.pk, m.label)), m, result, catalogue) for m in months]
    known = [value for value, _ in points if value is not None]
    if len(known) < 2:
        return ()
    top = Decimal(100) if isinstance(formula.left, Ratio) else max(known) or Decimal(1)
    return tuple(
        Bar(month, text, None if value is None else int(min(value / top, Decimal(1)) * 100))
        for month, (value, text) in zip(months, points, strict=True)
    )


def _point(
    values: Figures | None, month: Period, result: Result, catalogue: Catalogue
) -> tuple[Decimal | None, str]:
    if values is None:
        return None, "–"
    judged = judge(result.criterion.formula, SetFigures(month.label, values), catalogue)
    share = share_of(judged)
    if share is not None:
        percent = Decimal(percent_floor(share))
        # One place is enough beside a bar; cut, not rounded, so that 99,96 is not 100.
        return percent, write_number(percent.quantize(Decimal("0.1"), "ROUND_FLOOR"))
    if judged.amounts and len(judged.amounts) == 1:
        return Decimal(judged.amounts[0]), write_number(judged.amounts[0])
    return None, "–"


def _way(one: Assessed, result: Result, hamlets: int, *, exact: bool) -> str:
    """Return the nearest way to pass, or what a sign means, in a sentence or two."""
    if standing(result) in (SIGN, NO_SIGN):
        return (
            "Đây là dấu hiệu để xếp loại địa bàn, không phải chỉ tiêu phải đạt. "
            f"{one.area.full_name} {conclude(one.assessment).sentence}."
        )
    results = requirements(one.assessment)
    met = sum(1 for r in results if r.status is Status.MET)
    then = f"Sau đó xã đạt {met + 1}/{len(results)} tiêu chí"
    then += " và đủ điều kiện lập hồ sơ." if met + 1 == len(results) else "."
    where = f" ở {hamlets} {hamlet_word(one.area)} trên" if hamlets else ""
    if result.status is Status.NOT_MET:
        if result.shortfall and exact:
            return f"{result.reason.rstrip('.')}: giải quyết xong{where}. {then}"
        return f"Giải quyết xong phần còn thiếu{where}. {then}"
    if result.status is Status.MISSING:
        return (
            f"Bổ sung số liệu còn thiếu{where} rồi gửi lại biểu; chưa có số thì chưa kết luận được."
        )
    if result.status is Status.INVALID:
        return f"Sửa số liệu sai{where} rồi gửi lại biểu; hệ thống tự tính lại ngay."
    return ""


def sent_by(record: Return) -> tuple[str, datetime]:
    """Return who sent the figures behind a cell, and when; if nobody did, who saved them last."""
    if record.submitted_at is None:
        return record.saved_by, record.saved_at
    return record.submitted_by, record.submitted_at
