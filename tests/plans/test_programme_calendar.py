"""Reports, named days, phases and targets of a published plan, as people meet them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from diaban.core.access import NotAllowed
from diaban.indicators.bulk import Ready, store_many
from diaban.indicators.rules.returns import State
from diaban.plans.duty_lists import Filter, due_for, having, listed, overdue_by_agency
from diaban.plans.fan_out import FannedOut, fan_out
from diaban.plans.feeds import calendar_of as calendar_file
from diaban.plans.feeds import make_feed
from diaban.plans.models import Share
from diaban.plans.programme import calendar_of, roadmap_of
from diaban.plans.reorganisation import follow_successors
from diaban.plans.rules.standing import Status
from diaban.plans.targets import (
    Stand,
    UnknownIndicatorChosen,
    indicators_like,
    progress_of,
    tie_target,
)
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import SHORT, short_plan
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db

BODY = """II. CHỈ TIÊU
- Trên 90% hộ gia đình ký cam kết không tham gia tệ nạn ma túy.
- Mỗi xã, phường có ít nhất 01 mô hình hoạt động hiệu quả.
III. LỘ TRÌNH
1. Giai đoạn 1: Từ ngày 01/02/2026 đến ngày 30/6/2026 tại xã Hạ
2. Giai đoạn 2: Từ ngày 01/7/2026 đến ngày 31/12/2026 tại xã Thượng
IV. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Kiểm tra việc thực hiện giai đoạn 2 tại các xã, phường (hoàn thành trước ngày 30/11/2026).
2. Sở Y tế
- Rà soát điều kiện xác định tình trạng nghiện (hoàn thành trước ngày 20/12/2026).
3. Đề nghị Tòa án nhân dân tỉnh
- Tổ chức xét xử lưu động (hoàn thành trước ngày 30/12/2026).
4. Ủy ban nhân dân các xã, phường
- Tổ chức Ngày toàn dân phòng, chống ma túy (26/6) tại các thôn (thực hiện thường xuyên).
V. TỔ CHỨC THỰC HIỆN
1. Chế độ báo cáo: Các đơn vị, địa phương báo cáo tháng trước ngày 15 hằng tháng; báo cáo năm trước ngày 30/11 hằng năm về UBND tỉnh (qua Công an tỉnh).
"""  # noqa: E501 - a paragraph of a plan is one line


@pytest.fixture
def plan(village):
    return publish(village, hand_in(village, short_plan(BODY))).plan


def test_every_month_each_body_owes_its_report_and_the_receiver_does_not(village, plan):
    monthly = plan.duties.get(kind="report", recurrence="1/month")

    names = set(monthly.shares.values_list("agency__name", flat=True))
    dues = sorted(set(monthly.shares.values_list("due_on", flat=True)))

    assert names == {
        "Công an tỉnh", "Sở Y tế", "Tòa án nhân dân tỉnh", "Ủy ban nhân dân xã Hạ",
        "Ủy ban nhân dân xã Thượng",
    }  # fmt: skip
    # Handed out on 18/11: the window that closes on 14/12 is the first, the plan's year ends.
    assert dues == [date(2026, 12, 14)]
    assert set(monthly.shares.filter(requested=True).values_list("agency__kind", flat=True)) == {
        "court"
    }


def test_who_receives_a_report_does_not_owe_it(village, plan):
    yearly = plan.duties.get(kind="report", recurrence="1/year")

    assert "Công an tỉnh" not in set(yearly.shares.values_list("agency__name", flat=True))
    assert set(yearly.shares.values_list("due_on", flat=True)) == {date(2026, 11, 29)}


def test_a_named_day_is_never_late_and_asks_for_its_result(village, plan):
    event = plan.duties.get(kind="event")
    (share,) = event.shares.all()

    minh = village.actor(village.minh)

    assert (share.agency.name, share.due_on) == ("Công an tỉnh", date(2026, 6, 26))
    assert Share.objects.filter(having(Status.OVERDUE, TODAY), pk=share.pk).count() == 0
    assert Share.objects.filter(having(Status.SILENT, TODAY), pk=share.pk).count() == 1
    assert overdue_by_agency(minh, minh.grants[0].span, TODAY) == []


def test_reports_stand_in_the_list_in_my_work_and_in_the_calendar_file(village, plan):
    lan = village.actor(village.lan)
    day = TODAY + timedelta(days=7)

    mine = due_for(lan, day)
    in_list = listed(lan, Filter(kind="report"), TODAY)
    token = make_feed(actor=lan, at=NOW)
    events = Calendar.from_ical(calendar_file(token, NOW)).walk("VEVENT")

    assert {share.duty.kind for share in mine} == {"report"}
    assert [share.due_on for share in in_list] == [date(2026, 11, 29), date(2026, 12, 14)]
    assert {event.decoded("dtstart") for event in events} == {
        date(2026, 11, 29), date(2026, 12, 14),
    }  # fmt: skip


def test_a_second_run_changes_nothing_and_a_later_day_brings_the_next(village, plan):
    plan.reading["metadata"]["period"] = {"start": "2026-01-01", "end": None}
    plan.save(update_fields=["reading"])

    first = fan_out(plan, TODAY)
    again = fan_out(plan, TODAY)
    later = follow_successors(TODAY + timedelta(days=40))

    assert first.made > 0
    assert again == FannedOut(kept=first.made + first.kept)
    assert later > 0
    assert follow_successors(TODAY + timedelta(days=40)) == 0


def test_a_report_inside_the_words_of_a_duty_is_owed_once(village):
    plan = publish(village, hand_in(village, short_plan())).plan

    reports, _events = calendar_of(plan, TODAY)

    kinds = [dated.line.duty.kind for _entry, dated in reports]
    assert kinds == ["duty", "duty", "report"]


def test_a_duty_belongs_to_the_phase_that_it_names_and_areas_to_theirs(village, plan):
    first, second = roadmap_of(plan, TODAY)

    assert (first.duties, second.duties, second.owed, second.done) == (0, 1, 1, 0)
    assert [members for _group, members in first.groups] == [("Xã Hạ",)]
    assert [members for _group, members in second.groups] == [("Xã Thượng",)]


def test_a_phase_for_the_remaining_areas_says_how_many_they_are(village):
    body = (
        SHORT
        + """VI. LỘ TRÌNH
