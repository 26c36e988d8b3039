"""What a change says of itself once it was published or undone, kind by kind."""

import pytest
from django.urls import reverse

from diaban.accounts.selectors import local_administrator
from diaban.areas.change_reading import operations_of
from diaban.areas.services import create_hamlet
from tests.village import NOW
from tests.web.test_changes import drafted, office, publish, today, undo

pytestmark = pytest.mark.django_db

__all__ = ["office", "today"]

HALVES = {"member-98001.001": "1", "member-98001.002": "2", "member-98001.003": "2"}
PARTS = {
    "parts": "2", "unit": ["98001"],
    "part-0-code": "98001", "part-0-type": "xã", "part-0-name": "Hạ Đông",
    "part-1-code": "98005", "part-1-type": "xã", "part-1-name": "Hạ Tây",
    **HALVES,
}  # fmt: skip
SHARES = {"part-0-weight": "0,6", "part-1-weight": "0,4"}
KINDS = [
    ("split", {**PARTS, "by": "hamlets"}, "Xã Hạ (98001), theo số thôn", True),
    ("split", {**PARTS, "by": "population", **SHARES}, "Xã Hạ (98001), theo dân số", True),
    ("split", {**PARTS, "by": "undivided"}, "Xã Hạ (98001), không chia", True),
    ("move", {"unit": ["98001.001"], "parent": "98002"}, "Thôn Hạ 1 (98001.001) → Xã Thượng", True),
    ("rename", {"unit": ["98001"], "part-0-name": "Hạ Mới"}, "Xã Hạ (98001) → Hạ Mới", False),
    ("regrade", {"unit": ["98001"], "part-0-type": "phường"}, "Xã Hạ (98001) → phường", False),
    ("abolish", {"unit": ["98001"], "parent": "98002"}, "Xã Hạ (98001)", True),
    (
        "create",
        {"parent": "98", "part-0-code": "98009", "part-0-type": "xã", "part-0-name": "Mới"},
        "Xã Mới (98009), Tỉnh Thử Nghiệm (98)",
        True,
    ),
]


def page_of(client, change):
    return client.get(reverse("web:change", args=[change.pk])).content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "said", "new_map"),
    KINDS,
    ids=["split by hamlets", "split by shares", "undivided", *(kind for kind, *_ in KINDS[3:])],
)
def test_a_change_names_units_as_they_were_before_it(village, office, kind, typed, said, new_map):
    words = "bản đồ địa giới mới" if new_map else "giữ bản đồ địa giới"
    change = drafted(office, kind, **typed)
    pages = [page_of(office, change)]

    publish(office, change)
    pages.append(page_of(office, change))
    undo(office, change)
    undone = page_of(office, change)

    assert [said in page for page in [*pages, undone]] == [True] * 3
    assert [words in page for page in pages] == [True] * 2
    assert "bản đồ địa giới trở lại như trước" in undone


@pytest.mark.parametrize("namesakes", [1, 12], ids=["one hit", "as many as are shown"])
def test_a_form_with_hits_costs_the_same_however_many(
    village, office, django_assert_num_queries, namesakes
):
    for number in range(namesakes):
        create_hamlet(
            actor=local_administrator(NOW.date()), commune=village.lower, type="thôn",
            name=f"Vân {number}", on_day=NOW.date(), at=NOW,
        )  # fmt: skip
    sent = {
        "act": "find", "parts": "1", "unit": ["98001"], "parent": "98002", "q": "van", "key": "k",
    }  # fmt: skip
    url = reverse("web:compose-change", args=["move"])
    office.post(url, sent)

    with django_assert_num_queries(5):
        page = office.post(url, sent).content.decode()

    assert page.count('value="add:') == namesakes


def test_units_that_nobody_chose_a_part_for_go_where_the_rest_goes(village, office):
    typed = {**PARTS, "by": "hamlets", "member-98001.002": "", "member-98001.003": "", "rest": "2"}

    change = drafted(office, "split", **typed)

    (operation,) = operations_of(change)
    assert [part.members for part in operation.parts] == [
        ("98001.001",), ("98001.002", "98001.003"),
    ]  # fmt: skip
