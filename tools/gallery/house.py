"""What every example page knows: the navigation, the office, the area and the period."""

from typing import Any

_COMMUNE = [
    ("Việc của tôi", "work", "duty", "Việc"),
    ("Toàn cảnh", "overview", "overview", ""),
    ("Kế hoạch", "plans", "plan", ""),
    ("Số liệu", "returns", "return", "Số liệu"),
    ("Tiêu chí", "criteria", "criteria", "Tiêu chí"),
    ("Tiến độ", "completeness", "report", ""),
]


def house(current: str, *, province: bool = False) -> dict[str, Any]:
    """Return the context of the frame, for a commune's officer or for the province's."""
    count = 31 if province else 12
    return {
        "home_url": "#work",
        "nav": [
            {
                "label": label,
                "url": f"#{key}",
                "icon": icon,
                "phone": phone,
                "current": key == current,
                "count": count if key == "work" else None,
            }
            for label, key, icon, phone in _COMMUNE
        ],
        "office": {"name": "Công an tỉnh · PC04", "initials": "CA"}
        if province
        else {"name": "Công an xã Khe Sậy", "initials": "KS"},
        "user_menu": [{"label": "Nhật ký của tôi", "url": "#log", "icon": "register"}],
        "search_url": "#search",
        "sign_out_url": "#out",
        "language_url": "#language",
        "as_of": "10:42 hôm nay",
        "area": PROVINCE if province else COMMUNE,
        "period": YEAR if province else MONTH,
    }


PROVINCE: dict[str, Any] = {
    "path": [],
    "name": "Tỉnh Sông Lam",
    "search_url": "#areas",
    "choices": [
        {"name": "Tỉnh Sông Lam", "note": "98 xã, phường", "url": "#", "current": True},
        {"name": "Xã Khe Sậy", "note": "12 thôn", "url": "#", "current": False},
        {"name": "Xã Tân Hòe", "note": "12 thôn", "url": "#", "current": False},
    ],
}
COMMUNE: dict[str, Any] = {
    "path": [{"name": "Tỉnh Sông Lam", "url": "#"}],
    "name": "Xã Khe Sậy",
    "search_url": "#areas",
    "choices": [
        {"name": "Xã Khe Sậy", "note": "12 thôn", "url": "#", "current": True},
        {"name": "Thôn Cầu Sậy", "note": "Xã Khe Sậy", "url": "#", "current": False},
    ],
}
MONTH: dict[str, Any] = {
    "label": "Tháng 11/2026",
    "span": "15/10–14/11",
    "previous_url": "#",
    "next_url": "#",
    "choices": [
        {"label": "Tháng 11/2026", "span": "15/10–14/11", "url": "#", "current": True},
        {"label": "Tháng 10/2026", "span": "15/09–14/10", "url": "#", "current": False},
    ],
}
YEAR: dict[str, Any] = {
    "label": "Năm 2026",
    "span": "15/12/2025–14/12/2026",
    "previous_url": "#",
    "next_url": "#",
    "choices": [
        {"label": "Năm 2026", "span": "15/12/2025–14/12/2026", "url": "#", "current": True},
    ],
}
