"""A hamlet's head fills in one row; the commune sees it arrive and may give it back."""

import pytest

from diaban.accounts.rules import Role
from diaban.audit.models import Entry as AuditEntry
from diaban.core.access import Missing
from diaban.indicators.hamlet_report_selectors import owed_reports, report_shown
from diaban.indicators.hamlet_reports import RowClosed, give_back_report, save_report
from diaban.indicators.models import FormVersion, HamletReport, Return
from diaban.indicators.review import ReasonMissing, UnknownCell, give_back_return
from diaban.indicators.rules.hamlet_reports import REPORT_MOVES, ReportMove, ReportState
from diaban.indicators.services import ChangedMeanwhile, MoveNotOpen, NothingEntered, PeriodNotOver
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db

HAMLET = "98001.002"


@pytest.fixture
def hoa(village):
    """The head of Hạ 2."""
    return make_user("hoa", "Trưởng thôn Hạ 2", Role.HAMLET_HEAD, village.hamlets["98001"][1])


def row(**cells):
    full = {
        "households": "100", "population_resident": "400", "households_committed": "98",
        "hamlets_with_box_and_board": "1", "communication_sessions": "2", "addicts": "0",
        "addicts_present": "0", "addicts_present_in_treatment": "0", "users_present": "0",
        "tips_received": "1",
    }  # fmt: skip
    return {f"{code}.{HAMLET}": text for code, text in (full | cells).items()}


def report(village, user, typed=None, *, revision=0, key="h1", send=True, at=NOW, code=HAMLET,
           period=PERIOD):  # fmt: skip
    return save_report(
        actor=village.actor(user), hamlet_code=code, period_label=period,
        typed=row() if typed is None else typed, revision=revision, client_key=key, at=at,
        send=send,
    )  # fmt: skip


def give_back(village, user, reason="", **remarks):
    return give_back_report(
        actor=village.actor(user), hamlet_code=HAMLET, period_label=PERIOD,
        reason=reason, remarks=remarks, at=NOW,
    )  # fmt: skip


def test_a_sent_row_stands_in_the_communes_return_with_who_sent_it(village, hoa):
    saved = report(village, hoa)

    assert (saved.sent, saved.stored.receipt) == (True, f"PT-{PERIOD}-{HAMLET}-1")
    stored = Return.objects.get(area=village.lower)
    assert (stored.state, stored.revision, stored.saved_by) == ("draft", 1, "Trưởng thôn Hạ 2")
    assert stored.document["hamlets"][HAMLET]["households_committed"] == 98
    assert set(stored.document["hamlets"]["98001.001"].values()) == {None}
    assert stored.revisions.get().reason == "Thôn Hạ 2 gửi phiếu."
    assert AuditEntry.objects.filter(action="indicators.hamlet_report.sent").count() == 1


def test_a_row_that_is_only_saved_is_not_in_the_communes_return(village, hoa):
    saved = report(village, hoa, send=False)

    assert (saved.sent, saved.stored.state) == (False, "draft")
    assert Return.objects.count() == 0


def test_what_the_commune_typed_in_other_rows_stays(village, hoa):
    typed = {n: t for n, t in typed_for(village, schools="4").items() if HAMLET not in n}
    save(village, village.lan, "98001", typed)

    report(village, hoa, row(households="120"))

    document = Return.objects.get(area=village.lower).document
    assert document["values"]["schools"] == 4
    assert [document["hamlets"][f"98001.00{n}"]["households"] for n in (1, 2, 3)] == [100, 120, 100]


def test_what_the_commune_typed_in_the_row_itself_stays_with_both_values_beside_it(village, hoa):
    save(village, village.lan, "98001", {f"households.{HAMLET}": "105", f"addicts.{HAMLET}": "x"})

    report(village, hoa, row(households="120"))

    stored = Return.objects.get(area=village.lower)
    own = stored.document["hamlets"][HAMLET]
    assert (own["households"], own["addicts"], own["households_committed"]) == (105, None, 98)
    assert stored.unread == {f"addicts.{HAMLET}": "x"}
    assert set(stored.remarks) == {f"households.{HAMLET}", f"addicts.{HAMLET}"}
    assert "gửi 120, xã đã ghi 105" in stored.remarks[f"households.{HAMLET}"]


def test_a_cell_the_head_leaves_empty_takes_no_figure_from_the_commune(village, hoa):
    typed = {f"households.{HAMLET}": "105", f"tips_received.{HAMLET}": "4"}
    save(village, village.lan, "98001", typed)

    report(village, hoa, {f"households.{HAMLET}": "105"})

    stored = Return.objects.get(area=village.lower)
    own = stored.document["hamlets"][HAMLET]
    assert (own["households"], own["tips_received"]) == (105, 4)
    assert stored.remarks == {}


def test_what_the_head_sent_before_and_the_commune_left_alone_is_replaced(village, hoa):
    report(village, hoa, row(households="120"))
    give_back(village, village.lan, "Sửa số hộ.")

    report(village, hoa, row(households="130"), revision=2, key="h2")

    stored = Return.objects.get(area=village.lower)
    assert stored.document["hamlets"][HAMLET]["households"] == 130
    assert stored.remarks == {}


