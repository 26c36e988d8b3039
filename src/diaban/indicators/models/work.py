"""Reminding who owes a return, and taking in many workbooks."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from diaban.areas.models import Area
from diaban.indicators.rules.campaigns import LONGEST_LABEL


class ReturnReminder(models.Model):
    """
    A commune was reminded of a return that it owes, or its delay was told to the level above.

    At most once a day for each return and kind. `mailed_on`: the day of the mail that carried
    it; empty while it waits, or when nobody there has an address.
    """

    REMINDED, ESCALATED = "reminded", "escalated"

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="return_reminders")
    period = models.CharField(max_length=LONGEST_LABEL)
    form = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in (REMINDED, ESCALATED)])
    # The level that is told: the commune itself, or above it.
    level = models.CharField(max_length=10)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    mailed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "area", "kind", "level", "on"],
                name="return_reminder_once_a_day",
            ),
        ]
        indexes = [models.Index(fields=["period", "area"], name="return_reminder_by_period")]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.area_id} {self.on}"


class ImportJob(models.Model):
    """
    One upload of many workbooks, worked off file by file.

    At most one runs at a time. Whoever works it off holds `token`; a cancelled job has none, and
    the file that is under way then is undone. `beat_at` is the last sign of life.
    """

    QUEUED, RUNNING, DONE, CANCELLED, STOPPED = "queued", "running", "done", "cancelled", "stopped"
    STATES = (QUEUED, RUNNING, DONE, CANCELLED, STOPPED)

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="import_jobs")
    period = models.CharField(max_length=LONGEST_LABEL)
    form = models.CharField(max_length=20)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="import_jobs"
    )
    by = models.CharField(max_length=200)
    # One upload is one job, however often its form is sent.
    client_key = models.CharField(max_length=64)
    submit = models.BooleanField(default=False)
    dry_run = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default=QUEUED)
    # Why it stopped by itself.
    sentence = models.CharField(max_length=500, blank=True)
    token = models.CharField(max_length=32, blank=True)
    files_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client_key"], name="import_job_sent_once"),
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="import_job_one_runs"
            ),
        ]
        indexes = [models.Index(fields=["area", "period"], name="import_job_by_area")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.period} {self.state}"


class ImportFile(models.Model):
    """
    One file of an upload and what became of it.

    `data` is kept only as long as the file may still be taken in; `copy` is the workbook with
    its errors, for a refused one.
    """

    WAITING = "waiting"
    STATES = (WAITING, "imported", "unchanged", "refused")

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="files")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default=WAITING)
    area_code = models.CharField(max_length=20, blank=True)
    changed = models.PositiveIntegerField(default=0)
    receipt = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    # The cells that could not be taken: [place, sentence].
    errors = models.JSONField(default=list)
    data = models.BinaryField(default=bytes)
    copy = models.BinaryField(default=bytes)
    # Refused as it was unpacked; a second run does not try it again.
    unreadable = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="import_file_number_once")
        ]
        indexes = [models.Index(fields=["job", "state", "number"], name="import_file_by_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.name} {self.state}"
