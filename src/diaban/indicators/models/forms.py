"""Forms: what is asked, of whom and in which campaign."""

from django.db import models
from django.db.models import F, Q

from diaban.areas.models import Area
from diaban.indicators.rules.campaigns import LONGEST_LABEL


class FormVersion(models.Model):
    """
    Which indicators a form asks for, in the order of its columns.

    Once a return uses a version it is never changed: a new column is a new version.
    """

    code = models.CharField(max_length=20)
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    period_kind = models.CharField(max_length=10)
    # [[title, [code, ...]], ...]: the commune's own part as it stands on the page.
    sections = models.JSONField()
    hamlet_codes = models.JSONField()
    # {code: short head} where a column is narrow.
    heads = models.JSONField(default=dict)
    due_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="form_version_once"),
            models.CheckConstraint(
                name="form_version_span_runs_forward",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}.{self.number}"

    @property
    def commune_codes(self) -> list[str]:
        """The indicators of the commune's own part, in the order of the page."""
        return [code for _, codes in self.sections for code in codes]


class Campaign(models.Model):
    """
    A window beside the months in which an area and all below it report by a form of its own.

    `label` names it in every table, file and address, as a month's label does. `origin` names
    the phase of a plan that it was opened for (`phase:12`), empty where it was for none.
    """

    label = models.CharField(max_length=LONGEST_LABEL, unique=True)
    name = models.CharField(max_length=200)
    start = models.DateField()
    end = models.DateField()
    form = models.CharField(max_length=20)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="campaigns")
    basis = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=200)
    origin = models.CharField(max_length=40, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=200, blank=True)
    client_key = models.CharField(max_length=64, null=True, blank=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="campaign_runs_forward", condition=Q(end__gte=F("start"))),
        ]

    def __str__(self) -> str:
        return self.label


class Roster(models.Model):
    """
    The hamlets of a commune in a fixed order, numbered anew whenever they change.

    A packed row is read against the roster it was written with; a row of another length is
    refused, because it would shift every hamlet after the gap.
    """

    commune = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="rosters")
    number = models.PositiveIntegerField()
    hamlet_codes = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commune", "number"], name="roster_once"),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} #{self.number}"
