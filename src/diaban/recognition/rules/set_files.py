"""
Reading criteria sets from their TOML files: the built-in ones, and an installation's own.

A file is checked as a whole: every error in it is named, and a set with an error is not used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Final

from diaban.core.errors import DomainError
from diaban.indicators.rules.catalogue import Catalogue, builtin_catalogue, load_catalogue
from diaban.recognition.rules.formulas import BadFormula, Formula, parse
from diaban.recognition.rules.reasons import Sense
from diaban.recognition.rules.sets import (
    AreaClass,
    CriteriaSet,
    Criterion,
    Group,
    Requirement,
    SetPeriod,
)

BUILT_IN: Final = Path(__file__).parents[1] / "data"
LEVELS: Final = ("hamlet", "commune", "province")


class UnknownSet(DomainError):
    """A criteria set that this installation does not have. Facts: `id`, `known`."""

    code: ClassVar[str] = "unknown_criteria_set"


class BadCriteriaSet(DomainError):
    """A set's file that cannot be used. Facts: `file`, `errors` (all of them)."""

    code: ClassVar[str] = "bad_criteria_set"


def builtin_ids() -> tuple[str, ...]:
    """Return the ids of the sets that every installation has."""
    return tuple(sorted(path.stem for path in BUILT_IN.glob("*.toml")))


@cache
def builtin_set(set_id: str) -> CriteriaSet:
    """
    Return a set that every installation has.

    Raises:
        UnknownSet: there is none of that name; the sentence lists those there are.
    """
    if set_id not in builtin_ids():
        raise unknown(set_id, builtin_ids())
    return load_set(BUILT_IN / f"{set_id}.toml", builtin_catalogue())


def load_sets(places: Iterable[Path]) -> tuple[dict[str, CriteriaSet], Catalogue]:
    """
    Return the sets of an installation's own files by id, and its catalogue.

    A place is a TOML file or a folder of them. A file with [[indicator]] tables adds to the
    catalogue, any other is a criteria set. A set never replaces a built-in one.

    Raises:
        BadCriteriaSet, BadCatalogue: names the file and everything wrong in it.
    """
    files = [file for place in places for file in _files(place)]
    catalogues = [file for file in files if "indicator" in _toml(file)]
    catalogue = load_catalogue(*catalogues) if catalogues else builtin_catalogue()
    found: dict[str, CriteriaSet] = {}
    for file in files:
        if file in catalogues:
            continue
        criteria_set = load_set(file, catalogue)
        if criteria_set.id in builtin_ids() or criteria_set.id in found:
            raise _bad(file, [f"id: “{criteria_set.id}” đã có, hãy đặt id khác"])
        found[criteria_set.id] = criteria_set
    return found, catalogue


def unknown(set_id: str, known: Sequence[str]) -> UnknownSet:
    """Return the refusal of a set that is not there, with those that are."""
    return UnknownSet(
        f"Không có bộ tiêu chí “{set_id}”. Các bộ đang có: {', '.join(known)}.",
        id=set_id,
        known=list(known),
    )


def load_set(path: Path, catalogue: Catalogue) -> CriteriaSet:
    """
    Return the criteria set in a file.

    Raises:
        BadCriteriaSet: names every error in it.
    """
    reader = _SetReader(_toml(path), catalogue)
    criteria_set = reader.read()
    if reader.errors or criteria_set is None:
        raise _bad(path, reader.errors)
    return criteria_set


def _files(place: Path) -> list[Path]:
    if place.is_dir():
        return sorted(place.glob("*.toml"))
    if place.is_file():
        return [place]
    raise _bad(place, ["không có tệp hay thư mục này"])


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise _bad(path, ["không phải UTF-8, hãy lưu lại với mã UTF-8"]) from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise _bad(path, [f"không đọc được TOML ({error})"]) from error


