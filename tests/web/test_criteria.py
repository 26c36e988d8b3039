"""The criteria matrix of a large province: leaf by leaf, none of its communes left out."""

import re

import pytest
from django.urls import reverse

from diaban.web.criteria import PAGE_SIZE
from tests.web.province import filled, widen

pytestmark = pytest.mark.django_db

ROW = re.compile(r'<th scope="row"><a href="[^"]*">([^<]+)</a>')


@pytest.fixture
def matrix(village, signed_in):
    filled(village)
    widen(village, PAGE_SIZE + 20)
    client = signed_in(village.minh)
    url = reverse("web:matrix", args=["98", "lao-cai-2023", "2026-11"])
    return lambda query="": client.get(url + query).content.decode()


def test_every_commune_stands_on_one_leaf(matrix):
    first, second = matrix(), matrix("?page=2")

    names = [*ROW.findall(first), *ROW.findall(second)]
    assert len(ROW.findall(first)) == PAGE_SIZE
    assert (len(names), len(set(names))) == (PAGE_SIZE + 22, PAGE_SIZE + 22)
    assert 'href="?page=2"' in first


def test_an_opened_commune_brings_its_leaf_and_the_links_keep_it(matrix):
    last = ROW.findall(matrix("?page=2"))[-1]
    code = next(
        f"98{number + 100}" for number in range(PAGE_SIZE + 20) if last == f"Xã Thêm {number}"
    )

    page = matrix(f"?commune={code}&criterion=1")
    turned = matrix("?page=2")

    assert last in ROW.findall(page)
    assert f"?page=2&amp;commune={code}&amp;criterion=" in turned


def test_a_filter_goes_with_the_leaves_and_nothing_typed_into_the_address_with_it(matrix):
    page = matrix("?outcome=undetermined&page=2")

    assert 'href="?page=1&outcome=undetermined"' in page.replace("&amp;", "&")
    assert ROW.findall(matrix("?outcome=a%26commune=b")) == []
