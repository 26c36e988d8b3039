"""Who issues a plan: from the letterhead, the preamble, the title and the place of the dateline."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diaban.plans.reader.agencies import known_spelling, unit_at
from diaban.plans.reader.folding import UPPER, flat, is_upper, space
from diaban.plans.reader.joining import Paragraph

_NATION = re.compile(
    r"cong[\s|]+h?oa[\s|]+xa[\s|]+hoi[\s|]+chu[\s|]+nghia[\s|]+viet[\s|]+nam|"
    r"doc lap\s*[-–]\s*tu do(?:\s*[-–]\s*hanh phuc)?"
    r"|tu do\s*[-–]\s*hanh phuc|dang cong san viet nam"
)
LEVELS = {
    "province": ("tinh", "thanh pho", "tp"),
    "district": ("huyen", "quan", "thi xa", "tx"),
    "commune": ("xa", "phuong", "thi tran", "dac khu"),
}
_PRINTED = {
    "tinh": "tỉnh",
    "thanh pho": "thành phố",
    "tp": "thành phố",
    "huyen": "huyện",
    "quan": "quận",
    "thi xa": "thị xã",
    "tx": "thị xã",
    "xa": "xã",
    "phuong": "phường",
    "thi tran": "thị trấn",
    "dac khu": "đặc khu",
}
_KIND = r"(?:tinh|thanh pho|tp|huyen|quan|thi xa|thi tran|xa|phuong|dac khu)"
_WORD = rf"[{UPPER}][\w’']*"
_PLACE = rf"(?:{_WORD}(?:(?:\s+|\s*-\s*){_WORD}){{0,4}}|\d{{1,2}}(?!\d))"
_COMMITTEE = re.compile(r"(?:uy ban nhan dan|ubnd)\s*(?:\(ubnd\)\s*)?")
_INNER = re.compile(r"(?:ban thuong vu|ban chap hanh|ban thuong truc|doan chu tich)$")
_STEERING = re.compile(r"(?:ban chi dao|bcd)\b")
_NO_ORG = re.compile(
    r"(?:du thao|mat$|toi mat|tuyet mat|ke hoach|so\s*[:\d./…_-]|/|\d|hoa toc|khan|"
    r"thuong khan|phu luc)"
)
# Words with which a new body begins in a letterhead of several lines.
_ORG = re.compile(
    r"(?:uy ban|ubnd|cong an|so [a-z]|ban |hoi |dang uy|dang bo|tinh uy|huyen uy|thanh uy|"
    r"phong |doan |van phong|trung tam|"
    r"truong |bo |cuc |chi cuc|vien |toa an|lien doan|mat tran|benh vien|kho bac|hat |bcd\b|"
    r"don |to |doi |"
    r"chi doan|tram |khoa |cong doan|nghiep doan|khoi |cum |co so |trai |hoi dong |nha |"
    r"lien hiep |bo chi huy|bo tu lenh)"
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """The issuer as normalised ("UBND xã …"), its level and its area; None where not printed."""

    name: str | None
    level: str | None
    area: str | None


def issuer(
    lines: list[Paragraph], preamble: str, title: str, place: str | None, signature: str | None
) -> Issuer:
    """Return who issues the plan."""
    bodies = _bodies(lines)
    said = f"{preamble} {title} {place or ''}"
    own = bodies[-1] if bodies else ""
    if _INNER.match(flat(own)) and len(bodies) > 1:
        # "Ban Thường vụ" speaks for the body over it.
        own = bodies[-2]
    own = _inner_of(own, bodies)
    committee = _COMMITTEE.match(flat(own)) is not None
    kind, name = _area(bodies, preamble, title, place, said)
    level = next((level for level, kinds in LEVELS.items() if kind in kinds), None)
    area = f"{_PRINTED[kind]} {name}" if kind and name else None
    if own and not committee:
        shortened = _STEERING.fullmatch(flat(own)) or flat(own).startswith("bcd")
        steering = _said(preamble, area) if shortened else None
        return Issuer(_whole(steering or _other(own, preamble, area), area), level, area)
    if not own and signature is not None and not _signs_for_committee(signature):
        return Issuer(_said(preamble, area), level, area)
    if kind is None:
        return Issuer(None, None, None)
    return Issuer(f"UBND {_PRINTED[kind]}" + (f" {name}" if name else ""), level, area)


_INNER_AT = re.compile(rf"(?:ban chap hanh|ban thuong vu|ban thuong truc)\s+(?={_KIND}\b)")
_BOARDS = {
    "ban chap hanh": "Ban Chấp hành",
    "ban thuong vu": "Ban Thường vụ",
    "ban thuong truc": "Ban Thường trực",
}
_BOARD = re.compile(rf"({'|'.join(_BOARDS)})\s+(?=[a-z])")
_ASSOCIATION = re.compile(r"(?:hoi|lien doan|lien hiep|doan|mat tran)\b")


def _inner_of(own: str, bodies: list[str]) -> str:
    """ "HỘI NÔNG DÂN VIỆT NAM / BAN CHẤP HÀNH TỈNH X": of what it is the board, stands above."""
    inner = _INNER_AT.match(flat(own))
    if inner is None or len(bodies) < 2 or not _ASSOCIATION.match(flat(bodies[-2])):
        return own
    above = re.sub(r"\s+việt nam$", "", bodies[-2], flags=re.I)
    return space(f"{own[: inner.end()]} {above} {own[inner.end() :]}")


def _signs_for_committee(signature: str) -> bool:
    words = flat(signature)
    return (
        "uy ban nhan dan" in words
        or "ubnd" in words
        or re.search(r"\bchu tich\b", words) is not None
    )


def _bodies(lines: list[Paragraph]) -> list[str]:
    """Return the bodies in capitals over the number, the highest first."""
    found: list[str] = []
    for column in _columns(lines):
        words = flat(column)
        if not is_upper(column) or _NO_ORG.match(words) or re.search(r"ngay.*thang", words):
            continue
        if _ORG.match(words) or not found or (_in_capitals(found[-1])[1] and words.count(" ") > 2):
            found.append(space(column))
        else:
            found[-1] = space(f"{found[-1]} {column}")
    # "ĐOÀN TNCS HỒ CHÍ MINH" over the dateline stands where the State's name would.
    if len(found) > 1 and _UNION.fullmatch(flat(found[-1])):
        found.pop()
    return [body for body in found if len(body) > 3]


_UNION = re.compile(r"doan (?:tncs|thanh nien cong san) (?:ho chi minh|hcm)")


def _columns(lines: list[Paragraph]) -> list[str]:
    """The pieces of the letterhead without the State's name, which may be broken over lines."""
    text = "\n".join(line.text for line in lines)
    words = flat(text)
    for found in reversed(list(_NATION.finditer(words))):
        # What stands behind the name on its line is more of it, or the next piece.
        text = text[: found.start()] + "\n" + text[found.end() :]
    pieces = re.split(r"\n|\t|\s\|\s|\s-{3,}\s?", text)
    return [piece.strip(" -–—_*.|") for piece in pieces if piece.strip(" -–—_*.|")]


