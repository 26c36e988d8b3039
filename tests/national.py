"""The built-in national units as a fixture: import `national_units` into a `conftest.py`."""

import pytest
from django.db import transaction

from diaban.areas.loader import load_builtin_units


@pytest.fixture(scope="module")
def national_units(django_db_setup, django_db_blocker):
    """
    The 63/696/10,035 units before and the 34/3,321 since 1/7/2025, loaded once for a module.

    All of it is rolled back after the module, so that modules with a village of their own do
    not meet it. Tests still ask for `db`; what they write goes with them.
    """
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        loaded = load_builtin_units()
    yield loaded
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)
