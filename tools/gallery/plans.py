"""Kế hoạch: the list, and one plan half confirmed. The words of the plan are invented."""

from datetime import date
from typing import Any

from tools.gallery.house import house

Run = dict[str, Any]


def _plain(text: str) -> Run:
    return {"id": "", "parts": [{"text": text, "kind": ""}]}


def _run(item: str, *parts: str, confirmed: bool = False, current: bool = False) -> Run:
    """Return the words of an item; a part is `kind:text`."""
    split = [part.split(":", 1) for part in parts]
    return {
        "id": f"words-{item}",
        "url": f"#item-{item}",
        "confirmed": confirmed,
        "current": current,
        "parts": [{"kind": kind, "text": text} for kind, text in split],
    }


def _heading(text: str) -> dict[str, Any]:
    return {"kind": "heading", "mark": "", "runs": [_plain(text)]}


def _para(*runs: Run, mark: str = "") -> dict[str, Any]:
    return {"kind": "para", "mark": mark, "runs": list(runs)}


_DOCUMENT = [
    _para(
        _run(
            "1",
            "duty:- Cùng Công an tỉnh xem xét hồ sơ của các xã, trình công nhận xã không ma túy",
            confirmed=True,
        ),
        _plain(" (khi UBND cấp xã có văn bản)."),
        mark="confirmed",
    ),
    _heading("11. Báo và Phát thanh, Truyền hình tỉnh"),
    _para(
        _run(
            "2",
            "duty:- Mở chuyên mục hằng tuần, đưa tin gương người tốt; làm 01 phóng sự về "
            "các thôn giữ vững kết quả",
            confirmed=True,
        ),
        _plain(" ("),
        _run("2b", "date:xong trước ngày 15/12/2026", confirmed=True),
        _plain(")."),
        mark="confirmed",
    ),
    _heading("12. Đề nghị Ủy ban MTTQ Việt Nam và các đoàn thể tỉnh"),
    _para(
        _run(
            "3",
            "duty:- Chọn, dựng và nuôi các tổ tự quản ở cơ sở, để mỗi xã, phường có ",
            "target:ít nhất 01 mô hình",
            "duty: của đoàn viên, hội viên hoạt động thật (",
            "duty:26 xã biên giới ",
            "date:xong trước ngày 15/12/2026",
            "duty:; nơi khác ",
            "date:xong trước ngày 15/01/2027",
            "duty:).",
            current=True,
        )
    ),
    _para(
        _run("4", "duty:- Giúp vốn, việc làm cho hội viên trở về sau cai nghiện"),
        _plain(" ("),
        _run("4b", "date:làm thường xuyên"),
        _plain(")."),
    ),
    _heading("13. Đề nghị Viện kiểm sát nhân dân, Tòa án nhân dân tỉnh"),
    _para(
        _run(
            "5",
            "duty:- Bàn với Công an tỉnh đưa án điểm ra xử tại chỗ; ",
            "target:01 phiên lưu động ở mỗi cụm xã",
            "duty: biên giới",
        ),
        _plain(" ("),
        _run("5b", "date:xong trước ngày 15/12/2025"),
        _plain(")."),
        mark="warning",
    ),
    _heading("15. Ủy ban nhân dân các xã, phường"),
    _para(
        _run(
            "6",
            "duty:- Ra kế hoạch của xã, chia việc cho từng thôn; gửi về UBND tỉnh qua Công an tỉnh",
        ),
        _plain(" "),
        _run("6b", "date:trước ngày 05/12/2026"),
        _plain("."),
    ),
    _para(
        _run(
            "7",
            "duty:- Vận động ",
            "target:95% hộ gia đình",
            "duty: ký cam kết; ",
            "target:100% thôn, tổ dân phố",
            "duty: có hòm thư tố giác và bảng số điện thoại đường dây nóng",
        ),
        _plain(" ("),
        _run("7b", "date:làm thường xuyên"),
        _plain(")."),
        mark="warning",
    ),
    _heading("V. TỔ CHỨC THỰC HIỆN"),
    _para(
        _run(
            "8",
            "duty:1. Các sở, ngành và UBND xã, phường báo cáo kết quả về UBND tỉnh "
            "qua Công an tỉnh",
        ),
        _plain(" "),
        _run("8b", "date:trước ngày 20/6 và 20/12 hằng năm"),
        _plain("."),
    ),
]


