"""Signing in, and what went wrong."""

from typing import Any


class _Form:
    """What the template reads of Django's form."""

    def __init__(self, refused: str = "") -> None:
        self.non_field_errors = [refused] if refused else []
        empty = {"errors": [], "value": ""}
        self.username, self.password = empty, empty


PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "sign-in": (
        "web/sign_in.html",
        {
            "form": _Form("Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy gõ lại cả hai."),
            "demo_password": "song-lam-2026",
            "demo_accounts": [
                {"username": "tinh", "name": "Cơ quan thường trực, Công an tỉnh"},
                {"username": "lanhdao", "name": "Lãnh đạo UBND tỉnh"},
                {"username": "khesay", "name": "Cán bộ xã Khe Sậy"},
                {"username": "caudong", "name": "Trưởng thôn Cầu Sậy"},
                {"username": "soyte", "name": "Sở Y tế"},
            ],
        },
    ),
    "missing": ("404.html", {}),
    "refused": (
        "409.html",
        {"sentence": "Biểu tháng 11 của xã Khe Sậy đã khóa.", "code": "period_closed"},
    ),
    "broken": ("500.html", {}),
    "locked-out": ("web/locked_out.html", {}),
    "not-allowed": ("403.html", {"expired": True}),
    "bad-request": ("400.html", {}),
}
