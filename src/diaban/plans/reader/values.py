"""What a reading holds: frozen values, as named in the public contract of `diaban read`."""

from __future__ import annotations

from dataclasses import dataclass, field

# Half-open offsets in the printed text of the document.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which some parts may have been left blank on paper (None)."""

    year: int | None
    month: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """When the plan is carried out: `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; None where open."""

    start: str | None
    end: str | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The letterhead, the title and the signature of a plan; None where not printed."""

    title: str | None = None
    kind: str = "Kế hoạch"
    is_draft: bool = False
    issuer: str | None = None
    issuer_level: str | None = None
    area: str | None = None
    place: str | None = None
    number: str | None = None
    date: PartialDate | None = None
    period: Period | None = None
    signer_name: str | None = None
    signer_title: str | None = None
    signed_for: str | None = None
    theme: str | None = None
    period_in_title: Period | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """A mention of another document by its number; `number` is None when left blank."""

    number: str | None
    date: str | None
    issuer: str | None
    where: str
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading; `label` joins the printed markers from the top (`II.1.1.1`)."""

    label: str
    marker: str
    title: str
    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of a criteria set; a compound criterion has several parts."""

    set: str | None
    group: str | None
    ordinal: int
    part: int
    quote: str
    kind: str
    comparator: str | None
    value: str | None
    unit: str | None
    indicator: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that the plan wants to reach; `value` is a decimal string with a point."""

    quote: str
    section: str | None
    comparator: str
    value: str
    unit: str | None
    baseline: str
    due: str | None
    indicator: str | None
    span: Span
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day, month or year that a task names, and how it binds."""

    date: str
    text: str
    bound: str
    scope: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One bullet (or paragraph, or table row): what a unit is to do."""

    quote: str
    span: Span
    role: str | None = None
    continuous: bool = False
    parent: bool = False
    parent_index: int | None = None
    deadlines: tuple[Deadline, ...] = ()
    support: tuple[str, ...] = ()
    recurrence: str | None = None
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """What one heading of the assignment section (or one lead of a table) gives to whom."""

    ordinal: int
    unit: str
    units: tuple[str, ...]
    requested: bool
    section: str | None
    span: Span
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class OtherDuty:
    """A duty of a named unit outside the assignment section."""

    unit: str
    quote: str
    section: str | None
    role: str | None
    deadlines: tuple[Deadline, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Report:
    """A duty to report or to submit upward; `recurrence` is None when not stated."""

    quote: str
    what: str | None
    recurrence: str | None
    due: str | None
    to: str | None
    via: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of time with its own aim."""

    name: str
    start: str | None
    end: str | None
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """A named day or campaign; `MM-DD` for a day of every year."""

    name: str
    date: str
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class RecurringActivity:
    """Something to be done again and again: `1/month`, and by or for whom."""

    quote: str
    frequency: str
    scope: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class NamedArea:
    """A place, or a counted group of places, that the plan singles out."""

    name: str
    kind: str
    why: str
    quote: str
    span: Span


@dataclass(frozen=True, slots=True)
class Notice:
    """
    Something a clerk should look at; the reading is usable all the same.

    What is absent has the span of the title, or of the first line.
    """

    code: str
    message: str
    span: Span


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan and everything it obliges whom to do."""

    metadata: Metadata
    bases: tuple[Basis, ...] = ()
    sections: tuple[Section, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    targets: tuple[Target, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    other_duties: tuple[OtherDuty, ...] = ()
    reports: tuple[Report, ...] = ()
    phases: tuple[Phase, ...] = ()
    events: tuple[Event, ...] = ()
    recurring_activities: tuple[RecurringActivity, ...] = ()
    named_areas: tuple[NamedArea, ...] = ()
    recipients: tuple[str, ...] = ()
    warnings: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as read: its printed text, to which all spans refer, and its plans."""

    source: str
    text: str
    plans: tuple[Plan, ...] = field(default=())
