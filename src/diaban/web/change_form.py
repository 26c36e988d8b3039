"""The form of one operation of a change: what was typed, what it means, what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from diaban.accounts.scopes import in_scope
from diaban.areas.models import Area
from diaban.areas.permissions import REORGANISE
from diaban.areas.rules.levels import ENDED_TYPES, TYPE_WORDS, Level
from diaban.areas.rules.names import read_query
from diaban.areas.rules.operations import Kind, Operation, Part, Problem, Weighing
from diaban.core.access import Actor
from diaban.core.days import typed_day
from diaban.core.text import space
from diaban.web.area_words import level_word

SHOWN: Final = 12
MOST_PARTS: Final = 12
# How many units one line is about.
SEVERAL: Final = frozenset({Kind.MERGE, Kind.MOVE, Kind.ABOLISH})
HAVE_UNITS: Final = frozenset(set(Kind) - {Kind.CREATE})
HAVE_PARENT: Final = frozenset({Kind.MOVE, Kind.ABOLISH, Kind.CREATE})
# Where a problem is shown; what is not listed stands beside the units.
_FIELDS: Final = {
    "weights": "weights",
    "members_lost": "members",
    "members_strange": "members",
    "members_twice": "members",
    "parts": "parts",
    "code": "parts",
    "code_twice": "parts",
    "name": "parts",
    "type": "parts",
    "parent": "parent",
    "cycle": "parent",
    "same_parent": "parent",
    "basis": "basis",
}
NEW: Final = "new"


@dataclass(slots=True)
class PartTyped:
    """One receiving unit as typed."""

    code: str = ""
    type: str = ""
    name: str = ""
    population: str = ""
    weight: str = ""


@dataclass(slots=True)
class ChangeForm:
    """
    What stands in the form, whether typed now or a moment ago.

    Everything travels in the form itself, so nothing is kept before it is previewed. `errors`
    are sentences by field.
    """

    kind: Kind
    basis: str = ""
    day: str = ""
    key: str = ""
    units: list[str] = field(default_factory=list)
    parent: str = ""
    receiver: str = NEW
    by: str = Weighing.HAMLETS.value
    parts: list[PartTyped] = field(default_factory=list)
    members: dict[str, int] = field(default_factory=dict)
    q: str = ""
    pq: str = ""
    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    # What is typed is right, and something kept elsewhere stands in the way of its day.
    blocked: bool = False

    @classmethod
    def blank(cls, kind: Kind, unit: str = "") -> "ChangeForm":
        """Return an empty form, with one unit where the page was opened from one."""
        form = cls(kind, key=uuid4().hex, units=[unit] if unit else [])
        form.parts = [PartTyped() for _number in range(2 if kind is Kind.SPLIT else 1)]
        return form

    @classmethod
    def of(cls, kind: Kind, sent: QueryDict) -> "ChangeForm":
        """Return what was sent."""
        form = cls(
            kind,
            basis=space(sent.get("basis", ""))[:300],
            day=sent.get("day", "").strip()[:20],
            key=sent.get("key", "")[:40] or uuid4().hex,
            units=list(dict.fromkeys(sent.getlist("unit")))[:500],
            parent=sent.get("parent", "")[:16],
            receiver=sent.get("receiver", NEW)[:16],
            by=sent.get("by", "")[:20],
            q=sent.get("q", "").strip()[:100],
            pq=sent.get("pq", "").strip()[:100],
        )
        number = min(max(_int(sent.get("parts", "1")), 1), MOST_PARTS)
        form.parts = [
            PartTyped(
                *(
                    space(sent.get(f"part-{place}-{name}", ""))[:120]
                    for name in ("code", "type", "name", "population", "weight")
                )
            )
            for place in range(number)
        ]
        # What nobody chose a part for goes where the rest goes.
        rest = sent.get("rest", "")
        chosen = {
            name.removeprefix("member-"): _int(str(value) or rest)
            for name, value in sent.items()
            if name.startswith("member-")
        }
        form.members = {code: part for code, part in chosen.items() if part}
        return form

    def act(self, act: str) -> None:
        """Do what a button inside the form asks: add or drop a unit, one more part."""
        word, _colon, code = act.partition(":")
        if word == "add" and code not in self.units:
            self.units = [*self.units, code] if self.kind in SEVERAL else [code]
            self.q = ""
        elif word == "drop":
            self.units = [one for one in self.units if one != code]
        elif word == "parent":
            self.parent, self.pq = code, ""
        elif word == "no-parent":
            self.parent = ""
        elif word == "more" and len(self.parts) < MOST_PARTS:
            self.parts.append(PartTyped())
        elif word == "fewer" and len(self.parts) > (2 if self.kind is Kind.SPLIT else 1):
            self.parts.pop()

    # --- what it means -----------------------------------------------------------------------

    @property
    def effective_on(self) -> date | None:
        """The day, None when it is none."""
        return typed_day(self.day)

    def operation(self, row: int) -> Operation:
        """Return what was typed as an operation; what is missing is noted in `errors`."""
        if self.kind in HAVE_UNITS and not self.units:
            self.say("units", _("Chưa chọn đơn vị nào. Tìm theo tên hoặc mã rồi chọn."))
        codes = tuple(self.units)
        parent = self.parent if self.kind in HAVE_PARENT else ""
        if self.kind in (Kind.MOVE, Kind.CREATE) and not parent:
            self.say("parent", _("Chưa chọn cấp trên. Tìm theo tên hoặc mã rồi chọn."))
        match self.kind:
            case Kind.MERGE if self.receiver != NEW:
                codes = tuple(code for code in codes if code != self.receiver)
                if not codes:
                    self.say("units", _("Chọn thêm ít nhất một đơn vị nhập vào đơn vị này."))
                parts: tuple[Part, ...] = (Part(self.receiver),)
            case Kind.MERGE:
                if len(codes) == 1:
                    self.say(
                        "units",
                        _("Nhập phải có ít nhất hai đơn vị. Muốn đổi tên thì chọn “Đổi tên”."),
                    )
                parts = (self._part(0),)
            case Kind.SPLIT:
                parts = tuple(self._part(place) for place in range(len(self.parts)))
            case Kind.CREATE:
                parts = (self._part(0, parent=parent),)
                return Operation(row, self.kind, (), parts)
            case Kind.RENAME:
                one = self.parts[0]
                if not one.name:
                    self.say("parts", _("Chưa ghi tên mới."))
                parts = (Part(codes[0] if codes else "", one.type, one.name),)
            case Kind.REGRADE:
                one = self.parts[0]
                if not one.type:
                    self.say("parts", _("Chưa chọn loại mới."))
                parts = (Part(codes[0] if codes else "", one.type, one.name),)
            case _:
                parts = ()
        by = Weighing(self.by) if self.by in set(Weighing) else Weighing.UNDIVIDED
        return Operation(row, self.kind, codes, parts, parent,
                         by if self.kind is Kind.SPLIT else Weighing.UNDIVIDED)  # fmt: skip

    def _part(self, place: int, parent: str = "") -> Part:
        one = self.parts[place]
        if not one.code:
            which = _("Phần %(n)d") % {"n": place + 1} if len(self.parts) > 1 else _("Đơn vị mới")
            self.say("parts", _("%(which)s chưa có mã.") % {"which": which})
        members = tuple(code for code, to in self.members.items() if to == place + 1)
        by_people = self.kind is Kind.SPLIT and self.by == Weighing.POPULATION
        return Part(
            one.code,
            one.type,
            one.name,
            parent,
            members,
            self._population(place) if by_people else None,
            self._weight(place) if by_people else None,
        )

    def _population(self, place: int) -> int | None:
        typed = self.parts[place].population.replace(".", "").replace(" ", "")
        if typed and not typed.isdecimal():
            self.say(
                "weights",
                _("Phần %(n)d: dân số “%(typed)s” phải là số nguyên.")
                % {"n": place + 1, "typed": self.parts[place].population},
            )
            return None
        return int(typed) if typed else None

    def _weight(self, place: int) -> Decimal | None:
        typed = self.parts[place].weight
        if not typed:
            return None
        try:
            found = Decimal(typed.replace(",", "."))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or found != round(found, 8):
            self.say(
                "weights",
                _("Phần %(n)d: tỷ lệ “%(typed)s” phải là số như 0,6, tối đa 8 chữ số thập phân.")
                % {"n": place + 1, "typed": typed},
            )
            return None
        return found

    # --- what is wrong -----------------------------------------------------------------------

    def say(self, place: str, sentence: str) -> None:
        """Note a sentence beside a field."""
        if sentence not in self.errors[place]:
            self.errors[place].append(sentence)

    def check_head(self) -> None:
        """Note what is wrong with the basis and the day."""
        if not self.basis:
            self.say("basis", _("Chưa ghi căn cứ pháp lý (số nghị quyết)."))
        if self.effective_on is None:
            self.say("day", _("Ngày hiệu lực phải là một ngày, ví dụ 01/12/2026."))

    def take(self, problems: Iterable[Problem], row: int) -> None:
        """Put the problems of a plan beside the fields they are about."""
        for problem in problems:
            sentence = problem.sentence[:1].upper() + problem.sentence[1:]
            if problem.row == row:
                parent = problem.sentence.startswith("cấp trên")
                field_name = _FIELDS.get(problem.code, "units" if self.units else "parts")
                self.say("parent" if parent and self.kind in HAVE_PARENT else field_name, sentence)
            elif problem.row == 0:
                self.say("day", sentence)
            else:
                self.say("whole", str(problem))

    def block(self, sentences: Iterable[str]) -> None:
        """Note beside the day what stands in its way; the draft may be kept all the same."""
        self.blocked = not self.errors
        for sentence in sentences:
            self.say("day", sentence)
        self.blocked = self.blocked and bool(self.errors)

    @property
    def day_error(self) -> str:
        """All that is wrong with the day, in one text."""
        return "; ".join(self.errors.get("day", []))

    @property
    def summary(self) -> list[dict[str, str]]:
        """The errors as links to their fields."""
        order = ("basis", "day", "units", "parts", "weights", "members", "parent", "whole")
        return [
            {"text": text, "href": f"#{name}"}
            for name in order
            for text in self.errors.get(name, [])
        ]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form needs to be drawn, read from the map."""

    chosen: list[dict[str, str]]
    found: list[dict[str, str]]
    parent: dict[str, str] | None
    parents_found: list[dict[str, str]]
    below: list[dict[str, Any]]
    types: list[str]


