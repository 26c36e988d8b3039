"""The invented province: its communes, their hamlets and where they stand."""

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from io import StringIO
from typing import Final

from diaban.demo.hamlets import hamlet_names

PROVINCE_CODE: Final = "99"
PROVINCE_NAME: Final = "Sông Lam"

# The north-western corner of the tile map in degrees, and the distance between two tiles. A
# degree of longitude is 0.945 of one of latitude there, so tiles come out square.
_NORTH, _WEST = 19.6, 104.5
_STEP_NORTH, _STEP_EAST = 0.1, 0.1058


class Standing(StrEnum):
    """How a commune is meant to come out under Quyết định 28/2025/QĐ-TTg."""

    DRUG_FREE = "drug_free"
    TYPE_1 = "type_1"
    TYPE_2 = "type_2"
    TYPE_3 = "type_3"
    NEEDS_DECISION = "needs_decision"
    UNDETERMINED = "undetermined"


class Habit(StrEnum):
    """What an office does month after month."""

    LATE = "late"
    FROZEN = "frozen"


@dataclass(frozen=True, slots=True)
class Fate:
    """
    How a commune is meant to come out under the six criteria of `lao-cai-2023`.

    `short` says by how much a criterion is missed; `missing` and `invalid` name criteria
    without a value and with a part above its whole; `nobody` names the kinds of people of
    whom the commune has none, so that their criteria are met for want of a case.
    """

    short: dict[str, int]
    missing: frozenset[str]
    invalid: frozenset[str]
    nobody: frozenset[str]

    @property
    def counted_outcome(self) -> str:
        """What the criteria give while the return counts: met, not_met or undetermined."""
        if self.short:
            return "not_met"
        return "undetermined" if self.missing or self.invalid else "met"


@dataclass(frozen=True, slots=True)
class Hamlet:
    """A hamlet: a thôn, a bản or a tổ dân phố."""

    code: str
    type: str
    name: str

    @property
    def full_name(self) -> str:
        """Type word and name, as at the beginning of a sentence."""
        return f"{self.type[0].upper()}{self.type[1:]} {self.name}"


@dataclass(frozen=True, slots=True)
class Commune:
    """
    A commune and what its year is like.

    `sign` is the two letters of its tile; `column` and `row` count from the north-west.
    `households` fixes their number where a story needs it. `last_return` is empty when the
    newest month was sent in; else `returned`, `draft:` with the number of hamlets that are still
    to be entered, or `none:` with the number of months that were not even begun.
    """

    code: str
    sign: str
    type: str
    name: str
    region: str
    column: int
    row: int
    hamlets: tuple[Hamlet, ...]
    households: int | None
    standing: Standing
    fate: Fate
    last_return: str
    habit: Habit | None

    @property
    def full_name(self) -> str:
        """Type word and name, as at the beginning of a sentence."""
        return f"{self.type[0].upper()}{self.type[1:]} {self.name}"

    @property
    def counted(self) -> bool:
        """Whether its return for the newest month is in the totals."""
        return not self.last_return

    @property
    def point(self) -> tuple[float, float]:
        """Latitude and longitude in degrees, such that tiles come out where they belong."""
        return (
            round(_NORTH - _STEP_NORTH * self.row, 4),
            round(_WEST + _STEP_EAST * self.column, 4),
        )


@dataclass(frozen=True, slots=True)
class Former:
    """A commune that was merged away, with the hamlets that it brought."""

    code: str
    type: str
    name: str
    hamlet_codes: tuple[str, ...]

    @property
    def full_name(self) -> str:
        """Type word and name, as at the beginning of a sentence."""
        return f"{self.type[0].upper()}{self.type[1:]} {self.name}"


@dataclass(frozen=True, slots=True)
class Merger:
    """Two communes that became one during the year."""

    into: str
    former: tuple[Former, Former]


@dataclass(frozen=True, slots=True)
class World:
    """The province as it is today, and the one change it went through in the year."""

    code: str
    name: str
    communes: tuple[Commune, ...]
    merger: Merger

    def commune(self, code: str) -> Commune:
        """Return the commune of that code."""
        return next(commune for commune in self.communes if commune.code == code)

    def by_sign(self, sign: str) -> Commune:
        """Return the commune whose tile bears these letters."""
        return next(commune for commune in self.communes if commune.sign == sign)


@lru_cache(maxsize=2)
def world(*, small: bool = False) -> World:
    """
    Return the province: 98 communes and 2,650 hamlets.

    The small one has some thirty communes, among them every one that a story needs.
    """
    text = (files("diaban.demo") / "data" / "communes.tsv").read_text(encoding="utf-8")
    lines = list(csv.DictReader(StringIO(text), delimiter="\t"))
    communes = tuple(_commune(line) for line in lines if not small or line["in_small"] == "yes")
    return World(PROVINCE_CODE, PROVINCE_NAME, communes, _merger(communes))


def read_fate(text: str) -> Fate:
    """
    Return a fate from its short form: `3b:2 5a:16 ?6 !5a 0:addicts`.

    Read as: short of 3b by 2 and of 5a by 16, nothing known for 6, 5a cannot be right, and
    there are no addicts.
    """
    short: dict[str, int] = {}
    marked: dict[str, set[str]] = {"?": set(), "!": set(), "0": set()}
    for word in text.split():
        name, _, amount = word.partition(":")
        if name == "0":
            marked["0"].add(amount)
        elif name[0] in "?!":
            marked[name[0]].add(name[1:])
        else:
            short[name] = int(amount)
    return Fate(short, *(frozenset(marked[mark]) for mark in "?!0"))


def _commune(line: dict[str, str]) -> Commune:
    code, region = line["code"], line["region"]
    names = hamlet_names(line["sign"], line["name"], region, line["type"], int(line["hamlets"]))
    return Commune(
        code=code,
        sign=line["sign"],
        type=line["type"],
        name=line["name"],
        region=region,
        column=int(line["column"]),
        row=int(line["row"]),
        hamlets=tuple(
            Hamlet(f"{code}.{number:03}", type_word, name)
            for number, (type_word, name) in enumerate(names, 1)
        ),
        households=int(line["households"]) if line["households"] else None,
        standing=Standing(line["standing"]),
        fate=read_fate(line["fate"]),
        last_return=line["last_return"],
        habit=Habit(line["habit"]) if line["habit"] else None,
    )


def _merger(communes: tuple[Commune, ...]) -> Merger:
    into = next(commune for commune in communes if commune.sign == "TT")
    codes = [hamlet.code for hamlet in into.hamlets]
    half = (len(codes) + 1) // 2
    return Merger(
        into.code,
        (
            Former("99901", "xã", "Tiên Ghềnh", tuple(codes[:half])),
            Former("99902", "xã", "Trì Hạ", tuple(codes[half:])),
        ),
    )
