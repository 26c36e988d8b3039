"""Looking for an area leads to a page that the person may open."""

import re

import pytest

from diaban.accounts.rules import Role
from tests.village import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.AGENCY_CLERK, Role.ADMINISTRATOR])
@pytest.mark.parametrize("page", ["/find/", "/find/?q=ha", "/areas/browse/98001/", "/work/"])
def test_whoever_sees_no_returns_is_sent_to_no_overview(village, signed_in, role, page):
    client = signed_in(make_user("soyte", "Sở Y tế", role, village.province))

    links = set(re.findall(r'href="(/areas/[^"#]+)"', client.get(page).content.decode()))

    shut = {url for url in links if client.get(url, follow=True).status_code != 200}
    assert shut == set()
    if page.startswith("/find"):
        assert "/areas/browse/98001/" in links


def test_who_sees_returns_finds_the_overview(village, signed_in):
    page = signed_in(village.minh).get("/find/?q=ha").content.decode()

    assert 'href="/areas/98001/"' in page
