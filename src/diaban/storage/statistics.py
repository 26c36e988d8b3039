"""What the database knows of its own tables, after very many rows came at once."""

from django.db import connection


def count_rows_anew() -> None:
    """
    Have PostgreSQL count its tables now; it plans by guesses until it comes to that by itself.

    SQLite needs none: its plans follow the indexes.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