def test_a_wrong_row_is_kept_and_not_sent(village, hoa):
    saved = report(village, hoa, row(households_committed="120", addicts="hai"))

    assert not saved.sent
    assert [(fault.code, fault.given) for fault in saved.faults] == [
        ("households_committed", "120"), ("addicts", "hai"),
    ]  # fmt: skip
    assert HamletReport.objects.get().unread == {"addicts": "hai"}
    assert Return.objects.count() == 0


def test_a_row_without_a_figure_is_not_sent(village, hoa):
    with pytest.raises(NothingEntered):
        report(village, hoa, {})

    assert HamletReport.objects.count() == 0


def test_a_save_that_changes_nothing_leaves_the_row_as_it_is(village, hoa):
    report(village, hoa, row(), send=False)

    report(village, hoa, row(), send=False, revision=1, key="h2")

    assert HamletReport.objects.get().revision == 1


def test_opening_the_page_and_typing_nothing_begins_no_row(village, hoa):
    report(village, hoa, {}, send=False)

    assert HamletReport.objects.count() == 0


def test_a_double_click_sends_once(village, hoa):
    first, again = report(village, hoa), report(village, hoa)

    assert first.stored.receipt == again.stored.receipt
    assert again.sent
    assert Return.objects.get().revision == 1


@pytest.mark.parametrize("code", ["98001.001", "98002.001", "98001"])
def test_only_ones_own_hamlet(village, hoa, code):
    with pytest.raises(Missing):
        report(village, hoa, code=code)
    with pytest.raises(Missing):
        report_shown(village.actor(hoa), code, PERIOD)

    assert HamletReport.objects.count() == 0


@pytest.mark.parametrize("who", ["thu", "minh"])
def test_next_door_and_the_province_see_no_report(village, hoa, who):
    report(village, hoa)

    with pytest.raises(Missing):
        report_shown(village.actor(getattr(village, who)), HAMLET, PERIOD)
    with pytest.raises(Missing):
        give_back(village, getattr(village, who), "Sửa lại.")

    assert HamletReport.objects.get().state == "sent"


def test_the_commune_reads_a_report_and_does_not_write_it(village, hoa):
    report(village, hoa)

    shown = report_shown(village.actor(village.lan), HAMLET, PERIOD)
    with pytest.raises(Missing):
        report(village, village.lan, revision=1, key="x")

    assert (shown.place.own, shown.typed[f"households.{HAMLET}"]) == (False, "100")


def test_given_back_to_the_cell_mended_and_sent_again(village, hoa):
    report(village, hoa)

    given = give_back(village, village.lan, households="Tháng trước 102 hộ.")
    assert (given.state, given.remarks) == ("returned", {"households": "Tháng trước 102 hộ."})
    assert given.reason == "Xem ghi chú ở từng ô."
    again = report(village, hoa, row(households="102"), revision=2, key="h2")

    assert (again.stored.state, again.stored.remarks) == ("sent", {})
    assert Return.objects.get().document["hamlets"][HAMLET]["households"] == 102


@pytest.mark.parametrize(
    ("remarks", "refusal"), [({}, ReasonMissing), ({"schools": "?"}, UnknownCell)]
)
def test_giving_back_says_why_and_which_cell(village, hoa, remarks, refusal):
    report(village, hoa)

    with pytest.raises(refusal):
        give_back(village, village.lan, **remarks)

    assert HamletReport.objects.get().state == "sent"


def test_after_the_commune_sent_its_return_the_row_is_closed(village, hoa):
    save(village, village.lan, "98001", typed_for(village), submit=True)

    with pytest.raises(RowClosed) as refusal:
        report(village, hoa)

    assert "Xã Hạ đã gửi biểu tháng 11/2026 lên tỉnh" in refusal.value.sentence
    assert HamletReport.objects.count() == 0
    assert owed_reports(village.actor(hoa), TODAY, FormVersion.objects.filter(code="thang")) == []


def test_given_back_by_the_province_the_row_is_open_again(village, hoa):
    save(village, village.lan, "98001", typed_for(village), submit=True)
    give_back_return(
        actor=village.actor(village.minh), area_code="98001", period_label=PERIOD, form="thang",
        reason="Hạ 2 thiếu hộ.", at=NOW,
    )  # fmt: skip

    assert report(village, hoa).sent


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"revision": 7}, ChangedMeanwhile),
        ({"period": "2026-12", "send": True}, PeriodNotOver),
    ],
)
def test_refusals_leave_nothing_behind(village, hoa, change, refusal):
    with pytest.raises(refusal):
        report(village, hoa, **change)

    assert HamletReport.objects.count() == 0
    assert Return.objects.count() == 0


def test_a_sent_report_is_not_sent_again(village, hoa):
    report(village, hoa)

    with pytest.raises(MoveNotOpen):
        report(village, hoa, row(households="1"), revision=1, key="h2")


def test_what_is_owed_begins_as_not_begun_and_ends_with_the_sending(village, hoa):
    actor = village.actor(hoa)
    monthly = list(FormVersion.objects.filter(code="thang"))
    states = [[one.state for one in owed_reports(actor, TODAY, monthly)]]
    report(village, hoa, send=False)
    states.append([one.state for one in owed_reports(actor, TODAY, monthly)])
    report(village, hoa, revision=1, key="h2")
    states.append([one.state for one in owed_reports(actor, TODAY, monthly)])

    assert states == [[None], [ReportState.DRAFT], []]


def test_every_state_can_be_left():
    assert {state for state, _move in REPORT_MOVES} == set(ReportState)
    assert {move for _state, move in REPORT_MOVES} == set(ReportMove)
