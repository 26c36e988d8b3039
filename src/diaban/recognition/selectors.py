"""Assessing the communes that an actor may see, on the figures that count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils import timezone

from diaban.accounts.rules import SEE_ASSESSMENT
from diaban.accounts.scopes import in_scope, reorganised_after
from diaban.areas.models import Area, Placement
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Missing, Span
from diaban.core.periods import Period, PeriodKind, period_of, year_before
from diaban.indicators.figures import Figures as Values
from diaban.indicators.figures import closed_months, figures_of, longer_figures, monthly_figures
from diaban.indicators.models import FormVersion
from diaban.indicators.selectors import last_closed
from diaban.recognition.rules.assessment import Assessment, assess
from diaban.recognition.rules.conclusions import conclusion_codes
from diaban.recognition.rules.engine import Figures
from diaban.recognition.rules.set_files import UnknownSet, builtin_ids, builtin_set
from diaban.recognition.rules.sets import CriteriaSet, SetPeriod
from diaban.recognition.rules.standings import Standing, standings

COMMUNE = "commune"
# The law of the whole country.
NATIONAL_SET: Final = "qd-28-2025-commune"


@dataclass(frozen=True, slots=True)
class Assessed:
    """One commune with its assessment and the figures behind it."""

    area: Area
    assessment: Assessment
    figures: Figures


@dataclass(frozen=True, slots=True)
class Review:
    """
    Communes held against one set.

    `months` are those whose figures were looked at; `provisional` says that the period is not
    over, so that flows are those of the year so far.
    """

    criteria: CriteriaSet
    period: Period
    months: tuple[Period, ...]
    provisional: bool
    communes: tuple[Assessed, ...]


def commune_sets() -> list[CriteriaSet]:
    """Return the built-in sets for communes, newest first."""
    sets = [builtin_set(set_id) for set_id in builtin_ids()]
    return sorted(
        (one for one in sets if one.level == COMMUNE), key=lambda one: one.valid_from, reverse=True
    )


def criteria_set(set_id: str) -> CriteriaSet:
    """
    Return a set for communes.

    Raises:
        Missing: there is none of that name.
    """
    try:
        found = builtin_set(set_id)
    except UnknownSet as error:
        raise Missing(error.sentence) from error
    if found.level != COMMUNE:
        raise Missing(f"Bộ tiêu chí “{set_id}” không dùng để xét cấp xã.")
    return found


def first_set(province: str, today: date) -> CriteriaSet:
    """
    Return the set that a province's pages open with: its own where it has one, else the national.

    Of several that the province has chosen and that are in force the newest; an empty code stands
    for the whole country.
    """
    own = (
        one
        for one in commune_sets()
        if province in one.used_by
        and one.valid_from <= today
        and (one.valid_to is None or today < one.valid_to)
    )
    return next(own, criteria_set(NATIONAL_SET))


def province_of(actor: Actor, span: Span) -> str:
    """Return the code of the province that an interval of today's map lies in. One query."""
    found = Placement.objects.filter(
        version=actor.map_id,
        area__level=Level.PROVINCE.value,
        left__lte=span.left,
        right__gte=span.right,
    ).values_list("area__code", flat=True)
    return found.first() or ""


def first_shown(criteria: CriteriaSet, today: date) -> Period:
    """Return the period that a set is first shown for: the last month, or the running year."""
    if criteria.period is SetPeriod.MOMENT:
        return last_closed(today)
    return period_of(last_closed(today).end, PeriodKind.YEAR)


def communes_below(actor: Actor, span: Span, day: date, since: date | None = None) -> list[Area]:
    """
    Return the communes in `span` that `actor` may see assessed, by name. One query.

    They are called as on `day`, the last of what is looked at; each says as `reorganised` whether
    the map has changed after `since`, which is that day where it is not given.
    """
    return list(
        Area.objects.filter(
            in_scope(actor, SEE_ASSESSMENT, ""),
            placements__left__gte=span.left,
            placements__left__lte=span.right,
            level=Level.COMMUNE.value,
        )
        .annotate(reorganised=reorganised_after(since or day))
        .called_on(min(day, timezone.localdate()))
        .order_by("sort_key")
    )


