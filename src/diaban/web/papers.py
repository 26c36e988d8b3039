"""Handing out documents."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from diaban.reports.assessment_minutes import CONTENT_TYPE, assessment_minutes
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
    return HttpResponse(
        paper.data,
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{paper.name}"'},
    )
