"""Reading forms, returns and totals; what is for a person starts from what they may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Max, QuerySet
from django.utils import timezone

from diaban.accounts.rules import APPROVE_RETURN, EDIT_RETURN, GIVE_BACK_RETURN, SEE_RETURN
from diaban.accounts.scopes import (
    Ended,
    area_meant_on,
    area_visible_to,
    ended_after,
    in_scope,
    reorganised_after,
)
from diaban.areas.models import Area
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Missing, Span, may, require
from diaban.core.numbers import Number
from diaban.core.periods import (
    Period,
    PeriodKind,
    UnknownPeriod,
    is_administrative,
    parse_label,
    previous,
)
from diaban.core.text import lower_first
from diaban.indicators.models import FormVersion, KeptTotal, Return, Revision
from diaban.indicators.rules.campaigns import CampaignPeriod
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.entry import Column, columns_filled
from diaban.indicators.rules.period_forms import (
    asked_form,
    form_by_kind,
    last_closed_of,
    longer_kinds,
)
from diaban.indicators.rules.returns import COUNTED, State, due_on
from diaban.indicators.totals import layout_of, totals_of
from diaban.indicators.windows import window_called


@dataclass(frozen=True, slots=True)
class Owed:
    """
    A return that an area still has to send, or to mend.

    `heirs`: what became of the area where it has ended since.
    """

    area: Area
    period: Period
    due: date
    state: State | None
    reason: str = ""
    heirs: tuple[Area, ...] = ()


def form_for(code: str, period: Period) -> FormVersion:
    """
    Return the version of a form that is in force on the last day of `period`.

    Raises:
        Missing: there is no such form, or none for that time or kind of period, or a campaign
            asks for another one.
    """
    if isinstance(period, CampaignPeriod) and code != period.form:
        raise Missing(f"Đợt “{period.name}” dùng biểu mã {period.form}, không dùng biểu mã {code}.")
    return form_among(FormVersion.objects.filter(code=code), code, period)


def form_among(versions: Iterable[FormVersion], code: str, period: Period) -> FormVersion:
    """
    Return that version out of some that are known already.

    Raises:
        Missing: none of them is it.
    """
    in_force = [
        version
        for version in versions
        if version.code == code
        and version.period_kind == period.kind.value
        and version.valid_from <= period.end
        and (version.valid_to is None or version.valid_to > period.end)
    ]
    if not in_force:
        # Where a page asks for the form of its period, the code would say nothing.
        named = "báo cáo" if code == asked_form(period) else f"“{code}”"
        raise Missing(
            f"Chưa có biểu {named} nào dùng cho {lower_first(period.title)}. Mỗi tháng, quý, nửa "
            "năm, năm có biểu riêng, kể từ kỳ bắt đầu dùng; hãy chọn một kỳ khác."
        )
    return max(in_force, key=lambda version: version.number)


def columns_of(codes: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of a form, in its order."""
    return _columns(tuple(codes))


@lru_cache(maxsize=64)
def _columns(codes: tuple[str, ...]) -> tuple[Column, ...]:
    catalogue = builtin_catalogue()
    return tuple(Column(c, catalogue[c].name_vi, catalogue[c].kind) for c in codes)


def returns_visible_to(actor: Actor) -> QuerySet[Return]:
    """Return the returns of the areas in which `actor` may see returns."""
    return Return.objects.filter(in_scope(actor, SEE_RETURN, "area"))


def communes_in(actor: Actor, action: str) -> QuerySet[Area]:
    """Return the communes of today's map in which `actor` may do `action`, by code."""
    communes = Area.objects.filter(in_scope(actor, action, ""), level=Level.COMMUNE.value)
    return communes.called_on(timezone.localdate()).order_by("code")


def last_closed(today: date) -> Period:
    """Return the newest month that has ended before `today`."""
    return last_closed_of(PeriodKind.MONTH, today)


def closed_periods(
    today: date, versions: Iterable[FormVersion], months: int = 2
) -> dict[Period, FormVersion]:
    """
    Return the periods whose returns are chased, oldest first, with the form of each.

    The last `months` months, and of every longer kind that has a form the last one.
    """
    known = list(versions)
    periods = [last_closed(today)]
    while len(periods) < months:
        periods.append(previous(periods[-1]))
    periods += [last_closed_of(kind, today) for kind in longer_kinds()]
    found = {}
    for period in sorted(periods, key=lambda one: (one.end, one.start)):
        try:
            found[period] = form_among(known, asked_form(period), period)
        except Missing:
            # Its form was not in use then: nobody owes it.
            continue
    return found


