"""
Figures that a plan wants to reach.

Every percentage is a target unless it compares or describes; a count is one when words of aim or
of bound stand before it ("xây dựng 08 thôn", "ít nhất 01 mô hình"). The number of areas for which
something else is to be done ("đối với 26 xã") is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from diaban.plans.reader.citations import citations
from diaban.plans.reader.clauses import MAX_ITEMS, around, clause_around
from diaban.plans.reader.dates import cores
from diaban.plans.reader.deadlines import Bound
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.values import Span

_DIGIT = re.compile(r"\d")
_NUM = r"(?P<n>\d{1,3}(?:\.\d{3})+|\d+(?:,\d+)?)"
_NOUNS = (
    "mo hinh|cong trinh|phan viec|phong su|phien toa|phien toa luu dong|"
    "phien toa xet xu luu dong|phien xet xu luu dong|phien xet xu|lop tap huan|"
    "lop boi duong|lop|buoi tuyen truyen|buoi noi chuyen|buoi|cuoc thi|cuoc kiem tra|"
    "cuoc|hoi nghi|hoi thao|toa dam|dot cao diem|dot ra quan|dot kiem tra|dot|luot nguoi|"
    "luot|lan|tin, bai|tin bai|bai viet|tin|bai|chuyen muc|chuyen de|chuyen an|"
    "video clip|video|clip|pa no|ap phich|khau hieu|bang ron|to roi|vu an|vu|doi tuong|"
    "diem, tu diem|tu diem|diem phuc tap|diem den|diem|duong day|to cong tac|to tu quan|"
    "to|doi|chot|cau lac bo|chi hoi|chi doan|co so kinh doanh|co so|camera|"
    "hom thu to giac|hom thu|bang tin|hoc vien|nguoi|hoi thi|cuoc van dong|giai dau|to gap|"
    "so tay|cam nang|bang hieu|bien canh bao|buoi chieu phim|buoi toa dam|to tuan tra|"
    "to lien gia|so|chuyen trang|chuong trinh|hoat dong truyen thong|camera an ninh|khoa|"
    "bai do xe|bai do|luot lai xe|lai xe|ben xe|luot hoc sinh|luot can bo|luot ho|hoi trai|"
    "an pham do hoa|an pham|dai bieu|thanh nien|ky|hoat dong tuyen truyen|hoat dong|"
    "chuyen an|vu viec|phuong tien|hom phieu|bang roi|trai he|doan kiem tra|toa nha|nha tro|"
    "co so luu tru|bai thi|tac pham|thong diep|tin nhan|diem ban le|dan quan|tinh nguyen vien|"
    "cong tac vien|bao cao vien|tuyen truyen vien|"
    "ho gia dinh|ho|gia dinh|can bo|dia ban cap xa|dia ban|xa|phuong|thi tran|dac khu|"
    "thon|ban|ap|khom|to dan pho|khu pho|khu dan cu|cum xa|cum|huyen|truong hoc|truong|"
    "co quan|don vi|doanh nghiep|ha|met|lit|kit|giuong|hoc sinh|doan vien|hoi vien|"
    "tram y te|diem cap phat|san pham|suat|dien dan|ban tin|"
    "lop nghe|lop day nghe|giai the thao|giai bong da|hoi dien|dem van nghe|ngay hoi|"
    "cuoc tuyen truyen|cuoc tuan tra|pa-no|bang-ron|ho so|cuon|to tin|"
    "xe|thanh vien|diem nhom|diem truyen thong|ke hoach|luot to|bo tai lieu|"
    "tai lieu|bai vo|man hinh|bang den led|bien bao|cot|den|tu sach|hom|gian hang|tiet muc|"
    "tieu pham|vo kich|cuoc hop|ban|bien|phan qua|qua|can nha|nha|em|tre em|phu nu|chi hoi phu nu|"
    "xuong|trang trai|lien doi|doi tuyen truyen|ca|truong hop|dot tuyen truyen|chien dich|"
    "dien vien|huong dan vien|nong dan|cuu chien binh|chien si|tap|clip ngan|bo|may|thiet bi|"
    "bac si|dieu duong|cum loa|loa|benh nhan|vien chuc|cong chuc|nhan vien|giao vien|sinh vien|"
    "phu huynh|ngu dan|tau ca|tau|"
    "phien giao dich viec lam|phien giao dich|"
    "m2 pa no|m2|dem bieu dien|giai chay|"
    "phuong an|kich ban|vi tri|nhom|nhom dong dang|to phan ung nhanh|doi tinh nguyen|que thu|"
    "bo que thu|mau|phieu|den chieu sang|diem truong|phong tu van|phong tu van tam ly|tuyen duong|"
    "tuyen pho|tuyen|cau lac bo phong, chong ma tuy|lan kiem tra|luot kiem tra|nhan khau|"
    "chi bo|cong dan|cong nhan|nguoi lao dong|nguoi dan|lai xe|chu phuong tien|chu co so|"
    "buoi sinh hoat|buoi ngoai khoa|buoi mit tinh|tiet ngoai khoa|tiet"
)
# Words of one syllable that another word resembles but for its marks ("hồ" is no "hộ").
_SPELLED = {
    "ho": ("hộ",),
    "doi": ("đội",),
    "ban": ("bản", "bàn"),
    "to": ("tổ", "tờ"),
    "so": ("số",),
    "vu": ("vụ",),
    "ap": ("ấp",),
    "ky": ("kỳ", "kì"),
    "khoa": ("khóa", "khoá", "khoa"),
    "lan": ("lần",),
    "diem": ("điểm",),
    "bai": ("bài",),
    "cum": ("cụm",),
    "cot": ("cột",),
    "den": ("đèn",),
    "bien": ("biển",),
    "qua": ("quà",),
    "nha": ("nhà",),
    "ca": ("ca",),
    "bo": ("bộ",),
    "may": ("máy",),
    "hom": ("hòm",),
    "em": ("em",),
    "tap": ("tập",),
    "mau": ("mẫu",),
    "tau": ("tàu",),
    "tiet": ("tiết",),
    "tuyen": ("tuyến",),
    "phieu": ("phiếu",),
    "nhom": ("nhóm",),
    "xe": ("xe",),
    "ha": ("ha",),
    "truong": ("trường",),
    "tin": ("tin",),
    "lop": ("lớp",),
    "chot": ("chốt",),
    "met": ("mét",),
    "nguoi": ("người",),
}
# The longest first: "tổ dân phố" is no "tổ".
_NOUN = "(?:" + "|".join(sorted(_NOUNS.split("|"), key=len, reverse=True)) + ")"
# Compiled once and tried behind each number: inside the number's own pattern it would stand four
# times.
_UNIT = re.compile(rf"{_NOUN}(?![a-z])(?:(?:,\s*|\s+va\s+|\s+hoac\s+){_NOUN}(?![a-z]))*")
# After "ít nhất" whatever is counted is an aim, known or not: a noun of two syllables.
_ANY_NOUN = re.compile(
    r"(?!(?:thang|nam|ngay|gio|tuan|quy|phut|trieu|ty|dong|nghin|km|kg|gam|m2|lan|muc|cap|dieu|"
    r"khoan)\b)[a-z]{2,} [a-z]{2,}(?![a-z])"
)
_PER = re.compile(r"\s*/\s*(?:0?1\s*)?(?=[a-z]|0?[36] thang)")
_PER_TIME = re.compile(
    r"(?:to chuc|doan the|0?[36] thang|thang|quy|nam hoc|nam|tuan|ngay|nguoi|hoc ky)(?![a-z])"
)
_PERCENT = re.compile(rf"(?<![\d.,/]){_NUM}\s*%")
# "ít nhất một lần": a number in words counts where a bound stands before it.
_WORDS = {"mot": "1", "hai": "2", "ba": "3", "bon": "4", "nam": "5"}
_SPOKEN = re.compile(
    r"\b(?:it nhat|toi thieu|khong duoi|khong it hon)\s+(?P<n>mot|hai|ba|bon|nam)\s+"
    r"(?P<unit>lan|buoi|cuoc|dot|mo hinh|lop|hoi nghi|tin|bai|luot)\b"
)
# "m2 pa nô" counts no boards.
_COUNTED = re.compile(rf"(?<![\w.,/\-]){_NUM}(?:\s*/\s*(?P<of>\d{{1,5}}))?\s+(?=[a-z])")

_AT_LEAST = re.compile(
    r"(?:it nhat|toi thieu|khong duoi|khong it hon|khong thap hon|tang tu|giam tu)\s*(?:la|"
    r"dat|co|tu)?\s*$"
)
_MORE = re.compile(r"\b(?:tren|hon|vuot)\s*$")
_LESS = re.compile(r"\bduoi\s*$")
_AT_MOST = re.compile(r"(?:khong qua|toi da|khong vuot qua|nhieu nhat)\s*$")
_UPWARD = re.compile(r"[^,;.()]{0,40}?\btro len\b")
_COMPARES = re.compile(r"(?<!khong )\b(?:cao|thap|nhieu|it) hon\b[^,;.(]*$")
# "từ 2 đến 3 người": the lower figure is the bound.
_FROM = re.compile(r"\btu\s+(?P<n>\d{1,4})\s*%?\s*(?:den|-|–)\s*$")
_DESCRIBES = re.compile(
    r"\b(?:chiem|hien co|hien nay|hien dang|tinh den|da dat|thuc trang)\b[^,;.(]*$"
)
_DONE = re.compile(r"\bđã\b[^,;]*$")
_SCOPE_ONLY = re.compile(
    r"\b(?:doi voi|tai|gom|bao gom|cua|thuoc|o|trong so|tren dia ban|dia ban|giai doan|loai|"
    r"dieu|khoan|muc|so|thu|du an|"
    r"phong|trong do|cho|nhu|theo|voi|giua|muc do|cap|lan thu|diem|nhom|qua)\s*$"
)
_AIM = re.compile(
    r"\b(?:xay dung|to chuc|duy tri|huy dong|thanh lap|mo|lua chon|quy mo|dat|triet pha|triet xoa|"
    r"phat hien|bat giu|lap dat|ra mat|"
    r"nhan rong|thuc hien (?:thi )?diem|bo tri|cong nhan|chuyen hoa|giam|tang|phan dau|"
    r"chon|nhan rong ra|cam hoa|ra mat tai|thiet ke|quay|hoan thanh|dang tai|phat song|trang bi|"
    r"treo|dan|niem yet|nang|giu vung|bien soan|xuat ban|"
    r"dang|tang|trao|lap|tuan tra|ra quan|day|khoi to|truy to|chieu|phat dong|gioi thieu|tu van|"
    r"tap huan|dao tao|kiem tra|cai nghien|dieu tra|tiep nhan|giup do|ho tro|cap phat|in|"
    r"phat hanh|co|van dong|thu hut|phat|cap|nhan|gui|boi duong|xet xu|dua|ky|khai truong|mua|"
    r"san xuat|thuc hien|bo sung|mo rong|tuyen chon|tuyen dung|dieu tri|thu dung|kham|"
    r"sang loc|bau|cu|nang cap|sua chua|cai tao|trong|chon)\b"
)
# Between a verb of aim and its figure; a list may stand behind a colon ("mở lớp: 02 lớp …").
_TO_FIGURE = re.compile(r"[^,;.():]{0,48}(?::\s*)?")
# One-syllable verbs that other words resemble but for their marks ("giám sát" lowers nothing).
_AIM_SPELLED = {
    "giam": ("giảm",),
    "tang": ("tăng", "tặng"),
    "mo": ("mở",),
    "dat": ("đạt", "đặt"),
    "dan": ("dán",),
    "day": ("dạy",),
    "chieu": ("chiếu",),
    "chon": ("chọn",),
    "nang": ("nâng",),
    "lap": ("lập", "lắp"),
    "in": ("in",),
    "co": ("có",),
    "phat": ("phát", "phạt"),
    "cap": ("cấp",),
    "nhan": ("nhận",),
    "gui": ("gửi",),
    "dua": ("đưa",),
    "ky": ("ký", "kí"),
    "kham": ("khám",),
    "bau": ("bầu",),
    "cu": ("cử",),
    "trong": ("trồng",),
    "dang": ("đăng",),
    "trao": ("trao",),
    "mua": ("mua",),
}
# "xét nghiệm cho 1.200 lượt người", "hỗ trợ vay vốn cho 45 hộ": whom it reaches is the figure.
_GIVEN = re.compile(
    r"\b(?:to chuc cai nghien|"
    r"ho tro|dao tao|day nghe|tap huan|boi duong|xet nghiem|kham|tu van|dieu tri|cap|vay von|"
    r"gioi thieu viec lam|giai quyet viec lam|trao|tang|tuyen truyen)\b[^;.():]{0,40}\bcho\s*$"
)
_PERSONS = re.compile(
    r"(?:luot|nguoi|chu co so|chu phuong tien|lai xe|ngu dan|benh nhan|giao vien|sinh vien|"
    r"phu huynh|cong nhan|ho\b|ho gia dinh|"
    r"hoc vien|hoc sinh|can bo|doi tuong|em\b|phu nu|doan vien|hoi vien|"
    r"thanh nien|nong dan|truong hop)"
)
# How far back the words of a figure are looked at.
_REACH = 200
_SITUATION = re.compile(r"\b(?:dac diem|tinh hinh|thuc trang|ket qua dat duoc|boi canh)\b")
_LISTED = re.compile(r"\s*(?:,|va|;)\s*$")
_AGAIN = re.compile(r"[^.;]{0,40},\s*$")
# "03 phiên tòa rút kinh nghiệm, 02 phiên tòa lưu động": a list whose items say a little more.
_FURTHER = re.compile(r"\s[^.,;:()\d]{3,32},\s*(?:va\s+)?$")
# "riêng khu phố có trên 500 hộ": which of them is meant, not what they are to have.
_WHICH = re.compile(r"\b(?:rieng|doi voi)\b[^,;.(]*\bco\s*(?:tren|duoi|tu|hon)?\s*$")
# "tàu cá dài từ 15 mét trở lên": which of them, by size or age.
_SIZE = re.compile(
    r"\b(?:chieu (?:dai|cao|rong)|dien tich|cong suat|trong tai|do tuoi|dai|cao|rong|tuoi|"
    r"khoang cach|cach|ban kinh)\s*(?:la|toi thieu|it nhat|tren|duoi|tu|hon)?\s*$"
)
# "Đến hết năm 2026: 02 bản … ra khỏi danh sách": what is counted at the head is the aim.
_HEADS = re.compile(r"(?:^|[.;:])\s*(?:co |them |phan dau )?$")
_REACHED = re.compile(
    r"[^.;:]{0,120}?\b(?:dat|ra khoi|duoc cong nhan|khong con|khong co|khong ma tuy|sach ve|"
    r"hoan thanh|duoc chuyen hoa|chuyen hoa thanh cong|thoat khoi)\b"
)
_HAS = re.compile(
    r"(?:^|[.;]\s*)(?:toan |hien )?(?:xa|phuong|tinh|thanh pho|huyen|dia ban|dia phuong|thon|"
    r"don vi)\s+(?:hien )?co\s*$"
)
_BASELINE = re.compile(r"so voi\s+(?P<what>[^,;.()]{0,40})")
_PREVIOUS = re.compile(r"(?:cung ky|nam truoc|nam lien (?:ke|truoc)|nam ngoai|nam vua qua)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its bound, and the clause it stands in (offsets in the text)."""

    at: int
    comparator: str
    value: str
    unit: str
    baseline: str
    clause: Span
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as printed and what it counts: a share, a part of a whole, or things."""

    at: int
    end: int
    digits: str
    unit: str
    whole: int | None = None
    rated: bool = False


def describes(title: str) -> bool:
    """Return whether a section tells how things stand; its figures are no aims."""
    return _SITUATION.search(flat(title)) is not None


def figures(text: str, start: int = 0, year: int | None = None) -> list[Figure]:
    """Return the targets that a paragraph states, in order; `year` is that of the plan."""
    words = flat(text)
    if _DIGIT.search(words, start) is None and _SPOKEN.search(words, start) is None:
        return []
    cited = [c.span for c in citations(text)]
    dates = [(d.start, d.end) for d in cores(text)]
    found: list[Figure] = []
    for number in islice(_numbers(text, words, start), MAX_ITEMS):
        # "08/08 xã" looks like a day; a part of a whole names what it counts, so it is none.
        # Nor is it a year: "tháng 6/2026 tổ chức …".
        part = number.whole is not None and not 1900 <= number.whole <= 2100
        dated = not part and around(dates, number.at) is not None
        if dated or around(cited, number.at) is not None:
            continue
        listed = any(
            f.end <= number.at
            and (
                _LISTED.fullmatch(words, f.end, number.at)
                or (f.unit == number.unit and _AGAIN.fullmatch(words, f.end, number.at))
                or (f.unit != "%" != number.unit and _FURTHER.fullmatch(words, f.end, number.at))
            )
            for f in found[-4:]
        )
        figure = _figure(text, words, number, start, listed, year)
        if figure is not None:
            found.append(figure)
    return sorted(found, key=lambda figure: figure.at)


def _numbers(text: str, words: str, start: int) -> Iterator[_Number]:
    for match in _PERCENT.finditer(words, start):
        yield _Number(match.start("n"), match.end(), match["n"], "%")
    for match in _SPOKEN.finditer(words, start):
        yield _Number(
            match.start("n"), match.end(), _WORDS[match["n"]], text[slice(*match.span("unit"))]
        )
    for match in _COUNTED.finditer(words, start):
        unit = _UNIT.match(words, match.end())
        if unit is None and _AT_LEAST.search(words, max(0, match.start() - 40), match.start()):
            unit = _ANY_NOUN.match(words, match.end())
        if unit is None:
            continue
        printed, end = _as_spelled(text, unit.start(), unit.end())
        if not printed:
            continue
        printed = printed[:1].lower() + printed[1:] if printed[1:2].islower() else printed
        per = _PER.match(words, end)
        each = (_PER_TIME.match(words, per.end()) or _UNIT.match(words, per.end())) if per else None
        if each is not None:
            printed, end = f"{printed}/{space(text[each.start() : each.end()])}", each.end()
        whole = int(match["of"]) if match["of"] else None
        yield _Number(match.start("n"), end, match["n"], printed, whole, each is not None)


def _as_spelled(text: str, start: int, end: int) -> tuple[str, int]:
    """
    Return what is counted, and its end: the words that are nouns with their marks too.

    "02 lần, đối chiếu" counts times, and "07 hồ" of "07 hồ chứa" counts nothing that is known.
    """
    last = start
    for piece in re.finditer(
        r"(?:,\s*|\s+(?:và|hoặc)\s+)?([^,]+?)(?=,|\s+và\s|\s+hoặc\s|$)", text[start:end]
    ):
        forms = _SPELLED.get(flat(piece[1]).strip())
        if forms is not None and piece[1].strip().lower() not in forms:
            break
        last = start + piece.end()
    return space(text[start:last]), last


def _figure(
    text: str, words: str, number: _Number, start: int, listed: bool, year: int | None
) -> Figure | None:
    at = number.at
    clause = clause_around(text, at, start)
    if clause[0] > start and not any(sign.isalpha() for sign in text[clause[0] : clause[1]]):
        # "08 thôn (50%)": a bare figure in brackets says nothing without the words around it.
        opened = text.rfind("(", start, clause[0])
        clause = clause_around(text, opened, start) if opened > start else clause
    near = max(clause[0], at - _REACH)
    before = words[near:at]
    comparator = _comparator(before, words[number.end : number.end + 60])
    lower = _FROM.search(before)
    digits = lower["n"] if lower else number.digits
    if lower:
        comparator = ">="
        before = before[: lower.start()]
    if comparator == ">" and number.unit == "%" and number.digits == "100":
        # "trên 100% xã": not more than all, but in all of them.
        comparator = "=="
    if _WHICH.search(before):
        return None
    if _COMPARES.search(before) or _DESCRIBES.search(before) or _DONE.search(text[near:at]):
        return None
    person = _PERSONS.match(flat(number.unit)) is not None
    if number.whole is not None:
        if not number.digits.isdigit() or int(number.digits) > number.whole:
            return None
    elif number.unit != "%" and not (
        listed
        or _counts(before, text[near:at], comparator, number, person)
        or (_HEADS.search(before) and _REACHED.match(words, number.end))
    ):
        return None
    if number.unit != "%" and _SIZE.search(before):
        return None
    value = digits.replace(".", "").replace(",", ".").lstrip("0") or "0"
    value = "0" + value if value.startswith(".") else value
    baseline = _baseline(words, number.end, clause[1], year)
    return Figure(at, comparator, value, number.unit, baseline, clause, number.end)


def _comparator(before: str, after: str) -> str:
    if _AT_LEAST.search(before) or (_UPWARD.match(after)):
        return ">="
    if _AT_MOST.search(before):
        return "<="
    if _LESS.search(before):
        return "<"
    if _MORE.search(before):
        return ">"
    return "=="


def _counts(before: str, printed: str, comparator: str, number: _Number, person: bool) -> bool:
    """Whether a number of things is an aim of the plan; "1 lần/tháng" always is."""
    if comparator in (">=", "<=") or number.rated:
        return True
    place = before.rstrip()
    if person and _GIVEN.search(place):
        return True
    if re.search(r"\bcấp\s*$", printed) and int(re.sub(r"\D", "", number.digits)) > 12:
        # "cấp 1.500 bộ test": given; "cấp 2" is a level.
        return True
    if _SCOPE_ONLY.search(place) and not re.search(r"(?:diem tai|quy mo)\s*$", place):
        return False
    if re.search(r"\b(?:doi voi|gom|nhat la)\b[^,;.(]*$", place) or _HAS.search(place):
        return False
    return any(
        _TO_FIGURE.fullmatch(before, verb.end())
        and verb.group() in _as_aim(verb.group(), printed[verb.start() : verb.end()].lower())
        for verb in _AIM.finditer(before, max(0, len(before) - 72))
    )


def _as_aim(plain: str, printed: str) -> tuple[str, ...]:
    """The verb itself where it is spelled as one, else nothing."""
    forms = _AIM_SPELLED.get(plain)
    return (plain,) if forms is None or printed in forms else ()


def _baseline(words: str, at: int, end: int, year: int | None) -> str:
    found = _BASELINE.search(words, at, end)
    if not found or re.search(r"\d\s*%", words[at : found.start()]):
        return "absolute"
    named = re.search(r"\bnam (\d{4})\b", found["what"])
    before = named is not None and year is not None and int(named[1]) == year - 1
    return "vs_previous_year" if before or _PREVIOUS.search(found["what"]) else "other"


def due_of(figure: Figure, bounds: Sequence[Bound]) -> list[tuple[str | None, str | None]]:
    """
    Return the dates (and groups of areas) by which a figure is due.

    Two dates for two groups of areas make two targets; without a date there is one entry.
    """
    inside = [
        b
        for b in bounds
        if figure.clause[0] <= b.start < figure.clause[1] and b.deadline.bound != "from"
    ]
    scoped = [b for b in inside if b.deadline.scope]
    if len(scoped) >= 2:
        return [(b.deadline.date, b.deadline.scope) for b in scoped]
    near = sorted(inside, key=lambda b: abs(b.start - figure.at))
    return [(near[0].deadline.date, near[0].deadline.scope)] if near else [(None, None)]
