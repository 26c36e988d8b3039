"""The programme: what a published plan obliges whom to do, by when."""

from django.db import models
from django.db.models import Q

from diaban.agencies.models import Agency
from diaban.areas.models import Area, AreaGroup
from diaban.plans.models.documents import Plan
from diaban.plans.models.items import PlanItem
from diaban.plans.rules.items import Kind, Nature


class Duty(models.Model):
    """
    One line of the programme, in the plan's own numbering.

    `kind` says what sort of line: a duty, a report that is owed, or a named day; all three are
    dated, shown done, reminded of and put into calendars in one way. `phase` is set where the
    words of the plan bind the line to one.

    `dates` are its deadlines as confirmed; `recurrence` is `n/unit`. `cascades`: the bodies
    are to issue a plan of their own. A duty is frozen when a later plan takes its place;
    `replaced_by` is then the duty there, or None when the later plan has none like it.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="duties")
    item = models.OneToOneField(PlanItem, on_delete=models.PROTECT, related_name="duty")
    kind = models.CharField(
        max_length=10,
        default=Kind.DUTY.value,
        choices=[(k.value, k.value) for k in (Kind.DUTY, Kind.REPORT, Kind.EVENT)],
    )
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=60, blank=True)
    what = models.TextField()
    nature = models.CharField(max_length=10, choices=[(n.value, n.value) for n in Nature])
    requested = models.BooleanField(default=False)
    dates = models.JSONField(default=list)
    recurrence = models.CharField(max_length=20, blank=True)
    support = models.JSONField(default=list)
    cascades = models.BooleanField(default=False)
    phase = models.ForeignKey(
        "Phase", on_delete=models.SET_NULL, related_name="duties", null=True, blank=True
    )
    frozen_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, related_name="replaces", null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="duty_number_once"),
        ]

    def __str__(self) -> str:
        return self.what[:80]


class DutyBody(models.Model):
    """
    To whom a duty was given, in the words of the plan, and which body or group that is.

    Exactly one of `agency` and `group` says who; `code` is the code of the body in each area
    of the group (`ubnd`, `cong-an`).
    """

    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="bodies")
    name = models.CharField(max_length=300)
    leads = models.BooleanField(default=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="given", null=True, blank=True
    )
    group = models.ForeignKey(
        AreaGroup, on_delete=models.PROTECT, related_name="given", null=True, blank=True
    )
    code = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="duty_body_is_one_thing",
                condition=Q(agency__isnull=False, group__isnull=True)
                | Q(agency__isnull=True, group__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Share(models.Model):
    """
    What one body owes of one duty, by one date.

    `slot` names the date among the duty's dates and does not change when the date does.
    `due_on` is the last day on which it is in time; `first_due_on` what the plan said before
    any extension. Standing duties have neither; `heard_on` is the day of the newest evidence.
    """

    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="shares")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="shares")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="shares")
    slot = models.CharField(max_length=20)
    leads = models.BooleanField(default=True)
    requested = models.BooleanField(default=False)
    scope = models.CharField(max_length=200, blank=True)
    begins_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True)
    late_reason = models.CharField(max_length=500, blank=True)
    heard_on = models.DateField(null=True, blank=True)
    frozen = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "agency", "slot"], name="share_once"),
        ]
        indexes = [
            models.Index(fields=["area", "due_on"], name="share_by_area"),
            models.Index(fields=["agency", "due_on"], name="share_by_agency"),
            models.Index(
                fields=["due_on"], condition=Q(done_on__isnull=True, frozen=False),
                name="share_open_by_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.duty_id} {self.agency_id} {self.slot}"


class Handover(models.Model):
    """
    What was owed went over to another body, because the old one ended or its area did.

    The old share keeps what it has when the new body owed the same already (`share` is then
    the frozen old one).
    """

    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="handovers")
    from_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    to_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()

    def __str__(self) -> str:
        return f"{self.from_agency_id} -> {self.to_agency_id} ({self.on})"


class Target(models.Model):
    """
    A figure that the plan wants reached.

    `indicator` is a code of the catalogue or empty; for a share in percent it is the part, and
    `whole` what it is a part of.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="targets")
    item = models.OneToOneField(PlanItem, on_delete=models.PROTECT, related_name="target")
    section = models.CharField(max_length=60, blank=True)
    what = models.TextField()
    comparator = models.CharField(max_length=2, blank=True)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    unit = models.CharField(max_length=100, blank=True)
    baseline = models.CharField(max_length=20, blank=True)
    due = models.CharField(max_length=10, blank=True)
    indicator = models.CharField(max_length=60, blank=True)
    whole = models.CharField(max_length=60, blank=True)
    phase = models.ForeignKey(
        "Phase", on_delete=models.SET_NULL, related_name="targets", null=True, blank=True
    )

    def __str__(self) -> str:
        return self.what[:80]


class Phase(models.Model):
    """A stretch of time with its own aim; both days belong to it, None where open."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="phases")
    item = models.OneToOneField(PlanItem, on_delete=models.PROTECT, related_name="phase")
    name = models.CharField(max_length=200)
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class PhaseArea(models.Model):
    """The roadmap: which group of areas is to get there in which phase."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="roadmap")
    group = models.ForeignKey(AreaGroup, on_delete=models.PROTECT, related_name="roadmap")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phase", "group"], name="phase_area_once"),
        ]

    def __str__(self) -> str:
        return f"{self.phase_id} {self.group_id}"


class CalendarEntry(models.Model):
    """
    A report that the plan asks for: how often, by when, to whom, through whom.

    `duty` is the line under which it is owed: its own, or the duty whose words contain it. None:
    the plan gives neither a day nor how often.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="calendar")
    item = models.OneToOneField(PlanItem, on_delete=models.PROTECT, related_name="report")
    what = models.TextField()
    recurrence = models.CharField(max_length=12, blank=True)
    due = models.CharField(max_length=10, blank=True)
    to = models.CharField(max_length=200, blank=True)
    via = models.CharField(max_length=200, blank=True)
    duty = models.ForeignKey(
        Duty, on_delete=models.SET_NULL, related_name="reports", null=True, blank=True
    )

    def __str__(self) -> str:
        return self.what[:80]


class Event(models.Model):
    """A named day; `date` is `MM-DD` for a day of every year."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="events")
    item = models.OneToOneField(PlanItem, on_delete=models.PROTECT, related_name="event")
    name = models.CharField(max_length=300)
    date = models.CharField(max_length=10)
    duty = models.ForeignKey(
        Duty, on_delete=models.SET_NULL, related_name="events", null=True, blank=True
    )

    def __str__(self) -> str:
        return self.name


class BudgetHeading(models.Model):
    """A heading under which the plan speaks of money, with the sources it names."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="budget")
    item = models.OneToOneField(PlanItem, on_delete=models.PROTECT, related_name="budget")
    section = models.CharField(max_length=60, blank=True)
    what = models.TextField()
    sources = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.what[:80]
