"""Campaigns are chased, measured and taken in by the hundred as months are."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from diaban.accounts.rules import Role
from diaban.indicators import import_jobs
from diaban.indicators.campaigns import Wanted, open_campaign, set_closed
from diaban.indicators.import_intake import in_memory
from diaban.indicators.models import Campaign, Return, ReturnReminder
from diaban.indicators.reminders import NothingToRemind, escalate, remind_returns
from diaban.plans.programme import roadmap_of
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import short_plan
from tests.village import NOW, TODAY, make_user
from tests.web.province import widen

pytestmark = pytest.mark.django_db
LABEL = "2026-dot-cao-diem"
OVER = date(2026, 11, 10)
BOTH = ("98001", "98002")


@pytest.fixture
def campaign(village, time_machine):
    """A campaign of the province, over for eight days; due three days ago."""
    time_machine.move_to(NOW, tick=False)
    return open_campaign(
        actor=village.actor(village.minh),
        area_code="98",
        wanted=Wanted("Đợt cao điểm 2026", date(2026, 10, 1), OVER, "thang-hanh-dong", "Số 5"),
        client_key="",
        at=NOW,
    )


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def remind(village, *, user=None, at=NOW):
    return remind_returns(
        actor=village.actor(user or village.minh), area_code="98", period_label=LABEL,
        codes=BOTH, at=at,
    )  # fmt: skip


def test_who_owes_a_campaign_is_reminded_once_a_day_and_reads_its_name(village, campaign):
    minh, page = signed_in(village.minh), f"/completeness/98/{LABEL}/"
    listed = minh.get(page).content.decode()
    preview = minh.get(f"{page}remind/").content.decode()
    first = minh.post(f"{page}remind/", {"code": BOTH}, follow=True).content.decode()

    assert f'href="{page}remind/"' in listed
    assert "biểu đợt “Đợt cao điểm 2026” (quá hạn 3 ngày; " in preview
    assert "Đã nhắc 2 xã." in first
    assert remind(village).already == 2
    assert set(ReturnReminder.objects.values_list("period", "form")) == {(LABEL, "thang-hanh-dong")}


def test_the_commune_reads_the_reminder_among_its_work(village, campaign):
    remind(village)

    assert "được nhắc ngày 18/11" in signed_in(village.lan).get("/work/").content.decode()


def test_a_closed_campaign_is_owed_by_nobody(village, campaign):
    set_closed(actor=village.actor(village.minh), label=LABEL, closed=True, at=NOW)

    with pytest.raises(NothingToRemind):
        remind(village)
    assert (
        "/remind/" not in signed_in(village.minh).get(f"/completeness/98/{LABEL}/").content.decode()
    )


def test_a_commune_that_is_not_asked_is_not_reminded(village, campaign):
    Campaign.objects.update(area=village.lower)

    assert remind(village).count == 1
    assert ReturnReminder.objects.get().area.code == "98001"


@pytest.mark.parametrize("days", [7, 30], ids=["late", "very late"])
def test_a_campaign_of_a_province_is_told_to_the_province_alone_and_once(village, campaign, days):
    at = NOW + timedelta(days=days)
    escalate(at)
    escalate(at + timedelta(days=1))

    told = ReturnReminder.objects.filter(period=LABEL)
    assert sorted(told.values_list("area__code", "level")) == [
        ("98001", "province"),
        ("98002", "province"),
    ]


def filled(client, code):
    book = load_workbook(io.BytesIO(client.get(f"/returns/{code}/{LABEL}/workbook/").content))
    sheet = book["hamlets"]
    column = next(cell.column for cell in sheet[1] if cell.value == "communication_sessions")
    sheet.cell(3, column).value = 4
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_the_workbooks_of_a_campaign_are_taken_in_at_once(village, campaign):
    ha = make_user("ha", "Tổ nhập số liệu", Role.DATA_OFFICE, village.province)
    client = signed_in(ha)
    listed = client.get(f"/completeness/98/{LABEL}/").content.decode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for code in BOTH:
            archive.writestr(f"{code}.xlsx", filled(client, code))

    job = import_jobs.start(
        actor=village.actor(ha), area_code="98", period_label=LABEL,
        uploads=[in_memory("dot.zip", packed.getvalue())], client_key="k", at=NOW,
    )  # fmt: skip
    import_jobs.work_off()

    assert f'href="/completeness/98/{LABEL}/import/"' in listed
    assert [one.state for one in job.files.order_by("number")] == ["imported", "imported"]
    assert set(Return.objects.values_list("area__code", "period", "form")) == {
        (code, LABEL, "thang-hanh-dong") for code in BOTH
    }
    assert client.get(f"/completeness/98/{LABEL}/import/{job.pk}/").status_code == 200


def test_a_campaign_has_its_four_scores_and_no_ledger_beside_it(village, campaign):
    lan, minh = signed_in(village.lan), signed_in(village.minh)
    typed = {"communication_sessions.98001.001": "2", "people_informed.98001.001": "10"}
    lan.post(
        f"/returns/98001/{LABEL}/",
        {**typed, "revision": "0", "client_key": "c", "act": "submit"},
    )
    assert Return.objects.get().state == "submitted"

    above = minh.get(f"/quality/98/{LABEL}/").content.decode()
    own = lan.get(f"/quality/98001/{LABEL}/").content.decode()

    assert f'href="/quality/98/{LABEL}/"' in minh.get(f"/completeness/98/{LABEL}/").content.decode()
    assert "1/2 xã, phường đã gửi biểu" in above
    assert f"/reconciliation/98/{LABEL}/" not in above
    assert f"/reconciliation/98001/{LABEL}/" not in own
    assert f"/quality/98001/{LABEL}/?of=values" in own
    assert minh.get(f"/quality/98/{LABEL}/questions/").status_code == 200
    assert signed_in(village.thu).get(f"/quality/98001/{LABEL}/").status_code == 404


def test_pages_of_a_campaign_cost_the_same_for_two_and_for_forty(
    village, campaign, django_assert_num_queries
):
    minh = signed_in(village.minh)
    widen(village, 38)
    for url, statements in (
        (f"/quality/98/{LABEL}/", 10),
        (f"/completeness/98/{LABEL}/remind/", 11),
        (f"/completeness/98/{LABEL}/reminders/", 7),
    ):
        with django_assert_num_queries(statements):
            assert minh.get(url).status_code == 200


PHASES = """III. LỘ TRÌNH
1. Giai đoạn 1: Từ ngày 01/02/2026 đến ngày 30/6/2026 tại xã Hạ
IV. PHÂN CÔNG NHIỆM VỤ
1. Công an tỉnh
- Kiểm tra việc thực hiện giai đoạn 1 tại các xã, phường (hoàn thành trước ngày 30/5/2026).
"""


def test_a_campaign_is_opened_for_a_phase_of_the_plan(village, campaign):
    plan = publish(village, hand_in(village, short_plan(PHASES))).plan
    phase = roadmap_of(plan, TODAY)[0].phase
    minh, url = signed_in(village.minh), f"/campaigns/open/?phase={phase.pk}"

    road = minh.get(f"/plans/{plan.pk}/programme/?part=roadmap").content.decode()
    form = minh.get(url).content.decode()

    assert f'href="{url}"' in road
    for shown in (phase.name, "01/02/2026", "30/06/2026", f"Kế hoạch {plan.number}"):
        assert f'value="{shown}' in form
    assert signed_in(village.lan).get(url).status_code == 404
    for nothing in ("0", "x", "9" * 30):
        assert minh.get(f"/campaigns/open/?phase={nothing}").status_code == 404


def test_a_phase_says_which_campaign_was_opened_for_it(village, campaign):
    plan = publish(village, hand_in(village, short_plan(PHASES))).plan
    phase = roadmap_of(plan, TODAY)[0].phase
    minh, url = signed_in(village.minh), f"/campaigns/open/?phase={phase.pk}"
    typed = {
        "name": "Đợt của giai đoạn 1", "start": "01/02/2026", "end": "30/06/2026",
        "form": "thang-hanh-dong", "basis": "Kế hoạch", "client_key": "p1",
    }  # fmt: skip

    assert minh.post(url, typed).status_code == 302
    road = minh.get(f"/plans/{plan.pk}/programme/?part=roadmap").content.decode()

    made = Campaign.objects.get(client_key="p1")
    assert made.origin == f"phase:{phase.pk}"
    assert "Đã mở đợt báo cáo:" in road
    assert f'href="/completeness/98/{made.label}/"' in road
    assert f'href="{url}"' not in road


def test_a_campaign_that_communes_owe_is_in_the_work_of_who_chases_them(village, campaign):
    page = signed_in(village.minh).get("/work/").content.decode()

    assert f"/completeness/98/{LABEL}/?state=late" in page


def test_the_day_of_a_reminder_is_a_day_of_vietnam(village, campaign):
    late = datetime.fromisoformat("2026-11-19T00:30:00+07:00")
    remind(village, at=late)

    assert {one.on for one in ReturnReminder.objects.all()} == {date(2026, 11, 19)}
