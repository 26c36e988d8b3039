"""The numbers that Word prints by itself: `numbering.xml` and the styles that use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_BULLETS = ("- ", "+ ", "• ")


@dataclass(slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = "%1."
    restart: int | None = None


@dataclass(slots=True)
class _List:
    """A list as defined: its levels, and where its counters stand."""

    levels: dict[int, _Level] = field(default_factory=dict)
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts the numbered paragraphs of one document, in reading order."""

    def __init__(self, numbering: ET.Element | None, styles: ET.Element | None) -> None:
        self.lists: dict[str, _List] = {}
        self.levels: dict[str, tuple[str, dict[int, int]]] = {}
        self.styles: dict[str, tuple[str, int]] = {}
        if numbering is not None:
            self._define(numbering)
        if styles is not None:
            self._style(styles)
        self.started: set[str] = set()

    def _define(self, root: ET.Element) -> None:
        for abstract in root.findall(W + "abstractNum"):
            known = _List()
            for level in abstract.findall(W + "lvl"):
                known.levels[_int(level.get(W + "ilvl"))] = _level(level)
            self.lists[abstract.get(W + "abstractNumId", "")] = known
        for number in root.findall(W + "num"):
            abstract_id = _val(number.find(W + "abstractNumId")) or ""
            starts = {
                _int(o.get(W + "ilvl")): _int(_val(o.find(W + "startOverride")))
                for o in number.findall(W + "lvlOverride")
                if o.find(W + "startOverride") is not None
            }
            self.levels[number.get(W + "numId", "")] = (abstract_id, starts)

    def _style(self, root: ET.Element) -> None:
        based: dict[str, str] = {}
        for style in root.findall(W + "style"):
            key = style.get(W + "styleId", "")
            parent = _val(style.find(W + "basedOn"))
            if parent:
                based[key] = parent
            number = style.find(f"{W}pPr/{W}numPr")
            if number is not None:
                self.styles[key] = (
                    _val(number.find(W + "numId")) or "",
                    _int(_val(number.find(W + "ilvl"))),
                )
        for key in list(based):
            at, seen = key, {key}
            while key not in self.styles and at in based and based[at] not in seen:
                at = based[at]
                seen.add(at)
                if at in self.styles:
                    self.styles[key] = self.styles[at]

    def of(self, paragraph: ET.Element) -> str:
        """Return what Word prints before a paragraph, with a space behind it; often nothing."""
        place = self._place(paragraph)
        if place is None:
            return ""
        number_id, depth = place
        abstract_id, starts = self.levels.get(number_id, ("", {}))
        known = self.lists.get(abstract_id)
        if known is None or depth not in known.levels:
            return ""
        if number_id not in self.started:
            self.started.add(number_id)
            for restarted in starts:
                known.counts.pop(restarted, None)
        start = starts.get(depth, known.levels[depth].start)
        known.counts[depth] = known.counts.get(depth, start - 1) + 1
        for deeper in [d for d in known.counts if d > depth]:
            del known.counts[deeper]
        return _printed(known, depth)

    def _place(self, paragraph: ET.Element) -> tuple[str, int] | None:
        own = paragraph.find(f"{W}pPr/{W}numPr")
        style = _val(paragraph.find(f"{W}pPr/{W}pStyle")) or ""
        inherited = self.styles.get(style)
        if own is None:
            return inherited
        number_id = _val(own.find(W + "numId"))
        depth = own.find(W + "ilvl")
        if number_id is None:
            number_id = inherited[0] if inherited else ""
        return None if number_id in ("0", "") else (number_id, _int(_val(depth)))


def _level(element: ET.Element) -> _Level:
    return _Level(
        _int(_val(element.find(W + "start")), 1),
        _val(element.find(W + "numFmt")) or "decimal",
        _val(element.find(W + "lvlText")) or "",
    )


def _printed(known: _List, depth: int) -> str:
    level = known.levels[depth]
    if level.form == "bullet":
        sign = level.text.strip()
        if sign in ("-", "–", "−", "—", "\uf02d"):
            return "- "
        return "+ " if sign == "+" else _BULLETS[min(depth, 2)]
    if level.form == "none":
        return ""
    text = level.text
    for other in range(9):
        if f"%{other + 1}" in text:
            form = known.levels[other].form if other in known.levels else "decimal"
            start = known.levels[other].start if other in known.levels else 1
            text = text.replace(f"%{other + 1}", _numeral(known.counts.get(other, start), form))
    return f"{text} " if text.strip() else ""


def _numeral(number: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        numeral = _roman(number)
        return numeral if form == "upperRoman" else numeral.lower()
    if form in ("upperLetter", "lowerLetter") and number >= 1:
        letter = _LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _roman(number: int) -> str:
    out = ""
    for value, numeral in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value:
            out, number = out + numeral, number - value
    return out


def _val(element: ET.Element | None) -> str | None:
    return None if element is None else element.get(W + "val")


def _int(printed: str | None, default: int = 0) -> int:
    return int(printed) if printed and printed.lstrip("-").isdigit() else default
