"""
Bodies: recognising their names at a place in a text, and splitting a list of them.

Names come from `data/agencies.toml`; the level and the place may follow ("Công an tỉnh Lào Cai",
"UBND các xã, phường"). Recognition ignores capitals, tone marks and the choice between dash and
comma; the words are always given back as printed.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from diaban.plans.reader.folding import UPPER, flat, space, trimmed

# With marks: "bản" is a place, "ban hành" is not.
_AREA_KIND = re.compile(
    r"(?:tỉnh|thành phố|tp\.?|huyện|quận|thị xã|tx|xã|phường|thị trấn|đặc khu|thôn|ấp|bản|"
    r"khóm|khu vực|vùng)(?!\w)",
    re.I,
)
_PROPER = rf"(?:[{UPPER}][^\s,.;:()/“”\"]*|[IVX]+|\d{{1,2}})"
_NAME = re.compile(rf"\s+{_PROPER}(?:[\s-]+{_PROPER}){{0,4}}")
# Words with which the name of a body begins, where a list of bodies may be cut.
_HEAD = (
    r"(?:Sở|Ban|Công an|Bộ|Cục|Chi cục|Ủy ban|Uỷ ban|UBND|UBMTTQ\w*|UB MTTQ|MTTQ|Mặt trận|"
    r"Hội|Đoàn|Tỉnh đoàn|"
    r"Thành đoàn|Huyện đoàn|Liên đoàn|LĐLĐ|Viện|VKSND|Tòa án|Toà án|TAND|Đài|Báo|Trung tâm|"
    r"Phòng|Văn phòng|"
    r"Cảnh sát|Kho bạc|Ngân hàng|Trường|Trạm|Thanh tra|Hải quan|Bảo hiểm|Đồn|Bưu điện|"
    r"Điện lực|Cơ sở cai nghiện|"
    r"Cổng|Tỉnh ủy|Thành ủy|Huyện ủy|Đảng ủy|HĐND|Hội đồng|Thi hành án|Lực lượng|Tổ|Trưởng|"
    r"Bí thư|Công chức|Giám thị|Giám đốc|Hiệu trưởng|Thủ trưởng|Hiệp hội|"
    r"[Tt]rưởng (?:thôn|bản|ấp|khóm|khu phố|xóm|buôn|làng|tổ dân phố)|"
    r"Tiểu đoàn|Trung đoàn|Hải đội|Hải đoàn|Đại đội|Khoa|Chi bộ|Học viện|"
    r"Công đoàn|Bệnh viện|Thuế|Cơ quan|Các|các (?:tổ chức|cơ quan|đơn vị|sở|ban|phòng|ngành|"
    r"thôn|ấp|xã|phường|"
    r"huyện|đoàn|hội|trường|doanh nghiệp|địa phương|lực lượng|thành viên|chi hội|đồn|khoa|trạm|đội|"
    r"bản|khối|cụm|khu phố|khu dân cư|khóm|tổ dân phố|xóm|cơ sở|nhà trường)|[Cc]ấp ủy)"
)
_CUT = re.compile(rf"\s*(?:;|,|\bvà\b|/)\s+(?=(?:và\s+)?{_HEAD}\b)(?:và\s+)?")
# Names that hold an "và" or a comma before another head word.
_WHOLE = re.compile(
    r"(?:van phong|thuong truc)?\s*(?:hdnd|hoi dong nhan dan|doan dbqh|"
    r"doan dai bieu quoc hoi)\s*(?:va|-|&|,)\s*(?:ubnd|uy ban nhan dan|hdnd)"
    r"|bao (?:va|,) (?:dai )?phat thanh|ubnd, ubmttq|so, ban|ban, |tuyen giao va dan van"
    r"|dang uy, uy ban"
)


@lru_cache(maxsize=1)
def _data() -> dict[str, list[str]]:
    raw = files("diaban.plans.reader").joinpath("data/agencies.toml").read_text("utf-8")
    return tomllib.loads(raw)


@lru_cache(maxsize=1)
def _grammar() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns for a name and for the level behind it, over flat text."""
    data = _data()
    offices = rf"{_any_of(data['offices'])}\s+{_any_of(data['fields'])}"
    names = rf"(?:{offices}|{_any_of(data['bodies'] + data['groups'])})(?![a-z0-9])"
    return re.compile(names), re.compile(rf"{_any_of(data['levels'])}(?![a-z0-9])")


