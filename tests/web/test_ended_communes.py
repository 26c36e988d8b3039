"""
A commune that has ended still owes what it owed, and whoever enters for its heir sends it.

November ended on the 14th, the communes on the 15th, and the return is due on the 16th.
"""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from diaban.accounts.models import Holding
from diaban.accounts.rules import Role
from diaban.accounts.selectors import local_administrator
from diaban.areas.models import Area
from diaban.areas.rules.operations import Kind
from diaban.indicators.exports import template
from diaban.indicators.models import KeptTotal, Return
from diaban.indicators.reminders import ReturnNews
from tests.areas.rules.test_changes import op, part
from tests.areas.test_reorganising import SPLIT, publish
from tests.indicators.test_services import typed_for
from tests.village import NOW, TODAY, make_user
from tests.web.province import widen

pytestmark = pytest.mark.django_db

ENDED_ON = date(2026, 11, 15)
PERIOD = "2026-11"
OWED = "/returns/98001/2026-11/"


def end(village, operation):
    """Carry a change out, with a third commune beside it whose officer is no part of it."""
    widen(village, 1)
    publish(local_administrator(TODAY), operation, on=ENDED_ON)
    neighbour = Area.objects.get(code="98100")
    return make_user("ke", "Công an xã bên", Role.COMMUNE_OFFICER, neighbour)


def role(user, code, kind=Role.COMMUNE_OFFICER):
    area = Area.objects.get(code=code, valid_to=None)
    Holding.objects.create(user=user, role=kind.value, area=area, valid_from=ENDED_ON)


@pytest.fixture(params=["98003", "98001"], ids=["a new code", "the code of one"])
def merged(village, today, request):
    """Merge both communes; Lan is given her role in the new one, Thu none."""
    into = part(request.param, "Hợp Nhất", "phường")
    village.beside = end(village, op(Kind.MERGE, "98001", "98002", into=[into]))
    village.code = request.param
    role(village.lan, request.param)
    return village


def sent(client, village, code="98001", revision="0", **more):
    form = {**typed_for(village, code), "revision": revision, "client_key": "a1", "act": "submit"}
    return client.post(f"/returns/{code}/{PERIOD}/", form | more)


def test_the_heir_opens_fills_and_sends_what_the_old_commune_owed(merged, signed_in):
    lan = signed_in(merged.lan)

    page = lan.get(OWED).content.decode()
    assert "Biểu của Xã Hạ, nay thuộc Phường Hợp Nhất từ ngày 15/11/2026." in page
    assert 'name="households.98001.003"' in page
    assert f"/{merged.code}/2026-12/" not in page.partition("<main")[0]
    answer = sent(lan, merged)

    assert answer.url == f"{OWED}?receipt=SL-2026-11-98001-1"
    stored = Return.objects.get()
    assert (stored.area, stored.state) == (merged.lower, "submitted")
    counted = KeptTotal.objects.filter(period=PERIOD).values_list("area__code", "returns")
    assert set(counted) == {("VN", 1), ("98", 1), ("98001", 1)}
    assert "SL-2026-11-98001-1" in lan.get(answer.url).content.decode()
    assert lan.get(f"{OWED}revisions/").status_code == 200


def test_the_work_of_the_heir_lists_both_old_communes_and_nothing_before_its_own_time(
    merged, signed_in
):
    page = signed_in(merged.lan).get(reverse("web:work")).content.decode()

    assert "Xã Hạ, nay thuộc Phường Hợp Nhất · gửi tỉnh" in page
    assert "Xã Thượng, nay thuộc Phường Hợp Nhất · gửi tỉnh" in page
    assert f'href="{OWED}"' in page
    assert 'href="/returns/98002/2026-11/"' in page
    assert "Phường Hợp Nhất · gửi tỉnh" not in page.replace("thuộc Phường Hợp Nhất · gửi tỉnh", "")


def test_the_province_reviews_it_and_counts_it_as_the_unit_it_was(merged, signed_in):
    sent(signed_in(merged.lan), merged)
    minh = signed_in(merged.minh)
    matrix = reverse("web:completeness", args=["98", PERIOD])

    page = minh.get(matrix).content.decode()
    assert "1/3 xã, phường đã gửi" in page
    assert "Xã Hạ, nay thuộc Phường Hợp Nhất" in page
    assert "Nhắc 2 xã" in page
    assert (
        "Xã Thượng" in minh.get(reverse("web:consolidation", args=["98", PERIOD])).content.decode()
    )

    waiting = minh.get(reverse("web:approve-all", args=["98", PERIOD])).content.decode()
    assert "98001:1" in waiting
    minh.post(reverse("web:approve-all", args=["98", PERIOD]), {"seen": "98001:1"})
    assert Return.objects.get().state == "approved"
    minh.post(f"{OWED}review/", {"act": "give_back", "reason": "Xem lại số hộ."})
    assert Return.objects.get().state == "returned"
    assert "Xem lại số hộ." in signed_in(merged.lan).get(OWED).content.decode()
    work = signed_in(merged.lan).get(reverse("web:work")).content.decode()
    assert "Xã Hạ, nay thuộc Phường Hợp Nhất · “Xem lại số hộ.”" in work


def test_a_workbook_of_the_old_commune_is_filled_and_taken_in(merged, signed_in):
    lan = signed_in(merged.lan)
    name, made = template(
        actor=merged.actor(merged.lan), area_code="98001", period_label=PERIOD, form="thang", at=NOW
    )

    assert name == "thang-2026-11-98001.xlsx"
    assert lan.get(f"{OWED}workbook/").status_code == 200
    answer = lan.post(f"{OWED}import/", {"workbook": SimpleUploadedFile("a.xlsx", made)})
    assert answer.url == f"{OWED}?imported=0"


