"""Imports of many workbooks as jobs: what is done stands, what is not goes on."""

import io
import zipfile

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from diaban.accounts.models import Holding
from diaban.accounts.rules import Role
from diaban.core.access import Missing, NotAllowed
from diaban.indicators import import_intake, import_jobs
from diaban.indicators.import_intake import BadUpload, Upload, files_of, in_memory
from diaban.indicators.models import ImportFile, ImportJob, Return, Revision
from tests.indicators.test_imports import filled, full, made_for
from tests.indicators.test_services import PERIOD
from tests.village import NOW, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ha(village, time_machine):
    """The data office of the province: enters for both communes, approves nothing."""
    time_machine.move_to(NOW, tick=False)
    return make_user("ha", "Tổ nhập số liệu", Role.DATA_OFFICE, village.province)


def zipped(members, **options):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def begin(village, user, *members, key="k", area="98", **options):
    return import_jobs.start(
        actor=village.actor(user), area_code=area, period_label=PERIOD,
        uploads=[in_memory("xa.zip", zipped(members))], client_key=key, at=NOW, **options,
    )  # fmt: skip


def both(village, user):
    return [
        ("ha.xlsx", full(made_for(village, user))),
        ("thuong.xlsx", full(made_for(village, user, "98002"))),
    ]


def states(job):
    return list(job.files.order_by("number").values_list("name", "state"))


def test_every_file_of_a_zip_is_taken_in_for_itself(village, ha):
    wrong = filled(made_for(village, ha, "98002"), C3="một trăm")
    job = begin(village, ha, both(village, ha)[0], ("thuong.xlsx", wrong), ("anh.png", b"x"))

    assert import_jobs.work_off() == 1

    job.refresh_from_db()
    assert job.state == "done"
    assert states(job) == [
        ("anh.png", "refused"), ("ha.xlsx", "imported"), ("thuong.xlsx", "refused"),
    ]  # fmt: skip
    refused = job.files.get(number=3)
    assert refused.errors[0][0] == "hamlets C3"
    assert bytes(refused.copy).startswith(b"PK")
    assert not any(bytes(one.data) for one in job.files.all())
    assert Return.objects.get().area == village.lower


def test_the_same_upload_again_changes_nothing(village, ha):
    files = both(village, ha)
    begin(village, ha, *files)
    import_jobs.work_off()

    again = begin(village, ha, *files, key="other")
    import_jobs.work_off()

    assert [state for _name, state in states(again)] == ["unchanged", "unchanged"]
    assert Revision.objects.count() == 2


def test_a_form_that_is_sent_twice_begins_one_job(village, ha):
    files = both(village, ha)

    first, second = begin(village, ha, *files), begin(village, ha, *files)

    assert first == second
    assert ImportFile.objects.count() == 2


def test_a_dry_run_writes_nothing_until_it_is_taken(village, ha):
    job = begin(village, ha, *both(village, ha), dry_run=True)
    import_jobs.work_off()
    looked = states(job)
    there = Return.objects.count()

    actor = village.actor(ha)
    taken = [import_jobs.take_for_real(actor=actor, job=job, at=NOW) for _ in range(2)]
    import_jobs.work_off()

    assert (looked, there) == ([("ha.xlsx", "imported"), ("thuong.xlsx", "imported")], 0)
    assert taken == [True, False]
    assert Return.objects.count() == 2


def test_files_may_be_sent_up_at_once(village, ha, time_machine):
    time_machine.move_to("2026-12-15T03:00:00+00:00", tick=False)
    job = begin(village, ha, *both(village, ha), submit=True)
    import_jobs.work_off()

    assert set(Return.objects.values_list("state", flat=True)) == {"submitted"}
    assert job.files.get(number=1).receipt == f"SL-{PERIOD}-98001-1"


def test_cancelled_in_a_file_that_file_is_undone_and_resuming_takes_it(village, ha, monkeypatch):
    job = begin(village, ha, *both(village, ha))
    actor = village.actor(ha)
    record = import_jobs._record

    def cancelled_in_the_second(mine, file, outcome):
        if file.number == 2:
            import_jobs.cancel(actor=actor, job=mine, at=NOW)
        record(mine, file, outcome)

    # The cancellation comes in another transaction; here it would be undone with the file.
    monkeypatch.setattr(import_jobs, "_record", cancelled_in_the_second)
    import_jobs.work_off()
    ImportJob.objects.update(state="cancelled", token="")
    at_cancel = (Return.objects.count(), states(job))
    monkeypatch.undo()

    resumed = [import_jobs.resume(actor=actor, job=job, at=NOW) for _ in range(2)]
    import_jobs.work_off()

    assert at_cancel == (1, [("ha.xlsx", "imported"), ("thuong.xlsx", "waiting")])
    assert resumed == [True, False]
    assert states(job) == [("ha.xlsx", "imported"), ("thuong.xlsx", "imported")]
    assert (Return.objects.count(), Revision.objects.count()) == (2, 2)


