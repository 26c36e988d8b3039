"""Nhập số liệu and Tiến độ báo cáo."""

import json
from typing import Any

from tools.gallery.house import house

COLUMNS = [
    ("households", "Số hộ gia đình", False),
    ("population_resident", "Người đang cư trú", False),
    ("households_committed", "Hộ ký cam kết", True),
    ("hamlets_with_box_and_board", "Hòm thư và bảng", True),
    ("communication_sessions", "Buổi tuyên truyền", True),
    ("addicts", "Người nghiện", False),
    ("addicts_present", "Nghiện có mặt", False),
    ("addicts_present_in_treatment", "Đang cai, điều trị", False),
    ("users_present", "Sử dụng có mặt", False),
    ("leads_received", "Tin báo tiếp nhận", True),
]
# Hamlet: pairs of last month's number and this month's.
_NUMBERS = """
Cầu Sậy     128 121  521 524  128 128  1 1  2 2  3 3  2 2  2 2  1 1  1 1
Khe Rinh    74 -     302 -    74 74    1 0  1 1  0 -  0 -  0 -  0 -  0 0
Đồng Mít    96 -     388 -    91 93    1 1  1 2  2 -  2 -  2 -  0 -  0 1
Bãi Dâu     88 -     346 -    88 88    1 1  2 1  1 -  1 -  1 -  0 -  1 0
Làng Vực    131 145  542 611  131 139  1 1  1 2  4 4  3 3  3 3  2 2  0 1
Nà Hin      67 67    281 281  67 67    1 1  1 1  0 0  0 0  0 0  0 0  0 0
Xóm Đình    142 142  577 579  139 141  1 1  3 2  2 2  1 1  1 1  1 1  2 1
Gò Dài      59 59    240 241  59 59    1 1  1 0  1 1  1 1  1 1  0 0  0 0
Suối Mơ     83 83    339 340  83 83    1 1  1 1  0 0  0 0  0 0  0 0  0 0
Tân Hợp     110 110  447 449  110 110  1 1  2 2  2 2  2 2  2 2  1 0  0 1
Đầu Cầu     101 101  410 411  101 101  1 1  1 1  1 1  0 0  0 K  0 0  1 0
Vạn Chài    77 78    318 320  75 76    1 1  1 1  0 0  0 0  0 0  0 0  0 0
"""
LEVELS = {
    ("Cầu Sậy", "households"): "error",
    ("Khe Rinh", "hamlets_with_box_and_board"): "warning",
    ("Làng Vực", "population_resident"): "warning",
    ("Gò Dài", "communication_sessions"): "warning",
}
MESSAGES = {
    ("Cầu Sậy", "households"): "121 nhỏ hơn 128 hộ đã ký cam kết.",
    ("Khe Rinh", "hamlets_with_box_and_board"): "Tháng trước 1, nay 0.",
    ("Làng Vực", "population_resident"): "611, tháng trước 542, tăng 12,7%.",
    ("Gò Dài", "communication_sessions"): "0 buổi trong tháng, quy định ít nhất 1.",
}
RULE = {
    "level": "error",
    "text": "Số hộ (121) nhỏ hơn số hộ đã ký cam kết (128, đếm từ sổ).",
    "fix": "Sửa số hộ, hoặc",
    "url": "#register",
    "url_label": "mở sổ cam kết nếu ghi trùng.",
    "trend": {
        "label": "12 kỳ: 124–128",
        "values": [124, 124, 125, 125, 126, 127, 127, 128, 128, 128, 128, 121],
    },
}


def _cell(hamlet: str, column: tuple[str, str, bool], last: str, now: str) -> dict[str, Any]:
    code, label, counted = column
    place = f"{hamlet.replace(' ', '-')}-{code}"
    return {
        "id": f"v-{place}",
        "name": f"v.{place}",
        "label": label,
        "value": {"-": "", "K": "KAD"}.get(now, now),
        "previous": last,
        "state": {"-": "missing", "K": "not_applicable"}.get(now, "value"),
        "counted": counted,
        "url": "#records",
        "level": LEVELS.get((hamlet, code), ""),
        "message": MESSAGES.get((hamlet, code), ""),
    }


