"""What every test may use."""

import pytest


@pytest.fixture
def village(db):
    """A province with two communes and their people (see `tests.village`)."""
    from tests.village import build_village

    return build_village()
