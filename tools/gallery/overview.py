"""Toàn cảnh of the province: 98 tiles."""

from typing import Any

from tools.gallery.house import house

# One line a row of the map, "." an empty place.
# Signs: v drug-free, 1 2 3 types, ? to decide, - missing.
_ROWS = """
. . KS3 NH3 TH3 BD3 LT3 SNv HBv
. TL3 CVv ĐM3 PL3 KRv MTv NS3 HLv DKv
VT2 QN2 LS3 TC- NB1 ĐLv XH3 PTv CKv HMv TBv SL3
LĐ3 KV- NK? TS3 BN? HTv GLv MHv ĐTv LHv TXv VHv SĐv
. CM3 NL2 PH3 BT3 TĐ3 LCv HK3 ĐHv TVv NT2 SHv QTv BL3
. . CHv TM3 HĐv KL3 DT3 ĐS3 LM3 TNv VL3 PSv NĐv GTv
. . XL3 HS2 CL3 MĐ3 LKv DH3 ĐPv TK1 QL3 SBv NMv VS3
. . . BKv TP3 HNv CĐv LBv KH3 ĐVv TTv LVv MS3 HVv
. . . SM3 NV- GS2 XS2 ĐK3 QHv CTv ĐNv LG3
"""
_STATES = {
    "v": ("drug_free", "không ma túy"),
    "1": ("type_1", "loại I"),
    "2": ("type_2", "loại II"),
    "3": ("type_3", "loại III"),
    "?": ("needs_decision", "cần quyết định"),
    "-": ("undetermined", "thiếu số liệu"),
}


def _tiles() -> list[dict[str, Any]]:
    return [
        {
            "code": word[:-1],
            "name": f"Xã {word[:-1]}",
            "state": _STATES[word[-1]][0],
            "state_label": _STATES[word[-1]][1],
            "url": "#area",
            "x": x,
            "y": y,
        }
        for y, line in enumerate(_ROWS.strip().splitlines())
        for x, word in enumerate(line.split())
        if word != "."
    ]


def _figure(*parts: str) -> dict[str, Any]:
    label, value, of, last, target, status, gap = parts
    return {
        "label": label,
        "value": value,
        "of": of,
        "url": "#figure",
        "last": last,
        "target": target,
        "gap": {"status": status, "text": gap},
    }


_OVERVIEW: dict[str, Any] = {
    "title": "Toàn cảnh tỉnh Sông Lam",
    "facts": "98 xã, phường · 2.650 thôn, tổ dân phố · theo bản đồ địa giới từ 01/07/2025",
    "remind": {"url": "#remind", "label": "Nhắc 7 xã chưa báo cáo"},
    "figures": [
        _figure("Xã, phường không ma túy", "46", "/ 98", "38", "49", "not_met", "còn thiếu 3"),
        _figure(
            "Địa bàn trọng điểm loại I, loại II", "9", "", "12", "không quá 8", "not_met", "vượt 1"
        ),
        _figure(
            "Người nghiện có mặt đang cai, điều trị",
            "93,5%",
            "1.204 / 1.287",
            "88,1%",
            "100%",
            "not_met",
            "còn 83 người",
        ),
        _figure(
            "Hộ gia đình ký cam kết", "98,4%", "412.318 / 418.660", "96,2%", "98%", "met", "đạt"
        ),
        _figure("Điểm, tụ điểm đã triệt xóa", "13", "", "11", "tăng 5%", "met", "đạt, tăng 18,1%"),
    ],
    "map": {
        "title": "Phân loại xã, phường",
        "note": "tạm tính theo Quyết định 28/2025",
        "tiles": _tiles(),
        "borders": [
            [(6, 0), (6, 1), (5, 1), (5, 2), (4, 2), (4, 3), (3, 3), (3, 5), (2, 5)],
            [(8, 0), (8, 9)],
            [(11, 2), (11, 4)],
        ],
        "labels": [
            {"text": "Miền núi", "x": 0.5, "y": 7.6},
            {"text": "Ven biển", "x": 12.1, "y": 2.5},
        ],
    },
    "legend": [
        {"state": "drug_free", "label": "Không ma túy", "count": 46},
        {"state": "type_3", "label": "Loại III", "count": 38},
        {"state": "type_2", "label": "Loại II", "count": 7},
        {"state": "type_1", "label": "Loại I", "count": 2},
        {"state": "needs_decision", "label": "Cần quyết định", "count": 2},
        {"state": "undetermined", "label": "Thiếu số liệu", "count": 3},
    ],
    "as_table": False,
    "map_url": "#map",
    "table_url": "#table",
    "overdue": {
        "rows": [
            {"agency": agency, "url": "#", "count": count, "longest_days": days, "due_soon": soon}
            for agency, count, days, soon in [
                ("Sở Y tế", 4, 23, 2),
                ("Sở Nông nghiệp và Môi trường", 3, 12, 1),
                ("Sở Giáo dục và Đào tạo", 2, 9, 3),
                ("Sở Văn hóa, Thể thao và Du lịch", 2, 5, 0),
                ("Sở Nội vụ", 1, 4, 2),
                ("Bộ Chỉ huy Quân sự tỉnh", 1, 2, 1),
            ]
        ],
        "more": {"url": "#", "label": "Cả 13 nhiệm vụ"},
        "note": "Cơ quan được đề nghị (Tòa án, Viện kiểm sát, Mặt trận) không xếp trong bảng này.",
    },
    "not_reported": {
        "title": "Chưa báo cáo tháng 11",
        "note": "7 / 98 xã · hạn 16/11",
        "url": "#completeness",
        "rows": [
            {"area": "Xã Nậm Huyên", "url": "#", "state": "chưa mở biểu", "reminded": "nhắc 2 lần"},
            {
                "area": "Xã Tân Kiều",
                "url": "#",
                "state": "đang nhập, 8/11 thôn",
                "reminded": "nhắc 1 lần",
            },
            {
                "area": "Xã Bản Sinh",
                "url": "#",
                "state": "bị trả lại, 2 ô",
                "reminded": "chưa nhắc",
            },
            {
                "area": "Phường Đông Trạch",
                "url": "#",
                "state": "đang nhập, 14/15 tổ",
                "reminded": "chưa nhắc",
            },
        ],
        "more": "và 3 xã khác",
    },
    "quality": {
        "note": "tháng 11, so với tháng 10",
        "scores": [
            {
                "name": name,
                "gloss": gloss,
                "score": score,
                "worst": worst,
                "worst_url": "#",
                "change": change,
            }
            for name, gloss, score, worst, change in [
                ("Đúng", "khớp ba nguồn", 96.2, "4 xã còn lệch khi đối chiếu", "tăng 0,8"),
                ("Đủ", "đúng hạn, không trống", 93.1, "7 xã chưa nộp tháng 11", "giảm 1,4"),
                ("Sạch", "không trùng, không sai", 98.4, "23 ô đang chờ giải thích", "tăng 0,2"),
                (
                    "Sống",
                    "cập nhật trong 30 ngày",
                    88.6,
                    "3 xã không đổi số suốt 6 tháng",
                    "giảm 2,0",
                ),
            ]
        ],
    },
}

PAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "overview": ("web/overview.html", house("overview", province=True) | _OVERVIEW),
    "overview-table": (
        "web/overview.html",
        house("overview", province=True) | _OVERVIEW | {"as_table": True},
    ),
}
