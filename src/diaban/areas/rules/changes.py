"""
What a reorganisation does to the units of one day: merge, split, move, rename, and so on.

All operations of a change are one act: each is read against the units of the day before, and
what they leave is looked at when all are done. So a new unit may take the code of one that
ends, and two operations never touch one unit in the same way.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from diaban.areas.rules.operations import Operation, Planned, Unit
from diaban.areas.rules.settling import look_at_the_tree, settle
from diaban.areas.rules.working import Work


def plan(
    units: Mapping[int, Unit],
    operations: Sequence[Operation],
    on: date,
    past: Iterable[str] = (),
    ending: Mapping[str, str] | None = None,
) -> Planned:
    """
    Return what the operations make of `units` from the day `on`, and all that is wrong.

    `past` are codes that units had which are no longer on the map: naming one of them is
    another mistake than naming none. `ending` are those of them whose unit is still there on
    that day, with what ends it later ("kết thúc ngày … theo …").
    """
    work = Work(units, operations, on, frozenset(past), ending or {})
    if not operations:
        work.say(0, "empty", "Tệp không có dòng thay đổi nào.")
    for operation in operations:
        work.end_units(operation)
    for operation in operations:
        work.carry_out(operation)
    settle(work)
    if not work.problems:
        look_at_the_tree(work)
    return Planned(
        tuple(sorted(work.problems, key=lambda problem: problem.row)),
        work.after,
        tuple(work.ended),
        tuple(work.begun),
        tuple(work.renamed),
        tuple(key for key in work.moved if key in work.after),
        tuple(work.lines),
    )
