"""Addresses of the pages. Periods are labels (`2026-11`, `2026`), areas are codes."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from django.views.i18n import set_language

from diaban.web import (
    areas,
    criteria,
    duties,
    feeds,
    find,
    look_up,
    overview,
    papers,
    plan_review,
    plans,
    programme,
    proof,
    returns,
    review,
    sign_in,
    work,
    workbooks,
)

app_name = "web"

urlpatterns: list[URLPattern] = [
    path("", work.front, name="front"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign-out"),
    path("language/", login_not_required(set_language), name="language"),
    path("work/", work.work, name="work"),
    path("find/", find.find, name="find"),
    path("areas/browse/", areas.browse, name="areas"),
    path("areas/browse/<str:code>/", areas.one, name="area"),
    path("areas/look-up/", look_up.look_up, name="look-up"),
    path("areas/<str:code>/", overview.of_area, name="overview"),
    path("areas/<str:code>/<str:label>/", overview.overview, name="overview-of"),
    path("plans/", plans.listed, name="plans"),
    path("plans/add/", plans.add, name="add-plan"),
    path("plans/<int:plan_id>/", plans.shown, name="plan"),
    path("plans/<int:plan_id>/items/add/", plan_review.add, name="add-item"),
    path("plans/<int:plan_id>/items/undo/", plan_review.undo, name="undo-item"),
    path(
        "plans/<int:plan_id>/items/<int:item_id>/confirm/", plan_review.confirm, name="confirm-item"
    ),
    path("plans/<int:plan_id>/items/<int:item_id>/reject/", plan_review.reject, name="reject-item"),
    path("plans/<int:plan_id>/items/<int:item_id>/edit/", plan_review.edit, name="edit-item"),
    path("plans/<int:plan_id>/items/<int:item_id>/split/", plan_review.split, name="split-item"),
    path("plans/<int:plan_id>/items/<int:item_id>/merge/", plan_review.merge, name="merge-item"),
    path("plans/<int:plan_id>/publish/", programme.publish, name="publish-plan"),
    path("plans/<int:plan_id>/programme/", programme.programme, name="programme"),
    path("plans/<int:plan_id>/link/", programme.link, name="link-plan"),
    path("plans/<int:plan_id>/groups/<int:group_id>/", programme.group, name="plan-group"),
    re_path(
        r"^plans/(?P<plan_id>\d+)/programme\.(?P<kind>docx|xlsx)$",
        papers.programme,
        name="programme-paper",
    ),
    path("duties/", duties.listed, name="duties"),
    path("duties/timeline/", duties.timeline, name="timeline"),
    path("duties/remind/", duties.remind, name="remind"),
    path("duties/views/", duties.save_view, name="save-view"),
    path("duties/calendar/", feeds.address, name="feeds"),
    path("duties/calendar/<str:token>.ics", feeds.calendar, name="feed"),
    path("duties/evidence/<int:evidence_id>/", feeds.evidence, name="evidence"),
    path("duties/list.xlsx", papers.duties, name="export-duties"),
    path("duties/<int:share_id>/", duties.one, name="duty"),
    path("duties/<int:share_id>/report/", duties.report, name="report-duty"),
    path("duties/<int:share_id>/extend/", duties.extend, name="extend-duty"),
    path("duties/<int:share_id>/reopen/", duties.reopen, name="reopen-duty"),
    path("duties/<int:share_id>/dates/", duties.dates, name="duty-dates"),
    path("returns/<str:code>/", returns.of_area, name="returns"),
    path("returns/<str:code>/<str:label>/", returns.entry, name="return"),
    path("returns/<str:code>/<str:label>/autosave/", returns.autosave, name="autosave"),
    path("returns/<str:code>/<str:label>/workbook/", workbooks.take_out, name="return-workbook"),
    path("returns/<str:code>/<str:label>/import/", workbooks.hand_in, name="import-return"),
    path(
        "returns/<str:code>/<str:label>/errors/<str:key>/", workbooks.errors, name="return-errors"
    ),
    path("returns/<str:code>/<str:label>/review/", review.act, name="review"),
    path("returns/<str:code>/<str:label>/revisions/", review.revisions, name="revisions"),
    path("proof/<str:code>/<str:label>/", proof.proof, name="proof"),
    path("completeness/<str:code>/<str:label>/approve/", review.approve_all, name="approve-all"),
    path("completeness/<str:code>/<str:label>/", returns.completeness, name="completeness"),
    path("criteria/<str:code>/", criteria.of_area, name="criteria"),
    path("criteria/<str:code>/<str:set_id>/<str:label>/", criteria.matrix, name="matrix"),
    path("minutes/<str:set_id>/<str:code>/<str:label>.docx", papers.minutes, name="minutes"),
]
