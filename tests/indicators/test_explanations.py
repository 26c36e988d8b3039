"""A large swing is sent with a sentence that says why, and the sentence travels with it."""

import io

import openpyxl
import pytest

from diaban.accounts.rules import Role
from diaban.core.access import Missing
from diaban.core.periods import parse_label
from diaban.indicators.explained import explained_in
from diaban.indicators.exports import template
from diaban.indicators.imports import Source, import_workbooks
from diaban.indicators.models import Return, Revision
from diaban.indicators.review import approve_return
from diaban.indicators.services import save_return
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.indicators.workbooks.books import edited
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db
CELL = "population_resident.98001.002"


@pytest.fixture
def swing(village):
    """Send last month, and return this month's entry with one hamlet grown by half."""
    save_return(
        actor=village.actor(village.lan), area_code="98001", period_label="2026-10", form="thang",
        typed=typed_for(village), revision=0, client_key="before", at=NOW, submit=True,
    )  # fmt: skip
    return typed_for(village) | {CELL: "1.851"}


def this_month():
    return Return.objects.get(period=PERIOD)


def test_a_swing_without_a_word_is_kept_but_not_sent(village, swing):
    saved = save(village, village.lan, "98001", swing, submit=True)

    assert (saved.submitted, saved.faults) == (False, ())
    (asked,) = saved.unexplained
    assert (asked.row, asked.code) == ("98001.002", "population_resident")
    assert asked.sentence == "1.851, kỳ trước 1.234, tăng 50,0%."
    assert this_month().state == "draft"


def test_explained_it_is_sent_and_the_sentence_is_part_of_the_return(village, swing):
    typed = swing | {f"why.{CELL}": "  Khu tái định cư\nmới nhận 617 người. "}

    saved = save(village, village.lan, "98001", typed, submit=True)

    why = {CELL: "Khu tái định cư mới nhận 617 người."}
    assert saved.submitted is True
    assert this_month().document["why"] == why
    assert Revision.objects.get(of=saved.stored).document["why"] == why


def test_an_explanation_that_nobody_asks_for_any_more_goes(village, swing):
    save(village, village.lan, "98001", swing | {f"why.{CELL}": "Nhập cư."})

    save(village, village.lan, "98001", typed_for(village), revision=1, key="k2")

    assert "why" not in this_month().document


def test_the_page_asks_at_the_cell_and_takes_the_answer(village, swing, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.lan)
    url = f"/returns/98001/{parse_label(PERIOD).label}/"

    asked = client.post(url, {**swing, "revision": "0", "client_key": "a", "act": "submit"})
    sent = client.post(
        url,
        {**swing, f"why.{CELL}": "Nhập cư.", "revision": "1", "client_key": "b", "act": "submit"},
    )

    page = asked.content.decode()
    assert asked.status_code == 422
    assert f'name="why.{CELL}"' in page
    assert 'href="#why-v-98001-002-population_resident"' in page
    assert sent.status_code == 302
    assert this_month().state == "submitted"
    assert "Nhập cư." in client.get(url).content.decode()


def grown(village):
    """Return this month's workbook with one hamlet grown by half, and the address of the cell."""
    save(village, village.lan, "98001", typed_for(village))
    made = template(
        actor=village.actor(village.lan), area_code="98001", period_label=PERIOD, form="thang",
        at=NOW,
    )[1]  # fmt: skip
    place = []

    def edit(book):
        sheet = book["hamlets"]
        column = next(c.column for c in sheet[1] if c.value == "population_resident")
        row = next(r[0].row for r in sheet.iter_rows() if r[0].value == "98001.002")
        sheet.cell(row, column).value = 1851
        place.append(sheet.cell(row, column).coordinate)

    return edited(made, edit), place[0]


@pytest.mark.usefixtures("swing")
def test_a_workbook_with_a_swing_is_kept_and_not_sent_until_the_swing_is_explained(village):
    data, place = grown(village)
    actor, sources = village.actor(village.lan), [Source("a.xlsx", data)]

    (asked,) = import_workbooks(actor=actor, sources=sources, at=NOW, submit=True)
    (again,) = import_workbooks(actor=actor, sources=sources, at=NOW, submit=True)
    save(
        village, village.lan, "98001", typed_for(village) | {CELL: "1.851", f"why.{CELL}": "Mới."},
        revision=this_month().revision, key="told",
    )  # fmt: skip
    (sent,) = import_workbooks(actor=actor, sources=sources, at=NOW, submit=True)

    (error,) = asked.errors
    assert (asked.status, asked.unsent, asked.receipt, asked.changed) == ("imported", True, "", 1)
    assert (error.sheet, error.cell, error.indicator) == ("hamlets", place, "population_resident")
    assert "1.851, kỳ trước 1.234" in error.message
    assert again.unsent is True
    assert (sent.unsent, bool(sent.receipt)) == (False, True)
    assert this_month().document["hamlets"]["98001.002"]["population_resident"] == 1851


def told(village, user, area="98"):
    _area, _span, _period, found = explained_in(village.actor(user), area, PERIOD)
    return [(one.area.code, one.place, one.code, one.sentence) for one in found]


def test_what_was_explained_stands_in_the_report_of_the_area_above(village, swing):
    why = "Khu tái định cư mới nhận 617 người."
    save(village, village.lan, "98001", swing | {f"why.{CELL}": why}, submit=True)

    line = ("98001", "Hạ 2", "population_resident", why)
    assert told(village, village.minh) == told(village, village.lan, "98001") == [line]


def test_approved_it_still_stands_under_who_sent_it(village, swing):
    save(village, village.lan, "98001", swing | {f"why.{CELL}": "Nhập cư."}, submit=True)
    approve_return(
        actor=village.actor(village.minh), area_code="98001", period_label=PERIOD, form="thang",
        at=NOW,
    )  # fmt: skip

    _area, _span, _period, (line,) = explained_in(village.actor(village.minh), "98", PERIOD)
    assert line.by == village.actor(village.lan).name


def test_what_is_not_sent_or_came_back_is_in_no_report(village, swing):
    save(village, village.lan, "98001", swing | {f"why.{CELL}": "Nhập cư."})

    assert told(village, village.minh) == []


def test_the_nation_is_told_nothing_that_may_name_a_small_count(village, swing):
    households = "households.98001.002"
    typed = swing | {f"why.{CELL}": "Nhập cư.", households: "160", f"why.{households}": "Hộ mới."}
    save(village, village.lan, "98001", typed, submit=True)
    chief = make_user("trunguong", "Trung ương", Role.STANDING_OFFICE, village.nation)

    assert [code for _a, _p, code, _t in told(village, village.minh)] == [
        "households",
        "population_resident",
    ]
    assert [code for _a, _p, code, _t in told(village, chief, "VN")] == ["households"]


def test_the_neighbour_is_told_that_there_is_nothing(village, swing):
    with pytest.raises(Missing):
        told(village, village.thu, "98001")


def test_the_page_and_the_workbook_of_the_progress_have_it(village, swing, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    why = "Khu tái định cư mới nhận 617 người."
    save(village, village.lan, "98001", swing | {f"why.{CELL}": why}, submit=True)
    client.force_login(village.minh)

    page = client.get(f"/completeness/98/{PERIOD}/explanations/").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/completeness/98/{PERIOD}.xlsx").content))

    assert why in page
    assert f'href="/returns/98001/{PERIOD}/#v-98001-002-population_resident"' in page
    rows = list(book["Giải thích biến động"].values)
    assert rows[1] == ("98001", "Xã Hạ", "Hạ 2", "Số người đang cư trú", why)
