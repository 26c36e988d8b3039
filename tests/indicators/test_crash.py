"""
Kill -9 in the middle of an import: nothing acknowledged is lost, nothing is there twice.

The test keeps the ledger: a file counts as acknowledged when its line was read from the
command's output before the kill.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).resolve().parents[2]
PERIOD = "2026-12"
KILLS = (1, 4, 9)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    """Return the environment of a small sample province, and a folder of its filled workbooks."""
    home = tmp_path_factory.mktemp("crash")
    environment = {
        **os.environ,
        "DIABAN_HOME": str(home / "home"),
        "PYTHONPATH": str(ROOT / "src"),
    }
    for name in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    run(environment, "demo", "--small", "--today", "2026-11-18")
    folder = home / "xa"
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-c", _TEMPLATES, str(folder), PERIOD],
        env=environment, check=True, timeout=600,
    )  # fmt: skip
    for path in sorted(folder.iterdir()):
        book = openpyxl.load_workbook(path)
        book["hamlets"]["C3"] = 77
        book.save(path)
    return environment, folder


# One process for all templates: the command line writes one at a time.
_TEMPLATES = """
import sys
from pathlib import Path
from diaban.cli.environment import django_ready
django_ready()
from django.utils import timezone
from diaban.accounts.selectors import local_administrator
from diaban.areas.models import Area
from diaban.indicators.exports import template
actor = local_administrator(timezone.localdate())
codes = Area.objects.filter(code__startswith="99", level="commune", valid_to=None)
for code in codes.order_by("code").values_list("code", flat=True)[:16]:
    name, data = template(actor=actor, area_code=code, period_label=sys.argv[2], form="thang",
                          at=timezone.now())
    (Path(sys.argv[1]) / name).write_bytes(data)
"""


def run(environment, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "diaban", *arguments],
        env=environment, capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def killed_after(environment, lines, *arguments):
    """Run a command and kill it after it said so many lines; return what it had said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "diaban", *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    said = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.wait(timeout=600)
    process.stdout.close()
    return said


def revisions(environment, folder):
    """Return the revision of each commune's return, by file name."""
    code = (
        "import json; from diaban.cli.environment import django_ready; django_ready()\n"
        "from diaban.indicators.models import Return, Revision\n"
        f"found = Return.objects.filter(period={PERIOD!r})\n"
        "print(json.dumps({one.area.code: [one.revision, one.revisions.count()]"
        " for one in found.select_related('area')}))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=environment, capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    found = json.loads(told.stdout)
    return {f"thang-{PERIOD}-{code}.xlsx": counts for code, counts in found.items()}


def acknowledged(said):
    return {
        Path(line.partition(": ")[0]).name for line in said if ": đã nhập" in line and "\n" in line
    }


def broken(environment):
    """Return which checks of returns and log do not hold."""
    told = json.loads(run(environment, "check", "--json").stdout)
    ours = {"packed_rows", "row_lengths", "kept_totals", "oracle", "revisions", "audit_chain"}
    assert ours <= {one["code"] for one in told["checks"]}
    return [one["code"] for one in told["checks"] if one["code"] in ours and not one["holds"]]


def test_killed_again_and_again_an_import_loses_nothing_and_doubles_nothing(installation):
    environment, folder = installation
    files = {path.name for path in folder.glob("*.xlsx")}
    acked, faults, lost = set(), 0, set()

    for lines in KILLS:
        acked |= acknowledged(
            killed_after(environment, lines, "returns", "import", str(folder), "--each")
        )
        faults += 1
        stored = revisions(environment, folder)
        lost |= acked - stored.keys()
        assert all(counts == [1, 1] for counts in stored.values())
    last = run(environment, "returns", "import", str(folder), "--each", "--json")
    stored = revisions(environment, folder)
    duplicates = [name for name, counts in stored.items() if counts != [1, 1]]
    checked = broken(environment)

    print(f"faults={faults} acked={len(acked)} lost={len(lost)} dup={len(duplicates)}")
    assert acked
    assert (lost, duplicates) == (set(), [])
    assert stored.keys() == files
    assert last.returncode == 0
    assert checked == []


def test_killed_before_its_end_an_import_of_all_or_none_leaves_none(installation):
    environment, folder = installation
    for path in sorted(folder.iterdir()):
        book = openpyxl.load_workbook(path)
        book["hamlets"]["C3"] = 78
        book.save(path)
    before = revisions(environment, folder)
    process = subprocess.Popen(
        [sys.executable, "-m", "diaban", "returns", "import", str(folder)],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    # It has said that it is at the last of 16 files.
    while "[16/" not in (line := process.stderr.readline()):
        assert line, "the command ended before it could be killed"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=600)
    process.stderr.close()

    assert revisions(environment, folder) == before
    assert broken(environment) == []
