"""Documents that were handed in, and the plans found in them."""

from django.db import models

from diaban.areas.models import Area
from diaban.plans.rules.states import State, Succession


class Document(models.Model):
    """
    One file as it was handed in: its name, its digest, and the text that spans refer to.

    The text is what `diaban read FILE --text` prints; the file itself stays with whoever
    signed it. `words` is the digest of its words alone: the same plan as DOCX, PDF and TXT has
    the same.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    words = models.CharField(max_length=64, blank=True, db_index=True)
    text = models.TextField()
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "digest"], name="document_once_in_area"),
        ]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """One plan of a document, with the reading of it (`contracts`: one entry of `plans`)."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="plans")
    index = models.PositiveSmallIntegerField()
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=500)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    reading = models.JSONField()
    state = models.CharField(max_length=10, choices=[(s.value, s.value) for s in State])
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.CharField(max_length=200, blank=True)
    # Of a draft that was taken back: why, by whom and when is in the audit log.
    withdrawn_because = models.CharField(max_length=500, blank=True)
    # An earlier plan of the same area that this one amends or replaces.
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="followed_by", null=True, blank=True
    )
    succession = models.CharField(
        max_length=10, blank=True, choices=[(s.value, s.value) for s in Succession]
    )
    # The plan of the level above that this one carries out (the cascade).
    upper = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="received", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "index"], name="plan_once_in_document"),
        ]
        indexes = [models.Index(fields=["area"], name="plan_by_area")]

    def __str__(self) -> str:
        return self.title
