"""
The catalogue: every indicator with its unit, its kind and how it adds up.

The data stand in `data/catalogue.toml`; an installation can add files of the same shape.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

from diaban.core.errors import DomainError
from diaban.core.numbers import Kind

BUILT_IN: Final = Path(__file__).parents[1] / "data" / "catalogue.toml"
BESIDE: Final = Path(__file__).parents[1] / "data" / "campaign_columns.toml"
# Between the code of an indicator and the part of it that a column asks for.
PART: Final = "__"
LEVELS: Final = ("hamlet", "commune", "province")
# Decimals are kept as hundredths: two places of a square metre or a hectare are more than
# anybody measures, and whole numbers add up exactly.
DECIMAL_SCALE: Final = 100


class Time(StrEnum):
    """Whether an indicator is what there is on the last day, or what happened in the period."""

    STOCK = "stock"
    FLOW = "flow"


class AcrossAreas(StrEnum):
    """How the figure of an area follows from those of the areas below it."""

    SUM = "sum"
    ANY = "any"


class AcrossPeriods(StrEnum):
    """How the figure of a long period follows from those of the periods in it."""

    LAST = "last"
    SUM = "sum"
    MAX = "max"


class UnknownIndicator(DomainError, KeyError):
    """A code that the catalogue does not have. Facts: `code`."""

    code: ClassVar[str] = "unknown_indicator"


class BadCatalogue(DomainError):
    """A catalogue file that cannot be used. Facts: `file`, `errors`."""

    code: ClassVar[str] = "bad_catalogue"


@dataclass(frozen=True, slots=True)
class Indicator:
    """
    One thing that is counted.

    `noun` follows a number in a sentence (`984 hộ ký cam kết`), `lacking` the number still
    missing from the whole (`16 hộ chưa ký cam kết`). `part_of` are the indicators that it can
    never exceed in the same area and period. `always_some` says that an area without any is a
    mistake and not an answer (households, residents).
    """

    code: str
    name_vi: str
    name_en: str
    unit: str
    unit_vi: str
    kind: Kind
    time: Time
    lowest_level: str
    fed_by: str
    noun: str
    across_areas: AcrossAreas
    across_periods: AcrossPeriods
    lacking: str | None = None
    part_of: tuple[str, ...] = ()
    always_some: bool = False
    split_by: tuple[str, ...] = ()
    notes: str = ""

    @property
    def scale(self) -> int:
        """How many units of the packed whole number make one."""
        return DECIMAL_SCALE if self.kind is Kind.DECIMAL else 1


@dataclass(frozen=True, slots=True)
class Split:
    """
    A way to take a count of people apart whose parts add up to the whole.

    `parts`: the end of a part's code, and its words in Vietnamese and English.
    """

    code: str
    name_vi: str
    parts: tuple[tuple[str, str, str], ...]


def part_code(whole: str, part: str) -> str:
    """Return the code of one part of a whole: `people_informed__nu`."""
    return f"{whole}{PART}{part}"


def whole_of(code: str) -> str:
    """Return the whole that a part belongs to; empty for what is no part."""
    whole, found, _part = code.partition(PART)
    return whole if found else ""


class Catalogue(Mapping[str, Indicator]):
    """
    The indicators by code, in the order of their files.

    `beside` are columns that forms ask outside the list (those of campaigns, and the parts of
    what is split): found by their code, neither counted nor listed.
    """

    def __init__(
        self,
        indicators: Mapping[str, Indicator],
        source: str,
        valid_from: date,
        beside: Mapping[str, Indicator] | None = None,
        splits: Mapping[str, Split] | None = None,
    ) -> None:
        self._indicators = dict(indicators)
        self._known = self._indicators | dict(beside or {})
        self.splits = dict(splits or {})
        self.source = source
        self.valid_from = valid_from

    def __getitem__(self, code: str) -> Indicator:
        try:
            return self._known[code]
        except KeyError:
            raise UnknownIndicator(
                f"Danh mục không có chỉ số “{code}”{self._nearest(code)}.", code=code
            ) from None

    # Mapping's own version would look for the nearest known code only to throw it away.
    def __contains__(self, code: object) -> bool:
        return code in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._indicators)

    def __len__(self) -> int:
        return len(self._indicators)

    def _nearest(self, code: str) -> str:
        # Imported here because only a wrong code pays for it.
        from difflib import get_close_matches

        near = get_close_matches(code, self._indicators, n=2)
        return f"; có phải {' hoặc '.join(near)}?" if near else ""


@cache
def builtin_catalogue() -> Catalogue:
    """Return the catalogue that every installation has."""
    return load_catalogue()


def _beside(units: Mapping[str, str]) -> tuple[dict[str, Indicator], dict[str, Split]]:
    """Return the columns outside the list with their parts by code, and the splits."""
    data = tomllib.loads(BESIDE.read_text(encoding="utf-8"))
    splits = {
        entry["code"]: Split(
            entry["code"],
            entry["name_vi"],
            tuple((one["code"], one["name_vi"], one["name_en"]) for one in entry["part"]),
        )
        for entry in data["split"]
    }
    found: dict[str, Indicator] = {}
    for entry in data["indicator"]:
        whole = _indicator(entry, units)
        found[whole.code] = whole
        for split in whole.split_by:
            for end, name_vi, name_en in splits[split].parts:
                code = part_code(whole.code, end)
                found[code] = replace(
                    whole,
                    code=code,
                    name_vi=f"{whole.name_vi}, {name_vi}",
                    name_en=f"{whole.name_en}, {name_en}",
                    noun=f"{whole.noun}, {name_vi}",
                    lacking=None,
                    part_of=(whole.code,),
                    split_by=(),
                )
    return found, splits


def load_catalogue(*added: Path) -> Catalogue:
    """
    Return the built-in catalogue with the indicators of other files added.

    Raises:
        BadCatalogue: a file cannot be read or repeats a code; names every error in it.
    """
    text = BUILT_IN.read_text(encoding="utf-8")
    data = tomllib.loads(text)
    units = data["units"]
    found = {entry["code"]: _indicator(entry, units) for entry in data["indicator"]}
    for path in added:
        found |= _added(path, units, found)
    beside, splits = _beside(units)
    return Catalogue(found, data["source"], data["valid_from"], beside, splits)


def _added(path: Path, units: dict[str, str], known: Mapping[str, Indicator]) -> Any:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, [f"không đọc được ({error})"]) from error
    units = units | data.get("units", {})
    entries = data.get("indicator", [])
    found: dict[str, Indicator] = {}
    errors: list[str] = [] if entries else ["không có mục [[indicator]] nào"]
    for number, entry in enumerate(entries, 1):
        name = entry.get("code", f"mục thứ {number}")
        if name in known or name in found:
            errors.append(f"{name}: mã đã có, hãy đặt mã khác")
            continue
        try:
            found[name] = _indicator(entry, units)
        except KeyError as error:
            errors.append(f"{name}: thiếu hoặc không biết {error.args[0]}")
        except (TypeError, ValueError) as error:
            errors.append(f"{name}: {error}")
    for indicator in found.values():
        errors += [
            f"{indicator.code}: part_of có mã không biết {whole}"
            for whole in indicator.part_of
            if whole not in known and whole not in found
        ]
    if errors:
        raise _bad(path, errors)
    return found


def _indicator(entry: dict[str, Any], units: Mapping[str, str]) -> Indicator:
    if entry["lowest_level"] not in LEVELS:
        raise ValueError(f"lowest_level phải là một trong {', '.join(LEVELS)}")
    values = entry | {
        "unit_vi": units[entry["unit"]],
        "kind": Kind(entry["kind"]),
        "time": Time(entry["time"]),
        "across_areas": AcrossAreas(entry["across_areas"]),
        "across_periods": AcrossPeriods(entry["across_periods"]),
        "part_of": tuple(entry.get("part_of", ())),
        "split_by": tuple(entry.get("split_by", ())),
    }
    return Indicator(**values)


def _bad(path: Path, errors: list[str]) -> BadCatalogue:
    listed = "".join(f"\n  {error}" for error in errors)
    return BadCatalogue(
        f"Danh mục chỉ số {path} chưa dùng được, hãy sửa:{listed}",
        file=str(path),
        errors=errors,
    )
