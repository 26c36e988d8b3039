"""
What was read in a plan as items that a person confirms, one after the other.

An item's value is a flat mapping of its kind (`FIELDS`); a person corrects it as lines of text
(`typed_from`, `read_typed`), which work without a script and on a phone.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from diaban.core.text import fold, space

Value = dict[str, Any]
Reading = Mapping[str, Any]


class Kind(StrEnum):
    """What sort of thing a plan says."""

    DUTY = "duty"
    TARGET = "target"
    CRITERION = "criterion"
    REPORT = "report"
    PHASE = "phase"
    EVENT = "event"
    BUDGET = "budget"


class Decision(StrEnum):
    """What a person decided about an item."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    ADDED = "added"
    REJECTED = "rejected"
    SPLIT = "split"
    MERGED = "merged"


class Nature(StrEnum):
    """When a duty is to be done."""

    DATED = "dated"
    RECURRING = "recurring"
    STANDING = "standing"
    EVENT = "event"


DECISION_NAMES: Final[dict[Decision, str]] = {
    Decision.WAITING: "Chờ xác nhận",
    Decision.CONFIRMED: "Đã xác nhận",
    Decision.EDITED: "Đã sửa, xác nhận",
    Decision.ADDED: "Đã thêm",
    Decision.REJECTED: "Không phải mục này",
    Decision.SPLIT: "Đã tách",
    Decision.MERGED: "Đã gộp",
}
NATURE_NAMES: Final[dict[Nature, str]] = {
    Nature.DATED: "có thời hạn",
    Nature.RECURRING: "định kỳ",
    Nature.STANDING: "thường xuyên",
    Nature.EVENT: "khi có việc",
}
IN_PROGRAMME: Final = (Decision.CONFIRMED, Decision.EDITED, Decision.ADDED)
# Gone into other items: neither counted nor listed.
DISSOLVED: Final = (Decision.SPLIT, Decision.MERGED)

# Each kind's fields: name, label on the screen, and how it is typed.
FIELDS: Final[dict[Kind, tuple[tuple[str, str, str], ...]]] = {
    Kind.DUTY: (
        ("what", "Nhiệm vụ", "text"),
        ("bodies", "Cơ quan được giao", "lines"),
        ("support", "Cơ quan phối hợp", "lines"),
        ("requested", "Đề nghị, không giao", "flag"),
        ("nature", "Tính chất", "nature"),
        ("dates", "Thời hạn", "dates"),
        ("recurrence", "Chu kỳ", "recurrence"),
    ),
    Kind.TARGET: (
        ("what", "Chỉ tiêu", "text"),
        ("comparator", "So sánh", "comparator"),
        ("value", "Mức", "number"),
        ("unit", "Đơn vị", "line"),
        ("due", "Đến khi nào", "day"),
        ("indicator", "Chỉ số", "indicator"),
    ),
    Kind.CRITERION: (
        ("what", "Tiêu chí", "text"),
        ("comparator", "So sánh", "comparator"),
        ("value", "Mức", "number"),
        ("unit", "Đơn vị", "line"),
    ),
    Kind.REPORT: (
        ("what", "Báo cáo", "text"),
        ("bodies", "Ai báo cáo", "reporters"),
        ("recurrence", "Chu kỳ", "report"),
        ("due", "Thời hạn", "day"),
        ("to", "Gửi", "line"),
        ("via", "Qua", "line"),
    ),
    Kind.PHASE: (
        ("what", "Giai đoạn", "line"),
        ("start", "Từ", "day"),
        ("end", "Đến", "day"),
        ("areas", "Địa bàn", "lines"),
    ),
    Kind.EVENT: (
        ("what", "Sự kiện", "line"),
        ("date", "Ngày", "day"),
        ("bodies", "Ai tổ chức", "organisers"),
    ),
    Kind.BUDGET: (("what", "Kinh phí", "text"), ("sources", "Nguồn", "lines")),
}

