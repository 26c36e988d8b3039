"""A draft is its commune's own: above, one sees how far it has come and what was sent."""

import io
import re

import openpyxl
import pytest

from diaban.indicators.exports import return_shown
from diaban.indicators.review import give_back_return
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW

pytestmark = pytest.mark.django_db
URL = f"/returns/98001/{PERIOD}/"
# What no other figure of the page could be.
TELLING = "7531"


@pytest.fixture
def province(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.minh)
    return client


def workbook_text(response):
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    return {str(cell.value) for sheet in book for row in sheet for cell in row}


def everywhere(client):
    """Return what the province can read of the return: page, history, workbook, list."""
    pages = [
        URL,
        f"{URL}revisions/",
        f"{URL}revisions/?cell=schools",
        f"/completeness/98/{PERIOD}/",
    ]
    texts = [client.get(page).content.decode() for page in pages]
    return " ".join([*texts, *workbook_text(client.get(f"{URL}workbook/"))])


def test_a_draft_never_sent_shows_progress_and_no_figure(village, province):
    save(village, village.lan, "98001", typed_for(village, schools=TELLING, hotspots_open=""))

    page = province.get(URL).content.decode()

    assert "Xã đang nhập: 76/77 ô đã có số" in page
    assert "7.531" not in everywhere(province)
    assert TELLING not in everywhere(province)
    shown = return_shown(
        actor=village.actor(village.minh), area_code="98001", period_label=PERIOD, form="thang",
        at=NOW,
    )  # fmt: skip
    assert shown.document["values"]["schools"] is None


def test_its_own_commune_sees_all_of_it(village, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    save(village, village.lan, "98001", typed_for(village, schools=TELLING))
    client.force_login(village.lan)

    assert "7.531" in client.get(URL).content.decode()
    assert "Xã đang nhập" not in client.get(URL).content.decode()


def test_sent_it_is_seen_and_given_back_what_was_sent_stays(village, province):
    save(village, village.lan, "98001", typed_for(village, schools="42"), submit=True)
    assert re.search(r'id="v-schools"[^>]*>42<', province.get(URL).content.decode())
    give_back_return(
        actor=village.actor(village.minh), area_code="98001", period_label=PERIOD, form="thang",
        reason="Thiếu trường.", at=NOW,
    )  # fmt: skip
    save(village, village.lan, "98001", typed_for(village, schools=TELLING), revision=2, key="k2")

    page = province.get(URL).content.decode()

    assert "Dưới đây là bản xã đã gửi lần trước." in page
    assert re.search(r'id="v-schools"[^>]*>42<', page)
    assert "7.531" not in everywhere(province)
    assert TELLING not in everywhere(province)


def test_last_months_draft_is_not_shown_beside_this_months_return(village, province):
    save(village, village.lan, "98001", typed_for(village, schools=TELLING))

    page = province.get("/returns/98001/2026-12/").content.decode()

    assert "7.531" not in page
