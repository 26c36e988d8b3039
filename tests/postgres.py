"""
Runs the tests on a private PostgreSQL, where the machine has its server.

`python -m tests.postgres [pytest options]` makes a cluster in a temporary folder, listening on
a socket in that folder only, runs pytest with `DATABASE_URL` on it, and removes it. Without a
server binary it says so and succeeds.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

# A server refuses to run as root; Debian's package makes this user.
SERVER_USER = "postgres"


def server_folder() -> Path | None:
    """Return the folder with `initdb` and `pg_ctl`, newest version first, or None."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        places.append(Path(on_path).resolve().parent)
    for place in places:
        if (place / "initdb").exists() and (place / "pg_ctl").exists():
            return place
    return None


def main(options: list[str]) -> int:
    place = server_folder()
    if place is None:
        print("PostgreSQL: skipped, no server binary on this machine")
        return 0
    as_user = ["setpriv", f"--reuid={SERVER_USER}", f"--regid={SERVER_USER}", "--clear-groups"]
    prefix = as_user if os.geteuid() == 0 else []
    # Socket paths are limited to 107 bytes, so the folder's name is kept short.
    folder = Path(tempfile.mkdtemp(prefix="dbpg-"))
    data = folder / "data"
    try:
        if prefix:
            shutil.chown(folder, SERVER_USER, SERVER_USER)
        initdb = [place / "initdb", "-D", data, "-U", "diaban", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*prefix, *initdb, "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL
        )
        settings = f"-k {folder} -c listen_addresses='' -c fsync=off -c jit=off"
        start = [place / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", settings]
        subprocess.run([*prefix, *start, "start"], check=True, stdout=subprocess.DEVNULL)
        try:
            url = f"postgres://diaban@{quote(str(folder), safe='')}/postgres"
            run = [sys.executable, "-m", "pytest", "-m", "not browser", *options]
            targets = [] if any(o.startswith("tests") for o in options) else database_tests()
            return subprocess.run(
                [*run, *targets], env={**os.environ, "DATABASE_URL": url}, check=False
            ).returncode
        finally:
            stop = [place / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"]
            subprocess.run([*prefix, *stop], check=False, stdout=subprocess.DEVNULL)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def database_tests() -> list[str]:
    """Return the test files that ask for a database; pure rules need no second run."""
    here = Path(__file__).parent
    return sorted(
        str(path.relative_to(here.parent))
        for path in here.rglob("test_*.py")
        if "django_db" in path.read_text(encoding="utf-8")
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
