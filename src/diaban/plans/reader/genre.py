"""What kind of document it is, and whether it may be read at all."""

from __future__ import annotations

import re
import unicodedata

from diaban.plans.reader.folding import flat, is_upper, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.lines import Line, printed_lines
from diaban.plans.reader.values import Plan
from diaban.plans.reader.zones import Zone, is_title

# As the title stands in capitals over the document; the longer ones first.
_GENRES = {
    "nghi quyet lien tich": "Nghị quyết liên tịch",
    "quyet dinh": "Quyết định",
    "chi thi": "Chỉ thị",
    "bao cao": "Báo cáo",
    "to trinh": "Tờ trình",
    "huong dan": "Hướng dẫn",
    "thong bao": "Thông báo",
    "nghi quyet": "Nghị quyết",
    "chuong trinh": "Chương trình",
    "de an": "Đề án",
    "phuong an": "Phương án",
    "quy che": "Quy chế",
    "quy dinh": "Quy định",
    "thong tu": "Thông tư",
    "nghi dinh": "Nghị định",
    "luat": "Luật",
    "phap lenh": "Pháp lệnh",
    "cong dien": "Công điện",
    "giay moi": "Giấy mời",
    "bien ban": "Biên bản",
    "hop dong": "Hợp đồng",
    "ket luan": "Kết luận",
    "lenh": "Lệnh",
    "thu moi": "Thư mời",
    "don": "Đơn",
    "de cuong": "Đề cương",
    "du an": "Dự án",
    "cong van": "Công văn",
    "phieu trinh": "Phiếu trình",
    "giay chung nhan": "Giấy chứng nhận",
    "chuong trinh phoi hop": "Chương trình phối hợp",
}
_SYMBOLS = {
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "BC": "Báo cáo",
    "TTr": "Tờ trình",
    "HD": "Hướng dẫn",
    "TB": "Thông báo",
    "NQ": "Nghị quyết",
    "CV": "Công văn",
    "TT": "Thông tư",
    "NĐ": "Nghị định",
}
_OWN = re.compile(r"\b[Ss][ốôỐÔ]\s*:?\s*\d{0,5}\s*(?:/\d{4})?\s*[/-]\s*([A-ZĐ][A-Za-zĐ]{1,3})\b")
_MARKED = re.compile(r"(?:đơn|tờ trình|lệnh|luật)(?!\w)", re.I)
# With what the old fonts make of them: a stamp alone does not tell its encoding.
_MARKS = {
    **dict.fromkeys(("mật", "mët", "maät"), "MẬT"),
    **dict.fromkeys(("tốimật", "tèimët", "toáimaät"), "TỐI MẬT"),
    **dict.fromkeys(("tuyệtmật", "tuyötmët", "tuyeätmaät"), "TUYỆT MẬT"),
}
# In the letterhead a mark may share its line: "MẬT - KHẨN", "Số: 12/KH-UBND (MẬT)". Single
# spaces part the words of a name ("PHƯỜNG MẬT SƠN"), so more than one must stand around it.
_EDGE = r"(?:^|[\t|(\[/;:,–-]\s*|\s{2,})"
_SHARED = re.compile(
    rf"{_EDGE}(?P<mark>(?:T\s*Ố\s*I\s*|T\s*U\s*Y\s*Ệ\s*T\s*)?M\s*Ậ\s*T)"
    r"(?=\s*(?:$|[\t|)\]/;:,–-])|\s{2,}|\s+(?:Số|KHẨN|HỎA TỐC|HOẢ TỐC|THƯỢNG KHẨN)\b)"
)
_LETTERHEAD = 16


def secrecy_mark(first_page: str | None, lines: list[Line]) -> str | None:
    """Return the mark of secrecy that stands apart on the first page, or None."""
    shown = printed_lines(first_page) if first_page else lines[:60]
    raw = first_page.splitlines()[:80] if first_page else []
    title = next((i for i, line in enumerate(shown) if is_title(line.text)), _LETTERHEAD)
    for line in shown:
        for column in (line.text, *re.split(r"\t|\s\|\s", line.text)):
            mark = _mark(column)
            if mark is not None:
                return mark
    for words in (*(line.text for line in shown[: title + 1]), *_before_title(raw)):
        found = _SHARED.search(unicodedata.normalize("NFKC", words))
        if found:
            return _MARKS["".join(found["mark"].lower().split())]
    return None


def _before_title(raw: list[str]) -> list[str]:
    """The lines of a letterhead as they came, with all their spaces."""
    title = next((i for i, words in enumerate(raw) if is_title(words)), _LETTERHEAD)
    return raw[:title]


def _mark(words: str) -> str | None:
    plain = unicodedata.normalize("NFKC", words).lower()
    bare = re.sub(r"[\s()\[\]{}.:*_|-]", "", plain)
    bare = re.sub(r"^(?:độmật|mứcđộmật|dấu)", "", bare)
    return _MARKS.get(bare)


def other_genre(paragraphs: list[Paragraph]) -> str | None:
    """
    Return the name of the genre when the document is no plan; None when it may be one.

    A decision that carries a plan ("Ban hành kèm theo Quyết định …") is read for the plan.
    """
    title = next((i for i, p in enumerate(paragraphs) if p.zone is Zone.TITLE), len(paragraphs))
    for paragraph in paragraphs[: min(title, 40)]:
        named = _named(paragraph.text)
        if named is not None and not _attached(paragraphs, title):
            return named
    if title < len(paragraphs):
        return None
    return _by_signs(paragraphs)


def _named(text: str) -> str | None:
    words = flat(space(text)).strip(" .:*-")
    if not _MARKED.match(text.strip(" .:*-")):
        # "ĐỒN BIÊN PHÒNG" and "TỔ TRINH SÁT" are names of bodies.
        words = re.sub(r"^(?:don|to trinh|lenh|luat|don)\b", "", words)
    for prefix, name in sorted(_GENRES.items(), key=lambda pair: -len(pair[0])):
        if words == prefix and (is_upper(text) or len(text) < 16):
            return name
        if words.startswith(prefix + " ") and is_upper(text[: len(prefix)]) and len(words) < 300:
            return name
    return None


def _attached(paragraphs: list[Paragraph], title: int) -> bool:
    near = " ".join(flat(p.text) for p in paragraphs[max(0, title - 3) : title + 6])
    return title < len(paragraphs) and re.search(r"(?:kem theo|phu luc)", near) is not None


def _by_signs(paragraphs: list[Paragraph]) -> str:
    head = paragraphs[:40]
    if any(flat(p.text).startswith(("kinh gui", "v/v")) for p in head):
        return "Công văn"
    for paragraph in head:
        found = _OWN.search(paragraph.text)
        if found and found[1] in _SYMBOLS:
            return _SYMBOLS[found[1]]
    return "văn bản khác"


def is_plan(plan: Plan) -> bool:
    """Return whether something that calls itself a plan has the parts of one."""
    return bool(plan.sections or plan.assignments)