def _area(
    bodies: list[str], preamble: str, title: str, place: str | None, said: str
) -> tuple[str | None, str | None]:
    """Return the kind (flat) and the printed name of the issuer's area."""
    for body in reversed(bodies):
        kind, name = _in_capitals(body)
        if kind and name:
            return kind, _spelled(name, said)
    for found in (_named_committee(preamble), _named_area(preamble), _named_area(title)):
        if found and found[1] and (found[0] is not None):
            return found
        if found and found[0]:
            named = _named_area(title, found[0]) or _named_area(preamble, found[0])
            return found[0], (named[1] if named else None) or place
    return None, None


def _in_capitals(body: str) -> tuple[str | None, str | None]:
    words = flat(body)
    kinds = [
        found
        for found in re.finditer(rf"\b(?P<kind>{_KIND})\.?\s+", words)
        # "HẢI QUAN KHU VỰC" is no "QUẬN".
        if (found["kind"] != "quan" or body[found.start() : found.end("kind")].upper() == "QUẬN")
        # "TỆ NẠN XÃ HỘI" is no commune.
        and not (found["kind"] == "xa" and words.startswith("hoi", found.end()))
        # Nor is "TỈNH ĐOÀN BẮC HÀ" a province.
        and not (found["kind"] == "tinh" and re.match(r"doan|uy", words[found.end() :]))
    ]
    if not kinds:
        return None, None
    found = kinds[-1]
    return found["kind"], re.split(r"\s[-–(]", body[found.end() :])[0].strip(" -–—_*.:")


