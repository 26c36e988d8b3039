"""Bytes to raw text: which format a file has, and what is refused before it is opened."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from diaban.plans.reader.legacy import unicode_text
from diaban.plans.reader.refusals import (
    Broken,
    EmptyDocument,
    Encrypted,
    OldWord,
    TooLarge,
    UnknownFormat,
)

# Plans of fifty pages have about 150,000 letters and less than a megabyte as a file.
MAX_BYTES = 25_000_000
MAX_LETTERS = 1_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\x7fELF",
    b"MZ",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"SQLite format 3",
    b"\x00\x00\x01\x00",
    b"OggS",
    b"ID3",
    b"fLaC",
)


@dataclass(frozen=True, slots=True)
class Source:
    """
    A document's text before markup is dropped.

    `first_page` is what stands on the first page (with headers), where marks of secrecy are
    looked for; None where the format has no pages.
    """

    text: str
    first_page: str | None = None


def source(data: bytes, name: str) -> Source:
    """Return the raw text of a document, whatever its format; the name is only for messages."""
    if len(data) > MAX_BYTES:
        raise TooLarge(name, limit="25 MB")
    if not data.strip():
        raise EmptyDocument(name)
    found = _opened(data, name)
    if len(found.text) > MAX_LETTERS:
        raise TooLarge(name, limit="1 triệu chữ")
    if not any(letter.isalnum() for letter in found.text):
        raise EmptyDocument(name)
    return found


def _opened(data: bytes, name: str) -> Source:
    if data.startswith(b"PK"):
        from diaban.plans.reader.docx import docx_source

        return docx_source(data, name)
    if data[:1024].lstrip().startswith(b"%PDF-"):
        from diaban.plans.reader.pdf import pdf_source

        return pdf_source(data, name)
    if data.startswith(_OLE):
        raise Encrypted(name) if _names(data, "EncryptedPackage") else OldWord(name)
    if data.startswith(b"{\\rtf") or data.startswith(_BINARY):
        raise UnknownFormat(name)
    if name.lower().endswith((".docx", ".pdf")) and len(data) <= 4 * MAX_LETTERS:
        # Neither a package nor a PDF, whatever its name says: cut, overwritten or renamed.
        raise Broken(name)
    return Source(_text(data, name))


def _names(data: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") in data


def _text(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if b"\x00" in data[:4096]:
        raise UnknownFormat(name)
    # Cut before decoding: a plan never comes near, and twenty megabytes cost seconds.
    if len(data) > 4 * MAX_LETTERS:
        raise TooLarge(name, limit="1 triệu chữ")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = _single_bytes(data)
    controls = sum(letter < " " and letter not in "\n\r\t\f\x0b" for letter in text[:4096])
    if controls > 8 + len(text[:4096]) // 50:
        raise UnknownFormat(name)
    return unicode_text(text)


def _single_bytes(data: bytes) -> str:
    """Return bytes of an old one-byte font as the letters its code points stand for."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")
