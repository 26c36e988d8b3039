"""The four scores of an area's figures, and the questions that the figures raise."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from diaban.accounts.rules import ANSWER_QUESTION, SEE_RETURN
from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area, Placement
from diaban.areas.rules.levels import Level
from diaban.areas.selectors import names_by_code
from diaban.core.access import Actor, Span, may
from diaban.core.numbers import percent_cut, write_number
from diaban.core.periods import Period, PeriodKind, period_of
from diaban.indicators.answers import Question, answer_question, questions_of
from diaban.indicators.models import FormVersion
from diaban.indicators.quality import Looked, Sent, in_span, looked_at
from diaban.indicators.rules.campaigns import narrower
from diaban.indicators.rules.quality import (
    NOTHING,
    SCORE_NAMES,
    Measure,
    Score,
    Tallies,
    Tally,
    added,
    builtin_quality,
    scores_of,
    tenths,
    worst,
)
from diaban.indicators.rules.quality_measures import Cause
from diaban.indicators.rules.returns import STATE_NAMES
from diaban.indicators.selectors import (
    area_asked,
    communes_under,
    ended_beside,
    last_closed,
    read_reported,
)
from diaban.web.area_words import then_and_now
from diaban.web.entry_cells import cell_id
from diaban.web.entry_words import indicator_name
from diaban.web.frames import area_frame, as_of, in_sentence, reporting_frame
from diaban.web.language import is_english
from diaban.web.middleware import SignedInRequest

PAGE_SIZE: Final = 50
# The measure of "đúng" that compares figures with more than each other.
REGISTERS: Final = "registers"
GLOSSES: Final = {
    Score.CORRECT: "khớp quy tắc, sổ",
    Score.COMPLETE: "đủ đơn vị, đủ ô",
    Score.CLEAN: "đọc được, có thật",
    Score.ALIVE: "đúng hạn, còn mới",
}


@require_GET
def of_area(request: SignedInRequest, code: str) -> HttpResponse:
    """Lead to the newest closed month."""
    area_visible_to(request.actor, code, SEE_RETURN)
    return redirect("web:quality-of", code=code, label=last_closed(timezone.localdate()).label)


@require_GET
def quality(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show the scores of an area, what they are made of, and the areas or cells behind them."""
    actor = request.actor
    area, span = area_asked(actor, code, label)
    period = read_reported(label, span)
    area.as_of(period.end)
    own = area.level == Level.COMMUNE
    looked = _looked(actor, area, span, period)
    total = added(one.tallies for one in looked.communes)
    url = reverse("web:quality-of", args=[code, label])
    known = {one.id: one for one in builtin_quality().measures}
    wanted = known.get(request.GET.get("of", ""))
    context = {
        "title": f"{_('Chất lượng số liệu')} {in_sentence(period)}",
        "facts": _facts(area, looked),
        "scores": [_score(one, total, url) for one in Score],
        "opened": _(wanted.name) if wanted else "",
        "all_url": url,
        "own": own,
        "reconcile_url": reverse("web:reconciliation", args=[code, label])
        if period.kind is PeriodKind.MONTH
        else "",
        "questions_url": reverse("web:questions", args=[code, label]),
        "unmeasured": looked.unmeasured,
        "source": builtin_quality().source,
        "valid_from": builtin_quality().valid_from,
        **_frame(actor, area, span, period, looked),
    }
    if own:
        context |= _own(request, area, span, period, looked, wanted)
        return render(request, "web/quality/area.html", context)
    rows = _below(actor, area, span, looked)
    asked = sum(len(one.signals) for one in looked.communes)
    shown = [one for one in rows if wanted is None or one["tallies"].get(wanted.id, NOTHING).short]
    shown.sort(key=lambda one: _order(one["tallies"], wanted))
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    context |= {
        "rows": [_row(one, label, wanted) for one in page.object_list],
        "page_obj": page,
        "page_query": f"&of={wanted.id}" if wanted else "",
        "asked": asked,
    }
    return render(request, "web/quality/area.html", context)


