"""
What a commune has on the last day of a month, and what it had a month before.

A year is told backwards: the newest month is laid down so that the commune comes out as it is
meant to, and every month before is the next one with a few things undone. Whatever is part of
something else is kept as a remainder (households *not* signed, people *not* on file), so that
no step can make a part larger than its whole.
"""

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from diaban.demo.told import Cells, khe_say
from diaban.demo.world import Commune, Standing

# Households in a hamlet and people in a household, on average.
_SIZE: Final[dict[str, tuple[int, float]]] = {
    "Biên giới": (92, 4.35),
    "Miền núi": (104, 4.3),
    "Trung du": (142, 4.05),
    "Đồng bằng": (186, 3.85),
    "Ven biển": (178, 4.0),
    "Đô thị": (236, 3.8),
}

# People on file per 1,000 residents. The bounds of Quyết định 28/2025 are 1 and 5.
_ON_FILE: Final[dict[Standing, tuple[float, float]]] = {
    Standing.TYPE_1: (5.3, 6.2),
    Standing.TYPE_2: (1.9, 3.9),
    Standing.TYPE_3: (1.1, 4.6),
}


@dataclass(frozen=True, slots=True)
class HamletStock:
    """One hamlet on one day; people with addiction are away, or present in or out of treatment."""

    households: int
    residents: int
    unsigned: int
    board: bool
    away: int
    treated: int
    untreated: int
    users: int

    @property
    def signed(self) -> int:
        """Households with a commitment."""
        return self.households - self.unsigned

    @property
    def present(self) -> int:
        """People with addiction who are in the area."""
        return self.treated + self.untreated

    @property
    def addicts(self) -> int:
        """People with addiction, wherever they are."""
        return self.away + self.present


@dataclass(frozen=True, slots=True)
class Stock:
    """A commune on one day: its hamlets, and what only the commune counts."""

    hamlets: tuple[HamletStock, ...]
    addicts_without_file: int
    in_substitution: int
    in_home_rehab: int
    users_away: int
    users_without_file: int
    unserved: int
    post_rehab: int
    post_rehab_without_file: int
    post_rehab_without_job: int
    released: int
    released_unsupported: int
    at_risk: int
    hotspots: int
    use_points: int
    sellers: int
    groups: int
    models: int
    patrol_teams: int
    agencies: int
    businesses: int
    schools: int
    conditional: int
    conditional_uncommitted: int
    on_key_route: bool

    def total(self, name: str) -> int:
        """Return the sum of one quantity over the hamlets."""
        return sum(getattr(hamlet, name) for hamlet in self.hamlets)

    @property
    def on_file(self) -> int:
        """People with a management file: with addiction, and using."""
        return (
            self.total("addicts")
            - self.addicts_without_file
            + self.users_away
            + self.total("users")
            - self.users_without_file
        )


