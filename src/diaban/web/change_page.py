"""A change as a page shows it: its operations in words, its effects with links."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diaban.areas.change_reading import codes_in
from diaban.areas.journal import UndoBlocked
from diaban.areas.models import Area, Change
from diaban.areas.rules.days import Days
from diaban.areas.rules.levels import full_name
from diaban.areas.rules.operations import Kind, Operation, Part, Weighing
from diaban.areas.signals import Effect, Named
from diaban.core.errors import DomainError
from diaban.web.area_words import effect_words

NameOf = Callable[[str], str]

KIND_WORDS: Final = {
    Kind.MERGE: gettext_lazy("Nhập"),
    Kind.SPLIT: gettext_lazy("Chia"),
    Kind.MOVE: gettext_lazy("Điều chuyển"),
    Kind.RENAME: gettext_lazy("Đổi tên"),
    Kind.REGRADE: gettext_lazy("Đổi loại"),
    Kind.ABOLISH: gettext_lazy("Giải thể"),
    Kind.CREATE: gettext_lazy("Thành lập"),
}
KIND_HINTS: Final = {
    Kind.MERGE: gettext_lazy(
        "Hai đơn vị trở lên thành một đơn vị mới, hoặc vào một đơn vị đang có."
    ),
    Kind.SPLIT: gettext_lazy(
        "Một đơn vị thành nhiều phần; số liệu cũ chia theo dân số, theo thôn, hoặc để nguyên."
    ),
    Kind.MOVE: gettext_lazy("Đơn vị sang cấp trên khác, giữ mã và tên."),
    Kind.RENAME: gettext_lazy("Tên mới từ ngày hiệu lực; tên cũ còn trong lịch sử."),
    Kind.REGRADE: gettext_lazy("Xã thành phường, tỉnh thành thành phố."),
    Kind.ABOLISH: gettext_lazy("Đơn vị kết thúc; đơn vị bên dưới về nơi khác."),
    Kind.CREATE: gettext_lazy("Đơn vị mới không tách ra từ đơn vị nào."),
}
BY_WORDS: Final = {
    Weighing.HAMLETS: gettext_lazy("theo số thôn, tổ dân phố về mỗi phần"),
    Weighing.POPULATION: gettext_lazy("theo dân số hoặc tỷ lệ ghi ở mỗi phần"),
    Weighing.UNDIVIDED: gettext_lazy("không chia: số liệu cũ để riêng"),
}
STATE_WORDS: Final = {
    Change.State.DRAFT: ("waiting", gettext_lazy("Bản thảo")),
    Change.State.PUBLISHED: ("met", gettext_lazy("Đã công bố")),
    Change.State.UNDONE: ("missing", gettext_lazy("Đã hủy")),
}
# What may hang on a new unit, or was altered since, in words; see `areas.journal.UndoBlocked`.
_ROW_WORDS: Final = {
    "accounts.holding": gettext_lazy("vai trò của người dùng"),
    "indicators.return": gettext_lazy("biểu số liệu"),
    "indicators.roster": gettext_lazy("biểu số liệu"),
    "indicators.packedreturn": gettext_lazy("biểu số liệu"),
    "indicators.kepttotal": gettext_lazy("tổng số liệu"),
    "indicators.hamletreport": gettext_lazy("số liệu của trưởng thôn"),
    "plans.share": gettext_lazy("phần việc"),
    "plans.plan": gettext_lazy("kế hoạch"),
    "plans.document": gettext_lazy("kế hoạch"),
    "agencies.agency": gettext_lazy("cơ quan, đơn vị"),
    "areas.areagroup": gettext_lazy("nhóm địa bàn"),
    "areas.areagroupmember": gettext_lazy("nhóm địa bàn"),
    "areas.succession": gettext_lazy("thay đổi sau của thôn, tổ dân phố"),
    "areas.area": gettext_lazy("đơn vị"),
    "areas.areaname": gettext_lazy("tên đơn vị"),
}
_PAGES: Final = {
    "area": "web:area",
    "return": "web:return",
    "plan": "web:plan",
    "share": "web:duty",
    "group": "web:area-group",
}


def names_for(operations: Iterable[Operation], before: date) -> NameOf:
    """
    Return what says a code with its name as it was on the eve of a day.

    A code that nobody had then is said with the name that it got.

    Cost: one query.
    """
    codes = {code for one in operations for code in codes_in(one)}
    eve = before - timedelta(days=1)
    found = Area.objects.filter(code__in=codes, valid_from__lte=before).called_on(eve)
    # Of units that bear one code the last wins: one that is long gone, one that the change made,
    # one that was there on the eve.
    ordered = sorted(
        found, key=lambda area: (Days(area.valid_from, area.valid_to).hold(eve), area.valid_from)
    )
    names = {area.code: area.full_name for area in ordered}
    return _say(names)


def names_in(units: Iterable[Any]) -> NameOf:
    """Return what says a code with its name among units that were read already."""
    return _say({unit.code: full_name(unit.type, unit.name) for unit in units})


def _say(names: Mapping[str, str]) -> NameOf:
    return lambda code: f"{names[code]} ({code})" if code in names else code


def in_words(one: Operation, name_of: NameOf) -> dict[str, Any]:
    """Return an operation as a row: its kind, one sentence, and a line for each part."""
    olds = ", ".join(name_of(code) for code in one.codes[:12])
    if len(one.codes) > 12:
        olds = _("%(names)s và %(n)d đơn vị khác") % {"names": olds, "n": len(one.codes) - 12}
    parts = [_part(part, name_of) for part in one.parts]
    lines: list[str] = []
    match one.kind:
        case Kind.MERGE:
            text = f"{olds} → {', '.join(parts)}"
        case Kind.SPLIT:
            text, lines = f"{olds}, {BY_WORDS[one.by]}", parts
        case Kind.MOVE:
            text = f"{olds} → {name_of(one.parent)}"
        case Kind.ABOLISH:
            text = olds
            if one.parent:
                lines = [_("đơn vị bên dưới về %(name)s") % {"name": name_of(one.parent)}]
        case Kind.CREATE:
            home = one.parts[0].parent if one.parts else ""
            text = ", ".join(parts) + (f", {name_of(home)}" if home else "")
        case _:
            text = f"{olds} → {', '.join(_called(part) for part in one.parts)}"
    return {"row": one.row, "kind": KIND_WORDS[one.kind], "text": text, "lines": lines}


def _called(part: Part) -> str:
    return full_name(part.type, part.name) if part.name else part.type


def _part(part: Part, name_of: NameOf) -> str:
    text = f"{_called(part)} ({part.code})" if part.name or part.type else name_of(part.code)
    facts = []
    if part.weight is not None:
        facts.append(_("tỷ lệ %(share)s") % {"share": str(part.weight).replace(".", ",")})
    if part.population is not None:
        facts.append(_("dân số %(n)d") % {"n": part.population})
    if part.members:
        facts.append(_("%(n)d đơn vị bên dưới") % {"n": len(part.members)})
    return f"{text}: {', '.join(facts)}" if facts else text


def undo_refusal(refusal: DomainError) -> str:
    """Return why undoing was refused, tables in words."""
    if refusal.code != UndoBlocked.code:
        return refusal.sentence
    if refusal.facts.get("obstacles"):
        return _("Không hủy được: sau khi công bố đã có những việc dưới đây.")
    tables = [row.partition(":")[0] for row in refusal.facts["rows"]]
    words = dict.fromkeys(str(_ROW_WORDS.get(table, table)) for table in tables)
    return _(
        "Không hủy được: sau khi công bố đã có %(what)s gắn với đơn vị mới hoặc đã sửa. Hãy chuyển "
        "hoặc bỏ chúng trước, rồi hủy lại."
    ) % {"what": ", ".join(words)}


def obstacle_rows(refusal: DomainError) -> list[dict[str, str]]:
    """Return what stands in the way of undoing, each with what to do and the page it is on."""
    return [
        named_row(Named(one.text, _(one.todo), one.kind, one.key))
        for one in refusal.facts.get("obstacles", ())
    ]


def effect_row(change: Change, effect: Effect) -> dict[str, Any]:
    """Return an effect as a line with the address of its list."""
    url = ""
    if effect.rows is not None and effect.count:
        url = reverse("web:change-effect", args=[change.pk, effect.code])
    text = effect_words(effect.code, effect.sentence, effect.count)
    return {"text": text, "blocks": effect.blocks, "url": url}


def named_row(one: Named) -> dict[str, str]:
    """Return one counted thing as a row, with the page it is on."""
    url = ""
    if one.kind in _PAGES and one.key:
        page = _PAGES[one.kind]
        url = reverse(page, args=one.key.split("/"))
    return {"text": one.text, "note": one.note, "url": url}


class EffectRows:
    """The list of an effect as a paginator wants it: counted already, fetched by the slice."""

    def __init__(self, effect: Effect) -> None:
        self._effect = effect

    def __len__(self) -> int:
        return self._effect.count

    def __getitem__(self, wanted: slice) -> Sequence[Named]:
        if self._effect.rows is None:
            return ()
        return self._effect.rows(wanted.start or 0, wanted.stop or self._effect.count)