def _item(
    number: str, section: str, title: str, facts: str, state: str, label: str
) -> dict[str, Any]:
    return {
        "id": f"item-{number}",
        "section": section,
        "title": title,
        "facts": facts,
        "state": state,
        "state_label": label,
        "url": f"#item-{number}",
        "current": False,
    }


_ITEMS = [
    _item(
        "2",
        "IV.11",
        "Mở chuyên mục hằng tuần; làm 01 phóng sự về các thôn giữ vững kết quả",
        "Báo và PTTH tỉnh · chủ trì · trước 15/12/2026",
        "confirmed",
        "Đã xác nhận",
    ),
    _item("3", "IV.12", "Mỗi xã, phường có ít nhất 01 mô hình hoạt động thật", "", "waiting", "")
    | {
        "current": True,
        "detail": {
            "fields": [
                {
                    "label": "Cơ quan",
                    "lines": [
                        {"text": "Ủy ban MTTQ Việt Nam tỉnh; các tổ chức chính trị - xã hội"}
                    ],
                },
                {
                    "label": "Tính chất",
                    "lines": [
                        {"badge": "đề nghị", "text": "không tính quá hạn khi xếp loại cơ quan"}
                    ],
                },
                {
                    "label": "Thời hạn",
                    "lines": [
                        {
                            "text": "trước ngày",
                            "strong": "15/12/2026",
                            "note": "26 xã biên giới",
                        },
                        {
                            "text": "trước ngày",
                            "strong": "15/01/2027",
                            "note": "72 xã, phường còn lại",
                        },
                    ],
                },
                {
                    "label": "Chỉ tiêu",
                    "lines": [
                        {
                            "text": "ít nhất 1 mô hình mỗi xã",
                            "note": "chỉ số: Số mô hình hoạt động hiệu quả",
                        }
                    ],
                },
                {"label": "Giao xuống", "lines": [{"text": "98 xã, phường, theo nhóm thời hạn"}]},
            ],
            "source_url": "#words-3",
            "confirm_url": "#confirm",
            "edit_url": "#edit",
            "split_url": "#split",
            "merge_url": "#merge",
            "reject_url": "#reject",
            "add_url": "#add",
            "undo_url": "#undo",
        },
    },
    _item(
        "4",
        "IV.12",
        "Giúp vốn, việc làm cho hội viên trở về sau cai nghiện",
        "Các tổ chức chính trị - xã hội · đề nghị · thường xuyên",
        "waiting",
        "Chờ xác nhận",
    ),
    _item(
        "5",
        "IV.13",
        "Đưa án điểm ra xử tại chỗ ở cụm xã biên giới",
        "Tòa án nhân dân tỉnh · đề nghị · trước 15/12/2025",
        "warning",
        "Xem thời hạn",
    ),
    _item(
        "6",
        "IV.15",
        "Ra kế hoạch của xã, gửi UBND tỉnh qua Công an tỉnh",
        "UBND 98 xã, phường · giao · trước 05/12/2026",
        "waiting",
        "Chờ xác nhận",
    ),
    _item(
        "7",
        "IV.15",
        "95% hộ ký cam kết; 100% thôn có hòm thư, bảng đường dây nóng",
        "UBND 98 xã, phường · giao · thường xuyên",
        "warning",
        "Tách 2 việc",
    ),
    _item(
        "8",
        "V.1",
        "Báo cáo kết quả về UBND tỉnh qua Công an tỉnh",
        "Các sở, ngành; UBND 98 xã, phường · hằng năm 20/6, 20/12",
        "waiting",
        "Chờ xác nhận",
    ),
]
_PLAN: dict[str, Any] = {
    "plan": {
        "title": "Xây dựng xã, phường không ma túy giai đoạn 2026–2030",
        "state": "bản nháp, chưa công bố",
        "state_code": "waiting",
        "list_url": "#plans",
        "confirmed": 37,
        "total": 112,
        "publish_url": "#publish",
        "read_at": "09:58 hôm nay",
        "page": "Trang 6/11",
    },
    "document": _DOCUMENT,
    "warnings": [
        {"text": "Văn bản chưa có số và chưa có ngày.", "link": "Trang 1", "url": "#"},
        {
            "text": "Hai chỉ tiêu mâu thuẫn: mục II.2 ghi 100% hộ, mục IV.15 ghi 95%.",
            "link": "So sánh",
            "url": "#",
        },
        {
            "text": "Thời hạn 15/12/2025 nằm ngoài thời gian của kế hoạch.",
            "link": "IV.13",
            "url": "#",
        },
    ],
    "warnings_more": [
        {"text": "Thứ tự mục nhảy từ 13 sang 15.", "link": "IV.15", "url": "#"},
    ],
    "warnings_left": 4,
    "tabs": [
        {"label": label, "count": count, "url": "#", "current": label == "Nhiệm vụ"}
        for label, count in [
            ("Nhiệm vụ", 78),
            ("Chỉ tiêu", 14),
            ("Tiêu chí", 9),
            ("Báo cáo", 6),
            ("Giai đoạn", 3),
            ("Sự kiện", 2),
        ]
    ],
    "items": _ITEMS,
    "editable": True,
}
_LIST: dict[str, Any] = {
    "facts": "2 kế hoạch đang thực hiện, 1 bản nháp.",
    "filters": [
        {"label": "Tất cả", "count": 3, "url": "#", "current": True},
        {"label": "Đang thực hiện", "count": 2, "url": "#", "current": False},
        {"label": "Bản nháp", "count": 1, "url": "#", "current": False},
    ],
    "upload_url": "#upload",
    "plans": [
        {
            "title": "Xây dựng xã, phường không ma túy giai đoạn 2026–2030",
            "url": "#",
            "number": "chưa có số",
            "issuer": "UBND tỉnh Sông Lam",
            "signed_on": None,
            "span": "2026–2030",
            "state": "waiting",
            "state_label": "bản nháp",
            "confirmed": 37,
            "total": 112,
            "warnings": 4,
            "received": "",
        },
        {
            "title": "Tháng hành động phòng, chống ma túy năm 2026",
            "url": "#",
            "number": "93/KH-UBND",
            "issuer": "UBND tỉnh Sông Lam",
            "signed_on": date(2026, 5, 12),
            "span": "01/06/2026–30/06/2026",
            "state": "met",
            "state_label": "đã công bố",
            "confirmed": 41,
            "total": 41,
            "warnings": 0,
            "received": "98/98 xã đã gửi",
        },
        {
            "title": "Phòng, chống tội phạm và tệ nạn ma túy năm 2026",
            "url": "#",
            "number": "187/KH-UBND",
            "issuer": "UBND tỉnh Sông Lam",
            "signed_on": date(2026, 10, 20),
            "span": "20/10/2026–14/12/2027",
            "state": "met",
            "state_label": "đã công bố",
            "confirmed": 64,
            "total": 64,
            "warnings": 0,
            "received": "72/98 xã đã gửi",
        },
    ],
}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "plan": ("web/plans/plan.html", house("plans", province=True) | _PLAN),
    "plans": ("web/plans/list.html", house("plans", province=True) | _LIST),
    "plans-empty": (
        "web/plans/list.html",
        house("plans", province=True) | {"facts": "", "plans": [], "upload_url": "#"},
    ),
}
