"""The address map: all pages are in `diaban.web`."""

from django.urls import include, path

urlpatterns = [path("", include("diaban.web.urls"))]

handler400 = "diaban.web.errors.bad_request"
handler403 = "diaban.web.errors.not_allowed"
handler404 = "diaban.web.errors.missing"
handler500 = "diaban.web.errors.broken"