def _bad(path: Path, errors: list[str]) -> BadCriteriaSet:
    listed = "".join(f"\n  {error}" for error in errors)
    return BadCriteriaSet(
        f"Bộ tiêu chí {path} chưa dùng được, hãy sửa:{listed}", file=str(path), errors=errors
    )


_SET_KEYS: Final = {
    "id": str,
    "title": str,
    "level": str,
    "period": str,
    "issuer": str,
    "number": str,
    "date": str,
    "valid_from": date,
    "source": str,
    "criteria": list,
}
_SET_MORE: Final = {
    "valid_to": date,
    "note": str,
    "groups": list,
    "outcome": dict,
    "classes": list,
    "definitions": dict,
    "says": dict,
    "used_by": list,
}
_CRITERION_KEYS: Final = {"id": str, "label": str, "statement": str, "source": str, "formula": str}
_CRITERION_MORE: Final = {"cumulative": str, "group": str, "sense": str, "due": date}
_CLASS_KEYS: Final = {"id": str, "name": str, "of": list}
_GROUP_KEYS: Final = {"id": str, "name": str}
_KINDS: Final = {
    str: "chữ trong ngoặc kép",
    list: "danh sách",
    dict: "bảng",
    date: "ngày dạng 2026-01-31",
    int: "số nguyên",
}


