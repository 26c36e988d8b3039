"""
The headings of a plan and their numbering.

A numbered item is a section when it is a title for what follows, and a numbered paragraph when it
is itself the text. Levels follow the order in which kinds of markers are met, so that a plan that
numbers `A, I, 1, a` is read as well as one that numbers `I, 1, 1.1`. Printed markers are never
corrected; a label is, where two headings would otherwise share it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from diaban.plans.reader.agencies import unit_at_start
from diaban.plans.reader.folding import flat, space
from diaban.plans.reader.headings import is_all_units, is_bare_heading, names_unit_run_in, style_of
from diaban.plans.reader.joining import Paragraph, terminal
from diaban.plans.reader.markers import roman
from diaban.plans.reader.nodes import Node, Outline
from diaban.plans.reader.subjects import begins_with_verb, subject_end
from diaban.plans.reader.titles import find_sections, is_short
from diaban.plans.reader.zones import Zone


def outline(paragraphs: list[Paragraph]) -> Outline:
    """Return the headings, numbered paragraphs and bullets of a plan as a tree."""
    body = [
        p for p in paragraphs if p.zone is Zone.BODY and not (p.note or p.cells or p.flat_table)
    ]
    body = _lettered(body)
    first = next((i for i, p in enumerate(body) if _opens(p)), len(body))
    roots = _tree(body[first:])
    result = Outline(roots, body[:first])
    find_sections(result.nodes())
    _name_run_in_units(result.nodes())
    _label(roots, None)
    return result


# The last words of a plan belong to nobody's section.
_CLOSING = re.compile(
    r"(?:tren day la|(?:trong )?qua trinh (?:trien khai|to chuc|thuc hien)|"
    r"\((?:kem theo|dinh kem|co|gui kem|chi tiet)\b[^()]*(?:phu luc|danh sach|bieu|ke hoach)|"
    r"ke hoach nay (?:co hieu luc|thay the|pho bien|duoc (?:pho bien|quan triet|trien khai))|"
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
        return marker.style in ("part", "roman", "upper", "number")
    return is_bare_heading(paragraph.text)


def _steps(body: list[Paragraph]) -> dict[str, float]:
    """How deep each kind of heading stands: "A." above "I." or below it, as they are first met."""
    first = next((s for s in map(style_of, body) if s in ("upper", "roman")), "upper")
    return _STEPS if first == "upper" else {**_STEPS, "upper": _STEPS["roman"] + 0.5}


def _tree(body: list[Paragraph]) -> list[Node]:
    steps = _steps(body)
    roots: list[Node] = []
    stack: list[tuple[str, Node]] = []
    for paragraph in body:
        style = style_of(paragraph)
        if style == "plain" and _CLOSING.match(flat(paragraph.text)):
            stack.clear()
        numbered = any(held.startswith("number") for held, _ in stack)
        if style == "minor" and numbered and names_unit_run_in(paragraph.text):
            # Beside numbered units, "Unit: …" without a number is a bullet whose dash was lost.
            style = "plain"
        if style in ("plain", "dash", "plus", "dot", "paren", "letter"):
            _place_item(paragraph, style, stack, roots, steps)
        else:
            _place_heading(paragraph, style, stack, roots, steps)
    return roots


def _place_heading(
    paragraph: Paragraph,
    style: str,
    stack: list[tuple[str, Node]],
    roots: list[Node],
    steps: dict[str, float],
) -> None:
    while stack and not _may_hold(stack[-1], style, steps):
        stack.pop()
    _hang(paragraph, style, stack, roots)


# How deep a kind of heading stands; one may hold another that stands deeper.
_STEPS: dict[str, float] = {
    "part": -1,
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


def _may_hold(top: tuple[str, Node], style: str, steps: dict[str, float]) -> bool:
    """Whether the open item or heading may have a paragraph of `style` below it."""
    held, node = top
    if held in steps:
        return style in _ITEMS or steps[held] < steps[style]
    if style in steps:
        return False
    words = node.paragraph.words
    opens = words.rstrip().endswith(":") or (held == "letter" and is_all_units(words))
    if held == "plain":
        return opens and style != "plain"
    if style == "plain":
        return opens or (is_short(words, 14) and not terminal(words))
    titled = (
        held in ("dot", "letter") and style != held and is_short(words, 14) and not terminal(words)
    )
    return style in _SMALLER.get(held, ()) or opens or titled


def _place_item(
    paragraph: Paragraph,
    style: str,
    stack: list[tuple[str, Node]],
    roots: list[Node],
    steps: dict[str, float],
) -> None:
    if style in [held for held, _ in stack]:
        while stack and stack.pop()[0] != style:
            pass
    while stack and not _may_hold(stack[-1], style, steps):
        stack.pop()
    _hang(paragraph, style, stack, roots)


def _hang(
    paragraph: Paragraph, style: str, stack: list[tuple[str, Node]], roots: list[Node]
) -> None:
    parent = stack[-1][1] if stack else None
    node = Node(paragraph, parent, len(stack))
    (parent.children if parent else roots).append(node)
    stack.append((style, node))


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
