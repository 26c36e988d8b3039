"""Approving, giving back, locking and opening, by the people of the village."""

import pytest
from django.db import connection

from diaban.audit.models import Entry as AuditEntry
from diaban.core.access import Missing, NotAllowed
from diaban.core.checks import outcome
from diaban.indicators.checks import CHECKS
from diaban.indicators.models import Return, Revision
from diaban.indicators.review import (
    ReasonMissing,
    UnknownCell,
    approve_many,
    approve_return,
    give_back_return,
    lock_return,
    unlock_return,
)
from diaban.indicators.rules.returns import MOVES, Move, State
from diaban.indicators.services import MoveNotOpen
from tests.indicators.test_services import PERIOD, kept, save, typed_for
from tests.village import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(village):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    return Return.objects.get()


def do(village, service, user=None, area="98001", **more):
    return service(
        actor=village.actor(user or village.minh),
        area_code=area,
        period_label=PERIOD,
        form="thang",
        at=NOW,
        **more,
    )


def broken():
    return [sentence for check in CHECKS for sentence in outcome(check).examples]


def test_approved_locked_opened_and_given_back_level_by_level(village, sent):
    states = [do(village, approve_return).state, do(village, lock_return).state]
    total = kept(village.nation)
    states.append(do(village, unlock_return, reason="Xã gửi nhầm số hộ.").state)
    states.append(do(village, give_back_return, reason="Sửa số hộ.").state)

    assert states == ["approved", "locked", "approved", "returned"]
    assert total == (300, 1, 3, 1)
    assert kept(village.nation) == (0, 0, 0, 0)
    assert list(Revision.objects.order_by("number").values_list("state", "by", "reason")) == [
        ("submitted", "Công an xã Hạ", ""),
        ("approved", "Công an tỉnh Thử Nghiệm", ""),
        ("locked", "Công an tỉnh Thử Nghiệm", ""),
        ("approved", "Công an tỉnh Thử Nghiệm", "Xã gửi nhầm số hộ."),
        ("returned", "Công an tỉnh Thử Nghiệm", "Sửa số hộ."),
    ]
    assert broken() == []


def test_given_back_to_the_exact_cell_with_a_sentence(village, sent):
    cell = "households.98001.002"

    given = do(village, give_back_return, reason="", remarks={cell: " Năm trước 120 hộ. "})

    assert (given.state, given.remarks) == ("returned", {cell: "Năm trước 120 hộ."})
    assert given.reason
    assert Revision.objects.latest("number").remarks == given.remarks


def test_sent_again_the_remarks_are_gone_but_kept_in_the_history(village, sent):
    do(village, give_back_return, reason="", remarks={"schools": "Thiếu trường mầm non."})

    save(village, village.lan, "98001", typed_for(village), revision=2, key="k2", submit=True)

    assert Return.objects.get().remarks == {}
    assert Revision.objects.get(number=2).remarks == {"schools": "Thiếu trường mầm non."}


def test_approved_with_exceptions_it_counts_and_says_which(village, sent):
    approved = do(village, approve_return, remarks={"schools": "Chờ xác minh."})

    assert (approved.state, approved.remarks) == ("approved", {"schools": "Chờ xác minh."})
    assert kept(village.province) == (300, 1, 3, 1)


@pytest.mark.parametrize("cell", ["households.98002.001", "no_such", "households"])
def test_a_remark_on_a_cell_that_is_not_there_is_refused(village, sent, cell):
    with pytest.raises(UnknownCell):
        do(village, approve_return, remarks={cell: "x"})

    assert Return.objects.get().state == "submitted"


@pytest.mark.parametrize("reason", ["", "   "])
def test_opening_a_locked_return_needs_a_reason(village, sent, reason):
    do(village, approve_return)
    do(village, lock_return)

    with pytest.raises(ReasonMissing):
        do(village, unlock_return, reason=reason)

    assert Return.objects.get().state == "locked"


SERVICES = {
    Move.APPROVE: (approve_return, {}),
    Move.GIVE_BACK: (give_back_return, {"reason": "vì"}),
    Move.LOCK: (lock_return, {}),
    Move.UNLOCK: (unlock_return, {"reason": "vì"}),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("move", list(SERVICES))
def test_only_the_moves_of_the_table_are_open(village, sent, state, move):
    Return.objects.update(state=state)
    service, more = SERVICES[move]

    if (state, move) in MOVES:
        assert do(village, service, **more).state == MOVES[state, move]
    else:
        with pytest.raises(MoveNotOpen):
            do(village, service, **more)
        assert Return.objects.get().state == state


@pytest.mark.parametrize("move", list(SERVICES))
def test_the_commune_itself_and_the_neighbour_may_do_none_of_it(village, sent, move):
    service, more = SERVICES[move]

    with pytest.raises(NotAllowed):
        do(village, service, village.lan, **more)
    with pytest.raises(Missing):
        do(village, service, village.thu, **more)

    assert Return.objects.get().revision == 1


def test_all_that_were_sent_are_approved_at_once_but_those_left_out(village, sent):
    save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)

    found = do(village, approve_many, area="98", leave_out=["98002"])

    assert (found.count, found.left_out) == (1, ("98002",))
    assert list(Return.objects.order_by("area__code").values_list("state", "revision")) == [
        ("approved", 2),
        ("submitted", 1),
    ]
    assert AuditEntry.objects.latest("pk").detail["areas"] == ["98001"]
    assert broken() == []


@pytest.mark.parametrize("communes", [1, 2])
def test_approving_at_once_costs_the_same_for_one_and_for_two(
    village, sent, django_assert_num_queries, communes
):
    if communes == 2:
        save(village, village.thu, "98002", typed_for(village, "98002"), submit=True)
    actor = village.actor(village.minh)

    # PostgreSQL takes its turn at the audit chain by a lock of its own.
    with django_assert_num_queries(8 if connection.vendor == "sqlite" else 9):
        approve_many(actor=actor, area_code="98", period_label=PERIOD, form="thang", at=NOW)


def test_a_second_approval_at_once_approves_nothing(village, sent):
    do(village, approve_many, area="98")

    assert do(village, approve_many, area="98").count == 0
    assert Revision.objects.count() == 2


def test_the_clerk_may_not_approve_at_once(village, sent):
    with pytest.raises(NotAllowed):
        do(village, approve_many, village.lan)
