"""What a reorganisation does: to the units themselves, and to what other modules keep."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import cast

from diaban.areas.models import Change
from diaban.areas.rules.levels import Level
from diaban.areas.rules.operations import Planned, Unit
from diaban.areas.signals import Effect, Named, Reach, effects_asked
from diaban.core.text import tone_key


class Kept(StrEnum):
    """What a reorganisation has to count and no module keeps before one registers for it."""

    CASES = "cases"
    RECOGNITIONS = "recognitions"


Counted = Callable[[Reach], Iterable[Effect]]
_counters: dict[Kept, Counted] = {}


def count_with(kept: Kept, counter: Counted) -> None:
    """
    Register who counts a kind of thing: called once, by the module that keeps it, when it starts.

    From then on its effects stand in every dry run, and the page no longer says that nobody
    keeps such things. The last one that registers for a kind counts it.
    """
    _counters[kept] = counter


def uncounted() -> tuple[Kept, ...]:
    """Return the kinds for which no module has registered."""
    return tuple(kept for kept in Kept if kept not in _counters)


def asked(reach: Reach) -> list[Effect]:
    """Return what the modules above say that a change does to what they keep."""
    found: list[Effect] = []
    for _, effects in effects_asked.send(sender=Change, reach=reach):
        found += [effect for effect in cast(list[Effect], effects) if effect.count]
    for counter in _counters.values():
        found += [effect for effect in counter(reach) if effect.count]
    return found


def own_effects(units: Mapping[int, Unit], planned: Planned) -> list[Effect]:
    """Return what a change does to the units, counted and listed."""
    after = planned.after
    hamlets = [key for key in planned.moved if after[key].level is Level.HAMLET]
    others = [key for key in planned.moved if after[key].level is not Level.HAMLET]
    undivided = dict.fromkeys(line.old for line in planned.lines if line.weight is None)
    counted: list[tuple[str, str, Sequence[Named]]] = [
        ("ended", "đơn vị kết thúc", _old(units, planned.ended)),
        ("begun", "đơn vị mới", _new(units, after, planned.begun)),
        ("renamed", "đơn vị đổi tên hoặc loại", _new(units, after, planned.renamed)),
        ("moved", "đơn vị đổi cấp trên", _new(units, after, others)),
        ("hamlets_moved", "thôn, tổ dân phố về đơn vị khác", _new(units, after, hamlets)),
        (
            "hamlet_names_twice",
            "thôn, tổ dân phố trùng tên trong xã mới, nên đổi tên",
            _alike(after, hamlets),
        ),
        (
            "undivided",
            "đơn vị bị chia không có tỷ lệ: số liệu cũ để riêng, không chia",
            _old(units, undivided),
        ),
    ]
    return [
        Effect(f"areas.{code}", f"{len(rows)} {text}", len(rows), rows=_slices(rows))
        for code, text, rows in counted
        if rows
    ]


def _slices(rows: Sequence[Named]) -> "_Rows":
    return _Rows(rows)


class _Rows:
    """A list that is there already, as a `Listing`."""

    def __init__(self, rows: Sequence[Named]) -> None:
        self._rows = rows

    def __call__(self, first: int, last: int) -> Sequence[Named]:
        return self._rows[first:last]


def _old(units: Mapping[int, Unit], keys: Iterable[int]) -> list[Named]:
    return [_named(units[key], _parent(units, units[key])) for key in keys]


def _named(unit: Unit, note: str) -> Named:
    if unit.level is Level.HAMLET or unit.key < 0:
        return Named(unit.full_name, note)
    return Named(unit.full_name, note, "area", unit.code)


def _new(before: Mapping[int, Unit], after: Mapping[int, Unit], keys: Iterable[int]) -> list[Named]:
    found = []
    for key in keys:
        unit, was = after[key], before.get(key)
        came = _parent(after, unit)
        if was is not None and was.full_name != unit.full_name:
            came = was.full_name
        elif was is not None and was.parent != unit.parent:
            came = f"{_parent(before, was)} → {came}"
        found.append(_named(unit, came))
    return found


def _parent(units: Mapping[int, Unit], unit: Unit) -> str:
    above = units.get(unit.parent) if unit.parent is not None else None
    return "" if above is None or above.level is Level.NATION else above.full_name


def _alike(after: Mapping[int, Unit], hamlets: Sequence[int]) -> list[Named]:
    """Return the hamlets that have the name of one before them in their new commune."""
    touched = {after[key].parent for key in hamlets}
    homes: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in after.values():
        if unit.level is Level.HAMLET and unit.parent in touched:
            homes[unit.parent].append(unit)
    found = []
    for units in homes.values():
        names = Counter(tone_key(f"{one.type} {one.name}") for one in units)
        seen: set[str] = set()
        for one in units:
            name = tone_key(f"{one.type} {one.name}")
            if names[name] > 1 and name in seen:
                found.append(Named(one.full_name, _parent(after, one)))
            seen.add(name)
    return found