def _spelled(name: str, text: str) -> str:
    """Return a name from capitals as the text spells it, or with capital initials."""
    words, wanted = flat(text), flat(name)
    for found in re.finditer(rf"(?<![a-z]){re.escape(wanted)}(?![a-z])", words):
        printed = text[found.start() : found.end()]
        if not printed.isupper() and printed[:1].isupper():
            return space(printed)
    return " ".join(word.capitalize() for word in name.split())


def _named_committee(text: str) -> tuple[str, str | None] | None:
    """The committee that issues: the last one named that is not merely the author of a base."""
    words = flat(text)
    best: tuple[str, str | None] | None = None
    for found in _COMMITTEE.finditer(words):
        kind = re.compile(rf"(?P<kind>{_KIND})(?![a-z])").match(words, found.end())
        if not kind:
            continue
        name = re.compile(rf"\.?\s+({_PLACE})").match(text, kind.end())
        candidate = (kind["kind"], name[1] if name else None)
        if not words[max(0, found.start() - 8) : found.start()].endswith("cua ") or best is None:
            best = candidate
    return best


def _named_area(text: str, kind: str | None = None) -> tuple[str, str | None] | None:
    words = flat(text)
    for found in re.finditer(rf"\b(?P<kind>{_KIND})\.?\s+", words):
        if kind and found["kind"] != kind:
            continue
        name = re.compile(_PLACE).match(text, found.end())
        if name:
            return found["kind"], name[0]
    return None


def _other(own: str, preamble: str, area: str | None) -> str:
    """A body that is no people's committee, spelled as the preamble spells it."""
    words, wanted = flat(preamble), flat(own)
    for found in re.finditer(re.escape(wanted), words):
        printed = preamble[found.start() : found.end()]
        if not printed.isupper():
            whole = printed
            if area and flat(preamble[found.end() :]).startswith(f" {flat(area)}"):
                whole = f"{printed} {area}"
            return space(whole)
    kind, _ = _in_capitals(own)
    base = own
    if kind:
        base = own[: flat(own).rfind(kind)].strip()
    board = _BOARD.match(flat(base))
    inner, rest = ("", base) if board is None else (_BOARDS[board[1]], base[board.end() :])
    known = known_spelling(rest) or rest[:1] + rest[1:].lower()
    known = f"{inner} {known}".strip()
    if area and flat(known).endswith(f" {flat(area.split(' ', 1)[0])}"):
        known = known.rsplit(" ", 1)[0]
    return f"{known} {area}" if area else known


# A school or hospital with a name of its own is told by it: "Trường THPT Nguyễn Du".
_OWN_NAME = re.compile(
    rf"^(?:Trường|Bệnh viện)\s.*[^{UPPER}\W]\s+[{UPPER}][^{UPPER}\W]*\s+[{UPPER}][^{UPPER}\W]*$|"
    rf"^Trường (?:THPT|THCS|TH|PTDTNT|PTDTBT)\b.*[{UPPER}][^{UPPER}\W]*\s+[{UPPER}][^{UPPER}\W]*$"
)


def _whole(name: str, area: str | None) -> str:
    """A body with its area, which the letterhead may name only in the line above."""
    words = flat(name)
    if _OWN_NAME.search(name):
        return name
    if area is None or flat(area) in words or flat(area.split(" ", 1)[-1]) in words:
        return name
    kind = area.split(" ", 1)[0]
    if words.endswith(f" {flat(kind)}"):
        return f"{name} {area.split(' ', 1)[-1]}"
    return f"{name} {area}"


def _said(preamble: str, area: str | None) -> str | None:
    """The body that the preamble says to issue the plan ("Công an xã … xây dựng kế hoạch")."""
    words = flat(preamble)
    for verb in re.finditer(r"\s+(?:ban hanh|xay dung|trien khai|to chuc)\b", words):
        for begin in re.finditer(
            rf"(?<!\w)(?=[{UPPER}])", preamble[max(0, verb.start() - 80) : verb.start()]
        ):
            at = max(0, verb.start() - 80) + begin.start()
            if unit_at(preamble, at, words) == verb.start():
                return space(preamble[at : verb.start()])
    return None
