"""
Forms, the returns that areas send, and what is derived from them.

The record is one row per (area, period, form): the return as it was signed, as JSON
(`Return.document`), with its revisions. `PackedReturn` and `KeptTotal` are derived from it in
the same transaction and can be rebuilt from it (`diaban check` compares).
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from diaban.areas.models import Area
from diaban.indicators.rules.campaigns import LONGEST_LABEL
from diaban.indicators.rules.consolidations import UpState
from diaban.indicators.rules.hamlet_reports import ReportState
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


class Campaign(models.Model):
    """
    A window beside the months in which an area and all below it report by a form of its own.

    `label` names it in every table, file and address, as a month's label does.
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
    period = models.CharField(max_length=8)
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


class ReturnQuality(models.Model):
    """
    What a return that counts gives to the four scores, and the questions that it raises.

    Derived: `key` names the signed document, last period's and the files of rules; a row whose
    key is another one is measured anew when somebody looks (`quality`).
    """

    of = models.OneToOneField(Return, on_delete=models.CASCADE, related_name="quality")
    key = models.CharField(max_length=120)
    # {measure: [good, all]}
    tallies = models.JSONField()
    # [[measure, row, code, text], ...]
    causes = models.JSONField()
    # [[kind, at, {fact: text}, [facts that count people]], ...]
    signals = models.JSONField()
    first_sent_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.of_id} {self.key}"


class Answer(models.Model):
    """What a commune answered to one question about its figures; kept with the question."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="answers")
    period = models.CharField(max_length=8)
    form = models.CharField(max_length=20)
    kind = models.CharField(max_length=40)
    question = models.CharField(max_length=500)
    text = models.CharField(max_length=500)
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "form", "area", "kind"], name="answer_once_per_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.area_id}"


class Reconciliation(models.Model):
    """
    One commune's figures of a month beside the ledger and the police software.

    A signature holds for the `revision` and the sent return that it was given for; whatever
    changes either opens the reconciliation again.
    """

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="reconciliations")
    period = models.CharField(max_length=8)
    revision = models.PositiveIntegerField(default=0)
    # {side: {line: {value, on, source, by, at}}}
    counts = models.JSONField(default=dict)
    # {line: {text, by, at}}
    explanations = models.JSONField(default=dict)
    # {side: {by, at, sent}}; `sent`: when the return that was looked at had been sent.
    signatures = models.JSONField(default=dict)
    receipt = models.CharField(max_length=40, blank=True)
    client_key = models.CharField(max_length=64, blank=True)
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "area"], name="reconciliation_once_per_area_and_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.area_id}"


class ReconciliationStep(models.Model):
    """A reconciliation as it stood after each act, with who and when."""

    of = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="steps")
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=20)
    counts = models.JSONField()
    explanations = models.JSONField()
    signatures = models.JSONField()
    by = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="reconciliation_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of_id} {self.number}"


class ReturnReminder(models.Model):
    """
    A commune was reminded of a return that it owes, or its delay was told to the level above.

    At most once a day for each return and kind. `mailed_on`: the day of the mail that carried
    it; empty while it waits, or when nobody there has an address.
    """

    REMINDED, ESCALATED = "reminded", "escalated"

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="return_reminders")
    period = models.CharField(max_length=8)
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
    period = models.CharField(max_length=8)
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
