"""Who does what in a sentence: its subject, and the verbs of duty."""

from __future__ import annotations

import re

from diaban.plans.reader.agencies import looks_like_body, without_ask
from diaban.plans.reader.folding import flat

_VERBS = re.compile(
    r"\s*(?:chu tri|phoi hop|to chuc|chi dao|huong dan|tham muu|tiep tuc|tang cuong|"
    r"day manh|thuc hien|"
    r"trien khai|xay dung|can cu|chu dong|co trach nhiem|theo doi|don doc|kiem tra|ra soat|"
    r"tap trung|"
    r"thuong xuyen|bo tri|phan bo|can doi|tong hop|bao cao|ban hanh|van dong|"
    r"tuyen truyen|quan ly|"
    r"phat huy|dam bao|bao dam|la co quan|giup|nghien cuu|ho tro|quan triet|phat dong|"
    r"cung cap|tiep nhan|cap nhat|lua chon|hoan thanh|khan truong|phan cong|dau moi|"
    r"la dau moi|la don vi|chiu trach nhiem|nam tinh hinh|"
    r"dang ky|ky cam ket|thanh lap|kien toan|cung co|duy tri|nhan rong|xu ly|dau tranh|"
    r"tham gia|lien he|de xuat|kip thoi|bien soan|dang tai|phat hanh|thong ke|khao sat)\b"
)


# With marks: "làm" is a verb, "lâm" is not; "mở" is, "mô hình" is not; "giao" is, "giáo" is not.
_SHORT_VERBS = re.compile(
    r"\s*(?:làm|lập|mở|in|cử|giao|đưa|xét|gửi|nộp|trình|phát(?! triển)|đăng|lắp|họp|dạy|khám)\b",
    re.I,
)


def begins_with_verb(words: str) -> bool:
    """Return whether a text begins with what a unit does ("chủ trì", "tổ chức")."""
    return bool(_VERBS.match(flat(words)) or _SHORT_VERBS.match(words))


def is_body_name(text: str) -> bool:
    """Return whether a text is set as a body's name; "Công an xã hỗ trợ các thôn" is a sentence."""
    name = without_ask(text)
    return looks_like_body(name) and not any(
        name[gap.end()].islower() and begins_with_verb(name[gap.end() :])
        for gap in re.finditer(r"\s+(?=\S)", name)
    )


_SUBJECT = re.compile(
    r"(?:so|phong|ban|cong an|bo|cuc|chi cuc|uy ban|ubnd|hoi|doan|lien doan|vien|toa an|dai|"
    r"bao(?! cao| dam| gom| ve)|trung tam|van phong|don|"
    r"tram|truong|kho bac|ngan hang|luc luong|to|doi|khoa|hai quan|benh vien|nha truong|chi doan|"
    r"cac|thu truong|co quan|chi bo|dang uy|hat)\b"
)


# Behind a subject, in small letters, these are verbs too ("Sở Giáo dục" is no sentence).
_LATE_VERBS = re.compile(
    r"(?:thong bao|chuan bi|ket hop|giam sat|danh gia|tham dinh|cong bo|tiep thu|giai quyet|"
    r"rut kinh nghiem|so ket|tong ket|tu cham|ap dung|tuan tra|nam chac|thu thap|phan loai|"
    r"xac minh|khen thuong|de nghi|huy dong|khuyen khich|dieu tri|xet nghiem|tap huan|"
    r"boi duong|long ghep|cu the hoa|ra quan|phat hien|ngan chan|bao ve|giao duc|gap|hop|"
    r"phuc tra|dinh huong|doi chieu|doi soat|hoan thien|cong khai|sap xep|trao doi|thanh tra|"
    r"quyet dinh|phe duyet|xem xet|cho y kien|trang bi|mua sam|ky|dinh ky|tiep tuc|kip thoi|phai|"
    r"theo (?:nhiem vu|chuc nang|tham quyen|noi dung|phan cong)|can|se|duoc giao|co nhiem vu)\b"
)


def acts(words: str) -> bool:
    """Return whether a text goes on as a subject does: with a verb of duty, in small letters."""
    if begins_with_verb(words):
        return True
    start = len(words) - len(words.lstrip())
    return words[start : start + 1].islower() and _LATE_VERBS.match(flat(words), start) is not None


def subject_end(words: str) -> int | None:
    """
    Return where the subject of a sentence ends that begins like the name of a body.

    For bodies that are in no list: the words up to the first verb of duty.
    """
    plain = flat(words)
    if not _SUBJECT.match(plain) or not words[:1].isupper():
        return None
    for gap in re.finditer(r"\s+(?=\S)", plain[:120]):
        left = plain[: gap.start()]
        noun = (
            words[gap.end()].isupper()
            or left.endswith(",")
            or left.rsplit(" ", 1)[-1]
            in (
                "doan",
                "duoc",
                "to",
                "doi",
                "bi",
                "tac",
                "hoi",
                "phong",
                "cac",
                "nhung",
                "ban",
                "co",
                "viec",
                "su",
                "luc",
                "quan",
                "va",
                "hau",
                "thanh",
                "thiet",
                "doc",
                "dinh",
            )
        )
        if words[: gap.start()].lower().endswith(("bản", "bạn", "bàn")):
            # With marks: "trưởng các bản" is whole, "ban" wants its name.
            noun = words[gap.end()].isupper()
        if plain.startswith("la ", gap.end()):
            # "Ban Phong trào Tỉnh đoàn là đầu mối …"
            noun = False
        verb = begins_with_verb(words[gap.end() :]) or _LATE_VERBS.match(plain, gap.end())
        if not noun and gap.start() > 5 and verb:
            return gap.start() if left.count(" ") < 24 and ";" not in left else None
    return None
