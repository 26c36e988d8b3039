"""The pages of quality, questions and reconciliation."""

import pytest

from diaban.accounts.models import Holding
from diaban.agencies.models import Agency
from diaban.agencies.rules import Kind
from diaban.indicators.models import Answer, Reconciliation, Return, ReturnQuality
from tests.indicators.test_services import save, typed_for
from tests.village import NOW, START
from tests.web.province import widen

pytestmark = pytest.mark.django_db
OWN, ALL = "/quality/98001/2026-11/", "/quality/98/2026-11/"
RECONCILE = "/reconciliation/98001/2026-11/"


@pytest.fixture
def sent(village):
    agency = Agency.objects.create(
        code="cong-an", name="Công an tỉnh", kind=Kind.POLICE.value,
        area=village.province, valid_from=START,
    )  # fmt: skip
    Holding.objects.filter(user=village.minh).update(agency=agency)
    typed = typed_for(village, hamlets_informed="3", users_managed="-", models_effective="")
    save(village, village.lan, "98001", typed, submit=True)
    return village


@pytest.mark.parametrize(
    ("who", "url", "queries"),
    [
        ("lan", OWN, 8),
        ("minh", OWN, 8),
        ("minh", ALL, 8),
        ("minh", "/quality/VN/2026-11/", 0),
        ("minh", "/quality/98/2026-11/questions/", 9),
        ("lan", "/quality/98001/2026-11/questions/", 8),
        ("minh", "/reconciliation/98/2026-11/", 7),
        ("lan", RECONCILE, 8),
    ],
)
@pytest.mark.parametrize("more", [0, 40], ids=["village", "province"])
def test_a_page_costs_the_same_however_much_there_is(
    sent,
    signed_in,
    django_assert_num_queries,
    who,
    url,
    queries,
    more,
):
    widen(sent, more)
    client = signed_in(getattr(sent, who))
    first = client.get(url)
    if not queries:
        assert first.status_code == 404
        return

    with django_assert_num_queries(queries):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(("who", "url"), [("lan", OWN), ("minh", ALL)])
def test_the_first_look_measures_and_still_keeps_to_twelve_statements(
    sent,
    signed_in,
    django_assert_max_num_queries,
    who,
    url,
):
    Holding.objects.filter(user=sent.minh).update(agency=None)
    client = signed_in(getattr(sent, who))

    with django_assert_max_num_queries(12):
        assert client.get(url).status_code == 200

    assert ReturnQuality.objects.count() == 1


def test_a_commune_sees_the_cells_behind_its_scores(sent, signed_in):
    page = signed_in(sent.lan).get(f"{OWN}?of=values").content.decode()

    assert 'href="/returns/98001/2026-11/#v-users_managed"' in page
    assert 'href="/returns/98001/2026-11/#v-models_effective"' in page
    assert "Ô trống hoặc ghi chưa có." in page


def test_rules_alone_are_not_called_a_match_with_registers(sent, signed_in):
    page = signed_in(sent.lan).get(OWN).content.decode()

    assert "mới qua quy tắc, chưa đối chiếu sổ" in page
    assert "khớp quy tắc, sổ" not in page


def test_a_question_is_answered_by_the_commune_and_read_by_the_reviewer(
    sent,
    signed_in,
):
    client = signed_in(sent.lan)
    assert "ghi 3 thôn được tuyên truyền nhưng chỉ 0 thôn" in client.get(OWN).content.decode()

    posted = client.post(
        "/quality/98001/2026-11/answer/",
        {"kind": "informed_without_session", "text": "Tuyên truyền qua loa."},
        follow=True,
    )

    assert "Đã lưu câu trả lời" in posted.content.decode()
    assert Answer.objects.get().by == "Công an xã Hạ"
    page = signed_in(sent.minh).get("/quality/98/2026-11/questions/").content.decode()
    assert "Tuyên truyền qua loa." in page
    assert "<form method" not in page.partition('id="main"')[2]


