"""A name that begins next month is not shown this month, on any page."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from diaban.accounts.scopes import area_visible_to
from diaban.areas.hamlets import hand_in_list
from diaban.areas.models import Area, AreaName
from diaban.areas.naming import keep_former
from diaban.areas.rules.hamlet_lists import Row
from diaban.areas.rules.names import name_key
from diaban.areas.services import rename_hamlet
from diaban.indicators.exports import return_shown, sheet_of
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, TODAY

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
    keep_former([village.lower.pk])
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


@pytest.fixture
def hamlet_renamed(village):
    """The first hamlet of Xã Hạ, renamed by its commune from 1/12/2026 on."""
    hamlet = village.hamlets["98001"][0]
    rename_hamlet(
        actor=village.actor(village.lan), hamlet=hamlet, type="thôn", name="Đồng Mơ",
        on_day=NEXT, at=NOW,
    )  # fmt: skip
    return hamlet


HAMLET_PAGES = [
    ("web:area", ["98001"]),
    ("web:hamlets", ["98001"]),
    ("web:merge-hamlets", ["98001"]),
    ("web:return", ["98001", "2026-11"]),
    ("web:return", ["98001", "2026-10"]),
    ("web:hamlet", ["98001.001", "2026-10"]),
]


def shown_to_lan(village, client, page, arguments):
    client.force_login(village.lan)
    asked = {"hamlet": ["98001.001", "98001.002"]} if page == "web:merge-hamlets" else {}
    return client.get(reverse(page, args=arguments), asked).content.decode()


@pytest.mark.parametrize(("page", "arguments"), HAMLET_PAGES)
def test_a_hamlets_coming_name_is_only_told_with_its_day(
    village, hamlet_renamed, client, time_machine, page, arguments
):
    time_machine.move_to(NOW, tick=False)

    shown = shown_to_lan(village, client, page, arguments)

    assert village.hamlets["98001"][0].name in shown
    told = "từ 01/12/2026: Thôn Đồng Mơ"
    assert shown.count("Đồng Mơ") == shown.count(told) == (1 if page == "web:hamlets" else 0)


@pytest.mark.parametrize(("page", "arguments"), HAMLET_PAGES)
def test_from_its_day_on_the_name_holds_and_older_months_keep_the_old_one(
    village, hamlet_renamed, client, time_machine, page, arguments
):
    time_machine.move_to(datetime(2026, 12, 2, 3, tzinfo=UTC), tick=False)

    shown = shown_to_lan(village, client, page, arguments)

    of_then = any(one.startswith("2026-1") for one in arguments)
    assert ("Đồng Mơ" in shown) is not of_then


def test_a_workbook_names_hamlets_as_on_the_last_day_of_its_month(
    village, hamlet_renamed, time_machine
):
    time_machine.move_to(datetime(2026, 12, 20, 3, tzinfo=UTC), tick=False)
    actor = village.actor(village.lan)

    def first(label):
        stored = return_shown(
            actor=actor, area_code="98001", period_label=label, form="thang", at=NOW
        )
        return sheet_of(stored).hamlets[0]

    assert first("2026-11") == ("98001.001", village.hamlets["98001"][0].name)
    assert first("2026-12") == ("98001.001", "Đồng Mơ")


def test_the_list_handed_in_unchanged_before_the_day_changes_nothing(
    village, hamlet_renamed, time_machine
):
    time_machine.move_to(NOW, tick=False)
    rows = [
        Row(number, one.code, one.type, one.name, "")
        for number, one in enumerate(village.hamlets["98001"], 2)
    ]

    done = hand_in_list(
        actor=village.actor(village.lan), commune=village.lower, rows=rows, on_day=TODAY, at=NOW
    )

    assert not done.anything


def test_undoing_a_change_takes_the_former_name_back(village):
    hamlet = village.hamlets["98001"][0]
    before = list(Area.objects.order_by("pk").values())
    AreaName.objects.filter(area=hamlet).update(valid_to=NEXT)
    later = AreaName.objects.create(
        area=hamlet, name="Mơ", type="thôn", key=name_key("Mơ"), valid_from=NEXT
    )
    keep_former([hamlet.pk])
    between = Area.objects.get(pk=hamlet.pk).former
    later.delete()
    AreaName.objects.filter(area=hamlet).update(valid_to=None)
    keep_former([hamlet.pk])

    assert between == [["2026-12-01", hamlet.type, hamlet.name]]
    assert list(Area.objects.order_by("pk").values()) == before
