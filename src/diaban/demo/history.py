"""A year of a commune, told backwards from its newest month."""

import random
from dataclasses import dataclass, replace
from itertools import pairwise

from diaban.demo.stocks import HamletStock, Stock, apportion, newest
from diaban.demo.told import TAN_HOE_SIGNED
from diaban.demo.world import Commune, Habit, Standing

# How often a hamlet had one more the month before (people away, treated, untreated, using), and
# one fewer where it has any: people on file become some 5 % fewer in a year, as Quyết định
# 2942/QĐ-BCA wants it, and treatment reaches more of them.
_ONE_MORE = (0.004, 0.002, 0.009, 0.004)
_ONE_FEWER = 0.024
_CLEARED, _OPENED = 0.012, 0.05
_SAME_FOR = 6


@dataclass(frozen=True, slots=True)
class _Pace:
    """How a commune came to its signatures: done for `done` months, `monthly` ‰ a month before."""

    done: int
    monthly: int


def history(commune: Commune, months: int, chance: random.Random) -> list[Stock]:
    """
    Return `months` + 1 stocks, oldest first; the first is the one before the year began.

    An office that sends the same figures every month has the same stocks for six months.
    """
    pace = _Pace(
        done=0 if "5a" in commune.fate.short else chance.randint(1, 15),
        monthly=chance.randint(1, 6),
    )
    stocks = [newest(commune, chance)]
    for back in range(1, months + 1):
        later = stocks[-1]
        same = commune.habit is Habit.FROZEN and back < _SAME_FOR
        # Khe Sậy's two newest months are told; its draft is laid over the newest.
        same = same or (commune.sign == "KS" and back == 1)
        stocks.append(later if same else _month_before(commune, later, pace, back, chance))
    stocks.reverse()
    return stocks


def changes(stocks: list[Stock]) -> list[tuple[Stock, Stock]]:
    """Return each month of the year as what it began and what it ended with."""
    return list(pairwise(stocks))


def _month_before(
    commune: Commune, stock: Stock, pace: _Pace, back: int, chance: random.Random
) -> Stock:
    clean = commune.standing in (Standing.DRUG_FREE, Standing.UNDETERMINED)
    hamlets = [_hamlet_before(h, back, pace, clean, commune, chance) for h in stock.hamlets]
    if commune.sign == "TH":
        hamlets = _tan_hoe(hamlets, back)
    if chance.random() < 0.12:
        # One board more was put up in the month that is undone here.
        bare = chance.randrange(len(hamlets))
        hamlets[bare] = replace(hamlets[bare], board=False)
    treated = sum(hamlet.treated for hamlet in hamlets)
    in_substitution = min(stock.in_substitution, treated)
    hotspots = stock.hotspots
    if chance.random() < _CLEARED:
        hotspots += 1
    elif hotspots and chance.random() < _OPENED:
        hotspots -= 1
    return replace(
        stock,
        hamlets=tuple(hamlets),
        addicts_without_file=min(stock.addicts_without_file, sum(h.addicts for h in hamlets)),
        in_substitution=in_substitution,
        in_home_rehab=min(stock.in_home_rehab, treated - in_substitution),
        users_without_file=min(stock.users_without_file, sum(h.users for h in hamlets)),
        at_risk=max(0, stock.at_risk + chance.choice((-1, 0, 0, 0, 1))),
        hotspots=hotspots,
        businesses=max(1, stock.businesses - (chance.random() < 0.08)),
        models=max(1, stock.models) if stock.models else 0,
    )


def _hamlet_before(
    hamlet: HamletStock,
    back: int,
    pace: _Pace,
    clean: bool,
    commune: Commune,
    chance: random.Random,
) -> HamletStock:
    households = hamlet.households - (
        commune.households is None and chance.random() < 0.06 and hamlet.households > 24
    )
    unsigned = min(hamlet.unsigned, households)
    if back > pace.done:
        grown = households * pace.monthly * chance.randint(0, 2)
        unsigned = min(unsigned + (grown + chance.randrange(1000)) // 1000, households // 2)
        unsigned = max(unsigned, min(hamlet.unsigned, households))
    people = [hamlet.away, hamlet.treated, hamlet.untreated, hamlet.users]
    for kind, often in enumerate(_ONE_MORE):
        draw = chance.random()
        if draw < (often / 8 if clean and kind > 1 else often):
            people[kind] += 1
        elif draw > 1 - _ONE_FEWER and people[kind]:
            people[kind] -= 1
    if "addicts" in commune.fate.nobody:
        people[0] = people[1] = people[2] = 0
    return HamletStock(
        households=households,
        residents=max(households, hamlet.residents + chance.randint(-3, 2)),
        unsigned=unsigned,
        board=hamlet.board,
        away=people[0],
        treated=people[1],
        untreated=people[2],
        users=people[3],
    )


def _tan_hoe(hamlets: list[HamletStock], back: int) -> list[HamletStock]:
    """Give Tân Hòe the signatures that its story tells, before that fifteen fewer a month."""
    known = len(TAN_HOE_SIGNED)
    if back < known:
        signed = TAN_HOE_SIGNED[known - 1 - back]
    else:
        signed = TAN_HOE_SIGNED[0] - 15 * (back - known + 1)
    households = [hamlet.households for hamlet in hamlets]
    gaps = apportion(sum(households) - signed, households)
    return [replace(h, unsigned=gap) for h, gap in zip(hamlets, gaps, strict=True)]
