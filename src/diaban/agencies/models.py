"""Bodies."""

from django.db import models
from django.db.models import F, Q

from diaban.agencies.rules import REQUESTED, Kind
from diaban.areas.models import Area


class Agency(models.Model):
    """A body at one level in one area, for the span in which it exists under this name."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in Kind])
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="agencies")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # The body that took its work over when it ended (a merger of departments, a new name).
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="predecessors", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["area", "code", "valid_from"], name="agency_code_once_in_area"
            ),
            models.CheckConstraint(
                name="agency_span_runs_forward",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def requested(self) -> bool:
        """Whether a plan can only request this body, not order it."""
        return Kind(self.kind) in REQUESTED


class FormerName(models.Model):
    """
    What a body was called before: `name` for the days before `valid_to`, back to `valid_from`.

    `Agency.name` is the latest; documents of a past day are written with the name of that day.
    """

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "valid_from"], name="former_name_once_a_day"),
            models.CheckConstraint(
                name="former_name_span_runs_forward", condition=Q(valid_to__gt=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Inheritance(models.Model):
    """
    Work of `old` came to `new` on a day: all of it, or a `field` of work.

    A body whose work was shared out has a line for each field. `sure` is false where no act
    was read.
    """

    old = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="passed_to")
    new = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="took_over")
    field = models.CharField(max_length=200, blank=True)
    on = models.DateField()
    basis = models.CharField(max_length=300)
    sure = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="inheritance_once"),
            models.CheckConstraint(name="inheritance_is_of_two_bodies", condition=~Q(old=F("new"))),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id} ({self.on})"


class AgencyAlias(models.Model):
    """Another way in which plans write a body's name; `key` is what it is found by."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="aliases")
    alias = models.CharField(max_length=300)
    key = models.CharField(max_length=300, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "key"], name="agency_alias_once"),
        ]

    def __str__(self) -> str:
        return self.alias
