"""
G1. A national month, from the database to every level, against pandas on a frame in memory.

Ours begins at the stored bytes: read, join, add up hamlets to communes to provinces to the
nation, with sums, complete communes and rows that gave a value. pandas begins at long
frames of that one month which already stand in memory, sorted by commune, with narrow columns,
the values apart from the cells that do not apply.
"""

import sqlite3
from collections.abc import Iterator

import numpy as np
import pandas as pd

from bench.measure import Line, compare
from bench.nation import COMMUNES, PERIOD, PROVINCES, Nation, Numbers, nation, stored
from diaban.indicators.rules.rollup import (
    NOT_APPLICABLE,
    Levels,
    Totals,
    roll_up_rows,
)

GOAL = 1 / 4


def run() -> list[Line]:
    """Return the comparison of one national month."""
    of = nation()
    connection = stored(of)
    given, outside = long_frames(of)
    return [
        compare(
            "G1",
            "tháng cả nước, từ cơ sở dữ liệu đến mọi cấp",
            "pandas, bảng đã nằm trong bộ nhớ",
            GOAL,
            lambda: ours(connection, of),
            lambda: with_pandas(given, outside, of),
            same,
        )
    ]


def ours(connection: sqlite3.Connection, of: Nation) -> Levels:
    """Read one month and add it up."""
    rows = connection.execute(
        "SELECT hamlets, commune_values, hamlet_values, province FROM packed "
        "WHERE period = ? ORDER BY tree_left",
        (PERIOD,),
    ).fetchall()
    hamlets, commune_values, hamlet_values, province = zip(*rows, strict=True)
    return roll_up_rows(of.layout, hamlets, commune_values, hamlet_values, province)


def long_frames(of: Nation) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return one row a value (commune, column, value), and one a cell that does not apply.

    Cells that are missing or to come are not there, as in a long table.
    """
    columns = len(of.layout.commune)
    communes, places, values = [], [], []
    for commune in range(COMMUNES):
        own, hamlets = of.own[commune], of.hamlets[commune]
        communes.append(np.full(len(own) + hamlets.size, commune, np.int16))
        places.append(np.arange(columns, dtype=np.int8))
        places.append(
            np.repeat(np.arange(columns, columns + len(hamlets), dtype=np.int8), hamlets.shape[1])
        )
        values += [own, hamlets.ravel()]
    frame = pd.DataFrame(
        {
            "commune": np.concatenate(communes),
            "column": np.concatenate(places),
            "value": np.concatenate(values).astype(np.int32),
        }
    )
    given = frame["value"] >= 0
    outside = frame["value"] == NOT_APPLICABLE
    return frame[given].reset_index(drop=True), frame[outside].reset_index(drop=True)


def with_pandas(given: pd.DataFrame, outside: pd.DataFrame, of: Nation) -> Levels:
    """Add the frames up at every level."""
    keys = ["commune", "column"]
    found = given.groupby(keys)["value"].agg(["sum", "count"])
    exempt = outside.groupby(keys)["value"].count()
    columns = len(of.layout.indicators)
    every = pd.MultiIndex.from_product([range(COMMUNES), range(columns)], names=keys)
    found = found.reindex(every, fill_value=0)
    answered = found["count"].add(exempt, fill_value=0)
    expected = np.ones((COMMUNES, columns), np.int64)
    expected[:, len(of.layout.commune) :] = of.hamlet_counts[:, None]
    found["complete"] = (answered == expected.ravel()) & (found["count"] > 0)
    found["province"] = np.repeat(of.province_of, columns)
    provinces = found.groupby(["province", "column"])[["sum", "complete", "count"]].sum()
    country = provinces.groupby("column").sum()
    return Levels(
        _totals(found, (COMMUNES, columns), COMMUNES),
        _totals(provinces, (PROVINCES, columns), COMMUNES),
        _totals(country, (columns,), COMMUNES),
    )


def same(one: Levels, other: Levels) -> bool:
    """Return whether both found the same at every level."""
    return all(a.same_as(b) for a, b in zip(_levels(one), _levels(other), strict=True))


def _totals(frame: pd.DataFrame, shape: tuple[int, ...], returns: int) -> Totals:
    def column(name: str) -> Numbers:
        return frame[name].to_numpy().astype(np.int64).reshape(shape)

    return Totals(
        column("sum"),
        column("complete").astype(np.int32),
        column("count").astype(np.int32),
        returns,
    )


def _levels(levels: Levels) -> Iterator[Totals]:
    yield from (levels.communes, levels.groups, levels.all)
