"""What a form needs to save itself (static/diaban/autosave.js)."""

import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from diaban.core.access import Actor


def as_form(actor: Actor, url: str, *whose: str) -> dict[str, Any]:
    """
    Return the context of a form that saves itself to `url`.

    `whose` says which form it is (area, period, ...): what the browser keeps of it is kept for
    this user and this form only.
    """
    return {
        "url": url,
        "draft": ":".join((str(actor.id), *whose)),
        "sign_in": f"{reverse('web:sign-in')}?next={reverse('web:work')}",
        "says": json.dumps(_says(), ensure_ascii=False),
    }


def _says() -> dict[str, str]:
    return {
        "typing": _("Đang chờ lưu…"),
        "saving": _("Đang lưu…"),
        "offline": _("Chưa lưu – mất mạng, sẽ tự lưu lại. Số đã gõ còn trên máy này."),
        "busy": _("Chưa lưu – máy chủ chưa trả lời, sẽ tự lưu lại. Số đã gõ còn trên máy này."),
        "unsent": _("Chưa gửi – mất mạng. Số đã gõ còn trên máy này; có mạng thì bấm gửi lại."),
        "now": _("Lưu lại ngay"),
        "expired": _(
            "Phiên làm việc đã hết – đăng nhập lại ở thẻ mới, số đã gõ còn nguyên và sẽ tự lưu."
        ),
        "sign_in": _("Đăng nhập ở thẻ mới"),
        "other_user": _(
            "Chưa lưu – trình duyệt đang đăng nhập bằng tài khoản khác. Đăng nhập lại bằng tài "
            "khoản cũ rồi tải lại trang; số đã gõ còn trên máy này."
        ),
        "refused": _("Chưa lưu – máy chủ không nhận. Số đã gõ còn trên máy này."),
        "reload": _("Tải lại trang, giữ số đã gõ"),
        "restored": _("Đã lấy lại {n} ô gõ lần trước mà chưa kịp lưu; đang lưu."),
        "only_here": _("Máy này không cho giữ số: đừng đóng thẻ."),
        "conflict": _("Chưa lưu – có ô người khác vừa sửa khác với bạn; chọn số đúng."),
        "conflict_head": _("Có người vừa lưu biểu này. Chọn số đúng cho từng ô:"),
        "agreed": _("Đã theo số đã lưu."),
        "keep_mine": _("Giữ số của tôi:"),
        "take_theirs": _("Lấy số đã lưu:"),
    }
