"""Hamlets of Khe Sậy whose heads have sent their row of the newest month."""

from datetime import timedelta

from diaban.areas.models import Area
from diaban.indicators.models import HamletReport, Return
from diaban.indicators.rules.hamlet_reports import ReportState
from diaban.indicators.rules.returns import State

# Cầu Sậy: its head has an account to try the page with, and has sent nothing yet.
_LEFT_OPEN = ".001"


def send_rows(commune: Area) -> int:
    """Add a sent report for every hamlet with numbers in the commune's newest draft."""
    draft = Return.objects.filter(area=commune, state=State.DRAFT).order_by("-period").first()
    if draft is None:
        return 0
    names = {
        area.code: area
        for area in Area.objects.filter(code__in=draft.roster.hamlet_codes).order_by("code")
    }
    rows = [
        (names[code], cells)
        for code, cells in draft.document["hamlets"].items()
        if code in names and not code.endswith(_LEFT_OPEN)
        if all(cell is not None for cell in cells.values())
    ]
    made = HamletReport.objects.bulk_create(
        HamletReport(
            hamlet=hamlet,
            period=draft.period,
            form=draft.form,
            state=ReportState.SENT,
            revision=1,
            cells=cells,
            receipt=f"PT-{draft.period}-{hamlet.code}-1",
            saved_at=at,
            saved_by=f"Trưởng {hamlet.type} {hamlet.name}",
            sent_at=at,
            sent_by=f"Trưởng {hamlet.type} {hamlet.name}",
        )
        for step, (hamlet, cells) in enumerate(rows)
        for at in [draft.saved_at - timedelta(hours=30) + timedelta(minutes=37 * step)]
    )
    return len(made)
