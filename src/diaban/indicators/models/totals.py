"""What is derived from returns in the same transaction, and can be rebuilt from them."""

from django.db import models

from diaban.areas.models import Area
from diaban.indicators.models.forms import FormVersion
from diaban.indicators.models.returns import Return
from diaban.indicators.rules.campaigns import LONGEST_LABEL


class PackedReturn(models.Model):
    """The numbers of a return that counts, packed (layout in `rules.rollup`)."""

    of = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="packed")
    period = models.CharField(max_length=LONGEST_LABEL)
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
    period = models.CharField(max_length=LONGEST_LABEL)
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
