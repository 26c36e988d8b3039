"""
Text typed in the fonts before Unicode: TCVN3 (.VnTime), VNI, VISCII, VPS.

The only module that knows the library for it. What is already Unicode is never touched.
"""

from __future__ import annotations

import re

_WESTERN = re.compile("[\u0080-\u00ff]")
# Letters and combining marks that only Unicode text in Vietnamese has.
_VIETNAMESE = re.compile(
    "[\u1ea0-\u1ef9\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u0300-\u0323]"
)


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
    western = len(_WESTERN.findall(head))
    return western > 20 and western > 6 * len(_VIETNAMESE.findall(head))