# "các sở, ban, ngành, địa phương": kinds of bodies in a row, in whatever order.
_KIND_OF_BODY = (
    r"(?:so|ban nganh|ban|nganh|phong|hoi|doan the|co quan|don vi|dia phuong|doanh nghiep|"
    r"truong hoc|nha truong|co so giao duc|xa|phuong|thi tran|dac khu|thon|ap|khom|to dan pho|"
    r"khu pho|khu dan cu|to chuc(?!\s+(?:thuc hien|trien khai|quan triet|cac|tot|hoi|tuyen)))"
    r"(?![a-z0-9])"
)
_GROUP = re.compile(
    rf"(?:(?:thu truong|lanh dao|nguoi dung dau)\s+)?cac\s+{_KIND_OF_BODY}"
    rf"(?:(?:,\s*|\s+va\s+){_KIND_OF_BODY})+"
)


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    data = _data()
    names = [f"{office} {field}" for office in data["offices"] for field in data["fields"]]
    return {flat(name): name for name in names + data["bodies"]}


def known_spelling(name: str) -> str | None:
    """Return a name from capitals as the list spells it ("CÔNG AN" is "Công an")."""
    words = flat(space(name))
    known = _spellings()
    if words in known:
        return known[words]
    start = max((k for k in known if words.startswith(k + " ")), key=len, default="")
    return f"{known[start]}{name[len(start) :].lower()}" if start else None


def _any_of(names: list[str]) -> str:
    ordered = sorted({flat(name) for name in names}, key=len, reverse=True)
    return "(?:" + "|".join(map(_loose, ordered)) + ")"


def _loose(name: str) -> str:
    """A pattern in which " - " and ", " stand for each other, and spaces for one or more."""
    parts = [re.escape(part) for part in re.split(r"\s+-\s+|,\s+|\s*&\s*", name)]
    joined = (
        r"(?:\s*[-–,]\s*|\s+)".join(parts) if "&" not in name else r"\s*(?:&|va)\s*".join(parts)
    )
    return joined.replace(r"\ ", r"\s+")


def unit_at(text: str, at: int = 0, words: str | None = None) -> int | None:
    """Return where the name of a body that begins at offset `at` ends, or None."""
    words = flat(text) if words is None else words
    name, level = _grammar()
    found = max(
        (m for m in (name.match(words, at), _GROUP.match(words, at)) if m is not None),
        key=lambda m: m.end(),
        default=None,
    )
    if not found or not _is_name(text[at : found.end()]):
        return None
    end = found.end()
    proper = _NAME.match(text, end)
    if flat(text[at:end]) == "bao" and not proper and words[end : end + 5] not in ("", " tinh"):
        return None
    if proper and words[at:end].split()[-1] in (
        "bao",
        "phong",
        "doan",
        "uy",
        "dai",
        "tram",
        "thong",
    ):
        end = proper.end()
    return _area_end(text, words, end, level)


def _is_name(printed: str) -> bool:
    """A single body begins with a capital; "báo" may also begin "báo cáo" or "bảo đảm"."""
    if flat(printed) == "bao":
        return printed == "Báo"
    return (
        printed[:1].isupper()
        or printed.startswith(("các ", "lực lượng ", "thủ trưởng ", "nhà "))
        or (any(letter.isupper() for letter in printed))
    )


_MORE_KINDS = re.compile(
    r"(?<=xã|ấp)(?:,\s*(?:xã|phường|thị trấn|đặc khu))+(?!\s+[A-ZĐ])(?!\w)"
    r"|(?<=phường)(?:,\s*(?:xã|thị trấn|đặc khu))+(?!\s+[A-ZĐ])(?!\w)"
)
# Kinds of area that may be called by a number.
_NUMBERED = re.compile(r"(?:phuong|quan|thon|ap|ban|khom|khu|vung|to dan pho|xa)\b")