def owed_by(
    actor: Actor, today: date, versions: Iterable[FormVersion] | None = None, months: int = 2
) -> list[Owed]:
    """
    Return what the communes for which `actor` enters figures still owe, oldest first.

    The periods are those of `closed_periods`; drafts and returns given back count as owed.

    A commune that has ended since owes what it owed then; whoever enters for all that became of
    it is told.

    Cost: two queries with the form `versions` given, three without; a few more when the map has
    changed since.
    """
    periods = closed_periods(today, versions or FormVersion.objects.all(), months)
    if not periods:
        return []
    communes, heirs = _owing(actor, EDIT_RETURN, next(iter(periods)).end, 50)
    return _owed(communes, periods, heirs) if communes else []


def not_reported(actor: Actor, periods: Mapping[Period, FormVersion]) -> list[Owed]:
    """
    Return the communes whose returns do not count yet, for whoever chases them, oldest first.

    Cost: two queries; a few more when the map has changed since.
    """
    if not periods:
        return []
    communes, heirs = _owing(actor, GIVE_BACK_RETURN, min(one.end for one in periods))
    return _owed(communes, periods, heirs)


def _owing(
    actor: Actor, action: str, day: date, most: int | None = None
) -> tuple[list[Area], dict[int, tuple[Area, ...]]]:
    """
    Return today's communes in which `actor` may do `action` and those that ended after `day`.

    Beside them, by key, what became of those that ended.
    """
    found = communes_in(actor, action).annotate(reorganised=reorganised_after(day))
    communes: list[Area] = list(found[:most])
    if not communes or not getattr(communes[0], "reorganised", False):
        return communes, {}
    ended = ended_after(actor, action, day)[:most]
    return [*communes, *(one.area for one in ended)], {one.area.pk: one.heirs for one in ended}


def _owed(
    communes: Sequence[Area],
    periods: Mapping[Period, FormVersion],
    heirs: Mapping[int, tuple[Area, ...]],
) -> list[Owed]:
    found = Return.objects.filter(
        form__in=[version.code for version in periods.values()],
        period__in=[period.label for period in periods],
        area__in=communes,
    ).values_list("area_id", "period", "state", "reason")
    states = {(area_id, label): (State(state), why) for area_id, label, state, why in found}
    owed = []
    for period, version in periods.items():
        for commune in communes:
            if not Days(commune.valid_from, commune.valid_to).hold(period.end):
                continue
            standing, why = states.get((commune.pk, period.label), (None, ""))
            if standing not in COUNTED:
                due = due_on(period.end, version.due_days)
                became = heirs.get(commune.pk, ())
                owed.append(Owed(commune, period, due, standing, why, became))
    return owed


def read_period(label: str) -> Period:
    """
    Return the period of an address.

    Raises:
        Missing: the label names none (an address that somebody mistyped).
    """
    try:
        return parse_label(label)
    except UnknownPeriod as error:
        raise Missing(f"Không có kỳ báo cáo “{label}”.") from error


def unit_asked(actor: Actor, code: str, label: str) -> tuple[Area, Span]:
    """
    Return the unit whose return a code and a period's label mean, and where it lies today.

    A code means one unit on one day, and here that is the last day of the period: a unit that
    has ended since still owes what it owed, and whoever may in all that became of it acts for
    it. Campaigns are asked of the units of today.

    Raises:
        Missing: there is none, or `actor` may not see its returns.

    Cost: one query for a unit that stands today.
    """
    if not is_administrative(label):
        return area_visible_to(actor, code, SEE_RETURN)
    return area_meant_on(actor, code, read_period(label).end, SEE_RETURN)


def area_asked(actor: Actor, code: str, label: str) -> tuple[Area, Span]:
    """
    Return the area that a code and a period's label mean on a page for areas of every level.

    A commune is that of the period's last day (`unit_asked`); an area above is that of today.

    Raises:
        Missing: there is none, or `actor` may not see its returns.

    Cost: one query for an area that stood then, else as `unit_asked`.
    """
    try:
        area, span = area_visible_to(actor, code, SEE_RETURN)
    except Missing:
        return unit_asked(actor, code, label)
    if area.level != Level.COMMUNE or not is_administrative(label):
        return area, span
    if area.valid_from <= read_period(label).end:
        return area, span
    return unit_asked(actor, code, label)


