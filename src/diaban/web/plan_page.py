"""A plan as a page shows it: the document in blocks with what was read marked in it, the items."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Reading = Mapping[str, Any]

TITLE_LENGTH: Final = 96
KINDS: Final = {
    "duty": "Nhiệm vụ",
    "target": "Chỉ tiêu",
    "criterion": "Tiêu chí",
    "report": "Báo cáo",
    "phase": "Giai đoạn",
    "event": "Sự kiện",
}
BOUNDS: Final = {
    "before": "trước ngày",
    "by": "chậm nhất",
    "from": "từ",
    "until": "đến",
    "on": "trong",
}
RECURRENCES: Final = {
    "once": "một lần",
    "yearly": "hằng năm",
    "half_yearly": "6 tháng",
    "quarterly": "hằng quý",
    "monthly": "hằng tháng",
    "on_demand": "khi có yêu cầu",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was read, with the words it came from (`start`, `end` in the text)."""

    id: str
    kind: str
    section: str
    title: str
    facts: str
    start: int
    end: int
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    dates: tuple[str, ...] = field(default=())


def day_text(written: str) -> str:
    """Return a date of a reading as people write it: `15/12/2023`, `12/2023`, `2023`, `26/6`."""
    parts = written.split("-")
    if len(parts) == 2 and len(parts[0]) == 2:
        return f"{int(parts[1])}/{int(parts[0])}"
    return "/".join(reversed(parts))


def items_of(reading: Reading) -> list[Item]:
    """Return everything that was read, kind by kind, in the order of the document."""
    return [
        *_duties(reading),
        *_targets(reading),
        *_criteria(reading),
        *_reports(reading),
        *_spans("phase", reading["phases"], "name", ("start", "end")),
        *_spans("event", reading["events"], "name", ("date",)),
    ]


def _duties(reading: Reading) -> Iterable[Item]:
    number = 0
    for assignment in reading["assignments"]:
        for task in assignment["tasks"]:
            number += 1
            dates = [_deadline(one) for one in task["deadlines"]]
            nature = "đề nghị" if assignment["requested"] else "giao"
            facts = [assignment["unit"], nature, *dates]
            if task["continuous"]:
                facts.append("thường xuyên")
            fields = [("Cơ quan", tuple(assignment["units"] or [assignment["unit"]]))]
            if task.get("support"):
                fields.append(("Phối hợp", tuple(task["support"])))
            if assignment["requested"]:
                fields.append(("Tính chất", ("đề nghị: không tính quá hạn khi xếp loại cơ quan",)))
            if task["role"]:
                role = {"lead": "chủ trì", "coordinate": "phối hợp"}[task["role"]]
                fields.append(("Vai trò", (role,)))
            if dates or task["continuous"]:
                standing = ("thường xuyên",) if task["continuous"] else ()
                fields.append(("Thời hạn", (*dates, *standing)))
            yield Item(
                f"duty-{number}",
                "duty",
                assignment["section"] or str(assignment["ordinal"] or ""),
                _short(task["quote"]),
                " · ".join(facts),
                task["span"][0],
                task["span"][1],
                tuple(fields),
                tuple(one["text"] for one in task["deadlines"]),
            )


def _deadline(deadline: Mapping[str, Any]) -> str:
    written = f"{BOUNDS[deadline['bound']]} {day_text(deadline['date'])}"
    return f"{written} ({deadline['scope']})" if deadline.get("scope") else written


def _targets(reading: Reading) -> Iterable[Item]:
    for number, target in enumerate(reading["targets"], 1):
        value = target["value"].replace(".", ",")
        facts = f"{_comparator(target['comparator'])} {value} {target['unit'] or ''}".strip()
        if target["baseline"] == "vs_previous_year":
            facts += ", so với năm trước"
        due = (("Đến", (day_text(target["due"]),)),) if target["due"] else ()
        yield Item(
            f"target-{number}", "target", target["section"] or "", _short(target["quote"]), facts,
            target["span"][0], target["span"][1], (("Mức", (facts,)), *due),
        )  # fmt: skip


def _criteria(reading: Reading) -> Iterable[Item]:
    for number, criterion in enumerate(reading["criteria"], 1):
        value = (criterion["value"] or "").replace(".", ",")
        facts = " ".join(
            part
            for part in (_comparator(criterion["comparator"]), value, criterion["unit"] or "")
            if part
        )
        yield Item(
            f"criterion-{number}", "criterion", str(criterion["ordinal"] or ""),
            _short(criterion["quote"]), facts, criterion["span"][0], criterion["span"][1],
            (("Bộ tiêu chí", (criterion["set"] or "–",)), ("Mức", (facts or "có hoặc không",))),
        )  # fmt: skip


def _reports(reading: Reading) -> Iterable[Item]:
    for number, report in enumerate(reading["reports"], 1):
        facts = [RECURRENCES.get(report["recurrence"] or "", "")]
        if report["due"]:
            facts.append(f"hạn {day_text(report['due'])}")
        if report["to"]:
            facts.append(f"gửi {report['to']}")
        if report["via"]:
            facts.append(f"qua {report['via']}")
        said = " · ".join(fact for fact in facts if fact)
        yield Item(
            f"report-{number}", "report", "", _short(report["what"] or report["quote"]), said,
            report["span"][0], report["span"][1],
            (("Nội dung", (report["what"] or "–",)), ("Gửi", (said or "–",))),
        )  # fmt: skip


def _spans(
    kind: str, found: Sequence[Mapping[str, Any]], name: str, days: Sequence[str]
) -> Iterable[Item]:
    for number, one in enumerate(found, 1):
        dates = "–".join(day_text(one[day]) for day in days if one.get(day))
        yield Item(
            f"{kind}-{number}", kind, "", _short(one[name] or one["quote"]), dates,
            one["span"][0], one["span"][1], (("Thời gian", (dates or "–",)),),
        )  # fmt: skip


def _comparator(comparator: str | None) -> str:
    words = {">=": "từ", ">": "trên", "<=": "không quá", "<": "dưới"}
    return words.get(comparator or "", "")


def _short(text: str) -> str:
    text = re.sub(r"^[-+•*]\s*", "", text.strip())
    if len(text) <= TITLE_LENGTH:
        return text
    return text[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


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
                "mark": "",
                "runs": list(_runs(text, start, end, inside, inner, current, url_of)),
            }
        )
    return blocks


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
            "confirmed": False,
            "url": url_of(item.id),
            "parts": list(_parts(text, first, last, inner, item.kind)),
        }
        at = last
    if at < end:
        yield {"id": "", "parts": [{"text": text[at:end], "kind": ""}]}


def _parts(
    text: str, start: int, end: int, inner: Sequence[Mark], kind: str
) -> Iterable[dict[str, str]]:
    own = {"duty": "duty", "target": "target", "criterion": "target"}.get(kind, "date")
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
