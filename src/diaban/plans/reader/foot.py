"""The end of a plan: recipients and signature, in one or two columns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diaban.plans.reader.folding import UPPER, flat, is_upper, space
from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.zones import Zone

_FOR = re.compile(
    r"(?:tm|t/m|kt|k/t|tl|t/l|tuq|q)\s?\.\s*[a-z]|(?:t/m|k/t|t/l)\s+[a-z]|"
    r"(?:tm|kt|tl|tuq)\s+(?:uy ban|ubnd|ban |chu tich|giam doc|truong|bch|btv|hoi dong)"
)
_OFFICE = re.compile(
    r"(?:pho )?(?:tong )?(?:chu tich|giam doc|truong|(?:don|tram|doi|to|hat|khu|cum|khoi|chi cuc|"
    r"ban|khoa|phong|cum|thon|vien) truong|bi thu|giam thi|"
    r"chanh|cuc truong|vu truong|thu truong|"
    r"bo truong|vien truong|"
    r"chi huy|hieu truong|chu nhiem|thu ky|tham muu|chinh uy|quyen|phu trach)"
)
_DEGREE = (
    r"(?:(?:GS|PGS|TSKH|TS|ThS|Ths|CN|KS|LS|NGƯT|NGND|TTƯT|TTND|BS(?:\s?CK\s?I{1,2})?|"
    r"DS(?:\s?CK\s?I{1,2})?|CK\s?I{1,2})[.\s]+)+"
)
_RANKED = r"(?:Đại|Thượng|Trung|Thiếu)\s+(?:tá|úy|uý|tướng)"
# "K’ Brốp", "H'Hen Niê": names of the highlands have a mark behind their first letter.
_WORD = rf"[{UPPER}](?:[’']\s?)?\w*"
_PERSON = re.compile(
    rf"(?:{_RANKED},?\s+)?(?:{_DEGREE})?(?:{_WORD}(?:\s+{_WORD}){{1,5}}|[{UPPER}][’']\s?\w+)$"
)
_RANK = re.compile(rf"^(?:{_RANKED},?\s+)?(?:{_DEGREE})?")
# Marks recipients that stand on the line of "Nơi nhận:" itself, parted by semicolons.
_INLINE = "\0"
_SEALED = re.compile(r"\((?:da ky|ky ten|ky, |ky va|ky so)[^()]*\)|\bda ky\b")


@dataclass(frozen=True, slots=True)
class Foot:
    """Recipients and signature as printed."""

    recipients: tuple[str, ...]
    signer_name: str | None
    signer_title: str | None
    signed_for: str | None


def foot(paragraphs: list[Paragraph]) -> Foot:
    """Return who gets the plan and who signed it."""
    left: list[str] = []
    right: list[str] = []
    listing = False
    for paragraph in paragraphs:
        if paragraph.zone is not Zone.FOOT or paragraph.note:
            continue
        for column in _columns(paragraph.text):
            listing = _sort(column, listing, left, right)
    titles = [line for line in right if is_signature(line)]
    names = [line for line in right if not is_signature(line)]
    return Foot(
        tuple(_recipients(left)),
        _RANK.sub("", names[-1]).strip() if names else None,
        titles[-1] if titles else None,
        " / ".join(titles[:-1]) or None,
    )


_RUN_ON = re.compile(
    r"\s+(?=(?:KT|TL|TUQ)\s?\.)|(?<=CHỦ TỊCH)\s+(?=PHÓ CHỦ TỊCH)|(?<=NHÂN DÂN)\s+(?=CHỦ TỊCH)"
)
# One word of a person's name, not in capitals.
_GIVEN = rf"[{UPPER}][^{UPPER}\W\d_]*"
# Where the right column begins: a wide gap, a bar, or the words of a signature in capitals.
_BESIDE = re.compile(
    r"\t|\s\|\s|\s+(?=(?:TM|T/M|KT|TL|TUQ)\s?\.\s*[A-ZĐỦ]{2})|"
    r"(?<=[;.:])(?<!KT\.)(?<!TM\.)(?<!TL\.)(?<!UQ\.)\s+(?=(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|"
    r"TRƯỞNG )|\((?:Đã|đã) ký)"
    rf"|(?<=[.;])\s+(?={_GIVEN}(?:\s+{_GIVEN}){{2,4}}$)"
)
_NAME_AFTER = re.compile(rf"\s+(?={_GIVEN}(?:\s+{_GIVEN}){{1,4}}$)")


def _columns(text: str) -> list[str]:
    """The columns of a line; titles and name of a signature set on one line are parted too."""
    found: list[str] = []
    for column in _BESIDE.split(text):
        column = space(column.strip(" |"))
        if re.match(r"(?:TM|T/M|KT|TL|TUQ|Q|CHỦ TỊCH|PHÓ CHỦ TỊCH|GIÁM ĐỐC|TRƯỞNG)\b", column):
            name = _NAME_AFTER.search(column)
            titles = column[: name.start()] if name else column
            found.extend(_RUN_ON.split(titles))
            found.extend([column[name.end() :]] if name else [])
        elif column:
            found.append(column)
    return found


def _sort(line: str, listing: bool, left: list[str], right: list[str]) -> bool:
    """Put a line with the recipients or with the signature; return whether a list is open."""
    words = flat(line)
    if words.startswith("noi nhan"):
        rest = line[line.find(":") + 1 :].strip() if ":" in line else ""
        if rest:
            left.append(_INLINE + rest)
        return True
    if is_signature(line):
        right.append(line)
        return listing
    if re.match(r"[-+–•*]\s*\S", line) and listing:
        left.append(line)
        return True
    if _is_person(line) and right:
        right.append(line.title() if line.isupper() else line)
    elif re.fullmatch(rf"(?:{_RANKED},?\s*)?(?:{_DEGREE})?", f"{line} "):
        # "BSCKII." was parted from the name behind it.
        return listing
    elif listing and re.search(r"[;.,]$|\d|\bluu\b", words) and not words.startswith("("):
        left.append(line)
    return listing


def is_signature(line: str) -> bool:
    """Return whether a line is the title of a signer ("KT. CHỦ TỊCH")."""
    words = flat(line)
    return is_upper(line) and bool(_FOR.match(words) or _OFFICE.match(words)) and len(line) < 80


def _is_person(line: str) -> bool:
    words = flat(line)
    if _SEALED.search(words) or {"dau", "dong"} <= set(words.split()):
        return False
    return (
        bool(_PERSON.match(line))
        and len(line) <= 40
        and not re.match(r"(?:du thao|ke hoach|phu luc)", words)
    )


def _recipients(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        pieces = re.split(r";\s*", line[1:]) if line.startswith(_INLINE) else [line]
        for piece in pieces:
            name = _recipient(piece)
            if name:
                found.append(name)
    return found


def _recipient(line: str) -> str:
    name = re.sub(r"^[-+–•*]\s*", "", line.strip())
    # A stray sign after the full stop of the last line ("NC1. h") is a mark of the scan.
    name = re.sub(r"(?<=\.)\s+\w{1,2}$", "", name)
    return name.strip(" ;.,/")
