"""Finding the reporting window behind a label: of the calendar, or a campaign's."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from diaban.areas.models import BoundaryVersion
from diaban.core.access import Span
from diaban.core.periods import Period, PeriodKind, UnknownPeriod, parse_label
from diaban.indicators.models import Campaign
from diaban.indicators.rules.campaigns import CampaignPeriod

_PLACE = "area__placements__"


def window_called(label: str) -> Period:
    """
    Return the window of a label.

    Raises:
        UnknownPeriod: neither the calendar nor a campaign has it.

    Cost: nothing for a window of the calendar, else one query.
    """
    try:
        return parse_label(label)
    except UnknownPeriod:
        for found in windows_of(Campaign.objects.filter(label=label)):
            return found
        raise


def windows_of(campaigns: QuerySet[Campaign]) -> list[CampaignPeriod]:
    """Return campaigns as windows, in the order of the query. One query."""
    today = timezone.localdate()
    rows = campaigns.filter(
        Q(**{f"{_PLACE}version__valid_to__isnull": True})
        | Q(**{f"{_PLACE}version__valid_to__gt": today}),
        **{
            f"{_PLACE}version__tree": BoundaryVersion.ADMINISTRATIVE,
            f"{_PLACE}version__published_at__isnull": False,
            f"{_PLACE}version__valid_from__lte": today,
        },
    ).values_list(
        "label", "start", "end", "name", "form", "area_id", "closed_at",
        f"{_PLACE}left", f"{_PLACE}right",
    )  # fmt: skip
    return [
        CampaignPeriod(
            label, start, end, PeriodKind.OTHER, name, form, area, Span(left, right), bool(closed)
        )
        for label, start, end, name, form, area, closed, left, right in rows
    ]
