"""Somebody signed in, on the day on which the tests of the pages happen."""

import pytest

from tests.village import NOW


@pytest.fixture
def today(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def signed_in(client, village, today):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