def read_window(label: str, span: Span) -> Period:
    """
    Return the period of an address at an area: of the calendar, or a campaign asked there.

    Raises:
        Missing: the label names none, or a campaign that is no concern of the area in `span`.

    Cost: nothing for a period of the calendar, else one query.
    """
    try:
        found = window_called(label)
    except UnknownPeriod as error:
        raise Missing(f"Không có kỳ báo cáo “{label}”.") from error
    if isinstance(found, CampaignPeriod) and not (
        span.holds(found.asked_of) or found.asked_of.holds(span)
    ):
        raise Missing(f"Không có kỳ báo cáo “{label}”.")
    return found


def read_reported(label: str, span: Span) -> Period:
    """
    Return the period of an address at an area in which returns are sent.

    Raises:
        Missing: the label names none, or a kind of period without a form of its own.

    Cost: as `read_window`.
    """
    period = read_window(label, span)
    if period.kind is not PeriodKind.OTHER and period.kind not in form_by_kind():
        raise Missing(
            f"{period.title} được cộng từ các tháng, không có biểu riêng để gửi; hãy mở một tháng."
        )
    return period


def form_asked_in(label: str) -> str:
    """
    Return the code of the form that the period of a label asks for.

    Raises:
        UnknownPeriod: the label names none.
    """
    return asked_form(window_called(label))


def require_asked(form: str, period: Period) -> None:
    """
    Refuse the code of a form that a period does not ask for.

    Raises:
        Missing: it is another one.
    """
    if form != asked_form(period):
        raise Missing(
            f"{period.title} dùng biểu mã {asked_form(period)}, không dùng biểu mã {form}."
        )


def return_title(version: FormVersion, period: Period) -> str:
    """Return what stands above a return: `Biểu số liệu tháng 11/2026`."""
    if isinstance(period, CampaignPeriod):
        return f"{version.name}: {period.name}"
    name, title = version.name.split(), lower_first(period.title)
    # “Biểu số liệu quý” of “quý III/2026”: what both say is said once.
    for count in range(min(len(name), len(title.split())), 0, -1):
        if name[-count:] == title.split()[:count]:
            name = name[:-count]
            break
    return f"{' '.join(name)} {title}"


def read_month(label: str) -> Period:
    """
    Return the month of an address.

    Raises:
        Missing: the label names none, or a longer period.
    """
    period = read_period(label)
    if period.kind is not PeriodKind.MONTH:
        raise Missing(f"{period.title} không phải một tháng; hãy mở một tháng.")
    return period


def communes_under(actor: Actor, span: Span, day: date) -> list[Area]:
    """
    Return the communes in `span` whose returns `actor` may see and that owed one for a period
    that ended on `day`, by name. One query.
    """
    return list(
        Area.objects.filter(
            in_scope(actor, SEE_RETURN, ""),
            placements__left__gte=span.left,
            placements__left__lte=span.right,
            level=Level.COMMUNE.value,
            valid_from__lte=day,
        )
        .annotate(reorganised=reorganised_after(day))
        .called_on(min(day, timezone.localdate()))
        .order_by("sort_key")
    )


def last_saved(actor: Actor, span: Span) -> datetime | None:
    """Return when a return inside `span` was last saved, of those that `actor` may see."""
    # A second condition on places is a second join, which has to name the map again.
    inside = returns_visible_to(actor).filter(
        area__placements__version=actor.map_id,
        area__placements__left__gte=span.left,
        area__placements__left__lte=span.right,
    )
    newest: datetime | None = inside.aggregate(at=Max("saved_at"))["at"]
    return newest


def totals_at(
    actor: Actor, area: Area, span: Span, periods: Sequence[Period]
) -> list[dict[str, int]]:
    """
    Return the kept sums of an area for each period by code; empty where nothing was reported.

    Those of the form that the period itself asks for: a quarter's are not the sum of its months.

    Columns that nobody reported are absent: no data is not a zero.

    Raises:
        Missing: `actor` may not see returns there.

    Cost: one query.
    """
    if not may(actor, SEE_RETURN, span):
        raise Missing("Không tìm thấy số liệu này trong phạm vi của tài khoản.")
    rows = {
        row.period: row
        for row in KeptTotal.objects.filter(
            area=area,
            period__in=[period.label for period in periods],
            version__code__in={asked_form(period) for period in periods},
        ).select_related("version")
    }
    return [_sums(rows.get(period.label)) for period in periods]


