"""Totals say which view they show, offer the other, and name what cannot be shared out."""

import csv
import io
from datetime import date

import pytest
from django.urls import reverse

from diaban.accounts.rules import Role
from diaban.areas.models import Area, Placement, Succession
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db
MONTH = "2026-11"


@pytest.fixture
def signed_in(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    save(village, village.lan, "98001", typed_for(village, schools="7"), submit=True)

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(("query", "queries"), [("", 12), ("?view=today", 11)])
def test_totals_cost_few_statements(village, signed_in, django_assert_num_queries, query, queries):
    client = signed_in(village.minh)
    url = reverse("web:totals-of", args=["98", MONTH]) + query
    client.get(url)

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


def test_both_views_are_named_and_lead_to_each_other(village, signed_in):
    client = signed_in(village.minh)

    then = text(client.get(f"/totals/98/{MONTH}/"))
    now = text(client.get(f"/totals/98/{MONTH}/?view=today"))

    assert "Số liệu như đã báo cáo" in then
    assert "?view=today" in then
    assert "Số liệu theo địa giới hiện nay" in now
    assert "1/2 xã có báo cáo được tính" in now


def test_a_unit_divided_without_a_share_is_named_and_left_aside(village, signed_in):
    client = signed_in(village.minh)
    other = Area.objects.create(
        code="97001", level="commune", name="Ngoài", type="xã", sort_key="ngoai",
        valid_from=date(2026, 11, 16),
    )  # fmt: skip
    day = date(2026, 11, 16)
    Area.objects.filter(pk=village.lower.pk).update(valid_to=day)
    Placement.objects.filter(area=village.lower).delete()
    for new in (village.upper, other):
        Succession.objects.create(old=village.lower, new=new, on=day, partial=True, basis="thử")

    page = text(client.get(f"/totals/98/{MONTH}/?view=today"))

    assert "1 đơn vị khi đó bị chia mà chưa có tỷ lệ" in page
    assert "một phần, chưa có tỷ lệ: không tính vào tổng" in page


def test_the_files_say_their_view_and_are_not_for_who_may_not_see_small_counts(village, signed_in):
    client = signed_in(village.minh)

    taken = client.get(f"/totals/98/{MONTH}/?view=today&as=csv")
    book = client.get(f"/totals/98/{MONTH}/?as=xlsx")
    below = client.get(f"/totals/98001/{MONTH}/?as=csv")

    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert any("theo địa giới hiện nay" in cell for row in rows[:4] for cell in row)
    assert book.content[:2] == b"PK"
    assert below["Content-Type"].startswith("text/html")


def test_the_overview_says_which_view_it_shows_and_leads_to_both(village, signed_in):
    page = text(signed_in(village.minh).get("/areas/98/2026/"))

    assert "số liệu như đã báo cáo" in page
    assert reverse("web:totals-of", args=["98", MONTH]) in page


def test_who_sees_no_returns_sees_no_totals(village, signed_in):
    head = make_user("truong-thon", "Trưởng thôn", Role.HAMLET_HEAD, village.lower)

    assert signed_in(head).get(f"/totals/98001/{MONTH}/").status_code == 404
