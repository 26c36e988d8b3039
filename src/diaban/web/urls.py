"""Addresses of the pages. Periods are labels (`2026-11`, `2026`), areas are codes."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from django.views.i18n import set_language

from diaban.web import (
    criteria,
    find,
    overview,
    papers,
    plans,
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
    path("areas/<str:code>/", overview.of_area, name="overview"),
    path("areas/<str:code>/<str:label>/", overview.overview, name="overview-of"),
    path("plans/", plans.listed, name="plans"),
    path("plans/add/", plans.add, name="add-plan"),
    path("plans/<int:plan_id>/", plans.shown, name="plan"),
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
