"""`python -m bench`: every comparison, as a table; exit code 1 when a goal is not met."""

import sys
from importlib import import_module

from bench.measure import Line

# One module a subject, each with `run() -> list[Line]`.
SUBJECTS = ("rollup", "criteria", "workbooks", "saving")


def main(wanted: list[str]) -> int:
    """Run the subjects named, or all, and print what came out."""
    print(f"{'':4} {'tỷ lệ (thấp..cao)':>24} {'mục tiêu':>9} {'':9} {'ta':>9} {'kia':>9}")
    lines: list[Line] = []
    for name in wanted or SUBJECTS:
        for line in import_module(f"bench.{name}").run():
            lines.append(line)
            print(_row(line), flush=True)
    return 0 if all(line.met for line in lines) else 1


def _row(line: Line) -> str:
    low, high = min(line.ratios), max(line.ratios)
    ratio = f"1/{1 / line.ratio:.1f} (1/{1 / low:.1f}..1/{1 / high:.1f})"
    verdict = "đạt" if line.met else "CHƯA ĐẠT"
    times = f"{line.ours * 1000:>6.1f} ms {line.theirs * 1000:>6.1f} ms"
    goal = f"≤ 1/{1 / line.goal:.0f}" if line.goal < 1 else f"≤ {line.goal:g}"
    said = f"{line.what}; so với {line.peer}"
    return f"{line.code:4} {ratio:>24} {goal:>9} {verdict:<9} {times}  {said}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
