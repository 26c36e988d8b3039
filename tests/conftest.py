"""What every test may use."""

import pytest
from hypothesis import settings

# The same examples every time, and no clock: a busy machine is slow, not wrong. To look for new
# examples: `pytest --hypothesis-profile=search`.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=3000)
settings.load_profile("steady")


@pytest.fixture
def village(db):
    """A province with two communes and their people (see `tests.village`)."""
    from tests.village import build_village

    return build_village()