def test_a_job_that_waits_is_cancelled_before_it_begins(village, ha):
    job = begin(village, ha, *both(village, ha))

    assert import_jobs.cancel(actor=village.actor(ha), job=job, at=NOW)
    assert import_jobs.work_off() == 0
    assert Return.objects.count() == 0


def test_one_job_runs_at_a_time_and_a_dead_one_goes_first(village, ha, time_machine):
    dead = begin(village, ha, both(village, ha)[0])
    later = begin(village, ha, both(village, ha)[1], key="later")
    taken = import_jobs._claim(timezone.now())

    second = import_jobs._claim(timezone.now())
    time_machine.move_to(NOW + import_jobs.SILENT_FOR * 2, tick=False)
    again = import_jobs._claim(timezone.now())

    assert (taken, second, again) == (dead, None, dead)
    assert taken.token != again.token
    # Whoever lost it writes nothing any more.
    import_jobs._run(taken)
    assert Return.objects.count() == 0
    import_jobs._run(again)
    import_jobs.work_off()
    assert states(later) == [("thuong.xlsx", "imported")]


def test_a_role_that_ended_meanwhile_ends_the_import(village, ha):
    job = begin(village, ha, *both(village, ha))
    Holding.objects.filter(user=ha).delete()

    import_jobs.work_off()

    job.refresh_from_db()
    assert (job.state, Return.objects.count()) == ("stopped", 0)
    assert "98" in job.sentence


def test_only_who_enters_for_the_whole_area_may_begin(village, ha):
    files = both(village, ha)

    with pytest.raises(NotAllowed):
        begin(village, village.minh, *files)
    for user, area in ((village.thu, "98001"), (village.thu, "98"), (village.lan, "98")):
        with pytest.raises(Missing):
            begin(village, user, *files, area=area)
    assert ImportJob.objects.count() == 0


def test_a_file_from_outside_the_area_or_period_is_refused(village, ha):
    from diaban.indicators.exports import template

    old = template(
        actor=village.actor(ha), area_code="98001", period_label="2026-10", form="thang", at=NOW
    )[1]
    job = begin(village, village.lan, ("cu.xlsx", old), both(village, ha)[1], key="x", area="98001")
    other = begin(village, ha, both(village, ha)[1], key="y", area="98001")
    import_jobs.work_off()

    assert [state for _name, state in states(job)] == ["refused", "refused"]
    sentences = [one.sentence for one in job.files.order_by("number")]
    assert "tháng 10/2026" in sentences[0]
    assert sentences[1].startswith("Không tìm thấy địa bàn")
    assert "không thuộc Xã Hạ" in other.files.get().sentence
    assert Return.objects.count() == 0


def test_a_full_disk_stops_the_job_with_a_sentence(village, ha, monkeypatch):
    job = begin(village, ha, *both(village, ha))

    def full_disk(*_given, **_options):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(import_jobs, "take_in", full_disk)
    import_jobs.work_off()
    monkeypatch.undo()
    job.refresh_from_db()
    stopped = (job.state, job.sentence)
    import_jobs.resume(actor=village.actor(ha), job=job, at=NOW)
    import_jobs.work_off()

    assert stopped[0] == "stopped"
    assert "hết chỗ trống" in stopped[1]
    assert Return.objects.count() == 2


def test_a_bug_stops_the_job_at_the_file_and_names_it(village, ha, monkeypatch):
    job = begin(village, ha, *both(village, ha))
    monkeypatch.setattr(import_jobs, "take_in", lambda **_options: 1 / 0)

    import_jobs.work_off()

    job.refresh_from_db()
    assert (job.state, "ha.xlsx" in job.sentence) == ("stopped", True)
    assert states(job)[0] == ("ha.xlsx", "waiting")


