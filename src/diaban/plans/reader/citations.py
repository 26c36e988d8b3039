"""
Documents cited by number: "Kế hoạch số 82/KH-UBND ngày 18/4/2023 của UBND tỉnh …".

A citation is: a kind of document, "số", the number with its symbols, "ngày" and a date (which may
be partly blank), "của" and who issued it, and what it is about. Each part after the number may be
missing. Names that merely look like numbers (a committee called 138/CP, the police office PC04)
are none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from diaban.plans.reader.clauses import MAX_ITEMS
from diaban.plans.reader.folding import UPPER, flat, space, trimmed
from diaban.plans.reader.values import Span

KINDS = (
    "nghi quyet lien tich|thong tu lien tich|ke hoach lien tich|nghi quyet|quyet dinh|chi thi|"
    "cong van|cong dien|ke hoach|thong tu|nghi dinh|de an|du an|chuong trinh phoi hop|"
    "chuong trinh hanh dong|chuong trinh|ket luan|thong bao|huong dan|bao cao|to trinh|van ban|"
    "phuong an|quy che|quy dinh|bo luat|luat|phap lenh|dien mat|thu|giay moi|quy che phoi hop"
)
# Without a number and a sign before capitals there is no citation; most paragraphs have none.
_ANY = re.compile(rf"[/-]\s?[{UPPER}]")
_PART = rf"[{UPPER}][{UPPER}a-zđ]{{0,7}}\d{{0,3}}"
_SYMBOLS = rf"{_PART}(?:[-.&/]{_PART}|\([{UPPER}\d.]+\)){{0,4}}"
_NUMBER = re.compile(
    rf"(?P<number>(?<![\w/.,])(?P<digits>\d{{1,5}}[a-z]?)?\s?"
    rf"(?:/\s?(?P<year>(?:19|20)\d\d)\s?[-/]\s?(?P<law>QH-?\d\d|{_SYMBOLS})|\s?(?P<sep>[-/])\s?(?P<symbols>{_SYMBOLS})))"
    rf"(?![\w/])"
)
_KIND_BEFORE = re.compile(
    rf"(?P<kind>\b(?:{KINDS}))\b(?:\s+(?P<so>so)\s*:?)?\s*$|\b(?P<only>so)\s*:?\s*$"
)
_COMMITTEE = re.compile(
    r"\b(?:ban chi dao|bcd|bch|ban|to cong tac|doan|phong|tieu ban|thanh vien)\s*$"
)
_DATE = re.compile(
    r"\s*,?\s*\(?\s*(?:ngay|ky ngay|ban hanh ngay)\s*(?P<d>\d{1,2})?\s*(?:thang|"
    r"[/.-])\s*(?P<m>\d{1,2})?"
    r"\s*(?:nam|[/.-])\s*(?P<y>(?:19|20)\d\d)\s*\)?"
)
_ISSUER = re.compile(r"\s*,?\s*(?:do|cua)\s+(?P<issuer>\S.{0,160})")
_ISSUER_END = re.compile(
    r"[.;:()“\"]|,|\s(?:ve|phe duyet|ban hanh|quy dinh|thuc hien|trien khai|huong dan|nham|de|"
    r"thi hanh|xay dung|tiep tuc|khoa|tai|sua doi|lanh dao|(?<!ban )chi dao|giao|giai doan|"
    r"va\s+(?:ke hoach|"
    r"quyet dinh|cong van|chi thi|nghi quyet|chuong trinh|thong tu|nghi dinh|van ban|thong bao|"
    r"ket luan|huong dan|de an|cong dien|to trinh|quy che|thong tri|du an|phuong an))\b"
)
_TITLE = re.compile(
    r"\s*,?\s*(?:ve\b|phe duyet\b|ban hanh\b|quy dinh\b|trien khai\b|thuc hien\b|[“\"])"
)
_TITLE_END = re.compile(
    r"[;()]|\.(?=\s|$)|,?\s+(?:de|bao dam|dam bao|hoan thanh|xong|truoc ngay|truoc)\s"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """
    One mention of a document, as offsets in the text it was found in.

    `title` is the stretch after it that says what the document is about: years there are part of
    a name. `number` is None where it was left blank on paper.
    """

    number: str | None
    date: str | None
    issuer: str | None
    span: Span
    title: Span


@lru_cache(maxsize=128)
def citations(text: str) -> tuple[Citation, ...]:
    """Return the documents that a text cites by number, in order."""
    words = flat(text)
    found: list[Citation] = []
    if _ANY.search(text) is None:
        return ()
    for match in islice(_NUMBER.finditer(text), MAX_ITEMS):
        citation = _citation(text, words, match)
        if citation is not None and (not found or citation.span[0] >= found[-1].span[1]):
            found.append(citation)
    return tuple(found)


def _citation(text: str, words: str, match: re.Match[str]) -> Citation | None:
    at, end = match.span("number")
    at += len(text[at:end]) - len(text[at:end].lstrip())
    before = _KIND_BEFORE.search(words, max(0, at - 60), at)
    digits, symbols = match["digits"], match["law"] or match["symbols"]
    if symbols is None or not any(c.isupper() for c in symbols):
        return None
    if digits is None and (before is None or not match["symbols"] or "-" not in match["number"]):
        return None
    if _COMMITTEE.search(words, max(0, at - 30), at):
        return None
    if before is None and re.fullmatch(r"[CP]\w{0,3}", symbols):
        return None
    if before is None and not re.search(r"[-/]", symbols) and not match["year"]:
        return None
    start = before.start() if before else at
    date, after_date = _date_after(words, end)
    issuer, issuer_end = _issuer_after(text, words, after_date)
    title = _title_after(words, issuer_end)
    if text[start:issuer_end].count("(") < text[start:issuer_end].count(")"):
        issuer_end -= 1
    start, issuer_end = trimmed(text, start, issuer_end)
    number = "".join(match["number"].split()) if digits else None
    return Citation(number, date, issuer, (start, issuer_end), title)


def _date_after(words: str, at: int) -> tuple[str | None, int]:
    found = _DATE.match(words, at)
    if not found:
        return None, at
    end = found.end()
    if words[found.start() : end].count("(") > words[found.start() : end].count(")"):
        end = found.end("y")
    day, month = found["d"], found["m"]
    if day and month and 1 <= int(month) <= 12 and 1 <= int(day) <= 31:
        return f"{found['y']}-{int(month):02d}-{int(day):02d}", end
    if month and 1 <= int(month) <= 12:
        return f"{found['y']}-{int(month):02d}", end
    return found["y"], end


def _issuer_after(text: str, words: str, at: int) -> tuple[str | None, int]:
    found = _ISSUER.match(words, at)
    if not found:
        return None, at
    start = found.start("issuer")
    stop = _ISSUER_END.search(words, start)
    end = stop.start() if stop else len(text)
    if end - start > 160:
        return None, at
    small = re.search(r"\svà\s+(?=[a-zđ])", text[start:end])
    name = text[start : start + small.start() if small else end].rstrip()
    if not name or len(name) > 120 or not any(c.isupper() for c in name):
        return None, at
    return space(name), start + len(name)


def _title_after(words: str, at: int) -> Span:
    if not _TITLE.match(words, at):
        return at, at
    stop = _TITLE_END.search(words, at + 1)
    return at, stop.start() if stop else len(words)
