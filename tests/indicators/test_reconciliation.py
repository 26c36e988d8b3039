"""Reconciling and signing, by the people of the village."""

from datetime import timedelta

import pytest

from diaban.accounts.models import Holding
from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from diaban.indicators.models import Reconciliation, ReturnQuality
from diaban.indicators.reconciliation import (
    BadCounts,
    NotReady,
    opened,
    save_counts,
    sides_of,
    sign,
    standing_of,
)
from diaban.indicators.review import give_back_return
from diaban.indicators.rules.reconciling import Side, Standing
from diaban.indicators.services import ChangedMeanwhile
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW, START

pytestmark = pytest.mark.django_db
ALL = {"on_file": "7", "addicts": "0", "users": "0", "post_rehab": "0"}


@pytest.fixture
def police(village):
    """Minh acts for the province's police."""
    agency = Agency.objects.create(
        code="cong-an", name="Công an tỉnh Thử Nghiệm", kind=Kind.POLICE.value,
        area=village.province, valid_from=START,
    )  # fmt: skip
    Holding.objects.filter(user=village.minh).update(agency=agency)
    typed = typed_for(village, on_file="6", persons_in_police_software="6")
    save(village, village.lan, "98001", typed, submit=True)
    return agency


def count(village, user, side, typed=ALL, *, revision=0, key="", told=None, **more):
    return save_counts(
        actor=village.actor(user),
        area_code="98001",
        period_label=PERIOD,
        side=side,
        typed=typed,
        revision=revision,
        client_key=key,
        explanations=told or {},
        at=NOW,
        **{"counted_on": "15/11/2026", "source": "Sổ hồ sơ số 2"} | more,
    )


def put(village, user, side, revision):
    return sign(
        actor=village.actor(user), area_code="98001", period_label=PERIOD,
        side=side, revision=revision, at=NOW,
    )  # fmt: skip


def both_counted(village):
    count(village, village.lan, Side.COMMUNE, told={"on_file": "Một hồ sơ nhận ngày 15/11."})
    count(village, village.minh, Side.POLICE, revision=1)


def seen(village):
    return opened(village.actor(village.minh), "98001", PERIOD)


def test_differences_are_exact_and_signed(village, police):
    count(village, village.lan, Side.COMMUNE, ALL | {"addicts": ""})

    lines = {one.line.id: one for one in seen(village).lines}
    assert (lines["on_file"].ledger_difference, lines["on_file"].software_difference) == (-1, 0)
    assert lines["on_file"].software_own
    assert lines["on_file"].standing is Standing.DIFFERS
    assert lines["addicts"].standing is Standing.UNKNOWN
    assert lines["users"].standing is Standing.EQUAL


def test_both_sign_and_get_one_receipt(village, police):
    both_counted(village)

    half = put(village, village.lan, Side.COMMUNE, 2)
    assert (half.receipt, seen(village).closed) == ("", False)
    whole = put(village, village.minh, Side.POLICE, 2)

    assert whole.receipt == "DC-2026-11-98001-2"
    assert seen(village).closed
    assert [one.what for one in whole.steps.order_by("number")] == [
        "counted",
        "counted",
        "signed_commune",
        "signed_police",
    ]
    assert Entry.objects.filter(action__startswith="indicators.reconciliation").count() == 4


def test_a_changed_count_opens_it_again(village, police):
    both_counted(village)
    put(village, village.lan, Side.COMMUNE, 2)
    put(village, village.minh, Side.POLICE, 2)

    count(village, village.lan, Side.COMMUNE, ALL | {"users": "1"}, revision=2)

    found = seen(village)
    assert not found.closed
    assert [one.holds for one in found.signatures.values()] == [False, False]


def test_a_changed_return_opens_it_again(village, police):
    both_counted(village)
    put(village, village.lan, Side.COMMUNE, 2)
    put(village, village.minh, Side.POLICE, 2)
    give_back_return(
        actor=village.actor(village.minh), area_code="98001", period_label=PERIOD,
        form="thang", reason="Xem lại.", at=NOW,
    )  # fmt: skip
    save(village, village.lan, "98001", typed_for(village, on_file="7"), submit=True,
         revision=2, key="k2", at=NOW + timedelta(hours=1))  # fmt: skip

    assert not seen(village).closed


def test_an_unexplained_difference_is_not_signed_away(village, police):
    count(village, village.lan, Side.COMMUNE)
    count(village, village.minh, Side.POLICE, revision=1)

    with pytest.raises(NotReady, match="Người có hồ sơ quản lý"):
        put(village, village.lan, Side.COMMUNE, 2)

    assert Reconciliation.objects.get().signatures == {}