def _area_end(text: str, words: str, end: int, level: re.Pattern[str]) -> int:
    """Take in the level or the place after a name ("tỉnh Lào Cai", "các xã, phường")."""
    for _ in range(3):
        gap = re.compile(r"\s+").match(words, end)
        if not gap:
            return end
        found = level.match(words, gap.end())
        kind = _AREA_KIND.match(text, gap.end())
        if found:
            end = found.end()
        elif kind:
            end = kind.end()
        else:
            return end
        more = _MORE_KINDS.match(text, end) if kind or found else None
        if more:
            # "trên địa bàn xã, thị trấn", "thuộc phường, xã": one phrase.
            return more.end()
        proper = _NAME.match(text, end)
        if proper and not _is_head(text[proper.start() : proper.end()].strip()):
            if proper[0].strip().isdigit() and not _NUMBERED.match(words, gap.end()):
                # "UBND tỉnh 6 tháng": the number counts months.
                return end
            end = proper.end()
    return end


def _is_head(words: str) -> bool:
    return re.match(rf"{_HEAD}\b", words) is not None


def unit_at_start(text: str) -> int | None:
    """
    Return where the body or list of bodies ends with which a text begins, or None.

    "Đề nghị" and the like before the name are taken in.
    """
    words = flat(text)
    at = _asked(text)
    start = at.end() if at else 0
    end = unit_at(text, start, words)
    while end is not None:
        cut = re.compile(r"\s*(?:,|;|/|\bva\b|-)\s*").match(words, end)
        more = unit_at(text, cut.end(), words) if cut else None
        if more is None:
            return end
        end = more
    return end


_BODY_HEAD = re.compile(
    r"(?:Sở|Phòng|Ban|Khoa|Bộ|Cục|Chi cục|Vụ|Viện|Trung tâm|Văn phòng|Hội|Liên hiệp|Đoàn|Tổ|Đội|"
    r"Trạm|Trường|Đồn|Hạt|Đài|Báo|Công an|Công đoàn|Chi hội|Chi đoàn|Chi bộ|Đảng bộ|Đảng ủy|"
    r"Bệnh viện|Thanh tra|Ủy ban|Uỷ ban|UBND|Hội đồng|Ban Chỉ đạo|Cơ quan|Cơ sở|Câu lạc bộ|"
    r"Thủ trưởng|Người đứng đầu|Hải quan|Hợp tác xã|Công ty|Ngân hàng|Kho bạc|Xí nghiệp|Nhà máy|"
    r"Tổng công ty|Các|Lực lượng|"
    r"Cụm|Khối)"
    rf"\s+(?:[{UPPER}]|\d{{1,2}}(?!\S|\s+[^\W\d_A-ZĐ])|(?:phòng|khoa|đơn vị|cơ quan|sở|ban|hội|"
    rf"đoàn|tổ|đội|trường|xã|phường|"
    r"các|thôn|ấp|bản|khóm|huyện|ngành|doanh nghiệp|lực lượng|chi|thành viên|địa phương|điều hành|"
    r"quản lý|nhân dân|giám hiệu|chấp hành|thường vụ|biên phòng|công tác|bảo vệ|dân phố|hợp tác|"
    r"còn lại|khu phố|nhà trường|tổ chức|cán bộ|công chức)(?!\w))"
)


def looks_like_body(text: str) -> bool:
    """
    Return whether a short text is set as the name of a body that may be in no list.

    "Phòng Chính trị, tư tưởng", "Khoa Dược": a word for a kind of body, then a name.
    """
    words = text.strip(" .:;")
    alone = words in ("Văn phòng", "Thanh tra", "Công đoàn", "Kế toán", "Y tế", "Ban Giám hiệu")
    return alone or (len(words.split()) <= 18 and _BODY_HEAD.match(words) is not None)


