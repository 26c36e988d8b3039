"""The minutes of the assessment of one commune, as a DOCX to be completed and signed."""

from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from io import BytesIO
from typing import Any, Final

from django.db import transaction
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from diaban.accounts.rules import MAKE_MINUTES, SEE_ASSESSMENT
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import ancestors
from diaban.audit.services import record
from diaban.core.access import Actor, Missing, require
from diaban.core.numbers import Absence, write_value
from diaban.core.periods import HO_CHI_MINH
from diaban.core.text import lower_first
from diaban.indicators.models import Return
from diaban.indicators.rules.period_forms import MONTHLY
from diaban.indicators.rules.returns import COUNTED
from diaban.indicators.rules.small_counts import PEOPLE, SHOWN
from diaban.indicators.seen import at_home
from diaban.indicators.selectors import read_period
from diaban.recognition.explanations import sent_by
from diaban.recognition.rules.assessment import Outcome, Result
from diaban.recognition.rules.conclusions import NO_SIGN, WORDS, conclude, requirements, standing
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.sets import CriteriaSet
from diaban.recognition.rules.withholding import rests_on_few, told_reason, withheld_text
from diaban.recognition.selectors import Assessed, Review, criteria_set, review_of

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONCLUSIONS: Final = {
    Outcome.MET: "{area} đạt tất cả tiêu chí của {set}; đủ điều kiện lập hồ sơ đề nghị công nhận.",
    Outcome.NOT_MET: "{area} chưa đạt tiêu chí của {set}. Còn phải giải quyết:",
    Outcome.UNDETERMINED: "Chưa đủ căn cứ để kết luận về {area} theo {set}. Còn phải bổ sung:",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to hand out."""

    name: str
    data: bytes


def assessment_minutes(
    *, actor: Actor, set_id: str, commune_code: str, period_label: str, at: datetime
) -> Paper:
    """
    Return the minutes of the assessment of a commune, filled from the figures that count.

    Every row carries the figures it rests on, and the last lines name the returns they came
    from, with revision, sender and moment. People of a commune see exact counts; for a body
    above it counts of one to four people are a range.

    Raises:
        Missing, NotAllowed: `actor` may not see the assessment, or not make minutes.
    """
    area, span = area_visible_to(actor, commune_code, SEE_ASSESSMENT)
    require(actor, MAKE_MINUTES, span, see=SEE_ASSESSMENT)
    if area.level != Level.COMMUNE:
        raise Missing("Biên bản này lập cho một xã, phường; hãy mở xã, phường đó.")
    today = at.astimezone(HO_CHI_MINH).date()
    period = read_period(period_label)
    review = review_of([area.as_of(period.end)], criteria_set(set_id), period, today)
    exact = at_home(actor, area)
    context = _context(area, review, today, exact=exact)
    data = _render("assessment-minutes.docx", context)
    with transaction.atomic():
        record(
            actor=actor,
            action="reports.assessment_minutes.made",
            subject=area,
            at=at,
            area_code=area.code,
            detail={"set": set_id, "period": period_label},
        )
    return Paper(f"bien-ban-{set_id}-{area.code}-{period_label}.docx", data)


def _render(template: str, context: dict[str, Any]) -> bytes:
    # docxtpl wants a path or a file; the packaged template may stand in an archive.
    source = BytesIO((files("diaban.reports") / "data" / template).read_bytes())
    document = DocxTemplate(source)
    document.render(context, SandboxedEnvironment(autoescape=True))
    properties = document.core_properties
    properties.author, properties.title = "Địa Bàn", context["subject"]
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _context(area: Area, review: Review, today: date, *, exact: bool) -> dict[str, Any]:
    (one,) = review.communes
    criteria = review.criteria
    above = [unit for unit in ancestors(area, today) if unit.level == Level.PROVINCE]
    province = above[0].full_name if above else ""
    results = one.assessment.results
    required = requirements(one.assessment)
    met = sum(1 for result in required if result.status is Status.MET)
    months = review.months
    return {
        "issuing_area": area.full_name.upper(),
        "place": area.short_name,
        "year": today.year,
        "subject": f"Xét các tiêu chí “{criteria.title}” đối với {lower_first(area.full_name)}",
        "basis": basis_of(criteria),
        "area": lower_first(area.full_name),
        "province": lower_first(province),
        "period": lower_first(months[-1].title) if len(months) == 1 else _months(review),
        "as_of": f"{months[-1].end:%d/%m/%Y}" if months else "khi chưa có kỳ nào kết thúc",
        "counts": f"đạt {met}/{len(required)} tiêu chí",
        "rows": [_row(result, criteria, exact=exact) for result in results],
        "conclusion": conclusion_of(one, criteria),
        "open_points": [
            f"Tiêu chí {result.criterion.id}: "
            + told_reason(result, criteria.catalogue, exact=exact)
            for result in _open(one)
        ],
        "origins": _origins(area, review),
    }


def basis_of(criteria: CriteriaSet) -> str:
    """Return the legal text behind a set, as the minutes cite it."""
    number = (
        f" ({criteria.number})"
        if criteria.number and criteria.number not in criteria.source
        else ""
    )
    return f"{criteria.source}{number}"


def conclusion_of(one: Assessed, criteria: CriteriaSet) -> str:
    """Return the sentence of the conclusion; for a set with classes it names the class."""
    title = f"“{criteria.title}”"
    if criteria.classes:
        found = conclude(one.assessment)
        more = " Các điểm liên quan:" if _open(one) else ""
        return f"Theo {title}, {lower_first(one.area.full_name)} {found.sentence}.{more}"
    sentence = CONCLUSIONS[one.assessment.outcome]
    return sentence.format(area=one.area.full_name, set=f"bộ tiêu chí {title}")


def _open(one: Assessed) -> list[Result]:
    """Return what the conclusion lists: requirements not met, signs that are there, gaps."""
    return [r for r in one.assessment.results if standing(r) not in (Status.MET.value, NO_SIGN)]


def _row(result: Result, criteria: CriteriaSet, *, exact: bool) -> dict[str, str]:
    withheld = not exact and rests_on_few(result, criteria.catalogue)
    figures = []
    for operand in result.operands:
        indicator = criteria.catalogue[operand.code]
        if withheld and indicator.unit == PEOPLE:
            text = withheld_text(operand.value)
        elif operand.value is Absence.MISSING:
            text = "thiếu"
        else:
            text = write_value(operand.value) or "–"
        when = f" ({operand.label})" if operand.label else ""
        figures.append(f"{indicator.name_vi}{when}: {text}")
    word = WORDS[standing(result)]
    if standing(result) == Status.NOT_MET and result.shortfall:
        word += f" (còn {SHOWN if withheld else write_value(result.shortfall)})"
    return {
        "id": result.criterion.id,
        "statement": result.criterion.statement,
        "figures": "; ".join(figures),
        "result": word,
    }


def _months(review: Review) -> str:
    if not review.months:
        return lower_first(review.period.title)
    first, last = review.months[0], review.months[-1]
    months = f"từ {lower_first(first.title)} đến {lower_first(last.title)}"
    return f"{lower_first(review.period.title)} ({months})"


def _origins(area: Area, review: Review) -> list[str]:
    """Return one line for each return that the figures came from; one query."""
    returns = (
        Return.objects.filter(
            area=area,
            form=MONTHLY,
            period__in=[month.label for month in review.months],
            state__in=COUNTED,
        )
        .select_related("version")
        .order_by("period")
    )
    lines = []
    for one in returns:
        who, sent_at = sent_by(one)
        moment = sent_at.astimezone(HO_CHI_MINH)
        lines.append(
            f"{one.version.name} {one.period[5:]}/{one.period[:4]}, bản {one.revision}, "
            f"mã biên nhận {one.receipt or 'chưa có'}, {who} gửi {moment:%H:%M %d/%m/%Y}"
        )
    return lines or ["Chưa có biểu số liệu nào được gửi trong kỳ."]
