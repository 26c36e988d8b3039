"""Few people stay in their commune: whoever is too far above sees a range, on every way out."""

import pytest
from django.urls import reverse

from diaban.accounts.models import Holding, User
from diaban.accounts.rules import Role
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, START

pytestmark = pytest.mark.django_db

MONTH = "2026-11"


@pytest.fixture
def signed_in(client, time_machine):
    time_machine.move_to(NOW, tick=False)

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def far(village):
    """Somebody of the nation who sees every return, and an appraiser of the province."""
    far = User.objects.create(username="xa", name="Trung ương")
    Holding.objects.create(
        user=far, role=Role.STANDING_OFFICE, area=village.nation, valid_from=START
    )
    appraiser = User.objects.create(username="xet", name="Thẩm định")
    Holding.objects.create(
        user=appraiser, role=Role.APPRAISER, area=village.province, valid_from=START
    )
    typed = typed_for(village, on_file="3", users_managed="3")
    for hamlet in ("98001.001", "98001.002", "98001.003"):
        typed[f"addicts.{hamlet}"] = "1"
    save(village, village.lan, "98001", typed, submit=True)
    return {"far": far, "appraiser": appraiser, "own": village.lan, "reviewer": village.minh}


@pytest.mark.parametrize(
    ("who", "exact"), [("far", False), ("appraiser", False), ("own", True), ("reviewer", True)]
)
def test_who_is_too_far_above_sees_a_range_in_the_return(far, signed_in, who, exact):
    page = signed_in(far[who]).get(reverse("web:return", args=["98001", MONTH])).content.decode()

    assert ("giữ kín ở xã" in page) is not exact
    assert ("1–4" in page) is not exact


@pytest.mark.parametrize(("who", "status"), [("far", 403), ("own", 200), ("reviewer", 200)])
def test_the_workbook_of_a_commune_is_given_to_those_near_it(far, signed_in, who, status):
    url = reverse("web:return-workbook", args=["98001", MONTH])
    assert signed_in(far[who]).get(url).status_code == status


def test_proof_and_views_keep_the_range(far, signed_in):
    client = signed_in(far["far"])
    proof = client.get(reverse("web:proof", args=["98001", MONTH]) + "?of=addicts")
    views = client.get(reverse("web:views-table", args=["98001", MONTH, "csv"]))
    own = signed_in(far["own"]).get(reverse("web:views-table", args=["98001", MONTH, "csv"]))

    assert "1–4" in proof.content.decode()
    lines = {line.split(",")[0]: line for line in own.content.decode("utf-8-sig").splitlines()}
    far_lines = {
        line.split(",")[0]: line for line in views.content.decode("utf-8-sig").splitlines()
    }
    assert lines["addicts"] != far_lines["addicts"]
    assert ",3," in lines["addicts"]
    assert ",3," not in far_lines["addicts"]


@pytest.mark.parametrize(
    ("who", "exact"), [("far", False), ("appraiser", False), ("own", True), ("reviewer", True)]
)
def test_the_overview_of_a_commune_keeps_its_few_people(village, far, signed_in, who, exact):
    typed = typed_for(village, "98002")
    typed |= {f"{one}.98002.001": "4" for one in ("addicts", "addicts_present")}
    typed["addicts_present_in_treatment.98002.001"] = "3"
    save(village, village.thu, "98002", typed, submit=True)
    person = village.thu if who == "own" else far[who]
    url = reverse("web:overview-of", args=["98002", "2026"])

    page = signed_in(person).get(url).content.decode()

    assert ("3 / 4" in page) is exact
    assert ("75,0%" in page) is exact
    assert ("giữ kín" in page) is not exact
    assert "200 / 200" in page


def test_a_column_that_nobody_reported_is_no_share(village, far, signed_in):
    typed = typed_for(village, "98002")
    typed |= {f"{one}.98002.001": "4" for one in ("addicts", "addicts_present")}
    for hamlet in village.hamlets["98002"]:
        typed[f"addicts_present_in_treatment.{hamlet.code}"] = ""
    save(village, village.thu, "98002", typed, submit=True)

    page = signed_in(village.thu).get(reverse("web:overview-of", args=["98002", "2026"]))

    assert page.status_code == 200
    assert "chưa có số liệu" in page.content.decode()
