"""A name that begins next month is not shown this month, on any page."""

from datetime import date

import pytest
from django.urls import reverse

from diaban.accounts.scopes import area_visible_to
from diaban.areas.models import Area, AreaName
from diaban.areas.rules.names import name_key
from tests.indicators.test_services import save, typed_for
from tests.village import NOW

pytestmark = pytest.mark.django_db
NEXT = date(2026, 12, 1)


@pytest.fixture
def renamed(village):
    """Xã Hạ is called Phường Hạ Long from 1/12/2026 on."""
    AreaName.objects.filter(area=village.lower).update(valid_to=NEXT)
    AreaName.objects.create(
        area=village.lower, name="Hạ Long", type="phường", key=name_key("Hạ Long"), valid_from=NEXT
    )
    Area.objects.filter(pk=village.lower.pk).update(name="Hạ Long", type="phường")
    return village


def test_a_unit_is_called_as_on_the_day(renamed):
    def called(day):
        return Area.objects.called_on(day).get(pk=renamed.lower.pk).full_name

    assert called(date(2026, 11, 30)) == "Xã Hạ"
    assert called(NEXT) == "Phường Hạ Long"


def test_the_unit_that_a_page_is_about_has_todays_name(renamed, time_machine):
    time_machine.move_to(NOW, tick=False)
    before, _ = area_visible_to(renamed.actor(renamed.lan), "98001", "areas.see_area")
    time_machine.move_to(date(2026, 12, 2), tick=False)
    after, _ = area_visible_to(renamed.actor(renamed.lan), "98001", "areas.see_area")

    assert (before.full_name, after.full_name) == ("Xã Hạ", "Phường Hạ Long")


@pytest.mark.parametrize(
    ("page", "arguments"),
    [
        ("web:overview-of", ["98", "2026"]),
        ("web:overview-of", ["98001", "2026"]),
        ("web:completeness", ["98", "2026-11"]),
        ("web:matrix", ["98", "lao-cai-2023", "2026-11"]),
        ("web:area", ["98001"]),
        ("web:map", ["98"]),
        ("web:find", []),
    ],
)
def test_no_page_shows_a_later_name_early(renamed, client, time_machine, page, arguments):
    save(renamed, renamed.lan, "98001", typed_for(renamed), submit=True)
    time_machine.move_to(NOW, tick=False)
    client.force_login(renamed.minh)

    shown = client.get(reverse(page, args=arguments), {"q": "98001", "table": "1"}).content.decode()

    assert "Xã Hạ" in shown
    # The page of the unit itself names the change that is to come, in its history.
    assert shown.count("Hạ Long") == (1 if page == "web:area" else 0)
