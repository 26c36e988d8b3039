"""Which numbered items are titles, and where the words of a title end."""

from __future__ import annotations

import re
from itertools import islice

from diaban.plans.reader.agencies import looks_like_body, unit_at_start, without_ask
from diaban.plans.reader.folding import UPPER, flat, is_upper, space, trimmed
from diaban.plans.reader.headings import is_all_units, style_of
from diaban.plans.reader.joining import terminal
from diaban.plans.reader.labels import is_label_line, names_lead
from diaban.plans.reader.nodes import Node
from diaban.plans.reader.subjects import begins_with_verb, is_body_name

_TITLE_COLON = re.compile(r":(?=\s|$)")
_LEAD_IN = re.compile(
    r"(?:sau|trong do|gom|cu the|sau day|nhu sau|la|cac noi dung|noi dung|dat|dam bao|"
    r"bao dam|tap trung)\s*:?\s*$"
)
# "Đến hết năm 2026: …" is a time, not a title.
_DATED = re.compile(r"(?:den|het|tu|trong|truoc|nam|quy|thang|ngay)\b.*\d")


def find_sections(nodes: list[Node]) -> None:
    for node in nodes:
        marker = node.marker
        if marker is not None and marker.is_bullet:
            continue
        if marker is None and style_of(node.paragraph) == "plain":
            continue
        if marker is not None and marker.style == "paren":
            continue
        if marker is not None and is_label_line(node, True) and names_lead(node):
            # "a) Nội dung: …", "b) Đơn vị chủ trì: …": lines of one work item.
            continue
        _find_title(node)


def _find_title(node: Node) -> None:
    """Decide whether a numbered item is a title, and where its words end."""
    text = node.paragraph.text
    start = node.paragraph.body
    end = _title_end(node, text, start)
    if end is None:
        return
    rest = end
    while rest < len(text) and text[rest] in " :.":
        rest += 1
    start, end = trimmed(text, start, end)
    while end > start and text[end - 1] in ":;., ":
        end -= 1
    if end <= start:
        return
    node.title, node.title_span = space(text[start:end]), (start, end)
    node.rest = rest if rest < len(text) else None


def _title_end(node: Node, text: str, start: int) -> int | None:
    words = text[start:]
    main = style_of(node.paragraph) in ("part", "roman", "upper")
    if main and is_upper(words):
        return len(text)
    run_in = _run_in(words, main, _beside_are_run_in(node))
    if run_in is not None and _below_unit(node) and not _names_body(words[:run_in]):
        return None
    if run_in is not None:
        return start + run_in
    if not terminal(words):
        short = is_short(words, 12) or is_all_units(words)
        return len(text) if main or node.children or short else None
    if words.rstrip().endswith(":"):
        lead_in = _LEAD_IN.search(flat(words).rstrip(" :")) or not is_short(words, 25)
        return None if lead_in and not main else len(text)
    return _sentence_title(node, words, start, main)


def _sentence_title(node: Node, words: str, start: int, main: bool) -> int | None:
    """A title that ends with a full stop, or a first sentence that is one."""
    if main:
        return start + len(words)
    if _below_unit(node) and begins_with_verb(words):
        return None
    first = re.search(rf"\.\s+(?=[{UPPER}])", words)
    followed = bool(node.children)
    if not followed:
        return None
    if first and is_short(words[: first.start()], 30) and _siblings_are_titles(node):
        return start + first.start()
    if first is None and is_short(words, 25) and words.rstrip().endswith("."):
        return start + len(words)
    return None


def _siblings_are_titles(node: Node) -> bool:
    """Whether most items beside this one are plain titles (no full stop, text below)."""
    if node.parent is None:
        return False
    same = [
        n
        for n in node.parent.children
        if n is not node and n.marker is not None and not n.marker.is_bullet
    ]
    titles = [n for n in same if not terminal(n.paragraph.text) and n.children]
    return len(same) > 0 and len(titles) >= 0.6 * len(same)


def _below_unit(node: Node) -> bool:
    """Whether an item stands below the heading of a body: it is what that body does."""
    title = node.parent.title if node.parent else None
    return title is not None and _names_body(title) and node.parent is not None