ASK = re.compile(
    r"\s*(?:(?:tran trong |kinh )?de nghi|giao cho|giao|yeu cau|moi|trach nhiem cua|"
    r"nhiem vu cua|phan cong|doi voi|ve phia)\s*:?\s+"
)
# "Giáo viên", "Mỗi xã": only with their marks are these words of order and of asking.
_ORDER = re.compile(
    r"\s*(?:(?:trân trọng |kính )?đề nghị|giao|yêu cầu|mời|trách|nhiệm|phân|đối|về)\b", re.I
)
_REQUEST = re.compile(r"\s*(?:tran trong |kinh )?(?:de nghi|moi)\b")
_ASKED_BEHIND = re.compile(r"\s*\((?:de nghi|moi)[^()]*\)\s*[.:]?\s*$")
_NOTED_BEHIND = re.compile(r"\s*\((?:phoi hop|chu tri|dau moi)\)\s*[.:]?\s*$")
# "Thanh tra Sở (phối hợp với Công an tỉnh)": who helps stands with who leads.
_HELPED = re.compile(
    r"\s*\(\s*(?:phoi hop|p/h|co su phoi hop)\s*(?:voi|cua|cung)?\s*:?\s*(?P<who>[^()]+)\)"
    r"|,?\s+(?:chu tri,? )?phoi hop (?:voi|cung)\s+(?P<with>[^()]+)$"
)


def is_request(text: str) -> bool:
    """Return whether a heading asks ("Đề nghị …") rather than orders."""
    words = flat(text)
    asks = _REQUEST.match(words) is not None and _ORDER.match(text) is not None
    return asks or _ASKED_BEHIND.search(words) is not None


def without_ask(text: str) -> str:
    """Return a heading without "Đề nghị", "Giao", "Trách nhiệm của" before the unit."""
    behind = _ASKED_BEHIND.search(flat(text)) or _NOTED_BEHIND.search(flat(text))
    text = text[: behind.start()] if behind else text
    found = _asked(text)
    return text[found.end() :].strip() if found else text.strip()


def _asked(text: str) -> re.Match[str] | None:
    return ASK.match(flat(text)) if _ORDER.match(text) else None


def without_help(text: str) -> tuple[str, tuple[str, ...]]:
    """Part "(phối hợp với …)" from a lead; return the lead and who helps, as printed."""
    found = _HELPED.search(flat(text))
    if found is None:
        return text, ()
    who = found.span("who" if found["who"] else "with")
    return text[: found.start()] + text[found.end() :], split_units(text[slice(*who)])


def split_units(text: str) -> tuple[str, ...]:
    """Return the bodies that a heading or a table cell names, as printed."""
    if text.isupper():
        return _split_capitals(text)
    words = flat(text)
    kept = [m.span() for m in _WHOLE.finditer(words)]
    pieces: list[str] = []
    at = 0
    for cut in _CUT.finditer(text):
        if any(a < cut.end() and cut.start() < b for a, b in kept) or _inside(text, cut.start()):
            continue
        pieces.append(text[at : cut.start()])
        at = cut.end()
    pieces.append(text[at:])
    return tuple(clean_unit(piece) for piece in pieces if clean_unit(piece))


def _split_capitals(text: str) -> tuple[str, ...]:
    """The bodies of a heading in capitals, which shows no beginnings: cut between known names."""
    words = flat(text)
    pieces: list[str] = []
    at = 0
    end = unit_at(text, at, words)
    while end is not None:
        cut = re.compile(r"\s*(?:,|;|\bva\b)\s*").match(words, end)
        more = unit_at(text, cut.end(), words) if cut else None
        if cut is None or more is None:
            break
        pieces.append(text[at:end])
        at, end = cut.end(), more
    pieces.append(text[at:])
    return tuple(clean_unit(piece) for piece in pieces if clean_unit(piece))


def _inside(text: str, at: int) -> bool:
    return text[:at].count("(") > text[:at].count(")")


def clean_unit(text: str) -> str:
    """Return the name of a unit without the signs around it."""
    start, end = trimmed(text, 0, len(text))
    return space(text[start:end]).strip(" -–+*:;,.•")
