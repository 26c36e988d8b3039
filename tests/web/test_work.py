"""The list of work of somebody who owes more than fits: nothing is left out of reach."""

import re

import pytest
from django.urls import reverse

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import Role
from diaban.web.work import ROWS
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import START, make_user
from tests.web.province import widen

pytestmark = pytest.mark.django_db

TITLE = re.compile(r'<div class="task-what"><a href="([^"]+)">')


@pytest.fixture
def work(village, signed_in):
    widen(village, ROWS + 10)
    everywhere = User.objects.create(username="khap", name="Nhập cho cả tỉnh")
    Holding.objects.create(
        user=everywhere, role=Role.COMMUNE_OFFICER, area=village.province, valid_from=START
    )
    client = signed_in(everywhere)
    return lambda query="": client.get(reverse("web:work") + query).content.decode()


def test_a_long_group_leads_to_its_leaves_and_every_row_stands_on_one(work):
    front = work()

    assert len(TITLE.findall(front)) == ROWS
    assert "/work/?group=late" in front
    (owed,) = re.findall(r"Xem cả (\d+) việc", front)

    leaves = [TITLE.findall(work(f"?group=late&page={leaf}")) for leaf in range(1, 9)]
    rows = [row for leaf in dict.fromkeys(map(tuple, leaves)) for row in leaf]
    assert (len(rows), len(set(rows))) == (int(owed), int(owed))
    assert {row.split("/")[2] for row in rows} == {f"98{n}" for n in range(100, 140)} | {
        "98001",
        "98002",
    }
    assert leaves[0] == TITLE.findall(front)


def test_the_kind_stays_while_leaves_are_turned(work):
    assert "/work/?kind=return&amp;group=late" in work("?kind=return")
    assert 'href="?page=2&kind=return&group=late"' in work("?kind=return&group=late").replace(
        "&amp;", "&"
    )


def test_a_group_that_is_none_shows_them_all(work):
    assert TITLE.findall(work("?group=xyz")) == TITLE.findall(work())


def test_what_was_sent_waits_in_the_list_of_who_approves(village, signed_in):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    front = signed_in(village.minh).get(reverse("web:work")).content.decode()

    assert "1 biểu chờ duyệt" in front
    assert reverse("web:approve-all", args=["98", PERIOD]) in TITLE.findall(front)


def test_who_sends_has_nothing_to_approve(village, signed_in):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    front = signed_in(village.lan).get(reverse("web:work")).content.decode()

    assert "biểu chờ duyệt" not in front
    assert "tỉnh · gửi hôm nay" in front


def test_a_leader_without_work_is_led_to_the_overview(village, signed_in):
    leader = make_user("lanhdao", "Lãnh đạo", Role.LEADER, village.province)

    front = signed_in(leader).get(reverse("web:work")).content.decode()

    assert 'href="/areas/98/"' in front.partition("Không còn việc nào")[2].partition("Mốc")[0]
