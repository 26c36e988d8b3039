"""The page on which totals prove themselves, and open to what they come from."""

import numpy as np
import pytest

from diaban.indicators.models import KeptTotal
from diaban.indicators.proof import proof_of
from tests.indicators.test_services import PERIOD, save, typed_for
from tests.village import NOW

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
