"""
Workbooks that nobody should take: how long until each is refused, and in how much memory.

Every file is handed to a new reading process, whose start counts; the bound is two seconds of
processor time and 300 MB of the whole reading process (its high water mark, Linux).
"""

from pathlib import Path

from bench.measure import Line
from diaban.indicators.workbooks.bounded import LARGEST_FILE, Reader, UnreadableWorkbook
from diaban.indicators.workbooks.contents import ADDRESS_SPACE
from diaban.indicators.workbooks.forms import READ_SHEETS

SECONDS, MEGABYTES = 2.0, 300.0


def run() -> list[Line]:
    """Return two lines for each file: time and memory."""
    from tests.indicators.workbooks.test_bounded import HOSTILE

    lines = []
    for name, (make, _problems) in HOSTILE.items():
        seconds, peak = _refused(make(), name)
        lines.append(
            Line("TIME", f"từ chối: {name}", "hai giây", seconds, SECONDS, (seconds / SECONDS,), 1)
        )
        lines.append(
            Line("RSS", f"từ chối: {name}", "300 MB", peak, MEGABYTES, (peak / MEGABYTES,), 1, "MB")
        )
    return lines


def _refused(data: bytes, name: str) -> tuple[float, float]:
    import resource
    import time

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = time.process_time()
    peak = 0.0
    with Reader(READ_SHEETS) as reader:
        try:
            reader.read(data)
        except UnreadableWorkbook:
            if reader.pid is not None:
                peak = _peak(reader.pid)
            elif len(data) <= LARGEST_FILE:
                # It ran into its bound and is gone: no more than that bound.
                peak = ADDRESS_SPACE / 2**20
        else:
            raise AssertionError(f"{name} was read")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    children = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return children + time.process_time() - own, peak


def _peak(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0
