"""Going through the operations of a change, one after the other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from diaban.areas.rules.codes import level_of_code
from diaban.areas.rules.levels import ENDED_TYPES, TYPE_WORDS, Level
from diaban.areas.rules.operations import (
    Kind,
    Line,
    Operation,
    Part,
    Problem,
    Unit,
    Weighing,
    listed,
)
from diaban.areas.rules.shares import shares_of
from diaban.core.numbers import write_number


@dataclass(slots=True)
class Work:
    """The hand that goes through the operations; lives for one call of `plan`."""

    units: Mapping[int, Unit]
    operations: Sequence[Operation]
    on: date
    past: frozenset[str]
    # Codes of units that end only after the day, with the act and the day of that.
    ending: Mapping[str, str] = field(default_factory=dict)
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

    def __post_init__(self) -> None:
        self.after = dict(self.units)
        self.by_code = {unit.code: key for key, unit in self.units.items()}
        for key, unit in self.units.items():
            if unit.parent is not None:
                self.below.setdefault(unit.parent, []).append(key)

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
            if code in self.ending:
                text = (
                    f"đơn vị mã {code} {self.ending[code]}. Hãy hủy thay đổi đó trước, hoặc chọn "
                    "ngày sau ngày đó với đơn vị mới."
                )
                self.say(row, "overlap", text)
            elif code in self.past:
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
                        f"các tỷ lệ phải lớn hơn 0 và cộng thành 1; hiện cộng thành "
                        f"{write_number(sum(given, Decimal(0)))}.",
                    )
                    return None
                return tuple(given)
            counts = [part.population for part in parts]
        whole = [count for count in counts if count is not None and count > 0]
        if len(whole) < len(parts):
            lacking = ", ".join(
                str(place) for place, count in enumerate(counts, 1) if not count or count < 0
            )
            self.say(
                operation.row,
                "weights",
                f"phần {lacking} chưa có đơn vị bên dưới nào; chia theo số thôn thì phần nào cũng "
                "phải có ít nhất một."
                if operation.by is Weighing.HAMLETS
                else f"phần {lacking} chưa có dân số hoặc tỷ lệ lớn hơn 0.",
            )
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
                self.say(operation.row, problem, f"{listed(codes)} {tail}.")
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
                    f"{self.units[key].full_name} còn {listed(left)}; hãy cho biết chúng về đâu.",
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
        words = ", ".join(word for word in TYPE_WORDS[level] if word not in ENDED_TYPES)
        self.say(
            row,
            "type",
            f"loại “{type_word}” không phải của cấp này; chọn {words}."
            if type_word
            else f"đơn vị mới chưa có loại; chọn {words}.",
        )
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
