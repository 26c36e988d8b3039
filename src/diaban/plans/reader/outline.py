"""
The headings of a plan and their numbering.

A numbered item is a section when it is a title for what follows, and a numbered paragraph when it
is itself the text. Levels follow the order in which kinds of markers are met, so that a plan that
numbers `A, I, 1, a` is read as well as one that numbers `I, 1, 1.1`. Printed markers are never
corrected; a label is, where two headings would otherwise share it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from diaban.plans.reader.agencies import unit_at_start
from diaban.plans.reader.folding import UPPER, flat, is_upper, space, trimmed
from diaban.plans.reader.joining import Paragraph, terminal
from diaban.plans.reader.markers import Marker, roman
from diaban.plans.reader.zones import Zone

_TITLE_COLON = re.compile(r":(?=\s|$)")
_LEAD_IN = re.compile(
    r"(?:sau|trong do|gom|cu the|sau day|nhu sau|la|cac noi dung|noi dung|dat|dam bao|"
    r"bao dam|tap trung)\s*:?\s*$"
)
_KNOWN_HEADING = re.compile(
    r"(?:(?:muc dich|yeu cau|muc tieu|chi tieu|quan diem|noi dung|nhiem vu|giai phap|phan cong|"
    r"trach nhiem|to chuc thuc hien|kinh phi|thoi gian|lo trinh|pham vi|dia ban|tieu chi|che do|"
    r"thong tin|bao cao|cong tac|hinh thuc|doi tuong|tien do|khen thuong|dac diem|tinh hinh|"
    r"phan thu|phan \w+)\b)"
)
# "Đến hết năm 2026: …" is a time, not a title.
_DATED = re.compile(r"(?:den|tu|trong|truoc|nam|quy|thang|ngay)\b.*\d")


@dataclass(slots=True)
class Node:
    """
    A heading, a numbered paragraph or a bullet, with what stands below it.

    `title` and `title_span` (offsets in the paragraph) are those of a heading; `rest` is the
    offset at which the text of a run-in heading goes on. `label` is None for a bullet.
    """

    paragraph: Paragraph
    parent: Node | None
    depth: int
    title: str | None = None
    title_span: tuple[int, int] = (0, 0)
    rest: int | None = None
    label: str | None = None
    level: int = 0
    printed_label: str | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def is_section(self) -> bool:
        return self.title is not None

    @property
    def marker(self) -> Marker | None:
        return self.paragraph.marker

    def walk(self) -> list[Node]:
        """Return this node and everything below it, in order."""
        found = [self]
        for child in self.children:
            found.extend(child.walk())
        return found

    def section_label(self) -> str | None:
        """Return the label of the nearest numbered node at or above this one."""
        node: Node | None = self
        while node is not None:
            if node.label:
                return node.label
            node = node.parent
        return None


@dataclass(slots=True)
class Outline:
    """The tree of a plan's body; `before` are the paragraphs before the first heading."""

    roots: list[Node]
    before: list[Paragraph]

    def nodes(self) -> list[Node]:
        """Return all nodes in order."""
        return [node for root in self.roots for node in root.walk()]


def outline(paragraphs: list[Paragraph]) -> Outline:
    """Return the headings, numbered paragraphs and bullets of a plan as a tree."""
    body = [
        p for p in paragraphs if p.zone is Zone.BODY and not (p.note or p.cells or p.flat_table)
    ]
    body = _lettered(body)
    first = next((i for i, p in enumerate(body) if _opens(p)), len(body))
    roots = _tree(body[first:])
    result = Outline(roots, body[:first])
    _find_sections(result.nodes())
    _name_run_in_units(result.nodes())
    _label(roots, None)
    return result