class _SetReader:
    """Reads one file and collects every error instead of stopping at the first."""

    def __init__(self, data: dict[str, Any], catalogue: Catalogue) -> None:
        self.data, self.catalogue = data, catalogue
        self.errors: list[str] = []

    def read(self) -> CriteriaSet | None:
        data = self.data
        if not self.shape("", data, _SET_KEYS, _SET_MORE):
            return None
        self.choice("level", data["level"], LEVELS)
        self.choice("period", data["period"], tuple(SetPeriod))
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", data["id"]):
            self.errors.append("id: chỉ dùng chữ thường không dấu, chữ số và dấu gạch nối")
        if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", data["date"]):
            self.errors.append("date: ghi 2026, 2026-05 hoặc 2026-05-31")
        valid_to = data.get("valid_to")
        if valid_to is not None and valid_to <= data["valid_from"]:
            self.errors.append("valid_to: phải sau valid_from")
        used_by = data.get("used_by", [])
        if not all(isinstance(code, str) and code.isdigit() for code in used_by):
            self.errors.append('used_by: ghi mã tỉnh trong ngoặc kép, ví dụ ["15"]')
        groups = self.groups(data.get("groups", []))
        criteria = self.criteria(data["criteria"], {group.id for group in groups})
        ids = tuple(criterion.id for criterion in criteria)
        outcome = self.requirement("outcome", data.get("outcome", {}), ids)
        classes = self.classes(data.get("classes", []), ids)
        if self.errors:
            return None
        return CriteriaSet(
            id=data["id"],
            title=data["title"],
            level=data["level"],
            period=SetPeriod(data["period"]),
            issuer=data["issuer"],
            number=data["number"],
            issued=data["date"],
            valid_from=data["valid_from"],
            valid_to=valid_to,
            source=data["source"],
            note=data.get("note", ""),
            criteria=criteria,
            groups=groups,
            outcome=outcome,
            classes=classes,
            says=data.get("says", {}),
            catalogue=self.catalogue,
            used_by=tuple(used_by),
        )

    def groups(self, entries: list[Any]) -> tuple[Group, ...]:
        return tuple(
            Group(entry["id"], entry["name"])
            for number, entry in enumerate(entries, 1)
            if self.shape(f"groups thứ {number}: ", entry, _GROUP_KEYS, {})
        )

    def criteria(self, entries: list[Any], groups: set[str]) -> tuple[Criterion, ...]:
        definitions = self.definitions()
        found: dict[str, Criterion] = {}
        if not entries:
            self.errors.append("criteria: chưa có tiêu chí nào")
        for number, entry in enumerate(entries, 1):
            where = f"criteria thứ {number}: "
            if not self.shape(where, entry, _CRITERION_KEYS, _CRITERION_MORE):
                continue
            where = f"tiêu chí {entry['id']}: "
            if entry["id"] in found:
                self.errors.append(f"{where}id bị lặp")
            if groups and entry.get("group") not in groups:
                self.errors.append(f"{where}group phải là một trong {', '.join(sorted(groups))}")
            elif not groups and "group" in entry:
                self.errors.append(f"{where}group không có trong [[groups]]")
            self.choice(f"{where}sense", entry.get("sense", "good"), tuple(Sense))
            formula = self.formula(where, entry["formula"], definitions)
            cumulative = entry.get("cumulative")
            other = self.formula(where, cumulative, definitions) if cumulative else None
            if formula is None or entry.get("sense", "good") not in tuple(Sense):
                continue
            found[entry["id"]] = Criterion(
                id=entry["id"],
                label=entry["label"],
                statement=entry["statement"],
                source=entry["source"],
                formula=formula,
                cumulative=other,
                group=entry.get("group", ""),
                sense=Sense(entry.get("sense", "good")),
                due=entry.get("due"),
            )
        return tuple(found.values())

    def definitions(self) -> dict[str, Formula]:
        found: dict[str, Formula] = {}
        for name, text in self.data.get("definitions", {}).items():
            if name in self.catalogue:
                self.errors.append(f"definitions.{name}: trùng mã chỉ số")
            formula = self.formula(f"definitions.{name}: ", str(text), found)
            if formula is not None:
                found[name] = formula
        return found

    def formula(self, where: str, text: str, definitions: Mapping[str, Formula]) -> Formula | None:
        try:
            return parse(text, self.catalogue, definitions)
        except BadFormula as error:
            self.errors.append(f"{where}{error.sentence}")
            return None

    def classes(self, entries: list[Any], ids: tuple[str, ...]) -> tuple[AreaClass, ...]:
        return tuple(
            AreaClass(
                entry["id"], entry["name"], self.requirement(f"class {entry['id']}", entry, ids)
            )
            for number, entry in enumerate(entries, 1)
            if self.shape(f"classes thứ {number}: ", entry, _CLASS_KEYS, {"at_least": int})
        )

    def requirement(self, where: str, entry: dict[str, Any], ids: tuple[str, ...]) -> Requirement:
        of = tuple(entry.get("of", ids))
        needed = entry.get("at_least", len(of))
        unknown_ids = [str(one) for one in of if one not in ids]
        if unknown_ids:
            self.errors.append(f"{where}.of: không có tiêu chí {', '.join(unknown_ids)}")
        # Without any criterion that could be read, how many are needed says nothing more.
        if ids and (type(needed) is not int or not 1 <= needed <= len(of)):
            self.errors.append(f"{where}.at_least: phải là số nguyên từ 1 đến {len(of)}")
            needed = len(of)
        return Requirement(of, needed)

    def shape(
        self, where: str, entry: Any, needed: Mapping[str, type], more: Mapping[str, type]
    ) -> bool:
        """Return whether a table has the keys it needs, of the right kind, and no others."""
        if not isinstance(entry, dict):
            self.errors.append(f"{where}phải là bảng [[…]]")
            return False
        before = len(self.errors)
        for key, kind in {**needed, **more}.items():
            if key not in entry:
                if key in needed:
                    self.errors.append(f"{where}thiếu {key}")
            elif type(entry[key]) is not kind:
                self.errors.append(f"{where}{key} phải là {_KINDS[kind]}")
        extra = sorted(set(entry) - set(needed) - set(more))
        if extra:
            self.errors.append(f"{where}không hiểu {', '.join(extra)}")
        return len(self.errors) == before

    def choice(self, where: str, given: str, allowed: Sequence[str]) -> None:
        if given not in allowed:
            self.errors.append(f"{where}: phải là một trong {', '.join(allowed)}")
