"""What a map shows of each unit: fetched once, then put into bands or classes."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from diaban.areas.models import BoundaryVersion, Placement
from diaban.areas.rules.levels import Level
from diaban.core.access import Actor, Span
from diaban.core.periods import Period, PeriodKind, period_of
from diaban.core.text import lower_first
from diaban.indicators.mapped import Mapped, counts, figures_today, kept_figures, states_of
from diaban.indicators.models import FormVersion
from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.returns import State
from diaban.indicators.rules.small_counts import PEOPLE, SHOWN
from diaban.indicators.rules.views import View
from diaban.indicators.totals import layout_of
from diaban.recognition.rules.classes import drawn_as
from diaban.recognition.selectors import NATIONAL_SET, criteria_set, review_of
from diaban.web.bands import HIDDEN, MISSING, amount_words, band_among, bands_of
from diaban.web.overview import state_names

CLASS: Final = "class"
REPORTING: Final = "reporting"
SIGNS: Final = {
    "drug_free": "✓", "type_3": "III", "type_2": "II", "type_1": "I",
    "needs_decision": "?", "undetermined": "–", "sent": "✓", "late": "✗", "back": "↩",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; everything unreadable has become the usual choice."""

    show: str
    level: Level
    view: View
    table: bool
    page: int


@dataclass(frozen=True, slots=True)
class Shown:
    """How one unit is drawn: the key of its colour, its sign, and what it says."""

    key: str
    sign: str
    words: str
    estimated: bool = False


class Figures:
    """What the map shows of each unit: fetched once, then put into bands or classes."""

    def __init__(
        self, asked: Asked, period: Period, form: FormVersion, places: Sequence[Any], today: date
    ) -> None:
        self._asked, self._period, self._places, self._today = asked, period, places, today
        self._keys = [place.area_id for place in places]
        self._code, _slash, self._whole = asked.show.partition("/")
        self._mapped: dict[int, Mapped] | None = None
        self._form = form

    @property
    def title(self) -> str:
        """Return what is shown, in words."""
        if self._asked.show == CLASS:
            return _("phân loại theo Quyết định 28/2025")
        if self._asked.show == REPORTING:
            return _("tình trạng báo cáo")
        catalogue = builtin_catalogue()
        if self._whole:
            return _("tỷ lệ %(part)s trên %(whole)s") % {
                "part": lower_first(catalogue[self._code].name_vi),
                "whole": lower_first(catalogue[self._whole].name_vi),
            }
        return lower_first(catalogue[self._code].name_vi)

    def carry(self, span: Span, version: BoundaryVersion, forms: Sequence[FormVersion]) -> None:
        """Take the figures onto today's map: each unit's are those of its communes of today."""
        if self._asked.level is Level.COMMUNE:
            groups = {place.area_id: [place.area] for place in self._places}
        else:
            groups = defaultdict(list)
            inside = Placement.objects.filter(
                version=version, left__gte=span.left, left__lte=span.right,
                area__level=Level.COMMUNE,
            )  # fmt: skip
            for place in inside.select_related("area"):
                if place.parent_id is not None:
                    groups[place.parent_id].append(place.area)
        self._mapped = figures_today(
            groups, self._period, self._today, forms, self._code, self._whole
        )

    def units(self, actor: Actor) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        """Return how each unit is drawn, and the legend with the number of units of each."""
        if self._asked.show == CLASS:
            return self._classes()
        if self._asked.show == REPORTING:
            return self._reporting()
        return self._banded({grant.area_id for grant in actor.grants})

    def _classes(self) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        year = period_of(self._period.end, PeriodKind.YEAR)
        areas = [place.area for place in self._places]
        review = review_of(areas, criteria_set(NATIONAL_SET), year, self._today)
        states = {one.area.pk: drawn_as(one.assessment.classification) for one in review.communes}
        return self._named(states, state_names())

    def _reporting(self) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        if self._asked.level is not Level.COMMUNE:
            return self._reporting_shares()
        states = states_of(self._keys, self._period)
        groups = {
            key: "sent" if counts(state := states.get(key)) else
            "back" if state is State.RETURNED else "late"
            for key in self._keys
        }  # fmt: skip
        names = {"sent": _("Đã gửi"), "back": _("Bị trả lại"), "late": _("Chưa gửi")}
        return self._named(groups, names)

    def _reporting_shares(self) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        first = layout_of(self._form).codes[0]
        sent = kept_figures(self._keys, self._period, self._form, first)
        below: Counter[int] = Counter()
        parents = Placement.objects.filter(
            parent__in=self._keys, version=self._places[0].version_id if self._places else 0
        )
        below.update(parents.values_list("parent_id", flat=True))
        shares = {
            key: Mapped(Fraction(sent[key].reporting if key in sent else 0, below[key]))
            for key in self._keys
            if below[key]
        }
        return self._cut(shares, set(), people=False, percent=True)

    def _named(
        self, groups: Mapping[int, str], names: Mapping[str, str]
    ) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        counted = Counter(groups.values())
        units = {
            key: Shown(group, SIGNS[group], str(names[group])) for key, group in groups.items()
        }
        legend = [
            {"key": group, "sign": SIGNS[group], "label": name, "count": counted[group]}
            for group, name in names.items()
        ]
        return units, legend

    def _banded(self, own: set[int]) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        mapped = self._mapped
        if mapped is None:
            mapped = kept_figures(self._keys, self._period, self._form, self._code, self._whole)
        people = builtin_catalogue()[self._code].unit == PEOPLE
        return self._cut(mapped, own, people=people, percent=bool(self._whole))

    def _cut(
        self, mapped: Mapping[int, Mapped], own: set[int], *, people: bool, percent: bool
    ) -> tuple[dict[int, Shown], list[dict[str, Any]]]:
        values = {
            key: one.value
            for key in self._keys
            if (one := mapped.get(key)) is not None and one.value is not None
            and not (one.few and key not in own)
        }  # fmt: skip
        bands = bands_of(values.values(), percent=percent)
        by_key = {band.key: band for band in bands}
        units, counted = {}, Counter[str]()
        for key in self._keys:
            one = mapped.get(key, Mapped(None))
            hidden = one.few and key not in own and one.value is not None
            group = HIDDEN if hidden else band_among(bands, values.get(key))
            counted[group] += 1
            words = (
                SHOWN if hidden and not percent
                else _("không nêu, ít người") if hidden
                else _("không có số liệu") if one.value is None
                else amount_words(one.value, percent=percent)
            )  # fmt: skip
            sign = by_key[group].sign if group in by_key else "·" if hidden else "–"
            units[key] = Shown(group, sign, words, one.estimated)
        legend = [
            {"key": band.key, "sign": band.sign, "label": band.label, "count": counted[band.key]}
            for band in bands
        ]
        if people:
            label = _("số người nhỏ, không nêu rõ")
            legend.append({"key": HIDDEN, "sign": "·", "label": label, "count": counted[HIDDEN]})
        legend.append({"key": MISSING, "sign": "–", "label": _("không có số liệu"),
                       "count": counted[MISSING]})  # fmt: skip
        return units, legend
