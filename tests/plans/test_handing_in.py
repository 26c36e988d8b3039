"""Handing a plan in twice, from elsewhere, and taking a draft back."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document as Docx

from diaban.audit.models import Entry
from diaban.core.access import Missing, NotAllowed
from diaban.plans.models import Plan
from diaban.plans.review import confirm_item
from diaban.plans.services import (
    IssuedElsewhere,
    NotADraft,
    ReasonMissing,
    SamePlanKnown,
    add_plan,
    alike,
    withdraw_plan,
)
from tests.plans.conftest import publish
from tests.plans.texts import short_plan
from tests.village import NOW

pytestmark = pytest.mark.django_db


def as_docx(data):
    """Return a text as a Word file of the same words."""
    document = Docx()
    for line in data.decode().splitlines():
        document.add_paragraph(line)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def hand(village, user, area, name, data, **more):
    return add_plan(actor=village.actor(user), area_code=area, name=name, data=data, at=NOW, **more)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.docx", as_docx(short_plan())),
        ("b.txt", short_plan().replace(b"\n", b"\r\n\r\n")),
        ("c.txt", short_plan().replace("Công an".encode(), "CÔNG AN".encode())),
        ("d.txt", short_plan() + b"\nTrang 1\n"),
    ],
    ids=["as a Word file", "with other line ends", "in capitals", "same number, day and issuer"],
)
def test_the_same_plan_in_another_file_is_offered_not_copied(village, name, data):
    (first,) = hand(village, village.minh, "98", "a.txt", short_plan())

    with pytest.raises(SamePlanKnown) as refusal:
        hand(village, village.minh, "98", name, data)

    assert refusal.value.facts["plan"] == first.pk
    assert Plan.objects.count() == 1
    assert len(hand(village, village.minh, "98", name, data, confirmed=True)) == 1
    assert Plan.objects.count() == 2


def unsigned():
    """Return the short plan as a draft: neither number nor day."""
    text = short_plan().decode().replace("Số: 15/KH-UBND", "Số: /KH-UBND")
    return text.replace("ngày 10 tháng 01 năm 2026", "ngày    tháng 01 năm 2026")


@pytest.mark.parametrize(
    "other",
    [
        unsigned().replace(", báo cáo", ",\n- 2 -\nbáo cáo").replace("tập huấn", "tập\nhuấn"),
        unsigned().replace("xã, phường không ma túy", "xã, phường không có ma túy"),
    ],
    ids=["other line wraps and a page number", "one word more"],
)
def test_a_plan_without_number_and_day_is_known_by_its_words(village, other):
    (first,) = hand(village, village.minh, "98", "a.txt", unsigned().encode())

    with pytest.raises(SamePlanKnown) as refusal:
        hand(village, village.minh, "98", "b.txt", other.encode())

    assert refusal.value.facts["plan"] == first.pk
    assert Plan.objects.count() == 1


def test_how_alike_two_texts_are_counts_words_not_layout():
    assert alike("Ma túy, phòng\nchống\n- 3 -\n", "MA TÚY phòng chống") == 1.0
    assert alike("a b c d", "a b c e") == 0.75


def test_a_plan_of_another_area_is_asked_about_before_it_is_taken(village):
    with pytest.raises(IssuedElsewhere) as refusal:
        hand(village, village.lan, "98001", "a.txt", short_plan())

    assert "do UBND tỉnh Thử Nghiệm ban hành" in refusal.value.sentence
    assert "Xã Hạ" in refusal.value.sentence
    assert Plan.objects.count() == 0


def test_the_page_asks_and_takes_it_when_told_so(village, client):
    client.force_login(village.lan, backend="django.contrib.auth.backends.ModelBackend")

    def send(**more):
        file = SimpleUploadedFile("a.txt", short_plan())
        return client.post("/plans/add/", {"document": file, **more})

    asked = send()
    taken = send(confirmed="1")

    assert asked.status_code == 422
    assert "vẫn đưa vào" in asked.content.decode()
    assert taken.status_code == 302
    assert Plan.objects.get().area == village.lower


def test_a_draft_is_withdrawn_with_a_reason_and_comes_back_as_it_was(village, plan):
    minh = village.actor(village.minh)
    item = plan.items.first()
    confirm_item(actor=minh, plan_id=plan.pk, item_id=item.pk, revision=0, at=NOW)

    withdraw_plan(actor=minh, plan_id=plan.pk, reason="Nhầm địa bàn.", at=NOW)

    plan.refresh_from_db()
    assert (plan.state, plan.withdrawn_because) == ("withdrawn", "Nhầm địa bàn.")
    assert Entry.objects.filter(action="plans.plan.withdrawn").count() == 1

    (again,) = hand(village, village.minh, "98", "khac-ten.txt", short_plan())

    assert (again.pk, again.state) == (plan.pk, "read")
    assert again.items.get(pk=item.pk).decision == "confirmed"


def test_a_withdrawal_needs_a_reason_and_a_right_and_a_draft(village, plan):
    with pytest.raises(ReasonMissing):
        withdraw_plan(actor=village.actor(village.minh), plan_id=plan.pk, reason=" ", at=NOW)
    with pytest.raises(Missing):
        withdraw_plan(actor=village.actor(village.lan), plan_id=plan.pk, reason="vì", at=NOW)
    publish(village, plan)
    with pytest.raises(NotAllowed):
        withdraw_plan(actor=village.actor(village.lan), plan_id=plan.pk, reason="vì", at=NOW)
    with pytest.raises(NotADraft):
        withdraw_plan(actor=village.actor(village.minh), plan_id=plan.pk, reason="vì", at=NOW)

    plan.refresh_from_db()
    assert plan.state == "published"


def test_what_was_withdrawn_leaves_the_list_and_is_found_by_its_state(village, plan, client):
    withdraw_plan(actor=village.actor(village.minh), plan_id=plan.pk, reason="Chưa ký", at=NOW)
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")

    assert plan.title not in client.get("/plans/").content.decode()
    assert plan.title in client.get("/plans/?state=withdrawn").content.decode()
    assert "Bản này đã rút: Chưa ký" in client.get(f"/plans/{plan.pk}/").content.decode()