# The last words of a plan belong to nobody's section.
_CLOSING = re.compile(
    r"(?:tren day la|trong qua trinh (?:trien khai|to chuc|thuc hien)|"
    r"ke hoach nay (?:co hieu luc|thay the)|"
    r"yeu cau (?:cac|thu truong)|de nghi cac (?:co quan|don vi|dia phuong)[^.]*nghiem tuc|"
    r"nhan duoc ke hoach|can cu (?:noi dung )?ke hoach nay)"
)


def _lettered(body: list[Paragraph]) -> list[Paragraph]:
    """Take "C." and "L." for letters, not Roman numbers, where "A." and "B." came before."""
    seen: set[str] = set()
    done: list[Paragraph] = []
    for p in body:
        marker = p.marker
        if marker is not None and marker.style == "roman" and marker.value == "C" and "B" in seen:
            p = replace(p, marker=replace(marker, style="upper"))
        if p.marker is not None and p.marker.style == "upper":
            seen.add(p.marker.value)
        done.append(p)
    return done


ASSIGNS = re.compile(
    r"phan cong|giao nhiem vu|trach nhiem (?:cua|cac|thuc hien|to chuc|cu the)|"
    r"nhiem vu (?:cu the )?cua (?:cac )?"
    r"(?:so|co quan|don vi|phong|ban|nganh|dia phuong)|trach nhiem$"
)


def _name_run_in_units(nodes: list[Node]) -> None:
    """In an assignment section "14. Các sở còn lại tổ chức …" has the subject as its heading."""
    for node in nodes:
        if not (node.title and ASSIGNS.search(flat(node.title))):
            continue
        for child in node.children:
            if child.title is None and child.marker and child.marker.style == "number":
                _take_subject(child)


def _take_subject(node: Node) -> None:
    text, start = node.paragraph.text, node.paragraph.body
    unit = unit_at_start(text[start:])
    if not unit or not begins_with_verb(text[start + unit :]):
        unit = subject_end(text[start:])
    if unit:
        node.title, node.title_span = space(text[start : start + unit]), (start, start + unit)
        node.rest = start + unit + len(text[start + unit :]) - len(text[start + unit :].lstrip())


def _opens(paragraph: Paragraph) -> bool:
    """Whether the body proper begins here: a number, or a heading in capitals."""
    marker = paragraph.marker
    if marker is not None:
        return marker.style in ("roman", "upper", "number")
    return is_bare_heading(paragraph.text)


def is_bare_heading(text: str) -> bool:
    """Return whether a paragraph without a marker is set as a main heading (capitals)."""
    return is_upper(text) and len(text) >= 6 and not terminal(text.rstrip(":")) and len(text) < 240


def _style(paragraph: Paragraph) -> str:
    """The kind of a paragraph in the order of levels: `number2` for `1.1`, `plain` for none."""
    marker = paragraph.marker
    if marker is None:
        if is_bare_heading(paragraph.text):
            return "roman"
        return "minor" if _is_minor_heading(paragraph.text) else "plain"
    if marker.style == "number":
        return f"number{marker.depth}"
    return marker.style


def _is_minor_heading(text: str) -> bool:
    """A short line without a number that names a unit or a usual part ("Mục đích")."""
    if names_unit_run_in(text):
        return True
    if len(text) > 140 or terminal(text.rstrip(":")) or not text[:1].isupper():
        return False
    words = flat(text).rstrip(" :")
    if _KNOWN_HEADING.match(words) and len(words) < 60 and words.count(" ") < 10:
        return True
    return unit_at_start(text) == len(text.rstrip(" :"))


def names_unit_run_in(text: str) -> bool:
    """Return whether a text is "Unit: what it does"."""
    colon = text.find(":")
    return 0 < colon <= 160 and unit_at_start(text[:colon]) == len(text[:colon].rstrip())


