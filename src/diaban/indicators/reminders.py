"""
Reminding communes of returns that they owe, and telling the level above when it stays unsent.

A reminder stands at once in "Việc của tôi" of the commune and goes out with the morning's mail,
which keeps the quiet hours. Once a day for each return, however often the button is pressed.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

from django.db import transaction
from django.db.models import Min, Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diaban.accounts.models import Holding
from diaban.accounts.rules import EDIT_RETURN, GIVE_BACK_RETURN, REMIND_RETURN, SEE_RETURN, Role
from diaban.accounts.scopes import area_visible_to, ended_after, in_scope
from diaban.areas.models import Area
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import version_on
from diaban.audit.services import record
from diaban.core.access import Actor, Span, require, scopes
from diaban.core.errors import DomainError
from diaban.core.letters import Section
from diaban.core.periods import HO_CHI_MINH, Period, PeriodKind, period_of
from diaban.indicators.models import Campaign, FormVersion, Return, ReturnReminder
from diaban.indicators.rules.campaigns import CampaignPeriod, is_open, named, narrower
from diaban.indicators.rules.period_forms import asked_form
from diaban.indicators.rules.returns import COUNTED, State, due_on
from diaban.indicators.selectors import (
    closed_periods,
    communes_under,
    ended_beside,
    ended_inside,
    form_for,
    last_closed,
    read_reported,
)
from diaban.indicators.windows import window_called, windows_of

_FILE: Final = Path(__file__).parent / "data" / "reminders.toml"
ITSELF: Final = "Địa Bàn"
# How far back a return that was never sent is still told of.
_MONTHS: Final = 2


class NothingToRemind(DomainError):
    """Reminding was asked for where no return is owed, or before the period is over."""

    code: ClassVar[str] = "nothing_to_remind"


@dataclass(frozen=True, slots=True)
class Late:
    """
    One commune that owes a return; `reminded` how often so far, `has_mail` an address there.

    `heirs`: what became of it where it has ended since; they are reminded in its place.
    """

    area: Area
    state: State | None
    reminded: int
    last_on: date | None
    has_mail: bool
    heirs: tuple[Area, ...] = ()

    def due_again(self, today: date) -> bool:
        """Whether a reminder today would be the first of the day."""
        return self.last_on != today


@dataclass(frozen=True, slots=True)
class Preview:
    """Who would be reminded of a period, before anybody is."""

    area: Area
    span: Span
    period: Period
    due: date
    late: tuple[Late, ...]


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a reminding did: new reminders, and communes that had theirs today already."""

    count: int
    already: int


@cache
def parameters() -> Mapping[str, Any]:
    """Return the file of parameters."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def preview(
    actor: Actor, area_code: str, period_label: str, today: date, only: Collection[str] = ()
) -> Preview:
    """
    Return who owes a return below an area; `only` narrows to communes of these codes.

    Raises:
        Missing, NotAllowed: `actor` does not see the area, or may not remind there.

    Cost: seven queries; a few more when the map has changed since.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    require(actor, REMIND_RETURN, span, see=SEE_RETURN)
    period = read_reported(period_label, span)
    area.as_of(period.end)
    due = due_on(period.end, form_for(asked_form(period), period).due_days)
    communes = communes_under(actor, narrower(span, period), period.end)
    gone = ended_beside(actor, span, period, communes)
    heirs = {one.area.pk: one.heirs for one in gone}
    owing = _owing([*communes, *(one.area for one in gone)], period)
    chosen = [(one, state) for one, state in owing if not only or one.code in only]
    if period.end >= today or not is_open(period):
        chosen = []
    ids = [one.pk for one, _state in chosen]
    told = reminders_by_area(ids, period)
    mailed = _with_address([*ids, *(one.pk for pk in ids for one in heirs.get(pk, ()))], today)
    late = []
    for one, state in chosen:
        days = told.get(one.pk, [])
        became = heirs.get(one.pk, ())
        has_mail = any(place.pk in mailed for place in became or (one,))
        late.append(Late(one, state, len(days), max(days, default=None), has_mail, became))
    return Preview(area, span, period, due, tuple(late))


