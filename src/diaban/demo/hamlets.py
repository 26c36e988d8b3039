"""Names for invented hamlets: two plain words each, of the kind used in that landscape."""

import random
from itertools import product
from typing import Final

# Those that stories and pictures name.
_NAMED: Final[dict[str, tuple[str, ...]]] = {
    "KS": (
        "Cầu Sậy", "Khe Rinh", "Đồng Mít", "Bãi Dâu", "Làng Vực", "Nà Hin", "Xóm Đình", "Gò Dài",
        "Suối Mơ", "Tân Hợp", "Đầu Cầu", "Vạn Chài",
    ),
    "TH": ("Rú Đất", "Đồng Quan", "Cây Đa"),
}  # fmt: skip

_UPLAND: Final = (
    "Nà Khe Pá Phiềng Huổi Lũng Khuổi Nậm Cốc Pác Hua Kéo Thung Suối Khau",
    "Hin Cáy Tông Luông Sàng Ngần Pục Lếch Chảo Mòn Bó Lạn Khao Sọc Tén Mạy Cọ Phung Vè",
)
_HILLS: Final = (
    "Đồi Gò Xóm Làng Đồng Rừng Trại Ao Suối Dốc Bãi Cây Đầm Hố",
    "Chè Cọ Sim Mít Giang Lim Dẻ Trám Bứa Quế Vầu Sấu Nhội Thông Giếng Đá Trên Dưới Giữa Ngoài",
)
_PLAIN: Final = (
    "An Phú Bình Đông Tây Trung Thượng Tân Vĩnh Hòa Phúc Thái Xuân Đại Yên Nội",
    "Lộc Thịnh Khê Trì Đoài Lạc Mỹ Vinh Thọ Cường Hậu Cầu Trạch Nghĩa Tiến Điền Lâm Quang",
)
_COAST: Final = (
    "Vạn Cồn Lạch Bãi Mũi Cửa Bến Hải Sa Đầm Doi Đê",
    "Chài Lưới Muối Sò Ngang Đăng Vọng Thủy Triều Trang Yến Mắm Buồm Rươi Cói Phao Sóng Đước",
)
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "Biên giới": _UPLAND,
    "Miền núi": _UPLAND,
    "Trung du": _HILLS,
    "Đồng bằng": _PLAIN,
    "Ven biển": _COAST,
    "Đô thị": _PLAIN,
}
_UPLAND_REGIONS: Final = frozenset({"Biên giới", "Miền núi"})


def hamlet_names(
    sign: str, commune: str, region: str, commune_type: str, count: int
) -> list[tuple[str, str]]:
    """
    Return `count` different (type word, name) pairs for the hamlets of one commune.

    They depend on nothing but the arguments: the seed of the figures does not change a name.
    """
    # Not a secret: a name that comes out the same on every machine.
    chance = random.Random(f"{region} {commune}")  # noqa: S311
    if commune_type == "phường":
        return [("tổ dân phố", f"{commune} {number}") for number in range(1, count + 1)]
    names = list(_NAMED.get(sign, ()))
    first, second = (words.split() for words in _WORDS[region])
    free = [f"{a} {b}" for a, b in product(first, second) if f"{a} {b}" not in names]
    names += chance.sample(free, count - len(names))
    plain = "thôn" if sign in _NAMED or region not in _UPLAND_REGIONS else "bản"
    return [(plain, name) for name in names]