- Giai đoạn 1: Từ ngày 01/02/2026 đến ngày 30/6/2026, thực hiện tại xã Hạ.
- Giai đoạn 2: Từ ngày 01/7/2026 đến ngày 31/12/2026, thực hiện tại các xã, phường còn lại.
"""
    )
    plan = publish(village, hand_in(village, short_plan(body))).plan

    first, second = roadmap_of(plan, TODAY)

    assert [members for _group, members in first.groups] == [("Xã Hạ",)]
    assert (first.rest, second.rest) == (None, 1)


def send(village, form="thang", period="2026-11", **values):
    store_many(
        form,
        [
            Ready(
                area=area,
                period=period,
                state=State.SUBMITTED,
                document={
                    "values": {},
                    "hamlets": {
                        hamlet.code: values if number == 0 else {}
                        for number, hamlet in enumerate(village.hamlets[area.code])
                    },
                },
                saved_at=NOW,
                saved_by="Thử",
                submitted_at=NOW,
            )
            for area in (village.lower, village.upper)
        ],
        NOW,
    )


@pytest.fixture
def committed(village, plan):
    """The first target, tied to the households that have signed."""
    return tie_target(
        actor=village.actor(village.minh),
        target_id=plan.targets.order_by("pk").first().pk,
        indicator="households_committed",
        at=NOW,
    )


def test_a_share_takes_its_whole_from_the_catalogue_and_waits_for_figures(village, plan, committed):
    (progress, other) = progress_of(village.actor(village.minh), plan, TODAY)

    assert committed.whole == "households"
    assert (progress.stand, progress.value) == (Stand.MISSING, None)
    assert other.stand is Stand.UNTIED


def test_a_share_is_read_from_the_kept_totals_of_the_newest_closed_month(village, plan, committed):
    send(village, households=50, households_committed=48)

    (progress, _other) = progress_of(village.actor(village.minh), plan, TODAY)

    assert (progress.stand, progress.part, progress.whole, progress.value) == (
        Stand.MET, 96, 100, 96,
    )  # fmt: skip


def test_what_is_asked_every_quarter_is_a_share_of_what_is_asked_every_month(village, plan):
    target = plan.targets.order_by("pk").first()
    minh = village.actor(village.minh)
    tie_target(
        actor=minh, target_id=target.pk, indicator="hamlets_with_tip_box", whole="households",
        at=NOW,
    )  # fmt: skip
    send(village, form="quy", period="2026-Q3", hamlets_with_tip_box=1)
    send(village, period="2026-09", households=4)
    send(village, households=50)

    progress = progress_of(minh, plan, TODAY)[0]

    # The quarter closed on 14/9, and its whole is that of the month which closed with it.
    assert progress.period.label == "2026-Q3"
    assert (progress.part, progress.whole, progress.value) == (2, 8, 25)


def test_a_flow_of_the_quarters_is_added_up_over_those_that_are_over(village, plan):
    target = plan.targets.order_by("pk").last()
    minh = village.actor(village.minh)
    tie_target(actor=minh, target_id=target.pk, indicator="tips_handled", at=NOW)
    for quarter in ("2025-Q4", "2026-Q1", "2026-Q3", "2026-Q4"):
        send(village, form="quy", period=quarter, tips_handled=10)

    progress = progress_of(minh, plan, TODAY)[1]

    assert (progress.value, progress.windows, progress.of_windows) == (40, 2, 3)


def test_a_target_of_every_commune_is_not_judged_by_a_total(village, plan):
    target = plan.targets.order_by("pk").last()
    minh = village.actor(village.minh)
    tie_target(actor=minh, target_id=target.pk, indicator="households_committed", at=NOW)
    send(village, households_committed=1)

    progress = progress_of(minh, plan, TODAY)[1]

    assert (progress.stand, progress.value) == (Stand.EACH_AREA, 2)


def test_small_counts_of_people_stay_in_their_unit(village, plan):
    target = plan.targets.order_by("pk").first()
    minh = village.actor(village.minh)
    tie_target(
        actor=minh, target_id=target.pk, indicator="addicts_present_in_treatment",
        whole="addicts_present", at=NOW,
    )  # fmt: skip
    send(village, addicts_present=5, addicts_present_in_treatment=4)

    progress = progress_of(minh, plan, TODAY)[0]

    # Eight of ten: the two that are missing are too few to be named.
    assert progress.withheld
    assert (progress.value, progress.part, progress.whole) == (None, None, None)


def test_only_an_indicator_of_the_catalogue_measures_and_only_who_publishes_ties(village, plan):
    target = plan.targets.first()

    with pytest.raises(UnknownIndicatorChosen):
        tie_target(
            actor=village.actor(village.minh), target_id=target.pk, indicator="khong_co", at=NOW
        )
    with pytest.raises(NotAllowed):
        tie_target(
            actor=village.actor(village.lan), target_id=target.pk,
            indicator="households_committed", at=NOW,
        )  # fmt: skip

    target.refresh_from_db()
    assert target.indicator == ""


def test_indicators_are_found_by_words_without_marks():
    names = [one.name_vi for one in indicators_like("ho ky cam ket")]

    assert any("cam kết" in name for name in names)


@pytest.mark.parametrize("part", ["duties", "calendar", "roadmap", "targets", "budget", "cascade"])
def test_each_part_of_the_programme_costs_at_most_twelve_statements(
    village, plan, committed, client, part, django_assert_max_num_queries
):
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")

    with django_assert_max_num_queries(12):
        answer = client.get(f"{reverse('web:programme', args=[plan.pk])}?part={part}")

    assert answer.status_code == 200
