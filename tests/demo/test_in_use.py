import pytest

from diaban.accounts.models import User
from diaban.demo.load import AlreadyInUse, in_use, load_demo
from tests.demo.conftest import TODAY


def test_an_installation_with_one_account_is_in_use(db):
    assert not in_use()

    User.objects.create(username="lan", name="Công an xã Hạ")

    assert in_use()


def test_sample_is_refused_where_somebody_works(village):
    with pytest.raises(AlreadyInUse):
        load_demo(2026, TODAY, lambda step: None)

    assert not User.objects.filter(is_demo=True).exists()
