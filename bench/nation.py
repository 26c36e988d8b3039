"""
An invented nation in one database, from a fixed seed: nothing in it is measured anywhere.

34 provinces, 3,321 communes and about 90,000 hamlets of uneven sizes, as there are; a form with
60 indicators of the catalogue, 10 of them asked of every hamlet; one value in eighty missing.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from diaban.indicators.rules.catalogue import builtin_catalogue
from diaban.indicators.rules.rollup import MISSING, NOT_APPLICABLE, NOT_YET, Layout
from diaban.recognition.rules.set_files import builtin_set

SEED = 20260101
PROVINCES, COMMUNES, HAMLETS = 34, 3321, 90_000
PERIOD, OTHER_PERIOD = "2026-11", "2026-10"
COLUMNS, HAMLET_COLUMNS = 60, 10

Numbers = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Nation:
    """
    Who belongs to whom, and what everybody reported for one month.

    `own` is communes x 50 columns; `hamlets` one array of columns x hamlets for each commune.
    """

    layout: Layout
    province_of: Numbers
    hamlet_counts: Numbers
    own: Numbers
    hamlets: list[Numbers]


def layout() -> Layout:
    """Return a form of 60 counts: all that the criteria of the benchmark need, and more."""
    catalogue = builtin_catalogue()
    needed = builtin_set("vinh-linh-2023").codes
    counts = [i for i in catalogue.values() if i.kind.value == "count"]
    hamlet = [i for i in counts if i.lowest_level == "hamlet"]
    hamlet = sorted(hamlet, key=lambda i: i.code not in needed)[:HAMLET_COLUMNS]
    rest = [i for i in counts if i not in hamlet]
    rest = sorted(rest, key=lambda i: i.code not in needed)[: COLUMNS - HAMLET_COLUMNS]
    return Layout(tuple(rest), tuple(hamlet))


def nation() -> Nation:
    """Return the nation; the same every time."""
    random = np.random.default_rng(SEED)
    columns = layout()
    province_of = np.sort(
        np.concatenate([np.arange(PROVINCES), random.integers(0, PROVINCES, COMMUNES - PROVINCES)])
    )
    shares = random.gamma(4.0, size=COMMUNES)
    counts = np.maximum(1, np.round(shares / shares.sum() * HAMLETS)).astype(np.int64)
    own = _reported(random, (COMMUNES, len(columns.commune)), 12)
    hamlets = [_reported(random, (len(columns.hamlet), int(n)), 400) for n in counts]
    return Nation(columns, province_of, counts, own, hamlets)


def stored(of: Nation, periods: Sequence[str] = (OTHER_PERIOD, PERIOD)) -> sqlite3.Connection:
    """Return a database with the packed returns of some months, as the product keeps them."""
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE packed (id INTEGER PRIMARY KEY, period TEXT, tree_left INTEGER, "
        "province INTEGER, hamlets INTEGER, commune_values BLOB, hamlet_values BLOB)"
    )
    for period in periods:
        connection.executemany(
            "INSERT INTO packed (period, tree_left, province, hamlets, commune_values, "
            "hamlet_values) VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    period,
                    place,
                    int(of.province_of[place]),
                    int(of.hamlet_counts[place]),
                    of.own[place].astype(of.layout.dtype).tobytes(),
                    of.hamlets[place].astype(of.layout.dtype).tobytes(),
                )
                for place in range(COMMUNES)
            ),
        )
    connection.execute("CREATE UNIQUE INDEX by_period ON packed (period, tree_left)")
    connection.commit()
    return connection


def _reported(random: np.random.Generator, shape: tuple[int, int], most: int) -> Numbers:
    values = random.integers(0, most, shape)
    lot = random.random(shape)
    values[lot < 0.012] = MISSING
    values[(lot >= 0.012) & (lot < 0.0125)] = NOT_YET
    values[(lot >= 0.0125) & (lot < 0.013)] = NOT_APPLICABLE
    return values
