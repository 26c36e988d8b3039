"""Reading the tables of units that are built in; their sources are in `data/SOURCES.md`."""

import csv
import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_DATA = files("diaban.areas") / "data"


@dataclass(frozen=True, slots=True)
class Unit:
    """One line of a table of units."""

    code: str
    parent: str
    type: str
    name: str
    lat: float | None
    lon: float | None


def read_units(file_name: str) -> list[Unit]:
    """Return a table of units, parents before those below them."""
    return [
        Unit(
            code=row["code"],
            parent=row["parent"],
            type=row["type"],
            name=row["name"],
            lat=float(row["lat"]) if row["lat"] else None,
            lon=float(row["lon"]) if row["lon"] else None,
        )
        for row in _table(file_name)
    ]


def read_crosswalk(file_name: str) -> list[tuple[str, str, bool]]:
    """Return (old code, new code, only a part of the old unit came) for each line."""
    return [(row["old"], row["new"], row["partial"] == "1") for row in _table(file_name)]


def read_toml(file_name: str) -> dict[str, Any]:
    """Return a file of acts, changes or aliases as it stands."""
    return tomllib.loads((_DATA / file_name).read_text(encoding="utf-8"))


def _table(file_name: str) -> list[dict[str, str]]:
    lines = (_DATA / file_name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