def _rows() -> list[dict[str, Any]]:
    rows = []
    for line in _NUMBERS.strip().splitlines():
        words = line.split()
        first = next(at for at, word in enumerate(words) if word.isdigit())
        name, pairs = " ".join(words[:first]), words[first:]
        cells = [
            _cell(name, column, *pairs[2 * at : 2 * at + 2]) for at, column in enumerate(COLUMNS)
        ]
        rules = [RULE] if name == "Cầu Sậy" else []
        rows.append({"id": name.replace(" ", "-"), "name": name, "cells": cells, "rules": rules})
    return rows


def _totals() -> list[dict[str, str]]:
    values = ["906", "3.756", "1.159", "11", "16", "13", "9", "9", "4", "5"]
    return [
        {"reporting": "" if column[2] else "9/12", "value": value}
        for column, value in zip(COLUMNS, values, strict=True)
    ]


_ENTRY: dict[str, Any] = {
    "title": "Biểu số liệu tháng 11/2026",
    "due": {"text": "Hạn gửi 16/11/2026", "late": "quá 2 ngày"},
    "sent": "9 trong 12 thôn đã gửi.",
    "form_url": "#send",
    "autosave": {
        "url": "/autosave",
        "draft": "1:99001:2026-11:thang",
        "sign_in": "/",
        "says": "{}",
    },
    "parts": [
        {
            "id": "part-hamlets",
            "title": "Các thôn",
            "short": "Các thôn",
            "done": 102,
            "all": 120,
            "errors": 1,
        }
    ],
    "revision": 7,
    "previous_label": "tháng 10",
    "columns": [{"id": code, "label": label, "counted": c} for code, label, c in COLUMNS],
    "rows": _rows(),
    "totals": _totals(),
    "comparisons": [
        {
            "label": "Tháng 10",
            "values": ["1.156", "4.711", "1.146", "12", "17", "16", "12", "12", "5", "5"],
        },
        {
            "label": "Tháng 11/2025",
            "values": ["1.148", "4.655", "1.102", "11", "13", "19", "14", "13", "7", "4"],
        },
    ],
    "checks": {
        "errors": [
            {
                "place": "Cầu Sậy, số hộ",
                "text": "121 nhỏ hơn 128 hộ đã ký cam kết.",
                "href": "#v-Cầu-Sậy-households",
            }
        ],
        "warnings": [
            {
                "place": "Làng Vực, người cư trú",
                "text": "611, tháng trước 542, tăng 12,7%.",
                "href": "#v-Làng-Vực-population_resident",
                "reason": {
                    "name": "why.1",
                    "value": "14 hộ tái định cư chuyển đến từ 20/10.",
                },
            },
            {
                "place": "Gò Dài, buổi tuyên truyền",
                "text": "0 buổi trong tháng, quy định ít nhất 1.",
                "href": "#v-Gò-Dài-communication_sessions",
                "reason": {"name": "why.2", "value": ""},
            },
            {
                "place": "Khe Rinh, hòm thư và bảng",
                "text": "tháng trước 1, nay 0.",
                "href": "#v-Khe-Rinh-hamlets_with_box_and_board",
                "known": "Đã ghi ở sổ: mất bảng ngày 09/11.",
            },
        ],
        "missing": {
            "count": 18,
            "text": "3 thôn chưa gửi: Khe Rinh, Đồng Mít, Bãi Dâu. Nhắc lần cuối 16/11.",
        },
        "remind_url": "#remind",
        "remind_label": "Nhắc 3 thôn",
    },
    "state": {
        "saved": "Đã lưu lúc 10:42:07",
        "errors": 1,
        "warnings": 3,
        "missing": 18,
        "marks": json.dumps([{"id": "v-Cầu-Sậy-households", "level": "error"}]),
    },
    "submit_label": "Kiểm tra và gửi Công an tỉnh",
    "import_url": "#import",
    "export_url": "#export",
}


