"""Which body the words of a plan mean: one by name, or the same body in many areas."""

import re
from dataclasses import dataclass
from typing import Final

from diaban.areas.rules.levels import Level
from diaban.core.text import search_key

_SHORT: Final = (
    (r"\bubnd\b", "uy ban nhan dan"),
    (r"\bub ?mttq\b", "uy ban mat tran to quoc"),
    (r"\bmttq\b", "mat tran to quoc"),
    (r"\bmat tran to quoc viet nam\b", "mat tran to quoc"),
    (r"\btand\b", "toa an nhan dan"),
    (r"\bvksnd\b", "vien kiem sat nhan dan"),
    (r"\bbdbp\b", "bo doi bien phong"),
    (r"\bbch\b", "ban chi huy"),
    (r"\blhpn\b", "lien hiep phu nu"),
    (r"\bldld\b", "lien doan lao dong"),
    (r"\btncs\b", "thanh nien cong san"),
    (r"\bgd ?(?:va )?dt\b", "giao duc va dao tao"),
    (r"\blao dong tb va xh\b|\bldtb ?(?:va )?xh\b", "lao dong thuong binh va xa hoi"),
)
_LEVEL_WORD = re.compile(
    r"\b(?:cap )?(?:tinh|thanh pho|tp|huyen|quan|thi xa|xa|phuong|thi tran|dac khu)$"
)
_PLACES = r"(?:(?:cap|cac|tat ca cac|toan bo|\d+)\s+)+(?:xa|phuong|thi tran|dac khu|co so)\b.*"
_HAMLETS = (
    r"(?:(?:truong|to truong|bi thu chi bo)\s+)*(?:(?:cac|tat ca cac|\d+)\s+)+"
    r"(?:thon|ban|ap|khom|buon|to dan pho|khu pho|khu dan cu)\b.*"
)
# Words of the plan (search key) to the level and the code of the body in each area.
_MASSES: Final = (
    (re.compile(rf"cong an\s+{_PLACES}"), Level.COMMUNE, "cong-an"),
    (re.compile(rf"(?:(?:chu tich )?uy ban nhan dan\s+)?{_PLACES}"), Level.COMMUNE, "ubnd"),
    (re.compile(r"(?:uy ban nhan dan )?(?:cac )?dia phuong"), Level.COMMUNE, "ubnd"),
    (re.compile(_HAMLETS), Level.HAMLET, "thon"),
)
# What says no more than "all of them": what is left over names a group.
_GENERAL = re.compile(
    r"\b(?:cap|cac|tat ca|toan bo|thuoc|tinh|va|tren dia ban|xa|phuong|thi tran|dac khu|thon|ban|ap"
    r"|khom|buon|to dan pho|khu pho|khu dan cu|dia phuong|truong|to truong|bi thu chi bo|co so)\b"
    r"|\d+"
)
_REST = re.compile(r"\bcon lai\b|\bkhac\b")
_COUNTED = re.compile(r"^(?:doi voi|rieng|cac|tai|cho|nhom|\d+(?: \d+)?)\s+")

# Word in the name (search key) to the kind of `agencies.rules.Kind`; the first that fits.
_KINDS: Final = (
    (r"\bcong an\b|\bpc04\b", "police"),
    # Named for its field ("Lao động - Thương binh và Xã hội"), a department is still one.
    (r"^(?:so|phong|chi cuc|bao hiem)\b", "department"),
    (r"\buy ban nhan dan\b|\bvan phong uy ban\b", "committee"),
    (r"\bmat tran\b", "front"),
    (r"\bto chuc chinh tri\b|(?<!\bxa )\bhoi\b(?! dong)"
     r"|\bdoan (?:thanh nien|tncs)\b|\btinh doan\b|\bcong doan\b"
     r"|\blien doan\b|\bdoan the\b", "union"),
    (r"\btoa an\b", "court"),
    (r"\bkiem sat nhan dan\b", "prosecution"),
    (r"\btinh uy\b|\bhuyen uy\b|\bdang uy\b|\bban tuyen giao\b|\bban dan van\b|\bban noi chinh\b",
     "party"),
    (r"\bbien phong\b|\bquan su\b|\bcanh sat bien\b", "military"),
    (r"\bbao\b|\bdai (?:phat thanh|truyen hinh|truyen thanh)\b|\btruyen hinh\b", "media"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mass:
    """The same body (`code`) in every area of a level, or of the group that `scope` names."""

    level: Level
    code: str
    scope: str = ""


def body_key(name: str, places: tuple[str, ...] = ()) -> str:
    """
    Return the key by which a body is found: short forms written out, its own area left off.

    `places` are names of the area that it belongs to ("Sông Lam"), with and without type word.
    """
    key = search_key(name)
    for pattern, words in _SHORT:
        key = re.sub(pattern, words, key)
    for place in sorted(map(search_key, places), key=len, reverse=True):
        if place and key.endswith(f" {place}"):
            key = key[: -len(place) - 1]
    return _LEVEL_WORD.sub("", key).strip() or key


def mass_of(name: str) -> Mass | None:
    """Return the mass of bodies that `name` means, None when it is one body."""
    key = search_key(name)
    for pattern, words in _SHORT:
        key = re.sub(pattern, words, key)
    for shape, level, code in _MASSES:
        if shape.fullmatch(key):
            scope = re.sub(r"^(?:cong an|(?:chu tich )?uy ban nhan dan)\s+", "", key)
            rest = _GENERAL.sub("", scope).strip()
            return Mass(level, code, group_key(scope) if rest else "")
    return None


def everybody_meant(sentence: str) -> tuple[bool, bool]:
    """
    Return whether a sentence that names no body means single bodies, and those of all areas.

    "các sở, ban, ngành" are single bodies, "các xã, phường" those of areas, "các đơn vị" both.
    """
    words = search_key(sentence)
    single = re.search(r"\bcac (?:so|ban|nganh|doan the)\b|\bso ban nganh\b", words) is not None
    areas = re.search(r"\b(?:xa|phuong|dia phuong|thon|co so)\b", words) is not None
    if re.search(r"\b(?:don vi|co quan)\b", words):
        return True, True
    return (single, areas) if single != areas else (True, True)


def group_key(scope: str) -> str:
    """Return the key of a group of areas: "đối với 17 xã biên giới" is `xa bien gioi`."""
    key = search_key(scope)
    while (shorter := _COUNTED.sub("", key)) != key:
        key = shorter
    return key


def is_rest(scope: str) -> bool:
    """Return whether a scope means the areas that no other scope of the duty names."""
    return bool(_REST.search(search_key(scope)))


def kind_of(name: str) -> str:
    """Return the kind of body (`agencies.rules.Kind`) that a name sounds like."""
    key = body_key(name)
    return next((kind for shape, kind in _KINDS if re.search(shape, key)), "department")


def code_of(name: str) -> str:
    """Return a code for a body that has none: its key with hyphens, at most 40 characters."""
    return body_key(name).replace(" ", "-")[:40].strip("-") or "co-quan"
