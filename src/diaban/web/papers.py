"""Handing out documents."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from diaban.reports.assessment_minutes import CONTENT_TYPE, Paper, assessment_minutes
from diaban.reports.completeness import completeness_paper
from diaban.reports.duty_list import duty_list_paper
from diaban.reports.programme import XLSX_TYPE, content_type, programme_paper
from diaban.web.duty_filter import filter_from
from diaban.web.middleware import SignedInRequest


@require_GET
def minutes(request: SignedInRequest, set_id: str, code: str, label: str) -> HttpResponse:
    """Hand out the minutes of the assessment of a commune."""
    paper = assessment_minutes(
        actor=request.actor,
        set_id=set_id,
        commune_code=code,
        period_label=label,
        at=timezone.now(),
    )
    return _handed(paper, CONTENT_TYPE)


@require_GET
def programme(request: SignedInRequest, plan_id: int, kind: str) -> HttpResponse:
    """Hand out the programme of a plan as its table annex."""
    paper = programme_paper(actor=request.actor, plan_id=plan_id, kind=kind, at=timezone.now())
    return _handed(paper, content_type(kind))


@require_GET
def duties(request: SignedInRequest) -> HttpResponse:
    """Hand out the list of duties as the filter shows it."""
    wanted = filter_from(request.GET)
    paper = duty_list_paper(actor=request.actor, wanted=wanted, at=timezone.now())
    return _handed(paper, XLSX_TYPE)


@require_GET
def completeness(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Hand out who has reported over twelve months."""
    paper = completeness_paper(
        actor=request.actor, area_code=code, period_label=label, at=timezone.now()
    )
    return _handed(paper, XLSX_TYPE)


def _handed(paper: Paper, media_type: str) -> HttpResponse:
    return HttpResponse(
        paper.data,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{paper.name}"'},
    )
