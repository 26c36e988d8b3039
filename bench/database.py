"""A database of the product of its own for each comparison that needs one: empty, in a file."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def empty_database() -> Iterator[None]:
    """Set the product up on an empty SQLite file, for as long as the context lasts."""
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"DIABAN_HOME": home, "DJANGO_SETTINGS_MODULE": "diaban.config.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.conf import settings
        from django.db import connection

        if settings.configured:
            connection.close()
            connection.settings_dict["NAME"] = os.path.join(home, "bench.sqlite3")
        django.setup()
        from diaban.cli.environment import django_ready

        django_ready(units=False)
        connection.__dict__.pop("diaban_prepared", None)
        yield
        connection.close()