@transaction.atomic
def remind_returns(
    *, actor: Actor, area_code: str, period_label: str, codes: Collection[str], at: datetime
) -> Reminded:
    """
    Remind those of the communes named that still owe the return; all at once, once a day each.

    A second call on the same day (a double click, a second person) reminds nobody twice.

    Raises:
        Missing, NotAllowed: `actor` does not see the area, or may not remind there.
        NothingToRemind: none of them owes it, or the period is not over.

    Cost: twelve statements, whatever the number of communes.
    """
    today = _day(at)
    found = preview(actor, area_code, period_label, today, codes)
    if not codes:
        raise NothingToRemind("Chưa chọn xã, phường nào để nhắc.")
    if not found.late:
        raise NothingToRemind(f"Không có xã, phường nào còn nợ biểu {named(found.period)} để nhắc.")
    new = [one for one in found.late if one.due_again(today)]
    ReturnReminder.objects.bulk_create(
        (
            ReturnReminder(
                area=one.area,
                period=found.period.label,
                form=asked_form(found.period),
                kind=ReturnReminder.REMINDED,
                level=Level.COMMUNE.value,
                on=today,
                at=at,
                by=actor.name,
            )
            for one in new
        ),
        ignore_conflicts=True,
    )
    if new:
        record(
            actor=actor,
            action="indicators.returns.reminded",
            subject=found.area,
            at=at,
            area_code=found.area.code,
            detail={"period": found.period.label, "areas": [one.area.code for one in new]},
        )
    return Reminded(len(new), len(found.late) - len(new))


def reminders_by_area(area_ids: Sequence[int], period: Period) -> dict[int, list[date]]:
    """Return the days on which communes were reminded of a period. One query."""
    found: dict[int, list[date]] = defaultdict(list)
    rows = ReturnReminder.objects.filter(
        period=period.label, kind=ReturnReminder.REMINDED, area__in=area_ids
    ).values_list("area_id", "on")
    for area_id, on in rows:
        found[area_id].append(on)
    return found


def reminded_of(area_ids: Iterable[int], labels: Iterable[str]) -> dict[tuple[int, str], date]:
    """Return when each commune was last reminded of each period. One query."""
    found: dict[tuple[int, str], date] = {}
    rows = ReturnReminder.objects.filter(
        area__in=list(area_ids),
        period__in=list(labels),
        kind=ReturnReminder.REMINDED,
    ).values_list("area_id", "period", "on")
    for area_id, label, on in rows:
        found[area_id, label] = max(on, found.get((area_id, label), on))
    return found


@dataclass(frozen=True, slots=True)
class Receipt:
    """
    One reminder or escalation, and what became of it.

    `sent_on`: when the return came; `has_mail`: somebody of the commune, or of the `heirs` of one
    that has ended, has an address.
    """

    reminder: ReturnReminder
    sent_on: date | None
    has_mail: bool
    heirs: tuple[Area, ...] = ()


def receipts(
    actor: Actor, area_code: str, period_label: str, today: date
) -> tuple[Area, Span, Period, list[Receipt]]:
    """
    Return every reminder and escalation of a period below an area, the newest first.

    Raises:
        Missing: `actor` may not see returns there.

    Cost: four queries.
    """
    area, span = area_visible_to(actor, area_code, SEE_RETURN)
    period = read_reported(period_label, span)
    area.as_of(period.end)
    found = list(
        ReturnReminder.objects.filter(
            Q(
                in_scope(actor, SEE_RETURN, "area"),
                area__placements__left__gte=span.left,
                area__placements__left__lte=span.right,
            )
            | Q(area__valid_to__lte=today),
            period=period.label,
        )
        .select_related("area")
        .order_by("-at", "area__sort_key")
        .distinct()
    )
    heirs: dict[int, tuple[Area, ...]] = {}
    gone = {
        row.area_id for row in found if row.area.valid_to is not None and row.area.valid_to <= today
    }
    if gone:
        ended = ended_inside(actor, SEE_RETURN, span, period)
        heirs = {one.area.pk: one.heirs for one in ended}
    rows = [row for row in found if row.area_id not in gone or row.area_id in heirs]
    sent = {
        area_id: _day(at)
        for area_id, at in Return.objects.filter(
            period=period.label,
            form=asked_form(period),
            state__in=COUNTED,
            area__in={row.area_id for row in rows},
        ).values_list("area_id", "submitted_at")
        if at is not None
    }
    mailed = _with_address(
        [*(row.area_id for row in rows), *(one.pk for them in heirs.values() for one in them)],
        today,
    )
    told = [
        Receipt(
            row,
            sent.get(row.area_id),
            any(pk in mailed for pk in (row.area_id, *(o.pk for o in became))),
            became,
        )
        for row in rows
        for became in [heirs.get(row.area_id, ())]
    ]
    return area, span, period, told


