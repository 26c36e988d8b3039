"""
Text typed in the fonts before Unicode: TCVN3 (.VnTime), VNI, VISCII, VPS.

The only module that knows the library for it. What is already Unicode is never touched.
"""

from __future__ import annotations

_VIETNAMESE = frozenset(range(0x1EA0, 0x1EFA)) | {
    0x103,
    0x102,
    0x111,
    0x110,
    0x1A1,
    0x1A0,
    0x1B0,
    0x1AF,
}


def unicode_text(text: str) -> str:
    """
    Return a text whose letters came from the code points of an old font, in Unicode.

    Such a text has many letters of Western Europe and almost none that only Vietnamese has.
    """
    if not _suspicious(text):
        return text
    from viparse import detect_text_encoding, fix

    known = detect_text_encoding(text[:20_000])
    if known not in ("tcvn3", "vni", "viscii", "vps"):
        return text
    # The library works on whole texts; by paragraph it stays fast on long ones.
    return "\n".join(fix(line, encoding=known) for line in text.split("\n"))


def _suspicious(text: str) -> bool:
    head = text[:20_000]
    western = sum(0x80 <= ord(c) <= 0xFF for c in head)
    own = sum(ord(c) in _VIETNAMESE for c in head)
    combining = sum(0x300 <= ord(c) <= 0x323 for c in head)
    return western > 20 and western > 6 * (own + combining)