def test_a_lacking_figure_is_not_signed_away(village, police):
    count(village, village.lan, Side.COMMUNE, told={"on_file": "Một hồ sơ."})

    with pytest.raises(NotReady, match="Chưa đủ ba số"):
        put(village, village.lan, Side.COMMUNE, 1)


def test_each_side_writes_its_own_and_nobody_elses(village, police):
    lan, minh = village.actor(village.lan), village.actor(village.minh)
    span = seen(village).span

    assert (sides_of(lan, span), sides_of(minh, span)) == ({Side.COMMUNE}, {Side.POLICE})
    with pytest.raises(NotAllowed):
        count(village, village.lan, Side.POLICE)
    with pytest.raises(NotAllowed):
        count(village, village.minh, Side.COMMUNE)
    with pytest.raises(Missing):
        count(village, village.thu, Side.COMMUNE)
    assert Reconciliation.objects.count() == 0


def test_the_software_is_counted_by_the_police_and_by_no_other_office(village, police):
    Agency.objects.update(kind=Kind.DEPARTMENT.value)

    with pytest.raises(NotAllowed, match="cơ quan Công an"):
        count(village, village.minh, Side.POLICE)


def test_a_double_click_writes_once_and_a_second_tab_not_at_all(village, police):
    count(village, village.lan, Side.COMMUNE, key="a")
    count(village, village.lan, Side.COMMUNE, key="a")

    with pytest.raises(ChangedMeanwhile):
        count(village, village.minh, Side.POLICE, revision=0)

    assert Reconciliation.objects.get().revision == 1


@pytest.mark.parametrize(
    ("typed", "more", "field"),
    [
        ({"on_file": "sáu"}, {}, "on_file"),
        ({"on_file": "-1"}, {}, "on_file"),
        ({"on_file": "9999999"}, {}, "on_file"),
        ({"on_file": "6"}, {"counted_on": "31/02/2026"}, "on"),
        ({"on_file": "6"}, {"counted_on": "01/12/2026"}, "on"),
        ({"on_file": "6"}, {"source": " "}, "source"),
    ],
)
def test_what_cannot_be_a_count_is_named_and_nothing_is_kept(village, police, typed, more, field):
    with pytest.raises(BadCounts) as refusal:
        count(village, village.lan, Side.COMMUNE, typed, **more)

    assert [name for name, _sentence in refusal.value.facts["faults"]] == [field]
    assert Reconciliation.objects.count() == 0


@pytest.mark.parametrize(
    ("typed", "more", "fields"),
    [
        ({"on_file": "bảy"}, {"counted_on": "", "source": ""}, ["on_file", "on", "source"]),
        ({"on_file": "7,5", "addicts": "x"}, {"counted_on": "32/1"}, ["on_file", "addicts", "on"]),
        ({}, {"counted_on": "hôm qua"}, ["on"]),
    ],
    ids=["a word, no day, no source", "two figures and the day", "a day alone"],
)
def test_everything_that_is_wrong_is_told_at_once(village, police, typed, more, fields):
    with pytest.raises(BadCounts) as refusal:
        count(village, village.lan, Side.COMMUNE, typed, **more)

    assert [field for field, _sentence in refusal.value.facts["faults"]] == fields
    assert not Reconciliation.objects.exists()


def test_what_lacks_and_what_differs_is_told_in_one_sentence(village, police):
    count(village, village.lan, Side.COMMUNE, {"on_file": "7", "addicts": "0"})
    count(village, village.minh, Side.POLICE, revision=1)

    with pytest.raises(NotReady, match=r"Chưa đủ ba số.*Còn lệch chưa giải thích"):
        put(village, village.minh, Side.POLICE, 2)


def test_the_list_says_how_many_lines_differ_and_by_how_many_people_it_does_not(village, police):
    count(village, village.lan, Side.COMMUNE)

    _area, _span, _period, rows = standing_of(village.actor(village.minh), "98", PERIOD)

    stages = [(one.area.code, one.stage, one.differing) for one in rows]
    assert stages == [("98001", "differs", 1), ("98002", "none", 0)]


def test_a_reconciliation_has_the_return_measured_anew(village, police, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.minh)
    client.get("/quality/98/2026-11/")
    assert ReturnQuality.objects.get().tallies["registers"] == [0, 0]

    count(village, village.lan, Side.COMMUNE)
    client.get("/quality/98/2026-11/")

    assert ReturnQuality.objects.get().tallies["registers"] == [3, 4]
