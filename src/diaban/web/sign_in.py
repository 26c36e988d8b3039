"""Signing in and out."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from diaban.accounts.models import User


class SignInForm(AuthenticationForm):
    """User name and password; one sentence for every way in which they can be wrong."""

    error_messages = {
        "invalid_login": _("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy gõ lại cả hai."),
        "inactive": _("Tài khoản này đã ngừng. Hãy liên hệ quản trị của tỉnh."),
    }


@method_decorator(login_not_required, name="dispatch")
class SignIn(views.LoginView):
    """The sign-in page; in demo mode it lists the demo accounts."""

    template_name = "web/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the form, and the demo accounts where the installation is a demo."""
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            from diaban.demo.people import DEMO_PASSWORD

            context["demo_accounts"] = User.objects.filter(is_demo=True).order_by("pk")
            context["demo_password"] = DEMO_PASSWORD
        return context


class SignOut(views.LogoutView):
    """Signing out, by POST only."""


def locked_out(request: HttpRequest, credentials: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Return the page for an account that is locked after too many wrong passwords."""
    return render(request, "web/locked_out.html", status=429)
