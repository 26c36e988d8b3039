"""Duties at work: evidence, late with a reason, extensions, reminders, lists, the league table."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.http import QueryDict
from docx import Document as Docx
from icalendar import Calendar

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import Role
from diaban.agencies.models import Agency
from diaban.core.access import Missing, NotAllowed
from diaban.plans import work
from diaban.plans.duty_lists import (
    STATUSES,
    Filter,
    counts,
    due_for,
    listed,
    overdue_by_agency,
    standing_of,
)
from diaban.plans.feeds import calendar_of, make_feed, revoke_feed
from diaban.plans.models import Duty, Evidence, Extension, Reminder, Share
from diaban.reports.duty_list import duty_list_paper
from diaban.reports.programme import programme_paper
from diaban.web.duties import filter_from
from tests.village import NOW, TODAY, make_user

pytestmark = pytest.mark.django_db
PROOF = work.Proof("document", "Báo cáo số 12/BC-UBND")


def share_of(words, area="98001") -> Share:
    return Share.objects.get(duty__what__contains=words, area__code=area)


def done(village, share, user=None, **more):
    asked = {"on": TODAY, "proof": PROOF, "late_reason": "", "at": NOW} | more
    return work.complete_duty(
        actor=village.actor(user or village.lan),
        share_id=share.pk,
        revision=share.revision,
        **asked,
    )


@pytest.fixture
def clerk(village, published) -> User:
    """A clerk of the health department, and of nothing else."""
    user = make_user("binh", "Sở Y tế", Role.AGENCY_CLERK, village.province)
    Holding.objects.filter(user=user).update(agency=Agency.objects.get(name="Sở Y tế"))
    return user


def test_late_is_always_possible_with_a_reason_and_never_without(village, published):
    share = share_of("Ban hành kế hoạch của xã")

    with pytest.raises(work.LateReasonMissing):
        done(village, share)
    assert Evidence.objects.count() == 0

    after = done(village, share, late_reason="Chờ sáp nhập xã.")

    assert (after.done_on, after.late_reason) == (TODAY, "Chờ sáp nhập xã.")
    assert standing_of(after, TODAY).status == "done_late"
    assert after.evidence.get().text == PROOF.text


def test_done_in_time_needs_evidence_and_no_reason(village, published):
    share = share_of("Ban hành kế hoạch của xã")

    with pytest.raises(work.EvidenceMissing):
        done(village, share, on=date(2026, 2, 1), proof=work.Proof("document", " "))
    after = done(village, share, on=date(2026, 2, 4), late_reason="không cần")

    assert (after.late_reason, standing_of(after, TODAY).status) == ("", "done_in_time")


def test_a_double_click_reports_once(village, published):
    share = share_of("Ban hành kế hoạch của xã")

    done(village, share, on=date(2026, 2, 1))
    done(village, share, on=date(2026, 2, 1))

    assert Evidence.objects.count() == 1


def test_the_second_report_of_two_people_is_told_of_the_first(village, published):
    share = share_of("Ban hành kế hoạch của xã")
    done(village, share, on=date(2026, 2, 1))

    with pytest.raises(work.DutyDone):
        done(village, share, user=village.minh, on=date(2026, 2, 3))

    assert Share.objects.get(pk=share.pk).done_on == date(2026, 2, 1)
    assert Evidence.objects.count() == 1


def secret_word_file():
    document, written = Docx(), BytesIO()
    for line in ("MẬT", "BÁO CÁO", "Kết quả thực hiện nhiệm vụ quý I."):
        document.add_paragraph(line)
    document.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    "proof",
    [
        work.Proof("file", "Biên bản họp"),
        work.Proof("file", "", "bao-cao.docx", secret_word_file()),
        work.Proof("file", "", "virus.exe", b"MZ"),
        work.Proof("file", "", "anh.png", b"x" * (work.LARGEST_FILE + 1)),
        work.Proof("rumour", "nghe nói"),
    ],
    ids=["no file", "secret", "program", "too large", "no kind"],
)
def test_evidence_that_cannot_be_taken_changes_nothing(village, published, proof):
    share = share_of("Ban hành kế hoạch của xã")

    with pytest.raises(work.BadEvidence):
        done(village, share, on=date(2026, 2, 1), proof=proof)

    assert Evidence.objects.count() == 0
    assert Share.objects.get(pk=share.pk).done_on is None


def test_what_has_not_come_yet_is_not_done(village, published):
    share, tomorrow = share_of("Ban hành kế hoạch của xã"), TODAY + timedelta(days=1)

    with pytest.raises(work.BadEvidence):
        done(village, share, on=tomorrow, late_reason="trễ")


def test_an_extension_keeps_both_dates_and_who_agreed(village, published):
    share = share_of("Ban hành kế hoạch của xã")

    work.extend_duty(
        actor=village.actor(village.minh), share_id=share.pk, new_due=date(2026, 12, 1),
        reason="Sáp nhập", asked_by="UBND xã Hạ", at=NOW,
    )  # fmt: skip

    share.refresh_from_db()
    one = Extension.objects.get()
    assert (share.due_on, share.first_due_on) == (date(2026, 12, 1), date(2026, 2, 4))
    assert (one.old_due, one.new_due, one.approved_by) == (
        date(2026, 2, 4), date(2026, 12, 1), village.minh.name,
    )  # fmt: skip
    assert standing_of(share, TODAY).status == "in_time"


@pytest.mark.parametrize(
    ("day", "reason"), [(date(2026, 2, 4), "vì"), (date(2026, 12, 1), " ")], ids=["same", "why"]
)
def test_an_extension_needs_a_later_day_and_a_reason(village, published, day, reason):
    share = share_of("Ban hành kế hoạch của xã")

    with pytest.raises(work.BadExtension):
        work.extend_duty(
            actor=village.actor(village.minh), share_id=share.pk, new_due=day, reason=reason, at=NOW
        )

    assert Extension.objects.count() == 0


def test_nobody_extends_for_themselves(village, published):
    with pytest.raises(NotAllowed):
        work.extend_duty(
            actor=village.actor(village.lan), share_id=share_of("Ban hành kế hoạch của xã").pk,
            new_due=date(2026, 12, 1), reason="vì", at=NOW,
        )  # fmt: skip

    assert Extension.objects.count() == 0


def test_thu_neither_sees_nor_reports_what_is_lans(village, published):
    share = share_of("Ban hành kế hoạch của xã")

    with pytest.raises(Missing):
        done(village, share, user=village.thu, on=date(2026, 2, 1))

    assert set(listed(village.actor(village.thu), Filter(), TODAY)) == set(
        Share.objects.filter(area=village.upper)
    )


def test_a_clerk_reports_for_the_own_agency_only(village, clerk):
    own = Share.objects.get(duty__what__contains="Rà soát điều kiện", slot="0")
    other = Share.objects.get(duty__what__contains="Ban hành hướng dẫn")

    done(village, own, user=clerk)
    with pytest.raises(NotAllowed):
        done(village, other, user=clerk, on=date(2026, 2, 1))

    assert Share.objects.get(pk=other.pk).done_on is None


def test_what_was_done_by_mistake_is_opened_again(village, published):
    share = share_of("Ban hành kế hoạch của xã")
    done(village, share, on=date(2026, 2, 1))

    after = work.reopen_duty(
        actor=village.actor(village.lan), share_id=share.pk, reason="Nhầm xã", at=NOW
    )

    assert (after.done_on, after.evidence.count()) == (None, 1)


def test_the_list_counts_as_the_rule_judges(village, published):
    done(village, share_of("Ban hành kế hoạch của xã"), on=date(2026, 2, 1))
    done(village, share_of("Ban hành kế hoạch của xã", "98002"), user=village.thu, late_reason="x")
    Share.objects.filter(due_on__isnull=True).update(begins_on=TODAY - timedelta(days=93))
    actor = village.actor(village.minh)

    by_rule = [standing_of(share, TODAY).status for share in listed(actor, Filter(), TODAY)]

    found = counts(actor, Filter(), TODAY)
    assert found == {"all": len(by_rule)} | {
        status.value: by_rule.count(status) for status in STATUSES
    }
    assert found["silent"] == 1
    for status in STATUSES:
        rows = listed(actor, Filter(status=status), TODAY)
        assert {standing_of(share, TODAY).status for share in rows} <= {status}


def test_requested_bodies_are_in_no_league_table(village, published):
    actor = village.actor(village.minh)
    span = village.province.placements.get().span

    rows = overdue_by_agency(actor, span, TODAY)

    assert "Tòa án nhân dân tỉnh" not in {row.name for row in rows}
    assert {row.name: (row.count, row.longest_days) for row in rows} == {
        "Công an tỉnh": (1, 249),
        "Sở Y tế": (1, 50),
        "Ủy ban nhân dân xã Hạ": (2, 287),
        "Ủy ban nhân dân xã Thượng": (2, 287),
    }


def test_reminding_twice_a_day_reminds_once_and_only_of_what_is_open(village, published):
    one, two = share_of("Ban hành kế hoạch của xã"), share_of("Ban hành kế hoạch của xã", "98002")
    done(village, two, user=village.thu, on=date(2026, 2, 1))
    asked = {"actor": village.actor(village.minh), "share_ids": [one.pk, two.pk], "at": NOW}

    assert [work.remind(**asked), work.remind(**asked)] == [1, 0]
    assert [(row.share, row.on) for row in Reminder.objects.all()] == [(one, TODAY)]


def test_my_work_holds_my_own_and_what_is_urgent(village, published):
    rows = due_for(village.actor(village.lan), TODAY)

    assert {row.area_id for row in rows} == {village.lower.pk}
    assert [row.due_on for row in rows] == [date(2026, 2, 4), date(2026, 7, 14)]


def test_a_filter_that_makes_no_sense_asks_for_nothing():
    given = QueryDict("status=x&agency=a&from=31/02/2026&requested=7&nature=&plan=99999999999999")

    assert filter_from(given) == Filter()


def test_search_finds_without_marks(village, published):
    actor = village.actor(village.minh)

    assert listed(actor, Filter(text="xet xu luu dong"), TODAY).count() == 1
    assert listed(actor, Filter(text="khong co viec nay"), TODAY).count() == 0


def test_the_calendar_is_read_back_with_whole_days_where_they_belong(village, published):
    token = make_feed(actor=village.actor(village.lan), at=NOW)

    calendar = Calendar.from_ical(calendar_of(token, NOW.replace(month=7, day=1)))

    events = {str(event["uid"]): event for event in calendar.walk("VEVENT")}
    (event,) = events.values()
    assert event.decoded("dtstart") == date(2026, 7, 14)
    assert event.decoded("dtend") == date(2026, 7, 15)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert str(event["summary"]).startswith("Hạn: Xây dựng ít nhất 01 mô hình")


def test_a_revoked_or_older_address_stops(village, published):
    actor = village.actor(village.lan)
    old = make_feed(actor=actor, at=NOW)
    new = make_feed(actor=actor, at=NOW)
    with pytest.raises(Missing):
        calendar_of(old, NOW)
    assert calendar_of(new, NOW).startswith(b"BEGIN:VCALENDAR")

    revoke_feed(actor=actor, at=NOW)

    with pytest.raises(Missing):
        calendar_of(new, NOW)


def test_the_annex_has_the_plans_own_numbers(village, published):
    actor = village.actor(village.minh)

    paper = programme_paper(actor=actor, plan_id=published.pk, kind="docx", at=NOW)
    book = programme_paper(actor=actor, plan_id=published.pk, kind="xlsx", at=NOW)

    table = Docx(BytesIO(paper.data)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn"]
    assert [row[0] for row in rows[1:]] == [
        "III.1", "III.1.1", "III.1.2", "III.2", "III.2.1", "III.3", "III.3.1", "III.4",
        "III.4.1", "III.4.2",
    ]  # fmt: skip
    assert rows[3][4] == "trước ngày 15/03/2026"
    assert rows[7][2] == "Tòa án nhân dân tỉnh (đề nghị)"
    sheets = openpyxl.load_workbook(BytesIO(book.data))
    assert sheets.sheetnames == ["Nhiệm vụ", "Chỉ tiêu", "Lịch báo cáo"]
    written = [row[0] for row in sheets["Nhiệm vụ"].iter_rows(min_row=5, values_only=True)]
    assert written == [row[0] for row in rows[1:]]
    widths = [column.width for column in table.columns]
    assert widths[1] > 2 * max(widths[0], *widths[2:])


def test_what_a_later_plan_took_over_leaves_the_numbers_of_the_others(village, published):
    first = published.duties.filter(section="III.1").order_by("number").first()
    first.frozen_at = NOW
    first.save(update_fields=["frozen_at"])

    paper = programme_paper(
        actor=village.actor(village.minh), plan_id=published.pk, kind="docx", at=NOW
    )

    numbers = [row.cells[0].text for row in Docx(BytesIO(paper.data)).tables[0].rows[1:]]
    assert numbers[:3] == ["III.1", "III.1.2", "III.2"]


def test_the_list_is_taken_away_with_dates_as_dates_and_no_formula(village, published):
    Duty.objects.filter(what__contains="Ban hành hướng dẫn").update(what="=1+1")

    paper = duty_list_paper(actor=village.actor(village.minh), wanted=Filter(), at=NOW)

    sheet = openpyxl.load_workbook(BytesIO(paper.data)).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == Share.objects.count()
    assert rows[0][8].date() == date(2026, 2, 4)
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == "=1+1")
    assert cell.data_type == "s"
