"""
Kill -9 in the middle of an import of many files: the next process goes on with it.

The test keeps the ledger: a file counts as acknowledged once the job that a page would show had
it as imported before the kill.
"""

import json
import signal
import subprocess
import sys
import zipfile

from tests.indicators.test_crash import PERIOD, broken, installation, revisions

__all__ = ["installation"]
KILLS = (1, 4, 9)

_SETUP = """
import sys
from datetime import timedelta
from diaban.cli.environment import django_ready
django_ready()
from django.utils import timezone
from diaban.indicators import import_jobs
"""
_BEGIN = (
    _SETUP
    + """
from diaban.accounts.models import User
from diaban.accounts.selectors import actor_of
from diaban.indicators.import_intake import in_memory
user = User.objects.get(username="nhaplieu")
import_jobs.start(
    actor=actor_of(user, timezone.localdate()), area_code="99", period_label=sys.argv[1],
    uploads=[in_memory("xa.zip", open(sys.argv[2], "rb").read())], client_key="one",
    at=timezone.now(),
)
"""
)
_WORK = (
    _SETUP
    + """
import_jobs.SILENT_FOR = timedelta(0)
take = import_jobs._take
def told(job, file, user, reader):
    take(job, file, user, reader)
    print(file.name, flush=True)
import_jobs._take = told
print("began", flush=True)
import_jobs.work_off()
"""
)
_LOOK = (
    _SETUP
    + """
import json
from diaban.indicators.models import ImportFile, ImportJob
print(json.dumps([ImportJob.objects.get().state,
                  dict(ImportFile.objects.values_list("name", "state"))]))
"""
)


def run(environment, code, *arguments):
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment, capture_output=True, text=True, check=True, timeout=600,
    ).stdout  # fmt: skip


def killed_after(environment, lines):
    process = subprocess.Popen(
        [sys.executable, "-c", _WORK], env=environment, stdout=subprocess.PIPE, text=True
    )
    for _ in range(lines + 1):
        process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=600)
    process.stdout.close()


def test_a_job_killed_again_and_again_loses_nothing_and_doubles_nothing(installation, tmp_path):
    environment, folder = installation
    archive = tmp_path / "xa.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.glob("*.xlsx")):
            packed.write(path, path.name)
    files = {path.name for path in folder.glob("*.xlsx")}
    run(environment, _BEGIN, PERIOD, str(archive))

    acked, lost, reached = set(), set(), []
    for lines in KILLS:
        killed_after(environment, lines)
        state, shown = json.loads(run(environment, _LOOK))
        reached.append(state)
        acked |= {name for name, became in shown.items() if became == "imported"}
        stored = revisions(environment, folder)
        lost |= acked - stored.keys()
        # What stands and what the job says of it are one transaction.
        assert stored.keys() == {n for n, became in shown.items() if became != "waiting"}
    run(environment, _WORK)
    state, shown = json.loads(run(environment, _LOOK))
    stored = revisions(environment, folder)
    duplicates = [name for name, counts in stored.items() if counts != [1, 1]]

    print(f"faults={len(KILLS)} acked={len(acked)} lost={len(lost)} dup={len(duplicates)}")
    assert len(acked) >= max(KILLS)
    assert reached[0] == "running"
    assert (lost, duplicates) == (set(), [])
    assert (state, stored.keys(), set(shown.values())) == ("done", files, {"imported"})
    assert broken(environment) == []
