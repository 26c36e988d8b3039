"""
What was read in a plan in the words of the page's language; the plan's own words stay as they are.

The reader's warnings, and what cannot be taken as typed, are Vietnamese sentences with the words
of the plan inside. `said` finds which sentence one is, and says it again around the same words.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from diaban.plans.rules.calendar import report_dates
from diaban.plans.rules.items import NATURE_NAMES, Nature
from diaban.plans.rules.typed import REPORTS, day_text

_BOUNDS: Final = {
    "before": gettext_lazy("trước ngày %(day)s"),
    "by": gettext_lazy("chậm nhất %(day)s"),
    "from": gettext_lazy("từ %(day)s"),
    "until": gettext_lazy("đến %(day)s"),
    "on": gettext_lazy("trong %(day)s"),
}
_LEVELS: Final = {
    ">=": gettext_lazy("từ %(level)s"),
    ">": gettext_lazy("trên %(level)s"),
    "<=": gettext_lazy("không quá %(level)s"),
    "<": gettext_lazy("dưới %(level)s"),
}
_ROLES: Final = {"lead": gettext_lazy("chủ trì"), "coordinate": gettext_lazy("phối hợp")}
# Every sentence of `plans.reader.warnings` and of `plans.rules.typed`; at the marks stand words of
# the plan, or what was typed.
SENTENCES: Final = (
    "Văn bản chưa có số.",
    "Văn bản chưa ghi ngày ký.",
    "Ngày ký còn để trống.",
    "Kế hoạch chưa có tên.",
    "Không thấy tên người ký.",
    "Không thấy phần phân công nhiệm vụ cho cơ quan, đơn vị.",
    "Văn bản được viện dẫn còn để trống số: %(quote)s.",
    "Văn bản được viện dẫn còn để trống ngày: %(quote)s.",
    'Mục "%(marker)s" (%(words)s) đánh số không liền mạch: theo thứ tự phải là mục thứ %(n)s.',
    'Câu bị ngắt trang đã được nối lại: "… %(words)s …".',
    'Còn sót lời hướng dẫn soạn thảo hoặc chỗ trống: "%(words)s".',
    'Không có ngày này trong lịch: "%(words)s".',
    'Thời hạn "%(words)s" của %(unit)s nằm ngoài thời gian thực hiện kế hoạch.',
    'Thời hạn "%(words)s" của %(unit)s không ghi năm; đã lấy năm %(year)s của kế hoạch.',
    'Hai chỉ tiêu khác nhau cho cùng một việc: "%(first)s" và "%(second)s".',
    "Chưa có trong danh mục cơ quan: %(unit)s.",
    "%(field)s: “%(typed)s” không phải ngày. Gõ như 15/12/2026.",
    "%(field)s: “%(typed)s” không phải số. Gõ như 95 hoặc 1,5.",
    "Chưa có nội dung. Gõ một câu, hoặc bấm X nếu không phải mục này.",
    "Nhiệm vụ có thời hạn thì phải có ngày. Gõ như: trước ngày 15/12/2026.",
    "Nhiệm vụ định kỳ thì chọn chu kỳ.",
    "Thời hạn “%(typed)s” không đọc được. Gõ như: trước ngày 15/12/2026.",
)


def deadline_text(one: Mapping[str, Any]) -> str:
    """Return a deadline: `trước ngày 15/12/2026 (17 xã biên giới)`."""
    text = bound_text(one["bound"], day_text(one["date"]))
    return f"{text} ({one['scope']})" if one.get("scope") else text


def bound_text(bound: str, day: str) -> str:
    """Return how a written day binds; one without a bound is the day alone."""
    return str(_BOUNDS[bound]) % {"day": day} if bound in _BOUNDS else day


def deadline_around(one: Mapping[str, Any]) -> tuple[str, str]:
    """Return a deadline as the words in front of its day, and the day."""
    day = day_text(one["date"])
    return bound_text(one["bound"], day).removesuffix(day).strip(), day


def due_text(what: str, due: str) -> str:
    """Return the day of a report as its words bind it: `trước ngày 20/12/2026`."""
    dates = report_dates(what, due)
    before = bool(dates) and dates[0]["bound"] == "before"
    return bound_text("before" if before else "", day_text(due))


def nature_text(nature: str, recurrence: str = "") -> str:
    """Return when a duty is to be done: `định kỳ, 1 lần/tháng`."""
    words = _(NATURE_NAMES[Nature(nature)])
    return f"{words}, {often_text(recurrence)}" if recurrence else words


def often_text(recurrence: str) -> str:
    """Return a frequency as people say it: `2/month` is "2 lần/tháng"."""
    number, _slash, unit = recurrence.partition("/")
    words = {
        "week": _("%(n)s lần/tuần"),
        "month": _("%(n)s lần/tháng"),
        "quarter": _("%(n)s lần/quý"),
        "year": _("%(n)s lần/năm"),
    }
    return words[unit] % {"n": number} if unit in words else recurrence


def role_text(role: str) -> str:
    """Return what a body is to do about a duty."""
    return str(_ROLES[role])


def report_text(recurrence: str) -> str:
    """Return how often a report is due; empty where that is not known by any word."""
    return _(REPORTS[recurrence]) if recurrence in REPORTS else ""


def level_text(value: Mapping[str, Any]) -> str:
    """Return how much a target or criterion asks for: `từ 95 %`."""
    number = (value.get("value") or "").replace(".", ",")
    text = " ".join(part for part in (number, value.get("unit") or "") if part)
    comparator = value.get("comparator") or ""
    if text and comparator in _LEVELS:
        text = str(_LEVELS[comparator]) % {"level": text}
    if value.get("baseline") == "vs_previous_year":
        return _("%(level)s, so với năm trước") % {"level": text}
    return text


def said(sentence: str) -> str:
    """Return a sentence of the reader or of a form; one that nobody knows stays as it is."""
    if get_language() == "vi":
        return sentence
    for known, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            words = found.groupdict()
            if "field" in words:
                words["field"] = _(words["field"])
            return _(known) % words if words else _(known)
    return sentence


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_pattern(sentence), re.DOTALL)) for sentence in SENTENCES)


def _pattern(sentence: str) -> str:
    """Return what finds a sentence whatever words of the plan stand at its marks."""
    parts = re.split(r"%\((\w+)\)s", sentence)
    return "".join(
        f"(?P<{part}>.*)" if at % 2 else re.escape(part) for at, part in enumerate(parts)
    )
