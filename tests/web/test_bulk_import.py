"""Handing in many workbooks on a page, and following what becomes of them."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from diaban.indicators import import_jobs
from diaban.indicators.models import ImportFile, ImportJob, Return
from tests.indicators.test_import_jobs import both, ha, zipped
from tests.indicators.test_imports import filled, made_for

__all__ = ["ha"]
pytestmark = pytest.mark.django_db
URL = "/completeness/98/2026-11/import/"


@pytest.fixture
def office(client, ha):
    client.force_login(ha)
    return client


def hand_in(client, data, name="xa.zip", **fields):
    files = SimpleUploadedFile(name, data)
    return client.post(URL, {"files": files, "client_key": "one", **fields})


def begun(client, village, user, **fields):
    wrong = filled(made_for(village, user, "98002"), C3="một trăm", D3="x")
    data = zipped([both(village, user)[0], ("thuong.xlsx", wrong), ("anh.png", b"x")])
    return hand_in(client, data, **fields).url


def test_the_way_there_is_on_the_page_of_who_has_sent(office, village, client):
    page = office.get("/completeness/98/2026-11/").content.decode()
    assert f'href="{URL}"' in page
    assert "Chưa nhập lần nào" in office.get(URL).content.decode()

    client.force_login(village.minh)
    assert f'href="{URL}"' not in client.get("/completeness/98/2026-11/").content.decode()


def test_a_page_asks_again_until_it_is_done_then_shows_each_file(office, village, ha):
    url = begun(office, village, ha)

    going = office.get(url).content.decode()
    import_jobs.work_off()
    done = office.get(url).content.decode()

    assert 'hx-trigger="every 2s"' in going
    assert '<noscript><meta http-equiv="refresh"' in going
    assert "1/3 tệp" in going
    assert "every 2s" not in done
    assert "http-equiv" not in done
    assert "3/3 tệp" in done
    assert "2 tệp bị từ chối" in done
    assert "hamlets C3" in done
    assert "Không phải tệp Excel" in done
    assert "ha.xlsx" not in office.get(f"{url}?state=refused").content.decode()


def test_a_form_that_is_sent_twice_leads_to_one_job(office, village, ha):
    assert begun(office, village, ha) == begun(office, village, ha)
    assert ImportJob.objects.count() == 1


def test_the_copies_with_their_errors_come_as_a_zip(office, village, ha):
    url = begun(office, village, ha)
    import_jobs.work_off()

    answer = office.get(f"{url}errors.zip")

    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as copies:
        assert copies.namelist() == ["0003-thuong.loi.xlsx", "loi.txt"]
        told = copies.read("loi.txt").decode("utf-8-sig")
    assert "anh.png: Không phải tệp Excel" in told
    assert "hamlets C3: “một trăm” không phải số" in told


def test_cancel_and_resume_are_buttons_and_twice_is_once(office, village, ha):
    url = begun(office, village, ha)

    office.post(f"{url}act/", {"act": "cancel"})
    cancelled = office.get(url).content.decode()
    again = office.post(f"{url}act/", {"act": "cancel"}, follow=True).content.decode()
    stood = (import_jobs.work_off(), Return.objects.count())
    office.post(f"{url}act/", {"act": "resume"})
    office.post(f"{url}act/", {"act": "resume"})
    office.post(f"{url}act/", {"act": "nothing known"})
    import_jobs.work_off()

    assert "còn 2 tệp chưa nhập" in cancelled
    assert "đã ở tình trạng khác" in again
    assert stood == (0, 0)
    assert ImportJob.objects.get().state == "done"
    assert Return.objects.count() == 1


def test_a_dry_run_says_so_and_is_taken_with_one_button(office, village, ha):
    url = begun(office, village, ha, dry_run="on")
    import_jobs.work_off()
    looked = office.get(url).content.decode()
    there = Return.objects.count()

    office.post(f"{url}act/", {"act": "take"})
    import_jobs.work_off()

    assert "chỉ kiểm tra, không ghi" in looked
    assert "Sẽ nhập" in looked
    assert "Nhập các tệp này" in looked
    assert (there, Return.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("xa.zip", b"khong phai", "không phải tệp ZIP đọc được"),
        ("xa.zip", b"PK\x05\x06" + b"\xff" * 18, "quá mức 4000"),
        ("xa.zip", b"PK\x05\x06" + b"\x00" * 18, "không có tệp nào"),
    ],
)
def test_what_cannot_be_begun_with_is_one_sentence_at_the_field(office, name, data, said):
    answer = hand_in(office, data, name)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'aria-invalid="true"' in page
    assert ImportJob.objects.count() == 0


def test_without_a_file_the_page_asks_for_one(office):
    answer = office.post(URL, {"client_key": "x"})

    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.content.decode()


def test_in_english_a_refusal_stands_in_both_languages(office):
    office.cookies["django_language"] = "en"

    page = hand_in(office, b"khong phai").content.decode()

    assert "Nothing of this upload was read" in page
    assert "không phải tệp ZIP" in page


def test_a_neighbour_finds_no_job_and_changes_none(client, office, village, ha):
    url = begun(office, village, ha)
    own = f"/completeness/98002/2026-11/import/{ImportJob.objects.get().pk}/"
    client.force_login(village.thu)

    for address in (URL, url, f"{url}errors.zip", own, f"{own}errors.zip"):
        assert client.get(address).status_code == 404, address
    for address in (f"{url}act/", f"{own}act/"):
        assert client.post(address, {"act": "cancel"}).status_code == 404, address
    assert hand_in(client, b"x").status_code == 404
    assert ImportJob.objects.get().state == "queued"


def test_who_sees_but_does_not_enter_is_told_so(client, office, village, ha):
    url = begun(office, village, ha)
    client.force_login(village.minh)

    assert [client.get(one).status_code for one in (URL, url, f"{url}errors.zip")] == [403] * 3
    assert client.post(f"{url}act/", {"act": "cancel"}).status_code == 403
    assert ImportJob.objects.get().state == "queued"


def test_a_dead_server_is_named_until_another_goes_on(office, village, ha, time_machine):
    url = begun(office, village, ha)
    import_jobs._claim(timezone.now())
    time_machine.shift(import_jobs.SILENT_FOR * 2)

    assert "sẽ tự làm tiếp, không mất tệp nào" in office.get(url).content.decode()


@pytest.mark.parametrize("files", [1, 60])
def test_pages_cost_the_same_however_many_files(
    office, village, ha, django_assert_num_queries, files
):
    data = both(village, ha)[0][1]
    url = hand_in(office, zipped([(f"{n:02}.xlsx", data) for n in range(files)])).url
    ImportFile.objects.update(state="refused", copy=b"x")

    with django_assert_num_queries(8):
        assert office.get(url).status_code == 200
    with django_assert_num_queries(5):
        assert office.get(URL).status_code == 200
    with django_assert_num_queries(6):
        b"".join(office.get(f"{url}errors.zip").streaming_content)