def _names_body(words: str) -> bool:
    return unit_at_start(words) is not None or looks_like_body(without_ask(words))


def _beside_are_run_in(node: Node) -> bool:
    """Whether most items beside this one are "Title: text" too; its verb may be a title then."""
    if node.parent is None or node.marker is None:
        return False
    style = node.marker.style
    others = (
        n
        for n in node.parent.children
        if n is not node and n.marker is not None and n.marker.style == style
    )
    # A dozen tell; asking all of them for each would grow with the square.
    beside = list(islice(others, 12))
    if len(beside) == 1:
        return _run_in(beside[0].paragraph.words, False) is not None and _brief(node)
    if not beside:
        return False
    titled = [n for n in beside if _run_in(n.paragraph.words, False) is not None]
    if len(titled) > 0.6 * len(beside):
        return True
    # "1. Mở rộng điểm cấp phát: …", beside "2. Truyền thông" with bullets below.
    if all(_run_in(n.paragraph.words, False) or _is_plain_title(n) for n in beside):
        return True
    # "Tuyên truyền: …", "Kiểm soát đường biển: …", "Quản lý cư trú: …"
    ends = [_run_in(n.paragraph.words, False, True) for n in [node, *beside]]
    return all(end is not None and end <= 64 for end in ends)


def _brief(node: Node) -> bool:
    """Whether the words before the colon are few: "Báo cáo: các đơn vị …"."""
    return len(node.paragraph.words.split(":")[0].split()) <= 4


def _is_plain_title(node: Node) -> bool:
    return (
        bool(node.children)
        and is_short(node.paragraph.words, 12)
        and not terminal(node.paragraph.text)
    )


# "Dự án 2: Nâng cao năng lực": the colon parts a number from a name, no title from a text.
_NUMBERED_NAME = re.compile(
    r"(?:du an|tieu du an|nhiem vu|hoat dong|chuyen de|noi dung|hop phan|muc tieu|cong trinh|"
    r"nhom|buoc|dot)\s*"
    r"(?:so\s*)?(?:thanh phan\s*)?(?:\d{1,2}|[ivx]{1,4})\s*$"
)


# "UBND các xã: Sủng Máng, Tả Lủng": the names of the areas belong to the body.
_AREAS = re.compile(
    r"\b(?:các|những|\d{1,3}) (?:xã|phường|thôn|ấp|bản|khóm|huyện|trường|khu phố|đặc khu)"
    r"(?:, (?:xã|phường|thị trấn|đặc khu|thôn|ấp|bản))*\s*$"
)


_PLACE = rf"(?:[{UPPER}\d][\w’'-]*)(?: [{UPPER}\d][\w’'-]*)*"
_PLACES = re.compile(rf"{_PLACE}(?:(?:,|;| và) {_PLACE})*")


def _run_in(words: str, main: bool, verbs: bool = False) -> int | None:
    """Return where the title of "Title: text" ends, or None; `verbs` may begin it."""
    found = _TITLE_COLON.search(words)
    if not found:
        return None
    left, right = words[: found.start()], words[found.end() :].strip()
    if not right:
        return None
    if re.match(r"(?:ty le|so luong|so vu|so nguoi)\b", flat(left)):
        return None
    if _AREAS.search(left) and _PLACES.fullmatch(right):
        return None
    unit = unit_at_start(left)
    if unit is not None and unit >= len(left.rstrip()) - 1:
        return found.start()
    if all(is_body_name(name) for name in re.split(r";\s*", left)):
        return found.start()
    if left.count("“") != left.count("”") or left.count("(") != left.count(")"):
        return None
    if _NUMBERED_NAME.match(flat(left)) and not terminal(right):
        return None
    if not main and not verbs and begins_with_verb(left):
        return None
    leads_in = not verbs and _LEAD_IN.search(flat(left))
    if _DATED.match(flat(left)) or leads_in or re.search(r"[.;]\s", left):
        return None
    return found.start() if main or is_short(left, 16) else None


def is_short(words: str, limit: int) -> bool:
    return len(words.split()) <= limit