@transaction.atomic
def escalate(at: datetime) -> int:
    """
    Tell the levels above of returns that stay unsent long after their day; return how many.

    Each return is told of once to each level; a second call tells nothing new.
    """
    today, days = _day(at), int(parameters()["escalate_days"])
    map_id = version_on(today).pk
    new: list[ReturnReminder] = []
    for period, where, highest in _chased(today):
        late = (today - due_on(period.end, form_for(asked_form(period), period).due_days)).days
        levels = [
            level.value
            for steps, level in ((1, Level.PROVINCE), (2, Level.NATION))
            if late > steps * days and (level is Level.PROVINCE or highest is Level.NATION)
        ]
        if levels:
            communes = list(
                Area.objects.filter(
                    level=Level.COMMUNE.value,
                    valid_from__lte=period.end,
                    placements__version=map_id,
                    **where,
                )
            )
            if period.kind is not PeriodKind.OTHER:
                communes += Area.objects.filter(
                    level=Level.COMMUNE.value,
                    valid_from__lte=period.end,
                    valid_to__gt=period.end,
                    valid_to__lte=today,
                )
            told = set(
                ReturnReminder.objects.filter(
                    period=period.label, kind=ReturnReminder.ESCALATED
                ).values_list("area_id", "level")
            )
            new += [
                ReturnReminder(
                    area=one,
                    period=period.label,
                    form=asked_form(period),
                    kind=ReturnReminder.ESCALATED,
                    level=level,
                    on=today,
                    at=at,
                    by=ITSELF,
                )
                for one, _state in _owing(communes, period)
                for level in levels
                if (one.pk, level) not in told
            ]
    ReturnReminder.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    return len(new)


def _chased(today: date) -> Iterator[tuple[Period, Mapping[str, int], Level]]:
    """Return the periods told of: which places owe them, and up to which level they concern."""
    for period in closed_periods(today, FormVersion.objects.all(), _MONTHS):
        yield period, {}, Level.NATION
    oldest = last_closed(today).start
    for _back in range(_MONTHS - 1):
        oldest = period_of(oldest - timedelta(days=1), PeriodKind.MONTH).start
    over = Campaign.objects.filter(closed_at=None, end__lt=today, end__gte=oldest)
    levels = dict(over.values_list("label", "area__level"))
    for one in windows_of(over.order_by("end", "label")):
        where = {
            "placements__left__gte": one.asked_of.left,
            "placements__left__lte": one.asked_of.right,
        }
        yield one, where, Level(levels[one.label])


class ReturnNews:
    """The part of the morning's mail that is about returns."""

    def prepare(self, at: datetime) -> None:
        """Escalate what has waited long enough."""
        escalate(at)

    def section_for(self, actor: Actor, at: datetime) -> Section | None:
        """Return what a commune was reminded of, or what the level above has to chase."""
        waiting = Q()
        if scopes(actor, EDIT_RETURN):
            waiting |= Q(_within(actor, EDIT_RETURN, _day(at)), kind=ReturnReminder.REMINDED)
        if scopes(actor, GIVE_BACK_RETURN):
            waiting |= Q(
                _within(actor, GIVE_BACK_RETURN, _day(at)),
                kind=ReturnReminder.ESCALATED,
                level__in=_levels(actor),
            )
        if not waiting:
            return None
        rows = list(
            ReturnReminder.objects.filter(waiting, mailed_on__isnull=True)
            .select_related("area")
            .order_by("period", "area__sort_key")
            .distinct()
        )
        sent = _sent_already(rows)
        keys = tuple(row.pk for row in rows)
        owed = [row for row in rows if (row.area_id, row.period) not in sent]
        if not owed:
            return None
        return Section(_subject(owed), _("Biểu số liệu chưa gửi:"), _lines(owed, _day(at)), keys)

    def written(self, keys: Collection[int], at: datetime) -> None:
        """Mark reminders as carried by today's mail."""
        ReturnReminder.objects.filter(pk__in=list(keys), mailed_on__isnull=True).update(
            mailed_on=_day(at)
        )


