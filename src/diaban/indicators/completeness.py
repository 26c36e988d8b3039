"""Who has reported: the units of an area against the months, for a page or a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from diaban.accounts.rules import SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area, Placement
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Missing, Span
from diaban.core.periods import Period, PeriodKind, local_day, previous
from diaban.indicators.models import FormVersion, Return
from diaban.indicators.quality import in_span
from diaban.indicators.reminders import reminded_of
from diaban.indicators.rules.campaigns import narrower
from diaban.indicators.rules.entry import Document
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.returns import COUNTED, State, due_on
from diaban.indicators.selectors import communes_under, ended_beside, form_among, read_window

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """One return as the matrix needs it."""

    state: State
    saved_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """
    One commune over the months; a month without a return has None.

    `owed`: by month, whether the commune existed then. `reminded`: when last, of the newest month.
    `heirs`: what became of it where it has ended since.
    """

    area: Area
    kept: tuple[Kept | None, ...]
    owed: tuple[bool, ...]
    reminded: date | None
    heirs: tuple[Area, ...] = ()

    @property
    def state(self) -> State | None:
        """The state of the newest month."""
        newest = self.kept[-1]
        return newest.state if newest else None

    @property
    def sent(self) -> bool:
        """Whether the newest month counts."""
        return self.state in COUNTED

    def on_time(self, due: date) -> bool | None:
        """Whether the newest month was sent by its day; None while it is not sent."""
        newest = self.kept[-1]
        if newest is None or newest.state not in COUNTED or newest.sent_at is None:
            return None
        return local_day(newest.sent_at) <= due


@dataclass(frozen=True, slots=True)
class Group:
    """The communes of one province: by month how many sent, of how many that owed."""

    area: Area
    sent: tuple[int, ...]
    owed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Units against months, the newest month last."""

    area: Area
    span: Span
    period: Period
    periods: tuple[Period, ...]
    due: date
    lines: tuple[Line, ...]
    saved: datetime | None


def matrix_of(actor: Actor, area_code: str, period_label: str, months: int = MONTHS) -> Matrix:
    """
    Return who has reported below an area over `months` months, by name.

    Raises:
        Missing: `actor` may not see returns there.

    Cost: five queries; a few more when the map has changed since.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    period = read_window(period_label, span)
    area.as_of(period.end)
    periods = [period]
    # A campaign stands alone: none comes before it by rule.
    while len(periods) < months and period.kind is not PeriodKind.OTHER:
        periods.insert(0, previous(periods[0]))
    form = asked_form(period)
    versions = list(FormVersion.objects.filter(code=form))
    version = form_among(versions, form, period)
    # Before its first version nobody owed the form.
    periods = [one for one in periods if _in_use(versions, form, one)]
    labels = [one.label for one in periods]
    kept: dict[tuple[int, str], Kept] = {}
    returns = Return.objects.filter(form=form, period__in=labels).values_list(
        "area_id", "period", "state", "saved_at", "submitted_at"
    )
    found = list(returns.filter(**in_span(actor, span.left, span.right)))
    due = due_on(period.end, version.due_days)
    communes = communes_under(actor, narrower(span, period), period.end)
    heirs: dict[int, tuple[Area, ...]] = {}
    for one in ended_beside(actor, span, period, communes):
        communes.append(one.area)
        heirs[one.area.pk] = one.heirs
    if heirs:
        communes.sort(key=lambda one: one.sort_key)
        found += returns.filter(area__in=heirs)
    for area_id, label, state, saved_at, sent_at in found:
        kept[area_id, label] = Kept(State(state), saved_at, sent_at)
    reminded = reminded_of([one.pk for one in communes], [period.label])
    lines = tuple(
        Line(
            one,
            tuple(kept.get((one.pk, label)) for label in labels),
            tuple(Days(one.valid_from, one.valid_to).hold(month.end) for month in periods),
            reminded.get((one.pk, period.label)),
            heirs.get(one.pk, ()),
        )
        for one in communes
    )
    saved = max((one.saved_at for one in kept.values()), default=None)
    return Matrix(area, span, period, tuple(periods), due, lines, saved)


def _in_use(versions: Sequence[FormVersion], form: str, period: Period) -> bool:
    try:
        form_among(versions, form, period)
    except Missing:
        return False
    return True


def documents_of(areas: Sequence[Area], period: Period) -> Mapping[int, Document]:
    """Return the documents of some communes' returns, by area key. One query."""
    return dict(
        Return.objects.filter(
            form=asked_form(period), period=period.label, area__in=areas
        ).values_list("area_id", "document")
    )


def by_province(actor: Actor, lines: Sequence[Line]) -> list[Group]:
    """Return the lines of a nation grouped by province, by name. Two queries."""
    parents = dict(
        Placement.objects.filter(version=actor.map_id, area__level=Level.COMMUNE.value).values_list(
            "area_id", "parent_id"
        )
    )
    inside: dict[int, list[Line]] = {}
    for line in lines:
        here = line.heirs[0] if line.heirs else line.area
        inside.setdefault(parents[here.pk], []).append(line)
    provinces = Area.objects.in_bulk(list(inside))
    groups = []
    for pk, found in inside.items():
        months = range(len(found[0].kept))
        groups.append(
            Group(
                provinces[pk],
                tuple(
                    sum(
                        1
                        for line in found
                        if (one := line.kept[month]) is not None and one.state in COUNTED
                    )
                    for month in months
                ),
                tuple(sum(line.owed[month] for line in found) for month in months),
            )
        )
    return sorted(groups, key=lambda one: one.area.sort_key)