def _tree(body: list[Paragraph]) -> list[Node]:
    roots: list[Node] = []
    stack: list[tuple[str, Node]] = []
    for paragraph in body:
        style = _style(paragraph)
        if style == "plain" and _CLOSING.match(flat(paragraph.text)):
            stack.clear()
        numbered = any(held.startswith("number") for held, _ in stack)
        if style == "minor" and numbered and names_unit_run_in(paragraph.text):
            # Beside numbered units, "Unit: …" without a number is a bullet whose dash was lost.
            style = "plain"
        if style in ("plain", "dash", "plus", "dot", "paren", "letter"):
            _place_item(paragraph, style, stack, roots)
        else:
            _place_heading(paragraph, style, stack, roots)
    return roots


def _place_heading(
    paragraph: Paragraph, style: str, stack: list[tuple[str, Node]], roots: list[Node]
) -> None:
    while stack and not _may_hold(stack[-1], style):
        stack.pop()
    _hang(paragraph, style, stack, roots)


# How deep a kind of heading stands; one may hold another that stands deeper.
_STEPS = {
    "upper": 0,
    "roman": 1,
    "number1": 2,
    "minor": 2,
    "number2": 3,
    "number3": 4,
    "number4": 5,
}
_ITEMS = ("plain", "letter", "dash", "plus", "dot", "paren")
# Which bullets are smaller than which, whatever the words.
_SMALLER = {
    "letter": ("dash", "plus", "dot", "paren"),
    "dash": ("plus", "paren"),
    "plus": ("paren",),
    "dot": ("plus", "paren"),
}


def _may_hold(top: tuple[str, Node], style: str) -> bool:
    """Whether the open item or heading may have a paragraph of `style` below it."""
    held, node = top
    if held in _STEPS:
        return style in _ITEMS or _STEPS[held] < _STEPS[style]
    if style in _STEPS:
        return False
    words = node.paragraph.words
    opens = words.rstrip().endswith(":")
    if held == "plain":
        return opens and style != "plain"
    if style == "plain":
        return opens or (_short(words, 14) and not terminal(words))
    titled = (
        held in ("dot", "letter") and style != held and _short(words, 14) and not terminal(words)
    )
    return style in _SMALLER.get(held, ()) or opens or titled


def _place_item(
    paragraph: Paragraph, style: str, stack: list[tuple[str, Node]], roots: list[Node]
) -> None:
    if style in [held for held, _ in stack]:
        while stack and stack.pop()[0] != style:
            pass
    while stack and not _may_hold(stack[-1], style):
        stack.pop()
    _hang(paragraph, style, stack, roots)


def _hang(
    paragraph: Paragraph, style: str, stack: list[tuple[str, Node]], roots: list[Node]
) -> None:
    parent = stack[-1][1] if stack else None
    node = Node(paragraph, parent, len(stack))
    (parent.children if parent else roots).append(node)
    stack.append((style, node))


def _find_sections(nodes: list[Node]) -> None:
    for node in nodes:
        marker = node.marker
        if marker is not None and marker.is_bullet:
            continue
        if marker is None and _style(node.paragraph) == "plain":
            continue
        if marker is not None and marker.style == "paren":
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
    main = _style(node.paragraph) in ("roman", "upper")
    if main and is_upper(words):
        return len(text)
    run_in = _run_in(words, main)
    if run_in is not None:
        return start + run_in
    if not terminal(words):
        return len(text) if main or node.children or _short(words, 12) else None
    if words.rstrip().endswith(":"):
        lead_in = _LEAD_IN.search(flat(words).rstrip(" :")) or not _short(words, 25)
        return None if lead_in and not main else len(text)
    return _sentence_title(node, words, start, main)


def _sentence_title(node: Node, words: str, start: int, main: bool) -> int | None:
    """A title that ends with a full stop, or a first sentence that is one."""
    if main:
        return start + len(words)
    first = re.search(rf"\.\s+(?=[{UPPER}])", words)
    followed = bool(node.children)
    if not followed:
        return None
    if first and _short(words[: first.start()], 30) and _siblings_are_titles(node):
        return start + first.start()
    if first is None and _short(words, 25) and words.rstrip().endswith("."):
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