def test_nobody_else_comes_near_it(merged, signed_in):
    sent(signed_in(merged.lan), merged)

    # Thu's role ended with her commune; her neighbour never had one in any part of it.
    for user in (merged.thu, merged.beside):
        client = signed_in(user)
        assert client.get(OWED).status_code == 404
        assert client.get(f"{OWED}revisions/").status_code == 404
        assert client.get(f"{OWED}workbook/").status_code == 404
        assert client.post(f"{OWED}autosave/", {"revision": "1"}).status_code == 404
        assert client.post(f"{OWED}review/", {"act": "approve"}).status_code == 404
        assert sent(client, merged, revision="1").status_code == 404
        assert "Xã Hạ" not in client.get(reverse("web:work")).content.decode()
    assert Return.objects.get().revision == 1


def test_of_a_divided_commune_only_whoever_has_every_part_enters(village, today, signed_in):
    village.beside = end(village, SPLIT)
    role(village.lan, "98001")
    both = make_user("hai", "Công an hai xã", Role.DATA_OFFICE, village.province)

    one_part = signed_in(village.lan)
    assert sent(one_part, village).status_code == 404
    assert "nay thuộc" not in one_part.get(reverse("web:work")).content.decode()
    assert Return.objects.count() == 0

    page = signed_in(both).get(OWED).content.decode()
    assert "Biểu của Xã Hạ, nay thuộc Xã Đông, Xã Tây từ ngày 15/11/2026." in page
    assert sent(signed_in(both), village).status_code == 302
    assert Return.objects.get().area == village.lower


def test_the_heir_owes_nothing_for_the_old_commune_once_the_act_is_in_force(merged, signed_in):
    lan = signed_in(merged.lan)
    heir = Area.objects.get(code=merged.code, valid_to=None)

    assert lan.get(f"/returns/{merged.code}/2026-12/").status_code == 200
    assert lan.get("/returns/98002/2026-12/").status_code == 404
    typed = {"hotspots_open": "1", "revision": "0", "client_key": "b2", "act": "save"}
    lan.post(f"/returns/{merged.code}/2026-12/", typed)
    assert Return.objects.get().area == heir


def test_whoever_holds_a_role_in_each_part_of_a_divided_commune_sends_for_it(
    village, today, signed_in
):
    end(village, SPLIT)
    for part_of in Area.objects.filter(name__in=("Đông", "Tây"), valid_to=None):
        role(village.lan, part_of.code)
    lan = signed_in(village.lan)

    assert "Xã Hạ, nay thuộc Xã Đông, Xã Tây" in lan.get(reverse("web:work")).content.decode()
    assert sent(lan, village).url == f"{OWED}?receipt=SL-2026-11-98001-1"


def test_an_ended_commune_is_scored_reconciled_and_its_heirs_are_reminded(merged, signed_in):
    told = "Xã Thượng, nay thuộc Phường Hợp Nhất"
    sent(signed_in(merged.lan), merged)
    minh = signed_in(merged.minh)

    assert told in minh.get(f"/quality/98/{PERIOD}/").content.decode()
    assert told in minh.get(f"/reconciliation/98/{PERIOD}/").content.decode()
    assert told in minh.get(f"/completeness/98/{PERIOD}/remind/").content.decode()
    assert minh.post(f"/completeness/98/{PERIOD}/remind/", {"code": ["98002"]}).status_code == 302
    assert told in minh.get(f"/completeness/98/{PERIOD}/reminders/").content.decode()
    lan = signed_in(merged.lan)
    assert "được nhắc ngày 18/11" in lan.get(reverse("web:work")).content.decode()


def test_the_heir_counts_for_the_commune_that_ended_and_nobody_beside_it(merged, signed_in):
    lan = signed_in(merged.lan)
    sent(lan, merged)

    assert "Xã Hạ" in lan.get(f"/reconciliation/98001/{PERIOD}/").content.decode()
    assert lan.get(f"/quality/98001/{PERIOD}/").status_code == 200
    beside = signed_in(merged.beside)
    assert beside.get(f"/reconciliation/98001/{PERIOD}/").status_code == 404
    assert beside.get(f"/quality/98001/{PERIOD}/").status_code == 404


def test_the_reminder_of_an_ended_commune_is_in_the_mail_of_its_heir(merged, signed_in):
    signed_in(merged.minh).post(f"/completeness/98/{PERIOD}/remind/", {"code": ["98001"]})

    section = ReturnNews().section_for(merged.actor(merged.lan), NOW)
    beside = ReturnNews().section_for(merged.actor(merged.beside), NOW)

    assert section is not None
    assert section.lines[0].startswith("Xã Hạ, biểu tháng 11/2026")
    assert beside is None


def test_the_head_of_a_hamlet_sends_its_row_to_the_commune_that_has_ended(merged, signed_in):
    hamlet = merged.hamlets["98001"][0]
    head = make_user("truong", "Trưởng thôn Hạ 1", Role.HAMLET_HEAD, hamlet)
    client, url = signed_in(head), f"/hamlet-reports/{hamlet.code}/{PERIOD}/"
    row = {name: text for name, text in typed_for(merged).items() if name.endswith(hamlet.code)}

    assert url in client.get(reverse("web:work")).content.decode()
    page = client.get(url).content.decode()
    assert "Xã Hạ" in page
    answer = client.post(url, row | {"revision": "0", "client_key": "h1", "act": "send"})

    assert answer.status_code == 302
    stored = Return.objects.get()
    assert (stored.area, stored.state) == (merged.lower, "draft")
    assert stored.document["hamlets"][hamlet.code]["households"] is not None
    assert url not in client.get(reverse("web:work")).content.decode()
