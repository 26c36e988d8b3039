"""The overview of the nation: its own name, and numbers of four digits that can be read."""

import pytest

from diaban.accounts.rules import Role
from diaban.areas.models import Area
from diaban.indicators.loader import load_forms
from tests.national import national_units
from tests.village import NOW, make_user

__all__ = ["national_units"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]


def test_the_nation_keeps_its_capital_and_its_numbers_their_points(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    load_forms()
    nation = Area.objects.get(code="VN")
    client.force_login(make_user("trung-uong", "Bộ Công an", Role.STANDING_OFFICE, nation))

    overview = client.get("/areas/VN/2026/").content.decode()
    progress = client.get("/completeness/VN/2026-11/").content.decode()

    assert "Toàn cảnh Việt Nam" in overview
    assert "Nhắc 3.321 xã chưa báo cáo" in overview
    assert "0/3.321 xã, phường đã gửi" in progress
