"""What a unit is now and was before: one by one, or a list of up to a thousand lines."""

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from diaban.areas.bearers import Way
from diaban.areas.crosswalk import (
    MOST_LINES,
    Answer,
    Line,
    TooManyLines,
    look_up_list,
    look_up_text,
)
from diaban.areas.lookups import NothingToFind, find
from diaban.reports.crosswalk_list import CSV_TYPE, crosswalk_csv, crosswalk_xlsx
from diaban.reports.programme import XLSX_TYPE
from diaban.web.area_words import level_word
from diaban.web.areas import reached_row, require_reader, span_words, tabs, unit_url
from diaban.web.middleware import SignedInRequest
from diaban.web.typed_days import TypedDay, typed_day

ANSWERS_SHOWN: Final = 40
LINES_SHOWN: Final = 100
SUGGESTED: Final = 10
# A list longer than this was not meant: 1,000 names of any length fit.
MOST_TEXT: Final = 200_000


@require_http_methods(["GET", "POST"])
def look_up(request: SignedInRequest) -> HttpResponse:
    """Answer for one name or code (GET, so that it can be passed on) or for a list (POST)."""
    require_reader(request.actor)
    today = timezone.localdate()
    given = request.POST if request.method == "POST" else request.GET
    until = typed_day(given.get("until", ""), today)
    on_day = typed_day(given.get("on", ""), today)
    context: dict[str, Any] = {
        "tabs": tabs("look-up", request.actor),
        "typed": given.get("q", "").strip()[:100],
        "until": until,
        "on_day": on_day,
        "listed": given.get("list", "")[:MOST_TEXT],
        "way": Way.WAS.value if given.get("way") == Way.WAS.value else Way.BECAME.value,
        "most": MOST_LINES,
        "today": today,
    }
    if request.method == "POST":
        return _list(request, context, until, on_day, today)
    if context["typed"]:
        context |= _one(context["typed"], until, on_day, today)
    return render(request, "web/areas/look_up.html", context)


def _one(typed: str, until: TypedDay, on_day: TypedDay, today: date) -> dict[str, Any]:
    found = look_up_text(typed, today=today, day=until.value, on_day=on_day.value)
    if found:
        return {
            "answers": [_answer(one, today) for one in found[:ANSWERS_SHOWN]],
            "more": max(0, len(found) - ANSWERS_SHOWN),
        }
    try:
        near = find(typed, today=today, on_day=on_day.value, limit=SUGGESTED)
    except NothingToFind as error:
        return {"search_error": error.sentence}
    return {
        "nothing": True,
        "near": [
            {
                "name": f"{one.full_name} ({one.code})",
                "above": ", ".join(reversed(one.path)),
                "url": f"{reverse('web:look-up')}?q={one.code}",
            }
            for one in near
        ],
    }


def _answer(one: Answer, today: date) -> dict[str, Any]:
    unit = one.unit
    living = unit.valid_to is None or unit.valid_to > today
    return {
        "name": unit.full_name,
        "code": unit.code,
        "level": level_word(unit.level),
        "above": ", ".join(reversed(unit.path)),
        "span": span_words(unit.valid_from, unit.valid_to, date(2025, 3, 1)),
        "url": unit_url(unit.code, None if living else unit.day),
        "living": living,
        "became": [reached_row(end) for end in one.became],
        "was": [reached_row(end) for end in one.was],
    }


def _list(
    request: SignedInRequest,
    context: dict[str, Any],
    until: TypedDay,
    on_day: TypedDay,
    today: date,
) -> HttpResponse:
    way = Way(context["way"])
    typed = context["listed"].splitlines()
    if not any(line.strip() for line in typed):
        error = _("Chưa có dòng nào. Dán mã hoặc tên, mỗi đơn vị một dòng.")
        return render(
            request, "web/areas/look_up.html", {**context, "list_error": error}, status=422
        )
    if until.error or on_day.error:
        return render(request, "web/areas/look_up.html", context, status=422)
    try:
        lines = look_up_list(typed, way, today=today, day=until.value, on_day=on_day.value)
    except TooManyLines as error:
        return render(
            request, "web/areas/look_up.html", {**context, "list_error": error.sentence},
            status=422,
        )  # fmt: skip
    if request.POST.get("act") == "csv":
        return _handed(crosswalk_csv(lines, way), CSV_TYPE, "tra-cuu-dia-ban.csv")
    if request.POST.get("act") == "xlsx":
        return _handed(crosswalk_xlsx(lines, way), XLSX_TYPE, "tra-cuu-dia-ban.xlsx")
    wrong = [line for line in lines if line.error]
    context |= {
        "lines": [_line(line, way) for line in lines[:LINES_SHOWN]],
        "wrong": [_line(line, way) for line in wrong[:LINES_SHOWN]],
        "counts": {"all": len(lines), "wrong": len(wrong), "right": len(lines) - len(wrong)},
        "cut": max(0, len(lines) - LINES_SHOWN),
    }
    return render(request, "web/areas/look_up.html", context)


def _line(line: Line, way: Way) -> dict[str, Any]:
    answer = line.answer
    ends = () if answer is None else answer.became if way is Way.BECAME else answer.was
    return {
        "number": line.number,
        "typed": line.typed[:100],
        "error": line.error,
        "unit": f"{answer.unit.full_name} ({answer.unit.code})" if answer else "",
        "above": ", ".join(reversed(answer.unit.path)) if answer else "",
        "ends": [reached_row(end) for end in ends],
    }


def _handed(data: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        data,
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
