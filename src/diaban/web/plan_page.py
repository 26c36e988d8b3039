"""A plan as a page shows it: the document in blocks with what was read marked in it, the items."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from diaban.plans.models import PlanItem
from diaban.plans.rules.items import BULLET, IN_PROGRAMME, Decision, Kind, Nature
from diaban.plans.rules.typed import day_text
from diaban.web.plan_words import (
    deadline_around,
    deadline_text,
    due_text,
    level_text,
    nature_text,
    report_text,
    role_text,
)

Reading = Mapping[str, Any]
Line = dict[str, str]

TITLE_LENGTH: Final = 96
KINDS: Final[dict[Kind, str]] = {
    Kind.DUTY: "Nhiệm vụ",
    Kind.TARGET: "Chỉ tiêu",
    Kind.CRITERION: "Tiêu chí",
    Kind.REPORT: "Báo cáo",
    Kind.PHASE: "Giai đoạn",
    Kind.EVENT: "Sự kiện",
    Kind.BUDGET: "Kinh phí",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One item as a page shows it, with the words it came from (`start`, `end` in the text)."""

    id: str
    kind: Kind
    section: str
    title: str
    facts: str
    start: int
    end: int
    decision: Decision
    warned: bool
    key: int
    revision: int
    by: str = ""
    what: str = ""
    fields: tuple[tuple[str, tuple[Line, ...]], ...] = ()
    dates: tuple[str, ...] = field(default=())

    @property
    def decided(self) -> bool:
        """Whether a person has looked at it."""
        return self.decision is not Decision.WAITING


def page_item(item: PlanItem) -> Item:
    """Return an item as a page shows it."""
    kind, value = Kind(item.kind), item.value
    facts, fields = _SHOWN[kind](value)
    if item.read_value is not None and item.value != item.read_value and not item.part_of_id:
        read, _fields = _SHOWN[kind](item.read_value)
        if (item.read_value["what"], read) != (value["what"], facts):
            was = read if item.read_value["what"] == value["what"] else item.read_value["what"]
            fields = [*fields, ("Máy đọc được", ({"text": "", "note": was},))]
    if item.read_value is None:
        fields = [
            *fields,
            ("Nguồn", ({"text": "", "note": _("do %(name)s thêm") % {"name": item.decided_by}},)),
        ]
    return Item(
        id=f"item-{item.pk}",
        kind=kind,
        section=item.section,
        title=short(value["what"]),
        facts=facts,
        start=item.start,
        end=item.end,
        decision=Decision(item.decision),
        warned=item.warned,
        key=item.pk,
        revision=item.revision,
        by=item.decided_by,
        what=value["what"],
        fields=tuple(fields),
        dates=tuple(one["text"] for one in value.get("dates") or () if one.get("text")),
    )


Fields = list[tuple[str, tuple[Line, ...]]]
Shown = tuple[str, Fields]


def _line(text: str, strong: str = "", note: str = "", badge: str = "") -> Line:
    return {"text": text, "strong": strong, "note": note, "badge": badge}


def _duty(value: Mapping[str, Any]) -> Shown:
    nobody = _("chưa rõ cơ quan")
    nature = _("đề nghị") if value["requested"] else _("giao")
    facts = ["; ".join(value["bodies"]) or nobody, nature]
    facts += [deadline_text(one) for one in value["dates"]]
    when = [_deadline(one) for one in value["dates"]]
    if value["nature"] != Nature.DATED:
        words = nature_text(value["nature"], value.get("recurrence") or "")
        facts.append(words)
        when.append(_line(words))
    bodies = value["bodies"] or [nobody]
    fields: Fields = [("Cơ quan", tuple(_line(one) for one in bodies))]
    if value.get("support"):
        fields.append(("Phối hợp", tuple(_line(one) for one in value["support"])))
    if value.get("role"):
        fields.append(("Vai trò", (_line(role_text(value["role"])),)))
    if value["requested"]:
        note = _("không tính quá hạn khi xếp loại cơ quan")
        fields.append(("Tính chất", (_line("", note=note, badge=nature),)))
    fields.append(("Thời hạn", tuple(when)))
    return " · ".join(facts), fields


def _deadline(one: Mapping[str, Any]) -> Line:
    words, day = deadline_around(one)
    return _line(words, strong=day, note=one.get("scope") or "")


def _target(value: Mapping[str, Any]) -> Shown:
    level = level_text(value)
    fields: Fields = [("Mức", (_line("", strong=level),))]
    if value.get("due"):
        fields.append(("Đến", (_line(day_text(value["due"])),)))
    fields.append(("Chỉ số", (_line(value.get("indicator") or _("chưa gắn chỉ số")),)))
    return level, fields


def _criterion(value: Mapping[str, Any]) -> Shown:
    level = level_text(value)
    return level, [("Mức", (_line(level or _("có hoặc không")),))]


def _report(value: Mapping[str, Any]) -> Shown:
    facts = [report_text(value.get("recurrence") or "")]
    if value.get("due"):
        facts.append(_("hạn %(day)s") % {"day": due_text(value["what"], value["due"])})
    if value.get("to"):
        facts.append(_("gửi %(body)s") % {"body": value["to"]})
    if value.get("via"):
        facts.append(_("qua %(body)s") % {"body": value["via"]})
    said = " · ".join(fact for fact in facts if fact)
    return said, [("Gửi", (_line(said or "–"),))]


