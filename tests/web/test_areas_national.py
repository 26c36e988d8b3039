"""The pages about units on the real list: old districts, wards of before 2025, files."""

import csv
import io

import pytest

from diaban.accounts.rules import Role
from diaban.areas.models import Area
from tests.national import national_units
from tests.village import NOW, make_user

__all__ = ["national_units"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("national_units")]


@pytest.fixture
def office(client, time_machine):
    """The browser of a province's standing office."""
    time_machine.move_to(NOW, tick=False)
    province = Area.objects.get(code="08", valid_to=None)
    client.force_login(make_user("tinh", "Công an tỉnh", Role.STANDING_OFFICE, province))
    return client


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/areas/browse/464/", 12),
        ("/areas/browse/?q=Vinh+Linh,+Quang+Tri&past=1", 12),
        ("/areas/look-up/?q=Y%C3%AAn+L%E1%BA%ADp", 10),
        ("/areas/look-up/?q=Vinh+Linh,+Quang+Tri", 12),
    ],
)
def test_old_districts_cost_no_more_than_twelve(office, django_assert_num_queries, url, queries):
    office.get(url)

    with django_assert_num_queries(queries):
        assert office.get(url).status_code == 200


def test_the_history_line_says_what_a_ward_was_made_of_and_by_which_act(office):
    page = text(office.get("/areas/browse/02215/"))

    assert "Lập từ 7 đơn vị" in page
    assert "Phường Phan Thiết" in page
    assert "một phần, chưa có tỷ lệ" in page
    assert "Căn cứ: Nghị quyết 1684/NQ-UBTVQH15" in page
    assert "Mã này còn là" in page


def test_a_unit_that_is_no_more_opens_at_its_last_day(office):

    page = text(office.get("/areas/browse/02203/"))
    then = text(office.get("/areas/browse/464/?on=2025-06-30"))

    assert "Đơn vị này không còn. Trang ghi như ngày 30/06/2025" in page
    assert "Thành 1 đơn vị" in page
    assert "Thị trấn Hồ Xá" in then


def test_the_look_up_answers_without_a_script(office):
    page = text(office.get("/areas/look-up/?q=02203"))

    assert "Phường Minh Xuân" in page
    assert "/areas/browse/02215/" in page
    assert "toàn bộ" in page


def test_a_list_comes_back_as_a_table_with_the_errors_of_its_lines(office):
    response = office.post(
        "/areas/look-up/", {"list": "02203\nkhong co\nSóc Trăng", "way": "became", "act": "show"}
    )

    page = text(response)
    assert response.status_code == 200
    assert "1/3 dòng tra được, 2 dòng có lỗi" in page
    assert "Dòng 2, “khong co”: Không có đơn vị nào" in page
    assert "Dòng 3, “Sóc Trăng”: Có 2 đơn vị như vậy" in page


def test_the_file_has_a_row_for_each_answer_and_starts_no_formula(office):
    typed = {"list": "02203\n=1+1\n464", "way": "became"}

    taken = office.post("/areas/look-up/", {**typed, "act": "csv"})
    book = office.post("/areas/look-up/", {**typed, "act": "xlsx"})

    rows = list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))
    assert [[*row[:3], row[6]] for row in rows[1:]] == [
        ["1", "02203", "02203", "02215"],
        ["2", "'=1+1", "", ""],
        *[["3", "464", "464", code] for code in ("19363", "19366", "19372", "19405", "19414")],
    ]
    assert book.content[:2] == b"PK"
