"""What is reported or sent, in the words of the plan: "kết quả sơ kết giai đoạn 1"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diaban.plans.reader.folding import flat, space, trimmed

# Papers that are sent upward.
PAPER = re.compile(
    r"\b(?:ke hoach|bao cao|ket qua|tinh hinh|van ban|danh sach|de xuat|du toan|chuong trinh|"
    r"so lieu|bieu|ho so|phuong an|du an|de an|to trinh|dang ky|bien ban|danh muc|du tru|nhu cau|"
    r"bang tong hop|bang diem|phieu|kich ban|du thao|tong hop|thong tin|nghi quyet|quy che|"
    r"hop dong|ban cam ket|san pham|bai viet|tin, bai|quyet dinh)\b"
)
_SEND = re.compile(r"\b(?:gui|nop|trinh)\b")
_REPORT = re.compile(r"\bbao cao\b(?! vien)")
_REVIEW = re.compile(r"\b(?:so ket|tong ket)\b")
# What comes behind "báo cáo" when it says about what, not to whom.
_ABOUT = re.compile(
    r"\s*(?:bang van ban\s+)?(?P<about>(?:ve\s+)?(?:ket qua|tinh hinh|so ket|tong ket|so lieu|"
    r"dinh ky|dot xuat|chuyen de|nhanh|danh gia|viec|tien do|cong tac|kho khan|0?6 thang|sau thang|"
    r"nam\b|quy\b|thang\b|tuan\b|hang (?:tuan|thang|quy|nam)|ban dau))"
)
# With marks: "về" and "qua" end a phrase, "vệ" and "quả" do not.
_STOP = re.compile(
    r"[;:(,]|\s[-–]\s|\s+(?:về (?=(?:các |ban |thường trực )?(?:ubnd|uỷ ban|ủy ban|công an|sở|ban|"
    r"bộ|phòng|hội|huyện|tỉnh|xã|phường|chi cục|cục|đoàn|cơ quan|trung tâm|trường)\b)|"
    r"gửi|nộp|trình|báo cáo|cho|lên|với|qua|thông qua|để|theo quy định|trước|chậm nhất|xong|"
    r"vào|đến hết|hoàn thành|định kỳ|"
    r"trong (?:tháng|quý|năm|ngày)|h[ằà]ng (?:tuần|tháng|quý|năm))\b",
    re.I,
)
# "thực hiện Kế hoạch", "đạt kết quả": carried out or reached, not sent.
_CARRIED_OUT = re.compile(r"\b(?:thuc hien|trien khai|dat|theo|noi dung|cua|trong)\s+$")
_CALLED = re.compile(
    r"(?:0?6 thang|sau thang|nam|quy|thang|tuan|dinh ky|dot xuat|nhanh|chuyen de)\b"
)


def what_is_sent(words: str, dates: Sequence[int] = ()) -> str | None:
    """
    Return the words for what a clause reports or sends; None where it names nothing.

    `dates` are the offsets at which its dates begin: what is sent stands before or between them.
    """
    text = flat(words)
    return _about(words, text, dates) or _review(words, text, dates) or _paper(words, text, dates)


def _about(words: str, text: str, dates: Sequence[int]) -> str | None:
    for found in _REPORT.finditer(text):
        about = _ABOUT.match(text, found.end())
        if about is not None:
            # "báo cáo năm" is what it is called; "báo cáo kết quả" reports the results.
            called = _CALLED.match(text, about.start("about"))
            start = found.start() if called else about.start("about")
            return _piece(words, text, start, dates)
    return None


def _review(words: str, text: str, dates: Sequence[int]) -> str | None:
    found = _REVIEW.search(text)
    return _piece(words, text, found.start(), dates) if found else None


def _paper(words: str, text: str, dates: Sequence[int]) -> str | None:
    sent = _SEND.search(text)
    if sent is not None:
        behind = PAPER.match(text, sent.end() + 1)
        before = list(PAPER.finditer(text, 0, sent.start()))
        if behind is not None:
            return _piece(words, text, behind.start(), dates)
        if before:
            near = (
                p.start() for p in before if "," not in text[p.start() : sent.start()].rstrip(" ,")
            )
            start = next(near, before[-1].start())
            begin, end = trimmed(words, start, sent.start())
            return space(words[begin:end]).rstrip(" ,;") or None
    found = _REPORT.search(text)
    if found is None:
        return None
    gathered = list(re.finditer(r"\btong hop\s+(?!bao cao)", text[: found.start()]))
    if gathered and found.start() - gathered[-1].end() > 3:
        return _piece(words, text[: found.start()], gathered[-1].end(), dates)
    named = [
        p
        for p in PAPER.finditer(text, 0, found.start())
        if p[0] != "tong hop" and not _CARRIED_OUT.search(text, 0, p.start())
    ]
    if named:
        return _piece(words, text[: found.start()], named[-1].start(), dates)
    return space(words[found.start() : found.end()])


def _piece(words: str, text: str, start: int, dates: Sequence[int]) -> str | None:
    """The words from `start` to whom it goes to, when, or the end of the phrase."""
    first = re.compile(r"\s*[^\s,]+").match(text, start)
    stop = _STOP.search(words, first.end() if first else start, len(text))
    ends = [stop.start() if stop else len(text), *(at for at in dates if at > start)]
    begin, end = trimmed(words, start, min(ends))
    return space(words[begin:end]).strip(" ,;.:") or None