def _phase(value: Mapping[str, Any]) -> Shown:
    dates = "–".join(day_text(value[day]) for day in ("start", "end") if value.get(day))
    fields: Fields = [("Thời gian", (_line(dates or "–"),))]
    if value.get("areas"):
        fields.append(("Địa bàn", tuple(_line(one) for one in value["areas"])))
    return dates, fields


def _event(value: Mapping[str, Any]) -> Shown:
    day = day_text(value.get("date"))
    return day, [("Ngày", (_line(day or "–"),))]


def _budget(value: Mapping[str, Any]) -> Shown:
    sources = ", ".join(value.get("sources") or ())
    return sources, [("Nguồn", (_line(sources or _("chưa ghi nguồn")),))]


_SHOWN: Final = {
    Kind.DUTY: _duty,
    Kind.TARGET: _target,
    Kind.CRITERION: _criterion,
    Kind.REPORT: _report,
    Kind.PHASE: _phase,
    Kind.EVENT: _event,
    Kind.BUDGET: _budget,
}


def short(text: str, length: int = TITLE_LENGTH) -> str:
    """Return the beginning of a text, cut at a word."""
    text = BULLET.sub("", text.strip())
    if len(text) <= length:
        return text
    return text[:length].rsplit(" ", 1)[0] + "…"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of the text that belongs to an item, or to a date or figure inside one."""

    start: int
    end: int
    kind: str


def blocks_of(
    text: str, reading: Reading, shown: Sequence[Item], current: str, url_of: Any
) -> list[dict[str, Any]]:
    """
    Return the document as paragraphs of runs, for `web/plans/plan.html`.

    The words of the `shown` items are runs with an id; dates and targets inside them are
    parts. Items that overlap an earlier one are left to it.
    """
    heads = {section["span"][0] for section in reading["sections"]}
    runs = _without_overlap(shown)
    inner = [
        *_dates(text, shown),
        *_figures(text, reading["targets"]),
    ]
    inner.sort(key=lambda mark: (mark.start, -mark.end))
    blocks = []
    for match in re.finditer(r"[^\n]+", text):
        start, end = match.span()
        if not match[0].strip():
            continue
        inside = [item for item in runs if item.start < end and item.end > start]
        kind = "para"
        if any(start <= head < end for head in heads) and not inside:
            kind = "heading"
        blocks.append(
            {
                "kind": kind,
                "at": start,
                "mark": _mark([item for item in inside if item.start >= start]),
                "runs": list(_runs(text, start, end, inside, inner, current, url_of)),
            }
        )
    return blocks


def _mark(items: Sequence[Item]) -> str:
    if any(item.warned and not item.decided for item in items):
        return "warning"
    return "confirmed" if items and all(item.decision in IN_PROGRAMME for item in items) else ""


def _without_overlap(items: Sequence[Item]) -> list[Item]:
    kept: list[Item] = []
    for item in sorted(items, key=lambda one: (one.start, -one.end)):
        if item.end > item.start and (not kept or item.start >= kept[-1].end):
            kept.append(item)
    return kept


def _dates(text: str, items: Sequence[Item]) -> Iterable[Mark]:
    """Yield where the words of the deadlines stand; words broken over lines are found too."""
    for item in items:
        for words in item.dates:
            pattern = r"\W+".join(re.escape(word) for word in re.findall(r"\w+", words))
            found = re.compile(pattern).search(text, item.start, item.end) if pattern else None
            if found:
                yield Mark(found.start(), found.end(), "date")


def _figures(text: str, targets: Sequence[Reading]) -> Iterable[Mark]:
    """Yield where the figures of targets stand: the number with the words that bound it."""
    for target in targets:
        start, end = target["span"]
        number = re.escape(target["value"]).replace(r"\.", "[.,]")
        unit = re.escape((target["unit"] or "").split(" ")[0])
        found = re.compile(
            rf"(?:(?:ít nhất|tối thiểu|trên|dưới|từ|tăng|giảm)\s+)?\b0*{number}\s*{unit}", re.I
        ).search(text, start, end)
        if found:
            yield Mark(found.start(), found.end(), "target")


def _runs(
    text: str,
    start: int,
    end: int,
    items: Sequence[Item],
    inner: Sequence[Mark],
    current: str,
    url_of: Any,
) -> Iterable[dict[str, Any]]:
    at = start
    for item in items:
        first, last = max(item.start, start), min(item.end, end)
        if first > at:
            yield {"id": "", "parts": [{"text": text[at:first], "kind": ""}]}
        yield {
            "id": item.id,
            "current": item.id == current,
            "confirmed": item.decided,
            "url": url_of(item.id),
            "parts": list(_parts(text, first, last, inner, item.kind)),
        }
        at = last
    if at < end:
        yield {"id": "", "parts": [{"text": text[at:end], "kind": ""}]}


def _parts(
    text: str, start: int, end: int, inner: Sequence[Mark], kind: Kind
) -> Iterable[dict[str, str]]:
    own = {Kind.DUTY: "duty", Kind.TARGET: "target", Kind.CRITERION: "target"}.get(kind, "date")
    at = start
    for mark in inner:
        first, last = max(mark.start, at), min(mark.end, end)
        if mark.end <= start or mark.start >= end or first >= last:
            continue
        if first > at:
            yield {"text": text[at:first], "kind": own}
        yield {"text": text[first:last], "kind": mark.kind}
        at = last
    if at < end:
        yield {"text": text[at:end], "kind": own}