def _sums(row: KeptTotal | None) -> dict[str, int]:
    if row is None:
        return {}
    totals, layout = totals_of(row), layout_of(row.version)
    return {
        code: int(total)
        for code, total, units in zip(layout.codes, totals.sums, totals.units, strict=True)
        if units
    }


@dataclass(frozen=True, slots=True)
class Sum:
    """The kept sum of one indicator; None when nobody below gave a value."""

    total: Number | None
    reporting: int


def history_of(
    actor: Actor, area_code: str, period_label: str
) -> tuple[Area, Span, Period, Return, list[Revision]]:
    """
    Return a return with its revisions, the newest first.

    Raises:
        Missing: `actor` does not see it, or nobody has begun it.

    Cost: three queries.
    """
    area, span = unit_asked(actor, area_code, period_label)
    period = read_window(period_label, span)
    area.as_of(period.end)
    stored = (
        Return.objects.select_related("area", "version", "roster")
        .filter(area=area, period=period.label, form=asked_form(period))
        .first()
    )
    if stored is None:
        raise Missing(f"{area.full_name} chưa lập biểu {period.title}.")
    return area, span, period, stored, list(stored.revisions.order_by("-number"))


def ended_inside(actor: Actor, action: str, span: Span, period: Period) -> list[Ended]:
    """
    Return the communes that owed a return of `period`, have ended since, and lie in `span`.

    Cost: as `ended_after`; nothing for a campaign, which is asked of the units of today.
    """
    if period.kind is PeriodKind.OTHER:
        return []
    return [
        one
        for one in ended_after(actor, action, period.end)
        if one.area.valid_from <= period.end and span.holds(one.span)
    ]


def ended_beside(actor: Actor, span: Span, period: Period, communes: Sequence[Area]) -> list[Ended]:
    """
    Return what owed a return beside those of `communes_under` that stand today.

    Cost: nothing while the map is that of the period's last day, else as `ended_inside`.
    """
    if communes and not getattr(communes[0], "reorganised", False):
        return []
    return ended_inside(actor, SEE_RETURN, span, period)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A return that waits for approval: how much is in it, and what its commune explained."""

    area: Area
    revision: int
    sent_at: datetime | None
    sent_by: str
    filled: int
    cells: int
    explained: int
    unread: int


def waiting_for_approval(
    actor: Actor, area_code: str, period_label: str, most: int
) -> tuple[Area, Span, Period, list[Waiting]]:
    """
    Return the returns below an area that wait for the approval of `actor`, by code.

    Raises:
        Missing, NotAllowed: `actor` does not see the area, or may not approve there.

    Cost: three queries; `most` documents are read.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    require(actor, APPROVE_RETURN, span, see=SEE_RETURN)
    period = read_window(period_label, span)
    area.as_of(period.end)
    sent = Return.objects.filter(
        period=period.label, form=asked_form(period), state=State.SUBMITTED
    ).select_related("area")
    inside = sent.filter(
        in_scope(actor, APPROVE_RETURN, "area"),
        area__placements__version=actor.map_id,
        area__placements__left__gte=span.left,
        area__placements__left__lte=span.right,
    ).annotate(reorganised=reorganised_after(period.end))
    waiting: list[Return] = list(inside.order_by("area__code")[:most])
    for one in waiting:
        one.area.as_of(period.end)
    if not waiting or getattr(waiting[0], "reorganised", False):
        gone = [one.area for one in ended_inside(actor, APPROVE_RETURN, span, period)]
        waiting += sent.filter(area__in=gone).order_by("area__code")[: most - len(waiting)]
    found = []
    for one in waiting:
        filled, cells = columns_filled(one.document)
        explained = len(one.document.get("why", {}))
        found.append(
            Waiting(
                one.area, one.revision, one.submitted_at, one.saved_by, filled, cells,
                explained, len(one.unread),
            )
        )  # fmt: skip
    return area, span, period, found
