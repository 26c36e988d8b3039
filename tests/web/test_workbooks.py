"""Handing a workbook in on the entry page, and taking one out."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from diaban.indicators.models import Return
from tests.indicators.test_imports import filled, full, made_for
from tests.village import NOW

pytestmark = pytest.mark.django_db
URL = "/returns/98001/2026-11/"


@pytest.fixture
def lan(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.lan)
    return client


def post(client, data, url=URL):
    return client.post(f"{url}import/", {"workbook": SimpleUploadedFile("a.xlsx", data)})


def test_the_workbook_of_the_page_can_be_taken_out(lan):
    response = lan.get(f"{URL}workbook/")

    assert 'filename="thang-2026-11-98001.xlsx"' in response["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames[0] == "commune"


def test_a_filled_one_is_taken_in_and_the_page_says_how_much(lan, village):
    response = post(lan, full(made_for(village, village.lan)))

    assert response.url == f"{URL}?imported=77"
    page = lan.get(response.url).content.decode()
    assert "Đã nhập tệp Excel: 77 ô thay đổi." in page
    assert Return.objects.get().revision == 1


def test_errors_are_listed_with_links_and_a_copy(lan, village):
    response = post(lan, filled(made_for(village, village.lan), C3=100, D4="1.2x"))

    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#v-98001-002-population_resident"' in page
    assert "hamlets D4: “1.2x” không phải số" in page
    link = page.partition("/errors/")[2].partition('"')[0]
    copy = lan.get(f"{URL}errors/{link}")
    assert openpyxl.load_workbook(io.BytesIO(copy.content))["hamlets"]["D4"].value == "1.2x"
    assert Return.objects.count() == 0


def test_the_copy_is_for_who_handed_it_in(lan, village, client):
    page = post(lan, filled(made_for(village, village.lan), D4="x")).content.decode()
    link = page.partition("/errors/")[2].partition('"')[0]

    client.force_login(village.minh)

    assert client.get(f"{URL}errors/{link}").status_code == 404


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", "không phải tệp Excel".encode()])
def test_what_is_no_workbook_is_refused_in_a_sentence(lan, data):
    response = post(lan, data)

    assert response.status_code == 422
    assert "Excel" in response.content.decode()


def test_without_a_file_the_page_asks_for_one(lan):
    response = lan.post(f"{URL}import/")

    assert response.status_code == 422
    assert "Chưa chọn tệp" in response.content.decode()


def test_a_neighbour_is_turned_away(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    data = full(made_for(village, village.lan))
    client.force_login(village.thu)

    assert client.get(f"{URL}workbook/").status_code == 404
    assert post(client, data).status_code == 404
    assert post(client, data, "/returns/98002/2026-11/").status_code == 422
    assert Return.objects.count() == 0


def test_who_only_sees_the_return_cannot_hand_one_in(client, village, time_machine):
    time_machine.move_to(NOW, tick=False)
    client.force_login(village.minh)

    response = post(client, filled(made_for(village, village.lan), C3=1))

    assert response.status_code == 422
    assert "được xem nhưng không được" in response.content.decode()
    assert Return.objects.count() == 0