def _run_in(words: str, main: bool) -> int | None:
    """Return where the title of "Title: text" ends, or None."""
    found = _TITLE_COLON.search(words)
    if not found:
        return None
    left, right = words[: found.start()], words[found.end() :].strip()
    if not right:
        return None
    unit = unit_at_start(left)
    if unit is not None and unit >= len(left.rstrip()) - 1:
        return found.start()
    if left.count("“") != left.count("”") or left.count("(") != left.count(")"):
        return None
    if not main and begins_with_verb(left):
        return None
    if _DATED.match(flat(left)) or _LEAD_IN.search(flat(left)) or re.search(r"[.;]\s", left):
        return None
    return found.start() if main or _short(left, 16) else None


def _short(words: str, limit: int) -> bool:
    return len(words.split()) <= limit


_VERBS = re.compile(
    r"\s*(?:chu tri|phoi hop|to chuc|chi dao|huong dan|tham muu|tiep tuc|tang cuong|"
    r"day manh|thuc hien|"
    r"trien khai|xay dung|can cu|chu dong|co trach nhiem|theo doi|don doc|kiem tra|ra soat|"
    r"tap trung|"
    r"thuong xuyen|bo tri|phan bo|can doi|lap|tong hop|bao cao|ban hanh|van dong|"
    r"tuyen truyen|quan ly|"
    r"phat huy|dam bao|bao dam|lam|la co quan|giup|nghien cuu|ho tro|quan triet|phat dong)\b"
)


def begins_with_verb(words: str) -> bool:
    """Return whether a text begins with what a unit does ("chủ trì", "tổ chức")."""
    return bool(_VERBS.match(flat(words)))


_SUBJECT = re.compile(
    r"(?:so|phong|ban|cong an|bo|cuc|chi cuc|uy ban|ubnd|hoi|doan|lien doan|vien|toa an|dai|"
    r"bao|trung tam|van phong|don|"
    r"tram|truong|kho bac|ngan hang|luc luong|to|cac|thu truong|co quan|chi bo|dang uy|hat)\b"
)


def subject_end(words: str) -> int | None:
    """
    Return where the subject of a sentence ends that begins like the name of a body.

    For bodies that are in no list: the words up to the first verb of duty.
    """
    plain = flat(words)
    if not _SUBJECT.match(plain) or not words[:1].isupper():
        return None
    for gap in re.finditer(r"\s+", plain[:120]):
        left = plain[: gap.start()]
        noun = left.rsplit(" ", 1)[-1] in (
            "cac",
            "nhung",
            "ban",
            "co",
            "viec",
            "su",
            "luc",
            "quan",
            "va",
        )
        if not noun and gap.start() > 5 and begins_with_verb(words[gap.end() :]):
            return gap.start()
    return None


def _label(nodes: list[Node], parent: Node | None) -> None:
    """Join the printed markers from the top; bullets have no label."""
    taken: set[str] = set()
    expected = 0
    for index, node in enumerate(nodes):
        marker = node.marker
        above = parent.section_label() if parent else None
        if marker is not None and not marker.is_bullet:
            expected += 1
            value = marker.value
            if marker.style == "roman":
                value = _free_roman(value, expected, nodes[index + 1 :])
            label = f"{above}.{value}" if above else value
            node.label = label
            if value != marker.value:
                node.printed_label = f"{above}.{marker.value}" if above else marker.value
            taken.add(label)
        elif node.is_section:
            expected += 1
        node.level = _level(node)
        _label(node.children, node)


def _level(node: Node) -> int:
    level, at = 1, node.parent
    while at is not None:
        level, at = level + 1, at.parent
    return level


def _free_roman(value: str, expected: int, later: list[Node]) -> str:
    """Correct a Roman number only when the same number stands again further down."""
    again = any(n.marker and n.marker.style == "roman" and n.marker.value == value for n in later)
    if not again or roman(value) == expected:
        return value
    numerals = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
    return numerals[expected] if expected < len(numerals) else value
