"""The review as a browser meets it: what a clerk presses, counted; refusals; the secret page."""

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diaban.plans.models import Change, Document, Plan, PlanItem
from diaban.plans.selectors import items_of
from tests.plans.conftest import hand_in, publish
from tests.plans.texts import long_plan, short_plan

pytestmark = pytest.mark.django_db


def values_of(form):
    """Return what the fields of a form hold: hidden ones, texts, choices, ticks."""
    values = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name and (not kind or kind[1] not in ("checkbox", "radio") or "checked" in tag):
            values[name[1]] = unescape((re.search(r'value="([^"]*)"', tag) or ["", ""])[1])
    for name, text in re.findall(
        r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        values[name] = unescape(text)
    for name, inside in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        values[name] = chosen[1] if chosen else ""
    values.pop("csrfmiddlewaretoken", None)
    return values


class Clerk:
    """Somebody at the keyboard: every press, click and field filled in is one action."""

    def __init__(self, client, plan):
        self.client, self.plan, self.actions = client, plan, 0
        self.html, self.at = "", ""
        self.open(f"/plans/{plan.pk}/")

    def open(self, url):
        answer = self.client.get(url, follow=True)
        assert answer.status_code == 200, url
        self._read(answer, url)

    def _read(self, answer, url):
        self.html = answer.content.decode()
        self.at = answer.redirect_chain[-1][0] if answer.redirect_chain else url

    def form(self, marker):
        """Return the address and the values, as a browser sends them, of the form with `marker`."""
        for found in re.finditer(r"<form\b([^>]*)>(.*?)</form>", self.html, re.DOTALL):
            if marker in found[2] or marker in found[1]:
                action = re.search(r'action="([^"]+)"', found[1])
                return action[1] if action else self.at, values_of(found[2])
        raise AssertionError(f"no form with {marker} at {self.at}")

    def press(self, marker, **filled):
        """Send a form by one key, after filling fields in (one action each)."""
        url, data = self.form(marker)
        self.actions += 1 + len(filled)
        self._read(self.client.post(url, data | filled, follow=True), url)

    def go(self, key):
        """Follow the link that answers to a key."""
        link = re.search(rf'<a [^>]*href="([^"]+)"[^>]*data-key="{key}"', self.html)
        self.actions += 1
        self.open(link[1].replace("&amp;", "&"))


@pytest.fixture
def minh(client, village):
    client.force_login(village.minh, backend="django.contrib.auth.backends.ModelBackend")
    return client


def waiting(plan):
    return PlanItem.objects.filter(plan=plan, decision="waiting").count()


def test_a_plan_of_100_items_is_confirmed_in_at_most_250_actions(village, minh):
    plan = hand_in(village, long_plan(100))
    assert waiting(plan) == 100
    clerk = Clerk(minh, plan)

    for turn in range(400):
        if not waiting(plan):
            break
        if turn % 10 == 3:
            clerk.go("s")
            clerk.press(
                'name="what"', bodies="Công an tỉnh\nSở Y tế", dates="trước ngày 20/12/2026"
            )
        elif turn % 20 == 5:
            clerk.go("t")
            words = clerk.form('name="words"')[1]["words"].replace("‖", "")
            clerk.press('name="words"', words=f"{words[:20]}‖{words[20:]}")
        elif turn % 20 == 9:
            clerk.go("g")
            clerk.press('name="with"')
        elif turn % 25 == 7:
            clerk.press('data-key="x"')
        elif turn % 30 == 11:
            clerk.press('data-key="u"')
        else:
            clerk.press("data-act")

    assert waiting(plan) == 0
    assert {"confirm", "edit", "split", "reject", "undo"} <= set(
        Change.objects.values_list("action", flat=True)
    )
    print(f"actions: {clerk.actions}")
    assert clerk.actions <= 250


def test_only_enter_confirms_100_items_in_100_actions(village, minh):
    plan = hand_in(village, long_plan(100))
    clerk = Clerk(minh, plan)

    for _turn in range(100):
        clerk.press("data-act")

    assert waiting(plan) == 0
    assert clerk.actions == 100


def test_confirming_leads_to_the_next(village, minh, plan):
    clerk = Clerk(minh, plan)
    first, second = items_of(plan)[:2]

    clerk.press("data-act")

    assert clerk.at.endswith(f"?item=item-{second.pk}")
    assert PlanItem.objects.get(pk=first.pk).decision == "confirmed"


def test_a_plan_page_costs_the_same_whatever_its_length(village, minh, django_assert_num_queries):
    for duties in (3, 60):
        plan = hand_in(village, long_plan(duties), name=f"{duties}.txt")
        with django_assert_num_queries(7):
            minh.get(f"/plans/{plan.pk}/")


def test_the_second_on_an_item_sees_why_and_what_stands(village, minh, plan):
    clerk = Clerk(minh, plan)
    item = items_of(plan)[0]
    PlanItem.objects.filter(pk=item.pk).update(
        revision=1, decision="rejected", decided_by="Văn phòng UBND tỉnh"
    )

    clerk.press("data-act")

    assert "Văn phòng UBND tỉnh vừa xử lý mục này" in clerk.html
    assert PlanItem.objects.get(pk=item.pk).decision == "rejected"


def test_a_field_that_cannot_be_read_keeps_what_was_typed(village, minh, plan):
    clerk = Clerk(minh, plan)
    clerk.go("s")

    clerk.press('name="what"', what="Một việc", dates="hôm nào đó")

    assert "“hôm nào đó” không đọc được" in clerk.html
    assert "Một việc</textarea>" in clerk.html
    assert waiting(plan) == 14


def test_words_that_were_changed_while_cutting_are_refused(village, minh, plan):
    clerk = Clerk(minh, plan)
    clerk.go("t")

    clerk.press('name="words"', words="khác‖hẳn")

    assert "không sửa chữ" in clerk.html
    assert waiting(plan) == 14


def test_a_cut_is_typed_with_a_key_that_keyboards_have(village, minh, plan):
    clerk = Clerk(minh, plan)
    clerk.go("t")
    words = clerk.form('name="words"')[1]["words"].replace("‖", "")

    clerk.press('name="words"', words=f"{words[:20]}|{words[20:]}")

    parts = PlanItem.objects.filter(plan=plan, part_of__isnull=False).order_by("start")
    assert len(parts) == 2
    assert plan.document.text[parts[0].start : parts[0].end].strip() == words[:20].strip()


def test_a_neighbour_sees_the_province_plan_without_any_way_to_change_it(village, client, plan):
    client.force_login(village.lan, backend="django.contrib.auth.backends.ModelBackend")
    item = f"/plans/{plan.pk}/items/{items_of(plan)[0].pk}/confirm/"
    assert client.get(f"/plans/{plan.pk}/").status_code == 404
    assert client.post(item).status_code == 404
    publish(village, plan)

    html = client.get(f"/plans/{plan.pk}/").content.decode()

    assert "Ban hành hướng dẫn" in html
    assert "/confirm/" not in html
    assert client.post(item).status_code == 403


def test_a_secret_document_is_refused_at_the_page_and_leaves_nothing(village, minh):
    secret = SimpleUploadedFile("mat.txt", "TỐI MẬT\n".encode() + short_plan())

    answer = minh.post("/plans/add/", {"document": secret})

    assert answer.status_code == 422
    assert "độ mật" in answer.content.decode()
    assert (Document.objects.count(), Plan.objects.count(), PlanItem.objects.count()) == (0, 0, 0)
