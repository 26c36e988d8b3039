"""The log."""

from django.db import models


class Entry(models.Model):
    """One thing that was done. Never updated, never deleted."""

    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=200)
    area_code = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict)
    seal = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["area_code", "-at"], name="audit_by_area"),
            models.Index(fields=["subject", "-at"], name="audit_by_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.subject}"


class ChainEnd(models.Model):
    """
    How many entries were ever written: one row, counted up before an entry is written.

    The chain alone cannot tell that its newest entries are gone, for what is left still follows;
    the count can. Its row lock also makes writers take turns at the end of the chain.
    """

    entries = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="audit_one_end_of_chain")
        ]

    def __str__(self) -> str:
        return str(self.entries)
