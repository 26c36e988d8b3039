"""The items of a plan as a tree: headings, numbered paragraphs and bullets."""

from __future__ import annotations

from dataclasses import dataclass, field

from diaban.plans.reader.joining import Paragraph
from diaban.plans.reader.markers import Marker


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
