"""`python -m bench`: every comparison, as a table; exit code 1 when a goal is not met."""

import sys
from importlib import import_module

from bench.measure import Line

# One module a subject, each with `run() -> list[Line]`.
SUBJECTS = (
    "rollup",
    "engines",
    "growth",
    "kept",
    "criteria",
    "workbooks",
    "saving",
    "pages",
    "hostile",
)


def main(wanted: list[str]) -> int:
    """Run the subjects named, or all, and print what came out."""
    print(f"{'':4} {'tỷ lệ (thấp..cao)':>26} {'mục tiêu':>9} {'':9} {'ta':>10} {'kia':>10}")
    lines: list[Line] = []
    for name in wanted or SUBJECTS:
        for line in import_module(f"bench.{name}").run():
            lines.append(line)
            print(_row(line), flush=True)
    return 0 if all(line.met for line in lines) else 1


def _row(line: Line) -> str:
    low, high = min(line.ratios), max(line.ratios)
    ratio = f"{_share(line, line.ratio)} ({_share(line, low)}..{_share(line, high)})"
    verdict = "đạt" if line.met else "CHƯA ĐẠT"
    times = 1000 if line.unit == "ms" else 1
    spent = f"{line.ours * times:>7.1f} {line.unit} {line.theirs * times:>7.1f} {line.unit}"
    goal = f"≤ {_share(line, line.goal)}"
    said = f"{line.what}; so với {line.peer}"
    return f"{line.code:4} {ratio:>26} {goal:>9} {verdict:<9} {spent}  {said}"


def _share(line: Line, ratio: float) -> str:
    """Write a ratio as 1/4.0 where less than the peer's is the goal, else as it is."""
    if line.goal >= 1:
        return f"{ratio:.2f}"
    return f"1/{1 / ratio:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
