"""
Forms, the returns that areas send, and what is derived from them.

The record is one row per (area, period, form): the return as it was signed, as JSON
(`Return.document`), with its revisions. `PackedReturn` and `KeptTotal` are derived from it in
the same transaction and can be rebuilt from it (`diaban check` compares).
"""

from django.db import models
from django.db.models import F, Q

from diaban.areas.models import Area
from diaban.indicators.rules.returns import State


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


class Return(models.Model):
    """One area's form for one period."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="returns")
    period = models.CharField(max_length=8)
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


class PackedReturn(models.Model):
    """The numbers of a return that counts, packed (layout in `rules.rollup`)."""

    of = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="packed")
    period = models.CharField(max_length=8)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    hamlets = models.PositiveSmallIntegerField()
    commune_values = models.BinaryField()
    hamlet_values = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "version", "area"], name="packed_once_per_area_and_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.area_id}"


class KeptTotal(models.Model):
    """
    Sums for one area (commune, province, nation) in one period, kept while saving.

    `sums`: little-endian int64 per column. `reporting`: int32 per column, communes below that
    gave a complete value. `units`: int32 per column, rows below that gave a value.
    `returns`: communes below whose return counts.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT)
    period = models.CharField(max_length=8)
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT)
    returns = models.PositiveIntegerField(default=0)
    sums = models.BinaryField()
    reporting = models.BinaryField()
    units = models.BinaryField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "version", "area"], name="total_once_per_area_and_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.area_id}"