@dataclass(frozen=True, slots=True)
class Known:
    """
    What is known of communes that are to be held against a set; `review_of` says how.

    `longer` and `longer_before`: what is asked every quarter, half-year or year, by area key.
    """

    criteria: CriteriaSet
    period: Period
    months: tuple[Period, ...]
    before: tuple[Period, ...]
    provisional: bool
    communes: tuple[Area, ...]
    monthly: dict[tuple[int, str], Values]
    longer: dict[int, Values]
    longer_before: dict[int, Values]

    def review(self, communes: Iterable[Area]) -> Review:
        """Return the assessment of some of the communes."""
        # Before the first returns come most communes of the nation are alike: nothing is known.
        told = self._told()
        alike: Assessed | None = None
        assessed: list[Assessed] = []
        for commune in communes:
            if alike is None or commune.pk in told:
                figures = self._figures(commune)
                one = Assessed(commune, assess(self.criteria, figures, area=commune.code), figures)
                alike = alike if commune.pk in told else one
            else:
                same = replace(alike.assessment, area=commune.code)
                one = replace(alike, area=commune, assessment=same)
            assessed.append(one)
        return Review(self.criteria, self.period, self.months, self.provisional, tuple(assessed))

    def nearest_first(self) -> list[tuple[Area, Standing]]:
        """
        Return how all communes stand, nearest to passing first: few criteria unmet, little short.

        For a set with classes: what a person has to decide first, then from the gravest class
        down.
        """
        told = self._told()
        some = [commune for commune in self.communes if commune.pk in told]
        others = next((commune for commune in self.communes if commune.pk not in told), None)
        known = [*some, *filter(None, [others])]
        found = standings(self.criteria, [self._figures(commune) for commune in known])
        by_key = {commune.pk: one for commune, one in zip(known, found, strict=True)}
        alike = by_key[others.pk] if others else None
        listed = [(commune, by_key.get(commune.pk, alike)) for commune in self.communes]
        order = {code: place for place, code in enumerate(conclusion_codes(self.criteria))}

        def key(one: tuple[Area, Standing]) -> tuple[int, int, int, str]:
            area, standing = one
            return order[standing.code], standing.unmet, standing.short, area.sort_key

        return sorted(((area, one) for area, one in listed if one is not None), key=key)

    def _told(self) -> set[int]:
        told = {commune_id for commune_id, _month in self.monthly}
        return told | self.longer.keys() | self.longer_before.keys()

    def _figures(self, commune: Area) -> Figures:
        now = [self.monthly.get((commune.pk, month.label)) for month in self.months]
        earlier = [self.monthly.get((commune.pk, month.label)) for month in self.before]
        moment = self.criteria.period is SetPeriod.MOMENT and self.months
        return Figures(
            self.months[-1].label if moment else self.period.label,
            {**(figures_of(now) if now else {}), **self.longer.get(commune.pk, {})},
            label_before=self.before[-1].label[:4] if self.before else "",
            year_before={
                **(figures_of(earlier) if earlier else {}),
                **self.longer_before.get(commune.pk, {}),
            },
            months=tuple(
                (month.label, values or {}) for month, values in zip(self.months, now, strict=True)
            ),
        )


def known_of(
    communes: Sequence[Area],
    criteria: CriteriaSet,
    period: Period,
    today: date,
    versions: Sequence[FormVersion] | None = None,
) -> Known:
    """Return the figures by which given communes are held against a set. As `review_of`."""
    months = closed_months(period, today)
    if criteria.period is SetPeriod.MOMENT:
        months = months[-1:]
    before: tuple[Period, ...] = ()
    if criteria.looks_back and period.kind is not PeriodKind.OTHER:
        before = closed_months(year_before(period), today)
    codes = frozenset(criteria.codes)
    monthly = monthly_figures(communes, [*before, *months], codes, versions)
    longer = longer_figures(communes, period, codes, today, versions)
    longer_before = (
        longer_figures(communes, year_before(period), codes, today, versions) if before else {}
    )
    return Known(
        criteria, period, months, before, period.end >= today, tuple(communes), monthly, longer,
        longer_before,
    )  # fmt: skip


def review_of(
    communes: Sequence[Area],
    criteria: CriteriaSet,
    period: Period,
    today: date,
    versions: Sequence[FormVersion] | None = None,
) -> Review:
    """
    Return the assessment of given communes; who may see them was asked before.

    `versions` are the form versions where the caller has them already.
    """
    return known_of(communes, criteria, period, today, versions).review(communes)