@require_GET
def questions(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Show every question that the figures below an area raise, with the answers."""
    actor = request.actor
    area, span = area_asked(actor, code, label)
    period = read_reported(label, span)
    area.as_of(period.end)
    looked = _looked(actor, area, span, period)
    own = area.level == Level.COMMUNE
    found = questions_of(looked.communes, period, exact=own, english=is_english())
    wanted = request.GET.get("state", "")
    state = {"open": lambda one: one.answer is None, "answered": lambda one: one.answer is not None}
    shown = [one for one in found if wanted not in state or state[wanted](one)]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    url = reverse("web:questions", args=[code, label])
    answered = sum(one.answer is not None for one in found)
    names = {
        "": (_("Tất cả"), len(found)),
        "open": (_("Chưa trả lời"), len(found) - answered),
        "answered": (_("Đã trả lời"), answered),
    }
    context = {
        "title": f"{_('Câu hỏi về số liệu')} {in_sentence(period)}",
        "facts": _("%(area)s · %(n)s câu hỏi, %(answered)s đã trả lời")
        % {"area": area.full_name, "n": len(found), "answered": answered},
        "filters": [
            {
                "label": name,
                "count": count,
                "url": f"{url}?state={key}" if key else url,
                "current": wanted == key,
            }
            for key, (name, count) in names.items()
        ],
        "rows": [_question(one, label, actor, span if own else None) for one in page.object_list],
        "page_obj": page,
        "page_query": f"&state={wanted}" if wanted else "",
        "back_url": reverse("web:quality-of", args=[code, label]),
        **_frame(actor, area, span, period, looked),
    }
    return render(request, "web/quality/questions.html", context)


@require_POST
def answer(request: SignedInRequest, code: str, label: str) -> HttpResponse:
    """Keep a commune's answer to one question."""
    answer_question(
        actor=request.actor,
        area_code=code,
        period_label=label,
        kind=request.POST.get("kind", ""),
        text=request.POST.get("text", ""),
        at=timezone.now(),
    )
    messages.success(request, _("Đã lưu câu trả lời; cơ quan duyệt biểu đọc được."))
    return redirect("web:questions", code=code, label=label)


def band(communes: Sequence[Sent], month: Period, url: str, *, own: bool) -> dict[str, Any]:
    """Return the four scores as the overview shows them."""
    total = added(one.tallies for one in communes)
    known = builtin_quality()
    scores = []
    for score, value in scores_of(total, known).items():
        costly = worst(total, score, known)
        said = _("chưa đủ căn cứ") if value is None else _("không có gì phải sửa")
        if costly is not None:
            short = total[costly.id].short
            units = sum(1 for one in communes if one.tallies.get(costly.id, NOTHING).short)
            said = f"{write_number(short)} {_(costly.short)}"
            if not own and costly.id != "units":
                said = _("%(what)s ở %(n)s xã") % {"what": said, "n": write_number(units)}
        scores.append(
            {
                "name": _score_name(score),
                "gloss": _gloss(score, total),
                "score": _decimal(value),
                "worst": said
                or (_("chưa đủ căn cứ") if value is None else _("không có gì phải sửa")),
                "worst_url": f"{url}?of={costly.id}#behind" if costly is not None else url,
            }
        )
    return {"note": in_sentence(month), "scores": scores, "url": url}


def _looked(actor: Actor, area: Area, span: Span, period: Period) -> Looked:
    own = area.level == Level.COMMUNE
    communes = [area] if own else communes_under(actor, narrower(span, period), period.end)
    return looked_at(
        communes,
        period,
        FormVersion.objects.all(),
        timezone.localdate(),
        map_id=actor.map_id,
        scope=None if own else in_span(actor, span.left, span.right),
        ended=() if own else ended_beside(actor, span, period, communes),
        causes=own,
    )


def _frame(actor: Actor, area: Area, span: Span, period: Period, looked: Looked) -> dict[str, Any]:
    return {
        "area": area_frame(
            actor, area, span, SEE_RETURN, lambda c: reverse("web:quality", args=[c]), "quality"
        ),
        "period": reporting_frame(
            period,
            last_closed(timezone.localdate())
            if period.end < timezone.localdate()
            else period_of(timezone.localdate(), PeriodKind.MONTH),
            lambda one: reverse("web:quality-of", args=[area.code, one]),
        ),
        "as_of": as_of([looked.saved]),
    }


def _facts(area: Area, looked: Looked) -> str:
    due = f"{looked.due:%d/%m/%Y}"
    if area.level == Level.COMMUNE and looked.communes:
        state = looked.communes[0].state
        said = _(STATE_NAMES[state]).lower() if state else _("chưa lập biểu")
        return _("%(area)s · %(state)s · hạn %(due)s") % {
            "area": area.full_name,
            "state": said,
            "due": due,
        }
    return _("%(area)s · %(sent)s/%(all)s xã, phường đã gửi biểu · hạn %(due)s") % {
        "area": area.full_name,
        "sent": write_number(sum(one.counts for one in looked.communes)),
        "all": write_number(len(looked.communes)),
        "due": due,
    }


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else Decimal(tenths(value)) / 10


def _score(score: Score, total: Tallies, url: str) -> dict[str, Any]:
    known = builtin_quality()
    value = scores_of(total, known)[score]
    return {
        "id": score.value,
        "name": _score_name(score),
        "gloss": _gloss(score, total),
        "score": _decimal(value),
        "measures": [_measure(one, total.get(one.id, NOTHING), url) for one in known.of(score)],
    }


def _gloss(score: Score, total: Tallies) -> str:
    """Return what a score stands for; rules alone are no comparison with registers."""
    if score is Score.CORRECT and not total.get(REGISTERS, NOTHING).all:
        return _("mới qua quy tắc, chưa đối chiếu sổ")
    return _(GLOSSES[score])


def _score_name(score: Score) -> str:
    # "Đúng" is also the yes of a yes-or-no cell, so the catalogue of texts cannot tell them apart.
    return score.value.capitalize() if get_language() == "en" else SCORE_NAMES[score]


def _measure(one: Measure, tally: Tally, url: str) -> dict[str, Any]:
    share = tally.share
    return {
        "name": _(one.name),
        "weight": one.weight,
        "measured": share is not None,
        "counted": f"{write_number(tally.good)}/{write_number(tally.all)} {_(one.noun)}",
        "percent": None if share is None else percent_cut(share),
        "short": f"{write_number(tally.short)} {_(one.short)}" if tally.short else "",
        "url": f"{url}?of={one.id}#behind" if tally.short else "",
    }


def _order(tallies: Tallies, wanted: Measure | None) -> tuple[Any, ...]:
    """Put first what a reader looks for: the most that is not good, or the lowest score."""
    if wanted is not None:
        return (-tallies.get(wanted.id, NOTHING).short,)
    known = [one for one in scores_of(tallies, builtin_quality()).values() if one is not None]
    return (min(known, default=Fraction(101)), sum(known))


def _below(actor: Actor, area: Area, span: Span, looked: Looked) -> list[dict[str, Any]]:
    """Return one row an area directly below: the communes, or the provinces of the nation."""
    if area.level != Level.NATION:
        return [
            {
                "area": one.area,
                "heirs": one.heirs,
                "tallies": one.tallies,
                "asked": len(one.signals),
                "state": _(STATE_NAMES[one.state]).lower() if one.state else _("chưa lập biểu"),
            }
            for one in looked.communes
        ]
    parents = dict(
        Placement.objects.filter(version=actor.map_id, area__level=Level.COMMUNE.value).values_list(
            "area_id", "parent_id"
        )
    )
    provinces = Area.objects.in_bulk(set(parents.values()))
    grouped: dict[int, list[Sent]] = {}
    for one in looked.communes:
        here = one.heirs[0] if one.heirs else one.area
        grouped.setdefault(parents[here.pk], []).append(one)
    return [
        {
            "area": provinces[pk],
            "tallies": added(one.tallies for one in inside),
            "asked": sum(len(one.signals) for one in inside),
            "state": _("%(sent)s/%(all)s xã đã gửi")
            % {"sent": sum(one.counts for one in inside), "all": len(inside)},
        }
        for pk, inside in grouped.items()
    ]


def _row(one: Mapping[str, Any], label: str, wanted: Measure | None) -> dict[str, Any]:
    area: Area = one["area"]
    tallies: Tallies = one["tallies"]
    tally = tallies.get(wanted.id, NOTHING) if wanted else NOTHING
    url = reverse("web:quality-of", args=[area.code, label])
    return {
        "name": then_and_now(area, one.get("heirs", ())),
        "url": f"{url}?of={wanted.id}#behind" if wanted else url,
        "state": one["state"],
        "scores": [
            {"name": _score_name(score), "score": _decimal(value)}
            for score, value in scores_of(tallies, builtin_quality()).items()
        ],
        "short": f"{write_number(tally.short)} {_(wanted.short)}" if wanted else "",
        "asked": one["asked"],
        "questions_url": reverse("web:questions", args=[area.code, label]),
    }


def _own(
    request: SignedInRequest,
    area: Area,
    span: Span,
    period: Period,
    looked: Looked,
    wanted: Measure | None,
) -> dict[str, Any]:
    """Return what stands on a commune's own page: the cells behind each measure, and questions."""
    one = looked.communes[0] if looked.communes else None
    causes = one.causes if one else ()
    shown = [c for c in causes if wanted is None or c.measure == wanted.id]
    page = Paginator(shown, PAGE_SIZE).get_page(request.GET.get("page"))
    names = _names(causes, period)
    return {
        "causes": [
            *(_timely(one, period, wanted) if one and page.number == 1 else ()),
            *(_cause(c, names, area, period) for c in page.object_list),
        ],
        "page_obj": page,
        "page_query": f"&of={wanted.id}" if wanted else "",
        "return_url": reverse("web:return", args=[area.code, period.label]),
        "counts": bool(one and one.counts),
        "questions": [
            _question(q, period.label, request.actor, span)
            for q in questions_of(looked.communes, period, exact=True, english=is_english())
        ],
    }


def _names(causes: Iterable[Cause], period: Period) -> dict[str, str]:
    rows = {cause.row for cause in causes if cause.row}
    if not rows:
        return {}
    return {code: name.full for code, name in names_by_code(rows, period.end).items()}


def _timely(one: Sent, period: Period, wanted: Measure | None) -> list[dict[str, str]]:
    """Return the causes that lie in days and months, and in no cell."""
    known = {m.id: m for m in builtin_quality().measures}
    url = reverse("web:return", args=[one.area.code, period.label])
    found = []
    if one.late_days:
        late = {"days": one.late_days, "day": f"{one.sent_on:%d/%m/%Y}" if one.sent_on else ""}
        told = (
            _("Biểu gửi ngày %(day)s, trễ %(days)s ngày.")
            if one.sent_on
            else _("Biểu chưa gửi, trễ %(days)s ngày.")
        )
        found.append(("lateness", told % late))
    if not one.counts and one.tallies:
        said = _("Biểu chưa gửi nên chưa có số nào được tính.")
        unsent = ("units", "hamlets", "values")
        found += [(name, said) for name in unsent if one.tallies.get(name, NOTHING).short]
        old = (
            _("Số liệu mới nhất được tính đã cũ %(n)s tháng.") % {"n": one.old_months}
            if one.old_months
            else _("Không có số liệu nào được tính trong các tháng vừa qua.")
        )
        if "age" in one.tallies:
            found.append(("age", old))
    return [
        {"measure": _(known[measure].name), "place": one.area.full_name, "text": text, "url": url}
        for measure, text in found
        if wanted is None or wanted.id == measure
    ]


def _cause(cause: Cause, names: Mapping[str, str], area: Area, period: Period) -> dict[str, str]:
    measure, row, code, text = cause.measure, cause.row, cause.code, cause.text
    known = {one.id: one.name for one in builtin_quality().measures}
    column = indicator_name(code)
    place = names.get(row, row) if row else area.full_name
    url = reverse("web:return", args=[area.code, period.label])
    if measure in ("registers", "software"):
        url = reverse("web:reconciliation", args=[area.code, period.label])
        text = _("Còn lệch ở dòng “%(line)s”.") % {"line": _(text)}
    else:
        first = code or "households"
        url = f"{url}#{cell_id(row, first)}"
    words = {
        "hamlets": _("Chưa có số nào."),
        "values": _("Ô trống hoặc ghi chưa có."),
        "duplicates": _("Trùng toàn bộ số với một thôn khác."),
    }
    return {
        "measure": _(known.get(measure, measure)),
        "place": f"{place}, {column[:1].lower()}{column[1:]}" if column else place,
        "text": words.get(measure, text),
        "url": url,
    }


def _question(one: Question, label: str, actor: Actor, place: Span | None) -> dict[str, Any]:
    """Return a question; `place` is the commune's own, where it may be answered."""
    url = reverse("web:return", args=[one.area.code, label])
    return {
        "kind": one.kind,
        "area": one.area.full_name,
        "text": one.text,
        "cell_url": f"{url}#{cell_id('', one.at)}" if one.at else url,
        "own_url": reverse("web:questions", args=[one.area.code, label]),
        "answer": one.answer.text if one.answer else "",
        "by": one.answer.by if one.answer else "",
        "when": one.answer.at if one.answer else None,
        "outdated": one.outdated,
        "old": one.answer.question if one.answer and one.outdated and place else "",
        "answer_url": reverse("web:answer", args=[one.area.code, label])
        if place is not None and may(actor, ANSWER_QUESTION, place)
        else "",
    }
