"""An item's value as lines that a person types, and back."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from diaban.core.text import fold, space
from diaban.plans.rules.items import FIELDS, Kind, Nature, Value

BOUNDS: Final = {
    "before": "trước ngày",
    "by": "chậm nhất",
    "from": "từ",
    "until": "đến",
    "on": "trong",
}
COMPARATORS: Final = {">=": "từ", ">": "trên", "<=": "không quá", "<": "dưới", "==": "bằng"}
RECURRENCES: Final = {
    "": "không",
    "1/week": "mỗi tuần",
    "1/month": "mỗi tháng",
    "1/quarter": "mỗi quý",
    "2/year": "hai lần mỗi năm",
    "1/year": "mỗi năm",
}
REPORTS: Final = {
    "": "không rõ",
    "once": "một lần",
    "yearly": "hằng năm",
    "half_yearly": "6 tháng",
    "quarterly": "hằng quý",
    "monthly": "hằng tháng",
    "on_demand": "khi có yêu cầu",
}
# Fields of one entry a line.
LINES: Final = ("lines", "reporters", "organisers")
_WORDS = {fold(words): bound for bound, words in BOUNDS.items()} | {
    "truoc": "before",
    "cham nhat ngay": "by",
    "den ngay": "by",
    "den het": "by",
    "xong": "by",
    "ngay": "on",
    "tu ngay": "from",
    "": "by",
    # As the page words them in English.
    "before": "before",
    "by": "by",
    "from": "from",
    "until": "until",
    "in": "on",
}
_DATE = re.compile(r"(\d{1,2}/\d{1,2}/\d{4}|\d{1,2}/\d{4}|\d{1,2}/\d{1,2}|\d{4})")
_EXAMPLE = "Gõ như: trước ngày 15/12/2026"


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that cannot be taken as typed, and what to do."""

    field: str
    sentence: str


def day_text(written: str | None) -> str:
    """Return a date of a reading as people write it: `15/12/2023`, `12/2023`, `2023`, `26/6`."""
    parts = (written or "").split("-")
    if len(parts) == 2 and len(parts[0]) == 2:
        return f"{int(parts[1])}/{int(parts[0])}"
    return "/".join(reversed(parts))


def day_from(text: str) -> str | None:
    """Return `15/12/2026`, `12/2026`, `2026` or `26/6` as a reading writes it; None for no date."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    parts = [int(part) for part in match[1].split("/")]
    if len(parts) == 3:
        day, month, year = parts
        return f"{year:04}-{month:02}-{day:02}" if _is_day(day, month, year) else None
    if len(parts) == 2 and parts[1] > 31:
        return f"{parts[1]:04}-{parts[0]:02}" if 1 <= parts[0] <= 12 else None
    if len(parts) == 2:
        return f"{parts[1]:02}-{parts[0]:02}" if _is_day(parts[0], parts[1], 2024) else None
    return f"{parts[0]:04}"


def _is_day(day: int, month: int, year: int) -> bool:
    return 1 <= month <= 12 and 2000 <= year <= 2100 and 1 <= day <= monthrange(year, month)[1]


def date_line(one: Mapping[str, Any]) -> str:
    """Return a deadline as a line: `trước ngày 15/12/2026 (17 xã biên giới)`."""
    line = f"{BOUNDS[one['bound']]} {day_text(one['date'])}"
    return f"{line} ({one['scope']})" if one.get("scope") else line


def read_date_line(line: str) -> dict[str, Any] | None:
    """Return the deadline that a line says, None when it says none."""
    line = space(line)
    scope = None
    bracket = re.search(r"\(([^()]*)\)\s*$", line)
    if bracket:
        scope, line = space(bracket[1]) or None, line[: bracket.start()].strip()
    line = re.sub(r"\s+(?:(?:hằng|hàng) năm|every year)$", "", line)
    match = _DATE.search(line)
    written = day_from(match[1]) if match else None
    if match is None or written is None or line[match.end() :].strip(" ."):
        return None
    bound = _WORDS.get(fold(line[: match.start()]).strip())
    if bound is None:
        return None
    return {"date": written, "bound": bound, "scope": scope, "text": ""}


def typed_from(kind: Kind, value: Value) -> dict[str, str]:
    """Return what stands in the fields of an item's form."""
    typed = {}
    for name, _label, how in FIELDS[kind]:
        given = value.get(name)
        if how in LINES:
            typed[name] = "\n".join(given or ())
        elif how == "dates":
            typed[name] = "\n".join(date_line(one) for one in given or ())
        elif how == "flag":
            typed[name] = "1" if given else ""
        elif how == "day":
            typed[name] = day_text(given)
        elif how == "number":
            typed[name] = (given or "").replace(".", ",")
        else:
            typed[name] = str(given or "")
    return typed


def read_typed(kind: Kind, typed: Mapping[str, str], old: Value) -> tuple[Value, list[Fault]]:
    """
    Return an item's value after what was typed, and what cannot be taken.

    What the form does not show is kept from `old`; so are the words of a date that stays.
    """
    value: Value = dict(old)
    faults: list[Fault] = []
    for name, label, how in FIELDS[kind]:
        given = typed.get(name, "")
        if how in LINES:
            value[name] = [line for line in map(space, given.splitlines()) if line]
        elif how == "dates":
            value[name] = _dates(name, given, old.get(name) or [], faults)
        elif how == "flag":
            value[name] = bool(given)
        elif how == "day":
            value[name] = day_from(given) if given.strip() else None
            if given.strip() and value[name] is None:
                faults.append(
                    Fault(name, f"{label}: “{space(given)}” không phải ngày. Gõ như 15/12/2026.")
                )
        elif how == "number":
            value[name] = _number(name, label, given, faults)
        else:
            value[name] = space(given) or None
    if not value.get("what"):
        faults.append(
            Fault("what", "Chưa có nội dung. Gõ một câu, hoặc bấm X nếu không phải mục này.")
        )
    if kind is Kind.DUTY:
        value["nature"] = value.get("nature") or Nature.STANDING
        unread = any(fault.field == "dates" for fault in faults)
        if value["nature"] == Nature.DATED and not value["dates"] and not unread:
            faults.append(Fault("dates", f"Nhiệm vụ có thời hạn thì phải có ngày. {_EXAMPLE}."))
        if value["dates"]:
            value["nature"] = Nature.DATED
        if value["nature"] == Nature.RECURRING and not value["recurrence"]:
            faults.append(Fault("recurrence", "Nhiệm vụ định kỳ thì chọn chu kỳ."))
    return value, faults


def _dates(
    name: str, given: str, old: list[dict[str, Any]], faults: list[Fault]
) -> list[dict[str, Any]]:
    before = {date_line(one): one for one in old}
    dates = []
    for line in map(space, given.splitlines()):
        if not line:
            continue
        one = before.get(line) or read_date_line(line)
        if one is None:
            faults.append(Fault(name, f"Thời hạn “{line}” không đọc được. {_EXAMPLE}."))
        else:
            dates.append(one)
    return dates


def _number(name: str, label: str, given: str, faults: list[Fault]) -> str | None:
    plain = given.strip().replace(".", "").replace(",", ".")
    if not plain:
        return None
    if not re.fullmatch(r"\d+(\.\d+)?", plain):
        faults.append(Fault(name, f"{label}: “{space(given)}” không phải số. Gõ như 95 hoặc 1,5."))
        return None
    return plain
