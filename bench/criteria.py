"""
G8, G9. The criteria of `vinh-linh-2023` for every commune of the nation.

G8 reads the communes' kept totals (one row of bytes each) and judges; the peer is one SQL
statement over a long table in the same database, one row a value, clustered by commune. The
statement is written from the same formulas, so that no criterion stands here a second time.
G9 judges figures that are already in memory; the peer is the engine, area by area.
"""

import sqlite3

import numpy as np

from bench.measure import Line, compare
from bench.nation import COMMUNES, HAMLETS, PERIOD, Nation, Numbers, nation
from diaban.indicators.rules.rollup import MISSING, Packed, Totals, roll_up
from diaban.recognition.rules.columns import STATUS, ColumnFigures, assess_columns
from diaban.recognition.rules.engine import Figures, judge
from diaban.recognition.rules.formulas import All, Comparison, Formula, Ratio, Sum
from diaban.recognition.rules.set_files import builtin_set
from diaban.recognition.rules.sets import CriteriaSet

GOAL_SQL, GOAL_ENGINE = 1 / 10, 1 / 10


def run() -> list[Line]:
    """Return both comparisons."""
    of, criteria = nation(), builtin_set("vinh-linh-2023")
    connection = stored(of)
    statement = as_sql(criteria, of.layout.codes)
    figures = read(connection, of)
    rows = [
        Figures(PERIOD, {code: v for code, v in zip(of.layout.codes, row, strict=True) if v >= 0})
        for row in np.stack(list(figures.now.values())).T.tolist()
    ]
    what = f"{len(criteria.criteria)} tiêu chí × {COMMUNES} xã"
    return [
        compare(
            "G8",
            f"{what}, đọc và đánh giá",
            "SQL trên bảng dài, cùng cơ sở dữ liệu",
            GOAL_SQL,
            lambda: assess_columns(criteria, read(connection, of)).status,
            lambda: with_sql(connection, statement),
            np.array_equal,
            rounds=5,
        ),
        compare(
            "G9",
            f"{what}, chỉ đánh giá",
            "tính từng xã một",
            GOAL_ENGINE,
            lambda: assess_columns(criteria, figures).status,
            lambda: one_by_one(criteria, rows),
            np.array_equal,
            rounds=5,
        ),
    ]


def stored(of: Nation) -> sqlite3.Connection:
    """Return a database with the same commune figures as kept totals and as a long table."""
    totals = communes(of)
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE TABLE kept (id INTEGER PRIMARY KEY, period TEXT, tree_left INTEGER, "
        "sums BLOB, reporting BLOB, units BLOB)"
    )
    connection.executemany(
        "INSERT INTO kept (period, tree_left, sums, reporting, units) VALUES (?, ?, ?, ?, ?)",
        (
            (
                PERIOD,
                place,
                totals.sums[place].astype("<i8").tobytes(),
                totals.reporting[place].astype("<i4").tobytes(),
                totals.units[place].astype("<i4").tobytes(),
            )
            for place in range(COMMUNES)
        ),
    )
    connection.execute("CREATE UNIQUE INDEX kept_by_period ON kept (period, tree_left)")
    connection.execute(
        "CREATE TABLE long (period TEXT, commune INTEGER, indicator INTEGER, value INTEGER, "
        "PRIMARY KEY (period, commune, indicator)) WITHOUT ROWID"
    )
    connection.executemany(
        "INSERT INTO long VALUES (?, ?, ?, ?)",
        (
            (PERIOD, int(place), int(column), int(totals.sums[place, column]))
            for place, column in np.argwhere(totals.reporting > 0)
        ),
    )
    connection.commit()
    return connection


def communes(of: Nation) -> Totals:
    """Return what every commune reported, added up from its hamlets."""
    dtype = of.layout.dtype
    returns = [
        Packed(int(n), own.astype(dtype).tobytes(), hamlets.astype(dtype).tobytes())
        for n, own, hamlets in zip(of.hamlet_counts, of.own, of.hamlets, strict=True)
    ]
    assert sum(one.hamlets for one in returns) > HAMLETS * 0.99
    return roll_up(of.layout, returns, of.province_of).communes


def read(connection: sqlite3.Connection, of: Nation) -> ColumnFigures:
    """Return the complete figures of every commune, one array an indicator."""
    rows = connection.execute(
        "SELECT sums, reporting FROM kept WHERE period = ? ORDER BY tree_left", (PERIOD,)
    ).fetchall()
    shape = (len(rows), len(of.layout.codes))
    sums = np.frombuffer(b"".join(row[0] for row in rows), "<i8").reshape(shape)
    reporting = np.frombuffer(b"".join(row[1] for row in rows), "<i4").reshape(shape)
    complete = np.where(reporting > 0, sums, MISSING)
    columns = np.ascontiguousarray(complete.T)
    return ColumnFigures(len(rows), dict(zip(of.layout.codes, columns, strict=True)))


def with_sql(connection: sqlite3.Connection, statement: str) -> Numbers:
    """Return the statuses, criteria x communes, as one statement finds them."""
    return np.array(connection.execute(statement, (PERIOD,)).fetchall(), np.uint8).T


def one_by_one(criteria: CriteriaSet, rows: list[Figures]) -> Numbers:
    """Return the statuses as the engine finds them for one area after another."""
    codes = {status: code for code, status in enumerate(STATUS)}
    found = [
        [codes[judge(one.formula, row, criteria.catalogue).status] for one in criteria.criteria]
        for row in rows
    ]
    return np.array(found, np.uint8).T


def as_sql(criteria: CriteriaSet, codes: tuple[str, ...]) -> str:
    """
    Return one statement that gives every commune's statuses, in the set's order.

    An indicator is stored as its place in `codes`.
    """
    pivot = ", ".join(
        f"MAX(CASE indicator WHEN {codes.index(code)} THEN value END) AS {code}"
        for code in criteria.codes
    )
    statuses = ", ".join(_status(one.formula, criteria) for one in criteria.criteria)
    return (
        f"SELECT {statuses} FROM (SELECT commune, {pivot} FROM long WHERE period = ? "
        "GROUP BY commune) ORDER BY commune"
    )


def _status(formula: Formula, criteria: CriteriaSet) -> str:
    match formula:
        case All(parts):
            return f"MAX({', '.join(_status(part, criteria) for part in parts)})"
        case Comparison(Sum(((1, code),)), op, bound):
            return f"CASE WHEN {code} IS NULL THEN 1 WHEN {code} {op} {bound} THEN 0 ELSE 3 END"
        case Comparison(Ratio(Sum(((1, part),)), Sum(((1, whole),))), op, bound):
            empty = 2 if criteria.catalogue[whole].always_some else 0
            return (
                f"CASE WHEN {part} IS NULL OR {whole} IS NULL THEN 1 "
                f"WHEN {part} > {whole} THEN 2 WHEN {whole} = 0 THEN {empty} "
                f"WHEN {part} * {bound.denominator} {op} {whole} * {bound.numerator} "
                "THEN 0 ELSE 3 END"
            )
    raise ValueError(f"the peer has no SQL for {formula}")