def _hamlet() -> dict[str, Any]:
    """Return the form of one hamlet, as its head sees it on a phone."""
    row: dict[str, Any] = next(row for row in _rows() if row["name"] == "Đồng Mít")
    given = {"households": "90", "population_resident": "391"}
    for cell, (code, _label, _counted) in zip(row["cells"], COLUMNS, strict=True):
        if code in given:
            cell |= {"value": given[code], "state": "value"}
        if cell["counted"]:
            answer = "yes" if code == "households_committed" else ""
            cell["confirm"] = {"name": f"confirm.{code}", "answer": answer}
        if code == "addicts":
            cell["hint"] = "Không có thì ghi 0. Không ghi tên."
    row["cells"][0] |= {
        "level": "error",
        "message": "90 nhỏ hơn 93 hộ đã ký cam kết. Kiểm tra lại một trong hai số.",
    }
    row["rules"] = [RULE | {"text": "90 nhỏ hơn 93 hộ đã ký cam kết.", "trend": None}]
    return {
        "rows": [row],
        "totals": [],
        "title": "Số liệu tháng 11/2026",
        "due": {"text": "Hạn gửi 16/11/2026", "late": "quá hạn 2 ngày"},
        "sent": "",
        "back_url": "#work",
        "bar_title": "Thôn Đồng Mít",
        "progress": {"done": 6, "all": 10},
        "submit_label": "Gửi về xã (còn 4 số, 1 lỗi)",
        "office": {"name": "Trưởng thôn Đồng Mít", "initials": "ĐM"},
        "errors": [{"text": "Sửa số hộ gia đình: 90 nhỏ hơn 93 hộ đã ký cam kết", "href": "#v-1"}],
    }


_STATES = {
    "v": ("approved", "đã duyệt"),
    "s": ("sent", "đã gửi, chờ duyệt"),
    "r": ("returned", "bị trả lại"),
    "d": ("drafting", "đang nhập"),
    "x": ("late", "quá hạn, chưa gửi"),
    ".": ("future", "chưa đến kỳ"),
}
_COMPLETENESS: dict[str, Any] = {
    "title": "Tiến độ báo cáo tháng 11/2026",
    "facts": "91/98 xã đã gửi · hạn 16/11/2026, quá 2 ngày.",
    "progress": {"done": 91, "all": 98},
    "remind": {"url": "#remind", "label": "Nhắc 7 xã"},
    "approve": {"url": "#approve", "label": "Duyệt 12 biểu sạch"},
    "filters": [
        {"label": "Tất cả", "count": 98, "url": "#", "current": True},
        {"label": "Chưa gửi", "count": 7, "url": "#", "current": False},
        {"label": "Chờ duyệt", "count": 14, "url": "#", "current": False},
        {"label": "Bị trả lại", "count": 1, "url": "#", "current": False},
    ],
    "periods": [
        {"label": f"T{month}", "title": f"Tháng {month}/2026", "current": month == 11}
        for month in range(6, 13)
    ],
    "rows": [
        {
            "name": name,
            "url": "#area",
            "progress": progress,
            "late": late,
            "reminded": reminded,
            "cells": [
                {
                    "state": _STATES[sign][0],
                    "state_label": _STATES[sign][1],
                    "note": "",
                    "url": "" if sign == "." else "#return",
                }
                for sign in signs
            ],
            "act": {"label": act, "url": "#act", "post": act == "Nhắc"} if act else None,
        }
        for name, progress, signs, late, reminded, act in [
            ("Xã Nậm Huyên", "0/9 thôn", "vvvvvx.", "quá 2 ngày", "nhắc 2 lần, 17/11", "Nhắc"),
            ("Xã Tân Kiều", "8/11 thôn", "vvvvvd.", "quá 2 ngày", "nhắc 1 lần, 17/11", "Nhắc"),
            ("Xã Bản Sinh", "10/10 thôn", "vvvvvr.", "quá 2 ngày", "", "Mở"),
            ("Phường Đông Trạch", "14/15 tổ", "vvvvvd.", "quá 2 ngày", "", "Nhắc"),
            ("Xã Khe Sậy", "9/12 thôn", "vvvvrd.", "quá 2 ngày", "", "Nhắc"),
            ("Xã Tân Hòe", "12/12 thôn", "vvvvvs.", "", "", "Duyệt"),
            ("Xã Lũng Thiện", "11/11 thôn", "vvvvvs.", "", "", "Duyệt"),
            ("Xã Cồn Ngang", "14/14 thôn", "vvvvvv.", "", "", "Mở"),
        ]
    ],
}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "entry": ("web/returns/entry.html", house("returns") | _ENTRY),
    "entry-hamlet": ("web/returns/entry.html", house("returns") | _ENTRY | _hamlet()),
    "completeness": (
        "web/returns/list.html",
        house("completeness", province=True) | _COMPLETENESS,
    ),
    "completeness-empty": (
        "web/returns/list.html",
        house("completeness", province=True) | _COMPLETENESS | {"rows": []},
    ),
    "entry-saved": ("web/returns/entry_saved.html", _ENTRY),
}