@pytest.mark.parametrize("files", [1, 40])
def test_a_file_costs_the_same_however_many_there_are(
    village, ha, django_assert_num_queries, files
):
    data = both(village, ha)[0][1]
    begin(village, ha, *((f"{number:02}.xlsx", data) for number in range(files)))
    job = import_jobs._claim(timezone.now())
    # PostgreSQL takes its turn at the end of the log with a statement of its own.
    cost = 32 if connection.vendor == "sqlite" else 33
    with import_jobs.Reader(import_jobs.READ_SHEETS) as reader, django_assert_num_queries(cost):
        import_jobs._take(job, next(import_jobs._waiting(job)), ha, reader)


def taken(*uploads):
    return list(files_of(uploads))


def test_what_is_no_workbook_is_named_with_a_refusal():
    inner = zipped([("a.xlsx", b"x")])
    members = [
        ("a.xlsx", b"PK"), ("b.docx", b"x"), ("c.zip", inner), ("../d.xlsx", b"x"),
        ("__MACOSX/e.xlsx", b"x"), ("~$f.xlsx", b"x"), ("g/.DS_Store", b"x"), ("h" * 300, b"x"),
        ("i.loi.xlsx", b"x"),
    ]  # fmt: skip
    found = {one.name[:10]: one.refusal for one in taken(in_memory("x.zip", zipped(members)))}

    assert found.keys() == {"a.xlsx", "b.docx", "c.zip", "../d.xlsx", "h" * 10}
    assert found["a.xlsx"] == ""
    assert "Không phải tệp Excel" in found["b.docx"]
    assert "Tệp nén nằm trong" in found["c.zip"]
    assert "Tên tệp" in found["../d.xlsx"]
    assert "Tên tệp" in found["h" * 10]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "not_a_zip"),
        (b"khong phai zip", "not_a_zip"),
        (b"PK\x05\x06" + b"\xff" * 18, "too_many"),
        (b"PK\x05\x06" + b"\x00" * 18, "nothing"),
        (b"PK\x05\x06" + b"\x01" * 10 + b"\x00" * 8, "not_a_zip"),
    ],
)
def test_what_is_no_zip_is_refused(data, problem):
    with pytest.raises(BadUpload) as refused:
        taken(in_memory("x.zip", data))

    assert refused.value.facts["problem"] == problem


def test_a_bomb_is_refused_by_what_it_says_and_by_what_it_does(monkeypatch):
    monkeypatch.setattr(import_intake, "LARGEST_UNPACKED", 100_000)
    honest = zipped([(f"{n}.xlsx", bytes(60_000)) for n in range(2)])
    # The list of members says one byte each; so does each member's own head.
    lying = honest.replace((60_000).to_bytes(4, "little"), (1).to_bytes(4, "little"))

    with pytest.raises(BadUpload) as refused:
        taken(in_memory("x.zip", honest))
    found = taken(in_memory("x.zip", lying))

    assert refused.value.facts["problem"] == "bomb"
    assert all(len(one.data) <= 1 for one in found)


def test_bounds_of_number_and_size(monkeypatch):
    with pytest.raises(BadUpload, match="Chưa chọn tệp"):
        taken()
    with pytest.raises(BadUpload, match="128 MB"):
        taken(Upload("x.zip", import_intake.LARGEST_UPLOAD + 1, io.BytesIO()))
    with pytest.raises(BadUpload, match="201 tệp rời"):
        taken(*(in_memory(f"{n}.xlsx", b"") for n in range(201)))
    monkeypatch.setattr(import_intake, "MOST_FILES", 3)
    with pytest.raises(BadUpload, match="có 4 tệp"):
        taken(in_memory("x.zip", zipped([(f"{n}.xlsx", b"") for n in range(4)])))


def test_a_name_in_utf_8_without_saying_so_is_read():
    data = zipped([("xa-ha.xlsx", b"1")])
    raw = data.replace(b"xa-ha.xlsx", "xã-.xlsx".encode()[:10].ljust(10, b"x"))

    assert taken(in_memory("x.zip", raw))[0].name.startswith("xã-")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the refusal is the same everywhere")
def test_old_jobs_leave(village, ha, time_machine):
    begin(village, ha, *both(village, ha))
    import_jobs.work_off()
    time_machine.move_to(NOW + import_jobs.KEPT_FOR * 2, tick=False)

    import_jobs.start(
        actor=village.actor(ha), area_code="98", period_label=PERIOD, client_key="new",
        uploads=[in_memory("a.xlsx", both(village, ha)[0][1])], at=timezone.now(),
    )  # fmt: skip

    assert ImportJob.objects.count() == 1
