"""Duties at work: evidence, extensions, reminders, feeds, digests."""

from django.db import models

from diaban.accounts.models import User
from diaban.plans.models.programme import Share


class Evidence(models.Model):
    """Something that shows a duty done: a document's number, a figure, an activity, a file."""

    KINDS = (
        ("document", "Số, ký hiệu văn bản"),
        ("figure", "Số liệu"),
        ("activity", "Hoạt động"),
        ("file", "Tệp"),
    )

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=KINDS)
    on = models.DateField()
    text = models.CharField(max_length=500)
    file = models.FileField(upload_to="evidence/%Y/%m/", blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.text


class Extension(models.Model):
    """A later date that somebody asked for; both dates stay, with the reason and who agreed."""

    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="extensions")
    old_due = models.DateField()
    new_due = models.DateField()
    reason = models.CharField(max_length=500)
    asked_by = models.CharField(max_length=200, blank=True)
    approved_by = models.CharField(max_length=200)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.old_due} -> {self.new_due}"


class Reminder(models.Model):
    """A body was reminded of what it owes; at most once a day for each thing owed."""

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="reminders")
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "on"], name="reminder_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.share_id} {self.on}"


class SavedView(models.Model):
    """A person's own name for a filter of the list of duties."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="duty_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Feed(models.Model):
    """
    A person's calendar address. Whoever has the token reads the dates, so only its digest is
    kept and it can be revoked.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at}"


class Digest(models.Model):
    """
    One day's mail to one person: written first, then delivered, then marked.

    `token` goes into the Message-ID, so that a second delivery is the same message.
    """

    WAITING, SENDING, SENT = "waiting", "sending", "sent"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    token = models.CharField(max_length=64, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(
        max_length=8, default=WAITING, choices=[(s, s) for s in (WAITING, SENDING, SENT)]
    )
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="digest_once_a_day"),
        ]
        indexes = [models.Index(fields=["day", "state"], name="digest_by_state")]

    def __str__(self) -> str:
        return self.subject
