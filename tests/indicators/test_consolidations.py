"""A province's month goes up and comes back, level by level."""

import pytest

from diaban.accounts.rules import Role
from diaban.core.access import Missing, NotAllowed
from diaban.indicators.consolidations import (
    NotAllApproved,
    accept,
    give_back_up,
    provinces_sent,
    send_up,
    standing_of,
)
from diaban.indicators.models import Consolidation, Return
from diaban.indicators.review import ReasonMissing, SentUp, approve_return, give_back_return
from diaban.indicators.rules.consolidations import UP_MOVES, UpMove, UpState
from diaban.indicators.services import ChangedMeanwhile, MoveNotOpen
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db
WHERE = {"period_label": PERIOD, "form": "thang", "at": NOW}


@pytest.fixture
def hien(village):
    """The nation's standing office."""
    return make_user("hien", "Cơ quan thường trực", Role.STANDING_OFFICE, village.nation)


@pytest.fixture
def approved(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    for code in ("98001", "98002"):
        approve_return(actor=village.actor(village.minh), area_code=code, **WHERE)


def send(village, user=None, revision=0, **exceptions):
    return send_up(
        actor=village.actor(user or village.minh), area_code="98", revision=revision,
        exceptions={f"980{code[1:]}": text for code, text in exceptions.items()}, **WHERE,
    )  # fmt: skip


def test_sent_accepted_opened_and_sent_again(village, hien, approved):
    nation = village.actor(hien)
    states = [send(village).state]
    states.append(accept(actor=nation, area_code="98", revision=1, **WHERE).state)
    opened = give_back_up(actor=nation, area_code="98", reason="Thiếu hộ.", revision=2, **WHERE)
    states += [opened.state, send(village, revision=3).state]

    assert states == ["sent", "accepted", "returned", "sent"]
    stored = Consolidation.objects.get()
    assert (stored.reporting, stored.expected, stored.figures["households"]) == (2, 2, 500)
    assert [(one["state"], one["by"], one["reason"]) for one in stored.history] == [
        ("sent", "Công an tỉnh Thử Nghiệm", ""),
        ("accepted", "Cơ quan thường trực", ""),
        ("returned", "Cơ quan thường trực", "Thiếu hộ."),
        ("sent", "Công an tỉnh Thử Nghiệm", ""),
    ]


def test_what_is_not_approved_goes_up_only_with_a_reason(village, hien):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    approve_return(actor=village.actor(village.minh), area_code="98001", **WHERE)

    with pytest.raises(NotAllApproved) as refusal:
        send(village)
    sent = send(village, x02="Xã bị lũ, báo cáo sau.")

    assert refusal.value.facts["areas"] == ["98002"]
    assert "Xã Thượng" in refusal.value.sentence
    assert (sent.reporting, sent.exceptions) == (1, {"98002": "Xã bị lũ, báo cáo sau."})


def test_a_return_behind_it_stays_until_the_nation_gives_it_back(village, hien, approved):
    send(village)
    back = {"actor": village.actor(village.minh), "area_code": "98001", "reason": "Sửa."}

    with pytest.raises(SentUp):
        give_back_return(**back, **WHERE)
    assert Return.objects.get(area=village.lower).state == "approved"
    give_back_up(
        actor=village.actor(hien), area_code="98", reason="Sửa xã Hạ.", revision=1, **WHERE
    )

    assert give_back_return(**back, **WHERE).state == "returned"


def test_the_province_does_not_answer_for_the_nation_nor_a_commune_for_the_province(
    village, hien, approved
):
    send(village)

    with pytest.raises(NotAllowed):
        accept(actor=village.actor(village.minh), area_code="98", revision=1, **WHERE)
    with pytest.raises(Missing):
        send(village, village.lan, revision=1)
    with pytest.raises(Missing):
        provinces_sent(village.actor(village.minh), PERIOD, "thang")

    assert Consolidation.objects.get().state == "sent"


def test_refused_twice_stale_and_without_a_reason(village, hien, approved):
    send(village)
    nation = village.actor(hien)

    with pytest.raises(MoveNotOpen):
        send(village, revision=1)
    with pytest.raises(ChangedMeanwhile):
        accept(actor=nation, area_code="98", revision=0, **WHERE)
    with pytest.raises(ReasonMissing):
        give_back_up(actor=nation, area_code="98", reason=" ", revision=1, **WHERE)

    assert Consolidation.objects.get().revision == 1


def test_the_nation_sees_every_province_and_what_changed_since(village, hien, approved):
    _period, before = provinces_sent(village.actor(hien), PERIOD, "thang")
    send(village)
    _period, after = provinces_sent(village.actor(hien), PERIOD, "thang")

    assert [(area.code, one) for area, one in before] == [("98", None)]
    assert [one.state for _area, one in after] == ["sent"]
    shown = standing_of(village.actor(hien), "98", PERIOD, "thang")
    assert (shown.may_answer, shown.now == shown.stored.figures) == (True, True)


def test_every_state_can_be_left():
    assert {state for state, _move in UP_MOVES} == set(UpState)
    assert {move for _state, move in UP_MOVES} == set(UpMove)


def test_the_pages_lead_through_it(village, hien, approved, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    url = f"/consolidations/98/{PERIOD}/"
    client.force_login(village.minh)
    assert f'href="{url}"' in client.get(f"/completeness/98/{PERIOD}/").content.decode()
    assert client.get(f"/consolidations/VN/{PERIOD}/").status_code == 404
    sent = client.post(url, {"act": "send", "revision": "0"}, follow=True).content.decode()
    assert f"TW-{PERIOD}-98-1" in sent
    assert client.post(url, {"act": "accept", "revision": "1"}).status_code == 403

    client.force_login(hien)
    listed = client.get(f"/consolidations/VN/{PERIOD}/").content.decode()
    assert "Đã gửi trung ương, chờ nhận" in listed
    answered = client.post(url, {"act": "give_back", "revision": "1", "reason": ""})
    assert answered.status_code == 422
    done = client.post(url, {"act": "accept", "revision": "1"}, follow=True).content.decode()
    assert "Trung ương đã nhận" in done

    client.force_login(village.thu)
    assert client.get(url).status_code == 404


def test_what_a_province_sent_waits_in_the_nations_list_of_work(village, hien, approved, client):
    send(village)
    link = f"/consolidations/98/{PERIOD}/"
    pages = []
    for user in (hien, village.minh):
        client.force_login(user)
        pages.append(client.get("/work/").content.decode())
    accept(actor=village.actor(hien), area_code="98", revision=1, **WHERE)
    client.force_login(hien)

    assert [f'href="{link}"' in page for page in pages] == [True, False]
    assert "chờ tiếp nhận" in pages[0]
    assert link not in client.get("/work/").content.decode()
