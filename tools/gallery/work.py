"""Việc của tôi."""

from typing import Any

from tools.gallery.house import house

KINDS = {
    "deadline": "Thời hạn pháp lý",
    "return": "Báo cáo",
    "duty": "Nhiệm vụ",
    "dossier": "Hồ sơ thẩm định",
}


def _row(kind: str, title: str, why: str, when: str, due: str, act: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "kind_label": KINDS[kind],
        "title": title,
        "url": "#open",
        "why": why,
        "when": when,
        "when_note": due,
        "act": {"label": act, "url": "#act", "post": act.startswith("Nhắc")},
    }


_GROUPS = [
    {
        "key": "late",
        "title": "Quá hạn",
        "note": "3 việc",
        "rows": [
            _row(
                "deadline",
                "Ra quyết định quản lý người sử dụng, hồ sơ KS-2026-0041",
                "24 giờ từ thông báo xác minh 08:15 ngày 17/11 · Nghị định 163/2026, Điều 59",
                "Quá 2 giờ 27 phút",
                "08:15 hôm nay",
                "Ghi quyết định",
            ),
            _row(
                "return",
                "Biểu số liệu tháng 11: 3 trong 12 thôn chưa gửi",
                "Khe Rinh, Đồng Mít, Bãi Dâu · gửi Công an tỉnh",
                "Quá 2 ngày",
                "hạn 16/11/2026",
                "Nhắc 3 thôn",
            ),
            _row(
                "duty",
                "Gửi kế hoạch của xã thực hiện Kế hoạch 187/KH-UBND",
                "Mục IV.15 · chủ trì: UBND xã · gửi UBND tỉnh qua Công an tỉnh",
                "Quá 4 ngày",
                "trước ngày 15/11/2026",
                "Đính kèm kế hoạch",
            ),
        ],
    },
    {
        "key": "today",
        "title": "Hôm nay",
        "note": "4 việc",
        "rows": [
            _row(
                "return",
                "Sửa 2 ô bị trả lại trong biểu tháng 10",
                "“Thôn Đồng Mít: số hộ khác số đã duyệt.” · Công an tỉnh trả lại 17/11",
                "Hôm nay",
                "hạn 17:00",
                "Sửa 2 ô",
            ),
            _row(
                "deadline",
                "Chuyển hồ sơ KS-2026-0029 cho Công an xã Suối Nhàn",
                "24 giờ từ khi chuyển nơi cư trú · Nghị định 163/2026, Điều 62",
                "Còn 5 giờ 48 phút",
                "16:30 hôm nay",
                "Ghi bàn giao",
            ),
            _row(
                "dossier",
                "Cho ý kiến hồ sơ Thôn Cầu Sậy, thôn không ma túy năm 2026",
                "Tiêu chí địa phương · 6/6 tiêu chí đạt · đã có ý kiến Ủy ban MTTQ xã",
                "Hôm nay",
                "hạn 17:00",
                "Thẩm định",
            ),
            _row(
                "duty",
                "Ghi kết quả tuyên truyền tại Ngày hội Đại đoàn kết toàn dân tộc",
                "12 thôn · 9 thôn đã ghi · Kế hoạch 187/KH-UBND, mục III.2",
                "Hôm nay",
                "18/11/2026",
                "Ghi 3 thôn còn lại",
            ),
        ],
    },
    {
        "key": "week",
        "title": "Tuần này",
        "note": "5 việc · đến Chủ nhật 22/11",
        "rows": [
            _row(
                "duty",
                "Kiểm tra 4 cơ sở kinh doanh có điều kiện về ANTT",
                "21 cơ sở · 17 đã kiểm tra trong năm · phối hợp: Phòng Văn hóa – Xã hội",
                "Thứ Sáu, 20/11",
                "còn 2 ngày",
                "Lập biên bản",
            ),
            _row(
                "dossier",
                "Bổ sung 2 giấy tờ cho hồ sơ xã không ma túy năm 2026",
                "7/9 giấy tờ · thiếu biên bản đối chiếu, quyết định công nhận mô hình",
                "Thứ Sáu, 20/11",
                "còn 2 ngày",
                "Bổ sung",
            ),
            _row(
                "deadline",
                "Thông báo sắp hết thời hạn cai nghiện, hồ sơ KS-2025-0007",
                "Trước ngày hết hạn 30 ngày (21/12/2026) · Nghị định 163/2026, Điều 93",
                "Thứ Bảy, 21/11",
                "còn 3 ngày",
                "Lập thông báo",
            ),
            _row(
                "return",
                "Đối chiếu tháng 11: sổ, thôn và phần mềm ngành Công an",
                "Lệch ở 1 chỉ số tại 2 thôn · chưa ký xác nhận",
                "Thứ Bảy, 21/11",
                "còn 3 ngày",
                "Đối chiếu",
            ),
            _row(
                "duty",
                "Thay bảng đường dây nóng ở Thôn Khe Rinh",
                "Thôn báo mất ngày 09/11 · tiêu chí 5b đang chưa đạt vì việc này",
                "Chủ nhật, 22/11",
                "còn 4 ngày",
                "Ghi đã thay",
            ),
        ],
    },
]

_WORK: dict[str, Any] = {
    "today": "Thứ Tư, 18/11/2026",
    "late_count": 3,
    "today_count": 4,
    "filters": [
        {"label": "Tất cả", "count": 12, "url": "#", "current": True},
        {"label": "Nhiệm vụ", "count": 4, "url": "#", "current": False},
        {"label": "Báo cáo", "count": 3, "url": "#", "current": False},
        {"label": "Hồ sơ thẩm định", "count": 2, "url": "#", "current": False},
        {"label": "Thời hạn pháp lý", "count": 3, "url": "#", "current": False},
    ],
    "groups": _GROUPS,
    "waiting": [
        {
            "title": "Ký quyết định quản lý sau cai, hồ sơ KS-2024-0016",
            "url": "#",
            "note": "Chủ tịch UBND xã · chờ 1 ngày",
        },
        {
            "title": "Duyệt sửa số hộ Thôn Đồng Mít",
            "url": "#",
            "note": "Công an tỉnh · chờ 3 ngày",
        },
        {
            "title": "Ảnh bảng đường dây nóng mới",
            "url": "#",
            "note": "Trưởng thôn Khe Rinh · chờ 5 ngày",
        },
    ],
    "upcoming": [
        {"when": "30/11", "title": "Kiểm tra cư trú tháng 11", "note": "còn 4 trong 19 hồ sơ"},
        {"when": "14/12", "title": "Chốt số liệu năm 2026", "note": "kỳ 15/12/2025–14/12/2026"},
        {
            "when": "trước 20/12",
            "title": "Tỉnh gửi danh sách về Bộ Công an",
            "note": "Quyết định 28/2025, Điều 7",
        },
    ],
    "done": {
        "count": 9,
        "latest": "Gần nhất: ghi biên bản họp tổ quản lý, 10:05 hôm nay.",
        "url": "#log",
    },
}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "work": ("web/work.html", house("work") | _WORK),
    "work-empty": (
        "web/work.html",
        house("work")
        | _WORK
        | {"groups": [], "late_count": 0, "today_count": 0, "filters": [], "waiting": []},
    ),
}
