"""Levels of administrative units and the type words that stand before their names."""

from enum import StrEnum


class Level(StrEnum):
    """
    How high a unit stands; the order of the members is from the top down.

    A sector stands beside them: it belongs to a hierarchy of another body (a border-guard post
    and the communes in its charge) and never to the administrative one.
    """

    NATION = "nation"
    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"
    HAMLET = "hamlet"
    SECTOR = "sector"


LEVEL_NAMES: dict[Level, str] = {
    Level.NATION: "cả nước",
    Level.PROVINCE: "cấp tỉnh",
    Level.DISTRICT: "cấp huyện",
    Level.COMMUNE: "cấp xã",
    Level.HAMLET: "thôn, tổ dân phố",
    Level.SECTOR: "địa bàn phụ trách",
}

# Rank 0 is the top; a unit's parent always has a smaller rank.
RANK: dict[Level, int] = {level: rank for rank, level in enumerate(Level)}

# Type words as the law writes them (Hiến pháp, Điều 110; Luật Tổ chức chính quyền địa phương)
# and, for hamlets, as communes use them (Thông tư 04/2012/TT-BNV and custom).
TYPE_WORDS: dict[Level, tuple[str, ...]] = {
    Level.NATION: (),
    Level.PROVINCE: ("tỉnh", "thành phố"),
    Level.DISTRICT: ("huyện", "quận", "thị xã", "thành phố"),
    Level.COMMUNE: ("xã", "phường", "đặc khu", "thị trấn"),
    Level.HAMLET: (
        "thôn",
        "bản",
        "ấp",
        "tổ dân phố",
        "khu phố",
        "khu dân cư",
        "khóm",
        "xóm",
        "buôn",
        "bon",
        "làng",
        "tiểu khu",
        "khối",
        "khối phố",
        "khu",
        "tổ",
        "phum",
        "sóc",
    ),
    # Of other bodies of the State; their lists bring what is not here.
    Level.SECTOR: ("đồn biên phòng", "trạm biên phòng", "ban chỉ huy bộ đội biên phòng"),
}
# Given to no unit any more since 1/7/2025 (Luật 72/2025/QH15, Điều 1); units of old keep them.
ENDED_TYPES = frozenset({"thị trấn"})

# How people and documents shorten a type word, folded and without full stops.
SHORT_FORMS: dict[str, tuple[str, ...]] = {
    "tỉnh": ("t",),
    "thành phố": ("tp", "t p"),
    "huyện": ("h",),
    "quận": ("q",),
    "thị xã": ("tx", "t x"),
    "xã": ("x",),
    "phường": ("p", "f"),
    "đặc khu": ("dk", "đk"),
    "thị trấn": ("tt", "t t"),
    "tổ dân phố": ("tdp",),
    "khu phố": ("kp",),
    "khu dân cư": ("kdc",),
    "tiểu khu": ("tk",),
}


def full_name(type_word: str, name: str) -> str:
    """
    Return the name as it stands in a sentence's beginning or in a list: "Phường Minh Xuân".

    The nation has no type word.
    """
    if not type_word:
        return name
    return f"{type_word[0].upper()}{type_word[1:]} {name}"
