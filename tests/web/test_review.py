"""The reviewer's buttons, and the page of revisions."""

import re

import pytest

from diaban.indicators.models import Consolidation, Return
from diaban.indicators.rules.consolidations import UpState
from tests.indicators.test_services import save, typed_for
from tests.village import NOW

pytestmark = pytest.mark.django_db
URL = "/returns/98001/2026-11/"


@pytest.fixture
def minh(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    save(village, village.lan, "98001", typed_for(village), submit=True)
    client.force_login(village.minh)
    return client


def acts(page):
    return {a for a in ("approve", "give_back", "lock", "unlock") if f'value="{a}"' in page}


def test_the_buttons_are_those_that_are_open(minh, village):
    first = minh.get(URL).content.decode()
    minh.post(f"{URL}review/", {"act": "approve"})
    second = minh.get(URL).content.decode()
    minh.post(f"{URL}review/", {"act": "lock"})
    third = minh.get(URL).content.decode()

    assert [acts(one) for one in (first, second, third)] == [
        {"approve", "give_back"},
        {"lock", "give_back"},
        {"unlock"},
    ]
    assert "Đã duyệt biểu." in second


def test_a_remark_stands_at_its_cell_for_the_commune(minh, village):
    minh.post(
        f"{URL}review/",
        {
            "act": "give_back",
            "remark.households.98001.002": "Tháng trước 120 hộ, kiểm tra lại.",
        },
    )
    minh.force_login(village.lan)

    page = minh.get(URL).content.decode()

    assert Return.objects.get().state == "returned"
    # In the cell, below its row, in the panel, and for the script.
    assert page.count("Tháng trước 120 hộ, kiểm tra lại.") == 4
    assert 'href="#v-98001-002-households"' in page


def test_a_click_on_a_cell_begins_a_line_about_it_and_the_next_keeps_the_first(minh):
    page = minh.get(URL, {"cell": ["households.98001.002", "nothing.98001.002"]}).content.decode()

    assert re.findall(r'name="remark\.([^"]*)"', page) == ["households.98001.002", ""]
    assert (
        'href="?cell=households.98001.002&amp;cell=nothing.98001.002&amp;cell=addicts.98001.001#review"'
        in page
    )


def test_a_cell_of_a_return_that_one_only_reads_leads_to_its_history(client, minh, village):
    client.force_login(village.lan)

    page = client.get(URL).content.decode()

    assert f'href="{URL}revisions/?cell=households.98001.002"' in page
    assert "data-pick" not in page


@pytest.mark.parametrize("state", ["approved", "locked"])
def test_what_the_nation_has_taken_over_offers_no_way_back(minh, village, state):
    minh.post(f"{URL}review/", {"act": "approve"})
    if state == "locked":
        minh.post(f"{URL}review/", {"act": "lock"})
    Consolidation.objects.create(
        area=village.province, period="2026-11", form="thang",
        state=UpState.ACCEPTED, saved_at=NOW,
    )  # fmt: skip

    page = minh.get(URL).content.decode()

    assert acts(page) == ({"lock"} if state == "approved" else set())
    assert "đã gửi trung ương nên biểu giữ nguyên" in page


def test_without_a_reason_it_is_not_given_back(minh):
    response = minh.post(f"{URL}review/", {"act": "give_back"}, follow=True)

    assert response.redirect_chain == [(URL, 302)], "the reviewer stays with the return"
    assert "Ghi một câu" in response.content.decode()
    assert Return.objects.get().state == "submitted"


def test_the_history_says_who_changed_what_and_when(minh, village):
    minh.post(f"{URL}review/", {"act": "give_back", "reason": "Thiếu một hộ."})
    typed = typed_for(village) | {"households.98001.001": "101"}
    save(village, village.lan, "98001", typed, revision=2, key="k2", submit=True)

    page = minh.get(f"{URL}revisions/").content.decode()
    cell = minh.get(f"{URL}revisions/?cell=households.98001.001").content.decode()

    assert "“Thiếu một hộ.”" in page
    assert "Hạ 1, số hộ gia đình" in page
    assert "100 → <b>101</b>" in page
    assert ("“Thiếu một hộ.”" in cell, "100 → <b>101</b>" in cell) == (False, True)


@pytest.mark.parametrize("saves", [1, 4])
def test_the_history_costs_the_same_however_long_it_is(
    minh, village, django_assert_num_queries, saves
):
    for number in range(saves - 1):
        minh.post(f"{URL}review/", {"act": "give_back", "reason": "x"})
        save(
            village, village.lan, "98001", typed_for(village, schools=str(number)),
            revision=2 + 2 * number, key=f"k{number}", submit=True,
        )  # fmt: skip

    with django_assert_num_queries(8):
        assert minh.get(f"{URL}revisions/").status_code == 200


def test_who_may_not_approve_sees_no_button(minh, village):
    minh.force_login(village.lan)

    assert "Duyệt biểu" not in minh.get(URL).content.decode()
    assert minh.post(f"{URL}review/", {"act": "approve"}).status_code == 403
