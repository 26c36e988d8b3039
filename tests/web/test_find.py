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


def test_who_sees_returns_and_no_classes_is_led_to_the_returns(village, signed_in):
    """An overview without classes would say that the province has no commune and all reported."""
    client = signed_in(make_user("nhaplieu", "Tổ nhập số liệu", Role.DATA_OFFICE, village.province))

    front = client.get("/work/").content.decode()
    links = set(re.findall(r'href="(/[^"#?]*)', front + client.get("/find/").content.decode()))
    shown = client.get("/areas/98/2026/", follow=True)

    assert {url for url in links if url in ("/areas/98/", "/areas/98001/")} == set()
    assert "/returns/98001/" in links
    assert shown.redirect_chain[-1][0] == "/completeness/98/2026-11/"
    assert "0/2 xã, phường đã gửi" in shown.content.decode()
