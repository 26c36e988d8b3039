"""
G2, G3. The national month of G1 against two databases that add up a long table in SQL.

The long table has one row a value or cell that does not apply, clustered by month. The three
statements are the same for both and give what ours gives: sums, complete communes and rows that
gave a value, for communes, provinces and the nation, as arrays. DuckDB has its own file format in
memory and two threads, whose processor time counts; SQLite has the rows in the order in which
they are asked for.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import duckdb
import numpy as np

from bench.measure import Line, compare
from bench.nation import COMMUNES, PERIOD, PROVINCES, Nation, Numbers, nation, stored
from bench.rollup import long_frames, ours, same
from diaban.indicators.rules.rollup import NOT_APPLICABLE, Levels, Totals

_COMMUNES = """
CREATE TEMP TABLE found AS
SELECT long.commune AS commune, col, province,
    COALESCE(SUM(value) FILTER (WHERE value >= 0), 0) AS total,
    COUNT(*) FILTER (WHERE value >= 0) AS units,
    CASE WHEN COUNT(*) = CASE WHEN col < {own} THEN 1 ELSE hamlets END
        AND COUNT(*) FILTER (WHERE value >= 0) > 0 THEN 1 ELSE 0 END AS complete
FROM long JOIN places ON places.commune = long.commune
WHERE period = '{period}' GROUP BY long.commune, col, province, hamlets
"""
_LEVELS = (
    "SELECT commune, col, total, complete, units FROM found",
    "SELECT province, col, SUM(total), SUM(complete), SUM(units) FROM found GROUP BY province, col",
    "SELECT 0, col, SUM(total), SUM(complete), SUM(units) FROM found GROUP BY col",
)
_ROWS = (COMMUNES, PROVINCES, 1)

Ask = Callable[[str], Sequence[Numbers]]


def run() -> list[Line]:
    """Return the comparisons with DuckDB and with SQLite."""
    of = nation()
    connection = stored(of)
    duck, lite = _duckdb(of), _sqlite(of)
    what = "tháng cả nước, từ cơ sở dữ liệu đến mọi cấp"
    return [
        compare(
            "G2",
            what,
            "DuckDB, bảng dài, hai luồng",
            1 / 2,
            lambda: ours(connection, of),
            lambda: in_sql(of, duck.execute, lambda text: _columns_of(duck, text)),
            same,
        ),
        compare(
            "G3",
            what,
            "SQLite, bảng dài",
            1 / 20,
            lambda: ours(connection, of),
            lambda: in_sql(
                of, lite.execute, lambda text: np.array(lite.execute(text).fetchall(), np.int64).T
            ),
            same,
            rounds=5,
        ),
    ]


def in_sql(of: Nation, execute: Callable[[str], Any], ask: Ask) -> Levels:
    """Add up the month with three statements."""
    execute("DROP TABLE IF EXISTS temp.found")
    execute(_COMMUNES.format(own=len(of.layout.commune), period=PERIOD))
    columns = len(of.layout.indicators)
    levels = []
    for statement, rows in zip(_LEVELS, _ROWS, strict=True):
        place, column, total, complete, units = ask(statement)
        cell = (place.astype(np.int64), column.astype(np.int64))
        found = Totals(
            np.zeros((rows, columns), np.int64),
            np.zeros((rows, columns), np.int32),
            np.zeros((rows, columns), np.int32),
            COMMUNES,
        )
        found.sums[cell], found.reporting[cell], found.units[cell] = total, complete, units
        levels.append(found)
    communes, provinces, country = levels
    whole = Totals(country.sums[0], country.reporting[0], country.units[0], COMMUNES)
    return Levels(communes, provinces, whole)


def _columns_of(duck: duckdb.DuckDBPyConnection, text: str) -> list[Numbers]:
    return list(duck.execute(text).fetchnumpy().values())


def _long(of: Nation) -> tuple[Numbers, Numbers, Numbers]:
    given, outside = long_frames(of)
    return (
        np.concatenate([given["commune"], outside["commune"]]),
        np.concatenate([given["column"], outside["column"]]),
        np.concatenate([given["value"], np.full(len(outside), NOT_APPLICABLE, np.int32)]),
    )


def _places(of: Nation) -> Iterable[tuple[int, int, int]]:
    return (
        (commune, int(of.province_of[commune]), int(of.hamlet_counts[commune]))
        for commune in range(COMMUNES)
    )


def _duckdb(of: Nation) -> duckdb.DuckDBPyConnection:
    commune, column, value = _long(of)
    order = np.argsort(commune, kind="stable")
    duck = duckdb.connect(config={"threads": 2})
    duck.register("given", {"commune": commune[order], "col": column[order], "value": value[order]})
    duck.execute(
        f"CREATE TABLE long AS SELECT '{PERIOD}' AS period, commune, col, value FROM given"
    )
    duck.execute("CREATE TABLE places (commune SMALLINT, province SMALLINT, hamlets INTEGER)")
    duck.executemany("INSERT INTO places VALUES (?, ?, ?)", list(_places(of)))
    return duck


def _sqlite(of: Nation) -> sqlite3.Connection:
    commune, column, value = _long(of)
    order = np.lexsort((column, commune))
    lite = sqlite3.connect(":memory:")
    lite.execute("CREATE TABLE places (commune INTEGER PRIMARY KEY, province, hamlets)")
    lite.executemany("INSERT INTO places VALUES (?, ?, ?)", _places(of))
    lite.execute(
        "CREATE TABLE long (period TEXT, commune INTEGER, col INTEGER, place INTEGER, "
        "value INTEGER, PRIMARY KEY (period, commune, col, place)) WITHOUT ROWID"
    )
    lite.executemany(
        "INSERT INTO long VALUES (?, ?, ?, ?, ?)",
        zip(
            [PERIOD] * len(order),
            commune[order].tolist(),
            column[order].tolist(),
            range(len(order)),
            value[order].tolist(),
            strict=True,
        ),
    )
    lite.execute("ANALYZE")
    return lite
