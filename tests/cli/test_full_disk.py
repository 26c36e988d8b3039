"""A full disk at the command line: exit code 2 and one sentence, whoever noticed it first."""

import errno
import os
import sqlite3

import click
import pytest
from django.db import OperationalError

from diaban import cli

SENTENCE = "hết chỗ trống trên đĩa"


def of_sqlite():
    error = OperationalError("database or disk is full")
    error.__cause__ = sqlite3.OperationalError("database or disk is full")
    return error


def of_postgresql():
    errors = pytest.importorskip("psycopg.errors")
    error = OperationalError("could not extend file")
    error.__cause__ = errors.DiskFull("could not extend file")
    return error


def of_a_file():
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("made", [of_sqlite, of_postgresql, of_a_file])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_full_disk_is_a_sentence_and_exit_code_2(monkeypatch, capsys, made, language):
    error = made()

    @click.command("check")
    def command():
        raise error

    monkeypatch.setattr(cli.group, "get_command", lambda _context, _name: command)
    with pytest.raises(SystemExit) as ended:
        cli.main(["--lang", language, "check"])

    told = capsys.readouterr()
    assert ended.value.code == 2
    assert told.out == ""
    assert SENTENCE in told.err
    assert ("of the machine is full" in told.err) == (language == "en")
    assert "Traceback" not in told.err


def test_another_error_is_no_full_disk(monkeypatch, capsys):
    @click.command("check")
    def command():
        raise OperationalError("database is locked")

    monkeypatch.setattr(cli.group, "get_command", lambda _context, _name: command)
    with pytest.raises(SystemExit) as ended:
        cli.main(["check"])

    assert ended.value.code == 70
    assert SENTENCE not in capsys.readouterr().err