BULLET = re.compile(r"^\s*(?:[-+•*–]|\d+[.)]|[a-zđ]\))\s*")
_EVENT = re.compile(r"\bkhi (?:co|phat hien|xay ra|duoc)\b")
_EVERY = {
    "mỗi tháng": "1/month",
    "hằng tháng": "1/month",
    "hàng tháng": "1/month",
    "mỗi quý": "1/quarter",
    "hằng quý": "1/quarter",
    "hàng quý": "1/quarter",
    "mỗi năm": "1/year",
    "hằng năm": "1/year",
    "hàng năm": "1/year",
    "mỗi tuần": "1/week",
    "hằng tuần": "1/week",
}
_READ_RECURRENCE = {"monthly": "1/month", "quarterly": "1/quarter", "yearly": "1/year",
                    "half_yearly": "2/year"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft:
    """An item as it was read: its words are `text[start:end]`."""

    kind: Kind
    section: str
    start: int
    end: int
    value: Value
    warned: bool = False


def items_from(reading: Reading, text: str) -> list[Draft]:
    """
    Return every item of a reading, kind by kind, in the order of the document.

    What a warning of the reading touches, and a duty that names no body, is `warned`.
    """
    spans = [tuple(one["span"]) for one in reading["warnings"] if one.get("span")]
    found = [
        *_duties(reading),
        *_targets(reading),
        *(
            _plain(Kind.CRITERION, one, _what(one), "comparator", "value", "unit")
            for one in reading["criteria"]
        ),
        *_reports(reading),
        *_phases(reading),
        *(_plain(Kind.EVENT, one, one["name"], "date") for one in reading["events"]),
        *_budgets(reading, text),
    ]
    drafts = []
    for one in found:
        touched = any(one.start < end and start < one.end for start, end in spans)
        warned = touched or (one.kind is Kind.DUTY and not one.value["bodies"])
        section = one.section or _section_at(reading, one.start)
        drafts.append(Draft(one.kind, section, one.start, one.end, one.value, warned))
    return drafts


def _what(one: Reading) -> str:
    return space(BULLET.sub("", one["quote"]))


def _report(one: Reading) -> str:
    return _what(one) or f"Báo cáo {one['what'] or ''}".strip()


def _plain(kind: Kind, one: Reading, what: str, *names: str) -> Draft:
    section = one.get("section") or str(one.get("ordinal") or "")
    value = {"what": what, **{name: one.get(name) for name in names}}
    return Draft(kind, section, one["span"][0], one["span"][1], value)


def _reports(reading: Reading) -> Iterator[Draft]:
    for one in reading["reports"]:
        draft = _plain(Kind.REPORT, one, _report(one), "recurrence", "due", "to", "via")
        draft.value["bodies"] = _reporters(reading, one)
        yield draft


def _reporters(reading: Reading, report: Reading) -> list[str]:
    """
    Return who owes a report: whose task it stands in, else the bodies its sentence begins with.

    Empty: "các đơn vị", everybody to whom the plan gives anything.
    """
    start, end = report["span"]
    names: list[str] = []
    for assignment in reading["assignments"]:
        units = list(assignment["units"]) or [assignment["unit"]]
        if any(s < end and start < e for s, e in (task["span"] for task in assignment["tasks"])):
            return units
        names += units
    head = re.split(r"\b(?:bao cao|gui)\b", fold(report["quote"]), maxsplit=1)[0]
    return list(dict.fromkeys(name for name in names if fold(name) in head))


def _targets(reading: Reading) -> Iterator[Draft]:
    for one in reading["targets"]:
        draft = _plain(
            Kind.TARGET, one, _what(one), "comparator", "value", "unit", "due", "indicator"
        )
        draft.value["baseline"] = one["baseline"]
        draft.value["scope"] = one.get("scope")
        yield draft


def _phases(reading: Reading) -> Iterator[Draft]:
    for one in reading["phases"]:
        start, end = one["span"]
        # What a phase says of areas follows its dates within the paragraph.
        areas = [a["name"] for a in reading["named_areas"] if start <= a["span"][0] < end + 240]
        later = [p["span"][0] for p in reading["phases"] if p["span"][0] > start]
        if later:
            areas = [
                a["name"]
                for a in reading["named_areas"]
                if start <= a["span"][0] < min(*later, end + 240)
            ]
        yield Draft(
            Kind.PHASE, "", start, end,
            {"what": one["name"], "start": one["start"], "end": one["end"], "areas": areas},
        )  # fmt: skip


def _duties(reading: Reading) -> list[Draft]:
    often = [(tuple(one["span"]), one) for one in reading["recurring_activities"]]
    used: set[tuple[int, ...]] = set()
    found = []
    for assignment in reading["assignments"]:
        for task in assignment["tasks"]:
            start, end = task["span"]
            inside = [(s, one) for s, one in often if s[0] < end and start < s[1]]
            used.update(s for s, _one in inside)
            recurrence = _recurrence(task, [one["frequency"] for _s, one in inside])
            section = assignment["section"] or str(assignment["ordinal"] or "")
            bodies = list(assignment["units"]) or [assignment["unit"]]
            found.append(_duty(section, task, bodies, assignment["requested"], recurrence))
    taken = [(d.start, d.end) for d in found] + [tuple(r["span"]) for r in reading["reports"]]
    for other in reading.get("other_duties", ()):
        start, end = other["span"]
        if not any(s < end and start < e for s, e in taken):
            found.append(_duty(other["section"] or "", other, [other["unit"]], False, None))
            taken.append((start, end))
    for span, one in often:
        if span not in used and not any(s < span[1] and span[0] < e for s, e in taken):
            task = {"quote": one["quote"], "span": span, "deadlines": ()}
            found.append(_duty(_section_at(reading, span[0]), task, [], False, one["frequency"]))
    return sorted(found, key=lambda draft: (draft.start, draft.end))


def _duty(
    section: str, task: Reading, bodies: list[str], requested: bool, recurrence: str | None
) -> Draft:
    dates = [
        {"date": d["date"], "bound": d["bound"], "scope": d.get("scope"), "text": d["text"]}
        for d in task["deadlines"]
    ]
    value: Value = {
        "what": _what(task),
        "bodies": bodies,
        "support": list(task.get("support", ())),
        "requested": requested,
        "role": task.get("role"),
        "nature": _nature(task, dates, recurrence),
        "dates": dates,
        "recurrence": recurrence,
    }
    return Draft(Kind.DUTY, section, task["span"][0], task["span"][1], value)


def _nature(task: Reading, dates: Sequence[object], recurrence: str | None) -> Nature:
    if dates:
        return Nature.DATED
    if recurrence:
        return Nature.RECURRING
    if not task.get("continuous") and _EVENT.search(fold(task["quote"])):
        return Nature.EVENT
    return Nature.STANDING


def _recurrence(task: Reading, frequencies: Sequence[str]) -> str | None:
    if frequencies:
        return frequencies[0]
    if task.get("recurrence"):
        return _READ_RECURRENCE.get(task["recurrence"])
    if task["deadlines"]:
        return None
    quote = task["quote"].lower()
    return next((often for words, often in _EVERY.items() if words in quote), None)


def _section_at(reading: Reading, at: int) -> str:
    before = [one for one in reading["sections"] if one["span"][0] <= at]
    return str(before[-1]["label"]) if before else ""


def _budgets(reading: Reading, text: str) -> Iterator[Draft]:
    sections = reading["sections"]
    for number, one in enumerate(sections):
        if "kinh phi" not in fold(one["title"]):
            continue
        start = one["span"][0]
        end = sections[number + 1]["span"][0] if number + 1 < len(sections) else one["span"][1]
        paragraph = text[start : min(end, start + 1500)].strip()
        sources = _sources(paragraph)
        yield Draft(
            Kind.BUDGET, one["label"], start, start + len(paragraph),
            {"what": space(one["title"]), "sources": sources},
        )  # fmt: skip


# The sources that the Law on the State budget and programme decrees name, as plans write them.
_SOURCES: Final = (
    "ngân sách trung ương", "ngân sách tỉnh", "ngân sách huyện", "ngân sách xã",
    "ngân sách địa phương", "ngân sách nhà nước", "Chương trình mục tiêu quốc gia",
    "chi thường xuyên", "xã hội hóa", "viện trợ", "nguồn hợp pháp khác",
)  # fmt: skip


def _sources(text: str) -> list[str]:
    plain = fold(text)
    return [name for name in _SOURCES if fold(name) in plain]


def joined(values: Sequence[Value]) -> Value:
    """Return one value for several duties (or others) that belong together: nothing is lost."""
    first = dict(values[0])
    first["what"] = "; ".join(one["what"].rstrip(" .;") for one in values) + "."
    for name in ("bodies", "support", "dates", "areas", "sources"):
        if name in first:
            first[name] = _once(part for one in values for part in one.get(name) or ())
    if any(one.get("dates") for one in values):
        first["nature"] = Nature.DATED
    return first


def _once(parts: Iterable[Any]) -> list[Any]:
    kept: list[Any] = []
    for part in parts:
        if part not in kept:
            kept.append(part)
    return kept


def halves(value: Value, texts: Sequence[str]) -> list[Value]:
    """
    Return a value for each of the `texts` that an item's words were cut into.

    A date goes to the part whose words hold it; a part without a date stays standing when any
    part has one, and all dates go to the first part when none of the parts holds them.
    """
    dates = value.get("dates") or []
    parts = []
    placed: set[int] = set()
    for text in texts:
        part = {**value, "what": space(BULLET.sub("", text))}
        if "dates" in value:
            mine = [
                n
                for n, one in enumerate(dates)
                if one.get("text") and fold(one["text"]) in fold(text)
            ]
            placed.update(mine)
            part["dates"] = [dates[n] for n in mine]
        parts.append(part)
    left = [one for n, one in enumerate(dates) if n not in placed]
    if parts and left:
        parts[0]["dates"] = [*parts[0]["dates"], *left]
    for part in parts:
        if "nature" in part and dates:
            part["nature"] = Nature.DATED if part["dates"] else Nature.STANDING
    return parts


def cut(words: str) -> list[tuple[int, int]]:
    """
    Return where a duty's words fall apart by themselves: at semicolons, else at full stops.

    Shape: half-open offsets in `words`; one entry when there is nothing to cut at.
    """
    for sign in (r";\s+", r"\.\s+(?=[A-ZĐÀ-Ỹ])"):
        parts = []
        at = 0
        for match in re.finditer(sign, words):
            # A semicolon inside brackets parts two dates of one duty, not two duties.
            if words.count("(", 0, match.start()) > words.count(")", 0, match.start()):
                continue
            parts.append((at, match.start()))
            at = match.end()
        parts.append((at, len(words)))
        if len(parts) > 1:
            return parts
    return [(0, len(words))]
