"""Tiêu chí: the matrix, with the panel of xã Tân Hòe, 5a."""

from typing import Any

from tools.gallery.house import house

CRITERIA = [
    ("1", "Điểm, bán lẻ"),
    ("2", "Nhóm nghi vấn"),
    ("3a", "Nghiện có hồ sơ"),
    ("3b", "Nghiện được cai"),
    ("3c", "Sau cai có hồ sơ"),
    ("4", "Sử dụng có hồ sơ"),
    ("5a", "Hộ ký cam kết"),
    ("5b", "Hòm thư, bảng"),
    ("6", "Mô hình"),
]
# Signs: + met, 0 met (nobody there), ? missing, ! invalid, s few people, number shortfall.
_AREAS = """
Xã Tân Hòe|còn 1|+ + + + + + 16 + +
Xã Khe Rạng|còn 1|+ + + + + + + 1 +
Phường Đông Trạch|còn 1|+ + + s + + + + +
Xã Suối Nhàn|còn 1|+ + + + + + 41 + +
Xã Nà Lèng|còn 1|+ + 0 0 0 0 + + 1
Xã Bãi Sậy|?|+ + + ? + + + + +
Xã Vạn Lâm|?|+ + 0 0 0 + ? + +
Xã Hòn Dấu Tây|?|+ + + + + + ! + +
Xã Khe Sậy|còn 2|+ + + + + + 10 1 +
Xã Thượng Lâu|còn 2|+ + + s + + 9 + +
Xã Đồng Vại|còn 2|+ s + s + + + + +
Xã Lũng Mây|còn 3|+ + + s + s 27 + +
Xã Bản Sinh|còn 3|s + + ? s + 60 + +
Xã Nậm Huyên|còn 5|s s s s + s ? + +
Xã Lũng Thiện||+ + + + + + + + +
Xã Tân Kiều||+ + 0 0 0 + + + +
Xã Cồn Ngang||+ + + + + + + + +
Phường Lam Trung||+ + + + + + + + +
Phường Bến Lam||+ + 0 0 + + + + +
"""
_SIGNS = {
    "+": ("met", ""),
    "0": ("met", "0/0"),
    "?": ("missing", ""),
    "!": ("invalid", ""),
    "s": ("not_met", "1–4"),
}


def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(_AREAS.strip().splitlines()):
        name, short, signs = line.split("|")
        outcome = {"": "met", "?": "undetermined"}.get(short, "not_met")
        cells = []
        for (criterion, _label), sign in zip(CRITERIA, signs.split(), strict=True):
            status, note = _SIGNS.get(sign, ("not_met", sign))
            cells.append(
                {
                    "id": f"m-{number}-{criterion}",
                    "status": status,
                    "note": note,
                    "url": f"criteria-cell.html?{number}-{criterion}",
                    "current": number == 0 and criterion == "5a",
                }
            )
        rows.append(
            {
                "name": name,
                "url": "#area",
                "outcome": outcome,
                "short": short if outcome == "not_met" else "",
                "current": number == 0,
                "cells": cells,
            }
        )
    return rows


CELL: dict[str, Any] = {
    "title": "Xã Tân Hòe, tiêu chí 5a",
    "status": "not_met",
    "reason": "Còn 16 hộ chưa ký cam kết (984/1.000).",
    "quote": "100% đại diện hộ gia đình trong xã ký cam kết không phạm tội và tệ nạn ma túy.",
    "clause": "Mục II.5",
    "clause_url": "#clause",
    "operands": [
        {"label": "Hộ có cam kết còn hiệu lực", "value": "984", "url": "#"},
        {"label": "Số hộ gia đình", "value": "1.000", "url": "#"},
    ],
    "result": {"label": "Tỷ lệ", "need": "cần 100%", "value": "98,40%", "status": "not_met"},
    "parts": {
        "title": "3 trong 12 thôn chưa đủ",
        "rows": [
            {"name": "Thôn Rú Đất", "url": "#", "share": 100, "text": "còn 9 hộ"},
            {"name": "Thôn Đồng Quan", "url": "#", "share": 56, "text": "còn 5 hộ"},
            {"name": "Thôn Cây Đa", "url": "#", "share": 22, "text": "còn 2 hộ"},
        ],
    },
    "trend": {
        "title": "Tỷ lệ qua 6 tháng",
        "bars": [
            {"label": "T6", "value": "71,2", "share": 71.2, "current": False},
            {"label": "T7", "value": "80,5", "share": 80.5, "current": False},
            {"label": "T8", "value": "88,0", "share": 88.0, "current": False},
            {"label": "T9", "value": "92,4", "share": 92.4, "current": False},
            {"label": "T10", "value": "96,9", "share": 96.9, "current": False},
            {"label": "T11", "value": "98,4", "share": 98.4, "current": True},
        ],
    },
    "records": [
        {
            "label": "Sổ cam kết 2026",
            "url": "#",
            "count": "984 bản",
            "who": "cán bộ VH-XH, 12/11 09:14",
        },
        {
            "label": "Biểu tháng 11, số hộ",
            "url": "#",
            "count": "",
            "who": "12 trưởng thôn, duyệt 16/11",
        },
    ],
    "way": {
        "text": "Ký thêm 16 hộ ở 3 thôn trên. Sau đó xã đạt 9/9 mục và đủ điều kiện lập hồ sơ.",
        "act_label": "Giao việc cho 3 thôn",
        "act_url": "#give",
        "print_url": "#print",
        "print_label": "In danh sách thôn",
    },
    "close_url": "#close",
}
_MATRIX: dict[str, Any] = {
    "switchers": [
        {
            "label": "Thời điểm xét",
            "value": "18/11/2026",
            "choices": [{"label": "Hôm nay", "note": "18/11/2026", "url": "#", "current": True}],
        },
        {
            "label": "6 tiêu chí địa phương",
            "value": "mẫu 2023",
            "choices": [{"label": "6 tiêu chí địa phương", "url": "#", "current": True}],
        },
    ],
    "filters": [
        {"label": "Tất cả", "count": 98, "url": "#", "current": True},
        {"label": "Đạt", "count": 31, "url": "#", "current": False},
        {"label": "Chưa đạt", "count": 52, "url": "#", "current": False},
        {"label": "Chưa đủ căn cứ", "count": 15, "url": "#", "current": False},
    ],
    "sort": {"label": "gần đạt nhất", "url": "#"},
    "area_label": "98 xã, phường",
    "criteria": [{"id": number, "label": label} for number, label in CRITERIA],
    "rows": _rows(),
    "cell": CELL,
    "legend": [
        {"status": "met", "note": "", "text": "đạt"},
        {"status": "met", "note": "0/0", "text": "không có trường hợp"},
        {"status": "not_met", "css": "not-met", "note": "16", "text": "còn thiếu 16"},
        {
            "status": "not_met",
            "css": "not-met",
            "note": "1–4",
            "text": "số người nhỏ, không nêu rõ",
        },
        {"status": "missing", "note": "", "text": "thiếu số liệu"},
        {"status": "invalid", "note": "", "text": "số liệu sai"},
    ],
    "export_url": "#export",
}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "criteria": ("web/criteria/matrix.html", house("criteria", province=True) | _MATRIX),
    "criteria-closed": (
        "web/criteria/matrix.html",
        house("criteria", province=True) | _MATRIX | {"cell": None},
    ),
    "criteria-cell": ("web/criteria/cell.html", {"cell": CELL}),
}
