"""
What a reorganisation does to the units of one day: merge, split, move, rename, and so on.

All operations of a change are one act: each is read against the units of the day before, and
what they leave is looked at when all are done. So a new unit may take the code of one that
ends, and two operations never touch one unit in the same way.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import RANK, TYPE_WORDS, Level, full_name
from diaban.areas.rules.shares import shares_of


class Kind(StrEnum):
    """What is done to units."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"
    RENAME = "rename"
    REGRADE = "regrade"
    ABOLISH = "abolish"
    CREATE = "create"


class Weighing(StrEnum):
    """How the figures of a divided unit are shared out; `UNDIVIDED`: they are not."""

    POPULATION = "population"
    HAMLETS = "hamlets"
    UNDIVIDED = "undivided"


KIND_NAMES: dict[Kind, str] = {
    Kind.MERGE: "nhập",
    Kind.SPLIT: "chia",
    Kind.MOVE: "điều chuyển",
    Kind.RENAME: "đổi tên",
    Kind.REGRADE: "đổi loại",
    Kind.ABOLISH: "giải thể",
    Kind.CREATE: "thành lập",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """
    One unit as it stands on a map. `key` is its identity, below zero when it is yet to be made.

    `named_since` is the day its name began; `until` the day on which it ends by a change that
    is already published.
    """

    key: int
    code: str
    level: Level
    type: str
    name: str
    parent: int | None
    since: date
    named_since: date
    until: date | None = None

    @property
    def full_name(self) -> str:
        """Return type word, name and code, as in a list."""
        return f"{full_name(self.type, self.name)} ({self.code})"


@dataclass(frozen=True, slots=True)
class Part:
    """
    A unit that receives territory: a new one, or one that goes on (then only its code is given).

    `parent` is a code as it stands after the change; empty: as the first unit that ends.
    `members` are the codes of the units below the divided one that come here. `weight` is a
    share, `population` a number of people; give one of them, in all parts or in none.
    """

    code: str
    type: str = ""
    name: str = ""
    parent: str = ""
    members: tuple[str, ...] = ()
    population: int | None = None
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """
    One line of a change; `row` is its place in the file, counted from 1.

    `codes`: the units it is done to. `parts`: what they become (merge: one, split: several,
    create, rename and re-grade: one). `parent`: where moved units go, or where those below an
    abolished unit go.
    """

    row: int
    kind: Kind
    codes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    parent: str = ""
    by: Weighing = Weighing.UNDIVIDED


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be done; row 0 is about the whole."""

    row: int
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"Dòng {self.row}: {self.sentence}" if self.row else self.sentence


@dataclass(frozen=True, slots=True)
class Line:
    """Territory of `old` comes to `new`; `weight` None: nobody says how much."""

    old: int
    new: int
    partial: bool
    weight: Decimal | None


@dataclass(frozen=True, slots=True)
class Planned:
    """
    What a change does, ready to be written when `problems` is empty.

    `after` are all units of the new map; `ended`, `begun`, `renamed` and `moved` are keys.
    """

    problems: tuple[Problem, ...]
    after: Mapping[int, Unit]
    ended: tuple[int, ...] = ()
    begun: tuple[int, ...] = ()
    renamed: tuple[int, ...] = ()
    moved: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def new_map(self) -> bool:
        """Return whether the tree itself changes; a mere name needs no new map."""
        return bool(self.ended or self.begun or self.moved)


def plan(
    units: Mapping[int, Unit],
    operations: Sequence[Operation],
    on: date,
    past: Iterable[str] = (),
) -> Planned:
    """
    Return what the operations make of `units` from the day `on`, and all that is wrong.

    `past` are codes that units had which are no longer on the map: naming one of them is
    another mistake than naming none.
    """
    return _Work(units, operations, on, frozenset(past)).done()


def widened(before: Mapping[int, Unit], planned: Planned) -> frozenset[int]:
    """
    Return the units that hold, after a change, territory that they did not hold before.

    Whoever has rights in one of them would gain scope if the rights simply went on. A new unit
    is never among them: nobody has rights in it yet. Ended units hold nothing.
    """
    came: dict[int, set[int]] = defaultdict(set)
    for line in planned.lines:
        came[line.new].add(line.old)
    above_before = {key: _above(before, key) for key in before}
    grown: set[int] = set()
    for key in planned.after:
        sources = came[key] | ({key} if key in before else set())
        for place in _above(planned.after, key):
            if place in before and any(place not in above_before[old] for old in sources):
                grown.add(place)
    return frozenset(grown)


def _above(units: Mapping[int, Unit], key: int) -> tuple[int, ...]:
    """Return a unit and all above it."""
    chain: list[int] = []
    at: int | None = key
    while at is not None and at in units and len(chain) <= len(RANK):
        chain.append(at)
        at = units[at].parent
    return tuple(chain)


@dataclass(slots=True)
class _Work:
    """The hand that goes through the operations; lives for one call of `plan`."""

    units: Mapping[int, Unit]
    operations: Sequence[Operation]
    on: date
    past: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    after: dict[int, Unit] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    below: dict[int, list[int]] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    begun: dict[int, int] = field(default_factory=dict)
    renamed: dict[int, int] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    # Where a unit goes by its code after the change, with the row that says so.
    homes: dict[int, tuple[int, str]] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def done(self) -> Planned:
        self.after = dict(self.units)
        self.by_code = {unit.code: key for key, unit in self.units.items()}
        for key, unit in self.units.items():
            if unit.parent is not None:
                self.below.setdefault(unit.parent, []).append(key)
        if not self.operations:
            self.say(0, "empty", "Tệp không có dòng thay đổi nào.")
        for operation in self.operations:
            self.end_units(operation)
        for operation in self.operations:
            self.carry_out(operation)
        self.settle()
        if not self.problems:
            self.look_at_the_tree()
        changed = [key for key in self.moved if key in self.after]
        return Planned(
            tuple(sorted(self.problems, key=lambda problem: problem.row)),
            self.after,
            tuple(self.ended),
            tuple(self.begun),
            tuple(self.renamed),
            tuple(changed),
            tuple(self.lines),
        )

    def say(self, row: int, code: str, sentence: str) -> None:
        self.problems.append(Problem(row, code, sentence))

    # --- what ends ---------------------------------------------------------------------------

    def end_units(self, operation: Operation) -> None:
        if operation.kind not in (Kind.MERGE, Kind.SPLIT, Kind.ABOLISH):
            return
        for code in operation.codes:
            key = self.living(operation.row, code)
            if key is None:
                continue
            if key in self.ended:
                self.say(
                    operation.row,
                    "overlap",
                    f"{self.units[key].full_name} đã kết thúc ở dòng {self.ended[key]}; một đơn "
                    "vị chỉ nhập, chia hoặc giải thể một lần.",
                )
                continue
            self.ended[key] = operation.row
            self.after.pop(key, None)

    def living(self, row: int, code: str) -> int | None:
        """Return the unit of that code which this change may touch, or say why there is none."""
        key = self.by_code.get(code)
        if key is None:
            if code in self.past:
                text = f"đơn vị mã {code} đã kết thúc trước ngày {self.on:%d/%m/%Y}."
                self.say(row, "outside_span", text)
            else:
                self.say(row, "unknown", f"ngày {self.on:%d/%m/%Y} không có đơn vị mã {code}.")
            return None
        unit = self.units[key]
        if unit.level is Level.NATION:
            self.say(row, "nation", "cả nước không phải đơn vị có thể sắp xếp.")
            return None
        if unit.until is not None:
            self.say(
                row,
                "overlap",
                f"{unit.full_name} kết thúc ngày {unit.until:%d/%m/%Y} theo một thay đổi đã công "
                "bố; hai thay đổi chồng nhau.",
            )
            return None
        if unit.since >= self.on:
            self.say(
                row,
                "outside_span",
                f"{unit.full_name} có từ {unit.since:%d/%m/%Y}; ngày hiệu lực phải sau ngày đó.",
            )
            return None
        return key

    # --- what is done ------------------------------------------------------------------------

    def carry_out(self, operation: Operation) -> None:
        match operation.kind:
            case Kind.MERGE:
                self.merge(operation)
            case Kind.SPLIT:
                self.split(operation)
            case Kind.MOVE:
                self.move(operation)
            case Kind.RENAME | Kind.REGRADE:
                self.rename(operation)
            case Kind.ABOLISH:
                self.abolish(operation)
            case Kind.CREATE:
                self.create(operation)

    def olds(self, operation: Operation) -> list[int]:
        return [key for key, row in self.ended.items() if row == operation.row]

    def merge(self, operation: Operation) -> None:
        olds = self.olds(operation)
        if len(operation.parts) != 1:
            self.say(operation.row, "parts", "nhập phải cho biết đúng một đơn vị nhận.")
            return
        if not olds:
            return
        if len({self.units[key].level for key in olds}) > 1:
            self.say(operation.row, "levels", "các đơn vị nhập vào nhau phải cùng cấp.")
            return
        new = self.receiver(operation, operation.parts[0], self.units[olds[0]])
        if new is None:
            return
        for old in olds:
            self.lines.append(Line(old, new, partial=False, weight=Decimal(1)))
            self.rehome(operation.row, self.below.get(old, ()), self.after[new].code)

    def split(self, operation: Operation) -> None:
        olds = self.olds(operation)
        if len(operation.codes) != 1 or len(operation.parts) < 2:
            self.say(operation.row, "parts", "chia phải từ một đơn vị ra ít nhất hai phần.")
            return
        if not olds:
            return
        old = self.units[olds[0]]
        weights = self.weights(operation)
        received = [self.receiver(operation, part, old) for part in operation.parts]
        if weights is None or None in received or not self.members_fit(operation, old):
            return
        keys = [key for key in received if key is not None]
        if len(set(keys)) < len(keys):
            self.say(operation.row, "parts", "hai phần về cùng một đơn vị; hãy gộp lại.")
            return
        for key, part, weight in zip(keys, operation.parts, weights, strict=True):
            self.lines.append(Line(old.key, key, partial=True, weight=weight))
            self.rehome(operation.row, (self.by_code[c] for c in part.members), part.code)

    def weights(self, operation: Operation) -> tuple[Decimal | None, ...] | None:
        parts = operation.parts
        if operation.by is Weighing.UNDIVIDED:
            return (None,) * len(parts)
        if operation.by is Weighing.HAMLETS:
            counts: list[int | None] = [len(part.members) for part in parts]
        else:
            given = [part.weight for part in parts if part.weight is not None]
            if len(given) == len(parts):
                if sum(given) != 1 or min(given) <= 0:
                    self.say(
                        operation.row,
                        "weights",
                        f"các tỷ lệ phải lớn hơn 0 và cộng thành 1; hiện cộng thành {sum(given)}.",
                    )
                    return None
                return tuple(given)
            counts = [part.population for part in parts]
        whole = [count for count in counts if count is not None and count > 0]
        if len(whole) < len(parts):
            what = "thôn" if operation.by is Weighing.HAMLETS else "dân số hoặc tỷ lệ"
            self.say(operation.row, "weights", f"phần nào cũng phải có {what} lớn hơn 0.")
            return None
        return shares_of(whole)

    def members_fit(self, operation: Operation, old: Unit) -> bool:
        """Return whether each unit below goes to exactly one part."""
        staying = {
            self.units[key].code for key in self.below.get(old.key, ()) if key not in self.ended
        }
        elsewhere = {
            code for other in self.operations if other.kind is Kind.MOVE for code in other.codes
        }
        named = Counter(code for part in operation.parts for code in part.members)
        fits = True
        for problem, codes, tail in (
            ("members_lost", staying - elsewhere - set(named), "chưa được giao cho phần nào"),
            ("members_strange", set(named) - staying, f"không thuộc {old.full_name}"),
            ("members_twice", {c for c, n in named.items() if n > 1}, "được giao hai lần"),
        ):
            if codes:
                fits = False
                self.say(operation.row, problem, f"{_listed(codes)} {tail}.")
        return fits

    def move(self, operation: Operation) -> None:
        if not operation.parent:
            self.say(operation.row, "parent", "điều chuyển phải cho biết cấp trên mới.")
        for code in operation.codes:
            key = self.living(operation.row, code)
            if key is None or not self.untouched(operation, key, self.moved):
                continue
            self.moved[key] = operation.row
            self.homes[key] = (operation.row, operation.parent)

    def rename(self, operation: Operation) -> None:
        if len(operation.codes) != 1 or len(operation.parts) != 1:
            self.say(operation.row, "parts", "đổi tên, đổi loại mỗi dòng một đơn vị.")
            return
        key = self.living(operation.row, operation.codes[0])
        if key is None or not self.untouched(operation, key, self.renamed):
            return
        unit, part = self.units[key], operation.parts[0]
        name, type_word = part.name or unit.name, part.type or unit.type
        if unit.named_since >= self.on:
            self.say(
                operation.row,
                "overlap",
                f"{unit.full_name} đã có tên từ ngày {unit.named_since:%d/%m/%Y}.",
            )
        elif (name, type_word) == (unit.name, unit.type):
            self.say(operation.row, "same_name", f"{unit.full_name} đã mang tên và loại này.")
        elif self.type_fits(operation.row, unit.level, type_word):
            self.renamed[key] = operation.row
            self.after[key] = replace(unit, name=name, type=type_word, named_since=self.on)

    def abolish(self, operation: Operation) -> None:
        for key in self.olds(operation):
            below = [child for child in self.below.get(key, ()) if child not in self.ended]
            if operation.parent:
                self.rehome(operation.row, below, operation.parent)
                continue
            moving = {code for o in self.operations if o.kind is Kind.MOVE for code in o.codes}
            left = {self.units[child].code for child in below} - moving
            if left:
                self.say(
                    operation.row,
                    "members_lost",
                    f"{self.units[key].full_name} còn {_listed(left)}; hãy cho biết chúng về đâu.",
                )

    def create(self, operation: Operation) -> None:
        if len(operation.parts) != 1:
            self.say(operation.row, "parts", "thành lập mỗi dòng một đơn vị.")
            return
        part = operation.parts[0]
        level = level_of_code(part.code)
        if level in (None, Level.NATION):
            self.say(operation.row, "code", f"{part.code} không phải dạng mã đơn vị hành chính.")
            return
        self.begin(operation.row, part, level or Level.COMMUNE, "")

    # --- who receives ------------------------------------------------------------------------

    def receiver(self, operation: Operation, part: Part, old: Unit) -> int | None:
        """Return the unit that receives: one that goes on, or a new one."""
        if part.name or part.type:
            return self.begin(operation.row, part, old.level, self.home_of(old))
        key = self.living(operation.row, part.code)
        if key is None:
            return None
        if key in self.ended:
            self.say(
                operation.row,
                "overlap",
                f"{self.units[key].full_name} cũng kết thúc; muốn lập đơn vị mới cùng mã thì ghi "
                "cả loại và tên.",
            )
            return None
        if self.units[key].level is not old.level:
            self.say(operation.row, "levels", "đơn vị nhận phải cùng cấp.")
            return None
        return key

    def home_of(self, old: Unit) -> str:
        return "" if old.parent is None else self.units[old.parent].code

    def begin(self, row: int, part: Part, level: Level, home: str) -> int | None:
        if level_of_code(part.code) is not level:
            self.say(row, "code", f"mã {part.code} không phải dạng mã của cấp này.")
            return None
        if not part.name.strip() or len(part.name) > 100:
            self.say(row, "name", f"đơn vị mới mã {part.code} phải có tên, tối đa 100 ký tự.")
            return None
        if not self.type_fits(row, level, part.type):
            return None
        key = -1 - len(self.begun)
        self.begun[key] = row
        self.homes[key] = (row, part.parent or home)
        self.after[key] = Unit(
            key, part.code, level, part.type, part.name, None, self.on, self.on
        )  # fmt: skip
        return key

    def type_fits(self, row: int, level: Level, type_word: str) -> bool:
        if type_word in TYPE_WORDS[level]:
            return True
        words = ", ".join(TYPE_WORDS[level])
        self.say(row, "type", f"loại “{type_word}” không phải của cấp này; chọn {words}.")
        return False

    def untouched(self, operation: Operation, key: int, touched: Mapping[int, int]) -> bool:
        row = self.ended.get(key) or touched.get(key)
        if row is None:
            return True
        self.say(
            operation.row,
            "overlap",
            f"{self.units[key].full_name} đã thay đổi ở dòng {row}; hai dòng chồng nhau.",
        )
        return False

    def rehome(self, row: int, keys: Iterable[int], parent: str) -> None:
        """Let those below an ended unit follow it, unless they end or are moved elsewhere."""
        for key in keys:
            if key not in self.ended and key not in self.homes:
                self.moved.setdefault(key, row)
                self.homes[key] = (row, parent)

    # --- the whole ---------------------------------------------------------------------------

    def settle(self) -> None:
        """Find the codes after the change, and hang each unit that moves below its parent."""
        holders: dict[str, list[int]] = defaultdict(list)
        for key, unit in self.after.items():
            holders[unit.code].append(key)
        for code, keys in holders.items():
            for key in keys[:-1] if len(keys) > 1 else ():
                row = max(self.begun.get(one, 0) for one in keys)
                name = self.after[key].full_name
                self.say(row, "code_twice", f"mã {code} dùng hai lần, {name} cũng mang mã này.")
        # What follows from a line that cannot be done is no second mistake.
        wrong = {problem.row for problem in self.problems}
        followers = {line.old: line.new for line in self.lines if not line.partial}
        for key, (row, code) in self.homes.items():
            if key not in self.after:
                continue
            parent = holders.get(code, [None])[-1]
            was = self.by_code.get(code)
            if parent is None and was is not None:
                # The parent has gone whole into another: follow it.
                parent = followers.get(was)
            if parent is None:
                if row in wrong:
                    continue
                problem = "outside_span" if was is not None or code in self.past else "unknown"
                state = "không còn" if problem == "outside_span" else "không có"
                self.say(row, problem, f"cấp trên mã {code or '(trống)'} {state} vào ngày này.")
                continue
            self.after[key] = replace(self.after[key], parent=parent)
        for key, unit in self.after.items():
            if unit.parent is not None and unit.parent not in self.after:
                parent = followers.get(unit.parent)
                if parent is None:
                    row = self.ended.get(unit.parent, 0)
                    if row in wrong:
                        continue
                    text = f"{unit.full_name} mất cấp trên; hãy cho biết đơn vị về đâu."
                    self.say(row, "members_lost", text)
                    continue
                self.moved[key] = self.ended[unit.parent]
                self.after[key] = replace(unit, parent=parent)
        # A unit that comes to hang where it hung has not moved.
        for key in [k for k in self.moved if k in self.after]:
            if self.after[key].parent == self.units[key].parent:
                row = self.moved.pop(key)
                named = {problem.row for problem in self.problems}
                if row not in named and self.operations_kind(row) is Kind.MOVE:
                    self.say(row, "same_parent", f"{self.units[key].full_name} đã ở đó.")

    def operations_kind(self, row: int) -> Kind | None:
        return next((o.kind for o in self.operations if o.row == row), None)

    def look_at_the_tree(self) -> None:
        for key in (*self.begun, *self.moved):
            unit = self.after[key]
            row = self.begun.get(key) or self.moved.get(key, 0)
            seen = {key}
            above = unit.parent
            while above is not None and above not in seen:
                seen.add(above)
                above = self.after[above].parent
            if above is not None:
                self.say(row, "cycle", f"{unit.full_name} đứng dưới chính nó.")
                continue
            parent = self.after[unit.parent] if unit.parent is not None else None
            if parent is None or RANK[parent.level] >= RANK[unit.level]:
                self.say(row, "levels", f"cấp trên của {unit.full_name} phải cao hơn nó.")


def _listed(codes: Iterable[str], most: int = 5) -> str:
    """Return the first codes of a list, and how many more there are."""
    ordered = sorted(codes)
    more = f" và {len(ordered) - most} đơn vị khác" if len(ordered) > most else ""
    return ", ".join(ordered[:most]) + more
