"""Where the docs are, and how tracked files and headed sections are found."""

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
DECISIONS = DOCS / "decisions"
SOURCE = ROOT / "src" / "diaban"


@cache
def _listed_by_git() -> tuple[str, ...] | None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return None
    answer = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False, text=True
    )
    return tuple(answer.stdout.split("\0")) if answer.returncode == 0 else None


def tracked_files() -> list[Path]:
    """Return the tracked files that are there; skips the test outside a git checkout."""
    names = _listed_by_git()
    if names is None:
        pytest.skip("not a git checkout: there is no list of tracked files")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    """Return the text of a file, or None when it is not UTF-8 text."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def pages() -> list[Path]:
    """Return every page of documentation: those at the top of the tree and those in docs/."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def section(text: str, heading: str) -> str:
    """Return what stands under `heading` up to the next heading of its rank or above."""
    lines = text.splitlines()
    if heading not in lines:
        return ""
    start = lines.index(heading) + 1
    rank = len(heading) - len(heading.lstrip("#"))
    for end in range(start, len(lines)):
        found = re.match(r"(#+) ", lines[end])
        if found and len(found[1]) <= rank:
            return "\n".join(lines[start:end])
    return "\n".join(lines[start:])


def rows(text: str) -> list[list[str]]:
    """Return the cells of every table row of `text`, without heads and rules."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    heads = {index - 1 for index, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    return [row for i, row in enumerate(cells) if i not in heads and i - 1 not in heads]