@pytest.mark.parametrize(
    ("who", "data", "status"),
    [
        ("minh", {"kind": "informed_without_session", "text": "x"}, 403),
        ("thu", {"kind": "informed_without_session", "text": "x"}, 404),
        ("lan", {"kind": "no_such", "text": "x"}, 404),
        ("lan", {"kind": "informed_without_session", "text": " "}, 409),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused(
    sent,
    signed_in,
    who,
    data,
    status,
):
    response = signed_in(getattr(sent, who)).post("/quality/98001/2026-11/answer/", data)

    assert (response.status_code, Answer.objects.count()) == (status, 0)


def test_a_return_that_changed_is_measured_anew(sent, signed_in):
    client = signed_in(sent.minh)
    client.get(ALL)
    before = ReturnQuality.objects.get().tallies["values"]
    stored = Return.objects.get()
    client.post(f"/returns/{stored.area.code}/2026-11/review/", {"act": "give", "reason": "x"})
    typed = typed_for(sent, users_managed="0", models_effective="1")
    save(sent, sent.lan, "98001", typed, submit=True, revision=2, key="k2",
         at=NOW.replace(hour=5))  # fmt: skip

    client.get(ALL)

    after = ReturnQuality.objects.get().tallies["values"]
    assert after[1] - after[0] == 0
    assert before[1] - before[0] == 2


def test_a_draft_is_not_measured(village, signed_in):
    save(village, village.lan, "98001", typed_for(village))

    page = signed_in(village.lan).get(OWN).content.decode()

    assert "Chưa có gì để đo" in page or "Biểu chưa gửi" in page
    assert ReturnQuality.objects.count() == 0


THUS = [
    ("get", "/quality/98001/"), ("get", OWN), ("get", ALL), ("get", f"{OWN}questions/"),
    ("post", f"{OWN}answer/"), ("get", "/reconciliation/98001/"), ("get", RECONCILE),
    ("post", RECONCILE), ("post", f"{RECONCILE}sign/"), ("get", "/reconciliation/98/2026-11/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "url"), THUS)
def test_thu_is_told_that_there_is_nothing(sent, signed_in, method, url):
    response = getattr(signed_in(sent.thu), method)(url, {"count-on_file": "1", "side": "commune"})

    assert response.status_code == 404
    assert (Answer.objects.count(), Reconciliation.objects.count()) == (0, 0)


def counts(**more):
    lines = {f"count-{name}": "0" for name in ("on_file", "addicts", "users", "post_rehab")}
    return lines | {"side": "commune", "on": "15/11/2026", "source": "Sổ"} | more


def test_a_bad_count_comes_back_with_what_was_typed(sent, signed_in):
    response = signed_in(sent.lan).post(RECONCILE, counts(**{"count-on_file": "sáu"}))

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="sáu"' in page
    assert 'href="#commune-on_file"' in page
    assert Reconciliation.objects.count() == 0


def test_counting_and_signing_on_the_page(sent, signed_in):
    typed = typed_for(sent)
    Return.objects.all().delete()
    save(sent, sent.lan, "98001", typed, submit=True)
    client = signed_in(sent.lan)
    client.post(RECONCILE, counts(revision="0", client_key="a"))
    client.post(f"{RECONCILE}sign/", {"side": "commune", "revision": "1"})
    client = signed_in(sent.minh)
    client.post(RECONCILE, counts(side="police", revision="1", client_key="b"))
    refused = client.post(f"{RECONCILE}sign/", {"side": "police", "revision": "1"})
    assert refused.status_code == 409
    client.post(f"{RECONCILE}sign/", {"side": "police", "revision": "2"})
    client = signed_in(sent.lan)
    page = client.post(f"{RECONCILE}sign/", {"side": "commune", "revision": "2"}, follow=True)

    assert "Số biên nhận: DC-2026-11-98001-2." in page.content.decode()


def test_the_four_words_in_english(sent, signed_in):
    client = signed_in(sent.lan)
    client.post("/language/", {"language": "en", "next": "/"})

    names = [one["name"] for one in client.get(OWN).context["scores"]]

    assert names == ["Correct", "Complete", "Clean", "Alive"]


def test_a_signing_that_is_refused_keeps_the_page(sent, signed_in):
    response = signed_in(sent.lan).post(f"{RECONCILE}sign/", {"side": "commune", "revision": "0"})

    page = response.content.decode()
    assert response.status_code == 409
    assert "Chưa đủ ba số để đối chiếu" in page
    assert 'id="commune-on_file"' in page


@pytest.mark.parametrize("label", ["2026", "2026-Q4", "nay"])
def test_only_a_month_is_reconciled(sent, signed_in, label):
    client = signed_in(sent.minh)

    for page in ("quality", "reconciliation", "completeness"):
        known = page != "reconciliation" and label != "nay"
        assert client.get(f"/{page}/98/{label}/").status_code == (200 if known else 404)
