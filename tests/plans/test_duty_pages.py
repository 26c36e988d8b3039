"""Pages of duties over HTTP: the neighbour, the journey of one duty, the feed, the papers."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from diaban.plans.models import Change, Evidence, PlanItem, Reminder, SavedView, Share
from diaban.plans.publishing import publish_plan
from diaban.plans.rules.doubts import Doubt
from tests.plans.conftest import confirm_all, hand_in
from tests.plans.neighbours import THEIRS
from tests.plans.texts import short_plan
from tests.village import NOW, TODAY

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def lans(village):
    """A plan of Lan's commune, published, with a share and a piece of evidence."""
    plan = hand_in(village, short_plan(number="3"), user=village.lan, area="98001")
    confirm_all(village, plan, village.lan)
    publish_plan(actor=village.actor(village.lan), plan_id=plan.pk, known=frozenset(Doubt), at=NOW)
    share = plan.duties.first().shares.get()
    evidence = Evidence.objects.create(
        share=share, kind="file", on=TODAY, text="x", file="evidence/x.pdf", at=NOW, by="Lan"
    )
    return {
        "plan": [plan.pk],
        "item": [plan.pk, plan.items.first().pk],
        "group": [plan.pk, 1],
        "target": [plan.pk, plan.targets.first().pk],
        "paper": [plan.pk, "docx"],
        "share": [share.pk],
        "bodies": ["98001"],
        "body": [share.agency_id],
        "evidence": [evidence.pk],
    }


@pytest.mark.parametrize(("method", "page", "about"), THEIRS)
def test_thu_is_told_that_there_is_nothing(village, lans, as_user, method, page, about):
    before = list(Share.objects.values()), list(PlanItem.objects.values())

    answer = getattr(as_user(village.thu), method)(
        reverse(f"web:{page}", args=lans[about]),
        {
            "on": "18/11/2026",
            "new_due": "1/1/2027",
            "reason": "vì",
            "text": "x",
            "kind": "document",
        },
    )

    assert answer.status_code == 404
    assert (list(Share.objects.values()), list(PlanItem.objects.values())) == before
    assert Change.objects.filter(actor_id=village.thu.pk).count() == 0


def test_a_duty_goes_from_late_to_done_with_its_file(
    village, published, as_user, settings, tmp_path
):
    settings.MEDIA_ROOT = str(tmp_path)
    lan = as_user(village.lan)
    share = Share.objects.get(area=village.lower, due_on="2026-02-04")
    url = reverse("web:report-duty", args=[share.pk])
    typed = {"kind": "document", "on": "18/11/2026", "text": "3/KH-UBND", "act": "done",
             "revision": "0", "late_reason": ""}  # fmt: skip

    refused = lan.post(url, typed)
    done = lan.post(
        url,
        typed | {"late_reason": "Sáp nhập", "file": SimpleUploadedFile("kh.pdf", b"%PDF-1.7")},
        follow=True,
    )

    assert refused.status_code == 422
    assert "ghi một câu lý do" in refused.content.decode()
    assert "3/KH-UBND</textarea>" in refused.content.decode()
    assert "Xong, trễ 287 ngày" in done.content.decode()
    file = lan.get(reverse("web:evidence", args=[Evidence.objects.get().pk]))
    assert b"".join(file.streaming_content) == b"%PDF-1.7"
    assert "attachment" in file["Content-Disposition"]


def test_the_list_filters_reminds_and_saves_a_view(village, published, as_user):
    minh = as_user(village.minh)
    today = timezone.localdate()
    Share.objects.filter(due_on="2026-02-04").update(due_on=today - timedelta(days=9))

    html = minh.get("/duties/?status=overdue&group=due").content.decode()
    minh.post("/duties/remind/", {"act": "all", "query": "status=overdue"})
    minh.post("/duties/views/", {"name": "Chậm nhất", "query": "status=overdue&group=due"})

    assert "Quá 9 ngày" in html
    assert Reminder.objects.count() == Share.objects.filter(due_on__lt=today).count()
    assert [(view.name, view.query) for view in SavedView.objects.all()] == [
        ("Chậm nhất", "status=overdue&group=due")
    ]


def test_the_feed_needs_no_sign_in_but_its_token(village, published, as_user, client):
    html = as_user(village.lan).post("/duties/calendar/", {"act": "make"}).content.decode()
    address = html.split('value="http://testserver')[1].split('"')[0]
    client.logout()

    answer = client.get(address)

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert Calendar.from_ical(answer.content)["version"] == "2.0"
    assert client.get("/duties/calendar/khong-phai.ics").status_code == 404


@pytest.mark.parametrize("query", ["", "?table=1"], ids=["line", "table"])
def test_the_timeline_and_its_table_say_the_same_days(village, published, as_user, query):
    Share.objects.filter(due_on="2026-09-29").update(due_on=TODAY)

    html = as_user(village.minh).get(f"/duties/timeline/{query}").content.decode()

    assert "18/11/2026" in html
    assert "Rà soát điều kiện" in html
    # Where the screen is too narrow for the line, the table takes its place.
    assert ("timeline-twin" in html) is ('<svg class="timeline"' in html) is (query == "")


def test_papers_are_handed_out(village, published, as_user):
    minh = as_user(village.minh)

    for kind in ("docx", "xlsx"):
        answer = minh.get(reverse("web:programme-paper", args=[published.pk, kind]))
        assert answer.content[:2] == b"PK"
    assert minh.get("/duties/list.xlsx?status=overdue").content[:2] == b"PK"
