"""Kill -9 at any moment of a reorganisation: all of it is there, or nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def killing(environment):
    done = subprocess.run(
        [sys.executable, "-m", "tests.areas.killing"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "diaban.config.settings",
             "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environment},
        cwd=ROOT, capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def nothing_is_torn(told):
    assert told.pop("state") == "undone"
    for name, one in told.items():
        assert (one["torn"], one["whole"]) == (0, True), name
        assert one["kills"] >= 15, name


def test_nothing_is_half_done_on_sqlite(tmp_path):
    nothing_is_torn(killing({"DIABAN_HOME": str(tmp_path), "DATABASE_URL": ""}))


def test_nothing_is_half_done_on_postgresql(tmp_path):
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        pytest.skip("this run has no PostgreSQL (python -m tests.postgres)")
    import psycopg

    name = f"killed_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            own = f"{address.rpartition('/')[0]}/{name}"
            nothing_is_torn(killing({"DIABAN_HOME": str(tmp_path), "DATABASE_URL": own}))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