def _within(actor: Actor, action: str, today: date) -> Q:
    """Return the condition "`actor` may do `action` there, or in all that became of it"."""
    inside = in_scope(actor, action, "area")
    gone = ReturnReminder.objects.filter(
        mailed_on__isnull=True, area__valid_to__lte=today
    ).aggregate(first=Min("area__valid_to"))["first"]
    if gone is None:
        return inside
    ended = ended_after(actor, action, gone - timedelta(days=1))
    return inside | Q(area__in=[one.area.pk for one in ended])


def _levels(actor: Actor) -> list[str]:
    """Return for which levels an actor chases: that of each area in which it holds the right."""
    held = Area.objects.filter(
        pk__in=[
            grant.area_id
            for grant in actor.grants
            if any(right.action == GIVE_BACK_RETURN for right in grant.rights)
        ]
    )
    return list(held.values_list("level", flat=True))


def _subject(rows: Sequence[ReturnReminder]) -> str:
    kinds = Counter(row.kind for row in rows)
    parts = []
    if kinds[ReturnReminder.REMINDED]:
        parts.append(_("%(n)s biểu được nhắc") % {"n": kinds[ReturnReminder.REMINDED]})
    if kinds[ReturnReminder.ESCALATED]:
        parts.append(_("%(n)s biểu cấp dưới quá hạn lâu") % {"n": kinds[ReturnReminder.ESCALATED]})
    return ", ".join(parts)


def _lines(rows: Sequence[ReturnReminder], today: date) -> tuple[str, ...]:
    most = int(parameters()["most_lines"])
    periods = {label: window_called(label) for label in dict.fromkeys(row.period for row in rows)}
    dues = {
        label: due_on(one.end, form_for(asked_form(one), one).due_days)
        for label, one in periods.items()
    }
    lines = []
    for row in rows[:most]:
        by = row.by if row.kind == ReturnReminder.REMINDED else ""
        lines.append(
            line_of(row.area.full_name, periods[row.period], dues[row.period], today, row.on, by)
        )
    if len(rows) > most:
        lines.append(_("và %(n)s biểu khác") % {"n": len(rows) - most})
    return tuple(lines)


def line_of(area: str, period: Period, due: date, today: date, on: date, by: str) -> str:
    """Return the line of a mail about one return, in the language that is switched on."""
    late = (today - due).days
    when = _("quá hạn %(n)s ngày") % {"n": late} if late > 0 else _("chưa quá hạn")
    who = _("%(by)s nhắc ngày %(day)s") % {"by": by, "day": f"{on:%d/%m}"}
    return _("%(area)s, biểu %(period)s (%(when)s; %(who)s)") % {
        "area": area,
        "period": _named(period),
        "when": when,
        "who": who if by else _("cần đôn đốc"),
    }


def _named(period: Period) -> str:
    if get_language() != "en":
        return named(period)
    return f"“{period.title}”" if isinstance(period, CampaignPeriod) else period.title_en


def _sent_already(rows: Sequence[ReturnReminder]) -> set[tuple[int, str]]:
    return set(
        Return.objects.filter(
            state__in=COUNTED,
            area__in={row.area_id for row in rows},
            period__in={row.period for row in rows},
        ).values_list("area_id", "period")
    )


def _owing(communes: Sequence[Area], period: Period) -> list[tuple[Area, State | None]]:
    states = {
        area_id: State(state)
        for area_id, state in Return.objects.filter(
            form=asked_form(period), period=period.label
        ).values_list("area_id", "state")
    }
    return [(one, states.get(one.pk)) for one in communes if states.get(one.pk) not in COUNTED]


def _with_address(area_ids: Sequence[int], today: date) -> set[int]:
    held = Holding.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=today),
        area__in=area_ids,
        role=Role.COMMUNE_OFFICER.value,
        valid_from__lte=today,
        user__is_active=True,
    ).exclude(user__email="")
    return set(held.values_list("area_id", flat=True))


def _day(at: datetime) -> date:
    return at.astimezone(HO_CHI_MINH).date()
