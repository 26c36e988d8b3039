"""The page on which totals prove themselves, and open to what they come from."""

import numpy as np
import pytest

from diaban.accounts.models import User
from diaban.accounts.rules import Role
from diaban.indicators.models import KeptTotal, Return
from diaban.indicators.proof import proof_of
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db
URL = "/proof/98/2026-11/"


@pytest.fixture
def minh(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    typed = typed_for(village, plant_area_destroyed_m2="12,5", on_key_route="có")
    save(village, village.lan, "98001", typed, submit=True)
    other = typed_for(village, "98002")
    other["households.98002.002"] = ""
    save(village, village.thu, "98002", other, submit=True)
    client.force_login(village.minh)
    return client


def test_three_ways_agree_in_every_column(minh, village):
    proof = proof_of(village.actor(village.minh), "98", PERIOD)

    assert (proof.equal, proof.returns) == (True, 2)
    rows = {row.code: row for row in proof.rows}
    assert [rows["households"].kept, rows["households"].anew, rows["households"].plain] == [400] * 3
    assert str(rows["plant_area_destroyed_m2"].plain) == "12.5"
    assert "Ba cách cộng cho cùng một kết quả" in minh.get(URL).content.decode()


def test_a_total_that_was_tampered_with_is_named(minh, village):
    row = KeptTotal.objects.get(area=village.province)
    sums = np.frombuffer(bytes(row.sums), "<i8").copy()
    sums[-1] += 1
    row.sums = sums.tobytes()
    row.save()

    page = minh.get(URL).content.decode()

    assert "1 chỉ số không khớp" in page
    assert page.count("lệch") == 1


def test_a_total_opens_to_its_communes_and_their_history(minh):
    page = minh.get(f"{URL}?of=households").content.decode()

    assert 'href="/returns/98001/2026-11/revisions/?cell=households"' in page
    assert "Xã Hạ" in page
    assert page.count(">thiếu<") == 1


def test_a_commune_opens_to_the_cells_of_its_hamlets_with_who_and_when(minh):
    province = minh.get(f"{URL}?of=households").content.decode()
    assert 'href="/proof/98001/2026-11/?of=households#shares"' in province

    page = minh.get("/proof/98001/2026-11/?of=households").content.decode()

    assert 'href="/returns/98001/2026-11/#v-98001-001-households"' in page
    assert 'href="/returns/98001/2026-11/revisions/?cell=households.98001.001"' in page
    assert "Công an xã Hạ, 10:42 18/11/2026" in page


def test_the_nation_opens_to_its_provinces(minh, village):
    make_user("bo", "Cục C04", Role.STANDING_OFFICE, village.nation)
    minh.force_login(User.objects.get(username="bo"))

    page = minh.get("/proof/VN/2026-11/?of=households").content.decode()

    assert 'href="/proof/98/2026-11/?of=households#shares"' in page
    assert "Tỉnh Thử Nghiệm" in page


def test_a_small_count_of_people_is_withheld_above_its_commune(minh, village):
    typed = typed_for(village, users_managed="3", post_rehab="40")
    Return.objects.all().delete()
    KeptTotal.objects.all().delete()
    save(village, village.lan, "98001", typed, submit=True)
    typed = typed_for(village, "98002", users_managed="9", post_rehab="41")
    save(village, village.thu, "98002", typed, submit=True)

    small = shares(minh.get(f"{URL}?of=users_managed"))
    large = shares(minh.get(f"{URL}?of=post_rehab"))
    own = shares(minh.get("/proof/98001/2026-11/?of=users_managed"))

    assert (small, large, own) == (["1–4", "giữ kín"], ["40", "41"], ["3"])


def shares(response):
    return [one["value"] for one in response.context["shares"]]


def test_a_column_that_is_not_there_opens_nothing(minh):
    assert 'id="shares"' not in minh.get(f"{URL}?of=nothing").content.decode()


@pytest.mark.parametrize("of", ["", "?of=households"])
def test_the_proof_costs_a_fixed_number_of_statements(minh, django_assert_max_num_queries, of):
    with django_assert_max_num_queries(12):
        assert minh.get(f"{URL}{of}").status_code == 200


def test_an_area_without_returns_has_nothing_to_prove(minh):
    page = minh.get("/proof/98/2026-10/").content.decode()

    assert "0 biểu đã gửi" in page
    assert "lệch" not in page


def test_whoever_entered_a_cell_is_named_and_not_whoever_approved_it(minh, village):
    minh.post("/returns/98001/2026-11/review/", {"act": "approve"})
    minh.post("/returns/98001/2026-11/review/", {"act": "lock"})

    own = minh.get("/proof/98001/2026-11/?of=households").context["shares"]
    above = minh.get(f"{URL}?of=households").context["shares"]

    assert {(one["by"], one["revision"]) for one in own} == {("Công an xã Hạ", 1)}
    assert [one["by"] for one in above] == ["Công an xã Hạ", "Công an xã Thượng"]
    assert Return.objects.get(area=village.lower).revision == 3


def test_the_history_of_a_cell_shows_that_cell_among_many(minh, village):
    history = "/returns/98001/2026-11/revisions/"

    page = minh.get(f"{history}?cell=addicts.98001.002").content.decode()

    assert "Công an xã Hạ" in page
    assert page.count(" → <b>") == 1
    assert "nghiện" in page
