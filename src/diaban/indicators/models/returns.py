"""Returns, their revisions, and what comes from below and goes on above."""

from django.db import models
from django.db.models import Q

from diaban.areas.models import Area
from diaban.indicators.models.forms import FormVersion, Roster
from diaban.indicators.rules.campaigns import LONGEST_LABEL
from diaban.indicators.rules.consolidations import UpState
from diaban.indicators.rules.hamlet_reports import ReportState
from diaban.indicators.rules.returns import State


class Return(models.Model):
    """One area's form for one period."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="returns")
    period = models.CharField(max_length=LONGEST_LABEL)
    form = models.CharField(max_length=20)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    roster = models.ForeignKey(Roster, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State])
    revision = models.PositiveIntegerField(default=0)
    document = models.JSONField()
    # What was typed and could not be read, by cell: shown again until it is mended.
    unread = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    # {cell name: sentence}: what the area above asks of single cells, until the next sending.
    remarks = models.JSONField(default=dict)
    receipt = models.CharField(max_length=40, blank=True)
    client_key = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)
    submitted_at = models.DateTimeField(null=True, blank=True)
    # Who sent it; `saved_by` is whoever moved it last, which may be the one who approved it.
    submitted_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "area"], name="return_once_per_area_and_period"
            ),
            models.CheckConstraint(
                name="return_state_is_known",
                condition=Q(state__in=[state.value for state in State]),
            ),
        ]
        indexes = [models.Index(fields=["area", "period"], name="return_by_area")]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.area_id}"


class Revision(models.Model):
    """A return as it stood after each move or save, with who and when."""

    of = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    document = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    remarks = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} r{self.number}"


class HamletReport(models.Model):
    """
    One hamlet's row for one period, as its head fills it in.

    Once sent, its cells stand in the commune's return, which is the record; this row keeps who
    sent what and when, and what the commune asks to mend.
    """

    hamlet = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="reports")
    period = models.CharField(max_length=8)
    form = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in ReportState])
    revision = models.PositiveIntegerField(default=0)
    # {indicator code: cell}, as in a document's row; `unread` by code, as it was typed.
    cells = models.JSONField(default=dict)
    unread = models.JSONField(default=dict)
    why = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    # {indicator code: sentence}: what the commune asks of single cells, until the next sending.
    remarks = models.JSONField(default=dict)
    receipt = models.CharField(max_length=40, blank=True)
    client_key = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "hamlet"], name="report_once_per_hamlet_and_period"
            ),
            models.CheckConstraint(
                name="report_state_is_known",
                condition=Q(state__in=[state.value for state in ReportState]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.hamlet_id}"


class Consolidation(models.Model):
    """
    A province's month on its way to the nation: which communes it vouches for, and the answer.

    `figures` are the sums as they were sent (by code, packed whole numbers); `exceptions` the
    reasons for communes left out, by code; `history` who moved it when and why.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="consolidations")
    period = models.CharField(max_length=LONGEST_LABEL)
    form = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in UpState])
    revision = models.PositiveIntegerField(default=0)
    expected = models.PositiveIntegerField(default=0)
    reporting = models.PositiveIntegerField(default=0)
    exceptions = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    receipt = models.CharField(max_length=40, blank=True)
    history = models.JSONField(default=list)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "area"], name="consolidation_once_per_area_and_period"
            ),
            models.CheckConstraint(
                name="consolidation_state_is_known",
                condition=Q(state__in=[state.value for state in UpState]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.area_id}"
