"""Việc của tôi: one list by urgency, each row with one click to do it."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from diaban.accounts.ended import administrators, roles_ended_by_a_change
from diaban.accounts.rules import (
    ADD_PLAN,
    APPROVE_RETURN,
    EDIT_RETURN,
    GIVE_BACK_RETURN,
    REPORT_HAMLET,
    SEE_AREA,
    SEE_DUTY,
)
from diaban.areas.rules.codes import NATION_CODE
from diaban.core.access import scopes
from diaban.core.periods import Period, PeriodKind, parse_label, period_of
from diaban.indicators.campaigns import chased_campaigns, owed_campaigns
from diaban.indicators.consolidations import waiting_for_nation
from diaban.indicators.hamlet_report_selectors import OwedReport, owed_reports
from diaban.indicators.models import Campaign, Consolidation, FormVersion
from diaban.indicators.reminders import reminded_of
from diaban.indicators.rules.period_forms import (
    MONTHLY,
    asked_form,
    form_by_kind,
    longer_kinds,
)
from diaban.indicators.rules.returns import State, due_on
from diaban.indicators.selectors import (
    Owed,
    closed_periods,
    form_among,
    not_reported,
    owed_by,
    returns_visible_to,
)
from diaban.indicators.to_approve import Batch, to_approve
from diaban.indicators.windows import window_called
from diaban.plans.duty_lists import due_for, standing_of
from diaban.plans.models import Share
from diaban.plans.rules.items import Kind
from diaban.plans.rules.states import State as PlanState
from diaban.plans.selectors import plans_visible_to, warnings_left
from diaban.web.area_words import then_and_now
from diaban.web.duties import standing_text
from diaban.web.frames import as_of, day_in_words, home_frame, in_sentence
from diaban.web.middleware import SignedInRequest
from diaban.web.navigation import area_url, home_code, sees_overviews
from diaban.web.plan_page import short

# Rows of a group before it is opened, and on a leaf of one that is.
ROWS: Final = 30
# What has no date of its own stands among what is to come, as if it had this long.
UNDATED: Final = timedelta(days=7)
Row = dict[str, Any]


@require_GET
def front(request: HttpRequest) -> HttpResponse:
    """Lead from the bare address to the list."""
    return redirect("web:work")


@require_GET
def work(request: SignedInRequest) -> HttpResponse:
    """Show what this person has to do, most urgent first."""
    actor, today = request.actor, timezone.localdate()
    rows: list[Row] = []
    # One statement says as well whether any campaign is owed: most days there is none.
    running = Campaign.objects.filter(form=OuterRef("code"), closed_at=None, end__lt=today)
    versions = list(FormVersion.objects.annotate(asked=Exists(running)))
    if scopes(actor, EDIT_RETURN):
        owed = owed_by(actor, today, versions)
        if any(getattr(one, "asked", False) for one in versions):
            owed += owed_campaigns(actor, today)
        reminded = reminded_of({one.area.pk for one in owed}, {one.period.label for one in owed})
        rows += [
            _owed_row(one, today, reminded.get((one.area.pk, one.period.label))) for one in owed
        ]
    if scopes(actor, REPORT_HAMLET):
        rows += [_hamlet_row(one, today) for one in owed_reports(actor, today, versions)]
    if scopes(actor, GIVE_BACK_RETURN):
        rows += _chase_rows(request, today, versions)
        # Only the nation's office answers provinces; the others need not be asked about.
        if home_code(actor) == NATION_CODE:
            rows += [_sent_up_row(one) for one in waiting_for_nation(actor)]
        elif scopes(actor, APPROVE_RETURN):
            rows += [_approve_row(home_code(actor), one) for one in to_approve(actor)]
    if scopes(actor, ADD_PLAN):
        rows += _plan_rows(request)
    if scopes(actor, SEE_DUTY):
        rows += [_duty_row(one, today) for one in due_for(actor, today)]
    kind = request.GET.get("kind", "")
    shown = [row for row in rows if not kind or row["kind"] == kind]
    groups = _groups(shown, request.GET)
    context = {
        "today": day_in_words(today),
        "late_count": sum(1 for row in rows if row["group"] == "late"),
        "today_count": sum(1 for row in rows if row["group"] == "today"),
        "filters": _filters(rows, kind),
        "groups": groups,
        "ended": [] if actor.grants else _ended_roles(request, today),
        # Who has nothing to do here, as a leader who signs in to look, is led on.
        "overview_url": ""
        if rows or not sees_overviews(actor)
        else area_url(actor, home_code(actor)),
        "waiting": _waiting(request),
        "upcoming": _upcoming(today, versions),
        "area": home_frame(actor, SEE_AREA, partial(area_url, actor), "areas"),
        "as_of": as_of([timezone.now()]),
    }
    return render(request, "web/work.html", context)


def _ended_roles(request: SignedInRequest, today: date) -> list[str]:
    """Say of each role that a change of the map has ended which it was, and whom to ask."""
    ended = roles_ended_by_a_change(request.user, today)
    if not ended:
        return []
    names = ", ".join(administrators(today))
    whom = _("quản trị (%(names)s)") % {"names": names} if names else _("quản trị hệ thống")
    return [
        _(
            "Vai trò %(role)s ở %(area)s đã kết thúc từ ngày %(day)s theo thay đổi địa bàn "
            "“%(basis)s”. Muốn làm tiếp, hãy đề nghị %(whom)s cấp vai trò ở %(heirs)s."
        )
        % {
            "role": one.role,
            "area": one.area,
            "day": f"{one.day:%d/%m/%Y}",
            "basis": one.basis,
            "whom": whom,
            "heirs": ", ".join(one.heirs) or _("đơn vị mới"),
        }
        for one in ended
    ]


def _groups(rows: Sequence[Row], given: QueryDict) -> list[Row]:
    """Return the groups that have rows; `?group=` opens one, leaf by leaf."""
    titles = {"late": _("Quá hạn"), "today": _("Hôm nay"), "week": _("Sắp tới")}
    opened = group if (group := given.get("group", "")) in titles else ""
    kind = given.get("kind", "")
    groups = []
    for key in [opened] if opened else titles:
        inside = sorted((row for row in rows if row["group"] == key), key=lambda r: r["due"])
        if not inside:
            continue
        count = {"n": len(inside)}
        page = Paginator(inside, ROWS).get_page(given.get("page") if opened else 1)
        query = urlencode({"kind": kind, "group": key} if kind else {"group": key})
        note = ngettext("%(n)s việc", "%(n)s việc", len(inside)) % count
        found: Row = {"key": key, "title": titles[key], "note": note, "rows": page}
        if opened:
            found |= {"page_obj": page, "page_query": f"&{query}"}
        elif len(inside) > ROWS:
            url = f"{reverse('web:work')}?{query}"
            found["more"] = {"url": url, "label": _("Xem cả %(n)s việc") % count}
        groups.append(found)
    return groups


def _dated(due: date, today: date) -> Row:
    """Return where a row with a due day stands, and its words."""
    left = (due - today).days
    if left < 0:
        group, when = "late", ngettext("Quá %(n)d ngày", "Quá %(n)d ngày", -left) % {"n": -left}
    elif left == 0:
        group, when = "today", _("Hôm nay")
    else:
        group, when = "week", ngettext("Còn %(n)d ngày", "Còn %(n)d ngày", left) % {"n": left}
    note = _("hạn %(day)s") % {"day": f"{due:%d/%m/%Y}"}
    return {"group": group, "due": due, "when": when, "when_note": note}


def _undated(since: date, when: str, note: str) -> Row:
    """Return the same for a row that is due on no day; `since` when it has been waiting."""
    return {"group": "week", "due": since + UNDATED, "when": when, "when_note": note}


def _act(label: str, url: str) -> Row:
    return {"url": url, "act": {"label": label, "url": url, "post": False}}


def _begun(state: str | None, reason: str, whom: str, given_back: str) -> tuple[str, str, str]:
    """Return how far a form has come, what to do, and why, for one that its unit still owes."""
    if state == "returned":
        return given_back, _("Sửa và gửi lại"), f"“{reason}”"
    if state == "draft":
        return _("đang nhập dở"), _("Nhập tiếp"), whom
    return _("chưa lập"), _("Nhập số liệu"), whom


def _owed_row(one: Owed, today: date, reminded: date | None) -> Row:
    url = reverse("web:return", args=[one.area.code, one.period.label])
    whom = _goes_to(then_and_now(one.area, one.heirs), _("gửi tỉnh"))
    what, act, why = _begun(one.state, one.reason, whom, _("bị trả lại, cần sửa"))
    if one.heirs and one.state == "returned":
        why = f"{then_and_now(one.area, one.heirs)} · {why}"
    return {
        **_dated(one.due, today),
        "kind": "return",
        "kind_label": _("Báo cáo"),
        "title": f"{_('Biểu số liệu')} {in_sentence(one.period)}: {what}",
        "why": _reminded(why, reminded),
        **_act(act, url),
    }


def _goes_to(name: str, whom: str) -> str:
    return f"{name} · {whom}"


def _reminded(why: str, day: date | None) -> str:
    if day is None:
        return why
    return _("%(why)s · được nhắc ngày %(day)s") % {"why": why, "day": f"{day:%d/%m}"}


def _hamlet_row(one: OwedReport, today: date) -> Row:
    url = reverse("web:hamlet", args=[one.hamlet.code, one.period.label])
    whom = _goes_to(one.hamlet.full_name, _("gửi xã"))
    what, act, why = _begun(one.state, one.reason, whom, _("xã trả lại, cần sửa"))
    return {
        **_dated(one.due, today),
        "kind": "return",
        "kind_label": _("Báo cáo"),
        "title": f"{_('Phiếu thôn')} {in_sentence(one.period)}: {what}",
        "why": why,
        **_act(act, url),
    }


def _duty_row(share: Share, today: date) -> Row:
    stood = standing_of(share, today)
    url = reverse("web:duty", args=[share.pk])
    kind, kind_label = {
        Kind.REPORT: ("return", _("Báo cáo")),
        Kind.EVENT: ("duty", _("Sự kiện")),
    }.get(Kind(share.duty.kind), ("duty", _("Nhiệm vụ")))
    if share.due_on is None:
        stands = _undated(today, standing_text(stood), _("chưa có minh chứng mới"))
    elif share.duty.kind == Kind.EVENT and share.due_on < today:
        day = _("ngày %(day)s") % {"day": f"{share.due_on:%d/%m/%Y}"}
        stands = _undated(today, standing_text(stood, Kind.EVENT), day) | {"due": share.due_on}
    else:
        stands = _dated(share.due_on, today)
    reminded = getattr(share, "reminded_on", None)
    source = share.duty.plan.number or share.duty.plan.title
    section = _("mục %(n)s") % {"n": share.duty.section}
    why = f"{source}, {section} · {share.agency.name}"
    return {
        **stands,
        "kind": kind,
        "kind_label": kind_label,
        "title": short(share.duty.what),
        "why": _reminded(why, reminded),
        **_act(_("Báo kết quả"), url),
    }


def _chase_rows(
    request: SignedInRequest, today: date, versions: Sequence[FormVersion]
) -> list[Row]:
    """Return a row for each period of which returns are owed: newest of each kind, campaigns."""
    owed = not_reported(request.actor, closed_periods(today, versions, months=1))
    if any(getattr(one, "asked", False) for one in versions):
        owed += chased_campaigns(request.actor, today)
    late: dict[Period, list[Owed]] = {}
    for one in owed:
        late.setdefault(one.period, []).append(one)
    return [_chase_row(home_code(request.actor), period, found) for period, found in late.items()]


def _chase_row(code: str, period: Period, late: Sequence[Owed]) -> Row:
    today = timezone.localdate()
    named = ", ".join(
        then_and_now(one.area, one.heirs) if one.heirs else one.area.short_name for one in late[:3]
    )
    url = reverse("web:completeness", args=[code, period.label]) + "?state=late"
    return {
        **_dated(late[0].due, today),
        "kind": "return",
        "kind_label": _("Báo cáo"),
        "title": ngettext(
            "Biểu số liệu %(period)s: %(n)d xã, phường chưa gửi",
            "Biểu số liệu %(period)s: %(n)d xã, phường chưa gửi",
            len(late),
        )
        % {"period": in_sentence(period), "n": len(late)},
        "why": _("%(names)s và các xã khác") % {"names": named} if len(late) > 3 else named,
        **_act(ngettext("Xem %(n)d xã", "Xem %(n)d xã", len(late)) % {"n": len(late)}, url),
    }


def _approve_row(code: str, one: Batch) -> Row:
    since = timezone.localtime(one.since).date()
    url = reverse("web:approve-all", args=[code, one.period.label])
    count = {"n": one.count}
    day = _("gửi từ ngày %(day)s") % {"day": f"{since:%d/%m/%Y}"}
    return {
        **_undated(since, _("Chờ duyệt"), day),
        "kind": "return",
        "kind_label": _("Báo cáo"),
        "title": ngettext(
            "Biểu số liệu %(period)s: %(n)d biểu chờ duyệt",
            "Biểu số liệu %(period)s: %(n)d biểu chờ duyệt",
            one.count,
        )
        % {"period": in_sentence(one.period), **count},
        "why": _("Đã cộng vào tổng; duyệt xong mới chốt và gửi lên trên được."),
        **_act(ngettext("Duyệt %(n)d biểu", "Duyệt %(n)d biểu", one.count) % count, url),
    }


def _sent_up_row(one: Consolidation) -> Row:
    sent = timezone.localtime(one.saved_at).date()
    url = reverse("web:consolidation", args=[one.area.code, one.period])
    return {
        **_undated(sent, _("Chờ tiếp nhận"), _("gửi ngày %(day)s") % {"day": f"{sent:%d/%m/%Y}"}),
        "kind": "return",
        "kind_label": _("Báo cáo"),
        "title": _("%(area)s gửi số liệu %(period)s: chờ tiếp nhận")
        % {"area": one.area.full_name, "period": in_sentence(window_called(one.period))},
        "why": _("%(n)s trong %(all)s xã, phường có số · %(by)s")
        % {"n": one.reporting, "all": one.expected, "by": one.saved_by},
        **_act(_("Xem lại"), url),
    }


def _plan_rows(request: SignedInRequest) -> list[Row]:
    rows = []
    waiting = list(
        plans_visible_to(request.actor).filter(
            state=PlanState.READ, area__code=home_code(request.actor)
        )[:5]
    )
    left = warnings_left(waiting)
    for plan in waiting:
        warnings = left[plan.pk]
        added = timezone.localtime(plan.document.added_at).date()
        rows.append(
            {
                **_undated(
                    added, _("Chờ xem lại"), _("đọc ngày %(day)s") % {"day": f"{added:%d/%m/%Y}"}
                ),
                "kind": "plan",
                "kind_label": _("Kế hoạch"),
                "title": _("Xem lại những gì đọc được: %(title)s") % {"title": plan.title},
                "why": ngettext("%(from)s · %(n)d cảnh báo", "%(from)s · %(n)d cảnh báo", warnings)
                % {"from": plan.issuer or plan.document.name, "n": warnings},
                **_act(_("Xem lại"), reverse("web:plan", args=[plan.pk])),
            }
        )
    return rows


def _filters(rows: Sequence[Row], kind: str) -> list[Row]:
    url = reverse("web:work")
    names = {row["kind"]: row["kind_label"] for row in rows}
    filters = [{"label": _("Tất cả"), "count": len(rows), "url": url, "current": not kind}]
    for key, name in names.items():
        count = sum(1 for row in rows if row["kind"] == key)
        filters.append(
            {"label": name, "count": count, "url": f"{url}?kind={key}", "current": kind == key}
        )
    return filters


def _waiting(request: SignedInRequest) -> list[Row]:
    """Return what this person has sent and others have not answered yet."""
    if not scopes(request.actor, EDIT_RETURN):
        return []
    sent = (
        returns_visible_to(request.actor)
        .filter(form__in=form_by_kind().values(), state=State.SUBMITTED)
        .select_related("area")
        .defer("document", "unread")
        .order_by("-submitted_at")[:3]
    )
    today = timezone.localdate()
    rows = []
    for one in sent:
        if one.submitted_at is None:
            continue
        days = (today - timezone.localtime(one.submitted_at).date()).days
        rows.append(
            {
                "title": _("Duyệt biểu số liệu %(period)s")
                % {"period": in_sentence(parse_label(one.period))},
                "url": reverse("web:return", args=[one.area.code, one.period]),
                "note": ngettext("tỉnh · chờ %(n)d ngày", "tỉnh · chờ %(n)d ngày", days)
                % {"n": days}
                if days
                else _("tỉnh · gửi hôm nay"),
            }
        )
    return rows


def _upcoming(today: date, versions: Sequence[FormVersion]) -> list[Row]:
    """Return the next dates of the reporting calendar (Nghị định 09/2019/NĐ-CP, Điều 12)."""
    month = period_of(today, PeriodKind.MONTH)
    year = period_of(today, PeriodKind.YEAR)
    due = due_on(month.end, form_among(versions, MONTHLY, month).due_days)
    longer = [period_of(today, kind) for kind in longer_kinds()]
    # Those that end with the quarter are due with it.
    longer = [one for one in longer if one.end == min(other.end for other in longer)]
    later = max(
        due_on(one.end, form_among(versions, asked_form(one), one).due_days) for one in longer
    )
    return [
        {
            "when": f"{month.end:%d/%m}",
            "title": _("Chốt số liệu %(period)s") % {"period": in_sentence(month)},
            "note": _("kỳ %(span)s") % {"span": month.span},
        },
        {
            "when": f"{due:%d/%m}",
            "title": _("Hạn gửi biểu %(period)s") % {"period": in_sentence(month)},
            "note": _("cấp xã gửi tỉnh"),
        },
        {
            "when": f"{later:%d/%m}",
            "title": _("Hạn gửi biểu %(period)s") % {"period": ", ".join(map(in_sentence, longer))},
            "note": _("cấp xã gửi tỉnh"),
        },
        {
            "when": f"{year.end:%d/%m}",
            "title": _("Chốt số liệu %(period)s") % {"period": in_sentence(year)},
            "note": _("kỳ %(span)s") % {"span": year.span},
        },
    ]