def newest(commune: Commune, chance: random.Random) -> Stock:
    """Return the commune on the last day of the newest month, as its fate wants it."""
    short = commune.fate.short
    hamlets = _hamlets(commune, chance)
    addicts = sum(hamlet.addicts for hamlet in hamlets)
    users = sum(hamlet.users for hamlet in hamlets)
    treated = sum(hamlet.treated for hamlet in hamlets)
    if commune.standing in (Standing.DRUG_FREE, Standing.UNDETERMINED):
        # Nobody present outside substitution and home rehabilitation: Điều 6, khoản 1.
        in_substitution = chance.randint(0, treated)
        in_home_rehab = treated - in_substitution
    else:
        in_substitution = treated * chance.randint(25, 55) // 100
        in_home_rehab = treated * chance.randint(5, 25) // 100
    post_rehab = _post_rehab(commune, addicts, chance)
    conditional = chance.randint(0, 5) + len(hamlets) // (2 if commune.type == "phường" else 4)
    released = chance.randint(0, 3) + addicts // 3
    points = _points(commune, chance)
    return Stock(
        hamlets=tuple(hamlets),
        addicts_without_file=short.get("3a", 0),
        in_substitution=in_substitution,
        in_home_rehab=in_home_rehab,
        users_away=chance.randint(0, 1 + users // 12),
        users_without_file=short.get("4", 0),
        unserved=(addicts + users) // 9,
        post_rehab=post_rehab,
        post_rehab_without_file=short.get("3c", 0),
        post_rehab_without_job=min(post_rehab, chance.choice((0, 0, 0, 1, 2))),
        released=released,
        released_unsupported=min(released, chance.choice((0, 0, 0, 0, 1))),
        at_risk=chance.randint(0, 4) + users // 2,
        hotspots=points[0],
        use_points=points[1],
        sellers=points[2],
        groups=short.get("2", 0),
        models=0 if "6" in short else chance.choice((1, 1, 1, 2, 2, 3)),
        patrol_teams=chance.randint(1, 3),
        agencies=chance.randint(5, 12),
        businesses=chance.randint(1, 6) + len(hamlets) // 3,
        schools=chance.randint(3, 5) + len(hamlets) // 12,
        conditional=conditional,
        conditional_uncommitted=min(conditional, chance.choice((0, 0, 0, 0, 1, 2))),
        on_key_route=commune.standing in (Standing.TYPE_1, Standing.TYPE_2, Standing.NEEDS_DECISION)
        or chance.random() < 0.08,
    )


@dataclass(frozen=True, slots=True)
class _People:
    away: int
    treated: int
    untreated: int
    users: int


def _hamlets(commune: Commune, chance: random.Random) -> list[HamletStock]:
    if commune.sign == "KS":
        return [_told(before) for before, _ in khe_say()]
    hamlets = _sign(commune, _households(commune, chance), chance)
    for index in chance.sample(range(len(hamlets)), commune.fate.short.get("5b", 0)):
        hamlets[index] = replace(hamlets[index], board=False)
    people = _people(commune, sum(hamlet.residents for hamlet in hamlets), chance)
    return _spread(hamlets, people, chance)


def _told(cells: Cells) -> HamletStock:
    of = {code: cell for code, cell in cells.items() if isinstance(cell, int)}
    return HamletStock(
        households=of["households"],
        residents=of["population_resident"],
        unsigned=of["households"] - of["households_committed"],
        board=of["hamlets_with_box_and_board"] == 1,
        away=of["addicts"] - of["addicts_present"],
        treated=of["addicts_present_in_treatment"],
        untreated=of["addicts_present"] - of["addicts_present_in_treatment"],
        users=of["users_present"],
    )


def _households(commune: Commune, chance: random.Random) -> list[HamletStock]:
    mean, persons = _SIZE[commune.region]
    count = len(commune.hamlets)
    sizes = [max(24, round(mean * chance.uniform(0.6, 1.42))) for _ in range(count)]
    if commune.households is not None:
        sizes = apportion(commune.households, sizes)
    return [
        HamletStock(size, round(size * persons * chance.uniform(0.93, 1.07)), 0, True, 0, 0, 0, 0)
        for size in sizes
    ]


def _sign(commune: Commune, hamlets: list[HamletStock], chance: random.Random) -> list[HamletStock]:
    """Leave as many households unsigned as the fate says, in a few hamlets."""
    short = commune.fate.short.get("5a", 0)
    if not short:
        return hamlets
    if commune.sign == "TH":
        gaps = {0: 9, 1: 5, 2: 2}
    else:
        few = max(2, min(len(hamlets), short // 12 + 2))
        chosen = chance.sample(range(len(hamlets)), few)
        weights = [chance.randint(1, 5) for _ in chosen]
        gaps = dict(zip(chosen, apportion(short, weights), strict=True))
    return [replace(h, unsigned=gaps.get(index, 0)) for index, h in enumerate(hamlets)]


def _people(commune: Commune, residents: int, chance: random.Random) -> _People:
    short, nobody = commune.fate.short, "addicts" in commune.fate.nobody
    if commune.standing in (Standing.DRUG_FREE, Standing.UNDETERMINED):
        nobody = nobody or (chance.random() < 0.3 and "3a" not in short)
        away = 0 if nobody else chance.randint(short.get("3a", 0), 3 + short.get("3a", 0))
        treated = 0 if nobody else chance.randint(1, 4 + residents // 4000)
        return _People(away, treated, 0, 0)
    if commune.standing is Standing.NEEDS_DECISION:
        # Both readings of Điều 4 must come apart: above the upper bound of type II with one
        # point, or inside its band with two.
        rate = chance.uniform(5.2, 5.8) if short["1"] == 1 else chance.uniform(2.4, 3.4)
    else:
        rate = chance.uniform(*_ON_FILE[commune.standing])
    # People without a file are not in the rate, so they come on top.
    wanted = round(residents * rate / 1000) + 1 + short.get("3a", 0) + short.get("4", 0)
    if nobody:
        return _People(0, 0, 0, max(wanted, 2))
    untreated = short.get("3b", 0)
    users = max(2, wanted * chance.randint(30, 42) // 100, short.get("4", 0) + 1)
    addicts = max(wanted - users, untreated + 2, short.get("3a", 0) + 1)
    away = min(addicts * chance.randint(20, 34) // 100, addicts - untreated - 1)
    return _People(away, addicts - away - untreated, untreated, users)


def _spread(
    hamlets: list[HamletStock], people: _People, chance: random.Random
) -> list[HamletStock]:
    """Give every person a hamlet; a third of the hamlets have most of them."""
    homes = chance.sample(range(len(hamlets)), max(1, len(hamlets) * 2 // 5))

    def spread(number: int) -> Counter[int]:
        return Counter(chance.choice(homes) for _ in range(number))

    away, treated = spread(people.away), spread(people.treated)
    untreated, users = spread(people.untreated), spread(people.users)
    return [
        replace(h, away=away[i], treated=treated[i], untreated=untreated[i], users=users[i])
        for i, h in enumerate(hamlets)
    ]


def _post_rehab(commune: Commune, addicts: int, chance: random.Random) -> int:
    if "post_rehab" in commune.fate.nobody:
        return 0
    at_least = commune.fate.short.get("3c", 0) + 2 * ("3c" in commune.fate.missing)
    return at_least + chance.randint(0, 2) + addicts // 4


def _points(commune: Commune, chance: random.Random) -> tuple[int, int, int]:
    """Return hotspots, points of use and retail sellers: what criterion 1 is about."""
    short = commune.fate.short.get("1", 0)
    if not short:
        return 0, 0, 0
    if commune.standing is Standing.TYPE_3:
        # A point of use would bring it nearer to type II than it is meant to be.
        return (0, 0, short) if chance.random() < 0.5 else (short, 0, 0)
    return chance.randint(1, 2), short, chance.randint(1, 3)


def apportion(total: int, weights: list[int]) -> list[int]:
    """
    Return whole numbers in proportion to `weights` that add up to `total`.

    What is left after rounding down goes to the largest remainders, the first ones first.
    """
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares
