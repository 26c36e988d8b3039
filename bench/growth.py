"""
G5, G6. What the roll-up needs as the nation and its history grow.

G5: the peak memory of a whole process that adds up twelve months. Ours reads the packed rows of a
SQLite file month by month; pandas loads the long columns of the twelve months and groups them.
Both print the same sums of the nation. G6: how the processor time grows from a quarter of the
provinces to all, and from one month to six, as an exponent: 1 is proportional.
"""

import sqlite3
import subprocess
import sys
import tempfile
import time
from math import log
from pathlib import Path
from statistics import median

import numpy as np

from bench.measure import ROUNDS, Line
from bench.nation import COMMUNES, PERIOD, Nation, nation, stored
from bench.rollup import long_frames, ours
from diaban.indicators.rules.rollup import Levels, roll_up_rows

MONTHS, FEW_PROVINCES, FEW_MONTHS = 12, 8, 6

# The high water mark of this process alone: what its parent held is not in it (Linux).
_PEAK = """
with open("/proc/self/status") as status:
    peak = next(line.split()[1] for line in status if line.startswith("VmHWM"))
print(peak, checksum)
"""
_OURS = """
import sqlite3, sys
from bench.nation import layout
from diaban.indicators.rules.rollup import roll_up_rows
connection, columns, checksum = sqlite3.connect(sys.argv[1]), layout(), 0
for month in range(1, 13):
    rows = connection.execute(
        "SELECT hamlets, commune_values, hamlet_values, province FROM packed WHERE period = ? "
        "ORDER BY tree_left", (f"2026-{month:02}",))
    hamlets, own, below, province = zip(*rows.fetchall(), strict=True)
    checksum += month * int(roll_up_rows(columns, hamlets, own, below, province).all.sums.sum())
"""
_PANDAS = """
import sys
import numpy as np, pandas as pd
columns = {name: np.load(f"{sys.argv[1]}/{name}.npy")
           for name in ("month", "commune", "column", "value")}
frame = pd.DataFrame(columns)
frame["province"] = np.load(f"{sys.argv[1]}/province_of.npy")[frame["commune"]]
communes = frame.groupby(["month", "province", "commune", "column"])["value"].agg(["sum", "count"])
provinces = communes.groupby(["month", "province", "column"]).sum()
country = provinces.groupby(["month", "column"]).sum()["sum"]
months = country.index.get_level_values("month").to_numpy()
checksum = int((country.to_numpy() * months).sum())
"""


def run() -> list[Line]:
    """Return memory and exponents."""
    of = nation()
    with tempfile.TemporaryDirectory() as folder:
        return [_memory(of, Path(folder)), *_exponents(of)]


def _memory(of: Nation, folder: Path) -> Line:
    file = folder / "packed.sqlite"
    source = stored(of, tuple(f"2026-{month:02}" for month in range(1, MONTHS + 1)))
    with sqlite3.connect(file) as target:
        source.backup(target)
    given, _outside = long_frames(of)
    np.save(folder / "month", np.repeat(np.arange(1, MONTHS + 1, dtype=np.int8), len(given)))
    for name in ("commune", "column", "value"):
        np.save(folder / name, np.tile(given[name].to_numpy(), MONTHS))
    np.save(folder / "province_of", of.province_of.astype(np.int8))
    del given, _outside, source
    ratios = []
    for _ in range(2):
        (our_peak, our_sum), (their_peak, their_sum) = (
            _measured(_OURS, file),
            _measured(_PANDAS, folder),
        )
        if our_sum != their_sum:
            raise AssertionError("G5: the two ways gave different sums")
        ratios.append((our_peak, their_peak))
    return Line(
        "G5",
        f"bộ nhớ cao nhất, {MONTHS} tháng cả nước, cả tiến trình",
        "pandas",
        median(one for one, _ in ratios),
        median(other for _, other in ratios),
        tuple(one / other for one, other in ratios),
        1 / 8,
        unit="MB",
    )


def _measured(program: str, given: Path) -> tuple[float, int]:
    told = subprocess.run(
        [sys.executable, "-c", program + _PEAK, str(given)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return int(told[0]) / 1024, int(told[1])


def _exponents(of: Nation) -> list[Line]:
    labels = tuple(f"2026-{month:02}" for month in range(1, FEW_MONTHS + 1))
    connection = stored(of, (*labels, PERIOD))
    some = int((of.province_of < FEW_PROVINCES).sum())
    return [
        _exponent(
            "thời gian theo số xã",
            f"{FEW_PROVINCES} tỉnh, {some} xã",
            COMMUNES / some,
            lambda: _part(connection, of, some),
            lambda: ours(connection, of),
        ),
        _exponent(
            "thời gian theo số tháng",
            "một tháng",
            FEW_MONTHS,
            lambda: ours(connection, of),
            lambda: [_month(connection, of, label) for label in labels],
        ),
    ]


def _exponent(what, peer, times, small, large) -> Line:  # type: ignore[no-untyped-def]
    small(), large()
    ratios, spent = [], []
    for _ in range(ROUNDS + 4):
        # The small one as often as makes the work equal, so that both are measured as well.
        start = time.process_time()
        for _ in range(round(times)):
            small()
        middle = time.process_time()
        large()
        end = time.process_time()
        few, all_ = (middle - start) / round(times), end - middle
        ratios.append(log(all_ / few) / log(times))
        spent.append((all_, few))
    return Line(
        "G6",
        f"số mũ của {what}",
        peer,
        median(one for one, _ in spent),
        median(other for _, other in spent),
        tuple(ratios),
        1.10,
    )


def _month(connection: sqlite3.Connection, of: Nation, period: str) -> Levels:
    rows = connection.execute(
        "SELECT hamlets, commune_values, hamlet_values, province FROM packed "
        "WHERE period = ? ORDER BY tree_left",
        (period,),
    ).fetchall()
    return roll_up_rows(of.layout, *zip(*rows, strict=True))


def _part(connection: sqlite3.Connection, of: Nation, communes: int) -> Levels:
    rows = connection.execute(
        "SELECT hamlets, commune_values, hamlet_values, province FROM packed "
        "WHERE period = ? AND tree_left < ? ORDER BY tree_left",
        (PERIOD, communes),
    ).fetchall()
    return roll_up_rows(of.layout, *zip(*rows, strict=True))