def shown(form: ChangeForm, actor: Actor) -> Shown:
    """
    Read what the form needs.

    Cost: at most four queries.
    """
    names = _named(actor, {*form.units, form.parent} - {""})
    form.units = [code for code in form.units if code in names]
    if form.parent not in names:
        form.parent = ""
    level = _level(form, names)
    return Shown(
        chosen=[_choice(names[code]) for code in form.units],
        found=_find(actor, form.q, form, parents=False) if form.q else [],
        parent=_choice(names[form.parent]) if form.parent else None,
        parents_found=_find(actor, form.pq, form, parents=True) if form.pq else [],
        below=_below(form, names),
        types=[word for word in TYPE_WORDS[level] if word not in ENDED_TYPES],
    )


def _named(actor: Actor, codes: Iterable[str]) -> dict[str, Area]:
    found = Area.objects.filter(code__in=set(codes), placements__version=actor.map_id)
    return {area.code: area for area in found} if codes else {}


def _level(form: ChangeForm, names: Mapping[str, Area]) -> Level:
    """Return the level of the units that come of it."""
    if form.units:
        return Level(names[form.units[0]].level)
    if form.parent and names[form.parent].level == Level.NATION:
        return Level.PROVINCE
    return Level.COMMUNE


def _find(actor: Actor, typed: str, form: ChangeForm, *, parents: bool) -> list[dict[str, str]]:
    query = read_query(typed)
    if query is None:
        return []
    levels = _levels(form, parents=parents)
    seen = Area.objects.filter(in_scope(actor, REORGANISE, ""), level__in=levels)
    if query.code:
        seen = seen.filter(code=query.code)
    else:
        seen = seen.filter(names__key__contains=min(query.keys, key=len), names__valid_to=None)
    return [
        _choice(area)
        for area in seen.exclude(code__in=form.units).distinct().order_by("sort_key")[:SHOWN]
    ]


def _levels(form: ChangeForm, *, parents: bool) -> list[str]:
    if parents:
        return [Level.NATION, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
    if form.kind is Kind.MOVE:
        return [Level.DISTRICT, Level.COMMUNE, Level.HAMLET]
    return [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]


def _choice(area: Area) -> dict[str, str]:
    return {
        "code": area.code,
        "name": area.full_name,
        "note": f"{level_word(Level(area.level))} · {area.code}",
    }


def _below(form: ChangeForm, names: Mapping[str, Area]) -> list[dict[str, Any]]:
    """Return the units below the one that is divided, with the part each goes to."""
    if form.kind is not Kind.SPLIT or not form.units:
        return []
    area = names[form.units[0]]
    units = Area.objects.filter(
        placements__parent=area, placements__version__valid_to=None,
        placements__version__published_at__isnull=False, valid_to=None,
    ).order_by("code")  # fmt: skip
    return [
        {
            "code": one.code,
            "name": one.full_name,
            "part": form.members.get(one.code, 0),
        }
        for one in units
    ]


def _int(text: Any) -> int:
    return int(text) if isinstance(text, str) and text.isdecimal() and len(text) < 9 else 0
