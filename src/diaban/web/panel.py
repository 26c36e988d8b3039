"""The panel beside the matrix, from an explanation."""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from diaban.core.numbers import write_number
from diaban.recognition.explanations import Explanation, hamlet_word, sent_by
from diaban.recognition.rules.assessment import Result
from diaban.recognition.rules.conclusions import NO_SIGN, SIGN, standing
from diaban.recognition.rules.engine import Status
from diaban.recognition.rules.reasons import Sense


def panel(found: Explanation, close_url: str, minutes_url: str) -> dict[str, Any]:
    """Return the context of `web/criteria/cell.html`."""
    result = found.result
    return {
        "title": _("%(area)s, tiêu chí %(criterion)s")
        % {"area": found.area.full_name, "criterion": result.criterion.id},
        "status": standing(result),
        "reason": found.reason,
        "quote": result.criterion.statement,
        "clause": result.criterion.source,
        "operands": [
            {"label": line.label, "value": line.text, "url": _record_url(found)}
            for line in found.lines
        ],
        "result": _result(found),
        "parts": _parts(found),
        "trend": _trend(found),
        "records": _records(found),
        "way": {
            "title": _way_title(result),
            "text": found.way,
            "print_url": minutes_url,
            "print_label": _("Biên bản xét (DOCX)"),
        }
        if found.way or minutes_url
        else None,
        "close_url": close_url,
    }


def _way_title(result: Result) -> str:
    if standing(result) in (SIGN, NO_SIGN):
        return _("Xếp loại")
    if result.status is Status.NOT_MET:
        return _("Cách ngắn nhất để đạt")
    return "" if result.status is Status.MET else _("Việc cần làm")


def _record_url(found: Explanation) -> str:
    if found.record is None:
        return ""
    return reverse("web:return", args=[found.area.code, found.record.period])


def _result(found: Explanation) -> dict[str, Any] | None:
    result = found.result
    if found.value is None or result.threshold is None:
        return None
    percent = result.unit == "%"
    written = found.value.replace(".", ",") if percent else write_number(Decimal(found.value))
    return {
        "label": _("Tỷ lệ") if percent else _("Kết quả"),
        "need": f"{_need(result)} {_threshold(result.threshold, percent=percent)}",
        "value": f"{written}%" if percent else written,
        "status": standing(result),
    }


def _need(result: Result) -> str:
    return _("cần") if result.criterion.sense is Sense.GOOD else _("ngưỡng")


def _threshold(threshold: str, *, percent: bool) -> str:
    """Return `>= 100` as a person says it: "100%" where nothing lies above, else "từ 60%"."""
    words = {
        ">=": _("từ"), ">": _("trên"), "<=": _("không quá"), "<": _("dưới"), "=": _("đúng"),
    }  # fmt: skip
    said = []
    for bound in threshold.split(", "):
        op, _space, number = bound.partition(" ")
        written = number.replace(".", ",") + ("%" if percent else "")
        most = percent and (op, number) == (">=", "100")
        said.append(written if most else f"{words[op]} {written}")
    return ", ".join(said)


def _parts(found: Explanation) -> dict[str, Any] | None:
    if not found.gaps:
        return None
    largest = max((gap.size or 0 for gap in found.gaps), default=0) or 1
    return {
        "title": _("%(count)s trong %(all)s %(hamlets)s chưa đủ")
        % {
            "count": len(found.gaps),
            "all": found.hamlets,
            "hamlets": _(hamlet_word(found.area)),
        },
        "rows": [
            {
                "name": gap.name,
                "url": _record_url(found),
                "share": 100 * (gap.size or 0) // largest,
                "text": gap.text,
            }
            for gap in found.gaps
        ],
    }


def _trend(found: Explanation) -> dict[str, Any] | None:
    if not found.trend:
        return None
    what = _("Tỷ lệ") if found.result.unit == "%" else _("Số liệu")
    return {
        "title": _("%(what)s qua %(count)s tháng") % {"what": what, "count": len(found.trend)},
        "bars": [
            {
                "label": f"T{bar.period.end.month}",
                "value": bar.text,
                "share": bar.height or 0,
                "current": bar is found.trend[-1] and found.result.status is not Status.MET,
            }
            for bar in found.trend
        ],
    }


def _records(found: Explanation) -> list[dict[str, Any]]:
    record = found.record
    if record is None:
        return []
    who, moment = sent_by(record)
    return [
        {
            "label": f"{record.version.name} {record.period[5:]}/{record.period[:4]}",
            "url": _record_url(found),
            "count": _("bản %(number)s") % {"number": record.revision},
            "who": f"{who}, {timezone.localtime(moment):%d/%m %H:%M}",
        }
    ]
