"""Getting the database ready for a command that needs it."""

import os
import sys
from pathlib import Path

import click


def django_ready(*, units: bool = True) -> None:
    """
    Set up Django, bring the tables up to date and load the built-in units at first use.

    Raises:
        click.ClickException: the database cannot be opened; says which and what to do.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "diaban.config.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import DatabaseError

    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        name = connection.settings_dict.get("NAME")
        raise click.ClickException(
            f"Không mở được cơ sở dữ liệu {name}. Kiểm tra DATABASE_URL hoặc DIABAN_HOME, "
            f"quyền ghi và chỗ trống trên đĩa. ({type(error).__name__})"
        ) from error
    if units:
        _load_units()


def _load_units() -> None:
    from diaban.areas.loader import load_builtin_units
    from diaban.areas.models import Area
    from diaban.indicators.loader import load_forms

    if not Area.objects.exists():
        click.echo("Nạp danh mục đơn vị hành chính lần đầu…", err=True)
        load_builtin_units()
    # A newer release may bring forms that this installation does not have yet.
    load_forms()


def progress(text: str) -> None:
    """Say on standard error what is being done."""
    click.echo(text, err=True)
    sys.stderr.flush()


def write_file(path: Path, content: bytes) -> None:
    """
    Write a file that was asked for.

    Raises:
        click.ClickException: it cannot be written; says which and what to do.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(
            f"Không ghi được tệp {path}; kiểm tra thư mục có không, quyền ghi và chỗ trống trên "
            "đĩa."
        ) from error
