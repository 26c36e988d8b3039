"""
Numbering a tree by nested intervals.

A unit's interval holds the intervals of everything below it, so that "is inside" is two
comparisons and a sub-tree is one range. Units that receive new units between two versions
(communes receive hamlets) are numbered with room to spare.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from diaban.core.access import Span
from diaban.core.errors import DomainError

# A commune's codes for hamlets have three digits, so 999 hamlets is all it can ever create;
# with itself and a spare that is 2**10 numbers.
HAMLET_ROOM = 1023


@dataclass(frozen=True, slots=True)
class Place:
    """Where one unit stands in a numbered tree; the root has depth 0 and no parent."""

    unit: str
    parent: str | None
    span: Span
    depth: int


class TreeBroken(DomainError):
    """The given parents do not form one tree."""

    code = "tree_broken"


def number_tree(
    root: str,
    children: Mapping[str, Sequence[str]],
    room: Callable[[str], int],
) -> list[Place]:
    """
    Return the places of `root` and all below it, in tree order, `left` counted from 1.

    `children` keeps its order. `room(unit)` is how many numbers a unit needs below itself at
    least; a unit with more below it takes what they need and one third more.

    Raises:
        TreeBroken: a unit has two parents, or a unit of `children` cannot be reached from
            `root` (it hangs on nothing, or on a cycle).
    """
    places: dict[str, Place] = {}
    order: list[str] = []
    lefts: dict[str, int] = {}
    rights: dict[str, int] = {}
    next_number = 1
    # Each entry is (unit, parent, depth); a unit is met a second time, closed, when all below
    # it has been numbered. A loop, because a long history must not meet Python's stack limit.
    stack: list[tuple[str, str | None, int, bool]] = [(root, None, 0, False)]
    while stack:
        unit, parent, depth, done = stack.pop()
        if done:
            below = next_number - 1 - lefts[unit]
            wanted = room(unit)
            if wanted and below > wanted * 3 // 4:
                wanted = below + below // 3
            rights[unit] = lefts[unit] + max(below, wanted)
            next_number = rights[unit] + 1
            places[unit] = Place(unit, parent, Span(lefts[unit], rights[unit]), depth)
            continue
        if unit in lefts:
            raise TreeBroken(
                f"Đơn vị {unit} đứng hai chỗ trong cây địa bàn. Mỗi đơn vị chỉ có một cấp trên; "
                "hãy bỏ một trong hai chỗ.",
                units=[unit],
            )
        lefts[unit] = next_number
        order.append(unit)
        next_number += 1
        stack.append((unit, parent, depth, True))
        stack.extend((child, unit, depth + 1, False) for child in reversed(children.get(unit, ())))
    lost = [unit for unit, below in children.items() if below and unit not in lefts]
    if lost:
        raise TreeBroken(
            f"Không đi được từ {root} tới {', '.join(sorted(lost)[:5])}: cấp trên của các đơn vị "
            "này không có trong cây hoặc tự vòng về chính nó. Hãy sửa cột cấp trên.",
            units=sorted(lost),
        )
    return [places[unit] for unit in order]


def free_numbers(inside: Span, last_taken: int, wanted: int) -> range | None:
    """
    Return `wanted` numbers for leaves inside the interval, after the last one taken.

    `last_taken` is the largest right end below, or `inside.left` when nothing is below. None
    when there is no such room left: the tree must then be numbered anew.
    """
    start = max(last_taken, inside.left) + 1
    if start + wanted - 1 > inside.right:
        return None
    return range(start, start + wanted)


def seal(places: Iterable[tuple[str, str | None, int, int]]) -> str:
    """
    Return a checksum of a published tree: SHA-256 over `code parent left right`, by `left`.

    Whoever recomputes it and gets another one has a tree that was changed after publishing.
    """
    digest = hashlib.sha256()
    for code, parent, left, right in sorted(places, key=lambda place: place[2]):
        digest.update(f"{code} {parent or '-'} {left} {right}\n".encode())
    return digest.hexdigest()
